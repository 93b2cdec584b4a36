/* bezier.c - from control points to powers of u and back, and the rate of subdivision with its
 * derivative. */
#include "core/raster/bezier.h"

#include <math.h>

/* (3/4 / tolerance)^2 times the sum of both second differences' squares is this times
 * 4/9 |c_2|^2 + |c_3|^2, for c_2 is 3/2 of their sum and c_3 their difference. */
static const double stiffness = 0.5 * (0.75 / VS_BEZIER_TOLERANCE) * (0.75 / VS_BEZIER_TOLERANCE);

static void to_powers(const double p[4], double c[4]) {
  c[0] = (p[0] + p[3] + 3.0 * (p[1] + p[2])) / 8.0;
  c[1] = 0.75 * (p[3] - p[0] + p[2] - p[1]);
  c[2] = 1.5 * (p[0] - p[1] - p[2] + p[3]);
  c[3] = p[3] - p[0] + 3.0 * (p[1] - p[2]);
}

/* The transpose of to_powers. */
static void from_powers(const double c[4], double p[4]) {
  p[0] = c[0] / 8.0 - 0.75 * c[1] + 1.5 * c[2] - c[3];
  p[1] = 3.0 * c[0] / 8.0 - 0.75 * c[1] - 1.5 * c[2] + 3.0 * c[3];
  p[2] = 3.0 * c[0] / 8.0 + 0.75 * c[1] - 1.5 * c[2] - 3.0 * c[3];
  p[3] = c[0] / 8.0 + 0.75 * c[1] + 1.5 * c[2] + c[3];
}

void vs_bezier_init(vs_bezier *bezier, const double px[4], const double py[4]) {
  to_powers(px, bezier->x);
  to_powers(py, bezier->y);
  const double *x = bezier->x, *y = bezier->y;
  const double min = VS_BEZIER_MIN_RATE * VS_BEZIER_MIN_RATE;
  const double bend = 4.0 / 9.0 * (x[2] * x[2] + y[2] * y[2]) + x[3] * x[3] + y[3] * y[3];
  bezier->rate = sqrt(sqrt(min * min + stiffness * bend));
  bezier->inner = (int)ceil(0.5 * bezier->rate - 0.5);
}

/* d/d rate of what an inner knot at u contributes is -j/rate of its moment j, as u is k/rate; the
 * end knots stay where they are. */
static double gradient_of_rate(const vs_bezier *bezier, const vs_bezier_moments *moments) {
  double sum = 0.0, first = 1.0, last = 1.0;
  for (int j = 1; j < 4; j++) {
    first *= -0.5;
    last *= 0.5;
    sum += j * (bezier->x[j] * (moments->x[j] - first * moments->start_x - last * moments->end_x) +
                bezier->y[j] * (moments->y[j] - first * moments->start_y - last * moments->end_y));
  }
  return -sum / bezier->rate;
}

void vs_bezier_gradient(const vs_bezier *bezier, const vs_bezier_moments *moments, double px[4],
                        double py[4]) {
  const double by_rate = gradient_of_rate(bezier, moments) * stiffness /
                         (2.0 * bezier->rate * bezier->rate * bezier->rate);
  double x[4], y[4];
  for (int j = 0; j < 4; j++) {
    const double weight = j == 2 ? 4.0 / 9.0 * by_rate : j == 3 ? by_rate : 0.0;
    x[j] = moments->x[j] + weight * bezier->x[j];
    y[j] = moments->y[j] + weight * bezier->y[j];
  }
  from_powers(x, px);
  from_powers(y, py);
}
