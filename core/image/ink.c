#include "core/image/ink.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* IEC 61966-2-1: the encoded byte as linear light, 0..1. */
static void fill_linear(double linear[256]) {
  for (int i = 0; i < 256; i++) {
    double v = i / 255.0;
    linear[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
  }
}

/* CIE 15: the compression of tristimulus values relative to white. */
static double lab_f(double t) {
  const double delta = 6.0 / 29.0;
  return t > delta * delta * delta ? cbrt(t) : t / (3.0 * delta * delta) + 4.0 / 29.0;
}

/* The rows of the sRGB matrix are divided by their sums, the white point, so that white is (1,1,1)
 * without a remainder. */
static bool is_ink(double r, double g, double b) {
  double x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.9504700;
  double y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b;
  double z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.0888300;
  double fx = lab_f(x), fy = lab_f(y), fz = lab_f(z);
  double darkness = 116.0 * (1.0 - fy); /* 100 - L* */
  double green_red = 500.0 * (fx - fy), blue_yellow = 200.0 * (fy - fz);
  return darkness * darkness + green_red * green_red + blue_yellow * blue_yellow >
         VS_INK_DISTANCE * VS_INK_DISTANCE;
}

double vs_ink_share(const uint8_t *rgb, int height, int width) {
  double linear[256];
  fill_linear(linear);
  size_t pixels = (size_t)height * (size_t)width, ink = 0;
  for (size_t i = 0; i < pixels; i++) {
    const uint8_t *p = rgb + 3 * i;
    if (is_ink(linear[p[0]], linear[p[1]], linear[p[2]])) ink++;
  }
  return (double)ink / (double)pixels;
}
