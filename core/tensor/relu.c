/* relu.c - the rectifier as a pass over values, compiled for several kinds of processor. */
#include "core/tensor/relu.h"

#include "core/base/multiversion.h"

VS_MULTIVERSION
static void rectify_values(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] < 0.0f ? 0.0f : x[i];
}

VS_MULTIVERSION
static void pass_where_positive(const float *x, const float *dy, size_t count, float *dx) {
  for (size_t i = 0; i < count; i++) dx[i] = x[i] > 0.0f ? dy[i] : 0.0f;
}

void vs_relu_forward(const float *x, float *y, size_t count) {
  rectify_values(x, y, count);
}

void vs_relu_backward(const float *x, const float *dy, size_t count, float *dx) {
  pass_where_positive(x, dy, count, dx);
}
