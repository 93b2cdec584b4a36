/* json.c - what is printed between two values, and how a text or number becomes JSON. */
#include "core/base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"

vs_json vs_json_begin(FILE *out) {
  return (vs_json){.out = out};
}

vs_json vs_json_begin_script(FILE *out) {
  return (vs_json){.out = out, .is_compact = true, .for_script = true};
}

vs_json vs_json_begin_compact(FILE *out) {
  return (vs_json){.out = out, .is_compact = true};
}

/* What would end a script, and the two characters that end a line of it but none of JSON's. */
static bool harms_script(const unsigned char *at) {
  return *at == '<' || strncmp((const char *)at, "\xe2\x80\xa8", 3) == 0 ||
         strncmp((const char *)at, "\xe2\x80\xa9", 3) == 0;
}

static void print_harmless(FILE *out, const unsigned char *at) {
  fputs(*at == '<' ? "\\u003c" : at[2] == 0xa8 ? "\\u2028" : "\\u2029", out);
}

static void print_character(FILE *out, const unsigned char *at, int length) {
  if (*at == '"' || *at == '\\')
    fprintf(out, "\\%c", *at);
  else if (*at == '\n')
    fputs("\\n", out);
  else if (*at < 0x20 || *at == 0x7f)
    fprintf(out, "\\u%04x", *at);
  else
    fwrite(at, 1, (size_t)length, out);
}

/* How many characters from here need nothing done to them: nearly all of nearly every text. */
static size_t count_plain(const char *at) {
  size_t count = 0;
  while (at[count] >= ' ' && at[count] <= '~' && at[count] != '"' && at[count] != '\\' &&
         at[count] != '<')
    count++;
  return count;
}

/* File names may hold any bytes; JSON is UTF-8, so that what is none becomes U+FFFD. */
static void print_string(FILE *out, bool for_script, const char *text) {
  putc('"', out);
  for (;;) {
    const size_t plain = count_plain(text);
    fwrite(text, 1, plain, out);
    text += plain;
    if (*text == '\0') break;
    const unsigned char *at = (const unsigned char *)text;
    const int length = vs_utf8_length(text);
    if (length > 0 && for_script && harms_script(at))
      print_harmless(out, at);
    else if (length > 0)
      print_character(out, at, length);
    else
      fputs("\\ufffd", out);
    text += length > 0 ? length : 1;
  }
  putc('"', out);
}

void vs_json_print_text(FILE *out, const char *text) {
  print_string(out, false, text);
}

static void indent(const vs_json *json) {
  fprintf(json->out, "\n%*s", 2 * json->depth, "");
}

/* What comes before a value: a comma, a new line, the key. Plain values of arrays share a line. */
static void begin_value(vs_json *json, const char *key, bool plain) {
  if (json->depth == 0) return;
  vs_json_level *level = &json->levels[json->depth - 1];
  bool in_object = level->closing == '}';
  assert(in_object == (key != NULL));
  bool spaced = plain && !in_object && !json->is_compact;
  if (level->has_items) fputs(spaced ? ", " : ",", json->out);
  level->has_items = true;
  if ((in_object || !plain) && !json->is_compact) {
    level->is_broken = true;
    indent(json);
  }
  if (!in_object) return;
  print_string(json->out, json->for_script, key);
  fputs(json->is_compact ? ":" : ": ", json->out);
}

static void end_value(vs_json *json) {
  if (json->depth == 0 && !json->is_compact) putc('\n', json->out);
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

static void write_number(vs_json *json, const char *key, double value, int digits) {
  begin_value(json, key, true);
  if (isfinite(value))
    fprintf(json->out, "%.*g", digits, value + 0.0); /* -0 is 0 to readers */
  else
    fputs("null", json->out);
  end_value(json);
}

void vs_json_number(vs_json *json, const char *key, double value) {
  write_number(json, key, value, 17);
}

void vs_json_figure(vs_json *json, const char *key, double value) {
  write_number(json, key, value, 9);
}

void vs_json_real(vs_json *json, const char *key, double value) {
  char digits[32];
  begin_value(json, key, true);
  snprintf(digits, sizeof digits, "%.17g", value);
  const char *exponent = strchr(digits, 'e');
  if (exponent != NULL)
    fprintf(json->out, "%.*se%ld", (int)(exponent - digits), digits,
            strtol(exponent + 1, NULL, 10));
  else
    fprintf(json->out, "%s%s", digits, strchr(digits, '.') != NULL ? "" : ".0");
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
    print_string(json->out, json->for_script, text);
  else
    fputs("null", json->out);
  end_value(json);
}

static void print_base64(FILE *out, const unsigned char *bytes, size_t size) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char block[4096];
  size_t used = 0;
  for (size_t i = 0; i < size; i += 3) {
    size_t left = size - i;
    unsigned bits = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                    (left > 2 ? (unsigned)bytes[i + 2] : 0);
    block[used] = digits[bits >> 18];
    block[used + 1] = digits[bits >> 12 & 63];
    block[used + 2] = left > 1 ? digits[bits >> 6 & 63] : '=';
    block[used + 3] = left > 2 ? digits[bits & 63] : '=';
    used += 4;
    if (used == sizeof block) {
      fwrite(block, 1, used, out);
      used = 0;
    }
  }
  fwrite(block, 1, used, out);
}

void vs_json_base64(vs_json *json, const char *key, const void *data, size_t size) {
  begin_value(json, key, true);
  putc('"', json->out);
  print_base64(json->out, data, size);
  putc('"', json->out);
  end_value(json);
}

void vs_json_verbatim(vs_json *json, const char *key, const char *text) {
  begin_value(json, key, true);
  fputs(text, json->out);
  end_value(json);
}
