/* Runs in files: what is stored is what is read, from segments and from the merged file. */
#include "tests/support/unit.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "tests/sweeps/store/store_fixture.h"

static void what_is_stored_is_read(void **state) {
  const store_sample *sample = *state;
  size_t count = vs_sweep_count(sample->sweep);
  assert_int_equal(count, 32);
  vs_store *store = create_store(sample);
  for (size_t i = count; i-- > 0;) assert_ok(store_sample_add(store, sample, i, 3));
  vs_store_close(store);
  assert_int_equal(count_segments(), count);
  vs_results *results = open_results(STORE_FOLDER);
  check_all(results, sample, 0, count);
  assert_int_equal(vs_results_planned(results), count);
  assert_int_equal(vs_results_row(results, 0)->rank, 3);
  vs_results_close(results);

  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_int_equal(count_segments(), 0);
  const char *const paths[] = {STORE_FOLDER, STORE_MERGED};
  for (int i = 0; i < 2; i++) {
    results = open_results(paths[i]);
    check_all(results, sample, 0, count);
    assert_int_equal(vs_results_planned(results), count);
    vs_results_close(results);
  }
}

static void files_say_where_they_come_from(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 1);
  assert_ok(vs_store_merge(STORE_FOLDER));
  vs_results *results = open_results(STORE_MERGED);
  assert_string_equal(vs_results_attribute(results, "sweep"), store_sample_text);
  char sha256[VS_SHA256_HEX], *canonical = vs_canonical_of_sweep(sample->sweep);
  assert_ok(vs_sha256(store_sample_text, strlen(store_sample_text), sha256));
  assert_string_equal(vs_results_attribute(results, "sweep_sha256"), sha256);
  assert_string_equal(vs_results_attribute(results, "canonical"), canonical);
  assert_string_equal(vs_results_attribute(results, "weights_sha256"), sample->weights.sha256);
  assert_string_equal(vs_results_attribute(results, "weights_family"), "torchvision");
  assert_string_equal(vs_results_attribute(results, "name"), "sample");
  assert_int_equal(strlen(vs_results_attribute(results, "created")),
                   strlen("2022-05-01T12:00:00Z"));
  assert_true(strcmp(vs_results_attribute(results, "finished"),
                     vs_results_attribute(results, "created")) >= 0);
  assert_non_null(vs_results_attribute(results, "program_version"));
  assert_non_null(vs_results_attribute(results, "program_commit"));
  assert_null(vs_results_attribute(results, "nonsense"));
  assert_int_equal(vs_results_planned(results), 32);
  free(canonical);
  vs_results_close(results);
}

typedef struct trace_check {
  const vs_results *results;
  int *visits; /* (rows) */
} trace_check;

/* A trace among all steps of its file holds what the run's own one does, and NaN between. */
static void compare_with_own_trace(void *context, size_t row, const int *steps, const float *values,
                                   int count) {
  const trace_check *check = context;
  int *own_steps, own_count, next = 0;
  float *own;
  check->visits[row]++;
  assert_ok(vs_results_read_trace(check->results, row, VS_TRACE_TV, &own_steps, &own, &own_count));
  for (int i = 0; i < count; i++) {
    bool logged = next < own_count && own_steps[next] == steps[i];
    if (logged)
      assert_true(same((double)values[i], (double)own[next++]));
    else
      assert_true(isnan(values[i]));
  }
  assert_int_equal(next, own_count);
  free(own_steps);
  free(own);
}

/* Runs of both lengths over several files: a segment of many, and some of one. */
static void all_rows_are_read_at_once(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 20);
  assert_ok(vs_store_merge(STORE_FOLDER));
  add_runs(sample, 20, 26);
  vs_results *results = open_results(STORE_FOLDER);
  size_t count = vs_results_count(results);
  assert_int_equal(count, 26);
  float *sketches = malloc(count * VS_SKETCH * sizeof *sketches);
  assert_non_null(sketches);
  assert_ok(vs_results_read_sketches(results, sketches));
  for (size_t row = 0; row < count; row++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, row, &run);
    vs_run_result made = store_sample_result(&run);
    assert_memory_equal(sketches + row * VS_SKETCH, made.measurements.sketch,
                        sizeof made.measurements.sketch);
    store_sample_result_clear(&made);
  }
  free(sketches);
  trace_check check = {results, calloc(count, sizeof *check.visits)};
  assert_non_null(check.visits);
  assert_ok(vs_results_visit_traces(results, VS_TRACE_TV, compare_with_own_trace, &check));
  for (size_t row = 0; row < count; row++) assert_int_equal(check.visits[row], 1);
  free(check.visits);
  vs_results_close(results);
}

static void the_table_is_one_of_hdf5s_own(void **state) {
  add_runs(*state, 0, 3);
  assert_ok(vs_store_merge(STORE_FOLDER));
  hid_t file = H5Fopen(STORE_MERGED, H5F_ACC_RDONLY, H5P_DEFAULT);
  hsize_t fields = 0, records = 0;
  double exc[3] = {0};
  size_t size = sizeof exc[0], offset = 0;
  assert_true(H5TBget_table_info(file, "runs", &fields, &records) >= 0);
  assert_int_equal(fields, 53 + 2);
  assert_int_equal(records, 3);
  assert_true(H5TBread_fields_name(file, "runs", "exc_eval", 0, 3, size, &offset, &size, exc) >= 0);
  H5Fclose(file);
  vs_results *results = open_results(STORE_MERGED);
  for (size_t i = 0; i < 3; i++)
    assert_true(exc[i] < 0.0 && exc[i] == vs_results_row(results, i)->exc_eval);
  vs_results_close(results);
}

static void a_folder_without_runs_is_readable(void **state) {
  const store_sample *sample = *state;
  vs_store_close(create_store(sample));
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_false(vs_file_exists(STORE_MERGED));
  vs_results *results = open_results(STORE_FOLDER);
  assert_int_equal(vs_results_count(results), 0);
  assert_int_equal(vs_results_planned(results), 32);
  assert_int_equal(vs_results_axis_count(results), vs_sweep_axis_count(sample->sweep));
  assert_non_null(vs_results_attribute(results, "sweep"));
  vs_results_close(results);
}

static void runs_that_did_not_end_well_are_stored(void **state) {
  const store_sample *sample = *state;
  vs_store *store = create_store(sample);
  vs_sweep_run runs[2];
  vs_run_result made[2];
  for (size_t i = 0; i < 2; i++) vs_sweep_get(sample->sweep, i, &runs[i]);
  made[0] = (vs_run_result){.outcome = VS_RUN_FAILED}; /* never planned: no arrays at all */
  made[1] = store_sample_result(&runs[1]);
  made[1].outcome = VS_RUN_DIVERGED;
  ((float *)made[1].trace[0])[2] = NAN;
  for (size_t i = 0; i < 2; i++) assert_ok(vs_store_add(store, &runs[i], &made[i], 0));
  vs_store_close(store);
  for (int merged = 0; merged < 2; merged++) {
    vs_results *results = open_results(STORE_FOLDER);
    assert_int_equal(vs_results_count(results), 2);
    for (size_t i = 0; i < 2; i++) check_run(results, i, sample, &runs[i], &made[i]);
    float *theta;
    assert_int_equal(vs_results_read_theta(results, 0, &theta), VS_ERR_USAGE);
    vs_results_close(results);
    assert_ok(vs_store_merge(STORE_FOLDER));
  }
  store_sample_result_clear(&made[1]);
}

static void runs_are_found_by_the_beginning_of_their_id(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 3);
  vs_results *results = open_results(STORE_FOLDER);
  char id[VS_ID];
  size_t row = 99;
  memcpy(id, vs_results_row(results, 1)->id, sizeof id);
  assert_ok(vs_results_find(results, id, &row));
  assert_int_equal(row, 1);
  id[8] = '\0';
  row = 99;
  assert_ok(vs_results_find(results, id, &row));
  assert_int_equal(row, 1);
  id[3] = '\0';
  assert_int_equal(vs_results_find(results, id, &row), VS_ERR_USAGE);
  assert_message("4 digits");
  assert_int_equal(vs_results_find(results, "zzzz", &row), VS_ERR_USAGE);
  assert_message("no run");
  vs_results_close(results);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_is_stored_is_read, start_store, finish_store),
      cmocka_unit_test_setup_teardown(files_say_where_they_come_from, start_store, finish_store),
      cmocka_unit_test_setup_teardown(all_rows_are_read_at_once, start_store, finish_store),
      cmocka_unit_test_setup_teardown(the_table_is_one_of_hdf5s_own, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_folder_without_runs_is_readable, start_store, finish_store),
      cmocka_unit_test_setup_teardown(runs_that_did_not_end_well_are_stored, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(runs_are_found_by_the_beginning_of_their_id, start_store,
                                      finish_store),
  };
  return cmocka_run_group_tests_name("store_runs", tests, NULL, NULL);
}
