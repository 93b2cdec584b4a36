/* random_field.h - random pictures that are made for no channel: smooth fields of colour.
 *
 *   v = 1/2 + VS_FIELD_CONTRAST * (sum_k 2^-k n_k / sum_k 2^-k - 1/2),  k = 0 .. 3, cut to 0..1
 *
 * n_k is value noise: uniform random numbers 0..1 for each colour on a lattice of 4 * 2^k cells a
 * side, bilinear between them. Amplitudes fall as 1 / frequency, as those of photographs do (Field,
 * J. Opt. Soc. Am. A 4, 1987), so that every layer finds something at its scale; strokes would be
 * a guess at what the optimized pictures are like. */
#ifndef VS_CORE_IMAGE_RANDOM_FIELD_H
#define VS_CORE_IMAGE_RANDOM_FIELD_H

#include "core/base/random.h"

#define VS_FIELD_CONTRAST 1.5f

/* Draws into rgb (height, width, 3). The same picture at every size, up to its resolution. Sides at
 * least 1. */
void vs_random_field_draw(vs_random_key key, float *rgb, int height, int width);

#endif
