/* segment_shape.h - how large the arrays of a file are. Runs of different sizes share arrays of
 * the largest size. */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_SHAPE_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_SHAPE_H

#include "core/base/status.h"
#include <stddef.h>
#include <stdint.h>

/* Limits of what is believed when a file is read. */
#define VS_SEGMENT_MAX_STEPS      (1 << 24)
#define VS_SEGMENT_MAX_SNAPSHOTS  65536
#define VS_SEGMENT_MAX_SIDE       16384
#define VS_SEGMENT_MAX_PARAMS     ((size_t)1 << 29)
#define VS_SEGMENT_MAX_SPEC_BYTES ((size_t)1 << 20)

/* How large the arrays of a file are. */
typedef struct vs_segment_shape {
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
} vs_segment_shape;

void vs_segment_shape_clear(vs_segment_shape *shape);

/* Adds increasing `more` to the increasing set *steps of *count. */
vs_status vs_segment_shape_add_steps(int **steps, int *count, const int *more, int more_count);

/* Grows the shape so that it holds what `other` holds; rows stay as they are. */
vs_status vs_segment_shape_include(vs_segment_shape *shape, const vs_segment_shape *other);

#endif
