/* raster_reference.h - the plain twin of the rasterizer (raster.h): in double, every pixel against
 * every piece of every stroke, forward and backward. The oracle of the tests, called by nothing
 * else.
 *
 * It shares with the fast one the rule by which a cubic is subdivided (bezier.h: rate and knots)
 * and the constant of the profile; evaluation and derivatives are its own. */
#ifndef VS_CORE_RASTER_RASTER_REFERENCE_H
#define VS_CORE_RASTER_RASTER_REFERENCE_H

#include "core/base/status.h"
#include "core/strokes/drawing.h"

#define VS_STROKE_NUMBERS 5 /* of a stroke: width, color[3], opacity */

/* The numbers of a drawing in double, or a gradient to them; the arrays are the caller's. */
typedef struct vs_drawing_numbers {
  double *points;  /* (point_count, 2) */
  double *strokes; /* (stroke_count, VS_STROKE_NUMBERS) */
} vs_drawing_numbers;

void vs_raster_reference_get_numbers(const vs_drawing *drawing, vs_drawing_numbers *numbers);

/* As vs_raster_render, of the drawing's shape and paper with these numbers. VS_ERR_MEMORY. */
vs_status vs_raster_reference_render(const vs_drawing *drawing, const vs_drawing_numbers *numbers,
                                     double scale, int height, int width, double *image);

/* As vs_raster_backward. Overwrites `gradient`. VS_ERR_MEMORY. */
vs_status vs_raster_reference_backward(const vs_drawing *drawing, const vs_drawing_numbers *numbers,
                                       double scale, int height, int width, const double *dimage,
                                       vs_drawing_numbers *gradient);

#endif
