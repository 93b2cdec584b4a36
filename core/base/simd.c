/* simd.c - what kind of processor this is, asked once; kernels of several kinds choose by it
 * (panel.c, winograd.c). */
#include "core/base/simd.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

const char *vs_simd_name(vs_simd level) {
  static const char *const names[] = {
      [VS_SIMD_BASELINE] = "baseline", [VS_SIMD_AVX2] = "avx2", [VS_SIMD_AVX512] = "avx512"};
  return names[level];
}

static vs_simd find_level(void) {
  vs_simd level = VS_SIMD_BASELINE;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) level = VS_SIMD_AVX2;
  if (__builtin_cpu_supports("avx512f")) level = VS_SIMD_AVX512;
#endif
  const char *requested = getenv("VGGSWEEP_SIMD");
  for (vs_simd lower = VS_SIMD_BASELINE; requested != NULL && lower < level; lower++)
    if (strcmp(requested, vs_simd_name(lower)) == 0) return lower;
  return level;
}

vs_simd vs_simd_level(void) {
  static atomic_int known = -1; /* threads that find out at the same time find the same */
  int level = atomic_load_explicit(&known, memory_order_relaxed);
  if (level < 0) {
    level = (int)find_level();
    atomic_store_explicit(&known, level, memory_order_relaxed);
  }
  return (vs_simd)level;
}
