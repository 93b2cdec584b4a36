#include "tests/sweeps/store/store_fixture.h"

#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"

/* HDF5 1.10 leaks memory of its own over damaged headers and full disks, both of which are met here
 * on purpose. This silences what its library allocates, not what we do. */
const char *__lsan_default_suppressions(void);  /* NOLINT(bugprone-reserved-identifier) */
const char *__lsan_default_suppressions(void) { /* NOLINT(bugprone-reserved-identifier) */
  return "leak:libhdf5";
}

const char store_many_text[] =
    "name: many\n"
    "image: {size: 32}\n"
    "objective: {steps: 1}\n"
    "log: {params: false}\n"
    "grid: {layer: relu2_2, channel: {range: [0, 70]}, lambda: [0, 5]}\n";

int start_store(void **state) {
  remove_folder(STORE_FOLDER);
  store_sample *sample = malloc(sizeof *sample);
  *sample = store_sample_open(store_sample_text);
  *state = sample;
  return 0;
}

int finish_store(void **state) {
  store_sample_clear(*state);
  free(*state);
  return 0;
}

/* --- the folder ------------------------------------------------------------------------------- */

void remove_folder(const char *folder) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return;
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char path[PATH_MAX];
    assert_ok(vs_file_join(path, sizeof path, folder, entry->d_name));
    if (unlink(path) != 0) remove_folder(path);
  }
  closedir(stream);
  assert_int_equal(rmdir(folder), 0);
}

void write_file(const char *path, const char *data, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

void copy_file(const char *from, const char *to) {
  char *data;
  size_t size;
  assert_ok(vs_file_read(from, (size_t)1 << 30, &data, &size));
  write_file(to, data, size);
  free(data);
}

size_t count_files(const char *folder, const char *ending) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return 0;
  size_t count = 0;
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL)
    if (vs_file_ends_in(entry->d_name, ending)) count++;
  closedir(stream);
  return count;
}

size_t count_segments(void) {
  return count_files(STORE_FOLDER "/segments", ".h5");
}

void assert_message(const char *part) {
  if (strstr(vs_status_message(), part) == NULL)
    fail_msg("no \"%s\" in: %s", part, vs_status_message());
}

vs_store *create_store(const store_sample *sample) {
  vs_store *store;
  assert_ok(vs_store_create(&store, STORE_FOLDER, sample->sweep, &sample->weights));
  return store;
}

void add_runs(const store_sample *sample, size_t first, size_t last) {
  vs_store *store = create_store(sample);
  for (size_t i = first; i < last; i++) assert_ok(store_sample_add(store, sample, i, 0));
  vs_store_close(store);
}

/* --- what is read ----------------------------------------------------------------------------- */

vs_results *open_results(const char *path) {
  vs_results *results;
  assert_ok(vs_results_open(&results, path));
  return results;
}

bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static void check_traces(const vs_results *results, size_t row, const vs_sweep_run *run,
                         const vs_run_result *made) {
  int expected[64];
  vs_stages stages;
  vs_stages_of(&run->spec, &stages);
  const int all_steps = vs_stages_steps(&stages);
  int expected_count = vs_run_logged_steps(all_steps, run->spec.log_every, NULL);
  assert_true(expected_count <= 64);
  vs_run_logged_steps(all_steps, run->spec.log_every, expected);
  for (int t = 0; t < VS_TRACE_COUNT; t++) {
    int *steps, count;
    float *values;
    assert_ok(vs_results_read_trace(results, row, (vs_trace)t, &steps, &values, &count));
    assert_int_equal(count, expected_count);
    assert_memory_equal(steps, expected, (size_t)count * sizeof *steps);
    for (int i = 0; i < count; i++) {
      if (made->trace[t] == NULL)
        assert_true(isnan(values[i]));
      else
        assert_memory_equal(&values[i], &made->trace[t][i], sizeof values[i]);
    }
    free(steps);
    free(values);
  }
}

static void check_images(const vs_results *results, size_t row, const vs_sweep_run *run,
                         const vs_run_result *made) {
  size_t bytes = (size_t)run->spec.param.height * (size_t)run->spec.param.width * 3;
  uint8_t *rgb;
  assert_ok(vs_results_read_image(results, row, &rgb));
  for (size_t i = 0; made->final_rgb == NULL && i < bytes; i++) assert_int_equal(rgb[i], 0);
  if (made->final_rgb != NULL) assert_memory_equal(rgb, made->final_rgb, bytes);
  free(rgb);
  int *steps, count;
  assert_ok(vs_results_read_snapshots(results, row, &rgb, &steps, &count));
  assert_int_equal(count, run->spec.snapshot_count);
  assert_memory_equal(steps, run->spec.snapshot_steps, (size_t)count * sizeof *steps);
  if (made->snapshots != NULL) assert_memory_equal(rgb, made->snapshots, (size_t)count * bytes);
  free(rgb);
  free(steps);
}

static void check_measurements(const vs_row *row, const vs_run_result *made) {
  const vs_measurements *measured = &made->measurements;
  assert_true(same(row->exc_best, made->exc_best));
  assert_true(same(row->exc_style, measured->exc_style));
  assert_true(same(row->style_floor, measured->style_floor));
  assert_true(same(row->exc_paper, measured->exc_paper));
  assert_true(same(row->exc_random_mean, measured->exc_random_mean));
  assert_true(same(row->exc_random_sd, measured->exc_random_sd));
  assert_true(same(row->pre_eval, measured->pre_eval) && same(row->pre_paper, measured->pre_paper));
  assert_true(same(row->pre_random_mean, measured->pre_random_mean));
  assert_true(same(row->pre_random_sd, measured->pre_random_sd));
  assert_true(same(row->ink, measured->ink) && same(row->paper, measured->paper));
  assert_true(same(row->coverage, measured->coverage));
  assert_true(same(row->edge_density, measured->edge_density));
  assert_true(same(row->gram_style, measured->gram_style));
  assert_string_equal(row->gram_tap,
                      measured->gram_tap < 0 ? "" : vs_vgg16_tap(measured->gram_tap)->name);
}

static void check_row(const vs_row *row, const vs_sweep_run *run, const vs_run_result *made) {
  assert_int_equal(row->index, run->index);
  assert_string_equal(row->id, run->id);
  assert_string_equal(row->group, run->group);
  assert_string_equal(row->layer, vs_vgg16_tap(run->spec.objective.tap)->name);
  assert_int_equal(row->channel, run->spec.objective.channel);
  assert_true(row->lambda == made->lambda && isnan(row->rho));
  assert_int_equal(row->seed, run->seed);
  assert_int_equal(row->status, made->outcome);
  assert_int_equal(row->steps, made->steps);
  assert_true(row->seconds == made->seconds && row->finished > 1.6e9);
  assert_true(row->exc_first == made->exc_first && row->exc_final == made->exc_final);
  assert_true(row->exc_eval == made->exc_eval && row->style_first == made->style_first);
  assert_true(row->style_final == made->style_final && row->style_eval == made->style_eval);
  check_measurements(row, made);
  assert_int_equal(row->height, run->spec.param.height);
  assert_int_equal(row->width, run->spec.param.width);
  assert_int_equal(row->parametrization, run->spec.param.kind);
  assert_int_equal(row->param_count, made->theta != NULL ? made->param_count : 0);
}

static void check_axes(const vs_results *results, size_t row, const vs_sweep *sweep, size_t index) {
  assert_int_equal(vs_results_axis_count(results), vs_sweep_axis_count(sweep));
  for (size_t a = 0; a < vs_sweep_axis_count(sweep); a++) {
    const vs_axis *axis = vs_sweep_axis(sweep, a);
    assert_string_equal(vs_results_axis(results, a)->name, axis->name);
    assert_int_equal(vs_results_axis(results, a)->is_number, axis->is_number);
    vs_axis_value read, made;
    vs_results_axis_value(results, row, a, &read);
    vs_sweep_get_axis(sweep, index, a, &made);
    if (axis->is_number) {
      assert_true(read.number == made.number && strtod(read.text, NULL) == made.number);
    } else {
      assert_true(isnan(read.number));
      assert_string_equal(read.text, made.text);
    }
  }
}

void check_run(const vs_results *results, size_t row, const store_sample *sample,
               const vs_sweep_run *run, const vs_run_result *made) {
  check_row(vs_results_row(results, row), run, made);
  check_axes(results, row, sample->sweep, run->index);
  check_traces(results, row, run, made);
  check_images(results, row, run, made);
  char *json, *expected = vs_canonical_of_spec(sample->sweep, run->index);
  assert_ok(vs_results_read_spec(results, row, &json));
  assert_string_equal(json, expected);
  free(json);
  free(expected);
  if (made->theta == NULL) return;
  float *theta;
  assert_ok(vs_results_read_theta(results, row, &theta));
  assert_memory_equal(theta, made->theta, made->param_count * sizeof *theta);
  free(theta);
}

void check_all(const vs_results *results, const store_sample *sample, size_t first, size_t count) {
  assert_int_equal(vs_results_count(results), count);
  for (size_t i = 0; i < count; i++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, first + i, &run);
    vs_run_result made = store_sample_result(&run);
    check_run(results, i, sample, &run, &made);
    store_sample_result_clear(&made);
  }
}

void assert_refused(const char *path, vs_status expected, const char *message) {
  vs_results *results;
  vs_status status = vs_results_open(&results, path);
  if (status != expected)
    fail_msg("%s: status %d instead of %d: %s", path, status, expected, vs_status_message());
  assert_null(results);
  assert_message(path);
  if (message != NULL) assert_message(message);
}

bool reads_well(const char *path) {
  vs_results *results;
  if (vs_results_open(&results, path) != VS_OK) return false;
  bool good = true;
  for (size_t row = 0; row < vs_results_count(results); row++) {
    uint8_t *rgb;
    int *steps, count;
    float *values;
    char *json;
    good = vs_results_read_image(results, row, &rgb) == VS_OK && good;
    free(rgb);
    good = vs_results_read_snapshots(results, row, &rgb, &steps, &count) == VS_OK && good;
    free(rgb);
    free(steps);
    good = vs_results_read_spec(results, row, &json) == VS_OK && good;
    free(json);
    good = vs_results_read_theta(results, row, &values) == VS_OK && good;
    free(values);
    vs_results_drawing drawing;
    if (vs_results_read_drawing(results, row, &drawing) == VS_OK)
      vs_results_clear_drawing(&drawing);
    for (int t = 0; t < VS_TRACE_COUNT; t++) {
      good = vs_results_read_trace(results, row, (vs_trace)t, &steps, &values, &count) == VS_OK &&
             good;
      free(steps);
      free(values);
    }
  }
  vs_results_close(results);
  return good;
}
