/* motion.h - how long a plotter takes: constant acceleration, a speed limit, and slower corners.
 *
 * The model is that of saxi and axi. Speed starts and ends at 0, rises and falls at most by
 * `acceleration`, and stays below `speed`. Where two segments meet at an angle, the corner is taken
 * as an arc that leaves it by at most `cornering` mm, at which the centripetal acceleration must
 * not be above `acceleration` either (S. Jeon, "Improving Grbl: cornering algorithm", 2011):
 *
 *   v^2 <= acceleration * cornering * s / (1 - s),  s = cos(turn / 2)
 *
 * A curve is its chords (vs_cubic_steps at VS_MOTION_CHORD_MM, about what saxi and vpype make of
 * it); by that formula finer chords would be passed faster. */
#ifndef VS_CORE_PLOT_MOTION_H
#define VS_CORE_PLOT_MOTION_H

#include <stddef.h>

#include "core/strokes/cubic.h"

#define VS_MOTION_CHORD_MM 0.1
#define VS_MOTION_LIFT_S   0.12 /* to lift the pen, or to set it down */

typedef struct vs_motion {
  double speed;        /* mm/s */
  double acceleration; /* mm/s^2 */
  double cornering;    /* mm */
} vs_motion;

extern const vs_motion vs_motion_pen_down, vs_motion_pen_up;

/* Seconds for a straight way from rest to rest. */
double vs_motion_straight(const vs_motion *motion, double distance_mm);

/* Seconds along a chain of straight segments, from rest to rest. Points that follow each other at
 * no distance count once. `scratch` has room for `count` points and 2 * count numbers: */
typedef struct vs_motion_scratch {
  double *lengths, *speeds; /* the caller's, `count` each */
} vs_motion_scratch;
double vs_motion_along(const vs_motion *motion, const vs_place *points, size_t count,
                       vs_motion_scratch scratch);

#endif
