/* segment_array.h - the arrays over runs that a file holds: path, axes, type, extents and chunks.
 * What a run does not fill is white (images) or NaN (numbers). */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_ARRAY_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_ARRAY_H

#include "core/optimize/run.h"
#include "sweeps/store/segment/h5.h"
#include "sweeps/store/segment/segment_shape.h"

/* The arrays over runs. Traces come last, in the order of vs_trace. */
typedef enum vs_segment_array {
  VS_ARRAY_SPEC,
  VS_ARRAY_LOGGED,
  VS_ARRAY_FINAL,
  VS_ARRAY_TAKEN,
  VS_ARRAY_SNAPSHOTS,
  VS_ARRAY_THETA,
  VS_ARRAY_SKETCH,
  VS_ARRAY_POINTS, /* drawings (drawing_arrays.h), from here on to the paper */
  VS_ARRAY_STROKES,
  VS_ARRAY_PENS,
  VS_ARRAY_PEN_NAMES,
  VS_ARRAY_PAPER,
  VS_ARRAY_TRACE,
  VS_ARRAY_COUNT = VS_ARRAY_TRACE + VS_TRACE_COUNT
} vs_segment_array;

#define VS_ARRAY_MAX_RANK     5
#define VS_PATH_STEP          "/trace/step"
#define VS_PATH_RUN           "/trace/run"
#define VS_PATH_SNAPSHOT_STEP "/images/snapshot_step"

/* "/images/final" and so on. */
#define VS_ARRAY_PATH 64
void vs_segment_array_path(vs_segment_array array, char path[VS_ARRAY_PATH]);

/* Extents of an array in a file of this shape, and of its chunks. Returns the rank, or 0 if such a
 * file does not have the array. */
int vs_segment_array_extents(vs_segment_array array, const vs_segment_shape *shape,
                             uint64_t extents[VS_ARRAY_MAX_RANK],
                             uint64_t chunk[VS_ARRAY_MAX_RANK]);

/* The names of its axes ("run", "step", ...), as many as its rank. */
const char *const *vs_segment_array_axes(vs_segment_array array);

/* What its numbers are, in words that go into the file; NULL where the axes say it all. */
const char *vs_segment_array_layout(vs_segment_array array);

/* Its element type (of this many bytes if it is text) as a new handle; VS_H5_NONE if HDF5 fails. */
vs_h5 vs_segment_array_type(vs_segment_array array, size_t spec_bytes);

bool vs_segment_array_is_image(vs_segment_array array);

/* Whether it holds numbers, so that NaN is what a run does not fill. */
bool vs_segment_array_is_float(vs_segment_array array);

/* Bytes of one element in memory. */
size_t vs_segment_array_element_bytes(vs_segment_array array, size_t spec_bytes);

#endif
