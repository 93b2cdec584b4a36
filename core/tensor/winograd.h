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

#include "core/tensor/winograd_tiles.h"

/* G g G' of 16 kernels at once, in double: g[3 v + w][lane] row by row, u[point][lane]. */
void vs_winograd_kernels(const double g[9][VS_WINOGRAD_LANES],
                         double u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES]);

/* The tiles of an image. */
vs_winograd_image vs_winograd_cut(int height, int width, int channels);

/* B' d B of `count` tiles from number `first` on, all channels. `out` receives transforms at block
 * positions to, to+1, ... */
void vs_winograd_input(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                       int count, int to, const vs_winograd_layout *layout, float *out);

/* z = A' m A of `count` tiles through the epilogue to their places; m lies as its layout says. */
void vs_winograd_output(const vs_winograd_image *image, const float *m,
                        const vs_winograd_layout *layout, int from, int first, int count,
                        const vs_winograd_sink *sink);

#endif
