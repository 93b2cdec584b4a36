/* blas.h - the BLAS calls we make, single precision, row-major; OpenBLAS behind one file.
 *
 * OpenBLAS runs on one thread always: our own threads work on blocks of a fixed size, so that the
 * bits of a result do not depend on how many there are (core/tensor/conv.h). */
#ifndef VS_CORE_TENSOR_BLAS_H
#define VS_CORE_TENSOR_BLAS_H

#include "core/base/status.h"

/* Sets OpenBLAS to one thread and checks one product against plain loops: some versions compute
 * wrong results on processors newer than they are. VS_ERR_INTERNAL then, with the way out. Call
 * once. */
vs_status vs_blas_init(void);

/* c (m,n) = a (m,k) b (k,n) + beta * c, with row strides lda, ldb, ldc in elements. */
void vs_blas_sgemm(int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                   float beta, float *c, int ldc);

/* Upper triangle of c (n,n) = alpha * a' a, a (k,n) with row stride lda, ldc = n. */
void vs_blas_ssyrk_upper(int n, int k, float alpha, const float *a, int lda, float *c);

/* Measured speed of a large sgemm on this thread, in GFLOP/s, from about `seconds` of running. */
double vs_blas_measure_peak(double seconds);

/* Name of the kernel set that OpenBLAS chose, e.g. "Haswell"; never NULL. */
const char *vs_blas_kernel_name(void);

#endif
