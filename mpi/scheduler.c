/* A heap of ready runs, who waits for whom, and what each worker holds. */
#include "mpi/scheduler.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX

/* A run, and as a list those that wait for it. */
typedef struct node {
  vs_task task;
  size_t first_behind, next; /* that waits for it; that waits for the same; or NOBODY */
} node;

typedef struct worker_hand {
  size_t held[VS_SCHEDULER_MAX_HELD]; /* the older first */
  int count;
} worker_hand;

struct vs_scheduler {
  node *nodes; /* by index in the grid */
  size_t count;
  size_t *ready; /* (count) a heap of nodes: none goes before the one at half its place */
  size_t ready_count;
  worker_hand *hands; /* one per worker */
  int workers;
  size_t held, finished;
  bool stopped;
};

/* --- the heap --------------------------------------------------------------------------------- */

static bool goes_before(const vs_scheduler *scheduler, size_t a, size_t b) {
  const vs_task *left = &scheduler->nodes[a].task, *right = &scheduler->nodes[b].task;
  return left->way > right->way || (left->way == right->way && left->index < right->index);
}

static void make_ready(vs_scheduler *scheduler, size_t n) {
  size_t *heap = scheduler->ready, at = scheduler->ready_count++;
  for (; at > 0 && goes_before(scheduler, n, heap[(at - 1) / 2]); at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = n;
}

static size_t take_first(vs_scheduler *scheduler) {
  assert(scheduler->ready_count > 0);
  size_t *heap = scheduler->ready, first = heap[0], at = 0;
  const size_t count = --scheduler->ready_count, moved = heap[count];
  for (size_t below = 1; below < count; below = 2 * at + 1) {
    if (below + 1 < count && goes_before(scheduler, heap[below + 1], heap[below])) below++;
    if (!goes_before(scheduler, heap[below], moved)) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = moved;
  return first;
}

/* --- who waits for whom ----------------------------------------------------------------------- */

static int by_index(const void *a, const void *b) {
  const uint64_t left = ((const node *)a)->task.index, right = ((const node *)b)->task.index;
  return (left > right) - (left < right);
}

static size_t find(const vs_scheduler *scheduler, uint64_t index) {
  const node key = {.task = {.index = index}};
  const node *found =
      bsearch(&key, scheduler->nodes, scheduler->count, sizeof *scheduler->nodes, by_index);
  assert(found != NULL);
  return (size_t)(found - scheduler->nodes);
}

static void link_nodes(vs_scheduler *scheduler) {
  node *nodes = scheduler->nodes;
  for (size_t n = scheduler->count; n-- > 0;) {
    if (nodes[n].task.after == VS_TASK_READY) continue;
    node *before = &nodes[find(scheduler, nodes[n].task.after)];
    nodes[n].next = before->first_behind;
    before->first_behind = n;
  }
}

/* Ways to the end, from the ends on: each run's is known once those of all behind it are. `open`
 * (count) counts these. */
static void measure_ways(vs_scheduler *scheduler, size_t *open) {
  node *nodes = scheduler->nodes;
  for (size_t n = 0; n < scheduler->count; n++)
    if (nodes[n].task.after != VS_TASK_READY) open[find(scheduler, nodes[n].task.after)]++;
  for (size_t n = 0; n < scheduler->count; n++) {
    /* An end, and as much of the chain before it as only waited for it. */
    for (size_t at = nodes[n].first_behind == NOBODY ? n : NOBODY; at != NOBODY;) {
      vs_task *task = &nodes[at].task;
      task->way += task->cost; /* held the largest way behind it */
      if (task->after == VS_TASK_READY) break;
      const size_t before = find(scheduler, task->after);
      if (task->way > nodes[before].task.way) nodes[before].task.way = task->way;
      at = --open[before] == 0 ? before : NOBODY;
    }
  }
}

vs_status vs_scheduler_new(vs_scheduler **out, const vs_task *tasks, size_t count, int workers) {
  assert(workers > 0);
  vs_scheduler *scheduler = calloc(1, sizeof *scheduler);
  *out = scheduler;
  if (scheduler == NULL) goto no_memory;
  scheduler->nodes = calloc(count + 1, sizeof *scheduler->nodes);
  scheduler->ready = calloc(count + 1, sizeof *scheduler->ready);
  scheduler->hands = calloc((size_t)workers, sizeof *scheduler->hands);
  if (scheduler->nodes == NULL || scheduler->ready == NULL || scheduler->hands == NULL)
    goto no_memory;
  scheduler->count = count;
  scheduler->workers = workers;
  for (size_t n = 0; n < count; n++) {
    scheduler->nodes[n] = (node){.task = tasks[n], .first_behind = NOBODY, .next = NOBODY};
    scheduler->nodes[n].task.way = 0.0;
  }
  qsort(scheduler->nodes, count, sizeof *scheduler->nodes, by_index);
  link_nodes(scheduler);
  measure_ways(scheduler, scheduler->ready); /* its place is not needed yet */
  for (size_t n = 0; n < count; n++)
    if (scheduler->nodes[n].task.after == VS_TASK_READY) make_ready(scheduler, n);
  return VS_OK;
no_memory:
  vs_scheduler_free(scheduler);
  *out = NULL;
  return vs_fail(VS_ERR_MEMORY, "no memory to schedule %zu runs", count);
}

void vs_scheduler_free(vs_scheduler *scheduler) {
  if (scheduler == NULL) return;
  free(scheduler->nodes);
  free(scheduler->ready);
  free(scheduler->hands);
  free(scheduler);
}

/* --- handing out ------------------------------------------------------------------------------ */

static worker_hand *hand_of(const vs_scheduler *scheduler, int worker) {
  assert(worker >= 0 && worker < scheduler->workers);
  return &scheduler->hands[worker];
}

bool vs_scheduler_take(vs_scheduler *scheduler, int worker, vs_task *task) {
  worker_hand *hand = hand_of(scheduler, worker);
  const size_t ready = scheduler->ready_count;
  if (scheduler->stopped || ready == 0 || hand->count == VS_SCHEDULER_MAX_HELD) return false;
  if (hand->count > 0 && ready < (size_t)scheduler->workers) return false;
  const size_t n = take_first(scheduler);
  *task = scheduler->nodes[n].task;
  hand->held[hand->count++] = n;
  scheduler->held++;
  return true;
}

static size_t count_waiting(const vs_scheduler *scheduler) {
  return scheduler->count - scheduler->held - scheduler->finished;
}

bool vs_scheduler_may_come(const vs_scheduler *scheduler) {
  return !scheduler->stopped && count_waiting(scheduler) > 0;
}

bool vs_scheduler_finish(vs_scheduler *scheduler, int worker, uint64_t index) {
  worker_hand *hand = hand_of(scheduler, worker);
  if (hand->count == 0 || scheduler->nodes[hand->held[0]].task.index != index) return false;
  const size_t done = hand->held[0];
  hand->count--;
  memmove(hand->held, hand->held + 1, (size_t)hand->count * sizeof *hand->held);
  scheduler->held--;
  scheduler->finished++;
  for (size_t n = scheduler->nodes[done].first_behind; n != NOBODY; n = scheduler->nodes[n].next)
    make_ready(scheduler, n);
  return true;
}

const vs_task *vs_scheduler_current(const vs_scheduler *scheduler, int worker) {
  const worker_hand *hand = hand_of(scheduler, worker);
  return hand->count > 0 ? &scheduler->nodes[hand->held[0]].task : NULL;
}

void vs_scheduler_release(vs_scheduler *scheduler, int worker) {
  worker_hand *hand = hand_of(scheduler, worker);
  while (hand->count > 0) {
    make_ready(scheduler, hand->held[--hand->count]);
    scheduler->held--;
  }
}

void vs_scheduler_stop(vs_scheduler *scheduler) {
  scheduler->stopped = true;
}

vs_scheduler_counts vs_scheduler_count(const vs_scheduler *scheduler) {
  return (vs_scheduler_counts){.waiting = count_waiting(scheduler),
                               .held = scheduler->held,
                               .finished = scheduler->finished,
                               .ready = scheduler->ready_count};
}
