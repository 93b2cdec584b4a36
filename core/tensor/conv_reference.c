#include <assert.h>

#include "core/tensor/conv_kernels.h"

enum { MAX_CHANNELS = 512 }; /* VGG16's widest layer */

typedef struct range {
  int first, end;
} range;

static range output_channels(const vs_conv_plan *plan) {
  if (plan->only_channel == VS_CONV_ALL_CHANNELS) return (range){0, plan->weights->out_channels};
  return (range){plan->only_channel, plan->only_channel + 1};
}

static int is_inside(const vs_conv_plan *plan, int i, int j) {
  return i >= 0 && i < plan->height && j >= 0 && j < plan->width;
}

/* w[., c, u, v], all output channels of it */
static const float *kernel_row(const vs_conv_weights *weights, int u, int v, int c) {
  return weights->forward + ((size_t)(3 * u + v) * (size_t)weights->in_channels + (size_t)c) *
                                (size_t)weights->out_channels;
}

void vs_conv_reference_forward(const vs_conv_plan *plan, const float *x, float *y) {
  const vs_conv_weights *weights = plan->weights;
  const int channels = weights->in_channels;
  const range out = output_channels(plan);
  double sum[MAX_CHANNELS];
  assert(weights->out_channels <= MAX_CHANNELS);
  for (int i = 0; i < plan->height; i++) {
    for (int j = 0; j < plan->width; j++) {
      for (int k = out.first; k < out.end; k++) sum[k] = (double)weights->bias[k];
      for (int u = 0; u < 3; u++) {
        for (int v = 0; v < 3; v++) {
          if (!is_inside(plan, i + u - 1, j + v - 1)) continue;
          const float *pixel =
              x +
              ((size_t)(i + u - 1) * (size_t)plan->width + (size_t)(j + v - 1)) * (size_t)channels;
          for (int c = 0; c < channels; c++) {
            const float *w = kernel_row(weights, u, v, c);
            for (int k = out.first; k < out.end; k++) sum[k] += (double)pixel[c] * (double)w[k];
          }
        }
      }
      for (int k = out.first; k < out.end; k++) *y++ = (float)sum[k];
    }
  }
}

void vs_conv_reference_backward(const vs_conv_plan *plan, const float *dy, float *dx) {
  const vs_conv_weights *weights = plan->weights;
  const int channels = weights->in_channels;
  const range out = output_channels(plan);
  const size_t outputs = (size_t)(out.end - out.first);
  for (int i = 0; i < plan->height; i++) {
    for (int j = 0; j < plan->width; j++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0.0;
        for (int u = 0; u < 3; u++) {
          for (int v = 0; v < 3; v++) {
            if (!is_inside(plan, i - u + 1, j - v + 1)) continue;
            const float *pixel =
                dy + ((size_t)(i - u + 1) * (size_t)plan->width + (size_t)(j - v + 1)) * outputs;
            const float *w = kernel_row(weights, u, v, c) + out.first;
            for (size_t k = 0; k < outputs; k++) sum += (double)pixel[k] * (double)w[k];
          }
        }
        *dx++ = (float)sum;
      }
    }
  }
}
