/* color.c - the formulas of color.h, each with its inverse; what is inked (ink.c) and which pen is
 * nearest (palette.c) is decided by them. */
#include "core/image/color.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/image/picture.h"

static const double to_xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                    {0.2126729, 0.7151522, 0.0721750},
                                    {0.0193339, 0.1191920, 0.9503041}};

/* The sums of its rows: XYZ of D65. */
static const double white[3] = {0.9504700, 1.0000001, 1.0888300};

double vs_color_srgb_to_linear(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4);
}

double vs_color_srgb_from_linear(double linear) {
  return linear <= 0.04045 / 12.92 ? linear * 12.92 : 1.055 * pow(linear, 1.0 / 2.4) - 0.055;
}

void vs_color_xyz_from_linear(const double rgb[3], double xyz[3]) {
  for (int i = 0; i < 3; i++)
    xyz[i] = to_xyz[i][0] * rgb[0] + to_xyz[i][1] * rgb[1] + to_xyz[i][2] * rgb[2];
}

/* By Cramer's rule, so that there are no second seven digits that undo the first only nearly. */
void vs_color_xyz_to_linear(const double xyz[3], double rgb[3]) {
  double cofactor[3][3], determinant = 0.0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      const double *above = to_xyz[(i + 1) % 3], *below = to_xyz[(i + 2) % 3];
      const int right = (j + 1) % 3, left = (j + 2) % 3;
      cofactor[i][j] = above[right] * below[left] - above[left] * below[right];
    }
  for (int j = 0; j < 3; j++) determinant += to_xyz[0][j] * cofactor[0][j];
  for (int j = 0; j < 3; j++)
    rgb[j] =
        (cofactor[0][j] * xyz[0] + cofactor[1][j] * xyz[1] + cofactor[2][j] * xyz[2]) / determinant;
}

static const double knee = 6.0 / 29.0;

static double compress(double t) {
  return t > knee * knee * knee ? cbrt(t) : t / (3.0 * knee * knee) + 4.0 / 29.0;
}

static double expand(double f) {
  return f > knee ? f * f * f : 3.0 * knee * knee * (f - 4.0 / 29.0);
}

void vs_color_lab_from_xyz(const double xyz[3], double lab[3]) {
  const double fx = compress(xyz[0] / white[0]);
  const double fy = compress(xyz[1] / white[1]);
  const double fz = compress(xyz[2] / white[2]);
  lab[0] = 116.0 * fy - 16.0;
  lab[1] = 500.0 * (fx - fy);
  lab[2] = 200.0 * (fy - fz);
}

void vs_color_lab_to_xyz(const double lab[3], double xyz[3]) {
  const double fy = (lab[0] + 16.0) / 116.0;
  xyz[0] = white[0] * expand(fy + lab[1] / 500.0);
  xyz[1] = white[1] * expand(fy);
  xyz[2] = white[2] * expand(fy - lab[2] / 200.0);
}

void vs_color_lab_from_linear(const double rgb[3], double lab[3]) {
  double xyz[3];
  vs_color_xyz_from_linear(rgb, xyz);
  vs_color_lab_from_xyz(xyz, lab);
}

void vs_color_lab_from_srgb(const float rgb[3], double lab[3]) {
  double linear[3];
  for (int i = 0; i < 3; i++) linear[i] = vs_color_srgb_to_linear((double)rgb[i]);
  vs_color_lab_from_linear(linear, lab);
}

void vs_color_lab_to_srgb(const double lab[3], float rgb[3]) {
  double xyz[3], linear[3];
  vs_color_lab_to_xyz(lab, xyz);
  vs_color_xyz_to_linear(xyz, linear);
  for (int i = 0; i < 3; i++) rgb[i] = (float)vs_color_srgb_from_linear(linear[i]);
}

double vs_color_lab_distance(const double a[3], const double b[3]) {
  const double l = a[0] - b[0], red = a[1] - b[1], yellow = a[2] - b[2];
  return sqrt(l * l + red * red + yellow * yellow);
}

void vs_color_hex(const float rgb[3], char hex[VS_COLOR_HEX]) {
  uint8_t bytes[3];
  vs_picture_to_bytes(rgb, bytes, 3);
  snprintf(hex, VS_COLOR_HEX, "#%02x%02x%02x", bytes[0], bytes[1], bytes[2]);
}

static int hex_digit(char c) {
  static const char digits[] = "0123456789abcdef0123456789ABCDEF";
  const char *at = c != '\0' ? strchr(digits, c) : NULL;
  return at != NULL ? (int)((at - digits) % 16) : -1;
}

bool vs_color_from_hex_alpha(const char *text, float color[3], double *alpha) {
  const size_t length = strlen(text), each = length > 5 ? 2 : 1;
  if (text[0] != '#' || (length != 4 && length != 5 && length != 7 && length != 9)) return false;
  int value[4] = {0, 0, 0, 255};
  for (size_t c = 0; c < (length - 1) / each; c++) {
    const int high = hex_digit(text[1 + each * c]), low = hex_digit(text[each * (c + 1)]);
    if (high < 0 || low < 0) return false;
    value[c] = 16 * high + low;
  }
  for (int c = 0; c < 3; c++) color[c] = (float)value[c] / 255.0f;
  *alpha = value[3] / 255.0;
  return true;
}

bool vs_color_from_hex(const char *text, float color[3]) {
  const size_t length = strlen(text);
  double alpha;
  return (length == 4 || length == 7) && vs_color_from_hex_alpha(text, color, &alpha);
}
