/* Whose folder it is, by its manifest or else by the names in it. */
#include "sweeps/store/folder/folder.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "sweeps/store/folder/manifest.h"
#include "sweeps/store/results_format.h"

static bool is_part(const char *name) {
  return vs_file_ends_in(name, ".part");
}

/* Whether a name is one that the store gives, or of its unfinished form. */
static bool is_own_name(const char *name) {
  static const char *const own[] = {VS_STORE_MANIFEST, VS_STORE_SEGMENTS, VS_STORE_MERGED,
                                    VS_STORE_LOCK, VS_STORE_PROGRESS};
  size_t length = strlen(name) - (is_part(name) ? strlen(".part") : 0);
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
    if (strlen(own[i]) == length && strncmp(name, own[i], length) == 0) return true;
  return false;
}

static bool has_segments(const char *folder) {
  char path[PATH_MAX];
  if (vs_file_join(path, sizeof path, folder, VS_STORE_SEGMENTS) != VS_OK) return false;
  DIR *stream = opendir(path);
  if (stream == NULL) return false;
  bool found = false;
  const struct dirent *entry;
  while (!found && (entry = readdir(stream)) != NULL)
    found = entry->d_name[0] != '.' && !is_part(entry->d_name);
  closedir(stream);
  return found;
}

/* A folder without a manifest may be used if it is empty, or has what a store killed at birth
 * leaves. Hidden files (of file managers and file systems) do not count. */
static vs_status check_unclaimed(const char *folder) {
  DIR *stream = opendir(folder);
  if (stream == NULL && errno == ENOENT) return VS_OK;
  if (stream == NULL)
    return vs_fail(VS_ERR_IO, "%s: cannot open the folder: %s; choose another one with --out",
                   folder, strerror(errno));
  vs_status status = VS_OK;
  const struct dirent *entry;
  while (status == VS_OK && (errno = 0, entry = readdir(stream)) != NULL) {
    const char *name = entry->d_name;
    if (name[0] == '.') continue;
    if (!is_own_name(name))
      status =
          vs_fail(VS_ERR_USAGE,
                  "%s: the folder holds other things than results (\"%s\"); choose another one "
                  "with --out",
                  folder, name);
    else if (strcmp(name, VS_STORE_MERGED) == 0 || has_segments(folder))
      status = vs_fail(VS_ERR_USAGE,
                       "%s: there are results here, but no %s that says of which sweep; choose "
                       "another folder with --out",
                       folder, VS_STORE_MANIFEST);
  }
  if (status == VS_OK && errno != 0)
    status = vs_fail(VS_ERR_IO, "%s: cannot list the folder: %s", folder, strerror(errno));
  closedir(stream);
  return status;
}

vs_status vs_folder_check_same(const char *folder, const vs_segment_header *theirs,
                               const vs_segment_header *ours) {
  vs_status status = VS_OK;
  if (strcmp(theirs->canonical, ours->canonical) != 0) {
    char *difference = vs_canonical_difference(theirs->canonical, ours->canonical);
    status = vs_fail(VS_ERR_USAGE,
                     "%s: the folder holds the results of another sweep (there -> here):\n%s\n"
                     "choose another folder with --out, or undo the change",
                     folder, difference != NULL ? difference : "");
    free(difference);
  }
  return status;
}

vs_status vs_folder_check(const char *folder, const vs_segment_header *header,
                          vs_segment_header *manifest, bool *found) {
  char path[PATH_MAX];
  *found = false;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status == VS_OK) status = vs_file_find(path, found);
  if (!*found) return status == VS_OK ? check_unclaimed(folder) : status;
  status = vs_manifest_read(manifest, folder);
  if (status == VS_OK) status = vs_folder_check_same(folder, manifest, header);
  if (status != VS_OK) vs_segment_header_clear(manifest);
  return status;
}

static void remove_parts_in(const char *folder, bool own_names_only) {
  DIR *stream = opendir(folder);
  if (stream == NULL) return;
  const int descriptor = dirfd(stream);
  assert(descriptor >= 0); /* of a stream that opendir has made */
  const struct dirent *entry;
  while ((entry = readdir(stream)) != NULL)
    if (is_part(entry->d_name) && (!own_names_only || is_own_name(entry->d_name)))
      unlinkat(descriptor, entry->d_name, 0);
  closedir(stream);
}

void vs_folder_remove_parts(const char *folder) {
  char segments[PATH_MAX];
  remove_parts_in(folder, true);
  if (vs_file_join(segments, sizeof segments, folder, VS_STORE_SEGMENTS) == VS_OK)
    remove_parts_in(segments, false);
}
