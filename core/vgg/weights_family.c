/* weights_family.c - how pictures are prepared for the weights of each family, and its names. */
#include <assert.h>
#include <string.h>

#include "core/base/words.h"
#include "core/vgg/weights.h"
#include "core/vgg/weights_readers.h"

const char *const vs_weights_family_words[] = {
    [VS_FAMILY_UNKNOWN] = "recognize",   [VS_FAMILY_TORCHVISION] = "torchvision",
    [VS_FAMILY_KERAS] = "keras",         [VS_FAMILY_CAFFE] = "caffe",
    [VS_FAMILY_AMDEGROOT] = "amdegroot", NULL};

typedef struct family_info {
  bool is_bgr;
  double unit;                  /* what white is in the units of mean and deviation: 1 or 255 */
  double mean[3], deviation[3]; /* in the network's order of channels */
} family_info;

/* Caffe's numbers are means of its training pictures in BGR; Keras took them over with the weights.
 * amdegroot's are the same means as RGB / 255, its deviation 1/255 brings the range back to 255. */
static const family_info families[] = {
    [VS_FAMILY_TORCHVISION] = {false, 1.0, {.485, .456, .406}, {.229, .224, .225}},
    [VS_FAMILY_KERAS] = {true, 255.0, {103.939, 116.779, 123.68}, {1.0, 1.0, 1.0}},
    [VS_FAMILY_CAFFE] = {true, 255.0, {103.939, 116.779, 123.68}, {1.0, 1.0, 1.0}},
    [VS_FAMILY_AMDEGROOT] = {false,
                             1.0,
                             {.48235, .45882, .40784},
                             {1.0 / 255.0, 1.0 / 255.0, 1.0 / 255.0}},
};

const char *vs_weights_family_name(vs_family family) {
  return family == VS_FAMILY_UNKNOWN ? "unknown" : vs_weights_family_words[family];
}

vs_family vs_weights_family_find(const char *name) {
  const int found = vs_words_find(vs_weights_family_words, name);
  return found < 0 ? VS_FAMILY_UNKNOWN : (vs_family)found;
}

vs_family vs_weights_family_of_description(const char *text) {
  static const char torchvision[] = "RGB in 0..1, mean 0.485 0.456 0.406, std 0.229 0.224 0.225";
  return strcmp(text, torchvision) == 0 ? VS_FAMILY_TORCHVISION : vs_weights_family_find(text);
}

vs_preprocess vs_weights_family_preprocess(vs_family family) {
  assert(family != VS_FAMILY_UNKNOWN);
  const family_info *info = &families[family];
  vs_preprocess result;
  for (int c = 0; c < 3; c++) {
    result.source[c] = info->is_bgr ? 2 - c : c;
    result.scale[c] = (float)(info->unit / info->deviation[c]);
    result.offset[c] = (float)(-info->mean[c] / info->deviation[c]);
  }
  return result;
}
