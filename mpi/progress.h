/* progress.h - telling a person how far a job is: on stderr, and in DIR/progress.json.
 *
 * On a terminal one line is rewritten a few times a second; elsewhere a line is printed every 30 s.
 * Time left comes from costs, not from counting runs: what is left to compute, over the cost that a
 * rank has been seen to get through in a second, and the number of ranks.
 *
 * Lives on rank 0. Times are seconds since 1970 given by the caller (vs_clock_unix_seconds,
 * core/base/clock.h), so that tests can make them up. */
#ifndef VS_MPI_PROGRESS_H
#define VS_MPI_PROGRESS_H

#include <stdio.h>

#include "mpi/progress_file.h"

typedef struct vs_progress vs_progress;

typedef struct vs_progress_setup {
  const char *folder; /* of progress.json; copied */
  FILE *out;          /* where lines go, not owned; NULL: nowhere */
  int columns;        /* width of the terminal behind `out`; 0: it is none */
  size_t planned;
  size_t stored[VS_OUTCOMES];        /* before this job */
  double cost_left;                  /* of all runs that this job has before it */
  int ranks;                         /* of the job */
  int workers;                       /* ranks that compute, >= 1 */
  const char (*hosts)[VS_COMM_HOST]; /* one per rank; copied */
} vs_progress_setup;

/* The width of the terminal on which stderr ends up, or 0. mpirun hands stderr on through a pipe:
 * then it is mpirun's own that counts. */
int vs_progress_terminal_columns(void);

/* VS_ERR_MEMORY. */
vs_status vs_progress_new(vs_progress **out, const vs_progress_setup *setup, double now);
void vs_progress_free(vs_progress *progress); /* fine on NULL */

/* A rank has begun a run; has finished the one it was at, after `seconds`; has given it up. */
void vs_progress_begin(vs_progress *progress, int rank, const vs_progress_run *run, double now);
void vs_progress_finish(vs_progress *progress, int rank, vs_outcome outcome, double seconds);
void vs_progress_drop(vs_progress *progress, int rank);

/* Rank 0 has made `step` updates of the run it is at. */
void vs_progress_step(vs_progress *progress, int step);

vs_progress_figures vs_progress_get_figures(const vs_progress *progress, double now);

/* Shows and writes what is due; cheap when nothing is. A file that cannot be written is
 * ignored: the job does not depend on it. */
void vs_progress_tick(vs_progress *progress, double now);

/* Prints a line of its own, printf style without a newline, above the bar if there is one. */
void vs_progress_say(vs_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The job is over: takes the bar away and writes the file for the last time. */
void vs_progress_end(vs_progress *progress, vs_progress_state state, double now);

/* "42 s", "12 min", "3 h 05 min", "2 d 4 h", "unknown" for NaN. `out` holds 32. */
#define VS_DURATION_TEXT 32
void vs_progress_format_duration(double seconds, char out[VS_DURATION_TEXT]);

/* "13 of 40 runs, 1 failed, 350 runs/h, 12 min left": counts of 0 and unknown figures are left out.
 */
void vs_progress_format(const vs_progress_figures *figures, char *out, size_t size);

#endif
