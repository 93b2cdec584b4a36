/* weights_readers.h - between weights.c and the readers of the single formats; nobody else includes
 * it.
 *
 * A reader fills plain arrays in one layout and checks everything that depends on its format:
 * damaged headers, sizes, offsets, types. What is common to all (finite values, completeness, VGG19
 * and batch normalization by their key names) weights.c and vs_raw_* check. */
#ifndef VS_CORE_VGG_WEIGHTS_READERS_H
#define VS_CORE_VGG_WEIGHTS_READERS_H

#include <stdbool.h>

#include "core/vgg/weights.h"

typedef struct vs_raw_weights {
  float *kernel[VS_VGG_CONVS]; /* (K,C,3,3), owned; NULL where not read yet or beyond last_conv */
  float *bias[VS_VGG_CONVS];   /* (K), owned */
  int last_conv;
  vs_family family; /* as the file itself tells it, else VS_FAMILY_UNKNOWN */
} vs_raw_weights;

void vs_raw_weights_clear(vs_raw_weights *raw);

/* One per format. `path` is for messages and for opening; the content was already sniffed. */
vs_status vs_read_safetensors(const char *path, vs_raw_weights *raw);
vs_status vs_read_torch_zip(const char *path, vs_raw_weights *raw);
vs_status vs_read_torch_legacy(const char *path, vs_raw_weights *raw);
vs_status vs_read_keras(const char *path, vs_raw_weights *raw, bool *is_keras3);

#endif
