/* SSIM with a separable Gaussian window, in double precision. */
#include "analysis/metrics/ssim.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/multiversion.h"

#include "core/image/luma.h"

#define WINDOW VS_SSIM_WINDOW
#define SD     1.5

/* What is averaged under the window. */
enum { MEAN_A, MEAN_B, SQUARE_A, SQUARE_B, PRODUCT, FIGURES };

/* The Gaussian is separable. Rows are filtered horizontally once, as they come in, into a ring of
 * the last WINDOW rows; each full ring gives one row of windows. Inner loops run along the row, so
 * that the compiler makes vectors of them. */
typedef struct filter {
  double weight[WINDOW];
  int width, windows;      /* of a row */
  double *luma_a, *luma_b; /* (width), one row */
  double *ring;            /* (WINDOW, FIGURES, windows) */
  double *mean;            /* (FIGURES, windows), of one row of windows */
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

/* (FIGURES, windows) */
static double *ring_row(const filter *f, int y) {
  return f->ring + (size_t)(y % WINDOW) * FIGURES * (size_t)f->windows;
}

/* out[k][x] += w * the figure's value at x, for x < count. */
VS_MULTIVERSION
static void add_products(double w, const double *restrict a, const double *restrict b, size_t count,
                         double *out) {
  double *restrict mean_a = out + MEAN_A * count, *restrict mean_b = out + MEAN_B * count;
  double *restrict square_a = out + SQUARE_A * count, *restrict square_b = out + SQUARE_B * count;
  double *restrict product = out + PRODUCT * count;
  for (size_t x = 0; x < count; x++) {
    mean_a[x] += w * a[x];
    mean_b[x] += w * b[x];
    square_a[x] += w * a[x] * a[x];
    square_b[x] += w * b[x] * b[x];
    product[x] += w * a[x] * b[x];
  }
}

/* out[x] += w * in[x] */
VS_MULTIVERSION
static void add_scaled(double w, const double *restrict in, size_t count, double *restrict out) {
  for (size_t x = 0; x < count; x++) out[x] += w * in[x];
}

static void take_row(filter *f, int y, const uint8_t *a, const uint8_t *b) {
  size_t windows = (size_t)f->windows;
  double *out = ring_row(f, y);
  fill_luma(a, f->width, f->luma_a);
  fill_luma(b, f->width, f->luma_b);
  memset(out, 0, FIGURES * windows * sizeof *out);
  for (int i = 0; i < WINDOW; i++)
    add_products(f->weight[i], f->luma_a + i, f->luma_b + i, windows, out);
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
  size_t windows = (size_t)f->windows;
  memset(f->mean, 0, FIGURES * windows * sizeof *f->mean);
  for (int i = 0; i < WINDOW; i++)
    add_scaled(f->weight[i], ring_row(f, bottom - WINDOW + 1 + i), FIGURES * windows, f->mean);
  double sum = 0.0;
  for (size_t x = 0; x < windows; x++) {
    double m[FIGURES];
    for (size_t k = 0; k < FIGURES; k++) m[k] = f->mean[k * windows + x];
    sum += similarity(m);
  }
  return sum;
}

vs_status vs_ssim(const uint8_t *a, const uint8_t *b, int height, int width, double *ssim) {
  assert(height >= WINDOW && width >= WINDOW);
  filter f = {.width = width, .windows = width - WINDOW + 1};
  size_t ring = (size_t)WINDOW * FIGURES * (size_t)f.windows;
  size_t mean = (size_t)FIGURES * (size_t)f.windows;
  double *memory = malloc((2 * (size_t)width + ring + mean) * sizeof *memory);
  if (memory == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to compare two pictures");
  f.luma_a = memory;
  f.luma_b = memory + width;
  f.ring = memory + 2 * (size_t)width;
  f.mean = f.ring + ring;
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
