/* weights_zip.c - members of zip files by libzip. */
#include "core/vgg/weights_zip.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "core/vgg/weights_readers.h"

struct vs_weights_zip {
  zip_t *archive;
};

static vs_status fail_zip(const char *what, zip_error_t *error) {
  return vs_fail(VS_ERR_FORMAT, "%s: %s", what, zip_error_strerror(error));
}

static zip_t *open_buffer(const void *data, size_t size, zip_error_t *error) {
  zip_source_t *source = zip_source_buffer_create(data, size, 0, error);
  if (source == NULL) return NULL;
  zip_t *archive = zip_open_from_source(source, ZIP_RDONLY, error);
  if (archive == NULL) zip_source_free(source);
  return archive;
}

vs_status vs_weights_zip_open(vs_weights_zip **out, const void *data, size_t size) {
  zip_error_t error;
  vs_status status = VS_OK;
  *out = NULL;
  vs_weights_zip *self = calloc(1, sizeof *self);
  if (self == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to open a zip file");
  zip_error_init(&error);
  self->archive = open_buffer(data, size, &error);
  if (self->archive == NULL) {
    status = fail_zip("the zip file is damaged, or cut short", &error);
    free(self);
  } else {
    *out = self;
  }
  zip_error_fini(&error);
  return status;
}

void vs_weights_zip_close(vs_weights_zip *archive) {
  if (archive == NULL) return;
  zip_discard(archive->archive);
  free(archive);
}

size_t vs_weights_zip_count(const vs_weights_zip *archive) {
  const zip_int64_t count = zip_get_num_entries(archive->archive, 0);
  return count > 0 ? (size_t)count : 0;
}

const char *vs_weights_zip_name(const vs_weights_zip *archive, size_t member) {
  return zip_get_name(archive->archive, member, ZIP_FL_ENC_RAW);
}

int64_t vs_weights_zip_find(const vs_weights_zip *archive, const char *name) {
  return zip_name_locate(archive->archive, name, ZIP_FL_ENC_RAW);
}

bool vs_weights_zip_is_stored(const vs_weights_zip *archive, size_t member) {
  zip_stat_t info;
  zip_stat_init(&info);
  return zip_stat_index(archive->archive, member, 0, &info) == 0 &&
         info.comp_method == ZIP_CM_STORE && info.encryption_method == ZIP_EM_NONE &&
         info.comp_size == info.size;
}

/* One byte more than there should be is asked for: only at a member's end is its CRC compared. */
static vs_status read_whole(zip_file_t *member, const char *shown, unsigned char *bytes,
                            uint64_t size) {
  zip_int64_t got = 0;
  for (uint64_t used = 0; (got = zip_fread(member, bytes + used, size + 1 - used)) > 0;) {
    used += (uint64_t)got;
    if (used > size) return vs_fail(VS_ERR_FORMAT, "member %s is longer than it says", shown);
  }
  return got < 0 ? fail_zip(shown, zip_file_get_error(member)) : VS_OK;
}

vs_status vs_weights_zip_read(const vs_weights_zip *archive, size_t member, uint64_t limit,
                              unsigned char **content, uint64_t *size) {
  *content = NULL;
  char shown[96];
  const char *name = vs_weights_zip_name(archive, member);
  vs_weights_raw_printable(shown, sizeof shown, name != NULL ? name : "?",
                           name != NULL ? strlen(name) : 1);
  zip_stat_t info;
  zip_stat_init(&info);
  if (zip_stat_index(archive->archive, member, 0, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0)
    return vs_fail(VS_ERR_FORMAT, "member %s: the zip file does not say how large it is", shown);
  if (info.size > limit)
    return vs_fail(VS_ERR_LIMIT, "member %s has %llu bytes, at most %llu are possible", shown,
                   (unsigned long long)info.size, (unsigned long long)limit);
  unsigned char *bytes = calloc(info.size + 1, 1);
  if (bytes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for member %s", shown);
  zip_file_t *file = zip_fopen_index(archive->archive, member, 0);
  vs_status status = file != NULL ? read_whole(file, shown, bytes, info.size)
                                  : fail_zip(shown, zip_get_error(archive->archive));
  if (file != NULL) zip_fclose(file);
  if (status == VS_OK) {
    *content = bytes;
    *size = info.size;
  } else {
    free(bytes);
  }
  return status;
}
