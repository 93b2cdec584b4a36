/* plot_order.h - in which order, and from which end, the strokes of one pen are drawn, so that the
 * lifted pen has little way to go.
 *
 * The pen comes from the page's corner (0,0) and goes back there. First the nearest end that is
 * left, over and over (a k-d tree finds it); then the tour is improved by 2-opt and by moving
 * single strokes, looking at the nearest few ends of each end only (Bentley 1992, "Fast algorithms
 * for geometric traveling salesman problems"). Open strokes may be drawn backwards, closed ones
 * begin at any of their joints. The work is bounded by a count of steps, not by a clock: the same
 * drawing gives the same order. */
#ifndef VS_CORE_PLOT_PLOT_ORDER_H
#define VS_CORE_PLOT_PLOT_ORDER_H

#include "core/strokes/drawing.h"

typedef struct vs_visit {
  size_t stroke; /* of the drawing */
  bool reversed; /* an open one: from its last point to its first */
  int joint;     /* a closed one: begins and ends at the first point of this cubic */
} vs_visit;

/* Orders the strokes of a pen. visits has room for them all; their number is *count. All places are
 * finite. VS_ERR_MEMORY. */
vs_status vs_plot_order(const vs_drawing *drawing, int pen, vs_visit *visits, size_t *count);

#endif
