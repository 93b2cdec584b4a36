/* multiversion.h - one source, several processors: hot loops are compiled for AVX-512, AVX2 and the
 * baseline, and the loader takes the best one at run time. The loops are plain C that the compiler
 * vectorizes; products and sums are never contracted or reordered, so every version gives the same
 * bits.
 *
 * For static functions only, each with a name of its own in the whole program: clang before 18
 * gives what the loader has chosen another name, by which other files do not find it, and shows the
 * linker the function that chooses, static or not. */
#ifndef VS_CORE_BASE_MULTIVERSION_H
#define VS_CORE_BASE_MULTIVERSION_H

#include "core/base/sanitizer.h"

#include <limits.h> /* any header of the C library: it says whether it is glibc, whose loader chooses */

/* The sanitizers' start-up code cannot run before the loader's choice, so they get the baseline. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(VS_ADDRESS_SANITIZER)
#define VS_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VS_MULTIVERSION
#endif

#endif
