/* vgg16.h - the layer table of VGG16's convolutional part (Simonyan & Zisserman, arXiv:1409.1556,
 * configuration D): 13 convolutions of 3x3, each with a ReLU, and 5 max-pools.
 *
 * A *tap* is a place where an activation is read: before a ReLU ("conv4_3"), after it ("relu4_3")
 * or after a pool ("pool4"). Taps are numbered 0..30 in order of depth; the number is also the
 * layer's index in torchvision's `features`, so convolution weights are "features.<tap>.weight". */
#ifndef VS_CORE_VGG_VGG16_H
#define VS_CORE_VGG_VGG16_H

#include <stddef.h>

#define VS_VGG_TAPS  31
#define VS_VGG_CONVS 13
#define VS_TAP_NAME  8 /* "conv4_3" and its zero */

typedef enum vs_tap_kind { VS_TAP_CONV, VS_TAP_RELU, VS_TAP_POOL } vs_tap_kind;

typedef struct vs_tap_info {
  char name[VS_TAP_NAME];
  vs_tap_kind kind;
  int conv;      /* the convolution at or last before this tap, 0..12 */
  int channels;  /* of the activation here */
  int downscale; /* the activation is (H / downscale, W / downscale), rounded down at each pool */
} vs_tap_info;

/* The table, one entry per tap. tap in 0..VS_VGG_TAPS-1. */
const vs_tap_info *vs_vgg16_tap(int tap);

/* Number of the tap with this name, or -1. */
int vs_vgg16_find_tap(const char *name);

/* The tap of convolution 0..12 (before its ReLU), e.g. 0 -> 0 (conv1_1), 12 -> 28 (conv5_3). */
int vs_vgg16_tap_of_conv(int conv);

/* Input channels of convolution 0..12; its output channels are those of its tap. */
int vs_vgg16_in_channels(int conv);

/* Height (or width) of the activation at `tap` for an image side of `side`; 0: nothing is left. */
int vs_vgg16_side_at(int tap, int side);

/* Image sides that the net takes: 32 keeps at least one position after pool5. */
#define VS_VGG_MIN_SIDE 32
#define VS_VGG_MAX_SIDE 1024

#endif
