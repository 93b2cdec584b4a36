/* stored.h - which runs of a sweep its results folder holds already: what need not be computed. */
#ifndef VS_SWEEPS_STORE_STORED_H
#define VS_SWEEPS_STORE_STORED_H

#include "core/optimize/strength.h"
#include "sweeps/spec/sweep.h"

#define VS_OUTCOMES (VS_RUN_FAILED + 1) /* runs are counted by vs_outcome */

typedef struct vs_stored {
  bool *holds;                    /* of each run of the grid; owned */
  size_t count;                   /* of these */
  size_t by_outcome[VS_OUTCOMES]; /* of these */
  /* Of each group (vs_sweep_group) what its baseline came to, where that is held; NULL unless the
   * sweep has strengths. Owned. */
  vs_strength_baseline *baselines;
} vs_stored;

/* Finds what `folder` holds of a bound sweep (vs_identity_bind) that it is a result of
 * (vs_store_check): nothing if it is NULL or has no manifest yet. With `only_done` runs that failed
 * or diverged do not count. VS_ERR_FORMAT if a run is stored under another id than the sweep's;
 * what vs_results_open says; VS_ERR_MEMORY. Cleared by the caller in any case. */
vs_status vs_stored_find(vs_stored *stored, const char *folder, const vs_sweep *sweep,
                         bool only_done);

/* Whether run `index` of the grid waits for its baseline (vs_sweep_baseline), which is not held. */
bool vs_stored_waits(const vs_stored *stored, const vs_sweep *sweep, size_t index);

void vs_stored_clear(vs_stored *stored); /* fine on a zeroed one */

#endif
