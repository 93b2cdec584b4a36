/* sample.h - the mean of a few figures, and how well they tell it.
 *
 *   mean -+ t * s / sqrt(n),  s^2 = sum (x - mean)^2 / (n - 1),  t: 97.5% of Student's t, n - 1
 *
 * holds the true mean of a normal distribution in 95% of all samples. Few seeds make it wide: of
 * two it is 12.7 standard errors to either side. */
#ifndef VS_ANALYSIS_METRICS_SAMPLE_H
#define VS_ANALYSIS_METRICS_SAMPLE_H

#include <stddef.h>

/* Sums up figures one by one (Welford's method). Start with {0}. */
typedef struct vs_sample {
  size_t count;
  double mean;
  double squares; /* sum of squared differences from the mean */
} vs_sample;

void vs_sample_add(vs_sample *sample, double figure);

/* Standard deviation of the population; NaN of less than two figures. */
double vs_sample_sd(const vs_sample *sample);

/* Half the width of the interval; NaN of less than two figures. */
double vs_sample_half_width(const vs_sample *sample);

/* The 97.5% quantile of Student's t with this many degrees of freedom, at least 1; right to 2e-4.
 */
double vs_sample_t975(size_t freedom);

#endif
