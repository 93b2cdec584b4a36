/* The folder of results: one sweep, one job that writes; what is not ours is refused and left
 * alone. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/sweeps/store/store_fixture.h"

static void another_sweep_is_refused(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 1);
  char text[1024];
  snprintf(text, sizeof text, "%s", store_sample_text);
  strstr(text, "50]")[1] = '1';
  store_sample other = store_sample_open(text);
  vs_store *store;
  assert_int_equal(vs_store_create(&store, STORE_FOLDER, other.sweep, &other.weights),
                   VS_ERR_USAGE);
  assert_null(store);
  assert_message("another sweep");
  assert_message("51");
  assert_message("--out");
  assert_int_equal(vs_store_join(&store, STORE_FOLDER, other.sweep, &other.weights), VS_ERR_USAGE);
  /* A comment changes nothing. */
  snprintf(text, sizeof text, "%s", store_sample_text);
  strstr(text, "quoted")[0] = 'Q';
  store_sample edited = store_sample_open(text);
  assert_ok(vs_store_create(&store, STORE_FOLDER, edited.sweep, &edited.weights));
  vs_store_close(store);
  /* The same network in another file is the same; another one is not. */
  store_sample copied = store_sample_open(store_sample_text);
  copied.weights.sha256[0] = 'b';
  assert_ok(vs_store_create(&store, STORE_FOLDER, copied.sweep, &copied.weights));
  vs_store_close(store);
  copied.weights.digest[0] = 'e';
  assert_ok(vs_identity_bind(copied.sweep, &copied.weights, VS_CANONICAL_BY_DIGEST));
  assert_int_equal(vs_store_create(&store, STORE_FOLDER, copied.sweep, &copied.weights),
                   VS_ERR_USAGE);
  assert_message("weights.digest: ");
  store_sample_clear(&copied);
  vs_results *results = open_results(STORE_FOLDER);
  check_all(results, sample, 0, 1);
  vs_results_close(results);
  store_sample_clear(&edited);
  store_sample_clear(&other);
}

/* A folder that knows weights by their file, as format 3 did, goes on so. */
static void folders_say_what_weights_are_called(void **state) {
  (void)state;
  vs_canonical_naming naming = VS_CANONICAL_BY_FILE;
  vs_store *store;
  assert_ok(vs_store_naming(STORE_FOLDER, &naming));
  assert_int_equal(naming, VS_CANONICAL_BY_DIGEST); /* nothing is there yet */
  store_sample old = store_sample_open(store_sample_text);
  old.weights.file_family = VS_FAMILY_KERAS;
  assert_ok(vs_identity_bind(old.sweep, &old.weights, VS_CANONICAL_BY_FILE));
  assert_ok(vs_store_create(&store, STORE_FOLDER, old.sweep, &old.weights));
  vs_store_close(store);
  assert_ok(vs_store_naming(STORE_FOLDER, &naming));
  assert_int_equal(naming, VS_CANONICAL_BY_FILE);
  vs_results *results = open_results(STORE_FOLDER);
  assert_string_equal(vs_results_attribute(results, "weights_family"), "keras");
  vs_results_close(results);
  write_file(STORE_FOLDER "/manifest.json", "{", 1);
  assert_int_equal(vs_store_naming(STORE_FOLDER, &naming), VS_ERR_FORMAT);
  store_sample_clear(&old);
}

static void other_folders_are_refused_and_left_alone(void **state) {
  const store_sample *sample = *state;
  vs_store *store;
  assert_ok(vs_file_make_folder(STORE_FOLDER));
  write_file(STORE_FOLDER "/thesis.txt", "precious", 8);
  assert_int_equal(vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights),
                   VS_ERR_USAGE);
  assert_message("thesis.txt");
  assert_false(vs_file_exists(STORE_FOLDER "/lock"));
  assert_false(vs_file_exists(STORE_FOLDER "/segments"));
  assert_int_equal(vs_store_merge(STORE_FOLDER), VS_ERR_IO);
  assert_int_equal(unlink(STORE_FOLDER "/thesis.txt"), 0);
  /* What a store that was killed at birth leaves is no obstacle. */
  assert_ok(vs_file_make_folder(STORE_FOLDER "/segments"));
  write_file(STORE_FOLDER "/manifest.json.part", "{", 1);
  add_runs(sample, 0, 1);
  assert_false(vs_file_exists(STORE_FOLDER "/manifest.json.part"));
  /* Results without their manifest are nobody's. */
  assert_int_equal(unlink(STORE_FOLDER "/manifest.json"), 0);
  assert_int_equal(vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights),
                   VS_ERR_USAGE);
  assert_message("manifest.json");
  assert_int_equal(vs_store_create(&store, STORE_FOLDER "/lock", sample->sweep, &sample->weights),
                   VS_ERR_IO);
  assert_int_equal(vs_store_create(&store, "", sample->sweep, &sample->weights), VS_ERR_USAGE);
}

static void damaged_manifests_are_refused(void **state) {
  const store_sample *sample = *state;
  static const char *const texts[] = {
      "",
      "{",
      "[]",
      "{\"format\": \"something\"}",
      "{\"format\": \"vggsweep-results\", \"format_version\": 4}",
      "{\"format\": \"vggsweep-results\", \"format_version\": 1, \"runs\": -1}",
      "{\"format\": \"vggsweep-results\", \"format_version\": 1, \"runs\": 1, \"axes\": []}"};
  vs_store *store;
  vs_results *results;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_ok(vs_file_make_folder(STORE_FOLDER));
    write_file(STORE_FOLDER "/manifest.json", texts[i], strlen(texts[i]));
    assert_int_equal(vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights),
                     VS_ERR_FORMAT);
    assert_message("manifest.json");
    assert_int_equal(vs_results_open(&results, STORE_FOLDER), VS_ERR_FORMAT);
    assert_null(results);
  }
}

static void only_one_job_writes(void **state) {
  const store_sample *sample = *state;
  vs_store *first = create_store(sample), *second;
  assert_int_equal(vs_store_create(&second, STORE_FOLDER, sample->sweep, &sample->weights),
                   VS_ERR_USAGE);
  assert_message("another job");
  char process[64];
  snprintf(process, sizeof process, "process %ld", (long)getpid());
  assert_message(process);
  assert_int_equal(vs_store_merge(STORE_FOLDER), VS_ERR_USAGE);
  assert_ok(vs_store_join(&second, STORE_FOLDER, sample->sweep, &sample->weights));
  assert_ok(store_sample_add(second, sample, 0, 1));
  vs_store_close(second);
  vs_store_close(first);
  assert_ok(vs_store_merge(STORE_FOLDER));
  vs_store_close(create_store(sample));
}

/* What a lock of the name of ours leads to is left as it is, and a pipe is not waited for. */
static void a_lock_is_a_plain_file(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 1);
  const char *lock = STORE_FOLDER "/lock", *theirs = TEST_SCRATCH_DIR "/theirs.txt";
  for (int is_pipe = 0; is_pipe < 2; is_pipe++) {
    vs_store *store;
    assert_ok(vs_file_write(theirs, "precious", 8));
    unlink(lock);
    assert_int_equal(is_pipe == 1 ? mkfifo(lock, 0600) : symlink(theirs, lock), 0);
    assert_int_equal(vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights),
                     VS_ERR_IO);
    assert_message(lock);
    assert_message("remove it");
    char *text;
    size_t size;
    assert_ok(vs_file_read(theirs, 100, &text, &size));
    assert_string_equal(text, "precious");
    free(text);
  }
  unlink(lock);
  add_runs(sample, 1, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(another_sweep_is_refused, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_lock_is_a_plain_file, start_store, finish_store),
      cmocka_unit_test_setup_teardown(folders_say_what_weights_are_called, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(other_folders_are_refused_and_left_alone, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(damaged_manifests_are_refused, start_store, finish_store),
      cmocka_unit_test_setup_teardown(only_one_job_writes, start_store, finish_store),
  };
  return cmocka_run_group_tests_name("store_folder", tests, NULL, NULL);
}
