/* An open results folder: what it is a result of, and who may write into it. */
#include "sweeps/store/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/version.h"
#include "sweeps/store/folder/folder.h"
#include "sweeps/store/folder/lock.h"
#include "sweeps/store/folder/manifest.h"
#include "sweeps/store/results_format.h"
#include "sweeps/store/store_internal.h"

/* --- from a sweep to its header --------------------------------------------------------------- */

static vs_status take_axes(vs_segment_header *header, const vs_sweep *sweep) {
  size_t count = vs_sweep_axis_count(sweep);
  if (count > VS_SEGMENT_MAX_AXES)
    return vs_fail(VS_ERR_LIMIT, "%zu axes, at most %d can be stored", count, VS_SEGMENT_MAX_AXES);
  header->axes = calloc(count + 1, sizeof *header->axes);
  if (header->axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu axes", count);
  for (size_t a = 0; a < count; a++) header->axes[a] = *vs_sweep_axis(sweep, a);
  header->axis_count = count;
  return VS_OK;
}

static vs_status header_of(vs_segment_header *header, const vs_sweep *sweep,
                           const vs_weights *weights) {
  char created[VS_UTC_TEXT], sha256[VS_SHA256_HEX];
  const char *text = vs_sweep_text(sweep);
  vs_clock_utc(created);
  *header = (vs_segment_header){.planned = vs_sweep_count(sweep)};
  vs_status status = vs_sha256(text, strlen(text), sha256);
  if (status != VS_OK) return status;
  header->name = strdup(vs_sweep_name(sweep));
  header->sweep = strdup(text);
  header->sweep_sha256 = strdup(sha256);
  header->canonical = vs_canonical_of_sweep(sweep);
  header->weights_sha256 = strdup(weights->sha256);
  header->weights_family = strdup(vs_weights_family_name(vs_sweep_family(sweep)));
  header->weights_file = strdup(weights->file);
  header->program_version = strdup(vs_version());
  header->program_commit = strdup(vs_version_commit());
  header->created = strdup(created);
  for (size_t i = 0; status == VS_OK && i < VS_SEGMENT_HEADER_OF_FOLDER; i++)
    if (*vs_segment_header_text(header, i) == NULL)
      status = vs_fail(VS_ERR_MEMORY, "no memory for the description of a sweep");
  if (status == VS_OK) status = take_axes(header, sweep);
  if (status != VS_OK) vs_segment_header_clear(header);
  return status;
}

/* --- opening ---------------------------------------------------------------------------------- */

static vs_status new_store(vs_store **out, const char *folder, const vs_sweep *sweep) {
  vs_store *store = calloc(1, sizeof *store);
  if (store == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to open it", folder);
  store->sweep = sweep;
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
static vs_status claim(vs_store *store, const vs_segment_header *header) {
  bool found;
  vs_status status = vs_folder_check(store->folder, header, &store->header, &found);
  if (status != VS_OK) return status;
  vs_folder_remove_parts(store->folder);
  status = vs_file_make_folder(store->segments);
  if (status != VS_OK || found) return status;
  status = vs_segment_header_copy(&store->header, header);
  if (status == VS_OK) status = vs_manifest_write(&store->header, store->folder);
  return status;
}

static vs_status check(const char *folder, const vs_segment_header *header) {
  vs_segment_header manifest = {0};
  bool found;
  vs_status status = vs_folder_check(folder, header, &manifest, &found);
  vs_segment_header_clear(&manifest);
  return status;
}

static vs_status create(vs_store *store, const vs_segment_header *header) {
  /* First without the lock, so that a refusal leaves no trace in a folder that is not ours. */
  vs_status status = check(store->folder, header);
  if (status == VS_OK) status = vs_file_make_folder(store->folder);
  if (status == VS_OK) status = vs_lock_take(store->folder, &store->lock);
  return status == VS_OK ? claim(store, header) : status;
}

static vs_status join(vs_store *store, const vs_segment_header *header) {
  vs_status status = vs_manifest_read(&store->header, store->folder);
  return status == VS_OK ? vs_folder_check_same(store->folder, &store->header, header) : status;
}

typedef vs_status open_by_header(vs_store *store, const vs_segment_header *header);

static vs_status open_store(vs_store **out, const char *folder, const vs_sweep *sweep,
                            const vs_weights *weights, open_by_header *open) {
  vs_store *store = NULL;
  vs_segment_header header;
  *out = NULL;
  vs_status status = header_of(&header, sweep, weights);
  if (status != VS_OK) return status;
  status = new_store(&store, folder, sweep);
  if (status == VS_OK) status = open(store, &header);
  vs_segment_header_clear(&header);
  if (status != VS_OK) {
    vs_store_close(store);
    return status;
  }
  *out = store;
  return VS_OK;
}

vs_status vs_store_create(vs_store **out, const char *folder, const vs_sweep *sweep,
                          const vs_weights *weights) {
  return open_store(out, folder, sweep, weights, create);
}

vs_status vs_store_join(vs_store **out, const char *folder, const vs_sweep *sweep,
                        const vs_weights *weights) {
  return open_store(out, folder, sweep, weights, join);
}

vs_status vs_store_naming(const char *folder, vs_canonical_naming *naming) {
  vs_segment_header manifest = {0};
  char path[PATH_MAX];
  *naming = VS_CANONICAL_BY_DIGEST;
  bool is_there = false;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status == VS_OK) status = vs_file_find(path, &is_there);
  if (!is_there) return status;
  status = vs_manifest_read(&manifest, folder);
  if (status == VS_OK)
    status = vs_status_context(vs_canonical_naming_of(manifest.canonical, naming), "%s", path);
  vs_segment_header_clear(&manifest);
  return status;
}

vs_status vs_store_check(const char *folder, const vs_sweep *sweep, const vs_weights *weights) {
  vs_segment_header header;
  vs_status status = header_of(&header, sweep, weights);
  if (status != VS_OK) return status;
  status = check(folder, &header);
  vs_segment_header_clear(&header);
  return status;
}

void vs_store_close(vs_store *store) {
  if (store == NULL) return;
  vs_lock_release(&store->lock);
  for (size_t i = 0; i < store->small_count; i++) free(store->small[i]);
  vs_segment_header_clear(&store->header);
  free(store);
}
