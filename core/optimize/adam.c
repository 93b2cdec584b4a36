/* adam.c - one update of all numbers with one learning rate. */
#include "core/optimize/adam.h"

#include <assert.h>
#include <math.h>

void vs_adam_step(const vs_adam_options *options, int step, size_t count, const float *gradient,
                  float *first, float *second, float *theta) {
  assert(step >= 1);
  float keep1 = (float)options->beta1, take1 = (float)(1.0 - options->beta1);
  float keep2 = (float)options->beta2, take2 = (float)(1.0 - options->beta2);
  /* Both moments start at 0 and are too small by 1 - beta^step. */
  float rate = (float)(options->learning_rate / (1.0 - pow(options->beta1, step)));
  float root = (float)sqrt(1.0 - pow(options->beta2, step));
  float epsilon = (float)options->epsilon;
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = keep1 * first[i] + take1 * g;
    float v = keep2 * second[i] + take2 * (g * g);
    first[i] = m;
    second[i] = v;
    theta[i] -= rate * (m / (sqrtf(v) / root + epsilon));
  }
}
