/* drawing.h - a drawing: pen strokes on a sheet of paper, as numbers.
 *
 * A stroke is one open or closed chain of cubic Beziers with one width, one colour and one opacity.
 * Strokes lie over each other in their order, the last on top. Lengths and places are in canvas
 * units; the canvas is width x height of them, (0,0) its upper left corner, y downwards, as in SVG:
 * where a canvas unit is a pixel, the centre of pixel (row i, column j) is at (j + 1/2, i + 1/2).
 * Points may lie outside the canvas. */
#ifndef VS_CORE_STROKES_DRAWING_H
#define VS_CORE_STROKES_DRAWING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

#define VS_DRAWING_MAX_STROKES 65536
#define VS_DRAWING_MAX_POINTS  1048576

typedef struct vs_point2 {
  float x, y;
} vs_point2;

/* Cubic s of a stroke goes from point 3s by way of 3s+1 and 3s+2 to 3s+3; the last cubic of a
 * closed stroke ends in point 0. */
typedef struct vs_stroke {
  size_t first_point; /* in the drawing's points */
  int segments;       /* joined cubics, >= 1 */
  bool closed;
  float width;    /* whole width of the line, canvas units, > 0; ends and joins are round */
  float color[3]; /* sRGB, 0..1 */
  float opacity;  /* 0..1 */
  int pen;        /* which pen of a set draws it; -1: none was chosen */
} vs_stroke;

typedef struct vs_drawing {
  double width, height; /* of the canvas, > 0 */
  float paper[3];       /* sRGB, 0..1; covers the canvas and what is beyond it */
  size_t stroke_count, point_count;
  vs_stroke *strokes;
  vs_point2 *points;
} vs_drawing;

/* Points of one stroke: 3 segments + 1, or 3 segments if it is closed. */
size_t vs_drawing_stroke_points(int segments, bool closed);

/* The four control points of cubic `segment` of a stroke. */
void vs_drawing_stroke_cubic(const vs_drawing *drawing, const vs_stroke *stroke, int segment,
                             vs_point2 cubic[4]);

/* Whether two colours are the same numbers. */
bool vs_drawing_same_color(const float a[3], const float b[3]);

/* A drawing of blank strokes and points on white paper, in memory of its own; freed with
 * vs_drawing_free. VS_ERR_LIMIT beyond the limits above, VS_ERR_MEMORY. */
vs_status vs_drawing_new(vs_drawing **out, double width, double height, size_t strokes,
                         size_t points);
vs_status vs_drawing_copy(vs_drawing **out, const vs_drawing *drawing);
void vs_drawing_free(vs_drawing *drawing); /* fine on NULL */

#endif
