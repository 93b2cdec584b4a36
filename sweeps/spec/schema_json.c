/* schema_json.c - the schema table as a JSON Schema (draft 7, what editors understand), so that an
 * editor completes keys and underlines mistakes while a sweep file is written. */
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/optimize/run.h"
#include "core/vgg/vgg16.h"
#include "sweeps/spec/document.h"
#include "sweeps/spec/pens.h"
#include "sweeps/spec/schema.h"

/* --- schemas of values ------------------------------------------------------------------------ */

typedef struct schema {
  char text[4096]; /* a JSON object */
} schema;

/* printf, in which ' stands for ". */
static schema make(const char *format, ...) __attribute__((format(printf, 1, 2)));
static schema make(const char *format, ...) {
  schema made;
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(made.text, sizeof made.text, format, arguments);
  va_end(arguments);
  assert(length > 0 && (size_t)length < sizeof made.text);
  (void)length; /* without assertions */
  for (char *c = made.text; *c != '\0'; c++)
    if (*c == '\'') *c = '"';
  return made;
}

static schema number_of(const vs_key *key, bool whole) {
  char most[64] = "";
  if (isfinite(key->max))
    snprintf(most, sizeof most, ", '%s': %.15g", key->max_is_out ? "exclusiveMaximum" : "maximum",
             key->max);
  return make("{'type': '%s', '%s': %.15g%s}", whole ? "integer" : "number",
              key->min_is_out ? "exclusiveMinimum" : "minimum", key->min, most);
}

static schema list_of(schema items, int least, int most) {
  return make("{'type': 'array', 'items': %s, 'minItems': %d, 'maxItems': %d}", items.text, least,
              most);
}

/* The same of values that must all differ. */
static schema set_of(schema items, int least, int most) {
  return make("{'type': 'array', 'items': %s, 'minItems': %d, 'maxItems': %d, 'uniqueItems': true}",
              items.text, least, most);
}

static schema any_of(schema first, schema second) {
  return make("{'anyOf': [%s, %s]}", first.text, second.text);
}

/* A text that is one of these, or has a pattern. */
static schema one_of(const char *const *names, size_t count) {
  char list[1024] = "";
  size_t used = 0;
  for (size_t i = 0; i < count; i++)
    used +=
        (size_t)snprintf(list + used, sizeof list - used, "%s'%s'", i > 0 ? ", " : "", names[i]);
  assert(used < sizeof list);
  return make("{'type': 'string', 'enum': [%s]}", list);
}

static schema tap(void) {
  const char *names[VS_VGG_TAPS];
  for (int i = 0; i < VS_VGG_TAPS; i++) names[i] = vs_vgg16_tap(i)->name;
  return one_of(names, VS_VGG_TAPS);
}

static schema color(void) {
  return make("{'type': 'string', 'pattern': '^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$'}");
}

/* [name, color, width], or a map of these. */
static schema pen(void) {
  const vs_key width = {.min_is_out = true, .max = VS_MAX_PEN_MM};
  const schema c = color(), w = number_of(&width, false);
  return make("{'anyOf': [{'type': 'object', 'additionalProperties': false, 'properties': "
              "{'name': {'type': 'string'}, 'color': %s, 'width': %s}, "
              "'required': ['name', 'color', 'width']}, "
              "{'type': 'array', 'items': [{'type': 'string'}, %s, %s], 'minItems': 3, "
              "'maxItems': 3}]}",
              c.text, w.text, c.text, w.text);
}

static schema channels(void) {
  const vs_key channel = {.max = 511}, bound = {.max = 512}, count = {.min = 1, .max = 512};
  const schema one = number_of(&channel, true), range = list_of(number_of(&bound, true), 2, 3);
  const schema sample = number_of(&count, true), seed = number_of(vs_schema_key(VS_KEY_SEED), true);
  return make("{'anyOf': [{'anyOf': [{'const': 'all'}, {'anyOf': [%s, "
              "{'type': 'array', 'items': %s, 'minItems': 1, 'uniqueItems': true}]}]}, {'anyOf': ["
              "{'type': 'object', 'additionalProperties': false, 'properties': {'range': %s}, "
              "'required': ['range']}, "
              "{'type': 'object', 'additionalProperties': false, 'properties': {'sample': %s, "
              "'seed': %s}, 'required': ['sample']}]}]}",
              one.text, one.text, range.text, sample.text, seed.text);
}

/* What one value of a key looks like. */
static schema value_of(const vs_key *key) {
  switch (key->type) {
  case VS_TYPE_NAME:
    return make("{'type': 'string', 'pattern': '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'}");
  case VS_TYPE_PATH:
    return make("{'type': 'string'}");
  case VS_TYPE_INT:
    return number_of(key, true);
  case VS_TYPE_REAL:
    return number_of(key, false);
  case VS_TYPE_BOOL:
    return make("{'type': 'boolean'}");
  case VS_TYPE_CHOICE:
  case VS_TYPE_WORD:
    return one_of(key->choices, vs_words_count(key->choices));
  case VS_TYPE_COLOR:
    return color();
  case VS_TYPE_PENS:
    return any_of(make("{'type': 'string'}"), list_of(pen(), 1, VS_MAX_PENS));
  case VS_TYPE_TAP:
    return tap();
  case VS_TYPE_SIZE:
    return any_of(number_of(key, true), list_of(number_of(key, true), 2, 2));
  case VS_TYPE_SPAN:
    if (key->choices == NULL) return list_of(number_of(key, false), 2, 2);
    return any_of(list_of(number_of(key, false), 2, 2),
                  one_of(key->choices, vs_words_count(key->choices)));
  case VS_TYPE_TAPS:
    return set_of(tap(), 1, VS_VGG_TAPS);
  case VS_TYPE_WEIGHTS:
    return list_of(number_of(key, false), 0, VS_VGG_TAPS);
  case VS_TYPE_STEPS:
    return set_of(number_of(key, true), 0, VS_RUN_MAX_SNAPSHOTS);
  case VS_TYPE_CHANNELS:
    break;
  }
  return channels();
}

/* One value, or a list of them. */
static schema axis_of(const vs_key *key) {
  if (key->type == VS_TYPE_CHANNELS) return channels();
  const schema list = set_of(value_of(key), 1, VS_DOCUMENT_MAX_LIST);
  const bool is_list =
      key->type == VS_TYPE_SPAN || key->type == VS_TYPE_TAPS || key->type == VS_TYPE_WEIGHTS;
  return is_list ? list : any_of(value_of(key), list);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void print_default(FILE *out, const vs_key *key) {
  const char *text = key->fallback;
  if (text == NULL) return;
  fputs(", \"default\": ", out);
  if (key->type == VS_TYPE_TAPS) /* [relu2_2] is no JSON: one layer */
    fprintf(out, "[\"%.*s\"]", (int)strlen(text) - 2, text + 1);
  else if (key->type == VS_TYPE_COLOR) /* in quotes, since # begins a comment */
    fprintf(out, "\"%.*s\"", (int)strlen(text) - 2, text + 1);
  else if (strchr("-0123456789[", text[0]) != NULL || key->type == VS_TYPE_BOOL)
    fputs(text, out);
  else
    vs_json_print_text(out, text);
}

/* Ends the schema of a key with what an editor shows beside it. */
static void print_doc(FILE *out, const vs_key *key, bool with_default) {
  const char *advice = key->type == VS_TYPE_REAL ? "; exponents are best written as in 1.0e-5" : "";
  char text[400];
  snprintf(text, sizeof text, "%s%s", key->doc, advice);
  fputs(", \"description\": ", out);
  vs_json_print_text(out, text);
  if (with_default) print_default(out, key);
  putc('}', out);
}

static void print_key(FILE *out, const char *comma, const char *name, schema value,
                      const vs_key *key, bool with_default) {
  fprintf(out, "%s\n\"%s\": %.*s", comma, name, (int)strlen(value.text) - 1, value.text);
  print_doc(out, key, with_default);
}

/* A map in which nothing but the properties may stand that are written up to its brackets' end. */
static const char open_map[] = "{\"type\": \"object\", \"additionalProperties\": false, "
                               "\"properties\": {";

/* Whether an earlier key has the same `length` characters of its path. */
static bool is_begun(int id, size_t length) {
  for (int i = 0; i < id; i++)
    if (strncmp(vs_schema_key(i)->path, vs_schema_key(id)->path, length) == 0) return true;
  return false;
}

/* The keys of a section ("objective.", "" for the file) and the sections in it, but for the grid. A
 * section may also be written as the value of one of its keys. */
static void print_section(FILE *out, const char *section) {
  const char *comma = "";
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    if (vs_schema_is_grid_only(id) || strncmp(key->path, section, strlen(section)) != 0) continue;
    const char *name = key->path + strlen(section), *dot = strchr(name, '.');
    char path[64] = "";
    if (dot == NULL) {
      print_key(out, comma, name, value_of(key), key, true);
    } else if (!is_begun(id, (size_t)(dot - key->path) + 1)) {
      memcpy(path, key->path, (size_t)(dot - key->path));
      const int stand_in = vs_schema_find_stand_in(path);
      fprintf(out, "%s\n\"%s\": ", comma, path + strlen(section));
      if (stand_in >= 0) fprintf(out, "{\"anyOf\": [%s, ", value_of(vs_schema_key(stand_in)).text);
      fputs(open_map, out);
      path[strlen(path)] = '.';
      print_section(out, path);
      fputs("}}", out);
      if (stand_in >= 0) {
        putc(']', out);
        print_doc(out, vs_schema_key(stand_in), true);
      }
    }
    comma = ",";
  }
}

enum { AXIS_NAMES = 4 }; /* of a path with at most three dots */

/* The names of an axis: its path, and each shorter end of it that names it alone. */
static size_t list_axis_names(int id, const char *names[AXIS_NAMES]) {
  const char *path = vs_schema_key(id)->path;
  bool is_grid_only = vs_schema_is_grid_only(id);
  size_t count = 0;
  if (vs_schema_key(id)->why_no_axis != NULL) return 0;
  for (const char *name = is_grid_only ? strchr(path, '.') + 1 : path; name != NULL;) {
    if (is_grid_only || vs_schema_find_short(name) == id) names[count++] = name;
    const char *dot = strchr(name, '.');
    name = dot != NULL ? dot + 1 : NULL;
  }
  return count;
}

/* Every axis under its path and under each shorter end of it that names it alone; one of these
 * names at a time. */
static void print_grid(FILE *out) {
  const char *names[AXIS_NAMES], *comma = "";
  fputs(open_map, out);
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const size_t count = list_axis_names(id, names);
    for (size_t i = 0; i < count; i++, comma = ",")
      print_key(out, comma, names[i], axis_of(vs_schema_key(id)), vs_schema_key(id),
                vs_schema_is_grid_only(id));
  }
  fputs("}, \"required\": [\"layer\", \"channel\"], \"allOf\": [", out);
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const size_t count = list_axis_names(id, names);
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; j < i; j++)
        fprintf(out, "\n%s,", make("{'not': {'required': ['%s', '%s']}}", names[j], names[i]).text);
  }
  fputs("\n{\"not\": {\"required\": [\"lambda\", \"rho\"]}},"
        "\n{\"not\": {\"required\": [\"lambda\", \"strength\"]}},"
        "\n{\"not\": {\"required\": [\"rho\", \"strength\"]}}]}",
        out);
}

void vs_schema_json(FILE *out) {
  fputs("{\"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
        "\"title\": \"vggsweep sweep file\",\n"
        "\"description\": \"A sweep of vggsweep. Numbers with an exponent are best written 1.0e-5: "
        "for many readers of YAML 1e-5 is a text.\",\n"
        "\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"grid\"], "
        "\"properties\": {",
        out);
  print_section(out, "");
  fputs(",\n\"grid\": ", out);
  print_grid(out);
  fputs("}}\n", out);
}
