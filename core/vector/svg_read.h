/* svg_read.h - the strokes of any SVG as a drawing. */
#ifndef VS_CORE_VECTOR_SVG_READ_H
#define VS_CORE_VECTOR_SVG_READ_H

#include "core/vector/drawing.h"

/* Reads paths, lines, polylines, polygons, rects, circles, ellipses with a stroke, through groups,
 * transforms, style attributes and `use`. Canvas units are the viewBox's, its corner moved to
 * (0,0); without one, the width and height in px. Freed by the caller. VS_ERR_IO; VS_ERR_FORMAT
 * names file and line of what is wrong; VS_ERR_LIMIT, before anything is allocated, what is too
 * large or refers to itself; VS_ERR_USAGE if nothing in it is stroked. */
vs_status vs_svg_read(vs_drawing **out, const char *path);

#endif
