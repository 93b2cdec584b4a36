/* worker.h - a rank that computes runs for rank 0 until there are no more. */
#ifndef VS_MPI_WORKER_H
#define VS_MPI_WORKER_H

#include "mpi/comm.h"
#include "mpi/perform.h"

/* On every rank but 0, while rank 0 is in vs_coordinator_run. Asks for runs, performs and reports
 * them (protocol.h); handles signals and messages between iterations. Returns when rank 0 has said
 * goodbye: VS_OK, stopped or not, or why this rank could not store a run, which stops the job. */
vs_status vs_worker_run(vs_comm *comm, const vs_workplace *place);

#endif
