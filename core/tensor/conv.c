#include "core/tensor/conv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/tensor/conv_kernels.h"

/* A transposition of (K, 9 C), a cache line of k at a time. */
static void fill_forward(vs_conv_weights *weights, const float *w) {
  const size_t C = (size_t)weights->in_channels, K = (size_t)weights->out_channels, line = 16;
  for (size_t first = 0; first < K; first += line) {
    const size_t end = first + line < K ? first + line : K;
    for (size_t c = 0; c < C; c++)
      for (size_t uv = 0; uv < 9; uv++)
        for (size_t k = first; k < end; k++)
          weights->forward[(uv * C + c) * K + k] = w[(k * C + c) * 9 + uv];
  }
}

static void fill_backward(vs_conv_weights *weights, const float *w) {
  const size_t C = (size_t)weights->in_channels, K = (size_t)weights->out_channels;
  for (size_t k = 0; k < K; k++)
    for (size_t uv = 0; uv < 9; uv++)
      for (size_t c = 0; c < C; c++)
        weights->backward[((8 - uv) * K + k) * C + c] = w[(k * C + c) * 9 + uv];
}

vs_status vs_conv_weights_init(vs_conv_weights *weights, int in_channels, int out_channels,
                               const float *w, const float *bias) {
  assert(in_channels > 0 && out_channels > 0);
  const size_t C = (size_t)in_channels, K = (size_t)out_channels;
  *weights = (vs_conv_weights){.in_channels = in_channels, .out_channels = out_channels};
  weights->forward = malloc(9 * C * K * sizeof(float));
  weights->backward = malloc(9 * C * K * sizeof(float));
  weights->bias = malloc(K * sizeof(float));
  if (weights->forward == NULL || weights->backward == NULL || weights->bias == NULL) {
    vs_conv_weights_clear(weights);
    return vs_fail(VS_ERR_MEMORY, "no memory for the weights of a %d x %d convolution", in_channels,
                   out_channels);
  }
  fill_forward(weights, w);
  fill_backward(weights, w);
  memcpy(weights->bias, bias, K * sizeof(float));
  return VS_OK;
}

void vs_conv_weights_clear(vs_conv_weights *weights) {
  free(weights->forward);
  free(weights->backward);
  free(weights->bias);
  *weights = (vs_conv_weights){0};
}

void vs_conv_plan_init(vs_conv_plan *plan, const vs_conv_weights *weights, int height, int width,
                       int only_channel, vs_conv_algorithm algorithm, int threads, float *scratch) {
  assert(height > 0 && width > 0 && threads > 0);
  assert(only_channel >= VS_CONV_ALL_CHANNELS && only_channel < weights->out_channels);
  *plan = (vs_conv_plan){.height = height,
                         .width = width,
                         .only_channel = only_channel,
                         .threads = threads,
                         .algorithm = algorithm,
                         .weights = weights,
                         .scratch = scratch};
}

size_t vs_conv_scratch_floats(int in_channels, int out_channels, int height, int width,
                              int only_channel, vs_conv_algorithm algorithm, int threads) {
  if (algorithm == VS_CONV_REFERENCE) return 0;
  size_t forward = vs_conv_gemm_block_floats(in_channels, height, width);
  size_t backward = vs_conv_gemm_block_floats(
      only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1, height, width);
  return (forward > backward ? forward : backward) * (size_t)threads;
}

void vs_conv_forward(const vs_conv_plan *plan, const float *x, float *y) {
  if (plan->algorithm == VS_CONV_REFERENCE) {
    vs_conv_reference_forward(plan, x, y);
    return;
  }
  const vs_conv_weights *weights = plan->weights;
  const bool all = plan->only_channel == VS_CONV_ALL_CHANNELS;
  const int first = all ? 0 : plan->only_channel;
  vs_conv_product product = {.height = plan->height,
                             .width = plan->width,
                             .channels = weights->in_channels,
                             .outputs = all ? weights->out_channels : 1,
                             .matrix = weights->forward + first,
                             .stride = weights->out_channels,
                             .bias = weights->bias + first};
  vs_conv_gemm(&product, x, y, plan->threads, plan->scratch);
}

void vs_conv_backward_input(const vs_conv_plan *plan, const float *dy, float *dx) {
  if (plan->algorithm == VS_CONV_REFERENCE) {
    vs_conv_reference_backward(plan, dy, dx);
    return;
  }
  const vs_conv_weights *weights = plan->weights;
  const bool all = plan->only_channel == VS_CONV_ALL_CHANNELS;
  /* One channel alone: of each tap's K rows of the turned kernel only its own is used. */
  vs_conv_product product = {
      .height = plan->height,
      .width = plan->width,
      .channels = all ? weights->out_channels : 1,
      .outputs = weights->in_channels,
      .matrix =
          weights->backward + (all ? 0 : (size_t)plan->only_channel * (size_t)weights->in_channels),
      .stride = all ? weights->in_channels : weights->out_channels * weights->in_channels};
  vs_conv_gemm(&product, dy, dx, plan->threads, plan->scratch);
}

double vs_conv_macs(int in_channels, int out_channels, int height, int width, int only_channel) {
  return 9.0 * in_channels * (only_channel == VS_CONV_ALL_CHANNELS ? out_channels : 1) * height *
         width;
}
