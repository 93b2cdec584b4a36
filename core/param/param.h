/* param.h - what is optimized, behind one small interface: numbers theta, the image they render to,
 * and the way back from the image's gradient to theirs.
 *
 *   pixels   image = sigmoid(theta)                                         (pixels.c)
 *            theta (H,W,3)
 *   fourier  image = sigmoid(colours(irfft2(scale * theta) / 4)), as Lucid  (fourier.c)
 *            theta (3,H,W/2+1,2): half spectra of three decorrelated colours, real and imaginary
 *
 * Images are (H,W,3) RGB in 0..1. */
#ifndef VS_CORE_PARAM_PARAM_H
#define VS_CORE_PARAM_PARAM_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/random.h"

typedef enum vs_parametrization { VS_PARAM_PIXELS, VS_PARAM_FOURIER } vs_parametrization;

typedef struct vs_param_spec {
  vs_parametrization kind;
  int height, width;
  double init_sd; /* standard deviation of the start numbers, > 0; Lucid: 0.01 */
  double decay;   /* fourier: power of 1/f that scales the coefficients, >= 0; Lucid: 1; pixels
                     ignore it */
} vs_param_spec;

typedef struct vs_param vs_param;

/* "pixels", "fourier". */
const char *vs_parametrization_name(vs_parametrization kind);

/* How many numbers theta has. */
size_t vs_param_count(const vs_param_spec *spec);

/* Plans; everything comes from the arena and goes with it. NULL while the arena measures. */
vs_param *vs_param_new(const vs_param_spec *spec, vs_arena *arena);

/* theta = init_sd * normal numbers of the key. */
void vs_param_start(const vs_param *param, vs_random_key key, float *theta);

/* image (H,W,3) from theta. Keeps what backprop needs: call in pairs, render first. */
void vs_param_render(vs_param *param, const float *theta, float *image);

/* dtheta = (d image / d theta)' dimage, at the theta rendered last. Overwrites dtheta. `image` is
 * what render gave. */
void vs_param_backprop(vs_param *param, const float *image, const float *dimage, float *dtheta);

#endif
