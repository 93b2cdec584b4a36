/* The nearest known name to a word that is none. */
#include "tests/support/unit.h"

#include <string.h>

#include "core/base/suggest.h"

static const char *const names[] = {"conv4_3", "relu4_3", NULL,           "relu4_2", "exc_gain",
                                    "effect",  "",        "optimizer.lr", "tv"};
#define COUNT (sizeof names / sizeof names[0])

static void near_names_are_found(void **state) {
  (void)state;
  assert_string_equal(vs_suggest("relu4_33", names, COUNT), "relu4_3");  /* one too many */
  assert_string_equal(vs_suggest("relu43", names, COUNT), "relu4_3");    /* one missing */
  assert_string_equal(vs_suggest("exc_gian", names, COUNT), "exc_gain"); /* a swap is one edit */
  assert_string_equal(vs_suggest("EXC_GAIN", names, COUNT), "exc_gain"); /* case is free */
  assert_string_equal(vs_suggest("optimiser.lr", names, COUNT), "optimizer.lr");
  assert_string_equal(vs_suggest("vt", names, COUNT), "tv");
}

static void of_equals_the_nearer_letter_is_taken(void **state) {
  (void)state;
  assert_string_equal(vs_suggest("relu4_1", names, COUNT), "relu4_2");
  assert_string_equal(vs_suggest("relu4_9", names, COUNT), "relu4_3");
  static const char *const alike[] = {"abXd", "abYd", "abcde"};
  assert_string_equal(vs_suggest("abxd", alike, 3), "abXd");
  assert_string_equal(vs_suggest("abcdf", alike, 3), "abcde");
}

static void far_names_are_no_help(void **state) {
  (void)state;
  assert_null(vs_suggest("coverage", names, COUNT));
  assert_null(vs_suggest("ab", names, COUNT));
  assert_null(vs_suggest("", names, COUNT));
  assert_null(vs_suggest("effect", names, 0));
  char longest[65], longer[66];
  memset(longest, 'x', 64);
  longest[64] = '\0';
  memset(longer, 'x', 65);
  longer[65] = '\0';
  const char *const candidates[] = {longest};
  assert_string_equal(vs_suggest(longest, candidates, 1), longest);
  assert_null(vs_suggest(longer, candidates, 1));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(near_names_are_found),
      cmocka_unit_test(of_equals_the_nearer_letter_is_taken),
      cmocka_unit_test(far_names_are_no_help),
  };
  return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
