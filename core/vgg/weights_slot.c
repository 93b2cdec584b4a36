/* weights_slot.c - the places of VGG16 that tensors belong to: which one a key of torch or Keras
 * names, and the shape that it must have. Behind weights_readers.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/vgg/weights_readers.h"

/* --- names ------------------------------------------------------------------------------------ */

static int conv_of_index(int index) {
  bool is_conv = index < VS_VGG_TAPS && vs_vgg16_tap(index)->kind == VS_TAP_CONV;
  return is_conv ? vs_vgg16_tap(index)->conv : -1;
}

/* Why `features.<index>` cannot be part of VGG16. */
static vs_status refuse_features(int index, const char *name) {
  static const int vgg19_only[] = {16, 23, 25,
                                   30, 32, 34}; /* its convolutions where VGG16 has none */
  for (size_t i = 0; i < sizeof vgg19_only / sizeof vgg19_only[0]; i++)
    if (index == vgg19_only[i])
      return vs_fail(VS_ERR_FORMAT, "has a tensor %s: this is VGG19, VGG16 is needed", name);
  return vs_fail(VS_ERR_FORMAT, "has a tensor %s, which VGG16 has not: this is another network",
                 name);
}

static bool ends_with(const char *text, size_t length, const char *ending) {
  size_t n = strlen(ending);
  return length >= n && memcmp(text + length - n, ending, n) == 0;
}

static bool starts_with(const char *text, size_t length, const char *start) {
  size_t n = strlen(start);
  return length >= n && memcmp(text, start, n) == 0;
}

vs_status vs_weights_slot_of_torch_name(vs_weights_slot *slot, const char *name, size_t length) {
  *slot = (vs_weights_slot){.conv = -1};
  char shown[80];
  vs_weights_raw_printable(shown, sizeof shown, name, length);
  if (starts_with(name, length, "module.")) { /* DataParallel puts it before every key */
    name += strlen("module.");
    length -= strlen("module.");
  }
  if (!starts_with(name, length, "features.")) return VS_OK;
  size_t at = strlen("features.");
  int index = 0;
  size_t digits = at;
  for (; at < length && name[at] >= '0' && name[at] <= '9' && index < 1000; at++)
    index = 10 * index + (name[at] - '0');
  if (at == digits || at == length || name[at] != '.') return VS_OK;
  const char *rest = name + at;
  size_t rest_length = length - at;
  /* A network with batch normalization has convolution, normalization, ReLU; 1 is its first. */
  if (index == 1 || ends_with(rest, rest_length, ".running_mean") ||
      ends_with(rest, rest_length, ".running_var"))
    return vs_fail(
        VS_ERR_FORMAT,
        "has a tensor %s: this is a VGG with batch normalization (vgg16_bn), plain VGG16 "
        "is needed",
        shown);
  bool is_weight = rest_length == strlen(".weight") && ends_with(rest, rest_length, ".weight");
  bool is_bias = rest_length == strlen(".bias") && ends_with(rest, rest_length, ".bias");
  if (!is_weight && !is_bias) return VS_OK;
  if (conv_of_index(index) < 0) return refuse_features(index, shown);
  *slot = (vs_weights_slot){.conv = conv_of_index(index), .is_bias = is_bias};
  return VS_OK;
}

void vs_weights_slot_torch_name(vs_weights_slot slot, char name[VS_SLOT_NAME]) {
  snprintf(name, VS_SLOT_NAME, "features.%d.%s", vs_vgg16_tap_of_conv(slot.conv),
           slot.is_bias ? "bias" : "weight");
}

vs_status vs_weights_slot_of_keras_name(vs_weights_slot *slot, const char *name) {
  *slot = (vs_weights_slot){.conv = -1};
  /* "block3_conv2" is our tap "conv3_2" */
  if (strlen(name) != strlen("block0_conv0") || !starts_with(name, strlen(name), "block") ||
      memcmp(name + 6, "_conv", 5) != 0)
    return VS_OK;
  char tap_name[VS_TAP_NAME];
  snprintf(tap_name, sizeof tap_name, "conv%c_%c", name[5], name[11]);
  int tap = vs_vgg16_find_tap(tap_name);
  if (tap >= 0) {
    slot->conv = vs_vgg16_tap(tap)->conv;
    return VS_OK;
  }
  if (name[11] == '4')
    return vs_fail(VS_ERR_FORMAT, "has a layer %s: this is VGG19, VGG16 is needed", name);
  return VS_OK;
}

/* --- shapes ----------------------------------------------------------------------------------- */

static int out_channels(vs_weights_slot slot) {
  return vs_vgg16_tap(vs_vgg16_tap_of_conv(slot.conv))->channels;
}

size_t vs_weights_slot_count(vs_weights_slot slot) {
  size_t k = (size_t)out_channels(slot);
  return slot.is_bias ? k : k * (size_t)vs_vgg16_in_channels(slot.conv) * 9;
}

/* "(64,3,3,3)"; of a very long shape only the beginning. */
static void print_shape(char *out, size_t size, const int64_t *shape, size_t rank) {
  size_t used = 0;
  for (size_t d = 0; d < rank && used + 24 < size; d++) {
    int wrote = snprintf(out + used, size - used, "%s%" PRId64, d == 0 ? "(" : ",", shape[d]);
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  snprintf(out + used, size - used, rank == 0 ? "()" : ")");
}

/* The shape that a tensor must have, and its number of axes. */
static size_t shape_of(vs_weights_slot slot, int64_t shape[4]) {
  shape[0] = out_channels(slot);
  shape[1] = vs_vgg16_in_channels(slot.conv);
  shape[2] = shape[3] = 3;
  return slot.is_bias ? 1 : 4;
}

bool vs_weights_slot_has_shape(vs_weights_slot slot, const int64_t *shape, size_t rank) {
  int64_t wanted[4];
  bool same = rank == shape_of(slot, wanted);
  for (size_t d = 0; same && d < rank; d++) same = shape[d] == wanted[d];
  return same;
}

vs_status vs_weights_slot_check_shape(vs_weights_slot slot, const int64_t *shape, size_t rank) {
  if (vs_weights_slot_has_shape(slot, shape, rank)) return VS_OK;
  int64_t wanted[4];
  size_t wanted_rank = shape_of(slot, wanted);
  char name[VS_SLOT_NAME], is[128], should[64];
  vs_weights_slot_torch_name(slot, name);
  print_shape(is, sizeof is, shape, rank);
  print_shape(should, sizeof should, wanted, wanted_rank);
  return vs_fail(VS_ERR_FORMAT, "%s has shape %s, in VGG16 it is %s", name, is, should);
}
