/* segment.h - one HDF5 file of results, written or read row by row. Internal to the store.
 *
 * Writing: create with the shape of all it will hold, put every row, seal. Until it is sealed the
 * file is PATH.part; sealing closes it, makes it durable and gives it its name. Reading: open,
 * read rows and arrays of single rows. Nobody changes a sealed file. */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_H

#include <limits.h>
#include <time.h>

#include "sweeps/store/segment/drawing_arrays.h"
#include "sweeps/store/segment/segment_array.h"
#include "sweeps/store/segment/segment_header.h"
#include "sweeps/store/segment/segment_table.h"

/* Everything about one run, to be put. Nothing is owned. */
typedef struct vs_record {
  vs_row row; /* height, width and param_count are those of the arrays */
  const vs_axis_value *axes;
  const char *spec;
  const int *steps; /* at which it was logged */
  int step_count;
  const float *trace[VS_TRACE_COUNT]; /* step_count values, or NULL: NaN */
  const int *snapshot_steps;
  int snapshot_count;
  const uint8_t *final_rgb;         /* (H,W,3), or NULL: black */
  const uint8_t *snapshots;         /* (snapshot_count,H,W,3), or NULL: black */
  const float *theta;               /* param_count numbers */
  const vs_drawing_arrays *drawing; /* of row.strokes strokes; NULL if there is none */
  const float *sketch;              /* VS_SKETCH numbers, or NULL: NaN */
} vs_record;

typedef struct vs_segment vs_segment;

/* --- writing ---------------------------------------------------------------------------------- */

/* Creates PATH.part. The header is copied but for program and finishing time, which are those of
 * this program, now. Rows that are never put stay empty. VS_ERR_IO names the file, also if there is
 * no room for the `expected_bytes` that it will take: HDF5 copes badly with a full disk, so it is
 * looked for beforehand where the file system can tell. */
vs_status vs_segment_create(vs_segment **out, const char *path, const vs_segment_header *header,
                            const vs_segment_shape *shape, uint64_t expected_bytes);

/* What a file of this shape takes if nothing of it can be compressed. */
uint64_t vs_segment_create_max_bytes(const vs_segment_header *header,
                                     const vs_segment_shape *shape);

/* Puts a run as row `at`. Its sizes fit the shape and its steps are among the shape's. */
vs_status vs_segment_write_run(vs_segment *segment, size_t at, const vs_record *record);

/* Copies row `from` of an open segment as row `at`. Images and parameters are copied as they are
 * compressed where both files cut them alike. */
vs_status vs_segment_copy(vs_segment *segment, size_t at, vs_segment *source, size_t from);

/* Makes it durable and publishes it. Afterwards it can only be freed. */
vs_status vs_segment_write_seal(vs_segment *segment);

/* Closes; removes the .part of a segment that was not sealed. Fine on NULL. */
void vs_segment_free(vs_segment *segment);

/* --- reading ---------------------------------------------------------------------------------- */

/* Which file it was: a name may be taken by another one when a job merges. */
typedef struct vs_stamp {
  uint64_t device, inode, bytes;
  struct timespec modified;
} vs_stamp;
bool vs_segment_stamp_equal(const vs_stamp *a, const vs_stamp *b);

/* Opens and checks a sealed file. VS_ERR_IO if it cannot be opened (not there, no permission),
 * VS_ERR_FORMAT if it is not ours, damaged or of a newer format; messages name the file. */
vs_status vs_segment_open(vs_segment **out, const char *path);

const vs_stamp *vs_segment_stamp(const vs_segment *segment);
const vs_segment_header *vs_segment_get_header(const vs_segment *segment);
const vs_segment_shape *vs_segment_get_shape(const vs_segment *segment);

/* Reads rows first .. first+count-1: rows[i], and their axis values one after the other into axes
 * (vs_segment_table_axis_offset(all) bytes each; NULL if there are none). */
vs_status vs_segment_read_rows(vs_segment *segment, size_t first, size_t count, vs_row *rows,
                               unsigned char *axes);

/* Arrays of one row, allocated; freed by the caller with free(). `row` tells the sizes. */
vs_status vs_segment_read_spec(vs_segment *segment, size_t at, char **spec);
vs_status vs_segment_read_trace(vs_segment *segment, size_t at, vs_trace trace, int **steps,
                                float **values, int *count);
vs_status vs_segment_read_image(vs_segment *segment, size_t at, const vs_row *row, uint8_t **rgb);
vs_status vs_segment_read_snapshots(vs_segment *segment, size_t at, const vs_row *row,
                                    uint8_t **rgb, int **steps, int *count);
vs_status vs_segment_read_theta(vs_segment *segment, size_t at, const vs_row *row, float **theta);

vs_status vs_segment_read_drawing(vs_segment *segment, size_t at, const vs_row *row,
                                  vs_drawing_arrays *arrays); /* to be cleared */

/* The same of many rows, first .. first+count-1, at once, into the caller's memory: sketches
 * (count, VS_SKETCH), NaN where the file has none; a trace at all steps of the file's shape (count,
 * step_count), NaN where a run was not logged. */
vs_status vs_segment_read_sketches(vs_segment *segment, size_t first, size_t count,
                                   float *sketches);
vs_status vs_segment_read_traces(vs_segment *segment, vs_trace trace, size_t first, size_t count,
                                 float *values);

#endif
