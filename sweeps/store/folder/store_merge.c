#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/store/folder/store_folder.h"
#include "sweeps/store/store.h"

vs_status vs_scan_write(vs_scan *scan, const char *path) {
  vs_segment *target;
  scan->shape.rows = scan->count;
  /* What many small files take is room enough for one that holds the same. */
  uint64_t bytes = 0;
  for (size_t f = 0; f < scan->file_count; f++) bytes += scan->files[f].stamp.bytes;
  vs_status status = vs_segment_create(&target, path, &scan->header, &scan->shape, bytes);
  for (size_t i = 0; status == VS_OK && i < scan->count; i++) {
    vs_segment *source;
    status = vs_scan_open(scan, scan->rows[i].file, &source, NULL);
    if (status == VS_OK) status = vs_segment_copy(target, i, source, scan->rows[i].at);
  }
  if (status == VS_OK) status = vs_segment_write_seal(target);
  vs_segment_free(target);
  return status;
}

/* Whether all there is is one merged file. */
static bool is_merged(const vs_scan *scan, const char *merged) {
  return scan->file_count == 1 && strcmp(scan->files[0].path, merged) == 0;
}

vs_status vs_store_merge(const char *folder) {
  char merged[PATH_MAX];
  vs_scan scan = {0};
  vs_header header = {0};
  int lock = -1;
  vs_status status = vs_file_join(merged, sizeof merged, folder, VS_STORE_MERGED);
  if (status == VS_OK) status = vs_manifest_read(&header, folder);
  if (status == VS_OK) status = vs_lock_take(folder, &lock);
  if (status != VS_OK) goto done;
  vs_store_folder_remove_parts(folder);
  status = vs_scan_folder(&scan, folder);
  if (status != VS_OK || scan.count == 0 || is_merged(&scan, merged)) goto done;
  status = vs_scan_write(&scan, merged);
  if (status == VS_OK) vs_scan_remove_files(&scan, merged);
done:
  vs_lock_release(&lock);
  vs_scan_clear(&scan);
  vs_header_clear(&header);
  return status;
}
