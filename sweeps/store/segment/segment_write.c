/* Filling a segment row by row, and giving it its name. */
#include <assert.h>
#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "sweeps/store/segment/segment_internal.h"

static vs_status put_table_row(vs_segment *segment, size_t at, const vs_record *record) {
  vs_segment_table_pack(segment->row_buffer, &record->row, segment->header.axes, record->axes,
                        segment->header.axis_count);
  uint64_t start = at, count = 1;
  vs_h5 in_file, in_memory;
  vs_segment_select(segment->table, 1, &start, &count, &in_file, &in_memory);
  vs_status status = VS_OK;
  if (in_file < 0 || in_memory < 0 ||
      H5Dwrite(segment->table, segment->row_type, in_memory, in_file, H5P_DEFAULT,
               segment->row_buffer) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write a row of " VS_PATH_RUNS);
  vs_h5_close(&in_file);
  vs_h5_close(&in_memory);
  return status;
}

static vs_status put_spec(vs_segment *segment, size_t at, const char *spec) {
  size_t bytes = segment->shape.spec_bytes;
  assert(strlen(spec) < bytes);
  char *padded = calloc(1, bytes);
  if (padded == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a spec");
  memcpy(padded, spec, strlen(spec) + 1);
  uint64_t start = at, count = 1;
  vs_status status = vs_segment_write_box(segment, VS_ARRAY_SPEC, &start, &count, padded);
  free(padded);
  return status;
}

int vs_segment_write_place_of(const int *steps, int count, int step, int from) {
  int place = from;
  while (place < count && steps[place] != step) place++;
  assert(place < count);
  return place;
}

/* Marks which of the file's steps (or snapshot steps) a run has. */
static vs_status put_flags(vs_segment *segment, size_t at, vs_segment_array array, const int *all,
                           int all_count, const int *own, int own_count) {
  if (segment->array[array] < 0) return VS_OK;
  memset(segment->flags, 0, (size_t)all_count);
  for (int i = 0, place = 0; i < own_count; i++) {
    place = vs_segment_write_place_of(all, all_count, own[i], place);
    segment->flags[place] = 1;
  }
  const uint64_t start[] = {at, 0}, count[] = {1, (uint64_t)all_count};
  return vs_segment_write_box(segment, array, start, count, segment->flags);
}

static vs_status put_trace(vs_segment *segment, size_t at, vs_trace trace,
                           const vs_record *record) {
  const float *values = record->trace[trace];
  if (values == NULL) return VS_OK;
  const vs_segment_shape *shape = &segment->shape;
  for (int i = 0; i < shape->step_count; i++) segment->values[i] = NAN;
  for (int i = 0, place = 0; i < record->step_count; i++) {
    place = vs_segment_write_place_of(shape->steps, shape->step_count, record->steps[i], place);
    segment->values[place] = values[i];
  }
  const uint64_t start[] = {at, 0}, count[] = {1, (uint64_t)shape->step_count};
  return vs_segment_write_box(segment, (vs_segment_array)(VS_ARRAY_TRACE + (int)trace), start,
                              count, segment->values);
}

vs_status vs_segment_write_small(vs_segment *segment, size_t at, const vs_record *record) {
  const vs_segment_shape *shape = &segment->shape;
  vs_status status = put_table_row(segment, at, record);
  if (status == VS_OK) status = put_spec(segment, at, record->spec);
  if (status == VS_OK)
    status = put_flags(segment, at, VS_ARRAY_LOGGED, shape->steps, shape->step_count, record->steps,
                       record->step_count);
  if (status == VS_OK)
    status = put_flags(segment, at, VS_ARRAY_TAKEN, shape->snapshot_steps, shape->snapshot_count,
                       record->snapshot_steps, record->snapshot_count);
  for (int t = 0; status == VS_OK && t < VS_TRACE_COUNT; t++)
    status = put_trace(segment, at, (vs_trace)t, record);
  if (status == VS_OK && record->sketch != NULL) {
    const uint64_t start[] = {at, 0}, count[] = {1, VS_SKETCH};
    status = vs_segment_write_box(segment, VS_ARRAY_SKETCH, start, count, record->sketch);
  }
  return status;
}

static vs_status put_images(vs_segment *segment, size_t at, const vs_record *record) {
  uint64_t height = (uint64_t)record->row.height, width = (uint64_t)record->row.width;
  size_t bytes = height * width * 3;
  if (bytes == 0) return VS_OK;
  uint8_t *black = NULL;
  if (record->final_rgb == NULL || (record->snapshots == NULL && record->snapshot_count > 0)) {
    black = calloc(1, bytes);
    if (black == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for an image");
  }
  const uint64_t start[] = {at, 0, 0, 0}, count[] = {1, height, width, 3};
  const uint8_t *final_rgb = record->final_rgb != NULL ? record->final_rgb : black;
  vs_status status = vs_segment_write_box(segment, VS_ARRAY_FINAL, start, count, final_rgb);
  const vs_segment_shape *shape = &segment->shape;
  for (int k = 0, place = 0; status == VS_OK && k < record->snapshot_count; k++) {
    place = vs_segment_write_place_of(shape->snapshot_steps, shape->snapshot_count,
                                      record->snapshot_steps[k], place);
    const uint64_t from[] = {at, (uint64_t)place, 0, 0, 0}, size[] = {1, 1, height, width, 3};
    const uint8_t *rgb = record->snapshots != NULL ? record->snapshots + (size_t)k * bytes : black;
    status = vs_segment_write_box(segment, VS_ARRAY_SNAPSHOTS, from, size, rgb);
  }
  free(black);
  return status;
}

static vs_status put_drawing(vs_segment *segment, size_t at, const vs_drawing_arrays *drawing) {
  const uint64_t start[] = {at, 0, 0, 0};
  const uint64_t points[] = {1, drawing->strokes, drawing->stroke_points, 2};
  const uint64_t styles[] = {1, drawing->strokes, VS_STROKE_STYLE};
  const uint64_t pens[] = {1, drawing->pens, VS_PEN_STYLE}, paper[] = {1, 3};
  vs_status status = vs_segment_write_box(segment, VS_ARRAY_POINTS, start, points, drawing->points);
  if (status == VS_OK)
    status = vs_segment_write_box(segment, VS_ARRAY_STROKES, start, styles, drawing->styles);
  if (status == VS_OK)
    status = vs_segment_write_box(segment, VS_ARRAY_PAPER, start, paper, drawing->paper);
  if (status == VS_OK && drawing->pens > 0)
    status = vs_segment_write_box(segment, VS_ARRAY_PENS, start, pens, drawing->pen_styles);
  if (status == VS_OK && drawing->pens > 0)
    status = vs_segment_write_box(segment, VS_ARRAY_PEN_NAMES, start, pens, drawing->pen_names);
  return status;
}

vs_status vs_segment_write_run(vs_segment *segment, size_t at, const vs_record *record) {
  vs_status status = vs_segment_write_small(segment, at, record);
  if (status == VS_OK) status = put_images(segment, at, record);
  if (status == VS_OK && record->row.param_count > 0) {
    const uint64_t start[] = {at, 0}, count[] = {1, record->row.param_count};
    status = vs_segment_write_box(segment, VS_ARRAY_THETA, start, count, record->theta);
  }
  if (status == VS_OK && record->drawing != NULL)
    status = put_drawing(segment, at, record->drawing);
  return vs_status_context(status, "%s", segment->path);
}

/* --- sealing ---------------------------------------------------------------------------------- */

/* Datasets first, since a file that closes with them says nothing of what they could not write. */
static vs_status finish_arrays(vs_segment *segment) {
  vs_status status = vs_h5_finish(&segment->table, "write " VS_PATH_RUNS);
  for (int a = 0; a < VS_ARRAY_COUNT && status == VS_OK; a++) {
    char path[VS_ARRAY_PATH];
    vs_segment_array_path((vs_segment_array)a, path);
    status = vs_status_context(vs_h5_finish(&segment->array[a], "write"), "%s", path);
  }
  return status;
}

vs_status vs_segment_write_seal(vs_segment *segment) {
  char now[VS_UTC_TEXT];
  vs_clock_utc(now);
  vs_status status = vs_h5_write_text(segment->file, "finished", now);
  /* Much of what was written reaches the disk here, so here a full disk is noticed. */
  if (status == VS_OK) status = finish_arrays(segment);
  const bool is_closed = H5Fclose(segment->file) >= 0;
  if (status == VS_OK && !is_closed) status = vs_h5_fail(VS_ERR_IO, "write");
  /* Closed with the file; after a failure HDF5 must not see any of these handles again. */
  segment->file = segment->table = VS_H5_NONE;
  for (int a = 0; a < VS_ARRAY_COUNT; a++) segment->array[a] = VS_H5_NONE;
  if (status == VS_OK) status = vs_file_publish(segment->part, segment->path);
  if (status == VS_OK) segment->part[0] = '\0';
  return vs_status_context(status, "%s", segment->path);
}
