#include "analysis/ssim.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/image/luma.h"

#define WINDOW VS_SSIM_WINDOW
#define SD     1.5

/* What is averaged under the window. */
enum { MEAN_A, MEAN_B, SQUARE_A, SQUARE_B, PRODUCT, FIGURES };

/* The Gaussian is separable. Rows are filtered horizontally once, as they come in, into a ring of
 * the last WINDOW rows; each full ring gives one row of windows. */
typedef struct filter {
  double weight[WINDOW];
  int width, windows;      /* of a row */
  double *luma_a, *luma_b; /* (width), one row */
  double *ring;            /* (WINDOW, FIGURES, windows) */
} filter;

static void fill_gaussian(double weight[WINDOW]) {
  double sum = 0.0;
  for (int i = 0; i < WINDOW; i++) {
    int d = i - WINDOW / 2;
    weight[i] = exp(-(d * d) / (2.0 * SD * SD));
    sum += weight[i];
  }
  for (int i = 0; i < WINDOW; i++) weight[i] /= sum;
}

static void fill_luma(const uint8_t *rgb, int width, double *luma) {
  for (int x = 0; x < width; x++, rgb += 3) luma[x] = vs_luma(rgb);
}

static double *ring_row(const filter *f, int y, int figure) {
  return f->ring + ((size_t)(y % WINDOW) * FIGURES + (size_t)figure) * (size_t)f->windows;
}

static void take_row(filter *f, int y, const uint8_t *a, const uint8_t *b) {
  fill_luma(a, f->width, f->luma_a);
  fill_luma(b, f->width, f->luma_b);
  for (int x = 0; x < f->windows; x++) {
    double sum[FIGURES] = {0};
    for (int i = 0; i < WINDOW; i++) {
      double w = f->weight[i], u = f->luma_a[x + i], v = f->luma_b[x + i];
      sum[MEAN_A] += w * u;
      sum[MEAN_B] += w * v;
      sum[SQUARE_A] += w * u * u;
      sum[SQUARE_B] += w * v * v;
      sum[PRODUCT] += w * u * v;
    }
    for (int k = 0; k < FIGURES; k++) ring_row(f, y, k)[x] = sum[k];
  }
}

static double similarity(const double m[FIGURES]) {
  const double c1 = (0.01 * 255.0) * (0.01 * 255.0), c2 = (0.03 * 255.0) * (0.03 * 255.0);
  double mean_a2 = m[MEAN_A] * m[MEAN_A], mean_b2 = m[MEAN_B] * m[MEAN_B];
  double mean_ab = m[MEAN_A] * m[MEAN_B];
  double variances = (m[SQUARE_A] - mean_a2) + (m[SQUARE_B] - mean_b2);
  double covariance = m[PRODUCT] - mean_ab;
  return (2.0 * mean_ab + c1) * (2.0 * covariance + c2) /
         ((mean_a2 + mean_b2 + c1) * (variances + c2));
}

/* Sum over the row of windows whose last picture row is `bottom`. */
static double sum_of_windows(const filter *f, int bottom) {
  double sum = 0.0;
  for (int x = 0; x < f->windows; x++) {
    double m[FIGURES] = {0};
    for (int i = 0; i < WINDOW; i++)
      for (int k = 0; k < FIGURES; k++)
        m[k] += f->weight[i] * ring_row(f, bottom - WINDOW + 1 + i, k)[x];
    sum += similarity(m);
  }
  return sum;
}

vs_status vs_ssim(const uint8_t *a, const uint8_t *b, int height, int width, double *ssim) {
  assert(height >= WINDOW && width >= WINDOW);
  filter f = {.width = width, .windows = width - WINDOW + 1};
  size_t ring = (size_t)WINDOW * FIGURES * (size_t)f.windows;
  double *memory = malloc((2 * (size_t)width + ring) * sizeof *memory);
  if (memory == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to compare two pictures");
  f.luma_a = memory;
  f.luma_b = memory + width;
  f.ring = memory + 2 * (size_t)width;
  fill_gaussian(f.weight);
  double sum = 0.0;
  for (int y = 0; y < height; y++) {
    size_t offset = (size_t)y * (size_t)width * 3;
    take_row(&f, y, a + offset, b + offset);
    if (y >= WINDOW - 1) sum += sum_of_windows(&f, y);
  }
  *ssim = sum / ((double)f.windows * (height - WINDOW + 1));
  free(memory);
  return VS_OK;
}
