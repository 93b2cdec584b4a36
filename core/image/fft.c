/* fft.c - a real two-dimensional transform by kissfft's complex ones, which no other file
 * includes. */
#include "core/image/fft.h"

#include <assert.h>
#include <kiss_fft.h>
#include <math.h>
#include <stdbool.h>

/* Columns first, then rows. kissfft's own real transform wants even lengths, so a row is completed
 * to a Hermitian one and transformed as complex; two rows share one transform, the second as the
 * imaginary part of the result:
 *
 *   Z[v] = A[v] + I B[v],  Z[W-v] = conj(A[v]) + I conj(B[v])   =>   ifft(Z) = a + I b
 */
struct vs_fft {
  int height, width;
  size_t half, pitch; /* columns, W/2+1, and rows rounded up to pairs */
  float scale;        /* 1 / sqrt(H W) */
  kiss_fft_cfg column_inverse, column_forward, row_inverse, row_forward;
  kiss_fft_cpx *columns;           /* (half, pitch), transposed; a row added for pairing is 0 */
  kiss_fft_cpx *row, *transformed; /* W, max(H, W) */
};

static kiss_fft_cfg take_table(int count, bool inverse, vs_arena *arena) {
  size_t bytes = 0;
  kiss_fft_alloc(count, inverse, NULL, &bytes); /* only asks for the size */
  void *memory = vs_arena_take(arena, bytes, 1);
  return memory == NULL ? NULL : kiss_fft_alloc(count, inverse, memory, &bytes);
}

size_t vs_fft_spectrum_count(int height, int width) {
  return (size_t)height * ((size_t)width / 2 + 1);
}

vs_fft *vs_fft_new(int height, int width, vs_arena *arena) {
  assert(height > 0 && width > 0);
  vs_fft plan = {.height = height, .width = width};
  plan.half = (size_t)width / 2 + 1;
  plan.pitch = ((size_t)height + 1) / 2 * 2;
  plan.scale = (float)(1.0 / sqrt((double)height * width));
  vs_fft *fft = vs_arena_take(arena, 1, sizeof *fft);
  plan.column_inverse = take_table(height, true, arena);
  plan.column_forward = take_table(height, false, arena);
  plan.row_inverse = take_table(width, true, arena);
  plan.row_forward = take_table(width, false, arena);
  plan.columns = vs_arena_take(arena, plan.half * plan.pitch, sizeof *plan.columns);
  plan.row = vs_arena_take(arena, (size_t)width, sizeof *plan.row);
  size_t longer = (size_t)(height > width ? height : width);
  plan.transformed = vs_arena_take(arena, longer, sizeof *plan.transformed);
  if (fft != NULL) *fft = plan;
  return fft;
}

/* Rows i and i+1 of the half-transformed spectrum as one Hermitian pair. */
static void join_rows(const vs_fft *fft, size_t i) {
  size_t width = (size_t)fft->width;
  for (size_t v = 0; v < fft->half; v++) {
    kiss_fft_cpx a = fft->columns[v * fft->pitch + i];
    kiss_fft_cpx b = fft->columns[v * fft->pitch + i + 1];
    if (v == 0 || 2 * v == width) {
      fft->row[v] = (kiss_fft_cpx){a.r, b.r};
    } else {
      fft->row[v] = (kiss_fft_cpx){a.r - b.i, a.i + b.r};
      fft->row[width - v] = (kiss_fft_cpx){a.r + b.i, b.r - a.i};
    }
  }
}

/* The transpose of join_rows, which is also its inverse but for the factor m_v. */
static void split_rows(const vs_fft *fft, size_t i, bool second) {
  size_t width = (size_t)fft->width;
  for (size_t v = 0; v < fft->half; v++) {
    kiss_fft_cpx p = fft->transformed[v], a = {p.r, 0.0f}, b = {p.i, 0.0f};
    if (v != 0 && 2 * v != width) {
      kiss_fft_cpx q = fft->transformed[width - v];
      a = (kiss_fft_cpx){p.r + q.r, p.i - q.i};
      b = (kiss_fft_cpx){p.i + q.i, q.r - p.r};
    }
    fft->columns[v * fft->pitch + i] = a;
    if (second) fft->columns[v * fft->pitch + i + 1] = b;
  }
}

void vs_fft_inverse(vs_fft *fft, const float *spectrum, float *image, size_t stride) {
  size_t height = (size_t)fft->height, width = (size_t)fft->width;
  const kiss_fft_cpx *values = (const kiss_fft_cpx *)spectrum;
  for (size_t v = 0; v < fft->half; v++)
    kiss_fft_stride(fft->column_inverse, values + v, fft->columns + v * fft->pitch, (int)fft->half);
  for (size_t i = 0; i < height; i += 2) {
    join_rows(fft, i);
    kiss_fft(fft->row_inverse, fft->row, fft->transformed);
    float *first = image + i * width * stride, *second = first + width * stride;
    for (size_t j = 0; j < width; j++) first[j * stride] = fft->scale * fft->transformed[j].r;
    if (i + 1 == height) continue;
    for (size_t j = 0; j < width; j++) second[j * stride] = fft->scale * fft->transformed[j].i;
  }
}

void vs_fft_inverse_adjoint(vs_fft *fft, const float *dimage, size_t stride, float *dspectrum) {
  size_t height = (size_t)fft->height, width = (size_t)fft->width;
  for (size_t i = 0; i < height; i += 2) {
    bool paired = i + 1 < height;
    const float *first = dimage + i * width * stride, *second = first + width * stride;
    for (size_t j = 0; j < width; j++) {
      fft->row[j].r = fft->scale * first[j * stride];
      fft->row[j].i = paired ? fft->scale * second[j * stride] : 0.0f;
    }
    kiss_fft(fft->row_forward, fft->row, fft->transformed);
    split_rows(fft, i, paired);
  }
  kiss_fft_cpx *values = (kiss_fft_cpx *)dspectrum;
  for (size_t v = 0; v < fft->half; v++) {
    kiss_fft(fft->column_forward, fft->columns + v * fft->pitch, fft->transformed);
    for (size_t u = 0; u < height; u++) values[u * fft->half + v] = fft->transformed[u];
  }
}
