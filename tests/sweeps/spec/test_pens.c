#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/spec/pens.h"

#define FILE_NAME TEST_SCRATCH_DIR "/pens.yaml"

static vs_status read_text(vs_pen_set *pens, const char *text) {
  assert_ok(vs_file_write(FILE_NAME, text, strlen(text)));
  return vs_pens_read(pens, FILE_NAME);
}

static void yaml_and_json_say_the_same(void **state) {
  (void)state;
  vs_pen_set yaml, json;
  assert_ok(read_text(&yaml, "pens:\n"
                             "  - {name: black, color: \"#111111\", width: 0.3} # a comment\n"
                             "  - name: bright red\n"
                             "    width: 20\n"
                             "    color: '#F0a'\n"));
  assert_int_equal(yaml.count, 2);
  assert_string_equal(yaml.pens[0].name, "black");
  assert_close(yaml.pens[0].width_mm, 0.3, 0);
  assert_close((double)yaml.pens[0].color[1], 17.0 / 255.0, 1e-7); /* a float's rounding */
  assert_string_equal(yaml.pens[1].name, "bright red");
  assert_close(yaml.pens[1].width_mm, 20, 0);
  const float red[3] = {1, 0, 170.0f / 255.0f};
  assert_memory_equal(yaml.pens[1].color, red, sizeof red);

  assert_ok(read_text(&json, "{\"pens\": [{\"name\": \"black\", \"color\": \"#111111\", "
                             "\"width\": 0.3}, {\"width\": 20.0, \"name\": \"bright red\", "
                             "\"color\": \"#ff00AA\"}]}"));
  assert_memory_equal(&yaml, &json, sizeof yaml);
}

/* A file that is refused, with messages in these places. */
static void refused(const char *text, const char *const *messages, size_t count) {
  vs_pen_set pens = {.count = -7};
  assert_int_equal(read_text(&pens, text), VS_ERR_USAGE);
  assert_int_equal(pens.count, -7);
  const char *report = vs_status_message();
  size_t lines = 1;
  for (const char *c = report; *c != '\0'; c++) lines += *c == '\n';
  for (size_t i = 0; i < count; i++) {
    char expected[1024];
    snprintf(expected, sizeof expected, "%s:%s", FILE_NAME, messages[i]);
    if (strstr(report, expected) == NULL) fail_msg("%s\nis not in\n%s", expected, report);
  }
  if (lines != count) fail_msg("not %zu messages: %s", count, report);
}

#define REFUSED(text, ...)                                                                         \
  refused(text, (const char *const[]){__VA_ARGS__},                                                \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void everything_wrong_is_told_at_once(void **state) {
  (void)state;
  REFUSED("pens:\n"
          "  - {name: black, color: \"#11111\", width: 0}\n"
          "  - {name: black, colour: \"#111111\", width: 0.3}\n"
          "  - {name: , color: red, width: 20.5}\n"
          "  - {name: a, name: b, color: \"#12345g\", width: thin}\n"
          "  - grey\n",
          "2:26: pens.color: \"#11111\" is no colour; write it as \"#rrggbb\"",
          "2:43: pens.width: must be a number, greater than 0 and at most 20",
          "3:5: pens.color: is missing", "3:12: pens.name: two pens are called \"black\"",
          "3:19: pens: a pen has no \"colour\" (did you mean \"color\"?)",
          "4:12: pens.name: must be a word", "4:21: pens.color: \"red\" is no colour",
          "4:33: pens.width: must be a number", "5:15: pens.\"name\": given twice, first in line 5",
          "5:31: pens.color: \"#12345g\" is no colour", "5:49: pens.width: must be a number",
          "6:5: pens: a pen is written {name: black");
}

static void a_color_without_quotes_is_a_comment(void **state) {
  (void)state;
  REFUSED("pens:\n- name: black\n  width: 0.3\n  color: #111111\n",
          "4:9: pens.color: has no value; write it as \"#rrggbb\", in quotes");
}

static void files_hold_pens(void **state) {
  (void)state;
  REFUSED("", "1:1: pens: is missing");
  REFUSED("- black\n", "1:1: pens: is missing");
  REFUSED("pens: []\n", "1:7: pens: must be a list of pens");
  REFUSED("pens: black\n", "1:7: pens: must be a list of pens");
  REFUSED("pen: [{name: a, color: \"#000\", width: 1}]\n",
          "1:1: \"pen\": unknown key (did you mean \"pens\"?)");
  REFUSED("pens: [{name: a, color: \"#000\", width: 1}]\npens: []\n",
          "2:1: \"pens\": given twice, first in line 1");
  REFUSED("pens: [{name: \"a\\tb\", color: \"#000\", width: 1}]\n",
          "1:15: pens.name: \"a?b\" holds");
  REFUSED("pens: [{name: 12345678901234567890123456789012345678901234567890123456789012345, "
          "color: \"#000\", width: 1}]\n",
          "1:15: pens.name: \"123456789012345678901234567890123456789012345678901234567890\"... is "
          "longer than 63 bytes");
  REFUSED("pens:\n\t- a\n", "2:1: YAML: a tab");
  vs_pen_set pens;
  assert_int_equal(vs_pens_read(&pens, TEST_SCRATCH_DIR "/absent.yaml"), VS_ERR_IO);
  assert_int_equal(vs_pens_read(&pens, TEST_SCRATCH_DIR), VS_ERR_IO);
}

static void at_most_32_pens(void **state) {
  (void)state;
  char text[8192] = "pens:\n";
  for (int i = 0; i < 32; i++) {
    const size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "- {name: pen %d, color: \"#000\", width: 0.1}\n", i);
  }
  vs_pen_set pens;
  assert_ok(read_text(&pens, text));
  assert_int_equal(pens.count, 32);
  assert_string_equal(pens.pens[31].name, "pen 31");
  strcat(text, "- {name: last, color: \"#000\", width: 0.1}\n");
  REFUSED(text, "2:1: pens: 33 pens; at most 32 are taken");
}

static void installed_sets_are_good(void **state) {
  (void)state;
  unsetenv("VGGSWEEP_DATA");
  static const struct {
    const char *name;
    int pens;
    double width_mm;
  } sets[] = {{"black", 1, 0.3},
              {"sakura-micron", 9, 0.25},
              {"stabilo-point-88", 10, 0.4},
              {"staedtler-triplus", 10, 0.3},
              {"bic-4-colour", 4, 0.32}};
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
    vs_pen_set pens;
    assert_ok(vs_pens_read(&pens, sets[i].name));
    assert_int_equal(pens.count, sets[i].pens);
    for (int p = 0; p < pens.count; p++) assert_close(pens.pens[p].width_mm, sets[i].width_mm, 0);
  }
}

static void unknown_sets_are_listed(void **state) {
  (void)state;
  unsetenv("VGGSWEEP_DATA");
  vs_pen_set pens = {0};
  assert_int_equal(vs_pens_read(&pens, "stabilo-pont-88"), VS_ERR_USAGE);
  const char *message = vs_status_message();
  assert_non_null(strstr(message, "\"stabilo-pont-88\" (did you mean \"stabilo-point-88\"?)"));
  assert_non_null(strstr(message, "bic-4-colour, black, sakura-micron, stabilo-point-88, "
                                  "staedtler-triplus"));
  assert_int_equal(vs_pens_read(&pens, ""), VS_ERR_USAGE);
  char longest[5000];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  assert_int_equal(vs_pens_read(&pens, longest), VS_ERR_USAGE);

  setenv("VGGSWEEP_DATA", TEST_SCRATCH_DIR "/nowhere", 1);
  assert_int_equal(vs_pens_read(&pens, "black"), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), TEST_SCRATCH_DIR "/nowhere/pens"));
  unsetenv("VGGSWEEP_DATA");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(yaml_and_json_say_the_same),
      cmocka_unit_test(everything_wrong_is_told_at_once),
      cmocka_unit_test(a_color_without_quotes_is_a_comment),
      cmocka_unit_test(files_hold_pens),
      cmocka_unit_test(at_most_32_pens),
      cmocka_unit_test(installed_sets_are_good),
      cmocka_unit_test(unknown_sets_are_listed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
