#include "tests/analysis/fake_results.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/edges.h"
#include "core/image/ink.h"

#define AXES 12

#define ATTRIBUTES 8

typedef struct fake_attribute {
  const char *name;
  char *text; /* owned */
} fake_attribute;

typedef struct fake_run {
  vs_row row;
  uint8_t *rgb;
  char axis[AXES][VS_AXIS_TEXT];
  float sketch; /* each of its numbers */
  float *trace; /* (steps) */
} fake_run;

struct vs_results {
  size_t planned, count, room, axis_count;
  fake_run *runs;
  vs_axis axes[AXES];
  fake_attribute attributes[ATTRIBUTES];
  size_t attribute_count;
  int steps;
  bool broken;
  const char *folder;
  int *pictures_read; /* counted through a const vs_results */
};

vs_results *fake_results_new(size_t planned) {
  vs_results *results = calloc(1, sizeof *results);
  assert(results != NULL);
  results->planned = planned;
  results->pictures_read = calloc(1, sizeof *results->pictures_read);
  assert(results->pictures_read != NULL);
  return results;
}

vs_row fake_row(const char *layer, int channel, double lambda, double exc_eval, double style_eval) {
  vs_row row = {.channel = channel,
                .lambda = lambda,
                .rho = NAN,
                .strength = NAN,
                .seed = 1,
                .status = VS_RUN_DONE,
                .steps = 100,
                .seconds = 2.5,
                .finished = 1669248000.0,
                .exc_first = -10.0,
                .exc_final = exc_eval,
                .exc_eval = exc_eval,
                .style_first = 6000.0,
                .style_final = style_eval,
                .style_eval = style_eval,
                .exc_best = NAN,
                .exc_style = NAN,
                .style_floor = NAN,
                .exc_paper = NAN,
                .exc_random_mean = NAN,
                .exc_random_sd = NAN,
                .pre_eval = NAN,
                .pre_paper = NAN,
                .pre_random_mean = NAN,
                .pre_random_sd = NAN,
                .ink = NAN,
                .paper = NAN,
                .coverage = NAN,
                .edge_density = NAN,
                .gram_style = NAN,
                .exc_free = NAN,
                .exc_quantized = NAN,
                .exc_refined = NAN,
                .exc_plotted = NAN,
                .drawn_mm = NAN,
                .travel_mm = NAN,
                .lifts = NAN,
                .minutes = NAN,
                .height = 32,
                .width = 32,
                .parametrization = VS_PARAM_FOURIER,
                .param_count = 3072};
  snprintf(row.layer, sizeof row.layer, "%s", layer);
  snprintf(row.host, sizeof row.host, "node1");
  return row;
}

size_t fake_results_add(vs_results *results, const vs_row *row, const uint8_t *rgb) {
  if (results->count == results->room) {
    results->room = 2 * results->room + 16;
    results->runs = realloc(results->runs, results->room * sizeof *results->runs);
    assert(results->runs != NULL);
  }
  fake_run *run = &results->runs[results->count];
  *run = (fake_run){.row = *row, .sketch = NAN};
  run->row.index = results->count;
  snprintf(run->row.id, VS_ID, "%08zx%08x", results->count, 0xabcdefu);
  if (row->group[0] == '\0')
    snprintf(run->row.group, VS_ID, "%s-%d-%ju", row->layer, row->channel, (uintmax_t)row->seed);
  if (rgb != NULL) {
    size_t bytes = (size_t)row->height * (size_t)row->width * 3;
    run->rgb = malloc(bytes);
    assert(run->rgb != NULL);
    memcpy(run->rgb, rgb, bytes);
    if (isnan(row->coverage)) run->row.coverage = vs_ink_share(rgb, row->height, row->width);
    if (isnan(row->edge_density))
      run->row.edge_density = vs_edge_density(rgb, row->height, row->width);
  }
  return results->count++;
}

size_t fake_results_add_axis(vs_results *results, const char *name, bool is_number) {
  assert(results->axis_count < AXES);
  vs_axis *axis = &results->axes[results->axis_count];
  snprintf(axis->name, sizeof axis->name, "%s", name);
  axis->is_number = is_number;
  return results->axis_count++;
}

void fake_results_set_axis(vs_results *results, size_t row, size_t axis, const char *text) {
  assert(row < results->count && axis < results->axis_count);
  snprintf(results->runs[row].axis[axis], VS_AXIS_TEXT, "%s", text);
}

void fake_results_set_attribute(vs_results *results, const char *name, const char *text) {
  assert(results->attribute_count < ATTRIBUTES);
  char *copy = strdup(text);
  assert(copy != NULL);
  results->attributes[results->attribute_count++] = (fake_attribute){name, copy};
}

void fake_results_set_sketch(vs_results *results, size_t row, float value) {
  assert(row < results->count);
  results->runs[row].sketch = value;
  snprintf(results->runs[row].row.gram_tap, VS_TAP_NAME, "relu1_2");
}

void fake_results_set_trace(vs_results *results, size_t row, const float *values, int count) {
  assert(row < results->count && (results->steps == 0 || results->steps == count));
  results->steps = count;
  results->runs[row].trace = malloc((size_t)count * sizeof *values);
  assert(results->runs[row].trace != NULL);
  memcpy(results->runs[row].trace, values, (size_t)count * sizeof *values);
}

void fake_results_set_drawing(vs_results *results, size_t row, int strokes) {
  assert(row < results->count);
  vs_row *run = &results->runs[row].row;
  run->parametrization = VS_PARAM_STROKES;
  run->strokes = strokes;
  run->stroke_points = 4;
  run->pens = 2;
}

void fake_results_set_folder(vs_results *results, const char *folder) {
  results->folder = folder;
}

void fake_results_break(vs_results *results) {
  results->broken = true;
}

int fake_results_pictures_read(const vs_results *results) {
  return *results->pictures_read;
}

/* --- sweeps/store/results.h
 * ------------------------------------------------------------------------- */

vs_status vs_results_open(vs_results **out, const char *path) {
  *out = NULL;
  return vs_fail(VS_ERR_IO, "%s: made-up results have no files", path);
}

void vs_results_close(vs_results *results) {
  if (results == NULL) return;
  for (size_t i = 0; i < results->count; i++) {
    free(results->runs[i].rgb);
    free(results->runs[i].trace);
  }
  for (size_t i = 0; i < results->attribute_count; i++) free(results->attributes[i].text);
  free(results->runs);
  free(results->pictures_read);
  free(results);
}

const char *vs_results_folder(const vs_results *results) {
  return results->folder;
}

size_t vs_results_count(const vs_results *results) {
  return results->count;
}

const vs_row *vs_results_row(const vs_results *results, size_t row) {
  assert(row < results->count);
  return &results->runs[row].row;
}

size_t vs_results_planned(const vs_results *results) {
  return results->planned;
}

vs_status vs_results_find(const vs_results *results, const char *id, size_t *row) {
  for (*row = 0; *row < results->count; ++*row)
    if (strcmp(results->runs[*row].row.id, id) == 0) return VS_OK;
  return vs_fail(VS_ERR_USAGE, "no run %s", id);
}

size_t vs_results_axis_count(const vs_results *results) {
  return results->axis_count;
}

const vs_axis *vs_results_axis(const vs_results *results, size_t axis) {
  assert(axis < results->axis_count);
  return &results->axes[axis];
}

void vs_results_axis_value(const vs_results *results, size_t row, size_t axis,
                           vs_axis_value *value) {
  assert(row < results->count && axis < results->axis_count);
  const char *text = results->runs[row].axis[axis];
  value->number = results->axes[axis].is_number && text[0] != '\0' ? strtod(text, NULL) : NAN;
  snprintf(value->text, sizeof value->text, "%s", text);
}

static const int *no_steps(int *count) {
  *count = 0;
  return NULL;
}

const int *vs_results_steps(const vs_results *results, int *count) {
  (void)results;
  return no_steps(count);
}

const int *vs_results_snapshot_steps(const vs_results *results, int *count) {
  (void)results;
  return no_steps(count);
}

const char *vs_results_attribute(const vs_results *results, const char *name) {
  for (size_t i = 0; i < results->attribute_count; i++)
    if (strcmp(results->attributes[i].name, name) == 0) return results->attributes[i].text;
  return strcmp(name, "weights_family") == 0 ? "torchvision" : NULL;
}

vs_status vs_results_read_image(const vs_results *results, size_t row, uint8_t **rgb) {
  *rgb = NULL;
  assert(row < results->count);
  const fake_run *run = &results->runs[row];
  ++*results->pictures_read;
  if (run->rgb == NULL) return vs_fail(VS_ERR_FORMAT, "made-up results: no picture");
  size_t bytes = (size_t)run->row.height * (size_t)run->row.width * 3;
  *rgb = malloc(bytes);
  if (*rgb == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a picture");
  memcpy(*rgb, run->rgb, bytes);
  return VS_OK;
}

static vs_status fail_not_kept(const char *what) {
  return vs_fail(VS_ERR_USAGE, "made-up results keep no %s", what);
}

vs_status vs_results_read_spec(const vs_results *results, size_t row, char **json) {
  *json = NULL;
  assert(row < results->count);
  if (results->runs[row].row.strokes == 0) return fail_not_kept("specs");
  *json = strdup("{\"layer\": \"relu3_3\", \"channel\": 1, \"plot.page\": \"A6\", "
                 "\"plot.margin\": 10}");
  return *json != NULL ? VS_OK : vs_fail(VS_ERR_MEMORY, "no memory for a spec");
}

/* Stroke i is a line of 8 units in row i of the canvas. */
vs_status vs_results_read_drawing(const vs_results *results, size_t row,
                                  vs_results_drawing *stored) {
  *stored = (vs_results_drawing){
      .pens = {2, {{"black", {0.1f, 0.1f, 0.1f}, 0.4}, {"red", {0.8f, 0.1f, 0.1f}, 0.8}}}};
  assert(row < results->count);
  const vs_row *run = &results->runs[row].row;
  size_t strokes = (size_t)run->strokes;
  if (strokes == 0) return fail_not_kept("drawings");
  if (results->broken) return vs_fail(VS_ERR_FORMAT, "made-up results: no drawing");
  vs_status status =
      vs_drawing_new(&stored->drawing, run->width, run->height, strokes, 4 * strokes);
  if (status != VS_OK) return status;
  stored->places = calloc(strokes, sizeof *stored->places);
  stored->budget = calloc(strokes, sizeof *stored->budget);
  assert(stored->places != NULL && stored->budget != NULL);
  for (size_t i = 0; i < strokes; i++) {
    stored->drawing->strokes[i] =
        (vs_stroke){.first_point = 4 * i, .segments = 1, .width = 2.0f, .opacity = 0.5f};
    for (size_t p = 0; p < 4; p++)
      stored->drawing->points[4 * i + p] = (vs_point2){2.0f * (float)p + 1.0f, (float)i + 0.5f};
    stored->places[i] = (float)i;
    stored->budget[i] = i % 4 == 3 || i + 1 == strokes ? -(float)(i + 1) : NAN;
  }
  return VS_OK;
}

void vs_results_clear_drawing(vs_results_drawing *stored) {
  vs_drawing_free(stored->drawing);
  free(stored->places);
  free(stored->budget);
  *stored = (vs_results_drawing){0};
}

vs_status vs_results_read_trace(const vs_results *results, size_t row, vs_trace trace, int **steps,
                                float **values, int *count) {
  (void)results, (void)row, (void)trace;
  *steps = NULL;
  *values = NULL;
  *count = 0;
  return fail_not_kept("traces");
}

vs_status vs_results_read_snapshots(const vs_results *results, size_t row, uint8_t **rgb,
                                    int **steps, int *count) {
  (void)results, (void)row;
  *rgb = NULL;
  *steps = NULL;
  *count = 0;
  return fail_not_kept("snapshots");
}

vs_status vs_results_read_theta(const vs_results *results, size_t row, float **theta) {
  (void)results, (void)row;
  *theta = NULL;
  return fail_not_kept("parameters");
}

vs_status vs_results_read_sketches(const vs_results *results, float *sketches) {
  if (results->broken) return vs_fail(VS_ERR_FORMAT, "made-up results: no sketches");
  for (size_t row = 0; row < results->count; row++)
    for (size_t i = 0; i < VS_SKETCH; i++)
      sketches[row * VS_SKETCH + i] = results->runs[row].sketch;
  return VS_OK;
}

vs_status vs_results_visit_traces(const vs_results *results, vs_trace trace, vs_trace_visit *visit,
                                  void *context) {
  if (results->broken) return vs_fail(VS_ERR_FORMAT, "made-up results: no traces");
  int *steps = malloc(((size_t)results->steps + 1) * sizeof *steps);
  if (steps == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for steps");
  for (int i = 0; i < results->steps; i++) steps[i] = 10 * i;
  for (size_t row = 0; row < results->count && trace == VS_TRACE_TOTAL; row++)
    if (results->runs[row].trace != NULL)
      visit(context, row, steps, results->runs[row].trace, results->steps);
  free(steps);
  return VS_OK;
}
