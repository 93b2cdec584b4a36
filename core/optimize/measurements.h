/* measurements.h - what a finished picture is like, measured once by the run itself, so that nobody
 * who ranks runs has to read pictures.
 *
 * - References of the excitation, which say what a figure is worth: exc_loss of the whole style
 *   picture, of blank white paper, and of random pictures (core/image/random_field.h), whose mean
 *   and standard deviation make a z-score. All at the size of the run's view; and the same before
 *   the ReLU, where channels do not sleep, so that a z-score is known of each.
 * - A reference of the style: style_dist of the style picture itself as runs are seen, mean over
 *   the fixed views. Its crops, and what a padded view shows around the whole, keep it above 0;
 *   pictures of that style come hardly nearer.
 * - Coverage, mean ink, white paper and edge density of the final picture (core/image/ink.h,
 *   edges.h).
 * - Its Gram matrix at a tap that the loss does not see, as a distance to the style picture's and
 *   as a sketch (gram_probe.h). */
#ifndef VS_CORE_OPTIMIZE_MEASUREMENTS_H
#define VS_CORE_OPTIMIZE_MEASUREMENTS_H

#include "core/image/picture.h"
#include "core/objective/objective.h"

#define VS_SKETCH       64 /* numbers */
#define VS_RANDOM_VIEWS 8  /* random pictures */

/* NaN where a figure was not measured. */
typedef struct vs_measurements {
  double exc_style, exc_paper, exc_random_mean, exc_random_sd;
  double style_floor;
  double pre_eval, pre_paper, pre_random_mean, pre_random_sd; /* before the ReLU */
  double coverage, edge_density, ink, paper;                  /* shares of 1 */
  double gram_style;
  int gram_tap; /* of gram_style and sketch; -1: none */
  float sketch[VS_SKETCH];
} vs_measurements;

vs_measurements vs_measurements_blank(void);

/* exc_paper, exc_random_* and pre_*, with `view` (H,W,3) as scratch. */
void vs_measurements_of_references(vs_measurements *measurements, vs_objective *objective,
                                   float *view, int height, int width);

/* Evaluations of the objective, without gradient, that these take. */
#define VS_MEASUREMENTS_EVALUATIONS (1 + VS_RANDOM_VIEWS)

#endif
