/* mutant.h - texts damaged at random, for tests of readers: bits flipped, pieces left out, doubled
 * and put in where they do not belong. Drawn from counter-based random numbers: every run of a test
 * tries the same ones. */
#ifndef VS_TESTS_SUPPORT_MUTANT_H
#define VS_TESTS_SUPPORT_MUTANT_H

#include <string.h>

#include "core/base/random.h"
#include "tests/support/unit.h"

enum { MUTANT_BYTES = 8192, MUTANT_EDITS = 4 };

typedef struct mutant {
  char text[MUTANT_BYTES]; /* no zero ends it */
  size_t size;
} mutant;

/* What means something to the reader under test. */
typedef struct mutant_words {
  const char *const *pieces; /* put in anywhere */
  size_t count;
  const char *digits; /* what else may stand where a digit stood; NULL: digits are left alone */
} mutant_words;

typedef struct mutant_dice {
  vs_random_key key;
  uint64_t next;
} mutant_dice;

/* The text as it is, of at most MUTANT_BYTES. */
static inline mutant mutant_of(const char *text, size_t size) {
  mutant whole = {.size = size};
  assert_true(size <= sizeof whole.text);
  memcpy(whole.text, text, size);
  return whole;
}

static inline size_t mutant_roll(mutant_dice *dice, size_t sides) {
  return vs_random_bits(dice->key, dice->next++) % sides;
}

/* Nothing is put in where there is no room. */
static inline void mutant_insert(mutant *m, size_t at, const char *piece, size_t length) {
  if (m->size + length > sizeof m->text) return;
  memmove(m->text + at + length, m->text + at, m->size - at);
  memcpy(m->text + at, piece, length);
  m->size += length;
}

/* The first digit from `at` on becomes something else. */
static inline void mutant_change_digit(mutant *m, size_t at, const char *digits,
                                       mutant_dice *dice) {
  while (at < m->size && !(m->text[at] >= '0' && m->text[at] <= '9')) at++;
  if (at < m->size) m->text[at] = digits[mutant_roll(dice, strlen(digits))];
}

static inline void mutant_edit(mutant *m, const mutant_words *words, mutant_dice *dice) {
  size_t at = mutant_roll(dice, m->size + 1), length = mutant_roll(dice, 1 + mutant_roll(dice, 64));
  if (length > m->size - at) length = m->size - at;
  const char *piece = words->pieces[mutant_roll(dice, words->count)];
  const size_t kind = mutant_roll(dice, words->digits != NULL ? 8 : 6);
  char copy[64];
  switch (kind) {
  case 0: /* flip a bit */
    if (at < m->size) m->text[at] = (char)(m->text[at] ^ (1 << mutant_roll(dice, 8)));
    break;
  case 1: /* leave something out */
    memmove(m->text + at, m->text + at + length, m->size - at - length);
    m->size -= length;
    break;
  case 2: /* say something twice, elsewhere */
    memcpy(copy, m->text + at, length);
    mutant_insert(m, mutant_roll(dice, m->size + 1), copy, length);
    break;
  case 3: /* stop early */
    if (mutant_roll(dice, 4) == 0) m->size = at;
    break;
  default:
    if (words->digits != NULL && kind < 6)
      mutant_change_digit(m, at, words->digits, dice);
    else
      mutant_insert(m, at, piece, strlen(piece));
    break;
  }
}

/* One to MUTANT_EDITS edits, others for every text and number. */
static inline void mutant_damage(mutant *m, const mutant_words *words, uint32_t text,
                                 uint32_t number) {
  mutant_dice dice = {vs_random_make_key(text, VS_RANDOM_TEST, number), 0};
  for (size_t edits = 1 + mutant_roll(&dice, MUTANT_EDITS); edits > 0; edits--)
    mutant_edit(m, words, &dice);
}

#endif
