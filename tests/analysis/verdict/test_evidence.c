/* What it takes to call a case a win: simulated pairs that differ by their seed alone. */
#include "tests/support/unit.h"

#include <math.h>

#include "analysis/verdict/verdict.h"
#include "core/base/random.h"
#include "tests/analysis/fake_results.h"

/* As measured on eight channels of relu4_3, twelve seeds each: excitations of equal runs have a
 * standard deviation of about 5%, and single pairs differ by -14 to +17%. */
#define SCATTER 0.05

/* Groups of one channel with `seeds` seeds: a baseline, and a run that is more excited by `gain`
 * but for chance. */
static void add_case(vs_results *results, int channel, int seeds, double gain) {
  const vs_random_key key = vs_random_make_key(11, VS_RANDOM_TEST, (uint32_t)channel);
  for (int seed = 0; seed < seeds; seed++)
    for (int weight = 0; weight < 2; weight++) {
      const float chance = vs_random_normal(key, (uint64_t)(2 * seed + weight));
      vs_row row = fake_row("relu4_3", channel, 50.0 * weight, 0.0, 4000.0 - 1000.0 * weight);
      row.exc_eval = row.exc_final = row.exc_best =
          -1000.0 * (1.0 + gain * weight + SCATTER * (double)chance);
      row.seed = (uint64_t)seed;
      row.exc_first = -10.0;
      row.coverage = row.edge_density = 0.5;
      fake_results_add(results, &row, NULL);
    }
}

/* The share of cases with this verdict. */
static double share_of(vs_verdict verdict, int seeds, double gain) {
  enum { CASES = 2000 };
  vs_results *results = fake_results_new((size_t)(2 * CASES * seeds));
  for (int i = 0; i < CASES; i++) add_case(results, i, seeds, gain);
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  int found = 0;
  size_t runs = 0;
  for (int i = 0; i < CASES; i++) {
    const size_t index = vs_verdicts_case(verdicts, (size_t)(2 * seeds * i + 1));
    const vs_case *c = vs_verdicts_get_case(verdicts, index);
    found += c->verdict == verdict;
    if (c->verdict == verdict) runs += (size_t)c->agreeing;
    assert_true(isfinite(c->gain_mean) && isfinite(c->gain_low) == (seeds >= 3));
    if (c->verdict == VS_VERDICT_WIN) assert_true(c->gain_low > 0.0);
  }
  if (verdict == VS_VERDICT_WIN) assert_int_equal(vs_verdicts_count_of(verdicts, verdict), runs);
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return (double)found / CASES;
}

/* One in 40 by the interval, fewer by the mean that it takes too; 2000 cases tell it within .7%
 * (two standard errors). */
static void chance_wins_at_most_one_in_twenty(void **state) {
  (void)state;
  assert_true(share_of(VS_VERDICT_WIN, 1, 0.0) == 0.0);
  assert_true(share_of(VS_VERDICT_WIN, 2, 0.0) == 0.0);
  assert_true(share_of(VS_VERDICT_WIN, 3, 0.0) <= 0.05);
  assert_true(share_of(VS_VERDICT_WIN, 6, 0.0) <= 0.05);
  assert_true(share_of(VS_VERDICT_WIN, 12, 0.0) <= 0.05);
  /* Single pairs differ by 7%, so that a quarter of them stand above 5%. */
  assert_true(share_of(VS_VERDICT_UNPROVEN, 1, 0.0) > 0.2);
}

static void wins_are_found_where_there_are_any(void **state) {
  (void)state;
  assert_true(share_of(VS_VERDICT_WIN, 1, 0.3) == 0.0);
  assert_true(share_of(VS_VERDICT_WIN, 3, 0.3) > 0.7);
  assert_true(share_of(VS_VERDICT_WIN, 12, 0.1) > 0.9);
}

/* A case that won is made of wins, but for the seeds that did not gain; the rest keep theirs. */
static void runs_of_a_win_are_wins(void **state) {
  (void)state;
  static const double exc[] = {-1060.0, -1050.0, -1070.0, -1010.0, -1065.0};
  vs_results *results = fake_results_new(10);
  for (int seed = 0; seed < 5; seed++)
    for (int weight = 0; weight < 2; weight++) {
      vs_row row = fake_row("relu4_3", 7, 50.0 * weight, weight == 0 ? -1000.0 : exc[seed],
                            weight == 0 ? 4000.0 : 2000.0);
      row.exc_best = row.exc_final = row.exc_eval;
      row.exc_first = -10.0;
      row.seed = (uint64_t)seed;
      row.coverage = row.edge_density = weight == 1 && seed == 1 ? 0.2 : 0.5; /* sparse alone */
      fake_results_add(results, &row, NULL);
    }
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  for (size_t seed = 0; seed < 5; seed++)
    assert_int_equal(vs_verdicts_of(verdicts, 2 * seed + 1),
                     seed == 3 ? VS_VERDICT_NO_EFFECT : VS_VERDICT_WIN);
  const vs_case *c = vs_verdicts_get_case(verdicts, vs_verdicts_case(verdicts, 1));
  assert_int_equal(c->verdict, VS_VERDICT_WIN);
  assert_int_equal(c->agreeing, 4);
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(verdicts, 1, reason);
  assert_string_equal(reason, "win: exc_eval -1060 against -1000 at lambda 0, +6.0%, 4 of 5 seeds, "
                              "mean +5.1% (+2.1% to +8.1%)");
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chance_wins_at_most_one_in_twenty),
      cmocka_unit_test(wins_are_found_where_there_are_any),
      cmocka_unit_test(runs_of_a_win_are_wins),
  };
  return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
