/* What the steps of a run take and give, whatever it draws: the same bits for any threads, no
 * allocations, the evaluations that cost models count, learning rates that follow their schedule.
 */
#include <stdlib.h>

#include "tests/core/optimize/run_strokes_fixture.h"

/* --- counting what is allocated --------------------------------------------------------------- */

/* The linker puts these in place of malloc and calloc in all of our own code (CMakeLists.txt). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int allocations, evaluations_with_gradient, evaluations_without;

/* And this in place of the objective's. */
vs_losses __real_vs_objective_evaluate(vs_objective *objective, const float *image,
                                       const vs_balance *balance, float *dimage);
vs_losses __wrap_vs_objective_evaluate(vs_objective *objective, const float *image,
                                       const vs_balance *balance, float *dimage);

vs_losses __wrap_vs_objective_evaluate(vs_objective *objective, const float *image,
                                       const vs_balance *balance, float *dimage) {
  if (dimage != NULL)
    evaluations_with_gradient++;
  else
    evaluations_without++;
  return __real_vs_objective_evaluate(objective, image, balance, dimage);
}

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

/* --- the same bits, the same memory ----------------------------------------------------------- */

static vs_run_spec everything_spec(void) {
  vs_run_spec spec = stroke_spec();
  spec.param.height = spec.param.width = 80;
  spec.multiscale.levels = 2;
  spec.palette.pens = three_pens();
  spec.param.strokes.color = VS_STROKE_PALETTE;
  spec.lambda = 5.0;
  spec.steps = 12;
  return spec;
}

static void assert_same_bits(const vs_run_result *a, const vs_run_result *b) {
  assert_int_equal(a->param_count, b->param_count);
  assert_memory_equal(a->theta, b->theta, a->param_count * sizeof(float));
  for (int t = 0; t < VS_TRACE_COUNT; t++)
    assert_memory_equal(a->trace[t], b->trace[t], (size_t)a->trace_count * sizeof(float));
  const double figures[][2] = {{a->exc_eval, b->exc_eval},
                               {a->exc_free, b->exc_free},
                               {a->exc_quantized, b->exc_quantized},
                               {a->exc_refined, b->exc_refined},
                               {a->exc_plotted, b->exc_plotted}};
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
    assert_true(figures[i][0] == figures[i][1] || (isnan(figures[i][0]) && isnan(figures[i][1])));
  const size_t strokes = a->drawing->stroke_count;
  assert_memory_equal(a->stroke_places, b->stroke_places, strokes * sizeof(float));
  assert_memory_equal(a->budget, b->budget, strokes * sizeof(float));
  assert_true(a->plot.drawn_mm == b->plot.drawn_mm && a->plot.travel_mm == b->plot.travel_mm &&
              a->plot.lifts == b->plot.lifts && a->plot.minutes == b->plot.minutes);
  assert_memory_equal(a->final_rgb, b->final_rgb, 3 * (size_t)a->height * (size_t)a->width);
}

static void neither_threads_nor_repetition_change_a_bit(void **state) {
  (void)state;
  const vs_run_spec spec = everything_spec();
  vs_run *one = finished(&spec, 1), *again = finished(&spec, 1), *two = finished(&spec, 2);
  assert_same_bits(vs_run_get_result(again), vs_run_get_result(one));
  assert_same_bits(vs_run_get_result(two), vs_run_get_result(one));
  vs_run_free(two);
  vs_run_free(again);
  vs_run_free(one);
}

typedef struct watch {
  vs_stages stages;
  int before; /* allocations up to the last step */
  int in_steps;
} watch;

/* A step that begins a stage may allocate: drawings, larger spectra. */
static bool note_allocations(void *context, int step) {
  watch *self = context;
  bool begins = step <= 1;
  for (int i = 1; i < self->stages.count; i++)
    begins |= self->stages.list[i].first_step == step - 1;
  if (!begins) self->in_steps += allocations - self->before;
  self->before = allocations;
  return true;
}

static void steps_allocate_nothing(void **state) {
  (void)state;
  static const vs_parametrization kinds[] = {VS_PARAM_STROKES, VS_PARAM_PIXELS};
  for (int k = 0; k < 2; k++) {
    vs_run_spec spec = everything_spec();
    spec.param.kind = kinds[k];
    watch self = {.before = 0};
    vs_stages_of(&spec, &self.stages);
    vs_run *run;
    allocations = 0;
    assert_ok(vs_run_new(&run, &spec, &small_weights, VS_CONV_FAST, 1));
    assert_true(allocations > 0); /* they are counted */
    assert_ok(vs_run_execute(run, note_allocations, &self));
    assert_int_equal(self.in_steps, 0);
    vs_run_free(run);
  }
}

/* Cost models know every evaluation that a run takes. */
static void evaluations_are_counted(void **state) {
  (void)state;
  for (int variant = 0; variant < 8; variant++) {
    vs_run_spec spec = stroke_spec();
    spec.steps = 6;
    spec.param.height = spec.param.width = 130;
    if (variant == 1) spec.param.strokes.color = VS_STROKE_BLACK;
    if (variant == 2) spec.palette.colors = 2;
    if (variant == 3) spec.multiscale.levels = 3;
    if (variant == 4) spec = everything_spec();
    if (variant == 5) spec.transforms.crop = 50;
    if (variant == 6) spec.param.kind = VS_PARAM_PIXELS;
    if (variant >= 6) spec.multiscale.levels = 3;
    if (variant == 7) spec.balance = VS_BALANCE_RHO;
    spec.rho = 1.0;
    const vs_run_evaluations expected = vs_run_count_evaluations(&spec);
    evaluations_with_gradient = evaluations_without = 0;
    vs_run_free(finished(&spec, 1));
    assert_true(evaluations_with_gradient == expected.with_gradient);
    /* 1: the style image, whose excitation vs_objective_set_style takes */
    assert_true(evaluations_without + 1 == expected.without);
  }
}

static void a_divergence_has_no_drawing(void **state) {
  (void)state;
  vs_run_spec spec = everything_spec();
  spec.lambda = 1e60; /* beyond float */
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  assert_int_equal(result->outcome, VS_RUN_DIVERGED);
  assert_null(result->drawing);
  assert_null(result->stroke_places);
  assert_null(result->budget);
  assert_true(isnan(result->exc_free) && isnan(result->exc_plotted) && isnan(result->exc_eval));
  /* It never came to the canvas whose numbers these would be. */
  for (size_t i = 0; i < result->param_count; i++) assert_true(isnan(result->theta[i]));
  vs_run_free(run);
}

/* --- rates over time -------------------------------------------------------------------------- */

/* With moments that forget at once, Adam's step is the rate itself: the farthest that a number went
 * is the sum of all rates. */
static double farthest(vs_run_spec *spec, vs_schedule schedule) {
  spec->schedule = schedule;
  spec->adam = (vs_adam_options){0.001, 0.0, 0.0, 1e-30};
  spec->transforms = (vs_transform_options){.scale_min = 1.0, .scale_max = 1.0};
  vs_run *run = finished(spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  float *start = calloc(result->param_count, sizeof *start);
  assert_non_null(start);
  vs_random_fill_normal(vs_random_make_key(spec->stream, VS_RANDOM_INIT, 0),
                        (float)spec->param.init_sd, start, result->param_count);
  double most = 0.0;
  for (size_t i = 0; i < result->param_count; i++)
    most = larger(most, fabs((double)result->theta[i] - (double)start[i]));
  free(start);
  vs_run_free(run);
  return most / 0.001;
}

static void rates_follow_their_schedule(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.param.kind = VS_PARAM_PIXELS;
  spec.steps = 8;
  /* A number of size .01 is rounded to 1e-9 eight times, of a rate of 1e-3. */
  assert_close(farthest(&spec, VS_SCHEDULE_CONSTANT), 8.0, 1e-4);
  assert_close(farthest(&spec, VS_SCHEDULE_AUTO), 8.0, 1e-4);
  assert_close(farthest(&spec, VS_SCHEDULE_HALVING), 4.0 + 2 * 0.5 + 2 * 0.25, 1e-4);
  /* half of 8, and of the sum of cosines, of which all but the first cancel */
  assert_close(farthest(&spec, VS_SCHEDULE_COSINE), 4.0 + 0.5, 1e-4);
  spec.steps = 1;
  assert_close(farthest(&spec, VS_SCHEDULE_HALVING), 1.0, 1e-4);
  assert_close(farthest(&spec, VS_SCHEDULE_COSINE), 1.0, 1e-4);
}

/* style_reg of the trace is what the style weighed in that step. */
static void the_style_comes_early_or_late(void **state) {
  (void)state;
  static const double pi = 3.14159265358979323846;
  for (int time = VS_STYLE_ALWAYS; time <= VS_STYLE_LATE; time++) {
    vs_run_spec spec = stroke_spec();
    spec.lambda = 5.0;
    spec.steps = 8;
    spec.log_every = 1;
    spec.style_time = (vs_style_time)time;
    spec.palette.pens = three_pens(); /* a stage that has what the free one ended with */
    vs_run *run = finished(&spec, 1);
    const vs_run_result *result = vs_run_get_result(run);
    assert_true(result->trace_count > 9 && result->lambda == 5.0);
    for (int step = 0; step < result->trace_count; step++) {
      const double done = step < 8 ? step / 8.0 : 1.0;
      const double early = 0.5 * (1.0 + cos(pi * done));
      const double factor = time == VS_STYLE_EARLY  ? early
                            : time == VS_STYLE_LATE ? 1.0 - early
                                                    : 1.0;
      const double distance = (double)result->trace[VS_TRACE_STYLE_DIST][step];
      assert_close((double)result->trace[VS_TRACE_STYLE_REG][step], 5.0 * factor * distance,
                   1e-6 * distance);
    }
    vs_run_free(run);
  }
}

static void strokes_slow_down_unless_told_otherwise(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.steps = 8;
  vs_run *by_default = finished(&spec, 1);
  spec.schedule = VS_SCHEDULE_COSINE;
  vs_run *cosine = finished(&spec, 1);
  spec.schedule = VS_SCHEDULE_CONSTANT;
  vs_run *constant = finished(&spec, 1);
  assert_same_bits(vs_run_get_result(by_default), vs_run_get_result(cosine));
  assert_memory_not_equal(vs_run_get_result(constant)->theta, vs_run_get_result(cosine)->theta,
                          vs_run_get_result(cosine)->param_count * sizeof(float));
  vs_run_free(constant);
  vs_run_free(cosine);
  vs_run_free(by_default);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(neither_threads_nor_repetition_change_a_bit),
      cmocka_unit_test(steps_allocate_nothing),
      cmocka_unit_test(evaluations_are_counted),
      cmocka_unit_test(a_divergence_has_no_drawing),
      cmocka_unit_test(rates_follow_their_schedule),
      cmocka_unit_test(the_style_comes_early_or_late),
      cmocka_unit_test(strokes_slow_down_unless_told_otherwise),
  };
  return cmocka_run_group_tests_name("run_steps", tests, set_up, tear_down);
}
