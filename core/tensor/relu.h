/* relu.h - the rectifier where a convolution does not do it on its way (epilogue.h): forward, and
 * backward to the input. Elementwise, over float32 values of any shape. */
#ifndef VS_CORE_TENSOR_RELU_H
#define VS_CORE_TENSOR_RELU_H

#include <stddef.h>

/* y = max(x, 0) over `count` values; x and y may be the same. NaN stays NaN, so that a run that
 * diverged is seen to have diverged. */
void vs_relu_forward(const float *x, float *y, size_t count);

/* dx = dy where x > 0, else 0; x is the input of the forward pass, or its output. */
void vs_relu_backward(const float *x, const float *dy, size_t count, float *dx);

#endif
