/* weights_family.c - how pictures are prepared for the weights of each family, and its names. */
#include <assert.h>
#include <string.h>

#include "core/vgg/weights.h"
#include "core/vgg/weights_readers.h"

typedef struct family_info {
  vs_family family;
  const char *name;
  bool is_bgr;
  double unit;                  /* what white is in the units of mean and deviation: 1 or 255 */
  double mean[3], deviation[3]; /* in the network's order of channels */
} family_info;

/* Caffe's numbers are means of its training pictures in BGR; Keras took them over with the weights.
 * amdegroot's are the same means as RGB / 255, its deviation 1/255 brings the range back to 255. */
static const family_info families[] = {
    {VS_FAMILY_TORCHVISION, "torchvision", false, 1.0, {.485, .456, .406}, {.229, .224, .225}},
    {VS_FAMILY_KERAS, "keras", true, 255.0, {103.939, 116.779, 123.68}, {1.0, 1.0, 1.0}},
    {VS_FAMILY_CAFFE, "caffe", true, 255.0, {103.939, 116.779, 123.68}, {1.0, 1.0, 1.0}},
    {VS_FAMILY_AMDEGROOT,
     "amdegroot",
     false,
     1.0,
     {.48235, .45882, .40784},
     {1.0 / 255.0, 1.0 / 255.0, 1.0 / 255.0}},
};
enum { FAMILIES = sizeof families / sizeof families[0] };

static const family_info *find(vs_family family) {
  for (size_t i = 0; i < FAMILIES; i++)
    if (families[i].family == family) return &families[i];
  return NULL;
}

const char *vs_weights_family_name(vs_family family) {
  const family_info *info = find(family);
  return info != NULL ? info->name : "unknown";
}

vs_family vs_weights_family_find(const char *name) {
  for (size_t i = 0; i < FAMILIES; i++)
    if (strcmp(families[i].name, name) == 0) return families[i].family;
  return VS_FAMILY_UNKNOWN;
}

vs_family vs_weights_family_of_description(const char *text) {
  static const char torchvision[] = "RGB in 0..1, mean 0.485 0.456 0.406, std 0.229 0.224 0.225";
  return strcmp(text, torchvision) == 0 ? VS_FAMILY_TORCHVISION : vs_weights_family_find(text);
}

vs_preprocess vs_weights_family_preprocess(vs_family family) {
  const family_info *info = find(family);
  assert(info != NULL);
  vs_preprocess result;
  for (int c = 0; c < 3; c++) {
    result.source[c] = info->is_bgr ? 2 - c : c;
    result.scale[c] = (float)(info->unit / info->deviation[c]);
    result.offset[c] = (float)(-info->mean[c] / info->deviation[c]);
  }
  return result;
}
