/* gates.h - the memory of a rectifier or a max-pool: one bit for each value before it, telling
 * whether the gradient passes to it.
 *
 * The bits of 4 x 4 neighbours share a word, so that a Winograd tile (winograd.h) makes or reads
 * them with its 16 pixels: bit 4 (y % 4) + x % 4 of word (y / 4, x / 4, c). Pixels off the image
 * have 0. */
#ifndef VS_CORE_TENSOR_GATES_H
#define VS_CORE_TENSOR_GATES_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t vs_gates;

#define VS_GATES_SIDE 4

static inline size_t vs_gates_across(int side) {
  return ((size_t)side + VS_GATES_SIDE - 1) / VS_GATES_SIDE;
}

/* Words for values of shape (H,W,C). */
static inline size_t vs_gates_count(int height, int width, int channels) {
  return vs_gates_across(height) * vs_gates_across(width) * (size_t)channels;
}

/* The word of pixel (y, x) for channel 0; the others follow. */
static inline size_t vs_gates_word(int y, int x, int width, int channels) {
  const size_t row = (size_t)y / VS_GATES_SIDE, column = (size_t)x / VS_GATES_SIDE;
  return (row * vs_gates_across(width) + column) * (size_t)channels;
}

static inline int vs_gates_bit(int y, int x) {
  return VS_GATES_SIDE * (y % VS_GATES_SIDE) + x % VS_GATES_SIDE;
}

#endif
