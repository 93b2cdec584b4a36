/* canonical.c - canonical forms of a run and of a sweep: written, compared, taken apart.
 *
 * A run's form is one flat JSON object of everything that decides its numbers, keys as in the
 * schema but for layer, channel, lambda, rho, strength and weights.digest (weights.sha256); files
 * are named by their contents. A sweep's form has its keys as in the schema, axes as lists under
 * "grid.", and "grid.order". Every value's own JSON was made when it was read, so a form is put
 * together by copying: a grid of millions of runs is named in seconds. */
#include "sweeps/spec/canonical.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/order.h"
#include "sweeps/spec/grid.h"

static const char *const weights_members[] = {
    [VS_CANONICAL_BY_DIGEST] = "weights.digest", [VS_CANONICAL_BY_FILE] = "weights.sha256"};

static const char *member_name(int key, vs_canonical_naming naming) {
  if (key == VS_KEY_WEIGHTS_FILE) return weights_members[naming];
  return vs_schema_key(key)->path + (vs_schema_is_grid_only(key) ? strlen("grid.") : 0);
}

bool vs_canonical_is_point(const char *key) {
  for (int id = VS_KEY_LAYER; id <= VS_KEY_STRENGTH; id++)
    if (strcmp(key, member_name(id, VS_CANONICAL_BY_DIGEST)) == 0) return true;
  return false;
}

bool vs_canonical_names_content(const char *key, const char *text) {
  return strncmp(key, "weights.", 8) == 0 || (text != NULL && strncmp(text, "sha256:", 7) == 0);
}

/* --- which keys have a part in it ------------------------------------------------------------- */

static int by_member_name(const void *left, const void *right, void *naming) {
  return strcmp(member_name(*(const int *)left, *(const vs_canonical_naming *)naming),
                member_name(*(const int *)right, *(const vs_canonical_naming *)naming));
}

void vs_canonical_name_weights(vs_sweep *sweep, vs_canonical_naming naming) {
  sweep->naming = naming;
  qsort_r(sweep->members, sweep->member_count, sizeof *sweep->members, by_member_name, &naming);
}

/* The canonical text of a value of a key; NULL of NULL. */
static char *text_of_value(const vs_key *key, const char *written, vs_problems *problems) {
  if (written == NULL) return NULL;
  vs_document_node *node =
      vs_document_parse(written, strlen(written), VS_SOURCE_DEFAULT, key->path, problems);
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

void vs_canonical_init(vs_sweep *sweep, vs_problems *problems) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    bool is_used = sweep->config.slots[id].count > 0 || id == VS_KEY_CHANNEL;
    if (key->is_result && is_used) sweep->members[sweep->member_count++] = id;
    if (!key->is_later) continue;
    sweep->born[id] = text_of_value(key, vs_schema_born(id), problems);
    sweep->defaults[id] = text_of_value(key, key->fallback, problems);
  }
  vs_canonical_name_weights(sweep, VS_CANONICAL_BY_DIGEST);
}

static bool is_strokes(const vs_value *parametrization) {
  return (int)parametrization->numbers[0] == VS_PARAM_STROKES;
}

/* Whether drawings alone read a key. */
static bool is_of_drawings(int key) {
  static const char *const sections[] = {"strokes.", "palette.", "plot."};
  for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
    if (strncmp(vs_schema_key(key)->path, sections[i], strlen(sections[i])) == 0) return true;
  return false;
}

/* Whether a value of a key has a part in the names of runs with this parametrization (schema.h,
 * is_later). A default that only drawings read is none to others, whatever it is by now. */
static bool is_said(const vs_sweep *sweep, int key, const vs_value *value,
                    const vs_value *parametrization) {
  if (sweep->born[key] == NULL) return true;
  const bool is_drawing = is_strokes(parametrization);
  if (is_drawing && vs_schema_key(key)->of_pictures) return false;
  if (is_drawing && vs_schema_key(key)->with_strokes) return true;
  if (!is_drawing && is_of_drawings(key) && strcmp(sweep->defaults[key], value->json) == 0)
    return false;
  return strcmp(sweep->born[key], value->json) != 0;
}

/* Whether a key has a part in the name of a run. */
static bool is_member(const vs_sweep *sweep, const vs_point *point, int key) {
  return key == VS_KEY_CHANNEL ||
         is_said(sweep, key, vs_grid_value(sweep, point, key),
                 vs_grid_value(sweep, point, VS_KEY_IMAGE_PARAMETRIZATION));
}

/* Whether it has one in the name of any. */
static bool is_member_of_any(const vs_sweep *sweep, int key) {
  const vs_config_slot *slot = &sweep->config.slots[key];
  const vs_config_slot *parametrizations = &sweep->config.slots[VS_KEY_IMAGE_PARAMETRIZATION];
  if (sweep->born[key] == NULL || slot->is_axis) return true;
  for (size_t i = 0; i < parametrizations->count; i++)
    if (is_said(sweep, key, slot->values, &parametrizations->values[i])) return true;
  return false;
}

/* --- one run ---------------------------------------------------------------------------------- */

static bool is_named(int key, vs_canonical_part part) {
  if (part == VS_CANONICAL_CHANNEL)
    return key == VS_KEY_SEED || key == VS_KEY_LAYER || key == VS_KEY_CHANNEL;
  const bool is_balance = key >= VS_KEY_LAMBDA && key <= VS_KEY_STRENGTH;
  const char *path = vs_schema_key(key)->path;
  const bool comes_after = strncmp(path, "palette.", 8) == 0 || strncmp(path, "plot.", 5) == 0;
  return part == VS_CANONICAL_RUN || (!is_balance && (part == VS_CANONICAL_GROUP || !comes_after));
}

size_t vs_canonical_write_spec(const vs_sweep *sweep, const vs_point *point, vs_canonical_part part,
                               char out[VS_CANONICAL_SPEC]) {
  size_t used = 0;
  for (size_t i = 0; i < sweep->member_count; i++) {
    int key = sweep->members[i];
    if (!is_named(key, part)) continue;
    if (!is_member(sweep, point, key)) continue;
    used += (size_t)snprintf(out + used, VS_CANONICAL_SPEC - used,
                             "%c\"%s\":", used == 0 ? '{' : ',', member_name(key, sweep->naming));
    assert(used < VS_CANONICAL_SPEC);
    if (key == VS_KEY_CHANNEL)
      used += (size_t)snprintf(out + used, VS_CANONICAL_SPEC - used, "%d",
                               vs_grid_channel(sweep, point));
    else
      used += (size_t)snprintf(out + used, VS_CANONICAL_SPEC - used, "%s",
                               vs_grid_value(sweep, point, key)->json);
    assert(used + 2 < VS_CANONICAL_SPEC);
  }
  out[used++] = '}';
  out[used] = '\0';
  return used;
}

char *vs_canonical_of_spec(const vs_sweep *sweep, size_t index) {
  char spec[VS_CANONICAL_SPEC];
  vs_point point = vs_grid_point(sweep, index);
  vs_canonical_write_spec(sweep, &point, VS_CANONICAL_RUN, spec);
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
  const char *name =
      key == VS_KEY_WEIGHTS_FILE ? member_name(key, sweep->naming) : vs_schema_key(key)->path;
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

/* --- values as settings ----------------------------------------------------------------------- */

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

/* With as few digits as read back to the same. */
static void print_real(FILE *out, double real) {
  char digits[40] = "";
  for (int precision = 6; precision <= 17; precision++) {
    snprintf(digits, sizeof digits, "%.*g", precision, real);
    if (strtod(digits, NULL) == real) break;
  }
  fputs(digits, out);
}

/* A value of a form as YAML that means the same. */
static void print_value(FILE *out, const vs_json_tree *value) {
  const char *text = vs_json_tree_text(value);
  uint64_t whole;
  double real;
  if (vs_json_tree_is_list(value)) {
    putc('[', out);
    for (size_t i = 0; i < vs_json_tree_size(value); i++) {
      if (i > 0) putc(',', out);
      print_value(out, vs_json_tree_at(value, i));
    }
    putc(']', out);
  } else if (text != NULL && is_plain_word(text)) {
    fputs(text, out);
  } else if (!vs_json_tree_count(value, &whole) && vs_json_tree_number(value, &real)) {
    print_real(out, real);
  } else {
    vs_json_tree_print(out, value);
  }
}

static char *value_text(const vs_json_tree *value) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) return NULL;
  print_value(out, value);
  fclose(out);
  return text;
}

char *vs_canonical_setting(const char *key, const vs_json_tree *value, bool as_axis) {
  const bool is_wrapped = as_axis && vs_json_tree_is_list(value);
  char *text = value_text(value), *setting = NULL;
  if (text == NULL || asprintf(&setting, "%s%s=%s%s%s", as_axis ? "grid." : "", key,
                               is_wrapped ? "[" : "", text, is_wrapped ? "]" : "") < 0)
    setting = NULL;
  free(text);
  return setting;
}

/* --- a form taken apart ----------------------------------------------------------------------- */

static bool is_weights_member(const char *key) {
  return strcmp(key, weights_members[VS_CANONICAL_BY_DIGEST]) == 0 ||
         strcmp(key, weights_members[VS_CANONICAL_BY_FILE]) == 0;
}

static vs_canonical_naming naming_of_tree(const vs_json_tree *form) {
  return vs_json_tree_get(form, weights_members[VS_CANONICAL_BY_FILE]) != NULL
             ? VS_CANONICAL_BY_FILE
             : VS_CANONICAL_BY_DIGEST;
}

vs_status vs_canonical_naming_of(const char *form, vs_canonical_naming *naming) {
  vs_json_tree *tree = NULL;
  vs_status status = vs_json_tree_parse(&tree, form, strlen(form));
  *naming = naming_of_tree(tree);
  vs_json_tree_free(tree);
  return vs_status_context(status, "a canonical form that is not understood");
}

vs_status vs_canonical_settings(const vs_json_tree *form, char *settings[VS_KEY_COUNT],
                                size_t *count) {
  const vs_json_tree *channels = vs_json_tree_get(form, "grid.channel");
  *count = 0;
  for (const char *key = NULL; (key = vs_json_tree_next_key(form, key)) != NULL;) {
    const vs_json_tree *value = vs_json_tree_get(form, key);
    if (strcmp(key, "grid.order") == 0) continue;
    if (*count == VS_KEY_COUNT) return vs_fail(VS_ERR_FORMAT, "more keys than there are");
    settings[*count] = value == channels ? strdup("grid.channel=0") /* until the grid is taken */
                       : is_weights_member(key)
                           ? vs_canonical_setting("weights.file", value, false)
                           : vs_canonical_setting(key, value, vs_canonical_is_point(key));
    if (settings[*count] == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a canonical form");
    ++*count;
  }
  return VS_OK;
}

/* "0..63, 70", as print_channels writes them, of a layer that has `total`. */
static bool read_channels(vs_channels *channels, int total, const char *text) {
  int *list = realloc(channels->list, (size_t)total * sizeof *list);
  if (list == NULL) return false;
  *channels = (vs_channels){.list = list};
  while (*text != '\0') {
    char *end;
    if (!isdigit((unsigned char)*text)) return false;
    long from = strtol(text, &end, 10), to = from;
    if (strncmp(end, "..", 2) == 0) to = strtol(end + 2, &end, 10);
    if (to < from || to >= total || channels->count + (size_t)(to - from) >= (size_t)total)
      return false;
    for (; from <= to; from++) list[channels->count++] = (int)from;
    text = end + strspn(end, ", ");
  }
  return channels->count > 0;
}

static bool take_channels(vs_config *config, const vs_json_tree *map) {
  const vs_config_slot *layers = &config->slots[VS_KEY_LAYER];
  for (size_t i = 0; i < layers->count; i++) {
    const char *text = vs_json_tree_text(vs_json_tree_get(map, layers->values[i].text));
    const int total = vs_vgg16_tap((int)layers->values[i].numbers[0])->channels;
    if (text == NULL || !read_channels(&config->channels[i], total, text)) return false;
  }
  return true;
}

static bool take_order(vs_config *config, const vs_json_tree *order) {
  for (size_t i = 0; i < vs_json_tree_size(order); i++) {
    const char *name = vs_json_tree_text(vs_json_tree_at(order, i));
    const int key = name != NULL ? vs_schema_find(name) : VS_KEY_NONE;
    if (key == VS_KEY_NONE) return false;
    config->slots[key].order = (int)i;
  }
  return true;
}

vs_status vs_canonical_take_grid(vs_sweep *sweep, const vs_json_tree *form) {
  const vs_json_tree *order = vs_json_tree_get(form, "grid.order"),
                     *channels = vs_json_tree_get(form, "grid.channel");
  vs_problems problems = {0};
  vs_canonical_name_weights(sweep, naming_of_tree(form));
  if (order == NULL && channels == NULL) return VS_OK; /* of a run */
  if (vs_json_tree_size(order) != sweep->axis_count || !take_order(&sweep->config, order) ||
      !take_channels(&sweep->config, channels))
    return vs_fail(VS_ERR_FORMAT, "grid.order or grid.channel is damaged");
  vs_grid_init(sweep, &problems);
  vs_status status = vs_problems_report(&problems, "grid");
  vs_problems_clear(&problems);
  return status;
}

/* --- differences ------------------------------------------------------------------------------ */

enum { DIFFERENCES_SHOWN = 20, VALUE_SHOWN = 72 };

/* "theirs -> ours"; of long values the part where they begin to differ. */
static void print_change(FILE *out, const char *key, const vs_json_tree *theirs,
                         const vs_json_tree *ours) {
  char *left = theirs != NULL ? value_text(theirs) : strdup("(nothing)");
  char *right = ours != NULL ? value_text(ours) : strdup("(nothing)");
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

/* The keys of both, each once, sorted. */
static size_t list_keys(const vs_json_tree *theirs, const vs_json_tree *ours, const char **names) {
  size_t count = 0;
  for (const char *key = NULL; (key = vs_json_tree_next_key(theirs, key)) != NULL;)
    names[count++] = key;
  for (const char *key = NULL; (key = vs_json_tree_next_key(ours, key)) != NULL;)
    if (vs_json_tree_get(theirs, key) == NULL) names[count++] = key;
  qsort(names, count, sizeof *names, vs_order_texts);
  return count;
}

static void print_differences(FILE *out, const vs_json_tree *theirs, const vs_json_tree *ours,
                              const char **names) {
  size_t count = list_keys(theirs, ours, names), different = 0;
  for (size_t i = 0; i < count; i++) {
    const vs_json_tree *left = vs_json_tree_get(theirs, names[i]),
                       *right = vs_json_tree_get(ours, names[i]);
    if (vs_json_tree_equal(left, right)) continue;
    if (++different > DIFFERENCES_SHOWN) continue;
    if (different > 1) fputc('\n', out);
    print_change(out, names[i], left, right);
  }
  if (different > DIFFERENCES_SHOWN)
    fprintf(out, "\n... and %zu more", different - DIFFERENCES_SHOWN);
}

char *vs_canonical_difference(const char *theirs, const char *ours) {
  vs_json_tree *left = NULL, *right = NULL;
  char *text = NULL;
  size_t size = 0;
  const bool are_forms = vs_json_tree_parse(&left, theirs, strlen(theirs)) == VS_OK &&
                         vs_json_tree_parse(&right, ours, strlen(ours)) == VS_OK;
  const char **names =
      calloc(vs_json_tree_size(left) + vs_json_tree_size(right) + 1, sizeof *names);
  FILE *out = names != NULL ? open_memstream(&text, &size) : NULL;
  if (out != NULL) {
    if (are_forms)
      print_differences(out, left, right, names);
    else if (strcmp(theirs, ours) != 0)
      fputs("one of the two is not a sweep's canonical form", out);
    if (fclose(out) != 0) {
      free(text);
      text = NULL;
    }
  }
  free(names);
  vs_json_tree_free(left);
  vs_json_tree_free(right);
  return text;
}
