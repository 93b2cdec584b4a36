/* epilogue.c - the epilogues one pixel at a time, as the ways by a product use them and as the
 * tests compare those inside the transforms with. */
#include "core/tensor/epilogue.h"

#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/pool.h"

static size_t count_of(int height, int width, int channels) {
  return (size_t)height * (size_t)width * (size_t)channels;
}

VS_MULTIVERSION
static void rectify_pixel(const float *z, int channels, int bit, float *y, vs_gates *words) {
  for (int c = 0; c < channels; c++) {
    words[c] |= (z[c] > 0.0f ? 1U : 0U) << bit;
    y[c] = z[c] < 0.0f ? 0.0f : z[c];
  }
}

/* Threads share out rows of gates. */
static void rectify(const float *z, int height, int width, int channels, int threads, float *y,
                    vs_gates *gates) {
  const size_t C = (size_t)channels, words = vs_gates_across(width) * C;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int top = 0; top < height; top += VS_GATES_SIDE) {
    memset(gates + vs_gates_word(top, 0, width, channels), 0, words * sizeof *gates);
    for (int i = top; i < top + VS_GATES_SIDE && i < height; i++)
      for (int j = 0; j < width; j++) {
        const size_t at = ((size_t)i * (size_t)width + (size_t)j) * C;
        rectify_pixel(z + at, channels, vs_gates_bit(i, j), y + at,
                      gates + vs_gates_word(i, j, width, channels));
      }
  }
}

/* The rectifier behind a pool: closes the windows whose value is not positive. */
VS_MULTIVERSION
static void rectify_window(float *y, int channels, vs_gates window, vs_gates *words) {
  for (int c = 0; c < channels; c++) {
    words[c] &= y[c] > 0.0f ? ~0U : ~window;
    y[c] = y[c] < 0.0f ? 0.0f : y[c];
  }
}

static void rectify_pooled(int height, int width, int channels, float *y, vs_gates *gates) {
  static const vs_gates corner = 0x33; /* bits of a window at (0, 0): 0, 1, 4, 5 */
  for (int i = 0; i < height / 2; i++)
    for (int j = 0; j < width / 2; j++, y += channels)
      rectify_window(y, channels, corner << vs_gates_bit(2 * i, 2 * j),
                     gates + vs_gates_word(2 * i, 2 * j, width, channels));
}

void vs_epilogue_apply(vs_epilogue epilogue, const float *z, int height, int width, int channels,
                       int threads, float *y, vs_gates *gates) {
  switch (epilogue) {
  case VS_EPILOGUE_NONE:
    if (y != z) memcpy(y, z, count_of(height, width, channels) * sizeof *y);
    break;
  case VS_EPILOGUE_RECTIFY:
    rectify(z, height, width, channels, threads, y, gates);
    break;
  case VS_EPILOGUE_RECTIFY_POOL:
    vs_pool_forward(z, height, width, channels, threads, y, gates);
    rectify_pooled(height, width, channels, y, gates);
    break;
  }
}

VS_MULTIVERSION
static void pass_pixel(const float *dy, int channels, int bit, const vs_gates *words, float *dz) {
  for (int c = 0; c < channels; c++) dz[c] = (words[c] >> bit & 1U) != 0 ? dy[c] : 0.0f;
}

static void pass(const float *dy, const vs_gates *gates, int height, int width, int channels,
                 int threads, float *dz) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int i = 0; i < height; i++)
    for (int j = 0; j < width; j++) {
      const size_t at = ((size_t)i * (size_t)width + (size_t)j) * (size_t)channels;
      pass_pixel(dy + at, channels, vs_gates_bit(i, j),
                 gates + vs_gates_word(i, j, width, channels), dz + at);
    }
}

void vs_epilogue_backward(vs_epilogue epilogue, const float *dy, const vs_gates *gates, int height,
                          int width, int channels, int threads, float *dz) {
  const size_t count = count_of(height, width, channels);
  switch (epilogue) {
  case VS_EPILOGUE_NONE:
    if (dz != dy) memcpy(dz, dy, count * sizeof *dz);
    break;
  case VS_EPILOGUE_RECTIFY:
    pass(dy, gates, height, width, channels, threads, dz);
    break;
  case VS_EPILOGUE_RECTIFY_POOL:
    memset(dz, 0, count * sizeof *dz);
    vs_pool_backward(dy, gates, height, width, channels, threads, dz);
    break;
  }
}
