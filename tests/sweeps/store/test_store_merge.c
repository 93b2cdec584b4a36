/* Many segments: gathered and merged, each run counts once and nothing of another sweep gets in. */
#include "tests/support/unit.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/sweeps/store/store_fixture.h"

static void segments_are_gathered(void **state) {
  (void)state;
  store_sample many = store_sample_open(store_many_text);
  size_t count = vs_sweep_count(many.sweep);
  vs_store *store = create_store(&many);
  vs_store *second;
  assert_ok(vs_store_join(&second, STORE_FOLDER, many.sweep, &many.weights));
  for (size_t i = 0; i < count; i++)
    assert_ok(store_sample_add(i % 3 == 0 ? second : store, &many, (i * 37) % count, i % 3 == 0));
  /* of 140 runs 47 went to the second and 93 = 64 + 29 to the first */
  assert_int_equal(count_segments(), 47 + 1 + 29);
  assert_ok(vs_store_add_compact(store, 0));
  assert_int_equal(count_segments(), 47 + 1 + 1);
  vs_store_close(second);
  vs_store_close(store);
  vs_results *results = open_results(STORE_FOLDER);
  assert_int_equal(vs_results_count(results), count);
  assert_ok(vs_store_merge(STORE_FOLDER));
  /* Rows were read before the merge, arrays are looked for after it. */
  for (size_t i = 0; i < count; i += 17) {
    vs_sweep_run run;
    vs_sweep_get(many.sweep, i, &run);
    vs_run_result made = store_sample_result(&run);
    free((float *)made.theta);
    made.theta = NULL;
    check_run(results, i, &many, &run, &made);
    store_sample_result_clear(&made);
  }
  vs_results_close(results);
  store_sample_clear(&many);
}

/* The one segment of the folder. */
static void only_segment(char path[PATH_MAX]) {
  DIR *stream = opendir(STORE_FOLDER "/segments");
  assert_non_null(stream);
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL)
    if (entry->d_name[0] != '.')
      assert_ok(vs_file_join(path, PATH_MAX, STORE_FOLDER "/segments", entry->d_name));
  closedir(stream);
}

static void a_run_stored_twice_counts_once(void **state) {
  const store_sample *sample = *state;
  vs_store *store = create_store(sample);
  vs_sweep_run run;
  vs_sweep_get(sample->sweep, 5, &run);
  vs_run_result failed = {.outcome = VS_RUN_FAILED}, made = store_sample_result(&run);
  /* done, then failed, then done anew: the newest of the good ones stays */
  made.seconds = 1.0;
  assert_ok(vs_store_add(store, &run, &made, 0));
  made.seconds = 2.0;
  assert_ok(vs_store_add(store, &run, &made, 0));
  assert_ok(vs_store_add(store, &run, &failed, 0));
  vs_store_close(store);
  assert_int_equal(count_segments(), 3);
  for (int merged = 0; merged < 2; merged++) {
    vs_results *results = open_results(STORE_FOLDER);
    assert_int_equal(vs_results_count(results), 1);
    check_run(results, 0, sample, &run, &made);
    vs_results_close(results);
    assert_ok(vs_store_merge(STORE_FOLDER));
  }
  store_sample_result_clear(&made);
}

static void leftovers_of_a_killed_merge_are_harmless(void **state) {
  const store_sample *sample = *state;
  char path[PATH_MAX];
  add_runs(sample, 0, 1);
  only_segment(path);
  copy_file(path, STORE_FOLDER "/kept.h5");
  assert_ok(vs_store_merge(STORE_FOLDER));
  /* killed after publishing, before removing */
  copy_file(STORE_FOLDER "/kept.h5", path);
  vs_results *results = open_results(STORE_FOLDER);
  check_all(results, sample, 0, 1);
  vs_results_close(results);
  add_runs(sample, 1, 4);
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_ok(vs_store_merge(STORE_FOLDER)); /* again: nothing to do */
  results = open_results(STORE_MERGED);
  check_all(results, sample, 0, 4);
  vs_results_close(results);
  assert_int_equal(count_segments(), 0);
}

/* Runs that were merged earlier are not forgotten where it cannot be told whether sweep.h5 is
 * there. */
static void a_merged_file_that_cannot_be_looked_at_stops_a_merge(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 2);
  assert_ok(vs_store_merge(STORE_FOLDER));
  add_runs(sample, 2, 4);
  assert_int_equal(rename(STORE_MERGED, STORE_FOLDER "/aside"), 0);
  assert_int_equal(symlink("sweep.h5", STORE_MERGED), 0); /* to itself */
  assert_int_equal(vs_store_merge(STORE_FOLDER), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), STORE_MERGED));
  assert_int_equal(count_segments(), 2);
  assert_int_equal(rename(STORE_FOLDER "/aside", STORE_MERGED), 0);
  assert_ok(vs_store_merge(STORE_FOLDER));
  vs_results *results = open_results(STORE_MERGED);
  check_all(results, sample, 0, 4);
  vs_results_close(results);
}

static void arrays_are_found_in_a_new_merged_file(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 4, 8);
  assert_ok(vs_store_merge(STORE_FOLDER));
  vs_results *results = open_results(STORE_FOLDER);
  add_runs(sample, 0, 4);
  assert_ok(
      vs_store_merge(STORE_FOLDER)); /* now they are rows 4 to 7 of another file of that name */
  check_all(results, sample, 4, 4);
  vs_results_close(results);
}

static void a_segment_of_another_sweep_is_noticed(void **state) {
  const store_sample *sample = *state;
  char path[PATH_MAX];
  add_runs(sample, 0, 1);
  only_segment(path);
  copy_file(path, TEST_SCRATCH_DIR "/stray.h5");
  remove_folder(STORE_FOLDER);
  store_sample many = store_sample_open(store_many_text);
  add_runs(&many, 0, 1);
  copy_file(TEST_SCRATCH_DIR "/stray.h5", STORE_FOLDER "/segments/stray.h5");
  assert_refused(STORE_FOLDER, VS_ERR_FORMAT, "another sweep");
  assert_int_equal(vs_store_merge(STORE_FOLDER), VS_ERR_FORMAT);
  assert_message("stray.h5");
  assert_int_equal(count_segments(), 2);
  store_sample_clear(&many);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(segments_are_gathered, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_run_stored_twice_counts_once, start_store, finish_store),
      cmocka_unit_test_setup_teardown(leftovers_of_a_killed_merge_are_harmless, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(a_merged_file_that_cannot_be_looked_at_stops_a_merge,
                                      start_store, finish_store),
      cmocka_unit_test_setup_teardown(arrays_are_found_in_a_new_merged_file, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(a_segment_of_another_sweep_is_noticed, start_store,
                                      finish_store),
  };
  return cmocka_run_group_tests_name("store_merge", tests, NULL, NULL);
}
