/* A worker's part of the protocol: requests, reports, stops. */
#include "mpi/worker.h"

#include <assert.h>

#include "mpi/signals.h"

typedef struct work_state {
  vs_comm *comm;
  vs_stop stop, told; /* the most urgent stop known here, and the one rank 0 knows of */
  bool asked;         /* a question is open */
  bool has_next;
  vs_protocol_run next; /* the run to begin when this one is through */
  bool dismissed;
} work_state;

static void say(work_state *worker, vs_message *message) {
  message->stop = (int32_t)worker->stop;
  worker->told = worker->stop;
  vs_comm_send(worker->comm, 0, message, sizeof *message);
}

static void ask(work_state *worker, vs_message_kind kind, const vs_protocol_report *report) {
  assert(!worker->asked);
  vs_message message = {.kind = (int32_t)kind};
  if (report != NULL) message.report = *report;
  say(worker, &message);
  worker->asked = true;
}

static void handle(work_state *worker, const vs_message *message) {
  if (message->stop > (int32_t)worker->stop) {
    worker->stop = (vs_stop)message->stop;
    worker->told = worker->stop;
  }
  switch ((vs_message_kind)message->kind) {
  case VS_MESSAGE_RUN:
    assert(worker->asked && !worker->has_next);
    worker->asked = false;
    worker->has_next = true;
    worker->next = message->run;
    return;
  case VS_MESSAGE_NOTHING:
    assert(worker->asked);
    worker->asked = false;
    return;
  case VS_MESSAGE_GOODBYE:
    worker->dismissed = true;
    return;
  case VS_MESSAGE_STOP:
    return;
  default:
    assert(false && "rank 0 says what only workers say");
  }
}

/* Takes what has arrived, and passes on a signal that came to this rank alone. */
static bool poll(work_state *worker) {
  vs_message message;
  int from;
  bool heard = false;
  while (vs_comm_receive(worker->comm, &message, sizeof message, &from)) {
    handle(worker, &message);
    heard = true;
  }
  vs_stop signalled = vs_signals_stop();
  if (signalled > worker->stop) worker->stop = signalled;
  if (worker->stop > worker->told && !worker->dismissed) {
    vs_message note = {.kind = VS_MESSAGE_NOTE};
    say(worker, &note);
  }
  return heard;
}

static bool between_iterations(void *context, int step) {
  (void)step;
  work_state *self = context;
  poll(self);
  return self->stop != VS_STOP_NOW;
}

static void wait_for_answer(work_state *worker) {
  int rounds = 0;
  while (worker->asked) {
    if (poll(worker))
      rounds = 0;
    else
      vs_comm_rest(&rounds);
  }
}

static void leave(work_state *worker, bool failed) {
  wait_for_answer(worker);
  vs_message message = {.kind = VS_MESSAGE_LEAVE, .failed = failed};
  say(worker, &message);
  for (int rounds = 0; !worker->dismissed;) {
    vs_message answer;
    int from;
    if (vs_comm_receive(worker->comm, &answer, sizeof answer, &from))
      handle(worker, &answer);
    else
      vs_comm_rest(&rounds);
  }
}

vs_status vs_worker_run(vs_comm *comm, const vs_workplace *place) {
  work_state self = {.comm = comm};
  vs_status status = VS_OK;
  ask(&self, VS_MESSAGE_REQUEST, NULL);
  while (status == VS_OK) {
    if (!self.has_next) wait_for_answer(&self);
    if (!self.has_next || self.stop != VS_STOP_NONE) break;
    self.has_next = false;
    const vs_protocol_run given = self.next;
    if (!self.asked) ask(&self, VS_MESSAGE_REQUEST, NULL);
    vs_protocol_report report;
    status = vs_perform(place, &given, between_iterations, &self, &report);
    wait_for_answer(&self); /* one question at a time: mostly answered long ago */
    if (status == VS_OK) ask(&self, VS_MESSAGE_DONE, &report);
  }
  if (status == VS_ERR_STOPPED) status = VS_OK;
  leave(&self, status != VS_OK);
  return status;
}
