/* Views of the canvas and their adjoint, and Adam's steps. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/optimize/adam.h"
#include "core/optimize/transform.h"
#include "tests/support/golden.h"

/* Values in 0..1, weights rounded to float32 and four products added: a few units in the last
 * place. */
static const double view_tolerance = 5e-7;

/* <Ax,y> = <x,A'y> relative to |Ax| |y|: sums of at most a few dozen float32 products per pixel of
 * the canvas, added in double. */
static const double adjoint_tolerance = 1e-6;

/* Parameters of size 1 after 20 float32 updates of .05: one rounding each, and the moments'. */
static const double adam_tolerance = 2e-6;

enum { MOST = 64 * 64 * 3 };

static vs_random_key test_key(uint64_t stream) {
  return vs_random_make_key(stream, VS_RANDOM_TEST, 0);
}

static void fill_uniform(uint64_t stream, float *values, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] = vs_random_uniform(test_key(stream), i);
}

static void views_agree_with_pytorchs_grid_sample(void **state) {
  (void)state;
  enum { HEIGHT = 13, WIDTH = 17, VIEW_HEIGHT = 15, VIEW_WIDTH = 19 };
  const vs_affine map = {.a = 0.9, .b = 0.3, .c = -2.25, .d = -0.3, .e = 0.9, .f = 1.5};
  float *canvas = golden_floats("view_canvas", HEIGHT * WIDTH * 3);
  float *expected = golden_floats("view", VIEW_HEIGHT * VIEW_WIDTH * 3);
  float view[VIEW_HEIGHT * VIEW_WIDTH * 3];
  vs_transform_apply(&map, canvas, HEIGHT, WIDTH, view, VIEW_HEIGHT, VIEW_WIDTH, 1);
  for (size_t i = 0; i < sizeof view / sizeof view[0]; i++)
    assert_true(fabs((double)view[i] - (double)expected[i]) <= view_tolerance);
  free(expected);
  free(canvas);
}

/* The linear part: what the view of a canvas adds to the view of a black one. */
static double linear_product(const vs_affine *map, const float *x, int height, int width,
                             const float *y, int view_height, int view_width, double *norm) {
  static float black[MOST], view[MOST], view_of_black[MOST];
  size_t count = (size_t)view_height * (size_t)view_width * 3;
  vs_transform_apply(map, x, height, width, view, view_height, view_width, 1);
  vs_transform_apply(map, black, height, width, view_of_black, view_height, view_width, 1);
  double product = 0.0, squares = 0.0, of_y = 0.0;
  for (size_t i = 0; i < count; i++) {
    double ax = (double)view[i] - (double)view_of_black[i];
    product += ax * (double)y[i];
    squares += ax * ax;
    of_y += (double)y[i] * (double)y[i];
  }
  *norm = sqrt(squares * of_y);
  return product;
}

static void the_adjoint_is_the_transpose(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {1, 9}, {7, 2}, {31, 29}, {40, 53}};
  static const vs_transform_options options = {
      .pad = 3, .jitter = 2.0, .scale_min = 0.75, .scale_max = 1.4, .rotate = 40.0};
  static float x[MOST], y[MOST], back[MOST];
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    int height = sizes[k][0], width = sizes[k][1];
    int view_height = height + 6, view_width = width + 6;
    size_t count = (size_t)height * (size_t)width * 3;
    for (uint64_t draw = 0; draw < 10; draw++) {
      vs_affine map = vs_transform_draw(&options, test_key(100 + draw), height, width,
                                        &(vs_window){height, width});
      fill_uniform(2 * draw, x, count);
      fill_uniform(2 * draw + 1, y, (size_t)view_height * (size_t)view_width * 3);
      double norm, left = linear_product(&map, x, height, width, y, view_height, view_width, &norm);
      vs_transform_backward(&map, y, view_height, view_width, back, height, width, 1);
      double right = 0.0;
      for (size_t i = 0; i < count; i++) right += (double)x[i] * (double)back[i];
      assert_true(norm > 0.0);
      if (!(fabs(left - right) <= adjoint_tolerance * norm))
        fail_msg("%d x %d, draw %d: %.9g and %.9g", height, width, (int)draw, left, right);
    }
  }
}

static void threads_change_no_bit(void **state) {
  (void)state;
  static const vs_affine maps[] = {
      {.a = 1.0, .c = -3.0, .e = 1.0, .f = -3.0},                      /* onto whole pixels */
      {.a = 0.9, .b = 0.4, .c = -4.0, .d = -0.4, .e = 0.9, .f = 9.0},  /* turned a little */
      {.b = 0.7, .c = 1.5, .d = -0.7, .f = 33.0},                      /* turned by 90 degrees */
      {.a = 0.2, .b = -0.1, .c = 11.0, .d = 0.1, .e = 0.2, .f = 17.0}, /* a corner, magnified */
  };
  enum { HIGH = 40, WIDE = 53, ADDED = 6 };
  static float x[MOST], alone[MOST], shared[MOST];
  fill_uniform(1, x, (HIGH + ADDED) * (WIDE + ADDED) * 3);
  for (size_t k = 0; k < sizeof maps / sizeof maps[0]; k++)
    for (int threads = 2; threads <= 7; threads++) {
      vs_transform_apply(&maps[k], x, HIGH, WIDE, alone, HIGH + ADDED, WIDE + ADDED, 1);
      vs_transform_apply(&maps[k], x, HIGH, WIDE, shared, HIGH + ADDED, WIDE + ADDED, threads);
      assert_memory_equal(alone, shared, (HIGH + ADDED) * (WIDE + ADDED) * 3 * sizeof *x);
      vs_transform_backward(&maps[k], x, HIGH + ADDED, WIDE + ADDED, alone, HIGH, WIDE, 1);
      vs_transform_backward(&maps[k], x, HIGH + ADDED, WIDE + ADDED, shared, HIGH, WIDE, threads);
      assert_memory_equal(alone, shared, HIGH * WIDE * 3 * sizeof *x);
    }
}

static void the_whole_canvas_is_copied_and_framed_in_grey(void **state) {
  (void)state;
  enum { HEIGHT = 5, WIDTH = 7, PAD = 2, VIEW_WIDTH = WIDTH + 2 * PAD };
  static float canvas[MOST], view[MOST];
  fill_uniform(1, canvas, HEIGHT * WIDTH * 3);
  vs_affine map = vs_transform_whole(PAD);
  vs_transform_apply(&map, canvas, HEIGHT, WIDTH, view, HEIGHT + 2 * PAD, VIEW_WIDTH, 1);
  for (int y = -PAD; y < HEIGHT + PAD; y++) {
    for (int x = -PAD; x < WIDTH + PAD; x++) {
      bool inside = x >= 0 && y >= 0 && x < WIDTH && y < HEIGHT;
      for (int c = 0; c < 3; c++) {
        float expected = inside ? canvas[(y * WIDTH + x) * 3 + c] : 0.5f;
        assert_true(view[((y + PAD) * VIEW_WIDTH + x + PAD) * 3 + c] == expected);
      }
    }
  }
}

/* Without scale and rotation a draw shifts by whole pixels: exact copies, each shift as likely. */
static void jitter_shifts_by_whole_pixels(void **state) {
  (void)state;
  enum { SIDE = 9, JITTER = 2, DRAWS = 2000 };
  static const vs_transform_options options = {
      .jitter = JITTER + 0.9, .scale_min = 1.0, .scale_max = 1.0};
  static float canvas[MOST], view[MOST];
  fill_uniform(1, canvas, SIDE * SIDE * 3);
  int seen[2 * JITTER + 1] = {0};
  for (uint64_t draw = 0; draw < DRAWS; draw++) {
    vs_affine map =
        vs_transform_draw(&options, test_key(draw), SIDE, SIDE, &(vs_window){SIDE, SIDE});
    assert_true(map.a == 1.0 && map.b == 0.0 && map.d == 0.0 && map.e == 1.0);
    assert_true(map.c == floor(map.c) && fabs(map.c) <= JITTER);
    assert_true(map.f == floor(map.f) && fabs(map.f) <= JITTER);
    seen[(int)map.c + JITTER]++;
    if (draw >= 20) continue;
    vs_transform_apply(&map, canvas, SIDE, SIDE, view, SIDE, SIDE, 1);
    int dx = (int)map.c, dy = (int)map.f;
    for (int y = 2; y < SIDE - 2; y++)
      for (int x = 2; x < SIDE - 2; x++)
        assert_memory_equal(&view[(y * SIDE + x) * 3], &canvas[((y + dy) * SIDE + x + dx) * 3],
                            3 * sizeof(float));
  }
  double mean = DRAWS / (2.0 * JITTER + 1.0);
  for (int i = 0; i < 2 * JITTER + 1; i++)
    assert_true(fabs(seen[i] - mean) < 5.0 * sqrt(mean)); /* 5 standard deviations */
}

/* What one transform draws does not depend on whether another is switched on. */
static void each_transform_has_its_own_number(void **state) {
  (void)state;
  vs_transform_options all = {
      .pad = 1, .jitter = 3.0, .scale_min = 0.9, .scale_max = 1.1, .rotate = 5.0};
  vs_transform_options rotate = {.scale_min = 1.0, .scale_max = 1.0, .rotate = 5.0};
  vs_transform_options scale = {.scale_min = 0.9, .scale_max = 1.1};
  for (uint64_t draw = 0; draw < 50; draw++) {
    vs_affine whole = vs_transform_draw(&all, test_key(draw), 20, 30, &(vs_window){20, 30});
    vs_affine turned = vs_transform_draw(&rotate, test_key(draw), 20, 30, &(vs_window){20, 30});
    vs_affine scaled = vs_transform_draw(&scale, test_key(draw), 20, 30, &(vs_window){20, 30});
    double angle = atan2(whole.b, whole.a), size = hypot(whole.a, whole.b);
    assert_true(fabs(angle - atan2(turned.b, turned.a)) < 1e-12);
    assert_true(fabs(size - scaled.a) < 1e-12);
    assert_true(fabs(angle) <= 5.0 * 3.1415927 / 180.0);
    assert_true(size >= 1.0 / 1.1 && size <= 1.0 / 0.9);
  }
}

/* Magnifying by 2 about the centre: the centre stays, steps in the canvas are halved. */
static void scaling_keeps_the_centre(void **state) {
  (void)state;
  vs_transform_options twice = {.pad = 4, .scale_min = 2.0, .scale_max = 2.0, .rotate = 30.0};
  vs_affine map = vs_transform_draw(&twice, test_key(1), 11, 21, &(vs_window){11, 21});
  double x = 10.0 + 4.0, y = 5.0 + 4.0; /* the view's centre */
  assert_true(fabs(map.a * x + map.b * y + map.c - 10.0) < 1e-12);
  assert_true(fabs(map.d * x + map.e * y + map.f - 5.0) < 1e-12);
  assert_true(fabs(map.a * map.e - map.b * map.d - 0.25) < 1e-12);
}

static void eval_views_show_the_corners_without_grey(void **state) {
  (void)state;
  enum {
    HEIGHT = 33,
    WIDTH = 41,
    PAD = 3,
    VIEW_HEIGHT = HEIGHT + 2 * PAD,
    VIEW_WIDTH = WIDTH + 2 * PAD
  };
  static float canvas[MOST], view[MOST];
  for (int i = 0; i < HEIGHT * WIDTH * 3; i++) canvas[i] = 1.0f;
  const vs_window whole_canvas = {HEIGHT, WIDTH};
  const int views = vs_transform_eval_views(HEIGHT, WIDTH, &whole_canvas);
  assert_int_equal(views, 5);
  for (int v = 1; v < views; v++) {
    vs_affine map = vs_transform_eval_view(v, PAD, HEIGHT, WIDTH, &whole_canvas);
    vs_transform_apply(&map, canvas, HEIGHT, WIDTH, view, VIEW_HEIGHT, VIEW_WIDTH, 1);
    for (int i = 0; i < VIEW_HEIGHT * VIEW_WIDTH * 3; i++)
      assert_true(fabs((double)view[i] - 1.0) <= view_tolerance);
    double left = map.c, right = map.a * (VIEW_WIDTH - 1) + map.c;
    double top = map.f, bottom = map.e * (VIEW_HEIGHT - 1) + map.f;
    bool is_right = v == 2 || v == 4, is_lower = v >= 3;
    assert_true(fabs(left - (is_right ? (WIDTH - 1) / 8.0 : 0.0)) < 1e-9);
    assert_true(fabs(right - (is_right ? WIDTH - 1 : (WIDTH - 1) * 7 / 8.0)) < 1e-9);
    assert_true(fabs(top - (is_lower ? (HEIGHT - 1) / 8.0 : 0.0)) < 1e-9);
    assert_true(fabs(bottom - (is_lower ? HEIGHT - 1 : (HEIGHT - 1) * 7 / 8.0)) < 1e-9);
  }
  vs_affine whole = vs_transform_eval_view(0, PAD, HEIGHT, WIDTH, &whole_canvas),
            expected = vs_transform_whole(PAD);
  assert_memory_equal(&whole, &expected, sizeof whole);
}

/* A map that throws everything off the canvas, or is not a number, gives grey and no gradient. */
static void places_off_the_canvas_are_grey(void **state) {
  (void)state;
  static const vs_affine maps[] = {{.a = 1.0, .c = 1e300, .e = 1.0},
                                   {.a = 1.0, .c = NAN, .e = 1.0},
                                   {.a = INFINITY, .c = -INFINITY, .e = 1.0},
                                   {.a = 1.0, .c = -9.0, .e = 1.0}};
  float canvas[4 * 4 * 3], view[4 * 4 * 3];
  for (size_t k = 0; k < sizeof maps / sizeof maps[0]; k++) {
    fill_uniform(1, canvas, 48);
    vs_transform_apply(&maps[k], canvas, 4, 4, view, 4, 4, 1);
    for (int i = 0; i < 48; i++) assert_true(view[i] == 0.5f);
    vs_transform_backward(&maps[k], view, 4, 4, canvas, 4, 4, 1);
    for (int i = 0; i < 48; i++) assert_true(canvas[i] == 0.0f);
  }
}

/* Windows smaller than the canvas: each place as likely, none beyond the border, whole pixels. */
static void windows_fall_anywhere_on_the_canvas(void **state) {
  (void)state;
  enum { HEIGHT = 11, WIDTH = 9, DRAWS = 4000, PAD = 2 };
  static const vs_transform_options still = {.pad = PAD, .scale_min = 1.0, .scale_max = 1.0};
  const vs_window window = {6, 7};
  enum { ROWS = HEIGHT - 6 + 1, COLUMNS = WIDTH - 7 + 1 };
  int seen[ROWS * COLUMNS] = {0};
  for (uint64_t draw = 0; draw < DRAWS; draw++) {
    const vs_affine map = vs_transform_draw(&still, test_key(draw), HEIGHT, WIDTH, &window);
    const double left = map.c + PAD, top = map.f + PAD; /* of the window on the canvas */
    assert_true(map.a == 1.0 && map.b == 0.0 && map.d == 0.0 && map.e == 1.0);
    assert_true(left == floor(left) && left >= 0 && left <= WIDTH - 7);
    assert_true(top == floor(top) && top >= 0 && top <= HEIGHT - 6);
    seen[(int)top * COLUMNS + (int)left]++;
  }
  const double mean = DRAWS / (double)(ROWS * COLUMNS);
  for (int i = 0; i < ROWS * COLUMNS; i++)
    assert_true(fabs(seen[i] - mean) < 5.0 * sqrt(mean)); /* 5 standard deviations */
}

/* A window moves nothing that another number draws, and one as large as the canvas moves nothing.
 */
static void windows_leave_other_numbers_alone(void **state) {
  (void)state;
  static const vs_transform_options all = {
      .pad = 1, .jitter = 3.0, .scale_min = 0.9, .scale_max = 1.1, .rotate = 5.0};
  for (uint64_t draw = 0; draw < 50; draw++) {
    const vs_affine whole = vs_transform_draw(&all, test_key(draw), 20, 30, &(vs_window){20, 30});
    const vs_affine part = vs_transform_draw(&all, test_key(draw), 50, 40, &(vs_window){20, 30});
    assert_true(whole.a == part.a && whole.b == part.b);
    const double right = part.c - whole.c, down = part.f - whole.f;
    assert_close(right, rint(right), 1e-9);
    assert_close(down, rint(down), 1e-9);
    assert_in_range((int)rint(right), 0, 10);
    assert_in_range((int)rint(down), 0, 30);
  }
}

static void eval_windows_cover_the_canvas(void **state) {
  (void)state;
  static const int cases[][5] = {{33, 41, 32, 32, 4}, {64, 64, 32, 32, 4}, {65, 64, 32, 32, 6},
                                 {96, 32, 32, 32, 3}, {50, 40, 50, 32, 2}, {70, 100, 64, 33, 8}};
  enum { PAD = 3 };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    const int height = cases[k][0], width = cases[k][1];
    const vs_window window = {cases[k][2], cases[k][3]};
    static bool seen[100 * 100];
    memset(seen, 0, sizeof seen);
    const int views = vs_transform_eval_views(height, width, &window);
    assert_int_equal(views, cases[k][4]);
    for (int v = 0; v < views; v++) {
      const vs_affine map = vs_transform_eval_view(v, PAD, height, width, &window);
      const double left = map.c + PAD, top = map.f + PAD;
      assert_true(map.a == 1.0 && map.b == 0.0 && map.d == 0.0 && map.e == 1.0);
      assert_true(left == floor(left) && left >= 0 && left + window.width <= width);
      assert_true(top == floor(top) && top >= 0 && top + window.height <= height);
      for (int y = 0; y < window.height; y++)
        memset(&seen[((int)top + y) * width + (int)left], 1, (size_t)window.width);
    }
    for (int i = 0; i < height * width; i++) assert_true(seen[i]);
  }
}

static void adam_agrees_with_pytorch(void **state) {
  (void)state;
  enum { COUNT = 19, STEPS = 20 };
  float *theta = golden_floats("adam_start", COUNT);
  float *gradients = golden_floats("adam_gradients", STEPS * COUNT);
  float *path = golden_floats("adam_path", STEPS * COUNT);
  float first[COUNT] = {0}, second[COUNT] = {0}, start = theta[0];
  const vs_adam_options options = {
      .learning_rate = 0.05, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
  for (int step = 1; step <= STEPS; step++) {
    vs_adam_step(&options, step, COUNT, gradients + (step - 1) * COUNT, first, second, theta);
    for (int i = 0; i < COUNT; i++) {
      double expected = (double)path[(step - 1) * COUNT + i];
      if (!(fabs((double)theta[i] - expected) <= adam_tolerance))
        fail_msg("step %d, number %d: %.9g, not %.9g", step, i, (double)theta[i], expected);
    }
  }
  assert_true(theta[0] == start); /* its gradient was always 0 */
  free(path);
  free(gradients);
  free(theta);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(views_agree_with_pytorchs_grid_sample),
      cmocka_unit_test(the_adjoint_is_the_transpose),
      cmocka_unit_test(threads_change_no_bit),
      cmocka_unit_test(the_whole_canvas_is_copied_and_framed_in_grey),
      cmocka_unit_test(jitter_shifts_by_whole_pixels),
      cmocka_unit_test(each_transform_has_its_own_number),
      cmocka_unit_test(scaling_keeps_the_centre),
      cmocka_unit_test(eval_views_show_the_corners_without_grey),
      cmocka_unit_test(places_off_the_canvas_are_grey),
      cmocka_unit_test(windows_fall_anywhere_on_the_canvas),
      cmocka_unit_test(windows_leave_other_numbers_alone),
      cmocka_unit_test(eval_windows_cover_the_canvas),
      cmocka_unit_test(adam_agrees_with_pytorch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
