/* svg_write.h - a drawing as SVG that browsers, Inkscape, vpype and AxiDraw read: one layer for
 * each pen, Beziers as they are, nothing but paths.
 *
 * Places and lengths are rounded to a thousandth of a canvas unit and written as short as that
 * allows, in any locale. A stroke with a place that is not finite, or not within 10^9 units of 0,
 * is left out: it draws nothing (raster.h).
 *
 * A layer is a top-level group in Inkscape's way, labelled "1-black": the pen's place in its set,
 * then its name. AxiDraw plots by that number; vpype makes its layer's number of a label's digits,
 * old versions of all of them, so that digits of the name are left out. Pens that draw nothing have
 * no layer, and do not change the numbers of the others. */
#ifndef VS_CORE_SVG_SVG_WRITE_H
#define VS_CORE_SVG_SVG_WRITE_H

#include <stdio.h>

#include "core/strokes/drawing.h"
#include "core/strokes/pen.h"

typedef struct vs_svg_options {
  const char *unit;       /* of the sheet's width and height: "mm" or "px"; a canvas unit is one */
  const vs_pen_set *pens; /* a layer for each, in this order, named "1-black"; strokes without a pen
                             stand in a last layer of their own. NULL: no layers, in the order of
                             the drawing */
  bool as_pens;           /* strokes in their pen's colour, opaque, instead of their own; the width
                             is always the stroke's own, in canvas units */
  const char *title;      /* UTF-8; escaped here; NULL: none */
  const char *description; /* likewise, into <metadata> */
  bool paper; /* whether the paper is drawn, as a rectangle beneath: for screens only */
} vs_svg_options;

/* Prints the whole document. Errors of the stream are for the caller to check. */
void vs_svg_write_print(FILE *out, const vs_drawing *drawing, const vs_svg_options *options);

/* The same as a file, durably (core/base/file.h). VS_ERR_IO, VS_ERR_MEMORY; VS_ERR_USAGE where
 * `path` is a file that is no SVG. */
vs_status vs_svg_write(const char *path, const vs_drawing *drawing, const vs_svg_options *options);

#endif
