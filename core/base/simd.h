/* simd.h - which of the kernels that are written for several kinds of processor run here.
 *
 * The best that the processor has, or less if the environment says so: VGGSWEEP_SIMD=baseline, avx2
 * or avx512. The tests try all of them so. */
#ifndef VS_CORE_BASE_SIMD_H
#define VS_CORE_BASE_SIMD_H

typedef enum vs_simd {
  VS_SIMD_BASELINE, /* what the compiler makes for every processor of this architecture */
  VS_SIMD_AVX2,
  VS_SIMD_AVX512
} vs_simd;

/* The same for the whole life of a program. */
vs_simd vs_simd_level(void);

const char *vs_simd_name(vs_simd level); /* as in the environment */

#endif
