/* drawing_arrays.h - a finished drawing as the arrays that files hold (docs/results-format.md), and
 * back. Internal to the store.
 *
 *   /params/points     (run, stroke, point, xy)   px of the canvas
 *   /params/strokes    (run, stroke, stroke_style) width px, red, green, blue, opacity 0..1, pen,
 *                      place, budget
 *   /params/paper      (run, rgb)
 *   /params/pens       (run, pen, pen_style)      red, green, blue, width in mm
 *   /params/pen_names  (run, pen)
 *
 * All strokes of a run have as many points: 3 n + 1 of an open one of n cubics, 3 n of a closed
 * one, which therefore tell each other apart. Pens are counted from 0; -1: none was chosen. */
#ifndef VS_SWEEPS_STORE_SEGMENT_DRAWING_ARRAYS_H
#define VS_SWEEPS_STORE_SEGMENT_DRAWING_ARRAYS_H

#include "core/optimize/run.h"

enum { VS_STROKE_STYLE = 8, VS_PEN_STYLE = 4 };
enum { VS_STROKE_PLACE = 6, VS_STROKE_BUDGET = 7 }; /* of VS_STROKE_STYLE */

typedef struct vs_drawing_arrays {
  size_t strokes, stroke_points, pens;
  float *points; /* (strokes, stroke_points, 2) */
  float *styles; /* (strokes, VS_STROKE_STYLE) */
  float paper[3];
  float *pen_styles; /* (pens, VS_PEN_STYLE) */
  char *pen_names;   /* (pens, VS_PEN_NAME) */
} vs_drawing_arrays;

/* Takes memory for arrays of these sizes, zeroed. VS_ERR_MEMORY leaves *arrays zeroed. */
vs_status vs_drawing_arrays_init(vs_drawing_arrays *arrays, size_t strokes, size_t stroke_points,
                                 size_t pens);
void vs_drawing_arrays_clear(vs_drawing_arrays *arrays); /* fine on a zeroed one */

/* The drawing of a result, which has one. VS_ERR_MEMORY. */
vs_status vs_drawing_arrays_pack(vs_drawing_arrays *arrays, const vs_run_result *result);

/* The way back, but for place and budget; `width`, `height` are those of the canvas. *drawing is
 * the caller's. VS_ERR_FORMAT: they hold no drawing. */
vs_status vs_drawing_arrays_unpack(const vs_drawing_arrays *arrays, int width, int height,
                                   vs_drawing **drawing, vs_pen_set *pens);

#endif
