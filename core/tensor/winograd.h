/* winograd.h - the transforms of Winograd's minimal filtering F(4x4, 3x3): 16 outputs of a 3x3
 * correlation from 36 products instead of 144 (Lavin & Gray, arXiv:1509.09308).
 *
 *   Y = A' [ (G g G') . (B' d B) ] A      d a 6x6 tile of the input, g the kernel, Y 4x4 outputs
 *
 * on the points 0, +-a, +-b and infinity with a = sqrt(1/2), b = sqrt(2). They cost half the error
 * of the common 0, +-1, +-2 in single precision, and a b = 1 makes many coefficients equal. With
 * M(x) = x (x^2 - a^2) (x^2 - b^2): row i of B' holds the coefficients of M / (x - point i), of A
 * the powers of point i, of G the same powers over the product of its distances to the other
 * points.
 *
 * Tiles overlap by 2: tile (r, s) reads rows 4r-1 .. 4r+4 and writes rows 4r .. 4r+3; what lies
 * outside the image is read as 0 and not written. 2x2 pooling windows never straddle tiles, so a
 * pool can be part of the output's transform, and its gradient of the input's, and a tile's gates
 * are one word (gates.h). Tensors are (H,W,C); channel counts are multiples of 16, which lie
 * together. */
#ifndef VS_CORE_TENSOR_WINOGRAD_H
#define VS_CORE_TENSOR_WINOGRAD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/tensor/epilogue.h"

#define VS_WINOGRAD_TILE   4  /* outputs of a tile along a side */
#define VS_WINOGRAD_POINTS 36 /* products of a tile, numbered 6 i + j */
#define VS_WINOGRAD_LANES  16 /* channels that lie together: channel counts are multiples */

/* G g G' of 16 kernels at once, in double: g[3 v + w][lane] row by row, u[point][lane]. */
void vs_winograd_kernels(const double g[9][VS_WINOGRAD_LANES],
                         double u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES]);

/* An image cut into tiles. */
typedef struct vs_winograd_image {
  int height, width, channels;
  int tiles_down, tiles_across;
} vs_winograd_image;
vs_winograd_image vs_winograd_cut(int height, int width, int channels);

/* Where the transform of tile t of a block lies, for 16 channels from c on:
 *
 *   out + point * point_stride + (t / group) * group_stride + c * channel_stride
 *       + (t % group) * tile_stride
 *
 * so that a product reads it in its own order (panel.h). */
typedef struct vs_winograd_layout {
  int group; /* tiles that lie together */
  size_t point_stride, group_stride, channel_stride, tile_stride;
} vs_winograd_layout;

/* Where the tiles of an input come from: plain values x (H,W,C), gates NULL; or the gradient of an
 * epilogue (epilogue.h), given by that of its result, x (H,W,C) or pooled (H/2,W/2,C), and the
 * gates. */
typedef struct vs_winograd_source {
  const float *x;
  const vs_gates *gates;
  bool pooled;
} vs_winograd_source;

/* B' d B of `count` tiles from number `first` on, all channels. `out` receives transforms at block
 * positions to, to+1, ... */
void vs_winograd_input(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                       int count, int to, const vs_winograd_layout *layout, float *out);

/* Where results go: y and the gates of epilogue(z + bias). bias (K) or NULL; gates are NULL without
 * an epilogue. */
typedef struct vs_winograd_sink {
  float *y;
  vs_gates *gates;
  const float *bias;
  vs_epilogue epilogue;
} vs_winograd_sink;

/* z = A' m A of `count` tiles through the epilogue to their places; m is laid out as above. */
void vs_winograd_output(const vs_winograd_image *image, const float *m,
                        const vs_winograd_layout *layout, int from, int first, int count,
                        const vs_winograd_sink *sink);

#endif
