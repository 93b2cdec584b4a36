/* strength.h - lambda in units of the channel's own run.
 *
 *   lambda = strength * unit,    unit = |exc_eval| / style_eval of the run of strength 0, at its
 * end
 *
 * At lambda = unit the style distance of the finished, unregularized picture weighs as much in the
 * loss as its excitation, whatever the layer, the channel and the size of the picture are. That
 * run is the baseline of the others of its group: they wait for it, and for nothing else. */
#ifndef VS_CORE_OPTIMIZE_STRENGTH_H
#define VS_CORE_OPTIMIZE_STRENGTH_H

#include "core/optimize/run.h"

/* What became of the baseline. */
typedef struct vs_strength_baseline {
  vs_outcome outcome;
  double exc_eval, style_eval; /* NaN unless it is done */
} vs_strength_baseline;

/* The unit, positive and finite. VS_ERR_USAGE where there is none: the baseline failed or diverged,
 * or one of its two figures is 0 or not finite; the message is the reason of the runs that wait for
 * it. */
vs_status vs_strength_unit(const vs_strength_baseline *baseline, double *unit);

#endif
