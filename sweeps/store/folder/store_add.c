#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/log.h"
#include "sweeps/store/folder/store_folder.h"

/* rank0003-node7-12345-17a2b3c4d5e6f708-000042.h5: rank, host, process, when the store was opened,
 * and a counter. */
static vs_status next_path(vs_store *store, int rank, char path[PATH_MAX]) {
  char host[VS_HOST];
  snprintf(host, sizeof host, "%s", store->host);
  for (char *c = host; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && *c != '-') *c = '_';
  char name[NAME_MAX];
  snprintf(name, sizeof name, "rank%04d-%s-%ld-%016llx-%06u.h5", rank, host, (long)getpid(),
           (unsigned long long)store->opened_ns, store->counter++);
  return vs_file_join(path, PATH_MAX, store->segments, name);
}

/* The shape of a file that holds one run. Its steps are borrowed. */
static vs_shape shape_of(const vs_record *record) {
  return (vs_shape){.rows = 1,
                    .steps = (int *)record->steps,
                    .step_count = record->step_count,
                    .snapshot_steps = (int *)record->snapshot_steps,
                    .snapshot_count = record->snapshot_count,
                    .height = record->row.height,
                    .width = record->row.width,
                    .params = record->row.param_count,
                    .strokes = (size_t)record->row.strokes,
                    .stroke_points = (size_t)record->row.stroke_points,
                    .pens = (size_t)record->row.pens,
                    .spec_bytes = strlen(record->spec) + 1,
                    .sketch = VS_SKETCH};
}

vs_status vs_store_add_record(vs_store *store, const vs_record *record) {
  char path[PATH_MAX];
  vs_segment *segment = NULL;
  vs_shape shape = shape_of(record);
  char *kept = NULL;
  vs_status status = next_path(store, record->row.rank, path);
  if (status == VS_OK)
    status = vs_segment_create(&segment, path, &store->header, &shape,
                               vs_segment_create_max_bytes(&store->header, &shape));
  if (status == VS_OK) status = vs_segment_write_run(segment, 0, record);
  if (status == VS_OK) status = vs_segment_write_seal(segment);
  vs_segment_free(segment);
  if (status != VS_OK) return vs_status_context(status, "run %s is not stored", record->row.id);
  kept = strdup(path);
  if (kept == NULL) return VS_OK; /* stored; it just will not be gathered before the merge */
  store->small[store->small_count++] = kept;
  if (store->small_count < VS_SEGMENT_RUNS) return VS_OK;
  if (vs_store_add_compact(store, record->row.rank) != VS_OK) {
    vs_log(VS_LOG_WARNING, "%s (nothing is lost, the merge will try again)", vs_status_message());
    while (store->small_count > 0) free(store->small[--store->small_count]);
  }
  return VS_OK;
}

vs_status vs_store_add_compact(vs_store *store, int rank) {
  if (store->small_count < 2) return VS_OK;
  char path[PATH_MAX];
  vs_scan scan = {0};
  vs_status status = vs_scan_files(&scan, store->small, store->small_count);
  if (status == VS_OK) status = next_path(store, rank, path);
  if (status == VS_OK) status = vs_scan_write(&scan, path);
  if (status == VS_OK) {
    vs_scan_remove_files(&scan, NULL);
    while (store->small_count > 0) free(store->small[--store->small_count]);
  }
  vs_scan_clear(&scan);
  return vs_status_context(status, "gathering segments");
}
