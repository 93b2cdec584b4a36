/* panel.c - where packed numbers lie for either kernel, and products cut into tasks for it: the
 * AVX-512 one (panel_kernel.c) or sgemm (blas.c). */
#include "core/tensor/panel.h"

#include "core/base/simd.h"
#include "core/tensor/blas.h"
#include "core/tensor/panel_kernel.h"

enum { GROUP = VS_PANEL_GROUP, WIDTH = VS_PANEL_WIDTH, LANES = VS_WINOGRAD_LANES };

/* Between points: 36 arrays a power of two apart would fall into the same few sets of a cache. */
enum { PADDING = 3 * LANES };

vs_panel_kernel vs_panel_choose(void) {
  return vs_simd_level() == VS_SIMD_AVX512 ? VS_PANEL_AVX512 : VS_PANEL_SGEMM;
}

size_t vs_panel_place(vs_panel_kernel kernel, int channels, int outputs, int c, int k) {
  if (kernel == VS_PANEL_SGEMM) return (size_t)c * (size_t)outputs + (size_t)k;
  return ((size_t)(k / WIDTH) * (size_t)channels + (size_t)c) * WIDTH + (size_t)(k % WIDTH);
}

static int groups_of(int tiles) {
  return (tiles + GROUP - 1) / GROUP;
}

vs_winograd_layout vs_panel_input_layout(vs_panel_kernel kernel, int tiles, int channels) {
  const size_t C = (size_t)channels;
  if (kernel == VS_PANEL_SGEMM)
    return (vs_winograd_layout){.group = tiles,
                                .point_stride = (size_t)tiles * C + PADDING,
                                .channel_stride = 1,
                                .tile_stride = C};
  /* [group][16 channels][tile of the group][channel] */
  return (vs_winograd_layout){.group = GROUP,
                              .point_stride = (size_t)groups_of(tiles) * GROUP * C + PADDING,
                              .group_stride = GROUP * C,
                              .channel_stride = GROUP,
                              .tile_stride = LANES};
}

size_t vs_panel_input_floats(vs_panel_kernel kernel, int tiles, int channels) {
  return VS_WINOGRAD_POINTS * vs_panel_input_layout(kernel, tiles, channels).point_stride;
}

vs_winograd_layout vs_panel_output_layout(int tiles, int outputs) {
  return (vs_winograd_layout){.group = tiles,
                              .point_stride = (size_t)tiles * (size_t)outputs + PADDING,
                              .channel_stride = 1,
                              .tile_stride = (size_t)outputs};
}

size_t vs_panel_output_floats(int tiles, int outputs) {
  return VS_WINOGRAD_POINTS * vs_panel_output_layout(tiles, outputs).point_stride;
}

int vs_panel_task_count(vs_panel_kernel kernel, int outputs) {
  return VS_WINOGRAD_POINTS * (kernel == VS_PANEL_SGEMM ? 1 : outputs / WIDTH);
}

/* A panel, for pass number `pass` of `passes` over it: each fetches its part of the next one, which
 * lies behind it. */
static vs_panel_right right_of(const float *panel, int channels, int pass, int passes) {
  const size_t part = WIDTH * sizeof(float) / (size_t)passes;
  const char *next = (const char *)(panel + (size_t)channels * WIDTH);
  return (vs_panel_right){
      .u = panel, .next = next + (size_t)(pass * channels) * part, .next_bytes = part};
}

void vs_panel_multiply(vs_panel_kernel kernel, int task, int tiles, int channels, int outputs,
                       const float *v, const vs_winograd_layout *v_layout, const float *u, float *m,
                       const vs_winograd_layout *m_layout) {
  const size_t point_floats = (size_t)channels * (size_t)outputs;
  if (kernel == VS_PANEL_SGEMM) {
    const size_t point = (size_t)task;
    vs_blas_sgemm(tiles, outputs, channels, v + point * v_layout->point_stride, channels,
                  u + point * point_floats, outputs, 0.0f, m + point * m_layout->point_stride,
                  outputs);
    return;
  }
  const int panels = outputs / WIDTH;
  const size_t point = (size_t)(task / panels), panel = (size_t)(task % panels);
  const float *panel_u = u + point * point_floats + panel * (size_t)channels * WIDTH;
  const int groups = groups_of(tiles);
  for (int group = 0; group < groups; group++) {
    const int first = group * GROUP, rows = tiles - first < GROUP ? tiles - first : GROUP;
    const vs_panel_left left = {.v = v + point * v_layout->point_stride +
                                     (size_t)group * v_layout->group_stride,
                                .row_stride = v_layout->tile_stride,
                                .chunk_stride = LANES * v_layout->channel_stride};
    const vs_panel_right right = right_of(panel_u, channels, group, groups);
    vs_panel_kernel_run(rows, channels, &left, &right, false,
                        m + point * m_layout->point_stride + (size_t)first * (size_t)outputs +
                            panel * WIDTH,
                        (size_t)outputs);
  }
}

void vs_panel_rows(vs_panel_kernel kernel, int rows, int channels, int outputs, const float *a,
                   size_t a_stride, const float *u, bool add, float *c, size_t c_stride) {
  if (kernel == VS_PANEL_SGEMM) {
    vs_blas_sgemm(rows, outputs, channels, a, (int)a_stride, u, outputs, add ? 1.0f : 0.0f, c,
                  (int)c_stride);
    return;
  }
  for (int first = 0; first < rows; first += GROUP) {
    const vs_panel_left left = {
        .v = a + (size_t)first * a_stride, .row_stride = a_stride, .chunk_stride = LANES};
    for (int k = 0; k < outputs; k += WIDTH) {
      const vs_panel_right right = right_of(u + (size_t)k * (size_t)channels, channels, 0, 1);
      vs_panel_kernel_run(rows - first < GROUP ? rows - first : GROUP, channels, &left, &right, add,
                          c + (size_t)first * c_stride + (size_t)k, c_stride);
    }
  }
}
