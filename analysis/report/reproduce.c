/* reproduce.c - what a sweep file alone does not say of a run, as a command line. */
#include "analysis/report/reproduce.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/spec/schema.h"

struct vs_reproduction {
  char name[65];         /* of the sweep, fit for a file name */
  vs_json_tree *written; /* canonical form of the sweep file as it stands; NULL: it is none alone */
  vs_json_tree *actual;  /* canonical form of what was run */
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

/* --- which keys have to be named -------------------------------------------------------------- */

/* Prints --set KEY=VALUE. */
static vs_status print_setting(FILE *out, const char *key, bool as_axis,
                               const vs_json_tree *value) {
  char *setting = vs_canonical_setting(key, value, as_axis);
  if (setting == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a command");
  fputs(" --set ", out);
  print_argument(out, setting);
  free(setting);
  return VS_OK;
}

/* The one strength of a run, with that of the baseline which it waits for. */
static vs_status print_strength(FILE *out, const vs_json_tree *value) {
  char *setting = vs_canonical_setting("strength", value, true);
  double strength = 0;
  if (setting == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a command");
  vs_json_tree_number(value, &strength);
  const char *number = strchr(setting, '=') + 1;
  fprintf(out, " --set grid.strength=%s%s", strength > 0 ? "0," : "", number);
  free(setting);
  return VS_OK;
}

/* A member of the spec: named if it is a point of the grid, or the file says otherwise. */
static vs_status print_member(const vs_reproduction *self, FILE *out, const char *key,
                              const vs_json_tree *value) {
  char axis[128];
  if (strcmp(key, "strength") == 0) return print_strength(out, value);
  snprintf(axis, sizeof axis, "grid.%s", key);
  const vs_json_tree *file = self->written != NULL ? self->written : self->actual;
  bool as_axis = vs_canonical_is_point(key) || vs_json_tree_get(file, axis) != NULL;
  const vs_json_tree *fixed = vs_json_tree_get(self->written, key);
  if (!as_axis && vs_json_tree_equal(fixed, value)) return VS_OK;
  if (vs_canonical_names_content(key, vs_json_tree_text(value))) return VS_OK;
  return print_setting(out, key, as_axis, value);
}

/* A later key that the spec does not name has the value that it was born with; which has to be said
 * where that is not its default any more. */
static vs_status print_born(const vs_reproduction *self, FILE *out, const vs_json_tree *spec) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    char axis[128], *setting = NULL;
    snprintf(axis, sizeof axis, "grid.%s", key->path);
    const bool is_axis = vs_json_tree_get(self->written, axis) != NULL;
    const bool is_known =
        self->written != NULL && !is_axis && vs_json_tree_get(self->written, key->path) == NULL;
    if (key->born == NULL || is_known || vs_json_tree_get(spec, key->path) != NULL) continue;
    if (asprintf(&setting, is_axis ? "grid.%s=[%s]" : "%s=%s", key->path, key->born) < 0)
      return vs_fail(VS_ERR_MEMORY, "no memory for a command");
    fputs(" --set ", out);
    print_argument(out, setting);
    free(setting);
  }
  return VS_OK;
}

/* What is stored besides the numbers: no member of a spec, but a wrong list of snapshots would be
 * an error. */
static vs_status print_logging(const vs_reproduction *self, FILE *out) {
  static const char *const keys[] = {"log.every", "log.snapshots", "log.params"};
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < sizeof keys / sizeof keys[0]; i++) {
    const vs_json_tree *file = vs_json_tree_get(self->written, keys[i]);
    const vs_json_tree *run = vs_json_tree_get(self->actual, keys[i]);
    if (run == NULL || vs_json_tree_equal(file, run)) continue;
    status = print_setting(out, keys[i], false, run);
  }
  return status;
}

static vs_status print_command(const vs_reproduction *self, FILE *out, const char *id,
                               const vs_json_tree *spec) {
  static const char *const first[] = {"layer", "channel", "lambda", "rho", "strength"};
  fprintf(out, "vggsweep run %s.yaml", self->name);
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < sizeof first / sizeof first[0]; i++) {
    const vs_json_tree *value = vs_json_tree_get(spec, first[i]);
    if (value != NULL) status = print_member(self, out, first[i], value);
  }
  for (const char *key = NULL; status == VS_OK && (key = vs_json_tree_next_key(spec, key)) != NULL;)
    if (!vs_canonical_is_point(key))
      status = print_member(self, out, key, vs_json_tree_get(spec, key));
  if (status == VS_OK) status = print_born(self, out, spec);
  if (status == VS_OK) status = print_logging(self, out);
  fprintf(out, " --out results/%s-%.8s", self->name, id);
  return status;
}

vs_status vs_reproduce_command(const vs_reproduction *reproduction, const char *id,
                               const char *spec, char **command) {
  *command = NULL;
  vs_json_tree *members;
  char *text = NULL;
  size_t size = 0;
  vs_status status = vs_json_tree_parse(&members, spec, strlen(spec));
  if (status != VS_OK) return vs_status_context(status, "run %s: its spec", id);
  FILE *out = open_memstream(&text, &size);
  status = out != NULL ? print_command(reproduction, out, id, members)
                       : vs_fail(VS_ERR_MEMORY, "no memory for a command");
  if (out != NULL && fclose(out) != 0 && status == VS_OK)
    status = vs_fail(VS_ERR_MEMORY, "no memory for a command");
  vs_json_tree_free(members);
  if (status != VS_OK) {
    free(text);
    text = NULL;
  }
  *command = text;
  return status;
}

/* --- the sweep file --------------------------------------------------------------------------- */

/* The canonical form of the sweep file alone; NULL if it needs its overrides to be a sweep. */
static vs_json_tree *read_sweep_file(const char *text) {
  vs_sweep *sweep = NULL;
  vs_json_tree *form = NULL;
  if (text == NULL || vs_sweep_parse(&sweep, text, strlen(text), "sweep.yaml", NULL, 0) != VS_OK)
    return NULL;
  char *canonical = vs_canonical_of_sweep(sweep);
  if (canonical != NULL) vs_json_tree_parse(&form, canonical, strlen(canonical));
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
  vs_status status = canonical != NULL
                         ? vs_json_tree_parse(&self->actual, canonical, strlen(canonical))
                         : vs_fail(VS_ERR_FORMAT, "missing");
  if (status != VS_OK) {
    vs_reproduce_free(self);
    return vs_status_context(status, "the canonical form of the sweep");
  }
  *out = self;
  return VS_OK;
}

void vs_reproduce_free(vs_reproduction *reproduction) {
  if (reproduction == NULL) return;
  vs_json_tree_free(reproduction->written);
  vs_json_tree_free(reproduction->actual);
  free(reproduction);
}
