/* What a run costs. */
#include "tests/support/unit.h"

#include <math.h>
#include <string.h>

#include "sweeps/spec/cost.h"

static vs_sweep_run make_run(const char *text) {
  vs_sweep *sweep;
  assert_ok(vs_sweep_parse(&sweep, text, strlen(text), "s.yaml", NULL, 0));
  vs_sweep_run run;
  vs_sweep_get(sweep, 0, &run);
  vs_sweep_free(sweep);
  return run;
}

static void a_run_costs_its_steps_and_some_more(void **state) {
  (void)state;
  vs_sweep_run run = make_run("image: {size: 64}\nobjective: {steps: 100}\n"
                              "grid: {layer: [relu3_3], channel: [7], lambda: [50]}\n");
  vs_cost cost = vs_cost_of_run(&run.spec, 1);
  assert_true(cost.macs_per_step == vs_objective_macs(&run.spec.objective, 64, 64));
  /* 100 updates, the last line of the trace, and without a gradient 5 views, the style image whole
   * and in 5 views, paper, and 8 random pictures */
  assert_true(cost.macs == cost.macs_per_step * (101 + 0.5 * 20));
  assert_int_equal(cost.memory_bytes, vs_run_memory_bytes(&run.spec, VS_CONV_FAST, 1));
  assert_true(cost.memory_bytes > 1000000);
  assert_true(vs_cost_of_run(&run.spec, 4).memory_bytes >= cost.memory_bytes);
}

static void the_pad_and_the_balance_cost_too(void **state) {
  (void)state;
  vs_sweep_run run = make_run("image: {size: [64, 48]}\ntransforms: {pad: 8}\n"
                              "objective: {steps: 1}\n"
                              "grid: {layer: [relu3_3], channel: [7], rho: [1]}\n");
  vs_cost cost = vs_cost_of_run(&run.spec, 1);
  assert_true(cost.macs_per_step == vs_objective_macs(&run.spec.objective, 80, 64));
  assert_true(cost.macs == cost.macs_per_step * (1 + 1 + 2 + 0.5 * 20));
}

static void weights_are_counted_in_both_directions(void **state) {
  (void)state;
  /* conv1_1: kernels and biases as they are, then two matrices padded to what a product takes: 27 x
   * 64 to 32 x 64 for the patches, 64 x 27 to 64 x 32 for the shifted results */
  assert_int_equal(vs_cost_weights_bytes(0), 4 * (27 * 64 + 64 + 2 * 32 * 64));
  /* 14,710,464 kernel values of VGG16 and 4,224 biases; Winograd makes 36 of 9 of all but conv1_1's
   */
  assert_int_equal(vs_cost_weights_bytes(12),
                   4 * (14710464 + 4224 + 2 * 2048 + 2 * 4 * (14710464 - 1728)));
}

static void the_speed_of_this_machine_is_measured(void **state) {
  (void)state;
  double speed = 0;
  assert_ok(vs_cost_calibrate(1, 0.05, &speed));
  assert_true(isfinite(speed) && speed > 1e7); /* a million times slower than any processor */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_costs_its_steps_and_some_more),
      cmocka_unit_test(the_pad_and_the_balance_cost_too),
      cmocka_unit_test(weights_are_counted_in_both_directions),
      cmocka_unit_test(the_speed_of_this_machine_is_measured),
  };
  return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
