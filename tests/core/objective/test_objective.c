/* The net and the objective on random weights: one-channel against all-channel computation,
 * derivatives against differences, the rescue of dead channels, the three forms of the style
 * distance. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/objective/gram.h"
#include "core/objective/objective.h"
#include "core/objective/smoothness.h"
#include "core/tensor/blas.h"
#include "tests/support/floats.h"
#include "tests/support/net_fixture.h"

/* float32 products summed in another order, through up to 4 layers */
static const double same_tolerance = 1e-5;
/* A difference quotient of a piecewise linear net: kinks of ReLU and pool within the step, which is
 * 1e-3 of the image's range, and float32 losses. */
static const double difference_tolerance = 1e-2;

enum { HEIGHT = 37, WIDTH = 44, COUNT = 3 * HEIGHT * WIDTH };

static vs_weights weights; /* conv1_1 .. conv3_1 */

static int set_up(void **state) {
  (void)state;
  if (vs_blas_init() != VS_OK) return 1;
  fixture_weights(&weights, 4);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  vs_weights_clear(&weights);
  return 0;
}

static void fill_image(float *image, size_t count, uint32_t step) {
  vs_random_key key = vs_random_make_key(9, VS_RANDOM_TEST, step);
  for (size_t i = 0; i < count; i++) image[i] = vs_random_uniform(key, i);
}

typedef struct bench {
  vs_arena arena;
  vs_objective *objective;
} bench;

static bench make(const vs_objective_spec *spec, vs_conv_algorithm algorithm) {
  bench b;
  vs_arena measure = vs_arena_measure();
  assert_null(vs_objective_new(spec, HEIGHT, WIDTH, NULL, algorithm, 2, &measure));
  assert_ok(vs_arena_init(&b.arena, measure.used_bytes));
  b.objective = vs_objective_new(spec, HEIGHT, WIDTH, &weights, algorithm, 2, &b.arena);
  assert_int_equal(b.arena.used_bytes, measure.used_bytes);
  static float style[COUNT];
  fill_image(style, COUNT, 99);
  for (size_t i = 0; i < COUNT; i++) style[i] = style[i] > 0.2f ? 1.0f : 0.0f;
  vs_objective_set_style(b.objective, style);
  return b;
}

static vs_objective_spec spec_for(const char *tap, int channel, const char *style_tap) {
  vs_objective_spec spec = {.tap = vs_vgg16_find_tap(tap), .channel = channel};
  spec.style_taps[vs_vgg16_find_tap(style_tap)] = true;
  return spec;
}

static const vs_balance plain_balance = {.excitation = 1.0, .lambda = 30.0, .image_terms = 1.0};

static void fast_and_plain_convolutions_agree(void **state) {
  (void)state;
  static const char *const taps[] = {"conv1_1", "relu1_2", "pool1",  "conv2_2",
                                     "relu2_2", "pool2",   "relu3_1"};
  static float image[COUNT], fast_gradient[COUNT], plain_gradient[COUNT];
  fill_image(image, COUNT, 1);
  for (size_t t = 0; t < sizeof taps / sizeof *taps; t++) {
    vs_objective_spec spec = spec_for(taps[t], 11, "relu2_1");
    bench fast = make(&spec, VS_CONV_FAST), plain = make(&spec, VS_CONV_REFERENCE);
    vs_losses a = vs_objective_evaluate(fast.objective, image, &plain_balance, fast_gradient);
    vs_losses b = vs_objective_evaluate(plain.objective, image, &plain_balance, plain_gradient);
    assert_true(fabs(a.exc_loss - b.exc_loss) <= same_tolerance * fabs(b.exc_loss));
    assert_true(fabs(a.style_dist - b.style_dist) <= same_tolerance * b.style_dist);
    /* a near tie in a pool may fall the other way: a few positions of the gradient move */
    assert_true(relative_distance(fast_gradient, plain_gradient, COUNT) < 1e-3);
    vs_arena_clear(&fast.arena);
    vs_arena_clear(&plain.arena);
  }
}

static int count_other_than_zero(const float *values, const float *where_zero) {
  int count = 0;
  for (size_t i = 0; i < COUNT; i++) count += where_zero[i] == 0.0f && values[i] != 0.0f;
  return count;
}

/* Where no path leads from a pixel to the excitation its gradient is 0, exactly as in the plain
 * convolution, and all that is larger than rounding is as it was. */
static void zero_stays_zero(void **state) {
  (void)state;
  static float image[COUNT], exact[COUNT], rounded[COUNT], cleaned[COUNT];
  const vs_balance excitation = {.excitation = 1.0};
  fill_image(image, COUNT, 7);
  for (size_t i = 0; i < COUNT; i++)
    if (i / 3 % WIDTH > 9) image[i] = 0.5f + 0.01f * image[i]; /* nearly grey, as runs start */
  int with_zeros = 0, left_by_rounding = 0;
  for (int channel = 0; channel < 12; channel++) {
    vs_objective_spec spec = spec_for("relu3_1", channel, "relu1_1"), clean = spec;
    clean.zero_below = 3e-7;
    bench plain = make(&spec, VS_CONV_REFERENCE), fast = make(&spec, VS_CONV_FAST),
          fine = make(&clean, VS_CONV_FAST);
    vs_objective_evaluate(plain.objective, image, &excitation, exact);
    vs_objective_evaluate(fast.objective, image, &excitation, rounded);
    vs_objective_evaluate(fine.objective, image, &excitation, cleaned);
    double largest = 0.0;
    for (size_t i = 0; i < COUNT; i++) /* as fmax, gcc 12.2 for arm64 ends in an internal error */
      if (fabs((double)rounded[i]) > largest) largest = fabs((double)rounded[i]);
    for (size_t i = 0; i < COUNT; i++) {
      with_zeros += exact[i] == 0.0f;
      if (fabs((double)rounded[i]) >= 3e-7 * largest) assert_true(cleaned[i] == rounded[i]);
    }
    left_by_rounding += count_other_than_zero(rounded, exact);
    assert_int_equal(count_other_than_zero(cleaned, exact), 0);
    vs_arena_clear(&plain.arena);
    vs_arena_clear(&fast.arena);
    vs_arena_clear(&fine.arena);
  }
  assert_true(with_zeros > COUNT && left_by_rounding > 0); /* of 12 COUNT */
}

/* A style tap at the excited layer forces all channels to be computed; at lambda 0 nothing else
 * changes. */
static void one_channel_alone_gives_the_same(void **state) {
  (void)state;
  static float image[COUNT], one_gradient[COUNT], all_gradient[COUNT];
  fill_image(image, COUNT, 2);
  const vs_balance excitation = {.excitation = 1.0};
  vs_objective_spec one = spec_for("relu2_2", 100, "relu1_2"),
                    all = spec_for("relu2_2", 100, "relu2_2");
  bench a = make(&one, VS_CONV_FAST), b = make(&all, VS_CONV_FAST);
  vs_losses x = vs_objective_evaluate(a.objective, image, &excitation, one_gradient);
  vs_losses y = vs_objective_evaluate(b.objective, image, &excitation, all_gradient);
  assert_true(fabs(x.exc_loss - y.exc_loss) <= same_tolerance * fabs(y.exc_loss));
  assert_true(relative_distance(one_gradient, all_gradient, COUNT) < same_tolerance);
  assert_true(vs_objective_macs(&one, HEIGHT, WIDTH) < vs_objective_macs(&all, HEIGHT, WIDTH));
  vs_arena_clear(&a.arena);
  vs_arena_clear(&b.arena);
}

static void the_gradient_is_the_slope(void **state) {
  (void)state;
  static const vs_style_norm norms[] = {VS_STYLE_FROBENIUS, VS_STYLE_GATYS, VS_STYLE_MSE};
  static const double lambdas[] = {30.0, 30.0, 30000.0}; /* of one size in the total */
  static float image[COUNT], gradient[COUNT], direction[COUNT], moved[COUNT];
  fill_image(image, COUNT, 3);
  for (size_t n = 0; n < 3; n++) {
    vs_objective_spec spec = spec_for("conv2_1", 5, "relu2_1");
    spec.style_taps[vs_vgg16_find_tap("relu1_1")] = true;
    spec.style_norm = norms[n];
    spec.tv = 0.1;
    spec.l2 = 0.5;
    bench b = make(&spec, VS_CONV_REFERENCE);
    const vs_balance balance = {.excitation = 1.0, .lambda = lambdas[n], .image_terms = 1.0};
    vs_objective_evaluate(b.objective, image, &balance, gradient);
    /* along the gradient the slope is largest, and so the quotient's own error smallest */
    double norm = 0.0;
    for (size_t i = 0; i < COUNT; i++) norm += (double)gradient[i] * (double)gradient[i];
    norm = sqrt(norm);
    const double step = 1e-3 * sqrt((double)COUNT);
    double totals[2];
    for (int side = 0; side < 2; side++) {
      for (size_t i = 0; i < COUNT; i++) {
        direction[i] = (float)((double)gradient[i] / norm);
        moved[i] = image[i] + (float)((side ? 0.5 : -0.5) * step) * direction[i];
      }
      totals[side] = vs_objective_evaluate(b.objective, moved, &balance, NULL).total;
    }
    const double slope = (totals[1] - totals[0]) / step;
    assert_true(fabs(slope - norm) < difference_tolerance * norm);
    vs_arena_clear(&b.arena);
  }
}

/* With strengths the gradient is that of -log(-exc) + s log TV + t log L2, times -exc. */
static void strengths_are_scale_free(void **state) {
  (void)state;
  static float image[COUNT], gradient[COUNT], moved[COUNT];
  fill_image(image, COUNT, 8);
  vs_objective_spec spec = spec_for("relu2_1", 5, "relu1_1");
  spec.tv_strength = 0.3;
  spec.l2_strength = 0.2;
  bench b = make(&spec, VS_CONV_REFERENCE);
  const vs_balance balance = {.excitation = 1.0, .image_terms = 1.0};
  const vs_losses losses = vs_objective_evaluate(b.objective, image, &balance, gradient);
  const vs_losses blind = vs_objective_evaluate(b.objective, image, &balance, NULL);
  assert_true(losses.exc_loss < 0.0 && blind.tv == losses.tv && blind.total == losses.total);
  assert_true(fabs(losses.total - 0.5 * losses.exc_loss) < 1e-9 * fabs(losses.exc_loss));
  double norm = 0.0, value[2];
  for (size_t i = 0; i < COUNT; i++) norm += (double)gradient[i] * (double)gradient[i];
  norm = sqrt(norm);
  const double step = 1e-3 * sqrt((double)COUNT);
  for (int side = 0; side < 2; side++) {
    for (size_t i = 0; i < COUNT; i++)
      moved[i] = image[i] + (float)((side ? 0.5 : -0.5) * step * (double)gradient[i] / norm);
    const vs_losses at = vs_objective_evaluate(b.objective, moved, &balance, NULL);
    value[side] = -log(-at.exc_loss) + 0.3 * log(at.tv) + 0.2 * log(at.l2);
  }
  const double slope = (value[1] - value[0]) / step * -losses.exc_loss;
  assert_true(fabs(slope - norm) < difference_tolerance * norm);
  vs_arena_clear(&b.arena);
}

/* Nothing is divided by 0: a flat picture, and a channel that sleeps. */
static void strengths_have_their_limits(void **state) {
  (void)state;
  static float image[COUNT], gradient[COUNT], plain[COUNT];
  vs_objective_spec spec = spec_for("relu2_2", 17, "relu1_1"), without = spec;
  spec.tv_strength = spec.l2_strength = 1.0;
  const vs_balance balance = {.excitation = 1.0, .image_terms = 1.0};
  bench b = make(&spec, VS_CONV_FAST), none = make(&without, VS_CONV_FAST);
  for (size_t i = 0; i < COUNT; i++) image[i] = 0.5f;
  const vs_losses flat = vs_objective_evaluate(b.objective, image, &balance, gradient);
  vs_objective_evaluate(none.objective, image, &balance, plain);
  assert_true(flat.tv == 0.0 && flat.l2 == 0.0 && isfinite(flat.total));
  assert_memory_equal(gradient, plain, sizeof plain);
  float *bias =
      (float *)weights.conv[3].bias + 17; /* of conv2_2, in a block of the fixture's own */
  const float usual_bias = *bias;
  *bias = -1e4f;
  fill_image(image, COUNT, 9);
  const vs_losses asleep = vs_objective_evaluate(b.objective, image, &balance, gradient);
  *bias = usual_bias;
  assert_true(asleep.exc_loss == 0.0 && asleep.total == 0.0 && asleep.tv > 0.0);
  for (size_t i = 0; i < COUNT; i++) assert_true(gradient[i] == 0.0f);
  vs_arena_clear(&b.arena);
  vs_arena_clear(&none.arena);
}

/* The weighted sum of the distances, and of their gradients. */
static void style_layers_have_weights(void **state) {
  (void)state;
  static const struct {
    const char *first, *second;
    double weights[2];
  } cases[] = {{"relu1_1", NULL, {0}}, {"relu2_1", NULL, {0}}, {"relu1_1", "relu2_1", {2.0, 0.25}}};
  static float image[COUNT], gradient[3][COUNT];
  const vs_balance style = {.lambda = 30.0};
  double distance[3];
  fill_image(image, COUNT, 10);
  for (size_t i = 0; i < 3; i++) {
    vs_objective_spec spec = spec_for("relu2_1", 5, cases[i].first);
    if (cases[i].second != NULL) spec.style_taps[vs_vgg16_find_tap(cases[i].second)] = true;
    memcpy(spec.style_weights, cases[i].weights, sizeof cases[i].weights);
    bench b = make(&spec, VS_CONV_FAST);
    const vs_losses losses = vs_objective_evaluate(b.objective, image, &style, gradient[i]);
    distance[i] = losses.style_dist;
    assert_true(losses.style_reg == 30.0 * distance[i]);
    vs_arena_clear(&b.arena);
  }
  assert_true(fabs(distance[2] / (2.0 * distance[0] + 0.25 * distance[1]) - 1.0) < same_tolerance);
  for (size_t i = 0; i < COUNT; i++)
    gradient[0][i] = 2.0f * gradient[0][i] + 0.25f * gradient[1][i];
  assert_true(relative_distance(gradient[2], gradient[0], COUNT) < same_tolerance);
}

static void the_forms_of_the_distance_are_related(void **state) {
  (void)state;
  static float image[COUNT];
  fill_image(image, COUNT, 4);
  double distance[3];
  for (int n = 0; n < 3; n++) {
    vs_objective_spec spec = spec_for("relu1_1", 0, "relu2_1");
    spec.style_norm = (vs_style_norm)n;
    bench b = make(&spec, VS_CONV_FAST);
    distance[n] = vs_objective_evaluate(b.objective, image, &plain_balance, NULL).style_dist;
    vs_arena_clear(&b.arena);
  }
  const double n2 = distance[VS_STYLE_FROBENIUS] * distance[VS_STYLE_FROBENIUS];
  assert_true(fabs(distance[VS_STYLE_GATYS] / (n2 / 4.0) - 1.0) < same_tolerance);
  assert_true(fabs(distance[VS_STYLE_MSE] / (n2 / (128.0 * 128.0)) - 1.0) < same_tolerance);
}

static void a_dead_channel_is_rescued(void **state) {
  (void)state;
  static float image[COUNT], gradient[COUNT];
  fill_image(image, COUNT, 5);
  const int channel = 17, last = 3;                         /* conv2_2 */
  float *bias = (float *)weights.conv[last].bias + channel; /* in a block of the fixture's own */
  const float usual_bias = *bias;
  *bias = -1e4f;
  static const char *const taps[] = {"relu2_2", "pool2"};
  for (size_t t = 0; t < 2; t++) {
    vs_objective_spec spec = spec_for(taps[t], channel, "relu1_1");
    bench b = make(&spec, VS_CONV_FAST);
    vs_balance balance = {.excitation = 1.0};
    vs_losses losses = vs_objective_evaluate(b.objective, image, &balance, gradient);
    assert_true(losses.exc_loss == 0.0);
    for (size_t i = 0; i < COUNT; i++) assert_true(gradient[i] == 0.0f);
    balance.rescue = true;
    vs_objective_evaluate(b.objective, image, &balance, gradient);
    double size = 0.0;
    for (size_t i = 0; i < COUNT; i++) size += fabs((double)gradient[i]);
    assert_true(size > 0.0);
    vs_arena_clear(&b.arena);
  }
  *bias = usual_bias;
}

static void image_terms_match_their_differences(void **state) {
  (void)state;
  enum { H = 5, W = 4, N = 3 * H * W };
  float image[N], tv_gradient[N] = {0}, l2_gradient[N] = {0};
  fill_image(image, N, 6);
  const double tv = vs_smoothness_total_variation(image, H, W, 2.0, 1, tv_gradient);
  const double l2 = vs_smoothness_grey_l2(image, H, W, 3.0, 1, l2_gradient);
  assert_true(tv > 0.0 && l2 > 0.0);
  const float step = 0x1p-10f;
  for (size_t i = 0; i < N; i++) {
    const float at = image[i];
    image[i] = at + step;
    double tv_up = vs_smoothness_total_variation(image, H, W, 0.0, 1, NULL),
           l2_up = vs_smoothness_grey_l2(image, H, W, 0.0, 1, NULL);
    image[i] = at - step;
    double tv_down = vs_smoothness_total_variation(image, H, W, 0.0, 1, NULL);
    double l2_down = vs_smoothness_grey_l2(image, H, W, 0.0, 1, NULL);
    image[i] = at;
    /* the second derivative of a length of about .3 is at most 1/.3: error of the quotient about
     * 1e-3 */
    assert_true(fabs(2.0 * (tv_up - tv_down) / (2.0 * (double)step) - (double)tv_gradient[i]) <
                2e-2);
    assert_true(fabs(3.0 * (l2_up - l2_down) / (2.0 * (double)step) - (double)l2_gradient[i]) <
                1e-4);
  }
}

static void image_terms_do_not_depend_on_threads(void **state) {
  (void)state;
  static float image[COUNT], alone[COUNT], shared[COUNT];
  fill_image(image, COUNT, 7);
  for (int threads = 2; threads <= 5; threads++) {
    fill_image(alone, COUNT, 8); /* added to */
    memcpy(shared, alone, sizeof alone);
    assert_true(vs_smoothness_total_variation(image, HEIGHT, WIDTH, 0.3, 1, alone) ==
                vs_smoothness_total_variation(image, HEIGHT, WIDTH, 0.3, threads, shared));
    assert_true(vs_smoothness_grey_l2(image, HEIGHT, WIDTH, 0.3, 1, alone) ==
                vs_smoothness_grey_l2(image, HEIGHT, WIDTH, 0.3, threads, shared));
    assert_memory_equal(alone, shared, sizeof alone);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fast_and_plain_convolutions_agree),
      cmocka_unit_test(zero_stays_zero),
      cmocka_unit_test(one_channel_alone_gives_the_same),
      cmocka_unit_test(the_gradient_is_the_slope),
      cmocka_unit_test(strengths_are_scale_free),
      cmocka_unit_test(strengths_have_their_limits),
      cmocka_unit_test(style_layers_have_weights),
      cmocka_unit_test(the_forms_of_the_distance_are_related),
      cmocka_unit_test(a_dead_channel_is_rescued),
      cmocka_unit_test(image_terms_match_their_differences),
      cmocka_unit_test(image_terms_do_not_depend_on_threads),
  };
  return cmocka_run_group_tests_name("objective", tests, set_up, tear_down);
}
