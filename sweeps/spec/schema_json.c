/* schema_json.c - the schema table as a JSON Schema (draft 7, what editors understand), so that an
 * editor completes keys and underlines mistakes while a sweep file is written. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "core/optimize/run.h"
#include "core/vgg/vgg16.h"
#include "sweeps/spec/document.h"
#include "sweeps/spec/pens.h"
#include "sweeps/spec/schema.h"

/* jansson's calls take NULL and answer with an error, so a failed allocation shows in the end: the
 * first time something cannot be set, `failed` stays true. */
typedef struct writer {
  bool failed;
} writer;

static void set(writer *write, json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, value) != 0) write->failed = true;
}

static void append(writer *write, json_t *array, json_t *value) {
  if (json_array_append_new(array, value) != 0) write->failed = true;
}

/* A bound as an integer where it is one. */
static json_t *number(double value) {
  bool whole = fabs(value) < 1e15 && floor(value) == value;
  return whole ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *typed(writer *write, const char *type) {
  json_t *schema = json_object();
  set(write, schema, "type", json_string(type));
  return schema;
}

static json_t *number_schema(writer *write, const vs_key *key, bool whole) {
  json_t *schema = typed(write, whole ? "integer" : "number");
  set(write, schema, key->min_is_out ? "exclusiveMinimum" : "minimum", number(key->min));
  if (isfinite(key->max))
    set(write, schema, key->max_is_out ? "exclusiveMaximum" : "maximum", number(key->max));
  return schema;
}

static json_t *list_schema(writer *write, json_t *items, int least, int most) {
  json_t *schema = typed(write, "array");
  set(write, schema, "items", items);
  set(write, schema, "minItems", json_integer(least));
  if (most > 0) set(write, schema, "maxItems", json_integer(most));
  return schema;
}

/* The same of values that must all differ. */
static json_t *set_schema(writer *write, json_t *items, int least, int most) {
  json_t *schema = list_schema(write, items, least, most);
  set(write, schema, "uniqueItems", json_true());
  return schema;
}

static void require(writer *write, json_t *schema, const char *property) {
  json_t *required = json_object_get(schema, "required");
  if (required == NULL) {
    required = json_array();
    set(write, schema, "required", required);
  }
  append(write, required, json_string(property));
}

/* Of two properties one at most may stand in the map. */
static void exclude(writer *write, json_t *map, const char *first, const char *second) {
  json_t *both = json_object(), *negation = json_object(), *rules = json_object_get(map, "allOf");
  require(write, both, first);
  require(write, both, second);
  set(write, negation, "not", both);
  if (rules == NULL) {
    rules = json_array();
    set(write, map, "allOf", rules);
  }
  append(write, rules, negation);
}

static json_t *any_of(writer *write, json_t *first, json_t *second) {
  json_t *schema = json_object(), *list = json_array();
  append(write, list, first);
  append(write, list, second);
  set(write, schema, "anyOf", list);
  return schema;
}

static json_t *text_schema(writer *write, const char *pattern) {
  json_t *schema = typed(write, "string");
  set(write, schema, "pattern", json_string(pattern));
  return schema;
}

static json_t *name_schema(writer *write) {
  return text_schema(write, "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$");
}

static json_t *tap_schema(writer *write) {
  json_t *schema = typed(write, "string"), *names = json_array();
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    append(write, names, json_string(vs_vgg16_tap(tap)->name));
  set(write, schema, "enum", names);
  return schema;
}

static json_t *choice_schema(writer *write, const vs_key *key) {
  json_t *schema = typed(write, "string"), *names = json_array();
  for (const vs_choice *choice = key->choices; choice->name != NULL; choice++)
    append(write, names, json_string(choice->name));
  set(write, schema, "enum", names);
  return schema;
}

static json_t *color_schema(writer *write) {
  return text_schema(write, "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$");
}

/* A map in which nothing but these properties may stand, and one of them must unless `needed` is
 * NULL. Takes the properties. */
static json_t *closed_map(writer *write, json_t *properties, const char *needed) {
  json_t *schema = typed(write, "object");
  set(write, schema, "additionalProperties", json_false());
  set(write, schema, "properties", properties);
  if (needed != NULL) require(write, schema, needed);
  return schema;
}

/* [name, color, width], or a map of these. */
static json_t *pen_schema(writer *write) {
  const vs_key width = {.min_is_out = true, .max = VS_MAX_PEN_MM};
  json_t *properties = json_object(), *triple = typed(write, "array"), *items = json_array();
  set(write, properties, "name", typed(write, "string"));
  set(write, properties, "color", color_schema(write));
  set(write, properties, "width", number_schema(write, &width, false));
  append(write, items, typed(write, "string"));
  append(write, items, color_schema(write));
  append(write, items, number_schema(write, &width, false));
  set(write, triple, "items", items);
  set(write, triple, "minItems", json_integer(3));
  set(write, triple, "maxItems", json_integer(3));
  json_t *map = closed_map(write, properties, "name");
  require(write, map, "color");
  require(write, map, "width");
  return any_of(write, map, triple);
}

static json_t *channels_schema(writer *write) {
  const vs_key channel = {.max = 511}, count = {.min = 1, .max = 512};
  json_t *range = json_object();
  set(write, range, "range", list_schema(write, number_schema(write, &count, true), 2, 3));
  json_t *from_zero = json_object_get(json_object_get(range, "range"), "items");
  set(write, from_zero, "minimum", json_integer(0));
  json_t *sample = json_object();
  set(write, sample, "sample", number_schema(write, &count, true));
  set(write, sample, "seed", number_schema(write, vs_schema_key(VS_KEY_SEED), true));
  json_t *all = json_object();
  set(write, all, "const", json_string("all"));
  json_t *listed = any_of(write, number_schema(write, &channel, true),
                          set_schema(write, number_schema(write, &channel, true), 1, 0));
  json_t *drawn =
      any_of(write, closed_map(write, range, "range"), closed_map(write, sample, "sample"));
  return any_of(write, any_of(write, all, listed), drawn);
}

/* What one value of a key looks like. */
static json_t *value_schema(writer *write, const vs_key *key) {
  switch (key->type) {
  case VS_TYPE_NAME:
    return name_schema(write);
  case VS_TYPE_PATH:
    return typed(write, "string");
  case VS_TYPE_INT:
    return number_schema(write, key, true);
  case VS_TYPE_REAL:
    return number_schema(write, key, false);
  case VS_TYPE_BOOL:
    return typed(write, "boolean");
  case VS_TYPE_CHOICE:
  case VS_TYPE_WORD:
    return choice_schema(write, key);
  case VS_TYPE_COLOR:
    return color_schema(write);
  case VS_TYPE_PENS:
    return any_of(write, typed(write, "string"),
                  list_schema(write, pen_schema(write), 1, VS_MAX_PENS));
  case VS_TYPE_TAP:
    return tap_schema(write);
  case VS_TYPE_SIZE:
    return any_of(write, number_schema(write, key, true),
                  list_schema(write, number_schema(write, key, true), 2, 2));
  case VS_TYPE_SPAN:
    return list_schema(write, number_schema(write, key, false), 2, 2);
  case VS_TYPE_TAPS:
    return set_schema(write, tap_schema(write), 1, VS_VGG_TAPS);
  case VS_TYPE_STEPS:
    return set_schema(write, number_schema(write, key, true), 0, VS_RUN_MAX_SNAPSHOTS);
  case VS_TYPE_CHANNELS:
    return channels_schema(write);
  }
  return NULL;
}

/* One value, or a list of them. */
static json_t *axis_schema(writer *write, const vs_key *key) {
  if (key->type == VS_TYPE_CHANNELS) return channels_schema(write);
  json_t *list = set_schema(write, value_schema(write, key), 1, VS_DOCUMENT_MAX_LIST);
  bool is_list = key->type == VS_TYPE_SPAN || key->type == VS_TYPE_TAPS;
  return is_list ? list : any_of(write, value_schema(write, key), list);
}

static json_t *default_of(const vs_key *key) {
  if (key->fallback == NULL) return NULL;
  json_t *plain = json_loads(key->fallback, JSON_DECODE_ANY, NULL); /* numbers, true, [1, 2] */
  if (plain != NULL) return plain;
  if (key->type == VS_TYPE_COLOR) /* in quotes, since # begins a comment */
    return json_stringn(key->fallback + 1, strlen(key->fallback) - 2);
  if (key->type != VS_TYPE_TAPS) return json_string(key->fallback);
  json_t *list = json_array(); /* [relu2_2] is no JSON: one layer, without its brackets */
  json_array_append_new(list, json_stringn(key->fallback + 1, strlen(key->fallback) - 2));
  return list;
}

/* What an editor shows beside a key. */
static json_t *description_of(const vs_key *key) {
  const char *advice = key->type == VS_TYPE_REAL ? "; exponents are best written as in 1.0e-5" : "";
  return json_sprintf("%s%s", key->doc, advice);
}

static json_t *documented(writer *write, json_t *schema, const vs_key *key, bool with_default) {
  set(write, schema, "description", description_of(key));
  json_t *fallback = with_default ? default_of(key) : NULL;
  if (fallback != NULL) set(write, schema, "default", fallback);
  return schema;
}

/* The properties of the section that a dotted path leads to, made on the way; *last is what remains
 * of the path. */
static json_t *properties_at(writer *write, json_t *root, const char *path, const char **last) {
  json_t *properties = root;
  const char *dot;
  while ((dot = strchr(path, '.')) != NULL) {
    char name[40] = "";
    memcpy(name, path, (size_t)(dot - path));
    json_t *section = json_object_get(properties, name);
    if (section == NULL) {
      section = closed_map(write, json_object(), NULL);
      set(write, properties, name, section);
    }
    properties = json_object_get(section, "properties");
    path = dot + 1;
  }
  *last = path;
  return properties;
}

enum { AXIS_NAMES = 4 }; /* of a path with at most three dots */

/* The names of an axis: its path, and each shorter end of it that names it alone. */
static size_t list_axis_names(int id, const char *names[AXIS_NAMES]) {
  const char *path = vs_schema_key(id)->path;
  bool is_grid_only = vs_schema_is_grid_only(id);
  size_t count = 0;
  for (const char *name = is_grid_only ? strchr(path, '.') + 1 : path; name != NULL;) {
    if (is_grid_only || vs_schema_find_short(name) == id) names[count++] = name;
    const char *dot = strchr(name, '.');
    name = dot != NULL ? dot + 1 : NULL;
  }
  return count;
}

/* Every axis under its path and under each shorter end of it that names it alone; one of these
 * names at a time. */
static void add_axes(writer *write, json_t *grid) {
  json_t *axes = json_object_get(grid, "properties");
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    if (key->why_no_axis != NULL) continue;
    bool is_grid_only = vs_schema_is_grid_only(id);
    const char *names[AXIS_NAMES];
    size_t count = list_axis_names(id, names);
    for (size_t i = 0; i < count; i++) {
      set(write, axes, names[i], documented(write, axis_schema(write, key), key, is_grid_only));
      for (size_t j = 0; j < i; j++) exclude(write, grid, names[j], names[i]);
    }
  }
  exclude(write, grid, "lambda", "rho");
}

/* A section that may also be written as the value of one of its keys. */
static void add_stand_ins(writer *write, json_t *root) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    if (!key->stands_for_section) continue;
    char name[40] = "";
    memcpy(name, key->path, strcspn(key->path, "."));
    json_t *map = json_incref(json_object_get(root, name));
    json_t *either = any_of(write, value_schema(write, key), map);
    set(write, root, name, documented(write, either, key, true));
  }
}

static const char about[] =
    "A sweep of vggsweep. Numbers with an exponent are best written 1.0e-5: for many readers of "
    "YAML 1e-5 is a text.";

char *vs_schema_json(void) {
  writer write = {false};
  json_t *properties = json_object();
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    if (vs_schema_is_grid_only(id)) continue;
    const char *last;
    json_t *section = properties_at(&write, properties, key->path, &last);
    set(&write, section, last, documented(&write, value_schema(&write, key), key, true));
  }
  add_stand_ins(&write, properties);
  json_t *grid = closed_map(&write, json_object(), "layer");
  require(&write, grid, "channel");
  add_axes(&write, grid);
  set(&write, properties, "grid", grid);

  json_t *schema = closed_map(&write, properties, "grid");
  set(&write, schema, "description", json_string(about));
  set(&write, schema, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
  set(&write, schema, "title", json_string("vggsweep sweep file"));
  char *text = write.failed
                   ? NULL
                   : json_dumps(schema, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
  json_decref(schema);
  return text;
}
