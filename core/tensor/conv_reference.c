#include "core/tensor/conv_reference.h"

typedef struct range {
  int first, end;
} range;

static range output_channels(const vs_conv_plan *plan) {
  if (plan->only_channel == VS_CONV_ALL_CHANNELS) return (range){0, plan->weights->out_channels};
  return (range){plan->only_channel, plan->only_channel + 1};
}

/* Kernel of one pair of channels, nine numbers. */
static const float *kernel_of(const vs_conv_weights *weights, int k, int c) {
  return weights->w + ((size_t)k * (size_t)weights->in_channels + (size_t)c) * 9;
}

/* Where pixel (i, j) of a tensor with this many channels begins; NULL off the image. */
static const float *pixel_of(const vs_conv_plan *plan, const float *tensor, size_t channels, int i,
                             int j) {
  if (i < 0 || i >= plan->height || j < 0 || j >= plan->width) return NULL;
  return tensor + ((size_t)i * (size_t)plan->width + (size_t)j) * channels;
}

void vs_conv_reference_forward(const vs_conv_plan *plan, const float *x, float *y) {
  const vs_conv_weights *weights = plan->weights;
  const range out = output_channels(plan);
  for (int i = 0; i < plan->height; i++) {
    for (int j = 0; j < plan->width; j++) {
      const float *pixels[9];
      for (int uv = 0; uv < 9; uv++)
        pixels[uv] =
            pixel_of(plan, x, (size_t)weights->in_channels, i + uv / 3 - 1, j + uv % 3 - 1);
      for (int k = out.first; k < out.end; k++) {
        double sum = (double)weights->bias[k];
        for (int uv = 0; uv < 9; uv++) {
          if (pixels[uv] == NULL) continue;
          const float *w = kernel_of(weights, k, 0) + uv;
          for (int c = 0; c < weights->in_channels; c++)
            sum += (double)pixels[uv][c] * (double)w[9 * c];
        }
        *y++ = plan->rectify && sum < 0.0 ? 0.0f : (float)sum;
      }
    }
  }
}

void vs_conv_reference_backward(const vs_conv_plan *plan, const float *dy, float *dx) {
  const vs_conv_weights *weights = plan->weights;
  const range out = output_channels(plan);
  const size_t outputs = (size_t)(out.end - out.first);
  for (int i = 0; i < plan->height; i++) {
    for (int j = 0; j < plan->width; j++) {
      const float *pixels[9];
      for (int uv = 0; uv < 9; uv++)
        pixels[uv] = pixel_of(plan, dy, outputs, i - uv / 3 + 1, j - uv % 3 + 1);
      for (int c = 0; c < weights->in_channels; c++) {
        double sum = 0.0;
        for (int uv = 0; uv < 9; uv++) {
          if (pixels[uv] == NULL) continue;
          for (int k = out.first; k < out.end; k++)
            sum += (double)pixels[uv][k - out.first] * (double)kernel_of(weights, k, c)[uv];
        }
        *dx++ = (float)sum;
      }
    }
  }
}
