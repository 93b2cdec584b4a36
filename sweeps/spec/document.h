/* document.h - a YAML text as a tree in which everything knows where it was written; libyaml behind
 * one file.
 *
 * Sweep files use the part of YAML that is JSON with less punctuation: maps, lists and scalars. An
 * anchor, alias or tag is a problem of its own, and so is a second document. Sizes are bounded: a
 * sweep file is written by a person. */
#ifndef VS_SWEEPS_SPEC_DOCUMENT_H
#define VS_SWEEPS_SPEC_DOCUMENT_H

#include "sweeps/spec/problems.h"

#define VS_DOCUMENT_MAX_BYTES (1u << 20)
#define VS_DOCUMENT_MAX_DEPTH 16
#define VS_DOCUMENT_MAX_LIST  10000 /* values in one list */
#define VS_DOCUMENT_MAX_KEYS  256   /* keys in one map */

typedef enum vs_document_node_kind {
  VS_NODE_SCALAR,
  VS_NODE_LIST,
  VS_NODE_MAP,
  VS_NODE_BAD /* stands where a problem was reported already */
} vs_document_node_kind;

typedef struct vs_document_node vs_document_node;
struct vs_document_node {
  vs_document_node_kind kind;
  vs_mark mark;
  char *text;  /* a scalar's; owned */
  bool quoted; /* a scalar in quotes or a block: text, never a number */
  char *key;   /* of a value in a map; owned */
  vs_mark key_mark;
  vs_document_node *first, *last; /* of a list or map; owned */
  vs_document_node *next;         /* in the list or map that holds this one */
  size_t count;
};

/* The tree of a text, or NULL: for a text that holds nothing (no problem is added), and for one
 * that is not YAML (a problem is). Freed with vs_document_node_free. `key` names the text in
 * problems. */
vs_document_node *vs_document_parse(const char *text, size_t size, int source, const char *key,
                                    vs_problems *problems);
void vs_document_node_free(vs_document_node *node); /* fine on NULL */

/* Reads a YAML file of at most VS_DOCUMENT_MAX_BYTES for `take`, which adds what is wrong with its
 * tree (NULL: there is none, see above) to the problems. All problems are reported at once: see
 * vs_problems_report. The tree is gone afterwards. */
typedef void vs_document_taker(void *context, const vs_document_node *root, vs_problems *problems);
vs_status vs_document_read(const char *path, vs_document_taker *take, void *context);

/* Whether a scalar is YAML's way of saying nothing: empty, ~ or null, without quotes. */
bool vs_document_node_is_null(const vs_document_node *node);

/* Turns the scalar `a,b,c` into the list of its parts, in place; without a comma a list of one. */
void vs_document_node_split(vs_document_node *node, vs_problems *problems);

#endif
