/* What is shown of a sweep that compares nothing. */
#include "tests/support/unit.h"

#include <math.h>

#include "analysis/rank/rank_channels.h"
#include "tests/analysis/fake_results.h"

/* One run: sketches of `moved` are that far apart, as shares of the longer. */
static void add(vs_results *results, int channel, uint64_t seed, double lambda, double pre,
                float moved) {
  vs_row row = fake_row("relu4_3", channel, lambda, -100.0, 4000.0);
  row.seed = seed;
  row.pre_eval = pre;
  row.pre_paper = row.pre_random_mean = 0.0;
  row.pre_random_sd = 1.0;
  fake_results_set_sketch(results, fake_results_add(results, &row, NULL), moved);
}

static vs_rank_channels find(vs_results *results) {
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  vs_rank_channels channels;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  assert_ok(vs_rank_channels_find(&channels, verdicts));
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return channels;
}

static void each_channel_is_named_once(void **state) {
  (void)state;
  vs_results *results = fake_results_new(4);
  add(results, 1, 1, 0.0, -10.0, 1.0f);
  add(results, 1, 2, 0.0, -12.0, 1.0f); /* the better seed */
  add(results, 2, 1, 0.0, -30.0, 1.0f);
  add(results, 3, 1, 0.0, NAN, 1.0f); /* of format 3, with references that slept: not known */
  const vs_rank_channels channels = find(results);
  assert_int_equal(channels.excited_count, 2);
  assert_int_equal(channels.excited[0], 2);
  assert_int_equal(channels.excited[1], 1);
  assert_int_equal(channels.different_count, 0); /* all look the same */
}

static void the_farthest_comes_next(void **state) {
  (void)state;
  vs_results *results = fake_results_new(5);
  add(results, 0, 1, 0.0, -10.0, 1.0f);
  add(results, 1, 1, 0.0, -50.0, 1.02f); /* the most excited */
  add(results, 2, 1, 0.0, -20.0, 4.0f);
  add(results, 3, 1, 0.0, -20.0, 2.0f);
  add(results, 4, 1, 0.0, -20.0, 3.9f); /* nearly 2 */
  const vs_rank_channels channels = find(results);
  assert_int_equal(channels.excited_count, 5);
  assert_int_equal(channels.different_count, 3);
  assert_int_equal(channels.different[0], 1);
  assert_int_equal(channels.different[1], 2);
  assert_int_equal(channels.different[2], 3);
}

static void many_channels_are_cut(void **state) {
  (void)state;
  enum { MANY = 40 };
  vs_results *results = fake_results_new(MANY);
  float moved = 1.0f;
  for (int i = 0; i < MANY; i++, moved *= 1.5f) add(results, i, 1, 0.0, -1.0 - i, moved);
  const vs_rank_channels channels = find(results);
  assert_int_equal(channels.excited_count, VS_RANK_CHANNELS);
  assert_int_equal(channels.different_count, VS_RANK_CHANNELS);
  assert_int_equal(channels.excited[0], MANY - 1);
}

static void what_is_compared_has_headlines_instead(void **state) {
  (void)state;
  vs_results *results = fake_results_new(2);
  add(results, 1, 1, 0.0, -10.0, 1.0f);
  add(results, 1, 1, 50.0, -10.0, 2.0f);
  vs_rank_channels channels = find(results);
  assert_int_equal(channels.excited_count + channels.different_count, 0);
  channels = find(fake_results_new(3)); /* nothing is there yet */
  assert_int_equal(channels.excited_count + channels.different_count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_channel_is_named_once),
      cmocka_unit_test(the_farthest_comes_next),
      cmocka_unit_test(many_channels_are_cut),
      cmocka_unit_test(what_is_compared_has_headlines_instead),
  };
  return cmocka_run_group_tests_name("rank_channels", tests, NULL, NULL);
}
