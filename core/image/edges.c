/* edges.c - central differences of luma, counted where they are large. */
#include "core/image/edges.h"

#include <stddef.h>

#include "core/image/luma.h"

static double luma_at(const uint8_t *rgb, int height, int width, int y, int x) {
  if (y < 0) y = 0;
  if (x < 0) x = 0;
  if (y >= height) y = height - 1;
  if (x >= width) x = width - 1;
  return vs_luma(rgb + 3 * ((size_t)y * (size_t)width + (size_t)x));
}

double vs_edge_density(const uint8_t *rgb, int height, int width) {
  size_t edges = 0;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double gx =
          (luma_at(rgb, height, width, y, x + 1) - luma_at(rgb, height, width, y, x - 1)) / 2.0;
      double gy =
          (luma_at(rgb, height, width, y + 1, x) - luma_at(rgb, height, width, y - 1, x)) / 2.0;
      if (gx * gx + gy * gy > VS_EDGE_STEP * VS_EDGE_STEP) edges++;
    }
  return (double)edges / ((double)height * (double)width);
}
