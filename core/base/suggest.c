/* suggest.c - the edit distance by dynamic programming, and among equals the nearer in the
 * alphabet. */
#include "core/base/suggest.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH 64

static size_t min_size(size_t a, size_t b) {
  return a < b ? a : b;
}

static int fold(char c) {
  return tolower((unsigned char)c);
}

/* The table of prefix distances, three rows of it at a time: row i of the table needs the two
 * before it. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t rows[3][MAX_LENGTH + 1];
  for (size_t j = 0; j <= b_length; j++) rows[0][j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    const size_t *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
    size_t *row = rows[i % 3];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      int differs = fold(a[i - 1]) != fold(b[j - 1]);
      row[j] = min_size(above[j] + 1, row[j - 1] + 1);
      row[j] = min_size(row[j], above[j - 1] + (differs ? 1 : 0));
      if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]))
        row[j] = min_size(row[j], two_above[j - 2] + 1);
    }
  }
  return rows[a_length % 3][b_length];
}

/* How far two words of one length are apart letter by letter, in the alphabet: "relu4_4" is nearer
 * to "relu4_3" than to "relu4_1". Words of different lengths are farther than all others. */
static int letter_distance(const char *a, const char *b) {
  int sum = 0;
  for (; *a != '\0' && *b != '\0'; a++, b++) sum += abs(fold(*a) - fold(*b));
  return *a == *b ? sum : INT_MAX;
}

const char *vs_suggest(const char *word, const char *const *candidates, size_t count) {
  size_t length = strlen(word);
  if (length == 0 || length > MAX_LENGTH) return NULL;
  size_t best = length < 6 ? 2 : length / 3 + 1; /* one more than is allowed */
  const char *nearest = NULL;
  for (size_t i = 0; i < count; i++) {
    size_t other = candidates[i] == NULL ? 0 : strlen(candidates[i]);
    if (other == 0 || other > MAX_LENGTH) continue;
    size_t edits = distance(word, length, candidates[i], other);
    bool is_nearer =
        edits < best || (edits == best && nearest != NULL &&
                         letter_distance(word, candidates[i]) < letter_distance(word, nearest));
    if (is_nearer) {
      best = edits;
      nearest = candidates[i];
    }
  }
  return nearest;
}
