/* conv_reference.c - the plain loops that the fast ways are compared with; in double,
 * multiversioned so that tests take seconds. */
#include "core/tensor/conv_reference.h"

#include <assert.h>

#include "core/base/multiversion.h"

enum { MAX_CHANNELS = 512 }; /* VGG16's widest layer */

size_t vs_conv_reference_floats(int channels, int outputs) {
  return 9 * (size_t)channels * (size_t)outputs;
}

/* Where pixel (i, j) of a tensor begins; NULL off the image. */
static const float *pixel_of(const vs_conv_reference *conv, const float *tensor, int channels,
                             int i, int j) {
  if (i < 0 || i >= conv->height || j < 0 || j >= conv->width) return NULL;
  return tensor + ((size_t)i * (size_t)conv->width + (size_t)j) * (size_t)channels;
}

/* sum[n] += sum over c of pixel[c] * matrix[c][n] */
VS_MULTIVERSION
static void add_pixel(double *sum, int outputs, const float *pixel, int channels,
                      const float *matrix) {
  for (int c = 0; c < channels; c++, matrix += outputs)
    for (int n = 0; n < outputs; n++) sum[n] += (double)pixel[c] * (double)matrix[n];
}

/* out[i,j,n] = bias[n] + sum over u, v, c of in[i+u-1, j+v-1, c] * matrices[3u + v][c][n] */
static void correlate(const vs_conv_reference *conv, const float *in, int channels,
                      const float *matrices, const float *bias, float *out, int outputs,
                      int threads) {
  assert(outputs <= MAX_CHANNELS);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int i = 0; i < conv->height; i++) {
    double sum[MAX_CHANNELS];
    float *to = out + (size_t)i * (size_t)conv->width * (size_t)outputs;
    for (int j = 0; j < conv->width; j++) {
      for (int n = 0; n < outputs; n++) sum[n] = bias != NULL ? (double)bias[n] : 0.0;
      for (int uv = 0; uv < 9; uv++) {
        const float *pixel = pixel_of(conv, in, channels, i + uv / 3 - 1, j + uv % 3 - 1);
        if (pixel == NULL) continue;
        add_pixel(sum, outputs, pixel, channels,
                  matrices + (size_t)uv * (size_t)channels * (size_t)outputs);
      }
      for (int n = 0; n < outputs; n++) *to++ = (float)sum[n];
    }
  }
}

static float kernel_value(const vs_conv_reference *conv, int k, int c, int uv) {
  return conv->w[((size_t)k * (size_t)conv->channels + (size_t)c) * 9 + (size_t)uv];
}

void vs_conv_reference_forward(const vs_conv_reference *conv, const float *x, float *z, int threads,
                               float *scratch) {
  float *to = scratch;
  for (int uv = 0; uv < 9; uv++)
    for (int c = 0; c < conv->channels; c++)
      for (int k = 0; k < conv->outputs; k++) *to++ = kernel_value(conv, k, c, uv);
  correlate(conv, x, conv->channels, scratch, conv->bias, z, conv->outputs, threads);
}

void vs_conv_reference_backward(const vs_conv_reference *conv, const float *dz, float *dx,
                                int threads, float *scratch) {
  float *to = scratch;
  for (int uv = 0; uv < 9; uv++)
    for (int k = 0; k < conv->outputs; k++)
      for (int c = 0; c < conv->channels; c++) *to++ = kernel_value(conv, k, c, 8 - uv);
  correlate(conv, dz, conv->outputs, scratch, NULL, dx, conv->channels, threads);
}
