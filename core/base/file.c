/* file.c - whole files by the calls of POSIX: read at once; written beside their name, synced,
 * renamed. */
#include "core/base/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

vs_status vs_file_read(const char *path, size_t limit_bytes, char **data, size_t *size) {
  *data = NULL;
  *size = 0;
  vs_status status = VS_OK;
  char *content = NULL;
  FILE *file = fopen(path, "rb");
  struct stat info;
  if (file == NULL || fstat(fileno(file), &info) != 0) {
    status = vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    goto done;
  }
  if (!S_ISREG(info.st_mode)) {
    status = vs_fail(VS_ERR_IO, "%s: not a file", path);
    goto done;
  }
  size_t length = (size_t)info.st_size;
  if (length > limit_bytes) {
    status =
        vs_fail(VS_ERR_LIMIT, "%s: %zu bytes, at most %zu are accepted", path, length, limit_bytes);
    goto done;
  }
  content = malloc(length + 1);
  if (content == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "%s: no memory for %zu bytes", path, length);
    goto done;
  }
  if (fread(content, 1, length, file) != length) {
    status = vs_fail(VS_ERR_IO, "%s: cannot read all of it", path);
    goto done;
  }
  content[length] = '\0';
  *data = content;
  *size = length;
  content = NULL;
done:
  free(content);
  if (file != NULL) fclose(file);
  return status;
}

static vs_status sync_path(const char *path, int flags) {
  int descriptor = open(path, flags | O_CLOEXEC);
  if (descriptor < 0) return vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  vs_status status = VS_OK;
  /* Some file systems cannot sync a folder and say so with EINVAL; there is nothing more to do. */
  if (fsync(descriptor) != 0 && errno != EINVAL)
    status = vs_fail(VS_ERR_IO, "%s: cannot sync: %s", path, strerror(errno));
  close(descriptor);
  return status;
}

static vs_status sync_folder_of(const char *path) {
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return sync_path(".", O_RDONLY | O_DIRECTORY);
  size_t length = slash == path ? 1 : (size_t)(slash - path);
  if (length >= sizeof folder) return vs_fail(VS_ERR_LIMIT, "%s: the path is too long", path);
  memcpy(folder, path, length);
  folder[length] = '\0';
  return sync_path(folder, O_RDONLY | O_DIRECTORY);
}

vs_status vs_file_publish(const char *part, const char *path) {
  /* A renaming would put a file in the place of /dev/null or a pipe. */
  struct stat info;
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
    return vs_fail(VS_ERR_IO, "%s: is not a file that could be replaced", path);
  vs_status status = sync_path(part, O_RDWR);
  if (status != VS_OK) return status;
  if (rename(part, path) != 0)
    return vs_fail(VS_ERR_IO, "%s: cannot rename it to %s: %s", part, path, strerror(errno));
  return sync_folder_of(path);
}

bool vs_file_ends_in(const char *name, const char *ending) {
  size_t length = strlen(name), tail = strlen(ending);
  return length > tail && strcmp(name + length - tail, ending) == 0;
}

vs_status vs_file_part(char *part, size_t part_size, const char *path) {
  int length = snprintf(part, part_size, "%s.part", path);
  if (length < 0 || (size_t)length >= part_size)
    return vs_fail(VS_ERR_LIMIT, "%s: the path is too long", path);
  return VS_OK;
}

/* Writes all of a file beside `path`, its name into `part`; nothing is left on failure. */
static vs_status write_part(const char *path, const void *data, size_t size, char part[PATH_MAX]) {
  vs_status status = vs_file_part(part, PATH_MAX, path);
  if (status != VS_OK) return status;
  FILE *file = fopen(part, "wb");
  if (file == NULL) return vs_fail(VS_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
  bool written = fwrite(data, 1, size, file) == size;
  int problem = errno;
  if (fclose(file) != 0) {
    problem = errno;
    written = false;
  }
  if (written) return VS_OK;
  unlink(part);
  return vs_fail(VS_ERR_IO, "%s: cannot write: %s", path, strerror(problem));
}

vs_status vs_file_write(const char *path, const void *data, size_t size) {
  char part[PATH_MAX];
  vs_status status = write_part(path, data, size, part);
  if (status != VS_OK) return status;
  status = vs_file_publish(part, path);
  if (status != VS_OK) unlink(part);
  return status;
}

vs_status vs_file_write_unsynced(const char *path, const void *data, size_t size) {
  char part[PATH_MAX];
  vs_status status = write_part(path, data, size, part);
  if (status != VS_OK || rename(part, path) == 0) return status;
  status = vs_fail(VS_ERR_IO, "%s: cannot replace it: %s", path, strerror(errno));
  unlink(part);
  return status;
}

vs_status vs_file_make_folder(const char *path) {
  char partial[PATH_MAX];
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof partial)
    return vs_fail(VS_ERR_USAGE, "'%s': not a usable folder name", path);
  for (size_t i = 1; i <= length; i++) {
    if (path[i] != '/' && path[i] != '\0') continue;
    memcpy(partial, path, i);
    partial[i] = '\0';
    struct stat info;
    if (mkdir(partial, 0777) == 0) continue;
    int problem = errno;
    if (stat(partial, &info) == 0 && S_ISDIR(info.st_mode)) continue;
    return vs_fail(VS_ERR_IO, "%s: cannot create the folder: %s", partial, strerror(problem));
  }
  return VS_OK;
}

vs_status vs_file_check_kind(const char *path, const void *signature, size_t size) {
  char begin[16];
  assert(size <= sizeof begin);
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0) return VS_OK;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  const bool is_same = fread(begin, 1, size, file) == size && memcmp(begin, signature, size) == 0;
  fclose(file);
  return is_same ? VS_OK
                 : vs_fail(VS_ERR_USAGE,
                           "%s: there is a file of another kind, which is not overwritten; choose "
                           "another name",
                           path);
}

bool vs_file_exists(const char *path) {
  return access(path, F_OK) == 0;
}

vs_status vs_file_find(const char *path, bool *is_there) {
  int result;
  do result = access(path, F_OK);
  while (result != 0 && errno == EINTR);
  *is_there = result == 0;
  if (result == 0 || errno == ENOENT || errno == ENOTDIR) return VS_OK;
  return vs_fail(VS_ERR_IO, "%s: cannot tell whether it is there: %s", path, strerror(errno));
}

bool vs_file_is_same(const char *path, const char *other) {
  struct stat info, other_info;
  if (strcmp(path, other) == 0) return true;
  if (stat(path, &info) != 0 || stat(other, &other_info) != 0) return false;
  return info.st_dev == other_info.st_dev && info.st_ino == other_info.st_ino;
}

vs_status vs_file_join(char *out, size_t out_size, const char *folder, const char *name) {
  int length = snprintf(out, out_size, "%s/%s", folder, name);
  if (length < 0 || (size_t)length >= out_size)
    return vs_fail(VS_ERR_LIMIT, "%s/%s: the path is too long", folder, name);
  return VS_OK;
}
