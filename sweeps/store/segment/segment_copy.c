/* Copying a run from one segment to another. */
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/store/segment/segment_internal.h"

/* An array of both files, and the chunk of it (an image, a theta) that goes from one to the
 * other. */
typedef struct tile_place {
  vs_segment_array array;
  int rank;
  uint64_t to[VS_ARRAY_MAX_RANK], from[VS_ARRAY_MAX_RANK];
  uint64_t count[VS_ARRAY_MAX_RANK]; /* what both have room for */
} tile_place;

/* How chunks of a dataset are cut and what was done to them. */
typedef struct storage {
  int rank;
  hsize_t chunk[VS_ARRAY_MAX_RANK];
  int filter_count;
  struct {
    H5Z_filter_t id;
    size_t value_count;
    unsigned values[16];
  } filter[8];
} storage;

static bool read_storage(vs_h5 dataset, storage *stored) {
  memset(stored, 0, sizeof *stored);
  vs_h5 properties = H5Dget_create_plist(dataset);
  bool good = properties >= 0 && H5Pget_layout(properties) == H5D_CHUNKED;
  if (good) stored->rank = H5Pget_chunk(properties, VS_ARRAY_MAX_RANK, stored->chunk);
  if (good) stored->filter_count = H5Pget_nfilters(properties);
  good = good && stored->rank > 0 && stored->filter_count >= 0 && stored->filter_count <= 8;
  for (int f = 0; good && f < stored->filter_count; f++) {
    unsigned flags, config;
    stored->filter[f].value_count = 16;
    stored->filter[f].id =
        H5Pget_filter2(properties, (unsigned)f, &flags, &stored->filter[f].value_count,
                       stored->filter[f].values, 0, NULL, &config);
    good = stored->filter[f].id >= 0 && stored->filter[f].value_count <= 16;
  }
  vs_h5_close(&properties);
  return good;
}

static bool same_storage(const storage *a, const storage *b) {
  if (a->rank != b->rank || a->filter_count != b->filter_count) return false;
  for (int d = 0; d < a->rank; d++)
    if (a->chunk[d] != b->chunk[d]) return false;
  for (int f = 0; f < a->filter_count; f++) {
    size_t count = a->filter[f].value_count;
    if (a->filter[f].id != b->filter[f].id || count != b->filter[f].value_count ||
        memcmp(a->filter[f].values, b->filter[f].values, count * sizeof(unsigned)) != 0)
      return false;
  }
  return true;
}

/* Whether both datasets have one type and are cut and filtered alike, so that a chunk of one is a
 * chunk of the other. (Their property lists as a whole differ in what is forgotten in a file.) */
static bool stored_alike(vs_h5 a, vs_h5 b) {
  storage in_a, in_b;
  if (!read_storage(a, &in_a) || !read_storage(b, &in_b)) return false;
  vs_h5 a_type = H5Dget_type(a), b_type = H5Dget_type(b);
  bool alike =
      a_type >= 0 && b_type >= 0 && H5Tequal(a_type, b_type) > 0 && same_storage(&in_a, &in_b);
  vs_h5_close(&a_type);
  vs_h5_close(&b_type);
  return alike;
}

static vs_status copy_chunk(vs_h5 target, vs_h5 source, const tile_place *tile) {
  hsize_t to[VS_ARRAY_MAX_RANK], from[VS_ARRAY_MAX_RANK], bytes = 0;
  for (int d = 0; d < tile->rank; d++) {
    to[d] = tile->to[d];
    from[d] = tile->from[d];
  }
  if (H5Dget_chunk_storage_size(source, from, &bytes) < 0)
    return vs_h5_fail(VS_ERR_FORMAT, "find a chunk");
  if (bytes == 0) return VS_OK; /* never written: fill values in the copy too */
  void *chunk = malloc(bytes);
  if (chunk == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a chunk");
  vs_status status = VS_OK;
  uint32_t skipped_filters = 0;
  if (H5Dread_chunk(source, H5P_DEFAULT, from, &skipped_filters, chunk) < 0)
    status = vs_h5_fail(VS_ERR_FORMAT, "read a chunk");
  else if (H5Dwrite_chunk(target, H5P_DEFAULT, skipped_filters, to, bytes, chunk) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write a chunk");
  free(chunk);
  return status;
}

static vs_status copy_values(vs_segment *segment, vs_segment *source, const tile_place *tile) {
  size_t bytes = vs_segment_array_element_bytes(tile->array, 0);
  for (int d = 0; d < tile->rank; d++) bytes *= tile->count[d];
  void *values = malloc(bytes);
  if (values == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for an array of a run");
  vs_status status = vs_segment_read_box(source, tile->array, tile->from, tile->count, values);
  if (status == VS_OK)
    status = vs_segment_write_box(segment, tile->array, tile->to, tile->count, values);
  free(values);
  return status;
}

/* Copies what row `from` has in an array to row `at`; of snapshots, number k to number to_k. */
static vs_status copy_tile(vs_segment *segment, size_t at, vs_segment *source, size_t from,
                           vs_segment_array array, int to_k, int k) {
  uint64_t ours[VS_ARRAY_MAX_RANK], theirs[VS_ARRAY_MAX_RANK], chunk[VS_ARRAY_MAX_RANK];
  tile_place tile = {.array = array, .to = {at}, .from = {from}, .count = {1}};
  tile.rank = vs_segment_array_extents(array, &segment->shape, ours, chunk);
  if (tile.rank == 0 || vs_segment_array_extents(array, &source->shape, theirs, chunk) == 0)
    return VS_OK;
  for (int d = 1; d < tile.rank; d++) tile.count[d] = ours[d] < theirs[d] ? ours[d] : theirs[d];
  if (array == VS_ARRAY_SNAPSHOTS) {
    tile.to[1] = (uint64_t)to_k;
    tile.from[1] = (uint64_t)k;
    tile.count[1] = 1;
  }
  vs_status status = vs_segment_need(source, array);
  if (status != VS_OK) return status;
  if (stored_alike(segment->array[array], source->array[array]))
    return copy_chunk(segment->array[array], source->array[array], &tile);
  return copy_values(segment, source, &tile);
}

/* What was never written has no chunk to be copied: pens of a run without any. */
static vs_status copy_drawing(vs_segment *segment, size_t at, vs_segment *source, size_t from,
                              const vs_row *row) {
  static const vs_segment_array of_strokes[] = {VS_ARRAY_POINTS, VS_ARRAY_STROKES, VS_ARRAY_PAPER};
  static const vs_segment_array of_pens[] = {VS_ARRAY_PENS, VS_ARRAY_PEN_NAMES};
  vs_status status = VS_OK;
  for (size_t i = 0; i < 3 && row->strokes > 0 && status == VS_OK; i++)
    status = copy_tile(segment, at, source, from, of_strokes[i], 0, 0);
  for (size_t i = 0; i < 2 && row->pens > 0 && status == VS_OK; i++)
    status = copy_tile(segment, at, source, from, of_pens[i], 0, 0);
  return status;
}

static vs_status copy_large(vs_segment *segment, size_t at, vs_segment *source, size_t from,
                            const vs_record *record) {
  vs_status status = copy_tile(segment, at, source, from, VS_ARRAY_FINAL, 0, 0);
  const vs_segment_shape *ours = &segment->shape, *theirs = &source->shape;
  for (int i = 0, k = 0, to_k = 0; status == VS_OK && i < record->snapshot_count; i++) {
    int step = record->snapshot_steps[i];
    k = vs_segment_write_place_of(theirs->snapshot_steps, theirs->snapshot_count, step, k);
    to_k = vs_segment_write_place_of(ours->snapshot_steps, ours->snapshot_count, step, to_k);
    status = copy_tile(segment, at, source, from, VS_ARRAY_SNAPSHOTS, to_k, k);
  }
  if (status == VS_OK && record->row.param_count > 0)
    status = copy_tile(segment, at, source, from, VS_ARRAY_THETA, 0, 0);
  if (status == VS_OK) status = copy_drawing(segment, at, source, from, &record->row);
  return status;
}

vs_status vs_segment_copy(vs_segment *segment, size_t at, vs_segment *source, size_t from) {
  vs_segment_record memory;
  vs_status status = vs_segment_read_record(&memory, source, from);
  if (status != VS_OK) return status;
  status = vs_segment_write_small(segment, at, &memory.record);
  if (status == VS_OK) status = copy_large(segment, at, source, from, &memory.record);
  vs_segment_read_record_clear(&memory);
  return vs_status_context(status, "%s, copying from %s", segment->path, source->path);
}
