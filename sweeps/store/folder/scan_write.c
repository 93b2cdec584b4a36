/* Many files gathered into one. */
#include "sweeps/store/folder/scan.h"

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
