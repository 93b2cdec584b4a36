#include "core/tensor/conv_winograd.h"

#include <omp.h>
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

/* --- running ---------------------------------------------------------------------------------- */

/* What stays the same from block to block. */
typedef struct winograd_job {
  const vs_conv_winograd *conv;
  const vs_winograd_source *source;
  const vs_winograd_sink *sink;
  vs_panel_kernel kernel;
  vs_winograd_image from, to;
  vs_winograd_layout v_layout, m_layout;
  int tiles, block; /* of the image, of a block */
} winograd_job;

/* Blocks are shared out whole, each thread with scratch of its own, if there are enough of them for
 * that to be even; else all threads work on each, which costs them three meetings. */
static bool shares_blocks(int tiles, int block, int threads) {
  return (tiles + block - 1) / block >= 2 * threads;
}

size_t vs_conv_winograd_floats(int channels, int outputs, int height, int width, int threads) {
  const vs_winograd_image image = vs_winograd_cut(height, width, channels);
  const int block = block_tiles(&image, outputs);
  const bool own = shares_blocks(image.tiles_down * image.tiles_across, block, threads);
  return (vs_panel_input_floats(vs_panel_choose(), block, channels) +
          vs_panel_output_floats(block, outputs)) *
         (own ? (size_t)threads : 1);
}

/* Where member `member` of `members` begins in `count` pieces of work. */
static int share(int count, int member, int members) {
  return (int)((long long)count * member / members);
}

/* Waits for the others of a team that works on one block. */
static void meet(int members) {
  if (members == 1) return;
#pragma omp barrier
}

/* A member's part of block number `index`; v and m are the team's. */
static void convolve_block(const winograd_job *job, int index, int member, int members, float *v,
                           float *m) {
  const int first = index * job->block;
  const int count = job->tiles - first < job->block ? job->tiles - first : job->block;
  const int tasks = vs_panel_task_count(job->kernel, job->conv->outputs);
  const int begin = share(count, member, members), end = share(count, member + 1, members);
  vs_winograd_input(&job->from, job->source, first + begin, end - begin, begin, &job->v_layout, v);
  meet(members);
  for (int t = share(tasks, member, members); t < share(tasks, member + 1, members); t++)
    vs_panel_multiply(job->kernel, t, count, job->conv->channels, job->conv->outputs, v,
                      &job->v_layout, job->conv->u, m, &job->m_layout);
  meet(members);
  vs_winograd_output(&job->to, m, &job->m_layout, begin, first + begin, end - begin, job->sink);
  meet(members);
}

void vs_conv_winograd_run(const vs_conv_winograd *conv, const vs_winograd_source *source,
                          const vs_winograd_sink *sink, int threads, float *scratch) {
  winograd_job job = {.conv = conv,
                      .source = source,
                      .sink = sink,
                      .kernel = vs_panel_choose(),
                      .from = vs_winograd_cut(conv->height, conv->width, conv->channels),
                      .to = vs_winograd_cut(conv->height, conv->width, conv->outputs)};
  job.tiles = job.from.tiles_down * job.from.tiles_across;
  job.block = block_tiles(&job.from, conv->outputs);
  job.v_layout = vs_panel_input_layout(job.kernel, job.block, conv->channels);
  job.m_layout = vs_panel_output_layout(job.block, conv->outputs);
  const int blocks = (job.tiles + job.block - 1) / job.block;
  const bool own = shares_blocks(job.tiles, job.block, threads);
  const size_t v_floats = vs_panel_input_floats(job.kernel, job.block, conv->channels);
  const size_t floats = v_floats + vs_panel_output_floats(job.block, conv->outputs);
#pragma omp parallel num_threads(threads)
  {
    const int member = omp_get_thread_num(), members = omp_get_num_threads();
    float *v = own ? scratch + (size_t)member * floats : scratch;
    for (int b = own ? member : 0; b < blocks; b += own ? members : 1)
      convolve_block(&job, b, own ? 0 : member, own ? 1 : members, v, v + v_floats);
  }
}
