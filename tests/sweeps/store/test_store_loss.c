/* Full disks, kills, and readers beside the writer: what was acknowledged is there. */
#include "tests/support/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "sweeps/store/segment/segment.h"
#include "sweeps/store/store_internal.h"
#include "tests/sweeps/store/store_fixture.h"

enum { KILLS = 100 };

/* --- full disks ------------------------------------------------------------------------------- */

typedef int child_work(const store_sample *sample, void *context);

/* Runs in a process of its own, which may be limited or killed; its exit status. */
static int in_child(child_work *work, const store_sample *sample, void *context) {
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL); /* cmocka would go on with the next test in here */
    int code = work(sample, context);
    exit(code);
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void limit_file_size(rlim_t bytes) {
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {bytes, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
}

static void lift_limit(int number) {
  (void)number;
  const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
}

/* The first write beyond fails, all after it succeed: a disk that somebody else filled and emptied.
 */
static void limit_file_size_once(rlim_t bytes) {
  limit_file_size(bytes);
  signal(SIGXFSZ, lift_limit);
}

/* Exit codes of children: 0 as it should be, others say what was not. */
static int add_where_files_cannot_grow(const store_sample *sample, void *context) {
  vs_store *store;
  if (vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights) != VS_OK) return 1;
  if (store_sample_add(store, sample, 0, 0) != VS_OK) return 2;
  limit_file_size(*(const rlim_t *)context);
  for (int attempt = 0; attempt < 3; attempt++) {
    if (store_sample_add(store, sample, 1, 0) != VS_ERR_IO) return 3;
    if (strstr(vs_status_message(), STORE_FOLDER) == NULL) return 4;
    if (strstr(vs_status_message(), "File too large") == NULL) return 5;
  }
  limit_file_size(RLIM_INFINITY);
  if (store_sample_add(store, sample, 2, 0) != VS_OK) return 6;
  vs_store_close(store);
  return 0;
}

/* The same where nobody has looked for room: HDF5 itself meets the full disk. It must neither crash
 * then, nor when the program ends. */
static int write_past_the_limit(const store_sample *sample, void *context) {
  vs_store *store;
  if (vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights) != VS_OK) return 1;
  int steps[1] = {0};
  vs_segment_shape shape = {.rows = 1, .steps = steps, .step_count = 1, .spec_bytes = 8};
  limit_file_size(*(const rlim_t *)context);
  for (int attempt = 0; attempt < 3; attempt++) {
    vs_segment *segment;
    vs_status status =
        vs_segment_create(&segment, STORE_FOLDER "/segments/x.h5", &store->header, &shape, 0);
    if (status == VS_OK) status = vs_segment_write_seal(segment);
    if (status != VS_ERR_IO) return 2;
    if (strstr(vs_status_message(), STORE_FOLDER) == NULL) return 3;
    if (strstr(vs_status_message(), "File too large") == NULL) return 4;
    vs_segment_free(segment);
  }
  limit_file_size(RLIM_INFINITY);
  if (store_sample_add(store, sample, 0, 0) != VS_OK) return 5;
  vs_store_close(store);
  return 0;
}

static void hdf5_survives_a_full_disk(void **state) {
  rlim_t limit = 10000;
  assert_int_equal(in_child(write_past_the_limit, *state, &limit), 0);
  assert_int_equal(count_files(STORE_FOLDER "/segments", ".part"), 0);
  assert_int_equal(count_segments(), 1);
  assert_true(reads_well(STORE_FOLDER));
}

/* A file that stops growing at a limit, wherever HDF5 is by then: 0 if that is an error, SEALED if
 * the file is sealed and holds what was put into it. */
enum { SEALED = 10, LOGGED = 4096 };

typedef struct file_limit {
  rlim_t bytes;
  bool once;
} file_limit;

static int seal_past_the_limit(const store_sample *sample, void *context) {
  const file_limit *limit = context;
  vs_store *store;
  if (vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights) != VS_OK) return 1;
  static int steps[LOGGED];
  static float values[LOGGED]; /* that no compression makes smaller */
  const vs_random_key key = vs_random_make_key(5, VS_RANDOM_TEST, 0);
  for (int i = 0; i < LOGGED; i++) {
    steps[i] = i;
    values[i] = vs_random_normal(key, (uint64_t)i);
  }
  const vs_segment_shape shape = {.rows = 1, .steps = steps, .step_count = LOGGED, .spec_bytes = 8};
  static const vs_axis_value axes[4];
  vs_record record = {
      .row = vs_row_blank(), .axes = axes, .spec = "{}", .steps = steps, .step_count = LOGGED};
  for (int t = 0; t < VS_TRACE_COUNT; t++) record.trace[t] = values;
  vs_segment *segment;
  const char *path = STORE_FOLDER "/segments/x.h5";
  if (vs_segment_create(&segment, path, &store->header, &shape, 0) != VS_OK) return 2;
  (limit->once ? limit_file_size_once : limit_file_size)(limit->bytes);
  vs_status status = vs_segment_write_run(segment, 0, &record);
  if (status == VS_OK) status = vs_segment_write_seal(segment);
  vs_segment_free(segment);
  limit_file_size(RLIM_INFINITY);
  vs_store_close(store);
  if (status == VS_ERR_IO) return vs_file_exists(path) ? 3 : 0;
  if (status != VS_OK || vs_segment_open(&segment, path) != VS_OK) return 4;
  for (int t = 0; t < VS_TRACE_COUNT; t++) {
    static float read[LOGGED];
    if (vs_segment_read_traces(segment, (vs_trace)t, 0, 1, read) != VS_OK) return 5;
    if (memcmp(read, values, sizeof values) != 0) return 6;
  }
  vs_segment_free(segment);
  return SEALED;
}

static void what_is_sealed_is_whole(void **state) {
  for (int once = 0; once < 2; once++) {
    int failed = 0, sealed = 0;
    for (rlim_t bytes = 2000; bytes < 200000; bytes += 2999) {
      file_limit limit = {bytes, once == 1};
      remove_folder(STORE_FOLDER);
      const int code = in_child(seal_past_the_limit, *state, &limit);
      if (code != 0 && code != SEALED)
        fail_msg("limit of %d bytes%s: %d", (int)bytes, once == 1 ? ", once" : "", code);
      failed += code == 0;
      sealed += code == SEALED;
    }
    assert_true(failed > 20 && sealed > 3);
  }
}

static void a_full_disk_loses_nothing(void **state) {
  const store_sample *sample = *state;
  static const rlim_t limits[] = {1000, 10000, 30000};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    remove_folder(STORE_FOLDER);
    rlim_t limit = limits[i];
    assert_int_equal(in_child(add_where_files_cannot_grow, sample, &limit), 0);
    assert_int_equal(count_files(STORE_FOLDER "/segments", ".part"), 0);
    assert_int_equal(count_segments(), 2);
    assert_true(reads_well(STORE_FOLDER));
  }
}

static int merge_where_files_cannot_grow(const store_sample *sample, void *context) {
  (void)sample;
  limit_file_size(*(const rlim_t *)context);
  if (vs_store_merge(STORE_FOLDER) != VS_ERR_IO) return 1;
  return strstr(vs_status_message(), STORE_MERGED) != NULL ? 0 : 2;
}

static void a_merge_on_a_full_disk_loses_nothing(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 2);
  assert_ok(vs_store_merge(STORE_FOLDER));
  add_runs(sample, 2, 5);
  for (rlim_t limit = 1000; limit < 100000; limit *= 3) {
    assert_int_equal(in_child(merge_where_files_cannot_grow, sample, &limit), 0);
    assert_int_equal(count_segments(), 3);
    assert_false(vs_file_exists(STORE_MERGED ".part"));
    vs_results *results = open_results(STORE_FOLDER);
    check_all(results, sample, 0, 5);
    vs_results_close(results);
  }
  assert_ok(vs_store_merge(STORE_FOLDER));
  vs_results *results = open_results(STORE_MERGED);
  check_all(results, sample, 0, 5);
  vs_results_close(results);
}

/* --- kills ------------------------------------------------------------------------------------ */

/* Adds runs from *first on, says so through the pipe, and merges and gathers now and then. */
typedef struct writer {
  size_t first;
  int acknowledge;
} writer;

static int write_until_killed(const store_sample *sample, void *context) {
  const writer *job = context;
  vs_store *store = create_store(sample);
  size_t count = vs_sweep_count(sample->sweep);
  for (size_t i = job->first; i < count; i++) {
    if (store_sample_add(store, sample, i, 0) != VS_OK) return 1;
    uint32_t number = (uint32_t)i;
    if (write(job->acknowledge, &number, sizeof number) != sizeof number) return 2;
    if (i % 5 == 4 && vs_store_add_compact(store, 0) != VS_OK) return 3;
    if (i % 7 != 6) continue;
    vs_store_close(store);
    if (vs_store_merge(STORE_FOLDER) != VS_OK) return 4;
    store = create_store(sample);
  }
  vs_store_close(store);
  return 0;
}

/* Starts it in a process of its own. What it acknowledges comes out of *numbers, for the caller to
 * close. */
static pid_t start_writer(const store_sample *sample, size_t first, int *numbers) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    close(ends[0]);
    writer job = {first, ends[1]};
    _exit(write_until_killed(sample, &job));
  }
  close(ends[1]);
  *numbers = ends[0];
  return child;
}

/* Starts a writer, kills it some time (under a second) after it has acknowledged at least some
 * runs, and returns how many it acknowledged in all. */
static size_t write_and_kill(const store_sample *sample, size_t first, size_t least,
                             long microseconds) {
  int numbers;
  pid_t child = start_writer(sample, first, &numbers);
  uint32_t number;
  size_t acknowledged = first;
  for (; least > 0 && read(numbers, &number, sizeof number) == sizeof number; least--)
    acknowledged = number + 1;
  struct timespec pause = {0, microseconds * 1000};
  nanosleep(&pause, NULL);
  kill(child, SIGKILL);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFSIGNALED(status)) assert_int_equal(WEXITSTATUS(status), 0);
  while (read(numbers, &number, sizeof number) == sizeof number) acknowledged = number + 1;
  close(numbers);
  return acknowledged;
}

/* How long a writer takes for a few runs, creation included: the time within which to kill. */
static long measure_pace(const store_sample *sample) {
  const double before = vs_clock_seconds();
  add_runs(sample, 0, 3);
  const double pace = vs_clock_seconds() - before;
  remove_folder(STORE_FOLDER);
  return (long)(1e6 * pace);
}

/* Every sealed file opens, every acknowledged run is there; of what was not acknowledged at most
 * the run at which the writer was killed. */
static void check_after_kill(const store_sample *sample, size_t acknowledged) {
  vs_results *results = open_results(STORE_FOLDER);
  size_t count = vs_results_count(results);
  assert_true(count == acknowledged || count == acknowledged + 1);
  for (size_t i = 0; i < count; i++) assert_int_equal(vs_results_row(results, i)->index, i);
  if (count > 0) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, count - 1, &run);
    vs_run_result made = store_sample_result(&run);
    free((float *)made.theta);
    made.theta = NULL;
    check_run(results, count - 1, sample, &run, &made);
    store_sample_result_clear(&made);
  }
  vs_results_close(results);
}

static void kills_lose_nothing(void **state) {
  (void)state;
  store_sample many = store_sample_open(store_many_text);
  unsigned random = 12345;
  size_t acknowledged = 0, rounds = 0;
  long pace = measure_pace(&many);
  for (int i = 0; i < KILLS; i++) {
    random = random * 1664525u + 1013904223u;
    acknowledged =
        write_and_kill(&many, acknowledged, random >> 30, (long)(random >> 8) % pace % 1000000);
    if (vs_file_exists(STORE_FOLDER "/manifest.json")) check_after_kill(&many, acknowledged);
    if (acknowledged < vs_sweep_count(many.sweep)) continue;
    acknowledged = 0;
    rounds++;
    remove_folder(STORE_FOLDER);
  }
  assert_true(rounds > 0 || acknowledged > KILLS / 2); /* by what was waited for alone */
  vs_store_close(create_store(&many));
  assert_int_equal(count_files(STORE_FOLDER "/segments", ".part"), 0);
  if (acknowledged > 0) {
    assert_ok(vs_store_merge(STORE_FOLDER));
    check_after_kill(&many, acknowledged);
  }
  store_sample_clear(&many);
}

static void a_folder_is_read_while_it_is_written(void **state) {
  (void)state;
  store_sample many = store_sample_open(store_many_text);
  vs_store_close(create_store(&many));
  int numbers;
  pid_t child = start_writer(&many, 0, &numbers);
  assert_int_equal(fcntl(numbers, F_SETFL, O_NONBLOCK), 0);
  size_t acknowledged = 0;
  int status;
  do {
    uint32_t number;
    while (read(numbers, &number, sizeof number) == sizeof number) acknowledged = number + 1;
    vs_results *results = open_results(STORE_FOLDER);
    size_t count = vs_results_count(results);
    assert_true(count >= acknowledged);
    for (size_t i = 0; i < count; i += 13) {
      uint8_t *rgb;
      assert_ok(vs_results_read_image(results, i, &rgb));
      free(rgb);
    }
    vs_results_close(results);
  } while (waitpid(child, &status, WNOHANG) == 0);
  close(numbers);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assert_int_equal(acknowledged > 0, 1);
  store_sample_clear(&many);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(hdf5_survives_a_full_disk, start_store, finish_store),
      cmocka_unit_test_setup_teardown(what_is_sealed_is_whole, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_merge_on_a_full_disk_loses_nothing, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(kills_lose_nothing, start_store, finish_store),
      cmocka_unit_test_setup_teardown(a_folder_is_read_while_it_is_written, start_store,
                                      finish_store),
  };
  return cmocka_run_group_tests_name("store_loss", tests, NULL, NULL);
}
