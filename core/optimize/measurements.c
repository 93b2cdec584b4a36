/* measurements.c - the references of the excitation; run.c measures the picture itself, with
 * gram_probe.c. */
#include "core/optimize/measurements.h"

#include <math.h>

#include "core/base/random.h"
#include "core/image/random_field.h"

vs_measurements vs_measurements_blank(void) {
  vs_measurements measurements = {.exc_style = NAN,
                                  .exc_paper = NAN,
                                  .exc_random_mean = NAN,
                                  .exc_random_sd = NAN,
                                  .style_floor = NAN,
                                  .pre_eval = NAN,
                                  .pre_paper = NAN,
                                  .pre_random_mean = NAN,
                                  .pre_random_sd = NAN,
                                  .coverage = NAN,
                                  .edge_density = NAN,
                                  .ink = NAN,
                                  .paper = NAN,
                                  .gram_style = NAN,
                                  .gram_tap = -1};
  for (int i = 0; i < VS_SKETCH; i++) measurements.sketch[i] = NAN;
  return measurements;
}

/* --- references ------------------------------------------------------------------------------- */

static void mean_and_sd(const double exc[VS_RANDOM_VIEWS], double *mean, double *sd) {
  double squares = 0.0;
  *mean = 0.0;
  for (int i = 0; i < VS_RANDOM_VIEWS; i++) *mean += exc[i] / VS_RANDOM_VIEWS;
  for (int i = 0; i < VS_RANDOM_VIEWS; i++) squares += (exc[i] - *mean) * (exc[i] - *mean);
  *sd = sqrt(squares / (VS_RANDOM_VIEWS - 1));
}

void vs_measurements_of_references(vs_measurements *measurements, vs_objective *objective,
                                   float *view, int height, int width) {
  const vs_balance balance = {.excitation = 1.0};
  const size_t count = 3 * (size_t)height * (size_t)width;
  for (size_t i = 0; i < count; i++) view[i] = 1.0f;
  vs_losses losses = vs_objective_evaluate(objective, view, &balance, NULL);
  measurements->exc_paper = losses.exc_loss;
  measurements->pre_paper = losses.exc_pre;

  double exc[VS_RANDOM_VIEWS], pre[VS_RANDOM_VIEWS];
  for (uint32_t i = 0; i < VS_RANDOM_VIEWS; i++) {
    vs_random_field_draw(vs_random_make_key(0, VS_RANDOM_PICTURE, i), view, height, width);
    losses = vs_objective_evaluate(objective, view, &balance, NULL);
    exc[i] = losses.exc_loss;
    pre[i] = losses.exc_pre;
  }
  mean_and_sd(exc, &measurements->exc_random_mean, &measurements->exc_random_sd);
  mean_and_sd(pre, &measurements->pre_random_mean, &measurements->pre_random_sd);
}
