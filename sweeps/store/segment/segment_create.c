/* A new segment: its file with header, groups, table, arrays and scales, all of them still empty.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/version.h"
#include "sweeps/store/results_format.h"
#include "sweeps/store/segment/segment_internal.h"

enum {
  GZIP_LEVEL = 4,
  TABLE_CHUNK_ROWS = 1024,
  SCALE_CHUNK = 16384,
  WRITE_CACHE_BYTES = 1 << 20 /* holds the chunks that are filled row by row */
};

/* Creation properties of a dataset: its chunks and filters, and no times of HDF5's own, so that
 * equal results give equal files. */
static vs_h5 creation(int rank, const uint64_t *chunk) {
  hsize_t extent[VS_ARRAY_MAX_RANK];
  for (int d = 0; d < rank; d++) extent[d] = chunk[d];
  vs_h5 properties = H5Pcreate(H5P_DATASET_CREATE);
  if (properties >= 0 && H5Pset_chunk(properties, rank, extent) >= 0 &&
      H5Pset_shuffle(properties) >= 0 && H5Pset_deflate(properties, GZIP_LEVEL) >= 0 &&
      H5Pset_fletcher32(properties) >= 0 && H5Pset_obj_track_times(properties, false) >= 0)
    return properties;
  vs_h5_close(&properties);
  return VS_H5_NONE;
}

static vs_h5 create_dataset(vs_h5 file, const char *path, vs_h5 type, int rank,
                            const uint64_t *extents, vs_h5 properties) {
  hsize_t extent[VS_ARRAY_MAX_RANK];
  for (int d = 0; d < rank; d++) extent[d] = extents[d];
  vs_h5 dataset = VS_H5_NONE;
  vs_h5 space = H5Screate_simple(rank, extent, NULL);
  if (space >= 0 && type >= 0 && properties >= 0)
    dataset = H5Dcreate2(file, path, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  vs_h5_close(&space);
  return dataset;
}

/* What a place holds that no run fills: white in images, NaN in numbers, 0 and "" elsewhere. */
static bool set_fill(vs_h5 properties, vs_segment_array array) {
  const uint8_t white = 255;
  const float nothing = NAN;
  if (vs_segment_array_is_image(array))
    return H5Pset_fill_value(properties, H5T_NATIVE_UINT8, &white) >= 0;
  if (vs_segment_array_is_float(array))
    return H5Pset_fill_value(properties, H5T_NATIVE_FLOAT, &nothing) >= 0;
  return true;
}

/* The attributes by which viewers know pictures (HDF5 Image and Palette Specification 1.2), and
 * NeXus' word for the same. HDF5 attaches no scale to what has another CLASS, so this comes last.
 */
static vs_status mark_image(vs_h5 dataset) {
  vs_status status = vs_h5_write_mark(dataset, "CLASS", "IMAGE");
  if (status == VS_OK) status = vs_h5_write_mark(dataset, "IMAGE_VERSION", "1.2");
  if (status == VS_OK) status = vs_h5_write_mark(dataset, "IMAGE_SUBCLASS", "IMAGE_TRUECOLOR");
  if (status == VS_OK) status = vs_h5_write_mark(dataset, "INTERLACE_MODE", "INTERLACE_PIXEL");
  if (status == VS_OK) status = vs_h5_write_text(dataset, "interpretation", "rgb-image");
  return status;
}

static vs_status describe_array(vs_h5 dataset, vs_segment_array array) {
  const char *const *axes = vs_segment_array_axes(array);
  for (unsigned d = 0; d < VS_ARRAY_MAX_RANK && axes[d] != NULL; d++)
    if (H5DSset_label(dataset, d, axes[d]) < 0) return vs_h5_fail(VS_ERR_IO, "label an axis");
  const char *layout = vs_segment_array_layout(array);
  if (layout != NULL) return vs_h5_write_text(dataset, "layout", layout);
  if (array >= VS_ARRAY_TRACE) return vs_h5_write_text(dataset, "interpretation", "spectrum");
  return VS_OK;
}

static vs_status create_array(vs_segment *segment, vs_segment_array array) {
  uint64_t extents[VS_ARRAY_MAX_RANK], chunk[VS_ARRAY_MAX_RANK];
  int rank = vs_segment_array_extents(array, &segment->shape, extents, chunk);
  if (rank == 0) return VS_OK;
  char path[VS_ARRAY_PATH];
  vs_segment_array_path(array, path);
  segment->type[array] = vs_segment_array_type(array, segment->shape.spec_bytes);
  vs_h5 properties = creation(rank, chunk);
  if (properties >= 0 && set_fill(properties, array))
    segment->array[array] =
        create_dataset(segment->file, path, segment->type[array], rank, extents, properties);
  vs_status status = segment->array[array] >= 0 ? VS_OK : vs_h5_fail(VS_ERR_IO, "create an array");
  vs_h5_close(&properties);
  if (status == VS_OK) status = describe_array(segment->array[array], array);
  return vs_status_context(status, "%s", path);
}

/* Creates a dimension scale and attaches it to every array that has an axis of this name and
 * stands in the same group, as netCDF and xarray expect it. */
static vs_status create_scale(vs_segment *segment, const char *path, const int *values,
                              size_t count) {
  if (count == 0) return VS_OK;
  const char *name = strrchr(path, '/') + 1;
  size_t group_length = (size_t)(name - path);
  uint64_t extent = count, chunk = count < SCALE_CHUNK ? count : SCALE_CHUNK;
  vs_status status = VS_OK;
  vs_h5 properties = creation(1, &chunk);
  vs_h5 scale = create_dataset(segment->file, path, H5T_NATIVE_INT, 1, &extent, properties);
  if (scale < 0 || H5Dwrite(scale, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0 ||
      H5DSset_scale(scale, name) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write a dimension scale");
  for (int a = 0; status == VS_OK && a < VS_ARRAY_COUNT; a++) {
    char array_path[VS_ARRAY_PATH];
    vs_segment_array_path((vs_segment_array)a, array_path);
    if (segment->array[a] < 0 || strncmp(path, array_path, group_length) != 0) continue;
    const char *const *axes = vs_segment_array_axes((vs_segment_array)a);
    for (unsigned d = 0; status == VS_OK && d < VS_ARRAY_MAX_RANK && axes[d] != NULL; d++)
      if (strcmp(axes[d], name) == 0 && H5DSattach_scale(segment->array[a], scale, d) < 0)
        status = vs_h5_fail(VS_ERR_IO, "attach a dimension scale");
  }
  if (status == VS_OK) status = vs_h5_finish(&scale, "write a dimension scale");
  vs_h5_close(&scale);
  vs_h5_close(&properties);
  return vs_status_context(status, "%s", path);
}

static vs_status create_scales(vs_segment *segment) {
  const vs_segment_shape *shape = &segment->shape;
  vs_status status = create_scale(segment, VS_PATH_STEP, shape->steps, (size_t)shape->step_count);
  if (status == VS_OK)
    status = create_scale(segment, VS_PATH_SNAPSHOT_STEP, shape->snapshot_steps,
                          (size_t)shape->snapshot_count);
  if (status != VS_OK) return status;
  int *numbers = malloc(shape->rows * sizeof *numbers);
  if (numbers == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu runs", shape->rows);
  for (size_t i = 0; i < shape->rows; i++) numbers[i] = (int)i;
  status = create_scale(segment, VS_PATH_RUN, numbers, shape->rows);
  free(numbers);
  return status;
}

static vs_status create_table(vs_segment *segment) {
  uint64_t extent = segment->shape.rows;
  uint64_t chunk = extent < TABLE_CHUNK_ROWS ? extent : TABLE_CHUNK_ROWS;
  vs_status status = VS_OK;
  vs_h5 properties = creation(1, &chunk);
  vs_h5 packed = vs_segment_table_file_type(segment->row_type);
  if (packed >= 0)
    segment->table = create_dataset(segment->file, VS_PATH_RUNS, packed, 1, &extent, properties);
  if (packed < 0 || segment->table < 0) status = vs_h5_fail(VS_ERR_IO, "create the table of runs");
  if (status == VS_OK) status = vs_segment_table_mark_table(segment->table, packed);
  vs_h5_close(&packed);
  vs_h5_close(&properties);
  return status;
}

/* NeXus' hints: viewers that know them open the traces, and the final images, as plots at once. */
static vs_status describe_group(vs_h5 group, const char *class, const char *signal,
                                const char *const *axes, size_t axis_count) {
  vs_status status = vs_h5_write_text(group, "NX_class", class);
  if (status == VS_OK) status = vs_h5_write_text(group, "signal", signal);
  if (status == VS_OK && axis_count > 0)
    status = vs_h5_write_texts(group, "axes", axes, axis_count);
  return status;
}

static vs_status create_group(vs_h5 file, const char *name, const char *signal,
                              const char *const *axes, size_t axis_count) {
  vs_h5 group = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (group < 0) return vs_h5_fail(VS_ERR_IO, "create a group");
  vs_status status =
      signal != NULL ? describe_group(group, "NXdata", signal, axes, axis_count) : VS_OK;
  if (status == VS_OK) status = vs_h5_finish(&group, "create a group");
  vs_h5_close(&group);
  return status;
}

static vs_status create_groups(const vs_segment *segment) {
  static const char *const axes[] = {"run", "step"};
  vs_status status = create_group(segment->file, "/trace", "exc_loss", axes, 2);
  if (status == VS_OK && segment->shape.height > 0)
    status = create_group(segment->file, "/images", "final", NULL, 0);
  if (status == VS_OK && (segment->shape.params > 0 || segment->shape.strokes > 0))
    status = create_group(segment->file, "/params", NULL, NULL, 0);
  if (status == VS_OK && segment->shape.sketch > 0)
    status = create_group(segment->file, "/features", NULL, NULL, 0);
  return status;
}

static vs_status write_header(vs_segment *segment) {
  vs_h5 file = segment->file;
  vs_status status = vs_h5_write_text(file, "format", VS_STORE_FORMAT);
  if (status == VS_OK) status = vs_h5_write_number(file, "format_version", VS_STORE_FORMAT_VERSION);
  if (status == VS_OK) status = vs_h5_write_text(file, "program", "vggsweep");
  if (status == VS_OK) status = vs_h5_write_number(file, "runs_planned", segment->header.planned);
  if (status == VS_OK) status = vs_h5_write_text(file, "NX_class", "NXroot");
  if (status == VS_OK) status = vs_h5_write_text(file, "default", "trace");
  for (size_t i = 0; status == VS_OK && i < VS_SEGMENT_HEADER_OF_FOLDER; i++)
    status = vs_h5_write_text(file, vs_segment_header_name(i),
                              *vs_segment_header_text(&segment->header, i));
  return status;
}

/* The header of a file that this program writes. */
static vs_status own_header(vs_segment_header *own, const vs_segment_header *header) {
  vs_status status = vs_segment_header_copy(own, header);
  if (status != VS_OK) return status;
  free(own->program_version);
  free(own->program_commit);
  own->program_version = strdup(vs_version());
  own->program_commit = strdup(vs_version_commit());
  if (own->program_version == NULL || own->program_commit == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for the description of a results file");
  return VS_OK;
}

uint64_t vs_segment_create_max_bytes(const vs_segment_header *header,
                                     const vs_segment_shape *shape) {
  /* What HDF5 itself needs: for groups, attributes and scales of a file, for indices of a row's
   * chunks. Measured: 75 kB and 1 kB. */
  const uint64_t overhead = 131072, row_overhead = 4096;
  uint64_t bytes = strlen(header->sweep) + strlen(header->canonical) + overhead;
  bytes += shape->rows * (row_overhead + shape->spec_bytes +
                          vs_segment_table_bytes(header->axes, header->axis_count));
  for (int a = 0; a < VS_ARRAY_COUNT; a++) {
    uint64_t extents[VS_ARRAY_MAX_RANK], chunk[VS_ARRAY_MAX_RANK], size = sizeof(float);
    int rank = vs_segment_array_extents((vs_segment_array)a, shape, extents, chunk);
    for (int d = 0; d < rank; d++) size *= extents[d];
    if (rank > 0)
      bytes += vs_segment_array_is_image((vs_segment_array)a) ? size / sizeof(float) : size;
  }
  return bytes;
}

/* Asks the system for the file, and for room: HDF5 says little about why it cannot write. */
static vs_status look_for_room(const char *path, uint64_t bytes) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return vs_fail(VS_ERR_IO, "cannot write: %s", strerror(errno));
  vs_status status = VS_OK;
  if (bytes > 0 && fallocate(file, 0, 0, (off_t)bytes) != 0 && errno != EOPNOTSUPP &&
      errno != ENOSYS && errno != EINVAL)
    status = vs_fail(VS_ERR_IO,
                     "no room for %.1f MB: %s; what is stored is safe: make room, and the same "
                     "command goes on",
                     1e-6 * (double)bytes, strerror(errno));
  close(file);
  return status;
}

static vs_status create_file(vs_segment *segment, uint64_t expected_bytes) {
  vs_status status = look_for_room(segment->part, expected_bytes);
  if (status != VS_OK) return status;
  vs_h5 access = vs_h5_access(WRITE_CACHE_BYTES);
  if (access >= 0) segment->file = H5Fcreate(segment->part, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (segment->file < 0) status = vs_h5_fail(VS_ERR_IO, "create the file");
  vs_h5_close(&access);
  return status;
}

vs_status vs_segment_create(vs_segment **out, const char *path, const vs_segment_header *header,
                            const vs_segment_shape *shape, uint64_t expected_bytes) {
  *out = NULL;
  assert(shape->rows > 0 && shape->step_count > 0);
  vs_segment *segment;
  vs_status status = vs_segment_new(&segment, path);
  if (status != VS_OK) return status;
  status = own_header(&segment->header, header);
  if (status == VS_OK) status = vs_segment_shape_include(&segment->shape, shape);
  segment->shape.rows = shape->rows;
  if (status == VS_OK) status = vs_segment_take_buffers(segment);
  if (status == VS_OK) status = vs_file_part(segment->part, sizeof segment->part, path);
  if (status == VS_OK) status = create_file(segment, expected_bytes);
  if (status == VS_OK) status = write_header(segment);
  if (status == VS_OK) status = create_groups(segment);
  if (status == VS_OK) status = create_table(segment);
  for (int a = 0; status == VS_OK && a < VS_ARRAY_COUNT; a++)
    status = create_array(segment, (vs_segment_array)a);
  if (status == VS_OK) status = create_scales(segment);
  for (int a = 0; status == VS_OK && a < VS_ARRAY_COUNT; a++)
    if (vs_segment_array_is_image((vs_segment_array)a) && segment->array[a] >= 0)
      status = mark_image(segment->array[a]);
  if (status != VS_OK) {
    vs_status_context(status, "%s", path);
    vs_segment_free(segment);
    return status;
  }
  *out = segment;
  return VS_OK;
}
