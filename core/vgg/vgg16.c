/* vgg16.c - the table itself; all else of the program that depends on VGG16 asks it. */
#include "core/vgg/vgg16.h"

#include <assert.h>
#include <string.h>

static const vs_tap_info taps[VS_VGG_TAPS] = {
    {"conv1_1", VS_TAP_CONV, 0, 64, 1},    {"relu1_1", VS_TAP_RELU, 0, 64, 1},
    {"conv1_2", VS_TAP_CONV, 1, 64, 1},    {"relu1_2", VS_TAP_RELU, 1, 64, 1},
    {"pool1", VS_TAP_POOL, 1, 64, 2},      {"conv2_1", VS_TAP_CONV, 2, 128, 2},
    {"relu2_1", VS_TAP_RELU, 2, 128, 2},   {"conv2_2", VS_TAP_CONV, 3, 128, 2},
    {"relu2_2", VS_TAP_RELU, 3, 128, 2},   {"pool2", VS_TAP_POOL, 3, 128, 4},
    {"conv3_1", VS_TAP_CONV, 4, 256, 4},   {"relu3_1", VS_TAP_RELU, 4, 256, 4},
    {"conv3_2", VS_TAP_CONV, 5, 256, 4},   {"relu3_2", VS_TAP_RELU, 5, 256, 4},
    {"conv3_3", VS_TAP_CONV, 6, 256, 4},   {"relu3_3", VS_TAP_RELU, 6, 256, 4},
    {"pool3", VS_TAP_POOL, 6, 256, 8},     {"conv4_1", VS_TAP_CONV, 7, 512, 8},
    {"relu4_1", VS_TAP_RELU, 7, 512, 8},   {"conv4_2", VS_TAP_CONV, 8, 512, 8},
    {"relu4_2", VS_TAP_RELU, 8, 512, 8},   {"conv4_3", VS_TAP_CONV, 9, 512, 8},
    {"relu4_3", VS_TAP_RELU, 9, 512, 8},   {"pool4", VS_TAP_POOL, 9, 512, 16},
    {"conv5_1", VS_TAP_CONV, 10, 512, 16}, {"relu5_1", VS_TAP_RELU, 10, 512, 16},
    {"conv5_2", VS_TAP_CONV, 11, 512, 16}, {"relu5_2", VS_TAP_RELU, 11, 512, 16},
    {"conv5_3", VS_TAP_CONV, 12, 512, 16}, {"relu5_3", VS_TAP_RELU, 12, 512, 16},
    {"pool5", VS_TAP_POOL, 12, 512, 32},
};

const vs_tap_info *vs_vgg16_tap(int tap) {
  assert(tap >= 0 && tap < VS_VGG_TAPS);
  return &taps[tap];
}

int vs_vgg16_find_tap(const char *name) {
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (strcmp(taps[tap].name, name) == 0) return tap;
  return -1;
}

int vs_vgg16_tap_of_conv(int conv) {
  assert(conv >= 0 && conv < VS_VGG_CONVS);
  int tap = 0;
  while (taps[tap].conv != conv) tap++;
  return tap;
}

int vs_vgg16_in_channels(int conv) {
  return conv == 0 ? 3 : taps[vs_vgg16_tap_of_conv(conv) - 1].channels;
}

int vs_vgg16_side_at(int tap, int side) {
  return side / vs_vgg16_tap(tap)->downscale; /* halving and rounding down commute */
}
