/* sweep_job.h - a sweep computed by all ranks of a job, from its file to its results.
 *
 *   read the sweep (rank 0) -> tell all -> parse -> load weights -> open the folder
 *   -> what is left to do -> coordinate | work -> merge (rank 0)
 *
 * After every step that can fail the ranks agree on how it went (vs_comm_agree): then all go on, or
 * all end with one status and one message. */
#ifndef VS_MPI_SWEEP_JOB_H
#define VS_MPI_SWEEP_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "mpi/comm.h"
#include "sweeps/store/stored.h"

typedef struct vs_sweep_job_options {
  const char *sweep_path; /* need exist where rank 0 runs only */
  const char *folder;     /* of results; NULL: results/<name of the sweep> */
  const char *weights;    /* instead of the sweep's; NULL: the sweep's */
  vs_family family;       /* instead of the sweep's; VS_FAMILY_UNKNOWN: the sweep's */
  char *const *overrides; /* --set */
  size_t override_count;
  int threads;       /* per rank, >= 1 */
  bool retry_failed; /* runs that failed or diverged are done again */
} vs_sweep_job_options;

/* How far the sweep is, this job's runs and earlier ones: planned = sum of stored + left. */
typedef struct vs_sweep_job_result {
  size_t planned, left;
  size_t stored[VS_OUTCOMES]; /* by vs_outcome */
} vs_sweep_job_result;

/* Collective; all ranks give the same options and get the same status, message and result. Progress
 * goes to rank 0's stderr, the path of the merged file to its stdout. VS_OK: all runs are stored
 * and merged, or it was stopped (vs_signals_stop) with runs left. */
vs_status vs_sweep_job(vs_comm *comm, const vs_sweep_job_options *options,
                       vs_sweep_job_result *result);

#endif
