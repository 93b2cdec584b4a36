/* palette.h - a drawing's colours reduced to a few pens, by k-means in Lab.
 *
 * Every stroke is a sample: its colour, blended with the paper by its opacity, weighted by its ink
 * (length times width on the canvas). */
#ifndef VS_CORE_STROKES_PALETTE_H
#define VS_CORE_STROKES_PALETTE_H

#include <stdint.h>

#include "core/strokes/drawing.h"
#include "core/strokes/pen.h"

/* The rule for the number of pens where none is given. If some number up to VS_PALETTE_RULE_PENS
 * lets no stroke change noticeably (by VS_LAB_NOTICEABLE, color.h), the smallest such: a drawing of
 * few colours keeps them. Else the number n that minimizes
 *
 *   D(n) / D(1) + VS_PALETTE_PEN_COST n,   D(n) the mean Lab distance with n pens, weighted by ink
 *
 * so that a pen is worth having if it takes 3% off what a single one leaves. */
#define VS_PALETTE_RULE_PENS 12
#define VS_PALETTE_PEN_COST  0.03

/* Chooses `colors` pens (1..VS_MAX_PENS), or by the rule if 0: names after their colour, all
 * different ("red", "red 2"), width VS_DEFAULT_PEN_MM, colours in whole 255ths, the most ink first.
 * The same for the same drawing. VS_ERR_USAGE if there are fewer different colours (of 8 bits a
 * channel) than pens, or no ink on the canvas; VS_ERR_MEMORY. *inertia (may be NULL) is the
 * weighted sum of squared distances in Lab to the clusters' centres. */
vs_status vs_palette_find(const vs_drawing *drawing, int colors, vs_pen_set *pens, double *inertia);

/* Names pens after their colours; the second of a name has it with a 2: "red", "red 2". */
void vs_palette_name_pens(vs_pen_set *pens);

/* Gives every stroke the pen that is nearest to its blended colour in Lab, of equals the first,
 * that pen's colour, and opacity 1. Widths stay. */
void vs_palette_apply(vs_drawing *drawing, const vs_pen_set *pens);

/* --- what a palette does to a drawing --------------------------------------------------------- */

/* A stroke as a sample: its colour on the paper; its ink in square canvas units, that of a line
 * with round ends, 0 if nothing of it lies on the canvas; the pen that vs_palette_apply gives
 * it. */
void vs_palette_blend(const vs_drawing *drawing, const vs_stroke *stroke, float rgb[3]);
double vs_palette_ink(const vs_drawing *drawing, const vs_stroke *stroke);
int vs_palette_nearest(const vs_pen_set *pens, const float rgb[3]);

typedef struct vs_pen_use {
  double ink_share; /* of the drawing's ink, 0..1 */
  int strokes;
  double distance; /* in Lab, the mean over its ink: by how much colours change; 0 without ink */
} vs_pen_use;

/* What each pen is to replace in a drawing in its own colours: uses has pens->count entries.
 * Returns the mean distance over all ink. */
double vs_palette_measure(const vs_drawing *drawing, const vs_pen_set *pens, vs_pen_use *uses);

#endif
