/* run.c - one run: planned into one arena, carried through its stages step by step, finished.
 * What strokes need beyond that is in run_strokes.c and run_plot.c, scores of a canvas in
 * run_score.c. */
#include "core/optimize/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/image/edges.h"
#include "core/image/ink.h"
#include "core/image/picture.h"
#include "core/optimize/run_internal.h"

const char *const vs_run_trace_names[] = {[VS_TRACE_EXC_LOSS] = "exc_loss",
                                          [VS_TRACE_STYLE_DIST] = "style_dist",
                                          [VS_TRACE_STYLE_REG] = "style_reg",
                                          [VS_TRACE_TV] = "tv",
                                          [VS_TRACE_L2] = "l2",
                                          [VS_TRACE_TOTAL] = "total",
                                          [VS_TRACE_GRAD_NORM] = "grad_norm"};

const char *const vs_run_outcome_words[] = {"done", "diverged", "failed", NULL};

const char *const vs_run_balance_words[] = {[VS_BALANCE_LAMBDA] = "lambda",
                                            [VS_BALANCE_RHO] = "rho",
                                            [VS_BALANCE_STRENGTH] = "strength",
                                            NULL};

double vs_run_weight(const vs_run_spec *spec) {
  if (spec->balance == VS_BALANCE_RHO) return spec->rho;
  return spec->balance == VS_BALANCE_STRENGTH ? spec->strength : spec->lambda;
}

int vs_run_logged_steps(int steps, int log_every, int *at) {
  int count = 0;
  for (int step = 0; step < steps; step += log_every, count++)
    if (at != NULL) at[count] = step;
  if (at != NULL) at[count] = steps;
  return count + 1;
}

/* --- planning ------------------------------------------------------------------------------- */

static const vs_stage *last_stage(const vs_run *run) {
  return &run->stages.list[run->stages.count - 1];
}

static size_t canvas_count(const vs_param_spec *param) {
  return 3 * (size_t)param->height * (size_t)param->width;
}

static void plan_strokes(vs_run *run, vs_arena *arena) {
  if (run->spec.param.kind != VS_PARAM_STROKES) return;
  const size_t first = (size_t)run->stages.list[0].param.strokes.count;
  const size_t last = (size_t)last_stage(run)->param.strokes.count;
  run->stroke_pens = vs_arena_take(arena, first, sizeof *run->stroke_pens);
  run->stroke_places = vs_arena_floats(arena, last);
  run->budget = vs_arena_floats(arena, last);
}

/* Takes what lasts as long as the run; from an arena that measures, only its counter matters. */
static void plan_lasting(vs_run *run, vs_arena *arena) {
  const vs_run_spec *spec = &run->spec;
  const size_t canvas = canvas_count(&spec->param);
  const size_t view_count = 3 * (size_t)run->view_height * (size_t)run->view_width;
  const size_t logged =
      (size_t)vs_run_logged_steps(vs_stages_steps(&run->stages), spec->log_every, NULL);
  size_t numbers = 0;
  for (int i = 0; i < run->stages.count; i++) {
    const size_t count = vs_param_count(&run->stages.list[i].param);
    if (count > numbers) numbers = count;
  }
  run->theta = vs_arena_floats(arena, numbers);
  run->spare_theta = vs_arena_floats(arena, numbers);
  run->dtheta = vs_arena_floats(arena, numbers);
  run->first_moment = vs_arena_floats(arena, numbers);
  run->second_moment = vs_arena_floats(arena, numbers);
  run->canvas = vs_arena_floats(arena, canvas);
  run->dcanvas = vs_arena_floats(arena, canvas);
  run->view = vs_arena_floats(arena, view_count);
  run->dview = vs_arena_floats(arena, view_count);
  for (int t = 0; t < VS_TRACE_COUNT; t++) run->trace[t] = vs_arena_floats(arena, logged);
  run->final_rgb = vs_arena_take(arena, canvas, 1);
  run->snapshots = vs_arena_take(arena, canvas * (size_t)spec->snapshot_count, 1);
  for (int i = 0; i < run->stages.count; i++)
    run->params[i] = vs_param_new(&run->stages.list[i].param, run->threads, arena);
  plan_strokes(run, arena);
  run->probe = vs_gram_probe_plan(&spec->objective, spec->param.height, spec->param.width, arena);
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
  return vs_gram_probe_net(&run->probe, run->weights, run->algorithm, run->threads, arena);
}

/* A run that has taken nothing yet. */
static void outline(vs_run *run, const vs_run_spec *spec, vs_conv_algorithm algorithm,
                    int threads) {
  *run = (vs_run){.spec = *spec, .algorithm = algorithm, .threads = threads};
  vs_stages_of(spec, &run->stages);
  run->window = vs_stages_window(spec);
  run->view_height = run->window.height + 2 * spec->transforms.pad;
  run->view_width = run->window.width + 2 * spec->transforms.pad;
}

/* Bytes that the arena of this run needs. */
static size_t measure(const vs_run *run) {
  vs_run measured = *run;
  vs_arena arena = vs_arena_measure();
  plan_lasting(&measured, &arena);
  plan_objective(&measured, &arena);
  plan_probe_net(&measured, &arena);
  return arena.peak_bytes;
}

vs_run_result vs_run_blank_result(const vs_run_spec *spec) {
  vs_stages stages;
  vs_stages_of(spec, &stages);
  return (vs_run_result){.outcome = VS_RUN_FAILED,
                         .failure = "",
                         .lambda = spec->balance == VS_BALANCE_LAMBDA ? spec->lambda : NAN,
                         .exc_first = NAN,
                         .exc_final = NAN,
                         .exc_eval = NAN,
                         .style_first = NAN,
                         .style_final = NAN,
                         .style_eval = NAN,
                         .exc_best = NAN,
                         .exc_free = NAN,
                         .exc_quantized = NAN,
                         .exc_refined = NAN,
                         .exc_plotted = NAN,
                         .plot = {.drawn_mm = NAN, .travel_mm = NAN, .minutes = NAN},
                         .measurements = vs_measurements_blank(),
                         .trace_count =
                             vs_run_logged_steps(vs_stages_steps(&stages), spec->log_every, NULL),
                         .height = spec->param.height,
                         .width = spec->param.width,
                         .param_count = vs_param_count(&stages.list[stages.count - 1].param)};
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
 * objective at that of the view; then as runs are seen that are compared with it. */
static vs_status take_style(vs_run *run) {
  vs_picture style = {0}, canvas = {0}, view = {0};
  vs_status status = vs_picture_open(&style, run->spec.style_image);
  if (status == VS_OK)
    status = vs_picture_resized(&canvas, &style, run->spec.param.height, run->spec.param.width);
  if (status == VS_OK)
    status = vs_picture_resized(&view, &style, run->view_height, run->view_width);
  if (status == VS_OK) {
    vs_gram_probe_set_style(&run->probe, plan_probe_net(run, &run->arena), canvas.rgb);
    plan_objective(run, &run->arena);
    run->exc_style = vs_objective_set_style(run->objective, view.rgb);
    run->stage = last_stage(run);
    memcpy(run->canvas, canvas.rgb, canvas_count(&run->spec.param) * sizeof *run->canvas);
    run->style_floor = vs_run_score(run).style;
  }
  vs_picture_clear(&style);
  vs_picture_clear(&canvas);
  vs_picture_clear(&view);
  return status;
}

vs_status vs_run_new(vs_run **out, const vs_run_spec *spec, const vs_weights *weights,
                     vs_conv_algorithm algorithm, int threads) {
  *out = NULL;
  vs_run *run = malloc(sizeof *run);
  if (run == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a run");
  outline(run, spec, algorithm, threads);
  run->weights = weights;
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
  vs_drawing_free(run->drawing);
  free(run);
}

size_t vs_run_memory_bytes(const vs_run_spec *spec, vs_conv_algorithm algorithm, int threads) {
  vs_run run;
  outline(&run, spec, algorithm, threads);
  return sizeof run + measure(&run);
}

/* Evaluations of fixed views: the style image, what colours reduced to pens are worth, what a stage
 * has come to where that is noted, the drawing in all orientations before it is copied, and as
 * plotted. */
static int count_views(const vs_run_spec *spec, const vs_stages *stages) {
  const vs_window window = vs_stages_window(spec);
  bool has_pens =
      spec->param.kind == VS_PARAM_STROKES && spec->param.strokes.color == VS_STROKE_BLACK;
  int count = vs_transform_eval_views(spec->param.height, spec->param.width, &window);
  for (int i = 0; i < stages->count; i++) {
    const vs_stage *stage = &stages->list[i];
    const bool is_last = i + 1 == stages->count;
    int scores = is_last || stage->kind != VS_STAGE_ENLARGED ? 1 : 0;
    if (stage->kind == VS_STAGE_PENS) {
      has_pens = true;
      scores++;
    }
    if (is_last && has_pens) scores++;
    if (!is_last && stage[1].kind == VS_STAGE_ENLARGED && spec->param.kind == VS_PARAM_STROKES)
      count += VS_ORIENTATIONS * vs_run_score_whole_views(&stage->param, &window);
    count += scores * vs_transform_eval_views(stage->param.height, stage->param.width, &window);
  }
  return count;
}

vs_run_evaluations vs_run_count_evaluations(const vs_run_spec *spec) {
  vs_stages stages;
  vs_stages_of(spec, &stages);
  return (vs_run_evaluations){
      /* the updates and the last line of the trace; the gradients of both sides for rho */
      .with_gradient = vs_stages_steps(&stages) + 1.0 + (spec->balance == VS_BALANCE_RHO ? 2 : 0) +
                       vs_run_plot_budget_evaluations(spec),
      .without =
          count_views(spec, &stages) + 1 + VS_MEASUREMENTS_EVALUATIONS, /* 1: the style image */
  };
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

/* Of the gradient at the canvas. */
static double canvas_norm(const vs_run *run) {
  return norm_of(run->dcanvas, canvas_count(&run->stage->param));
}

/* Losses of the canvas as step `step` sees it, and their gradient in dcanvas. */
static vs_losses evaluate_step(vs_run *run, int step, const vs_balance *balance) {
  const vs_run_spec *spec = &run->spec;
  const int height = run->stage->param.height, width = run->stage->param.width;
  const vs_random_key key = vs_random_make_key(spec->stream, VS_RANDOM_TRANSFORM, (uint32_t)step);
  const vs_affine map = vs_transform_draw(&spec->transforms, key, height, width, &run->window);
  vs_transform_apply(&map, run->canvas, height, width, run->view, run->view_height, run->view_width,
                     run->threads);
  const vs_losses losses = vs_objective_evaluate(run->objective, run->view, balance, run->dview);
  vs_transform_backward(&map, run->dview, run->view_height, run->view_width, run->dcanvas, height,
                        width, run->threads);
  return losses;
}

/* lambda such that at the start |lambda grad style| = rho |grad exc|, both seen at the image. */
static double lambda_for_rho(vs_run *run) {
  if (run->spec.rho == 0.0) return 0.0;
  const vs_balance excitation = {.excitation = 1.0, .rescue = run->spec.rescue_steps > 0};
  const vs_balance style = {.lambda = 1.0};
  evaluate_step(run, 0, &excitation);
  const double excitation_norm = canvas_norm(run);
  evaluate_step(run, 0, &style);
  const double style_norm = canvas_norm(run);
  return style_norm > 0.0 ? run->spec.rho * excitation_norm / style_norm : 0.0;
}

/* The weight of the style, of a run that is about to take its first step. */
static double resolve_lambda(vs_run *run) {
  const vs_run_spec *spec = &run->spec;
  if (spec->balance == VS_BALANCE_RHO) return lambda_for_rho(run);
  if (spec->balance == VS_BALANCE_LAMBDA) return spec->lambda;
  return spec->strength > 0.0 ? spec->strength * spec->strength_unit : 0.0;
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

/* All pictures of a run have the size of the last canvas; a smaller one is shown magnified, every
 * pixel as it is. */
static void take_picture(const vs_run *run, uint8_t *rgb) {
  const vs_param_spec *from = &run->stage->param, *to = &run->spec.param;
  for (int y = 0; y < to->height; y++) {
    const int row = (int)((long)y * from->height / to->height);
    for (int x = 0; x < to->width; x++, rgb += 3) {
      const int column = (int)((long)x * from->width / to->width);
      vs_picture_to_bytes(run->canvas + 3 * ((long)row * from->width + column), rgb, 3);
    }
  }
}

static void take_snapshot(vs_run *run, int step) {
  for (int s = 0; s < run->spec.snapshot_count; s++)
    if (run->spec.snapshot_steps[s] == step)
      take_picture(run, run->snapshots + (size_t)s * canvas_count(&run->spec.param));
}

/* What is measured of a finished run beside its losses. The objective is gone afterwards. */
static void take_measurements(vs_run *run) {
  vs_measurements *measurements = &run->result.measurements;
  const int height = run->spec.param.height, width = run->spec.param.width;
  measurements->exc_style = run->exc_style;
  measurements->style_floor = run->style_floor;
  vs_measurements_of_references(measurements, run->objective, run->view, run->view_height,
                                run->view_width);
  const vs_ink ink = vs_ink_measure(run->final_rgb, height, width);
  measurements->coverage = ink.covered;
  measurements->ink = ink.mean;
  measurements->paper = ink.paper;
  measurements->edge_density = vs_edge_density(run->final_rgb, height, width);
  vs_gram_probe_measure(&run->probe, plan_probe_net(run, &run->arena), run->canvas, measurements);
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

/* --- stages ----------------------------------------------------------------------------------- */

static vs_status enter_stage(vs_run *run, int index) {
  const vs_stage *from = run->stage, *to = &run->stages.list[index];
  const size_t count = vs_param_count(&to->param);
  vs_tiling tiling = run->spec.multiscale.tiling;
  vs_status status = VS_OK;
  if (to->kind == VS_STAGE_ENLARGED)
    status = vs_run_strokes_find_orientations(run, &tiling.orientations);
  if (status != VS_OK) return status;
  run->stage = to;
  run->param = run->params[index];
  if (to->kind == VS_STAGE_PENS) status = vs_run_strokes_reduce_to_pens(run, from);
  if (to->kind == VS_STAGE_ENLARGED) {
    const vs_random_key key =
        vs_random_make_key(run->spec.stream, VS_RANDOM_STROKES, (uint32_t)index);
    status = vs_param_enlarge(&from->param, run->theta, &tiling, key, &to->param, run->spare_theta);
    memcpy(run->theta, run->spare_theta, count * sizeof *run->theta);
    vs_param_project(run->param, run->theta);
  }
  memset(run->first_moment, 0, count * sizeof *run->first_moment);
  memset(run->second_moment, 0, count * sizeof *run->second_moment);
  return status;
}

/* The excitation that a stage has come to, before the next one changes it. */
static void note_stage(vs_run *run, double exc) {
  if (run->stage->kind == VS_STAGE_FREE) run->result.exc_free = exc;
  if (run->stage->kind == VS_STAGE_PENS) run->result.exc_refined = exc;
}

/* Brings the run to the stage that step `step` belongs to: the last of those that begin with it. */
static vs_status follow_stages(vs_run *run, int step) {
  vs_status status = VS_OK;
  while (status == VS_OK && run->stage != last_stage(run) && run->stage[1].first_step == step) {
    if (run->stage->kind != VS_STAGE_ENLARGED)
      note_stage(run, vs_run_score_theta(run, run->theta).exc);
    status = enter_stage(run, (int)(run->stage - run->stages.list) + 1);
    if (status == VS_OK && run->stage->kind == VS_STAGE_PENS)
      run->result.exc_quantized = vs_run_score_theta(run, run->theta).exc;
  }
  return status;
}

/* What learning rates are multiplied by. */
static double schedule_factor(const vs_run_spec *spec, const vs_stage *stage, int step) {
  static const double pi = 3.14159265358979323846;
  const double done = (double)(step - stage->first_step) / stage->steps;
  const bool is_drawing = spec->param.kind == VS_PARAM_STROKES;
  switch (spec->schedule) {
  case VS_SCHEDULE_HALVING:
    return done >= 0.75 ? 0.25 : done >= 0.5 ? 0.5 : 1.0;
  case VS_SCHEDULE_AUTO:
    if (!is_drawing) return 1.0; /* fall through */
  case VS_SCHEDULE_COSINE:
    return 0.5 * (1.0 + cos(pi * done));
  case VS_SCHEDULE_CONSTANT:
    return 1.0;
  }
  return 1.0;
}

/* What lambda is multiplied by. */
static double style_factor(const vs_run_spec *spec, const vs_stage *stage, int step) {
  static const double pi = 3.14159265358979323846;
  const double done = stage->kind == VS_STAGE_FREE ? (double)step / spec->steps : 1.0;
  switch (spec->style_time) {
  case VS_STYLE_EARLY:
    return 0.5 * (1.0 + cos(pi * done));
  case VS_STYLE_LATE:
    return 0.5 * (1.0 - cos(pi * done));
  case VS_STYLE_ALWAYS:
    return 1.0;
  }
  return 1.0;
}

/* One update of theta from the gradient at the canvas. */
static void update(vs_run *run, int step) {
  const vs_stage *stage = run->stage;
  vs_param_block blocks[VS_PARAM_MAX_BLOCKS];
  const int block_count = vs_param_blocks(&stage->param, run->spec.adam.learning_rate, blocks);
  vs_param_backward(run->param, run->canvas, run->dcanvas, run->dtheta);
  const double factor = schedule_factor(&run->spec, stage, step);
  const double faded = run->spec.weight_decay * run->spec.adam.learning_rate * factor;
  vs_param_fade(run->param, fmax(0.0, 1.0 - faded), run->theta);
  size_t at = 0;
  for (int b = 0; b < block_count; at += blocks[b].count, b++) {
    vs_adam_options adam = run->spec.adam;
    if (stage->param.kind == VS_PARAM_STROKES) adam.beta1 = stage->param.strokes.momentum;
    adam.learning_rate = blocks[b].rate * factor;
    if (adam.learning_rate > 0.0)
      vs_adam_step(&adam, step - stage->first_step + 1, blocks[b].count, run->dtheta + at,
                   run->first_moment + at, run->second_moment + at, run->theta + at);
  }
  vs_param_project(run->param, run->theta);
}

/* Updates until the end or the first number that is not finite. */
static vs_status descend(vs_run *run, vs_run_progress *progress, void *context) {
  const vs_run_spec *spec = &run->spec;
  vs_run_result *result = &run->result;
  const int steps = vs_stages_steps(&run->stages);
  int row = 0;
  for (int step = 0; step <= steps; step++) {
    if (progress != NULL && !progress(context, step))
      return vs_fail(VS_ERR_STOPPED, "the run was abandoned at step %d", step);
    const vs_status status = follow_stages(run, step);
    if (status != VS_OK) return status;
    if (run->stage->kind == VS_STAGE_FREE) vs_param_anneal(run->param, (double)step / spec->steps);
    vs_param_render(run->param, run->theta, run->canvas);
    if (step == 0) result->lambda = resolve_lambda(run);
    take_snapshot(run, step);

    run->style_factor = style_factor(spec, run->stage, step);
    const vs_balance balance = {.excitation = 1.0,
                                .lambda = result->lambda * run->style_factor,
                                .image_terms = 1.0,
                                .rescue = step < spec->rescue_steps};
    const vs_losses losses = evaluate_step(run, step, &balance);
    const double grad_norm = canvas_norm(run);
    if (step % spec->log_every == 0 || step == steps) record(run, row++, &losses, grad_norm);
    note_losses(result, step, steps, &losses);
    result->steps = step;
    if (!isfinite(losses.total) || !isfinite(grad_norm)) {
      result->outcome = VS_RUN_DIVERGED;
      return VS_OK;
    }
    if (step < steps) update(run, step);
  }
  result->outcome = VS_RUN_DONE;
  return VS_OK;
}

/* The start numbers, and the stage that they belong to. */
static vs_status begin(vs_run *run) {
  const vs_run_spec *spec = &run->spec;
  run->stage = &run->stages.list[0];
  run->param = run->params[0];
  if (run->has_start) return VS_OK;
  vs_param_start(run->param, vs_random_make_key(spec->stream, VS_RANDOM_INIT, 0), run->theta);
  return spec->param.kind == VS_PARAM_STROKES ? vs_run_strokes_start_from_svg(run) : VS_OK;
}

static vs_status finish(vs_run *run) {
  vs_param_render(run->param, run->theta, run->canvas);
  take_picture(run, run->final_rgb);
  if (run->stage != last_stage(run))
    for (size_t i = 0; i < run->result.param_count; i++) run->theta[i] = NAN;
  if (run->result.outcome != VS_RUN_DONE) return VS_OK;
  const vs_score score = vs_run_score(run);
  run->result.exc_eval = score.exc;
  run->result.style_eval = score.style;
  note_stage(run, score.exc);
  vs_status status = VS_OK;
  if (run->spec.param.kind == VS_PARAM_STROKES) status = vs_run_plot(run);
  run->result.measurements.pre_eval = score.pre;
  if (status == VS_OK) take_measurements(run);
  return status;
}

vs_status vs_run_execute(vs_run *run, vs_run_progress *progress, void *context) {
  const double start = vs_clock_seconds();
  vs_status status = begin(run);
  if (status == VS_OK) status = descend(run, progress, context);
  if (status == VS_OK) status = finish(run);
  run->result.seconds = vs_clock_seconds() - start;
  return status;
}
