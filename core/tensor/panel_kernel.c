/* panel_kernel.c - the product of up to 14 rows with a panel of 32 columns, all sums in registers;
 * the one place where products are contracted to FMA. */
#include "core/tensor/panel_kernel.h"

#include <assert.h>
#include <stdlib.h>

#if defined(__x86_64__)
#include <immintrin.h>

/* One instance for every number of rows: `rows` is a constant wherever this is inlined, so that the
 * accumulators live in registers. */
__attribute__((always_inline, target("avx512f"))) static inline void
multiply(const int rows, int channels, const vs_panel_left *left, const vs_panel_right *right,
         bool add, float *m, size_t m_stride) {
  const size_t stride = left->row_stride;
  const float *v = left->v, *u = right->u;
  const size_t step = right->next_bytes;
  const char *next = right->next;
  __m512 sum[VS_PANEL_GROUP][2];
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = _mm512_setzero_ps();
  for (int chunk = 0; chunk < channels; chunk += 16, v += left->chunk_stride) {
#pragma GCC unroll 4
    for (int c = 0; c < 16; c++, u += VS_PANEL_WIDTH) {
      _mm_prefetch(next, _MM_HINT_T1);
      _mm_prefetch(next + step / 2, _MM_HINT_T1);
      next += step;
      const __m512 first = _mm512_loadu_ps(u), second = _mm512_loadu_ps(u + 16);
#pragma GCC unroll 14
      for (int r = 0; r < rows; r++) {
        const __m512 value = _mm512_set1_ps(v[(size_t)r * stride + (size_t)c]);
        sum[r][0] = _mm512_fmadd_ps(value, first, sum[r][0]);
        sum[r][1] = _mm512_fmadd_ps(value, second, sum[r][1]);
      }
    }
  }
#pragma GCC unroll 14
  for (int r = 0; r < rows; r++, m += m_stride) {
    if (add) {
      sum[r][0] = _mm512_add_ps(sum[r][0], _mm512_loadu_ps(m));
      sum[r][1] = _mm512_add_ps(sum[r][1], _mm512_loadu_ps(m + 16));
    }
    _mm512_storeu_ps(m, sum[r][0]);
    _mm512_storeu_ps(m + 16, sum[r][1]);
  }
}

#define ROWS(n)                                                                                    \
  case n:                                                                                          \
    multiply(n, channels, left, right, add, m, m_stride);                                          \
    return

__attribute__((target("avx512f"))) void vs_panel_kernel_run(int rows, int channels,
                                                            const vs_panel_left *left,
                                                            const vs_panel_right *right, bool add,
                                                            float *m, size_t m_stride) {
  switch (rows) {
    ROWS(1);
    ROWS(2);
    ROWS(3);
    ROWS(4);
    ROWS(5);
    ROWS(6);
    ROWS(7);
    ROWS(8);
    ROWS(9);
    ROWS(10);
    ROWS(11);
    ROWS(12);
    ROWS(13);
    ROWS(14);
  default:
    assert(rows >= 1 && rows <= VS_PANEL_GROUP);
  }
}

#else

void vs_panel_kernel_run(int rows, int channels, const vs_panel_left *left,
                         const vs_panel_right *right, bool add, float *m, size_t m_stride) {
  (void)rows, (void)channels, (void)left, (void)right, (void)add, (void)m, (void)m_stride;
  abort(); /* vs_panel_choose never leads here */
}

#endif
