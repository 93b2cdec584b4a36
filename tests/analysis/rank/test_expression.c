/* Expressions: what they mean, what they refuse and how they say it, and whatever else one may
 * type.
 */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "analysis/rank/expression.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "tests/analysis/fake_results.h"

typedef struct fixture {
  vs_results *results;
  vs_metrics *metrics;
  vs_verdicts *verdicts;
} fixture;

/* Row 0: relu4_3 channel 7, lambda 50, half as excited again as its baseline; row 1: the baseline;
 * row 2: another layer, diverged. Pictures cannot be read. */
static int set_up(void **state) {
  static fixture f;
  f.results = fake_results_new(3);
  vs_row row = fake_row("relu4_3", 7, 50.0, -150.0, 1000.0);
  fake_results_add(f.results, &row, NULL);
  row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  fake_results_add(f.results, &row, NULL);
  row = fake_row("conv3_3", 9, 50.0, NAN, NAN);
  row.status = VS_RUN_DIVERGED;
  row.seed = 18446744073709551615u;
  fake_results_add(f.results, &row, NULL);
  fake_results_add_axis(f.results, "optimizer.lr", true);
  fake_results_add_axis(f.results, "style.image", false);
  for (size_t i = 0; i < 3; i++) {
    fake_results_set_axis(f.results, i, 0, i == 0 ? "0.05" : "1e-3");
    fake_results_set_axis(f.results, i, 1, i == 0 ? "it's.png" : "builtin:mondrian");
  }
  *state = &f;
  if (vs_metrics_new(&f.metrics, f.results) != VS_OK) return -1;
  return vs_verdicts_new(&f.verdicts, f.metrics, NULL) == VS_OK ? 0 : -1;
}

static int tear_down(void **state) {
  fixture *f = *state;
  vs_verdicts_free(f->verdicts);
  vs_metrics_free(f->metrics);
  vs_results_close(f->results);
  return 0;
}

static double value_of(fixture *f, const char *text, size_t row) {
  vs_expression *expression;
  if (vs_expression_parse(&expression, text, f->results) != VS_OK)
    fail_msg("%s: %s", text, vs_status_message());
  double value = -12345.0;
  assert_ok(vs_expression_evaluate(expression, f->verdicts, row, &value));
  vs_expression_free(expression);
  return value;
}

static void assert_value(fixture *f, const char *text, double expected) {
  double value = value_of(f, text, 0);
  if (value != expected) fail_msg("%s is %.17g, not %.17g", text, value, expected);
}

static void assert_refused(fixture *f, const char *text, const char *message) {
  vs_expression *expression;
  assert_int_not_equal(vs_expression_parse(&expression, text, f->results), VS_OK);
  assert_null(expression);
  assert_string_equal(vs_status_message(), message);
}

/* --- meaning ---------------------------------------------------------------------------------- */

static void arithmetic_has_the_usual_order(void **state) {
  fixture *f = *state;
  assert_value(f, "1 + 2 * 3", 7.0);
  assert_value(f, "(1 + 2) * 3", 9.0);
  assert_value(f, "10 - 4 - 3", 3.0);
  assert_value(f, "64 / 4 / 2", 8.0);
  assert_value(f, "2 - -3", 5.0);
  assert_value(f, "--2*-3", -6.0);
  assert_value(f, "-2 + 5", 3.0);
  assert_value(f, " 1.5e2+.5 ", 150.5);
  assert_value(f, "2.", 2.0);
  assert_value(f, "1/0", INFINITY);
  assert_true(isnan(value_of(f, "0/0", 0)));
}

static void conditions_have_the_usual_order(void **state) {
  fixture *f = *state;
  assert_value(f, "1 + 1 == 2", 1.0);
  assert_value(f, "1 < 2 && 2 < 1 || 3 > 2", 1.0);
  assert_value(f, "1 < 2 || 2 < 1 && 3 < 2", 1.0);
  assert_value(f, "(1 < 2 || 2 < 1) && 3 < 2", 0.0);
  assert_value(f, "!1 == 2", 1.0);
  assert_value(f, "!(1 < 2) || 1 >= 1", 1.0);
  assert_value(f, "!!(1 < 2)", 1.0);
  assert_value(f, "1 <= 1", 1.0);
  assert_value(f, "1 != 1", 0.0);
  assert_value(f, "1 > 1", 0.0);
}

static void functions_work_on_numbers(void **state) {
  fixture *f = *state;
  assert_value(f, "abs(-3)", 3.0);
  assert_value(f, "min(1, 2) + max(1,2)*10", 21.0);
  assert_value(f, "max(abs(exc_eval), min(lambda, 1e9))", 150.0);
  assert_true(isnan(value_of(f, "min(0/0, 1)", 0)));
  assert_true(isnan(value_of(f, "max(1, 0/0)", 0)));
}

static void names_are_columns_metrics_and_axes(void **state) {
  fixture *f = *state;
  assert_value(f, "exc_eval", -150.0);
  assert_value(f, "channel", 7.0);
  assert_value(f, "exc_gain", 0.5);
  assert_value(f, "exc_gain + 0.5*(1-style_gain)", 0.625);
  assert_value(f, "optimizer.lr", 0.05);
  assert_value(f, "optimizer.lr*100", 5.0);
  assert_true(value_of(f, "optimizer.lr", 1) == 1e-3);
  assert_true(value_of(f, "seed", 2) == 18446744073709551616.0);
  assert_value(f, "layer == \"relu4_3\" && exc_gain > 0", 1.0);
  assert_true(value_of(f, "layer == 'relu4_3' && exc_gain > 0", 1) == 0.0);
  assert_value(f, "status != \"diverged\"", 1.0);
  assert_true(value_of(f, "status == 'diverged'", 2) == 1.0);
  assert_value(f, "parametrization == 'fourier'", 1.0);
  assert_value(f, "'builtin:mondrian' != style.image", 1.0);
  assert_value(f, "style.image == \"it's.png\"", 1.0);
  assert_value(f, "host == 'anything goes'", 0.0);
  assert_value(f, "layer == layer", 1.0);
}

static void nan_compares_as_in_c(void **state) {
  fixture *f = *state;
  static const char *const never[] = {"exc_eval < 0", "exc_eval > 0", "exc_eval == exc_eval",
                                      "exc_gain >= 0", "exc_gain <= 0"};
  for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
    assert_true(value_of(f, never[i], 2) == 0.0);
  assert_true(value_of(f, "exc_eval != exc_eval", 2) == 1.0);
}

static void directions_are_those_of_bare_names(void **state) {
  fixture *f = *state;
  static const struct {
    const char *text;
    vs_direction direction;
    bool truth;
  } cases[] = {{"exc_gain", VS_HIGHER_IS_BETTER, false},  {"coverage", VS_LOWER_IS_BETTER, false},
               {"(exc_eval)", VS_LOWER_IS_BETTER, false}, {"seconds", VS_LOWER_IS_BETTER, false},
               {"lambda", VS_NO_DIRECTION, false},        {"optimizer.lr", VS_NO_DIRECTION, false},
               {"-coverage", VS_NO_DIRECTION, false},     {"coverage < 1", VS_NO_DIRECTION, true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_expression *expression;
    assert_ok(vs_expression_parse(&expression, cases[i].text, f->results));
    assert_int_equal(vs_expression_direction(expression), cases[i].direction);
    assert_int_equal(vs_expression_is_truth(expression), cases[i].truth);
    vs_expression_free(expression);
  }
  vs_expression_free(NULL);
}

static int looks;

static void count_look(vs_log_level level, const char *line) {
  (void)level, (void)line;
  looks++;
}

/* The pictures of this fixture cannot be read, so whoever looks is heard of. */
static void what_is_decided_is_not_looked_at(void **state) {
  fixture *f = *state;
  vs_log_set_sink(count_look);
  assert_value(f, "channel == 8 && effect < 1", 0.0);
  assert_value(f, "channel == 7 || effect < 1", 1.0);
  assert_int_equal(looks, 0);
  assert_value(f, "channel == 7 && effect < 1", 0.0); /* what is not known compares false */
  assert_int_equal(looks, 1);
  vs_log_set_sink(NULL);
}

static void verdicts_and_cases_are_names(void **state) {
  fixture *f = *state;
  assert_value(f, "verdict == 'win'", 1.0);
  assert_value(f, "verdict != \"collapse\" && verdict == verdict", 1.0);
  assert_true(value_of(f, "verdict == 'baseline'", 1) == 1.0);
  assert_true(value_of(f, "verdict == 'diverged'", 2) == 1.0);
  assert_value(f, "seeds + seeds_agreeing", 2.0);
  assert_value(f, "gain_mean", 0.5);
  assert_value(f, "gain_low < gain_high", 0.0); /* one seed has no interval */
  assert_refused(f, "verdict == 'colapse'",
                 "column 9: no verdict is \"colapse\" (did you mean \"collapse\"?)");
  assert_refused(f, "verdict == win",
                 "column 12: unknown name \"win\"; a text stands in quotes, and the condition in "
                 "others: 'layer == \"relu4_3\"'");
  assert_refused(f, "verdict > 1", "column 9: > cannot compare a text with a number");
}

/* --- refusals --------------------------------------------------------------------------------- */

static void mistyped_names_get_a_suggestion(void **state) {
  fixture *f = *state;
  assert_refused(f, "exc_gian > 0",
                 "column 1: unknown name \"exc_gian\" (did you mean \"exc_gain\"?)");
  assert_refused(f, "1 + (lamda)", "column 6: unknown name \"lamda\" (did you mean \"lambda\"?)");
  assert_refused(f, "imgae == 'x'", "column 1: unknown name \"imgae\" (did you mean \"image\"?)");
  assert_refused(f, "optimizer.rl > 0",
                 "column 1: unknown name \"optimizer.rl\" (did you mean \"optimizer.lr\"?)");
  assert_refused(f, "layer == 'relu4_33'",
                 "column 7: no layer is \"relu4_33\" (did you mean \"relu4_3\"?)");
  assert_refused(f, "'dnoe' == status", "column 8: no status is \"dnoe\" (did you mean \"done\"?)");
  assert_refused(
      f, "parametrization != 'crayons'",
      "column 17: no parametrization is \"crayons\" (there are pixels, fourier, strokes)");
  assert_refused(
      f, "nonsense",
      "column 1: unknown name \"nonsense\"; there are exc_gain, effect, coverage, style_dist, "
      "style_gain, collapse, effect_gram, edge_density, zscore, end_slope, steps_to_95, "
      "ink_saved, plot_gain, line_saved, kept_quantized, kept_refined, kept_plotted, verdict, "
      "seeds, seeds_agreeing, gain_mean, gain_low, gain_high, optimizer.lr, style.image, id, "
      "group, "
      "index, layer, channel, lambda, rho, seed, status, rank, host, steps, seconds, finished, "
      "exc_first, exc_final, exc_eval, style_first, style_final, style_eval, exc_best, exc_style, "
      "exc_paper, exc_random_mean, exc_random_sd, gram_style, exc_free, "
      "exc_quantized, exc_refined, exc_plotted, strokes, stroke_points, pens, drawn_mm, travel_mm, "
      "lifts, minutes, gram_tap, height, width, "
      "parametrization, param_count");
}

static void axes_have_short_names(void **state) {
  fixture *f = *state;
  assert_value(f, "lr*100", 5.0);
  assert_value(f, "image == \"it's.png\" && style.image == image", 1.0);
  assert_string_equal(vs_axis_name_label(f->results, 0), "lr");
  assert_string_equal(vs_axis_name_label(f->results, 1), "image");
}

/* What several axes, or a column, or a metric are called, no axis is. */
static void ambiguous_names_are_written_whole(void **state) {
  (void)state;
  static const char *const names[] = {"image.size",
                                      "objective.style.size",
                                      "effect.style.size",
                                      "objective.steps",
                                      "filter.coverage",
                                      "image.parametrization",
                                      "size"};
  static const char *const labels[] = {"image.size",
                                       "objective.style.size",
                                       "effect.style.size",
                                       "objective.steps",
                                       "filter.coverage",
                                       "parametrization",
                                       "size"};
  fixture f = {.results = fake_results_new(1)};
  vs_row row = fake_row("relu4_3", 7, 50.0, -150.0, 1000.0);
  fake_results_add(f.results, &row, NULL);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    bool is_number = i != 5;
    fake_results_add_axis(f.results, names[i], is_number);
    fake_results_set_axis(f.results, 0, i, is_number ? "3" : "fourier");
  }
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    assert_string_equal(vs_axis_name_label(f.results, i), labels[i]);
  assert_ok(vs_metrics_new(&f.metrics, f.results));
  assert_ok(vs_verdicts_new(&f.verdicts, f.metrics, NULL));
  assert_refused(&f, "1 + style.size",
                 "column 5: \"style.size\" may be objective.style.size or effect.style.size");
  assert_value(&f, "size", 3.0);
  assert_value(&f, "image.size", 3.0);
  assert_value(&f, "steps", 100.0); /* the column */
  assert_value(&f, "objective.steps", 3.0);
  assert_value(&f, "parametrization == image.parametrization", 1.0);
  vs_verdicts_free(f.verdicts);
  vs_metrics_free(f.metrics);
  vs_results_close(f.results);
}

static void texts_without_quotes_get_a_hint(void **state) {
  fixture *f = *state;
  static const struct {
    const char *text;
    int column;
    const char *word;
  } cases[] = {{"layer == relu4_3", 10, "relu4_3"},
               {"relu4_3 == layer", 1, "relu4_3"},
               {"lambda > 0 && status != dnoe", 25, "dnoe"},
               {"image == my-own.png", 10, "my-own.png"},
               {"(image == builtin:mondrian)", 11, "builtin:mondrian"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char message[256];
    snprintf(message, sizeof message,
             "column %d: unknown name \"%s\"; a text stands in quotes, and the condition in "
             "others: 'layer == \"relu4_3\"'",
             cases[i].column, cases[i].word);
    assert_refused(f, cases[i].text, message);
  }
}

static void types_do_not_mix(void **state) {
  fixture *f = *state;
  assert_refused(f, "layer",
                 "column 1: a text alone says nothing; compare it: layer == \"relu4_3\"");
  assert_refused(f, "layer == 3", "column 7: == cannot compare a text with a number");
  assert_refused(f, "channel == '3'", "column 9: == cannot compare a number with a text");
  assert_refused(f, "layer < 'relu4_3'", "column 7: texts are compared with == and !=, not with <");
  assert_refused(f, "1 + layer", "column 3: + works on numbers, not on a text");
  assert_refused(f, "-layer == 'x'", "column 1: - works on numbers, not on a text");
  assert_refused(f, "max(1, 2 * (1 < 2))", "column 10: * works on numbers, not on a condition");
  assert_refused(f, "abs('x')", "column 1: abs works on numbers, not on a text");
  assert_refused(f, "exc_gain && channel > 3",
                 "column 10: && works on conditions (a > b), not on a number");
  assert_refused(f, "1 < 2 || channel",
                 "column 7: || works on conditions (a > b), not on a number");
  assert_refused(f, "!channel", "column 1: ! works on conditions (a > b), not on a number");
  assert_refused(f, "(1 < 2) == (2 < 3)",
                 "column 9: == compares numbers or texts; join conditions with && and ||");
  assert_refused(f, "0 < channel < 5", "column 13: comparisons do not chain; write a < b && b < c");
}

static void mistakes_of_form_are_placed(void **state) {
  fixture *f = *state;
  assert_refused(f, "",
                 "column 1: expected a name, a number, a text in quotes or \"(\", but the "
                 "text ends here");
  assert_refused(f, "1 +",
                 "column 4: expected a name, a number, a text in quotes or \"(\", but the "
                 "text ends here");
  assert_refused(f, "1 + * 2",
                 "column 5: expected a name, a number, a text in quotes or \"(\", found \"*\"");
  assert_refused(f, "(1 + 2", "column 7: expected an operator or \")\", but the text ends here");
  assert_refused(f, "1 2", "column 3: expected an operator or the end, found \"2\"");
  assert_refused(f, "1 < 2 and 2 < 3", "column 7: unexpected \"and\" (did you mean \"&&\"?)");
  assert_refused(f, "channel = 7", "column 9: unexpected \"=\" (did you mean \"==\"?)");
  assert_refused(f, "1 < 2 | 1 < 3", "column 7: unexpected \"|\" (did you mean \"||\"?)");
  assert_refused(f, "layer == \"relu4_3", "column 10: the text that begins here has no closing \"");
  assert_refused(f, "max(1)", "column 6: expected \",\" and another number, found \")\"");
  assert_refused(f, "abs(1, 2)", "column 6: expected \")\", found \",\"");
  assert_refused(f, "abs 1", "column 5: expected \"(\" after the function's name, found \"1\"");
  assert_refused(f, "1e999 > 2", "column 1: 1e999 is too large a number");
  assert_refused(f, "0x10", "column 2: expected an operator or the end, found \"x10\"");
  assert_refused(f, "1 @ 2", "column 3: expected an operator or the end, found \"@\"");
}

/* `begin`, then `piece` count times, then `end`; the caller frees. */
static char *repeat(const char *begin, const char *piece, size_t count, const char *end) {
  size_t length = strlen(piece);
  char *text = malloc(strlen(begin) + count * length + strlen(end) + 1);
  assert_non_null(text);
  char *at = stpcpy(text, begin);
  for (size_t i = 0; i < count; i++) at = stpcpy(at, piece);
  stpcpy(at, end);
  return text;
}

static void length_and_depth_are_bounded(void **state) {
  fixture *f = *state;
  static const struct {
    const char *begin, *piece;
    size_t count;
    const char *end;
    vs_status status;
  } cases[] = {
      {"", "(", VS_EXPRESSION_MAX_DEPTH + 1, "1", VS_ERR_LIMIT},
      {"", "-", VS_EXPRESSION_MAX_DEPTH, "1", VS_OK},
      {"", "-", VS_EXPRESSION_MAX_DEPTH + 1, "1", VS_ERR_LIMIT},
      {"", "!", VS_EXPRESSION_MAX_DEPTH + 1, "1 < 2", VS_ERR_LIMIT},
      {"", "abs(", VS_EXPRESSION_MAX_DEPTH + 1, "1", VS_ERR_LIMIT},
      {"1", "+1", 2000, "", VS_OK}, /* long, but not deep */
      {"1", "+(1)", 1000, "", VS_OK},
      {"1", "+1", 2047, " ", VS_OK}, /* 4,096 characters */
      {"1", "+1", 2048, "", VS_ERR_LIMIT},
      {"1", " ", 100000, "", VS_ERR_LIMIT},
      {"", "a", 4000, "", VS_ERR_USAGE},
      {"", "1", 4000, "", VS_ERR_USAGE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char *text = repeat(cases[i].begin, cases[i].piece, cases[i].count, cases[i].end);
    vs_expression *expression;
    assert_int_equal(vs_expression_parse(&expression, text, f->results), cases[i].status);
    double value;
    if (expression != NULL) assert_ok(vs_expression_evaluate(expression, f->verdicts, 0, &value));
    vs_expression_free(expression);
    free(text);
  }
}

/* Text for round `round`: operands and operators in turn, now and then another piece, and in every
 * eighth round one byte is any byte. */
static void type_something(uint32_t round, char text[256]) {
  static const char *const operands[] = {"exc_gain", "lambda",       "seed",      "1",
                                         "2.5e3",    "optimizer.lr", "-exc_eval", "(1<2)",
                                         "layer",    "abs(lambda)",  "'done'"};
  static const char *const operators[] = {"+", "-", "*", "/", "==", "!=", "<=", "<", "&&", "||"};
  static const char *const others[] = {"\"", "'", ".",  "1e",     ">=",  ">",  "!",
                                       "&",  "(", ")",  "min(",   ",",   " ",  "x",
                                       "..", "=", "\t", "status", "max", "\n", "-"};
  enum {
    OPERANDS = sizeof operands / sizeof operands[0],
    OPERATORS = sizeof operators / sizeof operators[0],
    OTHERS = sizeof others / sizeof others[0]
  };
  vs_random_key key = vs_random_make_key(1, VS_RANDOM_TEST, round);
  char *at = text;
  uint64_t length = 1 + vs_random_bits(key, 0) % 9;
  for (uint64_t i = 1; i <= length; i++) {
    uint32_t bits = vs_random_bits(key, i), choice = bits / 16;
    if (bits % 16 == 0) at = stpcpy(at, others[choice % OTHERS]);
    at = stpcpy(at, i % 2 == 1 ? operands[choice % OPERANDS] : operators[choice % OPERATORS]);
  }
  if (round % 8 == 0)
    text[vs_random_bits(key, 98) % (uint64_t)(at - text)] = (char)vs_random_bits(key, 99);
}

/* Whatever is typed is parsed or refused, within its memory (the sanitizers watch). */
static void anything_may_be_typed(void **state) {
  fixture *f = *state;
  int parsed = 0, refused = 0;
  for (uint32_t round = 0; round < 30000; round++) {
    char text[256];
    type_something(round, text);
    vs_expression *expression;
    vs_status status = vs_expression_parse(&expression, text, f->results);
    assert_int_equal(status == VS_OK, expression != NULL);
    if (status == VS_OK) {
      double value;
      for (size_t row = 0; row < 3; row++)
        assert_ok(vs_expression_evaluate(expression, f->verdicts, row, &value));
      if (vs_expression_is_truth(expression)) assert_true(value == 0.0 || value == 1.0);
      parsed++;
    } else {
      assert_true(strncmp(vs_status_message(), "column ", 7) == 0);
      refused++;
    }
    vs_expression_free(expression);
  }
  assert_true(parsed > 3000 && refused > 3000); /* both ways were taken often */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arithmetic_has_the_usual_order),
      cmocka_unit_test(conditions_have_the_usual_order),
      cmocka_unit_test(functions_work_on_numbers),
      cmocka_unit_test(names_are_columns_metrics_and_axes),
      cmocka_unit_test(nan_compares_as_in_c),
      cmocka_unit_test(directions_are_those_of_bare_names),
      cmocka_unit_test(what_is_decided_is_not_looked_at),
      cmocka_unit_test(verdicts_and_cases_are_names),
      cmocka_unit_test(mistyped_names_get_a_suggestion),
      cmocka_unit_test(axes_have_short_names),
      cmocka_unit_test(ambiguous_names_are_written_whole),
      cmocka_unit_test(texts_without_quotes_get_a_hint),
      cmocka_unit_test(types_do_not_mix),
      cmocka_unit_test(mistakes_of_form_are_placed),
      cmocka_unit_test(length_and_depth_are_bounded),
      cmocka_unit_test(anything_may_be_typed),
  };
  return cmocka_run_group_tests_name("expression", tests, set_up, tear_down);
}
