/* objective.c - one evaluation: the net forward, the terms of its taps, the net backward, and the
 * terms on the image itself. */
#include "core/objective/objective.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/objective/excitation.h"
#include "core/objective/smoothness.h"

struct vs_objective {
  vs_objective_spec spec;
  int height, width;
  int channel;     /* of the excitation, in the activation's own counting */
  int before_relu; /* where a rescue puts the excitation's gradient */
  vs_net *net;
  float *target[VS_VGG_TAPS]; /* (C,C) at the style taps, else NULL */
  float *gram;                /* (C,C) of the widest style tap */
  float *scratch;             /* of gram.h */
  int threads;
};

static int conv_of(int tap) {
  return vs_vgg16_tap(tap)->conv;
}

/* The deepest layer may compute the excited channel alone, unless a style tap reads it all. */
static int only_channel_of(const vs_objective_spec *spec) {
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (spec->style_taps[tap] && conv_of(tap) >= conv_of(spec->tap)) return VS_CONV_ALL_CHANNELS;
  return spec->channel;
}

static size_t size_max(size_t a, size_t b) {
  return a > b ? a : b;
}

vs_objective *vs_objective_new(const vs_objective_spec *spec, int height, int width,
                               const vs_weights *weights, vs_conv_algorithm algorithm, int threads,
                               vs_arena *arena) {
  assert(spec->tap >= 0 && spec->tap < VS_VGG_TAPS);
  assert(spec->channel >= 0 && spec->channel < vs_vgg16_tap(spec->tap)->channels);
  vs_objective planned = {.spec = *spec, .height = height, .width = width, .threads = threads};
  planned.before_relu = vs_vgg16_tap_of_conv(conv_of(spec->tap));

  vs_net_options options = {.height = height,
                            .width = width,
                            .only_channel = only_channel_of(spec),
                            .algorithm = algorithm,
                            .threads = threads};
  planned.channel = options.only_channel == VS_CONV_ALL_CHANNELS ? spec->channel : 0;
  options.taps[spec->tap] = options.taps[planned.before_relu] = true;

  vs_objective *objective = vs_arena_take(arena, 1, sizeof *objective);
  size_t widest = 0, largest = 0;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++) {
    if (!spec->style_taps[tap]) continue;
    options.taps[tap] = true;
    const size_t channels = (size_t)vs_vgg16_tap(tap)->channels;
    widest = size_max(widest, channels);
    largest =
        size_max(largest, vs_gram_scratch_floats(vs_vgg16_side_at(tap, height),
                                                 vs_vgg16_side_at(tap, width), (int)channels));
    planned.target[tap] = vs_arena_floats(arena, channels * channels);
  }
  assert(widest > 0);
  planned.gram = vs_arena_floats(arena, widest * widest);
  planned.scratch = vs_arena_floats(arena, largest);
  planned.net = vs_net_new(&options, weights, arena);
  if (objective == NULL) return NULL; /* measuring */
  *objective = planned;
  return objective;
}

/* Of the image that the net has just seen. */
static double excitation_loss(const vs_objective *objective) {
  const vs_activation excited = vs_net_activation(objective->net, objective->spec.tap);
  return vs_excitation(&excited, objective->channel);
}

/* The same before the ReLU (and the pool). */
static double excitation_before(const vs_objective *objective) {
  const vs_activation linear = vs_net_activation(objective->net, objective->before_relu);
  return vs_excitation(&linear, objective->channel);
}

double vs_objective_set_style(vs_objective *objective, const float *style_rgb) {
  vs_net_forward(objective->net, style_rgb);
  for (int tap = 0; tap < VS_VGG_TAPS; tap++) {
    if (!objective->spec.style_taps[tap]) continue;
    const vs_activation activation = vs_net_activation(objective->net, tap);
    vs_gram(&activation, objective->threads, objective->scratch, objective->target[tap]);
  }
  return excitation_loss(objective);
}

static double style_distance(vs_objective *objective, double weight) {
  const double *weights = objective->spec.style_weights;
  double distance = 0.0;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++) {
    if (!objective->spec.style_taps[tap]) continue;
    const vs_activation activation = vs_net_activation(objective->net, tap);
    vs_gram(&activation, objective->threads, objective->scratch, objective->gram);
    const double share = *weights > 0.0 ? *weights : 1.0;
    weights++;
    distance +=
        share * vs_gram_style(&activation, objective->gram, objective->target[tap],
                              objective->spec.style_norm, share * weight, objective->threads,
                              objective->scratch, vs_net_gradient(objective->net, tap));
  }
  return distance;
}

static void excite(vs_objective *objective, const vs_balance *balance) {
  int tap = objective->spec.tap;
  vs_activation activation = vs_net_activation(objective->net, tap);
  if (balance->rescue && tap != objective->before_relu &&
      vs_excitation_is_dead(&activation, objective->channel)) {
    tap = objective->before_relu;
    activation = vs_net_activation(objective->net, tap);
  }
  vs_excitation_gradient(&activation, objective->channel, balance->excitation,
                         vs_net_gradient(objective->net, tap));
}

/* What is smaller than this share of the largest becomes 0. */
static void drop_rounding(double share, float *values, size_t count) {
  float largest = 0.0f;
  for (size_t i = 0; i < count; i++) {
    const float size = fabsf(values[i]);
    largest = size > largest ? size : largest;
  }
  const float least = (float)(share * (double)largest);
  for (size_t i = 0; i < count; i++)
    if (fabsf(values[i]) < least) values[i] = 0.0f; /* NaN stays */
}

/* The weight of a term on the image, `sum` over all its numbers: given, or in units of the
 * excitation. */
static double term_weight(const vs_objective *objective, double weight, double strength, double exc,
                          double sum, double flat) {
  if (strength == 0.0) return weight;
  return strength * fabs(exc) / fmax(sum, 3.0 * flat * objective->height * objective->width);
}

typedef double image_term(const float *image, int height, int width, double weight, int threads,
                          float *dimage);

/* A term on the image; *weight becomes the one that it has in the total. */
static double add_image_term(const vs_objective *objective, image_term *term, const float *image,
                             double strength, double exc, double flat, double share, double *weight,
                             float *dimage) {
  const int height = objective->height, width = objective->width;
  double sum = 0.0;
  if (strength > 0.0) sum = term(image, height, width, 0.0, objective->threads, NULL);
  *weight = share * term_weight(objective, *weight, strength, exc, sum, flat);
  if (strength > 0.0 && dimage == NULL) return sum;
  return term(image, height, width, dimage != NULL ? *weight : 0.0, objective->threads, dimage);
}

vs_losses vs_objective_evaluate(vs_objective *objective, const float *image,
                                const vs_balance *balance, float *dimage) {
  const vs_objective_spec *spec = &objective->spec;
  const bool differentiate = dimage != NULL;
  vs_net_forward(objective->net, image);
  vs_losses losses = {.exc_loss = excitation_loss(objective),
                      .exc_pre = excitation_before(objective)};
  losses.style_dist = style_distance(objective, differentiate ? balance->lambda : 0.0);
  losses.style_reg = balance->lambda * losses.style_dist;
  if (differentiate) {
    if (balance->excitation != 0.0) excite(objective, balance);
    vs_net_backward(objective->net, dimage);
    if (spec->zero_below > 0.0)
      drop_rounding(spec->zero_below, dimage,
                    3 * (size_t)objective->height * (size_t)objective->width);
  }
  double tv = spec->tv, l2 = spec->l2;
  losses.tv = add_image_term(objective, vs_smoothness_total_variation, image, spec->tv_strength,
                             losses.exc_loss, VS_FLAT_TV, balance->image_terms, &tv, dimage);
  losses.l2 = add_image_term(objective, vs_smoothness_grey_l2, image, spec->l2_strength,
                             losses.exc_loss, VS_FLAT_L2, balance->image_terms, &l2, dimage);
  losses.total =
      balance->excitation * losses.exc_loss + losses.style_reg + tv * losses.tv + l2 * losses.l2;
  return losses;
}

int vs_objective_last_conv(const vs_objective_spec *spec) {
  int last = conv_of(spec->tap);
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (spec->style_taps[tap] && conv_of(tap) > last) last = conv_of(tap);
  return last;
}

int vs_objective_only_channel(const vs_objective_spec *spec, int conv) {
  return conv == vs_objective_last_conv(spec) ? only_channel_of(spec) : VS_CONV_ALL_CHANNELS;
}

double vs_objective_macs(const vs_objective_spec *spec, int height, int width) {
  const int last = vs_objective_last_conv(spec);
  double macs = 0.0;
  for (int conv = 0; conv <= last; conv++) {
    const int tap = vs_vgg16_tap_of_conv(conv), only = vs_objective_only_channel(spec, conv);
    macs += 2.0 * vs_conv_macs(vs_vgg16_in_channels(conv), vs_vgg16_tap(tap)->channels,
                               vs_vgg16_side_at(tap, height), vs_vgg16_side_at(tap, width), only);
  }
  return macs;
}
