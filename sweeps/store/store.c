/* From a sweep and its runs to the headers and records that are stored. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/version.h"
#include "sweeps/store/folder/store_folder.h"

/* --- headers ---------------------------------------------------------------------------------- */

static vs_status take_axes(vs_header *header, const vs_sweep *sweep) {
  size_t count = vs_sweep_axis_count(sweep);
  if (count > VS_STORE_MAX_AXES)
    return vs_fail(VS_ERR_LIMIT, "%zu axes, at most %d can be stored", count, VS_STORE_MAX_AXES);
  header->axes = calloc(count + 1, sizeof *header->axes);
  if (header->axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu axes", count);
  for (size_t a = 0; a < count; a++) header->axes[a] = *vs_sweep_axis(sweep, a);
  header->axis_count = count;
  return VS_OK;
}

static vs_status header_of(vs_header *header, const vs_sweep *sweep, const vs_weights *weights) {
  char created[VS_UTC_TEXT], sha256[VS_SHA256_HEX];
  const char *text = vs_sweep_text(sweep);
  vs_clock_utc(created);
  *header = (vs_header){.planned = vs_sweep_count(sweep)};
  vs_status status = vs_sha256(text, strlen(text), sha256);
  if (status != VS_OK) return status;
  header->name = strdup(vs_sweep_name(sweep));
  header->sweep = strdup(text);
  header->sweep_sha256 = strdup(sha256);
  header->canonical = vs_canonical_of_sweep(sweep);
  header->weights_sha256 = strdup(weights->sha256);
  header->weights_family = strdup(vs_weights_family_name(weights->family));
  header->program_version = strdup(vs_version());
  header->program_commit = strdup(vs_version_commit());
  header->created = strdup(created);
  size_t count;
  const vs_header_text *texts = vs_schema_header_texts(&count);
  for (size_t i = 0; status == VS_OK && i < count; i++)
    if (texts[i].in_file_header && *vs_header_slot(header, &texts[i]) == NULL)
      status = vs_fail(VS_ERR_MEMORY, "no memory for the description of a sweep");
  if (status == VS_OK) status = take_axes(header, sweep);
  if (status != VS_OK) vs_header_clear(header);
  return status;
}

typedef vs_status open_by_header(vs_store **out, const char *folder, const vs_header *header);

static vs_status open_store(vs_store **out, const char *folder, const vs_sweep *sweep,
                            const vs_weights *weights, open_by_header *open) {
  *out = NULL;
  vs_header header;
  vs_status status = header_of(&header, sweep, weights);
  if (status == VS_OK) {
    status = open(out, folder, &header);
    vs_header_clear(&header);
  }
  if (status == VS_OK) (*out)->sweep = sweep;
  return status;
}

vs_status vs_store_create(vs_store **out, const char *folder, const vs_sweep *sweep,
                          const vs_weights *weights) {
  return open_store(out, folder, sweep, weights, vs_store_folder_create);
}

vs_status vs_store_join(vs_store **out, const char *folder, const vs_sweep *sweep,
                        const vs_weights *weights) {
  return open_store(out, folder, sweep, weights, vs_store_folder_join);
}

vs_status vs_store_check(const char *folder, const vs_sweep *sweep, const vs_weights *weights) {
  vs_header header;
  vs_status status = header_of(&header, sweep, weights);
  if (status != VS_OK) return status;
  status = vs_store_folder_check(folder, &header);
  vs_header_clear(&header);
  return status;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Strokes are kept as a drawing. */
static bool keeps_theta(const vs_store *store, const vs_run_spec *spec,
                        const vs_run_result *result) {
  return vs_sweep_keeps_params(store->sweep) && result->theta != NULL &&
         spec->param.kind != VS_PARAM_STROKES;
}

static vs_row row_of(const vs_store *store, const vs_sweep_run *run, const vs_run_result *result,
                     int rank) {
  const vs_run_spec *spec = &run->spec;
  const vs_measurements *portrait = &result->measurements;
  vs_row row = {
      .index = run->index,
      .channel = spec->objective.channel,
      .lambda = spec->by_rho ? result->lambda : spec->lambda,
      .rho = spec->by_rho ? spec->rho : NAN,
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
      .exc_style = portrait->exc_style,
      .exc_paper = portrait->exc_paper,
      .exc_random_mean = portrait->exc_random_mean,
      .exc_random_sd = portrait->exc_random_sd,
      .coverage = portrait->coverage,
      .edge_density = portrait->edge_density,
      .gram_style = portrait->gram_style,
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
  if (portrait->gram_tap >= 0)
    memcpy(row.gram_tap, vs_vgg16_tap(portrait->gram_tap)->name, sizeof row.gram_tap);
  memcpy(row.host, store->host, sizeof row.host);
  return row;
}

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
  status = vs_store_add_record(store, &record);
done:
  vs_drawing_arrays_clear(&drawing);
  free(json);
  free(axes);
  free(steps);
  return status;
}
