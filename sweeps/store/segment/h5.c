/* Errors, attributes and types of HDF5. */
#include "sweeps/store/segment/h5.h"

#include <assert.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(vs_h5) == sizeof(hid_t), "vs_h5 is another name of hid_t");

/* HDF5 before 1.14.1 keeps the handle of a file whose closing failed (a full disk) but frees what
 * is behind it, and crashes over it when it cleans up at exit. The store closes every file itself,
 * so that there is nothing to clean up. This has to come before the first use of HDF5 by anyone. */
__attribute__((constructor)) static void keep_hdf5_from_cleaning_up(void) {
  H5dont_atexit();
}

void vs_h5_quiet(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

static herr_t take_description(unsigned position, const H5E_error2_t *error, void *context) {
  const char **description = context;
  if (position == 0) *description = error->desc;
  return 0;
}

vs_status vs_h5_fail(vs_status status, const char *what) {
  const char *description = NULL;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_description, &description);
  if (description == NULL) return vs_fail(status, "cannot %s", what);
  /* Of "file write failed: time = ..., errno = 28, error message = 'No space left on device', ..."
   * only the reason is for people. */
  static const char mark[] = "error message = '";
  const char *reason = strstr(description, mark);
  if (reason == NULL) return vs_fail(status, "cannot %s: %s", what, description);
  reason += strlen(mark);
  return vs_fail(status, "cannot %s: %.*s", what, (int)strcspn(reason, "'"), reason);
}

vs_h5 vs_h5_access(size_t cache_bytes) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return VS_H5_NONE;
  bool good = H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
              H5Pset_cache(access, 0, 521, cache_bytes, 0.75) >= 0;
#if H5_VERSION_GE(1, 10, 7)
  good = good && H5Pset_file_locking(access, false, true) >= 0;
#endif
  if (good) return access;
  H5Pclose(access);
  return VS_H5_NONE;
}

static herr_t close_any(vs_h5 handle) {
  switch (H5Iget_type(handle)) {
  case H5I_DATASET:
    return H5Dclose(handle);
  case H5I_DATATYPE:
    return H5Tclose(handle);
  case H5I_DATASPACE:
    return H5Sclose(handle);
  case H5I_GROUP:
    return H5Gclose(handle);
  case H5I_ATTR:
    return H5Aclose(handle);
  default:
    return H5Pclose(handle);
  }
}

void vs_h5_close(vs_h5 *handle) {
  if (*handle >= 0) close_any(*handle);
  *handle = VS_H5_NONE;
}

vs_status vs_h5_finish(vs_h5 *handle, const char *what) {
  const bool is_good = *handle < 0 || close_any(*handle) >= 0;
  *handle = VS_H5_NONE;
  return is_good ? VS_OK : vs_h5_fail(VS_ERR_IO, what);
}

vs_h5 vs_h5_text_type(size_t bytes, bool is_utf8) {
  vs_h5 type = H5Tcopy(H5T_C_S1);
  if (type >= 0 && H5Tset_size(type, bytes > 0 ? bytes : H5T_VARIABLE) >= 0 &&
      H5Tset_cset(type, is_utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII) >= 0)
    return type;
  vs_h5_close(&type);
  return VS_H5_NONE;
}

vs_status vs_h5_write_texts(vs_h5 object, const char *name, const char *const *texts,
                            size_t count) {
  vs_status status = VS_OK;
  hsize_t extent = count;
  vs_h5 attribute = VS_H5_NONE;
  vs_h5 type = vs_h5_text_type(0, true);
  vs_h5 space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &extent, NULL);
  if (type >= 0 && space >= 0)
    attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0 || H5Awrite(attribute, type, texts) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write an attribute");
  else
    status = vs_h5_finish(&attribute, "write an attribute");
  vs_h5_close(&attribute);
  vs_h5_close(&space);
  vs_h5_close(&type);
  return vs_status_context(status, "%s", name);
}

vs_status vs_h5_write_text(vs_h5 object, const char *name, const char *text) {
  return vs_h5_write_texts(object, name, &text, 0);
}

vs_status vs_h5_write_mark(vs_h5 object, const char *name, const char *mark) {
  if (H5LTset_attribute_string(object, ".", name, mark) >= 0) return VS_OK;
  return vs_status_context(vs_h5_fail(VS_ERR_IO, "write an attribute"), "%s", name);
}

vs_status vs_h5_write_number(vs_h5 object, const char *name, uint64_t number) {
  vs_status status = VS_OK;
  vs_h5 attribute = VS_H5_NONE;
  vs_h5 space = H5Screate(H5S_SCALAR);
  if (space >= 0)
    attribute = H5Acreate2(object, name, H5T_NATIVE_UINT64, space, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0 || H5Awrite(attribute, H5T_NATIVE_UINT64, &number) < 0)
    status = vs_h5_fail(VS_ERR_IO, "write an attribute");
  else
    status = vs_h5_finish(&attribute, "write an attribute");
  vs_h5_close(&attribute);
  vs_h5_close(&space);
  return vs_status_context(status, "%s", name);
}

/* Opens a scalar attribute of one class; VS_H5_NONE if it is not that. */
static vs_h5 open_scalar(vs_h5 object, const char *name, H5T_class_t class) {
  if (H5Aexists(object, name) <= 0) return VS_H5_NONE;
  vs_h5 attribute = H5Aopen(object, name, H5P_DEFAULT);
  if (attribute < 0) return VS_H5_NONE;
  vs_h5 type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  bool good = type >= 0 && space >= 0 && H5Tget_class(type) == class &&
              H5Sget_simple_extent_npoints(space) == 1 &&
              (class != H5T_STRING || H5Tis_variable_str(type) > 0);
  vs_h5_close(&space);
  vs_h5_close(&type);
  if (!good) vs_h5_close(&attribute);
  return attribute;
}

vs_status vs_h5_read_text(vs_h5 object, const char *name, char **text) {
  *text = NULL;
  vs_h5 attribute = open_scalar(object, name, H5T_STRING);
  if (attribute < 0) return vs_fail(VS_ERR_FORMAT, "there is no text attribute \"%s\"", name);
  vs_status status = VS_OK;
  char *read = NULL;
  vs_h5 type = H5Aget_type(attribute); /* the character set has to be the file's own */
  if (type < 0 || H5Aread(attribute, type, &read) < 0)
    status = vs_status_context(vs_h5_fail(VS_ERR_FORMAT, "read the attribute"), "%s", name);
  if (status == VS_OK) {
    *text = strdup(read != NULL ? read : "");
    if (*text == NULL) status = vs_fail(VS_ERR_MEMORY, "no memory for the attribute %s", name);
  }
  if (read != NULL) H5free_memory(read);
  vs_h5_close(&type);
  vs_h5_close(&attribute);
  return status;
}

vs_status vs_h5_read_number(vs_h5 object, const char *name, uint64_t *number) {
  vs_h5 attribute = open_scalar(object, name, H5T_INTEGER);
  if (attribute < 0) return vs_fail(VS_ERR_FORMAT, "there is no number attribute \"%s\"", name);
  vs_status status = VS_OK;
  if (H5Aread(attribute, H5T_NATIVE_UINT64, number) < 0)
    status = vs_status_context(vs_h5_fail(VS_ERR_FORMAT, "read the attribute"), "%s", name);
  vs_h5_close(&attribute);
  return status;
}
