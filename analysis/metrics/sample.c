/* Mean, standard deviation and confidence interval, updated value by value. */
#include "analysis/metrics/sample.h"

#include <assert.h>
#include <math.h>

void vs_sample_add(vs_sample *sample, double figure) {
  double difference = figure - sample->mean;
  sample->count++;
  sample->mean += difference / (double)sample->count;
  sample->squares += difference * (figure - sample->mean);
}

double vs_sample_sd(const vs_sample *sample) {
  return sample->count < 2 ? NAN : sqrt(sample->squares / (double)(sample->count - 1));
}

double vs_sample_half_width(const vs_sample *sample) {
  if (sample->count < 2) return NAN;
  return vs_sample_t975(sample->count - 1) * vs_sample_sd(sample) / sqrt((double)sample->count);
}

/* From 6 degrees on the expansion about the normal quantile (Abramowitz & Stegun 26.7.5) is exact
 * enough. */
double vs_sample_t975(size_t freedom) {
  static const double few[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706};
  assert(freedom >= 1);
  if (freedom <= sizeof few / sizeof few[0]) return few[freedom - 1];
  const double z = 1.959964, n = (double)freedom;
  const double z2 = z * z;
  const double g1 = z * (z2 + 1.0) / 4.0;
  const double g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
  const double g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
  const double g4 =
      z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
  return z + (g1 + (g2 + (g3 + g4 / n) / n) / n) / n;
}
