/* A growing list of distinct texts. */
#include "cli/value_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static vs_status append(vs_value_set *set, const char *text) {
  if (set->count == set->capacity) {
    size_t capacity = set->capacity == 0 ? 16 : 2 * set->capacity;
    void *grown = realloc(set->texts, capacity * sizeof set->texts[0]);
    if (grown == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu values", capacity);
    set->texts = grown;
    set->capacity = capacity;
  }
  snprintf(set->texts[set->count], VS_AXIS_TEXT, "%s", text);
  set->count++;
  set->next = 0;
  return VS_OK;
}

vs_status vs_value_set_add(vs_value_set *set, const char *text) {
  /* The value seen last, or the one after it: nearly always. */
  for (size_t tried = 0; tried < set->count; tried++) {
    size_t at = (set->next + tried) % set->count;
    if (strcmp(set->texts[at], text) != 0) continue;
    set->next = at;
    return VS_OK;
  }
  return append(set, text);
}

void vs_value_set_clear(vs_value_set *set) {
  free(set->texts);
  *set = (vs_value_set){0};
}
