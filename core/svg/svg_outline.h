/* svg_outline.h - the outline of one SVG shape, as it is drawn: chains of cubics in its own
 * coordinates.
 *
 * Lines are cubics with even thirds, quadratics are raised, elliptic arcs become cubics of at most
 * a quarter turn (off by 2.7e-4 of the radius). A failure is kept and ends the growth, so that
 * shapes need not ask at every step. */
#ifndef VS_CORE_SVG_SVG_OUTLINE_H
#define VS_CORE_SVG_SVG_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

typedef struct vs_svg_point {
  double x, y;
} vs_svg_point;

/* As a vs_stroke has them: 3 segments + 1 points, or 3 segments if it is closed. */
typedef struct vs_svg_subpath {
  size_t first_point;
  int segments;
  bool closed;
} vs_svg_subpath;

typedef struct vs_svg_outline {
  vs_svg_point *points;
  vs_svg_subpath *subpaths;
  size_t point_count, point_room, subpath_count, subpath_room;
  vs_svg_point start, current;
  bool is_open;     /* the last subpath can go on */
  bool has_moved;   /* nothing has been drawn from `start` yet */
  vs_status status; /* VS_OK, VS_ERR_MEMORY or VS_ERR_LIMIT with its message */
} vs_svg_outline;

/* Empties an outline but keeps its memory; clear frees it. Both are fine on a zeroed struct. */
void vs_svg_outline_reset(vs_svg_outline *outline);
void vs_svg_outline_clear(vs_svg_outline *outline);

/* Every step begins where the last one ended. */
void vs_svg_outline_move(vs_svg_outline *outline, double x, double y);
void vs_svg_outline_line(vs_svg_outline *outline, double x, double y);
void vs_svg_outline_quadratic(vs_svg_outline *outline, vs_svg_point control, vs_svg_point end);
void vs_svg_outline_cubic(vs_svg_outline *outline, vs_svg_point first, vs_svg_point second,
                          vs_svg_point end);

/* SVG 1.1 appendix F.6: radii that are too small grow, radius 0 makes a line. Degrees. */
void vs_svg_outline_arc(vs_svg_outline *outline, double rx, double ry, double degrees, bool large,
                        bool sweep, double x, double y);

/* By a line where the ends are apart. After a move alone it makes a dot, one open segment without
 * length; after a close nothing. */
void vs_svg_outline_close(vs_svg_outline *outline);

/* Whether all points of a subpath are in one place. */
bool vs_svg_outline_is_dot(const vs_svg_outline *outline, const vs_svg_subpath *subpath);

/* --- shapes ----------------------------------------------------------------------------------- */

/* width, height > 0; rx, ry >= 0, cut at half the sides. */
void vs_svg_outline_rect(vs_svg_outline *outline, double x, double y, double width, double height,
                         double rx, double ry);
void vs_svg_outline_ellipse(vs_svg_outline *outline, double cx, double cy, double rx, double ry);

/* The data of a path (its attribute d) and the points of a polyline or polygon. VS_ERR_FORMAT says
 * at which character it goes wrong; else the outline's status. */
vs_status vs_svg_path_data(vs_svg_outline *outline, const char *data);
vs_status vs_svg_path_points(vs_svg_outline *outline, const char *data, bool closed);

#endif
