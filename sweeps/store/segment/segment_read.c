/* Reading rows, and the arrays of single rows, of an open segment. */
#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/store/segment/segment_internal.h"

/* --- rows ------------------------------------------------------------------------------------- */

/* Whether a drawing of the row's sizes stands in arrays of this shape. */
static bool fits(const vs_row *row, const vs_segment_shape *shape) {
  return row->strokes >= 0 && (size_t)row->strokes <= shape->strokes && row->stroke_points >= 0 &&
         (size_t)row->stroke_points <= shape->stroke_points && row->pens >= 0 &&
         (size_t)row->pens <= shape->pens;
}

/* Words and sizes are checked, the rest is figures. */
static vs_status decode_row(const vs_segment *segment, unsigned char *memory, vs_row *row) {
  vs_status status = vs_segment_table_unpack(memory, row);
  if (status != VS_OK) return status;
  const vs_segment_shape *shape = &segment->shape;
  if (row->height < 0 || row->height > shape->height || row->width < 0 ||
      row->width > shape->width || row->param_count > shape->params || !fits(row, shape))
    return vs_fail(VS_ERR_FORMAT, "run %s is larger than the arrays of its file", row->id);
  return VS_OK;
}

static vs_status read_block(vs_segment *segment, size_t first, size_t count,
                            unsigned char *buffer) {
  uint64_t start = first, extent = count;
  vs_h5 in_file, in_memory;
  for (size_t i = 0; i < count; i++) vs_segment_table_blank(buffer + i * segment->row_bytes);
  vs_segment_select(segment->table, 1, &start, &extent, &in_file, &in_memory);
  vs_status status = VS_OK;
  if (in_file < 0 || in_memory < 0 ||
      H5Dread(segment->table, segment->row_type, in_memory, in_file, H5P_DEFAULT, buffer) < 0)
    status = vs_h5_fail(VS_ERR_FORMAT, "read " VS_PATH_RUNS);
  vs_h5_close(&in_file);
  vs_h5_close(&in_memory);
  return status;
}

vs_status vs_segment_read_rows(vs_segment *segment, size_t first, size_t count, vs_row *rows,
                               unsigned char *axes) {
  enum { BLOCK = 1024 };
  const vs_segment_header *header = &segment->header;
  size_t row_bytes = segment->row_bytes;
  size_t axes_bytes = vs_segment_table_axis_offset(header->axes, header->axis_count);
  unsigned char *buffer = calloc(count < BLOCK ? count : BLOCK, row_bytes);
  if (buffer == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory for rows", segment->path);
  vs_status status = VS_OK;
  for (size_t done = 0; status == VS_OK && done < count;) {
    size_t block = count - done < BLOCK ? count - done : BLOCK;
    status = read_block(segment, first + done, block, buffer);
    for (size_t i = 0; status == VS_OK && i < block; i++, done++) {
      unsigned char *place = buffer + i * row_bytes;
      status = decode_row(segment, place, &rows[done]);
      if (axes_bytes > 0)
        memcpy(axes + done * axes_bytes, place + row_bytes - axes_bytes, axes_bytes);
    }
  }
  free(buffer);
  return vs_status_context(status, "%s", segment->path);
}

/* --- arrays of a row -------------------------------------------------------------------------- */

/* Reads a box into new memory of `bytes` and a zero; NULL on failure. */
static void *read_new(vs_segment *segment, vs_segment_array array, const uint64_t *start,
                      const uint64_t *count, size_t bytes, vs_status *status) {
  char *memory = malloc(bytes + 1);
  *status = memory != NULL ? vs_segment_read_box(segment, array, start, count, memory)
                           : vs_fail(VS_ERR_MEMORY, "no memory for an array of a run");
  if (*status == VS_OK) memory[bytes] = '\0';
  if (*status == VS_OK) return memory;
  free(memory);
  return NULL;
}

vs_status vs_segment_read_spec(vs_segment *segment, size_t at, char **spec) {
  const uint64_t start = at, count = 1;
  vs_status status;
  *spec = read_new(segment, VS_ARRAY_SPEC, &start, &count, segment->shape.spec_bytes, &status);
  return vs_status_context(status, "%s", segment->path);
}

/* Those of the file's steps that a run has, by the flags of `array`. */
static vs_status read_own_steps(vs_segment *segment, size_t at, vs_segment_array array,
                                const int *all, int all_count, int **steps, int *count) {
  *steps = NULL;
  *count = 0;
  int *own = malloc(((size_t)all_count + 1) * sizeof *own);
  if (own == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %d steps", all_count);
  if (all_count > 0) {
    const uint64_t start[] = {at, 0}, extent[] = {1, (uint64_t)all_count};
    vs_status status = vs_segment_read_box(segment, array, start, extent, segment->flags);
    if (status != VS_OK) {
      free(own);
      return status;
    }
  }
  for (int i = 0; i < all_count; i++)
    if (segment->flags[i]) own[(*count)++] = all[i];
  *steps = own;
  return VS_OK;
}

/* A trace at the steps that segment->flags marks. */
static vs_status read_flagged(vs_segment *segment, size_t at, vs_trace trace, int count,
                              float **values) {
  *values = NULL;
  int all_count = segment->shape.step_count;
  float *own = malloc(((size_t)count + 1) * sizeof *own);
  if (own == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a trace");
  const uint64_t start[] = {at, 0}, extent[] = {1, (uint64_t)all_count};
  vs_status status = vs_segment_read_box(segment, (vs_segment_array)(VS_ARRAY_TRACE + (int)trace),
                                         start, extent, segment->values);
  if (status != VS_OK) {
    free(own);
    return status;
  }
  for (int i = 0, n = 0; i < all_count; i++)
    if (segment->flags[i]) own[n++] = segment->values[i];
  *values = own;
  return VS_OK;
}

vs_status vs_segment_read_trace(vs_segment *segment, size_t at, vs_trace trace, int **steps,
                                float **values, int *count) {
  *values = NULL;
  const vs_segment_shape *shape = &segment->shape;
  vs_status status =
      read_own_steps(segment, at, VS_ARRAY_LOGGED, shape->steps, shape->step_count, steps, count);
  if (status == VS_OK) status = read_flagged(segment, at, trace, *count, values);
  if (status != VS_OK) {
    free(*steps);
    *steps = NULL;
    *count = 0;
  }
  return vs_status_context(status, "%s", segment->path);
}

vs_status vs_segment_read_image(vs_segment *segment, size_t at, const vs_row *row, uint8_t **rgb) {
  *rgb = NULL;
  uint64_t height = (uint64_t)row->height, width = (uint64_t)row->width;
  if (height == 0 || width == 0)
    return vs_fail(VS_ERR_FORMAT, "%s: run %s has no image", segment->path, row->id);
  const uint64_t start[] = {at, 0, 0, 0}, count[] = {1, height, width, 3};
  vs_status status;
  *rgb = read_new(segment, VS_ARRAY_FINAL, start, count, height * width * 3, &status);
  return vs_status_context(status, "%s", segment->path);
}

/* Snapshots of the own steps, one after the other; at most as many as the file's scale has. */
static vs_status read_pictures(vs_segment *segment, size_t at, const vs_row *row, const int *own,
                               int own_count, uint8_t **rgb) {
  uint64_t height = (uint64_t)row->height, width = (uint64_t)row->width;
  size_t bytes = height * width * 3;
  uint8_t *pixels = malloc((size_t)own_count * bytes + 1);
  if (pixels == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for %d snapshots of a run", own_count);
  vs_status status = VS_OK;
  for (int i = 0, k = 0; status == VS_OK && i < own_count; i++) {
    while (segment->shape.snapshot_steps[k] != own[i]) k++;
    const uint64_t start[] = {at, (uint64_t)k, 0, 0, 0}, count[] = {1, 1, height, width, 3};
    status =
        vs_segment_read_box(segment, VS_ARRAY_SNAPSHOTS, start, count, pixels + (size_t)i * bytes);
  }
  if (status == VS_OK) {
    *rgb = pixels;
    pixels = NULL;
  }
  free(pixels);
  return status;
}

vs_status vs_segment_read_snapshots(vs_segment *segment, size_t at, const vs_row *row,
                                    uint8_t **rgb, int **steps, int *count) {
  *rgb = NULL;
  const vs_segment_shape *shape = &segment->shape;
  vs_status status = read_own_steps(segment, at, VS_ARRAY_TAKEN, shape->snapshot_steps,
                                    shape->snapshot_count, steps, count);
  if (status == VS_OK) status = read_pictures(segment, at, row, *steps, *count, rgb);
  if (status != VS_OK) {
    free(*steps);
    *steps = NULL;
    *count = 0;
  }
  return vs_status_context(status, "%s", segment->path);
}

vs_status vs_segment_read_theta(vs_segment *segment, size_t at, const vs_row *row, float **theta) {
  *theta = NULL;
  if (row->param_count == 0)
    return vs_fail(VS_ERR_USAGE, "%s: the parameters of run %s were not kept (log.params: true)",
                   segment->path, row->id);
  const uint64_t start[] = {at, 0}, count[] = {1, row->param_count};
  vs_status status;
  *theta =
      read_new(segment, VS_ARRAY_THETA, start, count, row->param_count * sizeof **theta, &status);
  return vs_status_context(status, "%s", segment->path);
}

vs_status vs_segment_read_drawing(vs_segment *segment, size_t at, const vs_row *row,
                                  vs_drawing_arrays *arrays) {
  vs_status status = vs_drawing_arrays_init(arrays, (size_t)row->strokes,
                                            (size_t)row->stroke_points, (size_t)row->pens);
  const uint64_t start[] = {at, 0, 0, 0};
  const uint64_t points[] = {1, arrays->strokes, arrays->stroke_points, 2};
  const uint64_t styles[] = {1, arrays->strokes, VS_STROKE_STYLE};
  const uint64_t pens[] = {1, arrays->pens, VS_PEN_STYLE}, paper[] = {1, 3};
  if (status == VS_OK)
    status = vs_segment_read_box(segment, VS_ARRAY_POINTS, start, points, arrays->points);
  if (status == VS_OK)
    status = vs_segment_read_box(segment, VS_ARRAY_STROKES, start, styles, arrays->styles);
  if (status == VS_OK)
    status = vs_segment_read_box(segment, VS_ARRAY_PAPER, start, paper, arrays->paper);
  if (status == VS_OK && arrays->pens > 0)
    status = vs_segment_read_box(segment, VS_ARRAY_PENS, start, pens, arrays->pen_styles);
  if (status == VS_OK && arrays->pens > 0)
    status = vs_segment_read_box(segment, VS_ARRAY_PEN_NAMES, start, pens, arrays->pen_names);
  if (status != VS_OK) vs_drawing_arrays_clear(arrays);
  return vs_status_context(status, "%s", segment->path);
}

/* --- arrays of many rows ---------------------------------------------------------------------- */

vs_status vs_segment_read_sketches(vs_segment *segment, size_t first, size_t count,
                                   float *sketches) {
  if (segment->shape.sketch == 0) {
    for (size_t i = 0; i < count * VS_SKETCH; i++) sketches[i] = NAN;
    return VS_OK;
  }
  const uint64_t start[] = {first, 0}, extent[] = {count, VS_SKETCH};
  vs_status status = vs_segment_read_box(segment, VS_ARRAY_SKETCH, start, extent, sketches);
  return vs_status_context(status, "%s", segment->path);
}

vs_status vs_segment_read_traces(vs_segment *segment, vs_trace trace, size_t first, size_t count,
                                 float *values) {
  const uint64_t start[] = {first, 0}, extent[] = {count, (uint64_t)segment->shape.step_count};
  vs_status status = vs_segment_read_box(segment, (vs_segment_array)(VS_ARRAY_TRACE + (int)trace),
                                         start, extent, values);
  return vs_status_context(status, "%s", segment->path);
}

/* --- a whole record --------------------------------------------------------------------------- */

void vs_segment_read_record_clear(vs_segment_record *memory) {
  free(memory->axes);
  free(memory->spec);
  free(memory->steps);
  free(memory->snapshot_steps);
  for (int t = 0; t < VS_TRACE_COUNT; t++) free(memory->trace[t]);
  *memory = (vs_segment_record){0};
}

static vs_status read_row_and_axes(vs_segment_record *memory, vs_segment *segment, size_t at) {
  const vs_segment_header *header = &segment->header;
  size_t count = header->axis_count;
  unsigned char *values = malloc(vs_segment_table_axis_offset(header->axes, count) + 1);
  memory->axes = calloc(count + 1, sizeof *memory->axes);
  vs_status status = values != NULL && memory->axes != NULL
                         ? vs_segment_read_rows(segment, at, 1, &memory->record.row, values)
                         : vs_fail(VS_ERR_MEMORY, "no memory for a row");
  for (size_t a = 0; status == VS_OK && a < count; a++)
    vs_segment_table_axis_value(header->axes, a, values, &memory->axes[a]);
  free(values);
  return status;
}

vs_status vs_segment_read_record(vs_segment_record *memory, vs_segment *segment, size_t at) {
  *memory = (vs_segment_record){0};
  vs_record *record = &memory->record;
  const vs_segment_shape *shape = &segment->shape;
  vs_status status = read_row_and_axes(memory, segment, at);
  if (status == VS_OK) status = vs_segment_read_spec(segment, at, &memory->spec);
  if (status == VS_OK)
    status =
        read_own_steps(segment, at, VS_ARRAY_TAKEN, shape->snapshot_steps, shape->snapshot_count,
                       &memory->snapshot_steps, &record->snapshot_count);
  if (status == VS_OK)
    status = read_own_steps(segment, at, VS_ARRAY_LOGGED, shape->steps, shape->step_count,
                            &memory->steps, &record->step_count);
  for (int t = 0; status == VS_OK && t < VS_TRACE_COUNT; t++) {
    status = read_flagged(segment, at, (vs_trace)t, record->step_count, &memory->trace[t]);
    record->trace[t] = memory->trace[t];
  }
  if (status == VS_OK) status = vs_segment_read_sketches(segment, at, 1, memory->sketch);
  if (status != VS_OK) {
    vs_segment_read_record_clear(memory);
    return status;
  }
  record->sketch = segment->shape.sketch > 0 ? memory->sketch : NULL;
  record->axes = memory->axes;
  record->spec = memory->spec;
  record->steps = memory->steps;
  record->snapshot_steps = memory->snapshot_steps;
  return VS_OK;
}
