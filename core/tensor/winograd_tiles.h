/* winograd_tiles.h - the transforms of tiles behind winograd.h, once for each kind of processor,
 * and what they read and write.
 *
 * winograd_tiles.c is compiled several times, with the vectors of AVX-512, of AVX2 and of the
 * baseline (CMakeLists.txt), and winograd.c chooses at run time. All versions do the same
 * operations on each channel in the same order, none of them contracted: the same bits. */
#ifndef VS_CORE_TENSOR_WINOGRAD_TILES_H
#define VS_CORE_TENSOR_WINOGRAD_TILES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/tensor/epilogue.h"

#define VS_WINOGRAD_TILE   4  /* outputs of a tile along a side */
#define VS_WINOGRAD_POINTS 36 /* products of a tile, numbered 6 i + j */
#define VS_WINOGRAD_LANES  16 /* channels that lie together: channel counts are multiples */

/* An image cut into tiles. */
typedef struct vs_winograd_image {
  int height, width, channels;
  int tiles_down, tiles_across;
} vs_winograd_image;

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

/* Where results go: y and the gates of epilogue(z + bias). bias (K) or NULL; gates are NULL without
 * an epilogue. */
typedef struct vs_winograd_sink {
  float *y;
  vs_gates *gates;
  const float *bias;
  vs_epilogue epilogue;
} vs_winograd_sink;

/* vs_winograd_input and vs_winograd_output. */
typedef struct vs_winograd_tiles {
  void (*input)(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                int count, int to, const vs_winograd_layout *layout, float *out);
  void (*output)(const vs_winograd_image *image, const float *m, const vs_winograd_layout *layout,
                 int from, int first, int count, const vs_winograd_sink *sink);
} vs_winograd_tiles;

extern const vs_winograd_tiles vs_winograd_tiles_baseline;
extern const vs_winograd_tiles vs_winograd_tiles_avx2, vs_winograd_tiles_avx512; /* x86-64 alone */

#endif
