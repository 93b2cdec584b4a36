#include "analysis/report/reproduce.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define GRID "grid."

struct vs_reproduction {
  char name[65];   /* of the sweep, fit for a file name */
  json_t *written; /* canonical form of the sweep file as it stands; NULL: it is none alone */
  json_t *actual;  /* canonical form of what was run */
};

/* --- texts ------------------------------------------------------------------------------------ */

/* A name as vggsweep itself would give one; what a foreign file calls itself may be anything. */
static void take_name(vs_reproduction *self, const char *name) {
  snprintf(self->name, sizeof self->name, "%s", name != NULL ? name : "");
  for (char *c = self->name; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL) *c = '-';
  if (!isalnum((unsigned char)self->name[0])) snprintf(self->name, sizeof self->name, "sweep");
}

/* One argument of a POSIX shell. */
static void print_argument(FILE *out, const char *text) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                              "_-+=.,:/@%";
  if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
    fputs(text, out);
    return;
  }
  putc('\'', out);
  for (; *text != '\0'; text++) {
    if (*text == '\'')
      fputs("'\\''", out);
    else
      putc(*text, out);
  }
  putc('\'', out);
}

/* Whether YAML reads a text as itself without quotes, and --set does not split it. */
static bool is_plain_word(const char *text) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                              "_./";
  size_t letters = strspn(text, plain);
  bool is_word =
      isalpha((unsigned char)text[0]) && text[letters] == '\0' && strcasecmp(text, "null") != 0;
  bool is_builtin = strncmp(text, "builtin:", 8) == 0 && text[8 + strspn(text + 8, plain)] == '\0';
  return is_word || is_builtin;
}

static void print_value(FILE *out, const json_t *value);

static void print_real(FILE *out, double real) {
  char digits[40] = "";
  for (int precision = 6; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*g", precision, real);
    if (strtod(digits, NULL) == real) break;
  }
  fputs(digits, out);
}

static void print_list(FILE *out, const json_t *list) {
  putc('[', out);
  for (size_t i = 0; i < json_array_size(list); i++) {
    if (i > 0) putc(',', out);
    print_value(out, json_array_get(list, i));
  }
  putc(']', out);
}

/* A value of a canonical form as YAML that means the same. */
static void print_value(FILE *out, const json_t *value) {
  if (json_is_real(value))
    print_real(out, json_real_value(value));
  else if (json_is_array(value))
    print_list(out, value);
  else if (json_is_string(value) && is_plain_word(json_string_value(value)))
    fputs(json_string_value(value), out);
  else
    json_dumpf(value, out, JSON_ENCODE_ANY);
}

/* --- which keys have to be named -------------------------------------------------------------- */

static bool is_point_of_grid(const char *key) {
  return strcmp(key, "layer") == 0 || strcmp(key, "channel") == 0 || strcmp(key, "lambda") == 0 ||
         strcmp(key, "rho") == 0;
}

/* Prints --set KEY=VALUE. An axis takes a list of values: one that is a list itself stands in
 * another. */
static vs_status print_setting(FILE *out, const char *key, bool as_axis, const json_t *value) {
  char *text = NULL;
  size_t size = 0;
  FILE *setting = open_memstream(&text, &size);
  if (setting == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a command");
  bool wrapped = as_axis && json_is_array(value);
  fprintf(setting, "%s%s=%s", as_axis ? GRID : "", key, wrapped ? "[" : "");
  print_value(setting, value);
  fputs(wrapped ? "]" : "", setting);
  bool whole = fclose(setting) == 0;
  if (whole) {
    fputs(" --set ", out);
    print_argument(out, text);
  }
  free(text);
  return whole ? VS_OK : vs_fail(VS_ERR_MEMORY, "no memory for a command");
}

/* A member of the spec: named if it is a point of the grid, or the file says otherwise. */
static vs_status print_member(const vs_reproduction *self, FILE *out, const char *key,
                              const json_t *value) {
  char axis[128];
  snprintf(axis, sizeof axis, GRID "%s", key);
  const json_t *file = self->written != NULL ? self->written : self->actual;
  bool as_axis = is_point_of_grid(key) || json_object_get(file, axis) != NULL;
  const json_t *fixed = json_object_get(self->written, key);
  if (!as_axis && fixed != NULL && json_equal(fixed, value)) return VS_OK;
  if (vs_identity_names_content(key, json_string_value(value))) return VS_OK;
  return print_setting(out, key, as_axis, value);
}

/* What is stored besides the numbers: no member of a spec, but a wrong list of snapshots would be
 * an error. */
static vs_status print_logging(const vs_reproduction *self, FILE *out) {
  static const char *const keys[] = {"log.every", "log.snapshots", "log.params"};
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < sizeof keys / sizeof keys[0]; i++) {
    const json_t *file = json_object_get(self->written, keys[i]);
    const json_t *run = json_object_get(self->actual, keys[i]);
    if (run == NULL || (file != NULL && json_equal(file, run))) continue;
    status = print_setting(out, keys[i], false, run);
  }
  return status;
}

static vs_status print_command(const vs_reproduction *self, FILE *out, const char *id,
                               const json_t *spec) {
  static const char *const first[] = {"layer", "channel", "lambda", "rho"};
  fprintf(out, "vggsweep run %s.yaml", self->name);
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < sizeof first / sizeof first[0]; i++) {
    const json_t *value = json_object_get(spec, first[i]);
    if (value != NULL) status = print_member(self, out, first[i], value);
  }
  for (void *at = json_object_iter((json_t *)spec); status == VS_OK && at != NULL;
       at = json_object_iter_next((json_t *)spec, at)) {
    const char *key = json_object_iter_key(at);
    if (!is_point_of_grid(key)) status = print_member(self, out, key, json_object_iter_value(at));
  }
  if (status == VS_OK) status = print_logging(self, out);
  fprintf(out, " --out results/%s-%.8s", self->name, id);
  return status;
}

vs_status vs_reproduce_command(const vs_reproduction *reproduction, const char *id,
                               const char *spec, char **command) {
  *command = NULL;
  json_t *members = json_loads(spec, JSON_REJECT_DUPLICATES, NULL);
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  vs_status status = out == NULL ? vs_fail(VS_ERR_MEMORY, "no memory for a command")
                     : json_is_object(members)
                         ? print_command(reproduction, out, id, members)
                         : vs_fail(VS_ERR_FORMAT, "run %s: its spec is no JSON object", id);
  if (out != NULL && fclose(out) != 0 && status == VS_OK)
    status = vs_fail(VS_ERR_MEMORY, "no memory for a command");
  json_decref(members);
  if (status != VS_OK) {
    free(text);
    text = NULL;
  }
  *command = text;
  return status;
}

/* --- the sweep file --------------------------------------------------------------------------- */

/* The canonical form of the sweep file alone; NULL if it needs its overrides to be a sweep. */
static json_t *read_sweep_file(const char *text) {
  vs_sweep *sweep = NULL;
  if (text == NULL || vs_sweep_parse(&sweep, text, strlen(text), "sweep.yaml", NULL, 0) != VS_OK)
    return NULL;
  char *canonical = vs_canonical_of_sweep(sweep);
  json_t *form = canonical != NULL ? json_loads(canonical, 0, NULL) : NULL;
  free(canonical);
  vs_sweep_free(sweep);
  return form;
}

vs_status vs_reproduce_new(vs_reproduction **out, const vs_results *results) {
  *out = NULL;
  vs_reproduction *self = calloc(1, sizeof *self);
  if (self == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for commands");
  take_name(self, vs_results_attribute(results, "name"));
  self->written = read_sweep_file(vs_results_attribute(results, "sweep"));
  const char *canonical = vs_results_attribute(results, "canonical");
  self->actual = canonical != NULL ? json_loads(canonical, 0, NULL) : NULL;
  if (!json_is_object(self->actual)) {
    vs_reproduce_free(self);
    return vs_fail(VS_ERR_FORMAT, "the canonical form of the sweep is damaged");
  }
  *out = self;
  return VS_OK;
}

void vs_reproduce_free(vs_reproduction *reproduction) {
  if (reproduction == NULL) return;
  json_decref(reproduction->written);
  json_decref(reproduction->actual);
  free(reproduction);
}
