/* identity.c - what a run and a sweep are called: canonical forms, and hashes of them.
 *
 * A run's canonical form is one flat JSON object of everything that decides its numbers, keys as in
 * the schema but for layer, channel, lambda, rho and weights.sha256; files are named by their
 * contents. Every value's own JSON was made when it was read, so a form is put together by copying:
 * a grid of millions of runs is named in seconds. */
#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/order.h"
#include "core/image/picture.h"
#include "core/svg/svg_read.h"
#include "sweeps/spec/grid.h"
#include "sweeps/spec/pens.h"

/* Longest form: some 60 keys of 25 characters, numbers of 24, three digests, 31 layers of 10, 32
 * pens of 64 bytes of name (six characters each if they are escaped), a colour and a width. */
#define SPEC_MAX 24576

static const char *member_name(int key) {
  if (key == VS_KEY_WEIGHTS_FILE) return "weights.sha256";
  return vs_schema_key(key)->path + (vs_schema_is_grid_only(key) ? strlen("grid.") : 0);
}

static int by_member_name(const void *left, const void *right) {
  return strcmp(member_name(*(const int *)left), member_name(*(const int *)right));
}

/* The canonical text of a key's default. */
static char *default_text(const vs_key *key, vs_problems *problems) {
  vs_document_node *node = vs_document_parse(key->fallback, strlen(key->fallback),
                                             VS_SOURCE_DEFAULT, key->path, problems);
  vs_value value = {0};
  char *text = NULL;
  if (node != NULL && vs_value_read(&value, key, node, key->path, "", problems)) {
    text = value.json;
    value.json = NULL;
  }
  vs_value_clear(&value);
  vs_document_node_free(node);
  return text;
}

void vs_identity_init(vs_sweep *sweep, vs_problems *problems) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    bool is_used = sweep->config.slots[id].count > 0 || id == VS_KEY_CHANNEL;
    if (key->is_result && is_used) sweep->members[sweep->member_count++] = id;
    if (key->is_later) sweep->defaults[id] = default_text(key, problems);
  }
  qsort(sweep->members, sweep->member_count, sizeof *sweep->members, by_member_name);
}

static bool is_default(const vs_sweep *sweep, int key, const vs_value *value) {
  return sweep->defaults[key] != NULL && strcmp(sweep->defaults[key], value->json) == 0;
}

static bool is_strokes(const vs_value *parametrization) {
  return (int)parametrization->numbers[0] == VS_PARAM_STROKES;
}

/* Whether a key has a part in the name of a run (schema.h, is_later). */
static bool is_member(const vs_sweep *sweep, const vs_point *point, int key) {
  if (sweep->defaults[key] == NULL) return true;
  return is_strokes(vs_grid_value(sweep, point, VS_KEY_IMAGE_PARAMETRIZATION)) ||
         !is_default(sweep, key, vs_grid_value(sweep, point, key));
}

/* Whether it has one in the name of any. */
static bool is_member_of_any(const vs_sweep *sweep, int key) {
  const vs_config_slot *slot = &sweep->config.slots[key];
  const vs_config_slot *parametrizations = &sweep->config.slots[VS_KEY_IMAGE_PARAMETRIZATION];
  if (sweep->defaults[key] == NULL || slot->is_axis || !is_default(sweep, key, slot->values))
    return true;
  for (size_t i = 0; i < parametrizations->count; i++)
    if (is_strokes(&parametrizations->values[i])) return true;
  return false;
}

/* --- naming contents -------------------------------------------------------------------------- */

static vs_status set_json(vs_value *value, const char *format, const char *name) {
  char *json = NULL;
  if (asprintf(&json, format, name) < 0) return vs_fail(VS_ERR_MEMORY, "no memory");
  free(value->json);
  value->json = json;
  return VS_OK;
}

/* A file is named by what it holds. */
static vs_status set_digest(vs_value *value) {
  char hex[VS_SHA256_HEX];
  vs_status status = vs_sha256_file(value->resolved, hex);
  return status == VS_OK ? set_json(value, "\"sha256:%s\"", hex) : status;
}

/* A file is opened as a picture, to be sure now that it is one. */
static vs_status bind_picture(vs_sweep *sweep, size_t index, vs_value *value) {
  (void)sweep;
  (void)index;
  if (strncmp(value->resolved, "builtin:", 8) == 0)
    return set_json(value, "\"%s\"", value->resolved);
  vs_picture picture = {0};
  vs_status status = vs_picture_open(&picture, value->resolved);
  vs_picture_clear(&picture);
  return status == VS_OK ? set_digest(value) : status;
}

/* And one with strokes as a drawing. */
static vs_status bind_drawing(vs_sweep *sweep, size_t index, vs_value *value) {
  (void)sweep;
  (void)index;
  if (strcmp(value->resolved, "random") == 0) return set_json(value, "\"%s\"", "random");
  vs_drawing *drawing = NULL;
  vs_status status = vs_svg_read(&drawing, value->resolved);
  vs_drawing_free(drawing);
  if (status == VS_ERR_FORMAT || status == VS_ERR_LIMIT) status = VS_ERR_USAGE; /* as a bad value */
  return status == VS_OK ? set_digest(value) : status;
}

/* Pens are few numbers, and say themselves what they are. */
static vs_status bind_pens(vs_sweep *sweep, size_t index, vs_value *value) {
  vs_pen_set *pens = &sweep->pens[index];
  if (value->pens != NULL) {
    *pens = *value->pens;
    return VS_OK;
  }
  if (strcmp(value->resolved, "none") == 0) return set_json(value, "\"%s\"", "none");
  vs_status status = vs_pens_read(pens, value->resolved);
  if (status != VS_OK) return status;
  for (int k = 0; k < pens->count; k++)
    if (pens->pens[k].width_mm >= vs_config_sheet_mm(&sweep->config))
      return vs_fail(VS_ERR_USAGE,
                     "%s: a line of %.16g mm is wider than what plot.margin leaves of "
                     "the page (plot.page)",
                     pens->pens[k].name, pens->pens[k].width_mm);
  char *json = vs_pens_json(pens);
  if (json == NULL) return vs_fail(VS_ERR_MEMORY, "no memory");
  free(value->json);
  value->json = json;
  return VS_OK;
}

/* Gives every value of a key the name of its contents. */
static vs_status bind_slot(vs_sweep *sweep, int key, const char *what,
                           vs_status bind(vs_sweep *, size_t, vs_value *)) {
  vs_config_slot *slot = &sweep->config.slots[key];
  for (size_t i = 0; i < slot->count; i++) {
    vs_value *value = &slot->values[i];
    vs_status status = bind(sweep, i, value);
    for (size_t j = 0; j < i && status == VS_OK; j++)
      if (strcmp(value->json, slot->values[j].json) == 0)
        status = vs_fail(VS_ERR_USAGE, "%s and %s are the same %s", slot->values[j].text,
                         value->text, what);
    if (status == VS_OK) continue;
    const char *path = vs_schema_key(key)->path;
    if (value->mark.source != VS_SOURCE_FILE) return vs_status_context(status, "%s", path);
    return vs_status_context(status, "%s:%d:%d: %s", sweep->file_name, value->mark.line,
                             value->mark.column, path);
  }
  return VS_OK;
}

vs_status vs_identity_bind(vs_sweep *sweep, const char *weights_sha256, vs_family family) {
  vs_config_slot *slots = sweep->config.slots;
  sweep->family = family;
  free(sweep->pens);
  sweep->pens = calloc(slots[VS_KEY_PALETTE_PENS].count, sizeof *sweep->pens);
  if (sweep->pens == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the pens of a sweep");
  vs_status status = bind_slot(sweep, VS_KEY_STYLE_IMAGE, "picture", bind_picture);
  if (status == VS_OK) status = bind_slot(sweep, VS_KEY_STROKES_START, "drawing", bind_drawing);
  if (status == VS_OK) status = bind_slot(sweep, VS_KEY_PALETTE_PENS, "set of pens", bind_pens);
  if (status == VS_OK)
    status = set_json(&slots[VS_KEY_WEIGHTS_FILE].values[0], "\"%s\"", weights_sha256);
  if (status == VS_OK && sweep->family != VS_FAMILY_UNKNOWN)
    status = set_json(&slots[VS_KEY_WEIGHTS_FAMILY].values[0], "\"%s\"",
                      vs_weights_family_name(sweep->family));
  if (status == VS_OK) sweep->is_bound = true;
  return status;
}

bool vs_identity_names_content(const char *key, const char *text) {
  return strncmp(key, "weights.", 8) == 0 || (text != NULL && strncmp(text, "sha256:", 7) == 0);
}

/* --- one run ---------------------------------------------------------------------------------- */

/* What a canonical spec is written for: a run's name is all of it; a group has no lambda and rho;
 * the random numbers have nothing either that only comes after the free stage, so that palettes and
 * sheets are compared on one drawing. */
typedef enum naming { NAME_RUN, NAME_GROUP, NAME_STREAM } naming;

static bool is_named(int key, naming what) {
  const bool is_balance = key == VS_KEY_LAMBDA || key == VS_KEY_RHO;
  const char *path = vs_schema_key(key)->path;
  const bool comes_after = strncmp(path, "palette.", 8) == 0 || strncmp(path, "plot.", 5) == 0;
  return what == NAME_RUN || (!is_balance && (what == NAME_GROUP || !comes_after));
}

/* Writes the canonical spec of a point. */
static size_t write_spec(const vs_sweep *sweep, const vs_point *point, naming what,
                         char out[SPEC_MAX]) {
  size_t used = 0;
  for (size_t i = 0; i < sweep->member_count; i++) {
    int key = sweep->members[i];
    if (!is_named(key, what)) continue;
    if (!is_member(sweep, point, key)) continue;
    used += (size_t)snprintf(out + used, SPEC_MAX - used, "%c\"%s\":", used == 0 ? '{' : ',',
                             member_name(key));
    assert(used < SPEC_MAX);
    if (key == VS_KEY_CHANNEL)
      used += (size_t)snprintf(out + used, SPEC_MAX - used, "%d", vs_grid_channel(sweep, point));
    else
      used += (size_t)snprintf(out + used, SPEC_MAX - used, "%s",
                               vs_grid_value(sweep, point, key)->json);
    assert(used + 2 < SPEC_MAX);
  }
  out[used++] = '}';
  out[used] = '\0';
  return used;
}

static void name_spec(const vs_sweep *sweep, const vs_point *point, naming what, char id[VS_ID]) {
  char spec[SPEC_MAX], hex[VS_SHA256_HEX];
  size_t length = write_spec(sweep, point, what, spec);
  /* Digests of a few kilobytes fail only if OpenSSL gets no memory for a handful of bytes. A run
   * without its name could be taken for another one, so there is nothing to go on with. */
  if (vs_sha256(spec, length, hex) != VS_OK) abort();
  memcpy(id, hex, VS_ID - 1);
  id[VS_ID - 1] = '\0';
}

void vs_identity_fill(const vs_sweep *sweep, const vs_point *point, vs_sweep_run *run) {
  if (!sweep->is_bound) return;
  char stream[VS_ID];
  name_spec(sweep, point, NAME_RUN, run->id);
  name_spec(sweep, point, NAME_GROUP, run->group);
  name_spec(sweep, point, NAME_STREAM, stream);
  run->spec.stream = strtoull(stream, NULL, 16);
}

char *vs_canonical_of_spec(const vs_sweep *sweep, size_t index) {
  char spec[SPEC_MAX];
  vs_point point = vs_grid_point(sweep, index);
  write_spec(sweep, &point, NAME_RUN, spec);
  return strdup(spec);
}

/* --- the whole sweep -------------------------------------------------------------------------- */

/* Channels as people write them: "0..63, 70". */
static void print_channels(FILE *out, const vs_channels *channels) {
  fputc('"', out);
  for (size_t i = 0; i < channels->count;) {
    size_t end = i + 1;
    while (end < channels->count && channels->list[end] == channels->list[end - 1] + 1) end++;
    fprintf(out, "%s%d", i == 0 ? "" : ", ", channels->list[i]);
    if (end - i > 2) {
      fprintf(out, "..%d", channels->list[end - 1]);
      i = end;
    } else {
      i++;
    }
  }
  fputc('"', out);
}

static void print_all_channels(FILE *out, const vs_sweep *sweep) {
  const vs_config_slot *layers = &sweep->config.slots[VS_KEY_LAYER];
  fputc('{', out);
  for (size_t i = 0; i < layers->count; i++) {
    fprintf(out, "%s%s:", i == 0 ? "" : ",", layers->values[i].json);
    print_channels(out, &sweep->config.channels[i]);
  }
  fputc('}', out);
}

/* The axes that are neither layer, channel, seed nor lambda, in their order: it decides which run
 * has which index. */
static void print_order(FILE *out, const vs_sweep *sweep) {
  fputc('[', out);
  for (size_t i = 0; i < sweep->axis_count; i++)
    fprintf(out, "%s\"%s\"", i == 0 ? "" : ",", sweep->axes[i].name);
  fputc(']', out);
}

static void print_slot(FILE *out, const vs_sweep *sweep, int key) {
  const vs_config_slot *slot = &sweep->config.slots[key];
  const char *name = key == VS_KEY_WEIGHTS_FILE ? "weights.sha256" : vs_schema_key(key)->path;
  const char *section = slot->is_axis && !vs_schema_is_grid_only(key) ? "grid." : "";
  fprintf(out, "\"%s%s\": ", section, name);
  if (key == VS_KEY_CHANNEL) {
    print_all_channels(out, sweep);
    return;
  }
  if (slot->is_axis) fputc('[', out);
  for (size_t i = 0; i < slot->count; i++)
    fprintf(out, "%s%s", i == 0 ? "" : ",", slot->values[i].json);
  if (slot->is_axis) fputc(']', out);
}

/* One line of the canonical form; `key` VS_KEY_NONE is the order of the axes. NULL without memory.
 */
static char *new_line(const vs_sweep *sweep, int key) {
  char *line = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&line, &size);
  if (out == NULL) return NULL;
  if (key == VS_KEY_NONE) {
    fputs("\"grid.order\": ", out);
    print_order(out, sweep);
  } else {
    print_slot(out, sweep, key);
  }
  if (fclose(out) == 0) return line;
  free(line);
  return NULL;
}

char *vs_canonical_of_sweep(const vs_sweep *sweep) {
  char *lines[VS_KEY_COUNT + 1], *text = NULL;
  size_t count = 0, size = 0;
  bool whole = true;
  for (int id = VS_KEY_NONE; id < VS_KEY_COUNT && whole; id++) {
    bool is_unused = id >= 0 && id != VS_KEY_CHANNEL && sweep->config.slots[id].count == 0;
    if (id == VS_KEY_NAME || is_unused) continue;
    if (id >= 0 && !is_member_of_any(sweep, id)) continue;
    lines[count] = new_line(sweep, id);
    whole = lines[count] != NULL;
    if (whole) count++;
  }
  qsort(lines, count, sizeof *lines, vs_order_texts);
  FILE *out = whole ? open_memstream(&text, &size) : NULL;
  if (out != NULL) {
    for (size_t i = 0; i < count; i++) fprintf(out, "%s%s", i == 0 ? "{\n" : ",\n", lines[i]);
    fputs("\n}\n", out);
    whole = fclose(out) == 0;
  }
  for (size_t i = 0; i < count; i++) free(lines[i]);
  if (whole) return text;
  free(text);
  return NULL;
}

/* --- differences ------------------------------------------------------------------------------ */

enum { DIFFERENCES_SHOWN = 20, VALUE_SHOWN = 72 };

static char *value_text(const json_t *value, size_t digits) {
  if (value == NULL) return strdup("(nothing)");
  return json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(digits));
}

/* "theirs -> ours", with as few digits as still tell them apart; of long values the part where they
 * begin to differ. */
static void print_change(FILE *out, const char *key, const json_t *theirs, const json_t *ours) {
  char *left = value_text(theirs, 6), *right = value_text(ours, 6);
  if (left != NULL && right != NULL && strcmp(left, right) == 0) {
    free(left);
    free(right);
    left = value_text(theirs, 17);
    right = value_text(ours, 17);
  }
  if (left != NULL && right != NULL) {
    size_t same = 0;
    while (left[same] != '\0' && left[same] == right[same]) same++;
    bool is_long = strlen(left) > VALUE_SHOWN || strlen(right) > VALUE_SHOWN;
    size_t from = is_long && same > 20 ? same - 20 : 0;
    while (from > 0 && ((unsigned char)left[from] & 0xC0) == 0x80) from--;
    const char *before = from > 0 ? "..." : "";
    fprintf(out, "%s: %s%.*s%s -> %s%.*s%s", key, before, VALUE_SHOWN, left + from,
            strlen(left + from) > VALUE_SHOWN ? "..." : "", before, VALUE_SHOWN, right + from,
            strlen(right + from) > VALUE_SHOWN ? "..." : "");
  }
  free(left);
  free(right);
}

/* The keys of both objects, each once, sorted: those of `ours` laid over those of `theirs`. */
static json_t *union_of(json_t *theirs, json_t *ours) {
  json_t *both = json_copy(theirs);
  if (both != NULL) json_object_update(both, ours);
  return both;
}

static void print_differences(FILE *out, json_t *theirs, json_t *ours, json_t *both,
                              const char **names) {
  size_t count = 0, different = 0;
  for (void *at = json_object_iter(both); at != NULL; at = json_object_iter_next(both, at))
    names[count++] = json_object_iter_key(at);
  qsort(names, count, sizeof *names, vs_order_texts);
  for (size_t i = 0; i < count; i++) {
    const json_t *left = json_object_get(theirs, names[i]),
                 *right = json_object_get(ours, names[i]);
    if (left != NULL && right != NULL && json_equal(left, right)) continue;
    if (++different > DIFFERENCES_SHOWN) continue;
    if (different > 1) fputc('\n', out);
    print_change(out, names[i], left, right);
  }
  if (different > DIFFERENCES_SHOWN)
    fprintf(out, "\n... and %zu more", different - DIFFERENCES_SHOWN);
}

char *vs_canonical_difference(const char *theirs, const char *ours) {
  json_t *left = json_loads(theirs, JSON_REJECT_DUPLICATES, NULL);
  json_t *right = json_loads(ours, JSON_REJECT_DUPLICATES, NULL);
  json_t *both = NULL;
  const char **names = NULL;
  char *text = NULL;
  size_t size = 0;
  bool whole = false;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) goto done;
  if (!json_is_object(left) || !json_is_object(right)) {
    if (strcmp(theirs, ours) != 0) fputs("one of the two is not a sweep's canonical form", out);
  } else {
    both = union_of(left, right);
    names = both != NULL ? calloc(json_object_size(both) + 1, sizeof *names) : NULL;
    if (names == NULL) goto done;
    print_differences(out, left, right, both, names);
  }
  whole = true;
done:
  if (out != NULL && fclose(out) != 0) whole = false;
  free(names);
  json_decref(both);
  json_decref(left);
  json_decref(right);
  if (whole) return text;
  free(text);
  return NULL;
}
