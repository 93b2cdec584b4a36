/* scheduler.h - who computes which run: a state machine without messages, clocks or threads.
 *
 * Runs are handed out on request, the longest first (Graham's LPT rule; costs are known exactly,
 * sweeps/spec/cost.h), of equals the one earlier in the grid. A worker may hold two: the one it
 * computes and one beside, so that it never waits for an answer. While fewer runs wait than there
 * are workers nobody gets a second one: at the end a run must not lie beside a busy worker while
 * another is idle.
 *
 * Every run is given to one worker at a time, and finished once. */
#ifndef VS_MPI_SCHEDULER_H
#define VS_MPI_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

#define VS_SCHEDULER_MAX_HELD 2 /* runs of a worker: in hand, and beside */

typedef struct vs_task {
  uint64_t index; /* in the grid */
  double cost;    /* in any unit, the same for all */
} vs_task;

typedef struct vs_scheduler vs_scheduler;

/* For workers 0 .. workers-1 and a list of different runs, which is copied. VS_ERR_MEMORY. */
vs_status vs_scheduler_new(vs_scheduler **out, const vs_task *tasks, size_t count, int workers);
void vs_scheduler_free(vs_scheduler *scheduler); /* fine on NULL */

/* The next run for this worker. false: not now if it holds one already, and no more if it does not.
 */
bool vs_scheduler_take(vs_scheduler *scheduler, int worker, vs_task *task);

/* The worker has finished the run it was computing. false, and nothing changes, if that is not the
 * one. */
bool vs_scheduler_finish(vs_scheduler *scheduler, int worker, uint64_t index);

/* The run that a worker computes, which is the older one it holds; NULL if it holds none. Valid
 * until the next call that changes something. */
const vs_task *vs_scheduler_current(const vs_scheduler *scheduler, int worker);

/* The worker has gone: what it held waits again. */
void vs_scheduler_release(vs_scheduler *scheduler, int worker);

/* From now on nobody gets a run. */
void vs_scheduler_stop(vs_scheduler *scheduler);

/* Runs that wait, are held, are finished: together always `count`. */
typedef struct vs_scheduler_counts {
  size_t waiting, held, finished;
} vs_scheduler_counts;
vs_scheduler_counts vs_scheduler_count(const vs_scheduler *scheduler);

#endif
