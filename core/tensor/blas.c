/* blas.c - OpenBLAS, which no other file includes, and a product that shows whether its kernels
 * are right here. */
#include "core/tensor/blas.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/random.h"

void vs_blas_sgemm(int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                   float beta, float *c, int ldc) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1.0f, a, lda, b, ldb, beta, c,
              ldc);
}

void vs_blas_ssyrk_upper(int n, int k, float alpha, const float *a, int lda, float *c) {
  cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, n, k, alpha, a, lda, 0.0f, c, n);
}

/* Largest difference of a product from double loops, as a share of sum |a b|. */
static double product_error(int m, int n, int k, const float *a, const float *b, float *c) {
  vs_blas_sgemm(m, n, k, a, k, b, n, 0.0f, c, n);
  double worst = 0.0;
  for (int i = 0; i < m; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0.0, size = 0.0;
      for (int l = 0; l < k; l++) {
        double term = (double)a[i * k + l] * (double)b[l * n + j];
        sum += term;
        size += fabs(term);
      }
      double error = fabs((double)c[i * n + j] - sum) / size;
      if (!(error <= worst)) worst = error; /* takes NaN as well */
    }
  }
  return worst;
}

vs_status vs_blas_init(void) {
  openblas_set_num_threads(1);
  /* One shape for the small-matrix kernels, one for the packed ones with ragged edges. */
  static const int shapes[2][3] = {{5, 7, 9}, {67, 53, 300}};
  enum { LARGEST = 67 * 300 };
  float *memory = malloc(3 * LARGEST * sizeof *memory);
  if (memory == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to check OpenBLAS");
  vs_random_fill_normal(vs_random_make_key(0, VS_RANDOM_TEST, 0), 1.0f, memory, 2 * LARGEST);
  vs_status status = VS_OK;
  for (int s = 0; s < 2 && status == VS_OK; s++) {
    double error = product_error(shapes[s][0], shapes[s][1], shapes[s][2], memory, memory + LARGEST,
                                 memory + 2 * LARGEST);
    /* k roundings of 6e-8 at the very most, k = 300 */
    if (!(error < 2e-5))
      status = vs_fail(VS_ERR_INTERNAL,
                       "OpenBLAS computes wrong products with its kernels for %s; choose others, "
                       "e.g. with OPENBLAS_CORETYPE=Haswell in the environment",
                       vs_blas_kernel_name());
  }
  free(memory);
  return status;
}

const char *vs_blas_kernel_name(void) {
  const char *name = openblas_get_corename();
  return name != NULL ? name : "unknown";
}

double vs_blas_measure_peak(double seconds) {
  enum { SIDE = 768 };
  float *memory = calloc(3 * (size_t)SIDE * SIDE, sizeof *memory);
  if (memory == NULL) return 0.0;
  for (size_t i = 0; i < 2 * (size_t)SIDE * SIDE; i++) memory[i] = (float)(i % 7) - 3.0f;
  const float *a = memory, *b = a + (size_t)SIDE * SIDE;
  float *c = memory + 2 * (size_t)SIDE * SIDE;
  double best = 0.0, end = vs_clock_seconds() + seconds;
  do {
    double start = vs_clock_seconds();
    vs_blas_sgemm(SIDE, SIDE, SIDE, a, SIDE, b, SIDE, 0.0f, c, SIDE);
    double speed = 2e-9 * SIDE * SIDE * SIDE / (vs_clock_seconds() - start);
    if (speed > best) best = speed;
  } while (vs_clock_seconds() < end);
  free(memory);
  return best;
}
