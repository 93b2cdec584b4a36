/* color.h - colours from one space to another: sRGB as files hold it, linear light, CIE XYZ, CIE
 * L*a*b*, all under D65 (the white of sRGB).
 *
 *   linear   v <= .04045: v / 12.92, else ((v + .055) / 1.055)^2.4       (IEC 61966-2-1)
 *   XYZ      the matrix of the sRGB primaries, Y of white 1              (Lindbloom's seven digits)
 *   L*a*b*   L* = 116 f(Y/Yn) - 16, a* = 500 (f(X/Xn) - f(Y/Yn)), b* = 200 (f(Y/Yn) - f(Z/Zn)),
 *            f(t) = t^(1/3), below (6/29)^3 a line that continues it     (CIE 15)
 *
 * The white point is the sum of the matrix' columns, so that white is (100, 0, 0) without a
 * remainder. Distances in L*a*b* are CIE 1976 colour differences. */
#ifndef VS_CORE_IMAGE_COLOR_H
#define VS_CORE_IMAGE_COLOR_H

#include <stdbool.h>

/* A difference that is just noticeable side by side (Mahy, Van Eycken, Oosterlinck, "Evaluation of
 * uniform color spaces developed after the adoption of CIELAB and CIELUV", 1994). */
#define VS_LAB_NOTICEABLE 2.3

/* One value, 0..1; outside it the curve goes on. */
double vs_color_srgb_to_linear(double encoded);
double vs_color_srgb_from_linear(double linear);

void vs_color_xyz_from_linear(const double rgb[3], double xyz[3]);
void vs_color_xyz_to_linear(const double xyz[3], double rgb[3]);

void vs_color_lab_from_xyz(const double xyz[3], double lab[3]);
void vs_color_lab_to_xyz(const double lab[3], double xyz[3]);

/* The whole way. vs_color_lab_to_srgb may leave 0..1 for colours that no screen shows. */
void vs_color_lab_from_linear(const double rgb[3], double lab[3]);
void vs_color_lab_from_srgb(const float rgb[3], double lab[3]);
void vs_color_lab_to_srgb(const double lab[3], float rgb[3]);

double vs_color_lab_distance(const double a[3], const double b[3]);

/* "#rrggbb", to the nearest of 256 steps; what is outside 0..1 is cut, NaN is 0. And back, from
 * "#rgb" too; false if the text is something else. */
#define VS_COLOR_HEX 8
void vs_color_hex(const float rgb[3], char hex[VS_COLOR_HEX]);
bool vs_color_from_hex(const char *hex, float rgb[3]);

/* The same with "#rgba" and "#rrggbbaa" too; alpha 0..1, else 1. */
bool vs_color_from_hex_alpha(const char *hex, float rgb[3], double *alpha);

#endif
