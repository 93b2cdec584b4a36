/* segment_internal.h - an open file of results, as the segment_*.c share it; nobody else includes
 * it. */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_INTERNAL_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_INTERNAL_H

#include "sweeps/store/segment/segment.h"

struct vs_segment {
  char path[PATH_MAX]; /* the proper name */
  char part[PATH_MAX]; /* where it is written; "" when reading and once sealed */
  vs_h5 file;
  uint64_t version;            /* of the format, when reading */
  vs_h5 table, row_type;       /* /runs, and the type of a row in memory */
  vs_h5 array[VS_ARRAY_COUNT]; /* opened at first use */
  vs_h5 type[VS_ARRAY_COUNT];
  vs_segment_header header;
  vs_segment_shape shape;
  size_t row_bytes;
  unsigned char *row_buffer; /* row_bytes */
  float *values;             /* shape.step_count, scratch */
  uint8_t *flags;            /* of steps or snapshots, scratch */
  vs_stamp stamp;            /* when reading */
};

/* An empty one for PATH, everything closed. */
vs_status vs_segment_new(vs_segment **out, const char *path);

/* Takes the buffers, once header and shape are known. */
vs_status vs_segment_take_buffers(vs_segment *segment);

/* Opens the array at first use, and checks that its extents are what the shape says. The file must
 * have it (vs_segment_array_extents). */
vs_status vs_segment_need(vs_segment *segment, vs_segment_array array);

/* Reads or writes the box start, count (as many as the array's rank) of an array; a theta or a
 * trace as float, images and flags as uint8_t, a spec as shape.spec_bytes characters. */
vs_status vs_segment_read_box(vs_segment *segment, vs_segment_array array, const uint64_t *start,
                              const uint64_t *count, void *buffer);
vs_status vs_segment_write_box(vs_segment *segment, vs_segment_array array, const uint64_t *start,
                               const uint64_t *count, const void *buffer);

/* A selection of start, count in a dataset, and a matching space in memory; both are closed by the
 * caller and VS_H5_NONE if HDF5 fails. */
void vs_segment_select(vs_h5 dataset, int rank, const uint64_t *start, const uint64_t *count,
                       vs_h5 *in_file, vs_h5 *in_memory);

/* Position of `step` among all steps of a file, searched from `from` on; it is there. */
int vs_segment_write_place_of(const int *steps, int count, int step, int from);

/* Puts everything but images and parameters. */
vs_status vs_segment_write_small(vs_segment *segment, size_t at, const vs_record *record);

/* A record read from a file, without images and parameters, and the memory it points to. */
typedef struct vs_segment_record {
  vs_record record;
  vs_axis_value *axes;
  char *spec;
  int *steps, *snapshot_steps;
  float *trace[VS_TRACE_COUNT];
  float sketch[VS_SKETCH];
} vs_segment_record;
/* On failure there is nothing to clear. */
vs_status vs_segment_read_record(vs_segment_record *memory, vs_segment *segment, size_t at);
void vs_segment_read_record_clear(vs_segment_record *memory);

#endif
