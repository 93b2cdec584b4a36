/* gram_probe.c - the probe's tap, its small net's view, and the sketch of what it sees. */
#include "core/optimize/gram_probe.h"

#include <math.h>

#include "core/base/random.h"

static int conv_of(int tap) {
  return vs_vgg16_tap(tap)->conv;
}

/* Whether a term of the loss reads this convolution; *deepest is the last one that any reads. */
static bool loss_reads(const vs_objective_spec *spec, int conv, int *deepest) {
  bool reads = conv_of(spec->tap) == conv;
  *deepest = conv_of(spec->tap);
  for (int tap = 0; tap < VS_VGG_TAPS; tap++) {
    if (!spec->style_taps[tap]) continue;
    reads = reads || conv_of(tap) == conv;
    if (conv_of(tap) > *deepest) *deepest = conv_of(tap);
  }
  return reads;
}

int vs_gram_probe_tap(const vs_objective_spec *spec) {
  static const char *const names[] = {"relu1_2", "relu2_2", "relu1_1", "relu3_3"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const int tap = vs_vgg16_find_tap(names[i]);
    int deepest;
    if (!loss_reads(spec, conv_of(tap), &deepest) && conv_of(tap) <= deepest) return tap;
  }
  return -1;
}

static int shrink_for(int height, int width) {
  const int longer = height > width ? height : width, shorter = height < width ? height : width;
  const int wanted = (longer + VS_GRAM_PROBE_SIDE - 1) / VS_GRAM_PROBE_SIDE;
  const int max = shorter / VS_VGG_MIN_SIDE;
  return wanted < max ? wanted : max;
}

vs_gram_probe vs_gram_probe_plan(const vs_objective_spec *spec, int height, int width,
                                 vs_arena *arena) {
  vs_gram_probe probe = {
      .tap = vs_gram_probe_tap(spec), .height = height, .width = width, .shrink = 1};
  if (probe.tap < 0) return probe;
  const size_t channels = (size_t)vs_vgg16_tap(probe.tap)->channels;
  probe.shrink = shrink_for(height, width);
  probe.seen =
      vs_arena_floats(arena, 3 * (size_t)(height / probe.shrink) * (size_t)(width / probe.shrink));
  probe.scratch = vs_arena_floats(
      arena,
      vs_gram_scratch_floats(vs_vgg16_side_at(probe.tap, height / probe.shrink),
                             vs_vgg16_side_at(probe.tap, width / probe.shrink), (int)channels));
  probe.style = vs_arena_floats(arena, channels * channels);
  probe.gram = vs_arena_floats(arena, channels * channels);
  return probe;
}

vs_net *vs_gram_probe_net(const vs_gram_probe *probe, const vs_weights *weights,
                          vs_conv_algorithm algorithm, int threads, vs_arena *arena) {
  if (probe->tap < 0) return NULL;
  vs_net_options options = {.height = probe->height / probe->shrink,
                            .width = probe->width / probe->shrink,
                            .only_channel = VS_CONV_ALL_CHANNELS,
                            .algorithm = algorithm,
                            .threads = threads};
  options.taps[probe->tap] = true;
  return vs_net_new(&options, weights, arena);
}

/* Means over squares of `shrink` pixels a side; what is left over at the right and below is not
 * seen. */
static void shrink(const vs_gram_probe *probe, const float *rgb) {
  const int f = probe->shrink, height = probe->height / f, width = probe->width / f;
  float *out = probe->seen;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++) {
        double sum = 0.0;
        for (int v = 0; v < f; v++)
          for (int u = 0; u < f; u++)
            sum += rgb[3 * ((size_t)(y * f + v) * (size_t)probe->width + (size_t)(x * f + u)) +
                       (size_t)c];
        *out++ = (float)(sum / (f * f));
      }
}

static void compute_gram(const vs_gram_probe *probe, vs_net *net, const float *rgb, float *gram) {
  shrink(probe, rgb);
  vs_net_forward(net, probe->seen);
  const vs_activation activation = vs_net_activation(net, probe->tap);
  vs_gram(&activation, 1, probe->scratch, gram);
}

void vs_gram_probe_set_style(vs_gram_probe *probe, vs_net *net, const float *style_rgb) {
  if (probe->tap >= 0) compute_gram(probe, net, style_rgb, probe->style);
}

void vs_gram_probe_measure(vs_gram_probe *probe, vs_net *net, const float *rgb,
                           vs_measurements *measurements) {
  if (probe->tap < 0) return;
  const int channels = vs_vgg16_tap(probe->tap)->channels;
  double apart = 0.0, whole = 0.0;
  compute_gram(probe, net, rgb, probe->gram);
  for (size_t i = 0; i < (size_t)channels * (size_t)channels; i++) {
    const double difference = (double)probe->gram[i] - (double)probe->style[i];
    apart += difference * difference;
    whole += (double)probe->style[i] * (double)probe->style[i];
  }
  measurements->gram_tap = probe->tap;
  measurements->gram_style = whole > 0.0 ? sqrt(apart / whole) : NAN;
  vs_gram_probe_sketch(probe->gram, channels, measurements->sketch);
}

void vs_gram_probe_sketch(const float *gram, int n, float sketch[VS_SKETCH]) {
  const vs_random_key key = vs_random_make_key(0, VS_RANDOM_SKETCH, 0);
  double sum[VS_SKETCH] = {0};
  uint64_t entry = 0; /* 64 signs each: words 2 entry and 2 entry + 1 of the key */
  for (int i = 0; i < n; i++)
    for (int j = i; j < n; j++, entry++) {
      const double value =
          (i == j ? 1.0 : sqrt(2.0)) * (double)gram[(size_t)i * (size_t)n + (size_t)j];
      const uint64_t signs = (uint64_t)vs_random_bits(key, 2 * entry) |
                             (uint64_t)vs_random_bits(key, 2 * entry + 1) << 32;
      for (int k = 0; k < VS_SKETCH; k++) sum[k] += (signs >> k & 1) ? value : -value;
    }
  for (int k = 0; k < VS_SKETCH; k++) sketch[k] = (float)(sum[k] / sqrt(VS_SKETCH));
}
