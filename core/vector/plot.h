/* plot.h - a drawing on a page: placed within the margins, strokes joined where ends meet, ordered
 * to shorten the way of the lifted pen; and what plotting it takes. */
#ifndef VS_CORE_VECTOR_PLOT_H
#define VS_CORE_VECTOR_PLOT_H

#include "core/vector/drawing.h"
#include "core/vector/pens.h"

typedef struct vs_page {
  double width_mm, height_mm;
} vs_page;

/* "A6" .. "A2", "Letter", any case, upright; with "-landscape" lying. VS_ERR_USAGE lists the names.
 */
vs_status vs_page_find(const char *name, vs_page *page);

typedef struct vs_plot_figures {
  double drawn_mm, travel_mm; /* pen down, pen up */
  int strokes, lifts, pens;   /* strokes as joined; pens that draw something */
  double minutes;             /* by the motion model, changes of pens not counted */
} vs_plot_figures;

/* Places the drawing as large as page and margin allow, upright in the middle, and plans the way of
 * the pens: all strokes of one pen, then the next. Every stroke has a pen of the set. *out is a
 * drawing in mm of the page, in the order of plotting, clipped to the margins; freed by the caller.
 * *mm_per_unit (may be NULL) is the scale. VS_ERR_USAGE: a page smaller than its margins;
 * VS_ERR_MEMORY. */
vs_status vs_plot_plan(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                       const vs_page *page, double margin_mm, vs_plot_figures *figures,
                       double *mm_per_unit);

/* The drawing as it will look: every stroke in the colour and with the width of its pen, opaque,
 * in the canvas units it had. Freed by the caller. VS_ERR_MEMORY. */
vs_status vs_plot_preview(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                          double mm_per_unit);

#endif
