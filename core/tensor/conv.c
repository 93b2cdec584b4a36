#include "core/tensor/conv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/tensor/conv_gemm.h"
#include "core/tensor/conv_reference.h"
#include "core/tensor/conv_winograd.h"
#include "core/tensor/pool.h"
#include "core/tensor/winograd.h"

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

/* The matrices of im2col. */
static void fill_matrices(vs_conv_weights *weights) {
  const size_t C = (size_t)weights->in_channels, K = (size_t)weights->out_channels;
  for (size_t k = 0; k < K; k++)
    for (size_t c = 0; c < C; c++)
      for (size_t uv = 0; uv < 9; uv++) {
        const float value = weights->w[(k * C + c) * 9 + uv];
        weights->forward[(uv * C + c) * K + k] = value;
        weights->backward[((8 - uv) * K + k) * C + c] = value;
      }
}

static void fill_transforms(vs_conv_weights *weights) {
  const int in = weights->in_channels, out = weights->out_channels;
  const size_t k_stride = 9 * (size_t)in;
  vs_conv_winograd_pack(weights->forward, weights->w, in, out, 9, k_stride, false);
  vs_conv_winograd_pack(weights->backward, weights->w, out, in, k_stride, 9, true);
}

/* Floats of one direction's prepared weights. */
static size_t prepared_floats(int in_channels, int out_channels) {
  const size_t pairs = (size_t)in_channels * (size_t)out_channels;
  return (vs_conv_winograd_serves(in_channels, out_channels) ? VS_WINOGRAD_POINTS : 9) * pairs;
}

size_t vs_conv_weights_bytes(int in_channels, int out_channels) {
  const size_t pairs = (size_t)in_channels * (size_t)out_channels;
  return (9 * pairs + (size_t)out_channels + 2 * prepared_floats(in_channels, out_channels)) *
         sizeof(float);
}

vs_status vs_conv_weights_init(vs_conv_weights *weights, int in_channels, int out_channels,
                               const float *w, const float *bias) {
  assert(in_channels > 0 && out_channels > 0);
  const size_t pairs = (size_t)in_channels * (size_t)out_channels, K = (size_t)out_channels;
  const size_t prepared = prepared_floats(in_channels, out_channels);
  *weights = (vs_conv_weights){.in_channels = in_channels, .out_channels = out_channels};
  weights->w = malloc(9 * pairs * sizeof(float));
  weights->bias = malloc(K * sizeof(float));
  weights->forward = malloc(prepared * sizeof(float));
  weights->backward = malloc(prepared * sizeof(float));
  if (weights->w == NULL || weights->bias == NULL || weights->forward == NULL ||
      weights->backward == NULL) {
    vs_conv_weights_clear(weights);
    return vs_fail(VS_ERR_MEMORY, "no memory for the weights of a %d x %d convolution", in_channels,
                   out_channels);
  }
  memcpy(weights->w, w, 9 * pairs * sizeof(float));
  memcpy(weights->bias, bias, K * sizeof(float));
  if (vs_conv_winograd_serves(in_channels, out_channels))
    fill_transforms(weights);
  else
    fill_matrices(weights);
  return VS_OK;
}

void vs_conv_weights_clear(vs_conv_weights *weights) {
  free(weights->w);
  free(weights->bias);
  free(weights->forward);
  free(weights->backward);
  *weights = (vs_conv_weights){0};
}

/* --- plans ------------------------------------------------------------------------------------ */

void vs_conv_plan_init(vs_conv_plan *plan, const vs_conv_weights *weights, int height, int width,
                       int only_channel, bool rectify, vs_conv_algorithm algorithm, int threads,
                       float *scratch) {
  assert(height > 0 && width > 0 && threads > 0);
  assert(only_channel >= VS_CONV_ALL_CHANNELS && only_channel < weights->out_channels);
  *plan = (vs_conv_plan){.height = height,
                         .width = width,
                         .only_channel = only_channel,
                         .rectify = rectify,
                         .threads = threads,
                         .algorithm = algorithm,
                         .weights = weights,
                         .scratch = scratch};
}

static size_t way_floats(conv_way way, int channels, int outputs, int height, int width,
                         int threads) {
  switch (way) {
  case WAY_WINOGRAD:
    return vs_conv_winograd_floats(channels, outputs, height, width);
  case WAY_IM2COL:
    return vs_conv_im2col_floats(channels, height, width, threads);
  case WAY_SHIFT_ADD:
    return vs_conv_shift_add_floats(outputs, height, width);
  case WAY_REFERENCE:
    break;
  }
  return 0;
}

size_t vs_conv_scratch_floats(int in_channels, int out_channels, int height, int width,
                              int only_channel, vs_conv_algorithm algorithm, int threads) {
  const int outputs = only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1;
  if (algorithm == VS_CONV_REFERENCE) return vs_conv_reference_floats(in_channels, outputs);
  const conv_way down = backward_way(algorithm, in_channels, out_channels, only_channel);
  const size_t forward = way_floats(forward_way(algorithm, in_channels, out_channels, only_channel),
                                    in_channels, outputs, height, width, threads);
  size_t backward = way_floats(down, outputs, in_channels, height, width, threads);
  if (outputs == 1 && down == WAY_IM2COL) backward += 9 * (size_t)in_channels; /* turned kernel */
  return forward > backward ? forward : backward;
}

/* --- running ---------------------------------------------------------------------------------- */

void vs_conv_forward(const vs_conv_plan *plan, const float *x, float *y) {
  const vs_conv_weights *weights = plan->weights;
  const int in = weights->in_channels, out = weights->out_channels;
  const conv_way way = forward_way(plan->algorithm, in, out, plan->only_channel);
  if (way == WAY_REFERENCE) {
    vs_conv_reference_forward(plan, x, y);
    return;
  }
  if (way == WAY_WINOGRAD) {
    const vs_conv_winograd conv = {.height = plan->height,
                                   .width = plan->width,
                                   .channels = in,
                                   .outputs = out,
                                   .u = weights->forward,
                                   .bias = weights->bias,
                                   .rectify = plan->rectify};
    vs_conv_winograd_run(&conv, x, NULL, y, plan->threads, plan->scratch);
    return;
  }
  vs_conv_product product = {.height = plan->height,
                             .width = plan->width,
                             .channels = in,
                             .outputs = out,
                             .matrix = weights->forward,
                             .bias = weights->bias,
                             .rectify = plan->rectify};
  if (way == WAY_IM2COL) {
    vs_conv_im2col(&product, x, y, plan->threads, plan->scratch);
    return;
  }
  product.outputs = 1;
  product.matrix = weights->w + (size_t)plan->only_channel * (size_t)in * 9; /* (C, 9) */
  product.bias += plan->only_channel;
  vs_conv_shift_add(&product, x, y, plan->threads, plan->scratch);
}

/* The one channel's kernel, turned, as im2col reads it: (9, C). */
static void turn_kernel(const vs_conv_plan *plan, float *matrix) {
  const size_t C = (size_t)plan->weights->in_channels;
  const float *w = plan->weights->w + (size_t)plan->only_channel * C * 9;
  for (size_t uv = 0; uv < 9; uv++)
    for (size_t c = 0; c < C; c++) matrix[uv * C + c] = w[c * 9 + (8 - uv)];
}

void vs_conv_backward_input(const vs_conv_plan *plan, float *dy, const float *mask, float *dx) {
  const vs_conv_weights *weights = plan->weights;
  const int in = weights->in_channels, out = weights->out_channels;
  const conv_way way = backward_way(plan->algorithm, in, out, plan->only_channel);
  if (way == WAY_WINOGRAD) {
    const vs_conv_winograd conv = {.height = plan->height,
                                   .width = plan->width,
                                   .channels = out,
                                   .outputs = in,
                                   .u = weights->backward};
    vs_conv_winograd_run(&conv, dy, mask, dx, plan->threads, plan->scratch);
    return;
  }
  const int channels = plan->only_channel == VS_CONV_ALL_CHANNELS ? out : 1;
  if (mask != NULL)
    vs_relu_backward(mask, dy, (size_t)plan->height * (size_t)plan->width * (size_t)channels);
  if (way == WAY_REFERENCE) {
    vs_conv_reference_backward(plan, dy, dx);
    return;
  }
  vs_conv_product product = {.height = plan->height,
                             .width = plan->width,
                             .channels = channels,
                             .outputs = in,
                             .matrix = weights->backward};
  if (way == WAY_SHIFT_ADD) {
    product.matrix = weights->w; /* (K, C 9) */
    product.turned = true;
    vs_conv_shift_add(&product, dy, dx, plan->threads, plan->scratch);
    return;
  }
  float *scratch = plan->scratch;
  if (plan->only_channel != VS_CONV_ALL_CHANNELS) {
    turn_kernel(plan, scratch);
    product.matrix = scratch;
    scratch += 9 * in;
  }
  vs_conv_im2col(&product, dy, dx, plan->threads, scratch);
}

double vs_conv_macs(int in_channels, int out_channels, int height, int width, int only_channel) {
  return 9.0 * in_channels * (only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1) * height *
         width;
}
