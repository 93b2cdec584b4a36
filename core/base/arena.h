/* arena.h - memory that lives as long as one run, taken once and given back at once.
 *
 * The code that plans a run takes its buffers from an arena. The same code, handed an arena made by
 * vs_arena_measure(), takes nothing and only adds up: so the cost model and the allocator agree by
 * construction (sweeps/spec/cost.h).
 *
 *   vs_arena measure = vs_arena_measure();
 *   plan(&measure);                                  // every pointer is NULL, only sizes count
 *   vs_arena_init(&arena, measure.peak_bytes);
 *   plan(&arena);                                    // cannot fail now
 *
 * What is needed one after the other may share a place: note used_bytes, take, and rewind to the
 * note. peak_bytes is then what was in use at once at most. */
#ifndef VS_CORE_BASE_ARENA_H
#define VS_CORE_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

typedef struct vs_arena {
  unsigned char *memory; /* owned; NULL while measuring */
  size_t size_bytes;
  size_t used_bytes;
  size_t peak_bytes; /* the most that were ever in use at once */
  bool measuring;
} vs_arena;

#define VS_ARENA_ALIGNMENT 64 /* a cache line, and the widest vector */

/* An arena that hands out NULL and counts. Needs no clearing. */
vs_arena vs_arena_measure(void);

/* Takes `size_bytes` (zeroed). VS_ERR_MEMORY if that fails; the arena is then empty and valid. */
vs_status vs_arena_init(vs_arena *arena, size_t size_bytes);

/* Gives everything back. Fine on a zeroed arena, and twice. */
void vs_arena_clear(vs_arena *arena);

/* Takes back everything that was handed out since used_bytes was `used_bytes`, and zeroes it. */
void vs_arena_rewind(vs_arena *arena, size_t used_bytes);

/* `count` objects of `size` bytes, aligned to VS_ARENA_ALIGNMENT and zero. NULL while measuring. It
 * is an assertion failure to take more than was measured. */
void *vs_arena_take(vs_arena *arena, size_t count, size_t size);

/* The common case. */
float *vs_arena_floats(vs_arena *arena, size_t count);

#endif
