/* contrast.c - standardizing and the sigmoid, with both sums of its gradient. */
#include "core/param/contrast.h"

#include <assert.h>
#include <math.h>

/* Of a picture without any contrast: far below what a start has. */
static const double least_sd = 1e-6;

static float squash(float t) {
  return 1.0f / (1.0f + expf(-t));
}

/* Standard deviation of sigmoid(c z), z normal: the trapezoid rule. */
static double image_sd(double c) {
  enum { MIDDLE = 160, POINTS = 2 * MIDDLE + 1 }; /* z from -8 to 8 */
  double sum = 0.0, weights = 0.0;
  for (int i = 0; i < POINTS; i++) {
    const double z = (i - MIDDLE) / 20.0, weight = exp(-0.5 * z * z);
    const double from_grey = 1.0 / (1.0 + exp(-c * z)) - 0.5;
    sum += weight * from_grey * from_grey;
    weights += weight;
  }
  return sqrt(sum / weights);
}

/* The c for this. */
static double logit_sd_for(double sd) {
  double low = 0.0, high = 32.0; /* of .48 */
  for (int i = 0; i < 60; i++) {
    const double c = 0.5 * (low + high);
    if (image_sd(c) < sd)
      low = c;
    else
      high = c;
  }
  return high;
}

vs_contrast vs_contrast_plan(double sd, size_t count, vs_arena *arena) {
  assert(sd >= 0.0 && sd <= VS_CONTRAST_MAX);
  vs_contrast made = {.count = count};
  if (sd == 0.0) return made;
  made.z = vs_arena_floats(arena, count);
  made.logit_sd = logit_sd_for(sd);
  return made;
}

static void standardize(vs_contrast *self, float *values) {
  const double count = (double)self->count;
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < self->count; i++) sum += (double)values[i];
  const double mean = sum / count;
  for (size_t i = 0; i < self->count; i++)
    squares += ((double)values[i] - mean) * ((double)values[i] - mean);
  const double sd = sqrt(squares / count + least_sd * least_sd);
  self->slope = self->logit_sd / sd;
  for (size_t i = 0; i < self->count; i++) {
    const double z = ((double)values[i] - mean) / sd;
    self->z[i] = (float)z;
    values[i] = (float)(mean + self->logit_sd * z);
  }
}

void vs_contrast_apply(vs_contrast *self, float *values) {
  if (self->z != NULL) standardize(self, values);
  for (size_t i = 0; i < self->count; i++) values[i] = squash(values[i]);
}

/* With g the gradient by the numbers in the sigmoid and k = c / s,
 * dt = mean(g) + k (g - mean(g) - z mean(g z)). */
static void backward_through_statistics(const vs_contrast *self, float *dt) {
  const double count = (double)self->count;
  double sum = 0.0, along = 0.0;
  for (size_t i = 0; i < self->count; i++) {
    sum += (double)dt[i];
    along += (double)dt[i] * (double)self->z[i];
  }
  const double mean = sum / count, mean_along = along / count;
  for (size_t i = 0; i < self->count; i++)
    dt[i] = (float)(mean + self->slope * ((double)dt[i] - mean - (double)self->z[i] * mean_along));
}

void vs_contrast_backward(const vs_contrast *self, const float *image, const float *dimage,
                          float *dt) {
  for (size_t i = 0; i < self->count; i++) dt[i] = dimage[i] * (image[i] * (1.0f - image[i]));
  if (self->z != NULL) backward_through_statistics(self, dt);
}
