/* stages.c - from the spec of a run to the list of its stages, with the canvas, strokes and
 * learning rates of each. */
#include "core/optimize/stages.h"

#include <assert.h>
#include <math.h>

/* What follows the free stage moves points less: a good drawing is lost faster than it is found. Of
 * .1, .25, .4, .5 and 1 a quarter kept the most of the excitation (tests/bench/strokes.py kept). */
static const double fine_share = 0.25;

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
  if (strokes->color == VS_STROKE_BLACK) freeze_colors(strokes);
  if (strokes->color == VS_STROKE_PALETTE) strokes->pens = spec->palette.pens;
  shape_level(spec, 0, &param);
  add_stage(stages, VS_STAGE_FREE, &param, spec->is_continued ? 0 : spec->steps);
  freeze_colors(strokes);
  strokes->rate_points *= fine_share;
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
