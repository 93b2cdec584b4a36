/* conv_winograd.h - convolution by Winograd F(4x4,3x3), behind conv.h: tiles are transformed,
 * multiplied with the transformed kernels point by point, and transformed back, a block of tiles at
 * a time. Channels and outputs are multiples of 32. */
#ifndef VS_CORE_TENSOR_CONV_WINOGRAD_H
#define VS_CORE_TENSOR_CONV_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/tensor/winograd.h"

bool vs_conv_winograd_serves(int channels, int outputs);

/* Transforms kernels for products: u (36, C * K floats) from w, where the kernel from input c to
 * output k is at w + c * c_stride + k * k_stride, nine floats, turned by 180 degrees if `turned`.
 * In double, rounded once. */
void vs_conv_winograd_pack(float *u, const float *w, int channels, int outputs, size_t c_stride,
                           size_t k_stride, bool turned);

typedef struct vs_conv_winograd {
  int height, width;
  int channels, outputs;
  const float *u; /* packed */
} vs_conv_winograd;

/* Convolves (H,W,channels) to (H,W,outputs), from a source of tiles through an epilogue
 * (winograd.h). scratch: vs_conv_winograd_floats(). */
void vs_conv_winograd_run(const vs_conv_winograd *conv, const vs_winograd_source *source,
                          const vs_winograd_sink *sink, int threads, float *scratch);
size_t vs_conv_winograd_floats(int channels, int outputs, int height, int width, int threads);

#endif
