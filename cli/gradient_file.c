/* The HDF5 file of a gradient. */
#include "cli/gradient_file.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

static vs_status write_part(const char *part, const float *gradient, int height, int width) {
  hid_t file = H5Fcreate(part, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0)
    return vs_fail(VS_ERR_IO, "%s: cannot be created; is its folder there and writable?", part);
  hsize_t shape[3] = {(hsize_t)height, (hsize_t)width, 3};
  herr_t written = H5LTmake_dataset_float(file, "gradient", 3, shape, gradient);
  herr_t closed = H5Fclose(file); /* writes what is left: a full disk may show only here */
  if (written < 0 || closed < 0)
    return vs_fail(VS_ERR_IO, "%s: cannot be written; is the disk full?", part);
  return VS_OK;
}

/* HDF5 files are replaced, but not those that hold results. */
static vs_status check_target(const char *path) {
  static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  vs_status status = vs_file_check_kind(path, signature, sizeof signature);
  struct stat info;
  const bool is_file = stat(path, &info) == 0 && S_ISREG(info.st_mode); /* a pipe would block */
  if (status != VS_OK || !is_file) return status;
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  const bool is_gradient = file >= 0 && H5Lexists(file, "gradient", H5P_DEFAULT) > 0;
  if (file >= 0) H5Fclose(file);
  if (is_gradient) return VS_OK;
  return vs_fail(VS_ERR_USAGE,
                 "%s: there is an HDF5 file without a /gradient, which is not overwritten; choose "
                 "another name",
                 path);
}

vs_status vs_gradient_file_write(const char *path, const float *gradient, int height, int width) {
  char part[PATH_MAX];
  vs_status status = vs_file_part(part, sizeof part, path);
  if (status != VS_OK) return status;
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* failures are ours to tell, not HDF5's to print */
  status = check_target(path);
  if (status != VS_OK) return status;
  status = write_part(part, gradient, height, width);
  if (status == VS_OK) status = vs_file_publish(part, path);
  if (status != VS_OK) unlink(part);
  return status;
}
