#include "mpi/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

vs_json vs_json_begin(FILE *out) {
  return (vs_json){.out = out};
}

static void print_string(FILE *out, const char *text) {
  putc('"', out);
  for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      fprintf(out, "\\%c", *at);
    else if (*at == '\n')
      fputs("\\n", out);
    else if (*at < 0x20 || *at == 0x7f)
      fprintf(out, "\\u%04x", *at);
    else
      putc(*at, out);
  }
  putc('"', out);
}

static void indent(const vs_json *json) {
  fprintf(json->out, "\n%*s", 2 * json->depth, "");
}

/* What comes before a value: a comma, a new line, the key. Plain values of an array share a line.
 */
static void begin_value(vs_json *json, const char *key, bool plain) {
  if (json->depth == 0) return;
  vs_json_level *level = &json->levels[json->depth - 1];
  bool in_object = level->closing == '}';
  assert(in_object == (key != NULL));
  if (level->has_items) fputs(plain && !in_object ? ", " : ",", json->out);
  level->has_items = true;
  if (in_object || !plain) {
    level->is_broken = true;
    indent(json);
  }
  if (!in_object) return;
  print_string(json->out, key);
  fputs(": ", json->out);
}

static void end_value(vs_json *json) {
  if (json->depth == 0) putc('\n', json->out);
}

void vs_json_open(vs_json *json, const char *key, char bracket) {
  assert(json->depth < VS_JSON_MAX_DEPTH);
  begin_value(json, key, false);
  putc(bracket, json->out);
  json->levels[json->depth] = (vs_json_level){.closing = bracket == '{' ? '}' : ']'};
  json->depth++;
}

void vs_json_close(vs_json *json) {
  assert(json->depth > 0);
  json->depth--;
  if (json->levels[json->depth].is_broken) indent(json);
  putc(json->levels[json->depth].closing, json->out);
  end_value(json);
}

void vs_json_number(vs_json *json, const char *key, double value) {
  begin_value(json, key, true);
  if (isfinite(value))
    fprintf(json->out, "%.17g", value);
  else
    fputs("null", json->out);
  end_value(json);
}

void vs_json_integer(vs_json *json, const char *key, int64_t value) {
  begin_value(json, key, true);
  fprintf(json->out, "%" PRId64, value);
  end_value(json);
}

void vs_json_unsigned(vs_json *json, const char *key, uint64_t value) {
  begin_value(json, key, true);
  fprintf(json->out, "%" PRIu64, value);
  end_value(json);
}

void vs_json_boolean(vs_json *json, const char *key, bool value) {
  begin_value(json, key, true);
  fputs(value ? "true" : "false", json->out);
  end_value(json);
}

void vs_json_text(vs_json *json, const char *key, const char *text) {
  begin_value(json, key, true);
  if (text != NULL)
    print_string(json->out, text);
  else
    fputs("null", json->out);
  end_value(json);
}

void vs_json_verbatim(vs_json *json, const char *key, const char *text) {
  begin_value(json, key, true);
  fputs(text, json->out);
  end_value(json);
}
