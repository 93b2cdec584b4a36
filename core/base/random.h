/* random.h - counter-based random numbers: the same key and index give the same number, anywhere.
 *
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). There is
 * no state to carry, save or share: a number is a function of (stream, purpose, step, index).
 * All lambdas of a group have one stream, so that they start from one image and see the same
 * transforms, whichever rank computes them, in whatever order, interrupted or not. */
#ifndef VS_CORE_BASE_RANDOM_H
#define VS_CORE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* What a number is for; two purposes never share numbers. Values are part of every stored result:
 * add at the end, never renumber. */
typedef enum vs_random_purpose {
  VS_RANDOM_INIT = 1,      /* the start image */
  VS_RANDOM_TRANSFORM = 2, /* jitter, scale, rotate of a step */
  VS_RANDOM_SAMPLE = 3,    /* channels drawn by {sample: n} */
  VS_RANDOM_MONDRIAN = 4,  /* the builtin style image */
  VS_RANDOM_TEST = 5,
  VS_RANDOM_PICTURE = 6, /* pictures that a channel is compared with */
  VS_RANDOM_SKETCH = 7,  /* the projection of Gram matrices */
  VS_RANDOM_STROKES = 8, /* how copies of strokes lie in the tiles of a larger canvas */
  VS_RANDOM_PALETTE = 9  /* where k-means starts */
} vs_random_purpose;

typedef struct vs_random_key {
  uint64_t stream;
  uint32_t purpose;
  uint32_t step;
} vs_random_key;

vs_random_key vs_random_make_key(uint64_t stream, vs_random_purpose purpose, uint32_t step);

/* The index-th number of a key. Bits: uniform over 0 .. 2^32-1. Uniform: the open interval (0, 1),
 * 24 bits, exact in float. Normal: mean 0, standard deviation 1 (Box-Muller, in double). */
uint32_t vs_random_bits(vs_random_key key, uint64_t index);
float vs_random_uniform(vs_random_key key, uint64_t index);
float vs_random_normal(vs_random_key key, uint64_t index);

/* out[i] = scale * normal(key, i) for i < count. */
void vs_random_fill_normal(vs_random_key key, float scale, float *out, size_t count);

#endif
