/* A sorted list of waiting runs, and what each worker holds of it. */
#include "mpi/scheduler.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

typedef struct worker_hand {
  vs_task held[VS_SCHEDULER_MAX_HELD]; /* the older first */
  int count;
} worker_hand;

struct vs_scheduler {
  /* tasks[first_waiting ..] wait, in the order in which they are to be given; what is before it is
   * free space: as many places as runs were given and have not come back. */
  vs_task *tasks;
  size_t count, first_waiting;
  worker_hand *hands; /* one per worker */
  int workers;
  size_t held, finished;
  bool stopped;
};

static bool goes_before(const vs_task *a, const vs_task *b) {
  return a->cost > b->cost || (a->cost == b->cost && a->index < b->index);
}

static int compare(const void *a, const void *b) {
  return goes_before(a, b) ? -1 : goes_before(b, a) ? 1 : 0;
}

vs_status vs_scheduler_new(vs_scheduler **out, const vs_task *tasks, size_t count, int workers) {
  assert(workers > 0);
  vs_scheduler *scheduler = calloc(1, sizeof *scheduler);
  *out = scheduler;
  if (scheduler == NULL) goto no_memory;
  scheduler->tasks = calloc(count > 0 ? count : 1, sizeof *scheduler->tasks);
  scheduler->hands = calloc((size_t)workers, sizeof *scheduler->hands);
  if (scheduler->tasks == NULL || scheduler->hands == NULL) goto no_memory;
  scheduler->count = count;
  scheduler->workers = workers;
  if (count > 0) {
    memcpy(scheduler->tasks, tasks, count * sizeof *tasks);
    qsort(scheduler->tasks, count, sizeof *tasks, compare);
  }
  return VS_OK;
no_memory:
  vs_scheduler_free(scheduler);
  *out = NULL;
  return vs_fail(VS_ERR_MEMORY, "no memory to schedule %zu runs", count);
}

void vs_scheduler_free(vs_scheduler *scheduler) {
  if (scheduler == NULL) return;
  free(scheduler->tasks);
  free(scheduler->hands);
  free(scheduler);
}

static worker_hand *hand_of(const vs_scheduler *scheduler, int worker) {
  assert(worker >= 0 && worker < scheduler->workers);
  return &scheduler->hands[worker];
}

bool vs_scheduler_take(vs_scheduler *scheduler, int worker, vs_task *task) {
  worker_hand *hand = hand_of(scheduler, worker);
  size_t waiting = scheduler->count - scheduler->first_waiting;
  if (scheduler->stopped || waiting == 0 || hand->count == VS_SCHEDULER_MAX_HELD) return false;
  if (hand->count > 0 && waiting < (size_t)scheduler->workers) return false;
  *task = scheduler->tasks[scheduler->first_waiting++];
  hand->held[hand->count++] = *task;
  scheduler->held++;
  return true;
}

bool vs_scheduler_finish(vs_scheduler *scheduler, int worker, uint64_t index) {
  worker_hand *hand = hand_of(scheduler, worker);
  if (hand->count == 0 || hand->held[0].index != index) return false;
  hand->count--;
  memmove(hand->held, hand->held + 1, (size_t)hand->count * sizeof *hand->held);
  scheduler->held--;
  scheduler->finished++;
  return true;
}

const vs_task *vs_scheduler_current(const vs_scheduler *scheduler, int worker) {
  const worker_hand *hand = hand_of(scheduler, worker);
  return hand->count > 0 ? &hand->held[0] : NULL;
}

/* Insertion into the sorted tail. Rare (a worker leaves once), so linear is good enough. */
static void give_back(vs_scheduler *scheduler, const vs_task *task) {
  assert(scheduler->first_waiting > 0);
  vs_task *place = &scheduler->tasks[--scheduler->first_waiting];
  const vs_task *end = scheduler->tasks + scheduler->count;
  for (; place + 1 < end && goes_before(place + 1, task); place++) *place = place[1];
  *place = *task;
}

void vs_scheduler_release(vs_scheduler *scheduler, int worker) {
  worker_hand *hand = hand_of(scheduler, worker);
  while (hand->count > 0) {
    give_back(scheduler, &hand->held[--hand->count]);
    scheduler->held--;
  }
}

void vs_scheduler_stop(vs_scheduler *scheduler) {
  scheduler->stopped = true;
}

vs_scheduler_counts vs_scheduler_count(const vs_scheduler *scheduler) {
  return (vs_scheduler_counts){.waiting = scheduler->count - scheduler->first_waiting,
                               .held = scheduler->held,
                               .finished = scheduler->finished};
}
