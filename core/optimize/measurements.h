/* measurements.h - what a finished picture is like, measured once, so that nobody who ranks runs
 * has to read pictures.
 *
 * - References of the excitation, which say what a figure is worth: exc_loss of the whole style
 *   picture, of blank white paper, and of random pictures (core/image/random_field.h), whose mean
 *   and standard deviation make a z-score. All at the size of the run's view.
 * - Coverage and edge density of the final picture (core/image/ink.h, edges.h).
 * - Its Gram matrix G at a tap that the loss does not see (vs_gram_probe_tap): gram_style = |G - S|
 * / |S| with S the style picture's and |.| the Frobenius norm. It tells collapse where style_dist,
 *   which is optimized, could be met by a trick.
 * - A sketch of G by which pictures are compared: the upper triangle, off the diagonal times
 *   sqrt(2) so that lengths are those of G, times a fixed matrix of +-1 / sqrt(VS_SKETCH)
 *   (Achlioptas, J. Comput. Syst. Sci. 66, 2003; after Johnson and Lindenstrauss).
 *
 * How exact distances of sketches are: for a fixed difference x, each number of its sketch is
 * sum_i +-x_i / sqrt(k), k = VS_SKETCH, with mean square |x|^2 / k and at most twice the square of
 * that as variance of its square; so their sum |sketch|^2 has mean |x|^2 and a standard deviation
 * of at most sqrt(2 / k) |x|^2. The distance itself, its root, is off by half of that, relatively:
 * sqrt(1 / (2 k)) = 8.8%.
 *
 * G is taken of the whole picture, shrunk by averaging f x f pixels with the smallest f that makes
 * its longer side at most VS_PORTRAIT_SIDE (but leaves VS_VGG_MIN_SIDE of the shorter one): that
 * keeps the net of this small beside the objective's, and pictures of different sizes comparable.
 *
 * The net of a probe and that of the objective are never needed at once, so they share a place in
 * the run's arena (core/optimize/run.c). */
#ifndef VS_CORE_OPTIMIZE_MEASUREMENTS_H
#define VS_CORE_OPTIMIZE_MEASUREMENTS_H

#include "core/image/picture.h"
#include "core/objective/objective.h"

#define VS_SKETCH        64  /* numbers */
#define VS_PORTRAIT_SIDE 128 /* px, of the longer side */
#define VS_RANDOM_VIEWS  8   /* random pictures */

/* NaN where a figure was not measured. */
typedef struct vs_measurements {
  double exc_style, exc_paper, exc_random_mean, exc_random_sd;
  double coverage, edge_density; /* shares of 1 */
  double gram_style;
  int gram_tap; /* of gram_style and sketch; -1: none */
  float sketch[VS_SKETCH];
} vs_measurements;

vs_measurements vs_measurements_blank(void);

/* --- references ------------------------------------------------------------------------------- */

/* exc_paper and exc_random_*, with `view` (H,W,3) as scratch. */
void vs_measurements_of_references(vs_measurements *portrait, vs_objective *objective, float *view,
                                   int height, int width);

/* Evaluations of the objective, without gradient, that these take. */
#define VS_PORTRAIT_EVALUATIONS (1 + VS_RANDOM_VIEWS)

/* --- the Gram matrix outside the loss --------------------------------------------------------- */

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

/* The net of the probe, for as long as it is looked through. NULL while the arena measures, or for
 * a probe that measures nothing. */
vs_net *vs_gram_probe_net(const vs_gram_probe *probe, const vs_weights *weights,
                          vs_conv_algorithm algorithm, int threads, vs_arena *arena);

/* Takes the style picture's matrix; then gram_style, gram_tap and sketch of a picture (height,
 * width, 3). Do nothing for a probe that measures nothing. */
void vs_gram_probe_set_style(vs_gram_probe *probe, vs_net *net, const float *style_rgb);
void vs_gram_probe_measure(vs_gram_probe *probe, vs_net *net, const float *rgb,
                           vs_measurements *portrait);

/* The sketch of a symmetric matrix (n,n). */
void vs_gram_probe_sketch(const float *gram, int n, float sketch[VS_SKETCH]);

#endif
