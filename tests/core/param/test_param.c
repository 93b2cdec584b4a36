/* The inverse FFT and its adjoint, and the parametrizations built on it. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/image/fft.h"
#include "core/param/param.h"
#include "tests/support/golden.h"

/* Relative L2. A transform of n values in float32 has an error of about log2(n) roundings of 6e-8,
 * most of them averaging out; n is at most 374 against PyTorch and 2 * 50,176 below. */
static const double fft_tolerance = 1e-6;

/* <Ax,y> = <x,A'y> over up to 50,176 products of normals: relative to |Ax| |y|, with the errors of
 * two transforms. */
static const double adjoint_tolerance = 2e-6;

/* Images in 0..1, absolute: the FFT's error and expf's. Gradients: relative L2. */
static const double image_tolerance = 1e-6, gradient_tolerance = 2e-6;

static double dot(const float *a, const float *b, size_t count) {
  double sum = 0.0;
  for (size_t i = 0; i < count; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

static void assert_near(const float *found, const float *expected, size_t count, double tolerance,
                        const char *what) {
  double error = 0.0;
  for (size_t i = 0; i < count; i++) {
    double d = (double)found[i] - (double)expected[i];
    error += d * d;
  }
  double relative = sqrt(error / fmax(dot(expected, expected, count), 1e-30));
  if (!(relative <= tolerance)) fail_msg("%s: relative error %g", what, relative);
}

static float *floats(size_t count) {
  float *values = malloc(count * sizeof *values);
  assert_non_null(values);
  return values;
}

static float *normals(uint64_t stream, size_t count) {
  float *values = floats(count);
  vs_random_fill_normal(vs_random_make_key(stream, VS_RANDOM_TEST, 0), 1.0f, values, count);
  return values;
}

static vs_fft *new_fft(vs_arena *arena, int height, int width) {
  vs_arena measure = vs_arena_measure();
  assert_null(vs_fft_new(height, width, &measure));
  assert_ok(vs_arena_init(arena, measure.used_bytes));
  vs_fft *fft = vs_fft_new(height, width, arena);
  assert_non_null(fft);
  assert_int_equal(arena->used_bytes, measure.used_bytes);
  return fft;
}

static float *golden_of(const char *kind, int height, int width, const char *what, size_t count) {
  char name[64];
  snprintf(name, sizeof name, "%s_%dx%d_%s", kind, height, width, what);
  return golden_floats(name, count);
}

static void the_fft_agrees_with_pytorch(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {5, 1}, {1, 6}, {2, 2}, {7, 9}, {10, 14}, {17, 22}};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    int height = sizes[k][0], width = sizes[k][1];
    size_t positions = (size_t)height * (size_t)width;
    size_t numbers = 2 * vs_fft_spectrum_count(height, width);
    float *spectrum = golden_of("fft", height, width, "spectrum", numbers);
    float *image = golden_of("fft", height, width, "image", positions);
    float *dimage = golden_of("fft", height, width, "dimage", positions);
    float *dspectrum = golden_of("fft", height, width, "dspectrum", numbers);
    float *y = floats(positions), *dx = floats(numbers);
    vs_arena arena;
    vs_fft *fft = new_fft(&arena, height, width);
    vs_fft_inverse(fft, spectrum, y, 1);
    assert_near(y, image, positions, fft_tolerance, "inverse");
    vs_fft_inverse_adjoint(fft, dimage, 1, dx);
    assert_near(dx, dspectrum, numbers, fft_tolerance, "adjoint");
    vs_arena_clear(&arena);
    free(dx);
    free(y);
    free(dspectrum);
    free(dimage);
    free(image);
    free(spectrum);
  }
}

/* Prime sizes, sizes of one, sizes in use; stride 3 as in an interleaved picture, whose other
 * channels stay as they are. */
static void the_adjoint_is_the_transpose(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {2, 3}, {31, 1}, {1, 37}, {64, 49}, {101, 97}, {224, 224}};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    int height = sizes[k][0], width = sizes[k][1];
    size_t positions = (size_t)height * (size_t)width;
    size_t numbers = 2 * vs_fft_spectrum_count(height, width);
    float *x = normals(1, numbers), *y = normals(2, positions);
    float *ax = floats(3 * positions), *strided = floats(3 * positions), *aty = floats(numbers);
    for (size_t i = 0; i < 3 * positions; i++) {
      ax[i] = 7.0f;
      strided[i] = i % 3 == 0 ? y[i / 3] : NAN;
    }
    vs_arena arena;
    vs_fft *fft = new_fft(&arena, height, width);
    vs_fft_inverse(fft, x, ax, 3);
    vs_fft_inverse_adjoint(fft, strided, 3, aty);
    double left = 0.0, norm = 0.0;
    for (size_t i = 0; i < positions; i++) {
      assert_true(ax[3 * i + 1] == 7.0f && ax[3 * i + 2] == 7.0f);
      left += (double)ax[3 * i] * (double)y[i];
      norm += (double)ax[3 * i] * (double)ax[3 * i];
    }
    double right = dot(x, aty, numbers), size = sqrt(norm * dot(y, y, positions));
    if (!(fabs(left - right) <= adjoint_tolerance * size))
      fail_msg("%d x %d: %.9g and %.9g", height, width, left, right);
    vs_arena_clear(&arena);
    free(aty);
    free(strided);
    free(ax);
    free(y);
    free(x);
  }
}

/* Running the adjoint leaves nothing behind that the next transform could see, not even the
 * rounding errors of large numbers in the row that pairs the last of an odd height. */
static void a_transform_depends_on_its_input_alone(void **state) {
  (void)state;
  enum { HEIGHT = 11, WIDTH = 45, NUMBERS = 2 * HEIGHT * (WIDTH / 2 + 1) };
  float *x = normals(3, NUMBERS), *y = normals(4, HEIGHT * WIDTH);
  for (int i = 0; i < HEIGHT * WIDTH; i++) y[i] *= 1e9f;
  float first[HEIGHT * WIDTH], again[HEIGHT * WIDTH], dx[NUMBERS];
  vs_arena arena;
  vs_fft *fft = new_fft(&arena, HEIGHT, WIDTH);
  vs_fft_inverse(fft, x, first, 1);
  vs_fft_inverse_adjoint(fft, y, 1, dx);
  vs_fft_inverse(fft, x, again, 1);
  assert_memory_equal(first, again, sizeof first);
  vs_arena_clear(&arena);
  free(y);
  free(x);
}

static vs_param *new_param(vs_arena *arena, const vs_param_spec *spec) {
  vs_arena measure = vs_arena_measure();
  assert_null(vs_param_new(spec, 1, &measure));
  assert_ok(vs_arena_init(arena, measure.used_bytes));
  vs_param *param = vs_param_new(spec, 1, arena);
  assert_non_null(param);
  assert_int_equal(arena->used_bytes, measure.used_bytes);
  return param;
}

static void fourier_images_agree_with_lucids_formula(void **state) {
  (void)state;
  static const vs_param_spec specs[] = {
      {.kind = VS_PARAM_FOURIER, .height = 17, .width = 22, .init_sd = 0.01, .decay = 1.0},
      {.kind = VS_PARAM_FOURIER, .height = 8, .width = 11, .init_sd = 0.01, .decay = 1.5}};
  for (size_t k = 0; k < sizeof specs / sizeof specs[0]; k++) {
    int height = specs[k].height, width = specs[k].width;
    size_t count = vs_param_count(&specs[k]), values = (size_t)height * (size_t)width * 3;
    assert_int_equal(count, 3 * height * (width / 2 + 1) * 2);
    float *theta = golden_of("fourier", height, width, "theta", count);
    float *expected = golden_of("fourier", height, width, "image", values);
    float *dimage = golden_of("fourier", height, width, "dimage", values);
    float *gradient = golden_of("fourier", height, width, "dtheta", count);
    float *image = floats(values), *dtheta = floats(count);
    vs_arena arena;
    vs_param *param = new_param(&arena, &specs[k]);
    vs_param_render(param, theta, image);
    for (size_t i = 0; i < values; i++)
      assert_true(fabs((double)image[i] - (double)expected[i]) <= image_tolerance);
    vs_param_backward(param, image, dimage, dtheta);
    assert_near(dtheta, gradient, count, gradient_tolerance, "gradient");
    vs_arena_clear(&arena);
    free(dtheta);
    free(image);
    free(gradient);
    free(dimage);
    free(expected);
    free(theta);
  }
}

static void pixels_are_sigmoids(void **state) {
  (void)state;
  vs_param_spec spec = {.kind = VS_PARAM_PIXELS, .height = 1, .width = 2, .init_sd = 0.01};
  assert_int_equal(vs_param_count(&spec), 6);
  const float theta[6] = {0.0f, 1.0f, -2.0f, 200.0f, -200.0f, 5.0f};
  const float dimage[6] = {1.0f, -1.0f, 2.0f, 3.0f, 4.0f, 0.5f};
  float image[6], dtheta[6];
  vs_arena arena;
  vs_param *param = new_param(&arena, &spec);
  vs_param_render(param, theta, image);
  vs_param_backward(param, image, dimage, dtheta);
  for (int i = 0; i < 6; i++) {
    double value = 1.0 / (1.0 + exp(-(double)theta[i]));
    assert_true(fabs((double)image[i] - value) <= image_tolerance);
    double slope = value * (1.0 - value) * (double)dimage[i];
    assert_true(fabs((double)dtheta[i] - slope) <= image_tolerance);
  }
  vs_arena_clear(&arena);
}

static void a_start_depends_on_the_key_alone(void **state) {
  (void)state;
  static const vs_parametrization both[] = {VS_PARAM_PIXELS, VS_PARAM_FOURIER};
  for (int k = 0; k < 2; k++) {
    vs_param_spec spec = {
        .kind = both[k], .height = 33, .width = 40, .init_sd = 0.02, .decay = 1.0};
    size_t count = vs_param_count(&spec);
    vs_arena arena;
    vs_param *param = new_param(&arena, &spec);
    float *theta = floats(count), *again = floats(count), *other = floats(count);
    vs_param_start(param, vs_random_make_key(5, VS_RANDOM_INIT, 0), theta);
    vs_param_start(param, vs_random_make_key(5, VS_RANDOM_INIT, 0), again);
    vs_param_start(param, vs_random_make_key(6, VS_RANDOM_INIT, 0), other);
    assert_memory_equal(theta, again, count * sizeof *theta);
    assert_memory_not_equal(theta, other, count * sizeof *theta);
    double variance = dot(theta, theta, count) / (double)count / (0.02 * 0.02);
    assert_true(fabs(variance - 1.0) < 5.0 * sqrt(2.0 / (double)count)); /* 5 standard errors */
    free(other);
    free(again);
    free(theta);
    vs_arena_clear(&arena);
  }
  assert_string_equal(vs_param_words[VS_PARAM_PIXELS], "pixels");
  assert_string_equal(vs_param_words[VS_PARAM_FOURIER], "fourier");
}

/* --- larger canvases -------------------------------------------------------------------------- */

/* Logits of float images of 0.1..0.9: the FFTs' error and expf's, over a slope of at least .09. */
static const double logit_tolerance = 3e-5;

static double logit(float value) {
  return log((double)value / (1.0 - (double)value));
}

/* The periodic function through `count` samples that has no frequency above Nyquist's, which is a
 * cosine: the weight of the sample that lies `offset` samples away. */
static double sinc_weight(double offset, int count) {
  const double pi = 3.14159265358979323846, x = pi * offset / count;
  if (fabs(sin(x)) < 1e-12) return 1.0;
  return sin(pi * offset) / (count * (count % 2 != 0 ? sin(x) : tan(x)));
}

/* The small image's function at pixel (y, x) of the large one. */
static double interpolated(const vs_param_spec *from, const float *image, const vs_param_spec *to,
                           int y, int x, int c) {
  double sum = 0.0;
  for (int j = 0; j < from->height; j++) {
    const double row = sinc_weight((double)y * from->height / to->height - j, from->height);
    for (int i = 0; i < from->width; i++)
      sum += row * sinc_weight((double)x * from->width / to->width - i, from->width) *
             logit(image[3 * (j * from->width + i) + c]);
  }
  return sum;
}

static void a_larger_spectrum_is_the_same_function(void **state) {
  (void)state;
  static const int sizes[][4] = {{8, 8, 16, 16},  {9, 15, 20, 33}, {10, 12, 21, 24}, {7, 8, 14, 9},
                                 {11, 6, 11, 12}, {6, 5, 13, 5},   {6, 9, 6, 9}};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    const vs_param_spec from = {VS_PARAM_FOURIER, sizes[k][0], sizes[k][1], 0.3, 1.0, {0}, 0.0};
    const vs_param_spec to = {VS_PARAM_FOURIER, sizes[k][2], sizes[k][3], 0.3, 1.0, {0}, 0.0};
    const size_t small_pixels = (size_t)from.height * (size_t)from.width * 3;
    const size_t large_pixels = (size_t)to.height * (size_t)to.width * 3;
    vs_arena small_arena, large_arena;
    vs_param *small = new_param(&small_arena, &from), *large = new_param(&large_arena, &to);
    float *theta = floats(vs_param_count(&from)), *enlarged = floats(vs_param_count(&to));
    float *image = floats(small_pixels), *larger = floats(large_pixels);
    vs_param_start(small, vs_random_make_key(k, VS_RANDOM_INIT, 0), theta);
    vs_param_render(small, theta, image);
    const vs_tiling tiling = {.rows = 2, .columns = 2};
    assert_ok(vs_param_enlarge(&from, theta, &tiling, vs_random_make_key(1, VS_RANDOM_STROKES, 0),
                               &to, enlarged));
    vs_param_render(large, enlarged, larger);
    for (size_t i = 0; i < large_pixels; i++) {
      const int c = (int)(i % 3), x = (int)(i / 3) % to.width, y = (int)(i / 3) / to.width;
      assert_close(logit(larger[i]), interpolated(&from, image, &to, y, x, c), logit_tolerance);
    }
    free(larger);
    free(image);
    free(enlarged);
    free(theta);
    vs_arena_clear(&large_arena);
    vs_arena_clear(&small_arena);
  }
}

/* Every pixel of the small image weighs the same in the large one. */
static void larger_pixels_keep_their_mean(void **state) {
  (void)state;
  const vs_param_spec from = {VS_PARAM_PIXELS, 9, 14, 1.0, 0.0, {0}, 0.0};
  for (int factor = 2; factor <= 3; factor++) {
    vs_param_spec to = from;
    to.height *= factor;
    to.width *= factor;
    const size_t count = vs_param_count(&from), larger = vs_param_count(&to);
    float *theta = normals(5, count), *enlarged = floats(larger);
    const vs_tiling tiling = {.rows = factor, .columns = factor};
    assert_ok(vs_param_enlarge(&from, theta, &tiling, vs_random_make_key(1, VS_RANDOM_STROKES, 0),
                               &to, enlarged));
    for (size_t c = 0; c < 3; c++) {
      double before = 0.0, after = 0.0;
      for (size_t i = c; i < count; i += 3) before += (double)theta[i] / (double)count;
      for (size_t i = c; i < larger; i += 3) after += (double)enlarged[i] / (double)larger;
      assert_close(after, before, 1e-7); /* sums of floats of size 1, rounded once each */
    }
    free(enlarged);
    free(theta);
  }
}

/* --- held contrast ---------------------------------------------------------------------------- */

/* Central differences along the gradient, in float32 images of size 1: with steps of 1e-2 of the
 * numbers' own size the quotient's own error is some 1e-4. */
static const double slope_tolerance = 1e-3;

static void held_contrast_has_its_gradient(void **state) {
  (void)state;
  static const vs_parametrization kinds[] = {VS_PARAM_PIXELS, VS_PARAM_FOURIER};
  for (size_t k = 0; k < 2; k++) {
    const vs_param_spec spec = {.kind = kinds[k],
                                .height = 23,
                                .width = 18,
                                .init_sd = 1.0,
                                .decay = 1.0,
                                .contrast = 0.19};
    const size_t numbers = vs_param_count(&spec), pixels = 3 * 23 * 18;
    float *theta = normals(5, numbers), *dimage = normals(6, pixels), *image = floats(pixels);
    float *gradient = floats(numbers), *moved = floats(numbers);
    vs_arena arena;
    vs_param *param = new_param(&arena, &spec);
    vs_param_render(param, theta, image);
    vs_param_backward(param, image, dimage, gradient);
    const double norm = sqrt(dot(gradient, gradient, numbers));
    const double step = 1e-2 * sqrt(dot(theta, theta, numbers));
    double value[2];
    for (int side = 0; side < 2; side++) {
      for (size_t i = 0; i < numbers; i++)
        moved[i] = theta[i] + (float)((side ? 0.5 : -0.5) * step * (double)gradient[i] / norm);
      vs_param_render(param, moved, image);
      value[side] = dot(image, dimage, pixels);
    }
    assert_true(fabs((value[1] - value[0]) / step - norm) < slope_tolerance * norm);
    vs_arena_clear(&arena);
    free(moved);
    free(gradient);
    free(image);
    free(dimage);
    free(theta);
  }
}

static double deviation(const float *values, size_t count) {
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < count; i++) sum += (double)values[i];
  for (size_t i = 0; i < count; i++)
    squares +=
        ((double)values[i] - sum / (double)count) * ((double)values[i] - sum / (double)count);
  return sqrt(squares / (double)count);
}

/* However large the numbers are, and whatever their mean is, which is free. */
static void contrast_is_held(void **state) {
  (void)state;
  enum { SIDE = 40, COUNT = 3 * SIDE * SIDE };
  static const double wanted[] = {0.05, 0.19, 0.4}, sizes[] = {0.001, 1.0, 300.0};
  float *theta = normals(7, COUNT), *scaled = floats(COUNT), *image = floats(COUNT);
  for (size_t w = 0; w < 3; w++) {
    const vs_param_spec spec = {.kind = VS_PARAM_PIXELS,
                                .height = SIDE,
                                .width = SIDE,
                                .init_sd = 1.0,
                                .contrast = wanted[w]};
    vs_arena arena;
    vs_param *param = new_param(&arena, &spec);
    for (size_t s = 0; s < 3; s++) {
      for (size_t i = 0; i < COUNT; i++) scaled[i] = (float)sizes[s] * theta[i];
      vs_param_render(param, scaled, image);
      /* 4800 numbers have their mean and deviation within 2%; theirs of 300 is far from grey */
      if (sizes[s] <= 1.0) assert_true(fabs(deviation(image, COUNT) / wanted[w] - 1.0) < 0.02);
    }
    for (size_t i = 0; i < COUNT; i++) scaled[i] = 4.0f + theta[i];
    vs_param_render(param, scaled, image);
    double mean = 0.0;
    for (size_t i = 0; i < COUNT; i++) mean += (double)image[i] / COUNT;
    assert_true(mean > 0.8);                             /* white paper */
    for (size_t i = 0; i < COUNT; i++) scaled[i] = 1.0f; /* nothing to hold */
    vs_param_render(param, scaled, image);
    for (size_t i = 0; i < COUNT; i++) assert_true(isfinite(image[i]));
    vs_arena_clear(&arena);
  }
  free(image);
  free(scaled);
  free(theta);
}

/* Logits are sums of float32 that the sigmoid has rounded: 1e-7 at a brightness of 1/2, more
 * towards 0 and 1, where pictures of this contrast do not come. */
static void fading_keeps_the_mean_and_a_share_of_the_rest(void **state) {
  (void)state;
  const double keep = 0.75;
  for (vs_parametrization kind = VS_PARAM_PIXELS; kind <= VS_PARAM_FOURIER; kind++) {
    const vs_param_spec spec = {
        .kind = kind, .height = 12, .width = 17, .init_sd = 0.3, .decay = 1.0};
    const size_t pixels = 12 * 17;
    vs_arena arena;
    vs_param *param = new_param(&arena, &spec);
    float *theta = floats(vs_param_count(&spec)), *before = floats(3 * pixels);
    float *after = floats(3 * pixels);
    vs_param_start(param, vs_random_make_key(3, VS_RANDOM_INIT, 0), theta);
    for (size_t c = 0; c < 3; c++) /* an even colour that is not grey */
      theta[kind == VS_PARAM_FOURIER ? c * vs_param_count(&spec) / 3 : c] += 2.0f;
    vs_param_render(param, theta, before);
    vs_param_fade(param, 1.0, theta);
    vs_param_render(param, theta, after);
    assert_memory_equal(after, before, 3 * pixels * sizeof *before);
    vs_param_fade(param, keep, theta);
    vs_param_render(param, theta, after);
    for (size_t c = 0; c < 3; c++) {
      double mean = 0.0;
      for (size_t p = 0; p < pixels; p++) mean += logit(before[3 * p + c]) / (double)pixels;
      for (size_t p = 0; p < pixels; p++)
        assert_close(logit(after[3 * p + c]), mean + keep * (logit(before[3 * p + c]) - mean),
                     logit_tolerance);
    }
    free(after);
    free(before);
    free(theta);
    vs_arena_clear(&arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_fft_agrees_with_pytorch),
      cmocka_unit_test(the_adjoint_is_the_transpose),
      cmocka_unit_test(a_transform_depends_on_its_input_alone),
      cmocka_unit_test(fourier_images_agree_with_lucids_formula),
      cmocka_unit_test(pixels_are_sigmoids),
      cmocka_unit_test(a_start_depends_on_the_key_alone),
      cmocka_unit_test(a_larger_spectrum_is_the_same_function),
      cmocka_unit_test(larger_pixels_keep_their_mean),
      cmocka_unit_test(held_contrast_has_its_gradient),
      cmocka_unit_test(contrast_is_held),

      cmocka_unit_test(fading_keeps_the_mean_and_a_share_of_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
