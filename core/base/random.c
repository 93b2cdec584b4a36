/* random.c - Philox from Random123, which no other file includes, and normal numbers made of it. */
#include "core/base/random.h"

#include <math.h>

#ifdef __clang__
#pragma clang diagnostic ignored "-Wconversion"
#else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wextra"
#endif
#include <Random123/philox.h>
#ifndef __clang__
#pragma GCC diagnostic pop
#endif

static const double two_pi = 6.283185307179586;

vs_random_key vs_random_make_key(uint64_t stream, vs_random_purpose purpose, uint32_t step) {
  return (vs_random_key){.stream = stream, .purpose = (uint32_t)purpose, .step = step};
}

/* Four words at once; index i lives in word i % 4 of block i / 4. */
static philox4x32_ctr_t block_of(vs_random_key key, uint64_t block) {
  philox4x32_ctr_t counter = {{(uint32_t)block, (uint32_t)(block >> 32), key.step, key.purpose}};
  philox4x32_key_t words = {{(uint32_t)key.stream, (uint32_t)(key.stream >> 32)}};
  return philox4x32(counter, words);
}

static float to_uniform(uint32_t bits) {
  return ((float)(bits >> 9) + 0.5f) * 0x1p-23f;
}

/* Normals come in pairs of one block: words (0,1) give indices 0 and 1, words (2,3) 2 and 3. */
static float normal_in_block(const philox4x32_ctr_t *words, unsigned lane) {
  double u = to_uniform(words->v[lane & 2u]);
  double angle = two_pi * (double)to_uniform(words->v[(lane & 2u) + 1]);
  double radius = sqrt(-2.0 * log(u));
  return (float)(radius * ((lane & 1u) ? sin(angle) : cos(angle)));
}

uint32_t vs_random_bits(vs_random_key key, uint64_t index) {
  return block_of(key, index / 4).v[index % 4];
}

float vs_random_uniform(vs_random_key key, uint64_t index) {
  return to_uniform(vs_random_bits(key, index));
}

float vs_random_normal(vs_random_key key, uint64_t index) {
  philox4x32_ctr_t words = block_of(key, index / 4);
  return normal_in_block(&words, (unsigned)(index % 4));
}

void vs_random_fill_normal(vs_random_key key, float scale, float *out, size_t count) {
  for (size_t first = 0; first < count; first += 4) {
    philox4x32_ctr_t words = block_of(key, first / 4);
    for (unsigned lane = 0; lane < 4 && first + lane < count; lane++)
      out[first + lane] = scale * normal_in_block(&words, lane);
  }
}
