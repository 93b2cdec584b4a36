/* plot.h - a drawing on a page: placed within the margins, strokes joined where ends meet, ordered
 * to shorten the way of the lifted pen; and what plotting it takes. */
#ifndef VS_CORE_PLOT_PLOT_H
#define VS_CORE_PLOT_PLOT_H

#include "core/plot/page.h"
#include "core/strokes/drawing.h"
#include "core/strokes/pen.h"

/* What one pen draws. */
typedef struct vs_plot_pen {
  double drawn_mm, travel_mm, minutes;
  int strokes;
} vs_plot_pen;

typedef struct vs_plot_figures {
  double drawn_mm, travel_mm; /* pen down, pen up; from the page's corner and back with each pen */
  int strokes, lifts, pens;   /* strokes as joined; pens that draw something */
  /* Of the drawing's strokes that can be seen: left out as nothing of them lies on the canvas, or
   * as they are not finite or too far away to be told; and cut where the canvas ends. */
  int strokes_off_canvas, strokes_cut;
  int strokes_of_paper; /* left out: of the paper's colour (vs_plot_is_paper) */
  int strokes_joined;   /* strokes, and parts of those that were cut, joined with another */
  double minutes;       /* by the motion model, changes of pens not counted */
  vs_plot_pen by_pen[VS_MAX_PENS]; /* in the order of the set */
} vs_plot_figures;

/* Whether a colour is the paper's, as far as one sees on the sheet: L*a*b* distances (color.h)
 * below VS_PLOT_PAPER_LAB, twice what is just noticeable side by side. A line of it shows only
 * where it covers others, which a pen cannot do; white ink on dark paper is far from it. */
#define VS_PLOT_PAPER_LAB 5.0
bool vs_plot_is_paper(const float rgb[3], const float paper[3]);

/* Places the drawing as large as page and margin allow, upright in the middle, and plans the way of
 * the pens: all strokes of one pen, then the next. Every stroke has a pen of the set. *out is a
 * drawing in mm of the page, in the order of plotting, in the colours and widths of the pens; freed
 * by the caller.
 *
 * The canvas is fitted into the margins less half the width of the set's widest pen, and strokes
 * end where their centre line leaves the canvas, as a picture ends there: so all ink is within the
 * margins (to VS_PLOT_EDGE_MM). Curves are cut at their roots and stay the same curves. Strokes of
 * one pen whose ends are within VS_PLOT_JOIN_MM become one. What is invisible is not plotted
 * (opacity 0, or a pen of the paper's colour), nor what is not finite or more than a kilometre off
 * the page.
 *
 * *mm_per_unit (may be NULL) is the scale. VS_ERR_USAGE: a page smaller than its margins;
 * VS_ERR_LIMIT: more strokes than a drawing may have, once they are cut; VS_ERR_MEMORY. */
#define VS_PLOT_EDGE_MM 0.001
#define VS_PLOT_JOIN_MM 0.05
vs_status vs_plot_plan(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                       const vs_page *page, double margin_mm, vs_plot_figures *figures,
                       double *mm_per_unit);

/* The scale alone: mm of the page for a canvas unit. VS_ERR_USAGE: a page smaller than its margins.
 */
vs_status vs_plot_scale(const vs_drawing *drawing, const vs_pen_set *pens, const vs_page *page,
                        double margin_mm, double *mm_per_unit);

/* The drawing as it will look: every stroke in the colour and with the width of its pen, opaque, in
 * the canvas units it had, and those of a pen over those of the pens before it, as they are
 * plotted; strokes without a pen as they are, beneath. Those whose pen has the paper's colour are
 * not plotted, and here transparent. Freed by the caller. VS_ERR_MEMORY. */
vs_status vs_plot_preview(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                          double mm_per_unit);

#endif
