/* zip_bytes.h - zip files made in memory by libzip, for the tests of readers of archives. */
#ifndef VS_TESTS_SUPPORT_ZIP_BYTES_H
#define VS_TESTS_SUPPORT_ZIP_BYTES_H

#include <stdbool.h>
#include <zip.h>

#include "tests/support/weight_bytes.h"

typedef struct member {
  const char *name;
  const void *data;
  size_t size;
  bool compressed;
} member;

/* Writes an archive with libzip, which puts the sizes into local headers too; torch's own files are
 * read in tests/cli/weights_formats.py. */
static inline void make_zip(bytes *out, const member *members, size_t count) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
  assert_non_null(source);
  zip_source_keep(source);
  zip_t *archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  assert_non_null(archive);
  for (size_t i = 0; i < count; i++) {
    zip_source_t *content = zip_source_buffer(archive, members[i].data, members[i].size, 0);
    zip_int64_t index = zip_file_add(archive, members[i].name, content, 0);
    assert_true(index >= 0);
    zip_int32_t method = members[i].compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
    assert_int_equal(zip_set_file_compression(archive, (zip_uint64_t)index, method, 0), 0);
    /* a fixed time: the same bytes every day */
    assert_int_equal(zip_file_set_dostime(archive, (zip_uint64_t)index, 0, 0x5821, 0), 0);
  }
  assert_int_equal(zip_close(archive), 0);
  assert_int_equal(zip_source_open(source), 0);
  zip_int64_t size = zip_source_read(source, out->data, sizeof out->data);
  assert_true(size > 0);
  out->size = (size_t)size;
  zip_source_close(source);
  zip_source_free(source);
  zip_error_fini(&error);
}

#endif
