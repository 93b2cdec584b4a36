/* value_set.h - the distinct values of an axis in the order in which they appear, for `plan`. */
#ifndef VS_CLI_VALUE_SET_H
#define VS_CLI_VALUE_SET_H

#include <stddef.h>

#include "sweeps/spec/sweep.h"

typedef struct vs_value_set {
  char (*texts)[VS_AXIS_TEXT]; /* owned */
  size_t count, capacity;
  size_t next; /* where the next value is expected: axes of a grid repeat their values in order */
} vs_value_set;

/* Adds a value if it is new. VS_ERR_MEMORY. */
vs_status vs_value_set_add(vs_value_set *set, const char *text);

/* Fine on a zeroed set, and twice. */
void vs_value_set_clear(vs_value_set *set);

#endif
