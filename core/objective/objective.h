/* objective.h - the loss of a run: a weighted sum of terms over one net, and its gradient.
 *
 *   total = exc_loss + lambda * style_dist + tv * TV + l2 * L2
 *
 * style_dist is the weighted sum of the distances over the style taps, and is computed whatever
 * lambda is, so that a baseline's distance is known too.
 *
 * With strengths tv = tv_strength * |exc_loss| / TV of the same picture, and is no variable in the
 * gradient: that is the one of -log|exc_loss| + tv_strength * log TV, times |exc_loss|, whatever
 * the units of layer and size are; 0 while the channel sleeps. l2 likewise. Of a picture that is
 * flat to the eye (a mean term below VS_FLAT_TV, VS_FLAT_L2 a number) no more than at that.
 *
 * Zero stays zero: where no path leads from a pixel to the loss, its gradient is exactly 0, but
 * fast convolutions, which compute whole tiles, leave up to 5e-8 of the largest there (measured
 * against conv_reference.h, both networks, 96 px), and Adam makes full steps of whatever is not 0.
 * Anywhere their error is up to 1.4e-6 of the largest. So what is smaller than zero_below of it is
 * taken for the 0 that it may be. */
#ifndef VS_CORE_OBJECTIVE_OBJECTIVE_H
#define VS_CORE_OBJECTIVE_OBJECTIVE_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/objective/gram.h"
#include "core/vgg/net.h"

typedef struct vs_objective vs_objective;

#define VS_FLAT_TV 1e-3 /* a quarter of a step of 8 bits */
#define VS_FLAT_L2 1e-6 /* a standard deviation of as much */

typedef struct vs_objective_spec {
  int tap, channel;             /* whose excitation */
  bool style_taps[VS_VGG_TAPS]; /* at least one */
  vs_style_norm style_norm;
  double style_weights[VS_VGG_TAPS]; /* of the style taps' distances, the first tap's first; > 0, or
                                        0 for 1 */
  double tv, l2;                     /* weights, >= 0 */
  double tv_strength, l2_strength;   /* the same in units of the excitation, >= 0; not both */
  double zero_below; /* what the net adds to a gradient at the image is 0 where it is smaller than
                        this share of the largest; 0: as it comes */
} vs_objective_spec;

typedef struct vs_losses {
  double exc_loss, style_dist, style_reg, tv, l2, total; /* tv, l2: values before their weights */
  double exc_pre; /* as exc_loss, before the ReLU, where no channel sleeps; no part of the total */
} vs_losses;

/* Plans the objective and its net for images of height x width. All memory is the arena's; NULL
 * while it measures (weights may be NULL then). `weights` outlives it. */
vs_objective *vs_objective_new(const vs_objective_spec *spec, int height, int width,
                               const vs_weights *weights, vs_conv_algorithm algorithm, int threads,
                               vs_arena *arena);

/* Takes the targets from a style image (height, width, 3), prepared exactly like any image. To be
 * called once before evaluating. Returns the style image's own exc_loss. */
double vs_objective_set_style(vs_objective *objective, const float *style_rgb);

/* How the terms are weighted in one evaluation. A run uses 1, lambda, 1; with zeros one term is
 * evaluated alone. */
typedef struct vs_balance {
  double excitation;  /* times exc_loss */
  double lambda;      /* times style_dist */
  double image_terms; /* times tv * TV + l2 * L2 */
  bool rescue;        /* a dead channel behind a ReLU gets its gradient before the ReLU */
} vs_balance;

/* Losses of an image (H,W,3), RGB in 0..1; with dimage != NULL also d total / d image
 * (overwritten). style_reg = lambda * style_dist; total weighs exc_loss by balance.excitation. */
vs_losses vs_objective_evaluate(vs_objective *objective, const float *image,
                                const vs_balance *balance, float *dimage);

/* The deepest convolution that an objective needs, and the one channel that it computes of this
 * one: VS_CONV_ALL_CHANNELS unless it is the deepest and only the excitation reads it. */
int vs_objective_last_conv(const vs_objective_spec *spec);
int vs_objective_only_channel(const vs_objective_spec *spec, int conv);

/* Multiply-adds of one evaluation with gradient, counted as direct convolution; needs no memory. */
double vs_objective_macs(const vs_objective_spec *spec, int height, int width);

#endif
