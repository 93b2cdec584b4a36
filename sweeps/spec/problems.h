/* problems.h - everything that is wrong with a sweep file, gathered, so that it is told at once.
 *
 * A mark says where something was written: a line and a column of the file, or an override of the
 * command line. Whoever checks adds problems and goes on; the report puts them in the order of the
 * file, one a line: `file:line:column: key: what is wrong`, overrides last, as `--set key: ...`. */
#ifndef VS_SWEEPS_SPEC_PROBLEMS_H
#define VS_SWEEPS_SPEC_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

#define VS_SOURCE_DEFAULT (-1) /* the schema's own defaults */
#define VS_SOURCE_FILE    0    /* the sweep file; s > 0: the s-th override */

typedef struct vs_mark {
  int source;
  int line, column; /* counted from 1 */
} vs_mark;

typedef struct vs_problem {
  vs_mark mark;
  size_t order;
  char *text; /* "key: what is wrong"; owned */
} vs_problem;

/* Start with {0}. */
typedef struct vs_problems {
  vs_problem *list;   /* owned */
  size_t count;       /* all that were found */
  size_t kept;        /* of them in list; a hostile file may have a million */
  bool no_memory;     /* something could not be allocated; the report says so */
  const char *within; /* path of the list that is being read, before the keys in it; NULL: none;
                         not owned */
} vs_problems;

/* Adds one. `key` is the dotted path as the user wrote it, "" for what is read within. printf
 * style, no newline, at most 700 bytes. */
void vs_problems_add(vs_problems *problems, vs_mark mark, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* VS_OK if there are none, else VS_ERR_USAGE with all of them as its message (VS_ERR_MEMORY if
 * memory ran out). Sorts the list. */
vs_status vs_problems_report(vs_problems *problems, const char *file_name);

void vs_problems_clear(vs_problems *problems);

/* A user's text as it may stand in a message: in quotes, cut after 60 bytes, and without control
 * characters, which would reach the terminal. */
typedef struct vs_quoted {
  char text[72];
} vs_quoted;
vs_quoted vs_problem_quote(const char *text);

/* ` (did you mean "x"?)` with the candidate nearest to a word, or nothing. */
typedef struct vs_hint {
  char text[100];
} vs_hint;
vs_hint vs_problem_hint_near(const char *word, const char *const *candidates, size_t count);

#endif
