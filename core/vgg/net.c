#include "core/vgg/net.h"

#include <assert.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/tensor/pool.h"

/* One tap of the chain. A ReLU shares the array of its convolution, which applies it forward and
 * back, unless the value before it is itself a tap; then it has an array of its own. */
typedef struct stage {
  int height, width, channels;
  float *values;   /* (height, width, channels) */
  float *gradient; /* the same shape, only for taps that were asked for; else NULL */
} stage;

struct vs_net {
  int height, width;
  int deepest; /* tap */
  vs_preprocess preprocess;
  float *input; /* (H,W,3), prepared for the family */
  stage stages[VS_VGG_TAPS];
  vs_conv_plan plans[VS_VGG_CONVS];
  float *flow[2]; /* gradient on its way down: of the current tap, and of the next */
};

static size_t count_of(const stage *s) {
  return (size_t)s->height * (size_t)s->width * (size_t)s->channels;
}

static int deepest_tap(const vs_net_options *options) {
  int deepest = -1;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (options->taps[tap]) deepest = tap;
  assert(deepest >= 0);
  return deepest;
}

/* The one channel that convolution `conv` computes, or all of them. */
static int only_channel_of(const vs_net_options *options, int deepest, int conv) {
  return conv == vs_vgg_tap(deepest)->conv ? options->only_channel : VS_CONV_ALL_CHANNELS;
}

static bool shares_values(const vs_net_options *options, int tap) {
  return vs_vgg_tap(tap)->kind == VS_TAP_RELU && !options->taps[tap - 1];
}

/* Whether a convolution's own pass rectifies: nobody reads what is before its ReLU. */
static bool rectifies(const vs_net_options *options, int deepest, int conv) {
  const int relu = vs_vgg_tap_of_conv(conv) + 1;
  return relu <= deepest && shares_values(options, relu);
}

/* Shapes and arrays of all taps; what is computed from sizes alone, so that it can be measured. */
static void plan_stages(stage *stages, const vs_net_options *options, int deepest,
                        vs_arena *arena) {
  for (int tap = 0; tap <= deepest; tap++) {
    const vs_tap_info *info = vs_vgg_tap(tap);
    stage *s = &stages[tap];
    s->height = vs_vgg_side_at(tap, options->height);
    s->width = vs_vgg_side_at(tap, options->width);
    assert(s->height > 0 && s->width > 0);
    s->channels =
        only_channel_of(options, deepest, info->conv) == VS_CONV_ALL_CHANNELS ? info->channels : 1;
    s->values =
        shares_values(options, tap) ? stages[tap - 1].values : vs_arena_floats(arena, count_of(s));
    s->gradient = options->taps[tap] ? vs_arena_floats(arena, count_of(s)) : NULL;
  }
}

static size_t largest_scratch(const vs_net_options *options, const stage *stages, int deepest) {
  size_t largest = 0;
  for (int conv = 0; conv <= vs_vgg_tap(deepest)->conv; conv++) {
    const int tap = vs_vgg_tap_of_conv(conv);
    size_t floats = vs_conv_scratch_floats(
        vs_vgg_in_channels(conv), vs_vgg_tap(tap)->channels, stages[tap].height, stages[tap].width,
        only_channel_of(options, deepest, conv), options->algorithm, options->threads);
    if (floats > largest) largest = floats;
  }
  return largest;
}

/* The image's gradient is the last to flow, and no tap is larger than conv1_1's. */
static size_t largest_flow(const vs_net_options *options, const stage *stages, int deepest) {
  size_t largest = 3 * (size_t)options->height * (size_t)options->width;
  for (int tap = 0; tap <= deepest; tap++)
    if (count_of(&stages[tap]) > largest) largest = count_of(&stages[tap]);
  return largest;
}

vs_net *vs_net_new(const vs_net_options *options, const vs_vgg_weights *weights, vs_arena *arena) {
  assert(options->height >= VS_VGG_MIN_SIDE && options->width >= VS_VGG_MIN_SIDE);
  vs_net planned = {.height = options->height, .width = options->width};
  planned.deepest = deepest_tap(options);
  vs_net *net = vs_arena_take(arena, 1, sizeof *net);
  planned.input = vs_arena_floats(arena, 3 * (size_t)options->height * (size_t)options->width);
  plan_stages(planned.stages, options, planned.deepest, arena);
  float *scratch =
      vs_arena_floats(arena, largest_scratch(options, planned.stages, planned.deepest));
  for (int i = 0; i < 2; i++)
    planned.flow[i] =
        vs_arena_floats(arena, largest_flow(options, planned.stages, planned.deepest));
  if (net == NULL) return NULL; /* measuring */

  planned.preprocess = vs_family_preprocess(weights->family);
  for (int conv = 0; conv <= vs_vgg_tap(planned.deepest)->conv; conv++) {
    const stage *s = &planned.stages[vs_vgg_tap_of_conv(conv)];
    vs_conv_plan_init(&planned.plans[conv], &weights->conv[conv], s->height, s->width,
                      only_channel_of(options, planned.deepest, conv),
                      rectifies(options, planned.deepest, conv), options->algorithm,
                      options->threads, scratch);
  }
  *net = planned;
  return net;
}

static void prepare_input(const vs_preprocess *preprocess, const float *image, float *input,
                          size_t pixels) {
  for (size_t p = 0; p < pixels; p++)
    for (size_t c = 0; c < 3; c++)
      input[3 * p + c] = image[3 * p + (size_t)preprocess->source[c]] * preprocess->scale[c] +
                         preprocess->offset[c];
}

static void prepare_input_adjoint(const vs_preprocess *preprocess, const float *dinput,
                                  float *dimage, size_t pixels) {
  for (size_t p = 0; p < pixels; p++)
    for (size_t c = 0; c < 3; c++)
      dimage[3 * p + (size_t)preprocess->source[c]] = dinput[3 * p + c] * preprocess->scale[c];
}

void vs_net_forward(vs_net *net, const float *image) {
  prepare_input(&net->preprocess, image, net->input, (size_t)net->height * (size_t)net->width);
  for (int tap = 0; tap <= net->deepest; tap++) {
    const vs_tap_info *info = vs_vgg_tap(tap);
    const float *below = tap == 0 ? net->input : net->stages[tap - 1].values;
    stage *s = &net->stages[tap];
    switch (info->kind) {
    case VS_TAP_CONV:
      vs_conv_forward(&net->plans[info->conv], below, s->values);
      break;
    case VS_TAP_RELU:
      if (s->values != below) vs_relu_forward(below, s->values, count_of(s));
      break;
    case VS_TAP_POOL:
      vs_pool_forward(below, net->stages[tap - 1].height, net->stages[tap - 1].width, s->channels,
                      s->values);
      break;
    }
    if (s->gradient != NULL) memset(s->gradient, 0, count_of(s) * sizeof(float));
  }
}

vs_activation vs_net_activation(const vs_net *net, int tap) {
  const stage *s = &net->stages[tap];
  assert(tap <= net->deepest && s->gradient != NULL);
  return (vs_activation){
      .height = s->height, .width = s->width, .channels = s->channels, .values = s->values};
}

float *vs_net_gradient(vs_net *net, int tap) {
  assert(tap <= net->deepest && net->stages[tap].gradient != NULL);
  return net->stages[tap].gradient;
}

VS_MULTIVERSION
static void add_to(float *sum, const float *term, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += term[i];
}

void vs_net_backward(vs_net *net, float *dimage) {
  float *current = net->flow[0], *next = net->flow[1];
  const float *mask = NULL; /* of a rectifier that the convolution before it applies itself */
  memset(current, 0, count_of(&net->stages[net->deepest]) * sizeof *current);
  for (int tap = net->deepest; tap >= 0; tap--) {
    const vs_tap_info *info = vs_vgg_tap(tap);
    stage *s = &net->stages[tap];
    if (s->gradient != NULL) add_to(current, s->gradient, count_of(s));
    if (info->kind == VS_TAP_RELU) {
      if (s->values == net->stages[tap - 1].values)
        mask = s->values;
      else
        vs_relu_backward(s->values, current, count_of(s));
      continue;
    }
    if (info->kind == VS_TAP_CONV) {
      vs_conv_backward_input(&net->plans[info->conv], current, mask, next);
      mask = NULL;
    } else {
      const stage *below = &net->stages[tap - 1];
      vs_pool_backward(below->values, s->values, current, below->height, below->width, s->channels,
                       next);
    }
    float *swap = current;
    current = next;
    next = swap;
  }
  prepare_input_adjoint(&net->preprocess, current, dimage,
                        (size_t)net->height * (size_t)net->width);
}
