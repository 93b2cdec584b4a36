/* random_field.c - value noise in four octaves, bilinear between random corners. */
#include "core/image/random_field.h"

#include <stddef.h>

enum { OCTAVES = 4, COARSEST = 4, FINEST = COARSEST << (OCTAVES - 1) };

/* Random colours at the corners of the cells of one octave. */
typedef struct lattice {
  int cells;
  float corner[FINEST + 1][FINEST + 1][3];
} lattice;

static void fill(lattice *grid, vs_random_key key, int octave) {
  const uint64_t first = (uint64_t)octave << 32; /* octaves share no numbers */
  uint64_t i = 0;
  grid->cells = COARSEST << octave;
  for (int y = 0; y <= grid->cells; y++)
    for (int x = 0; x <= grid->cells; x++)
      for (int c = 0; c < 3; c++) grid->corner[y][x][c] = vs_random_uniform(key, first + i++);
}

/* Where the centre of pixel `at` of `size` falls between corners; share 0..1 of the next one. */
static int locate(int at, int size, int cells, float *share) {
  const float place = ((float)at + 0.5f) / (float)size * (float)cells;
  const int corner = (int)place < cells ? (int)place : cells - 1;
  *share = place - (float)corner;
  return corner;
}

static void add_octave(const lattice *grid, float weight, float *rgb, int height, int width) {
  for (int y = 0; y < height; y++) {
    float down, right;
    const int top = locate(y, height, grid->cells, &down);
    for (int x = 0; x < width; x++, rgb += 3) {
      const int left = locate(x, width, grid->cells, &right);
      const float(*upper)[3] = &grid->corner[top][left];
      const float(*lower)[3] = &grid->corner[top + 1][left];
      for (int c = 0; c < 3; c++) {
        const float a = upper[0][c] + right * (upper[1][c] - upper[0][c]);
        const float b = lower[0][c] + right * (lower[1][c] - lower[0][c]);
        rgb[c] += weight * (a + down * (b - a));
      }
    }
  }
}

static float cut(float value) {
  if (value < 0.0f) return 0.0f;
  return value > 1.0f ? 1.0f : value;
}

void vs_random_field_draw(vs_random_key key, float *rgb, int height, int width) {
  const size_t count = 3 * (size_t)height * (size_t)width;
  lattice grid;
  float whole = 0.0f;
  for (size_t i = 0; i < count; i++) rgb[i] = 0.0f;
  for (int octave = 0; octave < OCTAVES; octave++) {
    const float weight = 1.0f / (float)(1 << octave);
    fill(&grid, key, octave);
    add_octave(&grid, weight, rgb, height, width);
    whole += weight;
  }
  for (size_t i = 0; i < count; i++)
    rgb[i] = cut(0.5f + VS_FIELD_CONTRAST * (rgb[i] / whole - 0.5f));
}
