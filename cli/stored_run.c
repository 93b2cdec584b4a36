#include "cli/stored_run.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/tensor/blas.h"

enum { MOST_KEYS = 128 };

static bool is_point_of_grid(const char *key) {
  return strchr(key, '.') == NULL && strcmp(key, "seed") != 0;
}

/* One member of a spec as an override, "optimizer.lr=0.05". NULL without memory. */
static char *override_of(const char *key, const json_t *value) {
  char *json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
  char *text = NULL;
  const char *section = is_point_of_grid(key) ? "grid." : "";
  if (json != NULL && asprintf(&text, "%s%s=%s", section, key, json) < 0) text = NULL;
  free(json);
  return text;
}

/* A spec is a sweep of one run: every member is written as an override of an empty one. */
static vs_status parse_spec(vs_stored_run *run, const json_t *members) {
  static const char empty[] = "{}";
  char *overrides[MOST_KEYS];
  size_t count = 0;
  vs_status status = VS_OK;
  for (void *at = json_object_iter((json_t *)members); at != NULL && count < MOST_KEYS;
       at = json_object_iter_next((json_t *)members, at)) {
    const char *key = json_object_iter_key(at);
    const json_t *value = json_object_iter_value(at);
    if (strcmp(key, "objective.style.image") == 0)
      run->has_own_style = vs_identity_names_content(key, json_string_value(value));
    if (vs_identity_names_content(key, json_string_value(value))) continue;
    overrides[count] = override_of(key, value);
    if (overrides[count++] == NULL) status = vs_fail(VS_ERR_MEMORY, "no memory for a spec");
  }
  vs_sweep *sweep = NULL;
  if (status == VS_OK)
    status = vs_sweep_parse(&sweep, empty, strlen(empty), "spec", overrides, count);
  if (status == VS_OK) {
    vs_sweep_run only;
    vs_sweep_get(sweep, 0, &only);
    run->spec = only.spec;
  } else if (status == VS_ERR_USAGE) {
    status = vs_status_context(VS_ERR_FORMAT, "its spec is not understood");
  }
  vs_sweep_free(sweep);
  for (size_t i = 0; i < count; i++) free(overrides[i]);
  return status;
}

static vs_status read_spec(vs_stored_run *run, const vs_results *results, size_t row) {
  char *text = NULL;
  vs_status status = vs_results_read_spec(results, row, &text);
  if (status != VS_OK) return status;
  json_t *members = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  const char *sha256 = json_string_value(json_object_get(members, "weights.sha256"));
  if (sha256 == NULL)
    status = vs_fail(VS_ERR_FORMAT, "its spec is no JSON object with weights.sha256");
  else
    snprintf(run->weights_sha256, sizeof run->weights_sha256, "%s", sha256);
  if (status == VS_OK) status = parse_spec(run, members);
  json_decref(members);
  free(text);
  return status;
}

vs_status vs_stored_run_open(vs_stored_run *run, const vs_results *results, size_t row) {
  const vs_row *stored = vs_results_row(results, row);
  *run = (vs_stored_run){0};
  vs_status status = vs_results_read_drawing(results, row, &run->stored);
  if (status != VS_OK) return status;
  status = read_spec(run, results, row);
  if (status != VS_OK) {
    vs_stored_run_clear(run);
    return vs_status_context(status, "run %s", stored->id);
  }
  run->spec.stream = strtoull(stored->group, NULL, 16);
  run->spec.lambda = stored->lambda;
  run->spec.by_rho = false;
  run->exc_free = vs_row_exc_unplotted(stored);
  run->is_enlarged = run->exc_free != stored->exc_free;
  return VS_OK;
}

void vs_stored_run_clear(vs_stored_run *run) {
  vs_results_clear_drawing(&run->stored);
  vs_weights_clear(&run->weights);
  *run = (vs_stored_run){0};
}

vs_status vs_stored_run_load_weights(vs_stored_run *run, const char *name) {
  if (name == NULL) name = "builtin";
  vs_status status = vs_weights_load(&run->weights, name, VS_FAMILY_UNKNOWN,
                                     vs_command_last_conv(&run->spec.objective));
  if (status == VS_OK && strcmp(run->weights.sha256, run->weights_sha256) != 0)
    status = vs_fail(VS_ERR_USAGE,
                     "%s: not the weights that the run was made with (sha256 %.12s..., not "
                     "%.12s...); name them with --weights",
                     name, run->weights.sha256, run->weights_sha256);
  return status == VS_OK ? vs_blas_init() : status;
}

vs_run_spec vs_stored_run_continued(const vs_stored_run *run, size_t strokes) {
  const vs_window window = vs_stages_window(&run->spec);
  vs_run_spec spec = run->spec;
  const bool is_whole = window.height == spec.param.height && window.width == spec.param.width;
  spec.transforms.crop = is_whole ? 0 : window.height > window.width ? window.height : window.width;
  spec.multiscale.levels = 1;
  spec.param.strokes.count = (int)strokes;
  spec.param.strokes.color = VS_STROKE_FREE;
  spec.palette = (vs_palette_spec){0};
  spec.start_drawing[0] = '\0';
  spec.snapshot_count = 0;
  spec.rescue_steps = 0;
  spec.is_continued = true;
  return spec;
}

vs_status vs_stored_run_score(const vs_stored_run *run, const vs_drawing *drawing, int threads,
                              double *exc) {
  const vs_run_spec spec = vs_stored_run_continued(run, drawing->stroke_count);
  vs_run *scorer = NULL;
  vs_status status = vs_run_new(&scorer, &spec, &run->weights, VS_CONV_FAST, threads);
  if (status == VS_OK) *exc = vs_run_strokes_score(scorer, drawing);
  vs_run_free(scorer);
  return status;
}
