/* drawing.c - drawings in memory. Optimized, read (svg_read.c), placed and joined ones are all of
 * this kind. */
#include "core/strokes/drawing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

size_t vs_drawing_stroke_points(int segments, bool closed) {
  assert(segments >= 1);
  return 3 * (size_t)segments + (closed ? 0 : 1);
}

void vs_drawing_stroke_cubic(const vs_drawing *drawing, const vs_stroke *stroke, int segment,
                             vs_point2 cubic[4]) {
  assert(segment >= 0 && segment < stroke->segments);
  const vs_point2 *points = drawing->points + stroke->first_point;
  const size_t from = 3 * (size_t)segment;
  const bool wraps = stroke->closed && segment == stroke->segments - 1;
  for (size_t i = 0; i < 3; i++) cubic[i] = points[from + i];
  cubic[3] = points[wraps ? 0 : from + 3];
}

bool vs_drawing_same_color(const float a[3], const float b[3]) {
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

vs_status vs_drawing_new(vs_drawing **out, double width, double height, size_t strokes,
                         size_t points) {
  *out = NULL;
  assert(width > 0.0 && height > 0.0);
  if (strokes > VS_DRAWING_MAX_STROKES || points > VS_DRAWING_MAX_POINTS)
    return vs_fail(VS_ERR_LIMIT,
                   "a drawing of %zu strokes and %zu points is beyond the limits of %d and %d",
                   strokes, points, VS_DRAWING_MAX_STROKES, VS_DRAWING_MAX_POINTS);
  vs_drawing *drawing = calloc(1, sizeof *drawing);
  if (drawing != NULL) {
    *drawing = (vs_drawing){.width = width,
                            .height = height,
                            .paper = {1.0f, 1.0f, 1.0f},
                            .stroke_count = strokes,
                            .point_count = points};
    drawing->strokes = calloc(strokes + 1, sizeof *drawing->strokes);
    drawing->points = calloc(points + 1, sizeof *drawing->points);
  }
  if (drawing == NULL || drawing->strokes == NULL || drawing->points == NULL) {
    vs_drawing_free(drawing);
    return vs_fail(VS_ERR_MEMORY, "no memory for a drawing of %zu strokes", strokes);
  }
  *out = drawing;
  return VS_OK;
}

vs_status vs_drawing_copy(vs_drawing **out, const vs_drawing *drawing) {
  vs_status status = vs_drawing_new(out, drawing->width, drawing->height, drawing->stroke_count,
                                    drawing->point_count);
  if (status != VS_OK) return status;
  memcpy((*out)->paper, drawing->paper, sizeof drawing->paper);
  memcpy((*out)->strokes, drawing->strokes, drawing->stroke_count * sizeof *drawing->strokes);
  memcpy((*out)->points, drawing->points, drawing->point_count * sizeof *drawing->points);
  return VS_OK;
}

void vs_drawing_free(vs_drawing *drawing) {
  if (drawing == NULL) return;
  free(drawing->strokes);
  free(drawing->points);
  free(drawing);
}
