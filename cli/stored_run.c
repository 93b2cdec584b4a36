/* stored_run.c - a spec is a sweep of one run, and read as such. */
#include "cli/stored_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/tensor/blas.h"

static vs_status read_spec(vs_stored_run *run, const vs_results *results, size_t row) {
  char *form = NULL;
  vs_sweep *sweep = NULL;
  vs_status status = vs_results_read_spec(results, row, &form);
  if (status == VS_OK) status = vs_sweep_from_canonical(&sweep, form);
  if (status == VS_OK) {
    vs_sweep_run only;
    vs_sweep_get(sweep, 0, &only);
    run->spec = only.spec;
    snprintf(run->weights_name, sizeof run->weights_name, "%s", vs_sweep_weights(sweep));
  }
  vs_sweep_free(sweep);
  free(form);
  return status;
}

/* Where results that do not say it had their weights from: what the sweep's own text names, as seen
 * from here, if there is such a file. */
static void find_file_in_sweep(vs_stored_run *run, const vs_results *results) {
  const char *text = vs_results_attribute(results, "sweep");
  vs_sweep *sweep = NULL;
  if (text != NULL && vs_sweep_parse(&sweep, text, strlen(text), "sweep.yaml", NULL, 0) == VS_OK &&
      vs_file_exists(vs_sweep_weights(sweep)))
    snprintf(run->weights_file, sizeof run->weights_file, "%s", vs_sweep_weights(sweep));
  vs_sweep_free(sweep);
}

static void find_weights(vs_stored_run *run, const vs_results *results) {
  const char *file = vs_results_attribute(results, "weights_file");
  const char *family = vs_results_attribute(results, "weights_family");
  if (family != NULL) run->family = vs_weights_family_find(family);
  if (file != NULL && file[0] != '\0')
    snprintf(run->weights_file, sizeof run->weights_file, "%s", file);
  else
    find_file_in_sweep(run, results);
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
  find_weights(run, results);
  run->has_own_style = vs_canonical_names_content("", run->spec.style_image);
  if (run->has_own_style) /* any picture does at lambda 0 */
    snprintf(run->spec.style_image, sizeof run->spec.style_image, "%s",
             vs_schema_key(VS_KEY_STYLE_IMAGE)->fallback);
  if (run->spec.stream == 0) run->spec.stream = strtoull(stored->group, NULL, 16);
  run->spec.lambda = stored->lambda;
  run->spec.balance = VS_BALANCE_LAMBDA;
  run->exc_free = vs_row_exc_unplotted(stored);
  run->is_enlarged = run->exc_free != stored->exc_free;
  return VS_OK;
}

void vs_stored_run_clear(vs_stored_run *run) {
  vs_results_clear_drawing(&run->stored);
  vs_weights_clear(&run->weights);
  *run = (vs_stored_run){0};
}

/* The name of the run's own weights: the file that the sweep read, while it is there, and else the
 * network's word. */
static vs_status choose_weights(const vs_stored_run *run, const char **name) {
  const bool is_path = run->weights_file[0] == '/';
  const char *word = vs_weights_known_name(run->weights_name);
  *name = run->weights_file;
  if (is_path && vs_file_exists(run->weights_file)) return VS_OK;
  *name = word != NULL || run->weights_file[0] == '\0' ? word : run->weights_file;
  if (*name == NULL) *name = "builtin";
  if (word != NULL || !is_path) return VS_OK;
  return vs_fail(VS_ERR_USAGE,
                 "%s: the weights of the sweep are not there any more; name them with --weights",
                 run->weights_file);
}

vs_status vs_stored_run_load_weights(vs_stored_run *run, const char *name) {
  const int last_conv = vs_objective_last_conv(&run->spec.objective);
  vs_status status = name == NULL ? choose_weights(run, &name) : VS_OK;
  if (status != VS_OK) return status;
  status = vs_weights_load(&run->weights, name, VS_FAMILY_UNKNOWN, last_conv);
  if (status == VS_ERR_USAGE && run->family != VS_FAMILY_UNKNOWN) /* the file does not tell */
    status = vs_weights_load(&run->weights, name, run->family, last_conv);
  if (status == VS_OK && strcmp(run->weights.digest, run->weights_name) != 0 &&
      strcmp(run->weights.sha256, run->weights_name) != 0)
    status = vs_fail(VS_ERR_USAGE,
                     "%s: not the weights that the run was made with (digest %.12s..., sha256 "
                     "%.12s..., not %.12s...); name them with --weights",
                     name, run->weights.digest, run->weights.sha256, run->weights_name);
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
