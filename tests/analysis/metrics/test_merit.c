/* What is saved, of ink and of excitation: ink in pictures, the order of merit, z-scores. */
#include "tests/support/unit.h"

#include <math.h>
#include <string.h>

#include "analysis/metrics/metrics.h"
#include "core/image/ink.h"
#include "tests/analysis/fake_results.h"

static double figure(vs_metrics *metrics, const char *name, size_t row) {
  double value = -12345.0;
  assert_non_null(vs_metric_find(name));
  assert_ok(vs_metrics_get(metrics, vs_metric_find(name), row, &value));
  return value;
}

/* --- ink -------------------------------------------------------------------------------------- */

static void ink_has_a_mean_and_leaves_paper(void **state) {
  (void)state;
  uint8_t mixed[4 * 3];
  memset(mixed, 255, sizeof mixed);
  memset(mixed + 3, 0, 3);
  memset(mixed + 6, 232, 3); /* L* 91.9: pale, still paper */
  vs_ink ink = vs_ink_measure(mixed, 2, 2);
  assert_true(ink.covered == 0.25 && ink.paper == 0.75);
  assert_close(ink.mean, (1.0 + 0.0811) / 4.0,
               1e-3);        /* black is 100 away; grey by two digits of L* */
  memset(mixed + 6, 200, 3); /* L* 80.6: neither */
  ink = vs_ink_measure(mixed, 2, 2);
  assert_true(ink.covered == 0.25 && ink.paper == 0.5);
}

/* Edges may grow darker where paper becomes white: each figure tells one side. */
static void white_paper_is_seen(void **state) {
  (void)state;
  vs_results *results = fake_results_new(2);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  row.coverage = 0.8;
  row.edge_density = 0.2;
  row.ink = 0.5;
  row.paper = 0.1;
  fake_results_add(results, &row, NULL);
  row.lambda = 1.0;
  row.coverage = 0.64;
  row.edge_density = 0.25;
  row.ink = 0.4;
  row.paper = 0.3;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_close(figure(metrics, "ink_saved", 1), 0.2, 1e-12);
  assert_close(figure(metrics, "paleness", 1), 0.2, 1e-12);
  assert_close(figure(metrics, "paper_gain", 1), 0.2, 1e-12);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* --- merit ------------------------------------------------------------------------------------ */

/* A group's baseline and a run that saved `saved` of the ink (negative: took more) at this gain. */
static double merit_of(double gain, double saved) {
  vs_results *results = fake_results_new(2);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  row.coverage = 0.25;
  fake_results_add(results, &row, NULL);
  row.lambda = 1.0;
  row.exc_eval = -100.0 * (1.0 + gain);
  row.coverage = 0.25 * (1.0 - saved);
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  const double merit = figure(metrics, "merit", 1);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return merit;
}

static void merit_is_ink_saved_for_what_is_left(void **state) {
  (void)state;
  const double nothing = merit_of(0.0, 0.0), lost = merit_of(-0.95, 0.8);
  assert_true(nothing == 0.0);
  assert_close(merit_of(-0.2, 0.5), 0.4, 1e-12);
  assert_true(merit_of(-0.2, 0.5) > lost && merit_of(-0.3, 0.3) > nothing);
  assert_close(merit_of(9.0, 0.5), 1.0, 1e-12); /* a baseline that hardly rose */
}

/* More ink saved is better at every excitation, more excitation at every ink, across 0 too. */
static void merit_rises_with_both(void **state) {
  (void)state;
  for (double gain = -0.9; gain < 0.5; gain += 0.2)
    for (double saved = -0.5; saved < 0.9; saved += 0.25) {
      assert_true(merit_of(gain, saved + 0.1) >= merit_of(gain, saved));
      assert_true(merit_of(gain + 0.1, saved) >= merit_of(gain, saved) - 1e-12);
    }
}

/* --- z-scores --------------------------------------------------------------------------------- */

static void sleeping_references_have_a_zscore(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  vs_row row = fake_row("relu4_3", 7, 0.0, -900.0, 4000.0);
  row.exc_paper = row.exc_random_mean = 0.0; /* they sleep behind the ReLU */
  row.exc_random_sd = 0.0;
  fake_results_add(results, &row, NULL); /* of format 3: not known */
  row.pre_eval = -700.0;
  row.pre_paper = 100.0;
  row.pre_random_mean = 50.0;
  row.pre_random_sd = 25.0;
  fake_results_add(results, &row, NULL);
  row.pre_random_sd = 1e-310; /* beyond what a double holds */
  fake_results_add(results, &row, NULL);
  row.pre_eval = NAN;
  row.exc_random_sd = 30.0; /* of format 3, awake */
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(isnan(figure(metrics, "zscore", 0)));
  assert_true(figure(metrics, "zscore", 1) == (50.0 + 700.0) / 25.0);
  assert_true(isnan(figure(metrics, "zscore", 2)));
  assert_true(figure(metrics, "zscore", 3) == 30.0);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ink_has_a_mean_and_leaves_paper),
      cmocka_unit_test(white_paper_is_seen),
      cmocka_unit_test(merit_is_ink_saved_for_what_is_left),
      cmocka_unit_test(merit_rises_with_both),
      cmocka_unit_test(sleeping_references_have_a_zscore),
  };
  return cmocka_run_group_tests_name("merit", tests, NULL, NULL);
}
