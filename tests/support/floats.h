/* floats.h - arrays of float32 that tests make and compare. */
#ifndef VS_TESTS_SUPPORT_FLOATS_H
#define VS_TESTS_SUPPORT_FLOATS_H

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "tests/support/unit.h"

/* `count` normal numbers, others for every `step`; freed by the caller. */
static inline float *random_floats(size_t count, uint32_t step) {
  float *values = malloc(count * sizeof *values);
  assert_non_null(values);
  vs_random_fill_normal(vs_random_make_key(1, VS_RANDOM_TEST, step), 1.0f, values, count);
  return values;
}

static inline double dot(const float *a, const float *b, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

/* |a - b| / |b|, Euclidean. */
static inline double relative_distance(const float *a, const float *b, size_t count) {
  double difference = 0.0;
  for (size_t i = 0; i < count; i++) {
    double d = (double)a[i] - (double)b[i];
    difference += d * d;
  }
  return sqrt(difference / dot(b, b, count));
}

#endif
