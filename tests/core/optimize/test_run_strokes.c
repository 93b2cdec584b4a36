/* Runs in several stages: strokes free, black, with pens found and given; larger canvases; what is
 * measured of a drawing. Against the same figures by other ways: an objective of the test's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/picture.h"
#include "core/param/strokes.h"
#include "tests/core/optimize/run_strokes_fixture.h"

/* The same computations in the same order, but for sums over views, in double. */
static const double same_tolerance = 1e-9;
/* Widths as plotted are rounded to float twice on their way. */
static const double plotted_tolerance = 1e-4;

/* --- the same figures by other ways ----------------------------------------------------------- */

/* The last stage of a run, and an objective to evaluate its canvas with. */
typedef struct judge {
  vs_param_spec param_spec;
  vs_window window;
  int pad, views;
  bool is_whole; /* the canvas is seen whole */
  vs_arena arena;
  vs_param *param;
  vs_objective *objective;
  float *canvas, *view, *dcanvas, *dview, *theta, *dtheta, *gains;
} judge;

static void plan_judge(judge *made, const vs_run_spec *spec, vs_arena *arena) {
  const int border = 2 * made->pad;
  const size_t view =
      3 * (size_t)(made->window.height + border) * (size_t)(made->window.width + border);
  const size_t canvas = 3 * (size_t)spec->param.height * (size_t)spec->param.width;
  const size_t numbers = vs_param_count(&made->param_spec);
  made->canvas = vs_arena_floats(arena, canvas);
  made->dcanvas = vs_arena_floats(arena, canvas);
  made->view = vs_arena_floats(arena, view);
  made->dview = vs_arena_floats(arena, view);
  made->theta = vs_arena_floats(arena, numbers);
  made->dtheta = vs_arena_floats(arena, numbers);
  made->gains = vs_arena_floats(arena, numbers);
  made->param = vs_param_new(&made->param_spec, 1, arena);
  made->objective =
      vs_objective_new(&spec->objective, made->window.height + border, made->window.width + border,
                       arena->measuring ? NULL : &small_weights, VS_CONV_FAST, 1, arena);
}

static judge new_judge(const vs_run_spec *spec) {
  vs_stages stages;
  vs_stages_of(spec, &stages);
  judge made = {.param_spec = stages.list[stages.count - 1].param,
                .window = vs_stages_window(spec),
                .pad = spec->transforms.pad};
  const int height = spec->param.height, width = spec->param.width;
  made.is_whole = made.window.height == height && made.window.width == width;
  made.views = vs_transform_eval_views(height, width, &made.window);
  vs_arena measure = vs_arena_measure();
  plan_judge(&made, spec, &measure);
  assert_ok(vs_arena_init(&made.arena, measure.peak_bytes));
  plan_judge(&made, spec, &made.arena);
  return made;
}

/* The mean excitation over the first views of the canvas. */
static double judge_theta(judge *made, const float *theta, int views) {
  const vs_balance balance = {.excitation = 1.0};
  const int height = made->param_spec.height, width = made->param_spec.width;
  double sum = 0.0;
  vs_param_render(made->param, theta, made->canvas);
  for (int v = 0; v < views; v++) {
    const vs_affine map = vs_transform_eval_view(v, made->pad, height, width, &made->window);
    vs_transform_apply(&map, made->canvas, height, width, made->view,
                       made->window.height + 2 * made->pad, made->window.width + 2 * made->pad, 1);
    sum += vs_objective_evaluate(made->objective, made->view, &balance, NULL).exc_loss;
  }
  return sum / views;
}

static void assert_same(double value, double expected) {
  assert_close(value, expected, same_tolerance * fabs(expected));
}

/* The excitation with the n strokes of the lowest places. */
static double judge_places(judge *made, const vs_run_result *result, size_t n) {
  const size_t strokes = result->drawing->stroke_count;
  float *opacities = made->theta + 2 * result->drawing->point_count + strokes;
  memcpy(made->theta, result->theta, result->param_count * sizeof *made->theta);
  for (size_t i = 0; i < strokes; i++)
    if (result->stroke_places[i] >= (float)n) opacities[i] = 0.0f;
  return judge_theta(made, made->theta, made->is_whole ? 1 : made->views);
}

/* Adds to the gains of strokes what each takes off the excitation, by its derivative by the
 * stroke's opacity where all opacities are `share` of what they are. */
static void add_gains(judge *made, const vs_run_result *result, float share, double weight) {
  const vs_balance balance = {.excitation = 1.0};
  const int height = made->param_spec.height, width = made->param_spec.width;
  const int views = made->is_whole ? 1 : made->views;
  const int view_height = made->window.height + 2 * made->pad;
  const int view_width = made->window.width + 2 * made->pad;
  const size_t strokes = result->drawing->stroke_count;
  const size_t opacities = 2 * result->drawing->point_count + strokes;
  memcpy(made->theta, result->theta, result->param_count * sizeof *made->theta);
  for (size_t i = 0; i < strokes; i++) made->theta[opacities + i] *= share;
  vs_param_render(made->param, made->theta, made->canvas);
  for (int v = 0; v < views; v++) {
    const vs_affine map = vs_transform_eval_view(v, made->pad, height, width, &made->window);
    vs_transform_apply(&map, made->canvas, height, width, made->view, view_height, view_width, 1);
    vs_objective_evaluate(made->objective, made->view, &balance, made->dview);
    vs_transform_backward(&map, made->dview, view_height, view_width, made->dcanvas, height, width,
                          1);
    vs_param_backward(made->param, made->canvas, made->dcanvas, made->dtheta);
    for (size_t i = 0; i < strokes; i++)
      made->gains[i] -=
          (float)(weight * (double)(made->dtheta[opacities + i] * result->theta[opacities + i]));
  }
}

/* The half of the strokes that comes last are those that add least, of which those that cannot be
 * seen come very last: averaged over three points on the way from blank paper. */
static void check_order(judge *made, const vs_run_result *result) {
  const size_t strokes = result->drawing->stroke_count, in = strokes - (strokes + 1) / 2;
  memset(made->gains, 0, strokes * sizeof *made->gains);
  for (int p = 1; p <= 3; p++) add_gains(made, result, (float)p / 3.0f, 1.0 / 3.0);
  double best_out = -INFINITY, worst_in = INFINITY, most = 0.0;
  for (size_t i = 0; i < strokes; i++) {
    const double gain = made->gains[i] != 0.0f ? (double)made->gains[i] : -INFINITY;
    const bool is_out = result->stroke_places[i] >= (float)in;
    if (is_out) best_out = fmax(best_out, gain);
    if (!is_out) worst_in = fmin(worst_in, gain);
    most = fmax(most, fabs((double)made->gains[i]));
  }
  /* Sums of floats in another order: who adds equally much may change places. */
  assert_true(best_out <= worst_in + 1e-5 * most);
}

static void check_budget(judge *made, const vs_run_result *result) {
  const size_t strokes = result->drawing->stroke_count;
  bool *taken = calloc(strokes, sizeof *taken);
  assert_non_null(taken);
  for (size_t i = 0; i < strokes; i++) {
    const float place = result->stroke_places[i];
    assert_true(place >= 0.0f && place < (float)strokes && place == floorf(place));
    assert_false(taken[(size_t)place]);
    taken[(size_t)place] = true;
  }
  free(taken);
  int measured = 0;
  for (size_t n = strokes; n > 0; n--) {
    if (isnan(result->budget[n - 1])) continue;
    const double exc = judge_places(made, result, n);
    assert_close((double)result->budget[n - 1], exc, 1e-6 * fabs(exc)); /* a float */
    measured++;
  }
  assert_true(isfinite(result->budget[strokes - 1]) && isfinite(result->budget[0]));
  assert_true(measured < 30 && (measured > 3 || strokes < 10));
  assert_true(result->budget[0] > result->budget[strokes - 1]); /* one stroke excites less */
  check_order(made, result);
}

/* In the pens' colours and widths, opaque, as large as the sheet allows: by hand. */
static void check_plotted(judge *made, const vs_run_spec *spec, const vs_run_result *result) {
  const vs_drawing *drawing = result->drawing;
  double widest = 0.0;
  for (int k = 0; k < result->pens->count; k++)
    widest = fmax(widest, result->pens->pens[k].width_mm);
  const double inner[2] = {210.0 - 2 * spec->plot.margin_mm - widest,
                           297.0 - 2 * spec->plot.margin_mm - widest};
  const double mm_per_px = fmin(inner[0] / spec->param.width, inner[1] / spec->param.height);
  float *widths = made->theta + 2 * drawing->point_count, *opacities = widths;
  opacities += drawing->stroke_count;
  vs_strokes_from_drawing(&made->param_spec, drawing, made->theta);
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_pen *pen = &result->pens->pens[drawing->strokes[i].pen];
    widths[i] = (float)(pen->width_mm / mm_per_px);
    opacities[i] = 1.0f;
    memcpy(opacities + drawing->stroke_count + 3 * i, pen->color, sizeof pen->color);
  }
  const double exc = judge_theta(made, made->theta, made->views);
  assert_close(result->exc_plotted, exc, plotted_tolerance * fabs(exc));
}

static void check_drawing(const vs_run_spec *spec, const vs_run_result *result) {
  const vs_drawing *drawing = result->drawing;
  const vs_strokes_spec *strokes = &spec->param.strokes;
  assert_true(drawing->width == spec->param.width && drawing->height == spec->param.height);
  assert_memory_equal(drawing->paper, strokes->paper, sizeof drawing->paper);
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    assert_true(stroke->segments == strokes->segments && stroke->closed == strokes->closed);
    assert_true(stroke->width >= (float)strokes->width_min &&
                stroke->width <= (float)strokes->width_max);
    assert_true(stroke->opacity >= 0.0f && stroke->opacity <= 1.0f);
    for (int c = 0; c < 3; c++) assert_true(stroke->color[c] >= 0.0f && stroke->color[c] <= 1.0f);
    if (result->pens->count == 0) assert_int_equal(stroke->pen, -1);
    if (result->pens->count > 0) assert_in_range(stroke->pen, 0, result->pens->count - 1);
  }
  const vs_plot_figures *plot = &result->plot;
  assert_true(plot->drawn_mm > 0.0 && plot->travel_mm > 0.0 && plot->minutes > 0.0);
  assert_true(plot->lifts > 0 && plot->strokes <= 4 * (int)drawing->stroke_count);
}

/* What every finished run of strokes has to fulfil. */
static void check_run(const vs_run_spec *spec, const vs_run_result *result) {
  assert_int_equal(result->outcome, VS_RUN_DONE);
  vs_stages stages;
  vs_stages_of(spec, &stages);
  assert_int_equal(result->steps, vs_stages_steps(&stages));
  assert_int_equal(result->trace_count, vs_run_logged_steps(result->steps, spec->log_every, NULL));
  for (int i = 0; i < result->trace_count; i++)
    assert_true(isfinite(result->trace[VS_TRACE_EXC_LOSS][i]));
  check_drawing(spec, result);
  judge made = new_judge(spec);
  assert_int_equal(result->param_count, vs_param_count(&made.param_spec));
  assert_same(result->exc_eval, judge_theta(&made, result->theta, made.views));
  check_budget(&made, result);
  if (result->pens->count > 0)
    check_plotted(&made, spec, result);
  else
    assert_true(isnan(result->exc_plotted));
  vs_arena_clear(&made.arena);
}

/* --- one canvas ------------------------------------------------------------------------------- */

static void free_strokes_excite(void **state) {
  (void)state;
  for (int closed = 0; closed < 2; closed++) {
    vs_run_spec spec = stroke_spec();
    spec.param.strokes.closed = closed != 0;
    vs_run *run = finished(&spec, 1);
    const vs_run_result *result = vs_run_get_result(run);
    check_run(&spec, result);
    assert_true(result->exc_final < result->exc_first);
    assert_true(result->exc_free == result->exc_eval);
    assert_true(isnan(result->exc_quantized) && isnan(result->exc_refined));
    assert_int_equal(result->pens->count, 0);
    vs_run_free(run);
  }
}

static void black_strokes_stay_black(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.param.strokes.color = VS_STROKE_BLACK;
  spec.param.strokes.opacity = 0.5;
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  check_run(&spec, result);
  assert_true(result->exc_final < result->exc_first);
  assert_true(isnan(result->exc_quantized) && isnan(result->exc_refined));
  assert_int_equal(result->pens->count, 1);
  assert_string_equal(result->pens->pens[0].name, "black");
  for (size_t i = 0; i < 15; i++) {
    static const float black[3] = {0};
    assert_memory_equal(result->drawing->strokes[i].color, black, sizeof black);
    assert_true(result->drawing->strokes[i].opacity == 0.5f);
  }
  vs_run_free(run);
}

/* Colours are those of pens, exactly, and the stages before the last are accounted for. */
static void check_pens(const vs_run_spec *spec, const vs_run_result *result, int pens) {
  check_run(spec, result);
  assert_int_equal(result->pens->count, pens);
  assert_true(result->exc_free < result->exc_first);
  assert_true(isfinite(result->exc_quantized) && result->exc_quantized != result->exc_free);
  for (size_t i = 0; i < result->drawing->stroke_count; i++) {
    const vs_stroke *stroke = &result->drawing->strokes[i];
    assert_memory_equal(stroke->color, result->pens->pens[stroke->pen].color, sizeof stroke->color);
    assert_true(stroke->opacity == 1.0f);
  }
}

static void colours_are_found_and_strokes_refined(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.palette.colors = 3;
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  check_pens(&spec, result, 3);
  assert_true(result->exc_refined == result->exc_eval);
  assert_true(result->exc_refined < result->exc_quantized); /* what refining is for */
  for (int k = 0; k < 3; k++) assert_true(result->pens->pens[k].width_mm == spec.plot.pen_mm);
  vs_run_free(run);

  spec.palette.refine = 0.0; /* nothing moves after the colours were found */
  run = finished(&spec, 1);
  result = vs_run_get_result(run);
  check_pens(&spec, result, 3);
  assert_true(result->exc_refined == result->exc_quantized);
  assert_int_equal(result->steps, 24);
  vs_run_free(run);
}

static void strokes_choose_among_pens(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.palette.pens = three_pens();
  spec.param.strokes.color = VS_STROKE_PALETTE;
  spec.param.strokes.rate_color = 0.2;
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  check_pens(&spec, result, 3);
  const vs_pen_set given = three_pens();
  for (int k = 0; k < 3; k++) {
    assert_string_equal(result->pens->pens[k].name, given.pens[k].name);
    assert_true(result->pens->pens[k].width_mm == given.pens[k].width_mm);
  }
  vs_run_free(run);

  spec.param.strokes.color = VS_STROKE_FREE; /* free first, then the nearest of the pens */
  run = finished(&spec, 1);
  check_pens(&spec, vs_run_get_result(run), 3);
  vs_run_free(run);
}

/* A canvas as it is seen at the progress of its step. */
static void choices_grow_firm_with_the_steps(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.palette.pens = three_pens();
  spec.param.strokes.color = VS_STROKE_PALETTE;
  spec.param.strokes.rate_points = spec.param.strokes.rate_width = 0.0;
  spec.param.strokes.rate_color = spec.param.strokes.rate_opacity = 0.0;
  spec.steps = 4;
  for (int i = 0; i < 4; i++) spec.snapshot_steps[i] = i;
  spec.snapshot_count = 4;
  vs_run *run = finished(&spec, 1);
  vs_stages stages;
  vs_stages_of(&spec, &stages);
  const vs_param_spec *first = &stages.list[0].param;
  const size_t values = 3 * 48 * 40;
  vs_arena measure = vs_arena_measure(), arena;
  vs_param_new(first, 1, &measure);
  assert_ok(vs_arena_init(&arena, measure.peak_bytes));
  vs_param *param = vs_param_new(first, 1, &arena);
  float *theta = calloc(vs_param_count(first), sizeof *theta);
  float *canvas = calloc(values, sizeof *canvas);
  uint8_t *rgb = calloc(values, 1);
  assert_true(theta != NULL && canvas != NULL && rgb != NULL);
  vs_param_start(param, vs_random_make_key(spec.stream, VS_RANDOM_INIT, 0), theta);
  for (size_t i = 0; i < 4; i++) {
    vs_param_anneal(param, (double)i / 4.0);
    vs_param_render(param, theta, canvas);
    vs_picture_to_bytes(canvas, rgb, values);
    assert_memory_equal(vs_run_get_result(run)->snapshots + i * values, rgb, values);
  }
  free(rgb);
  free(canvas);
  free(theta);
  vs_arena_clear(&arena);
  vs_run_free(run);
}

static void a_finished_drawing_goes_on(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  vs_run *free_run = finished(&spec, 1);
  const vs_run_result *first = vs_run_get_result(free_run);
  spec.palette.pens = three_pens();
  spec.is_continued = true;
  vs_run *judging, *run;
  assert_ok(vs_run_new(&judging, &spec, &small_weights, VS_CONV_FAST, 1));
  assert_true(vs_run_strokes_score(judging, first->drawing) == first->exc_eval);
  vs_run_free(judging);
  assert_ok(vs_run_new(&run, &spec, &small_weights, VS_CONV_FAST, 1));
  vs_run_strokes_start_from(run, first->drawing);
  assert_ok(vs_run_execute(run, NULL, NULL));
  const vs_run_result *second = vs_run_get_result(run);
  assert_true(second->exc_free == first->exc_eval);
  check_run(&spec, second);
  assert_true(second->exc_refined < second->exc_quantized);
  assert_int_equal(second->steps, 12);
  vs_run_free(run);
  vs_run_free(free_run);
}

/* --- larger canvases -------------------------------------------------------------------------- */

static void strokes_are_carried_to_larger_canvases(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.param.height = spec.param.width = 80;
  spec.multiscale.levels = 2;
  spec.palette.colors = 2;
  spec.snapshot_steps[1] = 24 + 12; /* where the second stage has ended, and the third begins */
  spec.snapshot_count = 2;
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  check_pens(&spec, result, 2);
  assert_int_equal(result->steps, 24 + 12 + 6);
  assert_int_equal(result->drawing->stroke_count, 60);
  assert_true(isfinite(result->exc_refined) && result->exc_refined != result->exc_eval);
  for (size_t i = 0; i < 60; i++) {
    const vs_stroke *stroke = &result->drawing->strokes[i];
    assert_int_equal(stroke->pen, result->drawing->strokes[i % 15].pen);
  }
  vs_run_free(run);
}

/* Copies that are shifted far beyond the canvas come back to where points may be. */
static void shifted_copies_stay_by_the_canvas(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.param.height = spec.param.width = 80;
  spec.multiscale.levels = 2;
  spec.multiscale.tiling.jitter = 0.5;
  spec.multiscale.share = 0.0;
  spec.steps = 1;
  vs_run *run = finished(&spec, 1);
  const vs_drawing *drawing = vs_run_get_result(run)->drawing;
  for (size_t p = 0; p < drawing->point_count; p++) {
    assert_close((double)drawing->points[p].x, 40.0, 44.0 + 1e-4);
    assert_close((double)drawing->points[p].y, 40.0, 44.0 + 1e-4);
  }
  vs_run_free(run);
}

static void pictures_are_carried_to_larger_canvases(void **state) {
  (void)state;
  static const vs_parametrization kinds[] = {VS_PARAM_PIXELS, VS_PARAM_FOURIER};
  for (int k = 0; k < 2; k++) {
    vs_run_spec spec = stroke_spec();
    spec.param = (vs_param_spec){kinds[k], 130, 128, 0.01, 1.0, {0}, 0.0};
    spec.multiscale.levels = 3;
    spec.palette.colors = 3; /* of no use here */
    spec.snapshot_steps[1] = 24;
    spec.snapshot_steps[2] = 36;
    spec.snapshot_count = 3;
    vs_run *run = finished(&spec, 1);
    const vs_run_result *result = vs_run_get_result(run);
    assert_int_equal(result->outcome, VS_RUN_DONE);
    assert_int_equal(result->steps, 24 + 6 + 6);
    assert_true(result->exc_final < result->exc_first);
    assert_true(isfinite(result->exc_free) && isfinite(result->exc_eval));
    assert_true(isnan(result->exc_quantized) && isnan(result->exc_refined) &&
                isnan(result->exc_plotted) && isnan(result->plot.drawn_mm));
    assert_null(result->drawing);
    assert_null(result->budget);
    judge made = new_judge(&spec);
    assert_same(result->exc_eval, judge_theta(&made, result->theta, made.views));
    vs_arena_clear(&made.arena);
    /* The last snapshot is of the last canvas, the first of one with a quarter of its side: each of
     * its pixels fills a block. */
    const size_t picture = 3 * 130 * 128;
    assert_memory_equal(result->snapshots + 2 * picture, result->final_rgb, picture);
    for (size_t i = 0; i < picture; i++) {
      const size_t c = i % 3, x = i / 3 % 128, y = i / 3 / 128, row = y * 33 / 130;
      const size_t block_y = (row * 130 + 32) / 33, from = (block_y * 128 + x / 4 * 4) * 3 + c;
      assert_int_equal(result->snapshots[i], result->snapshots[from]);
    }
    vs_run_free(run);
  }
}

static void a_crop_is_seen_of_the_canvas(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.param.height = 70;
  spec.transforms.crop = 40;
  vs_run *run = finished(&spec, 1);
  const vs_run_result *result = vs_run_get_result(run);
  check_run(&spec, result);
  assert_true(result->exc_eval < 0.0);
  vs_run_free(run);
}

/* --- starts ----------------------------------------------------------------------------------- */

static const char svg_path[] = TEST_SCRATCH_DIR "/run_start.svg";

/* 20 x 24 units on a canvas of 40 x 48: twice as large. A red cubic, and a line of five pieces. */
static void write_svg(void) {
  FILE *file = fopen(svg_path, "w");
  assert_non_null(file);
  fputs("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 24' fill='none'>"
        "<path d='M1 2 C3 4 5 6 7 10' stroke='#ff0000' stroke-width='9' stroke-opacity='0.5'/>"
        "<polyline points='1,1 4,1 7,1 10,1 13,1 16,1' stroke='#0000ff' stroke-width='1'/></svg>",
        file);
  assert_int_equal(fclose(file), 0);
}

static void strokes_of_an_svg_are_the_first(void **state) {
  (void)state;
  write_svg();
  vs_run_spec spec = stroke_spec();
  spec.param.strokes.rate_points = spec.param.strokes.rate_width = 0.0;
  spec.param.strokes.rate_color = spec.param.strokes.rate_opacity = 0.0;
  spec.steps = 1;
  vs_run *plain = finished(&spec, 1);
  snprintf(spec.start_drawing, sizeof spec.start_drawing, "%s", svg_path);
  vs_run *run = finished(&spec, 1);
  const vs_drawing *drawing = vs_run_get_result(run)->drawing;
  const vs_drawing *random = vs_run_get_result(plain)->drawing;
  const vs_stroke *first = &drawing->strokes[0];
  /* The cubic is cut in the middle, (4, 5.25) by de Casteljau, and made twice as large. */
  static const float cut[7][2] = {{2, 4}, {4, 6}, {6, 8}, {8, 10.5f}, {10, 13}, {12, 16}, {14, 20}};
  for (int p = 0; p < 7; p++) {
    assert_close((double)drawing->points[p].x, (double)cut[p][0], 1e-5);
    assert_close((double)drawing->points[p].y, (double)cut[p][1], 1e-5);
  }
  static const float red[3] = {1, 0, 0}, blue[3] = {0, 0, 1};
  assert_memory_equal(first->color, red, sizeof red);
  assert_true(first->width == 5.0f && first->opacity == 0.5f); /* 18 px are too wide */
  /* Five pieces are two strokes of two, and one whose piece is cut in halves. */
  for (size_t i = 1; i < 4; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    const vs_point2 *points = drawing->points + stroke->first_point;
    assert_memory_equal(stroke->color, blue, sizeof blue);
    assert_true(stroke->width == 2.0f && stroke->opacity == 1.0f);
    assert_close((double)points[0].x, 2.0 + 12.0 * (double)(i - 1), 1e-5);
    assert_close((double)points[6].x, i < 3 ? 14.0 + 12.0 * (double)(i - 1) : 32.0, 1e-5);
  }
  assert_memory_equal(drawing->points + 28, random->points + 28, 77 * sizeof *drawing->points);
  vs_run_free(run);

  spec.param.strokes.color = VS_STROKE_BLACK; /* whatever colours the SVG has */
  run = finished(&spec, 1);
  for (size_t i = 0; i < 15; i++)
    for (int c = 0; c < 3; c++)
      assert_true(vs_run_get_result(run)->drawing->strokes[i].color[c] == 0.0f);
  vs_run_free(run);
  vs_run_free(plain);

  strcpy(spec.start_drawing, "nowhere/start.svg");
  assert_ok(vs_run_new(&run, &spec, &small_weights, VS_CONV_FAST, 1));
  assert_int_equal(vs_run_execute(run, NULL, NULL), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), "nowhere/start.svg"));
  vs_run_free(run);
}

static void lambdas_of_a_group_start_with_the_same_strokes(void **state) {
  (void)state;
  vs_run_spec spec = stroke_spec();
  spec.palette.colors = 2;
  vs_run *without = finished(&spec, 1);
  spec.lambda = 20.0;
  vs_run *with = finished(&spec, 1);
  const vs_run_result *a = vs_run_get_result(without), *b = vs_run_get_result(with);
  assert_memory_equal(a->snapshots, b->snapshots, 3 * 48 * 40);
  assert_true(a->exc_first == b->exc_first && a->style_first == b->style_first);
  assert_memory_not_equal(a->final_rgb, b->final_rgb, 3 * 48 * 40);
  assert_true(b->style_final < a->style_final);
  vs_run_free(with);
  vs_run_free(without);
}

/* With widths of pens the drawing is, from the stage of pens on, the one that will be plotted. */
static void what_is_drawn_with_pens_widths_is_what_is_plotted(void **state) {
  (void)state;
  for (int found = 0; found < 2; found++) {
    vs_run_spec spec = stroke_spec();
    spec.param.strokes.width_min = spec.param.strokes.width_max = 0.0;
    spec.palette = (vs_palette_spec){.refine = 0.5};
    if (found) spec.palette.colors = 3;
    if (!found) spec.palette.pens = three_pens();
    vs_run *run = finished(&spec, 1);
    const vs_run_result *result = vs_run_get_result(run);
    const vs_drawing *drawing = result->drawing;
    assert_close(result->exc_plotted, result->exc_refined,
                 plotted_tolerance * fabs(result->exc_refined));
    for (size_t i = 0; i < drawing->stroke_count; i++) {
      const vs_stroke *stroke = &drawing->strokes[i];
      const double px = result->pens->pens[stroke->pen].width_mm / vs_stages_mm_per_px(&spec);
      assert_close((double)stroke->width, px, 1e-5 * px);
      if (i > 0) assert_true(stroke->pen >= drawing->strokes[i - 1].pen);
    }
    vs_run_free(run);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(free_strokes_excite),
      cmocka_unit_test(black_strokes_stay_black),
      cmocka_unit_test(colours_are_found_and_strokes_refined),
      cmocka_unit_test(strokes_choose_among_pens),
      cmocka_unit_test(choices_grow_firm_with_the_steps),
      cmocka_unit_test(a_finished_drawing_goes_on),
      cmocka_unit_test(strokes_are_carried_to_larger_canvases),
      cmocka_unit_test(shifted_copies_stay_by_the_canvas),
      cmocka_unit_test(pictures_are_carried_to_larger_canvases),
      cmocka_unit_test(a_crop_is_seen_of_the_canvas),
      cmocka_unit_test(strokes_of_an_svg_are_the_first),
      cmocka_unit_test(lambdas_of_a_group_start_with_the_same_strokes),
      cmocka_unit_test(what_is_drawn_with_pens_widths_is_what_is_plotted),
  };
  return cmocka_run_group_tests_name("run_strokes", tests, set_up, tear_down);
}
