/* Expressions: the cases that the report's page runs too (golden/expressions.json), what only the
 * program has (all columns, pictures that are looked at late, hints for shells), and whatever else
 * one may type. */
#include "tests/support/unit.h"

#include <jansson.h>
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

/* --- the cases shared with the report's page -------------------------------------------------- */

static double number_at(const json_t *columns, const char *name, size_t row) {
  const json_t *value = json_array_get(json_object_get(columns, name), row);
  assert_true(json_is_number(value) || json_is_null(value));
  return json_is_null(value) ? NAN : json_number_value(value);
}

static const char *text_at(const json_t *columns, const char *name, size_t row) {
  const char *text = json_string_value(json_array_get(json_object_get(columns, name), row));
  assert_non_null(text);
  return text;
}

static vs_outcome outcome_called(const char *name) {
  for (int i = VS_RUN_DONE; i <= VS_RUN_FAILED; i++)
    if (strcmp(vs_run_outcome_words[(vs_outcome)i], name) == 0) return (vs_outcome)i;
  fail_msg("no outcome is called %s", name);
  return VS_RUN_FAILED;
}

static void add_shared_axes(fixture *f, const json_t *axes) {
  const char *name;
  const json_t *values, *value;
  size_t row;
  json_object_foreach((json_t *)axes, name, values) {
    bool is_number = json_is_number(json_array_get(values, 0));
    size_t axis = fake_results_add_axis(f->results, name, is_number);
    json_array_foreach(values, row, value) {
      char number[32];
      snprintf(number, sizeof number, "%.17g", json_number_value(value));
      fake_results_set_axis(f->results, row, axis, is_number ? number : json_string_value(value));
    }
  }
}

static fixture shared_fixture(const json_t *shared) {
  const json_t *columns = json_object_get(shared, "columns");
  size_t count = json_array_size(json_object_get(columns, "layer"));
  fixture f = {.results = fake_results_new(count)};
  for (size_t i = 0; i < count; i++) {
    vs_row row = fake_row(text_at(columns, "layer", i), (int)number_at(columns, "channel", i),
                          number_at(columns, "lambda", i), number_at(columns, "exc_eval", i),
                          number_at(columns, "style_eval", i));
    row.seed = (uint64_t)number_at(columns, "seed", i);
    row.status = outcome_called(text_at(columns, "status", i));
    fake_results_add(f.results, &row, NULL);
  }
  add_shared_axes(&f, json_object_get(shared, "axes"));
  assert_ok(vs_metrics_new(&f.metrics, f.results));
  assert_ok(vs_verdicts_new(&f.verdicts, f.metrics, NULL));
  return f;
}

/* A text, or pieces of one: a number says how often the piece before it stands. The caller frees.
 */
static char *shared_text(const json_t *pieces) {
  if (json_is_string(pieces)) return strdup(json_string_value(pieces));
  char *text = calloc(1, 65536), *at = text;
  assert_non_null(text);
  size_t i;
  const json_t *piece;
  json_array_foreach(pieces, i, piece) {
    json_int_t times = json_is_integer(piece) ? json_integer_value(piece) - 1 : 1;
    const char *text_of =
        json_string_value(json_is_integer(piece) ? json_array_get(pieces, i - 1) : piece);
    for (json_int_t k = 0; k < times; k++) at = stpcpy(at, text_of);
  }
  return text;
}

/* Numbers, null for NaN, true and false for what a condition gives. */
static bool has_shared_value(fixture *f, const char *text, const json_t *expected) {
  vs_expression *expression;
  if (vs_expression_parse(&expression, text, f->results) != VS_OK) {
    print_error("%.80s: %s\n", text, vs_status_message());
    return false;
  }
  bool agrees = true;
  for (size_t row = 0; row < vs_results_count(f->results); row++) {
    const json_t *one = json_is_array(expected) ? json_array_get(expected, row) : expected;
    double value = -12345.0;
    assert_ok(vs_expression_evaluate(expression, f->verdicts, row, &value));
    double wanted = json_is_boolean(one) ? json_is_true(one) : json_number_value(one);
    bool is_equal = json_is_null(one) ? isnan(value) : value == wanted;
    if (is_equal && vs_expression_is_truth(expression) == json_is_boolean(one)) continue;
    print_error("%.80s: %.17g for run %zu\n", text, value, row);
    agrees = false;
  }
  vs_expression_free(expression);
  return agrees;
}

/* The message, or how it begins before "...". */
static bool has_shared_error(fixture *f, const char *text, const char *expected) {
  vs_expression *expression;
  bool is_refused = vs_expression_parse(&expression, text, f->results) != VS_OK;
  vs_expression_free(expression);
  size_t length = strlen(expected);
  bool is_begin = length > 3 && strcmp(expected + length - 3, "...") == 0;
  if (is_refused && (is_begin ? strncmp(vs_status_message(), expected, length - 3) == 0
                              : strcmp(vs_status_message(), expected) == 0))
    return true;
  print_error("%.80s: %s\n  instead of %s\n", text, is_refused ? vs_status_message() : "no mistake",
              expected);
  return false;
}

/* What of the file follows from the runs: the page has it from there, the program computes it. */
static void check_shared_columns(fixture *f, const json_t *shared) {
  const char *name;
  const json_t *values;
  json_object_foreach(json_object_get(shared, "columns"), name, values) {
    char text[128];
    for (size_t row = 0; row < json_array_size(values); row++) {
      const char *word = json_string_value(json_array_get(values, row));
      if (word != NULL) {
        snprintf(text, sizeof text, "%s == \"%s\"", name, word);
        assert_true(value_of(f, text, row) == 1.0);
        continue;
      }
      double value = value_of(f, name, row),
             expected = number_at(json_object_get(shared, "columns"), name, row);
      if (isnan(expected) ? !isnan(value) : value != expected)
        fail_msg("%s of run %zu is %.17g", name, row, value);
    }
  }
  const json_t *verdicts = json_object_get(shared, "verdicts");
  assert_int_equal(json_array_size(verdicts), VS_VERDICT_COUNT);
  for (int v = 0; v < VS_VERDICT_COUNT; v++)
    assert_string_equal(json_string_value(json_array_get(verdicts, (size_t)v)),
                        vs_verdict_name((vs_verdict)v));
}

static void program_and_page_agree(void **state) {
  (void)state;
  json_error_t error;
  json_t *shared = json_load_file(TEST_GOLDEN_DIR "/expressions.json", 0, &error);
  if (shared == NULL) fail_msg("expressions.json: line %d: %s", error.line, error.text);
  fixture f = shared_fixture(shared);
  check_shared_columns(&f, shared);
  size_t i, k, count = 0, disagreements = 0;
  const json_t *group, *one;
  json_array_foreach(json_object_get(shared, "groups"), i, group) {
    json_array_foreach(json_object_get(group, "cases"), k, one) {
      char *text = shared_text(json_object_get(one, "expression"));
      const json_t *value = json_object_get(one, "value"), *mistake = json_object_get(one, "error");
      assert_true((value != NULL) != (mistake != NULL));
      bool agrees = value != NULL ? has_shared_value(&f, text, value)
                                  : has_shared_error(&f, text, json_string_value(mistake));
      disagreements += !agrees;
      free(text);
      count++;
    }
  }
  assert_int_equal(disagreements, 0);
  assert_true(count > 200);
  vs_verdicts_free(f.verdicts);
  vs_metrics_free(f.metrics);
  vs_results_close(f.results);
  json_decref(shared);
}

/* --- meaning ---------------------------------------------------------------------------------- */

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
  assert_value(f, "verdict == 'unproven'", 1.0);
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
      "style_gain, likeness, collapse, effect_gram, edge_density, zscore, end_slope, steps_to_95, "
      "ink_saved, merit, paper_gain, paleness, plot_gain, line_saved, "
      "kept_quantized, kept_refined, kept_plotted, verdict, "
      "seeds, seeds_agreeing, gain_mean, gain_low, gain_high, optimizer.lr, style.image, id, "
      "group, "
      "index, layer, channel, lambda, rho, strength, seed, status, failure, rank, host, steps, "
      "seconds, finished, "
      "exc_first, exc_final, exc_eval, style_first, style_final, style_eval, exc_best, exc_style, "
      "exc_paper, exc_random_mean, exc_random_sd, gram_style, pre_eval, pre_paper, "
      "pre_random_mean, pre_random_sd, ink, paper, style_floor, exc_free, "
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
      cmocka_unit_test(program_and_page_agree),
      cmocka_unit_test(names_are_columns_metrics_and_axes),
      cmocka_unit_test(directions_are_those_of_bare_names),
      cmocka_unit_test(what_is_decided_is_not_looked_at),
      cmocka_unit_test(verdicts_and_cases_are_names),
      cmocka_unit_test(mistyped_names_get_a_suggestion),
      cmocka_unit_test(axes_have_short_names),
      cmocka_unit_test(ambiguous_names_are_written_whole),
      cmocka_unit_test(texts_without_quotes_get_a_hint),
      cmocka_unit_test(length_and_depth_are_bounded),
      cmocka_unit_test(anything_may_be_typed),
  };
  return cmocka_run_group_tests_name("expression", tests, set_up, tear_down);
}
