/* Opening a sealed segment: what it is, what belongs to it, and how large its arrays are. What the
 * file says is checked here against limits before anything of that size is taken. */
#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sweeps/store/results_format.h"
#include "sweeps/store/segment/segment_internal.h"

enum { READ_CACHE_BYTES = 1 << 18 }; /* a chunk of each small array; images are read whole */

/* Opens the file and keeps note of which one it was: the system's descriptor knows it for sure. */
static vs_status open_file(vs_segment *segment) {
  int readable = open(segment->path, O_RDONLY | O_CLOEXEC);
  if (readable < 0) return vs_fail(VS_ERR_IO, "cannot open: %s", strerror(errno));
  close(readable);
  vs_h5 access = vs_h5_access(READ_CACHE_BYTES);
  if (access >= 0) segment->file = H5Fopen(segment->path, H5F_ACC_RDONLY, access);
  vs_status status = VS_OK;
  if (segment->file < 0)
    status =
        vs_h5_fail(VS_ERR_FORMAT, "open it as HDF5 (damaged, cut off, or another kind of file?)");
  vs_h5_close(&access);
  if (status != VS_OK) return status;
  void *handle = NULL;
  struct stat info;
  if (H5Fget_vfd_handle(segment->file, H5P_DEFAULT, &handle) < 0 || handle == NULL ||
      fstat(*(const int *)handle, &info) != 0)
    return vs_h5_fail(VS_ERR_INTERNAL, "tell which file this is");
  segment->stamp = (vs_stamp){info.st_dev, info.st_ino, (uint64_t)info.st_size, info.st_mtim};
  return VS_OK;
}

static vs_status check_format(vs_h5 file, uint64_t *version) {
  char *format = NULL;
  vs_status status = vs_h5_read_text(file, "format", &format);
  if (status == VS_ERR_FORMAT || (status == VS_OK && strcmp(format, VS_STORE_FORMAT) != 0))
    status = vs_fail(VS_ERR_FORMAT, "an HDF5 file, but not of results of vggsweep");
  if (status == VS_OK) status = vs_h5_read_number(file, "format_version", version);
  if (status == VS_OK && *version > VS_STORE_FORMAT_VERSION)
    status =
        vs_fail(VS_ERR_FORMAT, "written by a newer vggsweep: format %llu, this one reads up to %d",
                (unsigned long long)*version, VS_STORE_FORMAT_VERSION);
  free(format);
  return status;
}

static vs_status read_header(vs_segment *segment) {
  vs_status status = check_format(segment->file, &segment->version);
  uint64_t planned = 0;
  if (status == VS_OK) status = vs_h5_read_number(segment->file, "runs_planned", &planned);
  segment->header.planned = planned;
  for (size_t i = 0; status == VS_OK && i < VS_SEGMENT_HEADER_TEXTS; i++) {
    char **text = vs_segment_header_text(&segment->header, i);
    status = vs_h5_read_text(segment->file, vs_segment_header_name(i), text);
    if (status != VS_ERR_FORMAT || !vs_segment_header_may_lack(i)) continue;
    *text = strdup("");
    status = *text != NULL ? VS_OK : vs_fail(VS_ERR_MEMORY, "no memory for a header");
  }
  return status;
}

/* Extents of a dataset of this rank. */
static vs_status read_extents(vs_h5 dataset, int rank, hsize_t *extents) {
  vs_h5 space = H5Dget_space(dataset);
  vs_status status = VS_OK;
  if (space < 0 || H5Sget_simple_extent_ndims(space) != rank ||
      H5Sget_simple_extent_dims(space, extents, NULL) != rank)
    status = vs_fail(VS_ERR_FORMAT, "an array does not have %d axes", rank);
  vs_h5_close(&space);
  return status;
}

static vs_status open_table(vs_segment *segment) {
  segment->table = H5Dopen2(segment->file, VS_PATH_RUNS, H5P_DEFAULT);
  if (segment->table < 0) return vs_h5_fail(VS_ERR_FORMAT, "open " VS_PATH_RUNS);
  hsize_t rows = 0;
  vs_status status = read_extents(segment->table, 1, &rows);
  if (status == VS_OK && (rows == 0 || rows > VS_GRID_MAX_RUNS))
    status = vs_fail(VS_ERR_LIMIT, "%llu runs, at most %d are believed", (unsigned long long)rows,
                     VS_GRID_MAX_RUNS);
  if (status != VS_OK) return vs_status_context(status, VS_PATH_RUNS);
  segment->shape.rows = rows;
  vs_h5 type = H5Dget_type(segment->table);
  if (type < 0) return vs_h5_fail(VS_ERR_FORMAT, "read the columns of " VS_PATH_RUNS);
  status = vs_segment_table_find_axes(type, segment->version, &segment->header.axes,
                                      &segment->header.axis_count);
  vs_h5_close(&type);
  return status;
}

/* Whether an object is there whose group may be missing too. */
static bool exists(vs_h5 file, const char *group, const char *path) {
  return H5Lexists(file, group, H5P_DEFAULT) > 0 && H5Lexists(file, path, H5P_DEFAULT) > 0;
}

/* Reads a scale of steps: 1 .. limit increasing numbers from 0 on. */
static vs_status read_scale(vs_h5 file, const char *path, size_t limit, int **steps, int *count) {
  vs_h5 scale = H5Dopen2(file, path, H5P_DEFAULT);
  if (scale < 0) return vs_status_context(vs_h5_fail(VS_ERR_FORMAT, "open the scale"), "%s", path);
  hsize_t extent = 0;
  int *read = NULL;
  vs_status status = read_extents(scale, 1, &extent);
  if (status == VS_OK && (extent == 0 || extent > limit))
    status = vs_fail(VS_ERR_LIMIT, "%llu steps", (unsigned long long)extent);
  if (status != VS_OK) goto done;
  read = calloc(extent, sizeof *read);
  if (read == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for %llu steps", (unsigned long long)extent);
    goto done;
  }
  if (H5Dread(scale, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) < 0) {
    status = vs_h5_fail(VS_ERR_FORMAT, "read");
    goto done;
  }
  for (hsize_t i = 0; i < extent; i++) {
    if (read[i] >= 0 && (i == 0 || read[i] > read[i - 1])) continue;
    status = vs_fail(VS_ERR_FORMAT, "steps do not increase");
    goto done;
  }
  *steps = read;
  *count = (int)extent;
  read = NULL;
done:
  free(read);
  vs_h5_close(&scale);
  return vs_status_context(status, "%s", path);
}

/* Extents of an array whose size nothing else tells. */
static vs_status measure(vs_h5 file, vs_segment_array array, int rank, hsize_t *extents) {
  char path[VS_ARRAY_PATH];
  vs_segment_array_path(array, path);
  vs_h5 dataset = H5Dopen2(file, path, H5P_DEFAULT);
  vs_status status =
      dataset >= 0 ? read_extents(dataset, rank, extents) : vs_h5_fail(VS_ERR_FORMAT, "open");
  vs_h5_close(&dataset);
  return vs_status_context(status, "%s", path);
}

static vs_status measure_images(vs_segment *segment) {
  if (!exists(segment->file, "/images", "/images/final")) return VS_OK;
  hsize_t extents[4] = {0};
  vs_status status = measure(segment->file, VS_ARRAY_FINAL, 4, extents);
  if (status != VS_OK) return status;
  if (extents[1] > VS_SEGMENT_MAX_SIDE || extents[2] > VS_SEGMENT_MAX_SIDE)
    return vs_fail(VS_ERR_LIMIT, "/images/final: larger than %d px", VS_SEGMENT_MAX_SIDE);
  segment->shape.height = (int)extents[1];
  segment->shape.width = (int)extents[2];
  if (!exists(segment->file, "/images", VS_PATH_SNAPSHOT_STEP)) return VS_OK;
  return read_scale(segment->file, VS_PATH_SNAPSHOT_STEP, VS_SEGMENT_MAX_SNAPSHOTS,
                    &segment->shape.snapshot_steps, &segment->shape.snapshot_count);
}

static vs_status measure_params(vs_segment *segment) {
  if (!exists(segment->file, "/params", "/params/theta")) return VS_OK;
  hsize_t extents[2] = {0};
  vs_status status = measure(segment->file, VS_ARRAY_THETA, 2, extents);
  if (status == VS_OK && extents[1] > VS_SEGMENT_MAX_PARAMS)
    status = vs_fail(VS_ERR_LIMIT, "/params/theta: more than %zu numbers", VS_SEGMENT_MAX_PARAMS);
  if (status == VS_OK) segment->shape.params = extents[1];
  return status;
}

static vs_status measure_drawings(vs_segment *segment) {
  if (!exists(segment->file, "/params", "/params/points")) return VS_OK;
  hsize_t points[4] = {0}, pens[3] = {0};
  vs_status status = measure(segment->file, VS_ARRAY_POINTS, 4, points);
  if (status == VS_OK && exists(segment->file, "/params", "/params/pens"))
    status = measure(segment->file, VS_ARRAY_PENS, 3, pens);
  if (status != VS_OK) return status;
  if (points[1] > VS_DRAWING_MAX_STROKES || points[2] > VS_DRAWING_MAX_POINTS ||
      points[1] * points[2] > VS_DRAWING_MAX_POINTS || pens[1] > VS_MAX_PENS)
    return vs_fail(VS_ERR_LIMIT, "/params/points: larger than any drawing");
  segment->shape.strokes = points[1];
  segment->shape.stroke_points = points[2];
  segment->shape.pens = pens[1];
  return VS_OK;
}

static vs_status measure_sketches(vs_segment *segment) {
  if (!exists(segment->file, "/features", "/features/gram")) return VS_OK;
  hsize_t extents[2] = {0};
  vs_status status = measure(segment->file, VS_ARRAY_SKETCH, 2, extents);
  if (status == VS_OK && extents[1] != VS_SKETCH)
    status = vs_fail(VS_ERR_FORMAT, "/features/gram: not of %d numbers a run", VS_SKETCH);
  if (status == VS_OK) segment->shape.sketch = VS_SKETCH;
  return status;
}

static vs_status measure_specs(vs_segment *segment) {
  vs_h5 dataset = H5Dopen2(segment->file, "/specs", H5P_DEFAULT);
  vs_h5 type = dataset >= 0 ? H5Dget_type(dataset) : VS_H5_NONE;
  vs_status status = VS_OK;
  if (type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0)
    status = vs_fail(VS_ERR_FORMAT, "/specs: no texts of fixed length");
  else
    segment->shape.spec_bytes = H5Tget_size(type);
  if (status == VS_OK && segment->shape.spec_bytes > VS_SEGMENT_MAX_SPEC_BYTES)
    status = vs_fail(VS_ERR_LIMIT, "/specs: longer than %zu bytes", VS_SEGMENT_MAX_SPEC_BYTES);
  vs_h5_close(&type);
  vs_h5_close(&dataset);
  return status;
}

vs_status vs_segment_open(vs_segment **out, const char *path) {
  *out = NULL;
  vs_segment *segment;
  vs_status status = vs_segment_new(&segment, path);
  if (status != VS_OK) return status;
  status = open_file(segment);
  if (status == VS_OK) status = read_header(segment);
  if (status == VS_OK) status = open_table(segment);
  if (status == VS_OK)
    status = read_scale(segment->file, VS_PATH_STEP, VS_SEGMENT_MAX_STEPS, &segment->shape.steps,
                        &segment->shape.step_count);
  if (status == VS_OK) status = measure_images(segment);
  if (status == VS_OK) status = measure_params(segment);
  if (status == VS_OK) status = measure_drawings(segment);
  if (status == VS_OK) status = measure_sketches(segment);
  if (status == VS_OK) status = measure_specs(segment);
  if (status == VS_OK) status = vs_segment_take_buffers(segment);
  if (status != VS_OK) {
    vs_status_context(status, "%s", path);
    vs_segment_free(segment);
    return status;
  }
  *out = segment;
  return VS_OK;
}
