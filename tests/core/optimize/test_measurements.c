/* What is measured of a finished picture: random pictures, sketches, and the tap outside the loss.
 */
#include "tests/support/unit.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/image/random_field.h"
#include "core/optimize/gram_probe.h"

/* --- random pictures -------------------------------------------------------------------------- */

static void fields_depend_on_their_key_alone(void **state) {
  (void)state;
  enum { H = 40, W = 56 };
  static float a[H * W * 3], b[H * W * 3], other[H * W * 3];
  vs_random_field_draw(vs_random_make_key(0, VS_RANDOM_PICTURE, 0), a, H, W);
  vs_random_field_draw(vs_random_make_key(0, VS_RANDOM_PICTURE, 0), b, H, W);
  vs_random_field_draw(vs_random_make_key(0, VS_RANDOM_PICTURE, 1), other, H, W);
  assert_memory_equal(a, b, sizeof a);
  double mean = 0.0, difference = 0.0, step = 0.0;
  for (size_t i = 0; i < H * W * 3; i++) {
    assert_true(a[i] >= 0.0f && a[i] <= 1.0f);
    mean += (double)a[i] / (H * W * 3);
    difference += fabs((double)(a[i] - other[i])) / (H * W * 3);
    if (i >= 3) step += fabs((double)(a[i] - a[i - 3])) / (H * W * 3);
  }
  assert_true(mean > 0.35 && mean < 0.65); /* 4 x 4 cells decide most: sd of the mean about .05 */
  assert_true(difference > 0.1);
  assert_true(step < difference / 2.0); /* smooth: neighbours are nearer than strangers */
}

/* A pixel of the small picture is about the mean of the four in its place. The finest cells of 32 a
 * side are 2 px wide in the small one, so that bilinear interpolation bends inside some of them. */
static void fields_are_the_same_at_every_size(void **state) {
  (void)state;
  enum { SIDE = 64 };
  static float small[SIDE * SIDE * 3], large[4 * SIDE * SIDE * 3];
  const vs_random_key key = vs_random_make_key(0, VS_RANDOM_PICTURE, 3);
  vs_random_field_draw(key, small, SIDE, SIDE);
  vs_random_field_draw(key, large, 2 * SIDE, 2 * SIDE);
  double apart = 0.0;
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      const float *p = large + 3 * ((size_t)(2 * y) * 2 * SIDE + (size_t)(2 * x));
      double mean =
          ((double)p[0] + (double)p[3] + (double)p[6 * SIDE] + (double)p[6 * SIDE + 3]) / 4;
      apart = fmax(apart, fabs(mean - (double)small[3 * (y * SIDE + x)]));
    }
  assert_true(apart < 0.05);
}

/* --- sketches --------------------------------------------------------------------------------- */

enum { N = 64 };

/* A symmetric matrix of normal numbers. */
static void fill_symmetric(uint32_t number, float *matrix) {
  const vs_random_key key = vs_random_make_key(7, VS_RANDOM_TEST, number);
  for (size_t i = 0; i < N; i++)
    for (size_t j = i; j < N; j++)
      matrix[i * N + j] = matrix[j * N + i] = vs_random_normal(key, i * N + j);
}

static double distance(const float *a, const float *b, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++)
    sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
  return sqrt(sum);
}

/* Over 100 pairs: ratios of sketched and true distances have a mean of 1 and a standard deviation
 * of 8.8% at most (measurements.h), so their mean lies within 3% (3.4 standard errors) and each
 * within 40% (4.5 deviations). */
static void sketches_keep_distances(void **state) {
  (void)state;
  enum { PAIRS = 100 };
  static float a[N * N], b[N * N];
  double mean = 0.0, squares = 0.0;
  for (uint32_t pair = 0; pair < PAIRS; pair++) {
    float sketch_a[VS_SKETCH], sketch_b[VS_SKETCH];
    fill_symmetric(2 * pair, a);
    fill_symmetric(2 * pair + 1, b);
    vs_gram_probe_sketch(a, N, sketch_a);
    vs_gram_probe_sketch(b, N, sketch_b);
    double ratio = distance(sketch_a, sketch_b, VS_SKETCH) / distance(a, b, (size_t)N * N);
    assert_true(ratio > 0.6 && ratio < 1.4);
    mean += ratio / PAIRS;
    squares += ratio * ratio / PAIRS;
  }
  assert_true(fabs(mean - 1.0) < 0.03);
  double sd = sqrt(squares - mean * mean);
  assert_true(sd > 0.05 && sd < 0.12);
}

static void sketches_are_linear(void **state) {
  (void)state;
  static float a[N * N], twice[N * N];
  float sketch[VS_SKETCH], sketch_twice[VS_SKETCH], again[VS_SKETCH];
  fill_symmetric(1, a);
  for (size_t i = 0; i < (size_t)N * N; i++) twice[i] = 2.0f * a[i];
  vs_gram_probe_sketch(a, N, sketch);
  vs_gram_probe_sketch(a, N, again);
  vs_gram_probe_sketch(twice, N, sketch_twice);
  assert_memory_equal(sketch, again, sizeof sketch);
  for (int i = 0; i < VS_SKETCH; i++) assert_true(sketch_twice[i] == 2.0f * sketch[i]);
}

/* --- the tap ---------------------------------------------------------------------------------- */

static void the_tap_is_outside_the_loss(void **state) {
  (void)state;
  static const struct {
    const char *excited, *style, *style_too, *expected;
  } cases[] = {
      {"relu4_3", "relu2_2", NULL, "relu1_2"},      {"relu4_3", "relu1_2", NULL, "relu2_2"},
      {"relu4_3", "conv1_2", NULL, "relu2_2"}, /* the same convolution */
      {"relu1_2", "relu2_2", NULL, "relu1_1"},      {"relu1_1", "relu1_1", NULL, NULL},
      {"relu1_1", "relu1_2", NULL, NULL},           {"relu2_1", "relu1_2", NULL, "relu1_1"},
      {"relu4_3", "relu1_2", "relu2_2", "relu1_1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_objective_spec spec = {.tap = vs_vgg16_find_tap(cases[i].excited)};
    spec.style_taps[vs_vgg16_find_tap(cases[i].style)] = true;
    if (cases[i].style_too != NULL) spec.style_taps[vs_vgg16_find_tap(cases[i].style_too)] = true;
    int tap = vs_gram_probe_tap(&spec);
    assert_int_equal(tap, cases[i].expected == NULL ? -1 : vs_vgg16_find_tap(cases[i].expected));
  }
}

static void blanks_are_not_known(void **state) {
  (void)state;
  const vs_measurements blank = vs_measurements_blank();
  assert_true(isnan(blank.exc_style) && isnan(blank.exc_paper) && isnan(blank.exc_random_mean));
  assert_true(isnan(blank.exc_random_sd) && isnan(blank.coverage) && isnan(blank.edge_density));
  assert_true(isnan(blank.pre_eval) && isnan(blank.pre_random_sd) && isnan(blank.ink));
  assert_true(isnan(blank.gram_style) && isnan(blank.style_floor) &&
              isnan(blank.sketch[VS_SKETCH - 1]));
  assert_int_equal(blank.gram_tap, -1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_depend_on_their_key_alone),
      cmocka_unit_test(fields_are_the_same_at_every_size),
      cmocka_unit_test(sketches_keep_distances),
      cmocka_unit_test(sketches_are_linear),
      cmocka_unit_test(the_tap_is_outside_the_loss),
      cmocka_unit_test(blanks_are_not_known),
  };
  return cmocka_run_group_tests_name("measurements", tests, NULL, NULL);
}
