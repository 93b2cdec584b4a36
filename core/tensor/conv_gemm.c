/* conv_gemm.c - the two ways by one product: patches gathered before it, or results shifted and
 * added after. */
#include "core/tensor/conv_gemm.h"

#include <omp.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/panel.h"

enum { DEPTH_STEP = 16, OUTPUT_STEP = 32 }; /* what a packed product takes */

static int padded(int count, int step) {
  return (count + step - 1) / step * step;
}

/* The tensor itself is the left side of shift-add's product, and cannot be padded. */
static vs_panel_kernel kernel_for(int depth) {
  return depth % DEPTH_STEP == 0 ? vs_panel_choose() : VS_PANEL_SGEMM;
}

static float kernel_value(const float *nine, int uv, bool turned) {
  return nine[turned ? 8 - uv : uv];
}

VS_MULTIVERSION
static void add_bias(float *out, size_t count, const float *bias, size_t outputs) {
  for (size_t p = 0; p < count; p++, out += outputs)
    for (size_t n = 0; n < outputs; n++) out[n] += bias[n];
}

/* --- im2col ----------------------------------------------------------------------------------- */

/* A patch is a row of nine pixels, and zeros. */
static int patch_floats(int channels) {
  return padded(9 * channels, DEPTH_STEP);
}

size_t vs_conv_gemm_im2col_matrix_floats(int channels, int outputs) {
  return (size_t)patch_floats(channels) * (size_t)padded(outputs, OUTPUT_STEP);
}

void vs_conv_gemm_im2col_pack(float *matrix, const float *w, int channels, int outputs,
                              size_t c_stride, size_t k_stride, bool turned) {
  const vs_panel_kernel kernel = vs_panel_choose();
  const int depth = patch_floats(channels), columns = padded(outputs, OUTPUT_STEP);
  memset(matrix, 0, vs_conv_gemm_im2col_matrix_floats(channels, outputs) * sizeof *matrix);
  for (int k = 0; k < outputs; k++)
    for (int c = 0; c < channels; c++)
      for (int uv = 0; uv < 9; uv++)
        matrix[vs_panel_place(kernel, depth, columns, uv * channels + c, k)] =
            kernel_value(w + (size_t)c * c_stride + (size_t)k * k_stride, uv, turned);
}

/* A block's patches: about 1 MB, so that they stay near the core while the product reads them. */
static const int block_floats = 1 << 18;
static const int min_positions = 224;

static int block_positions(int channels, int height, int width) {
  int positions = block_floats / patch_floats(channels);
  if (positions < min_positions) positions = min_positions;
  return positions < height * width ? positions : height * width;
}

/* Patches, and products where their padded rows are longer than those of `out`. */
static size_t thread_floats(int channels, int outputs, int height, int width) {
  const int row = outputs % OUTPUT_STEP == 0 ? 0 : padded(outputs, OUTPUT_STEP);
  return (size_t)block_positions(channels, height, width) * (size_t)(patch_floats(channels) + row);
}

size_t vs_conv_gemm_im2col_floats(int channels, int outputs, int height, int width, int threads) {
  return thread_floats(channels, outputs, height, width) * (size_t)threads;
}

/* Row u of the 3x3 patch around (i, j): 3 pixels that are neighbours in memory, zero off it. */
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
  const size_t row = 3 * (size_t)product->channels, patch = (size_t)patch_floats(product->channels);
  for (int p = first; p < first + count; p++, patches += patch) {
    const int i = p / product->width, j = p % product->width;
    for (int u = 0; u < 3; u++)
      copy_patch_row(product, in, i + u - 1, j, patches + (size_t)u * row);
    memset(patches + 3 * row, 0, (patch - 3 * row) * sizeof *patches);
  }
}

/* One block of positions; `scratch` is a thread's own. */
static void im2col_block(const vs_conv_product *product, const float *in, int first, int count,
                         float *out, float *scratch) {
  const int depth = patch_floats(product->channels);
  const int columns = padded(product->outputs, OUTPUT_STEP);
  const size_t outputs = (size_t)product->outputs;
  float *to = out + (size_t)first * outputs;
  gather_patches(product, in, first, count, scratch);
  float *rows = columns == product->outputs ? to : scratch + (size_t)count * (size_t)depth;
  vs_panel_rows(vs_panel_choose(), count, depth, columns, scratch, (size_t)depth, product->matrix,
                false, rows, (size_t)columns);
  if (rows != to)
    for (size_t p = 0; p < (size_t)count; p++)
      memcpy(to + p * outputs, rows + p * (size_t)columns, outputs * sizeof *to);
  if (product->bias != NULL) add_bias(to, (size_t)count, product->bias, outputs);
}

void vs_conv_gemm_im2col(const vs_conv_product *product, const float *in, float *out, int threads,
                         float *scratch) {
  const int positions = product->height * product->width;
  const int block = block_positions(product->channels, product->height, product->width);
  const size_t floats =
      thread_floats(product->channels, product->outputs, product->height, product->width);
#pragma omp parallel for num_threads(threads) schedule(static, 1) /* the last may be small */
  for (int first = 0; first < positions; first += block)
    im2col_block(product, in, first, positions - first < block ? positions - first : block, out,
                 scratch + (size_t)omp_get_thread_num() * floats);
}

/* --- shift-add -------------------------------------------------------------------------------- */

enum { SHIFT_BLOCK = 1024, QUAD = 4 }; /* positions of one product; outputs added at once */

typedef float quad __attribute__((vector_size(4 * QUAD)));
typedef float quad_in_memory __attribute__((vector_size(4 * QUAD), aligned(4), may_alias));

/* A position's products: column uv * outputs + n is what input (i, j) gives to output n at (i - u +
 * 1, j - v + 1). The padding leaves room for reading four columns from any of them on. */
static int shifted_columns(int outputs) {
  return padded(9 * outputs + QUAD - 1, OUTPUT_STEP);
}

size_t vs_conv_gemm_shift_add_matrix_floats(int channels, int outputs) {
  return (size_t)channels * (size_t)shifted_columns(outputs);
}

void vs_conv_gemm_shift_add_pack(float *matrix, const float *w, int channels, int outputs,
                                 size_t c_stride, size_t k_stride, bool turned) {
  const vs_panel_kernel kernel = kernel_for(channels);
  const int columns = shifted_columns(outputs);
  memset(matrix, 0, vs_conv_gemm_shift_add_matrix_floats(channels, outputs) * sizeof *matrix);
  for (int k = 0; k < outputs; k++)
    for (int c = 0; c < channels; c++)
      for (int uv = 0; uv < 9; uv++)
        matrix[vs_panel_place(kernel, channels, columns, c, uv * outputs + k)] =
            kernel_value(w + (size_t)c * c_stride + (size_t)k * k_stride, uv, turned);
}

size_t vs_conv_gemm_shift_add_floats(int outputs, int height, int width) {
  return (size_t)shifted_columns(outputs) * (size_t)height * (size_t)width;
}

/* Adds the up to nine products that fall on output (i, j). */
static void gather_shifted(const vs_conv_product *product, const float *shifted, int i, int j,
                           float *out) {
  const size_t width = (size_t)product->width, row = (size_t)shifted_columns(product->outputs);
  const int first_u = i == 0, end_u = i + 1 == product->height ? 2 : 3;
  const int first_v = j == 0, end_v = j + 1 == product->width ? 2 : 3;
  for (int n = 0; n < product->outputs; n += QUAD) {
    quad sum = {0};
    for (int u = first_u; u < end_u; u++)
      for (int v = first_v; v < end_v; v++) {
        const size_t pixel = (size_t)(i + u - 1) * width + (size_t)(j + v - 1);
        const size_t column = (size_t)(3 * u + v) * (size_t)product->outputs + (size_t)n;
        sum += *(const quad_in_memory *)(shifted + pixel * row + column);
      }
    for (int lane = 0; lane < QUAD && n + lane < product->outputs; lane++)
      out[n + lane] = sum[lane];
  }
}

void vs_conv_gemm_shift_add(const vs_conv_product *product, const float *in, float *out,
                            int threads, float *scratch) {
  const int positions = product->height * product->width;
  const int columns = shifted_columns(product->outputs);
  const size_t outputs = (size_t)product->outputs, channels = (size_t)product->channels;
#pragma omp parallel num_threads(threads)
  {
#pragma omp for schedule(static)
    for (int first = 0; first < positions; first += SHIFT_BLOCK)
      vs_panel_rows(kernel_for(product->channels),
                    positions - first < SHIFT_BLOCK ? positions - first : SHIFT_BLOCK,
                    product->channels, columns, in + (size_t)first * channels, channels,
                    product->matrix, false, scratch + (size_t)first * (size_t)columns,
                    (size_t)columns);
#pragma omp for schedule(static)
    for (int i = 0; i < product->height; i++) {
      float *line = out + (size_t)i * (size_t)product->width * outputs;
      for (int j = 0; j < product->width; j++)
        gather_shifted(product, scratch, i, j, line + (size_t)j * outputs);
      if (product->bias != NULL) add_bias(line, (size_t)product->width, product->bias, outputs);
    }
  }
}
