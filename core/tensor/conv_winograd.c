#include "core/tensor/conv_winograd.h"

#include <unistd.h>

#include "core/tensor/panel_kernel.h"
#include "core/tensor/panel_product.h"

/* Tiles of a block are whole groups of the product's kernel. At least so many that a panel of
 * weights on its way from memory is used 56 times; more while the transforms of a block, on their
 * way from one pass to the next, stay in a core's L2. A result does not depend on it: with sgemm it
 * could, and there the block is always the least. */
enum {
  LEAST_TILES = 4 * VS_PANEL_GROUP,
  MOST_TILES = 8 * VS_PANEL_GROUP,
  TILES_AT_ONCE = VS_PANEL_GROUP / 2, /* shared out among threads */
  LANES = VS_WINOGRAD_LANES
};

/* 1 MB where the C library does not know. */
static size_t l2_bytes(void) {
  const long known = sysconf(_SC_LEVEL2_CACHE_SIZE);
  return known > 0 ? (size_t)known : (size_t)1 << 20;
}

bool vs_conv_winograd_serves(int channels, int outputs) {
  return channels % 32 == 0 && outputs % 32 == 0;
}

void vs_conv_winograd_pack(float *u, const float *w, int channels, int outputs, size_t c_stride,
                           size_t k_stride, bool turned) {
  const vs_panel_kernel kernel = vs_panel_choose();
  const size_t point_floats = (size_t)channels * (size_t)outputs;
  double g[9][LANES], points[VS_WINOGRAD_POINTS][LANES];
  for (int k = 0; k < outputs; k += LANES) {
    for (int c = 0; c < channels; c++) {
      const float *plain = w + (size_t)c * c_stride + (size_t)k * k_stride;
      for (size_t lane = 0; lane < LANES; lane++)
        for (int i = 0; i < 9; i++)
          g[i][lane] = (double)plain[lane * k_stride + (size_t)(turned ? 8 - i : i)];
      vs_winograd_kernels(g, points);
      float *to = u + vs_panel_place(kernel, channels, outputs, c, k);
      for (size_t p = 0; p < VS_WINOGRAD_POINTS; p++)
        for (size_t lane = 0; lane < LANES; lane++)
          to[p * point_floats + lane] = (float)points[p][lane];
    }
  }
}

static int block_tiles(const vs_winograd_image *image, int outputs) {
  const size_t tile_bytes =
      VS_WINOGRAD_POINTS * ((size_t)image->channels + (size_t)outputs) * sizeof(float);
  int block = LEAST_TILES;
  if (vs_panel_choose() != VS_PANEL_SGEMM)
    while (block < MOST_TILES && (size_t)(block + VS_PANEL_GROUP) * tile_bytes <= l2_bytes())
      block += VS_PANEL_GROUP;
  const int tiles = image->tiles_down * image->tiles_across;
  return tiles < block ? tiles : block;
}

size_t vs_conv_winograd_floats(int channels, int outputs, int height, int width) {
  const vs_winograd_image image = vs_winograd_cut(height, width, channels);
  const int block = block_tiles(&image, outputs);
  return vs_panel_input_floats(vs_panel_choose(), block, channels) +
         vs_panel_output_floats(block, outputs);
}

void vs_conv_winograd_run(const vs_conv_winograd *conv, const vs_winograd_source *source,
                          const vs_winograd_sink *sink, int threads, float *scratch) {
  const vs_panel_kernel kernel = vs_panel_choose();
  const vs_winograd_image from = vs_winograd_cut(conv->height, conv->width, conv->channels);
  const vs_winograd_image to = vs_winograd_cut(conv->height, conv->width, conv->outputs);
  const int tiles = from.tiles_down * from.tiles_across, block = block_tiles(&from, conv->outputs);
  const int tasks = vs_panel_task_count(kernel, conv->outputs);
  const vs_winograd_layout v_layout = vs_panel_input_layout(kernel, block, conv->channels);
  const vs_winograd_layout m_layout = vs_panel_output_layout(block, conv->outputs);
  float *v = scratch, *m = scratch + vs_panel_input_floats(kernel, block, conv->channels);
#pragma omp parallel num_threads(threads)
  for (int first = 0; first < tiles; first += block) {
    const int count = tiles - first < block ? tiles - first : block;
#pragma omp for schedule(static)
    for (int t = 0; t < count; t += TILES_AT_ONCE)
      vs_winograd_input(&from, source, first + t,
                        count - t < TILES_AT_ONCE ? count - t : TILES_AT_ONCE, t, &v_layout, v);
#pragma omp for schedule(static)
    for (int task = 0; task < tasks; task++)
      vs_panel_multiply(kernel, task, count, conv->channels, conv->outputs, v, &v_layout, conv->u,
                        m, &m_layout);
#pragma omp for schedule(static)
    for (int t = 0; t < count; t += TILES_AT_ONCE)
      vs_winograd_output(&to, m, &m_layout, t, first + t,
                         count - t < TILES_AT_ONCE ? count - t : TILES_AT_ONCE, sink);
  }
}
