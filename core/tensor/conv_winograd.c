/* conv_winograd.c - tiles cut into blocks that stay in L2, each transformed, multiplied (panel.c)
 * and transformed back by one thread or by all of them. */
#include "core/tensor/conv_winograd.h"

#include <omp.h>
#include <unistd.h>

#include "core/tensor/panel.h"
#include "core/tensor/panel_kernel.h"

/* Tiles of a block are whole groups of the product's kernel. At least so many that a panel of
 * weights on its way from memory is used 56 times; more while the transforms of a block, on their
 * way from one pass to the next, stay in a core's L2. A result does not depend on it: with sgemm it
 * could, and there the block is always the minimum. */
enum { MIN_TILES = 4 * VS_PANEL_GROUP, MAX_TILES = 8 * VS_PANEL_GROUP, LANES = VS_WINOGRAD_LANES };

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

/* The maximum of tiles in a block. */
static int max_tiles(const vs_winograd_image *image, int outputs) {
  const size_t tile_bytes =
      VS_WINOGRAD_POINTS * ((size_t)image->channels + (size_t)outputs) * sizeof(float);
  int max = MIN_TILES;
  if (vs_panel_choose() != VS_PANEL_SGEMM)
    while (max < MAX_TILES && (size_t)(max + VS_PANEL_GROUP) * tile_bytes <= l2_bytes())
      max += VS_PANEL_GROUP;
  return max;
}

/* How an image's tiles are cut into blocks. */
typedef struct tile_cut {
  int tiles, unit, units; /* whole units of tiles go into a block */
  int blocks, block;      /* their number; tiles of the largest */
  bool own; /* threads share out whole blocks, each with scratch of its own, if there are enough of
               them for that to be even; else all work on each, which costs them three barriers */
} tile_cut;

static int ceiling(int count, int size) {
  return (count + size - 1) / size;
}

/* Blocks are as even as whole groups allow, and each thread gets as many; with sgemm they are all
 * full but the last, whatever the threads. */
static tile_cut cut_tiles(const vs_winograd_image *image, int outputs, int threads) {
  const bool is_sgemm = vs_panel_choose() == VS_PANEL_SGEMM;
  const int max = max_tiles(image, outputs);
  tile_cut cut = {.tiles = image->tiles_down * image->tiles_across,
                  .unit = is_sgemm ? max : VS_PANEL_GROUP};
  cut.units = ceiling(cut.tiles, cut.unit);
  cut.blocks = ceiling(cut.units * cut.unit, max);
  cut.own = cut.blocks >= 2 * threads;
  if (cut.own && !is_sgemm) cut.blocks = ceiling(cut.blocks, threads) * threads;
  cut.block = ceiling(cut.units, cut.blocks) * cut.unit;
  if (cut.block > cut.tiles) cut.block = cut.tiles;
  return cut;
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
  tile_cut cut;
} winograd_job;

size_t vs_conv_winograd_floats(int channels, int outputs, int height, int width, int threads) {
  const vs_winograd_image image = vs_winograd_cut(height, width, channels);
  const tile_cut cut = cut_tiles(&image, outputs, threads);
  return (vs_panel_input_floats(vs_panel_choose(), cut.block, channels) +
          vs_panel_output_floats(cut.block, outputs)) *
         (cut.own ? (size_t)threads : 1);
}

/* Where member `member` of `members` begins in `count` pieces of work. */
static int share(int count, int member, int members) {
  return (int)((long long)count * member / members);
}

/* Waits for the others of a team that works on one block. */
static void wait_for_team(int members) {
  if (members == 1) return;
#pragma omp barrier
}

/* A member's part of block number `index`; v and m are the team's. */
static void convolve_block(const winograd_job *job, int index, int member, int members, float *v,
                           float *m) {
  const tile_cut *cut = &job->cut;
  const int first = cut->unit * share(cut->units, index, cut->blocks);
  const int next = cut->unit * share(cut->units, index + 1, cut->blocks);
  const int count = (next < cut->tiles ? next : cut->tiles) - first;
  const int tasks = vs_panel_task_count(job->kernel, job->conv->outputs);
  const int begin = share(count, member, members), end = share(count, member + 1, members);
  vs_winograd_input(&job->from, job->source, first + begin, end - begin, begin, &job->v_layout, v);
  wait_for_team(members);
  for (int t = share(tasks, member, members); t < share(tasks, member + 1, members); t++)
    vs_panel_multiply(job->kernel, t, count, job->conv->channels, job->conv->outputs, v,
                      &job->v_layout, job->conv->u, m, &job->m_layout);
  wait_for_team(members);
  vs_winograd_output(&job->to, m, &job->m_layout, begin, first + begin, end - begin, job->sink);
  wait_for_team(members);
}

void vs_conv_winograd_run(const vs_conv_winograd *conv, const vs_winograd_source *source,
                          const vs_winograd_sink *sink, int threads, float *scratch) {
  winograd_job job = {.conv = conv,
                      .source = source,
                      .sink = sink,
                      .kernel = vs_panel_choose(),
                      .from = vs_winograd_cut(conv->height, conv->width, conv->channels),
                      .to = vs_winograd_cut(conv->height, conv->width, conv->outputs)};
  job.cut = cut_tiles(&job.from, conv->outputs, threads);
  const int blocks = job.cut.blocks, block = job.cut.block;
  const bool own = job.cut.own;
  job.v_layout = vs_panel_input_layout(job.kernel, block, conv->channels);
  job.m_layout = vs_panel_output_layout(block, conv->outputs);
  const size_t v_floats = vs_panel_input_floats(job.kernel, block, conv->channels);
  const size_t floats = v_floats + vs_panel_output_floats(block, conv->outputs);
#pragma omp parallel num_threads(threads)
  {
    const int member = omp_get_thread_num(), members = omp_get_num_threads();
    float *v = own ? scratch + (size_t)member * floats : scratch;
    const int end = own ? share(blocks, member + 1, members) : blocks;
    for (int b = own ? share(blocks, member, members) : 0; b < end; b++)
      convolve_block(&job, b, own ? 0 : member, own ? 1 : members, v, v + v_floats);
  }
}
