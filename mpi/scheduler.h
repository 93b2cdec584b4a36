/* scheduler.h - who computes which run: a state machine without messages, clocks or threads.
 *
 * A run may wait for another one, its baseline, to be finished; then it is ready. Ready runs are
 * handed out on request, the one with the longest way to the end first: its own cost, and that of
 * the longest chain of runs that wait for it (costs are known exactly, sweeps/spec/cost.h). Where
 * none waits this is Graham's LPT rule; in general, Hu's highest level first (Operations Research
 * 9, 1961), so that a run that others wait for comes before one of its length that none waits for.
 * Of equals the one earlier in the grid.
 *
 * A worker may hold two: the one it computes and one beside, so that it never waits for an answer.
 * While fewer runs are ready than there are workers nobody gets a second one: a run must not lie
 * beside a busy worker while another is idle. What is held waits for nothing, so that there is
 * always somebody who gets on.
 *
 * Every run is given to one worker at a time, and finished once. */
#ifndef VS_MPI_SCHEDULER_H
#define VS_MPI_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

#define VS_SCHEDULER_MAX_HELD 2 /* runs of a worker: in hand, and beside */

#define VS_TASK_READY UINT64_MAX /* vs_task.after of a run that waits for none */

typedef struct vs_task {
  uint64_t index; /* in the grid */
  double cost;    /* in any unit, the same for all */
  uint64_t after; /* the run of the list that it waits for, earlier or later in it */
  double way;     /* filled in: cost, and the largest way of those that wait for it */
} vs_task;

typedef struct vs_scheduler vs_scheduler;

/* For workers 0 .. workers-1 and a list of different runs, which is copied. No run waits for
 * itself, nor through others. VS_ERR_MEMORY. */
vs_status vs_scheduler_new(vs_scheduler **out, const vs_task *tasks, size_t count, int workers);
void vs_scheduler_free(vs_scheduler *scheduler); /* fine on NULL */

/* The next run for this worker. false: not now. */
bool vs_scheduler_take(vs_scheduler *scheduler, int worker, vs_task *task);

/* Whether a worker that holds nothing and was given nothing is to be given a run later: some wait
 * for runs that others compute. false: there is no more for it. */
bool vs_scheduler_may_come(const vs_scheduler *scheduler);

/* The worker has finished the run it was computing; those that waited for it are ready. false, and
 * nothing changes, if that is not the one. */
bool vs_scheduler_finish(vs_scheduler *scheduler, int worker, uint64_t index);

/* The run that a worker computes, which is the older one it holds; NULL if it holds none. Valid
 * until the next call that changes something. */
const vs_task *vs_scheduler_current(const vs_scheduler *scheduler, int worker);

/* The worker has gone: what it held is ready again. */
void vs_scheduler_release(vs_scheduler *scheduler, int worker);

/* From now on nobody gets a run. */
void vs_scheduler_stop(vs_scheduler *scheduler);

/* Runs that wait (to be ready, or to be given), are held, are finished: together always `count`. */
typedef struct vs_scheduler_counts {
  size_t waiting, held, finished;
  size_t ready; /* of those that wait */
} vs_scheduler_counts;
vs_scheduler_counts vs_scheduler_count(const vs_scheduler *scheduler);

#endif
