/* cubic.h - one cubic Bezier in double precision: where it is, its parts, its length.
 *
 *   b(t) = (1-t)^3 p0 + 3 (1-t)^2 t p1 + 3 (1-t) t^2 p2 + t^3 p3,  t in 0..1 */
#ifndef VS_CORE_STROKES_CUBIC_H
#define VS_CORE_STROKES_CUBIC_H

#include "core/strokes/drawing.h"

typedef struct vs_place {
  double x, y;
} vs_place;

typedef struct vs_cubic {
  vs_place p[4];
} vs_cubic;

/* A part t = from..to of a cubic. */
typedef struct vs_span {
  double from, to;
} vs_span;

/* A rectangle, its border included. */
typedef struct vs_frame {
  double left, top, right, bottom;
} vs_frame;

/* A point of a drawing, and cubic `segment` of one of its strokes. */
vs_place vs_cubic_place(vs_point2 point);
vs_cubic vs_cubic_of_stroke(const vs_drawing *drawing, const vs_stroke *stroke, int segment);

double vs_cubic_distance(vs_place a, vs_place b);

vs_place vs_cubic_at(const vs_cubic *cubic, double t);

/* The part as a cubic of its own, by subdivision: the same curve. Ends at 0 and 1 stay exactly. */
vs_cubic vs_cubic_part(const vs_cubic *cubic, vs_span part);

/* The straight line from a to b. */
vs_cubic vs_cubic_line(vs_place a, vs_place b);

/* Within a relative error of 1e-4: by subdivision until chord and control polygon, between which
 * the length lies, agree. */
double vs_cubic_length(const vs_cubic *cubic);

/* The number of equal steps of t whose chords stay within `tolerance` of the curve (Wang's bound,
 * from the second differences), 1..VS_CUBIC_MAX_STEPS. */
#define VS_CUBIC_MAX_STEPS 1024
int vs_cubic_steps(const vs_cubic *cubic, double tolerance);

/* The parts that lie in a box, in order; what touches neighbours is one part or several. Returns
 * their number. Precise to about 1e-15 of t. */
#define VS_CUBIC_MAX_PARTS 21
int vs_cubic_inside(const vs_cubic *cubic, const vs_frame *box, vs_span parts[VS_CUBIC_MAX_PARTS]);

#endif
