/* Finding a word in a list, and naming all of them. */
#include "core/base/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t vs_words_count(const char *const *words) {
  size_t count = 0;
  while (words[count] != NULL) count++;
  return count;
}

int vs_words_find(const char *const *words, const char *word) {
  for (int i = 0; words[i] != NULL; i++)
    if (strcmp(words[i], word) == 0) return i;
  return -1;
}

void vs_words_list(const char *const *words, size_t count, const char *last, char *out,
                   size_t size) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < count && used < size; i++) {
    const bool is_last = i > 0 && i + 1 == count;
    const char *space = is_last ? " " : "", *comma = i == 0 || is_last ? "" : ", ";
    used += (size_t)snprintf(out + used, size - used, "%s%s%s%s%s", comma, space,
                             is_last ? last : "", space, words[i]);
  }
}
