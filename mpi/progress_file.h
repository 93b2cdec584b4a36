/* progress_file.h - DIR/progress.json: what a job is doing just now, for `vggsweep status` and for
 * people. Rank 0 rewrites it every few seconds, always whole (core/base/file.h).
 *
 *   {"state": "running", "started": 1.7e9, "updated": 1.7e9, "planned": 40, "done": 12,
 *    "failed": 1, "diverged": 0, "running": 3, "left": 24, "runs_per_hour": 350.0,
 *    "seconds_left": 250.0, "ranks": [{"rank": 0, "host": "n1", "index": 13, "id": "...",
 *    "layer": "relu4_3", "channel": 17, "lambda": 50.0, "since": 1.7e9}, ...]}
 *
 * Times are seconds since 1970, UTC. A job that died leaves the file as it was: one that says
 * "running" and is older than VS_PROGRESS_DEAD_S speaks of a dead job. */
#ifndef VS_MPI_PROGRESS_FILE_H
#define VS_MPI_PROGRESS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mpi/comm.h"
#include "sweeps/store/stored.h"

#define VS_PROGRESS_FILE   "progress.json"
#define VS_PROGRESS_DEAD_S 30.0

typedef enum vs_progress_state {
  VS_PROGRESS_RUNNING,
  VS_PROGRESS_STOPPED, /* runs are left and nobody works on them */
  VS_PROGRESS_FINISHED /* every run has an outcome */
} vs_progress_state;
const char *vs_progress_file_state_name(vs_progress_state state); /* "running", "stopped", ... */

/* How far a sweep is. planned = sum of stored + running + left. */
typedef struct vs_progress_figures {
  size_t planned;
  size_t stored[VS_OUTCOMES]; /* by vs_outcome, of this job and before */
  size_t running;
  size_t left;          /* neither stored nor running */
  double runs_per_hour; /* of this job; NaN before its first run is through */
  double seconds_left;  /* NaN while nothing is known */
} vs_progress_figures;

/* The run that a rank computes. */
typedef struct vs_progress_run {
  uint64_t index;
  char id[VS_ID];
  char layer[VS_TAP_NAME];
  int channel;
  double lambda; /* NaN where it follows from rho or strength */
  int steps;
  double cost;
  double behind; /* cost of the longest chain of runs that wait for it */
} vs_progress_run;

typedef struct vs_progress_rank {
  char host[VS_COMM_HOST];
  bool busy;
  vs_progress_run run; /* while busy */
  double since;        /* while busy */
} vs_progress_rank;

typedef struct vs_progress_view {
  vs_progress_state state;
  double started, updated;
  vs_progress_figures figures;
} vs_progress_view;

/* What vs_file_write says. */
vs_status vs_progress_file_write(const char *folder, const vs_progress_view *view,
                                 const vs_progress_rank *ranks, int rank_count);

/* Reads the view back. VS_ERR_IO if there is no such file, VS_ERR_FORMAT if it is damaged. */
vs_status vs_progress_file_read(const char *folder, vs_progress_view *view);

/* Whether the job that wrote the view is alive: it says so, and is not old. `now` is in its clock.
 */
bool vs_progress_file_is_alive(const vs_progress_view *view, double now);

#endif
