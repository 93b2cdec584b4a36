/* panel_kernel.h - the AVX-512 kernel of panel.h. */
#ifndef VS_CORE_TENSOR_PANEL_KERNEL_H
#define VS_CORE_TENSOR_PANEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#define VS_PANEL_GROUP 14 /* tiles: 14 x 2 accumulators of 16 floats, 2 of weights, 1 broadcast */
#define VS_PANEL_WIDTH 32 /* outputs */

/* m[r][n] = sum over c of v[r][c] * u[c][n], r < rows <= 14, n < 32, c < channels, a multiple of
 * 16; added to m if `add`. Sixteen values of a row lie together: v[r][c] is at v + r * row_stride
 * + c / 16 * chunk_stride + c % 16. Rows of m are m_stride floats apart. */
typedef struct vs_panel_left {
  const float *v;
  size_t row_stride, chunk_stride;
} vs_panel_left;

/* Weights mostly come from memory, as tens of MB of other layers' were read since, and the
 * processor's own prefetchers stop at the end of every page. So that memory is always busy, and
 * never too much so, what is read after this panel is prefetched to L2 meanwhile, as evenly as the
 * panel's own passes allow. Prefetching beyond the last is harmless. Found by trial: against
 * prefetching 12 KB ahead in every pass an iteration takes 3 to 8% less at 96, 128 and 224 px. */
typedef struct vs_panel_right {
  const float *u;
  const char *next;
  size_t next_bytes; /* for every channel; at most 128, two cache lines */
} vs_panel_right;
void vs_panel_kernel_run(int rows, int channels, const vs_panel_left *left,
                         const vs_panel_right *right, bool add, float *m, size_t m_stride);

#endif
