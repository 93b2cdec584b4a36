/* suggest.h - "did you mean ...?": the known name nearest to a word that is none.
 *
 * Nearness is the number of single edits (insert, delete, replace, swap two neighbours; Damerau
 * 1964, in its restricted form) after folding case. A word may be wrong in a third of its
 * characters, at least one: farther names are no help. */
#ifndef VS_CORE_BASE_SUGGEST_H
#define VS_CORE_BASE_SUGGEST_H

#include <stddef.h>

/* The nearest candidate, of equals the one whose letters are nearer in the alphabet, else the
 * first, or NULL if none is near. Candidates may be NULL (they are passed over). Words of more than
 * 64 characters have no neighbours. */
const char *vs_suggest(const char *word, const char *const *candidates, size_t count);

#endif
