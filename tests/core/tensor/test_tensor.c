/* Convolution, pooling and the rectifier: fast against plain over odd sizes, the adjoint identity,
 * the same bits for any number of threads. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/tensor/blas.h"
#include "core/tensor/conv.h"
#include "core/tensor/epilogue.h"
#include "core/tensor/pool.h"
#include "core/tensor/relu.h"
#include "tests/support/floats.h"

/* Relative L2 of a layer: 9e-7 was measured for direct convolution at 512 channels, 1.8e-6 for
 * Winograd's; this is still far from any wrong index. */
static const double product_tolerance = 3e-6;
/* <Ax,y> and <x,A'y> each carry the above error of one operator, relative to |Ax| |y|. */
static const double adjoint_tolerance = 6e-6;

typedef struct layer {
  int height, width, in, out, only;
} layer;

static void check_layer(const layer *l) {
  const size_t positions = (size_t)l->height * (size_t)l->width, in = (size_t)l->in;
  const size_t out = l->only < 0 ? (size_t)l->out : 1;
  float *w = random_floats(9 * in * (size_t)l->out, 1), *bias = random_floats((size_t)l->out, 2);
  float *x = random_floats(positions * in, 3), *dy = random_floats(positions * out, 4);
  float *y = random_floats(positions * out, 5), *y_plain = random_floats(positions * out, 6);
  float *dx = random_floats(positions * in, 7), *dx_plain = random_floats(positions * in, 8);
  float *y_threads = random_floats(positions * out, 9);
  vs_conv_weights weights;
  assert_ok(vs_conv_weights_init(&weights, l->in, l->out, w, bias));
  float *scratch = random_floats(vs_conv_scratch_floats(l->in, l->out, l->height, l->width, l->only,
                                                        VS_EPILOGUE_NONE, VS_CONV_FAST, 3),
                                 10);
  float *plain_scratch =
      random_floats(vs_conv_scratch_floats(l->in, l->out, l->height, l->width, l->only,
                                           VS_EPILOGUE_NONE, VS_CONV_REFERENCE, 3),
                    11);
  vs_conv_plan fast, plain, threads;
  vs_conv_plan_init(&fast, &weights, l->height, l->width, l->only, VS_EPILOGUE_NONE, VS_CONV_FAST,
                    1, scratch);
  vs_conv_plan_init(&threads, &weights, l->height, l->width, l->only, VS_EPILOGUE_NONE,
                    VS_CONV_FAST, 3, scratch);
  vs_conv_plan_init(&plain, &weights, l->height, l->width, l->only, VS_EPILOGUE_NONE,
                    VS_CONV_REFERENCE, 3, plain_scratch);

  vs_conv_forward(&fast, x, y, NULL);
  vs_conv_forward(&plain, x, y_plain, NULL);
  vs_conv_forward(&threads, x, y_threads, NULL);
  assert_true(relative_distance(y, y_plain, positions * out) < product_tolerance);
  assert_memory_equal(y, y_threads, positions * out * sizeof *y);

  vs_conv_backward_input(&fast, dy, NULL, dx);
  vs_conv_backward_input(&plain, dy, NULL, dx_plain);
  assert_true(relative_distance(dx, dx_plain, positions * in) < product_tolerance);

  memset((float *)weights.bias, 0, (size_t)l->out * sizeof(float)); /* the linear part alone */
  vs_conv_forward(&fast, x, y, NULL);
  double size = sqrt(dot(y, y, positions * out) * dot(dy, dy, positions * out));
  double gap = dot(y, dy, positions * out) - dot(x, dx, positions * in);
  assert_true(fabs(gap) < adjoint_tolerance * size);

  vs_conv_weights_clear(&weights);
  float *all[] = {w, bias, x, dy, y, y_plain, dx, dx_plain, y_threads, scratch, plain_scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void convolutions_agree_and_are_adjoint(void **state) {
  (void)state;
  const layer layers[] = {
      {1, 1, 3, 5, -1},     {1, 7, 3, 64, -1},      {7, 1, 4, 9, 3},         {2, 2, 64, 64, -1},
      {5, 3, 64, 128, 77},  {14, 14, 512, 512, -1}, {13, 17, 512, 512, 511}, {33, 29, 3, 64, -1},
      {31, 33, 64, 64, -1}, {56, 40, 16, 24, -1},   {40, 56, 128, 64, 0},
  };
  for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) check_layer(&layers[i]);
  for (int side = 1; side <= 33; side++)
    check_layer(&(layer){side, 34 - side, 5, 7, side % 3 == 0 ? side % 7 : -1});
}

static void pooling_takes_the_first_largest(void **state) {
  (void)state;
  /* 3 x 5 with one channel: the last row and column are dropped */
  const float x[15] = {1, 2, 5, 5, 9, 4, 3, 5, 5, 9, 9, 9, 9, 9, 9};
  float y[2], dx[15] = {1};
  vs_gates gates[2];
  const float dy[2] = {10, 20};
  vs_pool_forward(x, 3, 5, 1, 2, y, gates);
  assert_true(y[0] == 4.0f && y[1] == 5.0f);
  assert_true(gates[0] == (1U << 4 | 1U << 2) && gates[1] == 0);
  vs_pool_backward(dy, gates, 3, 5, 1, 2, dx); /* adds */
  const float expected[15] = {1, 0, 20, 0, 0, 10};
  assert_memory_equal(dx, expected, sizeof dx);
}

static void not_a_number_is_not_hidden(void **state) {
  (void)state;
  for (int at = 0; at < 4; at++) {
    float x[4] = {1, 2, 3, 4}, y;
    vs_gates gates[1];
    x[at] = NAN;
    vs_pool_forward(x, 2, 2, 1, 1, &y, gates);
    assert_true(isnan(y));
    vs_epilogue_apply(VS_EPILOGUE_RECTIFY_POOL, x, 2, 2, 1, 2, &y, gates);
    assert_true(isnan(y));
    vs_epilogue_apply(VS_EPILOGUE_RECTIFY, x, 2, 2, 1, 2, x, gates);
    assert_true(isnan(x[at]));
    vs_relu_forward(x, x, 4);
    assert_true(isnan(x[at]));
  }
}

static void the_rectifier_masks_its_gradient(void **state) {
  (void)state;
  const float x[5] = {-1, 0, 2, -3, 4};
  float y[5], dx[5], dy[5] = {1, 1, 1, 1, 1};
  vs_relu_forward(x, y, 5);
  const float expected[5] = {0, 0, 2, 0, 4}, mask[5] = {0, 0, 1, 0, 1};
  assert_memory_equal(y, expected, sizeof y);
  vs_relu_backward(y, dy, 5, dx);
  assert_memory_equal(dx, mask, sizeof dx);
  vs_gates gates[2];
  vs_epilogue_apply(VS_EPILOGUE_RECTIFY, x, 1, 5, 1, 2, y, gates);
  assert_memory_equal(y, expected, sizeof y);
  vs_epilogue_backward(VS_EPILOGUE_RECTIFY, dy, gates, 1, 5, 1, 2, dy);
  assert_memory_equal(dy, mask, sizeof dy);
}

/* A rectifier and pool done in one pass are what the two do one after the other, either way. */
static void the_epilogue_is_rectifier_and_pool(void **state) {
  (void)state;
  enum { H = 7, W = 9, C = 5, COUNT = H * W * C, POOLED = (H / 2) * (W / 2) * C };
  enum { WORDS = 2 * 3 * C };
  float *z = random_floats(COUNT, 1), *dy = random_floats(POOLED, 2), rectified[COUNT];
  float y[POOLED], y_apart[POOLED], dz[COUNT], dz_apart[COUNT] = {0};
  vs_gates gates[WORDS], gates_apart[WORDS];
  for (int i = 0; i < COUNT; i++) z[i] = roundf(z[i] - 0.5f) + 0.0f; /* ties; no -0 */
  vs_epilogue_apply(VS_EPILOGUE_RECTIFY_POOL, z, H, W, C, 2, y, gates);
  vs_relu_forward(z, rectified, COUNT);
  vs_pool_forward(rectified, H, W, C, 1, y_apart, gates_apart);
  assert_memory_equal(y, y_apart, sizeof y);
  vs_epilogue_backward(VS_EPILOGUE_RECTIFY_POOL, dy, gates, H, W, C, 2, dz);
  vs_pool_backward(dy, gates_apart, H, W, C, 1, dz_apart);
  vs_relu_backward(z, dz_apart, COUNT, dz_apart);
  assert_memory_equal(dz, dz_apart, sizeof dz);
  free(z);
  free(dy);
}

static void the_gram_product_agrees_with_loops(void **state) {
  (void)state;
  enum { N = 19, M = 37 };
  float *a = random_floats(M * N, 1), gram[N * N] = {0};
  vs_blas_ssyrk_upper(N, M, 0.5f, a, N, gram);
  for (int i = 0; i < N; i++)
    for (int j = i; j < N; j++) {
      double sum = 0.0;
      for (int p = 0; p < M; p++) sum += 0.5 * (double)a[p * N + i] * (double)a[p * N + j];
      assert_true(fabs((double)gram[i * N + j] - sum) < product_tolerance * M);
    }
  free(a);
}

int main(void) {
  if (vs_blas_init() != VS_OK) return 1;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(convolutions_agree_and_are_adjoint),
      cmocka_unit_test(pooling_takes_the_first_largest),
      cmocka_unit_test(not_a_number_is_not_hidden),
      cmocka_unit_test(the_rectifier_masks_its_gradient),
      cmocka_unit_test(the_epilogue_is_rectifier_and_pool),
      cmocka_unit_test(the_gram_product_agrees_with_loops),
  };
  return cmocka_run_group_tests_name("tensor", tests, NULL, NULL);
}
