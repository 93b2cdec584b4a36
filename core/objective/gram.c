/* gram.c - Gram matrices by ssyrk over blocks of positions, and the gradient of their distance as
 * one product (panel.h). */
#include "core/objective/gram.h"

#include <math.h>

#include "core/tensor/blas.h"
#include "core/tensor/panel.h"

const char *const vs_gram_norm_words[] = {
    [VS_STYLE_FROBENIUS] = "frobenius", [VS_STYLE_GATYS] = "gatys", [VS_STYLE_MSE] = "mse", NULL};

static const double epsilon_share = 1e-6; /* of the style's own norm: see gram.h */

enum { MIN_POSITIONS = 1024, MAX_BLOCKS = 8 }; /* of a block of positions; of an activation */

static int block_count(int positions) {
  const int blocks = positions / MIN_POSITIONS;
  return blocks < 1 ? 1 : blocks < MAX_BLOCKS ? blocks : MAX_BLOCKS;
}

/* The first position of a block; that of block number block_count() is the end. */
static int block_begin(int positions, int block) {
  return (int)((long long)positions * block / block_count(positions));
}

size_t vs_gram_scratch_floats(int height, int width, int channels) {
  return (size_t)block_count(height * width) * (size_t)channels * (size_t)channels;
}

void vs_gram(const vs_activation *activation, int threads, float *scratch, float *gram) {
  const int channels = activation->channels;
  const int positions = activation->height * activation->width, blocks = block_count(positions);
  const size_t C = (size_t)channels, entries = C * C;
  const double scale = 1.0 / ((double)channels * positions);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int block = 0; block < blocks; block++) {
    const int begin = block_begin(positions, block), end = block_begin(positions, block + 1);
    vs_blas_ssyrk_upper(channels, end - begin, (float)scale, activation->values + (size_t)begin * C,
                        channels, scratch + (size_t)block * entries);
  }
  for (size_t i = 0; i < C; i++)
    for (size_t j = i; j < C; j++) {
      float sum = 0.0f;
      for (size_t block = 0; block < (size_t)blocks; block++)
        sum += scratch[block * entries + i * C + j];
      gram[i * C + j] = gram[j * C + i] = sum;
    }
}

/* Of `matrix` - `other`, or of `matrix` alone if that is NULL. */
static double squared_norm(const float *matrix, const float *other, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) {
    const double value = (double)matrix[i] - (other == NULL ? 0.0 : (double)other[i]);
    sum += value * value;
  }
  return sum;
}

/* dactivation += scale * activation (gram - target): gram = A' A / (C H W) with A (HW,C), and the
 * difference is symmetric. */
static void add_gradient(const vs_activation *activation, const float *gram, const float *target,
                         double scale, int threads, float *packed, float *dactivation) {
  const vs_panel_kernel kernel = vs_panel_choose();
  const int C = activation->channels, positions = activation->height * activation->width;
  for (int i = 0; i < C; i++)
    for (int j = 0; j < C; j++) {
      const double difference = (double)gram[i * C + j] - (double)target[i * C + j];
      packed[vs_panel_place(kernel, C, C, i, j)] = (float)(scale * difference);
    }
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int block = 0; block < block_count(positions); block++) {
    const int begin = block_begin(positions, block), end = block_begin(positions, block + 1);
    const size_t first = (size_t)begin * (size_t)C;
    vs_panel_rows(kernel, end - begin, C, C, activation->values + first, (size_t)C, packed, true,
                  dactivation + first, (size_t)C);
  }
}

double vs_gram_style(const vs_activation *activation, const float *gram, const float *target,
                     vs_style_norm norm, double weight, int threads, float *scratch,
                     float *dactivation) {
  const int channels = activation->channels;
  const int positions = activation->height * activation->width;
  const size_t entries = (size_t)channels * (size_t)channels;
  const double n2 = squared_norm(gram, target, entries);

  double distance = 0.0,
         by_difference = 0.0; /* d distance / d gram = by_difference * (gram - target) */
  switch (norm) {
  case VS_STYLE_FROBENIUS: {
    const double epsilon2 = epsilon_share * epsilon_share * squared_norm(target, NULL, entries);
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

  const double scale = weight * by_difference * 2.0 / ((double)channels * positions);
  add_gradient(activation, gram, target, scale, threads, scratch, dactivation);
  return distance;
}
