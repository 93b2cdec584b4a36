/* swatches.h - a picture of what a palette makes of a drawing: before, after, the clusters of
 * colours in the plane of a* and b* (each stroke a dot of its colour, sized by its ink, with a line
 * to its pen), beside it lightness over chroma, as greys all meet in the middle of the plane; and
 * below the pens by their share of the ink. */
#ifndef VS_ANALYSIS_SHEET_SWATCHES_H
#define VS_ANALYSIS_SHEET_SWATCHES_H

#include "core/strokes/drawing.h"
#include "core/strokes/pen.h"

/* `before` is the drawing in its own colours, `after` in those of the pens (vs_palette_apply).
 * VS_ERR_USAGE if `path` is a file of another kind; VS_ERR_IO, VS_ERR_MEMORY. */
vs_status vs_swatches_write(const char *path, const vs_drawing *before, const vs_drawing *after,
                            const vs_pen_set *pens);

#endif
