/* gram.h - distance between the Gram matrices of an image and of a style image at one tap.
 *
 *   G = F F' / (C H W),  F the activation as (C, HW);   n = || G(image) - G(style) ||_F
 *
 *   frobenius   sqrt(n^2 + eps^2) with eps = 1e-6 ||G(style)||_F: the gradient exists at n = 0
 *   gatys       n^2 / 4        (Gatys et al., arXiv:1508.06576, eq. 4)
 *   mse         n^2 / C^2      (mean squared difference, as fast-neural-style has it)
 *
 * The gradient of the unsquared norm keeps its size however close n is to 0: an exact penalty, with
 * a threshold of lambda above which a channel collapses to the style.
 *
 * Threads share out positions in blocks that depend on the shape alone, and the blocks' sums are
 * added in order: the same bits for any number of threads. */
#ifndef VS_CORE_OBJECTIVE_GRAM_H
#define VS_CORE_OBJECTIVE_GRAM_H

#include <stddef.h>

#include "core/base/arena.h"
#include "core/vgg/net.h"

typedef enum vs_style_norm { VS_STYLE_FROBENIUS, VS_STYLE_GATYS, VS_STYLE_MSE } vs_style_norm;
extern const char *const vs_gram_norm_words[]; /* "frobenius" ..., by norm, NULL-terminated */

/* gram (C,C), all of it, of an activation. scratch: vs_gram_scratch_floats(). No overlap. */
void vs_gram(const vs_activation *activation, int threads, float *scratch, float *gram);
size_t vs_gram_scratch_floats(int height, int width, int channels);

/* Distance of gram from target (C,C) in the given form. With weight != 0, adds weight * gradient to
 * dactivation (H,W,C). C is a multiple of 32. scratch: as for vs_gram. */
double vs_gram_style(const vs_activation *activation, const float *gram, const float *target,
                     vs_style_norm norm, double weight, int threads, float *scratch,
                     float *dactivation);

#endif
