/* cubic.c - de Casteljau's algorithm, lengths by subdivision, and the roots where a cubic leaves a
 * box. */
#include "core/strokes/cubic.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

vs_place vs_cubic_place(vs_point2 point) {
  return (vs_place){(double)point.x, (double)point.y};
}

vs_cubic vs_cubic_of_stroke(const vs_drawing *drawing, const vs_stroke *stroke, int segment) {
  vs_point2 points[4];
  vs_cubic cubic;
  vs_drawing_stroke_cubic(drawing, stroke, segment, points);
  for (int i = 0; i < 4; i++) cubic.p[i] = vs_cubic_place(points[i]);
  return cubic;
}

double vs_cubic_distance(vs_place a, vs_place b) {
  return hypot(b.x - a.x, b.y - a.y);
}

static vs_place between(vs_place a, vs_place b, double t) {
  if (t == 1.0) return b;
  return (vs_place){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

/* The blossom of the cubic: de Casteljau's steps, each with a t of its own. */
static vs_place blossom(const vs_cubic *cubic, double t, double u, double v) {
  const vs_place *p = cubic->p;
  const vs_place a = between(p[0], p[1], t), b = between(p[1], p[2], t), c = between(p[2], p[3], t);
  return between(between(a, b, u), between(b, c, u), v);
}

vs_place vs_cubic_at(const vs_cubic *cubic, double t) {
  return blossom(cubic, t, t, t);
}

vs_cubic vs_cubic_part(const vs_cubic *cubic, vs_span part) {
  const double t = part.from, u = part.to;
  return (vs_cubic){{blossom(cubic, t, t, t), blossom(cubic, t, t, u), blossom(cubic, t, u, u),
                     blossom(cubic, u, u, u)}};
}

vs_cubic vs_cubic_line(vs_place a, vs_place b) {
  return (vs_cubic){{a, between(a, b, 1.0 / 3.0), between(a, b, 2.0 / 3.0), b}};
}

/* --- length ----------------------------------------------------------------------------------- */

static double length_of(const vs_cubic *cubic, int depth) {
  const vs_place *p = cubic->p;
  const double chord = vs_cubic_distance(p[0], p[3]);
  const double polygon =
      vs_cubic_distance(p[0], p[1]) + vs_cubic_distance(p[1], p[2]) + vs_cubic_distance(p[2], p[3]);
  if (depth == 0 || !(polygon - chord > 2e-4 * polygon)) return 0.5 * (chord + polygon);
  const vs_cubic first = vs_cubic_part(cubic, (vs_span){0.0, 0.5});
  const vs_cubic second = vs_cubic_part(cubic, (vs_span){0.5, 1.0});
  return length_of(&first, depth - 1) + length_of(&second, depth - 1);
}

double vs_cubic_length(const vs_cubic *cubic) {
  return length_of(cubic, 16); /* what is left at a cusp after 16 halvings is nothing */
}

int vs_cubic_steps(const vs_cubic *cubic, double tolerance) {
  const vs_place *p = cubic->p;
  double bend = 0.0;
  for (int i = 0; i < 2; i++)
    bend = fmax(bend, hypot(p[i].x - 2.0 * p[i + 1].x + p[i + 2].x,
                            p[i].y - 2.0 * p[i + 1].y + p[i + 2].y));
  const double steps = ceil(sqrt(0.75 * bend / tolerance)); /* n (n - 1) / 8 of a degree n = 3 */
  return steps > 1.0 ? (int)fmin(steps, VS_CUBIC_MAX_STEPS) : 1;
}

/* --- parts in a box --------------------------------------------------------------------------- */

/* One coordinate of the curve, less a bound. */
static double value_at(const double a[4], double t) {
  const double s = 1.0 - t;
  return s * s * s * a[0] + 3.0 * s * s * t * a[1] + 3.0 * s * t * t * a[2] + t * t * t * a[3];
}

static double root_between(const double a[4], double low, double high) {
  const bool rises = value_at(a, low) < 0.0;
  for (int i = 0; i < 64; i++) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    if ((value_at(a, middle) < 0.0) == rises)
      low = middle;
    else
      high = middle;
  }
  return 0.5 * (low + high);
}

/* Where the derivative is 0 between 0 and 1, in order: up to two places. */
static int turns_of(const double a[4], double turns[2]) {
  const double d0 = a[1] - a[0], d1 = a[2] - a[1], d2 = a[3] - a[2];
  const double square = d0 - 2.0 * d1 + d2, half = d1 - d0; /* square t^2 + 2 half t + d0 */
  const double discriminant = half * half - square * d0;
  if (!(discriminant >= 0.0)) return 0;
  const double q = -(half + copysign(sqrt(discriminant), half));
  const double t1 = q / square, t2 = d0 / q; /* infinite or NaN where there is none */
  int count = 0;
  if (t1 > 0.0 && t1 < 1.0) turns[count++] = t1;
  if (t2 > 0.0 && t2 < 1.0) turns[count++] = t2;
  if (count == 2 && turns[0] > turns[1]) {
    turns[0] = t2;
    turns[1] = t1;
  }
  return count;
}

/* Adds where the coordinate crosses 0, in order: between two turns it does so once at most. A turn
 * that lies on 0 is counted as well: one cut too many does no harm. Returns the new count. */
static int add_crossings(const double a[4], double *cuts, int count) {
  const bool all_above = a[0] > 0.0 && a[1] > 0.0 && a[2] > 0.0 && a[3] > 0.0;
  const bool all_below = a[0] < 0.0 && a[1] < 0.0 && a[2] < 0.0 && a[3] < 0.0;
  if (all_above || all_below) return count;
  double ends[4] = {0.0};
  const int turns = turns_of(a, ends + 1);
  ends[turns + 1] = 1.0;
  for (int i = 0; i <= turns; i++) {
    const double low = value_at(a, ends[i]), high = value_at(a, ends[i + 1]);
    if ((low < 0.0 && high > 0.0) || (low > 0.0 && high < 0.0))
      cuts[count++] = root_between(a, ends[i], ends[i + 1]);
    if (high == 0.0 && i < turns) cuts[count++] = ends[i + 1];
  }
  return count;
}

static void sort(double *values, int count) {
  for (int i = 1; i < count; i++) {
    const double value = values[i];
    int j = i;
    for (; j > 0 && values[j - 1] > value; j--) values[j] = values[j - 1];
    values[j] = value;
  }
}

static bool is_inside(const vs_frame *box, vs_place place) {
  return place.x >= box->left && place.x <= box->right && place.y >= box->top &&
         place.y <= box->bottom;
}

int vs_cubic_inside(const vs_cubic *cubic, const vs_frame *box, vs_span parts[VS_CUBIC_MAX_PARTS]) {
  const double bounds[4] = {box->left, box->right, box->top, box->bottom};
  double cuts[VS_CUBIC_MAX_PARTS + 1] = {0.0}; /* up to 5 crossings of each border */
  int count = 1;
  for (int side = 0; side < 4; side++) {
    double a[4];
    for (int i = 0; i < 4; i++) a[i] = (side < 2 ? cubic->p[i].x : cubic->p[i].y) - bounds[side];
    count = add_crossings(a, cuts, count);
  }
  sort(cuts + 1, count - 1);
  cuts[count] = 1.0;
  assert(count <= VS_CUBIC_MAX_PARTS);
  int found = 0;
  for (int i = 0; i < count; i++) {
    const vs_span part = {cuts[i], cuts[i + 1]};
    if (part.to <= part.from) continue;
    if (is_inside(box, vs_cubic_at(cubic, 0.5 * (part.from + part.to)))) parts[found++] = part;
  }
  return found;
}
