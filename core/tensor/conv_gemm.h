/* conv_gemm.h - convolution as one sgemm with a gather: the ways for few channels, behind conv.h.
 *
 *   im2col      gathers the 3x3 patches of `in`, then multiplies:       few input channels
 *   shift-add   multiplies, then gathers and adds nine shifted results: few output channels
 *
 * Both work on blocks of positions whose size depends on the shape alone, shared out among threads.
 */
#ifndef VS_CORE_TENSOR_CONV_GEMM_H
#define VS_CORE_TENSOR_CONV_GEMM_H

#include <stdbool.h>
#include <stddef.h>

typedef struct vs_conv_product {
  int height, width;
  int channels, outputs; /* of `in` and `out` */
  const float *matrix;   /* see below */
  const float *bias;     /* (outputs), or NULL */
  bool turned;           /* shift-add alone: the kernel is turned by 180 degrees */
} vs_conv_product;

/* out[i,j,n] = bias[n] + sum_{u,v,c} in[i+u-1, j+v-1, c] * matrix[(3u + v) * channels + c][n].
 * scratch: vs_conv_im2col_floats(), a block of patches for each thread. */
void vs_conv_im2col(const vs_conv_product *product, const float *in, float *out, int threads,
                    float *scratch);
size_t vs_conv_im2col_floats(int channels, int height, int width, int threads);

/* out[i,j,n] = bias[n] + sum_{u,v,c} in[i+u-1, j+v-1, c] * matrix[c][9 n + 3u + v], with i-u+1,
 * j-v+1 for i+u-1, j+v-1 if turned. scratch: vs_conv_shift_add_floats(). */
void vs_conv_shift_add(const vs_conv_product *product, const float *in, float *out, int threads,
                       float *scratch);
size_t vs_conv_shift_add_floats(int outputs, int height, int width);

#endif
