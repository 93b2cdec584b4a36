/* resize.c - the triangle filter along rows, then along columns, with weights made once for
 * each. */
#include "core/image/resize.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How one side is resampled:
 *
 *   output i = sum over n < count[i] of weights[i * max_count + n] * in[first[i] + n] */
typedef struct axis {
  int *first, *count;
  double *weights;
  int max_count;
} axis;

static void axis_clear(axis *plan) {
  free(plan->first);
  free(plan->count);
  free(plan->weights);
}

static double triangle(double x) {
  return fabs(x) < 1.0 ? 1.0 - fabs(x) : 0.0;
}

static void weigh(axis *plan, int i, int in, double scale) {
  double stretch = scale > 1.0 ? scale : 1.0; /* the filter widens when the picture shrinks */
  double centre = (i + 0.5) * scale;
  int first = (int)fmax(centre - stretch + 0.5, 0.0);
  int end = (int)fmin(centre + stretch + 0.5, in);
  double *weights = plan->weights + (size_t)i * (size_t)plan->max_count, sum = 0.0;
  for (int n = 0; n < end - first; n++) {
    weights[n] = triangle((first + n + 0.5 - centre) / stretch);
    sum += weights[n];
  }
  for (int n = 0; n < end - first; n++) weights[n] /= sum;
  plan->first[i] = first;
  plan->count[i] = end - first;
}

static bool axis_init(axis *plan, int in, int out) {
  double scale = (double)in / out;
  plan->max_count = 2 * (int)ceil(fmax(scale, 1.0)) + 1;
  plan->first = malloc((size_t)out * sizeof(int));
  plan->count = malloc((size_t)out * sizeof(int));
  plan->weights = malloc((size_t)out * (size_t)plan->max_count * sizeof(double));
  if (plan->first == NULL || plan->count == NULL || plan->weights == NULL) return false;
  for (int i = 0; i < out; i++) weigh(plan, i, in, scale);
  return true;
}

/* (height, width, 3) -> (height, out_width, 3) */
static void resample_rows(const axis *plan, const float *in, int height, int width, float *out,
                          int out_width) {
  for (int y = 0; y < height; y++) {
    const float *row = in + (size_t)y * (size_t)width * 3;
    for (int x = 0; x < out_width; x++) {
      const double *weights = plan->weights + (size_t)x * (size_t)plan->max_count;
      const float *from = row + (size_t)plan->first[x] * 3;
      double sum[3] = {0.0, 0.0, 0.0};
      for (int n = 0; n < plan->count[x]; n++)
        for (int c = 0; c < 3; c++) sum[c] += weights[n] * (double)from[3 * n + c];
      for (int c = 0; c < 3; c++) *out++ = (float)sum[c];
    }
  }
}

/* (height, n) -> (out_height, n), n = 3 * width */
static void resample_columns(const axis *plan, const float *in, size_t n, float *out,
                             int out_height) {
  for (int y = 0; y < out_height; y++) {
    const double *weights = plan->weights + (size_t)y * (size_t)plan->max_count;
    const float *from = in + (size_t)plan->first[y] * n;
    for (size_t x = 0; x < n; x++) {
      double sum = 0.0;
      for (int k = 0; k < plan->count[y]; k++) sum += weights[k] * (double)from[(size_t)k * n + x];
      out[(size_t)y * n + x] = (float)sum;
    }
  }
}

vs_status vs_resize(const float *in, int height, int width, float *out, int out_height,
                    int out_width) {
  assert(height > 0 && width > 0 && out_height > 0 && out_width > 0);
  if (height == out_height && width == out_width) {
    memcpy(out, in, (size_t)height * (size_t)width * 3 * sizeof(float));
    return VS_OK;
  }
  size_t row = (size_t)out_width * 3;
  axis horizontal = {0}, vertical = {0};
  float *between = malloc((size_t)height * row * sizeof(float));
  vs_status status = VS_OK;
  if (between == NULL || !axis_init(&horizontal, width, out_width) ||
      !axis_init(&vertical, height, out_height)) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to resize a picture from %d x %d to %d x %d pixels",
                     width, height, out_width, out_height);
    goto done;
  }
  resample_rows(&horizontal, in, height, width, between, out_width);
  resample_columns(&vertical, between, row, out, out_height);
done:
  free(between);
  axis_clear(&vertical);
  axis_clear(&horizontal);
  return status;
}
