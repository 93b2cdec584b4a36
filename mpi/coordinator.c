/* Rank 0's part of the protocol: answers, and its own runs between them. */
#include "mpi/coordinator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "mpi/signals.h"

struct vs_coordinator {
  vs_comm *comm;
  const vs_workplace *place;
  vs_scheduler *scheduler;
  vs_progress *progress;
  vs_stop stop;
  vs_strength_baseline *baselines; /* of groups; NULL: the sweep has no strengths */
  bool *present;                   /* ranks that have not left; owned */
  bool *asking;                    /* ranks whose question is not answered; owned */
  int others;                      /* how many of them */
  vs_status broken;                /* VS_OK until a rank says what it cannot */
};

bool vs_coordinator_computes(int ranks) {
  return ranks < VS_COORDINATOR_ONLY_RANKS;
}

int vs_coordinator_workers(int ranks) {
  return vs_coordinator_computes(ranks) ? ranks : ranks - 1;
}

static void answer(vs_coordinator *self, int to, vs_message_kind kind,
                   const vs_protocol_run *given) {
  vs_message message = {.kind = (int32_t)kind, .stop = (int32_t)self->stop};
  if (given != NULL) message.run = *given;
  vs_comm_send(self->comm, to, &message, sizeof message);
}

/* Raises the stop if this one is more urgent, and tells those who compute. */
static void raise_stop(vs_coordinator *self, vs_stop stop) {
  if (stop <= self->stop) return;
  self->stop = stop;
  vs_scheduler_stop(self->scheduler);
  vs_progress_say(self->progress, "%s",
                  stop == VS_STOP_NOW
                      ? "stopping: runs in progress are dropped and will be done again"
                      : "stopping: running runs are finished, none is begun");
  for (int rank = 1; rank < vs_comm_size(self->comm); rank++)
    if (self->present[rank]) answer(self, rank, VS_MESSAGE_STOP, NULL);
}

/* What a person wants to know of a run. */
static void describe(const vs_sweep *sweep, const vs_task *task, vs_progress_run *out) {
  vs_sweep_run run;
  vs_sweep_get(sweep, (size_t)task->index, &run);
  *out = (vs_progress_run){.index = task->index,
                           .channel = run.spec.objective.channel,
                           .lambda = run.spec.balance == VS_BALANCE_LAMBDA ? run.spec.lambda
                                                                           : (double)NAN,
                           .steps = run.spec.steps,
                           .cost = task->cost,
                           .behind = task->way - task->cost};
  memcpy(out->id, run.id, sizeof out->id);
  memcpy(out->layer, vs_vgg16_tap(run.spec.objective.tap)->name, sizeof out->layer);
}

/* A worker is now at the older of the runs that it holds. */
static void follow(vs_coordinator *self, int rank) {
  const vs_task *task = vs_scheduler_current(self->scheduler, rank);
  if (task == NULL) return;
  vs_progress_run run;
  describe(self->place->sweep, task, &run);
  vs_progress_begin(self->progress, rank, &run, vs_clock_unix_seconds());
}

static bool is_idle(const vs_coordinator *self, int rank) {
  return vs_scheduler_current(self->scheduler, rank) == NULL;
}

static bool give(vs_coordinator *self, int rank, vs_protocol_run *given) {
  bool was_idle = is_idle(self, rank);
  vs_task task;
  if (!vs_scheduler_take(self->scheduler, rank, &task)) return false;
  *given = (vs_protocol_run){.index = task.index};
  if (self->baselines != NULL)
    given->baseline = self->baselines[vs_sweep_group(self->place->sweep, (size_t)task.index)];
  if (was_idle) follow(self, rank);
  return true;
}

/* Answers those who ask, but for idle ones who may get a run later. */
static void answer_all(vs_coordinator *self) {
  for (int rank = 1; rank < vs_comm_size(self->comm); rank++) {
    if (!self->asking[rank]) continue;
    vs_protocol_run given;
    if (give(self, rank, &given))
      answer(self, rank, VS_MESSAGE_RUN, &given);
    else if (!is_idle(self, rank) || !vs_scheduler_may_come(self->scheduler))
      answer(self, rank, VS_MESSAGE_NOTHING, NULL);
    else
      continue;
    self->asking[rank] = false;
  }
}

/* Those of its group may need what this run came to. */
static void note_baseline(vs_coordinator *self, const vs_protocol_report *report) {
  const vs_sweep *sweep = self->place->sweep;
  const size_t index = (size_t)report->index;
  if (self->baselines == NULL || vs_sweep_baseline(sweep, index) != index) return;
  self->baselines[vs_sweep_group(sweep, index)] =
      (vs_strength_baseline){(vs_outcome)report->outcome, report->exc_eval, report->style_eval};
}

static void take_report(vs_coordinator *self, int rank, const vs_protocol_report *report) {
  const vs_task *task = vs_scheduler_current(self->scheduler, rank);
  if (task == NULL || task->index != report->index || report->outcome < 0 ||
      report->outcome >= VS_OUTCOMES) {
    self->broken = vs_fail(VS_ERR_INTERNAL, "rank %d reports a run that it was not given", rank);
    raise_stop(self, VS_STOP_NOW);
    return;
  }
  if (report->outcome == VS_RUN_FAILED) {
    vs_progress_run run;
    describe(self->place->sweep, task, &run);
    vs_progress_say(self->progress, "run %s (%s, channel %d) failed on rank %d: %s", run.id,
                    run.layer, run.channel, rank, report->reason);
  }
  vs_progress_finish(self->progress, rank, (vs_outcome)report->outcome, report->seconds);
  note_baseline(self, report);
  vs_scheduler_finish(self->scheduler, rank, report->index);
  follow(self, rank);
}

static void say_goodbye(vs_coordinator *self, int rank) {
  vs_scheduler_release(self->scheduler, rank);
  vs_progress_drop(self->progress, rank);
  answer(self, rank, VS_MESSAGE_GOODBYE, NULL);
  self->present[rank] = false;
  self->others--;
}

static void handle(vs_coordinator *self, int rank, const vs_message *message) {
  raise_stop(self, message->failed ? VS_STOP_NOW : (vs_stop)message->stop);
  switch ((vs_message_kind)message->kind) {
  case VS_MESSAGE_DONE:
    take_report(self, rank, &message->report);
    __attribute__((fallthrough)); /* it is a request as well */
  case VS_MESSAGE_REQUEST:
    self->asking[rank] = true;
    return;
  case VS_MESSAGE_LEAVE:
    say_goodbye(self, rank);
    return;
  case VS_MESSAGE_NOTE:
    return;
  default:
    self->broken =
        vs_fail(VS_ERR_INTERNAL, "rank %d sends a message of kind %d", rank, (int)message->kind);
    raise_stop(self, VS_STOP_NOW);
  }
}

/* Everything that is due on rank 0 besides its own run. True if a message had come. */
static bool poll_ranks(vs_coordinator *self) {
  vs_message message;
  int from;
  bool heard = false;
  raise_stop(self, vs_signals_stop());
  while (vs_comm_receive(self->comm, &message, sizeof message, &from)) {
    handle(self, from, &message);
    heard = true;
  }
  answer_all(self);
  vs_progress_tick(self->progress, vs_clock_unix_seconds());
  return heard;
}

static bool between_iterations(void *context, int step) {
  vs_coordinator *self = context;
  vs_progress_step(self->progress, step);
  poll_ranks(self);
  return self->stop != VS_STOP_NOW;
}

/* A run for rank 0, waited for while one may come; false: there is no more. */
static bool find_run(vs_coordinator *self, vs_protocol_run *given) {
  for (int rounds = 0;;) {
    const bool heard = poll_ranks(self); /* first, so that nobody waits while a run is planned */
    if (give(self, 0, given)) return true;
    if (!vs_scheduler_may_come(self->scheduler)) return false;
    if (heard)
      rounds = 0;
    else
      vs_comm_rest(&rounds);
  }
}

/* Rank 0's own runs. It takes none beside: it need not wait for an answer. */
static vs_status compute(vs_coordinator *self) {
  vs_status status = VS_OK;
  vs_protocol_run given;
  while (status == VS_OK && find_run(self, &given)) {
    vs_protocol_report report;
    status = vs_perform(self->place, &given, between_iterations, self, &report);
    if (status == VS_OK) take_report(self, 0, &report);
  }
  if (status != VS_OK) {
    vs_scheduler_release(self->scheduler, 0);
    vs_progress_drop(self->progress, 0);
  }
  return status == VS_ERR_STOPPED ? VS_OK : status;
}

vs_status vs_coordinator_new(vs_coordinator **out, vs_comm *comm, const vs_workplace *place,
                             vs_scheduler *scheduler, vs_progress *progress,
                             vs_strength_baseline *baselines) {
  int size = vs_comm_size(comm);
  vs_coordinator *self = calloc(1, sizeof *self);
  *out = self;
  if (self != NULL) {
    self->present = calloc((size_t)size, sizeof *self->present);
    self->asking = calloc((size_t)size, sizeof *self->asking);
  }
  if (self == NULL || self->present == NULL || self->asking == NULL) {
    vs_coordinator_free(self);
    *out = NULL;
    return vs_fail(VS_ERR_MEMORY, "no memory to coordinate %d ranks", size);
  }
  self->comm = comm;
  self->place = place;
  self->scheduler = scheduler;
  self->progress = progress;
  self->baselines = baselines;
  self->others = size - 1;
  for (int rank = 1; rank < size; rank++) self->present[rank] = true;
  return VS_OK;
}

void vs_coordinator_free(vs_coordinator *self) {
  if (self == NULL) return;
  free(self->present);
  free(self->asking);
  free(self);
}

vs_status vs_coordinator_run(vs_coordinator *self) {
  vs_status status = VS_OK;
  if (vs_coordinator_computes(vs_comm_size(self->comm))) status = compute(self);
  if (status != VS_OK) {
    self->broken = status;
    raise_stop(self, VS_STOP_NOW);
  }
  for (int rounds = 0; self->others > 0;) {
    if (poll_ranks(self))
      rounds = 0;
    else
      vs_comm_rest(&rounds);
  }
  return self->broken;
}
