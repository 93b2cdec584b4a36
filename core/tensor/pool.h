/* pool.h - 2x2 max pooling with stride 2, rounding down (a last odd row or column is dropped), and
 * the rectifier, where a convolution does not do them on its way (epilogue.h); both with the
 * gradient to the input. (H,W,C) row-major float32. */
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

/* y = max(x, 0) over `count` values; x and y may be the same. NaN stays NaN, so that a run that
 * diverged is seen to have diverged. */
void vs_relu_forward(const float *x, float *y, size_t count);

/* dx = dy where x > 0, else 0; x is the input of the forward pass, or its output. */
void vs_relu_backward(const float *x, const float *dy, size_t count, float *dx);

#endif
