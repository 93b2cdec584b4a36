#include <omp.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/blas.h"
#include "core/tensor/conv_kernels.h"

/* A block's patches: about 4 MB, so that they stay near the core while sgemm reads them, yet enough
 * rows that sgemm's packing of the matrix (once per block) is small beside the product. */
static const int block_floats = 1 << 20;
static const int least_positions = 256;

int vs_conv_gemm_block(int channels, int height, int width) {
  int positions = block_floats / (9 * channels);
  if (positions < least_positions) positions = least_positions;
  return positions < height * width ? positions : height * width;
}

size_t vs_conv_gemm_block_floats(int channels, int height, int width) {
  return 9 * (size_t)channels * (size_t)vs_conv_gemm_block(channels, height, width);
}

/* Row u of the 3x3 patch around (i, j): 3 pixels that are neighbours in memory, zero off the image.
 */
static void copy_patch_row(const vs_conv_product *product, const float *in, int i, int j,
                           float *patch) {
  const size_t pixel = (size_t)product->channels;
  const bool row_inside = i >= 0 && i < product->height;
  const int from = j > 0 ? j - 1 : 0;
  const int to = j + 1 < product->width ? j + 1 : product->width - 1;
  if (!row_inside) {
    memset(patch, 0, 3 * pixel * sizeof *patch);
    return;
  }
  if (j == 0) memset(patch, 0, pixel * sizeof *patch);
  if (j + 1 == product->width) memset(patch + 2 * pixel, 0, pixel * sizeof *patch);
  memcpy(patch + (size_t)(from - j + 1) * pixel,
         in + ((size_t)i * (size_t)product->width + (size_t)from) * pixel,
         (size_t)(to - from + 1) * pixel * sizeof *patch);
}

static void gather_patches(const vs_conv_product *product, const float *in, int first, int count,
                           float *patches) {
  const size_t row = 3 * (size_t)product->channels;
  for (int p = first; p < first + count; p++) {
    const int i = p / product->width, j = p % product->width;
    for (int u = 0; u < 3; u++, patches += row) copy_patch_row(product, in, i + u - 1, j, patches);
  }
}

VS_MULTIVERSION
static void add_bias(float *out, size_t count, const float *bias, size_t outputs) {
  for (size_t p = 0; p < count; p++)
    for (size_t n = 0; n < outputs; n++) out[p * outputs + n] += bias[n];
}

void vs_conv_gemm(const vs_conv_product *product, const float *in, float *out, int threads,
                  float *scratch) {
  const int positions = product->height * product->width;
  const int block = vs_conv_gemm_block(product->channels, product->height, product->width);
  const size_t block_size =
      vs_conv_gemm_block_floats(product->channels, product->height, product->width);
  const int depth = 9 * product->channels;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int first = 0; first < positions; first += block) {
    const int count = positions - first < block ? positions - first : block;
    float *patches = scratch + (size_t)omp_get_thread_num() * block_size;
    float *to = out + (size_t)first * (size_t)product->outputs;
    gather_patches(product, in, first, count, patches);
    vs_sgemm(count, product->outputs, depth, patches, depth, product->matrix, product->stride, 0.0f,
             to, product->outputs);
    if (product->bias != NULL) add_bias(to, (size_t)count, product->bias, (size_t)product->outputs);
  }
}
