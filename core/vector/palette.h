/* palette.h - a drawing's colours reduced to a few pens, by k-means in Lab.
 *
 * Every stroke is a sample: its colour, blended with the paper by its opacity, weighted by its ink
 * (length times width on the canvas). */
#ifndef VS_CORE_VECTOR_PALETTE_H
#define VS_CORE_VECTOR_PALETTE_H

#include <stdint.h>

#include "core/vector/drawing.h"
#include "core/vector/pens.h"

/* Chooses `colors` pens (1..VS_MAX_PENS), or by the stated rule if 0: names after their colour,
 * width VS_DEFAULT_PEN_MM, the most ink first. The same for the same drawing. VS_ERR_USAGE if there
 * are fewer different colours than pens, VS_ERR_MEMORY. *inertia (may be NULL) is the weighted sum
 * of squared distances in Lab. */
vs_status vs_palette_find(const vs_drawing *drawing, int colors, vs_pen_set *pens, double *inertia);

/* Gives every stroke the pen that is nearest to its blended colour in Lab, that pen's colour, and
 * opacity 1. Widths stay. */
void vs_palette_apply(vs_drawing *drawing, const vs_pen_set *pens);

#endif
