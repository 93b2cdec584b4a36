/* Winograd: the transforms by a law and against direct correlation, the error that was promised,
 * layouts and kernels of the product, borders of every size. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/tensor/blas.h"
#include "core/tensor/conv.h"
#include "core/tensor/panel.h"
#include "core/tensor/panel_kernel.h"
#include "tests/support/floats.h"

/* Relative L2 of a layer against double sums: 1.8e-6 was measured for these points at 512 channels,
 * 3.6e-6 for 0, +-1, +-2; 5e-6 is what a layer is promised to keep. */
static const double layer_tolerance = 5e-6;
/* Sums of at most 512 float32 products of size 1 in two orders. */
static const double sum_tolerance = 2e-5;

/* The transformed kernel at the points 0 and infinity is the corner of the kernel; its sum over a
 * row of points is a law of interpolation: sum of g(p) / N(p) over the finite points and infinity
 * vanishes. */
static void kernels_are_interpolated(void **state) {
  (void)state;
  double g[9][VS_WINOGRAD_LANES], u[VS_WINOGRAD_POINTS][VS_WINOGRAD_LANES];
  for (int i = 0; i < 9; i++)
    for (int lane = 0; lane < VS_WINOGRAD_LANES; lane++) g[i][lane] = (i + 1) * (lane + 1);
  vs_winograd_kernels(g, u);
  for (int lane = 0; lane < VS_WINOGRAD_LANES; lane++) {
    const double size = lane + 1;
    assert_true(u[0][lane] == size && u[5][lane] == 3.0 * size && u[30][lane] == 7.0 * size &&
                u[35][lane] == 9.0 * size);
    for (int i = 0; i < 6; i++) {
      double finite = 0.0;
      for (int j = 0; j < 5; j++) finite += u[6 * i + j][lane];
      assert_true(fabs(finite) < 1e-12 * size); /* a second power's fourth divided difference */
    }
  }
}

typedef struct layer {
  int height, width, in, out;
} layer;

static size_t scratch_floats(const layer *l, vs_epilogue epilogue, vs_conv_algorithm algorithm) {
  return vs_conv_scratch_floats(l->in, l->out, l->height, l->width, -1, epilogue, algorithm, 2);
}

static vs_conv_plan plan_for(const layer *l, const vs_conv_weights *weights, vs_epilogue epilogue,
                             vs_conv_algorithm algorithm, int threads, float *scratch) {
  vs_conv_plan plan;
  vs_conv_plan_init(&plan, weights, l->height, l->width, -1, epilogue, algorithm, threads, scratch);
  return plan;
}

/* A fused epilogue gives the bits of the plain one, both ways, for any number of threads. `z` and
 * `x` are the layer's plain result and its input. */
static void check_epilogue(const layer *l, const vs_conv_weights *weights, vs_epilogue epilogue,
                           const float *x, const float *z) {
  const size_t positions = (size_t)l->height * (size_t)l->width;
  const size_t in = positions * (size_t)l->in, full = positions * (size_t)l->out;
  const size_t count = (size_t)vs_epilogue_side(epilogue, l->height) *
                       (size_t)vs_epilogue_side(epilogue, l->width) * (size_t)l->out;
  float *scratch = random_floats(scratch_floats(l, epilogue, VS_CONV_FAST), 1);
  float *y = random_floats(count, 2), *y_plain = random_floats(count, 3);
  float *dy = random_floats(count, 4), *dz = random_floats(full, 5);
  float *dx = random_floats(in, 6), *dx_plain = random_floats(in, 7);
  const size_t words = vs_gates_count(l->height, l->width, l->out);
  vs_gates *gates = calloc(words, sizeof *gates), *gates_plain = calloc(words, sizeof *gates);
  assert_true(gates != NULL && gates_plain != NULL);
  const vs_conv_plan none = plan_for(l, weights, VS_EPILOGUE_NONE, VS_CONV_FAST, 1, scratch);

  vs_epilogue_apply(epilogue, z, l->height, l->width, l->out, 2, y_plain, gates_plain);
  vs_epilogue_backward(epilogue, dy, gates_plain, l->height, l->width, l->out, 2, dz);
  vs_conv_backward_input(&none, dz, NULL, dx_plain);
  for (int threads = 1; threads <= 2; threads++) {
    const vs_conv_plan fused = plan_for(l, weights, epilogue, VS_CONV_FAST, threads, scratch);
    vs_conv_forward(&fused, x, y, gates);
    assert_memory_equal(y, y_plain, count * sizeof *y);
    assert_memory_equal(gates, gates_plain, words * sizeof *gates);
    vs_conv_backward_input(&fused, dy, gates, dx); /* leaves dy as it is */
    assert_memory_equal(dx, dx_plain, in * sizeof *dx);
  }
  void *all[] = {scratch, y, y_plain, dy, dz, dx, dx_plain, gates, gates_plain};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void check_layer(const layer *l, bool epilogues) {
  const size_t positions = (size_t)l->height * (size_t)l->width, C = (size_t)l->in;
  const size_t K = (size_t)l->out;
  float *w = random_floats(9 * C * K, 1), *bias = random_floats(K, 2);
  float *x = random_floats(positions * C, 3), *dy = random_floats(positions * K, 4);
  float *y = random_floats(positions * K, 5), *y_plain = random_floats(positions * K, 6);
  float *dx = random_floats(positions * C, 7), *dx_plain = random_floats(positions * C, 8);
  float *scratch = random_floats(scratch_floats(l, VS_EPILOGUE_NONE, VS_CONV_FAST), 10);
  float *plain_scratch = random_floats(scratch_floats(l, VS_EPILOGUE_NONE, VS_CONV_REFERENCE), 11);
  vs_conv_weights weights;
  assert_ok(vs_conv_weights_init(&weights, l->in, l->out, w, bias));
  const vs_conv_plan fast = plan_for(l, &weights, VS_EPILOGUE_NONE, VS_CONV_FAST, 1, scratch);
  const vs_conv_plan plain =
      plan_for(l, &weights, VS_EPILOGUE_NONE, VS_CONV_REFERENCE, 1, plain_scratch);
  vs_conv_forward(&fast, x, y, NULL);
  vs_conv_forward(&plain, x, y_plain, NULL);
  assert_true(relative_distance(y, y_plain, positions * K) < layer_tolerance);
  vs_conv_backward_input(&fast, dy, NULL, dx); /* leaves dy as it is for the plain one */
  vs_conv_backward_input(&plain, dy, NULL, dx_plain);
  assert_true(relative_distance(dx, dx_plain, positions * C) < layer_tolerance);
  if (epilogues) check_epilogue(l, &weights, VS_EPILOGUE_RECTIFY, x, y);
  if (epilogues && l->height > 1 && l->width > 1)
    check_epilogue(l, &weights, VS_EPILOGUE_RECTIFY_POOL, x, y);
  vs_conv_weights_clear(&weights);
  float *all[] = {w, bias, x, dy, y, y_plain, dx, dx_plain, scratch, plain_scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void every_border_is_right(void **state) {
  (void)state;
  for (int height = 1; height <= 33; height++)
    for (int width = 1; width <= 33; width++)
      check_layer(&(layer){height, width, 32, 32}, (height + width) % 5 == 0);
}

static void wide_layers_keep_their_error(void **state) {
  (void)state;
  check_layer(&(layer){9, 22, 32, 96}, true);
  check_layer(&(layer){22, 9, 96, 32}, true);
  check_layer(&(layer){14, 14, 512, 512}, true);
  check_layer(&(layer){28, 28, 256, 512}, true);
}

/* Not a number comes through the rectifier, which else would hide that a run diverged. */
static void not_a_number_is_not_rectified(void **state) {
  (void)state;
  enum { C = 32, SIDE = 5 };
  float *w = random_floats(9 * C * C, 1), *x = random_floats(SIDE * SIDE * C, 2), bias[C] = {0};
  float y[SIDE * SIDE * C];
  x[(2 * SIDE + 2) * C] = NAN;
  const layer l = {SIDE, SIDE, C, C};
  float *scratch = random_floats(scratch_floats(&l, VS_EPILOGUE_RECTIFY, VS_CONV_FAST), 3);
  vs_gates gates[2 * 2 * C];
  vs_conv_weights weights;
  assert_ok(vs_conv_weights_init(&weights, C, C, w, bias));
  const vs_conv_plan plan = plan_for(&l, &weights, VS_EPILOGUE_RECTIFY, VS_CONV_FAST, 1, scratch);
  vs_conv_forward(&plan, x, y, gates);
  for (int c = 0; c < C; c++) assert_true(isnan(y[(2 * SIDE + 2) * C + c]));
  vs_conv_weights_clear(&weights);
  free(w);
  free(x);
  free(scratch);
}

/* Both kernels of the product against loops, for every number of tiles in the last group. */
static void products_agree_with_loops(void **state) {
  (void)state;
  enum { C = 32, K = 64 };
  for (int k = VS_PANEL_SGEMM; k <= (int)vs_panel_choose(); k++) {
    const vs_panel_kernel kernel = (vs_panel_kernel)k;
    for (int tiles = 1; tiles <= 2 * VS_PANEL_GROUP + 1; tiles++) {
      const vs_winograd_layout v_layout = vs_panel_input_layout(kernel, tiles, C);
      const vs_winograd_layout m_layout = vs_panel_output_layout(tiles, K);
      float *v = random_floats(vs_panel_input_floats(kernel, tiles, C), 1);
      float *u = random_floats(VS_WINOGRAD_POINTS * C * K, 2);
      float *m = calloc(vs_panel_output_floats(tiles, K), sizeof *m);
      assert_non_null(m);
      for (int task = 0; task < vs_panel_task_count(kernel, K); task++)
        vs_panel_multiply(kernel, task, tiles, C, K, v, &v_layout, u, m, &m_layout);
      for (size_t point = 0; point < VS_WINOGRAD_POINTS; point += 7)
        for (int t = 0; t < tiles; t++)
          for (int n = 0; n < K; n++) {
            double sum = 0.0;
            for (int c = 0; c < C; c++) {
              const size_t at = point * v_layout.point_stride +
                                (size_t)(t / v_layout.group) * v_layout.group_stride +
                                (size_t)(c - c % 16) * v_layout.channel_stride +
                                (size_t)(t % v_layout.group) * v_layout.tile_stride +
                                (size_t)(c % 16);
              sum += (double)v[at] * (double)u[point * C * K + vs_panel_place(kernel, C, K, c, n)];
            }
            const double got = (double)m[point * m_layout.point_stride + (size_t)(t * K + n)];
            assert_true(fabs(got - sum) < sum_tolerance);
          }
      free(v);
      free(u);
      free(m);
    }
  }
}

/* Rows of any stride, in place of a block's layout; overwritten or added to. */
static void products_of_rows_agree_with_loops(void **state) {
  (void)state;
  enum { ROWS = VS_PANEL_GROUP + 3, C = 48, K = 96, A_STRIDE = C + 5, C_STRIDE = K + 7 };
  float *a = random_floats(ROWS * A_STRIDE, 1), *u = random_floats(C * K, 2);
  for (int k = VS_PANEL_SGEMM; k <= (int)vs_panel_choose(); k++) {
    const vs_panel_kernel kernel = (vs_panel_kernel)k;
    float *c = random_floats(ROWS * C_STRIDE, 3), *before = random_floats(ROWS * C_STRIDE, 3);
    for (int add = 0; add < 2; add++) {
      vs_panel_rows(kernel, ROWS, C, K, a, A_STRIDE, u, add, c, C_STRIDE);
      for (int r = 0; r < ROWS; r++)
        for (int n = 0; n < K; n++) {
          double sum = 0.0;
          for (int i = 0; i < C; i++)
            sum += (double)a[r * A_STRIDE + i] * (double)u[vs_panel_place(kernel, C, K, i, n)];
          /* added to what was just written: twice the product */
          const double got = (double)c[r * C_STRIDE + n];
          assert_true(fabs(got - (add + 1) * sum) < 2 * sum_tolerance);
        }
    }
    for (int r = 0; r < ROWS; r++)
      assert_memory_equal(c + r * C_STRIDE + K, before + r * C_STRIDE + K, 7 * sizeof *c);
    free(c);
    free(before);
  }
  free(a);
  free(u);
}

int main(void) {
  if (vs_blas_init() != VS_OK) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kernels_are_interpolated),
      cmocka_unit_test(products_agree_with_loops),
      cmocka_unit_test(products_of_rows_agree_with_loops),
      cmocka_unit_test(every_border_is_right),
      cmocka_unit_test(wide_layers_keep_their_error),
      cmocka_unit_test(not_a_number_is_not_rectified),
  };
  return cmocka_run_group_tests_name("winograd", tests, NULL, NULL);
}
