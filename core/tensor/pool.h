/* pool.h - 2x2 max pooling with stride 2, rounding down (a last odd row or column is dropped),
 * where a convolution does not do it on its way (epilogue.h): forward, and backward to the input.
 * (H,W,C) row-major float32. */
#ifndef VS_CORE_TENSOR_POOL_H
#define VS_CORE_TENSOR_POOL_H

#include "core/tensor/gates.h"

/* y (H/2,W/2,C) = max over each 2x2 window of x (H,W,C), and the gates of x: open at the first
 * largest of each window (row-major, as PyTorch). NaN comes through. H, W >= 2. */
void vs_pool_forward(const float *x, int height, int width, int channels, int threads, float *y,
                     vs_gates *gates);

/* Adds dy (H/2,W/2,C) to dx (H,W,C) where the gates are open. */
void vs_pool_backward(const float *dy, const vs_gates *gates, int height, int width, int channels,
                      int threads, float *dx);

#endif
