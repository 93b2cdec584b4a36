/* resize.h - resampling to another size, antialiased when it shrinks.
 *
 * Separable triangle filter as in Pillow's BILINEAR: with scale = in / out, output sample i looks
 * at the input around (i + 1/2) * scale - 1/2, max(scale, 1) to either side, weights cut at the
 * border and normalized to sum 1. Works on encoded values, as Pillow and torchvision do. */
#ifndef VS_CORE_IMAGE_RESIZE_H
#define VS_CORE_IMAGE_RESIZE_H

#include "core/base/status.h"

/* in (height, width, 3) -> out (out_height, out_width, 3). All sides at least 1; equal sizes copy.
 * No overlap. VS_ERR_MEMORY for the weights and the intermediate picture. */
vs_status vs_resize(const float *in, int height, int width, float *out, int out_height,
                    int out_width);

#endif
