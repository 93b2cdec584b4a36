/* protocol.h - what rank 0 (coordinator.c) and the other ranks (worker.c) say to each other.
 *
 *   worker -> 0   REQUEST   "give me a run"                             answered by RUN or NOTHING
 *                 DONE      "this run is stored; give me another"       answered by RUN or NOTHING
 *                 NOTE      "somebody asked me to stop"                 not answered
 *                 LEAVE     "I take no more; what I still had is free"  answered by GOODBYE
 *   0 -> worker   RUN, NOTHING, GOODBYE
 *                 STOP      "stop", at any time before GOODBYE
 *
 * A worker asks for its next run when it begins one, so that it never waits between two; it has at
 * most one question open. One at work is answered at once, and NOTHING means "not now" to it. An
 * idle one that cannot have a run yet, as those that are left wait for others to be finished, is
 * left without an answer until there is one: RUN when a run has become ready, or NOTHING, which to
 * an idle worker always means "no more", when none will, or when the job stops.
 * Every message carries how urgently its sender has to stop. Between two ranks messages keep their
 * order, so after GOODBYE and LEAVE nothing is left on the way. Runs are named by their place in
 * the grid, which all ranks have worked out from the same text. */
#ifndef VS_MPI_PROTOCOL_H
#define VS_MPI_PROTOCOL_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/optimize/strength.h"
#include "mpi/comm.h"

typedef enum vs_message_kind {
  VS_MESSAGE_REQUEST = 1,
  VS_MESSAGE_DONE,
  VS_MESSAGE_NOTE,
  VS_MESSAGE_LEAVE,
  VS_MESSAGE_RUN,
  VS_MESSAGE_NOTHING,
  VS_MESSAGE_STOP,
  VS_MESSAGE_GOODBYE
} vs_message_kind;

/* A run given to a worker. */
typedef struct vs_protocol_run {
  uint64_t index;
  vs_strength_baseline baseline; /* of its group, where it has a strength above 0; else zeros */
} vs_protocol_run;

#define VS_REPORT_REASON 256

/* How a run went: what a worker tells rank 0 of it. */
typedef struct vs_protocol_report {
  uint64_t index;
  double seconds;                /* from taking it up to having it on disk */
  int32_t outcome;               /* vs_outcome */
  double exc_eval, style_eval;   /* of the result; NaN unless it is done */
  char reason[VS_REPORT_REASON]; /* why it failed, cut; "" otherwise */
} vs_protocol_report;

typedef struct vs_message {
  int32_t kind;              /* vs_message_kind */
  int32_t stop;              /* vs_stop */
  vs_protocol_run run;       /* RUN */
  vs_protocol_report report; /* DONE: the run finished */
  bool failed;               /* LEAVE: this rank cannot store any more, the job has to stop */
} vs_message;

static_assert(sizeof(vs_message) <= VS_COMM_MAX_MESSAGE, "comm.h carries every message");

#endif
