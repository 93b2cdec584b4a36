/* svg_read.h - the strokes of any SVG as a drawing. */
#ifndef VS_CORE_SVG_SVG_READ_H
#define VS_CORE_SVG_SVG_READ_H

#include "core/strokes/drawing.h"

/* Reads paths, lines, polylines, polygons, rects, circles, ellipses with a stroke, through groups,
 * transforms (those of CSS too), style attributes, simple style sheets and `use`; of a `switch` the
 * first child that is for all readers, or for those of English. Canvas units are the viewBox's, its
 * corner moved to (0,0); without one, the width and height in px. Every subpath is a stroke; what
 * is not visible (opacity 0, width 0, display none) is none. The paper is white, or a filled rect
 * over the whole canvas beneath all strokes. What is left out or read otherwise than it was meant
 * (fills, texts, dashes, clip paths, gradients) is said through vs_log, once for each kind.
 *
 * Freed by the caller. VS_ERR_IO; VS_ERR_FORMAT names file and line of what is wrong: no XML, no
 * SVG, entities, bad numbers, points farther than 1e6 units; VS_ERR_LIMIT, before anything is
 * allocated, what is too large or refers to itself (svg_tree.h, drawing.h); VS_ERR_USAGE if nothing
 * in it is stroked. */
vs_status vs_svg_read(vs_drawing **out, const char *path);

/* The same; *unit_px is how many px (96 an inch) a canvas unit is, by the sheet's own width: 3.78
 * where it is a millimetre, 1 where the file does not say. */
vs_status vs_svg_read_sheet(vs_drawing **out, const char *path, double *unit_px);

#endif
