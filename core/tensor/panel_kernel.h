/* panel_kernel.h - the AVX-512 kernel of panel_product.h. */
#ifndef VS_CORE_TENSOR_PANEL_KERNEL_H
#define VS_CORE_TENSOR_PANEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#define VS_PANEL_GROUP 14 /* tiles: 14 x 2 accumulators of 16 floats, 2 of weights, 1 broadcast */
#define VS_PANEL_WIDTH 32 /* outputs */

/* m[r][n] = sum over c of v[r][c] * u[c][n], r < rows <= 14, n < 32, c < channels, a multiple of
 * 16; added to m if so said. Sixteen values of a row lie together: v[r][c] is at v + r * row_stride
 * + c / 16 * chunk_stride + c % 16. Rows of m are m_stride floats apart. */
typedef struct vs_panel_left {
  const float *v;
  size_t row_stride, chunk_stride;
} vs_panel_left;
void vs_panel_kernel_run(int rows, int channels, const vs_panel_left *left, const float *u,
                         bool add, float *m, size_t m_stride);

#endif
