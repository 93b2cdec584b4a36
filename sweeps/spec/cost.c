/* cost.c - multiplications counted, and the machine timed on one run of the sweep. */
#include "sweeps/spec/cost.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/clock.h"

/* The way back costs about as much as the way forward, so looking without a gradient costs half. */
static const double forward_share = 0.5;

static double macs_per_evaluation(const vs_run_spec *spec) {
  const vs_window window = vs_stages_window(spec);
  const int border = 2 * spec->transforms.pad;
  return vs_objective_macs(&spec->objective, window.height + border, window.width + border);
}

static double macs_of_run(const vs_run_spec *spec) {
  const vs_run_evaluations evaluations = vs_run_count_evaluations(spec);
  return macs_per_evaluation(spec) *
         (evaluations.with_gradient + forward_share * evaluations.without);
}

/* What would come to the same size without smaller ones. */
static vs_run_spec without_levels(const vs_run_spec *spec) {
  vs_run_spec alone = *spec;
  alone.multiscale.levels = 1;
  alone.transforms.crop = 0;
  return alone;
}

vs_cost vs_cost_of_run(const vs_run_spec *spec, int threads) {
  const vs_run_spec alone = without_levels(spec);
  return (vs_cost){
      .macs_per_step = macs_per_evaluation(spec),
      .macs = macs_of_run(spec),
      .macs_alone = spec->multiscale.levels > 1 ? macs_of_run(&alone) : macs_of_run(spec),
      .memory_bytes = vs_run_memory_bytes(spec, VS_CONV_FAST, threads),
  };
}

size_t vs_cost_weights_bytes(int last_conv) {
  size_t bytes = 0;
  for (int conv = 0; conv <= last_conv; conv++)
    bytes += vs_conv_block_floats(vs_vgg16_in_channels(conv),
                                  vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels) *
             sizeof(float);
  return bytes;
}

/* --- calibration ------------------------------------------------------------------------------ */

enum { SIDE = 128, STREAM = 1 };

/* Uniform numbers of the variance that keeps activations in size (He et al., arXiv:1502.01852). */
static vs_status make_random_conv(vs_conv_weights *weights, int conv) {
  int in = vs_vgg16_in_channels(conv), out = vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels;
  size_t count = (size_t)in * (size_t)out * 9;
  float *kernel = malloc(count * sizeof *kernel), *bias = calloc((size_t)out, sizeof *bias);
  vs_status status = VS_ERR_MEMORY;
  if (kernel == NULL || bias == NULL) {
    vs_fail(VS_ERR_MEMORY, "no memory to measure the speed of this machine");
    goto done;
  }
  vs_random_key key = vs_random_make_key(STREAM, VS_RANDOM_TEST, (uint32_t)conv);
  float bound = (float)sqrt(6.0 / (9.0 * in));
  for (size_t i = 0; i < count; i++) kernel[i] = bound * (2.0f * vs_random_uniform(key, i) - 1.0f);
  status = vs_conv_weights_init(weights, in, out, kernel, bias);
done:
  free(kernel);
  free(bias);
  return status;
}

/* Evaluations a second, counted over `seconds` after one that fills the caches. */
static double measure_rate(vs_objective *objective, const float *image, float *dimage,
                           double seconds) {
  const vs_balance balance = {.excitation = 1, .lambda = 50, .image_terms = 1};
  vs_objective_set_style(objective, image);
  vs_objective_evaluate(objective, image, &balance, dimage);
  double start = vs_clock_seconds(), elapsed = 0;
  int count = 0;
  do {
    vs_objective_evaluate(objective, image, &balance, dimage);
    count++;
    elapsed = vs_clock_seconds() - start;
  } while (elapsed < seconds);
  return count / elapsed;
}

vs_status vs_cost_calibrate(int threads, double seconds, double *macs_per_second) {
  vs_objective_spec spec = {.tap = vs_vgg16_find_tap("relu3_3"), .style_norm = VS_STYLE_FROBENIUS};
  spec.style_taps[vs_vgg16_find_tap("relu2_2")] = true;
  vs_weights weights = {.family = VS_FAMILY_TORCHVISION};
  vs_arena arena = {0};
  vs_arena measure = vs_arena_measure();
  size_t pixels = (size_t)SIDE * SIDE * 3;
  float *image = malloc(pixels * sizeof *image), *dimage = malloc(pixels * sizeof *dimage);
  vs_status status = VS_OK;
  if (image == NULL || dimage == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to measure the speed of this machine");
    goto done;
  }
  for (int conv = 0; conv <= vs_vgg16_tap(spec.tap)->conv; conv++) {
    status = make_random_conv(&weights.conv[conv], conv);
    if (status != VS_OK) goto done;
  }
  vs_random_key key = vs_random_make_key(STREAM, VS_RANDOM_TEST, VS_VGG_CONVS);
  for (size_t i = 0; i < pixels; i++) image[i] = vs_random_uniform(key, i);
  vs_objective_new(&spec, SIDE, SIDE, NULL, VS_CONV_FAST, threads, &measure);
  status = vs_arena_init(&arena, measure.used_bytes);
  if (status != VS_OK) goto done;
  vs_objective *objective =
      vs_objective_new(&spec, SIDE, SIDE, &weights, VS_CONV_FAST, threads, &arena);
  *macs_per_second =
      measure_rate(objective, image, dimage, seconds) * vs_objective_macs(&spec, SIDE, SIDE);
done:
  vs_arena_clear(&arena);
  vs_weights_clear(&weights);
  free(image);
  free(dimage);
  return status;
}
