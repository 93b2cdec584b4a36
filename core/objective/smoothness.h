/* smoothness.h - terms on the image itself, (H,W,3) RGB in 0..1.
 *
 *   total variation  TV = sum over y, x, c of sqrt(dx^2 + dy^2 + eps^2) - eps
 *   towards grey     L2 = sum over y, x, c of (image - 1/2)^2
 *
 * with eps = 1e-4 and forward differences that are 0 beyond the border (Rudin, Osher & Fatemi 1992,
 * smoothed). */
#ifndef VS_CORE_OBJECTIVE_SMOOTHNESS_H
#define VS_CORE_OBJECTIVE_SMOOTHNESS_H

/* The value; with weight != 0, adds weight * gradient to dimage (H,W,3). The bits do not depend on
 * the number of threads. */
double vs_smoothness_total_variation(const float *image, int height, int width, double weight,
                                     int threads, float *dimage);
double vs_smoothness_grey_l2(const float *image, int height, int width, double weight, int threads,
                             float *dimage);

#endif
