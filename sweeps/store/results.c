/* What is stored, read by rows: files are found by a scan, and found again where they moved. */
#include "sweeps/store/results.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sweeps/store/folder/scan.h"

struct vs_results {
  char path[PATH_MAX];
  bool is_folder;
  vs_scan scan; /* rows in the order of the grid, and where their arrays are */
};

static vs_status scan_path(vs_scan *scan, const char *path, bool is_folder) {
  char *file = (char *)path;
  return is_folder ? vs_scan_folder(scan, path) : vs_scan_files(scan, &file, 1);
}

/* A folder without a manifest and without a single file is not one of ours. */
static vs_status check_something(const vs_results *results) {
  if (results->scan.header.canonical != NULL) return VS_OK;
  return vs_fail(VS_ERR_IO, "%s: there are no results in this folder", results->path);
}

vs_status vs_results_open(vs_results **out, const char *path) {
  *out = NULL;
  vs_h5_quiet();
  struct stat info;
  if (stat(path, &info) != 0)
    return vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  vs_results *results = calloc(1, sizeof *results);
  if (results == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to open it", path);
  snprintf(results->path, sizeof results->path, "%s", path); /* stat took it: it is not longer */
  results->is_folder = S_ISDIR(info.st_mode);
  vs_status status = scan_path(&results->scan, path, results->is_folder);
  if (status == VS_OK) status = check_something(results);
  if (status != VS_OK) {
    vs_results_close(results);
    return status;
  }
  *out = results;
  return VS_OK;
}

void vs_results_close(vs_results *results) {
  if (results == NULL) return;
  vs_scan_clear(&results->scan);
  free(results);
}

/* --- what is in memory ------------------------------------------------------------------------ */

const char *vs_results_folder(const vs_results *results) {
  return results->is_folder ? results->path : NULL;
}

size_t vs_results_count(const vs_results *results) {
  return results->scan.count;
}

const vs_row *vs_results_row(const vs_results *results, size_t row) {
  assert(row < results->scan.count);
  return &results->scan.rows[row].row;
}

size_t vs_results_planned(const vs_results *results) {
  return results->scan.header.planned;
}

vs_status vs_results_find(const vs_results *results, const char *id, size_t *row) {
  enum { SHORTEST = 4 };
  size_t length = strlen(id);
  if (length < SHORTEST)
    return vs_fail(VS_ERR_USAGE, "run \"%s\": give at least the first %d digits of its id", id,
                   SHORTEST);
  size_t found = 0;
  for (size_t i = 0; i < results->scan.count; i++) {
    if (strncmp(results->scan.rows[i].row.id, id, length) != 0) continue;
    if (found++ == 0) *row = i;
  }
  if (found == 1) return VS_OK;
  if (found == 0) return vs_fail(VS_ERR_USAGE, "%s: there is no run \"%s\"", results->path, id);
  return vs_fail(VS_ERR_USAGE, "%s: %zu runs begin with \"%s\": give more digits", results->path,
                 found, id);
}

size_t vs_results_axis_count(const vs_results *results) {
  return results->scan.header.axis_count;
}

const vs_axis *vs_results_axis(const vs_results *results, size_t axis) {
  assert(axis < results->scan.header.axis_count);
  return &results->scan.header.axes[axis];
}

void vs_results_axis_value(const vs_results *results, size_t row, size_t axis,
                           vs_axis_value *value) {
  const vs_scan *scan = &results->scan;
  assert(row < scan->count && axis < scan->header.axis_count);
  vs_segment_table_axis_value(scan->header.axes, axis, scan->axes + scan->rows[row].axes_at, value);
}

const int *vs_results_steps(const vs_results *results, int *count) {
  *count = results->scan.shape.step_count;
  return results->scan.shape.steps;
}

const int *vs_results_snapshot_steps(const vs_results *results, int *count) {
  *count = results->scan.shape.snapshot_count;
  return results->scan.shape.snapshot_steps;
}

const char *vs_results_attribute(const vs_results *results, const char *name) {
  vs_segment_header header = results->scan.header;
  for (size_t i = 0; i < VS_SEGMENT_HEADER_TEXTS; i++)
    if (strcmp(vs_segment_header_name(i), name) == 0) return *vs_segment_header_text(&header, i);
  return NULL;
}

/* --- arrays ----------------------------------------------------------------------------------- */

typedef struct place {
  char id[VS_ID];
  size_t file, at;
} place;

static int by_id(const void *a, const void *b) {
  const place *x = a, *y = b;
  return strcmp(x->id, y->id);
}

/* The places of all rows, by id; freed by the caller. NULL without memory. */
static place *places_of(const vs_scan *scan) {
  place *places = calloc(scan->count + 1, sizeof *places);
  if (places == NULL) return NULL;
  for (size_t i = 0; i < scan->count; i++) {
    const vs_scan_row *row = &scan->rows[i];
    places[i] = (place){.file = row->file, .at = row->at};
    memcpy(places[i].id, row->row.id, VS_ID);
  }
  qsort(places, scan->count, sizeof *places, by_id);
  return places;
}

/* Files and open files of two scans change places; rows, axes and header stay. */
static void swap_files(vs_scan *a, vs_scan *b) {
  vs_scan kept = *a;
  a->files = b->files;
  a->file_count = b->file_count;
  a->uses = b->uses;
  memcpy(a->open, b->open, sizeof a->open);
  b->files = kept.files;
  b->file_count = kept.file_count;
  b->uses = kept.uses;
  memcpy(b->open, kept.open, sizeof b->open);
}

static const place *find_place(const place *places, size_t count, const char *id) {
  place wanted = {0};
  memcpy(wanted.id, id, VS_ID);
  return bsearch(&wanted, places, count, sizeof *places, by_id);
}

/* Looks again where the arrays of every row are: files were gathered into another one since. The
 * rows themselves stay as they were read, and new ones are not taken. Fails without a change. */
static vs_status locate_again(vs_results *results) {
  vs_scan fresh, *scan = &results->scan;
  vs_status status = scan_path(&fresh, results->path, results->is_folder);
  if (status != VS_OK) return status;
  place *places = places_of(&fresh);
  if (places == NULL) status = vs_fail(VS_ERR_MEMORY, "%s: no memory", results->path);
  for (size_t i = 0; status == VS_OK && i < scan->count; i++)
    if (find_place(places, fresh.count, scan->rows[i].row.id) == NULL)
      status = vs_fail(VS_ERR_IO, "%s: run %s is gone", results->path, scan->rows[i].row.id);
  for (size_t i = 0; status == VS_OK && i < scan->count; i++) {
    const place *found = find_place(places, fresh.count, scan->rows[i].row.id);
    scan->rows[i].file = found->file;
    scan->rows[i].at = found->at;
  }
  if (status == VS_OK) swap_files(scan, &fresh);
  vs_scan_clear(&fresh);
  free(places);
  return status;
}

/* The open file that holds a row, and the row's place in it. Opening files, and finding them again,
 * changes nothing that the caller can see; hence the cast. */
static vs_status open_row(const vs_results *results, size_t row, vs_segment **segment, size_t *at) {
  enum { ATTEMPTS = 20 };
  assert(row < results->scan.count);
  vs_results *own = (vs_results *)results;
  vs_status status;
  bool changed;
  int attempt = 0;
  do {
    status = vs_scan_open(&own->scan, own->scan.rows[row].file, segment, &changed);
    if (status == VS_OK || !changed) break;
    vs_status located = locate_again(own);
    if (located != VS_OK) return located;
  } while (++attempt < ATTEMPTS);
  *at = own->scan.rows[row].at;
  return status;
}

vs_status vs_results_read_spec(const vs_results *results, size_t row, char **json) {
  vs_segment *segment;
  size_t at;
  *json = NULL;
  vs_status status = open_row(results, row, &segment, &at);
  return status == VS_OK ? vs_segment_read_spec(segment, at, json) : status;
}

vs_status vs_results_read_trace(const vs_results *results, size_t row, vs_trace trace, int **steps,
                                float **values, int *count) {
  vs_segment *segment;
  size_t at;
  *steps = NULL;
  *values = NULL;
  *count = 0;
  vs_status status = open_row(results, row, &segment, &at);
  return status == VS_OK ? vs_segment_read_trace(segment, at, trace, steps, values, count) : status;
}

vs_status vs_results_read_image(const vs_results *results, size_t row, uint8_t **rgb) {
  vs_segment *segment;
  size_t at;
  *rgb = NULL;
  vs_status status = open_row(results, row, &segment, &at);
  return status == VS_OK ? vs_segment_read_image(segment, at, vs_results_row(results, row), rgb)
                         : status;
}

vs_status vs_results_read_snapshots(const vs_results *results, size_t row, uint8_t **rgb,
                                    int **steps, int *count) {
  vs_segment *segment;
  size_t at;
  *rgb = NULL;
  *steps = NULL;
  *count = 0;
  vs_status status = open_row(results, row, &segment, &at);
  return status == VS_OK ? vs_segment_read_snapshots(segment, at, vs_results_row(results, row), rgb,
                                                     steps, count)
                         : status;
}

vs_status vs_results_read_theta(const vs_results *results, size_t row, float **theta) {
  vs_segment *segment;
  size_t at;
  *theta = NULL;
  vs_status status = open_row(results, row, &segment, &at);
  return status == VS_OK ? vs_segment_read_theta(segment, at, vs_results_row(results, row), theta)
                         : status;
}

/* The drawing of arrays, and what is known of its strokes beside it. */
static vs_status take_drawing(vs_results_drawing *stored, const vs_drawing_arrays *arrays,
                              const vs_row *run) {
  vs_status status =
      vs_drawing_arrays_unpack(arrays, run->width, run->height, &stored->drawing, &stored->pens);
  if (status != VS_OK) return status;
  stored->places = malloc(arrays->strokes * sizeof *stored->places);
  stored->budget = malloc(arrays->strokes * sizeof *stored->budget);
  if (stored->places == NULL || stored->budget == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for a drawing of %zu strokes", arrays->strokes);
  for (size_t i = 0; i < arrays->strokes; i++) {
    stored->places[i] = arrays->styles[i * VS_STROKE_STYLE + VS_STROKE_PLACE];
    stored->budget[i] = arrays->styles[i * VS_STROKE_STYLE + VS_STROKE_BUDGET];
  }
  return VS_OK;
}

vs_status vs_results_read_drawing(const vs_results *results, size_t row,
                                  vs_results_drawing *stored) {
  const vs_row *run = vs_results_row(results, row);
  *stored = (vs_results_drawing){0};
  if (run->parametrization != VS_PARAM_STROKES)
    return vs_fail(VS_ERR_USAGE,
                   "run %s is a picture (image.parametrization: %s), not a drawing of strokes",
                   run->id, vs_param_words[run->parametrization]);
  if (run->strokes == 0)
    return vs_fail(VS_ERR_USAGE, "run %s has no drawing: it %s", run->id,
                   vs_run_outcome_words[run->status]);
  vs_segment *segment;
  size_t at;
  vs_status status = open_row(results, row, &segment, &at);
  if (status != VS_OK) return status;
  vs_drawing_arrays arrays;
  status = vs_segment_read_drawing(segment, at, run, &arrays);
  if (status != VS_OK) return status;
  status = take_drawing(stored, &arrays, run);
  vs_drawing_arrays_clear(&arrays);
  if (status != VS_OK) vs_results_clear_drawing(stored);
  return vs_status_context(status, "run %s", run->id);
}

void vs_results_clear_drawing(vs_results_drawing *stored) {
  vs_drawing_free(stored->drawing);
  free(stored->places);
  free(stored->budget);
  *stored = (vs_results_drawing){0};
}

/* --- arrays of all rows ----------------------------------------------------------------------- */

static int by_place(const void *left, const void *right, void *scan) {
  const vs_scan_row *rows = ((const vs_scan *)scan)->rows;
  const vs_scan_row *a = &rows[*(const size_t *)left], *b = &rows[*(const size_t *)right];
  if (a->file != b->file) return a->file < b->file ? -1 : 1;
  return (a->at > b->at) - (a->at < b->at);
}

/* All rows in the order of their places; freed by the caller. NULL without memory. */
static size_t *rows_by_place(const vs_results *results) {
  size_t count = results->scan.count;
  size_t *order = malloc((count + 1) * sizeof *order);
  if (order == NULL) return NULL;
  for (size_t i = 0; i < count; i++) order[i] = i;
  qsort_r(order, count, sizeof *order, by_place, (void *)&results->scan);
  return order;
}

/* Of order[0..left), how many rows from the first on lie in one file within `span` places. */
static size_t block_length(const vs_results *results, const size_t *order, size_t left,
                           size_t span) {
  const vs_scan_row *rows = results->scan.rows, *first = &rows[order[0]];
  size_t length = 1;
  while (length < left && rows[order[length]].file == first->file &&
         rows[order[length]].at > rows[order[length - 1]].at &&
         rows[order[length]].at - first->at < span)
    length++;
  return length;
}

/* Reads places first .. first+count-1 of an open file, and hands over those that are wanted:
 * rows[0..wanted) lie in it. */
typedef vs_status block_reader(void *context, const vs_results *results, vs_segment *segment,
                               size_t first, size_t count, const size_t *rows, size_t wanted);

/* Goes through all rows by blocks of at most `span` places. Files may move meanwhile; then rows are
 * found again, and blocks are only less long. */
static vs_status read_blocks(const vs_results *results, size_t span, block_reader *read,
                             void *context) {
  size_t *order = rows_by_place(results);
  if (order == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory", results->path);
  vs_status status = VS_OK;
  for (size_t done = 0; done < results->scan.count && status == VS_OK;) {
    vs_segment *segment;
    size_t at;
    status = open_row(results, order[done], &segment, &at);
    if (status != VS_OK) break;
    size_t length = block_length(results, order + done, results->scan.count - done, span);
    size_t places = results->scan.rows[order[done + length - 1]].at - at + 1;
    status = read(context, results, segment, at, places, order + done, length);
    done += length;
  }
  free(order);
  return status;
}

enum { BLOCK_PLACES = 1024 }; /* several chunks of every small array */

typedef struct sketch_reader {
  float *out;   /* (rows, VS_SKETCH) */
  float *block; /* (BLOCK_PLACES, VS_SKETCH) */
} sketch_reader;

static vs_status read_sketch_block(void *context, const vs_results *results, vs_segment *segment,
                                   size_t first, size_t count, const size_t *rows, size_t wanted) {
  sketch_reader *reader = context;
  vs_status status = vs_segment_read_sketches(segment, first, count, reader->block);
  for (size_t i = 0; i < wanted && status == VS_OK; i++)
    memcpy(reader->out + rows[i] * VS_SKETCH,
           reader->block + (results->scan.rows[rows[i]].at - first) * VS_SKETCH,
           VS_SKETCH * sizeof *reader->out);
  return status;
}

vs_status vs_results_read_sketches(const vs_results *results, float *sketches) {
  sketch_reader reader = {sketches,
                          malloc((size_t)BLOCK_PLACES * VS_SKETCH * sizeof *reader.block)};
  if (reader.block == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory", results->path);
  vs_status status = read_blocks(results, BLOCK_PLACES, read_sketch_block, &reader);
  free(reader.block);
  return status;
}

typedef struct trace_reader {
  vs_trace trace;
  vs_trace_visit *visit;
  void *context;
} trace_reader;

static vs_status read_trace_block(void *context, const vs_results *results, vs_segment *segment,
                                  size_t first, size_t count, const size_t *rows, size_t wanted) {
  const trace_reader *reader = context;
  const vs_segment_shape *shape = vs_segment_get_shape(segment);
  size_t steps = (size_t)shape->step_count;
  float *block = malloc(count * steps * sizeof *block);
  if (block == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory for traces", results->path);
  vs_status status = vs_segment_read_traces(segment, reader->trace, first, count, block);
  for (size_t i = 0; i < wanted && status == VS_OK; i++)
    reader->visit(reader->context, rows[i], shape->steps,
                  block + (results->scan.rows[rows[i]].at - first) * steps, shape->step_count);
  free(block);
  return status;
}

vs_status vs_results_visit_traces(const vs_results *results, vs_trace trace, vs_trace_visit *visit,
                                  void *context) {
  trace_reader reader = {trace, visit, context};
  return read_blocks(results, BLOCK_PLACES, read_trace_block, &reader);
}
