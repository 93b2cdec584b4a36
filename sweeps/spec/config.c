/* config.c - a sweep file gathered and read; what is wrong with its keys together: config_check.c.
 */
#include "sweeps/spec/config.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweeps/spec/axis.h"
#include "sweeps/spec/config_check.h"

/* A key's path as the user wrote it. */
typedef struct label {
  char text[128];
} label;

/* What was written for a key. */
typedef struct written {
  vs_document_node *node; /* NULL: nothing; not owned */
  vs_mark mark;           /* of the key */
  label label;
  int order;
} written;

typedef struct reader {
  written fixed[VS_KEY_COUNT], axis[VS_KEY_COUNT];
  int order;
  vs_mark grid_mark;
  char folder[PATH_MAX];        /* of the sweep file, with its slash, or "" */
  char name[65];                /* from the file's name */
  const char *text, *file_name; /* the file proper; text NULL: there is none */
  size_t size, override_count;
  vs_problems *problems;
} reader;

static label join(const char *section, const char *key) {
  label path;
  snprintf(path.text, sizeof path.text, "%s%s%s", section, section[0] != '\0' ? "." : "", key);
  for (char *c = path.text; *c != '\0'; c++)
    if (iscntrl((unsigned char)*c)) *c = '?';
  return path;
}

/* Of these, one is used. */
static bool is_balance(int id) {
  return id >= VS_KEY_LAMBDA && id <= VS_KEY_STRENGTH;
}

/* --- gathering what was written --------------------------------------------------------------- */

/* A list from the command line may be written a,b,c. */
static void split_if_list(reader *read, const vs_key *key, bool as_axis, vs_document_node *node) {
  if (node->kind != VS_NODE_SCALAR || node->quoted || vs_document_node_is_null(node)) return;
  bool has_comma = strchr(node->text, ',') != NULL;
  bool is_list =
      key->type == VS_TYPE_TAPS || key->type == VS_TYPE_WEIGHTS || key->type == VS_TYPE_STEPS;
  bool may_be_list = as_axis || key->type == VS_TYPE_SIZE || key->type == VS_TYPE_SPAN;
  if ((has_comma && may_be_list) || (is_list && !as_axis))
    vs_document_node_split(node, read->problems);
}

/* Several values on the command line, for a key that is not in the grid: an axis is meant. */
static void refuse_values_of_no_axis(reader *read, const vs_key *key, const label *name,
                                     vs_document_node *node) {
  bool takes_lists = key->type == VS_TYPE_SIZE || key->type == VS_TYPE_SPAN ||
                     key->type == VS_TYPE_TAPS || key->type == VS_TYPE_WEIGHTS ||
                     key->type == VS_TYPE_STEPS;
  bool is_word = key->type == VS_TYPE_PATH || node->quoted; /* which may have a comma */
  if (takes_lists || is_word || key->why_no_axis != NULL || node->kind != VS_NODE_SCALAR) return;
  if (strchr(node->text, ',') == NULL) return;
  vs_quoted values = vs_problem_quote(node->text);
  vs_problems_add(read->problems, node->mark, name->text,
                  "takes one value, not %s (did you mean grid.%s=%.*s?)", values.text, name->text,
                  (int)strcspn(values.text + 1, "\""), values.text + 1);
  node->kind = VS_NODE_BAD;
}

static void assign(reader *read, int id, bool as_axis, const label *name, vs_mark mark,
                   vs_document_node *node) {
  const vs_key *key = vs_schema_key(id);
  if (as_axis && key->why_no_axis != NULL) {
    vs_problems_add(read->problems, mark, name->text, "%s cannot vary: %s", key->path,
                    key->why_no_axis);
    return;
  }
  as_axis |= vs_schema_is_grid_only(id);
  written *place = as_axis ? &read->axis[id] : &read->fixed[id];
  bool is_override = mark.source > VS_SOURCE_FILE;
  if (place->node != NULL && !is_override) {
    vs_problems_add(read->problems, mark, name->text, "given twice, first in line %d as %s",
                    place->mark.line, place->label.text);
    return;
  }
  if (is_override) {
    split_if_list(read, key, as_axis, node);
    if (!as_axis) refuse_values_of_no_axis(read, key, name, node);
    if (as_axis) read->fixed[id].node = NULL;
    for (int other = VS_KEY_LAMBDA; other <= VS_KEY_STRENGTH; other++)
      if (is_balance(id) && other != id) read->axis[other].node = NULL;
  }
  int order = place->node != NULL ? place->order : read->order++;
  *place = (written){.node = node, .mark = mark, .label = *name, .order = order};
}

static void walk(reader *read, const char *section, vs_document_node *map);

/* Takes what stands under a path of the file proper. false: there is no such path. */
static bool take(reader *read, const label *path, vs_mark mark, vs_document_node *node) {
  int id = vs_schema_find(path->text);
  if (id != VS_KEY_NONE) {
    assign(read, id, false, path, mark, node);
    return true;
  }
  if (!vs_schema_is_section(path->text)) return false;
  if (strcmp(path->text, "grid") == 0 && mark.source == VS_SOURCE_FILE) read->grid_mark = mark;
  int stand_in = vs_schema_find_stand_in(path->text);
  if (node->kind == VS_NODE_MAP) {
    walk(read, path->text, node);
  } else if (stand_in != VS_KEY_NONE && node->kind == VS_NODE_SCALAR) {
    /* It replaces the section: what an override does not say is not left over from the file. */
    if (mark.source > VS_SOURCE_FILE)
      for (int i = 0; i < VS_KEY_COUNT; i++)
        if (strncmp(vs_schema_key(i)->path, path->text, strlen(path->text)) == 0)
          read->fixed[i].node = NULL;
    assign(read, stand_in, false, path, mark, node);
  } else if (node->kind != VS_NODE_BAD) {
    vs_problems_add(read->problems, mark, path->text, "must hold keys%s",
                    vs_schema_hint(path->text, "").text);
  }
  return true;
}

/* Takes an axis by its path or last part, written inside the grid. */
static void take_axis(reader *read, const char *name, vs_mark mark, vs_document_node *node) {
  label path = join("grid", name);
  int id = vs_schema_find(path.text);
  if (id == VS_KEY_NONE) id = vs_schema_find_short(name);
  if (id >= 0 && vs_schema_is_grid_only(id) && strncmp(name, "grid.", 5) == 0) id = VS_KEY_NONE;
  if (id == VS_KEY_AMBIGUOUS || (id == VS_KEY_NONE && vs_schema_is_section(name)))
    vs_problems_add(read->problems, mark, path.text,
                    "this names a whole section; write the path of one key%s",
                    vs_schema_hint(name, "").text);
  else if (id == VS_KEY_NONE)
    vs_problems_add(read->problems, mark, path.text, "unknown key%s",
                    vs_schema_hint("grid", name).text);
  else
    assign(read, id, true, &path, mark, node);
}

static bool is_repeated(reader *read, const vs_document_node *map, const vs_document_node *node,
                        const label *path) {
  for (const vs_document_node *earlier = map->first; earlier != node; earlier = earlier->next) {
    if (strcmp(earlier->key, node->key) != 0) continue;
    vs_problems_add(read->problems, node->key_mark, path->text, "given twice, first in line %d",
                    earlier->key_mark.line);
    return true;
  }
  return false;
}

static void walk(reader *read, const char *section, vs_document_node *map) {
  bool is_grid = strcmp(section, "grid") == 0;
  for (vs_document_node *node = map->first; node != NULL; node = node->next) {
    label path = join(section, node->key);
    if (is_repeated(read, map, node, &path)) continue;
    if (is_grid)
      take_axis(read, node->key, node->key_mark, node);
    else if (strcmp(node->key, "<<") == 0)
      vs_problems_add(read->problems, node->key_mark, path.text,
                      "merge keys are not used in sweep files");
    else if (strchr(node->key, '.') != NULL && vs_schema_find(path.text) != VS_KEY_NONE)
      vs_problems_add(read->problems, node->key_mark, path.text,
                      "dotted keys are for the grid and --set; nest it here");
    else if (!take(read, &path, node->key_mark, node))
      vs_problems_add(read->problems, node->key_mark, path.text, "unknown key%s",
                      vs_schema_hint(section, node->key).text);
  }
}

static void take_override(reader *read, const char *name, vs_mark mark, vs_document_node *node) {
  label path = join("", name);
  bool in_grid = strncmp(name, "grid.", 5) == 0;
  if (in_grid) {
    take_axis(read, name + 5, mark, node);
    return;
  }
  if (take(read, &path, mark, node)) return;
  int id = vs_schema_find_short(name);
  if (id >= 0)
    assign(read, id, false, &path, mark, node);
  else
    vs_problems_add(read->problems, mark, path.text, "unknown key%s",
                    vs_schema_hint("", name).text);
}

/* Parses `key=value` and takes it. Returns the tree of the value, to be freed after reading. */
static vs_document_node *read_override(reader *read, const char *override, int source) {
  vs_mark mark = {.source = source};
  const char *equals = strchr(override, '=');
  if (equals == NULL || equals == override) {
    vs_problems_add(read->problems, mark, vs_problem_quote(override).text,
                    "write it as --set key=value");
    return NULL;
  }
  char *name = strndup(override, (size_t)(equals - override));
  if (name == NULL) {
    read->problems->no_memory = true;
    return NULL;
  }
  label path = join("", name);
  size_t before = read->problems->count;
  vs_document_node *node =
      vs_document_parse(equals + 1, strlen(equals + 1), source, path.text, read->problems);
  if (node != NULL)
    take_override(read, name, mark, node);
  else if (read->problems->count == before)
    vs_problems_add(read->problems, mark, path.text, "has no value");
  free(name);
  return node;
}

/* --- reading values --------------------------------------------------------------------------- */

static const char *folder_for(const reader *read, vs_mark mark) {
  return mark.source == VS_SOURCE_FILE ? read->folder : ""; /* --set: from where one stands */
}

static bool is_list_type(vs_type type) {
  return type == VS_TYPE_SPAN || type == VS_TYPE_TAPS || type == VS_TYPE_WEIGHTS ||
         type == VS_TYPE_STEPS;
}

static void refuse_repeated_values(reader *read, const vs_config_slot *slot, const char *name) {
  for (size_t i = 1; i < slot->count; i++) {
    for (size_t j = 0; j < i; j++) {
      if (strcmp(slot->values[i].json, slot->values[j].json) != 0) continue;
      vs_problems_add(read->problems, slot->values[i].mark, name, "%s is listed twice",
                      vs_problem_quote(slot->values[i].text).text);
      break;
    }
  }
}

/* Reads the nodes from `first` on, each a value of the axis; what cannot be read is left out. */
static void read_values(reader *read, vs_config_slot *slot, const vs_key *key, const written *axis,
                        const vs_document_node *first, size_t count) {
  slot->values = calloc(count, sizeof *slot->values);
  if (slot->values == NULL) {
    read->problems->no_memory = true;
    return;
  }
  const vs_document_node *node = first;
  for (size_t i = 0; i < count; i++, node = node->next) {
    vs_value *value = &slot->values[slot->count];
    if (!vs_value_read(value, key, node, axis->label.text, folder_for(read, node->mark),
                       read->problems))
      continue;
    slot->count++;
    if (read->text != NULL && strlen(value->text) >= VS_AXIS_TEXT)
      vs_problems_add(read->problems, node->mark, axis->label.text,
                      "too long for an axis, whose values have at most %d characters%s",
                      VS_AXIS_TEXT - 1,
                      value->pens != NULL ? "; a file of pens has a shorter name" : "");
  }
  refuse_repeated_values(read, slot, axis->label.text);
}

static void read_axis(reader *read, vs_config_slot *slot, const vs_key *key, const written *axis) {
  const vs_document_node *node = axis->node;
  slot->is_axis = true;
  slot->order = axis->order;
  if (node->kind == VS_NODE_BAD) return;
  if (node->kind != VS_NODE_LIST && !is_list_type(key->type)) {
    read_values(read, slot, key, axis, node, 1);
  } else if (node->kind == VS_NODE_LIST && node->count == 0) {
    vs_problems_add(read->problems, node->mark, axis->label.text,
                    "an empty list: an axis has at least one value");
  } else if (is_list_type(key->type) &&
             (node->kind != VS_NODE_LIST ||
              (node->first->kind != VS_NODE_LIST && key->choices == NULL))) {
    vs_problems_add(read->problems, node->mark, axis->label.text,
                    "each value of this axis is a list itself, as in [%s]", key->fallback);
  } else {
    read_values(read, slot, key, axis, node->first, node->count);
  }
}

/* A single value: written, or the default. */
static void read_fixed(reader *read, vs_config_slot *slot, const vs_key *key, const written *fixed,
                       const char *fallback) {
  vs_document_node *own = NULL;
  const vs_document_node *node = fixed->node;
  const char *name = fixed->label.text;
  if (node == NULL) {
    own =
        vs_document_parse(fallback, strlen(fallback), VS_SOURCE_DEFAULT, key->path, read->problems);
    node = own;
    name = key->path;
    if (node == NULL) return;
  }
  slot->values = calloc(1, sizeof *slot->values);
  if (slot->values == NULL)
    read->problems->no_memory = true;
  else if (vs_value_read(slot->values, key, node, name, folder_for(read, node->mark),
                         read->problems))
    slot->count = 1;
  vs_document_node_free(own);
}

static void read_slot(reader *read, vs_config *config, int id) {
  const vs_key *key = vs_schema_key(id);
  vs_config_slot *slot = &config->slots[id];
  const written *fixed = &read->fixed[id], *axis = &read->axis[id];
  slot->is_axis = vs_schema_is_grid_only(id);
  snprintf(slot->label, sizeof slot->label, "%s",
           axis->node != NULL    ? axis->label.text
           : fixed->node != NULL ? fixed->label.text
                                 : key->path);
  const bool is_form = read->text == NULL && key->is_later;
  const bool yields = key->yields_to != 0 && (read->fixed[key->yields_to].node != NULL ||
                                              read->axis[key->yields_to].node != NULL);
  const char *fallback = id == VS_KEY_NAME   ? read->name
                         : is_form || yields ? vs_schema_born(id)
                                             : key->fallback;
  if (axis->node != NULL)
    read_axis(read, slot, key, axis);
  else if (fixed->node != NULL || fallback != NULL)
    read_fixed(read, slot, key, fixed, fallback);
}

/* lambda, unless one of the others is written alone. */
static vs_key_id choose_balance(const reader *read) {
  for (int id = VS_KEY_LAMBDA; id <= VS_KEY_STRENGTH; id++)
    if (read->axis[id].node != NULL) return (vs_key_id)id;
  return VS_KEY_LAMBDA;
}

/* As if it stood first in the list. */
static void add_strength_0(reader *read, vs_config *config) {
  const vs_key *key = vs_schema_key(VS_KEY_STRENGTH);
  vs_config_slot *slot = &config->slots[VS_KEY_STRENGTH];
  if (slot->count == 0 || vs_config_slot_has(slot, 0)) return;
  vs_document_node *node = vs_document_parse("0", 1, VS_SOURCE_DEFAULT, key->path, read->problems);
  vs_value *grown = realloc(slot->values, (slot->count + 1) * sizeof *grown);
  if (grown != NULL) slot->values = grown;
  if (node == NULL || grown == NULL) {
    read->problems->no_memory = true;
  } else {
    memmove(grown + 1, grown, slot->count * sizeof *grown);
    grown[0] = (vs_value){0};
    slot->count++;
    vs_value_read(grown, key, node, key->path, "", read->problems);
    config->strength_0_added = true;
  }
  vs_document_node_free(node);
}

static void read_channels(reader *read, vs_config *config) {
  const written *axis = &read->axis[VS_KEY_CHANNEL];
  if (axis->node == NULL) return;
  const vs_config_slot *layers = &config->slots[VS_KEY_LAYER];
  config->channels = calloc(layers->count + 1, sizeof *config->channels);
  if (config->channels == NULL)
    read->problems->no_memory = true;
  else
    vs_channels_read(config->channels, layers->values, layers->count, axis->node, axis->label.text,
                     read->problems);
}

/* --- keys against each other ------------------------------------------------------------------ */

static void refuse_contradictions(reader *read) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const written *fixed = &read->fixed[id], *axis = &read->axis[id];
    if (fixed->node == NULL || axis->node == NULL) continue;
    if (fixed->mark.source > VS_SOURCE_FILE)
      vs_problems_add(read->problems, fixed->mark, fixed->label.text,
                      "is an axis of this sweep: --set %s=... replaces it", axis->label.text);
    else
      vs_problems_add(read->problems, fixed->mark, fixed->label.text,
                      "also stands in the grid, in line %d; keep one of them", axis->mark.line);
  }
  const written *first = NULL;
  for (int id = VS_KEY_LAMBDA; id <= VS_KEY_STRENGTH; id++) {
    const written *axis = &read->axis[id];
    if (axis->node != NULL && first != NULL)
      vs_problems_add(read->problems, axis->mark, axis->label.text,
                      "takes the place of %s (line %d); keep one of them",
                      strrchr(first->label.text, '.') + 1, first->mark.line);
    else if (axis->node != NULL)
      first = axis;
  }
}

static void require(reader *read, int id, const char *example) {
  if (read->axis[id].node != NULL) return;
  vs_problems_add(read->problems, read->grid_mark, vs_schema_key(id)->path, "is missing: %s",
                  example);
}

/* Steps of the run that has the fewest, all its stages together; never more than it has. */
static double shortest_run(const vs_config *config) {
  const vs_config_slot *slots = config->slots;
  const bool all_have_pens = !vs_config_slot_names(&slots[VS_KEY_PALETTE_PENS], "none") ||
                             !vs_config_slot_has(&slots[VS_KEY_PALETTE_COLORS], 0);
  const bool all_are_strokes =
      slots[VS_KEY_IMAGE_PARAMETRIZATION].count == 1 &&
      vs_config_slot_has(&slots[VS_KEY_IMAGE_PARAMETRIZATION], VS_PARAM_STROKES);
  const double steps = vs_config_slot_extreme(&slots[VS_KEY_STEPS], -1);
  double all = steps;
  if (all_have_pens && all_are_strokes)
    all += round(vs_config_slot_extreme(&slots[VS_KEY_PALETTE_REFINE], -1) * steps);
  all += fmax(vs_config_slot_extreme(&slots[VS_KEY_LEVELS], -1) - 1, 0) *
         round(vs_config_slot_extreme(&slots[VS_KEY_LEVEL_SHARE], -1) * steps);
  return all;
}

/* Whether the file is right about its snapshots, and has more steps than what it became with its
 * overrides. */
static bool was_made_shorter(const reader *read, const vs_config *config) {
  if (read->override_count == 0) return false;
  vs_config plain;
  vs_problems problems = {0}; /* others may be what the overrides mend */
  vs_config_read(&plain, read->text, read->size, read->file_name, NULL, 0, &problems);
  const vs_config_slot *steps = &plain.slots[VS_KEY_STEPS];
  const bool answer =
      !problems.no_memory &&
      vs_config_slot_extreme(steps, -1) >
          vs_config_slot_extreme(&config->slots[VS_KEY_STEPS], -1) &&
      vs_config_slot_extreme(&plain.slots[VS_KEY_LOG_SNAPSHOTS], 1) <= shortest_run(&plain);
  vs_problems_clear(&problems);
  vs_config_clear(&plain);
  return answer;
}

static void leave_out_snapshots(reader *read, vs_config *config, double last) {
  vs_value *snapshots = config->slots[VS_KEY_LOG_SNAPSHOTS].values;
  const size_t before = snapshots->count, size = sizeof config->snapshots_left_out;
  char *names = config->snapshots_left_out;
  size_t used = 0;
  if (!vs_value_cut_steps(snapshots, vs_schema_key(VS_KEY_LOG_SNAPSHOTS), last))
    read->problems->no_memory = true;
  for (size_t i = snapshots->count; i < before; i++)
    used += (size_t)snprintf(names + used, size - used, "%s%.0f", used > 0 ? ", " : "",
                             snapshots->numbers[i]);
}

/* A snapshot of every run of the sweep is taken at the same steps. */
static void check_snapshots(reader *read, vs_config *config) {
  const vs_config_slot *steps = &config->slots[VS_KEY_STEPS];
  const vs_config_slot *snapshots = &config->slots[VS_KEY_LOG_SNAPSHOTS];
  if (steps->count == 0 || snapshots->count == 0 || snapshots->values[0].count == 0) return;
  double shortest = shortest_run(config), last = vs_config_slot_extreme(snapshots, 1);
  if (last <= shortest) return;
  if (snapshots->values[0].mark.source == VS_SOURCE_FILE && was_made_shorter(read, config))
    leave_out_snapshots(read, config, shortest);
  else
    vs_problems_add(read->problems, snapshots->values[0].mark, snapshots->label,
                    "a snapshot after step %.0f, but %sruns have %.0f steps (objective.steps)",
                    last, steps->count > 1 ? "the shortest " : "", shortest);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The folder, for relative paths, and a name for the results, from "some/folder/name.yaml". */
static void take_file_name(reader *read, const char *file_name) {
  const char *slash = strrchr(file_name, '/');
  const char *base = slash != NULL ? slash + 1 : file_name;
  snprintf(read->folder, sizeof read->folder, "%.*s", (int)(base - file_name), file_name);
  const char *dot = strrchr(base, '.');
  size_t length = dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base);
  /* in quotes, since it is read as YAML: a file may be called null.yaml */
  snprintf(read->name, sizeof read->name, "\"%.*s", (int)(length < 62 ? length : 62), base);
  for (char *c = read->name + 1; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL) *c = '-';
  if (!isalnum((unsigned char)read->name[1])) snprintf(read->name, sizeof read->name, "\"sweep");
  strncat(read->name, "\"", sizeof read->name - strlen(read->name) - 1);
}

void vs_config_read(vs_config *config, const char *text, size_t size, const char *file_name,
                    char *const *overrides, size_t override_count, vs_problems *problems) {
  *config = (vs_config){0};
  reader *read = calloc(1, sizeof *read);
  if (read == NULL) {
    problems->no_memory = true;
    return;
  }
  read->problems = problems;
  read->text = text;
  read->size = size;
  read->file_name = file_name;
  read->override_count = override_count;
  read->grid_mark = (vs_mark){VS_SOURCE_FILE, 1, 1};
  take_file_name(read, file_name);

  vs_document_node *root =
      text != NULL ? vs_document_parse(text, size, VS_SOURCE_FILE, "YAML", problems) : NULL;
  bool is_yaml = root != NULL || problems->count == 0;
  if (root != NULL && root->kind == VS_NODE_MAP)
    walk(read, "", root);
  else if (text != NULL && is_yaml)
    vs_problems_add(
        problems, read->grid_mark, "sweep", "%s",
        root == NULL || vs_document_node_is_null(root)
            ? "the file is empty"
            : "a sweep file holds keys, as in `grid: {layer: [relu4_3], channel: [7]}`");
  vs_document_node *trees =
      NULL; /* of the overrides, linked by `next`, which a root does not use */
  for (size_t i = 0; i < override_count; i++) {
    vs_document_node *tree = read_override(read, overrides[i], (int)i + 1);
    if (tree == NULL) continue;
    tree->next = trees;
    trees = tree;
  }

  config->grid_mark = read->grid_mark;
  refuse_contradictions(read);
  if (text == NULL || (root != NULL && root->kind == VS_NODE_MAP)) {
    require(read, VS_KEY_LAYER, "what to excite, as in layer: [relu4_3]");
    require(read, VS_KEY_CHANNEL, "what to excite, as in channel: [1, 7] or {range: [0, 64]}");
  }
  config->balance = choose_balance(read);
  for (int id = 0; id < VS_KEY_COUNT; id++)
    if (id != VS_KEY_CHANNEL &&
        (!is_balance(id) || id == (int)config->balance || read->axis[id].node != NULL))
      read_slot(read, config, id);
  if (config->balance == VS_KEY_STRENGTH && text != NULL) add_strength_0(read, config);
  config->slots[VS_KEY_CHANNEL].is_axis = true;
  read_channels(read, config);
  check_snapshots(read, config);
  vs_config_check(config, problems);

  while (trees != NULL) {
    vs_document_node *next = trees->next;
    vs_document_node_free(trees);
    trees = next;
  }
  vs_document_node_free(root);
  free(read);
}

void vs_config_clear(vs_config *config) {
  for (size_t i = 0; config->channels != NULL && i < config->slots[VS_KEY_LAYER].count; i++)
    vs_channels_clear(&config->channels[i]);
  free(config->channels);
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    vs_config_slot *slot = &config->slots[id];
    for (size_t i = 0; i < slot->count; i++) vs_value_clear(&slot->values[i]);
    free(slot->values);
  }
  *config = (vs_config){0};
}
