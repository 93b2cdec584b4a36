/* conv.c - which way a convolution is computed, by its shape and direction, and the weights that
 * each way wants. The ways are conv_winograd.c, conv_gemm.c and conv_reference.c. */
#include "core/tensor/conv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/tensor/conv_gemm.h"
#include "core/tensor/conv_reference.h"
#include "core/tensor/conv_winograd.h"
#include "core/tensor/panel.h"

/* --- which way -------------------------------------------------------------------------------- */

typedef enum conv_way { WAY_REFERENCE, WAY_WINOGRAD, WAY_IM2COL, WAY_SHIFT_ADD } conv_way;

/* A product with sgemm has fewer rows or columns than this many only when that is worth it. */
enum { FEW_CHANNELS = 16 };

static conv_way forward_way(vs_conv_algorithm algorithm, int in, int out, int only_channel) {
  if (algorithm == VS_CONV_REFERENCE) return WAY_REFERENCE;
  if (only_channel != VS_CONV_ALL_CHANNELS) return WAY_SHIFT_ADD;
  return vs_conv_winograd_serves(in, out) ? WAY_WINOGRAD : WAY_IM2COL;
}

static conv_way backward_way(vs_conv_algorithm algorithm, int in, int out, int only_channel) {
  if (algorithm == VS_CONV_REFERENCE) return WAY_REFERENCE;
  if (only_channel != VS_CONV_ALL_CHANNELS) return WAY_IM2COL;
  if (vs_conv_winograd_serves(in, out)) return WAY_WINOGRAD;
  return in < FEW_CHANNELS ? WAY_SHIFT_ADD : WAY_IM2COL;
}

/* --- weights ---------------------------------------------------------------------------------- */

/* Floats of one direction's prepared weights: from `channels` to `outputs`. */
static size_t prepared_floats(conv_way way, int channels, int outputs) {
  switch (way) {
  case WAY_WINOGRAD:
    return VS_WINOGRAD_POINTS * (size_t)channels * (size_t)outputs;
  case WAY_IM2COL:
    return vs_conv_gemm_im2col_matrix_floats(channels, outputs);
  case WAY_SHIFT_ADD:
    return vs_conv_gemm_shift_add_matrix_floats(channels, outputs);
  case WAY_REFERENCE:
    break;
  }
  return 0;
}

/* The kernel from c to k is at w + c * c_stride + k * k_stride, turned by 180 degrees backward. */
static void prepare(conv_way way, float *to, const float *w, int channels, int outputs,
                    size_t c_stride, size_t k_stride, bool turned) {
  switch (way) {
  case WAY_WINOGRAD:
    vs_conv_winograd_pack(to, w, channels, outputs, c_stride, k_stride, turned);
    break;
  case WAY_IM2COL:
    vs_conv_gemm_im2col_pack(to, w, channels, outputs, c_stride, k_stride, turned);
    break;
  case WAY_SHIFT_ADD:
    vs_conv_gemm_shift_add_pack(to, w, channels, outputs, c_stride, k_stride, turned);
    break;
  case WAY_REFERENCE:
    break;
  }
}

/* The ways for which weights are prepared once: those of all channels. */
static conv_way prepared_forward(int in_channels, int out_channels) {
  return forward_way(VS_CONV_FAST, in_channels, out_channels, VS_CONV_ALL_CHANNELS);
}

static conv_way prepared_backward(int in_channels, int out_channels) {
  return backward_way(VS_CONV_FAST, in_channels, out_channels, VS_CONV_ALL_CHANNELS);
}

/* Where the parts of a block begin, in floats; each on a cache line. */
typedef struct block_layout {
  size_t w, bias, forward, backward, end;
} block_layout;

static size_t next_line(size_t floats) {
  enum { LINE = VS_ARENA_ALIGNMENT / sizeof(float) };
  return (floats + LINE - 1) / LINE * LINE;
}

static block_layout layout_of(int in, int out) {
  block_layout at = {.bias = next_line(9 * (size_t)in * (size_t)out)};
  at.forward = at.bias + next_line((size_t)out);
  at.backward = at.forward + next_line(prepared_floats(prepared_forward(in, out), in, out));
  at.end = at.backward + next_line(prepared_floats(prepared_backward(in, out), out, in));
  return at;
}

size_t vs_conv_block_floats(int in_channels, int out_channels) {
  return layout_of(in_channels, out_channels).end;
}

void vs_conv_block_fill(float *block, int in_channels, int out_channels, const float *w,
                        const float *bias) {
  const block_layout at = layout_of(in_channels, out_channels);
  const size_t kernels = 9 * (size_t)in_channels; /* floats of all kernels of an output */
  memcpy(block + at.w, w, kernels * (size_t)out_channels * sizeof *block);
  memcpy(block + at.bias, bias, (size_t)out_channels * sizeof *block);
  prepare(prepared_forward(in_channels, out_channels), block + at.forward, w, in_channels,
          out_channels, 9, kernels, false);
  prepare(prepared_backward(in_channels, out_channels), block + at.backward, w, out_channels,
          in_channels, kernels, 9, true);
}

vs_conv_weights vs_conv_weights_in(const float *block, int in_channels, int out_channels) {
  const block_layout at = layout_of(in_channels, out_channels);
  return (vs_conv_weights){.in_channels = in_channels,
                           .out_channels = out_channels,
                           .w = block + at.w,
                           .bias = block + at.bias,
                           .forward = block + at.forward,
                           .backward = block + at.backward};
}

const char *vs_conv_block_layout(void) {
  return vs_panel_choose() == VS_PANEL_AVX512 ? "avx512" : "sgemm";
}

vs_status vs_conv_weights_init(vs_conv_weights *weights, int in_channels, int out_channels,
                               const float *w, const float *bias) {
  assert(in_channels > 0 && out_channels > 0);
  *weights = (vs_conv_weights){0};
  const size_t bytes = vs_conv_block_floats(in_channels, out_channels) * sizeof(float);
  float *block = aligned_alloc(VS_ARENA_ALIGNMENT, bytes);
  if (block == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for the weights of a %d x %d convolution", in_channels,
                   out_channels);
  vs_conv_block_fill(block, in_channels, out_channels, w, bias);
  *weights = vs_conv_weights_in(block, in_channels, out_channels);
  weights->owned = block;
  return VS_OK;
}

void vs_conv_weights_clear(vs_conv_weights *weights) {
  free(weights->owned);
  *weights = (vs_conv_weights){0};
}

/* --- plans ------------------------------------------------------------------------------------ */

void vs_conv_plan_init(vs_conv_plan *plan, const vs_conv_weights *weights, int height, int width,
                       int only_channel, vs_epilogue epilogue, vs_conv_algorithm algorithm,
                       int threads, float *scratch) {
  assert(height > 0 && width > 0 && threads > 0);
  assert(epilogue != VS_EPILOGUE_RECTIFY_POOL || (height > 1 && width > 1));
  assert(only_channel >= VS_CONV_ALL_CHANNELS && only_channel < weights->out_channels);
  *plan = (vs_conv_plan){.height = height,
                         .width = width,
                         .only_channel = only_channel,
                         .epilogue = epilogue,
                         .threads = threads,
                         .algorithm = algorithm,
                         .weights = weights,
                         .scratch = scratch};
}

static size_t way_floats(conv_way way, int channels, int outputs, int height, int width,
                         int threads) {
  switch (way) {
  case WAY_WINOGRAD:
    return vs_conv_winograd_floats(channels, outputs, height, width, threads);
  case WAY_IM2COL:
    return vs_conv_gemm_im2col_floats(channels, outputs, height, width, threads);
  case WAY_SHIFT_ADD:
    return vs_conv_gemm_shift_add_floats(outputs, height, width);
  case WAY_REFERENCE:
    return vs_conv_reference_floats(channels, outputs);
  }
  return 0;
}

/* Winograd alone pools on its way; the others do it from a whole result in scratch. */
static size_t unpooled_floats(conv_way way, vs_epilogue epilogue, int outputs, int height,
                              int width) {
  if (way == WAY_WINOGRAD || epilogue != VS_EPILOGUE_RECTIFY_POOL) return 0;
  return (size_t)height * (size_t)width * (size_t)outputs;
}

size_t vs_conv_scratch_floats(int in_channels, int out_channels, int height, int width,
                              int only_channel, vs_epilogue epilogue, vs_conv_algorithm algorithm,
                              int threads) {
  const int outputs = only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1;
  const conv_way way_forward = forward_way(algorithm, in_channels, out_channels, only_channel);
  const conv_way way_backward = backward_way(algorithm, in_channels, out_channels, only_channel);
  size_t forward = way_floats(way_forward, in_channels, outputs, height, width, threads) +
                   unpooled_floats(way_forward, epilogue, outputs, height, width);
  size_t backward = way_floats(way_backward, outputs, in_channels, height, width, threads) +
                    unpooled_floats(way_backward, epilogue, outputs, height, width);
  if (only_channel != VS_CONV_ALL_CHANNELS) { /* its weights are prepared when they are needed */
    forward += next_line(prepared_floats(way_forward, in_channels, 1));
    backward += next_line(prepared_floats(way_backward, 1, in_channels));
  }
  return forward > backward ? forward : backward;
}

static int output_count(const vs_conv_plan *plan) {
  return plan->only_channel == VS_CONV_ALL_CHANNELS ? plan->weights->out_channels : 1;
}

/* The reference's view of a plan. */
static vs_conv_reference reference_of(const vs_conv_plan *plan) {
  const vs_conv_weights *weights = plan->weights;
  const size_t first = plan->only_channel == VS_CONV_ALL_CHANNELS ? 0 : (size_t)plan->only_channel;
  return (vs_conv_reference){.height = plan->height,
                             .width = plan->width,
                             .channels = weights->in_channels,
                             .outputs = output_count(plan),
                             .w = weights->w + 9 * first * (size_t)weights->in_channels,
                             .bias = weights->bias + first};
}

/* --- forward ---------------------------------------------------------------------------------- */

static void winograd_forward(const vs_conv_plan *plan, const float *x, float *y, vs_gates *gates) {
  const vs_conv_winograd conv = {.height = plan->height,
                                 .width = plan->width,
                                 .channels = plan->weights->in_channels,
                                 .outputs = plan->weights->out_channels,
                                 .u = plan->weights->forward};
  const vs_winograd_source source = {.x = x};
  const vs_winograd_sink sink = {
      .y = y, .gates = gates, .bias = plan->weights->bias, .epilogue = plan->epilogue};
  vs_conv_winograd_run(&conv, &source, &sink, plan->threads, plan->scratch);
}

/* One direction of the ways by a matrix product. The weights of one channel alone are prepared in
 * scratch. */
static void multiply(const vs_conv_plan *plan, conv_way way, vs_conv_product product, bool turned,
                     const float *from, float *to, float *scratch) {
  if (plan->only_channel != VS_CONV_ALL_CHANNELS) {
    const float *w =
        plan->weights->w + 9 * (size_t)plan->only_channel * (size_t)plan->weights->in_channels;
    prepare(way, scratch, w, product.channels, product.outputs, 9, 9, turned); /* one side is 1 */
    product.matrix = scratch;
    scratch += next_line(prepared_floats(way, product.channels, product.outputs));
  }
  if (way == WAY_IM2COL)
    vs_conv_gemm_im2col(&product, from, to, plan->threads, scratch);
  else
    vs_conv_gemm_shift_add(&product, from, to, plan->threads, scratch);
}

/* The convolution alone, z (H,W,K). */
static void convolve(const vs_conv_plan *plan, conv_way way, const float *x, float *z,
                     float *scratch) {
  const int first = plan->only_channel == VS_CONV_ALL_CHANNELS ? 0 : plan->only_channel;
  const vs_conv_product product = {.height = plan->height,
                                   .width = plan->width,
                                   .channels = plan->weights->in_channels,
                                   .outputs = output_count(plan),
                                   .matrix = plan->weights->forward,
                                   .bias = plan->weights->bias + first};
  multiply(plan, way, product, false, x, z, scratch);
}

void vs_conv_forward(const vs_conv_plan *plan, const float *x, float *y, vs_gates *gates) {
  const vs_conv_weights *weights = plan->weights;
  const int outputs = output_count(plan);
  const conv_way way =
      forward_way(plan->algorithm, weights->in_channels, weights->out_channels, plan->only_channel);
  if (way == WAY_WINOGRAD) {
    winograd_forward(plan, x, y, gates);
    return;
  }
  const size_t unpooled = unpooled_floats(way, plan->epilogue, outputs, plan->height, plan->width);
  float *z = unpooled > 0 ? plan->scratch : y, *scratch = plan->scratch + unpooled;
  const vs_conv_reference reference = reference_of(plan);
  if (way == WAY_REFERENCE)
    vs_conv_reference_forward(&reference, x, z, plan->threads, scratch);
  else
    convolve(plan, way, x, z, scratch);
  vs_epilogue_apply(plan->epilogue, z, plan->height, plan->width, outputs, plan->threads, y, gates);
}

/* --- backward --------------------------------------------------------------------------------- */

static void winograd_backward(const vs_conv_plan *plan, const float *dy, const vs_gates *gates,
                              float *dx) {
  const vs_conv_winograd conv = {.height = plan->height,
                                 .width = plan->width,
                                 .channels = plan->weights->out_channels,
                                 .outputs = plan->weights->in_channels,
                                 .u = plan->weights->backward};
  const vs_winograd_source source = {
      .x = dy, .gates = gates, .pooled = plan->epilogue == VS_EPILOGUE_RECTIFY_POOL};
  const vs_winograd_sink sink = {.y = dx};
  vs_conv_winograd_run(&conv, &source, &sink, plan->threads, plan->scratch);
}

/* The transpose of the convolution alone, from dz (H,W,K). */
static void convolve_backward(const vs_conv_plan *plan, conv_way way, const float *dz, float *dx,
                              float *scratch) {
  const vs_conv_product product = {.height = plan->height,
                                   .width = plan->width,
                                   .channels = output_count(plan),
                                   .outputs = plan->weights->in_channels,
                                   .matrix = plan->weights->backward};
  multiply(plan, way, product, true, dz, dx, scratch);
}

void vs_conv_backward_input(const vs_conv_plan *plan, float *dy, const vs_gates *gates, float *dx) {
  const vs_conv_weights *weights = plan->weights;
  const int outputs = output_count(plan);
  const conv_way way = backward_way(plan->algorithm, weights->in_channels, weights->out_channels,
                                    plan->only_channel);
  if (way == WAY_WINOGRAD) {
    winograd_backward(plan, dy, gates, dx);
    return;
  }
  const size_t unpooled = unpooled_floats(way, plan->epilogue, outputs, plan->height, plan->width);
  float *dz = unpooled > 0 ? plan->scratch : dy, *scratch = plan->scratch + unpooled;
  vs_epilogue_backward(plan->epilogue, dy, gates, plan->height, plan->width, outputs, plan->threads,
                       dz);
  const vs_conv_reference reference = reference_of(plan);
  if (way == WAY_REFERENCE)
    vs_conv_reference_backward(&reference, dz, dx, plan->threads, scratch);
  else
    convolve_backward(plan, way, dz, dx, scratch);
}

double vs_conv_macs(int in_channels, int out_channels, int height, int width, int only_channel) {
  return 9.0 * in_channels * (only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1) * height *
         width;
}
