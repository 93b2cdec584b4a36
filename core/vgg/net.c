/* net.c - the chain of layers up to the deepest tap: planned, run forward and backward, with what
 * lies between taps in two buffers by turns. */
#include "core/vgg/net.h"

#include <assert.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/pool.h"
#include "core/tensor/relu.h"

/* The activation at one tap. */
typedef struct stage {
  int height, width, channels;
  float *values;   /* (height, width, channels) */
  float *gradient; /* the same shape, only for taps that were asked for; else NULL */
} stage;

/* One pass over the chain: a convolution with the rectifier and pool behind it as its epilogue; or
 * a rectifier or pool alone, because what is before it is a tap that was asked for. */
typedef struct layer {
  vs_tap_kind kind;  /* of its first tap */
  int from, to;      /* the taps that it reads and makes; from is -1 for the image */
  vs_conv_plan plan; /* of a convolution */
  vs_gates *gates;   /* of an epilogue or a pool, for the backward pass; else NULL */
} layer;

struct vs_net {
  int threads;
  vs_preprocess preprocess;
  stage image; /* prepared for the family; backward, its values become its gradient */
  stage stages[VS_VGG_TAPS];
  layer layers[VS_VGG_TAPS];
  int layer_count;
  /* What layer l makes for its neighbour alone lies in relay l % 2: its values forward, their
   * gradient backward. */
  float *relay[2];
};

static size_t count_of(const stage *s) {
  return (size_t)s->height * (size_t)s->width * (size_t)s->channels;
}

/* --- planning --------------------------------------------------------------------------------- */

static int deepest_tap(const vs_net_options *options) {
  int deepest = -1;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (options->taps[tap]) deepest = tap;
  assert(deepest >= 0);
  return deepest;
}

/* The one channel that convolution `conv` computes, or all of them. */
static int only_channel_of(const vs_net_options *options, int deepest, int conv) {
  return conv == vs_vgg16_tap(deepest)->conv ? options->only_channel : VS_CONV_ALL_CHANNELS;
}

/* How far a convolution at `tap` can go in one pass: on to the next tap that is asked for, and no
 * further than the pool. */
static vs_epilogue epilogue_at(const vs_net_options *options, int tap, int deepest) {
  if (tap == deepest || options->taps[tap]) return VS_EPILOGUE_NONE;
  const int relu = tap + 1;
  if (relu == deepest || options->taps[relu] || vs_vgg16_tap(relu + 1)->kind != VS_TAP_POOL)
    return VS_EPILOGUE_RECTIFY;
  return VS_EPILOGUE_RECTIFY_POOL;
}

/* Cuts the chain up to `deepest` into layers. */
static void cut_layers(vs_net *net, const vs_net_options *options, int deepest) {
  for (int tap = -1; tap < deepest;) {
    layer *l = &net->layers[net->layer_count++];
    *l = (layer){.kind = vs_vgg16_tap(tap + 1)->kind, .from = tap, .to = tap + 1};
    if (l->kind == VS_TAP_CONV) {
      l->plan.epilogue = epilogue_at(options, tap + 1, deepest);
      l->to += (int)l->plan.epilogue; /* taps stand in the order of epilogues: conv, relu, pool */
    }
    tap = l->to;
  }
}

static void shape_stages(vs_net *net, const vs_net_options *options, int deepest) {
  for (int tap = 0; tap <= deepest; tap++) {
    const vs_tap_info *info = vs_vgg16_tap(tap);
    const bool all = only_channel_of(options, deepest, info->conv) == VS_CONV_ALL_CHANNELS;
    net->stages[tap] = (stage){.height = vs_vgg16_side_at(tap, options->height),
                               .width = vs_vgg16_side_at(tap, options->width),
                               .channels = all ? info->channels : 1};
    assert(net->stages[tap].height > 0 && net->stages[tap].width > 0);
  }
}

/* Whether something of what layer i makes passes through a relay: values that nobody asked for, and
 * gradients, unless the pool above adds them to those that its tap collects. */
static bool is_relayed(const vs_net *net, const vs_net_options *options, int i) {
  if (i + 1 == net->layer_count) return false;
  return !options->taps[net->layers[i].to] || net->layers[i + 1].kind != VS_TAP_POOL;
}

/* A tap that was asked for keeps its values and collects gradients; what passes from layer to layer
 * only takes a place in a relay. */
static void take_stages(vs_net *net, const vs_net_options *options, vs_arena *arena) {
  size_t floats[2] = {0, 0};
  for (int i = 0; i < net->layer_count; i++) {
    const layer *l = &net->layers[i];
    stage *s = &net->stages[l->to];
    if (options->taps[l->to]) {
      s->values = vs_arena_floats(arena, count_of(s));
      s->gradient = vs_arena_floats(arena, count_of(s));
    }
    if (is_relayed(net, options, i) && count_of(s) > floats[i % 2]) floats[i % 2] = count_of(s);
  }
  for (int i = 0; i < 2; i++) net->relay[i] = vs_arena_floats(arena, floats[i]);
  for (int i = 0; i < net->layer_count; i++) {
    stage *s = &net->stages[net->layers[i].to];
    if (s->values == NULL) s->values = net->relay[i % 2];
  }
}

static void take_gates(vs_net *net, vs_arena *arena) {
  for (int i = 0; i < net->layer_count; i++) {
    layer *l = &net->layers[i];
    const bool has_gates =
        l->kind == VS_TAP_CONV ? l->plan.epilogue != VS_EPILOGUE_NONE : l->kind == VS_TAP_POOL;
    if (!has_gates) continue;
    const stage *z = &net->stages[l->kind == VS_TAP_CONV ? l->from + 1 : l->from];
    l->gates =
        vs_arena_take(arena, vs_gates_count(z->height, z->width, z->channels), sizeof *l->gates);
  }
}

/* The convolution of a layer works at the size of its own tap, its first. */
static const stage *conv_stage(const vs_net *net, const layer *l) {
  return &net->stages[l->from + 1];
}

static size_t largest_scratch(const vs_net *net, const vs_net_options *options, int deepest) {
  size_t largest = 0;
  for (int i = 0; i < net->layer_count; i++) {
    const layer *l = &net->layers[i];
    if (l->kind != VS_TAP_CONV) continue;
    const vs_tap_info *info = vs_vgg16_tap(l->to);
    const size_t floats = vs_conv_scratch_floats(
        vs_vgg16_in_channels(info->conv), info->channels, conv_stage(net, l)->height,
        conv_stage(net, l)->width, only_channel_of(options, deepest, info->conv), l->plan.epilogue,
        options->algorithm, options->threads);
    if (floats > largest) largest = floats;
  }
  return largest;
}

static void plan_convolutions(vs_net *net, const vs_net_options *options, int deepest,
                              const vs_weights *weights, float *scratch) {
  for (int i = 0; i < net->layer_count; i++) {
    layer *l = &net->layers[i];
    if (l->kind != VS_TAP_CONV) continue;
    const int conv = vs_vgg16_tap(l->to)->conv;
    vs_conv_plan_init(&l->plan, &weights->conv[conv], conv_stage(net, l)->height,
                      conv_stage(net, l)->width, only_channel_of(options, deepest, conv),
                      l->plan.epilogue, options->algorithm, options->threads, scratch);
  }
}

vs_net *vs_net_new(const vs_net_options *options, const vs_weights *weights, vs_arena *arena) {
  assert(options->height >= VS_VGG_MIN_SIDE && options->width >= VS_VGG_MIN_SIDE);
  const int deepest = deepest_tap(options);
  vs_net planned = {.threads = options->threads};
  vs_net *net = vs_arena_take(arena, 1, sizeof *net);
  planned.image = (stage){.height = options->height, .width = options->width, .channels = 3};
  planned.image.values = vs_arena_floats(arena, count_of(&planned.image));
  cut_layers(&planned, options, deepest);
  shape_stages(&planned, options, deepest);
  take_stages(&planned, options, arena);
  take_gates(&planned, arena);
  float *scratch = vs_arena_floats(arena, largest_scratch(&planned, options, deepest));
  if (net == NULL) return NULL; /* measuring */
  planned.preprocess = vs_weights_family_preprocess(weights->family);
  plan_convolutions(&planned, options, deepest, weights, scratch);
  *net = planned;
  return net;
}

/* --- running ---------------------------------------------------------------------------------- */

static void prepare_input(const vs_preprocess *preprocess, const float *image, float *input,
                          size_t pixels, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t p = 0; p < pixels; p++)
    for (size_t c = 0; c < 3; c++)
      input[3 * p + c] = image[3 * p + (size_t)preprocess->source[c]] * preprocess->scale[c] +
                         preprocess->offset[c];
}

static void prepare_input_backward(const vs_preprocess *preprocess, const float *dinput,
                                   float *dimage, size_t pixels, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t p = 0; p < pixels; p++)
    for (size_t c = 0; c < 3; c++)
      dimage[3 * p + (size_t)preprocess->source[c]] = dinput[3 * p + c] * preprocess->scale[c];
}

enum { PIECE = 1 << 14 }; /* numbers that one thread takes at a time */

static size_t piece_at(size_t first, size_t count) {
  return count - first < PIECE ? count - first : PIECE;
}

static void clear(float *values, size_t count, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t first = 0; first < count; first += PIECE)
    memset(values + first, 0, piece_at(first, count) * sizeof *values);
}

VS_MULTIVERSION
static void add_piece(float *sum, const float *term, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += term[i];
}

static void add_to(float *sum, const float *term, size_t count, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (size_t first = 0; first < count; first += PIECE)
    add_piece(sum + first, term + first, piece_at(first, count));
}

/* What a layer reads. */
static const stage *stage_below(const vs_net *net, const layer *l) {
  return l->from >= 0 ? &net->stages[l->from] : &net->image;
}

static size_t pixels_of(const vs_net *net) {
  return (size_t)net->image.height * (size_t)net->image.width;
}

void vs_net_forward(vs_net *net, const float *image) {
  prepare_input(&net->preprocess, image, net->image.values, pixels_of(net), net->threads);
  for (int i = 0; i < net->layer_count; i++) {
    const layer *l = &net->layers[i];
    const stage *below = stage_below(net, l), *s = &net->stages[l->to];
    switch (l->kind) {
    case VS_TAP_CONV:
      vs_conv_forward(&l->plan, below->values, s->values, l->gates);
      break;
    case VS_TAP_RELU:
      vs_relu_forward(below->values, s->values, count_of(s));
      break;
    case VS_TAP_POOL:
      vs_pool_forward(below->values, below->height, below->width, below->channels, net->threads,
                      s->values, l->gates);
      break;
    }
    if (s->gradient != NULL) clear(s->gradient, count_of(s), net->threads);
  }
}

vs_activation vs_net_activation(const vs_net *net, int tap) {
  const stage *s = &net->stages[tap];
  assert(s->gradient != NULL);
  return (vs_activation){
      .height = s->height, .width = s->width, .channels = s->channels, .values = s->values};
}

float *vs_net_gradient(vs_net *net, int tap) {
  assert(net->stages[tap].gradient != NULL);
  return net->stages[tap].gradient;
}

/* The gradient at what layer i reads, from that at what it makes: in `below`, or where that tap
 * collects gradients, with what was added there. */
static float *layer_backward(vs_net *net, int i, float *flow, float *below) {
  const layer *l = &net->layers[i];
  const stage *from = stage_below(net, l);
  switch (l->kind) {
  case VS_TAP_CONV:
    vs_conv_backward_input(&l->plan, flow, l->gates, below);
    break;
  case VS_TAP_RELU:
    vs_relu_backward(from->values, flow, count_of(from), below);
    break;
  case VS_TAP_POOL:
    if (from->gradient != NULL)
      below = from->gradient;
    else
      clear(below, count_of(from), net->threads);
    vs_pool_backward(flow, l->gates, from->height, from->width, from->channels, net->threads,
                     below);
    return below;
  }
  if (from->gradient != NULL) add_to(below, from->gradient, count_of(from), net->threads);
  return below;
}

void vs_net_backward(vs_net *net, float *dimage) {
  const int last = net->layer_count - 1;
  float *flow = net->stages[net->layers[last].to].gradient;
  for (int i = last; i >= 0; i--)
    flow = layer_backward(net, i, flow, i > 0 ? net->relay[(i - 1) % 2] : net->image.values);
  prepare_input_backward(&net->preprocess, flow, dimage, pixels_of(net), net->threads);
}
