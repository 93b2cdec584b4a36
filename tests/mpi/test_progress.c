/* Progress: figures and time left from made-up clocks, lines and bar, progress.json there and back.
 */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "mpi/progress.h"

#define FOLDER TEST_SCRATCH_DIR "/progress"
#define EXACT  1e-9 /* sums of a few small numbers in double */

static const char hosts[3][VS_COMM_HOST] = {"n1", "n1", "n2"};

static vs_progress *make(FILE *out, int columns, const size_t *stored, double cost_left) {
  assert_ok(vs_file_make_folder(FOLDER));
  vs_progress_setup setup = {.folder = FOLDER,
                             .out = out,
                             .columns = columns,
                             .planned = 10,
                             .cost_left = cost_left,
                             .ranks = 3,
                             .workers = 3,
                             .hosts = hosts};
  if (stored != NULL) memcpy(setup.stored, stored, sizeof setup.stored);
  vs_progress *progress;
  assert_ok(vs_progress_new(&progress, &setup, 1000.0));
  return progress;
}

static vs_progress_run run_of(uint64_t index, double cost) {
  return (vs_progress_run){.index = index,
                           .id = "00112233445566aa",
                           .layer = "relu4_3",
                           .channel = 17,
                           .lambda = 50.0,
                           .steps = 100,
                           .cost = cost};
}

static void begin(vs_progress *progress, int rank, double cost, double now) {
  vs_progress_run run = run_of((uint64_t)rank, cost);
  vs_progress_begin(progress, rank, &run, now);
}

static void nothing_is_known_at_first(void **state) {
  (void)state;
  vs_progress *progress = make(NULL, 0, NULL, 100.0);
  begin(progress, 1, 10.0, 1000.0);
  vs_progress_figures figures = vs_progress_get_figures(progress, 1005.0);
  assert_int_equal(figures.planned, 10);
  assert_int_equal(figures.running, 1);
  assert_int_equal(figures.left, 9);
  assert_true(isnan(figures.runs_per_hour));
  assert_true(isnan(figures.seconds_left));
  vs_progress_free(progress);
}

/* Rank 0 has done 20 of 100 steps of a run of cost 10 in 4 s: 0.5 a second, three ranks 1.5. */
static void the_first_steps_tell_the_speed(void **state) {
  (void)state;
  vs_progress *progress = make(NULL, 0, NULL, 100.0);
  begin(progress, 0, 10.0, 1000.0);
  vs_progress_step(progress, 20);
  vs_progress_figures figures = vs_progress_get_figures(progress, 1004.0);
  assert_true(fabs(figures.seconds_left - (100.0 - 2.0) / 1.5) < EXACT);
  vs_progress_free(progress);
}

static void finished_runs_tell_the_speed(void **state) {
  (void)state;
  const size_t stored[VS_OUTCOMES] = {[VS_RUN_DONE] = 4, [VS_RUN_DIVERGED] = 1};
  vs_progress *progress = make(NULL, 0, stored, 50.0);
  begin(progress, 1, 10.0, 1000.0);
  begin(progress, 2, 10.0, 1000.0);
  vs_progress_finish(progress, 1, VS_RUN_DONE, 10.0); /* a rank does 1 a second */
  begin(progress, 1, 10.0, 1010.0);
  vs_progress_figures figures = vs_progress_get_figures(progress, 1014.0);
  assert_int_equal(figures.stored[VS_RUN_DONE], 5);
  assert_int_equal(figures.stored[VS_RUN_DIVERGED], 1);
  assert_int_equal(figures.running, 2);
  assert_int_equal(figures.left, 2);
  assert_true(fabs(figures.runs_per_hour - 3600.0 / 14.0) < EXACT);
  /* 40 to do; rank 1 has 4 of its 10, rank 2 is over its time and counts 10: 26 by three ranks */
  assert_true(fabs(figures.seconds_left - 26.0 / 3.0) < EXACT);
  vs_progress_free(progress);
}

/* A failure says nothing of the speed, and a long last run says more than the average. */
static void the_last_long_run_counts(void **state) {
  (void)state;
  const size_t stored[VS_OUTCOMES] = {[VS_RUN_DONE] = 7};
  vs_progress *progress = make(NULL, 0, stored, 32.0);
  begin(progress, 0, 1.0, 1000.0);
  vs_progress_finish(progress, 0, VS_RUN_FAILED, 0.001);
  begin(progress, 0, 1.0, 1000.0);
  vs_progress_finish(progress, 0, VS_RUN_DONE, 1.0);
  begin(progress, 2, 30.0, 1001.0);
  vs_progress_figures figures = vs_progress_get_figures(progress, 1011.0);
  assert_int_equal(figures.stored[VS_RUN_FAILED], 1);
  assert_int_equal(figures.left, 0);
  assert_true(fabs(figures.seconds_left - 20.0) < EXACT);
  vs_progress_finish(progress, 2, VS_RUN_DONE, 30.0);
  assert_true(vs_progress_get_figures(progress, 1031.0).seconds_left == 0.0);
  vs_progress_free(progress);
}

/* 24 to do are 8 s for three ranks, but 12 of it cannot begin before the run in hand has ended. */
static void what_waits_for_a_run_counts(void **state) {
  (void)state;
  vs_progress *progress = make(NULL, 0, NULL, 25.0);
  begin(progress, 0, 1.0, 1000.0);
  vs_progress_finish(progress, 0, VS_RUN_DONE, 1.0);
  vs_progress_run run = run_of(2, 12.0);
  run.behind = 12.0;
  vs_progress_begin(progress, 2, &run, 1001.0);
  assert_true(fabs(vs_progress_get_figures(progress, 1005.0).seconds_left - 20.0) < EXACT);
  vs_progress_free(progress);
}

static void what_is_put_down_is_left(void **state) {
  (void)state;
  vs_progress *progress = make(NULL, 0, NULL, 100.0);
  begin(progress, 1, 10.0, 1000.0);
  vs_progress_drop(progress, 1);
  assert_int_equal(vs_progress_get_figures(progress, 1001.0).left, 10);
  vs_progress_free(progress);
}

static void durations_read_well(void **state) {
  (void)state;
  const struct {
    double seconds;
    const char *text;
  } cases[] = {
      {0.0, "0 s"},       {-3.0, "0 s"},          {59.4, "59 s"},          {60.0, "1 min"},
      {3540.0, "59 min"}, {3599.0, "1 h 00 min"}, {11100.0, "3 h 05 min"}, {187200.0, "2 d 4 h"},
      {NAN, "unknown"},   {INFINITY, "unknown"},  {1e300, "unknown"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[VS_DURATION_TEXT];
    vs_progress_format_duration(cases[i].seconds, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void a_line_leaves_out_what_is_nothing(void **state) {
  (void)state;
  vs_progress_figures figures = {
      .planned = 40, .stored = {[VS_RUN_DONE] = 12}, .runs_per_hour = NAN, .seconds_left = NAN};
  char text[256];
  vs_progress_format(&figures, text, sizeof text);
  assert_string_equal(text, "12 of 40 runs");
  figures.stored[VS_RUN_FAILED] = 1;
  figures.stored[VS_RUN_DIVERGED] = 2;
  figures.runs_per_hour = 350.2;
  figures.seconds_left = 720.0;
  vs_progress_format(&figures, text, sizeof text);
  assert_string_equal(text, "15 of 40 runs, 1 failed, 2 diverged, 350 runs/h, 12 min left");
  char small[9];
  vs_progress_format(&figures, small, sizeof small);
  assert_string_equal(small, "15 of 40");
}

/* What is printed when the program looks so often. */
static void assert_prints(int columns, int ticks, double apart_s, const char *expected) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  vs_progress *progress = make(out, columns, NULL, 100.0);
  begin(progress, 0, 10.0, 1000.0);
  for (int i = 0; i < ticks; i++) vs_progress_tick(progress, 1000.0 + i * apart_s);
  fflush(out);
  assert_string_equal(text, expected);
  vs_progress_free(progress);
  fclose(out);
  free(text);
}

static void a_line_every_thirty_seconds(void **state) {
  (void)state;
  assert_prints(0, 123, 0.5, "0 of 10 runs\n0 of 10 runs\n");
}

static void a_bar_on_a_terminal(void **state) {
  (void)state;
  assert_prints(80, 3, 0.05, "\r[----------------] 0 of 10 runs  relu4_3:17 step 0/100\033[K");
  assert_prints(21, 3, 0.05, "\r[----------------] 0\033[K"); /* one column free */
}

static void the_file_comes_back(void **state) {
  (void)state;
  const size_t stored[VS_OUTCOMES] = {[VS_RUN_DONE] = 4, [VS_RUN_FAILED] = 1};
  vs_progress *progress = make(NULL, 0, stored, 50.0);
  begin(progress, 0, 10.0, 1000.0);
  begin(progress, 2, 10.0, 1000.0);
  vs_progress_step(progress, 50);
  vs_progress_tick(progress, 1005.0);
  vs_progress_view view;
  assert_ok(vs_progress_file_read(FOLDER, &view));
  assert_int_equal(view.state, VS_PROGRESS_RUNNING);
  assert_true(view.started == 1000.0 && view.updated == 1005.0);
  assert_int_equal(view.figures.planned, 10);
  assert_int_equal(view.figures.stored[VS_RUN_DONE], 4);
  assert_int_equal(view.figures.stored[VS_RUN_FAILED], 1);
  assert_int_equal(view.figures.stored[VS_RUN_DIVERGED], 0);
  assert_int_equal(view.figures.running, 2);
  assert_int_equal(view.figures.left, 3);
  assert_true(isnan(view.figures.runs_per_hour));
  assert_true(fabs(view.figures.seconds_left - 40.0 / 3.0) < EXACT);

  vs_progress_end(progress, VS_PROGRESS_STOPPED, 1006.0);
  assert_ok(vs_progress_file_read(FOLDER, &view));
  assert_int_equal(view.state, VS_PROGRESS_STOPPED);
  assert_int_equal(view.figures.running, 0);
  assert_int_equal(view.figures.left, 5);
  vs_progress_free(progress);
}

static void assert_file_refused(const char *text) {
  assert_ok(vs_file_write(FOLDER "/" VS_PROGRESS_FILE, text, strlen(text)));
  vs_progress_view view;
  assert_int_equal(vs_progress_file_read(FOLDER, &view), VS_ERR_FORMAT);
  assert_non_null(strstr(vs_status_message(), VS_PROGRESS_FILE));
}

static void other_files_are_refused(void **state) {
  (void)state;
  assert_ok(vs_file_make_folder(FOLDER));
  assert_file_refused("");
  assert_file_refused("{\"state\": \"runn");
  assert_file_refused("[]");
  assert_file_refused("{\"state\": \"running\"}");
  assert_file_refused("{\"state\": \"asleep\", \"started\": 1, \"updated\": 1, \"planned\": 1,"
                      "\"done\": 1, \"failed\": 0, \"diverged\": 0, \"running\": 0, \"left\": 0,"
                      "\"runs_per_hour\": 1, \"seconds_left\": 1}");
  assert_file_refused("{\"state\": \"running\", \"started\": 1, \"updated\": 1, \"planned\": -1,"
                      "\"done\": 1, \"failed\": 0, \"diverged\": 0, \"running\": 0, \"left\": 0,"
                      "\"runs_per_hour\": 1, \"seconds_left\": 1}");
  unlink(FOLDER "/" VS_PROGRESS_FILE);
  vs_progress_view view;
  assert_int_equal(vs_progress_file_read(FOLDER, &view), VS_ERR_IO);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_is_known_at_first),
      cmocka_unit_test(the_first_steps_tell_the_speed),
      cmocka_unit_test(finished_runs_tell_the_speed),
      cmocka_unit_test(the_last_long_run_counts),
      cmocka_unit_test(what_waits_for_a_run_counts),
      cmocka_unit_test(what_is_put_down_is_left),
      cmocka_unit_test(durations_read_well),
      cmocka_unit_test(a_line_leaves_out_what_is_nothing),
      cmocka_unit_test(a_line_every_thirty_seconds),
      cmocka_unit_test(a_bar_on_a_terminal),
      cmocka_unit_test(the_file_comes_back),
      cmocka_unit_test(other_files_are_refused),
  };
  return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
