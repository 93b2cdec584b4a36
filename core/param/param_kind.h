/* param_kind.h - between param.c and the single parametrizations; nobody else includes it.
 *
 * A parametrization is a row of functions. `plan` is its own struct, taken from the arena. */
#ifndef VS_CORE_PARAM_PARAM_KIND_H
#define VS_CORE_PARAM_PARAM_KIND_H

#include "core/param/param.h"

typedef struct vs_param_kind {
  size_t (*count)(const vs_param_spec *spec);
  void *(*plan)(const vs_param_spec *spec, int threads, vs_arena *arena); /* NULL: it measures */
  void (*render)(void *plan, const float *theta, float *image);
  void (*backward)(void *plan, const float *image, const float *dimage, float *dtheta);
  vs_status (*enlarge)(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                       vs_random_key key, const vs_param_spec *to, float *out);

  /* NULL where theta is one block of normal numbers that may be anything. */
  int (*blocks)(const vs_param_spec *spec, vs_param_block blocks[VS_PARAM_MAX_BLOCKS]);
  void (*start)(const vs_param_spec *spec, vs_random_key key, float *theta);
  void (*anneal)(void *plan, double progress);
  void (*project)(const vs_param_spec *spec, float *theta);

  /* NULL: nothing fades. */
  void (*fade)(const vs_param_spec *spec, float keep, float *theta);
} vs_param_kind;

extern const vs_param_kind vs_pixels_kind, vs_fourier_kind; /* and vs_strokes_kind: strokes.h */

/* Theta of a drawing on a canvas of from's size, copied into tiles (tiling.c): `points` places,
 * then three blocks of so many numbers each, which every copy has as they are. */
void vs_tiling_enlarge(const vs_tiling *tiling, vs_random_key key, const vs_param_spec *from,
                       size_t points, const size_t blocks[3], const float *theta, float *out);

#endif
