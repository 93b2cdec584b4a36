/* The scheduler: order, prefetching, runs that wait for others, the end of a sweep, stops, random
 * sequences of events, and how long simulated sweeps take. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "mpi/scheduler.h"

/* after[i]: the run that run i waits for, or VS_TASK_READY. NULL: all are. */
static vs_scheduler *make_graph(const double *costs, const uint64_t *after, size_t count,
                                int workers) {
  vs_task *tasks = calloc(count + 1, sizeof *tasks);
  assert_non_null(tasks);
  for (size_t i = 0; i < count; i++) /* the list may have any order */
    tasks[count - 1 - i] =
        (vs_task){.index = i, .cost = costs[i], .after = after != NULL ? after[i] : VS_TASK_READY};
  vs_scheduler *scheduler;
  assert_ok(vs_scheduler_new(&scheduler, tasks, count, workers));
  free(tasks);
  return scheduler;
}

static vs_scheduler *make(const double *costs, size_t count, int workers) {
  return make_graph(costs, NULL, count, workers);
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

#define READY VS_TASK_READY

/* Run 3 has 7 before it to the end, 4 of its own; run 0 only its own 6. */
static void the_longest_way_comes_first(void **state) {
  (void)state;
  const double costs[] = {6, 1, 2, 4};
  const uint64_t after[] = {READY, 2, 3, READY};
  vs_scheduler *scheduler = make_graph(costs, after, 4, 1);
  const uint64_t order[] = {3, 0, 2, 1};
  const double ways[] = {7, 6, 3, 1};
  for (size_t i = 0; i < 4; i++) {
    assert_int_equal(vs_scheduler_count(scheduler).waiting, 4 - i);
    assert_takes(scheduler, 0, order[i]);
    assert_true(vs_scheduler_current(scheduler, 0)->way == ways[i]);
    assert_true(vs_scheduler_finish(scheduler, 0, order[i]));
  }
  assert_false(vs_scheduler_may_come(scheduler));
  vs_scheduler_free(scheduler);
}

static void what_waits_is_not_given(void **state) {
  (void)state;
  const double costs[] = {5, 5, 5};
  const uint64_t after[] = {READY, 0, 0};
  vs_scheduler *scheduler = make_graph(costs, after, 3, 2);
  assert_takes(scheduler, 0, 0);
  assert_gets_nothing(scheduler, 0); /* not beside the run that it waits for either */
  assert_gets_nothing(scheduler, 1);
  assert_true(vs_scheduler_may_come(scheduler)); /* not now, but later */
  vs_scheduler_release(scheduler, 0);            /* the one who held it has gone: another does it */
  assert_takes(scheduler, 1, 0);
  assert_true(vs_scheduler_finish(scheduler, 1, 0));
  assert_takes(scheduler, 1, 1);
  assert_true(vs_scheduler_may_come(scheduler));
  assert_takes(scheduler, 0, 2);
  assert_false(vs_scheduler_may_come(scheduler));
  vs_scheduler_free(scheduler);
}

static void a_stop_ends_the_waiting(void **state) {
  (void)state;
  const double costs[] = {5, 5};
  const uint64_t after[] = {READY, 0};
  vs_scheduler *scheduler = make_graph(costs, after, 2, 2);
  assert_takes(scheduler, 0, 0);
  vs_scheduler_stop(scheduler);
  assert_false(vs_scheduler_may_come(scheduler));
  assert_true(vs_scheduler_finish(scheduler, 0, 0));
  assert_gets_nothing(scheduler, 1);
  assert_int_equal(vs_scheduler_count(scheduler).waiting, 1);
  vs_scheduler_free(scheduler);
}

/* --- random sequences ------------------------------------------------------------------------- */

enum { MAX_RUNS = 60, MAX_WORKERS = 9 };

/* What the test knows by itself of the state it has brought the scheduler into. */
typedef struct model_state {
  size_t count;
  int workers;
  double costs[MAX_RUNS];
  uint64_t after[MAX_RUNS]; /* an earlier one or READY */
  double ways[MAX_RUNS];
  int holder[MAX_RUNS]; /* -1: waits, -2: finished */
  uint64_t held[MAX_WORKERS][2];
  int held_count[MAX_WORKERS];
  bool stopped;
} model_state;

static bool is_ready(const model_state *model, size_t i) {
  return model->holder[i] == -1 &&
         (model->after[i] == READY || model->holder[model->after[i]] == -2);
}

static size_t count_waiting(const model_state *model, bool ready_only) {
  size_t waiting = 0;
  for (size_t i = 0; i < model->count; i++)
    waiting += model->holder[i] == -1 && (!ready_only || is_ready(model, i));
  return waiting;
}

/* Runs wait for earlier ones, so that the last has no one behind it. */
static void measure_ways(model_state *model) {
  double behind[MAX_RUNS] = {0};
  for (size_t i = model->count; i-- > 0;) {
    model->ways[i] = model->costs[i] + behind[i];
    if (model->after[i] != READY)
      behind[model->after[i]] = fmax(behind[model->after[i]], model->ways[i]);
  }
}

/* The one with the longest way that is ready, the first of equals. */
static uint64_t best_ready(const model_state *model) {
  uint64_t best = model->count;
  for (uint64_t i = 0; i < model->count; i++)
    if (is_ready(model, i) && (best == model->count || model->ways[i] > model->ways[best]))
      best = i;
  return best;
}

static void check_take(vs_scheduler *scheduler, model_state *model, int worker) {
  size_t ready = count_waiting(model, true);
  int held = model->held_count[worker];
  bool expected =
      !model->stopped && ready > 0 && (held == 0 || (held == 1 && ready >= (size_t)model->workers));
  bool may_come = !model->stopped && count_waiting(model, false) > 0;
  assert_int_equal(vs_scheduler_may_come(scheduler), may_come);
  vs_task task;
  assert_int_equal(vs_scheduler_take(scheduler, worker, &task), expected);
  if (!expected) return;
  assert_int_equal(task.index, best_ready(model));
  assert_true(task.cost == model->costs[task.index]);
  assert_true(task.way == model->ways[task.index]);
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
  assert_int_equal(counts.waiting, count_waiting(model, false));
  assert_int_equal(counts.ready, count_waiting(model, true));
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
    bool waits = game % 2 == 0 && i > 0 && vs_random_bits(key, drawn++) % 3 > 0;
    model.after[i] = waits ? vs_random_bits(key, drawn++) % i : READY;
  }
  measure_ways(&model);
  vs_scheduler *scheduler = make_graph(model.costs, model.after, model.count, model.workers);
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

/* --- simulated sweeps ------------------------------------------------------------------------- */

/* What the protocol does of it: a worker asks when it begins a run and when it has finished one; an
 * idle one that gets nothing stays asking. Costs are seconds. */
typedef struct simulation {
  model_state *model;
  vs_scheduler *scheduler;
  double now, ends[MAX_WORKERS]; /* of the run in hand */
  double began[MAX_RUNS];
  bool is_gone[MAX_WORKERS];
  int left; /* workers that are not gone */
  size_t finished;
} simulation;

static void check_begin(simulation *sim, uint64_t index) {
  const model_state *model = sim->model;
  assert_true(model->after[index] == READY || model->holder[model->after[index]] == -2);
  sim->began[index] = sim->now;
}

/* Every worker that may have a run now is given it. */
static void give_runs(simulation *sim) {
  vs_task task;
  for (int w = 0; w < sim->model->workers; w++) {
    if (sim->is_gone[w]) continue;
    const bool was_idle = vs_scheduler_current(sim->scheduler, w) == NULL;
    if (!vs_scheduler_take(sim->scheduler, w, &task)) continue;
    assert_int_equal(sim->model->holder[task.index], -1);
    sim->model->holder[task.index] = w;
    if (!was_idle) continue;
    check_begin(sim, task.index);
    sim->ends[w] = sim->now + task.cost;
    if (vs_scheduler_take(sim->scheduler, w, &task)) sim->model->holder[task.index] = w;
  }
}

static void end_run(simulation *sim, int w) {
  const vs_task *task = vs_scheduler_current(sim->scheduler, w);
  sim->now = sim->ends[w];
  sim->finished++;
  sim->model->holder[task->index] = -2;
  assert_true(vs_scheduler_finish(sim->scheduler, w, task->index));
  task = vs_scheduler_current(sim->scheduler, w);
  if (task == NULL) return;
  check_begin(sim, task->index);
  sim->ends[w] = sim->now + task->cost;
}

/* A worker that leaves in the middle of a run, as long as another is there. */
static void leave(simulation *sim, int w) {
  if (sim->left == 1 || sim->is_gone[w]) return;
  sim->left--;
  sim->is_gone[w] = true;
  vs_scheduler_release(sim->scheduler, w);
  for (size_t i = 0; i < sim->model->count; i++)
    if (sim->model->holder[i] == w) sim->model->holder[i] = -1;
}

static int next_to_end(const simulation *sim) {
  int next = -1;
  for (int w = 0; w < sim->model->workers; w++)
    if (vs_scheduler_current(sim->scheduler, w) != NULL &&
        (next < 0 || sim->ends[w] < sim->ends[next]))
      next = w;
  return next;
}

/* Groups of a baseline and one to seven others, as sweeps have them, of four costs as layers have
 * them; or, every third time, any forest. */
static void draw_sweep(model_state *model, vs_random_key key, uint64_t game) {
  uint64_t drawn = 0;
  const size_t group = 2 + vs_random_bits(key, drawn++) % 7;
  *model = (model_state){.count = 1 + vs_random_bits(key, drawn++) % MAX_RUNS};
  model->workers = 1 + (int)(vs_random_bits(key, drawn++) % MAX_WORKERS);
  for (size_t i = 0; i < model->count; i++) {
    const bool is_forest = game % 3 == 0, begins = i % group == 0;
    if (is_forest || begins)
      model->costs[i] = 4 + 9 * (double)(vs_random_bits(key, drawn++) % 4);
    else
      model->costs[i] = model->costs[i - i % group];
    model->after[i] = is_forest ? (i > 0 && vs_random_bits(key, drawn++) % 3 > 0
                                       ? vs_random_bits(key, drawn++) % i
                                       : READY)
                                : (begins ? READY : i - i % group);
    model->holder[i] = -1;
  }
  measure_ways(model);
}

/* Seconds that the sweep takes; no time is shorter than `least`. */
static double simulate(model_state *model, uint64_t game, bool with_leaving, double *least) {
  const vs_random_key key = vs_random_make_key(game, VS_RANDOM_TEST, 1);
  simulation sim = {.model = model, .left = model->workers};
  sim.scheduler = make_graph(model->costs, model->after, model->count, model->workers);
  double total = 0, longest = 0, dearest = 0;
  for (size_t i = 0; i < model->count; i++) {
    total += model->costs[i];
    longest = fmax(longest, model->ways[i]);
    dearest = fmax(dearest, model->costs[i]);
  }
  *least = fmax(total / model->workers, longest);
  for (uint64_t event = 0; sim.finished < model->count; event++) {
    give_runs(&sim);
    const int next = next_to_end(&sim);
    assert_true(next >= 0); /* else nobody would ever get on */
    if (with_leaving && vs_random_bits(key, event) % 8 == 0)
      leave(&sim, next);
    else
      end_run(&sim, next);
  }
  assert_int_equal(vs_scheduler_count(sim.scheduler).finished, model->count);
  assert_false(vs_scheduler_may_come(sim.scheduler));
  /* Graham's bound for lists of tasks that wait for others (SIAM J. Appl. Math. 17, 1969), and one
   * run: the one that may lie beside a busy worker while another gets idle. */
  if (!with_leaving)
    assert_true(sim.now <= total / model->workers + longest * (1 - 1.0 / model->workers) + dearest);
  vs_scheduler_free(sim.scheduler);
  return sim.now;
}

static void simulated_sweeps_come_to_an_end(void **state) {
  (void)state;
  enum { GAMES = 600 };
  double sum = 0, worst = 0, least;
  for (uint64_t game = 0; game < GAMES; game++) {
    model_state model;
    const vs_random_key key = vs_random_make_key(game, VS_RANDOM_TEST, 2);
    draw_sweep(&model, key, game);
    simulate(&model, game, true, &least);
    draw_sweep(&model, key, game);
    const double ratio = simulate(&model, game, false, &least) / least;
    sum += ratio;
    worst = fmax(worst, ratio);
  }
  print_message("time over the least possible: mean %.3f, worst %.3f\n", sum / GAMES, worst);
  assert_true(sum / GAMES < 1.1); /* 1.087, of these games */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(longest_first_and_earlier_of_equals),
      cmocka_unit_test(one_run_beside_and_no_more),
      cmocka_unit_test(nothing_lies_beside_at_the_end),
      cmocka_unit_test(a_stop_drains),
      cmocka_unit_test(what_a_worker_leaves_takes_its_old_place),
      cmocka_unit_test(an_empty_sweep_is_through),
      cmocka_unit_test(the_longest_way_comes_first),
      cmocka_unit_test(what_waits_is_not_given),
      cmocka_unit_test(a_stop_ends_the_waiting),
      cmocka_unit_test(random_sequences_keep_the_rules),
      cmocka_unit_test(simulated_sweeps_come_to_an_end),
  };
  return cmocka_run_group_tests_name("scheduler", tests, NULL, NULL);
}
