/* pool.h - 2x2 max pooling with stride 2, rounding down (a last odd row or column is dropped), and
 * the rectifier; both with the gradient to the input. (H,W,C) row-major float32. */
#ifndef VS_CORE_TENSOR_POOL_H
#define VS_CORE_TENSOR_POOL_H

#include <stddef.h>

/* y (H/2,W/2,C) = max over each 2x2 window of x (H,W,C). H, W >= 2. */
void vs_pool_forward(const float *x, int height, int width, int channels, float *y);

/* dx (H,W,C): dy goes to the first largest of each window (row-major, as PyTorch), 0 elsewhere.
 * x and y as in the forward pass. Overwrites dx. */
void vs_pool_backward(const float *x, const float *y, const float *dy, int height, int width,
                      int channels, float *dx);

/* y = max(x, 0) over `count` values; x and y may be the same. NaN stays NaN, so that a run that
 * diverged is seen to have diverged. */
void vs_relu_forward(const float *x, float *y, size_t count);

/* dy = 0 where y <= 0, in place; y is the forward pass' output. */
void vs_relu_backward(const float *y, float *dy, size_t count);

#endif
