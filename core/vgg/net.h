/* net.h - VGG16 cut off at the deepest tap in use: forward, and backward to the image.
 *
 * A net is planned for one image size and a set of taps. One cycle is:
 *
 *   vs_net_forward(net, image)                 activations at the taps
 *   vs_net_gradient(net, tap)[...] += ...      anyone adds d loss / d activation
 *   vs_net_backward(net, dimage)               d loss / d image
 *
 * Images are (H,W,3) RGB in 0..1; the family's preprocessing and its derivative happen inside, so
 * style image and optimized image are treated alike by construction. With `only_channel` the
 * deepest convolution computes that one channel, forward and backward. */
#ifndef VS_CORE_VGG_NET_H
#define VS_CORE_VGG_NET_H

#include <stdbool.h>

#include "core/base/arena.h"
#include "core/vgg/weights.h"

typedef struct vs_net vs_net;

typedef struct vs_net_options {
  int height, width;      /* of the image, VS_VGG_MIN_SIDE .. VS_VGG_MAX_SIDE */
  bool taps[VS_VGG_TAPS]; /* which activations are read or receive gradients; at least one */
  int only_channel;       /* of the deepest convolution, or VS_CONV_ALL_CHANNELS */
  vs_conv_algorithm algorithm;
  int threads; /* at least 1 */
} vs_net_options;

typedef struct vs_activation {
  int height, width, channels; /* channels is 1 where only_channel applies */
  const float *values;         /* (height, width, channels), valid until the next forward */
} vs_activation;

/* Plans a net; everything it needs, the struct too, comes from the arena and goes with it. Returns
 * NULL while the arena measures; `weights` may be NULL then. Options are checked by assertions:
 * configuration is checked where the user wrote it. `weights` outlives the net. */
vs_net *vs_net_new(const vs_net_options *options, const vs_weights *weights, vs_arena *arena);

/* Runs the image (H,W,3) through the net and zeroes all gradient buffers. */
void vs_net_forward(vs_net *net, const float *image);

/* The activation at a tap that was asked for. */
vs_activation vs_net_activation(const vs_net *net, int tap);

/* Where to add d loss / d activation for that tap; same shape, zeroed by vs_net_forward. */
float *vs_net_gradient(vs_net *net, int tap);

/* dimage (H,W,3) = gradient of the loss whose derivatives were added at the taps. Overwrites
 * dimage. Once per forward: it uses the gradient buffers up. */
void vs_net_backward(vs_net *net, float *dimage);

#endif
