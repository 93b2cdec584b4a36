/* store_internal.h - an open results folder, for store.c and folder/store_add.c; nobody else
 * includes it. */
#ifndef VS_SWEEPS_STORE_STORE_INTERNAL_H
#define VS_SWEEPS_STORE_STORE_INTERNAL_H

#include <limits.h>

#include "sweeps/store/row.h"
#include "sweeps/store/segment/segment_header.h"
#include "sweeps/store/store.h"

struct vs_store {
  char folder[PATH_MAX];
  char segments[PATH_MAX];
  vs_segment_header header; /* of the manifest */
  const vs_sweep *sweep;    /* not owned */
  int lock;                 /* of rank 0, else -1 */
  char host[VS_HOST];
  uint64_t opened_ns; /* with host, process and counter: a name that no other file ever had */
  unsigned counter;
  char *small[VS_SEGMENT_RUNS]; /* paths of own segments with one run; owned */
  size_t small_count;
};

#endif
