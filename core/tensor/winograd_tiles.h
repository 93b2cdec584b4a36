/* winograd_tiles.h - the transforms of tiles behind winograd.h, once for each kind of processor.
 *
 * winograd_tiles.c is compiled several times, with the vectors of AVX-512, of AVX2 and of the
 * baseline (CMakeLists.txt), and winograd.c chooses at run time. All versions do the same
 * operations on each channel in the same order, none of them contracted: the same bits. */
#ifndef VS_CORE_TENSOR_WINOGRAD_TILES_H
#define VS_CORE_TENSOR_WINOGRAD_TILES_H

#include "core/tensor/winograd.h"

typedef struct vs_winograd_tiles {
  void (*input)(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                int count, int to, const vs_winograd_layout *layout, float *out);
  void (*output)(const vs_winograd_image *image, const float *m, const vs_winograd_layout *layout,
                 int from, int first, int count, const vs_winograd_sink *sink);
} vs_winograd_tiles;

extern const vs_winograd_tiles vs_winograd_tiles_baseline;
extern const vs_winograd_tiles vs_winograd_tiles_avx2, vs_winograd_tiles_avx512; /* x86-64 alone */

#endif
