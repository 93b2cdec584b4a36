/* conv_gemm.h - convolution as one matrix product with a gather: the ways for few channels, behind
 * conv.h.
 *
 *   im2col      gathers the 3x3 patches of `in`, then multiplies:       few input channels
 *   shift-add   multiplies, then gathers and adds nine shifted results: few output channels
 *
 * Matrices are padded with zeros to what the product's kernel takes, and packed for it
 * (panel.h). Both work on blocks of positions whose size depends on the shape alone, shared
 * out among threads. */
#ifndef VS_CORE_TENSOR_CONV_GEMM_H
#define VS_CORE_TENSOR_CONV_GEMM_H

#include <stdbool.h>
#include <stddef.h>

/* Fills a matrix, of so many floats, from w: the kernel from input c to output k is at w + c *
 * c_stride + k * k_stride, nine floats, turned by 180 degrees if `turned`. */
size_t vs_conv_gemm_im2col_matrix_floats(int channels, int outputs);
void vs_conv_gemm_im2col_pack(float *matrix, const float *w, int channels, int outputs,
                              size_t c_stride, size_t k_stride, bool turned);
size_t vs_conv_gemm_shift_add_matrix_floats(int channels, int outputs);
void vs_conv_gemm_shift_add_pack(float *matrix, const float *w, int channels, int outputs,
                                 size_t c_stride, size_t k_stride, bool turned);

typedef struct vs_conv_product {
  int height, width;
  int channels, outputs; /* of `in` and `out` */
  const float *matrix;   /* packed by the way that is taken */
  const float *bias;     /* (outputs), or NULL */
} vs_conv_product;

/* out (H,W,outputs) = bias + convolution of in (H,W,channels). scratch: so many floats. */
size_t vs_conv_gemm_im2col_floats(int channels, int outputs, int height, int width, int threads);
void vs_conv_gemm_im2col(const vs_conv_product *product, const float *in, float *out, int threads,
                         float *scratch);
size_t vs_conv_gemm_shift_add_floats(int outputs, int height, int width);
void vs_conv_gemm_shift_add(const vs_conv_product *product, const float *in, float *out,
                            int threads, float *scratch);

#endif
