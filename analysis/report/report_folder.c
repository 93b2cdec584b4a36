/* The folder beside the old report: begun, filled, exchanged; and what of an old one may be
 * removed. */
#include "analysis/report/report_folder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

static const char marker_text[] =
    "Written by `vggsweep report`, which removes its files here when it is run again.\n";

/* --- whose files are they --------------------------------------------------------------------- */

/* A subfolder of a report, and how its files' names end. */
typedef struct own_folder {
  const char *name, *ending;
} own_folder;
static const own_folder own_folders[] = {{VS_REPORT_PICTURES, ".jpg"},
                                         {VS_REPORT_SNAPSHOTS, ".jpg"},
                                         {VS_REPORT_DRAWINGS, ".svg"},
                                         {VS_REPORT_SHEETS, ".jpg"},
                                         {VS_REPORT_CHUNKS, ".js"}};
enum { OWN_FOLDERS = sizeof own_folders / sizeof own_folders[0] };

/* Whether a report gives its files this name; `inside` NULL: at the top. */
static bool is_own_file(const own_folder *inside, const char *name) {
  if (inside != NULL) return vs_file_ends_in(name, inside->ending);
  return strcmp(name, VS_REPORT_INDEX) == 0 || strcmp(name, VS_REPORT_LICENCES) == 0;
}

static bool is_own_folder(const char *name) {
  for (int i = 0; i < OWN_FOLDERS; i++)
    if (strcmp(own_folders[i].name, name) == 0) return true;
  return false;
}

static bool is_dots(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool has_marker(const char *folder) {
  char path[PATH_MAX];
  return vs_file_join(path, sizeof path, folder, VS_REPORT_MARKER) == VS_OK && vs_file_exists(path);
}

static bool is_empty(const char *folder) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return false;
  bool found = false;
  const struct dirent *entry;
  while (!found && (entry = readdir(stream)) != NULL) found = !is_dots(entry->d_name);
  closedir(stream);
  return !found;
}

static bool is_there(const char *path) {
  struct stat info;
  return lstat(path, &info) == 0;
}

static vs_status check_owner(const char *folder) {
  struct stat info;
  if (stat(folder, &info) != 0 ||
      (S_ISDIR(info.st_mode) && (is_empty(folder) || has_marker(folder))))
    return VS_OK;
  return vs_fail(VS_ERR_USAGE,
                 "%s: %s is there already, which is not replaced; choose another name with --out",
                 folder, S_ISDIR(info.st_mode) ? "a folder that is no report" : "something");
}

/* --- removing an old one ---------------------------------------------------------------------- */

/* Removes a report's own files from one folder; the others move to the same place in `heir`, if
 * nothing has their name there, or stay. */
static void empty_folder(const char *folder, const own_folder *inside, const char *heir) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return;
  const int descriptor = dirfd(stream);
  assert(descriptor >= 0); /* of a stream that opendir has made */
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL) {
    const char *name = entry->d_name;
    bool is_kept_for_later =
        inside == NULL && (strcmp(name, VS_REPORT_MARKER) == 0 || is_own_folder(name));
    if (is_dots(name) || is_kept_for_later) continue;
    char place[PATH_MAX];
    if (is_own_file(inside, name))
      unlinkat(descriptor, name, 0);
    else if (heir != NULL && vs_file_join(place, sizeof place, heir, name) == VS_OK &&
             !is_there(place))
      renameat(descriptor, name, AT_FDCWD, place);
  }
  closedir(stream);
}

/* Removes a report, the marker last: a kill leaves what is a report still. Files of others are
 * taken over by the report `heir` (may be NULL). False if something is left. */
static bool remove_report(const char *folder, const char *heir) {
  char sub[PATH_MAX], sub_heir[PATH_MAX];
  for (int i = 0; i < OWN_FOLDERS; i++) {
    bool fits = vs_file_join(sub, sizeof sub, folder, own_folders[i].name) == VS_OK &&
                (heir == NULL ||
                 vs_file_join(sub_heir, sizeof sub_heir, heir, own_folders[i].name) == VS_OK);
    if (!fits) return false;
    empty_folder(sub, &own_folders[i], heir != NULL ? sub_heir : NULL);
    rmdir(sub);
  }
  empty_folder(folder, NULL, heir);
  if (vs_file_join(sub, sizeof sub, folder, VS_REPORT_MARKER) != VS_OK) return false;
  unlink(sub);
  return rmdir(folder) == 0;
}

/* --- beginning -------------------------------------------------------------------------------- */

/* OUT as an absolute path without links, so that renaming it is not renaming a link. What is not
 * there yet is taken as it was written. */
static vs_status resolve(vs_report_folder *folder, const char *out) {
  char resolved[PATH_MAX];
  const char *path = realpath(out, resolved) != NULL ? resolved : out;
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length--;
  if (length == 0 || length >= sizeof folder->out)
    return vs_fail(VS_ERR_USAGE, "'%s': not a usable folder name", out);
  memcpy(folder->out, path, length);
  folder->out[length] = '\0';
  snprintf(folder->part, sizeof folder->part, "%s.part", folder->out);
  return VS_OK;
}

static vs_status make_parent(const char *path) {
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  char *slash = strrchr(parent, '/');
  if (slash == NULL || slash == parent) return VS_OK;
  *slash = '\0';
  return vs_file_make_folder(parent);
}

/* Opens the marker of .part, making it, and locks it: the sign that somebody is writing there. A
 * file system that cannot lock lets everybody in. */
static vs_status lock_part(vs_report_folder *folder) {
  char path[PATH_MAX];
  vs_status status = vs_file_join(path, sizeof path, folder->part, VS_REPORT_MARKER);
  if (status != VS_OK) return status;
  int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock < 0) return vs_fail(VS_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
  if (flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(lock);
    return vs_fail(VS_ERR_USAGE, "%s: another process is writing this report", folder->out);
  }
  folder->lock = lock;
  return VS_OK;
}

static void unlock(vs_report_folder *folder) {
  if (folder->lock >= 0) close(folder->lock);
  folder->lock = -1;
}

/* Takes away the .part of a writer that was killed. */
static vs_status clear_stale_part(vs_report_folder *folder) {
  if (!is_there(folder->part) || rmdir(folder->part) == 0) return VS_OK;
  if (!has_marker(folder->part))
    return vs_fail(VS_ERR_USAGE, "%s: is in the way: move it, or choose another name with --out",
                   folder->part);
  vs_status status = lock_part(folder);
  if (status != VS_OK) return status;
  bool removed = remove_report(folder->part, NULL);
  unlock(folder);
  return removed ? VS_OK
                 : vs_fail(VS_ERR_IO,
                           "%s: is in the way: it holds an unfinished report and other files",
                           folder->part);
}

static vs_status make_part(vs_report_folder *folder) {
  if (mkdir(folder->part, 0777) != 0)
    return vs_fail(VS_ERR_IO, "%s: cannot create the folder: %s%s", folder->part, strerror(errno),
                   errno == EACCES || errno == EROFS ? "; choose another place with --out" : "");
  vs_status status = lock_part(folder);
  if (status != VS_OK) rmdir(folder->part);
  if (status == VS_OK && write(folder->lock, marker_text, strlen(marker_text)) < 0)
    status = vs_fail(VS_ERR_IO, "%s: cannot write: %s", folder->part, strerror(errno));
  for (int i = 0; status == VS_OK && i < OWN_FOLDERS; i++) {
    char sub[PATH_MAX];
    status = vs_file_join(sub, sizeof sub, folder->part, own_folders[i].name);
    if (status == VS_OK) status = vs_file_make_folder(sub);
  }
  return status;
}

vs_status vs_report_folder_begin(vs_report_folder *folder, const char *out) {
  *folder = (vs_report_folder){.lock = -1};
  vs_status status = resolve(folder, out);
  if (status == VS_OK) status = check_owner(folder->out);
  if (status == VS_OK) status = make_parent(folder->out);
  if (status == VS_OK) status = clear_stale_part(folder);
  if (status == VS_OK) status = make_part(folder);
  if (status != VS_OK) vs_report_folder_clear(folder);
  return status;
}

void vs_report_folder_clear(vs_report_folder *folder) {
  if (folder->lock < 0) return;
  remove_report(folder->part, NULL);
  unlock(folder);
}

/* --- writing ---------------------------------------------------------------------------------- */

vs_status vs_report_folder_open(const vs_report_folder *folder, const char *name, FILE **file) {
  char path[PATH_MAX];
  *file = NULL;
  vs_status status = vs_file_join(path, sizeof path, folder->part, name);
  if (status != VS_OK) return status;
  *file = fopen(path, "wbe");
  return *file != NULL ? VS_OK : vs_fail(VS_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
}

vs_status vs_report_folder_close(const vs_report_folder *folder, const char *name, FILE *file,
                                 uint64_t *bytes) {
  errno = 0;
  bool whole = fflush(file) == 0 && !ferror(file);
  long size = ftell(file);
  int problem = errno;
  if (fclose(file) != 0) {
    problem = errno;
    whole = false;
  }
  *bytes = size > 0 ? (uint64_t)size : 0;
  return whole ? VS_OK
               : vs_fail(VS_ERR_IO, "%s/%s: cannot write all of it: %s", folder->part, name,
                         strerror(problem));
}

vs_status vs_report_folder_write(const vs_report_folder *folder, const char *name, const void *data,
                                 size_t size) {
  FILE *file;
  uint64_t bytes;
  vs_status status = vs_report_folder_open(folder, name, &file);
  if (status != VS_OK) return status;
  (void)fwrite(data, 1, size, file); /* closing tells */
  return vs_report_folder_close(folder, name, file, &bytes);
}

/* --- publishing ------------------------------------------------------------------------------- */

/* Two folders change their names: at once where the system can. */
static vs_status exchange(const char *a, const char *b) {
  if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0) return VS_OK;
  char between[PATH_MAX];
  snprintf(between, sizeof between, "%s.old", a);
  bool exchanged = rename(a, between) == 0;
  if (exchanged && rename(b, a) != 0) {
    int problem = errno;
    rename(between, a);
    errno = problem;
    exchanged = false;
  }
  if (exchanged) exchanged = rename(between, b) == 0;
  return exchanged ? VS_OK : vs_fail(VS_ERR_IO, "%s: cannot replace it: %s", a, strerror(errno));
}

vs_status vs_report_folder_publish(vs_report_folder *folder) {
  /* Somebody may have put something there meanwhile. */
  vs_status status = check_owner(folder->out);
  if (status != VS_OK) return status;
  bool replaces = has_marker(folder->out);
  if (replaces) {
    status = exchange(folder->out, folder->part);
  } else if (rename(folder->part, folder->out) != 0) {
    status = vs_fail(VS_ERR_IO, "%s: cannot rename it to %s: %s", folder->part, folder->out,
                     strerror(errno));
  }
  if (status != VS_OK) return status;
  if (replaces && !remove_report(folder->part, folder->out))
    status = vs_fail(VS_ERR_IO, "%s: the report is written, but the old one cannot be removed",
                     folder->part);
  unlock(folder);
  return status;
}
