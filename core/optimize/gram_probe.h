/* gram_probe.h - the Gram matrix G of a picture at a tap that the loss does not see.
 *
 *   gram_style = |G - S| / |S|    S the style picture's matrix, |.| the Frobenius norm
 *
 * It tells collapse where style_dist, which is optimized, could be met by a trick. A sketch of G is
 * what pictures are compared by: the upper triangle, off the diagonal times sqrt(2) so that lengths
 * are those of G, times a fixed matrix of +-1 / sqrt(VS_SKETCH) (Achlioptas, J. Comput. Syst. Sci.
 * 66, 2003; after Johnson and Lindenstrauss).
 *
 * How exact distances of sketches are: for a fixed difference x, each number of its sketch is
 * sum_i +-x_i / sqrt(k), k = VS_SKETCH, with mean square |x|^2 / k and at most twice the square of
 * that as variance of its square; so their sum |sketch|^2 has mean |x|^2 and a standard deviation
 * of at most sqrt(2 / k) |x|^2. The distance itself, its root, is off by half of that, relatively:
 * sqrt(1 / (2 k)) = 8.8%.
 *
 * G is taken of the whole picture, shrunk by averaging f x f pixels with the smallest f that makes
 * its longer side at most VS_GRAM_PROBE_SIDE (but leaves VS_VGG_MIN_SIDE of the shorter one): that
 * keeps the net of this small beside the objective's, and pictures of different sizes comparable.
 *
 * The net of a probe and that of the objective are never needed at once, so they share a place in
 * the run's arena (core/optimize/run.c). */
#ifndef VS_CORE_OPTIMIZE_GRAM_PROBE_H
#define VS_CORE_OPTIMIZE_GRAM_PROBE_H

#include "core/optimize/measurements.h"

#define VS_GRAM_PROBE_SIDE 128 /* px, of the longer side */

/* The tap: the first of relu1_2, relu2_2, relu1_1, relu3_3 that is no deeper than what the loss
 * needs and belongs to no convolution that a term of it reads; -1 if there is none. */
int vs_gram_probe_tap(const vs_objective_spec *spec);

typedef struct vs_gram_probe {
  int tap;           /* -1: measures nothing, takes no memory */
  int height, width; /* of pictures as they are handed over */
  int shrink;        /* f */
  float *seen;       /* (height / f, width / f, 3) what the net sees */
  float *scratch;    /* of vs_gram */
  float *style;      /* (C,C) */
  float *gram;       /* (C,C) of the picture seen last */
} vs_gram_probe;

/* Plans what lasts as long as the run; all memory is the arena's. */
vs_gram_probe vs_gram_probe_plan(const vs_objective_spec *spec, int height, int width,
                                 vs_arena *arena);

/* The net of the probe, for as long as it is in use. NULL while the arena measures, or for
 * a probe that measures nothing. */
vs_net *vs_gram_probe_net(const vs_gram_probe *probe, const vs_weights *weights,
                          vs_conv_algorithm algorithm, int threads, vs_arena *arena);

/* Takes the style picture's matrix; then gram_style, gram_tap and sketch of a picture (height,
 * width, 3). Do nothing for a probe that measures nothing. */
void vs_gram_probe_set_style(vs_gram_probe *probe, vs_net *net, const float *style_rgb);
void vs_gram_probe_measure(vs_gram_probe *probe, vs_net *net, const float *rgb,
                           vs_measurements *measurements);

/* The sketch of a symmetric matrix (n,n). */
void vs_gram_probe_sketch(const float *gram, int n, float sketch[VS_SKETCH]);

#endif
