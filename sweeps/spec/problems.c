/* problems.c - problems gathered, sorted and told. */
#include "sweeps/spec/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/suggest.h"

#define KEPT_MAX  200
#define SHOWN_MAX 50

void vs_problems_add(vs_problems *problems, vs_mark mark, const char *key, const char *format,
                     ...) {
  size_t order = problems->count++;
  if (problems->kept == KEPT_MAX) return;
  if (problems->list == NULL) problems->list = calloc(KEPT_MAX, sizeof *problems->list);
  char what[700];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  char *text = NULL;
  const char *within = problems->within != NULL ? problems->within : "";
  const char *dot = within[0] != '\0' && key[0] != '\0' ? "." : "";
  if (problems->list == NULL || asprintf(&text, "%s%s%s: %s", within, dot, key, what) < 0) {
    problems->no_memory = true;
    return;
  }
  problems->list[problems->kept++] = (vs_problem){.mark = mark, .order = order, .text = text};
}

static int sign_of(long difference) {
  return (difference > 0) - (difference < 0);
}

static int by_place(const void *left, const void *right) {
  const vs_problem *a = left, *b = right;
  if (a->mark.source != b->mark.source) return sign_of((long)a->mark.source - b->mark.source);
  if (a->mark.line != b->mark.line) return sign_of((long)a->mark.line - b->mark.line);
  if (a->mark.column != b->mark.column) return sign_of((long)a->mark.column - b->mark.column);
  return a->order < b->order ? -1 : 1;
}

static void print_problem(FILE *out, const vs_problem *problem, const char *file_name) {
  if (problem->mark.source > VS_SOURCE_FILE)
    fprintf(out, "--set %s", problem->text);
  else
    fprintf(out, "%s:%d:%d: %s", file_name, problem->mark.line, problem->mark.column,
            problem->text);
}

vs_status vs_problems_report(vs_problems *problems, const char *file_name) {
  if (problems->no_memory) return vs_fail(VS_ERR_MEMORY, "%s: no memory to read it", file_name);
  if (problems->count == 0) return VS_OK;
  qsort(problems->list, problems->kept, sizeof *problems->list, by_place);
  char *report = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&report, &size);
  if (out == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory to read it", file_name);
  size_t shown = problems->kept < SHOWN_MAX ? problems->kept : SHOWN_MAX;
  for (size_t i = 0; i < shown; i++) {
    if (i > 0) fputc('\n', out);
    print_problem(out, &problems->list[i], file_name);
  }
  if (problems->count > shown) fprintf(out, "\n... and %zu more", problems->count - shown);
  bool whole = fclose(out) == 0;
  vs_status status = whole ? vs_fail(VS_ERR_USAGE, "%s", report)
                           : vs_fail(VS_ERR_MEMORY, "%s: no memory to read it", file_name);
  free(report);
  return status;
}

void vs_problems_clear(vs_problems *problems) {
  for (size_t i = 0; i < problems->kept; i++) free(problems->list[i].text);
  free(problems->list);
  *problems = (vs_problems){0};
}

vs_quoted vs_problem_quote(const char *text) {
  enum { SHOWN = 60 };
  vs_quoted quoted;
  size_t length = strlen(text), shown = length;
  if (length > SHOWN) {
    shown = SHOWN;
    while (shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80) shown--; /* whole characters */
  }
  size_t used = 0;
  quoted.text[used++] = '"';
  for (size_t i = 0; i < shown; i++) {
    unsigned char byte = (unsigned char)text[i];
    bool starts_c1 = byte == 0xC2 && (unsigned char)text[i + 1] < 0xA0; /* U+0080 .. U+009F */
    bool control = byte < 0x20 || byte == 0x7F || starts_c1;
    quoted.text[used++] = control ? '?' : text[i];
    if (starts_c1 && i + 1 < shown) i++;
  }
  quoted.text[used++] = '"';
  snprintf(quoted.text + used, sizeof quoted.text - used, "%s", length > shown ? "..." : "");
  return quoted;
}

vs_hint vs_problem_hint_near(const char *word, const char *const *candidates, size_t count) {
  vs_hint hint = {""};
  const char *nearest = vs_suggest(word, candidates, count);
  if (nearest != NULL) snprintf(hint.text, sizeof hint.text, " (did you mean \"%s\"?)", nearest);
  return hint;
}
