/* ink.c - colours that are far from white paper in Lab, counted, and how far they are. */
#include "core/image/ink.h"

#include <stddef.h>

#include "core/image/color.h"

static const double paper[3] = {100.0, 0.0, 0.0};

static double distance_to_paper(const double rgb[3]) {
  double lab[3];
  vs_color_lab_from_linear(rgb, lab);
  return vs_color_lab_distance(lab, paper);
}

vs_ink vs_ink_measure(const uint8_t *rgb, int height, int width) {
  double linear[256], sum = 0.0;
  for (int i = 0; i < 256; i++) linear[i] = vs_color_srgb_to_linear(i / 255.0);
  const size_t pixels = (size_t)height * (size_t)width;
  size_t covered = 0, blank = 0;
  for (size_t i = 0; i < pixels; i++) {
    const uint8_t *p = rgb + 3 * i;
    const double distance =
        distance_to_paper((const double[3]){linear[p[0]], linear[p[1]], linear[p[2]]});
    sum += distance;
    covered += distance > VS_INK_DISTANCE;
    blank += distance <= VS_PAPER_DISTANCE;
  }
  const double count = (double)pixels;
  return (vs_ink){(double)covered / count, sum / (100.0 * count), (double)blank / count};
}

double vs_ink_share(const uint8_t *rgb, int height, int width) {
  return vs_ink_measure(rgb, height, width).covered;
}
