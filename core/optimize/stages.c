/* stages.c - from the spec of a run to the list of its stages, with the canvas, strokes and
 * learning rates of each. */
#include "core/optimize/stages.h"

#include <assert.h>
#include <math.h>

#include "core/plot/page.h"
#include "core/plot/plot.h"

/* What follows the free stage moves points less: a good drawing is lost faster than it is found. Of
 * .1, .25, .4, .5 and 1 a quarter kept the most of the excitation (tests/bench/strokes.py kept). */
static const double fine_share = 0.25;

/* How far widths may be from their pens' while nothing is settled yet. */
static const double free_looser = 1.15;

int vs_stages_smaller_side(const vs_tiling *tiling, int tiles, int side) {
  const double ratio = tiles - (tiles - 1) * tiling->overlap;
  return (int)ceil(side / ratio - 1e-9); /* 280 px of 2.8 tiles are 100, however 2.8 is rounded */
}

/* The canvas at a level, 0 the smallest, and the strokes on it. */
static void shape_level(const vs_run_spec *spec, int level, vs_param_spec *param) {
  const vs_multiscale *multiscale = &spec->multiscale;
  const vs_tiling *tiling = &multiscale->tiling;
  param->height = spec->param.height;
  param->width = spec->param.width;
  for (int l = multiscale->levels - 1; l > level; l--) {
    param->height = vs_stages_smaller_side(tiling, tiling->rows, param->height);
    param->width = vs_stages_smaller_side(tiling, tiling->columns, param->width);
  }
  param->strokes.count = spec->param.strokes.count;
  for (int l = 0; l < level; l++) param->strokes.count *= tiling->rows * tiling->columns;
}

vs_window vs_stages_window(const vs_run_spec *spec) {
  vs_param_spec smallest = spec->param;
  shape_level(spec, 0, &smallest);
  const int crop = spec->transforms.crop;
  return (vs_window){.height = crop > 0 && crop < smallest.height ? crop : smallest.height,
                     .width = crop > 0 && crop < smallest.width ? crop : smallest.width};
}

bool vs_stages_by_pen(const vs_run_spec *spec) {
  return spec->param.kind == VS_PARAM_STROKES && spec->param.strokes.width_max == 0.0;
}

/* Those that are given; one of plot.pen where there are none. A pen whose width is not known yet
 * has that too. */
static vs_pen_set list_pens(const vs_run_spec *spec) {
  vs_pen_set pens = spec->palette.pens;
  if (pens.count == 0) pens = (vs_pen_set){.count = 1};
  for (int k = 0; k < pens.count; k++)
    if (pens.pens[k].width_mm == 0.0) pens.pens[k].width_mm = spec->plot.pen_mm;
  return pens;
}

double vs_stages_mm_per_px(const vs_run_spec *spec) {
  const vs_drawing canvas = {.width = spec->param.width, .height = spec->param.height};
  const vs_pen_set pens = list_pens(spec);
  vs_page page;
  double mm_per_px = 1.0; /* a sheet without room is refused when it is planned */
  if (vs_page_find(spec->plot.page, &page) == VS_OK)
    (void)vs_plot_scale(&canvas, &pens, &page, spec->plot.margin_mm, &mm_per_px);
  return mm_per_px;
}

/* Between the finest pen and the broadest, and `looser` around them. */
static void take_pens_widths(const vs_run_spec *spec, double looser, vs_strokes_spec *strokes) {
  const vs_pen_set pens = list_pens(spec);
  const double mm_per_px = vs_stages_mm_per_px(spec);
  strokes->width_min = INFINITY;
  strokes->width_max = 0.0;
  for (int k = 0; k < pens.count; k++) {
    const double px = pens.pens[k].width_mm / mm_per_px;
    strokes->width_min = fmin(strokes->width_min, px / looser);
    strokes->width_max = fmax(strokes->width_max, px * looser);
  }
}

static void add_stage(vs_stages *stages, vs_stage_kind kind, const vs_param_spec *param,
                      int steps) {
  const vs_stage *last = stages->count > 0 ? &stages->list[stages->count - 1] : NULL;
  stages->list[stages->count++] =
      (vs_stage){.kind = kind,
                 .param = *param,
                 .first_step = last != NULL ? last->first_step + last->steps : 0,
                 .steps = steps};
}

static int share_of(double share, int steps) {
  return (int)lround(share * steps);
}

static bool has_pens_stage(const vs_run_spec *spec) {
  return spec->param.kind == VS_PARAM_STROKES &&
         (spec->palette.colors > 0 || spec->palette.pens.count > 0);
}

static void choose_colors(const vs_run_spec *spec, vs_strokes_spec *strokes) {
  if (strokes->color == VS_STROKE_AUTO)
    strokes->color = spec->palette.pens.count > 0 ? VS_STROKE_PALETTE : VS_STROKE_FREE;
  if (strokes->color == VS_STROKE_PALETTE) strokes->pens = spec->palette.pens;
}

/* Colours stay as they are from here on. */
static void freeze_colors(vs_strokes_spec *strokes) {
  strokes->color = VS_STROKE_BLACK;
  strokes->rate_color = strokes->rate_opacity = 0.0;
}

void vs_stages_of(const vs_run_spec *spec, vs_stages *stages) {
  assert(spec->multiscale.levels >= 0 && spec->multiscale.levels <= VS_MAX_LEVELS);
  stages->count = 0;
  vs_param_spec param = spec->param;
  vs_strokes_spec *strokes = &param.strokes;
  const vs_window window = vs_stages_window(spec);
  const int side = window.height > window.width ? window.height : window.width;
  strokes->rate_points *= side / VS_RATE_SIDE;
  choose_colors(spec, strokes);
  if (strokes->color == VS_STROKE_BLACK) freeze_colors(strokes);
  if (vs_stages_by_pen(spec)) take_pens_widths(spec, free_looser, strokes);
  shape_level(spec, 0, &param);
  add_stage(stages, VS_STAGE_FREE, &param, spec->is_continued ? 0 : spec->steps);
  freeze_colors(strokes);
  strokes->rate_points *= fine_share;
  if (vs_stages_by_pen(spec) && has_pens_stage(spec)) {
    take_pens_widths(spec, 1.0, strokes);
    strokes->rate_width = 0.0;
  }
  if (has_pens_stage(spec))
    add_stage(stages, VS_STAGE_PENS, &param, share_of(spec->palette.refine, spec->steps));
  for (int level = 1; level < spec->multiscale.levels; level++) {
    shape_level(spec, level, &param);
    add_stage(stages, VS_STAGE_ENLARGED, &param, share_of(spec->multiscale.share, spec->steps));
  }
}

int vs_stages_steps(const vs_stages *stages) {
  const vs_stage *last = &stages->list[stages->count - 1];
  return last->first_step + last->steps;
}
