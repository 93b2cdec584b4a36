/* portrait.h - what a finished picture is like, measured once, so that nobody who ranks runs has to
 * read pictures.
 *
 * - References of the excitation, which say what a figure is worth: exc_loss of the style picture
 *   (its mean over the fixed views, as exc_eval is), of blank white paper, and of random pictures
 *   (core/image/random_field.h), whose mean and standard deviation make a z-score.
 * - Coverage and edge density of the final picture (core/image/ink.h, edges.h).
 * - Its Gram matrix G at a tap that the loss does not see (vs_portrait_tap): gram_style = |G - S| /
 *   |S| with S the style picture's and |.| the Frobenius norm. It tells collapse where style_dist,
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
 * G is taken of the whole picture, shrunk to at most VS_PORTRAIT_SIDE px: that keeps the net of
 * this small beside the objective's, and pictures of different sizes comparable. */
#ifndef VS_CORE_OPTIMIZE_PORTRAIT_H
#define VS_CORE_OPTIMIZE_PORTRAIT_H

#include "core/image/picture.h"
#include "core/objective/objective.h"

#define VS_SKETCH        64  /* numbers */
#define VS_PORTRAIT_SIDE 128 /* px, of the longer side */
#define VS_RANDOM_VIEWS  8   /* random pictures */

/* NaN where a figure was not measured. */
typedef struct vs_portrait {
  double exc_style, exc_paper, exc_random_mean, exc_random_sd;
  double coverage, edge_density; /* shares of 1 */
  double gram_style;
  int gram_tap; /* of gram_style and sketch; -1: none */
  float sketch[VS_SKETCH];
} vs_portrait;

vs_portrait vs_portrait_blank(void);

#endif
