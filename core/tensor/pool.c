/* pool.c - pooling one window of all channels at a time; winograd_tiles.c does it on its way, to
 * the same bits. */
#include "core/tensor/pool.h"

#include <string.h>

#include "core/base/multiversion.h"

/* A window of all channels: x is its upper left pixel, `bit` that pixel's, `row` floats lead to the
 * line below. */
VS_MULTIVERSION
static void pool_window(const float *x, size_t row, size_t C, int bit, float *y, vs_gates *words) {
  for (size_t c = 0; c < C; c++) {
    const float a = x[c], b = x[C + c], d = x[row + c], e = x[row + C + c];
    /* written so that a NaN in the window comes through, as in PyTorch */
    const int right = b > a || b != b, lower_right = e > d || e != e;
    const float top = right ? b : a, bottom = lower_right ? e : d;
    const int lower = bottom > top || bottom != bottom;
    y[c] = lower ? bottom : top;
    words[c] |= 1U << (bit + (lower ? VS_GATES_SIDE + lower_right : right));
  }
}

VS_MULTIVERSION
static void unpool_window(const float *dy, const vs_gates *words, size_t row, size_t C, int bit,
                          float *dx) {
  for (size_t c = 0; c < C; c++) {
    const vs_gates word = words[c] >> bit;
    dx[c] += (word & 1U) != 0 ? dy[c] : 0.0f;
    dx[C + c] += (word & 2U) != 0 ? dy[c] : 0.0f;
    dx[row + c] += (word & 1U << VS_GATES_SIDE) != 0 ? dy[c] : 0.0f;
    dx[row + C + c] += (word & 2U << VS_GATES_SIDE) != 0 ? dy[c] : 0.0f;
  }
}

/* Threads share out rows of gates: two rows of windows have their bits in the same words. */
void vs_pool_forward(const float *x, int height, int width, int channels, int threads, float *y,
                     vs_gates *gates) {
  const size_t C = (size_t)channels, row = (size_t)width * C, out = (size_t)(width / 2) * C;
  const size_t words = vs_gates_across(width) * C;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int top = 0; top < height; top += VS_GATES_SIDE) {
    memset(gates + vs_gates_word(top, 0, width, channels), 0, words * sizeof *gates);
    for (int i = top; i < top + VS_GATES_SIDE && i + 1 < height; i += 2)
      for (int j = 0; j + 1 < width; j += 2)
        pool_window(x + (size_t)i * row + (size_t)j * C, row, C, vs_gates_bit(i, j),
                    y + (size_t)(i / 2) * out + (size_t)(j / 2) * C,
                    gates + vs_gates_word(i, j, width, channels));
  }
}

void vs_pool_backward(const float *dy, const vs_gates *gates, int height, int width, int channels,
                      int threads, float *dx) {
  const size_t C = (size_t)channels, row = (size_t)width * C, out = (size_t)(width / 2) * C;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int i = 0; i < height / 2; i++)
    for (int j = 0; j < width / 2; j++)
      unpool_window(dy + (size_t)i * out + (size_t)j * C,
                    gates + vs_gates_word(2 * i, 2 * j, width, channels), row, C,
                    vs_gates_bit(2 * i, 2 * j), dx + 2 * (size_t)i * row + 2 * (size_t)j * C);
}
