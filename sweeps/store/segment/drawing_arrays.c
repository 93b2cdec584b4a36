/* Strokes and pens, one by one, to numbers and back. */
#include "sweeps/store/segment/drawing_arrays.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of /params/strokes. */
enum { STYLE_WIDTH, STYLE_COLOR, STYLE_OPACITY = 4, STYLE_PEN };
enum { PEN_COLOR, PEN_WIDTH = 3 };

vs_status vs_drawing_arrays_init(vs_drawing_arrays *arrays, size_t strokes, size_t stroke_points,
                                 size_t pens) {
  *arrays = (vs_drawing_arrays){.strokes = strokes, .stroke_points = stroke_points, .pens = pens};
  arrays->points = calloc(strokes * stroke_points * 2 + 1, sizeof *arrays->points);
  arrays->styles = calloc(strokes * VS_STROKE_STYLE + 1, sizeof *arrays->styles);
  arrays->pen_styles = calloc(pens * VS_PEN_STYLE + 1, sizeof *arrays->pen_styles);
  arrays->pen_names = calloc(pens + 1, VS_PEN_NAME);
  if (arrays->points != NULL && arrays->styles != NULL && arrays->pen_styles != NULL &&
      arrays->pen_names != NULL)
    return VS_OK;
  vs_drawing_arrays_clear(arrays);
  return vs_fail(VS_ERR_MEMORY, "no memory for a drawing of %zu strokes", strokes);
}

void vs_drawing_arrays_clear(vs_drawing_arrays *arrays) {
  free(arrays->points);
  free(arrays->styles);
  free(arrays->pen_styles);
  free(arrays->pen_names);
  *arrays = (vs_drawing_arrays){0};
}

static void pack_stroke(const vs_run_result *result, size_t i, float *style) {
  const vs_stroke *stroke = &result->drawing->strokes[i];
  style[STYLE_WIDTH] = stroke->width;
  memcpy(style + STYLE_COLOR, stroke->color, sizeof stroke->color);
  style[STYLE_OPACITY] = stroke->opacity;
  style[STYLE_PEN] = (float)stroke->pen;
  style[VS_STROKE_PLACE] = result->stroke_places[i];
  style[VS_STROKE_BUDGET] = result->budget[i];
}

vs_status vs_drawing_arrays_pack(vs_drawing_arrays *arrays, const vs_run_result *result) {
  const vs_drawing *drawing = result->drawing;
  const vs_pen_set *pens = result->pens;
  vs_status status =
      vs_drawing_arrays_init(arrays, drawing->stroke_count,
                             drawing->point_count / drawing->stroke_count, (size_t)pens->count);
  if (status != VS_OK) return status;
  for (size_t p = 0; p < drawing->point_count; p++) {
    arrays->points[2 * p] = drawing->points[p].x;
    arrays->points[2 * p + 1] = drawing->points[p].y;
  }
  memcpy(arrays->paper, drawing->paper, sizeof arrays->paper);
  for (size_t i = 0; i < arrays->strokes; i++)
    pack_stroke(result, i, arrays->styles + i * VS_STROKE_STYLE);
  for (size_t k = 0; k < arrays->pens; k++) {
    const vs_pen *pen = &pens->pens[k];
    memcpy(arrays->pen_styles + k * VS_PEN_STYLE + PEN_COLOR, pen->color, sizeof pen->color);
    arrays->pen_styles[k * VS_PEN_STYLE + PEN_WIDTH] = (float)pen->width_mm;
    memcpy(arrays->pen_names + k * VS_PEN_NAME, pen->name, VS_PEN_NAME);
  }
  return VS_OK;
}

/* A number of a foreign file as one of 0..count-1, or -1. */
static int index_of(float number, size_t count) {
  return number >= 0.0f && number < (float)count ? (int)number : -1;
}

static vs_stroke unpack_stroke(const vs_drawing_arrays *arrays, size_t i) {
  const float *style = arrays->styles + i * VS_STROKE_STYLE;
  vs_stroke stroke = {.first_point = i * arrays->stroke_points,
                      .segments = (int)(arrays->stroke_points / 3),
                      .closed = arrays->stroke_points % 3 == 0,
                      .width = style[STYLE_WIDTH],
                      .opacity = style[STYLE_OPACITY],
                      .pen = index_of(style[STYLE_PEN], arrays->pens)};
  memcpy(stroke.color, style + STYLE_COLOR, sizeof stroke.color);
  return stroke;
}

static void unpack_pens(const vs_drawing_arrays *arrays, vs_pen_set *pens) {
  pens->count = (int)arrays->pens;
  for (size_t k = 0; k < arrays->pens; k++) {
    vs_pen *pen = &pens->pens[k];
    memcpy(pen->name, arrays->pen_names + k * VS_PEN_NAME, VS_PEN_NAME);
    pen->name[VS_PEN_NAME - 1] = '\0';
    memcpy(pen->color, arrays->pen_styles + k * VS_PEN_STYLE + PEN_COLOR, sizeof pen->color);
    /* Stored in single precision: what was 0.4 is 0.4 again, to the tenth of a micrometre. */
    const double width_mm = (double)arrays->pen_styles[k * VS_PEN_STYLE + PEN_WIDTH];
    pen->width_mm = width_mm < 1e-3 ? width_mm : round(1e4 * width_mm) / 1e4;
  }
}

vs_status vs_drawing_arrays_unpack(const vs_drawing_arrays *arrays, int width, int height,
                                   vs_drawing **drawing, vs_pen_set *pens) {
  if (arrays->strokes == 0 || arrays->stroke_points < 3 || arrays->stroke_points % 3 == 2 ||
      arrays->pens > VS_MAX_PENS || width <= 0 || height <= 0)
    return vs_fail(VS_ERR_FORMAT, "its arrays hold no drawing");
  vs_status status = vs_drawing_new(drawing, width, height, arrays->strokes,
                                    arrays->strokes * arrays->stroke_points);
  if (status != VS_OK) return status;
  memcpy((*drawing)->paper, arrays->paper, sizeof arrays->paper);
  for (size_t p = 0; p < (*drawing)->point_count; p++)
    (*drawing)->points[p] = (vs_point2){arrays->points[2 * p], arrays->points[2 * p + 1]};
  for (size_t i = 0; i < arrays->strokes; i++) (*drawing)->strokes[i] = unpack_stroke(arrays, i);
  unpack_pens(arrays, pens);
  return VS_OK;
}
