/* json_writer.h - JSON as a stream of calls, for --json: commas, indentation and escapes are done
 * here. No tree is built, so nothing can fail but the writing, which main.c looks at in the end.
 *
 *   vs_json json = vs_json_begin(stdout);
 *   vs_json_open(&json, NULL, '{');
 *   vs_json_text(&json, "layer", "relu4_3");
 *   vs_json_open(&json, "losses", '[');
 *   vs_json_number(&json, NULL, -12.5);
 *   vs_json_close(&json);
 *   vs_json_close(&json);
 *
 * `key` is NULL inside arrays and for the outermost value. */
#ifndef VS_MPI_JSON_WRITER_H
#define VS_MPI_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define VS_JSON_MAX_DEPTH 16

typedef struct vs_json_level {
  char closing;   /* the bracket that ends it */
  bool has_items; /* so that the next one needs a comma */
  bool is_broken; /* into lines */
} vs_json_level;

typedef struct vs_json {
  FILE *out;
  int depth;
  vs_json_level levels[VS_JSON_MAX_DEPTH];
} vs_json;

vs_json vs_json_begin(FILE *out);

/* Opens an object '{' or an array '['; close closes the one opened last, and ends the line after
 * the outermost. */
void vs_json_open(vs_json *json, const char *key, char bracket);
void vs_json_close(vs_json *json);

/* 17 significant digits, which is every bit of a double; null for what is not finite. */
void vs_json_number(vs_json *json, const char *key, double value);
void vs_json_integer(vs_json *json, const char *key, int64_t value);
void vs_json_unsigned(vs_json *json, const char *key, uint64_t value);
void vs_json_boolean(vs_json *json, const char *key, bool value);
void vs_json_text(vs_json *json, const char *key, const char *text); /* null for NULL */

/* A value that is JSON already, as it stands. */
void vs_json_verbatim(vs_json *json, const char *key, const char *text);

#endif
