/* An open file and the boxes of its arrays, as writing, copying and reading share them. */
#include "sweeps/store/segment/segment_internal.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

vs_status vs_segment_new(vs_segment **out, const char *path) {
  *out = NULL;
  vs_h5_quiet();
  if (strlen(path) + sizeof ".part" > PATH_MAX)
    return vs_fail(VS_ERR_LIMIT, "%s: the path is too long", path);
  vs_segment *segment = calloc(1, sizeof *segment);
  if (segment == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to open it", path);
  snprintf(segment->path, sizeof segment->path, "%s", path);
  segment->file = segment->table = segment->row_type = VS_H5_NONE;
  for (int a = 0; a < VS_ARRAY_COUNT; a++) segment->array[a] = segment->type[a] = VS_H5_NONE;
  *out = segment;
  return VS_OK;
}

void vs_segment_free(vs_segment *segment) {
  if (segment == NULL) return;
  vs_h5_close(&segment->table);
  vs_h5_close(&segment->row_type);
  for (int a = 0; a < VS_ARRAY_COUNT; a++) {
    vs_h5_close(&segment->array[a]);
    vs_h5_close(&segment->type[a]);
  }
  if (segment->file >= 0) H5Fclose(segment->file);
  if (segment->part[0] != '\0') unlink(segment->part);
  vs_segment_header_clear(&segment->header);
  vs_segment_shape_clear(&segment->shape);
  free(segment->row_buffer);
  free(segment->values);
  free(segment->flags);
  free(segment);
}

vs_status vs_segment_take_buffers(vs_segment *segment) {
  const vs_segment_header *header = &segment->header;
  const vs_segment_shape *shape = &segment->shape;
  size_t steps = (size_t)shape->step_count, snapshots = (size_t)shape->snapshot_count;
  segment->row_bytes = vs_segment_table_bytes(header->axes, header->axis_count);
  segment->row_buffer = calloc(1, segment->row_bytes);
  segment->values = malloc((steps + 1) * sizeof *segment->values);
  segment->flags = malloc(steps + snapshots + 1);
  if (segment->row_buffer == NULL || segment->values == NULL || segment->flags == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for a row of results");
  segment->row_type = vs_segment_table_type(header->axes, header->axis_count);
  return segment->row_type >= 0 ? VS_OK : vs_h5_fail(VS_ERR_INTERNAL, "describe a row of results");
}

static bool has_extents(vs_h5 dataset, int rank, const uint64_t *extents) {
  hsize_t found[VS_ARRAY_MAX_RANK];
  vs_h5 space = H5Dget_space(dataset);
  bool equal = space >= 0 && H5Sget_simple_extent_ndims(space) == rank &&
               H5Sget_simple_extent_dims(space, found, NULL) == rank;
  for (int d = 0; equal && d < rank; d++) equal = found[d] == extents[d];
  vs_h5_close(&space);
  return equal;
}

/* HDF5 1.10.8 believes a damaged type, and copies elements of sizes that nobody wrote. */
static bool has_type(vs_h5 dataset, vs_h5 expected) {
  vs_h5 type = H5Dget_type(dataset);
  const bool same = type >= 0 && H5Tget_class(type) == H5Tget_class(expected) &&
                    H5Tget_size(type) == H5Tget_size(expected);
  vs_h5_close(&type);
  return same;
}

vs_status vs_segment_need(vs_segment *segment, vs_segment_array array) {
  if (segment->array[array] >= 0) return VS_OK;
  char path[VS_ARRAY_PATH];
  vs_segment_array_path(array, path);
  uint64_t extents[VS_ARRAY_MAX_RANK], chunk[VS_ARRAY_MAX_RANK];
  int rank = vs_segment_array_extents(array, &segment->shape, extents, chunk);
  segment->array[array] = H5Dopen2(segment->file, path, H5P_DEFAULT);
  if (segment->array[array] < 0)
    return vs_status_context(vs_h5_fail(VS_ERR_FORMAT, "open the array"), "%s", path);
  segment->type[array] = vs_segment_array_type(array, segment->shape.spec_bytes);
  if (segment->type[array] >= 0 && has_extents(segment->array[array], rank, extents) &&
      has_type(segment->array[array], segment->type[array]))
    return VS_OK;
  vs_h5_close(&segment->array[array]);
  vs_h5_close(&segment->type[array]);
  return vs_fail(VS_ERR_FORMAT, "%s does not have the shape and type of a results array", path);
}

void vs_segment_select(vs_h5 dataset, int rank, const uint64_t *start, const uint64_t *count,
                       vs_h5 *in_file, vs_h5 *in_memory) {
  hsize_t from[VS_ARRAY_MAX_RANK], extent[VS_ARRAY_MAX_RANK];
  for (int d = 0; d < rank; d++) {
    from[d] = start[d];
    extent[d] = count[d];
  }
  *in_memory = H5Screate_simple(rank, extent, NULL);
  *in_file = H5Dget_space(dataset);
  if (*in_file >= 0 && H5Sselect_hyperslab(*in_file, H5S_SELECT_SET, from, NULL, extent, NULL) < 0)
    vs_h5_close(in_file);
}

static int rank_of(vs_segment_array array) {
  const char *const *axes = vs_segment_array_axes(array);
  int rank = 0;
  while (rank < VS_ARRAY_MAX_RANK && axes[rank] != NULL) rank++;
  return rank;
}

vs_status vs_segment_read_box(vs_segment *segment, vs_segment_array array, const uint64_t *start,
                              const uint64_t *count, void *buffer) {
  vs_status status = vs_segment_need(segment, array);
  if (status != VS_OK) return status;
  vs_h5 in_file, in_memory;
  vs_segment_select(segment->array[array], rank_of(array), start, count, &in_file, &in_memory);
  if (in_file < 0 || in_memory < 0 ||
      H5Dread(segment->array[array], segment->type[array], in_memory, in_file, H5P_DEFAULT,
              buffer) < 0) {
    char path[VS_ARRAY_PATH];
    vs_segment_array_path(array, path);
    status = vs_status_context(vs_h5_fail(VS_ERR_FORMAT, "read"), "%s", path);
  }
  vs_h5_close(&in_file);
  vs_h5_close(&in_memory);
  return status;
}

vs_status vs_segment_write_box(vs_segment *segment, vs_segment_array array, const uint64_t *start,
                               const uint64_t *count, const void *buffer) {
  vs_h5 in_file, in_memory;
  vs_status status = VS_OK;
  vs_segment_select(segment->array[array], rank_of(array), start, count, &in_file, &in_memory);
  if (in_file < 0 || in_memory < 0 ||
      H5Dwrite(segment->array[array], segment->type[array], in_memory, in_file, H5P_DEFAULT,
               buffer) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write");
  vs_h5_close(&in_file);
  vs_h5_close(&in_memory);
  return status;
}

bool vs_segment_stamp_equal(const vs_stamp *a, const vs_stamp *b) {
  return a->device == b->device && a->inode == b->inode && a->bytes == b->bytes &&
         a->modified.tv_sec == b->modified.tv_sec && a->modified.tv_nsec == b->modified.tv_nsec;
}

const vs_stamp *vs_segment_stamp(const vs_segment *segment) {
  return &segment->stamp;
}

const vs_segment_header *vs_segment_get_header(const vs_segment *segment) {
  return &segment->header;
}

const vs_segment_shape *vs_segment_get_shape(const vs_segment *segment) {
  return &segment->shape;
}
