/* arena.c - bump allocation in one zeroed block. An arena that measures goes through the same
 * arithmetic, which is why its answer is right. */
#include "core/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

vs_arena vs_arena_measure(void) {
  return (vs_arena){.measuring = true};
}

vs_status vs_arena_init(vs_arena *arena, size_t size_bytes) {
  *arena = (vs_arena){0};
  size_t rounded = (size_bytes + VS_ARENA_ALIGNMENT - 1) / VS_ARENA_ALIGNMENT * VS_ARENA_ALIGNMENT;
  if (rounded == 0) return VS_OK;
  void *memory = aligned_alloc(VS_ARENA_ALIGNMENT, rounded);
  if (memory == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for %zu MB of working space", size_bytes / 1000000);
  memset(memory, 0, rounded);
  arena->memory = memory;
  arena->size_bytes = rounded;
  return VS_OK;
}

void vs_arena_clear(vs_arena *arena) {
  free(arena->memory);
  *arena = (vs_arena){0};
}

void vs_arena_rewind(vs_arena *arena, size_t used_bytes) {
  assert(used_bytes <= arena->used_bytes);
  if (!arena->measuring && arena->memory != NULL)
    memset(arena->memory + used_bytes, 0, arena->used_bytes - used_bytes);
  arena->used_bytes = used_bytes;
}

void *vs_arena_take(vs_arena *arena, size_t count, size_t size) {
  assert(size == 0 || count <= (SIZE_MAX / 4) / size);
  size_t bytes = (count * size + VS_ARENA_ALIGNMENT - 1) / VS_ARENA_ALIGNMENT * VS_ARENA_ALIGNMENT;
  size_t offset = arena->used_bytes;
  arena->used_bytes += bytes;
  if (arena->used_bytes > arena->peak_bytes) arena->peak_bytes = arena->used_bytes;
  if (arena->measuring) return NULL;
  assert(arena->used_bytes <= arena->size_bytes);
  return arena->memory + offset;
}

float *vs_arena_floats(vs_arena *arena, size_t count) {
  return vs_arena_take(arena, count, sizeof(float));
}
