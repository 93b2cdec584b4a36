/* conv_kernels.h - between conv.c, which knows plans and directions, and the algorithms. */
#ifndef VS_CORE_TENSOR_CONV_KERNELS_H
#define VS_CORE_TENSOR_CONV_KERNELS_H

#include "core/tensor/conv.h"

/* Convolution as a product of patches and a matrix:
 *
 *   out[i,j,n] = bias[n] + sum_{u,v,c} in[i+u-1, j+v-1, c] * matrix[((3u + v) * channels + c) *
 * stride + n]
 *
 * with n < outputs. bias may be NULL. Both directions have this form. */
typedef struct vs_conv_product {
  int height, width;
  int channels, outputs; /* of `in` and `out` */
  const float *matrix;
  int stride; /* elements between rows of the matrix, at least outputs */
  const float *bias;
} vs_conv_product;

/* im2col + sgemm in blocks of vs_conv_gemm_block() positions, shared out among the threads; scratch
 * holds one block of patches per thread. */
void vs_conv_gemm(const vs_conv_product *product, const float *in, float *out, int threads,
                  float *scratch);

/* Positions of one block and floats of its patches: a function of the shape alone. */
int vs_conv_gemm_block(int channels, int height, int width);
size_t vs_conv_gemm_block_floats(int channels, int height, int width);

/* The oracle: the two formulas of conv.h as plain loops over the same forward weights, summed in
 * double. One thread. */
void vs_conv_reference_forward(const vs_conv_plan *plan, const float *x, float *y);
void vs_conv_reference_backward(const vs_conv_plan *plan, const float *dy, float *dx);

#endif
