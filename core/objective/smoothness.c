/* smoothness.c - the two terms on the image, row by row, summed over bands of a fixed number. */
#include "core/objective/smoothness.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

static const double tv_epsilon = 1e-4; /* a tenth of a percent of white; 1/255 is 40 times more */

/* Rows are cut by the height alone, so that sums do not depend on threads. */
enum { BANDS = 32 };

static int band_begin(int height, int band) {
  return (int)((long long)height * band / BANDS);
}

static double sum_of(const double sums[BANDS]) {
  double sum = 0.0;
  for (int band = 0; band < BANDS; band++) sum += sums[band];
  return sum;
}

typedef struct slope {
  double dx, dy, length;
} slope;

/* At number i of row y. */
static slope slope_at(const float *image, int height, size_t row, int y, size_t i) {
  const size_t at = (size_t)y * row + i;
  const double dx = i + 3 < row ? (double)image[at + 3] - (double)image[at] : 0.0;
  const double dy = y + 1 < height ? (double)image[at + row] - (double)image[at] : 0.0;
  return (slope){dx, dy, sqrt(dx * dx + dy * dy + tv_epsilon * tv_epsilon)};
}

/* Row y's share of the value, and what it adds to its own gradient and, if `below`, to that of the
 * row below. */
static double vary(const float *image, int height, size_t row, int y, double weight, bool below,
                   float *dimage) {
  double sum = 0.0;
  for (size_t i = 0; i < row; i++) {
    const slope s = slope_at(image, height, row, y, i);
    sum += s.length - tv_epsilon;
    if (weight == 0.0) continue;
    float *own = dimage + (size_t)y * row + i;
    own[0] -= (float)(weight * (s.dx + s.dy) / s.length);
    if (i + 3 < row) own[3] += (float)(weight * s.dx / s.length);
    if (below) own[row] += (float)(weight * s.dy / s.length);
  }
  return sum;
}

static void vary_below(const float *image, int height, size_t row, int y, double weight,
                       float *dimage) {
  float *below = dimage + (size_t)(y + 1) * row;
  for (size_t i = 0; i < row; i++) {
    const slope s = slope_at(image, height, row, y, i);
    below[i] += (float)(weight * s.dy / s.length);
  }
}

/* A band writes its own rows of the gradient only: what the row above its first adds there, it
 * computes again. */
static double vary_band(const float *image, int height, size_t row, int band, double weight,
                        float *dimage) {
  const int begin = band_begin(height, band), end = band_begin(height, band + 1);
  if (begin < end && begin > 0 && weight != 0.0)
    vary_below(image, height, row, begin - 1, weight, dimage);
  double sum = 0.0;
  for (int y = begin; y < end; y++) sum += vary(image, height, row, y, weight, y + 1 < end, dimage);
  return sum;
}

double vs_smoothness_total_variation(const float *image, int height, int width, double weight,
                                     int threads, float *dimage) {
  double sums[BANDS];
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int band = 0; band < BANDS; band++)
    sums[band] = vary_band(image, height, 3 * (size_t)width, band, weight, dimage);
  return sum_of(sums);
}

double vs_smoothness_grey_l2(const float *image, int height, int width, double weight, int threads,
                             float *dimage) {
  const size_t row = 3 * (size_t)width;
  double sums[BANDS];
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int band = 0; band < BANDS; band++) {
    const size_t end = (size_t)band_begin(height, band + 1) * row;
    double sum = 0.0;
    for (size_t i = (size_t)band_begin(height, band) * row; i < end; i++) {
      const double from_grey = (double)image[i] - 0.5;
      sum += from_grey * from_grey;
      if (weight != 0.0) dimage[i] += (float)(weight * 2.0 * from_grey);
    }
    sums[band] = sum;
  }
  return sum_of(sums);
}
