/* bezier.h - one cubic as straight pieces, and the derivative of where they lie.
 *
 *   B(u) = sum_j c_j u^j,  u = t - 1/2 in -1/2..1/2
 *   knots at u = (k - 1/2) / rate around the middle, and at both ends
 *   rate^4 = VS_BEZIER_MIN_RATE^4 + (3/4 / tolerance)^2 (|p0 - 2 p1 + p2|^2 + |p1 - 2 p2 + p3|^2)
 *
 * A chord over a step of 1/rate is off the curve by at most |B''| / (8 rate^2), |B''| at most 6
 * times the greater of the two second differences (Wang's bound): at most the tolerance here.
 * `rate` is not rounded to a number of pieces: as it grows, pieces of no length are born at both
 * ends, so that the chain of pieces is a continuous function of the control points, and its
 * derivative is known (vs_bezier_gradient takes the knots' own motion into account).
 *
 * The tolerance of 0.05 pixels: half of what cairo, and so librsvg, allows itself by default; the
 * mean error of a chord is two thirds of it, and 0.03 pixels of an edge are 8 of 255. The minimum
 * rate gives 5 pieces to a straight cubic: with one, its inner control points would have no
 * gradient, and what starts straight would stay so. */
#ifndef VS_CORE_RASTER_BEZIER_H
#define VS_CORE_RASTER_BEZIER_H

#define VS_BEZIER_TOLERANCE 0.05 /* in the units of the points: pixels */
#define VS_BEZIER_MIN_RATE  4.0

typedef struct vs_bezier {
  double x[4], y[4]; /* c_j */
  double rate;
  int inner; /* knots strictly between the middle and an end, on either side */
} vs_bezier;

/* px, py: the control points, not beyond 1e9. */
void vs_bezier_init(vs_bezier *bezier, const double px[4], const double py[4]);

/* Pieces: from knot k to knot k + 1, k < pieces. Always odd. */
static inline int vs_bezier_pieces(const vs_bezier *bezier) {
  return 2 * bezier->inner + 1;
}

/* u of knot k, 0 <= k <= pieces. */
static inline double vs_bezier_knot(const vs_bezier *bezier, int k) {
  const double u = (k - bezier->inner - 0.5) / bezier->rate;
  return u < -0.5 ? -0.5 : u > 0.5 ? 0.5 : u;
}

static inline double vs_bezier_value(const double c[4], double u) {
  return ((c[3] * u + c[2]) * u + c[1]) * u + c[0];
}

/* What a gradient g to points of the chain adds up to. A point is (1-h) B(u) + h B(v) between knots
 * u and v; sums over all points:
 *   x[j] = sum g_x ((1-h) u^j + h v^j)     start_x = sum g_x (1-h) where u is the first knot
 * and likewise y, and end_x with h where v is the last knot. */
typedef struct vs_bezier_moments {
  double x[4], y[4];
  double start_x, start_y, end_x, end_y;
} vs_bezier_moments;

/* The gradient to the four control points. Overwrites px, py. */
void vs_bezier_gradient(const vs_bezier *bezier, const vs_bezier_moments *moments, double px[4],
                        double py[4]);

#endif
