/* words.h - a list of words of which one is meant, NULL-terminated: the values of an enum in its
 * order, kinds, names. The list stands where its meaning does; who reads or writes a word takes it
 * from there. */
#ifndef VS_CORE_BASE_WORDS_H
#define VS_CORE_BASE_WORDS_H

#include <stddef.h>

size_t vs_words_count(const char *const *words);

/* The place of a word in the list, or -1. */
int vs_words_find(const char *const *words, const char *word);

/* "table, csv or json", with `last` ("or") before the last of `count` words; cut to fit. */
void vs_words_list(const char *const *words, size_t count, const char *last, char *out,
                   size_t size);

#endif
