/* schema_hint.c - what may have been meant by a word that is no key. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/suggest.h"
#include "sweeps/spec/schema.h"

/* The words that may stand in one place, each once. */
typedef struct words {
  char text[2 * VS_KEY_COUNT][40];
  const char *list[2 * VS_KEY_COUNT]; /* into text */
  size_t count;
} words;

static void add_word(words *known, const char *word, size_t length) {
  for (size_t i = 0; i < known->count; i++)
    if (strncmp(known->list[i], word, length) == 0 && known->list[i][length] == '\0') return;
  assert(known->count < 2 * VS_KEY_COUNT && length < sizeof known->text[0]);
  char *text = known->text[known->count];
  memcpy(text, word, length);
  text[length] = '\0';
  known->list[known->count++] = text;
}

/* An axis goes by its path, and by its last part where that is enough. */
static void add_axis(words *known, int id) {
  const char *path = vs_schema_key(id)->path, *last = strrchr(path, '.');
  if (last != NULL && vs_schema_find_short(last + 1) == id)
    add_word(known, last + 1, strlen(last + 1));
  add_word(known, path, strlen(path));
}

static void gather_words(words *known, const char *section) {
  bool is_grid = strcmp(section, "grid") == 0;
  known->count = 0;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const char *rest = vs_schema_inside(section, vs_schema_key(id)->path);
    if (rest != NULL)
      add_word(known, rest, strcspn(rest, "."));
    else if (is_grid && vs_schema_key(id)->why_no_axis == NULL)
      add_axis(known, id);
  }
}

static bool knows(const words *known, const char *word) {
  for (size_t i = 0; i < known->count; i++)
    if (strcmp(known->list[i], word) == 0) return true;
  return false;
}

/* All words, but no path whose last part is among them. */
static vs_key_hint list_words(const words *known) {
  vs_key_hint hint;
  size_t used = (size_t)snprintf(hint.text, sizeof hint.text, "; there are");
  for (size_t i = 0; i < known->count && used < sizeof hint.text; i++) {
    const char *last = strrchr(known->list[i], '.');
    if (last != NULL && knows(known, last + 1)) continue;
    used += (size_t)snprintf(hint.text + used, sizeof hint.text - used, "%s %s", i > 0 ? "," : "",
                             known->list[i]);
  }
  return hint;
}

vs_key_hint vs_schema_hint(const char *section, const char *word) {
  words known;
  const char *paths[VS_KEY_COUNT];
  for (int id = 0; id < VS_KEY_COUNT; id++) paths[id] = vs_schema_key(id)->path;
  gather_words(&known, section);
  const char *nearest = vs_suggest(word, known.list, known.count);
  if (nearest == NULL && strchr(word, '.') != NULL) /* a whole path, as --set takes it */
    nearest = vs_suggest(word, paths, VS_KEY_COUNT);
  int elsewhere = vs_schema_find_short(word);
  if (nearest == NULL && elsewhere >= 0) nearest = paths[elsewhere];
  if (nearest == NULL) return list_words(&known);
  vs_key_hint hint;
  snprintf(hint.text, sizeof hint.text, " (did you mean \"%s\"?)", nearest);
  return hint;
}
