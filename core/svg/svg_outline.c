/* svg_outline.c - an outline that grows step by step; arcs and shapes are made of the same few
 * steps. Their texts are read in svg_path.c. */
#include "core/svg/svg_outline.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/grow.h"
#include "core/strokes/drawing.h"

void vs_svg_outline_reset(vs_svg_outline *outline) {
  outline->point_count = outline->subpath_count = 0;
  outline->start = outline->current = (vs_svg_point){0};
  outline->is_open = outline->has_moved = false;
  outline->status = VS_OK;
}

void vs_svg_outline_clear(vs_svg_outline *outline) {
  free(outline->points);
  free(outline->subpaths);
  *outline = (vs_svg_outline){0};
}

static void push_point(vs_svg_outline *o, vs_svg_point point) {
  if (o->status != VS_OK) return;
  if (o->point_count >= VS_DRAWING_MAX_POINTS) {
    o->status =
        vs_fail(VS_ERR_LIMIT, "a shape of more than %d points; split it", VS_DRAWING_MAX_POINTS);
    return;
  }
  vs_svg_point *points = vs_grow(o->points, &o->point_room, o->point_count + 1, sizeof *o->points);
  if (points == NULL) {
    o->status = vs_fail(VS_ERR_MEMORY, "no memory for its points");
    return;
  }
  o->points = points;
  o->points[o->point_count++] = point;
}

static void begin_subpath(vs_svg_outline *o) {
  if (o->status != VS_OK) return;
  vs_svg_subpath *subpaths =
      vs_grow(o->subpaths, &o->subpath_room, o->subpath_count + 1, sizeof *o->subpaths);
  if (subpaths == NULL) {
    o->status = vs_fail(VS_ERR_MEMORY, "no memory for its parts");
    return;
  }
  o->subpaths = subpaths;
  o->subpaths[o->subpath_count++] = (vs_svg_subpath){.first_point = o->point_count};
  o->start = o->current;
  o->is_open = true;
  push_point(o, o->current);
}

void vs_svg_outline_move(vs_svg_outline *o, double x, double y) {
  o->is_open = false;
  o->has_moved = true;
  o->start = o->current = (vs_svg_point){x, y};
}

void vs_svg_outline_cubic(vs_svg_outline *o, vs_svg_point first, vs_svg_point second,
                          vs_svg_point end) {
  if (!o->is_open) begin_subpath(o);
  push_point(o, first);
  push_point(o, second);
  push_point(o, end);
  o->current = end;
  if (o->status == VS_OK) o->subpaths[o->subpath_count - 1].segments++;
}

static vs_svg_point between(vs_svg_point a, vs_svg_point b, double t) {
  return (vs_svg_point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

void vs_svg_outline_line(vs_svg_outline *o, double x, double y) {
  const vs_svg_point from = o->current, end = {x, y};
  vs_svg_outline_cubic(o, between(from, end, 1.0 / 3.0), between(from, end, 2.0 / 3.0), end);
}

void vs_svg_outline_quadratic(vs_svg_outline *o, vs_svg_point control, vs_svg_point end) {
  vs_svg_outline_cubic(o, between(o->current, control, 2.0 / 3.0), between(end, control, 2.0 / 3.0),
                       end);
}

static bool is_same_place(vs_svg_point a, vs_svg_point b) {
  return (float)a.x == (float)b.x && (float)a.y == (float)b.y; /* as a drawing keeps them */
}

void vs_svg_outline_close(vs_svg_outline *o) {
  const bool has_segments = o->is_open;
  if (!has_segments && !o->has_moved) return;
  if (!has_segments || !is_same_place(o->current, o->start))
    vs_svg_outline_line(o, o->start.x, o->start.y);
  if (o->status == VS_OK && has_segments) {
    o->subpaths[o->subpath_count - 1].closed = true;
    o->point_count--; /* the end is the first point */
  }
  o->current = o->start;
  o->is_open = o->has_moved = false;
}

bool vs_svg_outline_is_dot(const vs_svg_outline *outline, const vs_svg_subpath *subpath) {
  const vs_svg_point *points = outline->points + subpath->first_point;
  const size_t count = vs_drawing_stroke_points(subpath->segments, subpath->closed);
  for (size_t i = 1; i < count; i++)
    if (!is_same_place(points[i], points[0])) return false;
  return true;
}

/* --- arcs ------------------------------------------------------------------------------------- */

/* An ellipse in its own frame: center + turn (rx cos t, ry sin t). */
typedef struct ellipse {
  vs_svg_point center;
  double rx, ry, cosine, sine;
} ellipse;

static vs_svg_point on_ellipse(const ellipse *e, double x, double y) {
  return (vs_svg_point){e->center.x + e->cosine * e->rx * x - e->sine * e->ry * y,
                        e->center.y + e->sine * e->rx * x + e->cosine * e->ry * y};
}

/* From angle `from` by `turn` on, both of the unit circle; the last point is `end` exactly. The
 * handles are those that touch the arc in its middle too (4/3 tan of a quarter of the angle). */
static void append_turn(vs_svg_outline *o, const ellipse *e, double from, double turn,
                        vs_svg_point end) {
  const int pieces = (int)fmin(fmax(ceil(fabs(turn) / (M_PI / 2.0) - 1e-9), 1.0), 4.0);
  const double step = turn / pieces, handle = 4.0 / 3.0 * tan(step / 4.0);
  for (int i = 0; i < pieces; i++) {
    const double c0 = cos(from + step * i), s0 = sin(from + step * i);
    const double c1 = cos(from + step * (i + 1)), s1 = sin(from + step * (i + 1));
    vs_svg_outline_cubic(o, on_ellipse(e, c0 - handle * s0, s0 + handle * c0),
                         on_ellipse(e, c1 + handle * s1, s1 - handle * c1),
                         i + 1 == pieces ? end : on_ellipse(e, c1, s1));
  }
}

void vs_svg_outline_arc(vs_svg_outline *o, double rx, double ry, double degrees, bool large,
                        bool sweep, double x, double y) {
  const vs_svg_point from = o->current, end = {x, y};
  rx = fabs(rx);
  ry = fabs(ry);
  if (from.x == x && from.y == y) return; /* as F.6.2 has it */
  const double angle = degrees * (M_PI / 180.0);
  ellipse e = {.rx = rx, .ry = ry, .cosine = cos(angle), .sine = sin(angle)};
  /* half the chord, in the frame of the ellipse (F.6.5.1) */
  const double hx = (from.x - x) / 2.0, hy = (from.y - y) / 2.0;
  const double u = e.cosine * hx + e.sine * hy, v = -e.sine * hx + e.cosine * hy;
  const double reach = (u / rx) * (u / rx) + (v / ry) * (v / ry);
  if (!(rx > 0.0 && ry > 0.0) || !isfinite(reach)) {
    vs_svg_outline_line(o, x, y);
    return;
  }
  if (reach > 1.0) { /* F.6.6.2 */
    e.rx *= sqrt(reach);
    e.ry *= sqrt(reach);
  }
  /* the centre (F.6.5.2, .3), as a point of the unit circle's frame */
  const double positive = fmax(reach, 1e-300);
  const double off =
      (large == sweep ? -1.0 : 1.0) * sqrt(fmax(0.0, 1.0 / fmin(positive, 1.0) - 1.0));
  const double cu = off * v / e.ry, cv = -off * u / e.rx;
  e.center = (vs_svg_point){(from.x + x) / 2.0, (from.y + y) / 2.0};
  e.center = on_ellipse(&e, cu, cv);
  const double begin = atan2(v / e.ry - cv, u / e.rx - cu);
  double turn = atan2(-v / e.ry - cv, -u / e.rx - cu) - begin; /* F.6.5.5, .6 */
  if (sweep && turn < 0.0) turn += 2.0 * M_PI;
  if (!sweep && turn > 0.0) turn -= 2.0 * M_PI;
  append_turn(o, &e, begin, turn, end);
}

/* --- shapes ----------------------------------------------------------------------------------- */

void vs_svg_outline_rect(vs_svg_outline *o, double x, double y, double width, double height,
                         double rx, double ry) {
  const double right = x + width, bottom = y + height;
  rx = fmin(rx, width / 2.0);
  ry = fmin(ry, height / 2.0);
  const bool round = rx > 0.0 && ry > 0.0;
  if (!round) rx = ry = 0.0;
  vs_svg_outline_move(o, x + rx, y);
  if (right - rx > x + rx) vs_svg_outline_line(o, right - rx, y);
  if (round) vs_svg_outline_arc(o, rx, ry, 0.0, false, true, right, y + ry);
  if (bottom - ry > y + ry) vs_svg_outline_line(o, right, bottom - ry);
  if (round) vs_svg_outline_arc(o, rx, ry, 0.0, false, true, right - rx, bottom);
  if (right - rx > x + rx) vs_svg_outline_line(o, x + rx, bottom);
  if (round) vs_svg_outline_arc(o, rx, ry, 0.0, false, true, x, bottom - ry);
  if (bottom - ry > y + ry && round) vs_svg_outline_line(o, x, y + ry);
  if (round) vs_svg_outline_arc(o, rx, ry, 0.0, false, true, x + rx, y);
  vs_svg_outline_close(o);
}

void vs_svg_outline_ellipse(vs_svg_outline *o, double cx, double cy, double rx, double ry) {
  const ellipse e = {{cx, cy}, rx, ry, 1.0, 0.0};
  const vs_svg_point start = {cx + rx, cy};
  vs_svg_outline_move(o, start.x, start.y);
  append_turn(o, &e, 0.0, 2.0 * M_PI, start);
  vs_svg_outline_close(o);
}
