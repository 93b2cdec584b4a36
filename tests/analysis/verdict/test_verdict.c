/* Verdicts: planted runs of every kind, their reasons, and what they say together. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/sample.h"
#include "analysis/rank/rank_verdicts.h"
#include "core/base/file.h"
#include "tests/analysis/fake_results.h"

#define ALL (-1)

/* What differs between planted runs; the rest is that of a living channel, see plant. */
typedef struct planted {
  int channel;
  double lambda;
  uint64_t seed;
  vs_outcome status;
  double first, exc, style, coverage;
  vs_verdict verdict;
} planted;

/* The baseline's distance to the style is 4,000, that of the style's own crops 400: half the way is
 * at 1,265. */
static const planted grid[] = {
    /* channel 0: more excited; collapsed at 500 */
    {0, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {0, 50, 1, VS_RUN_DONE, -10, -1060, 2000, .9, VS_VERDICT_UNPROVEN},
    {0, 500, 1, VS_RUN_DONE, -10, -150, 500, .5, VS_VERDICT_COLLAPSE},
    /* channel 1: no effect, then excitation for style */
    {1, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {1, 50, 1, VS_RUN_DONE, -10, -1010, 3900, .9, VS_VERDICT_NO_EFFECT},
    {1, 500, 1, VS_RUN_DONE, -10, -700, 1000, .9, VS_VERDICT_TRADEOFF},
    /* channel 2: nearly as excited on two thirds of the ink; then as sparse, but at a price */
    {2, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {2, 50, 1, VS_RUN_DONE, -10, -950, 3000, .6, VS_VERDICT_SPARSE},
    {2, 500, 1, VS_RUN_DONE, -10, -450, 1000, .6, VS_VERDICT_TRADEOFF},
    /* channel 3: dead, whatever lambda */
    {3, 0, 1, VS_RUN_DONE, 0, 0, 4000, .1, VS_VERDICT_DEAD},
    {3, 50, 1, VS_RUN_DONE, 0, 0, 3000, .1, VS_VERDICT_DEAD},
    {3, 500, 1, VS_RUN_DONE, 0, 0, 500, .5, VS_VERDICT_DEAD},
    /* channel 4: never woke without a style, which leaves nothing to lose */
    {4, 0, 1, VS_RUN_DONE, 0, 0, 4000, .1, VS_VERDICT_DEAD},
    {4, 50, 1, VS_RUN_DONE, 0, -900, 3000, .9, VS_VERDICT_RESCUED},
    {4, 500, 1, VS_RUN_DONE, 0, -105, 500, .5, VS_VERDICT_RESCUED},
    /* channel 5: a living channel that its style silenced before it rose */
    {5, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {5, 50, 1, VS_RUN_DONE, -10, -10, 3900, .9, VS_VERDICT_DEAD},
    {5, 500, 1, VS_RUN_DIVERGED, -10, NAN, NAN, NAN, VS_VERDICT_DIVERGED},
    /* channel 6: its baseline failed, or is not there at all (7) */
    {6, 0, 1, VS_RUN_FAILED, NAN, NAN, NAN, NAN, VS_VERDICT_FAILED},
    {6, 50, 1, VS_RUN_DONE, -10, -1060, 2000, .9, VS_VERDICT_UNPAIRED},
    {7, 50, 1, VS_RUN_DONE, -10, -1060, 2000, .9, VS_VERDICT_UNPAIRED},
    {7, 500, 1, VS_RUN_FAILED, NAN, NAN, NAN, NAN, VS_VERDICT_FAILED},
    /* channel 8: three seeds, two of them more excited, by 6% and 8%: no evidence of a win */
    {8, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {8, 50, 1, VS_RUN_DONE, -10, -1060, 2000, .9, VS_VERDICT_UNPROVEN},
    {8, 0, 2, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {8, 50, 2, VS_RUN_DONE, -10, -700, 2000, .9, VS_VERDICT_TRADEOFF},
    {8, 0, 3, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {8, 50, 3, VS_RUN_DONE, -10, -1080, 2000, .9, VS_VERDICT_UNPROVEN},
    /* channel 9: three seeds that agree, though one alone would be nothing */
    {9, 0, 1, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {9, 50, 1, VS_RUN_DONE, -10, -1060, 2000, .9, VS_VERDICT_WIN},
    {9, 0, 2, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {9, 50, 2, VS_RUN_DONE, -10, -1045, 2000, .9, VS_VERDICT_WIN},
    {9, 0, 3, VS_RUN_DONE, -10, -1000, 4000, .9, VS_VERDICT_BASELINE},
    {9, 50, 3, VS_RUN_DONE, -10, -1070, 2000, .9, VS_VERDICT_WIN},
};
enum { RUNS = sizeof grid / sizeof grid[0] };

static void plant(vs_results *results, const planted *p) {
  vs_row row = fake_row("relu4_3", p->channel, p->lambda, p->exc, p->style);
  row.seed = p->seed;
  row.status = p->status;
  row.exc_first = p->first;
  row.exc_best = row.exc_final = p->exc;
  row.exc_random_sd = 20.0;
  row.style_floor = 400.0;
  row.coverage = p->coverage;
  fake_results_add(results, &row, NULL);
}

typedef struct fixture {
  vs_results *results;
  vs_metrics *metrics;
  vs_verdicts *verdicts;
} fixture;

static fixture judge(vs_results *results, const vs_verdict_rules *rules) {
  fixture f = {.results = results};
  assert_ok(vs_metrics_new(&f.metrics, results));
  assert_ok(vs_verdicts_new(&f.verdicts, f.metrics, rules));
  return f;
}

static void clear(fixture *f) {
  vs_verdicts_free(f->verdicts);
  vs_metrics_free(f->metrics);
  vs_results_close(f->results);
}

/* The grid with its runs of one channel, or all, in order or from the last to the first. */
static fixture judge_grid(int channel, bool backwards) {
  vs_results *results = fake_results_new(RUNS + 3);
  for (size_t i = 0; i < RUNS; i++) {
    const planted *p = &grid[backwards ? RUNS - 1 - i : i];
    if (channel == ALL || p->channel == channel) plant(results, p);
  }
  return judge(results, NULL);
}

static void assert_reason(const fixture *f, size_t row, const char *expected) {
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(f->verdicts, row, reason);
  assert_string_equal(reason, expected);
}

/* --- runs ------------------------------------------------------------------------------------- */

static void verdicts_are_as_planted(void **state) {
  (void)state;
  for (int backwards = 0; backwards < 2; backwards++) {
    fixture f = judge_grid(ALL, backwards);
    size_t counts[VS_VERDICT_COUNT] = {0};
    for (size_t row = 0; row < RUNS; row++) {
      const planted *p = &grid[backwards ? RUNS - 1 - row : row];
      if (vs_verdicts_of(f.verdicts, row) != p->verdict)
        fail_msg("channel %d, lambda %g, seed %d: %s instead of %s", p->channel, p->lambda,
                 (int)p->seed, vs_verdict_name(vs_verdicts_of(f.verdicts, row)),
                 vs_verdict_name(p->verdict));
      counts[p->verdict]++;
    }
    for (int v = 0; v < VS_VERDICT_COUNT; v++) {
      assert_int_equal(vs_verdicts_count_of(f.verdicts, (vs_verdict)v), counts[v]);
      assert_true(counts[v] > 0); /* every one was planted */
    }
    assert_int_equal(fake_results_pictures_read(f.results), 0);
    clear(&f);
  }
}

static void reasons_show_figures(void **state) {
  (void)state;
  fixture f = judge_grid(ALL, false);
  static const char *const reasons[] = {
      "baseline: exc_eval -1000 at lambda 0, what the others are compared with",
      "unproven: exc_eval -1060 against -1000 at lambda 0, +6.0%; a win takes 3 seeds",
      "collapse: exc_eval -150 against -1000 at lambda 0, -85.0%; style distance 500 against 4000 "
      "(the style's own crops: 400): collapse 1.21, from 1.00 on it is one",
      "baseline: exc_eval -1000 at lambda 0, what the others are compared with",
      "no-effect: exc_eval -1010 against -1000 at lambda 0, +1.0%; coverage 90.0% against 90.0%",
      "tradeoff: exc_eval -700 against -1000 at lambda 0, -30.0%; coverage 90.0% against 90.0%; "
      "60% "
      "of the way to the style",
      "baseline: exc_eval -1000 at lambda 0, what the others are compared with",
      "sparse: exc_eval -950 against -1000 at lambda 0, -5.0%, with 33% less ink: coverage 60.0% "
      "against 90.0%",
      "tradeoff: exc_eval -450 against -1000 at lambda 0, -55.0%; coverage 60.0% against 90.0%; "
      "60% "
      "of the way to the style",
      "dead: the channel never rose: exc_loss 0 at the start and 0 at best",
  };
  for (size_t row = 0; row < sizeof reasons / sizeof reasons[0]; row++)
    assert_reason(&f, row, reasons[row]);
  assert_reason(&f, 13,
                "rescued: exc_eval -900, but at lambda 0 the channel never rose: exc_loss 0 at the "
                "start and 0 at best");
  assert_reason(&f, 17, "diverged: a loss was not finite after 100 steps");
  assert_reason(&f, 18, "failed: the run could not be computed");
  assert_reason(&f, 19, "unpaired: no finished baseline to compare with");
  assert_reason(&f, 23,
                "unproven: exc_eval -1060 against -1000 at lambda 0, +6.0%, 2 of 3 seeds, mean "
                "-5.3% (-58.5% to +47.8%)");
  assert_reason(&f, 25,
                "tradeoff: exc_eval -700 against -1000 at lambda 0, -30.0%; coverage 90.0% against "
                "90.0%; 30% of the way to the style, 1 of 3 seeds");
  clear(&f);
}

/* Figures that older files lack meet no rule that asks for them. */
static void what_is_not_known_decides_nothing(void **state) {
  (void)state;
  static const struct {
    double exc, style;
    vs_verdict verdict;
  } cases[] = {{-1060, 2000, VS_VERDICT_UNPROVEN},
               {-1000, 3990, VS_VERDICT_TRADEOFF}, /* no effect, if one knew of its ink */
               {-400, 500, VS_VERDICT_TRADEOFF},   /* a collapse, if one knew style_floor */
               {-150, 500, VS_VERDICT_COLLAPSE},   /* by what it lost alone */
               {-950, 2000, VS_VERDICT_TRADEOFF}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(2);
    vs_row row = fake_row("relu4_3", 7, 0.0, -1000.0, 4000.0);
    fake_results_add(results, &row, NULL);
    row = fake_row("relu4_3", 7, 50.0, cases[i].exc, cases[i].style);
    fake_results_add(results, &row, NULL);
    fixture f = judge(results, NULL);
    assert_int_equal(vs_verdicts_of(f.verdicts, 0), VS_VERDICT_BASELINE);
    assert_int_equal(vs_verdicts_of(f.verdicts, 1), cases[i].verdict);
    clear(&f);
  }
}

/* A picture is the style's if it is near and has lost something, or if it came half the way and
 * has lost most; on either side of each of the four marks. */
static void collapse_has_thresholds(void **state) {
  (void)state;
  static const struct {
    double exc, likeness;
    vs_verdict verdict;
  } cases[] = {{-690, .91, VS_VERDICT_COLLAPSE}, {-710, .91, VS_VERDICT_TRADEOFF},
               {-600, .89, VS_VERDICT_TRADEOFF}, {-290, .46, VS_VERDICT_COLLAPSE},
               {-310, .46, VS_VERDICT_TRADEOFF}, {-200, .44, VS_VERDICT_TRADEOFF}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(2);
    planted run = grid[2];
    run.exc = cases[i].exc;
    run.style = 4000.0 * pow(0.1, cases[i].likeness);
    plant(results, &grid[0]);
    plant(results, &run);
    fixture f = judge(results, NULL);
    assert_int_equal(vs_verdicts_of(f.verdicts, 1), cases[i].verdict);
    clear(&f);
  }
}

/* The most that a sparse run may lose, and the furthest that it may go to the style. */
static void sparse_has_thresholds(void **state) {
  (void)state;
  static const struct {
    double exc, likeness, coverage;
    vs_verdict verdict;
  } cases[] = {{-510, .5, .5, VS_VERDICT_SPARSE},    {-490, .5, .5, VS_VERDICT_TRADEOFF},
               {-600, .67, .5, VS_VERDICT_SPARSE},   {-600, .68, .5, VS_VERDICT_TRADEOFF},
               {-820, .2, .79, VS_VERDICT_SPARSE},   {-820, .2, .8, VS_VERDICT_NO_EFFECT},
               {-790, .2, .8, VS_VERDICT_TRADEOFF},  {-950, .2, 1, VS_VERDICT_NO_EFFECT},
               {-1040, .2, .9, VS_VERDICT_NO_EFFECT}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(2);
    planted run = grid[7];
    run.exc = cases[i].exc;
    run.style = 4000.0 * pow(0.1, cases[i].likeness);
    run.coverage = cases[i].coverage;
    plant(results, &grid[6]);
    plant(results, &run);
    fixture f = judge(results, NULL);
    assert_int_equal(vs_verdicts_of(f.verdicts, 1), cases[i].verdict);
    clear(&f);
  }
}

/* A drawing is sparse by what it covers, its line or its minutes. */
static void drawings_are_sparse_by_what_is_plotted(void **state) {
  (void)state;
  static const struct {
    double drawn_mm, minutes, coverage;
    vs_verdict verdict;
    const char *reason;
  } cases[] = {
      {4240, 20, .9, VS_VERDICT_SPARSE,
       "sparse: exc_eval -950 against -1000 at lambda 0, -5.0%, with 15% less ink: coverage 90.0% "
       "against 90.0%, 4.24 m of line against 5.00, plotted in 20 min against 20"},
      {5100, 15, .9, VS_VERDICT_SPARSE,
       "sparse: exc_eval -950 against -1000 at lambda 0, -5.0%, with 25% less ink: coverage 90.0% "
       "against 90.0%, 5.10 m of line against 5.00, plotted in 15 min against 20"},
      {4800, 19, .72, VS_VERDICT_SPARSE,
       "sparse: exc_eval -950 against -1000 at lambda 0, -5.0%, with 20% less ink: coverage 72.0% "
       "against 90.0%, 4.80 m of line against 5.00, plotted in 19 min against 20"},
      {4800, 19, .9, VS_VERDICT_NO_EFFECT,
       "no-effect: exc_eval -950 against -1000 at lambda 0, -5.0%; coverage 90.0% against 90.0%"},
      {NAN, NAN, .9, VS_VERDICT_NO_EFFECT, NULL}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(2);
    vs_row row = fake_row("relu4_3", 7, 0.0, -1000.0, 4000.0);
    row.parametrization = VS_PARAM_STROKES;
    row.coverage = row.edge_density = 0.9;
    row.drawn_mm = 5000.0;
    row.minutes = 20.0;
    fake_results_add(results, &row, NULL);
    row.lambda = 50.0;
    row.exc_eval = row.exc_final = -950.0;
    row.style_eval = 2000.0;
    row.coverage = cases[i].coverage;
    row.drawn_mm = cases[i].drawn_mm;
    row.minutes = cases[i].minutes;
    fake_results_add(results, &row, NULL);
    fixture f = judge(results, NULL);
    assert_int_equal(vs_verdicts_of(f.verdicts, 1), cases[i].verdict);
    if (cases[i].reason != NULL) assert_reason(&f, 1, cases[i].reason);
    clear(&f);
  }
}

/* A channel rose if it left its start by a twentieth of it, or of what random pictures do to it. */
static void rising_has_a_measure(void **state) {
  (void)state;
  static const struct {
    double first, best, sd;
    bool rose;
  } cases[] = {{0, 0, NAN, false},   {0, -0.001, NAN, true},  {0, -0.9, 20, false},
               {0, -1.1, 20, true},  {-100, -104, 20, false}, {-100, -106, 20, true},
               {500, 480, 0, false}, {500, -2000, 0, true},   {-100, -50, 0, false}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(1);
    vs_row row = fake_row("conv4_3", 7, 0.0, cases[i].best, 4000.0);
    row.exc_first = cases[i].first;
    row.exc_best = cases[i].best;
    row.exc_random_sd = cases[i].sd;
    fake_results_add(results, &row, NULL);
    fixture f = judge(results, NULL);
    assert_int_equal(vs_verdicts_of(f.verdicts, 0),
                     cases[i].rose ? VS_VERDICT_BASELINE : VS_VERDICT_DEAD);
    clear(&f);
  }
}

/* --- cases ------------------------------------------------------------------------------------ */

static void seeds_make_a_case(void **state) {
  (void)state;
  fixture f = judge_grid(8, false);
  assert_int_equal(vs_verdicts_case_count(f.verdicts), 2);
  size_t index = vs_verdicts_case(f.verdicts, 1);
  assert_int_equal(index, 1); /* in the order of first rows */
  assert_int_equal(vs_verdicts_case(f.verdicts, 3), index);
  assert_int_equal(vs_verdicts_case(f.verdicts, 5), index);
  const vs_case *c = vs_verdicts_get_case(f.verdicts, index);
  assert_int_equal(c->first, 1);
  assert_int_equal(c->verdict, VS_VERDICT_UNPROVEN);
  assert_int_equal(c->seeds, 3);
  assert_int_equal(c->agreeing, 2);
  /* Gains .06, -.30, .08: mean -.16/3, sd sqrt((.1133^2 + .2467^2 + .1333^2) / 2) = .21385, and
   * 4.3027 * .21385 / sqrt(3) = .53124. To the digits of the table of t. */
  assert_close(c->gain_mean, -0.16 / 3.0, 1e-12);
  assert_close(c->gain_high - c->gain_mean, 0.53124, 2e-5);
  assert_close(c->gain_mean - c->gain_low, 0.53124, 2e-5);
  clear(&f);
}

/* Axes part cases; a tie goes to the less favourable; who could not be judged has no vote. */
static void cases_are_cautious(void **state) {
  (void)state;
  vs_results *results = fake_results_new(8);
  planted win = grid[1], worse = grid[25], failed = grid[21];
  fake_results_add_axis(results, "optimizer.lr", true);
  for (uint64_t seed = 1; seed <= 3; seed++) {
    planted base = grid[0], run = seed == 1 ? win : seed == 2 ? worse : failed;
    base.channel = run.channel = 0;
    run.lambda = 50;
    base.seed = run.seed = seed;
    plant(results, &base);
    plant(results, &run);
  }
  for (size_t row = 0; row < 6; row++) fake_results_set_axis(results, row, 0, "0.05");
  win.seed = 4;
  plant(results, &win); /* another case for its axis */
  fake_results_set_axis(results, 6, 0, "0.1");
  fixture f = judge(results, NULL);
  const vs_case *c = vs_verdicts_get_case(f.verdicts, vs_verdicts_case(f.verdicts, 1));
  assert_int_equal(c->seeds, 3);
  assert_int_equal(c->verdict, VS_VERDICT_TRADEOFF);
  assert_int_equal(c->agreeing, 1);
  c = vs_verdicts_get_case(f.verdicts, vs_verdicts_case(f.verdicts, 6));
  assert_int_equal(c->seeds, 1);
  assert_int_equal(c->verdict, VS_VERDICT_UNPAIRED);
  assert_true(isnan(c->gain_mean) && isnan(c->gain_low));
  clear(&f);
}

static void student_is_tabled(void **state) {
  (void)state;
  static const struct {
    size_t freedom;
    double t;
  } cases[] = {{1, 12.706}, {2, 4.303},  {3, 3.182},  {4, 2.776},      {5, 2.571},
               {6, 2.447},  {10, 2.228}, {30, 2.042}, {1000000, 1.960}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_close(vs_sample_t975(cases[i].freedom), cases[i].t, 5e-4);
  vs_sample sample = {0};
  assert_true(isnan(vs_sample_sd(&sample)));
  vs_sample_add(&sample, 1e9 + 1.0); /* a large mean costs no digits */
  assert_true(isnan(vs_sample_half_width(&sample)));
  vs_sample_add(&sample, 1e9 + 3.0);
  assert_true(sample.mean == 1e9 + 2.0);
  assert_close(vs_sample_sd(&sample), sqrt(2.0), 1e-12);
}

/* --- summaries -------------------------------------------------------------------------------- */

static void headlines_are_the_best_of_each(void **state) {
  (void)state;
  fixture f = judge_grid(ALL, false);
  vs_headline *list;
  size_t count;
  assert_ok(vs_verdict_summary_headlines(f.verdicts, 1, &list, &count));
  /* unproven: seed agreement before gain, so not the 8% of channel 8. */
  static const vs_headline expected[] = {
      {VS_VERDICT_WIN, 33},     {VS_VERDICT_UNPROVEN, 1}, {VS_VERDICT_RESCUED, 13},
      {VS_VERDICT_SPARSE, 7},   {VS_VERDICT_TRADEOFF, 8}, {VS_VERDICT_NO_EFFECT, 4},
      {VS_VERDICT_COLLAPSE, 2}, {VS_VERDICT_DEAD, 9},     {VS_VERDICT_DIVERGED, 17}};
  assert_int_equal(count, sizeof expected / sizeof expected[0]);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(list[i].verdict, expected[i].verdict);
    assert_int_equal(list[i].row, expected[i].row);
  }
  free(list);
  assert_ok(vs_verdict_summary_headlines(f.verdicts, 4, &list, &count));
  assert_int_equal(list[1].row, 1);
  assert_int_equal(list[2].row, 27); /* of the case's three seeds the best that was more excited */
  assert_int_equal(list[3].verdict, VS_VERDICT_RESCUED);
  /* every verdict that any run has is there, of a case's minority too */
  for (int v = 0; v < VS_VERDICT_FAILED; v++) {
    bool named = false;
    for (size_t i = 0; i < count; i++) named = named || list[i].verdict == (vs_verdict)v;
    assert_true(named == (vs_verdicts_count_of(f.verdicts, (vs_verdict)v) > 0));
  }
  free(list);
  clear(&f);
}

static void shares_add_up(void **state) {
  (void)state;
  fixture f = judge_grid(ALL, false);
  vs_share *list;
  size_t count, total = 0;
  assert_ok(vs_verdict_summary_shares(f.verdicts, &list, &count));
  assert_int_equal(count, 3);
  for (size_t i = 0; i < count; i++) {
    size_t sum = 0;
    for (int v = 0; v < VS_VERDICT_COUNT; v++) sum += list[i].counts[v];
    assert_int_equal(sum, list[i].runs);
    assert_string_equal(list[i].layer, "relu4_3");
    total += sum;
  }
  assert_int_equal(total, RUNS);
  assert_true(list[0].weight == 0.0 && list[1].weight == 50.0 && list[2].weight == 500.0);
  assert_int_equal(list[1].counts[VS_VERDICT_UNPROVEN], 3);
  assert_int_equal(list[1].counts[VS_VERDICT_WIN], 3);
  assert_int_equal(list[2].counts[VS_VERDICT_COLLAPSE], 1);
  free(list);
  clear(&f);
}

static vs_bracket bracket_of(int channel) {
  fixture f = judge_grid(channel, false);
  vs_bracket *list, bracket = {.first = SIZE_MAX};
  size_t count;
  assert_ok(vs_verdict_summary_brackets(f.verdicts, &list, &count));
  if (count > 0) bracket = list[0];
  free(list);
  clear(&f);
  return bracket;
}

static void collapse_is_bracketed(void **state) {
  (void)state;
  vs_bracket bracket = bracket_of(0);
  assert_true(bracket.below == 50.0 && bracket.above == 500.0);
  /* collapse is 0 at 50, which is more excited, and .85 / .7 at 500; 1 is met at this share of the
   * way between their logarithms */
  double share = 0.7 / 0.85;
  assert_close(bracket.estimate, 50.0 * pow(10.0, share), 1e-9);
  assert_true(bracket.lambda == bracket.estimate);
  assert_close(bracket.strength, bracket.estimate / (1000.0 / 4000.0), 1e-9);
  bracket = bracket_of(1); /* no collapse at all */
  assert_true(isnan(bracket.lambda) && isnan(bracket.strength));
  assert_true(bracket.below == 500.0 && isnan(bracket.above) && isnan(bracket.estimate));
  bracket = bracket_of(3); /* dead: nothing to say */
  assert_true(bracket.first == SIZE_MAX);
}

static void collapse_at_once_has_no_estimate(void **state) {
  (void)state;
  vs_results *results = fake_results_new(2);
  plant(results, &grid[0]);
  plant(results, &grid[2]);
  fixture f = judge(results, NULL);
  vs_bracket *list;
  size_t count;
  assert_ok(vs_verdict_summary_brackets(f.verdicts, &list, &count));
  assert_int_equal(count, 1);
  assert_true(list[0].below == 0.0 && list[0].above == 500.0 && isnan(list[0].estimate));
  free(list);
  clear(&f);
}

static void no_runs_are_fine(void **state) {
  (void)state;
  fixture f = judge(fake_results_new(5), NULL);
  vs_headline *headlines;
  vs_share *shares;
  vs_bracket *brackets;
  size_t count = 1;
  assert_ok(vs_verdict_summary_headlines(f.verdicts, 1, &headlines, &count));
  assert_int_equal(count, 0);
  assert_ok(vs_verdict_summary_shares(f.verdicts, &shares, &count));
  assert_int_equal(count, 0);
  assert_ok(vs_verdict_summary_brackets(f.verdicts, &brackets, &count));
  assert_int_equal(count, 0);
  free(headlines);
  free(shares);
  free(brackets);
  clear(&f);
  vs_verdicts_free(NULL);
}

/* --- rules ------------------------------------------------------------------------------------ */

#define RULES TEST_SCRATCH_DIR "/verdict_rules.yaml"

static vs_status read_rules(vs_verdict_rules *rules, const char *text) {
  assert_ok(vs_file_write(RULES, text, strlen(text)));
  return vs_verdict_rules_read(rules, RULES);
}

static void thresholds_can_be_given(void **state) {
  (void)state;
  vs_verdict_rules rules, usual = vs_verdict_rules_default();
  assert_ok(read_rules(&rules, "# nothing but a comment\n"));
  assert_memory_equal(&rules, &usual, sizeof rules);
  assert_ok(read_rules(&rules, "unproven_gain: 0.1\ncollapse: 1.5\n"));
  assert_true(rules.unproven_gain == 0.1 && rules.collapse == 1.5 && rules.wake == usual.wake);
  vs_results *results = fake_results_new(3);
  for (size_t i = 0; i < 3; i++) plant(results, &grid[i]);
  fixture f = judge(results, &rules);
  assert_int_equal(vs_verdicts_of(f.verdicts, 1), VS_VERDICT_NO_EFFECT); /* 6% are nothing now */
  assert_int_equal(vs_verdicts_of(f.verdicts, 2), VS_VERDICT_TRADEOFF);
  clear(&f);
}

/* What --help-verdicts prints is a file of rules, of the same rules. */
static void printed_rules_read_back(void **state) {
  (void)state;
  vs_verdict_rules rules = vs_verdict_rules_default(), again;
  rules.win_gain = 0.125;
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  vs_rank_verdicts_print_rules(&rules, out);
  fclose(out);
  assert_non_null(strstr(text, "# win        more excited than without style regularization: "
                               "exc_gain >= 0.125, with 3 seeds or more"));
  assert_ok(read_rules(&again, text));
  assert_memory_equal(&rules, &again, sizeof rules);
  free(text);
}

static void bad_rules_are_placed(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"win_gian: 0.1\n",
       RULES ":1:1: verdicts: there is no threshold \"win_gian\" (did you mean \"win_gain\"?)"},
      {"wake: 0.1\n\nwine: 2\n", RULES ":3:1: verdicts: there is no threshold \"wine\"; "
                                       "`vggsweep rank --help-verdicts` lists them"},
      {"collapse: 15\n", RULES ":1:11: collapse: must be a number in 0..10, not \"15\""},
      {"collapse: -0.1\n", RULES ":1:11: collapse: must be a number in 0..10, not \"-0.1\""},
      {"collapse: much\n", RULES ":1:11: collapse: must be a number in 0..10, not \"much\""},
      {"collapse: nan\n", RULES ":1:11: collapse: must be a number in 0..10, not \"nan\""},
      {"wake: 0.1\nwake: 0.2\n", RULES ":2:1: wake: given twice, first in line 1"},
      {"- 1\n", RULES ":1:1: verdicts: a file of rules holds `name: number` lines"},
  };
  vs_verdict_rules rules;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(read_rules(&rules, cases[i].text), VS_ERR_USAGE);
    assert_string_equal(vs_status_message(), cases[i].message);
  }
  assert_int_equal(read_rules(&rules, "collapse: 20\nwin_gian: 1\n"), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), "\n" RULES ":2:1: ")); /* all of them at once */
  assert_int_equal(read_rules(&rules, "collapse: [0.1\n"), VS_ERR_USAGE);
  assert_int_equal(vs_verdict_rules_read(&rules, TEST_SCRATCH_DIR "/no.yaml"), VS_ERR_IO);
}

/* A group by strength, in units of 1000 / 4000: the words are strength's, and lambda* is told too.
 */
static void strengths_are_weights(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  for (size_t i = 0; i < 4; i++) {
    vs_row row = fake_row("relu4_3", 7, 0.0, i == 0 ? -1000.0 : -900.0, i == 0 ? 4000.0 : 3000.0);
    row.strength = (double)i;
    row.lambda = 0.25 * (double)i;
    if (i == 3) {
      row.status = VS_RUN_FAILED;
      snprintf(row.failure, sizeof row.failure, "no memory");
    }
    fake_results_add(results, &row, NULL);
  }
  fixture f = judge(results, NULL);
  char reason[VS_VERDICT_REASON];
  assert_int_equal(vs_verdicts_of(f.verdicts, 0), VS_VERDICT_BASELINE);
  vs_verdict_reason(f.verdicts, 0, reason);
  assert_non_null(strstr(reason, "at strength 0"));
  vs_verdict_reason(f.verdicts, 3, reason);
  assert_string_equal(reason, "failed: no memory");
  vs_bracket *list;
  size_t count;
  assert_ok(vs_verdict_summary_brackets(f.verdicts, &list, &count));
  assert_int_equal(count, 1);
  if (!isnan(list[0].estimate)) {
    assert_true(list[0].strength == list[0].estimate);
    assert_close(list[0].lambda, 0.25 * list[0].estimate, 1e-9);
  }
  free(list);
  clear(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(verdicts_are_as_planted),
      cmocka_unit_test(reasons_show_figures),
      cmocka_unit_test(what_is_not_known_decides_nothing),
      cmocka_unit_test(collapse_has_thresholds),
      cmocka_unit_test(sparse_has_thresholds),
      cmocka_unit_test(drawings_are_sparse_by_what_is_plotted),
      cmocka_unit_test(rising_has_a_measure),
      cmocka_unit_test(seeds_make_a_case),
      cmocka_unit_test(cases_are_cautious),
      cmocka_unit_test(student_is_tabled),
      cmocka_unit_test(headlines_are_the_best_of_each),
      cmocka_unit_test(shares_add_up),
      cmocka_unit_test(collapse_is_bracketed),
      cmocka_unit_test(strengths_are_weights),
      cmocka_unit_test(collapse_at_once_has_no_estimate),
      cmocka_unit_test(no_runs_are_fine),
      cmocka_unit_test(thresholds_can_be_given),
      cmocka_unit_test(printed_rules_read_back),
      cmocka_unit_test(bad_rules_are_placed),
  };
  return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
