/* json_tree.h - JSON that is read: a tree of values, asked by key and by place; jansson behind one
 * file. What is written goes through json.h.
 *
 *   const vs_json_tree *axis = vs_json_tree_at(vs_json_tree_get(root, "axes"), 0);
 *   const char *name = vs_json_tree_text(vs_json_tree_get(axis, "name"));
 *   if (name == NULL) return vs_fail(VS_ERR_FORMAT, "an axis without a name");
 *
 * A value that is not there is NULL, and every question may be put to it, as to a value of another
 * type: so one look at the end of a path is enough. What is returned lives as long as the tree. */
#ifndef VS_CORE_BASE_JSON_TREE_H
#define VS_CORE_BASE_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/status.h"

typedef struct json_t vs_json_tree; /* a node of jansson's, of which only json_tree.c knows more */

/* The tree of `size` bytes, an object or a list. VS_ERR_FORMAT if they are none, or a key stands
 * twice in an object: the message names line and byte. Freed by the caller. */
vs_status vs_json_tree_parse(vs_json_tree **out, const char *text, size_t size);
/* The same of a file; what vs_file_read says of it, or VS_ERR_FORMAT. Messages name the path. */
vs_status vs_json_tree_read(vs_json_tree **out, const char *path, size_t limit_bytes);
void vs_json_tree_free(vs_json_tree *tree); /* fine on NULL */

bool vs_json_tree_is_object(const vs_json_tree *tree);
bool vs_json_tree_is_list(const vs_json_tree *tree);
size_t vs_json_tree_size(const vs_json_tree *tree); /* of an object or a list; else 0 */
const vs_json_tree *vs_json_tree_get(const vs_json_tree *object, const char *key);
const vs_json_tree *vs_json_tree_at(const vs_json_tree *list, size_t index);

/* The key after `key`, itself got from here, in the order of writing; the first after NULL; NULL
 * after the last. */
const char *vs_json_tree_next_key(const vs_json_tree *object, const char *key);

const char *vs_json_tree_text(const vs_json_tree *tree); /* NULL: it is no text */

/* Whether it is a whole number from 0; or any number, or null: NaN, as vs_json_number writes it. */
bool vs_json_tree_count(const vs_json_tree *tree, uint64_t *count);
bool vs_json_tree_number(const vs_json_tree *tree, double *number);

/* Whether two values are the same, 1 and 1.0 not; NULL is like nothing, not even like NULL. */
bool vs_json_tree_equal(const vs_json_tree *left, const vs_json_tree *right);

/* Writes a value as JSON on one line, the keys of objects sorted. */
void vs_json_tree_print(FILE *out, const vs_json_tree *tree);

#endif
