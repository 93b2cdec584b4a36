/* coordinator.h - rank 0 while a sweep runs: hands out runs, follows what becomes of them, passes
 * on a stop, and computes runs itself, answering between its iterations. */
#ifndef VS_MPI_COORDINATOR_H
#define VS_MPI_COORDINATOR_H

#include "mpi/comm.h"
#include "mpi/perform.h"
#include "mpi/progress.h"
#include "mpi/scheduler.h"

/* From this many ranks on rank 0 only coordinates: an answer may take as long as one of its
 * iterations, and that many ranks would come to wait for it. */
#define VS_COORDINATOR_ONLY_RANKS 64

/* Whether rank 0 computes in a job of so many ranks, and how many ranks do. */
bool vs_coordinator_computes(int ranks);
int vs_coordinator_workers(int ranks);

typedef struct vs_coordinator vs_coordinator;

/* Makes ready; takes all memory that coordinating needs. Nothing given is owned, and all of it
 * outlives the coordinator. Workers of the scheduler are numbered as ranks are. `baselines` are
 * those of vs_stored (sweeps/store/stored.h): what this job's baselines come to is added.
 * VS_ERR_MEMORY. */
vs_status vs_coordinator_new(vs_coordinator **out, vs_comm *comm, const vs_workplace *place,
                             vs_scheduler *scheduler, vs_progress *progress,
                             vs_strength_baseline *baselines);
void vs_coordinator_free(vs_coordinator *coordinator); /* fine on NULL */

/* Has everything that the scheduler holds computed, while the other ranks are in vs_worker_run.
 * Returns when all others have left: VS_OK, stopped by somebody or not (the scheduler's counts
 * tell), or why rank 0 could not store a run. A rank that fails so stops the job. Once per
 * coordinator. */
vs_status vs_coordinator_run(vs_coordinator *coordinator);

#endif
