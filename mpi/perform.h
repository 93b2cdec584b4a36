/* perform.h - one run of the grid, from its number to its place on disk; the same on every rank.
 *
 *   vs_sweep_get -> vs_run_new -> vs_run_execute -> vs_store_add
 */
#ifndef VS_MPI_PERFORM_H
#define VS_MPI_PERFORM_H

#include "mpi/protocol.h"
#include "sweeps/spec/sweep.h"
#include "sweeps/store/store.h"

/* What a rank computes with. Nothing is owned. */
typedef struct vs_workplace {
  const vs_sweep *sweep;
  const vs_weights *weights;
  vs_store *store;
  int rank;
  int threads;
} vs_workplace;

/* Computes a run and stores it. VS_OK: it has an outcome, told in *report, and is durable; a
 * run that cannot be computed, as there is no memory or its baseline gives no unit of strength, is
 * stored as failed, with the reason, which the report tells too. VS_ERR_STOPPED:
 * `progress` said so, nothing is stored. Anything else: it cannot be stored, and the job has to
 * stop. */
vs_status vs_perform(const vs_workplace *place, const vs_protocol_run *given,
                     vs_run_progress *progress, void *context, vs_protocol_report *report);

#endif
