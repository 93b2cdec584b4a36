/* grow.h - arrays that grow as they are filled: twice the room whenever there is too little.
 *
 *   point *grown = vs_grow(list->points, &list->room, list->count + 1, sizeof *grown);
 *   if (grown == NULL) return vs_fail(VS_ERR_MEMORY, ...);   // list->points is as it was
 *   list->points = grown; */
#ifndef VS_CORE_BASE_GROW_H
#define VS_CORE_BASE_GROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The array with room for at least `needed` items, *room updated; NULL if there is no memory. */
static inline void *vs_grow(void *array, size_t *room, size_t needed, size_t item_bytes) {
  if (array != NULL && needed <= *room) return array;
  size_t wanted = *room < 16 ? 16 : *room;
  while (wanted < needed && wanted <= SIZE_MAX / 4) wanted *= 2;
  if (wanted < needed || wanted > SIZE_MAX / 2 / item_bytes) return NULL;
  void *grown = realloc(array, wanted * item_bytes);
  if (grown != NULL) *room = wanted;
  return grown;
}

#endif
