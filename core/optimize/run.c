#include "core/optimize/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/image/edges.h"
#include "core/image/ink.h"
#include "core/image/picture.h"

struct vs_run {
  vs_run_spec spec;
  vs_arena arena;       /* holds all that follows, and what objective and param take */
  size_t lasting_bytes; /* of the arena; behind them stands the net that is needed just now: that
                           of the probe, the objective's, and again that of the probe */
  const vs_vgg_weights *weights; /* not owned */
  vs_conv_algorithm algorithm;
  int threads;
  vs_objective *objective; /* between the two nets of the probe */
  vs_probe probe;
  vs_param *param;
  size_t canvas_count;         /* values of a canvas, 3 H W */
  int view_height, view_width; /* the canvas and its padding */
  float *theta, *dtheta, *first_moment, *second_moment;
  float *canvas, *dcanvas, *view, *dview;
  float *trace[VS_TRACE_COUNT];
  uint8_t *final_rgb, *snapshots;
  double exc_style;
  vs_run_result result;
};

const char *vs_trace_name(vs_trace trace) {
  static const char *const names[VS_TRACE_COUNT] = {
      [VS_TRACE_EXC_LOSS] = "exc_loss",
      [VS_TRACE_STYLE_DIST] = "style_dist",
      [VS_TRACE_STYLE_REG] = "style_reg",
      [VS_TRACE_TV] = "tv",
      [VS_TRACE_L2] = "l2",
      [VS_TRACE_TOTAL] = "total",
      [VS_TRACE_GRAD_NORM] = "grad_norm",
  };
  return names[trace];
}

const char *vs_outcome_name(vs_outcome outcome) {
  switch (outcome) {
  case VS_RUN_DONE:
    return "done";
  case VS_RUN_DIVERGED:
    return "diverged";
  case VS_RUN_FAILED:
    return "failed";
  }
  return "unknown";
}

int vs_run_logged_steps(int steps, int log_every, int *at) {
  int count = 0;
  for (int step = 0; step < steps; step += log_every, count++)
    if (at != NULL) at[count] = step;
  if (at != NULL) at[count] = steps;
  return count + 1;
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* --- planning ------------------------------------------------------------------------------- */

/* Takes what lasts as long as the run; from an arena that measures, only its counter matters. */
static void plan_lasting(vs_run *run, vs_arena *arena) {
  const vs_run_spec *spec = &run->spec;
  const int height = spec->param.height, width = spec->param.width;
  run->view_height = height + 2 * spec->transforms.pad;
  run->view_width = width + 2 * spec->transforms.pad;
  run->canvas_count = 3 * (size_t)height * (size_t)width;
  const size_t view_count = 3 * (size_t)run->view_height * (size_t)run->view_width;
  const size_t numbers = vs_param_count(&spec->param);
  const size_t logged = (size_t)vs_run_logged_steps(spec->steps, spec->log_every, NULL);

  run->theta = vs_arena_floats(arena, numbers);
  run->dtheta = vs_arena_floats(arena, numbers);
  run->first_moment = vs_arena_floats(arena, numbers);
  run->second_moment = vs_arena_floats(arena, numbers);
  run->canvas = vs_arena_floats(arena, run->canvas_count);
  run->dcanvas = vs_arena_floats(arena, run->canvas_count);
  run->view = vs_arena_floats(arena, view_count);
  run->dview = vs_arena_floats(arena, view_count);
  for (int t = 0; t < VS_TRACE_COUNT; t++) run->trace[t] = vs_arena_floats(arena, logged);
  run->final_rgb = vs_arena_take(arena, run->canvas_count, 1);
  run->snapshots = vs_arena_take(arena, run->canvas_count * (size_t)spec->snapshot_count, 1);
  run->param = vs_param_new(&spec->param, arena);
  run->probe = vs_probe_plan(&spec->objective, height, width, arena);
  run->lasting_bytes = arena->used_bytes;
}

static void plan_objective(vs_run *run, vs_arena *arena) {
  vs_arena_rewind(arena, run->lasting_bytes);
  run->objective = vs_objective_new(&run->spec.objective, run->view_height, run->view_width,
                                    run->weights, run->algorithm, run->threads, arena);
}

/* Takes the place of the objective, if it stands there already. */
static vs_net *plan_probe_net(vs_run *run, vs_arena *arena) {
  vs_arena_rewind(arena, run->lasting_bytes);
  run->objective = NULL;
  return vs_probe_net(&run->probe, run->weights, run->algorithm, run->threads, arena);
}

/* Bytes that the arena of this run needs. */
static size_t measure(const vs_run *run) {
  vs_run measured = {.spec = run->spec, .algorithm = run->algorithm, .threads = run->threads};
  vs_arena arena = vs_arena_measure();
  plan_lasting(&measured, &arena);
  plan_objective(&measured, &arena);
  plan_probe_net(&measured, &arena);
  return arena.most_bytes;
}

vs_run_result vs_run_blank_result(const vs_run_spec *spec) {
  return (vs_run_result){.outcome = VS_RUN_FAILED,
                         .lambda = spec->by_rho ? NAN : spec->lambda,
                         .exc_first = NAN,
                         .exc_final = NAN,
                         .exc_eval = NAN,
                         .style_first = NAN,
                         .style_final = NAN,
                         .style_eval = NAN,
                         .exc_best = NAN,
                         .portrait = vs_portrait_blank(),
                         .trace_count = vs_run_logged_steps(spec->steps, spec->log_every, NULL),
                         .height = spec->param.height,
                         .width = spec->param.width,
                         .param_count = vs_param_count(&spec->param)};
}

static void describe_result(vs_run *run) {
  run->result = vs_run_blank_result(&run->spec);
  run->result.final_rgb = run->final_rgb;
  run->result.snapshots = run->snapshots;
  run->result.theta = run->theta;
  for (int t = 0; t < VS_TRACE_COUNT; t++) {
    run->result.trace[t] = run->trace[t];
    for (int i = 0; i < run->result.trace_count; i++) run->trace[t][i] = NAN;
  }
}

/* The style image is seen whole and unmoved: by the probe at the size of the canvas, by the
 * objective at that of the view. */
static vs_status take_style(vs_run *run) {
  vs_picture style = {0}, canvas = {0}, view = {0};
  vs_status status = vs_picture_open(&style, run->spec.style_image);
  if (status == VS_OK)
    status = vs_picture_resized(&canvas, &style, run->spec.param.height, run->spec.param.width);
  if (status == VS_OK)
    status = vs_picture_resized(&view, &style, run->view_height, run->view_width);
  if (status == VS_OK) {
    vs_probe_set_style(&run->probe, plan_probe_net(run, &run->arena), canvas.rgb);
    plan_objective(run, &run->arena);
    run->exc_style = vs_objective_set_style(run->objective, view.rgb);
  }
  vs_picture_clear(&style);
  vs_picture_clear(&canvas);
  vs_picture_clear(&view);
  return status;
}

vs_status vs_run_new(vs_run **out, const vs_run_spec *spec, const vs_vgg_weights *weights,
                     vs_conv_algorithm algorithm, int threads) {
  *out = NULL;
  vs_run *run = calloc(1, sizeof *run);
  if (run == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a run");
  run->spec = *spec;
  run->weights = weights;
  run->algorithm = algorithm;
  run->threads = threads;
  vs_status status = vs_arena_init(&run->arena, measure(run));
  if (status == VS_OK) {
    plan_lasting(run, &run->arena);
    describe_result(run);
    status = take_style(run);
  }
  if (status != VS_OK) {
    vs_run_free(run);
    return status;
  }
  *out = run;
  return VS_OK;
}

void vs_run_free(vs_run *run) {
  if (run == NULL) return;
  vs_arena_clear(&run->arena);
  free(run);
}

size_t vs_run_memory_bytes(const vs_run_spec *spec, vs_conv_algorithm algorithm, int threads) {
  vs_run run = {.spec = *spec, .algorithm = algorithm, .threads = threads};
  return sizeof run + measure(&run);
}

const vs_run_result *vs_run_get_result(const vs_run *run) {
  return &run->result;
}

/* --- running -------------------------------------------------------------------------------- */

static double norm_of(const float *values, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += (double)values[i] * (double)values[i];
  return sqrt(sum);
}

/* Losses of the canvas as step `step` sees it, and their gradient in dcanvas. */
static vs_losses look(vs_run *run, int step, const vs_balance *balance) {
  const vs_run_spec *spec = &run->spec;
  const int height = spec->param.height, width = spec->param.width;
  const vs_random_key key = vs_random_make_key(spec->stream, VS_RANDOM_TRANSFORM, (uint32_t)step);
  const vs_affine map = vs_transform_draw(&spec->transforms, key, height, width);
  vs_transform_apply(&map, run->canvas, height, width, run->view, run->view_height, run->view_width,
                     run->threads);
  const vs_losses losses = vs_objective_evaluate(run->objective, run->view, balance, run->dview);
  vs_transform_adjoint(&map, run->dview, run->view_height, run->view_width, run->dcanvas, height,
                       width, run->threads);
  return losses;
}

/* lambda such that at the start |lambda grad style| = rho |grad exc|, both seen at the image. */
static double lambda_for_rho(vs_run *run) {
  if (run->spec.rho == 0.0) return 0.0;
  const vs_balance excitation = {.excitation = 1.0, .rescue = run->spec.rescue_steps > 0};
  const vs_balance style = {.lambda = 1.0};
  look(run, 0, &excitation);
  const double excitation_norm = norm_of(run->dcanvas, run->canvas_count);
  look(run, 0, &style);
  const double style_norm = norm_of(run->dcanvas, run->canvas_count);
  return style_norm > 0.0 ? run->spec.rho * excitation_norm / style_norm : 0.0;
}

static void record(vs_run *run, int row, const vs_losses *losses, double grad_norm) {
  const double values[VS_TRACE_COUNT] = {
      [VS_TRACE_EXC_LOSS] = losses->exc_loss,
      [VS_TRACE_STYLE_DIST] = losses->style_dist,
      [VS_TRACE_STYLE_REG] = losses->style_reg,
      [VS_TRACE_TV] = losses->tv,
      [VS_TRACE_L2] = losses->l2,
      [VS_TRACE_TOTAL] = losses->total,
      [VS_TRACE_GRAD_NORM] = grad_norm,
  };
  for (int t = 0; t < VS_TRACE_COUNT; t++) run->trace[t][row] = (float)values[t];
}

static void take_snapshot(vs_run *run, int step) {
  for (int s = 0; s < run->spec.snapshot_count; s++)
    if (run->spec.snapshot_steps[s] == step)
      vs_picture_to_bytes(run->canvas, run->snapshots + (size_t)s * run->canvas_count,
                          run->canvas_count);
}

/* Means over the fixed views: runs of a group are compared on the same crops, whatever they trained
 * on. */
static void evaluate_end(vs_run *run) {
  const vs_run_spec *spec = &run->spec;
  const int height = spec->param.height, width = spec->param.width;
  const vs_balance balance = {.excitation = 1.0};
  double exc = 0.0, style = 0.0;
  for (int v = 0; v < VS_EVAL_VIEWS; v++) {
    const vs_affine map = vs_transform_eval_view(v, spec->transforms.pad, height, width);
    vs_transform_apply(&map, run->canvas, height, width, run->view, run->view_height,
                       run->view_width, run->threads);
    const vs_losses losses = vs_objective_evaluate(run->objective, run->view, &balance, NULL);
    exc += losses.exc_loss / VS_EVAL_VIEWS;
    style += losses.style_dist / VS_EVAL_VIEWS;
  }
  run->result.exc_eval = exc;
  run->result.style_eval = style;
}

/* What is measured of a finished run beside its losses. The objective is gone afterwards. */
static void take_portrait(vs_run *run) {
  vs_portrait *portrait = &run->result.portrait;
  const int height = run->spec.param.height, width = run->spec.param.width;
  portrait->exc_style = run->exc_style;
  vs_portrait_measure_references(portrait, run->objective, run->view, run->view_height,
                                 run->view_width);
  portrait->coverage = vs_ink_share(run->final_rgb, height, width);
  portrait->edge_density = vs_edge_density(run->final_rgb, height, width);
  vs_probe_measure(&run->probe, plan_probe_net(run, &run->arena), run->canvas, portrait);
}

static void note_losses(vs_run_result *result, int step, int steps, const vs_losses *losses) {
  result->exc_best = fmin(result->exc_best, losses->exc_loss); /* fmin passes NaN over */
  if (step == 0) {
    result->exc_first = losses->exc_loss;
    result->style_first = losses->style_dist;
  }
  if (step == steps) {
    result->exc_final = losses->exc_loss;
    result->style_final = losses->style_dist;
  }
}

/* Updates until the end or the first number that is not finite. */
static vs_status descend(vs_run *run, vs_run_progress *progress, void *context) {
  const vs_run_spec *spec = &run->spec;
  vs_run_result *result = &run->result;
  int row = 0;
  for (int step = 0; step <= spec->steps; step++) {
    if (progress != NULL && !progress(context, step))
      return vs_fail(VS_ERR_STOPPED, "the run was abandoned at step %d", step);
    vs_param_render(run->param, run->theta, run->canvas);
    if (step == 0 && spec->by_rho) result->lambda = lambda_for_rho(run);
    take_snapshot(run, step);

    const vs_balance balance = {.excitation = 1.0,
                                .lambda = result->lambda,
                                .image_terms = 1.0,
                                .rescue = step < spec->rescue_steps};
    const vs_losses losses = look(run, step, &balance);
    const double grad_norm = norm_of(run->dcanvas, run->canvas_count);
    if (step % spec->log_every == 0 || step == spec->steps) record(run, row++, &losses, grad_norm);
    note_losses(result, step, spec->steps, &losses);
    result->steps = step;
    if (!isfinite(losses.total) || !isfinite(grad_norm)) {
      result->outcome = VS_RUN_DIVERGED;
      return VS_OK;
    }
    if (step == spec->steps) break;
    vs_param_backprop(run->param, run->canvas, run->dcanvas, run->dtheta);
    vs_adam_step(&spec->adam, step + 1, result->param_count, run->dtheta, run->first_moment,
                 run->second_moment, run->theta);
  }
  result->outcome = VS_RUN_DONE;
  return VS_OK;
}

vs_status vs_run_execute(vs_run *run, vs_run_progress *progress, void *context) {
  const double start = seconds_now();
  vs_param_start(run->param, vs_random_make_key(run->spec.stream, VS_RANDOM_INIT, 0), run->theta);
  vs_status status = descend(run, progress, context);
  if (status != VS_OK) return status;
  vs_picture_to_bytes(run->canvas, run->final_rgb, run->canvas_count);
  if (run->result.outcome == VS_RUN_DONE) {
    evaluate_end(run);
    take_portrait(run);
  }
  run->result.seconds = seconds_now() - start;
  return VS_OK;
}
