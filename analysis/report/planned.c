#include "analysis/report/planned.h"

#include <assert.h>
#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_AXES 64 /* a sweep file has half as many keys */

/* The channels of one layer, and its place among all runs. */
typedef struct layer {
  const char *name; /* of form */
  int *channels;    /* owned */
  size_t count, first_run;
} layer;

struct vs_planned {
  json_t *form; /* the canonical form, owned */
  layer *layers;
  size_t layer_count;
  const json_t
      *axes[MAX_AXES + 2]; /* lists behind the channel, slowest first: axes, seed, weight */
  size_t axis_count;       /* with seed and weight */
  size_t runs_per_channel;
  const vs_results *results;
};

static vs_status damaged(void) {
  return vs_fail(VS_ERR_FORMAT, "the canonical form of the sweep is damaged");
}

/* --- channels: "0..63, 70" -------------------------------------------------------------------- */

static bool add_channels(layer *l, long from, long to) {
  if (from < 0 || to < from || to >= VS_GRID_MAX_RUNS ||
      l->count + (size_t)(to - from) >= VS_GRID_MAX_RUNS)
    return false;
  int *grown = realloc(l->channels, (l->count + (size_t)(to - from) + 1) * sizeof *grown);
  if (grown == NULL) return false;
  l->channels = grown;
  for (long c = from; c <= to; c++) l->channels[l->count++] = (int)c;
  return true;
}

static bool read_channels(layer *l, const char *text) {
  while (*text != '\0') {
    char *end;
    if (!isdigit((unsigned char)*text)) return false;
    long from = strtol(text, &end, 10), to = from;
    if (strncmp(end, "..", 2) == 0) to = strtol(end + 2, &end, 10);
    if (!add_channels(l, from, to)) return false;
    text = end + strspn(end, ", ");
  }
  return l->count > 0;
}

static bool read_layers(vs_planned *planned) {
  const json_t *names = json_object_get(planned->form, "grid.layer");
  const json_t *channels = json_object_get(planned->form, "grid.channel");
  planned->layers = calloc(json_array_size(names) + 1, sizeof *planned->layers);
  if (planned->layers == NULL) return false;
  size_t runs = 0;
  for (size_t i = 0; i < json_array_size(names); i++) {
    layer *l = &planned->layers[planned->layer_count++];
    l->name = json_string_value(json_array_get(names, i));
    const char *list =
        l->name != NULL ? json_string_value(json_object_get(channels, l->name)) : NULL;
    if (list == NULL || !read_channels(l, list)) return false;
    l->first_run = runs;
    runs += l->count * planned->runs_per_channel;
  }
  return runs == vs_results_planned(planned->results);
}

/* --- axes ------------------------------------------------------------------------------------- */

static bool add_axis(vs_planned *planned, const json_t *list) {
  size_t values = json_array_size(list);
  if (values == 0 || values > VS_GRID_MAX_RUNS || planned->axis_count >= MAX_AXES + 2) return false;
  planned->axes[planned->axis_count++] = list;
  planned->runs_per_channel *= values;
  return planned->runs_per_channel <= VS_GRID_MAX_RUNS;
}

static bool read_axes(vs_planned *planned) {
  const json_t *order = json_object_get(planned->form, "grid.order");
  size_t count = json_array_size(order);
  if (count != vs_results_axis_count(planned->results) || count > MAX_AXES) return false;
  for (size_t i = 0; i < count; i++) {
    char key[128];
    const char *name = json_string_value(json_array_get(order, i));
    if (name == NULL || strcmp(name, vs_results_axis(planned->results, i)->name) != 0) return false;
    snprintf(key, sizeof key, "grid.%s", name);
    if (!add_axis(planned, json_object_get(planned->form, key))) return false;
  }
  return true;
}

/* Seed and weight come last. A seed that is no axis is a list of one. */
static bool read_seed_and_weight(vs_planned *planned) {
  json_t *form = planned->form;
  if (json_object_get(form, "grid.seed") == NULL &&
      json_object_set_new(form, "grid.seed", json_pack("[O]", json_object_get(form, "seed"))) != 0)
    return false;
  const json_t *rho = json_object_get(form, "grid.rho");
  return add_axis(planned, json_object_get(form, "grid.seed")) &&
         add_axis(planned, rho != NULL ? rho : json_object_get(form, "grid.lambda"));
}

/* --- the whole -------------------------------------------------------------------------------- */

vs_status vs_planned_new(vs_planned **out, const vs_results *results) {
  *out = NULL;
  const char *canonical = vs_results_attribute(results, "canonical");
  vs_planned *planned = calloc(1, sizeof *planned);
  if (planned == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a grid");
  planned->results = results;
  planned->runs_per_channel = 1;
  planned->form = canonical != NULL ? json_loads(canonical, 0, NULL) : NULL;
  if (!json_is_object(planned->form) || !read_axes(planned) || !read_seed_and_weight(planned) ||
      !read_layers(planned)) {
    vs_planned_free(planned);
    return damaged();
  }
  *out = planned;
  return VS_OK;
}

void vs_planned_free(vs_planned *planned) {
  if (planned == NULL) return;
  for (size_t i = 0; i < planned->layer_count; i++) free(planned->layers[i].channels);
  free(planned->layers);
  json_decref(planned->form);
  free(planned);
}

static const layer *layer_of(const vs_planned *planned, size_t index) {
  size_t i = planned->layer_count;
  while (planned->layers[i - 1].first_run > index) i--;
  return &planned->layers[i - 1];
}

/* The value of list `axis` behind the channel: a digit of the index, the last one fastest. */
static const json_t *digit(const vs_planned *planned, size_t index, size_t axis) {
  size_t rest = (index - layer_of(planned, index)->first_run) % planned->runs_per_channel;
  for (size_t i = planned->axis_count; i-- > axis + 1;) rest /= json_array_size(planned->axes[i]);
  return json_array_get(planned->axes[axis], rest % json_array_size(planned->axes[axis]));
}

void vs_planned_get(const vs_planned *planned, size_t index, vs_planned_run *run) {
  assert(index < vs_results_planned(planned->results));
  const layer *l = layer_of(planned, index);
  size_t last = planned->axis_count - 1;
  *run =
      (vs_planned_run){.layer = l->name,
                       .channel = l->channels[(index - l->first_run) / planned->runs_per_channel],
                       .weight = json_number_value(digit(planned, index, last)),
                       .seed = (uint64_t)json_number_value(digit(planned, index, last - 1))};
}

void vs_planned_axis_value(const vs_planned *planned, size_t index, size_t axis,
                           vs_axis_value *value) {
  assert(axis + 2 < planned->axis_count);
  const json_t *json = digit(planned, index, axis);
  char *text = json_is_string(json) ? NULL : json_dumps(json, JSON_ENCODE_ANY);
  *value = (vs_axis_value){.number = json_is_number(json) ? json_number_value(json) : NAN};
  snprintf(value->text, sizeof value->text, "%s",
           json_is_string(json) ? json_string_value(json)
           : text != NULL       ? text
                                : "");
  free(text);
}
