/* ink.c - colours that are far from white paper in Lab, counted. */
#include "core/image/ink.h"

#include <stdbool.h>
#include <stddef.h>

#include "core/image/color.h"

static const double paper[3] = {100.0, 0.0, 0.0};

static bool is_ink(const double rgb[3]) {
  double lab[3];
  vs_color_lab_from_linear(rgb, lab);
  return vs_color_lab_distance(lab, paper) > VS_INK_DISTANCE;
}

double vs_ink_share(const uint8_t *rgb, int height, int width) {
  double linear[256];
  for (int i = 0; i < 256; i++) linear[i] = vs_color_srgb_to_linear(i / 255.0);
  size_t pixels = (size_t)height * (size_t)width, ink = 0;
  for (size_t i = 0; i < pixels; i++) {
    const uint8_t *p = rgb + 3 * i;
    if (is_ink((const double[3]){linear[p[0]], linear[p[1]], linear[p[2]]})) ink++;
  }
  return (double)ink / (double)pixels;
}
