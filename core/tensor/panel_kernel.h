/* panel_kernel.h - the AVX-512 kernel of panel_product.h; elsewhere it says that it does not run.
 */
#ifndef VS_CORE_TENSOR_PANEL_KERNEL_H
#define VS_CORE_TENSOR_PANEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#define VS_PANEL_GROUP 14 /* tiles: 14 x 2 accumulators of 16 floats, 2 of weights, 1 broadcast */
#define VS_PANEL_WIDTH 32 /* outputs */

bool vs_panel_kernel_runs(void);

/* m[r][n] = sum over c of v[c / 16][r][c % 16] * u[c][n], r < rows <= 14, n < 32. v holds groups of
 * 14 whatever `rows` is; rows of m are m_stride floats apart. channels is a multiple of 16. */
void vs_panel_kernel_run(int rows, int channels, const float *v, const float *u, float *m,
                         size_t m_stride);

#endif
