/* run_plot.c - what becomes of a finished drawing on paper: the sheet and its figures, its
 * excitation as plotted, and what every stroke adds.
 *
 * What a stroke adds is its share of the way from blank paper to the drawing: the derivative of
 * exc_loss by its opacity, times its opacity, averaged while all opacities grow from 0 together
 * (integrated gradients: Sundararajan, Taly & Yan, arXiv:1703.01365; the shares add up to the
 * whole). Strokes are put in order by elimination: the half of them that add least are left out,
 * the rest is measured again, until one is left. The figures of the budget are no forecasts: each
 * is the loss of the picture with so many strokes. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/optimize/run_internal.h"
#include "core/param/strokes.h"
#include "core/strokes/palette.h"

enum {
  LEFT_OUT = 2, /* one in so many at a time */
  POINTS = 3    /* on the way from blank paper, the drawing the last */
};

/* --- what every stroke adds ------------------------------------------------------------------- */

static size_t fewer(size_t count) {
  return count - (count + LEFT_OUT - 1) / LEFT_OUT;
}

int vs_run_plot_budget_evaluations(const vs_run_spec *spec) {
  if (spec->param.kind != VS_PARAM_STROKES) return 0;
  vs_stages stages;
  vs_stages_of(spec, &stages);
  const vs_param_spec *last = &stages.list[stages.count - 1].param;
  const vs_window window = vs_stages_window(spec);
  int rounds = 0;
  for (size_t count = (size_t)last->strokes.count; count > 0; count = fewer(count)) rounds++;
  return POINTS * rounds * vs_run_score_whole_views(last, &window);
}

typedef struct candidate {
  size_t stroke;
  float gain; /* what it takes off exc_loss; -INFINITY if it cannot be seen */
} candidate;

/* The greatest gain first; of equals the lower stroke, which others may lie over, last. */
static int by_gain(const void *left, const void *right) {
  const candidate *a = left, *b = right;
  if (a->gain != b->gain) return a->gain > b->gain ? -1 : 1;
  return a->stroke > b->stroke ? -1 : a->stroke < b->stroke;
}

/* Fills the gains of the strokes that are left, whose opacities in theta end as they were drawn,
 * and returns their exc_loss. */
static float measure_gains(vs_run *run, float *theta, size_t opacity_at, candidate *left,
                           size_t count) {
  const float *drawn = run->theta + opacity_at;
  float *opacity = theta + opacity_at;
  double exc = 0.0;
  for (size_t i = 0; i < count; i++) left[i].gain = 0.0f;
  for (int p = 1; p <= POINTS; p++) {
    const float share = (float)p / POINTS; /* 1 at last, exactly */
    for (size_t i = 0; i < count; i++) opacity[left[i].stroke] = drawn[left[i].stroke] * share;
    exc = vs_run_score_excitation_gradient(run, theta);
    for (size_t i = 0; i < count; i++)
      left[i].gain -= run->dtheta[opacity_at + left[i].stroke] * drawn[left[i].stroke] / POINTS;
  }
  for (size_t i = 0; i < count; i++)
    if (left[i].gain == 0.0f) left[i].gain = -INFINITY;
  return (float)exc;
}

static vs_status order_strokes(vs_run *run) {
  const vs_param_spec *param = &run->stage->param;
  const size_t strokes = (size_t)param->strokes.count;
  const size_t opacity_at = 2 * vs_strokes_point_count(&param->strokes) + strokes;
  float *theta = run->spare_theta, *opacity = theta + opacity_at;
  candidate *left = malloc(strokes * sizeof *left);
  if (left == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to order %zu strokes", strokes);
  memcpy(theta, run->theta, vs_param_count(param) * sizeof *theta);
  for (size_t i = 0; i < strokes; i++) {
    left[i].stroke = i;
    run->budget[i] = NAN;
  }
  for (size_t count = strokes; count > 0;) {
    run->budget[count - 1] = measure_gains(run, theta, opacity_at, left, count);
    qsort(left, count, sizeof *left, by_gain);
    for (const size_t next = fewer(count); count > next; count--) {
      const size_t stroke = left[count - 1].stroke;
      run->stroke_places[stroke] = (float)(count - 1);
      opacity[stroke] = 0.0f;
    }
  }
  free(left);
  return VS_OK;
}

/* --- the sheet -------------------------------------------------------------------------------- */

/* The final drawing, each stroke with its pen. */
static vs_status take_drawing(vs_run *run) {
  const vs_param_spec *param = &run->stage->param;
  const size_t first = (size_t)run->stages.list[0].param.strokes.count;
  vs_status status =
      vs_drawing_new(&run->drawing, param->width, param->height, (size_t)param->strokes.count,
                     vs_strokes_point_count(&param->strokes));
  if (status != VS_OK) return status;
  vs_strokes_to_drawing(param, run->theta, run->drawing);
  if (run->pens.count == 0 && run->spec.param.strokes.color == VS_STROKE_BLACK)
    run->pens =
        (vs_pen_set){.count = 1, .pens = {{.name = "black", .width_mm = run->spec.plot.pen_mm}}};
  for (size_t i = 0; i < run->drawing->stroke_count && run->pens.count > 0; i++)
    run->drawing->strokes[i].pen = run->stroke_pens[i % first];
  run->result.drawing = run->drawing;
  run->result.pens = &run->pens;
  return VS_OK;
}

/* The excitation of the drawing in the pens' own colours and widths. */
static vs_status score_preview(vs_run *run, double mm_per_unit) {
  vs_drawing *preview = NULL;
  vs_status status = vs_plot_preview(&preview, run->drawing, &run->pens, mm_per_unit);
  if (status == VS_OK) {
    vs_strokes_from_drawing(&run->stage->param, preview, run->spare_theta);
    run->result.exc_plotted = vs_run_score_theta(run, run->spare_theta).exc;
  }
  vs_drawing_free(preview);
  return status;
}

/* A drawing without pens is planned as if one drew all of it that differs from the paper. */
static void unify_pens(vs_drawing *drawing) {
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    float rgb[3];
    vs_palette_blend(drawing, stroke, rgb);
    stroke->pen = 0;
    if (vs_plot_is_paper(rgb, drawing->paper)) stroke->opacity = 0.0f;
  }
}

/* Plans the sheet. */
static vs_status plan_sheet(vs_run *run, double *mm_per_unit) {
  const vs_plot_spec *plot = &run->spec.plot;
  vs_pen_set one = {.count = 1, .pens = {{.name = "any", .width_mm = plot->pen_mm}}};
  const bool has_pens = run->pens.count > 0;
  vs_drawing *unified = NULL, *sheet = NULL;
  vs_page page;
  vs_status status = vs_page_find(plot->page, &page);
  if (status == VS_OK && !has_pens) status = vs_drawing_copy(&unified, run->drawing);
  if (status == VS_OK) {
    if (unified != NULL) unify_pens(unified);
    for (int c = 0; c < 3; c++) one.pens[0].color[c] = 1.0f - run->drawing->paper[c];
    status = vs_plot_plan(&sheet, has_pens ? run->drawing : unified, has_pens ? &run->pens : &one,
                          &page, plot->margin_mm, &run->result.plot, mm_per_unit);
  }
  vs_drawing_free(unified);
  vs_drawing_free(sheet);
  return status;
}

vs_status vs_run_plot(vs_run *run) {
  double mm_per_unit;
  vs_status status = take_drawing(run);
  if (status == VS_OK) status = plan_sheet(run, &mm_per_unit);
  if (status == VS_OK && run->pens.count > 0) status = score_preview(run, mm_per_unit);
  if (status == VS_OK) status = order_strokes(run);
  run->result.stroke_places = run->stroke_places;
  run->result.budget = run->budget;
  vs_param_render(run->param, run->theta, run->canvas); /* as it was found */
  return status;
}
