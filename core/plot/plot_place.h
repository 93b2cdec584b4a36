/* plot_place.h - a drawing moved onto a page, and cut where it ends. */
#ifndef VS_CORE_PLOT_PLOT_PLACE_H
#define VS_CORE_PLOT_PLOT_PLACE_H

#include "core/strokes/cubic.h"
#include "core/strokes/drawing.h"

/* Page = scale * canvas + (left, top), in mm. */
typedef struct vs_placing {
  double scale, left, top;
} vs_placing;

/* What became of strokes that can be seen. */
typedef struct vs_placed {
  int outside; /* nothing of them is within the box, or it cannot be told: not finite, too far */
  int cut;     /* a part of them is within */
} vs_placed;

/* What `drawing` shows within `box` on a page of width x height mm: strokes cut where they leave
 * it, at the curves' roots, so that what is left is still the same curves. A stroke that leaves the
 * box becomes several; a closed one that does becomes open ones. Widths and colours stay. Freed by
 * the caller. VS_ERR_LIMIT, VS_ERR_MEMORY. */
vs_status vs_plot_place(vs_drawing **out, const vs_drawing *drawing, const vs_placing *placing,
                        double width_mm, double height_mm, const vs_frame *box, vs_placed *counts);

#endif
