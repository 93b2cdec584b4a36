/* json.h - JSON as a stream of calls, for --json and for pages: commas, indentation and
 * escapes are done here. No tree is built, so nothing can fail but the writing, which the owner of
 * the stream checks at the end (ferror).
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
#ifndef VS_CORE_BASE_JSON_H
#define VS_CORE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
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
  bool is_compact, for_script;
  vs_json_level levels[VS_JSON_MAX_DEPTH];
} vs_json;

/* To be read by people too: an item of an object a line, indented. */
vs_json vs_json_begin(FILE *out);

/* To stand in a <script> of a page: no white space, and no text can end the script or a line of it,
 * as '<', U+2028 and U+2029 are written \u003c and so on. */
vs_json vs_json_begin_script(FILE *out);

/* Without white space. */
vs_json vs_json_begin_compact(FILE *out);

/* Opens an object '{' or an array '['; close closes the one opened last, and ends the line after
 * the outermost. */
void vs_json_open(vs_json *json, const char *key, char bracket);
void vs_json_close(vs_json *json);

/* 17 significant digits, which is every bit of a double; null for what is not finite. */
void vs_json_number(vs_json *json, const char *key, double value);
/* 9 significant digits, more than a float32 holds: a third of the bytes, for figures in bulk. */
void vs_json_figure(vs_json *json, const char *key, double value);
/* All bits of a finite number too, and a point or an exponent even where it is whole: 50.0, 1e-5.
 * Names of runs are made of these digits, so they never change. */
void vs_json_real(vs_json *json, const char *key, double value);
void vs_json_integer(vs_json *json, const char *key, int64_t value);
void vs_json_unsigned(vs_json *json, const char *key, uint64_t value);
void vs_json_boolean(vs_json *json, const char *key, bool value);
void vs_json_text(vs_json *json, const char *key, const char *text); /* null for NULL */

/* `size` bytes as a text in base64 (RFC 4648, with its padding). */
void vs_json_base64(vs_json *json, const char *key, const void *data, size_t size);

/* A value that is JSON already, as it stands: in a script it is the caller's to escape. */
void vs_json_verbatim(vs_json *json, const char *key, const char *text);

/* A text by itself, in quotes and with its escapes, where the rest is not written by these calls.
 */
void vs_json_print_text(FILE *out, const char *text);

#endif
