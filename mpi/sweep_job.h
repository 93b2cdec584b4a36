/* sweep_job.h - the whole of `vggsweep run`, from its options to its exit code, on every rank.
 *
 *   read the sweep (rank 0) -> tell all -> parse -> load weights -> open the folder
 *   -> what is left to do -> coordinate | work -> merge (rank 0)
 *
 * After every step that can fail the ranks agree on how it went (vs_comm_agree); then all go on, or
 * rank 0 prints one message and all end with one exit code. */
#ifndef VS_MPI_SWEEP_JOB_H
#define VS_MPI_SWEEP_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"
#include "core/vgg/weights.h"

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

/* Starts and ends MPI: once in a program. All ranks give the same options and get the same code. */
vs_exit vs_sweep_job(const vs_sweep_job_options *options);

#endif
