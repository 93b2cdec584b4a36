#include "core/tensor/conv_gemm.h"

#include <omp.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/blas.h"

/* --- im2col ----------------------------------------------------------------------------------- */

/* A block's patches: about 4 MB, so that they stay near the core while sgemm reads them, yet enough
 * rows that sgemm's packing of the matrix (once per block) is small beside the product. */
static const int block_floats = 1 << 20;
static const int least_positions = 256;

static int block_positions(int channels, int height, int width) {
  int positions = block_floats / (9 * channels);
  if (positions < least_positions) positions = least_positions;
  return positions < height * width ? positions : height * width;
}

size_t vs_conv_im2col_floats(int channels, int height, int width, int threads) {
  return 9 * (size_t)channels * (size_t)block_positions(channels, height, width) * (size_t)threads;
}

/* Row u of the 3x3 patch around (i, j): 3 pixels that are neighbours in memory, zero off the image.
 */
static void copy_patch_row(const vs_conv_product *product, const float *in, int i, int j,
                           float *patch) {
  const size_t pixel = (size_t)product->channels;
  if (i < 0 || i >= product->height) {
    memset(patch, 0, 3 * pixel * sizeof *patch);
    return;
  }
  const int from = j > 0 ? j - 1 : 0;
  const int to = j + 1 < product->width ? j + 1 : product->width - 1;
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
  for (size_t p = 0; p < count; p++, out += outputs)
    for (size_t n = 0; n < outputs; n++) out[n] += bias[n];
}

void vs_conv_im2col(const vs_conv_product *product, const float *in, float *out, int threads,
                    float *scratch) {
  const int positions = product->height * product->width;
  const int block = block_positions(product->channels, product->height, product->width);
  const int depth = 9 * product->channels;
  const size_t outputs = (size_t)product->outputs;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int first = 0; first < positions; first += block) {
    const int count = positions - first < block ? positions - first : block;
    float *patches = scratch + (size_t)omp_get_thread_num() * (size_t)block * (size_t)depth;
    float *to = out + (size_t)first * outputs;
    gather_patches(product, in, first, count, patches);
    vs_sgemm(count, product->outputs, depth, patches, depth, product->matrix, product->outputs,
             0.0f, to, product->outputs);
    if (product->bias != NULL) add_bias(to, (size_t)count, product->bias, outputs);
  }
}

/* --- shift-add -------------------------------------------------------------------------------- */

enum { SHIFT_BLOCK = 1024 }; /* positions of one sgemm */

size_t vs_conv_shift_add_floats(int outputs, int height, int width) {
  return 9 * (size_t)outputs * (size_t)height * (size_t)width;
}

/* Adds the up to nine results that fall on output (i, j). */
static void gather_shifted(const vs_conv_product *product, const float *shifted, int i, int j,
                           float *out) {
  const size_t width = (size_t)product->width, row = 9 * (size_t)product->outputs;
  for (int n = 0; n < product->outputs; n++) out[n] = 0.0f;
  for (int u = 0; u < 3; u++) {
    const int y = product->turned ? i - u + 1 : i + u - 1;
    if (y < 0 || y >= product->height) continue;
    for (int v = 0; v < 3; v++) {
      const int x = product->turned ? j - v + 1 : j + v - 1;
      if (x < 0 || x >= product->width) continue;
      const float *from = shifted + ((size_t)y * width + (size_t)x) * row + (size_t)(3 * u + v);
      for (int n = 0; n < product->outputs; n++) out[n] += from[9 * n];
    }
  }
}

void vs_conv_shift_add(const vs_conv_product *product, const float *in, float *out, int threads,
                       float *scratch) {
  const int positions = product->height * product->width, row = 9 * product->outputs;
  const size_t outputs = (size_t)product->outputs;
#pragma omp parallel num_threads(threads)
  {
#pragma omp for schedule(static)
    for (int first = 0; first < positions; first += SHIFT_BLOCK) {
      const int count = positions - first < SHIFT_BLOCK ? positions - first : SHIFT_BLOCK;
      vs_sgemm(count, row, product->channels, in + (size_t)first * (size_t)product->channels,
               product->channels, product->matrix, row, 0.0f, scratch + (size_t)first * (size_t)row,
               row);
    }
#pragma omp for schedule(static)
    for (int i = 0; i < product->height; i++) {
      float *line = out + (size_t)i * (size_t)product->width * outputs;
      for (int j = 0; j < product->width; j++)
        gather_shifted(product, scratch, i, j, line + (size_t)j * outputs);
      if (product->bias != NULL) add_bias(line, (size_t)product->width, product->bias, outputs);
    }
  }
}
