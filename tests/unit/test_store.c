/* Results on disk: what is stored is what is read, through segments, merges, kills and full disks;
 * what is not ours is refused and left alone. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "sweeps/results.h"
#include "sweeps/store_internal.h"
#include "tests/unit/store_sample.h"

#define FOLDER TEST_SCRATCH_DIR "/store"
#define MERGED FOLDER "/sweep.h5"
#define KILLS  100

/* HDF5 1.10 leaks memory of its own over damaged headers and full disks, both of which are met here
 * on purpose. This silences what its library allocates, not what we do. */
const char *__lsan_default_suppressions(void);  /* NOLINT(bugprone-reserved-identifier) */
const char *__lsan_default_suppressions(void) { /* NOLINT(bugprone-reserved-identifier) */
  return "leak:libhdf5";
}

static void remove_folder(const char *folder) {
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

/* Without the trouble that vs_file_write takes. */
static void write_file(const char *path, const char *data, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

/* Files of a folder whose names end so. */
static size_t count_files(const char *folder, const char *ending) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return 0;
  size_t count = 0;
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL) {
    size_t length = strlen(entry->d_name);
    if (length > strlen(ending) && strcmp(entry->d_name + length - strlen(ending), ending) == 0)
      count++;
  }
  closedir(stream);
  return count;
}

static size_t count_segments(void) {
  return count_files(FOLDER "/segments", ".h5");
}

static void assert_message(const char *part) {
  if (strstr(vs_fail_message(), part) == NULL)
    fail_msg("no \"%s\" in: %s", part, vs_fail_message());
}

static int start(void **state) {
  remove_folder(FOLDER);
  store_sample *sample = malloc(sizeof *sample);
  *sample = store_sample_open(store_sample_text);
  *state = sample;
  return 0;
}

static int finish(void **state) {
  store_sample_clear(*state);
  free(*state);
  return 0;
}

static vs_store *create(const store_sample *sample) {
  vs_store *store;
  assert_ok(vs_store_create(&store, FOLDER, sample->sweep, &sample->weights));
  return store;
}

static void add_runs(const store_sample *sample, size_t first, size_t last) {
  vs_store *store = create(sample);
  for (size_t i = first; i < last; i++) assert_ok(store_sample_add(store, sample, i, 0));
  vs_store_close(store);
}

static vs_results *open_results(const char *path) {
  vs_results *results;
  assert_ok(vs_results_open(&results, path));
  return results;
}

/* --- comparing what is read with what was made ------------------------------------------------ */

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

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static void check_portrait(const vs_row *row, const vs_run_result *made) {
  const vs_portrait *portrait = &made->portrait;
  assert_true(same(row->exc_best, made->exc_best));
  assert_true(same(row->exc_style, portrait->exc_style));
  assert_true(same(row->exc_paper, portrait->exc_paper));
  assert_true(same(row->exc_random_mean, portrait->exc_random_mean));
  assert_true(same(row->exc_random_sd, portrait->exc_random_sd));
  assert_true(same(row->coverage, portrait->coverage));
  assert_true(same(row->edge_density, portrait->edge_density));
  assert_true(same(row->gram_style, portrait->gram_style));
  assert_string_equal(row->gram_tap,
                      portrait->gram_tap < 0 ? "" : vs_vgg_tap(portrait->gram_tap)->name);
}

static void check_row(const vs_row *row, const vs_sweep_run *run, const vs_run_result *made) {
  assert_int_equal(row->index, run->index);
  assert_string_equal(row->id, run->id);
  assert_string_equal(row->group, run->group);
  assert_string_equal(row->layer, vs_vgg_tap(run->spec.objective.tap)->name);
  assert_int_equal(row->channel, run->spec.objective.channel);
  assert_true(row->lambda == made->lambda && isnan(row->rho));
  assert_int_equal(row->seed, run->seed);
  assert_int_equal(row->status, made->outcome);
  assert_int_equal(row->steps, made->steps);
  assert_true(row->seconds == made->seconds && row->finished > 1.6e9);
  assert_true(row->exc_first == made->exc_first && row->exc_final == made->exc_final);
  assert_true(row->exc_eval == made->exc_eval && row->style_first == made->style_first);
  assert_true(row->style_final == made->style_final && row->style_eval == made->style_eval);
  check_portrait(row, made);
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

/* Everything of one row against a made result. */
static void check_run(const vs_results *results, size_t row, const store_sample *sample,
                      const vs_sweep_run *run, const vs_run_result *made) {
  check_row(vs_results_row(results, row), run, made);
  check_axes(results, row, sample->sweep, run->index);
  check_traces(results, row, run, made);
  check_images(results, row, run, made);
  char *json, *expected = vs_sweep_spec_json(sample->sweep, run->index);
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

/* All rows are runs first, first + 1, ... as store_sample_add stores them. */
static void check_all(const vs_results *results, const store_sample *sample, size_t first,
                      size_t count) {
  assert_int_equal(vs_results_count(results), count);
  for (size_t i = 0; i < count; i++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, first + i, &run);
    vs_run_result made = store_sample_result(&run);
    check_run(results, i, sample, &run, &made);
    store_sample_result_clear(&made);
  }
}

/* --- the round trip --------------------------------------------------------------------------- */

static void what_is_stored_is_read(void **state) {
  const store_sample *sample = *state;
  size_t count = vs_sweep_count(sample->sweep);
  assert_int_equal(count, 32);
  vs_store *store = create(sample);
  for (size_t i = count; i-- > 0;) assert_ok(store_sample_add(store, sample, i, 3));
  vs_store_close(store);
  assert_int_equal(count_segments(), count);
  vs_results *results = open_results(FOLDER);
  check_all(results, sample, 0, count);
  assert_int_equal(vs_results_planned(results), count);
  assert_int_equal(vs_results_row(results, 0)->rank, 3);
  vs_results_close(results);

  assert_ok(vs_store_merge(FOLDER));
  assert_int_equal(count_segments(), 0);
  const char *const paths[] = {FOLDER, MERGED};
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
  assert_ok(vs_store_merge(FOLDER));
  vs_results *results = open_results(MERGED);
  assert_string_equal(vs_results_attribute(results, "sweep"), store_sample_text);
  char sha256[VS_SHA256_HEX], *canonical = vs_sweep_canonical(sample->sweep);
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
  assert_ok(vs_store_merge(FOLDER));
  add_runs(sample, 20, 26);
  vs_results *results = open_results(FOLDER);
  size_t count = vs_results_count(results);
  assert_int_equal(count, 26);
  float *sketches = malloc(count * VS_SKETCH * sizeof *sketches);
  assert_non_null(sketches);
  assert_ok(vs_results_read_sketches(results, sketches));
  for (size_t row = 0; row < count; row++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, row, &run);
    vs_run_result made = store_sample_result(&run);
    assert_memory_equal(sketches + row * VS_SKETCH, made.portrait.sketch,
                        sizeof made.portrait.sketch);
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
  assert_ok(vs_store_merge(FOLDER));
  hid_t file = H5Fopen(MERGED, H5F_ACC_RDONLY, H5P_DEFAULT);
  hsize_t fields = 0, records = 0;
  double exc[3] = {0};
  size_t size = sizeof exc[0], offset = 0;
  assert_true(H5TBget_table_info(file, "runs", &fields, &records) >= 0);
  assert_int_equal(fields, 44 + 2);
  assert_int_equal(records, 3);
  assert_true(H5TBread_fields_name(file, "runs", "exc_eval", 0, 3, size, &offset, &size, exc) >= 0);
  H5Fclose(file);
  vs_results *results = open_results(MERGED);
  for (size_t i = 0; i < 3; i++)
    assert_true(exc[i] < 0.0 && exc[i] == vs_results_row(results, i)->exc_eval);
  vs_results_close(results);
}

static void a_folder_without_runs_is_readable(void **state) {
  const store_sample *sample = *state;
  vs_store_close(create(sample));
  assert_ok(vs_store_merge(FOLDER));
  assert_false(vs_file_exists(MERGED));
  vs_results *results = open_results(FOLDER);
  assert_int_equal(vs_results_count(results), 0);
  assert_int_equal(vs_results_planned(results), 32);
  assert_int_equal(vs_results_axis_count(results), vs_sweep_axis_count(sample->sweep));
  assert_non_null(vs_results_attribute(results, "sweep"));
  vs_results_close(results);
}

static void runs_that_did_not_end_well_are_stored(void **state) {
  const store_sample *sample = *state;
  vs_store *store = create(sample);
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
    vs_results *results = open_results(FOLDER);
    assert_int_equal(vs_results_count(results), 2);
    for (size_t i = 0; i < 2; i++) check_run(results, i, sample, &runs[i], &made[i]);
    float *theta;
    assert_int_equal(vs_results_read_theta(results, 0, &theta), VS_ERR_USAGE);
    vs_results_close(results);
    assert_ok(vs_store_merge(FOLDER));
  }
  store_sample_result_clear(&made[1]);
}

/* --- drawings --------------------------------------------------------------------------------- */

static void check_pens(const vs_pen_set *read, const vs_pen_set *made) {
  assert_int_equal(read->count, made->count);
  for (int k = 0; k < made->count; k++) {
    assert_string_equal(read->pens[k].name, made->pens[k].name);
    assert_memory_equal(read->pens[k].color, made->pens[k].color, sizeof made->pens[k].color);
    assert_true(read->pens[k].width_mm == made->pens[k].width_mm);
  }
}

/* Bit by bit, of NaN as well. */
static void check_drawing(const vs_results *results, size_t row, const vs_run_result *made) {
  const vs_row *read_row = vs_results_row(results, row);
  const vs_drawing *drawing = made->drawing;
  vs_stored_drawing read;
  assert_true(same(read_row->exc_free, made->exc_free) &&
              same(read_row->exc_quantized, made->exc_quantized) &&
              same(read_row->exc_refined, made->exc_refined) &&
              same(read_row->exc_plotted, made->exc_plotted));
  assert_true(same(read_row->drawn_mm, made->plot.drawn_mm) &&
              same(read_row->travel_mm, made->plot.travel_mm) &&
              same(read_row->minutes, made->plot.minutes));
  if (drawing == NULL) {
    assert_true(isnan(read_row->lifts) && read_row->strokes == 0 && read_row->pens == 0);
    assert_int_equal(vs_results_read_drawing(results, row, &read), VS_ERR_USAGE);
    return;
  }
  assert_true(read_row->lifts == made->plot.lifts);
  assert_int_equal(read_row->strokes, drawing->stroke_count);
  assert_int_equal(read_row->pens, made->pens->count);
  assert_ok(vs_results_read_drawing(results, row, &read));
  assert_true(read.drawing->width == drawing->width && read.drawing->height == drawing->height);
  assert_memory_equal(read.drawing->paper, drawing->paper, sizeof drawing->paper);
  assert_int_equal(read.drawing->point_count, drawing->point_count);
  assert_memory_equal(read.drawing->points, drawing->points,
                      drawing->point_count * sizeof *drawing->points);
  assert_int_equal(read.drawing->stroke_count, drawing->stroke_count);
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *a = &read.drawing->strokes[i], *b = &drawing->strokes[i];
    assert_true(a->first_point == b->first_point && a->segments == b->segments &&
                a->closed == b->closed && a->width == b->width && a->opacity == b->opacity &&
                a->pen == b->pen);
    assert_memory_equal(a->color, b->color, sizeof a->color);
    assert_true(read.places[i] == made->stroke_places[i]);
    assert_true(same((double)read.budget[i], (double)made->budget[i]));
  }
  check_pens(&read.pens, made->pens);
  vs_stored_drawing_clear(&read);
}

static void check_drawings(const char *path, const store_sample *sample) {
  const size_t count = vs_sweep_count(sample->sweep);
  vs_results *results = open_results(path);
  assert_int_equal(vs_results_count(results), count);
  for (size_t i = 0; i < count; i++) {
    vs_sweep_run run;
    vs_sweep_get(sample->sweep, i, &run);
    vs_run_result made = store_sample_result(&run);
    check_drawing(results, i, &made);
    float *theta = (float *)made.theta;
    if (made.drawing != NULL) made.theta = NULL; /* it is kept as a drawing */
    check_run(results, i, sample, &run, &made);
    made.theta = theta;
    store_sample_result_clear(&made);
  }
  vs_results_close(results);
}

/* Alone in a file, gathered with others of more and fewer strokes, merged, and gone on with. */
static void drawings_are_read_as_they_were_stored(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  assert_int_equal(count, 24);
  vs_store *store = create(&sample);
  for (size_t i = 0; i < count; i++)
    assert_ok(store_sample_add(store, &sample, (i * 7) % count, 0));
  check_drawings(FOLDER, &sample);
  assert_ok(vs_store_compact(store, 0));
  assert_int_equal(count_segments(), 1);
  check_drawings(FOLDER, &sample);
  vs_store_close(store);
  assert_ok(vs_store_merge(FOLDER));
  check_drawings(MERGED, &sample);
  store = create(&sample); /* pictures alone on top of them, and merged once more */
  assert_ok(store_sample_add(store, &sample, 0, 0));
  vs_store_close(store);
  assert_ok(vs_store_merge(FOLDER));
  check_drawings(MERGED, &sample);
  store_sample_clear(&sample);
}

static void what_has_no_drawing_says_so(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  vs_store *store = create(&sample);
  vs_sweep_run run;
  vs_sweep_get(sample.sweep, 20, &run);
  vs_run_result failed = vs_run_blank_result(&run.spec);
  assert_int_equal(run.spec.param.kind, VS_PARAM_STROKES);
  assert_ok(vs_store_add(store, &run, &failed, 0));
  assert_ok(store_sample_add(store, &sample, 1, 0));
  vs_store_close(store);
  vs_results *results = open_results(FOLDER);
  vs_stored_drawing read;
  float *theta;
  assert_int_equal(vs_results_read_drawing(results, 0, &read), VS_ERR_USAGE);
  assert_message("is a picture (image.parametrization: fourier), not a drawing of strokes");
  assert_int_equal(vs_results_read_drawing(results, 1, &read), VS_ERR_USAGE);
  assert_message("has no drawing: it failed");
  assert_int_equal(vs_results_read_theta(results, 1, &theta), VS_ERR_USAGE);
  vs_results_close(results);
  store_sample_clear(&sample);
}

static void runs_are_found_by_the_beginning_of_their_id(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 3);
  vs_results *results = open_results(FOLDER);
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

/* --- many runs -------------------------------------------------------------------------------- */

static const char many_text[] =
    "name: many\n"
    "image: {size: 32}\n"
    "objective: {steps: 1}\n"
    "log: {params: false}\n"
    "grid: {layer: relu2_2, channel: {range: [0, 70]}, lambda: [0, 5]}\n";

static void segments_are_gathered(void **state) {
  (void)state;
  store_sample many = store_sample_open(many_text);
  size_t count = vs_sweep_count(many.sweep);
  vs_store *store = create(&many);
  vs_store *second;
  assert_ok(vs_store_join(&second, FOLDER, many.sweep, &many.weights));
  for (size_t i = 0; i < count; i++)
    assert_ok(store_sample_add(i % 3 == 0 ? second : store, &many, (i * 37) % count, i % 3 == 0));
  /* of 140 runs 47 went to the second and 93 = 64 + 29 to the first */
  assert_int_equal(count_segments(), 47 + 1 + 29);
  assert_ok(vs_store_compact(store, 0));
  assert_int_equal(count_segments(), 47 + 1 + 1);
  vs_store_close(second);
  vs_store_close(store);
  vs_results *results = open_results(FOLDER);
  assert_int_equal(vs_results_count(results), count);
  assert_ok(vs_store_merge(FOLDER));
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

static void copy_file(const char *from, const char *to) {
  char *data;
  size_t size;
  assert_ok(vs_file_read(from, (size_t)1 << 30, &data, &size));
  write_file(to, data, size);
  free(data);
}

/* The one segment of the folder. */
static void only_segment(char path[PATH_MAX]) {
  DIR *stream = opendir(FOLDER "/segments");
  assert_non_null(stream);
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL)
    if (entry->d_name[0] != '.')
      assert_ok(vs_file_join(path, PATH_MAX, FOLDER "/segments", entry->d_name));
  closedir(stream);
}

static void a_run_stored_twice_counts_once(void **state) {
  const store_sample *sample = *state;
  vs_store *store = create(sample);
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
    vs_results *results = open_results(FOLDER);
    assert_int_equal(vs_results_count(results), 1);
    check_run(results, 0, sample, &run, &made);
    vs_results_close(results);
    assert_ok(vs_store_merge(FOLDER));
  }
  store_sample_result_clear(&made);
}

static void leftovers_of_a_killed_merge_are_harmless(void **state) {
  const store_sample *sample = *state;
  char path[PATH_MAX];
  add_runs(sample, 0, 1);
  only_segment(path);
  copy_file(path, FOLDER "/kept.h5");
  assert_ok(vs_store_merge(FOLDER));
  /* killed after publishing, before removing */
  copy_file(FOLDER "/kept.h5", path);
  vs_results *results = open_results(FOLDER);
  check_all(results, sample, 0, 1);
  vs_results_close(results);
  add_runs(sample, 1, 4);
  assert_ok(vs_store_merge(FOLDER));
  assert_ok(vs_store_merge(FOLDER)); /* again: nothing to do */
  results = open_results(MERGED);
  check_all(results, sample, 0, 4);
  vs_results_close(results);
  assert_int_equal(count_segments(), 0);
}

static void arrays_are_found_in_a_new_merged_file(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 4, 8);
  assert_ok(vs_store_merge(FOLDER));
  vs_results *results = open_results(FOLDER);
  add_runs(sample, 0, 4);
  assert_ok(vs_store_merge(FOLDER)); /* now they are rows 4 to 7 of another file of that name */
  check_all(results, sample, 4, 4);
  vs_results_close(results);
}

/* --- refusals --------------------------------------------------------------------------------- */

static void another_sweep_is_refused(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 1);
  char text[1024];
  snprintf(text, sizeof text, "%s", store_sample_text);
  strstr(text, "50]")[1] = '1';
  store_sample other = store_sample_open(text);
  vs_store *store;
  assert_int_equal(vs_store_create(&store, FOLDER, other.sweep, &other.weights), VS_ERR_USAGE);
  assert_null(store);
  assert_message("another sweep");
  assert_message("51");
  assert_message("--out");
  assert_int_equal(vs_store_join(&store, FOLDER, other.sweep, &other.weights), VS_ERR_USAGE);
  /* A comment changes nothing. */
  snprintf(text, sizeof text, "%s", store_sample_text);
  strstr(text, "quoted")[0] = 'Q';
  store_sample edited = store_sample_open(text);
  assert_ok(vs_store_create(&store, FOLDER, edited.sweep, &edited.weights));
  vs_store_close(store);
  vs_vgg_weights weights = sample->weights;
  weights.sha256[0] = 'b';
  assert_int_equal(vs_store_create(&store, FOLDER, sample->sweep, &weights), VS_ERR_USAGE);
  assert_message("weights");
  vs_results *results = open_results(FOLDER);
  check_all(results, sample, 0, 1);
  vs_results_close(results);
  store_sample_clear(&edited);
  store_sample_clear(&other);
}

static void other_folders_are_refused_and_left_alone(void **state) {
  const store_sample *sample = *state;
  vs_store *store;
  assert_ok(vs_file_make_folder(FOLDER));
  write_file(FOLDER "/thesis.txt", "precious", 8);
  assert_int_equal(vs_store_create(&store, FOLDER, sample->sweep, &sample->weights), VS_ERR_USAGE);
  assert_message("thesis.txt");
  assert_false(vs_file_exists(FOLDER "/lock"));
  assert_false(vs_file_exists(FOLDER "/segments"));
  assert_int_equal(vs_store_merge(FOLDER), VS_ERR_IO);
  assert_int_equal(unlink(FOLDER "/thesis.txt"), 0);
  /* What a store that was killed at birth leaves is no obstacle. */
  assert_ok(vs_file_make_folder(FOLDER "/segments"));
  write_file(FOLDER "/manifest.json.part", "{", 1);
  add_runs(sample, 0, 1);
  assert_false(vs_file_exists(FOLDER "/manifest.json.part"));
  /* Results without their manifest are nobody's. */
  assert_int_equal(unlink(FOLDER "/manifest.json"), 0);
  assert_int_equal(vs_store_create(&store, FOLDER, sample->sweep, &sample->weights), VS_ERR_USAGE);
  assert_message("manifest.json");
  assert_int_equal(vs_store_create(&store, FOLDER "/lock", sample->sweep, &sample->weights),
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
    assert_ok(vs_file_make_folder(FOLDER));
    write_file(FOLDER "/manifest.json", texts[i], strlen(texts[i]));
    assert_int_equal(vs_store_create(&store, FOLDER, sample->sweep, &sample->weights),
                     VS_ERR_FORMAT);
    assert_message("manifest.json");
    assert_int_equal(vs_results_open(&results, FOLDER), VS_ERR_FORMAT);
    assert_null(results);
  }
}

static void only_one_job_writes(void **state) {
  const store_sample *sample = *state;
  vs_store *first = create(sample), *second;
  assert_int_equal(vs_store_create(&second, FOLDER, sample->sweep, &sample->weights), VS_ERR_USAGE);
  assert_message("another job");
  char process[64];
  snprintf(process, sizeof process, "process %ld", (long)getpid());
  assert_message(process);
  assert_int_equal(vs_store_merge(FOLDER), VS_ERR_USAGE);
  assert_ok(vs_store_join(&second, FOLDER, sample->sweep, &sample->weights));
  assert_ok(store_sample_add(second, sample, 0, 1));
  vs_store_close(second);
  vs_store_close(first);
  assert_ok(vs_store_merge(FOLDER));
  vs_store_close(create(sample));
}

static void assert_refused(const char *path, vs_status expected, const char *message) {
  vs_results *results;
  vs_status status = vs_results_open(&results, path);
  if (status != expected)
    fail_msg("%s: status %d instead of %d: %s", path, status, expected, vs_fail_message());
  assert_null(results);
  assert_message(path);
  if (message != NULL) assert_message(message);
}

/* Opens an HDF5 file of ours to spoil it. */
static hid_t spoil(void) {
  copy_file(MERGED, FOLDER "/spoiled.h5");
  hid_t file = H5Fopen(FOLDER "/spoiled.h5", H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static void files_that_are_not_ours_are_refused(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 4);
  assert_ok(vs_store_merge(FOLDER));
  assert_refused(FOLDER "/nothing.h5", VS_ERR_IO, "No such file");
  assert_refused(FOLDER "/segments", VS_ERR_IO, "no results");
  write_file(FOLDER "/text.h5", "hello", 5);
  assert_refused(FOLDER "/text.h5", VS_ERR_FORMAT, NULL);
  hid_t foreign = H5Fcreate(FOLDER "/foreign.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(foreign);
  assert_refused(FOLDER "/foreign.h5", VS_ERR_FORMAT, "not of results of vggsweep");

  hid_t file = spoil();
  uint64_t version = VS_STORE_FORMAT_VERSION + 1;
  hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
  assert_true(H5Awrite(attribute, H5T_NATIVE_UINT64, &version) >= 0);
  H5Aclose(attribute);
  H5Fclose(file);
  assert_refused(FOLDER "/spoiled.h5", VS_ERR_FORMAT, "newer");
  static const char *const needed[] = {"/runs", "/specs", "/trace/step"};
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
    file = spoil();
    assert_true(H5Ldelete(file, needed[i], H5P_DEFAULT) >= 0);
    H5Fclose(file);
    assert_refused(FOLDER "/spoiled.h5", VS_ERR_FORMAT, needed[i]);
  }
  file = spoil();
  assert_true(H5Adelete(file, "canonical") >= 0);
  H5Fclose(file);
  assert_refused(FOLDER "/spoiled.h5", VS_ERR_FORMAT, "canonical");
}

/* An empty dataset of floats in place of another. */
static void replace_array(hid_t file, const char *path, int rank, const hsize_t *extents) {
  if (H5Lexists(file, path, H5P_DEFAULT) > 0) assert_true(H5Ldelete(file, path, H5P_DEFAULT) >= 0);
  const hsize_t chunk[4] = {1, 1, 1, 1};
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  assert_true(H5Pset_chunk(properties, rank, chunk) >= 0);
  hid_t space = H5Screate_simple(rank, extents, NULL);
  hid_t array =
      H5Dcreate2(file, path, H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  assert_true(array >= 0);
  H5Dclose(array);
  H5Sclose(space);
  H5Pclose(properties);
}

/* Arrays that are larger than anything is, or do not belong together: known when a file is opened,
 * or when a drawing is read. */
static void damaged_drawings_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *path; /* of what stands instead, or is missing */
    int rank;         /* 0: it is missing */
    hsize_t extents[4];
    vs_status opened, read; /* read: of a drawing with two pens */
  } cases[] = {
      {"/params/points", 4, {24, 65537, 7, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 7, (hsize_t)1 << 40, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 65536, 17, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 6, 7, 2}, VS_ERR_FORMAT, VS_OK}, /* smaller than a row says */
      {"/params/points", 4, {24, 7, 6, 2}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 3, {24, 7, 14}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 0, {0}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 4, {23, 7, 7, 2}, VS_OK, VS_ERR_FORMAT},
      {"/params/points", 4, {24, 7, 7, 3}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 3, {24, 7, 7}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 3, {24, 3, 8}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 0, {0}, VS_OK, VS_ERR_FORMAT},
      {"/params/paper", 0, {0}, VS_OK, VS_ERR_FORMAT},
      {"/params/pens", 3, {24, 33, 4}, VS_ERR_LIMIT, VS_OK},
      {"/params/pens", 3, {24, 1, 4}, VS_ERR_FORMAT, VS_OK},
      {"/params/pens", 0, {0}, VS_ERR_FORMAT, VS_OK},
      {"/params/pen_names", 2, {24, 2}, VS_OK, VS_ERR_FORMAT}, /* floats, no texts */
      {"/params/pen_names", 0, {0}, VS_OK, VS_ERR_FORMAT},
  };
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  add_runs(&sample, 0, count);
  assert_ok(vs_store_merge(FOLDER));
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    hid_t file = spoil();
    if (cases[i].rank == 0)
      assert_true(H5Ldelete(file, cases[i].path, H5P_DEFAULT) >= 0);
    else
      replace_array(file, cases[i].path, cases[i].rank, cases[i].extents);
    H5Fclose(file);
    if (cases[i].opened != VS_OK) {
      assert_refused(FOLDER "/spoiled.h5", cases[i].opened, NULL);
      continue;
    }
    vs_results *results = open_results(FOLDER "/spoiled.h5");
    vs_stored_drawing read;
    const vs_status status = vs_results_read_drawing(results, count - 1, &read);
    if (status != cases[i].read)
      fail_msg("case %zu, %s: status %d: %s", i, cases[i].path, status, vs_fail_message());
    assert_null(read.drawing);
    assert_message("spoiled.h5");
    vs_results_close(results);
  }
  store_sample_clear(&sample);
}

/* Numbers that name no pen. */
static void pens_that_are_not_there_are_none(void **state) {
  (void)state;
  static const float pens[7] = {99.0f, -7.0f, NAN, INFINITY, 2.0f, 1e30f, 1.0f};
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  add_runs(&sample, 0, count);
  assert_ok(vs_store_merge(FOLDER));
  hid_t file = spoil(), array = H5Dopen2(file, "/params/strokes", H5P_DEFAULT);
  hid_t space = H5Dget_space(array);
  const hsize_t start[] = {count - 1, 0, 5}, extent[] = {1, 7, 1}, all = 7;
  hid_t memory = H5Screate_simple(1, &all, NULL);
  assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) >= 0);
  assert_true(H5Dwrite(array, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, pens) >= 0);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(array);
  H5Fclose(file);
  vs_results *results = open_results(FOLDER "/spoiled.h5");
  vs_stored_drawing read;
  assert_ok(vs_results_read_drawing(results, count - 1, &read));
  assert_int_equal(read.drawing->stroke_count, 7);
  for (size_t i = 0; i < 7; i++) assert_int_equal(read.drawing->strokes[i].pen, i == 6 ? 1 : -1);
  vs_stored_drawing_clear(&read);
  vs_results_close(results);
  store_sample_clear(&sample);
}

/* Reads everything of a file; whether that worked. */
static bool reads_well(const char *path) {
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
    vs_stored_drawing drawing;
    if (vs_results_read_drawing(results, row, &drawing) == VS_OK) vs_stored_drawing_clear(&drawing);
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

static void cut_files_are_refused(void **state) {
  const store_sample *sample = *state;
  char *data;
  size_t size;
  add_runs(sample, 0, 3);
  assert_ok(vs_store_merge(FOLDER));
  assert_true(reads_well(MERGED));
  assert_ok(vs_file_read(MERGED, (size_t)1 << 30, &data, &size));
  for (size_t length = 0; length < size; length += 1 + size / 50) {
    write_file(FOLDER "/cut.h5", data, length);
    assert_refused(FOLDER "/cut.h5", VS_ERR_FORMAT, NULL);
  }
  free(data);
}

/* A damaged byte may hit a place that nobody reads. Where it is noticed there is a message, and
 * nothing else happens: no crash, no endless loop, no leak. */
static void survive_damage(const store_sample *sample, size_t first, size_t last) {
  char *data;
  size_t size;
  add_runs(sample, first, last);
  assert_ok(vs_store_merge(FOLDER));
  assert_ok(vs_file_read(MERGED, (size_t)1 << 30, &data, &size));
  size_t noticed = 0;
  for (size_t at = 97; at < size; at += 997) {
    data[at] = (char)(data[at] ^ 0x55);
    write_file(FOLDER "/damaged.h5", data, size);
    if (!reads_well(FOLDER "/damaged.h5")) noticed++;
    data[at] = (char)(data[at] ^ 0x55);
  }
  free(data);
  assert_true(noticed > 0);
}

static void damaged_files_are_survived(void **state) {
  survive_damage(*state, 0, 2);
}

static void damaged_drawings_are_survived(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  survive_damage(&sample, 22, 24);
  store_sample_clear(&sample);
}

/* Where the first chunk of a dataset lies in MERGED. */
static void find_chunk(const char *path, haddr_t *at, hsize_t *bytes) {
  hid_t file = H5Fopen(MERGED, H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
  hid_t space = H5Dget_space(dataset);
  hsize_t start[VS_ARRAY_MAX_RANK];
  unsigned filters;
  assert_true(H5Dget_chunk_info(dataset, space, 0, start, &filters, at, bytes) >= 0);
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
}

static void damaged_data_are_noticed(void **state) {
  const store_sample *sample = *state;
  static const char *const paths[] = {
      "/runs",         "/specs",        "/trace/exc_loss",   "/trace/logged", "/trace/step",
      "/images/final", "/images/taken", "/images/snapshots", "/params/theta"};
  char *data;
  size_t size;
  add_runs(sample, 0, 2);
  assert_ok(vs_store_merge(FOLDER));
  assert_ok(vs_file_read(MERGED, (size_t)1 << 30, &data, &size));
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    haddr_t at;
    hsize_t bytes;
    find_chunk(paths[i], &at, &bytes);
    data[at + bytes / 2] ^= 1;
    write_file(FOLDER "/damaged.h5", data, size);
    if (reads_well(FOLDER "/damaged.h5")) fail_msg("damage in %s was not noticed", paths[i]);
    data[at + bytes / 2] ^= 1;
  }
  free(data);
}

static void a_segment_of_another_sweep_is_noticed(void **state) {
  const store_sample *sample = *state;
  char path[PATH_MAX];
  add_runs(sample, 0, 1);
  only_segment(path);
  copy_file(path, TEST_SCRATCH_DIR "/stray.h5");
  remove_folder(FOLDER);
  store_sample many = store_sample_open(many_text);
  add_runs(&many, 0, 1);
  copy_file(TEST_SCRATCH_DIR "/stray.h5", FOLDER "/segments/stray.h5");
  assert_refused(FOLDER, VS_ERR_FORMAT, "another sweep");
  assert_int_equal(vs_store_merge(FOLDER), VS_ERR_FORMAT);
  assert_message("stray.h5");
  assert_int_equal(count_segments(), 2);
  store_sample_clear(&many);
}

/* --- full disks ------------------------------------------------------------------------------- */

typedef int child_work(const store_sample *sample, void *context);

/* Runs in a process of its own, which may be limited or killed; its exit status. */
static int in_child(child_work *work, const store_sample *sample, void *context) {
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
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

/* Exit codes of children: 0 as it should be, others say what was not. */
static int add_where_files_cannot_grow(const store_sample *sample, void *context) {
  vs_store *store;
  if (vs_store_create(&store, FOLDER, sample->sweep, &sample->weights) != VS_OK) return 1;
  if (store_sample_add(store, sample, 0, 0) != VS_OK) return 2;
  limit_file_size(*(const rlim_t *)context);
  for (int attempt = 0; attempt < 3; attempt++) {
    if (store_sample_add(store, sample, 1, 0) != VS_ERR_IO) return 3;
    if (strstr(vs_fail_message(), FOLDER) == NULL) return 4;
    if (strstr(vs_fail_message(), "File too large") == NULL) return 5;
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
  if (vs_store_create(&store, FOLDER, sample->sweep, &sample->weights) != VS_OK) return 1;
  int steps[1] = {0};
  vs_shape shape = {.rows = 1, .steps = steps, .step_count = 1, .spec_bytes = 8};
  limit_file_size(*(const rlim_t *)context);
  for (int attempt = 0; attempt < 3; attempt++) {
    vs_segment *segment;
    vs_status status =
        vs_segment_create(&segment, FOLDER "/segments/x.h5", &store->header, &shape, 0);
    if (status == VS_OK) status = vs_segment_seal(segment);
    if (status != VS_ERR_IO) return 2;
    if (strstr(vs_fail_message(), FOLDER) == NULL) return 3;
    if (strstr(vs_fail_message(), "File too large") == NULL) return 4;
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
  assert_int_equal(count_files(FOLDER "/segments", ".part"), 0);
  assert_int_equal(count_segments(), 1);
  assert_true(reads_well(FOLDER));
}

static void a_full_disk_loses_nothing(void **state) {
  const store_sample *sample = *state;
  static const rlim_t limits[] = {1000, 10000, 30000};
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    remove_folder(FOLDER);
    rlim_t limit = limits[i];
    assert_int_equal(in_child(add_where_files_cannot_grow, sample, &limit), 0);
    assert_int_equal(count_files(FOLDER "/segments", ".part"), 0);
    assert_int_equal(count_segments(), 2);
    assert_true(reads_well(FOLDER));
  }
}

static int merge_where_files_cannot_grow(const store_sample *sample, void *context) {
  (void)sample;
  limit_file_size(*(const rlim_t *)context);
  if (vs_store_merge(FOLDER) != VS_ERR_IO) return 1;
  return strstr(vs_fail_message(), MERGED) != NULL ? 0 : 2;
}

static void a_merge_on_a_full_disk_loses_nothing(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 2);
  assert_ok(vs_store_merge(FOLDER));
  add_runs(sample, 2, 5);
  for (rlim_t limit = 1000; limit < 100000; limit *= 3) {
    assert_int_equal(in_child(merge_where_files_cannot_grow, sample, &limit), 0);
    assert_int_equal(count_segments(), 3);
    assert_false(vs_file_exists(MERGED ".part"));
    vs_results *results = open_results(FOLDER);
    check_all(results, sample, 0, 5);
    vs_results_close(results);
  }
  assert_ok(vs_store_merge(FOLDER));
  vs_results *results = open_results(MERGED);
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
  vs_store *store = create(sample);
  size_t count = vs_sweep_count(sample->sweep);
  for (size_t i = job->first; i < count; i++) {
    if (store_sample_add(store, sample, i, 0) != VS_OK) return 1;
    uint32_t number = (uint32_t)i;
    if (write(job->acknowledge, &number, sizeof number) != sizeof number) return 2;
    if (i % 5 == 4 && vs_store_compact(store, 0) != VS_OK) return 3;
    if (i % 7 != 6) continue;
    vs_store_close(store);
    if (vs_store_merge(FOLDER) != VS_OK) return 4;
    store = create(sample);
  }
  vs_store_close(store);
  return 0;
}

/* Starts a writer, kills it some time (under a second) after it has acknowledged at least some
 * runs, and returns how many it acknowledged in all. */
static size_t write_and_kill(const store_sample *sample, size_t first, size_t least,
                             long microseconds) {
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
  uint32_t number;
  size_t acknowledged = first;
  for (; least > 0 && read(ends[0], &number, sizeof number) == sizeof number; least--)
    acknowledged = number + 1;
  struct timespec pause = {0, microseconds * 1000};
  nanosleep(&pause, NULL);
  kill(child, SIGKILL);
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (!WIFSIGNALED(status)) assert_int_equal(WEXITSTATUS(status), 0);
  while (read(ends[0], &number, sizeof number) == sizeof number) acknowledged = number + 1;
  close(ends[0]);
  return acknowledged;
}

/* How long a writer takes for a few runs, creation included: the time within which to kill. */
static long measure_pace(const store_sample *sample) {
  const double before = vs_seconds_now();
  add_runs(sample, 0, 3);
  const double pace = vs_seconds_now() - before;
  remove_folder(FOLDER);
  return (long)(1e6 * pace);
}

/* Every sealed file opens, every acknowledged run is there; of what was not acknowledged at most
 * the run at which the writer was killed. */
static void check_after_kill(const store_sample *sample, size_t acknowledged) {
  vs_results *results = open_results(FOLDER);
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
  store_sample many = store_sample_open(many_text);
  unsigned random = 12345;
  size_t acknowledged = 0, rounds = 0;
  long pace = measure_pace(&many);
  for (int i = 0; i < KILLS; i++) {
    random = random * 1664525u + 1013904223u;
    acknowledged =
        write_and_kill(&many, acknowledged, random >> 30, (long)(random >> 8) % pace % 1000000);
    if (vs_file_exists(FOLDER "/manifest.json")) check_after_kill(&many, acknowledged);
    if (acknowledged < vs_sweep_count(many.sweep)) continue;
    acknowledged = 0;
    rounds++;
    remove_folder(FOLDER);
  }
  assert_true(rounds > 0 || acknowledged > KILLS / 2); /* by what was waited for alone */
  vs_store_close(create(&many));
  assert_int_equal(count_files(FOLDER "/segments", ".part"), 0);
  if (acknowledged > 0) {
    assert_ok(vs_store_merge(FOLDER));
    check_after_kill(&many, acknowledged);
  }
  store_sample_clear(&many);
}

static void a_folder_is_read_while_it_is_written(void **state) {
  (void)state;
  store_sample many = store_sample_open(many_text);
  vs_store_close(create(&many));
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    close(ends[0]);
    writer job = {0, ends[1]};
    _exit(write_until_killed(&many, &job));
  }
  close(ends[1]);
  assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  size_t acknowledged = 0;
  int status;
  do {
    uint32_t number;
    while (read(ends[0], &number, sizeof number) == sizeof number) acknowledged = number + 1;
    vs_results *results = open_results(FOLDER);
    size_t count = vs_results_count(results);
    assert_true(count >= acknowledged);
    for (size_t i = 0; i < count; i += 13) {
      uint8_t *rgb;
      assert_ok(vs_results_read_image(results, i, &rgb));
      free(rgb);
    }
    vs_results_close(results);
  } while (waitpid(child, &status, WNOHANG) == 0);
  close(ends[0]);
  assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  assert_int_equal(acknowledged > 0, 1);
  store_sample_clear(&many);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_is_stored_is_read, start, finish),
      cmocka_unit_test_setup_teardown(files_say_where_they_come_from, start, finish),
      cmocka_unit_test_setup_teardown(all_rows_are_read_at_once, start, finish),
      cmocka_unit_test_setup_teardown(the_table_is_one_of_hdf5s_own, start, finish),
      cmocka_unit_test_setup_teardown(a_folder_without_runs_is_readable, start, finish),
      cmocka_unit_test_setup_teardown(runs_that_did_not_end_well_are_stored, start, finish),
      cmocka_unit_test_setup_teardown(drawings_are_read_as_they_were_stored, start, finish),
      cmocka_unit_test_setup_teardown(what_has_no_drawing_says_so, start, finish),
      cmocka_unit_test_setup_teardown(runs_are_found_by_the_beginning_of_their_id, start, finish),
      cmocka_unit_test_setup_teardown(segments_are_gathered, start, finish),
      cmocka_unit_test_setup_teardown(a_run_stored_twice_counts_once, start, finish),
      cmocka_unit_test_setup_teardown(leftovers_of_a_killed_merge_are_harmless, start, finish),
      cmocka_unit_test_setup_teardown(arrays_are_found_in_a_new_merged_file, start, finish),
      cmocka_unit_test_setup_teardown(another_sweep_is_refused, start, finish),
      cmocka_unit_test_setup_teardown(other_folders_are_refused_and_left_alone, start, finish),
      cmocka_unit_test_setup_teardown(damaged_manifests_are_refused, start, finish),
      cmocka_unit_test_setup_teardown(only_one_job_writes, start, finish),
      cmocka_unit_test_setup_teardown(files_that_are_not_ours_are_refused, start, finish),
      cmocka_unit_test_setup_teardown(cut_files_are_refused, start, finish),
      cmocka_unit_test_setup_teardown(damaged_files_are_survived, start, finish),
      cmocka_unit_test_setup_teardown(damaged_drawings_are_survived, start, finish),
      cmocka_unit_test_setup_teardown(damaged_drawings_are_refused, start, finish),
      cmocka_unit_test_setup_teardown(pens_that_are_not_there_are_none, start, finish),
      cmocka_unit_test_setup_teardown(damaged_data_are_noticed, start, finish),
      cmocka_unit_test_setup_teardown(a_segment_of_another_sweep_is_noticed, start, finish),
      cmocka_unit_test_setup_teardown(hdf5_survives_a_full_disk, start, finish),
      cmocka_unit_test_setup_teardown(a_full_disk_loses_nothing, start, finish),
      cmocka_unit_test_setup_teardown(a_merge_on_a_full_disk_loses_nothing, start, finish),
      cmocka_unit_test_setup_teardown(kills_lose_nothing, start, finish),
      cmocka_unit_test_setup_teardown(a_folder_is_read_while_it_is_written, start, finish),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
