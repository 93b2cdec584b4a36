/* Resizing against Pillow, and the builtin Mondrian. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/mondrian.h"
#include "core/image/resize.h"
#include "tests/support/golden.h"

/* Values in 0..1; Pillow and we accumulate in double and round to float twice, once a direction:
 * two units in the last place of 1. */
static const double resize_tolerance = 2.0 * 0x1p-23;

/* Sums of float areas per pixel, and a mean over at most 512 x 512 of them. */
static const double area_tolerance = 1e-5;

enum { IN_HEIGHT = 23, IN_WIDTH = 31 };

static void resizing_agrees_with_pillow(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {2, 45}, {9, 7}, {23, 12}, {29, 31}, {37, 50}};
  float *in = golden_floats("resize_in", IN_HEIGHT * IN_WIDTH * 3);
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    int height = sizes[k][0], width = sizes[k][1];
    size_t count = (size_t)height * (size_t)width * 3;
    char name[64];
    snprintf(name, sizeof name, "resize_%dx%d", height, width);
    float *expected = golden_floats(name, count), *out = malloc(count * sizeof *out);
    assert_non_null(out);
    assert_ok(vs_resize(in, IN_HEIGHT, IN_WIDTH, out, height, width));
    double worst = 0.0;
    for (size_t i = 0; i < count; i++)
      worst = larger(worst, fabs((double)out[i] - (double)expected[i]));
    if (!(worst <= resize_tolerance)) fail_msg("%s: off by %g", name, worst);
    free(out);
    free(expected);
  }
  free(in);
}

static void equal_sizes_copy(void **state) {
  (void)state;
  float in[3 * 5 * 3], out[3 * 5 * 3];
  for (int i = 0; i < 45; i++) in[i] = (float)i * 0.37f;
  assert_ok(vs_resize(in, 3, 5, out, 3, 5));
  assert_memory_equal(in, out, sizeof in);
}

/* The mean of each channel over the composition is an area, so it is the same at every size. */
static void the_mondrian_is_the_same_at_every_size(void **state) {
  (void)state;
  static const int sizes[] = {1, 2, 7, 32, 96, 224, 333, 512};
  double known[3] = {0.0, 0.0, 0.0};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    size_t positions = (size_t)sizes[k] * (size_t)sizes[k];
    float *rgb = malloc(positions * 3 * sizeof *rgb);
    assert_non_null(rgb);
    vs_mondrian_draw(rgb, sizes[k]);
    double mean[3] = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < positions * 3; i++) {
      assert_true(rgb[i] >= 0.0f && rgb[i] <= 1.0f);
      mean[i % 3] += (double)rgb[i] / (double)positions;
    }
    for (int c = 0; c < 3; c++) {
      if (k == 0) known[c] = mean[c];
      if (!(fabs(mean[c] - known[c]) <= area_tolerance))
        fail_msg("size %d, channel %d: mean %.8f, not %.8f", sizes[k], c, mean[c], known[c]);
    }
    free(rgb);
  }
}

typedef struct shares {
  double white, black, red, blue, yellow;
} shares;

static shares count_colours(const float *rgb, size_t positions) {
  shares found = {0};
  double one = 1.0 / (double)positions;
  for (size_t i = 0; i < positions; i++, rgb += 3) {
    bool r = rgb[0] > 0.5f, g = rgb[1] > 0.5f, b = rgb[2] > 0.5f;
    if (r && g && b) found.white += one;
    if (!r && !g && !b) found.black += one;
    if (r && !g && !b) found.red += one;
    if (!r && !g && b) found.blue += one;
    if (r && g && !b) found.yellow += one;
  }
  return found;
}

static void the_mondrian_is_mostly_white_with_black_bars_and_three_colours(void **state) {
  (void)state;
  enum { SIZE = 224 };
  static float rgb[SIZE * SIZE * 3], again[SIZE * SIZE * 3];
  vs_mondrian_draw(rgb, SIZE);
  vs_mondrian_draw(again, SIZE);
  assert_memory_equal(rgb, again, sizeof rgb);
  shares found = count_colours(rgb, SIZE * SIZE);
  assert_true(found.white > 0.74 && found.white < 0.80);
  assert_true(found.black > 0.10 && found.black < 0.15);
  assert_true(found.red > 0.02 && found.blue > 0.02 && found.yellow > 0.02);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(resizing_agrees_with_pillow),
      cmocka_unit_test(equal_sizes_copy),
      cmocka_unit_test(the_mondrian_is_the_same_at_every_size),
      cmocka_unit_test(the_mondrian_is_mostly_white_with_black_bars_and_three_colours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
