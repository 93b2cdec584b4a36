/* The pieces under the command line: strict numbers, option tables, distinct values, JSON. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/value_set.h"
#include "core/base/json.h"

static void integers_are_whole(void **state) {
  (void)state;
  int value = 77;
  assert_true(vs_option_parse_integer("0", -5, 5, &value));
  assert_int_equal(value, 0);
  assert_true(vs_option_parse_integer("-5", -5, 5, &value));
  assert_int_equal(value, -5);
  const char *const bad[] = {"",    " 1", "1 ", "+1",  "1.0", "0x1",
                             "1e0", "6",  "-6", "--1", "-",   "99999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_false(vs_option_parse_integer(bad[i], -5, 5, &value));
    assert_int_equal(value, -5);
  }
}

static void reals_are_finite_decimals(void **state) {
  (void)state;
  double value = 77;
  assert_true(vs_option_parse_real("-1.5e-3", -1, 1, &value));
  assert_true(value == -1.5e-3);
  assert_true(vs_option_parse_real("0", 0, HUGE_VAL, &value));
  assert_true(value == 0);
  const char *const bad[] = {"",    " 1", "1 ", "nan", "inf", "-inf", "1e999",
                             "0x1", "1f", "e5", "1e",  "-1",  "1,5",  "infinity"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    assert_false(vs_option_parse_real(bad[i], 0, HUGE_VAL, &value));
    assert_true(value == 0);
  }
}

/* A command line with one of each kind of option. */
typedef struct sample_line {
  const char *file, *text;
  vs_texts texts;
  int integer, choice;
  double real;
  bool flag;
} sample_line;

static const vs_argument file_argument = {"FILE", "a file"};
static const vs_command sample_command = {
    .name = "sample", .purpose = "A sample", .arguments = {&file_argument}};

/* Parses words (NULL-terminated, the command's name first); the exit code, or -1 to go on. */
static int parse(sample_line *sample, const char *const *words) {
  static const char *const colours[] = {"red", "blue", NULL};
  *sample = (sample_line){.integer = 3};
  const vs_option options[] = {
      vs_option_flag("flag", "a flag", &sample->flag),
      vs_option_text("text", "TEXT", "a text", &sample->text),
      vs_option_texts("texts", "TEXT", "some texts", &sample->texts),
      vs_option_integer("integer", "N", "a number", &sample->integer, 1, 9),
      vs_option_real("real", "X", "a number", &sample->real, 0, 1),
      vs_option_choice("choice", "a colour", &sample->choice, colours)};
  const vs_command_line line = {
      &sample_command, {&sample->file}, options, sizeof options / sizeof options[0]};
  char *copies[16] = {NULL};
  int count = 0, code = -1;
  for (; words[count] != NULL; count++) copies[count] = strdup(words[count]);
  char *argv[16]; /* which getopt reorders, so that the copies are freed from their own list */
  memcpy(argv, copies, sizeof argv);
  bool goes_on = vs_options_parse(&line, count, argv, &code);
  /* Texts are argv's: compare before they go. */
  if (goes_on && sample->text != NULL) assert_string_equal(sample->text, "words");
  if (goes_on) assert_string_equal(sample->file, "file");
  for (int i = 0; i < count; i++) free(copies[i]);
  return goes_on ? -1 : code;
}

static void lines_are_parsed(void **state) {
  (void)state;
  sample_line sample;
  const char *const plain[] = {"sample", "file", NULL};
  assert_int_equal(parse(&sample, plain), -1);
  assert_int_equal(sample.integer, 3);
  assert_false(sample.flag);
  const char *const full[] = {"sample",  "--flag", "--text=words", "--texts", "a",
                              "--texts", "b",      "file",         "--int",   "7",
                              "--real",  "0.5",    "--choice",     "blue",    NULL};
  assert_int_equal(parse(&sample, full), -1);
  assert_true(sample.flag);
  assert_int_equal(sample.texts.count, 2);
  assert_int_equal(sample.integer, 7);
  assert_true(sample.real == 0.5);
  assert_int_equal(sample.choice, 1);
  const char *const after_dashes[] = {"sample", "--flag", "--", "file", NULL};
  assert_int_equal(parse(&sample, after_dashes), -1);
}

static void bad_lines_are_refused(void **state) {
  (void)state;
  sample_line sample;
  const char *const lines[][4] = {{"sample"},
                                  {"sample", "file", "more"},
                                  {"sample", ""},
                                  {"sample", "file", "--flags"},
                                  {"sample", "file", "--flag=1"},
                                  {"sample", "file", "--text"},
                                  {"sample", "file", "--text="},
                                  {"sample", "file", "--te"}, /* text or texts */
                                  {"sample", "file", "-f"},
                                  {"sample", "file", "--integer=10"},
                                  {"sample", "file", "--integer=x"},
                                  {"sample", "file", "--real=nan"},
                                  {"sample", "file", "--choice=green"}};
  for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
    assert_int_equal(parse(&sample, lines[i]), 2);
}

/* Parses words (the command's name first), of which --needed N is required. */
static int parse_needed(int count, char **words, int *needed) {
  int fraction = -1, code = -1;
  const char *file, *text = "words";
  const vs_option options[] = {
      vs_option_required(vs_option_integer("needed", "N", "a number", needed, 0, 9)),
      vs_option_integer("none", "N", "a number", &fraction, 0, 9),
      vs_option_text("text", "TEXT", "a text", &text),
      vs_option_default(vs_option_text("other", "TEXT", "another", &text), "in words")};
  const vs_command_line line = {&sample_command, {&file}, options, 4};
  return vs_options_parse(&line, count, words, &code) ? -1 : code;
}

static void required_options_are_missed(void **state) {
  (void)state;
  int needed = -1;
  char name[] = "sample", file[] = "file", option[] = "--needed=0";
  char *without[] = {name, file, NULL}, *with[] = {name, file, option, NULL};
  assert_int_equal(parse_needed(2, without, &needed), 2);
  assert_int_equal(parse_needed(3, with, &needed), -1);
  assert_int_equal(needed, 0);
}

static void help_tells_defaults(void **state) {
  (void)state;
  int needed = -1;
  char name[] = "sample", help[] = "--help", text[4096] = "";
  char *words[] = {name, help, NULL};
  FILE *out = tmpfile();
  assert_non_null(out);
  fflush(stdout);
  const int saved = dup(STDOUT_FILENO);
  dup2(fileno(out), STDOUT_FILENO);
  const int code = parse_needed(2, words, &needed);
  fflush(stdout);
  dup2(saved, STDOUT_FILENO);
  close(saved);
  rewind(out);
  assert_true(fread(text, 1, sizeof text - 1, out) > 0);
  fclose(out);
  assert_int_equal(code, 0);
  assert_string_equal(text, "Usage: vggsweep sample FILE --needed N [options]\n"
                            "A sample.\n\n"
                            "  FILE                    a file\n"
                            "  --needed N              a number\n"
                            "  --none N                a number\n"
                            "  --text TEXT             a text (default words)\n"
                            "  --other TEXT            another (default in words)\n"
                            "  --help                  this text\n");
}

static void values_are_distinct_and_in_order(void **state) {
  (void)state;
  vs_value_set set = {0};
  char text[16];
  for (int round = 0; round < 3; round++)
    for (int i = 0; i < 100; i++) {
      snprintf(text, sizeof text, "%d", i * 7);
      assert_ok(vs_value_set_add(&set, text));
    }
  assert_ok(vs_value_set_add(&set, "0"));
  assert_int_equal(set.count, 100);
  assert_string_equal(set.texts[99], "693");
  vs_value_set_clear(&set);
  vs_value_set_clear(&set);
}

static void json_is_written(void **state) {
  (void)state;
  char buffer[1024] = "";
  FILE *out = fmemopen(buffer, sizeof buffer, "w");
  assert_non_null(out);
  vs_json json = vs_json_begin(out);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "text", "a \"b\" \\ \n \x01 \xc3\xa9 \xff");
  vs_json_text(&json, "none", NULL);
  vs_json_number(&json, "number", 0.1);
  vs_json_number(&json, "nan", NAN);
  vs_json_unsigned(&json, "seed", UINT64_MAX);
  vs_json_boolean(&json, "yes", true);
  vs_json_open(&json, "list", '[');
  vs_json_integer(&json, NULL, -1);
  vs_json_integer(&json, NULL, 2);
  vs_json_close(&json);
  vs_json_open(&json, "empty", '{');
  vs_json_close(&json);
  vs_json_close(&json);
  assert_int_equal(fclose(out), 0);
  assert_string_equal(buffer, "{\n"
                              "  \"text\": \"a \\\"b\\\" \\\\ \\n \\u0001 \xc3\xa9 \\ufffd\",\n"
                              "  \"none\": null,\n"
                              "  \"number\": 0.10000000000000001,\n"
                              "  \"nan\": null,\n"
                              "  \"seed\": 18446744073709551615,\n"
                              "  \"yes\": true,\n"
                              "  \"list\": [-1, 2],\n"
                              "  \"empty\": {}\n"
                              "}\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(integers_are_whole),
      cmocka_unit_test(reals_are_finite_decimals),
      cmocka_unit_test(lines_are_parsed),
      cmocka_unit_test(bad_lines_are_refused),
      cmocka_unit_test(required_options_are_missed),
      cmocka_unit_test(help_tells_defaults),
      cmocka_unit_test(values_are_distinct_and_in_order),
      cmocka_unit_test(json_is_written),
  };
  return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
