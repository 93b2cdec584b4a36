/* json_tree.c - the one file that knows jansson. */
#include "core/base/json_tree.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/file.h"

vs_status vs_json_tree_parse(vs_json_tree **out, const char *text, size_t size) {
  json_error_t error;
  *out = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  if (*out != NULL) return VS_OK;
  for (char *c = error.text; *c != '\0'; c++) /* it quotes the text */
    if (*c < ' ' || *c > '~') *c = '?';
  return vs_fail(VS_ERR_FORMAT, "not valid JSON: line %d, byte %d: %s", error.line, error.position,
                 error.text);
}

vs_status vs_json_tree_read(vs_json_tree **out, const char *path, size_t limit_bytes) {
  char *text = NULL;
  size_t size = 0;
  *out = NULL;
  vs_status status = vs_file_read(path, limit_bytes, &text, &size);
  if (status != VS_OK) return status;
  status = vs_json_tree_parse(out, text, size);
  free(text);
  return vs_status_context(status, "%s", path);
}

void vs_json_tree_free(vs_json_tree *tree) {
  json_decref(tree);
}

bool vs_json_tree_is_object(const vs_json_tree *tree) {
  return json_is_object(tree);
}

bool vs_json_tree_is_list(const vs_json_tree *tree) {
  return json_is_array(tree);
}

size_t vs_json_tree_size(const vs_json_tree *tree) {
  return json_is_object(tree) ? json_object_size(tree) : json_array_size(tree);
}

const vs_json_tree *vs_json_tree_get(const vs_json_tree *object, const char *key) {
  return json_object_get(object, key);
}

const vs_json_tree *vs_json_tree_at(const vs_json_tree *list, size_t index) {
  return json_array_get(list, index);
}

const char *vs_json_tree_next_key(const vs_json_tree *object, const char *key) {
  json_t *tree = (json_t *)object; /* which iterating leaves as it is */
  return json_object_iter_key(key == NULL
                                  ? json_object_iter(tree)
                                  : json_object_iter_next(tree, json_object_key_to_iter(key)));
}

const char *vs_json_tree_text(const vs_json_tree *tree) {
  return json_string_value(tree);
}

bool vs_json_tree_count(const vs_json_tree *tree, uint64_t *count) {
  if (!json_is_integer(tree) || json_integer_value(tree) < 0) return false;
  *count = (uint64_t)json_integer_value(tree);
  return true;
}

bool vs_json_tree_number(const vs_json_tree *tree, double *number) {
  if (!json_is_number(tree) && !json_is_null(tree)) return false;
  *number = json_is_number(tree) ? json_number_value(tree) : (double)NAN;
  return true;
}

bool vs_json_tree_equal(const vs_json_tree *left, const vs_json_tree *right) {
  return json_equal(left, right);
}

void vs_json_tree_print(FILE *out, const vs_json_tree *tree) {
  json_dumpf(tree, out, JSON_ENCODE_ANY | JSON_SORT_KEYS);
}
