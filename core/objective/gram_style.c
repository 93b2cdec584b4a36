#include "core/objective/gram_style.h"

#include <math.h>

#include "core/tensor/blas.h"

static const double epsilon_share = 1e-6; /* of the style's own norm: see gram_style.h */

void vs_gram(const vs_activation *activation, float *gram) {
  const int channels = activation->channels;
  const int positions = activation->height * activation->width;
  const double scale = 1.0 / ((double)channels * positions);
  vs_ssyrk_upper(channels, positions, (float)scale, activation->values, channels, gram);
  for (int i = 0; i < channels; i++)
    for (int j = 0; j < i; j++) gram[i * channels + j] = gram[j * channels + i];
}

static double squared_norm(const float *matrix, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += (double)matrix[i] * (double)matrix[i];
  return sum;
}

double vs_gram_style(const vs_activation *activation, const float *gram, const float *target,
                     vs_style_norm norm, double weight, float *difference, float *product,
                     float *dactivation) {
  const int channels = activation->channels;
  const int positions = activation->height * activation->width;
  const size_t entries = (size_t)channels * (size_t)channels;
  for (size_t i = 0; i < entries; i++) difference[i] = gram[i] - target[i];
  const double n2 = squared_norm(difference, entries);

  double distance = 0.0, by_difference = 0.0; /* d distance / d gram = by_difference * difference */
  switch (norm) {
  case VS_STYLE_FROBENIUS: {
    const double epsilon2 = epsilon_share * epsilon_share * squared_norm(target, entries);
    distance = sqrt(n2 + epsilon2);
    by_difference = distance > 0.0 ? 1.0 / distance : 0.0;
    break;
  }
  case VS_STYLE_GATYS:
    distance = n2 / 4.0;
    by_difference = 0.5;
    break;
  case VS_STYLE_MSE:
    distance = n2 / (double)entries;
    by_difference = 2.0 / (double)entries;
    break;
  }
  if (weight == 0.0) return distance;

  /* gram = A' A / (C H W) with A (HW,C), and the difference is symmetric */
  const double scale = weight * by_difference * 2.0 / ((double)channels * positions);
  vs_ssymm_right(positions, channels, (float)scale, activation->values, difference, product);
  const size_t count = (size_t)positions * (size_t)channels;
  for (size_t i = 0; i < count; i++) dactivation[i] += product[i];
  return distance;
}
