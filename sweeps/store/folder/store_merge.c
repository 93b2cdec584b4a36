/* Merging: everything sealed in a folder becomes sweep.h5. */
#include "sweeps/store/store.h"

#include <limits.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/store/folder/folder.h"
#include "sweeps/store/folder/lock.h"
#include "sweeps/store/folder/manifest.h"
#include "sweeps/store/folder/scan.h"
#include "sweeps/store/results_format.h"

/* Whether all there is is one merged file. */
static bool is_merged(const vs_scan *scan, const char *merged) {
  return scan->file_count == 1 && strcmp(scan->files[0].path, merged) == 0;
}

vs_status vs_store_merge(const char *folder) {
  char merged[PATH_MAX];
  vs_scan scan = {0};
  vs_segment_header header = {0};
  int lock = -1;
  vs_status status = vs_file_join(merged, sizeof merged, folder, VS_STORE_MERGED);
  if (status == VS_OK) status = vs_manifest_read(&header, folder);
  if (status == VS_OK) status = vs_lock_take(folder, &lock);
  if (status != VS_OK) goto done;
  vs_folder_remove_parts(folder);
  status = vs_scan_folder(&scan, folder);
  if (status != VS_OK || scan.count == 0 || is_merged(&scan, merged)) goto done;
  status = vs_scan_write(&scan, merged);
  if (status == VS_OK) vs_scan_remove_files(&scan, merged);
done:
  vs_lock_release(&lock);
  vs_scan_clear(&scan);
  vs_segment_header_clear(&header);
  return status;
}
