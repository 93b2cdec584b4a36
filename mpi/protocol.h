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
 * most one question open. NOTHING to a worker at work means "not now" and to an idle one "no more".
 * Every message carries how urgently its sender has to stop. Between two ranks messages keep their
 * order, so after GOODBYE and LEAVE nothing is left on the way. Runs are named by their place in
 * the grid, which all ranks have worked out from the same text. */
#ifndef VS_MPI_PROTOCOL_H
#define VS_MPI_PROTOCOL_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

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

#define VS_REPORT_REASON 256

/* How a run went: what a worker tells rank 0 of it. */
typedef struct vs_protocol_report {
  uint64_t index;
  double seconds;                /* from taking it up to having it on disk */
  int32_t outcome;               /* vs_outcome */
  char reason[VS_REPORT_REASON]; /* why it failed, cut; "" otherwise */
} vs_protocol_report;

typedef struct vs_message {
  int32_t kind;              /* vs_message_kind */
  int32_t stop;              /* vs_stop */
  uint64_t index;            /* RUN: the run given */
  vs_protocol_report report; /* DONE: the run finished */
  bool failed;               /* LEAVE: this rank cannot store any more, the job has to stop */
} vs_message;

static_assert(sizeof(vs_message) <= VS_COMM_MAX_MESSAGE, "comm.h carries every message");

#endif
