/* value.c - a reader for each type of key; the two texts of a value, and its place in a spec. */
#include "sweeps/spec/value.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/words.h"
#include "core/image/color.h"
#include "sweeps/spec/pens.h"
#include "sweeps/spec/scalar.h"

/* What every reader below needs. */
typedef struct reader {
  vs_value *value;
  const vs_key *key;
  const char *label;
  const char *folder;
  vs_problems *problems;
} reader;

void vs_value_clear(vs_value *value) {
  free(value->numbers);
  free(value->text);
  free(value->resolved);
  free(value->pens);
  free(value->json);
  *value = (vs_value){0};
}

/* --- choices ---------------------------------------------------------------------------------- */

typedef struct phrase {
  char text[160];
} phrase;

static phrase choices_of(const char *const *choices) {
  phrase list;
  vs_words_list(choices, vs_words_count(choices), "or", list.text, sizeof list.text);
  return list;
}

static vs_hint hint_of(const char *const *choices, const char *word) {
  return vs_problem_hint_near(word, choices, vs_words_count(choices));
}

/* --- numbers ---------------------------------------------------------------------------------- */

static double *new_numbers(reader *read, size_t count) {
  read->value->numbers = calloc(count > 0 ? count : 1, sizeof(double));
  if (read->value->numbers == NULL) {
    read->problems->no_memory = true;
    return NULL;
  }
  read->value->count = count;
  return read->value->numbers;
}

static bool set_number(reader *read, double number) {
  double *numbers = new_numbers(read, 1);
  if (numbers != NULL) numbers[0] = number;
  return numbers != NULL;
}

static bool read_one_number(reader *read, const vs_document_node *node, bool whole) {
  double number;
  if (!vs_scalar_number(&number, node, read->key, whole, read->label, read->problems)) return false;
  read->value->is_number = true;
  return set_number(read, number);
}

/* All items of a list as numbers. */
static bool read_numbers(reader *read, const vs_document_node *list, bool whole) {
  double *numbers = new_numbers(read, list->count);
  if (numbers == NULL) return false;
  bool fine = true;
  for (const vs_document_node *item = list->first; item != NULL; item = item->next)
    fine &= vs_scalar_number(numbers++, item, read->key, whole, read->label, read->problems);
  return fine;
}

static bool read_size(reader *read, const vs_document_node *node) {
  if (node->kind == VS_NODE_LIST && node->count == 2) {
    if (!read_numbers(read, node, true)) return false;
  } else if (node->kind == VS_NODE_LIST || node->kind == VS_NODE_MAP) {
    vs_problems_add(read->problems, node->mark, read->label, "must be N or [height, width]");
    return false;
  } else {
    double side;
    if (!vs_scalar_number(&side, node, read->key, true, read->label, read->problems)) return false;
    double *sides = new_numbers(read, 2);
    if (sides == NULL) return false;
    sides[0] = sides[1] = side;
  }
  read->value->is_number = read->value->numbers[0] == read->value->numbers[1];
  return true;
}

/* Whether a span is one of the key's words instead; its numbers are 0 then. */
static bool is_word_of(const vs_key *key, const vs_document_node *node) {
  return key->choices != NULL && node->kind == VS_NODE_SCALAR && !node->quoted &&
         node->text != NULL && vs_words_find(key->choices, node->text) >= 0;
}

static bool read_span(reader *read, const vs_document_node *node) {
  if (node->kind == VS_NODE_BAD) return false;
  if (is_word_of(read->key, node)) return new_numbers(read, 2) != NULL;
  if (node->kind != VS_NODE_LIST || node->count != 2) {
    phrase words = {""};
    if (read->key->choices != NULL)
      snprintf(words.text, sizeof words.text, ", or %.100s", choices_of(read->key->choices).text);
    vs_problems_add(read->problems, node->mark, read->label,
                    "must be two numbers, the smaller first, as in %s%s",
                    read->key->choices != NULL ? "[1, 6]" : read->key->fallback, words.text);
    return false;
  }
  if (!read_numbers(read, node, false)) return false;
  if (read->value->numbers[0] <= read->value->numbers[1]) return true;
  vs_problems_add(read->problems, node->mark, read->label, "the first number is the larger one");
  return false;
}

static bool read_weights(reader *read, const vs_document_node *node) {
  if (node->kind == VS_NODE_BAD) return false;
  if (node->kind == VS_NODE_LIST && node->count <= VS_VGG_TAPS)
    return read_numbers(read, node, false);
  vs_problems_add(read->problems, node->mark, read->label,
                  "must be a list of at most %d numbers, as in [1, 150]", VS_VGG_TAPS);
  return false;
}

static bool read_steps(reader *read, const vs_document_node *node) {
  if (node->kind == VS_NODE_BAD) return false;
  if (node->kind != VS_NODE_LIST || node->count > VS_RUN_MAX_SNAPSHOTS) {
    vs_problems_add(read->problems, node->mark, read->label,
                    "must be a list of at most %d steps, as in [0, 50, 400]", VS_RUN_MAX_SNAPSHOTS);
    return false;
  }
  if (!read_numbers(read, node, true)) return false;
  const vs_document_node *item = node->first;
  for (size_t i = 1; i < read->value->count; i++) {
    item = item->next;
    if (read->value->numbers[i - 1] < read->value->numbers[i]) continue;
    vs_problems_add(read->problems, item->mark, read->label, "steps must increase: %.0f after %.0f",
                    read->value->numbers[i], read->value->numbers[i - 1]);
    return false;
  }
  return true;
}

/* --- words ------------------------------------------------------------------------------------ */

static bool read_bool(reader *read, const vs_document_node *node) {
  const char *text = vs_scalar_text(node, "true or false", read->label, read->problems);
  if (text == NULL) return false;
  if (!node->quoted && strcmp(text, "true") == 0) return set_number(read, 1);
  if (!node->quoted && strcmp(text, "false") == 0) return set_number(read, 0);
  vs_problems_add(read->problems, node->mark, read->label, "must be true or false, not %s",
                  vs_problem_quote(text).text);
  return false;
}

static bool read_choice(reader *read, const vs_document_node *node) {
  const char *const *choices = read->key->choices;
  phrase expected = choices_of(choices);
  const char *text = vs_scalar_text(node, expected.text, read->label, read->problems);
  if (text == NULL) return false;
  const int choice = vs_words_find(choices, text);
  if (choice >= 0) return set_number(read, choice);
  vs_problems_add(read->problems, node->mark, read->label, "must be %s, not %s%s", expected.text,
                  vs_problem_quote(text).text, hint_of(choices, text).text);
  return false;
}

/* Red, green, blue in 0..1. */
static bool read_color(reader *read, const vs_document_node *node) {
  static const char expected[] = "a colour in quotes, as in \"#ffffff\"";
  const char *text = vs_scalar_text(node, expected, read->label, read->problems);
  if (text == NULL) return false;
  float rgb[3];
  if (!vs_color_from_hex(text, rgb)) {
    vs_problems_add(read->problems, node->mark, read->label, "must be %s, not %s", expected,
                    vs_problem_quote(text).text);
    return false;
  }
  double *numbers = new_numbers(read, 3);
  for (int c = 0; numbers != NULL && c < 3; c++) numbers[c] = (double)rgb[c];
  return numbers != NULL;
}

static bool find_tap(reader *read, const vs_document_node *node, double *tap) {
  const char *text = vs_scalar_text(node, "a layer such as relu4_3", read->label, read->problems);
  if (text == NULL) return false;
  int found = vs_vgg16_find_tap(text);
  if (found >= 0) {
    *tap = found;
    return true;
  }
  const char *names[VS_VGG_TAPS];
  for (int i = 0; i < VS_VGG_TAPS; i++) names[i] = vs_vgg16_tap(i)->name;
  vs_hint hint = vs_problem_hint_near(text, names, VS_VGG_TAPS);
  vs_problems_add(read->problems, node->mark, read->label, "no layer is called %s%s",
                  vs_problem_quote(text).text,
                  hint.text[0] != '\0' ? hint.text
                                       : "; there are conv1_1, relu1_1 .. conv5_3, relu5_3 and "
                                         "pool1 .. pool5");
  return false;
}

static bool read_tap(reader *read, const vs_document_node *node) {
  double tap;
  return find_tap(read, node, &tap) && set_number(read, tap);
}

/* The order in which layers are listed means nothing, so they are kept in the order of depth. */
static bool read_taps(reader *read, const vs_document_node *node) {
  if (node->kind == VS_NODE_BAD) return false;
  if (node->kind != VS_NODE_LIST || node->count == 0) {
    vs_problems_add(read->problems, node->mark, read->label,
                    "must be a list of layers, as in [relu2_2]");
    return false;
  }
  bool chosen[VS_VGG_TAPS] = {false}, fine = true;
  size_t count = 0;
  double last = -1;
  read->value->is_sorted = true;
  for (const vs_document_node *item = node->first; item != NULL; item = item->next) {
    double tap;
    if (!find_tap(read, item, &tap)) {
      fine = false;
    } else if (chosen[(int)tap]) {
      vs_problems_add(read->problems, item->mark, read->label, "%s is listed twice", item->text);
      fine = false;
    } else {
      chosen[(int)tap] = true;
      count++;
      read->value->is_sorted &= tap > last;
      last = tap;
    }
  }
  double *taps = fine ? new_numbers(read, count) : NULL;
  if (taps == NULL) return false;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (chosen[tap]) *taps++ = tap;
  return true;
}

static bool read_name(reader *read, const vs_document_node *node) {
  static const char expected[] =
      "a name of 1 to 64 letters, digits, - _ and ., beginning with a letter or digit";
  const char *text = vs_scalar_text(node, expected, read->label, read->problems);
  if (text == NULL) return false;
  size_t length = strlen(text);
  bool fine = length > 0 && length <= 64 && isalnum((unsigned char)text[0]);
  for (size_t i = 0; i < length && fine; i++)
    fine = isalnum((unsigned char)text[i]) || strchr("-_.", text[i]) != NULL;
  if (!fine)
    vs_problems_add(read->problems, node->mark, read->label, "must be %s, not %s", expected,
                    vs_problem_quote(text).text);
  return fine;
}

/* Names a file by its path, or what is installed by its word, where `folder` is empty. */
static bool resolve(reader *read, const char *folder, const char *text) {
  if (asprintf(&read->value->resolved, "%s%s", folder, text) >= 0) return true;
  read->value->resolved = NULL;
  read->problems->no_memory = true;
  return false;
}

static bool read_path(reader *read, const vs_document_node *node) {
  const char *const *builtins = read->key->choices;
  phrase known = choices_of(builtins), expected;
  snprintf(expected.text, sizeof expected.text, "a file or %s", known.text);
  const char *text = vs_scalar_text(node, expected.text, read->label, read->problems);
  if (text == NULL) return false;
  bool is_builtin = vs_words_find(builtins, text) >= 0;
  bool claims_builtin = strcmp(text, "builtin") == 0 || strncmp(text, "builtin:", 8) == 0;
  if (claims_builtin && !is_builtin) {
    vs_problems_add(read->problems, node->mark, read->label, "nothing builtin is called %s%s",
                    vs_problem_quote(text).text, hint_of(builtins, text).text);
    return false;
  }
  const char *folder = is_builtin || text[0] == '/' ? "" : read->folder;
  if (text[0] == '\0' || strlen(folder) + strlen(text) >= VS_RUN_NAME) {
    vs_problems_add(read->problems, node->mark, read->label,
                    "must be a path of 1 to %d characters, with the folder of the sweep file",
                    VS_RUN_NAME - 1);
    return false;
  }
  return resolve(read, folder, text);
}

/* A word without dot or slash is an installed set, wherever one stands. */
static bool read_pens(reader *read, const vs_document_node *node) {
  static const char expected[] =
      "none, a file of pens, an installed set, or a list as in [[black, \"#111111\", 0.3]]";
  if (node->kind == VS_NODE_LIST) {
    read->value->pens = calloc(1, sizeof *read->value->pens);
    if (read->value->pens != NULL)
      return vs_pens_from_list(read->value->pens, node, read->label, read->problems);
    read->problems->no_memory = true;
    return false;
  }
  const char *text = vs_scalar_text(node, expected, read->label, read->problems);
  if (text == NULL) return false;
  const bool is_file = strpbrk(text, "./") != NULL;
  const char *folder = is_file && text[0] != '/' ? read->folder : "";
  if (text[0] == '\0') {
    vs_problems_add(read->problems, node->mark, read->label, "must be %s", expected);
    return false;
  }
  return resolve(read, folder, text);
}

static bool read_by_type(reader *read, const vs_document_node *node) {
  switch (read->key->type) {
  case VS_TYPE_NAME:
    return read_name(read, node);
  case VS_TYPE_PATH:
    return read_path(read, node);
  case VS_TYPE_INT:
    return read_one_number(read, node, true);
  case VS_TYPE_REAL:
    return read_one_number(read, node, false);
  case VS_TYPE_BOOL:
    return read_bool(read, node);
  case VS_TYPE_CHOICE:
  case VS_TYPE_WORD: /* whose number is of no use: it is kept as it is written */
    return read_choice(read, node);
  case VS_TYPE_COLOR:
    return read_color(read, node);
  case VS_TYPE_PENS:
    return read_pens(read, node);
  case VS_TYPE_TAP:
    return read_tap(read, node);
  case VS_TYPE_SIZE:
    return read_size(read, node);
  case VS_TYPE_SPAN:
    return read_span(read, node);
  case VS_TYPE_TAPS:
    return read_taps(read, node);
  case VS_TYPE_WEIGHTS:
    return read_weights(read, node);
  case VS_TYPE_STEPS:
    return read_steps(read, node);
  case VS_TYPE_CHANNELS:
    break; /* channels.c */
  }
  assert(false);
  return false;
}

/* --- the two texts of a value ----------------------------------------------------------------- */

static void write_node(FILE *out, const vs_document_node *node) {
  const bool is_map = node->kind == VS_NODE_MAP;
  if (!is_map && node->kind != VS_NODE_LIST) {
    fputs(node->text != NULL ? node->text : "", out);
    return;
  }
  fputc(is_map ? '{' : '[', out);
  for (const vs_document_node *item = node->first; item != NULL; item = item->next) {
    if (item != node->first) fputs(", ", out);
    if (is_map) fprintf(out, "%s: ", item->key);
    write_node(out, item); /* as deep as the document, whose depth is limited */
  }
  fputc(is_map ? '}' : ']', out);
}

/* As written, lists as [a, b], maps as {k: a}. */
static char *written_text(const vs_document_node *node) {
  if (node->kind == VS_NODE_SCALAR) return strdup(node->text);
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) return NULL;
  write_node(out, node);
  if (fclose(out) == 0) return text;
  free(text);
  return NULL;
}

static void print_number(vs_json *json, vs_type type, double number) {
  switch (type) {
  case VS_TYPE_BOOL:
    vs_json_boolean(json, NULL, number != 0);
    break;
  case VS_TYPE_REAL:
  case VS_TYPE_SPAN:
  case VS_TYPE_WEIGHTS:
    vs_json_real(json, NULL, number);
    break;
  case VS_TYPE_TAP:
  case VS_TYPE_TAPS:
    vs_json_text(json, NULL, vs_vgg16_tap((int)number)->name);
    break;
  default:
    vs_json_integer(json, NULL, (int64_t)number);
  }
}

static void print_color(vs_json *json, const double rgb[3]) {
  char hex[VS_COLOR_HEX];
  vs_color_hex((float[3]){(float)rgb[0], (float)rgb[1], (float)rgb[2]}, hex);
  vs_json_text(json, NULL, hex);
}

static void print_numbers(vs_json *json, const vs_value *value, vs_type type) {
  const bool is_list = type == VS_TYPE_SIZE || type == VS_TYPE_WEIGHTS || type == VS_TYPE_SPAN ||
                       type == VS_TYPE_TAPS || type == VS_TYPE_STEPS;
  if (is_list) vs_json_open(json, NULL, '[');
  for (size_t i = 0; i < value->count; i++) print_number(json, type, value->numbers[i]);
  if (is_list) vs_json_close(json);
}

/* Writes the canonical JSON. false without memory; the value is unchanged then. */
static bool set_json(vs_value *value, const vs_key *key) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) return false;
  vs_json json = vs_json_begin_compact(out);
  if (value->pens != NULL)
    vs_pens_print(&json, value->pens);
  else if (value->resolved != NULL)
    vs_json_text(&json, NULL, value->resolved);
  else if (key->type == VS_TYPE_CHOICE || key->type == VS_TYPE_WORD || key->type == VS_TYPE_NAME ||
           (key->type == VS_TYPE_SPAN && value->numbers[1] == 0.0 && key->choices != NULL))
    vs_json_text(&json, NULL, value->text);
  else if (key->type == VS_TYPE_COLOR)
    print_color(&json, value->numbers);
  else
    print_numbers(&json, value, key->type);
  const bool is_whole = fclose(out) == 0;
  free(is_whole ? value->json : text);
  if (is_whole) value->json = text;
  return is_whole;
}

bool vs_value_read(vs_value *value, const vs_key *key, const vs_document_node *node,
                   const char *label, const char *folder, vs_problems *problems) {
  *value = (vs_value){.mark = node->mark};
  reader read = {value, key, label, folder, problems};
  if (!read_by_type(&read, node)) {
    vs_value_clear(value);
    return false;
  }
  value->text = written_text(node);
  if (value->text != NULL && set_json(value, key)) return true;
  problems->no_memory = true;
  vs_value_clear(value);
  return false;
}

bool vs_value_cut_steps(vs_value *value, const vs_key *key, double last) {
  const size_t count = value->count;
  while (value->count > 0 && value->numbers[value->count - 1] > last) value->count--;
  if (set_json(value, key)) return true;
  value->count = count;
  return false;
}

bool vs_value_take_pens(vs_value *value, const vs_key *key, const vs_pen_set *pens) {
  value->pens = malloc(sizeof *pens);
  if (value->pens == NULL) return false;
  *value->pens = *pens;
  return set_json(value, key);
}

/* --- into a spec ------------------------------------------------------------------------------ */

_Static_assert(sizeof(vs_style_norm) == sizeof(int) && sizeof(vs_parametrization) == sizeof(int),
               "choices are stored as ints");
_Static_assert(offsetof(vs_run_spec, param.width) ==
                   offsetof(vs_run_spec, param.height) + sizeof(int),
               "a size is stored as height, width");
_Static_assert(offsetof(vs_run_spec, transforms.scale_max) ==
                   offsetof(vs_run_spec, transforms.scale_min) + sizeof(double),
               "a span is stored as its two ends");
_Static_assert(offsetof(vs_run_spec, param.strokes.width_max) ==
                   offsetof(vs_run_spec, param.strokes.width_min) + sizeof(double),
               "a span is stored as its two ends");
_Static_assert(offsetof(vs_run_spec, multiscale.tiling.columns) ==
                   offsetof(vs_run_spec, multiscale.tiling.rows) + sizeof(int),
               "a size is stored as rows, columns");
_Static_assert(sizeof(vs_stroke_color) == sizeof(int) && sizeof(vs_schedule) == sizeof(int) &&
                   sizeof(vs_style_time) == sizeof(int),
               "choices are stored as ints");

static void place_ints(const vs_value *value, void *place) {
  int *ints = place;
  for (size_t i = 0; i < value->count; i++) ints[i] = (int)value->numbers[i];
}

void vs_value_place(const vs_value *value, const vs_key *key, vs_run_spec *spec) {
  if (key->place == VS_NO_PLACE) return;
  void *place = (char *)spec + key->place;
  switch (key->type) {
  case VS_TYPE_INT:
  case VS_TYPE_CHOICE:
  case VS_TYPE_TAP:
  case VS_TYPE_SIZE:
    place_ints(value, place);
    break;
  case VS_TYPE_STEPS: /* only ever log.snapshots */
    place_ints(value, spec->snapshot_steps);
    spec->snapshot_count = (int)value->count;
    break;
  case VS_TYPE_REAL:
  case VS_TYPE_SPAN:
  case VS_TYPE_WEIGHTS: /* the rest of its place is 0 */
    memcpy(place, value->numbers, value->count * sizeof(double));
    break;
  case VS_TYPE_TAPS: {
    bool *taps = place;
    for (size_t i = 0; i < value->count; i++) taps[(int)value->numbers[i]] = true;
    break;
  }
  case VS_TYPE_PATH:
    memcpy(place, value->resolved, strlen(value->resolved) + 1);
    break;
  case VS_TYPE_WORD:
    assert(strlen(value->text) < VS_RUN_WORD);
    memcpy(place, value->text, strlen(value->text) + 1);
    break;
  case VS_TYPE_COLOR: {
    float *rgb = place;
    for (size_t c = 0; c < 3; c++) rgb[c] = (float)value->numbers[c];
    break;
  }
  case VS_TYPE_BOOL:
    *(bool *)place = value->numbers[0] != 0.0;
    break;
  case VS_TYPE_NAME:
  case VS_TYPE_PENS:
  case VS_TYPE_CHANNELS:
    assert(false); /* they have no place in a spec */
  }
}
