/* The scheduler: order, prefetching, the end of a sweep, stops, and random sequences of events. */
#include "tests/support/unit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "mpi/scheduler.h"

static vs_scheduler *make(const double *costs, size_t count, int workers) {
  vs_task *tasks = calloc(count + 1, sizeof *tasks);
  assert_non_null(tasks);
  for (size_t i = 0; i < count; i++) tasks[i] = (vs_task){.index = i, .cost = costs[i]};
  vs_scheduler *scheduler;
  assert_ok(vs_scheduler_new(&scheduler, tasks, count, workers));
  free(tasks);
  return scheduler;
}

static void assert_takes(vs_scheduler *scheduler, int worker, uint64_t index) {
  vs_task task;
  assert_true(vs_scheduler_take(scheduler, worker, &task));
  assert_int_equal(task.index, index);
}

static void assert_gets_nothing(vs_scheduler *scheduler, int worker) {
  vs_task task;
  assert_false(vs_scheduler_take(scheduler, worker, &task));
}

static void longest_first_and_earlier_of_equals(void **state) {
  (void)state;
  const double costs[] = {5, 9, 5, 30, 9, 1};
  const uint64_t order[] = {3, 1, 4, 0, 2, 5};
  vs_scheduler *scheduler = make(costs, 6, 1);
  for (size_t i = 0; i < 6; i++) {
    assert_takes(scheduler, 0, order[i]);
    assert_int_equal(vs_scheduler_current(scheduler, 0)->index, order[i]);
    assert_true(vs_scheduler_finish(scheduler, 0, order[i]));
  }
  assert_gets_nothing(scheduler, 0);
  assert_null(vs_scheduler_current(scheduler, 0));
  assert_int_equal(vs_scheduler_count(scheduler).finished, 6);
  vs_scheduler_free(scheduler);
}

static void one_run_beside_and_no_more(void **state) {
  (void)state;
  const double costs[] = {6, 5, 4, 3, 2, 1};
  vs_scheduler *scheduler = make(costs, 6, 2);
  assert_takes(scheduler, 0, 0);
  assert_takes(scheduler, 0, 1);
  assert_gets_nothing(scheduler, 0);
  assert_int_equal(vs_scheduler_current(scheduler, 0)->index, 0);
  assert_false(vs_scheduler_finish(scheduler, 0, 1)); /* not the one in hand */
  assert_false(vs_scheduler_finish(scheduler, 1, 0)); /* not this worker's */
  assert_true(vs_scheduler_finish(scheduler, 0, 0));
  assert_false(vs_scheduler_finish(scheduler, 0, 0)); /* finished once */
  assert_int_equal(vs_scheduler_current(scheduler, 0)->index, 1);
  assert_takes(scheduler, 0, 2);
  vs_scheduler_free(scheduler);
}

/* With three runs waiting and three workers, a second run would be taken from an idle worker. */
static void nothing_lies_beside_at_the_end(void **state) {
  (void)state;
  const double costs[] = {9, 8, 7, 6, 5};
  vs_scheduler *scheduler = make(costs, 5, 3);
  assert_takes(scheduler, 0, 0);
  assert_takes(scheduler, 0, 1); /* four were waiting */
  assert_takes(scheduler, 1, 2);
  assert_gets_nothing(scheduler, 1); /* two wait: not now */
  assert_takes(scheduler, 2, 3);
  assert_true(vs_scheduler_finish(scheduler, 1, 2));
  assert_takes(scheduler, 1, 4); /* idle: the last one */
  assert_true(vs_scheduler_finish(scheduler, 2, 3));
  assert_gets_nothing(scheduler, 2); /* no more */
  vs_scheduler_free(scheduler);
}

static void a_stop_drains(void **state) {
  (void)state;
  const double costs[] = {4, 3, 2, 1};
  vs_scheduler *scheduler = make(costs, 4, 1);
  assert_takes(scheduler, 0, 0);
  assert_takes(scheduler, 0, 1);
  vs_scheduler_stop(scheduler);
  assert_true(vs_scheduler_finish(scheduler, 0, 0));
  assert_gets_nothing(scheduler, 0);
  vs_scheduler_release(scheduler, 0);
  vs_scheduler_counts counts = vs_scheduler_count(scheduler);
  assert_int_equal(counts.waiting, 3);
  assert_int_equal(counts.held, 0);
  assert_int_equal(counts.finished, 1);
  vs_scheduler_free(scheduler);
}

static void what_a_worker_leaves_takes_its_old_place(void **state) {
  (void)state;
  const double costs[] = {9, 9, 9, 2, 1};
  vs_scheduler *scheduler = make(costs, 5, 2);
  assert_takes(scheduler, 0, 0);
  assert_takes(scheduler, 0, 1);
  assert_takes(scheduler, 1, 2);
  vs_scheduler_release(scheduler, 0);
  vs_scheduler_release(scheduler, 0);
  assert_true(vs_scheduler_finish(scheduler, 1, 2));
  const uint64_t order[] = {0, 1, 3, 4};
  for (size_t i = 0; i < 4; i++) {
    assert_takes(scheduler, 1, order[i]);
    assert_true(vs_scheduler_finish(scheduler, 1, order[i]));
  }
  vs_scheduler_free(scheduler);
}

static void an_empty_sweep_is_through(void **state) {
  (void)state;
  vs_scheduler *scheduler;
  assert_ok(vs_scheduler_new(&scheduler, NULL, 0, 3));
  assert_gets_nothing(scheduler, 0);
  assert_int_equal(vs_scheduler_count(scheduler).waiting, 0);
  vs_scheduler_free(scheduler);
  vs_scheduler_free(NULL);
}

/* --- random sequences ------------------------------------------------------------------------- */

enum { MAX_RUNS = 60, MAX_WORKERS = 9 };

/* What the test knows by itself of the state it has brought the scheduler into. */
typedef struct model_state {
  size_t count;
  int workers;
  double costs[MAX_RUNS];
  int holder[MAX_RUNS]; /* -1: waits, -2: finished */
  uint64_t held[MAX_WORKERS][2];
  int held_count[MAX_WORKERS];
  bool stopped;
} model_state;

static size_t count_waiting(const model_state *model) {
  size_t waiting = 0;
  for (size_t i = 0; i < model->count; i++) waiting += model->holder[i] == -1;
  return waiting;
}

/* The longest that waits, the first of equals. */
static uint64_t best_waiting(const model_state *model) {
  uint64_t best = model->count;
  for (uint64_t i = 0; i < model->count; i++)
    if (model->holder[i] == -1 && (best == model->count || model->costs[i] > model->costs[best]))
      best = i;
  return best;
}

static void check_take(vs_scheduler *scheduler, model_state *model, int worker) {
  size_t waiting = count_waiting(model);
  int held = model->held_count[worker];
  bool expected = !model->stopped && waiting > 0 &&
                  (held == 0 || (held == 1 && waiting >= (size_t)model->workers));
  vs_task task;
  assert_int_equal(vs_scheduler_take(scheduler, worker, &task), expected);
  if (!expected) return;
  assert_int_equal(task.index, best_waiting(model));
  assert_true(task.cost == model->costs[task.index]);
  model->holder[task.index] = worker;
  model->held[worker][model->held_count[worker]++] = task.index;
}

static void check_finish(vs_scheduler *scheduler, model_state *model, int worker) {
  if (model->held_count[worker] == 0) {
    assert_null(vs_scheduler_current(scheduler, worker));
    return;
  }
  uint64_t index = model->held[worker][0];
  assert_int_equal(vs_scheduler_current(scheduler, worker)->index, index);
  assert_true(vs_scheduler_finish(scheduler, worker, index));
  model->holder[index] = -2;
  model->held[worker][0] = model->held[worker][1];
  model->held_count[worker]--;
}

static void check_release(vs_scheduler *scheduler, model_state *model, int worker) {
  vs_scheduler_release(scheduler, worker);
  for (int i = 0; i < model->held_count[worker]; i++) model->holder[model->held[worker][i]] = -1;
  model->held_count[worker] = 0;
}

static void check_counts(const vs_scheduler *scheduler, const model_state *model) {
  size_t held = 0, finished = 0;
  for (size_t i = 0; i < model->count; i++) {
    held += model->holder[i] >= 0;
    finished += model->holder[i] == -2;
  }
  vs_scheduler_counts counts = vs_scheduler_count(scheduler);
  assert_int_equal(counts.waiting, count_waiting(model));
  assert_int_equal(counts.held, held);
  assert_int_equal(counts.finished, finished);
}

static void play(uint64_t game) {
  vs_random_key key = vs_random_make_key(game, VS_RANDOM_TEST, 0);
  uint64_t drawn = 0;
  model_state model = {.count = vs_random_bits(key, drawn++) % (MAX_RUNS + 1)};
  model.workers = 1 + (int)(vs_random_bits(key, drawn++) % MAX_WORKERS);
  for (size_t i = 0; i < model.count; i++) {
    model.costs[i] = 1 + vs_random_bits(key, drawn++) % 8; /* few values, so that many are equal */
    model.holder[i] = -1;
  }
  vs_scheduler *scheduler = make(model.costs, model.count, model.workers);
  bool stops = vs_random_bits(key, drawn++) % 4 == 0;
  for (int event = 0; event < 400; event++) {
    int worker = (int)(vs_random_bits(key, drawn++) % (uint32_t)model.workers);
    uint32_t kind = vs_random_bits(key, drawn++) % 100;
    if (kind < 60)
      check_take(scheduler, &model, worker);
    else if (kind < 96)
      check_finish(scheduler, &model, worker);
    else if (kind < 99)
      check_release(scheduler, &model, worker);
    else if (stops) {
      vs_scheduler_stop(scheduler);
      model.stopped = true;
    }
    check_counts(scheduler, &model);
  }
  /* Everybody works on until there is nothing: all runs finish, or as many as were held. */
  for (size_t round = 0; round < model.count + 2; round++)
    for (int worker = 0; worker < model.workers; worker++) {
      check_take(scheduler, &model, worker);
      check_finish(scheduler, &model, worker);
    }
  check_counts(scheduler, &model);
  assert_int_equal(vs_scheduler_count(scheduler).held, 0);
  if (!model.stopped) assert_int_equal(vs_scheduler_count(scheduler).finished, model.count);
  vs_scheduler_free(scheduler);
}

static void random_sequences_keep_the_rules(void **state) {
  (void)state;
  for (uint64_t game = 0; game < 300; game++) play(game);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(longest_first_and_earlier_of_equals),
      cmocka_unit_test(one_run_beside_and_no_more),
      cmocka_unit_test(nothing_lies_beside_at_the_end),
      cmocka_unit_test(a_stop_drains),
      cmocka_unit_test(what_a_worker_leaves_takes_its_old_place),
      cmocka_unit_test(an_empty_sweep_is_through),
      cmocka_unit_test(random_sequences_keep_the_rules),
  };
  return cmocka_run_group_tests_name("scheduler", tests, NULL, NULL);
}
