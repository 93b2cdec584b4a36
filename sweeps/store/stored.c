/* Marking the runs of a sweep that are stored. */
#include "sweeps/store/stored.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/store/results.h"
#include "sweeps/store/results_format.h"

void vs_stored_clear(vs_stored *stored) {
  free(stored->holds);
  free(stored->baselines);
  *stored = (vs_stored){0};
}

static vs_status mark(vs_stored *stored, const vs_row *row, const vs_sweep *sweep) {
  vs_sweep_run run;
  if (row->index >= vs_sweep_count(sweep) || stored->holds[row->index]) return VS_OK;
  vs_sweep_get(sweep, (size_t)row->index, &run);
  if (strcmp(run.id, row->id) != 0)
    return vs_fail(VS_ERR_FORMAT, "stores run %zu of the grid as %s, which is %s",
                   (size_t)row->index, row->id, run.id);
  stored->holds[row->index] = true;
  if (stored->baselines != NULL && vs_sweep_baseline(sweep, (size_t)row->index) == row->index)
    stored->baselines[vs_sweep_group(sweep, (size_t)row->index)] =
        (vs_strength_baseline){row->status, row->exc_eval, row->style_eval};
  stored->by_outcome[row->status]++;
  stored->count++;
  return VS_OK;
}

static vs_status read_folder(vs_stored *stored, const char *folder, const vs_sweep *sweep,
                             bool only_done) {
  char manifest[PATH_MAX];
  bool is_there = false;
  vs_status status = vs_file_join(manifest, sizeof manifest, folder, VS_STORE_MANIFEST);
  if (status == VS_OK) status = vs_file_find(manifest, &is_there);
  if (!is_there) return status;
  vs_results *results;
  status = vs_results_open(&results, folder);
  if (status != VS_OK) return status;
  for (size_t i = 0; i < vs_results_count(results) && status == VS_OK; i++) {
    const vs_row *row = vs_results_row(results, i);
    if (!only_done || row->status == VS_RUN_DONE)
      status = vs_status_context(mark(stored, row, sweep), "%s", folder);
  }
  vs_results_close(results);
  return status;
}

vs_status vs_stored_find(vs_stored *stored, const char *folder, const vs_sweep *sweep,
                         bool only_done) {
  const size_t runs = vs_sweep_count(sweep);
  *stored = (vs_stored){.holds = calloc(runs + 1, sizeof *stored->holds)};
  const bool has_strengths = vs_sweep_balance(sweep) == VS_BALANCE_STRENGTH;
  if (has_strengths)
    stored->baselines = calloc(vs_sweep_group_count(sweep), sizeof *stored->baselines);
  if (stored->holds == NULL || (has_strengths && stored->baselines == NULL))
    return vs_fail(VS_ERR_MEMORY, "no memory for %zu runs", runs);
  return folder != NULL ? read_folder(stored, folder, sweep, only_done) : VS_OK;
}

bool vs_stored_waits(const vs_stored *stored, const vs_sweep *sweep, size_t index) {
  if (vs_sweep_balance(sweep) != VS_BALANCE_STRENGTH) return false;
  const size_t baseline = vs_sweep_baseline(sweep, index);
  return baseline != index && !stored->holds[baseline];
}
