/* sweep.c - a sweep read from its file or from its canonical form, and asked for its runs. */
#include "sweeps/spec/sweep.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/optimize/stages.h"
#include "sweeps/spec/grid.h"

static const vs_value *fixed_value(const vs_sweep *sweep, vs_key_id key) {
  return &sweep->config.slots[key].values[0];
}

static vs_status read_sweep(vs_sweep *sweep, const char *text, size_t size, const char *file_name,
                            char *const *overrides, size_t override_count) {
  vs_problems problems = {0};
  sweep->text = strndup(text != NULL ? text : "", size);
  sweep->file_name = strdup(file_name);
  problems.no_memory = sweep->text == NULL || sweep->file_name == NULL;
  vs_config_read(&sweep->config, text, size, file_name, overrides, override_count, &problems);
  if (problems.count == 0 && !problems.no_memory) vs_grid_init(sweep, &problems);
  if (problems.count == 0 && !problems.no_memory) vs_canonical_init(sweep, &problems);
  vs_status status = vs_problems_report(&problems, file_name);
  vs_problems_clear(&problems);
  return status;
}

vs_status vs_sweep_parse(vs_sweep **out, const char *text, size_t size, const char *file_name,
                         char *const *overrides, size_t override_count) {
  *out = NULL;
  vs_sweep *sweep = calloc(1, sizeof *sweep);
  if (sweep == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to read it", file_name);
  vs_status status = read_sweep(sweep, text, size, file_name, overrides, override_count);
  if (status != VS_OK) {
    vs_sweep_free(sweep);
    return status;
  }
  sweep->family = (vs_family)(int)fixed_value(sweep, VS_KEY_WEIGHTS_FAMILY)->numbers[0];
  *out = sweep;
  return VS_OK;
}

vs_status vs_sweep_read(vs_sweep **out, const char *path, char *const *overrides,
                        size_t override_count) {
  *out = NULL;
  char *text = NULL;
  size_t size = 0;
  vs_status status = vs_file_read(path, VS_SWEEP_MAX_BYTES, &text, &size);
  if (status == VS_OK) status = vs_sweep_parse(out, text, size, path, overrides, override_count);
  free(text);
  return status;
}

/* The overrides that the form says make a sweep of one layer and channel each; then the grid. */
static vs_status read_form(vs_sweep **out, const vs_json_tree *form) {
  char *settings[VS_KEY_COUNT];
  size_t count;
  vs_status status = vs_canonical_settings(form, settings, &count);
  if (status == VS_OK) status = vs_sweep_parse(out, NULL, 0, "form", settings, count);
  if (status == VS_OK) status = vs_canonical_take_grid(*out, form);
  for (size_t i = 0; i < count; i++) free(settings[i]);
  return status == VS_ERR_USAGE ? VS_ERR_FORMAT : status;
}

vs_status vs_sweep_from_canonical(vs_sweep **out, const char *form) {
  vs_json_tree *tree = NULL;
  *out = NULL;
  vs_status status = vs_json_tree_parse(&tree, form, strlen(form));
  if (status == VS_OK) status = read_form(out, tree);
  vs_json_tree_free(tree);
  if (status == VS_OK) return VS_OK;
  vs_sweep_free(*out);
  *out = NULL;
  return vs_status_context(status, "a canonical form that is not understood");
}

void vs_sweep_free(vs_sweep *sweep) {
  if (sweep == NULL) return;
  vs_config_clear(&sweep->config);
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    free(sweep->born[id]);
    free(sweep->defaults[id]);
  }
  free(sweep->first_run);
  free(sweep->text);
  free(sweep->file_name);
  free(sweep);
}

const char *vs_sweep_name(const vs_sweep *sweep) {
  return fixed_value(sweep, VS_KEY_NAME)->text;
}

const char *vs_sweep_text(const vs_sweep *sweep) {
  return sweep->text;
}

const char *vs_sweep_weights(const vs_sweep *sweep) {
  return fixed_value(sweep, VS_KEY_WEIGHTS_FILE)->resolved;
}

vs_family vs_sweep_family(const vs_sweep *sweep) {
  return sweep->family;
}

bool vs_sweep_keeps_params(const vs_sweep *sweep) {
  return fixed_value(sweep, VS_KEY_LOG_PARAMS)->numbers[0] != 0;
}

/* The values that the runs of a group differ in. */
static const vs_config_slot *balance_slot(const vs_sweep *sweep) {
  return &sweep->config.slots[sweep->config.balance];
}

static size_t find_weight_0(const vs_sweep *sweep) {
  const vs_config_slot *weights = balance_slot(sweep);
  for (size_t i = 0; i < weights->count; i++)
    if (weights->values[i].numbers[0] == 0) return i;
  return SIZE_MAX;
}

bool vs_sweep_has_baseline(const vs_sweep *sweep) {
  return find_weight_0(sweep) != SIZE_MAX;
}

vs_run_balance vs_sweep_balance(const vs_sweep *sweep) {
  if (sweep->config.balance == VS_KEY_RHO) return VS_BALANCE_RHO;
  return sweep->config.balance == VS_KEY_STRENGTH ? VS_BALANCE_STRENGTH : VS_BALANCE_LAMBDA;
}

/* Whether strokes of these widths are plotted much finer or broader than they are optimized. */
static bool disagree(const vs_run_spec *spec, double mm_per_px, double *finest, double *broadest) {
  static const double by_a_third = 4.0 / 3.0;
  const vs_pen_set *pens = &spec->palette.pens;
  *finest = *broadest = pens->count > 0 ? pens->pens[0].width_mm : spec->plot.pen_mm;
  for (int k = 1; k < pens->count; k++) {
    *finest = fmin(*finest, pens->pens[k].width_mm);
    *broadest = fmax(*broadest, pens->pens[k].width_mm);
  }
  const vs_strokes_spec *strokes = &spec->param.strokes;
  return *finest > 0.0 && (strokes->width_max * mm_per_px > *broadest * by_a_third ||
                           strokes->width_min * mm_per_px < *finest / by_a_third);
}

/* Of the first drawing. */
static void warn_of_widths(const vs_sweep *sweep) {
  enum { LOOKED_AT = 1000 };
  const size_t count = vs_sweep_count(sweep);
  for (size_t i = 0; i < count && i < LOOKED_AT; i++) {
    vs_sweep_run run;
    vs_sweep_get(sweep, i, &run);
    if (run.spec.param.kind != VS_PARAM_STROKES) continue;
    const double mm_per_px = vs_stages_mm_per_px(&run.spec);
    const vs_strokes_spec *strokes = &run.spec.param.strokes;
    double finest, broadest;
    if (!vs_stages_by_pen(&run.spec) && disagree(&run.spec, mm_per_px, &finest, &broadest))
      vs_log(VS_LOG_WARNING,
             "strokes.width: %.3g to %.3g px are %.2g to %.2g mm on the sheet, where pens draw "
             "%.2g to %.2g mm; width: pen makes them alike",
             strokes->width_min, strokes->width_max, strokes->width_min * mm_per_px,
             strokes->width_max * mm_per_px, finest, broadest);
    return;
  }
}

void vs_sweep_warn(const vs_sweep *sweep) {
  const char *left_out = sweep->config.snapshots_left_out;
  if (left_out[0] != '\0')
    vs_log(VS_LOG_WARNING,
           "log.snapshots: %s left out, beyond the end of runs that --set made shorter", left_out);
  if (!vs_sweep_has_baseline(sweep))
    vs_log(VS_LOG_WARNING,
           "no baseline: 0 is not in grid.%s, so exc_gain and effect will not be known",
           vs_run_balance_words[vs_sweep_balance(sweep)]);
  if (sweep->config.strength_0_added)
    vs_log(VS_LOG_WARNING,
           "grid.strength: 0 added, since the others take their lambda from the run of strength 0");
  warn_of_widths(sweep);
}

vs_status vs_sweep_name_folder(const vs_sweep *sweep, const char *given, char *out, size_t size) {
  if (given == NULL) return vs_file_join(out, size, "results", vs_sweep_name(sweep));
  size_t length = strlen(given);
  while (length > 1 && given[length - 1] == '/') length--;
  if (length == 0) return vs_fail(VS_ERR_USAGE, "--out: the name is empty");
  if (length >= size) return vs_fail(VS_ERR_USAGE, "--out: the name is too long");
  snprintf(out, size, "%.*s", (int)length, given);
  return VS_OK;
}

static int deepest_conv(const vs_config_slot *slot) {
  int deepest = 0;
  for (size_t i = 0; i < slot->count; i++) {
    for (size_t j = 0; j < slot->values[i].count; j++) {
      int conv = vs_vgg16_tap((int)slot->values[i].numbers[j])->conv;
      if (conv > deepest) deepest = conv;
    }
  }
  return deepest;
}

int vs_sweep_last_conv(const vs_sweep *sweep) {
  int layer = deepest_conv(&sweep->config.slots[VS_KEY_LAYER]);
  int style = deepest_conv(&sweep->config.slots[VS_KEY_STYLE_LAYERS]);
  return layer > style ? layer : style;
}

/* Puts before a failure to load the sweep's own weights where they are named. */
static vs_status place_weights_error(const vs_sweep *sweep, vs_status status) {
  vs_mark mark = fixed_value(sweep, VS_KEY_WEIGHTS_FILE)->mark;
  if (mark.source == VS_SOURCE_DEFAULT) return status;
  if (mark.source > VS_SOURCE_FILE) return vs_status_context(status, "--set weights");
  return vs_status_context(status, "%s:%d:%d: weights", sweep->file_name, mark.line, mark.column);
}

vs_status vs_sweep_load_weights(const vs_sweep *sweep, const char *file, vs_family family,
                                vs_weights *weights) {
  if (family == VS_FAMILY_UNKNOWN) family = sweep->family;
  const int last_conv = vs_sweep_last_conv(sweep);
  if (file != NULL) return vs_weights_load(weights, file, family, last_conv);
  return place_weights_error(sweep,
                             vs_weights_load(weights, vs_sweep_weights(sweep), family, last_conv));
}

/* Before they are bound, as many as there can be: for what a run costs. */
static vs_pen_set pens_at(const vs_sweep *sweep, const vs_point *point) {
  const vs_value *value = vs_grid_value(sweep, point, VS_KEY_PALETTE_PENS);
  if (value->pens != NULL) return *value->pens;
  return (vs_pen_set){.count = strcmp(value->resolved, "none") == 0 ? 0 : VS_MAX_PENS};
}

void vs_sweep_get(const vs_sweep *sweep, size_t index, vs_sweep_run *run) {
  *run = (vs_sweep_run){.index = index};
  vs_point point = vs_grid_point(sweep, index);
  for (int id = 0; id < VS_KEY_COUNT; id++)
    if (sweep->config.slots[id].count > 0)
      vs_value_place(vs_grid_value(sweep, &point, id), vs_schema_key(id), &run->spec);
  run->seed = (uint64_t)vs_grid_value(sweep, &point, VS_KEY_SEED)->numbers[0];
  run->spec.objective.channel = vs_grid_channel(sweep, &point);
  run->spec.palette.pens = pens_at(sweep, &point);
  run->spec.balance = vs_sweep_balance(sweep);
  run->spec.strength_unit = NAN;
  run->spec.stream = vs_identity_fill(sweep, &point, run->id, run->group);
}

size_t vs_sweep_count(const vs_sweep *sweep) {
  return vs_grid_count(sweep);
}

size_t vs_sweep_group_count(const vs_sweep *sweep) {
  return vs_grid_count(sweep) / balance_slot(sweep)->count;
}

size_t vs_sweep_group(const vs_sweep *sweep, size_t index) {
  return index / balance_slot(sweep)->count; /* it is the fastest axis */
}

size_t vs_sweep_baseline(const vs_sweep *sweep, size_t index) {
  const size_t at = find_weight_0(sweep);
  return at == SIZE_MAX ? at : vs_sweep_group(sweep, index) * balance_slot(sweep)->count + at;
}

size_t vs_sweep_axis_count(const vs_sweep *sweep) {
  return sweep->axis_count;
}

const vs_axis *vs_sweep_axis(const vs_sweep *sweep, size_t axis) {
  assert(axis < sweep->axis_count);
  return &sweep->axes[axis];
}

void vs_sweep_get_axis(const vs_sweep *sweep, size_t index, size_t axis, vs_axis_value *value) {
  assert(axis < sweep->axis_count);
  vs_point point = vs_grid_point(sweep, index);
  const vs_value *chosen = vs_grid_value(sweep, &point, sweep->axis_keys[axis]);
  value->number = sweep->axes[axis].is_number ? chosen->numbers[0] : NAN;
  snprintf(value->text, sizeof value->text, "%s", chosen->text);
}
