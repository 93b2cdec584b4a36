/* Storing a run: its result becomes a record, which is sealed as a segment of its own; many small
 * segments become one. */
#include "sweeps/store/store.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "sweeps/store/folder/scan.h"
#include "sweeps/store/store_internal.h"

/* --- from a result to a record ---------------------------------------------------------------- */

/* Strokes are kept as a drawing. */
static bool keeps_theta(const vs_store *store, const vs_run_spec *spec,
                        const vs_run_result *result) {
  return vs_sweep_keeps_params(store->sweep) && result->theta != NULL &&
         spec->param.kind != VS_PARAM_STROKES;
}

/* Cut, if need be, before a character and not within it. */
static void copy_failure(char out[VS_ROW_FAILURE], const char *failure) {
  size_t length = failure != NULL ? strlen(failure) : 0;
  if (length >= VS_ROW_FAILURE) {
    length = VS_ROW_FAILURE - 1;
    while (length > 0 && ((unsigned char)failure[length] & 0xC0) == 0x80) length--;
  }
  if (length > 0) memcpy(out, failure, length);
  out[length] = '\0';
}

static vs_row row_of(const vs_store *store, const vs_sweep_run *run, const vs_run_result *result,
                     int rank) {
  const vs_run_spec *spec = &run->spec;
  const vs_measurements *measured = &result->measurements;
  vs_row row = {
      .index = run->index,
      .channel = spec->objective.channel,
      .lambda = spec->balance == VS_BALANCE_LAMBDA ? spec->lambda : result->lambda,
      .rho = spec->balance == VS_BALANCE_RHO ? spec->rho : NAN,
      .strength = spec->balance == VS_BALANCE_STRENGTH ? spec->strength : NAN,
      .seed = run->seed,
      .status = result->outcome,
      .rank = rank,
      .steps = result->steps,
      .seconds = result->seconds,
      .finished = vs_clock_unix_seconds(),
      .exc_first = result->exc_first,
      .exc_final = result->exc_final,
      .exc_eval = result->exc_eval,
      .style_first = result->style_first,
      .style_final = result->style_final,
      .style_eval = result->style_eval,
      .exc_best = result->exc_best,
      .exc_style = measured->exc_style,
      .exc_paper = measured->exc_paper,
      .exc_random_mean = measured->exc_random_mean,
      .exc_random_sd = measured->exc_random_sd,
      .style_floor = measured->style_floor,
      .coverage = measured->coverage,
      .edge_density = measured->edge_density,
      .gram_style = measured->gram_style,
      .pre_eval = measured->pre_eval,
      .pre_paper = measured->pre_paper,
      .pre_random_mean = measured->pre_random_mean,
      .pre_random_sd = measured->pre_random_sd,
      .ink = measured->ink,
      .paper = measured->paper,
      .exc_free = result->exc_free,
      .exc_quantized = result->exc_quantized,
      .exc_refined = result->exc_refined,
      .exc_plotted = result->exc_plotted,
      .drawn_mm = result->plot.drawn_mm,
      .travel_mm = result->plot.travel_mm,
      .lifts = result->drawing != NULL ? (double)result->plot.lifts : (double)NAN,
      .minutes = result->plot.minutes,
      .height = spec->param.height,
      .width = spec->param.width,
      .parametrization = spec->param.kind,
      .param_count = keeps_theta(store, spec, result) ? result->param_count : 0,
  };
  memcpy(row.id, run->id, sizeof row.id);
  memcpy(row.group, run->group, sizeof row.group);
  memcpy(row.layer, vs_vgg16_tap(spec->objective.tap)->name, sizeof row.layer);
  if (measured->gram_tap >= 0)
    memcpy(row.gram_tap, vs_vgg16_tap(measured->gram_tap)->name, sizeof row.gram_tap);
  memcpy(row.host, store->host, sizeof row.host);
  copy_failure(row.failure, result->failure);
  return row;
}

/* --- small segments --------------------------------------------------------------------------- */

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
static vs_segment_shape shape_of(const vs_record *record) {
  return (vs_segment_shape){.rows = 1,
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

static vs_status add_record(vs_store *store, const vs_record *record) {
  char path[PATH_MAX];
  vs_segment *segment = NULL;
  vs_segment_shape shape = shape_of(record);
  vs_status status = next_path(store, record->row.rank, path);
  if (status == VS_OK)
    status = vs_segment_create(&segment, path, &store->header, &shape,
                               vs_segment_create_max_bytes(&store->header, &shape));
  if (status == VS_OK) status = vs_segment_write_run(segment, 0, record);
  if (status == VS_OK) status = vs_segment_write_seal(segment);
  vs_segment_free(segment);
  if (status != VS_OK) return vs_status_context(status, "run %s is not stored", record->row.id);
  char *kept = strdup(path);
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

/* --- a run ------------------------------------------------------------------------------------ */

vs_status vs_store_add(vs_store *store, const vs_sweep_run *run, const vs_run_result *result,
                       int rank) {
  const vs_run_spec *spec = &run->spec;
  size_t axis_count = store->header.axis_count;
  vs_stages stages;
  vs_stages_of(spec, &stages);
  const int all_steps = vs_stages_steps(&stages);
  int step_count = vs_run_logged_steps(all_steps, spec->log_every, NULL);
  int *steps = malloc((size_t)step_count * sizeof *steps);
  vs_axis_value *axes = calloc(axis_count + 1, sizeof *axes);
  char *json = vs_canonical_of_spec(store->sweep, run->index);
  vs_drawing_arrays drawing = {0};
  vs_status status = VS_OK;
  if (steps == NULL || axes == NULL || json == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "run %s: no memory to store it", run->id);
    goto done;
  }
  vs_run_logged_steps(all_steps, spec->log_every, steps);
  for (size_t a = 0; a < axis_count; a++) vs_sweep_get_axis(store->sweep, run->index, a, &axes[a]);
  vs_record record = {
      .row = row_of(store, run, result, rank),
      .axes = axes,
      .spec = json,
      .steps = steps,
      .step_count = step_count,
      .snapshot_steps = spec->snapshot_steps,
      .snapshot_count = spec->snapshot_count,
      .final_rgb = result->final_rgb,
      .snapshots = result->snapshots,
      .theta = result->theta,
      .sketch = result->measurements.sketch,
  };
  if (result->drawing != NULL) {
    status = vs_drawing_arrays_pack(&drawing, result);
    if (status != VS_OK) goto done;
    record.drawing = &drawing;
    record.row.strokes = (int)drawing.strokes;
    record.row.stroke_points = (int)drawing.stroke_points;
    record.row.pens = (int)drawing.pens;
  }
  /* A run that failed before it was planned has no traces; otherwise they follow the schedule. */
  if (result->trace_count == step_count)
    for (int t = 0; t < VS_TRACE_COUNT; t++) record.trace[t] = result->trace[t];
  status = add_record(store, &record);
done:
  vs_drawing_arrays_clear(&drawing);
  free(json);
  free(axes);
  free(steps);
  return status;
}
