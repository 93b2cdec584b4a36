#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/file.h"
#include "sweeps/store/folder/store_folder.h"

#include <assert.h>
/* --- whose folder is it ----------------------------------------------------------------------- */

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
  while (status == VS_OK && (entry = readdir(stream)) != NULL) {
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
  closedir(stream);
  return status;
}

static vs_status check_same(const vs_header *theirs, const vs_header *ours, const char *folder) {
  vs_status status = VS_OK;
  if (strcmp(theirs->canonical, ours->canonical) != 0) {
    char *difference = vs_canonical_difference(theirs->canonical, ours->canonical);
    status = vs_fail(VS_ERR_USAGE,
                     "%s: the folder holds the results of another sweep (there -> here):\n%s\n"
                     "choose another folder with --out, or undo the change",
                     folder, difference != NULL ? difference : "");
    free(difference);
  } else if (strcmp(theirs->weights_sha256, ours->weights_sha256) != 0 ||
             strcmp(theirs->weights_family, ours->weights_family) != 0) {
    status = vs_fail(VS_ERR_USAGE,
                     "%s: the folder holds results of other weights (there -> here):\n"
                     "weights: %.16s, pictures prepared as %s does -> %.16s, as %s does\n"
                     "choose another folder with --out, or the same weights",
                     folder, theirs->weights_sha256, theirs->weights_family, ours->weights_sha256,
                     ours->weights_family);
  }
  return status;
}

/* Checks the manifest against what is to be stored; *found tells whether there is one, which then
 * is in *manifest. */
static vs_status check_manifest(const char *folder, const vs_header *header, vs_header *manifest,
                                bool *found) {
  char path[PATH_MAX];
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  *found = status == VS_OK && vs_file_exists(path);
  if (!*found) return status == VS_OK ? check_unclaimed(folder) : status;
  status = vs_manifest_read(manifest, folder);
  if (status == VS_OK) status = check_same(manifest, header, folder);
  if (status != VS_OK) vs_header_clear(manifest);
  return status;
}

vs_status vs_store_folder_check(const char *folder, const vs_header *header) {
  vs_header manifest = {0};
  bool found;
  vs_status status = check_manifest(folder, header, &manifest, &found);
  vs_header_clear(&manifest);
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

void vs_store_folder_remove_parts(const char *folder) {
  char segments[PATH_MAX];
  remove_parts_in(folder, true);
  if (vs_file_join(segments, sizeof segments, folder, VS_STORE_SEGMENTS) == VS_OK)
    remove_parts_in(segments, false);
}

/* --- opening ---------------------------------------------------------------------------------- */

static vs_status new_store(vs_store **out, const char *folder) {
  vs_store *store = calloc(1, sizeof *store);
  if (store == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to open it", folder);
  store->lock = -1;
  gethostname(store->host, sizeof store->host - 1);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  store->opened_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  vs_status status = VS_OK;
  if (strlen(folder) == 0 || strlen(folder) >= sizeof store->folder)
    status = vs_fail(VS_ERR_USAGE, "'%s': not a usable folder name", folder);
  else
    snprintf(store->folder, sizeof store->folder, "%s", folder);
  if (status == VS_OK)
    status = vs_file_join(store->segments, sizeof store->segments, folder, VS_STORE_SEGMENTS);
  if (status != VS_OK) {
    free(store);
    return status;
  }
  *out = store;
  return VS_OK;
}

/* With the lock held: the manifest is looked at again, as another job may have come first. */
static vs_status claim(vs_store *store, const vs_header *header) {
  bool found;
  vs_status status = check_manifest(store->folder, header, &store->header, &found);
  if (status != VS_OK) return status;
  vs_store_folder_remove_parts(store->folder);
  status = vs_file_make_folder(store->segments);
  if (status != VS_OK || found) return status;
  status = vs_header_copy(&store->header, header);
  if (status == VS_OK) status = vs_manifest_write(&store->header, store->folder);
  return status;
}

vs_status vs_store_folder_create(vs_store **out, const char *folder, const vs_header *header) {
  *out = NULL;
  vs_store *store = NULL;
  vs_status status = new_store(&store, folder);
  if (status != VS_OK) return status;
  /* First without the lock, so that a refusal leaves no trace in a folder that is not ours. */
  status = vs_store_folder_check(folder, header);
  if (status == VS_OK) status = vs_file_make_folder(folder);
  if (status == VS_OK) status = vs_lock_take(folder, &store->lock);
  if (status == VS_OK) status = claim(store, header);
  if (status != VS_OK) {
    vs_store_close(store);
    return status;
  }
  *out = store;
  return VS_OK;
}

vs_status vs_store_folder_join(vs_store **out, const char *folder, const vs_header *header) {
  *out = NULL;
  vs_store *store = NULL;
  vs_status status = new_store(&store, folder);
  if (status != VS_OK) return status;
  status = vs_manifest_read(&store->header, folder);
  if (status == VS_OK) status = check_same(&store->header, header, folder);
  if (status != VS_OK) {
    vs_store_close(store);
    return status;
  }
  *out = store;
  return VS_OK;
}

void vs_store_close(vs_store *store) {
  if (store == NULL) return;
  vs_lock_release(&store->lock);
  for (size_t i = 0; i < store->small_count; i++) free(store->small[i]);
  vs_header_clear(&store->header);
  free(store);
}
