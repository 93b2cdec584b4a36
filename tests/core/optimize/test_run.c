/* A whole run: 20 steps against PyTorch's, the same bits for any number of threads, one start for
 * all lambdas, rho, divergence, stopping, and no more memory than announced. */
#include "tests/support/unit.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/edges.h"
#include "core/image/ink.h"
#include "core/image/picture.h"
#include "core/optimize/gram_probe.h"
#include "core/optimize/run.h"
#include "core/optimize/strength.h"
#include "core/tensor/blas.h"
#include "tests/support/net_fixture.h"

/* Adam divides by the gradient's own size, so where an entry is near 0, or two values of a pool
 * nearly tie, float32 noise becomes a whole step and the paths part slowly. With plain convolutions
 * 1.1e-4 was seen at step 18; three times that is a fiftieth of what one step changes. */
static const double plain_tolerance = 3e-4;
/* The fast convolutions' noise is larger, and other kernels fall into other ties, the first at step
 * 5: until then 7e-7 was seen, thereafter up to 5.6e-3, a tenth of what one step changes. */
static const double fast_tolerance = 2e-2;
enum { STEPS_WITHOUT_TIES = 5 };
/* Before the first tie only the sums differ: float32 against float64. */
static const double start_tolerance = 1e-5;

static vs_weights small_weights; /* conv1_1 .. conv2_2, random */

static int set_up(void **state) {
  (void)state;
  if (vs_blas_init() != VS_OK) return 1;
  fixture_weights(&small_weights, 3);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  vs_weights_clear(&small_weights);
  return 0;
}

static vs_run_spec small_spec(void) {
  vs_run_spec spec = {
      .objective = {.tap = vs_vgg16_find_tap("relu2_2"), .channel = 3},
      .param = {.kind = VS_PARAM_FOURIER, .height = 33, .width = 40, .init_sd = 0.01, .decay = 1.0},
      .transforms = {.pad = 2, .jitter = 3, .scale_min = 0.9, .scale_max = 1.1, .rotate = 5},
      .adam = {0.05, 0.9, 0.999, 1e-8},
      .style_image = "builtin:mondrian",
      .lambda = 5.0,
      .steps = 7,
      .rescue_steps = 16,
      .stream = 77,
      .log_every = 3,
      .snapshot_steps = {0, 5},
      .snapshot_count = 2,
  };
  spec.objective.style_taps[vs_vgg16_find_tap("relu1_2")] = true;
  return spec;
}

static vs_run *finished_by(vs_conv_algorithm algorithm, const vs_run_spec *spec,
                           const vs_weights *weights, int threads) {
  vs_run *run;
  assert_ok(vs_run_new(&run, spec, weights, algorithm, threads));
  assert_ok(vs_run_execute(run, NULL, NULL));
  return run;
}

static vs_run *finished(const vs_run_spec *spec, const vs_weights *weights, int threads) {
  return finished_by(VS_CONV_FAST, spec, weights, threads);
}

static void check_twenty_steps(vs_conv_algorithm algorithm, size_t exact_steps, double tolerance) {
  json_error_t error;
  json_t *golden = json_load_file(TEST_GOLDEN_DIR "/trajectory.json", 0, &error);
  assert_non_null(golden);
  vs_weights weights;
  assert_ok(
      vs_weights_load(&weights, TEST_SCRATCH_DIR "/he.safetensors", VS_FAMILY_TORCHVISION, 6));
  const int size = (int)json_integer_value(json_object_get(golden, "size"));
  const int steps = (int)json_integer_value(json_object_get(golden, "steps"));
  vs_run_spec spec = {
      .objective = {.tap = vs_vgg16_find_tap(json_string_value(json_object_get(golden, "layer"))),
                    .channel = (int)json_integer_value(json_object_get(golden, "channel")),
                    .tv = json_real_value(json_object_get(golden, "tv")),
                    .l2 = json_real_value(json_object_get(golden, "l2"))},
      .param = {.kind = VS_PARAM_PIXELS,
                .height = size,
                .width = size,
                .init_sd = json_real_value(json_object_get(golden, "init_sd"))},
      .transforms = {.scale_min = 1.0, .scale_max = 1.0},
      .adam = {json_real_value(json_object_get(golden, "lr")), 0.9, 0.999, 1e-8},
      .style_image = TEST_GOLDEN_DIR "/style64.png",
      .lambda = json_real_value(json_object_get(golden, "lambda")),
      .steps = steps,
      .stream = strtoull(json_string_value(json_object_get(golden, "stream")), NULL, 16),
      .log_every = 1,
  };
  spec.objective
      .style_taps[vs_vgg16_find_tap(json_string_value(json_object_get(golden, "style_layer")))] =
      true;
  vs_run *run = finished_by(algorithm, &spec, &weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  static const vs_trace columns[] = {VS_TRACE_EXC_LOSS, VS_TRACE_STYLE_DIST, VS_TRACE_TV,
                                     VS_TRACE_L2, VS_TRACE_TOTAL};
  const json_t *rows = json_object_get(golden, "rows");
  assert_int_equal(result->trace_count, json_array_size(rows));
  for (size_t step = 0; step < json_array_size(rows); step++) {
    for (size_t c = 0; c < 5; c++) {
      const double expected = json_real_value(json_array_get(json_array_get(rows, step), c));
      const double got = (double)result->trace[columns[c]][step];
      const double bound = step < exact_steps ? start_tolerance : tolerance;
      /* a total is a difference of larger losses, so its error is measured against exc_loss too */
      const double exc = json_real_value(json_array_get(json_array_get(rows, step), 0));
      const double scale = c == 4 ? fmax(fabs(expected), fabs(exc)) : fabs(expected);
      if (!(fabs(got - expected) <= bound * scale))
        fail_msg("step %zu, %s: %.9g, PyTorch %.9g", step, vs_run_trace_names[columns[c]], got,
                 expected);
    }
  }
  vs_run_free(run);
  vs_weights_clear(&weights);
  json_decref(golden);
}

static void twenty_plain_steps_follow_pytorch(void **state) {
  (void)state;
  check_twenty_steps(VS_CONV_REFERENCE, 1, plain_tolerance);
}

static void twenty_fast_steps_follow_pytorch(void **state) {
  (void)state;
  check_twenty_steps(VS_CONV_FAST, STEPS_WITHOUT_TIES, fast_tolerance);
}

static void threads_do_not_change_a_bit(void **state) {
  (void)state;
  const vs_run_spec spec = small_spec();
  vs_run *one = finished(&spec, &small_weights, 1), *three = finished(&spec, &small_weights, 3);
  const vs_run_result *a = vs_run_get_result(one), *b = vs_run_get_result(three);
  assert_int_equal(a->param_count, b->param_count);
  assert_memory_equal(a->theta, b->theta, a->param_count * sizeof(float));
  for (int t = 0; t < VS_TRACE_COUNT; t++)
    assert_memory_equal(a->trace[t], b->trace[t], (size_t)a->trace_count * sizeof(float));
  assert_true(a->exc_eval == b->exc_eval && a->style_eval == b->style_eval);
  const vs_measurements *p = &a->measurements, *q = &b->measurements;
  assert_true(p->exc_style == q->exc_style && p->exc_paper == q->exc_paper);
  assert_true(p->style_floor == q->style_floor);
  assert_true(p->exc_random_mean == q->exc_random_mean && p->exc_random_sd == q->exc_random_sd);
  assert_true(p->pre_eval == q->pre_eval && p->pre_random_sd == q->pre_random_sd);
  assert_true(p->gram_style == q->gram_style);
  assert_memory_equal(p->sketch, q->sketch, sizeof p->sketch);
  vs_run_free(one);
  vs_run_free(three);
}

/* Against the same figures by other ways: an objective, and a probe of the test's own. */
static void measurements_are_of_the_final_picture(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  spec.log_every = 1;
  vs_run *run = finished(&spec, &small_weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  const vs_measurements *measured = &result->measurements;
  const int height = spec.param.height, width = spec.param.width;
  assert_true(measured->coverage == vs_ink_share(result->final_rgb, height, width));
  const vs_ink ink = vs_ink_measure(result->final_rgb, height, width);
  assert_true(measured->ink == ink.mean && measured->paper == ink.paper);
  assert_true(measured->edge_density == vs_edge_density(result->final_rgb, height, width));
  assert_int_equal(measured->gram_tap, vs_gram_probe_tap(&spec.objective));
  double best = INFINITY; /* of traces, which are float */
  for (int i = 0; i < result->trace_count; i++)
    best = -larger(-best, -(double)result->trace[VS_TRACE_EXC_LOSS][i]);
  assert_close(result->exc_best, best, 1e-6 * fabs(best));

  /* Bytes instead of floats move the picture by up to 1/510. */
  vs_picture canvas = {0}, style = {0}, fitted = {0};
  assert_ok(vs_picture_init(&canvas, height, width));
  assert_ok(vs_picture_open(&style, spec.style_image));
  assert_ok(vs_picture_resized(&fitted, &style, height, width));
  vs_picture_from_bytes(result->final_rgb, canvas.rgb, 3 * (size_t)height * (size_t)width);
  vs_arena measure = vs_arena_measure(), arena;
  vs_gram_probe probe = vs_gram_probe_plan(&spec.objective, height, width, &measure);
  vs_gram_probe_net(&probe, NULL, VS_CONV_FAST, 1, &measure);
  assert_ok(vs_arena_init(&arena, measure.peak_bytes));
  probe = vs_gram_probe_plan(&spec.objective, height, width, &arena);
  vs_net *net = vs_gram_probe_net(&probe, &small_weights, VS_CONV_FAST, 1, &arena);
  vs_measurements again = vs_measurements_blank();
  vs_gram_probe_set_style(&probe, net, fitted.rgb);
  vs_gram_probe_measure(&probe, net, canvas.rgb, &again);
  assert_close(measured->gram_style, again.gram_style, 0.02);
  vs_gram_probe_measure(&probe, net, fitted.rgb, &again);
  assert_true(again.gram_style == 0.0);
  vs_arena_clear(&arena);
  vs_picture_clear(&fitted);
  vs_picture_clear(&style);
  vs_picture_clear(&canvas);
  vs_run_free(run);
}

/* Against an objective of the test's own, which the style image is shown to as pictures are. */
static void the_style_has_a_floor(void **state) {
  (void)state;
  const vs_run_spec spec = small_spec();
  const int height = spec.param.height, width = spec.param.width, pad = spec.transforms.pad;
  const int view_height = height + 2 * pad, view_width = width + 2 * pad;
  const vs_window window = {height, width};
  vs_picture style = {0}, canvas = {0}, whole = {0}, view = {0};
  assert_ok(vs_picture_open(&style, spec.style_image));
  assert_ok(vs_picture_resized(&canvas, &style, height, width));
  assert_ok(vs_picture_resized(&whole, &style, view_height, view_width));
  assert_ok(vs_picture_init(&view, view_height, view_width));
  vs_arena measure = vs_arena_measure(), arena;
  vs_objective_new(&spec.objective, view_height, view_width, NULL, VS_CONV_FAST, 1, &measure);
  assert_ok(vs_arena_init(&arena, measure.peak_bytes));
  vs_objective *objective = vs_objective_new(&spec.objective, view_height, view_width,
                                             &small_weights, VS_CONV_FAST, 1, &arena);
  vs_objective_set_style(objective, whole.rgb);
  const vs_balance balance = {.excitation = 1.0};
  const int views = vs_transform_eval_views(height, width, &window);
  double floor = 0.0;
  for (int v = 0; v < views; v++) {
    const vs_affine map = vs_transform_eval_view(v, pad, height, width, &window);
    vs_transform_apply(&map, canvas.rgb, height, width, view.rgb, view_height, view_width, 1);
    floor += vs_objective_evaluate(objective, view.rgb, &balance, NULL).style_dist / views;
  }
  vs_run *run = finished(&spec, &small_weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  assert_true(floor > 0.0 && result->measurements.style_floor == floor);
  assert_true(result->style_eval > floor);
  vs_run_free(run);
  vs_arena_clear(&arena);
  vs_picture_clear(&view);
  vs_picture_clear(&whole);
  vs_picture_clear(&canvas);
  vs_picture_clear(&style);
}

static void all_lambdas_start_alike(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  vs_run *with = finished(&spec, &small_weights, 1);
  spec.lambda = 0.0;
  vs_run *without = finished(&spec, &small_weights, 1);
  const vs_run_result *a = vs_run_get_result(with), *b = vs_run_get_result(without);
  const size_t picture = 3 * 33 * 40;
  assert_int_equal(a->steps, 7);
  assert_int_equal(a->outcome, VS_RUN_DONE);
  assert_memory_equal(a->snapshots, b->snapshots, picture);
  assert_true(memcmp(a->snapshots + picture, b->snapshots + picture, picture) != 0);
  assert_true(a->exc_first == b->exc_first && a->style_first == b->style_first);
  assert_true(b->trace[VS_TRACE_STYLE_DIST][0] > 0.0f); /* known at lambda 0 too */
  assert_true(b->trace[VS_TRACE_STYLE_REG][0] == 0.0f);
  assert_true(b->exc_final < b->exc_first); /* it does excite */
  assert_true(a->style_final < b->style_final);
  vs_run_free(with);
  vs_run_free(without);
}

static void the_trace_ends_with_the_run(void **state) {
  (void)state;
  int at[8];
  assert_int_equal(vs_run_logged_steps(7, 3, at), 4);
  assert_true(at[0] == 0 && at[1] == 3 && at[2] == 6 && at[3] == 7);
  assert_int_equal(vs_run_logged_steps(6, 3, at), 3);
  assert_int_equal(at[2], 6);
  assert_int_equal(vs_run_logged_steps(1, 10, at), 2);
  const vs_run_spec spec = small_spec();
  vs_run *run = finished(&spec, &small_weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  assert_int_equal(result->trace_count, 4);
  assert_true((float)result->exc_first == result->trace[VS_TRACE_EXC_LOSS][0]);
  assert_true((float)result->exc_final == result->trace[VS_TRACE_EXC_LOSS][3]);
  vs_run_free(run);
}

/* At the start the two gradients are in the ratio asked for; measured through the traces of two
 * runs that see one term each. */
static void rho_balances_the_gradients(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  spec.steps = 1;
  spec.lambda = 0.0;
  vs_run *run = finished(&spec, &small_weights, 1);
  const double excitation = (double)vs_run_get_result(run)->trace[VS_TRACE_GRAD_NORM][0];
  vs_run_free(run);
  spec.balance = VS_BALANCE_RHO;
  spec.rho = 1e4; /* the style's gradient is all that counts */
  run = finished(&spec, &small_weights, 1);
  const double style = (double)vs_run_get_result(run)->trace[VS_TRACE_GRAD_NORM][0];
  assert_true(vs_run_get_result(run)->lambda > 0.0);
  assert_true(fabs(style / excitation / spec.rho - 1.0) <
              1e-3); /* 1e-4 is the other term's share */
  vs_run_free(run);
  spec.rho = 0.0;
  run = finished(&spec, &small_weights, 1);
  assert_true(vs_run_get_result(run)->lambda == 0.0);
  vs_run_free(run);
}

/* As many units as the strength says, of those that the run at 0 has come to; the numbers are those
 * of a run with this lambda. */
static void strength_is_in_units_of_the_run_at_0(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  spec.balance = VS_BALANCE_STRENGTH;
  spec.strength_unit = NAN; /* not needed */
  vs_run *run = finished(&spec, &small_weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  assert_true(result->lambda == 0.0);
  const vs_strength_baseline baseline = {result->outcome, result->exc_eval, result->style_eval};
  vs_run_free(run);
  assert_ok(vs_strength_unit(&baseline, &spec.strength_unit));
  assert_true(spec.strength_unit == -baseline.exc_eval / baseline.style_eval);
  spec.strength = 2.5;
  run = finished(&spec, &small_weights, 1);
  spec.balance = VS_BALANCE_LAMBDA;
  spec.lambda = 2.5 * spec.strength_unit;
  vs_run *given = finished(&spec, &small_weights, 1);
  assert_true(vs_run_get_result(run)->lambda == spec.lambda);
  assert_memory_equal(vs_run_get_result(run)->final_rgb, vs_run_get_result(given)->final_rgb,
                      3 * 33 * 40);
  assert_true(vs_run_get_result(run)->exc_eval == vs_run_get_result(given)->exc_eval);
  vs_run_free(run);
  vs_run_free(given);
}

static void some_baselines_give_no_unit(void **state) {
  (void)state;
  static const struct {
    vs_strength_baseline baseline;
    const char *reason;
  } cases[] = {{{VS_RUN_FAILED, NAN, NAN}, "its baseline, the run of strength 0, failed"},
               {{VS_RUN_DIVERGED, NAN, NAN}, "its baseline, the run of strength 0, diverged"},
               {{VS_RUN_DONE, -0.0, 5}, "has an excitation of 0 (exc_eval)"},
               {{VS_RUN_DONE, -3, 0}, "has a style distance of 0 (style_eval)"},
               {{VS_RUN_DONE, -3, NAN}, "gives no unit: exc_eval -3, style_eval nan"},
               {{VS_RUN_DONE, -INFINITY, 1}, "gives no unit"},
               {{VS_RUN_DONE, -1e300, 1e-300}, "gives no unit"}};
  double unit;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(vs_strength_unit(&cases[i].baseline, &unit), VS_ERR_USAGE);
    assert_true(isnan(unit));
    assert_non_null(strstr(vs_status_message(), cases[i].reason));
  }
  const vs_strength_baseline before_the_rectifier = {VS_RUN_DONE, 6, 4};
  assert_ok(vs_strength_unit(&before_the_rectifier, &unit));
  assert_true(unit == 1.5);
}

static void a_divergence_is_an_outcome(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  spec.lambda = 1e60; /* beyond float: the gradient is not finite */
  vs_run *run = finished(&spec, &small_weights, 1);
  const vs_run_result *result = vs_run_get_result(run);
  assert_int_equal(result->outcome, VS_RUN_DIVERGED);
  assert_int_equal(result->steps, 0);
  assert_true(isnan(result->exc_eval) && isnan(result->exc_final));
  assert_true(isnan(result->trace[VS_TRACE_EXC_LOSS][1]));
  vs_run_free(run);
}

static bool stop_at_three(void *context, int step) {
  *(int *)context = step;
  return step < 3;
}

static void a_run_can_be_abandoned(void **state) {
  (void)state;
  const vs_run_spec spec = small_spec();
  vs_run *run;
  int last = -1;
  assert_ok(vs_run_new(&run, &spec, &small_weights, VS_CONV_FAST, 1));
  assert_int_equal(vs_run_execute(run, stop_at_three, &last), VS_ERR_STOPPED);
  assert_int_equal(last, 3);
  vs_run_free(run);
}

static void a_missing_style_image_is_named(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  strcpy(spec.style_image, "nowhere/style.png");
  vs_run *run;
  assert_int_not_equal(vs_run_new(&run, &spec, &small_weights, VS_CONV_FAST, 1), VS_OK);
  assert_null(run);
  assert_non_null(strstr(vs_status_message(), "nowhere/style.png"));
}

static void memory_is_announced(void **state) {
  (void)state;
  vs_run_spec spec = small_spec();
  const size_t small = vs_run_memory_bytes(&spec, VS_CONV_FAST, 1);
  spec.param.height = spec.param.width = 224;
  const size_t large = vs_run_memory_bytes(&spec, VS_CONV_FAST, 1);
  assert_true(small > 1000000 && large > 10 * small && large < 400000000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(twenty_plain_steps_follow_pytorch),
      cmocka_unit_test(twenty_fast_steps_follow_pytorch),
      cmocka_unit_test(threads_do_not_change_a_bit),
      cmocka_unit_test(measurements_are_of_the_final_picture),
      cmocka_unit_test(the_style_has_a_floor),
      cmocka_unit_test(all_lambdas_start_alike),
      cmocka_unit_test(the_trace_ends_with_the_run),
      cmocka_unit_test(rho_balances_the_gradients),
      cmocka_unit_test(strength_is_in_units_of_the_run_at_0),
      cmocka_unit_test(some_baselines_give_no_unit),
      cmocka_unit_test(a_divergence_is_an_outcome),
      cmocka_unit_test(a_run_can_be_abandoned),
      cmocka_unit_test(a_missing_style_image_is_named),
      cmocka_unit_test(memory_is_announced),
  };
  return cmocka_run_group_tests_name("run", tests, set_up, tear_down);
}
