/* winograd.c - the transform of kernels in double, and the choice among the versions of
 * winograd_tiles.c. */
#include "core/tensor/winograd.h"

#include "core/base/multiversion.h"
#include "core/base/simd.h"

enum { SIDE = 6, TILE = VS_WINOGRAD_TILE, LANES = VS_WINOGRAD_LANES };

#define A 0.70710678118654752440 /* sqrt(1/2) */
#define B 1.41421356237309504880 /* sqrt(2) */

/* --- kernels ---------------------------------------------------------------------------------- */

/* G: row i is (1, p, p^2) / prod (p - other points); infinity takes the last coefficient. */
static const double kernel_rows[SIDE][3] = {
    {1.0, 0.0, 0.0},
    {-1.0 / 1.5, -A / 1.5, -0.5 / 1.5},
    {-1.0 / 1.5, A / 1.5, -0.5 / 1.5},
    {1.0 / 6.0, B / 6.0, 2.0 / 6.0},
    {1.0 / 6.0, -B / 6.0, 2.0 / 6.0},
    {0.0, 0.0, 1.0},
};

/* G applied along one side: from three numbers to six, a lane each. */
static inline __attribute__((always_inline)) void
transform_kernel(const double *g0, const double *g1, const double *g2, double (*out)[LANES],
                 int stride) {
  for (int i = 0; i < SIDE; i++)
    for (int lane = 0; lane < LANES; lane++)
      out[i * stride][lane] = kernel_rows[i][0] * g0[lane] + kernel_rows[i][1] * g1[lane] +
                              kernel_rows[i][2] * g2[lane];
}

VS_MULTIVERSION
static void transform_kernels(const double g[9][VS_WINOGRAD_LANES],
                              double u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES]) {
  double half[SIDE * 3][LANES]; /* [3 i + w]: column w transformed */
  for (int w = 0; w < 3; w++) transform_kernel(g[w], g[3 + w], g[6 + w], &half[w], 3);
  for (int i = 0; i < SIDE; i++)
    transform_kernel(half[3 * i], half[3 * i + 1], half[3 * i + 2], &u[SIDE * i], 1);
}

void vs_winograd_kernels(const double g[9][VS_WINOGRAD_LANES],
                         double u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES]) {
  transform_kernels(g, u);
}

/* --- tiles ------------------------------------------------------------------------------------ */

vs_winograd_image vs_winograd_cut(int height, int width, int channels) {
  return (vs_winograd_image){.height = height,
                             .width = width,
                             .channels = channels,
                             .tiles_down = (height + TILE - 1) / TILE,
                             .tiles_across = (width + TILE - 1) / TILE};
}

static const vs_winograd_tiles *tiles(void) {
#if defined(__x86_64__)
  if (vs_simd_level() == VS_SIMD_AVX512) return &vs_winograd_tiles_avx512;
  if (vs_simd_level() == VS_SIMD_AVX2) return &vs_winograd_tiles_avx2;
#endif
  return &vs_winograd_tiles_baseline;
}

void vs_winograd_input(const vs_winograd_image *image, const vs_winograd_source *source, int first,
                       int count, int to, const vs_winograd_layout *layout, float *out) {
  tiles()->input(image, source, first, count, to, layout, out);
}

void vs_winograd_output(const vs_winograd_image *image, const float *m,
                        const vs_winograd_layout *layout, int from, int first, int count,
                        const vs_winograd_sink *sink) {
  tiles()->output(image, m, layout, from, first, count, sink);
}
