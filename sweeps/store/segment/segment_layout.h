/* segment_layout.h - the one schema of segments and sweep.h5: what is in a file, under which name,
 * of what type and size. docs/results-format.md says the same to users. Internal to the store.
 *
 * A file has a header (root attributes), a table /runs with one row per run, and arrays whose first
 * axis is the run. Runs of different sizes share arrays of the largest size; what a run does not
 * fill is white (images) or NaN (numbers). */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_LAYOUT_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_LAYOUT_H

#include "sweeps/store/results.h"
#include "sweeps/store/segment/drawing_arrays.h"
#include "sweeps/store/segment/h5.h"

/* Limits of what is believed when a file is read. */
#define VS_STORE_MAX_AXES       256
#define VS_STORE_MAX_STEPS      (1 << 24)
#define VS_STORE_MAX_SNAPSHOTS  65536
#define VS_STORE_MAX_SIDE       16384
#define VS_STORE_MAX_PARAMS     ((size_t)1 << 29)
#define VS_STORE_MAX_SPEC_BYTES ((size_t)1 << 20)

/* --- header ----------------------------------------------------------------------------------- */

/* What all files of a folder have in common; manifest.json holds it too. Strings are owned. */
typedef struct vs_header {
  char *name;  /* of the sweep */
  char *sweep; /* the sweep file, verbatim */
  char *sweep_sha256;
  char *canonical; /* vs_canonical_of_sweep */
  char *weights_sha256;
  char *weights_family;
  char *program_version; /* of the program that wrote the file */
  char *program_commit;
  char *created;  /* when the folder was made: 2022-05-01T12:00:00Z */
  char *finished; /* when the file was sealed; NULL in a manifest */
  size_t planned; /* runs of the whole grid */
  vs_axis *axes;
  size_t axis_count;
} vs_header;

/* The texts of a header, by name. */
typedef struct vs_header_text {
  const char *name;
  size_t offset;       /* of the char * in vs_header */
  bool in_file_header; /* false: set for each file when it is sealed */
} vs_header_text;
const vs_header_text *vs_schema_header_texts(size_t *count);
char **vs_header_slot(vs_header *header, const vs_header_text *text);

void vs_header_clear(vs_header *header); /* fine on a zeroed one */
/* VS_ERR_MEMORY leaves *copy zeroed. */
vs_status vs_header_copy(vs_header *copy, const vs_header *header);

/* --- the table of runs ------------------------------------------------------------------------ */

/* A row in memory: the fixed columns, followed by the axes' values (vs_schema_row_bytes). */
typedef struct vs_table_row {
  vs_row row;
  char status[16];          /* of row.status, as text */
  char parametrization[16]; /* of row.parametrization */
} vs_table_row;

/* A row in which nothing is known: zeros, empty texts, and NaN for every figure. What a file of an
 * older format lacks is left so when it is read. */
void vs_schema_blank_row(vs_table_row *row);

/* Axis values in memory: a double for a number, VS_AXIS_TEXT characters for a text, in order. */
size_t vs_schema_axis_offset(const vs_axis *axes, size_t axis); /* of axis == count: all of them */
/* The value of one axis from such memory; numbers as the shortest text that gives them back. */
void vs_schema_axis_value(const vs_axis *axes, size_t axis, const unsigned char *values,
                          vs_axis_value *value);
size_t vs_schema_row_bytes(const vs_axis *axes, size_t count);

/* The compound type of a row in memory, and that of a row in the file: the same columns without
 * holes, in the order in which people read them. VS_H5_NONE if HDF5 fails. */
vs_h5 vs_schema_row_type(const vs_axis *axes, size_t count);
vs_h5 vs_schema_file_row_type(vs_h5 row_type);

/* Checks the type of a table in a file of this format version for the fixed columns that it must
 * have, and finds the axes: what else there is. */
vs_status vs_schema_find_axes(vs_h5 type, uint64_t version, vs_axis **axes, size_t *count);

/* Writes the attributes that make a dataset a table of HDF5's high-level library (H5TB). */
vs_status vs_schema_mark_table(vs_h5 table, vs_h5 type);

/* --- arrays ----------------------------------------------------------------------------------- */

/* How large the arrays of a file are. */
typedef struct vs_shape {
  size_t rows;
  int *steps; /* all steps at which any run was logged, increasing; owned */
  int step_count;
  int *snapshot_steps; /* the same of snapshots; owned */
  int snapshot_count;
  int height, width;                   /* of the largest image; 0 without images */
  size_t params;                       /* of the longest theta; 0 if none was kept */
  size_t spec_bytes;                   /* of the longest spec, with its zero */
  size_t strokes, stroke_points, pens; /* of the largest drawing; 0 without drawings */
  size_t sketch; /* numbers of a sketch: VS_SKETCH, or 0 in files of format 1 */
} vs_shape;

void vs_shape_clear(vs_shape *shape);

/* Adds increasing `more` to the increasing set *steps of *count. */
vs_status vs_shape_add_steps(int **steps, int *count, const int *more, int more_count);

/* Grows the shape so that it holds what `other` holds; rows stay as they are. */
vs_status vs_shape_include(vs_shape *shape, const vs_shape *other);

/* The arrays over runs. Traces come last, in the order of vs_trace. */
typedef enum vs_array {
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
} vs_array;

#define VS_ARRAY_MAX_RANK     5
#define VS_PATH_RUNS          "/runs"
#define VS_PATH_STEP          "/trace/step"
#define VS_PATH_RUN           "/trace/run"
#define VS_PATH_SNAPSHOT_STEP "/images/snapshot_step"

/* "/images/final" and so on. */
#define VS_ARRAY_PATH 64
void vs_schema_array_path(vs_array array, char path[VS_ARRAY_PATH]);

/* Extents of an array in a file of this shape, and of its chunks. Returns the rank, or 0 if such a
 * file does not have the array. */
int vs_schema_array_extents(vs_array array, const vs_shape *shape,
                            uint64_t extents[VS_ARRAY_MAX_RANK], uint64_t chunk[VS_ARRAY_MAX_RANK]);

/* The names of its axes ("run", "step", ...), as many as its rank. */
const char *const *vs_schema_array_axes(vs_array array);

/* Its element type (of this many bytes if it is text) as a new handle; VS_H5_NONE if HDF5 fails. */
vs_h5 vs_schema_array_type(vs_array array, size_t spec_bytes);

bool vs_schema_array_is_image(vs_array array);

/* Whether it holds numbers, so that NaN is what a run does not fill. */
bool vs_schema_array_is_float(vs_array array);

/* Bytes of one element in memory. */
size_t vs_schema_element_bytes(vs_array array, size_t spec_bytes);

#endif
