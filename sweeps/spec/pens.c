/* pens.c - sets of pens read from files and lists, and written as canonical JSON. */
#include "sweeps/spec/pens.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/data.h"
#include "core/base/file.h"
#include "core/image/color.h"
#include "sweeps/spec/scalar.h"

/* --- one pen ---------------------------------------------------------------------------------- */

static void read_color(vs_pen *pen, const vs_document_node *node, vs_problems *problems) {
  static const char way[] = "write it as \"#rrggbb\", in quotes, since # begins a comment";
  if (node->kind == VS_NODE_BAD) return;
  if (node->kind != VS_NODE_SCALAR)
    vs_problems_add(problems, node->mark, "color", "is a %s; %s",
                    node->kind == VS_NODE_LIST ? "list" : "map", way);
  else if (vs_document_node_is_null(node))
    vs_problems_add(problems, node->mark, "color", "has no value; %s", way);
  else if (!vs_color_from_hex(node->text, pen->color))
    vs_problems_add(problems, node->mark, "color", "%s is no colour; %s",
                    vs_problem_quote(node->text).text, way);
}

static bool has_control_characters(const char *text) {
  for (; *text != '\0'; text++) {
    const unsigned char byte = (unsigned char)*text;
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && (unsigned char)text[1] < 0xa0) return true; /* U+0080 .. U+009F */
  }
  return false;
}

static void read_name(vs_pen *pen, const vs_document_node *node, vs_problems *problems) {
  if (node->kind == VS_NODE_BAD) return;
  if (node->kind != VS_NODE_SCALAR || vs_document_node_is_null(node) || node->text[0] == '\0')
    vs_problems_add(problems, node->mark, "name", "must be a word, as in name: black");
  else if (strlen(node->text) >= VS_PEN_NAME)
    vs_problems_add(problems, node->mark, "name", "%s is longer than %d bytes",
                    vs_problem_quote(node->text).text, VS_PEN_NAME - 1);
  else if (has_control_characters(node->text))
    vs_problems_add(problems, node->mark, "name", "%s holds control characters",
                    vs_problem_quote(node->text).text);
  else
    snprintf(pen->name, sizeof pen->name, "%s", node->text);
}

static void read_width(vs_pen *pen, const vs_document_node *node, vs_problems *problems) {
  const vs_key range = {.min_is_out = true, .max = VS_MAX_PEN_MM};
  vs_scalar_number(&pen->width_mm, node, &range, false, "width", problems);
}

static const char *const pen_keys[] = {"name", "color", "width"};
enum { PEN_KEYS = sizeof pen_keys / sizeof pen_keys[0] };

static void read_key(vs_pen *pen, const vs_document_node *node, vs_problems *problems) {
  if (strcmp(node->key, "name") == 0)
    read_name(pen, node, problems);
  else if (strcmp(node->key, "color") == 0)
    read_color(pen, node, problems);
  else if (strcmp(node->key, "width") == 0)
    read_width(pen, node, problems);
  else
    vs_problems_add(problems, node->key_mark, "", "a pen has no %s%s; it has name, color, width",
                    vs_problem_quote(node->key).text,
                    vs_problem_hint_near(node->key, pen_keys, PEN_KEYS).text);
}

/* The value of the first `key` of a map, or NULL. */
static const vs_document_node *find(const vs_document_node *map, const char *key) {
  for (const vs_document_node *node = map->first; node != NULL; node = node->next)
    if (strcmp(node->key, key) == 0) return node;
  return NULL;
}

/* Whether a key stands before `node` in the same map, which is told. */
static bool is_repeated(const vs_document_node *map, const vs_document_node *node,
                        vs_problems *problems) {
  const vs_document_node *earlier = find(map, node->key);
  if (earlier == node) return false;
  vs_problems_add(problems, node->key_mark, vs_problem_quote(node->key).text,
                  "given twice, first in line %d", earlier->key_mark.line);
  return true;
}

static void read_triple(vs_pen *pen, const vs_document_node *list, vs_problems *problems) {
  const vs_document_node *name = list->first, *color = name->next, *width = color->next;
  read_name(pen, name, problems);
  read_color(pen, color, problems);
  read_width(pen, width, problems);
}

static void read_pen(vs_pen *pen, const vs_document_node *map, vs_problems *problems) {
  if (map->kind == VS_NODE_BAD) return;
  if (map->kind == VS_NODE_LIST && map->count == 3) {
    read_triple(pen, map, problems);
    return;
  }
  if (map->kind != VS_NODE_MAP) {
    vs_problems_add(problems, map->mark, "",
                    "a pen is written {name: black, color: \"#111111\", width: 0.3}");
    return;
  }
  for (const vs_document_node *node = map->first; node != NULL; node = node->next)
    if (!is_repeated(map, node, problems)) read_key(pen, node, problems);
  for (size_t i = 0; i < PEN_KEYS; i++)
    if (find(map, pen_keys[i]) == NULL)
      vs_problems_add(problems, map->mark, pen_keys[i], "is missing");
}

/* --- the file --------------------------------------------------------------------------------- */

/* The pens before `list`'s current one have been read; tells if it has the name of one of them. */
static void refuse_repeated_name(const vs_pen_set *pens, const vs_document_node *map,
                                 vs_problems *problems) {
  const vs_document_node *name = map->kind == VS_NODE_MAP ? find(map, "name") : map->first;
  const vs_pen *pen = &pens->pens[pens->count];
  for (int i = 0; i < pens->count && pen->name[0] != '\0'; i++)
    if (strcmp(pens->pens[i].name, pen->name) == 0)
      vs_problems_add(problems, name->mark, "name",
                      "two pens are called %s: each needs a name of its own",
                      vs_problem_quote(pen->name).text);
}

static void read_pens(vs_pen_set *pens, const vs_document_node *list, vs_problems *problems) {
  if (list->kind == VS_NODE_BAD) return;
  if (list->kind != VS_NODE_LIST || list->count == 0) {
    vs_problems_add(
        problems, list->mark, "",
        "must be a list of pens, as in - {name: black, color: \"#111111\", width: 0.3}");
    return;
  }
  if (list->count > VS_MAX_PENS)
    vs_problems_add(problems, list->mark, "", "%zu pens; at most %d are taken", list->count,
                    VS_MAX_PENS);
  for (const vs_document_node *map = list->first; map != NULL && pens->count < VS_MAX_PENS;
       map = map->next) {
    read_pen(&pens->pens[pens->count], map, problems);
    refuse_repeated_name(pens, map, problems);
    pens->count++;
  }
}

bool vs_pens_from_list(vs_pen_set *pens, const vs_document_node *list, const char *label,
                       vs_problems *problems) {
  const size_t before = problems->count;
  *pens = (vs_pen_set){0};
  problems->within = label;
  read_pens(pens, list, problems);
  problems->within = NULL;
  return problems->count == before && pens->count > 0;
}

void vs_pens_print(vs_json *json, const vs_pen_set *pens) {
  vs_json_open(json, NULL, '[');
  for (int i = 0; i < pens->count; i++) {
    char color[VS_COLOR_HEX];
    vs_color_hex(pens->pens[i].color, color);
    vs_json_open(json, NULL, '[');
    vs_json_text(json, NULL, pens->pens[i].name);
    vs_json_text(json, NULL, color);
    vs_json_real(json, NULL, pens->pens[i].width_mm);
    vs_json_close(json);
  }
  vs_json_close(json);
}

static void read_root(void *context, const vs_document_node *root, vs_problems *problems) {
  vs_pen_set *pens = context;
  static const char *const keys[] = {"pens"};
  const vs_document_node *list = NULL;
  if (root != NULL && root->kind == VS_NODE_MAP) {
    list = find(root, "pens");
    for (const vs_document_node *node = root->first; node != NULL; node = node->next)
      if (!is_repeated(root, node, problems) && node != list)
        vs_problems_add(problems, node->key_mark, vs_problem_quote(node->key).text, "unknown key%s",
                        vs_problem_hint_near(node->key, keys, 1).text);
  }
  if (list != NULL)
    vs_pens_from_list(pens, list, "pens", problems);
  else if (problems->count == 0)
    vs_problems_add(problems, (vs_mark){VS_SOURCE_FILE, 1, 1}, "pens",
                    "is missing: a file of pens holds `pens: [{name: black, color: \"#111111\", "
                    "width: 0.3}]`");
}

static vs_status read_file(vs_pen_set *out, const char *path) {
  vs_pen_set pens = {0};
  vs_status status = vs_document_read(path, read_root, &pens);
  if (status == VS_OK) *out = pens;
  return status;
}

/* --- installed sets --------------------------------------------------------------------------- */

static const char ending[] = ".yaml";

static int is_set(const struct dirent *entry) {
  return vs_file_ends_in(entry->d_name, ending);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort's locale */
}

/* VS_ERR_USAGE: no set has this name; these are there. */
static vs_status refuse_name(const char *folder, const char *name) {
  enum { LISTED = 64 };
  struct dirent **entries = NULL;
  const int count = scandir(folder, &entries, is_set, by_name);
  const char *names[LISTED];
  char list[1024] = "";
  size_t used = 0, known = 0;
  for (int i = 0; i < count && known < LISTED; i++) {
    char *set = entries[i]->d_name;
    set[strlen(set) - (sizeof ending - 1)] = '\0';
    names[known++] = set;
    if (used < sizeof list)
      used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", set);
  }
  const vs_hint hint = vs_problem_hint_near(name, names, known);
  for (int i = 0; i < count; i++) free(entries[i]);
  free(entries);
  return vs_fail(
      VS_ERR_USAGE,
      "no set of pens is called %s%s; there are %s (a file of your own is named with its "
      "ending, as in pens.yaml)",
      vs_problem_quote(name).text, hint.text, list);
}

vs_status vs_pens_read(vs_pen_set *pens, const char *path_or_name) {
  if (strpbrk(path_or_name, "./") != NULL) return read_file(pens, path_or_name);
  char folder[PATH_MAX], path[PATH_MAX], file[NAME_MAX + 1];
  vs_status status = vs_data_find(folder, sizeof folder, "pens");
  if (status != VS_OK) return vs_status_context(status, "the installed sets of pens");
  const int length = snprintf(file, sizeof file, "%s%s", path_or_name, ending);
  if (length < 0 || (size_t)length >= sizeof file) return refuse_name(folder, path_or_name);
  status = vs_file_join(path, sizeof path, folder, file);
  if (status != VS_OK) return status;
  if (!vs_file_exists(path)) return refuse_name(folder, path_or_name);
  return read_file(pens, path);
}
