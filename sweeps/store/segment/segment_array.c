/* The table of arrays, and what follows from it for a file of some shape. */
#include "sweeps/store/segment/segment_array.h"

#include <assert.h>
#include <hdf5.h>
#include <stdio.h>
#include <string.h>

#include "sweeps/store/segment/drawing_arrays.h"

typedef enum element { ELEMENT_FLOAT, ELEMENT_BYTE, ELEMENT_TEXT, ELEMENT_NAME } element;

typedef struct array_info {
  const char *path;
  element element;
  const char *axes[VS_ARRAY_MAX_RANK]; /* NULL ends them; the first is the run */
  const char *layout;
} array_info;

static const array_info arrays[VS_ARRAY_TRACE] = {
    [VS_ARRAY_SPEC] = {"/specs", ELEMENT_TEXT, {"run"}, NULL},
    [VS_ARRAY_LOGGED] = {"/trace/logged", ELEMENT_BYTE, {"run", "step"}, NULL},
    [VS_ARRAY_FINAL] = {"/images/final", ELEMENT_BYTE, {"run", "y", "x", "rgb"}, NULL},
    [VS_ARRAY_TAKEN] = {"/images/taken", ELEMENT_BYTE, {"run", "snapshot_step"}, NULL},
    [VS_ARRAY_SNAPSHOTS] = {"/images/snapshots",
                            ELEMENT_BYTE,
                            {"run", "snapshot_step", "y", "x", "rgb"},
                            NULL},
    [VS_ARRAY_THETA] =
        {"/params/theta",
         ELEMENT_FLOAT,
         {"run", "param"},
         "what was optimized, param_count numbers per run, then NaN. pixels: (H,W,3). "
         "fourier: half spectra of three colours. See core/param/pixels.c and "
         "core/param/fourier.c. Strokes are kept as points, strokes and pens instead"},
    [VS_ARRAY_SKETCH] =
        {"/features/gram",
         ELEMENT_FLOAT,
         {"run", "sketch"},
         "random projection of the final picture's Gram matrix at gram_tap; distances between "
         "rows are those between Gram matrices, 9% off. See core/optimize/measurements.h"},
    [VS_ARRAY_POINTS] = {"/params/points",
                         ELEMENT_FLOAT,
                         {"run", "stroke", "point", "xy"},
                         "x, y in px of the canvas, 3 n + 1 points of an open stroke of "
                         "n cubic Beziers, 3 n of a closed one; NaN beyond"},
    [VS_ARRAY_STROKES] = {"/params/strokes",
                          ELEMENT_FLOAT,
                          {"run", "stroke", "stroke_style"},
                          "width px, red, green, blue, opacity (0..1), pen (row of pens, "
                          "-1: none), place (0: adds most to the excitation), budget (in "
                          "row n-1: exc_loss with the n strokes that add most)"},
    [VS_ARRAY_PENS] = {"/params/pens",
                       ELEMENT_FLOAT,
                       {"run", "pen", "pen_style"},
                       "red, green, blue (0..1), width of its line in mm"},
    [VS_ARRAY_PEN_NAMES] = {"/params/pen_names", ELEMENT_NAME, {"run", "pen"}, NULL},
    [VS_ARRAY_PAPER] = {"/params/paper", ELEMENT_FLOAT, {"run", "paper_rgb"}, NULL},
};

/* The paths of traces follow from their names in core/optimize/run.h. */
static const array_info *info_of(vs_segment_array array) {
  static const array_info trace = {.element = ELEMENT_FLOAT, .axes = {"run", "step"}};
  return array < VS_ARRAY_TRACE ? &arrays[array] : &trace;
}

void vs_segment_array_path(vs_segment_array array, char path[VS_ARRAY_PATH]) {
  if (array < VS_ARRAY_TRACE)
    snprintf(path, VS_ARRAY_PATH, "%s", arrays[array].path);
  else
    snprintf(path, VS_ARRAY_PATH, "/trace/%s", vs_run_trace_names[array - VS_ARRAY_TRACE]);
}

const char *const *vs_segment_array_axes(vs_segment_array array) {
  return info_of(array)->axes;
}

const char *vs_segment_array_layout(vs_segment_array array) {
  return info_of(array)->layout;
}

bool vs_segment_array_is_image(vs_segment_array array) {
  return array == VS_ARRAY_FINAL || array == VS_ARRAY_SNAPSHOTS;
}

vs_h5 vs_segment_array_type(vs_segment_array array, size_t spec_bytes) {
  switch (info_of(array)->element) {
  case ELEMENT_FLOAT:
    return H5Tcopy(H5T_NATIVE_FLOAT);
  case ELEMENT_BYTE:
    return H5Tcopy(H5T_NATIVE_UINT8);
  case ELEMENT_TEXT:
    return vs_h5_text_type(spec_bytes, true);
  case ELEMENT_NAME:
    return vs_h5_text_type(VS_PEN_NAME, true);
  }
  return VS_H5_NONE;
}

bool vs_segment_array_is_float(vs_segment_array array) {
  return info_of(array)->element == ELEMENT_FLOAT;
}

size_t vs_segment_array_element_bytes(vs_segment_array array, size_t spec_bytes) {
  switch (info_of(array)->element) {
  case ELEMENT_FLOAT:
    return sizeof(float);
  case ELEMENT_BYTE:
    return 1;
  case ELEMENT_TEXT:
    return spec_bytes;
  case ELEMENT_NAME:
    return VS_PEN_NAME;
  }
  return 1;
}

static uint64_t extent_of(const char *axis, const vs_segment_shape *shape) {
  if (strcmp(axis, "run") == 0) return shape->rows;
  if (strcmp(axis, "step") == 0) return (uint64_t)shape->step_count;
  if (strcmp(axis, "snapshot_step") == 0) return (uint64_t)shape->snapshot_count;
  if (strcmp(axis, "y") == 0) return (uint64_t)shape->height;
  if (strcmp(axis, "x") == 0) return (uint64_t)shape->width;
  if (strcmp(axis, "param") == 0) return shape->params;
  if (strcmp(axis, "sketch") == 0) return shape->sketch;
  if (strcmp(axis, "stroke") == 0) return shape->strokes;
  if (strcmp(axis, "point") == 0) return shape->stroke_points;
  if (strcmp(axis, "xy") == 0) return 2;
  if (strcmp(axis, "stroke_style") == 0) return VS_STROKE_STYLE;
  if (strcmp(axis, "pen") == 0) return shape->pens;
  if (strcmp(axis, "pen_style") == 0) return VS_PEN_STYLE;
  if (strcmp(axis, "paper_rgb") == 0) return shape->strokes > 0 ? 3 : 0;
  assert(strcmp(axis, "rgb") == 0);
  return 3;
}

static bool is_drawing(vs_segment_array array) {
  return array >= VS_ARRAY_POINTS && array <= VS_ARRAY_PAPER;
}

/* One picture, one theta, one drawing is a chunk, so that it can be read alone and copied as it is;
 * of what is small, as many runs as make a chunk of some size. */
static void choose_chunk(vs_segment_array array, int rank, size_t element_bytes,
                         const uint64_t *extents, uint64_t *chunk) {
  enum { SMALL_CHUNK_BYTES = 65536 };
  memcpy(chunk, extents, (size_t)rank * sizeof *chunk);
  chunk[0] = 1;
  if (array == VS_ARRAY_SNAPSHOTS) chunk[1] = 1;
  if (vs_segment_array_is_image(array) || array == VS_ARRAY_THETA || is_drawing(array)) return;
  uint64_t row_bytes = element_bytes;
  for (int d = 1; d < rank; d++) row_bytes *= extents[d];
  if (row_bytes < SMALL_CHUNK_BYTES) chunk[0] = SMALL_CHUNK_BYTES / row_bytes;
  if (chunk[0] > extents[0]) chunk[0] = extents[0];
}

int vs_segment_array_extents(vs_segment_array array, const vs_segment_shape *shape,
                             uint64_t extents[VS_ARRAY_MAX_RANK],
                             uint64_t chunk[VS_ARRAY_MAX_RANK]) {
  const array_info *info = info_of(array);
  int rank = 0;
  while (rank < VS_ARRAY_MAX_RANK && info->axes[rank] != NULL) {
    extents[rank] = extent_of(info->axes[rank], shape);
    if (extents[rank] == 0) return 0;
    rank++;
  }
  if (info->element == ELEMENT_TEXT && shape->spec_bytes == 0) return 0;
  choose_chunk(array, rank, vs_segment_array_element_bytes(array, shape->spec_bytes), extents,
               chunk);
  return rank;
}
