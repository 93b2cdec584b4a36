/* A report's parts, each alone: escapes, layout of thumbnails, commands,
 * the folder. Its data are in test_report_data.c; tests/cli/report.py reads whole reports. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/report/html.h"
#include "analysis/report/report_data.h"
#include "analysis/report/report_page.h"
#include "analysis/report/reproduce.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "sweeps/spec/schema.h"
#include "tests/analysis/report/report_fixture.h"

/* --- what is printed -------------------------------------------------------------------------- */

static void html_is_escaped(void **state) {
  (void)state;
  memory m;
  open_memory(&m);
  vs_html_print(m.out, "<a href='x'>\"&\n</title>");
  vs_html_print(m.out, NULL);
  assert_string_equal(close_memory(&m), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;\n&lt;/title&gt;");
  free(m.text);
}

/* Nothing in a script's JSON may end the script, and all of it comes back. */
static void scripts_hold_any_text(void **state) {
  (void)state;
  static const char hostile[] = "</script><!-- \xe2\x80\xa8 \xe2\x80\xa9 \xe2\x80 \" \\ \x01 \xff";
  memory m;
  open_memory(&m);
  vs_json json = vs_json_begin_script(m.out);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, hostile, hostile);
  vs_json_open(&json, "figures", '[');
  vs_json_figure(&json, NULL, 1.0 / 3.0);
  vs_json_figure(&json, NULL, (double)NAN);
  vs_json_close(&json);
  vs_json_base64(&json, "bytes", "Man", 3);
  vs_json_base64(&json, "two", "Ma", 2);
  vs_json_base64(&json, "one", "M", 1);
  vs_json_base64(&json, "none", "", 0);
  vs_json_close(&json);
  const char *text = close_memory(&m);
  for (const char *end = "<\n \xe2"; *end != '\0'; end++)
    if (*end != ' ') assert_null(strchr(text, *end));
  json_t *read = json_loads(text, 0, NULL);
  assert_non_null(read);
  /* Bytes that are no UTF-8 became U+FFFD, one each. */
  static const char expected[] =
      "</script><!-- \xe2\x80\xa8 \xe2\x80\xa9 \xef\xbf\xbd\xef\xbf\xbd \" "
      "\\ \x01 \xef\xbf\xbd";
  assert_string_equal(json_string_value(json_object_get(read, expected)), expected);
  assert_string_equal(json_string_value(json_object_get(read, "bytes")), "TWFu");
  assert_string_equal(json_string_value(json_object_get(read, "two")), "TWE=");
  assert_string_equal(json_string_value(json_object_get(read, "one")), "TQ==");
  assert_string_equal(json_string_value(json_object_get(read, "none")), "");
  assert_true(json_is_null(json_array_get(json_object_get(read, "figures"), 1)));
  json_decref(read);
  free(m.text);
}

static void steps_are_chosen_evenly(void **state) {
  (void)state;
  int all[100], *chosen, count;
  for (int i = 0; i < 100; i++) all[i] = 10 * i;
  assert_ok(vs_report_pictures_choose_steps(all, 100, 4, &chosen, &count));
  assert_int_equal(count, 4);
  assert_int_equal(chosen[0], 0);
  assert_int_equal(chosen[1], 330);
  assert_int_equal(chosen[2], 660);
  assert_int_equal(chosen[3], 990);
  free(chosen);
  assert_ok(vs_report_pictures_choose_steps(all, 3, 4, &chosen, &count));
  assert_int_equal(count, 3);
  assert_memory_equal(chosen, all, 3 * sizeof *all);
  free(chosen);
  assert_ok(vs_report_pictures_choose_steps(all, 100, 1, &chosen, &count));
  assert_int_equal(count, 1);
  free(chosen);
  assert_ok(vs_report_pictures_choose_steps(NULL, 0, 4, &chosen, &count));
  assert_int_equal(count, 0);
  free(chosen);
}

/* --- layout ----------------------------------------------------------------------------------- */

static void weights_share_cells(void **state) {
  (void)state;
  enum { CHANNELS = 5, LAMBDAS = 3 };
  vs_results *results = fake_results_new(2 * CHANNELS * LAMBDAS);
  for (int layer = 0; layer < 2; layer++)
    for (int channel = 0; channel < CHANNELS - layer; channel++)
      for (int l = 0; l < LAMBDAS; l++) {
        bool fails = layer == 0 && channel == 2 && l == 1;
        add_run(results, layer == 0 ? "relu3_3" : "relu4_3", channel, 50.0 * l,
                fails ? VS_RUN_FAILED : VS_RUN_DONE);
      }
  vs_report_layout layout;
  assert_ok(vs_report_layout_init(&layout, results));
  assert_int_equal(layout.columns, 3); /* of the 5 groups of the larger layer */
  assert_int_equal(layout.rows, 2);
  assert_int_equal(layout.sheets, 6);
  size_t rows = vs_results_count(results);
  assert_int_equal(layout.count, rows - 1);
  for (size_t row = 0; row < rows; row++) {
    const vs_row *run = vs_results_row(results, row);
    if (run->status == VS_RUN_FAILED) {
      assert_int_equal(layout.sheet[row], -1);
      continue;
    }
    int first = strcmp(run->layer, "relu3_3") == 0 ? 0 : LAMBDAS;
    assert_int_equal(layout.sheet[row], first + (int)(run->lambda / 50.0));
    assert_int_equal(layout.cell[row], run->channel);
  }
  for (size_t i = 1; i < layout.count; i++)
    assert_true(layout.sheet[layout.order[i - 1]] <= layout.sheet[layout.order[i]]);
  vs_report_layout_clear(&layout);
  vs_results_close(results);
}

static void many_groups_go_on_in_another_sheet(void **state) {
  (void)state;
  enum { CHANNELS = VS_REPORT_SHEET * VS_REPORT_SHEET + 3 };
  vs_results *results = fake_results_new(2 * CHANNELS);
  for (int channel = 0; channel < CHANNELS; channel++)
    for (int l = 0; l < 2; l++) add_run(results, "relu4_3", channel, l, VS_RUN_DONE);
  vs_report_layout layout;
  assert_ok(vs_report_layout_init(&layout, results));
  assert_int_equal(layout.sheets, 4);
  for (int l = 0; l < 2; l++) {
    size_t last = 2 * (CHANNELS - 1) + (size_t)l;
    assert_int_equal(layout.sheet[last], 2 * l + 1);
    assert_int_equal(layout.cell[last], 2);
  }
  vs_report_layout_clear(&layout);
  vs_results_close(results);
}

/* Every run with a weight of its own: a sheet each would be empty but for one cell. */
static void scattered_weights_are_packed(void **state) {
  (void)state;
  enum { RUNS = 200 };
  vs_results *results = fake_results_new(RUNS);
  for (int i = 0; i < RUNS; i++) add_run(results, "relu4_3", i, 1.0 + 0.1 * i, VS_RUN_DONE);
  vs_report_layout layout;
  assert_ok(vs_report_layout_init(&layout, results));
  assert_int_equal(layout.sheets, 1);
  for (int i = 0; i < RUNS; i++) assert_int_equal(layout.cell[i], i);
  vs_report_layout_clear(&layout);
  vs_results_close(results);
}

static void pictures_stand_in_the_middle_of_their_cells(void **state) {
  (void)state;
  const vs_report_layout layout = {.columns = 4, .rows = 4};
  const int side = VS_REPORT_THUMBNAIL;
  vs_box box = vs_report_layout_box(&layout, 6, 224, 224);
  assert_int_equal(box.x, 2 * side);
  assert_int_equal(box.y, side);
  assert_int_equal(box.width, side);
  assert_int_equal(box.height, side);
  box = vs_report_layout_box(&layout, 0, 100, 200);
  assert_int_equal(box.width, side);
  assert_int_equal(box.height, side / 2);
  assert_int_equal(box.y, side / 4);
  box = vs_report_layout_box(&layout, 0, 1, 10000);
  assert_int_equal(box.height, 1);
}

/* --- commands --------------------------------------------------------------------------------- */

/* " --set KEY=VALUE" of each later key whose default is another one than it was born with: a spec
 * without it means what was so before. Of a picture's file, which does not say what drawings alone
 * read, none of these. */
static void print_born(FILE *out, bool with_drawings) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    const bool is_of_drawings = strncmp(key->path, "strokes.", 8) == 0 ||
                                strncmp(key->path, "palette.", 8) == 0 ||
                                strncmp(key->path, "plot.", 5) == 0;
    if (key->born == NULL || (is_of_drawings && !with_drawings)) continue;
    const bool is_plain = strchr(key->born, '[') == NULL;
    fprintf(out, is_plain ? " --set %s=%s" : " --set '%s=%s'", key->path, key->born);
  }
}

/* The command that this sweep file and spec give: `expected`, then what the spec is too old for. */
static void check_command(const char *sweep, const char *spec, bool with_drawings,
                          const char *expected) {
  char *all = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&all, &size);
  fputs(expected, out);
  print_born(out, with_drawings);
  fputs(" --out results/my--sweep-01234567", out);
  fclose(out);
  vs_results *results = fake_results_new(1);
  fake_results_set_attribute(results, "name", "my; sweep");
  fake_results_set_attribute(results, "sweep", sweep);
  fake_results_set_attribute(results, "canonical", "{\"grid.optimizer.lr\": [0.1]}");
  vs_reproduction *reproduction;
  assert_ok(vs_reproduce_new(&reproduction, results));
  char *command;
  assert_ok(vs_reproduce_command(reproduction, "0123456789abcdef", spec, &command));
  assert_string_equal(command, all);
  free(all);
  free(command);
  vs_reproduce_free(reproduction);
  vs_results_close(results);
}

static void commands_name_what_the_file_does_not_say(void **state) {
  (void)state;
  check_command(
      "objective: {steps: 400}\n"
      "grid: {layer: [relu3_3, relu4_3], channel: all, transforms.scale: [[1, 2]]}\n",
      "{\"layer\": \"relu3_3\", \"channel\": 7, \"lambda\": 0.1, \"objective.steps\": 400,"
      " \"regularizers.tv\": 0.0001, \"transforms.scale\": [0.95, 1.05],"
      " \"weights.sha256\": \"abc\"}",
      false,
      "vggsweep run my--sweep.yaml --set grid.layer=relu3_3 --set grid.channel=7 --set "
      "grid.lambda=0.1 --set regularizers.tv=0.0001 --set "
      "'grid.transforms.scale=[[0.95,1.05]]'");
}

/* A sweep file that is none: all is named, axes as the canonical form has them. */
static void commands_do_without_the_file(void **state) {
  (void)state;
  check_command(
      "grid: [",
      "{\"channel\": 7, \"optimizer.lr\": 0.3, \"objective.style.image\": "
      "\"it's $(x)\"}",
      true,
      "vggsweep run my--sweep.yaml --set grid.channel=7 --set grid.optimizer.lr=0.3 --set "
      "'objective.style.image=\"it'\\''s $(x)\"'");
}

/* --- pages ------------------------------------------------------------------------------------ */

static void templates_have_their_places(void **state) {
  (void)state;
  vs_results *results = fake_results_new(0);
  vs_report_parts parts = {.results = results};
  memory m;
  open_memory(&m);
  assert_int_equal(vs_report_page_print(&parts, "<title></title>", 5, m.out), VS_ERR_INTERNAL);
  close_memory(&m);
  free(m.text);
  vs_results_close(results);
}

/* --- the folder ------------------------------------------------------------------------------- */

/* Two at once: the second is refused, the first goes on. */
static void one_writes_at_a_time(void **state) {
  (void)state;
  char out[] = TEST_SCRATCH_DIR "/report-XXXXXX", inside[PATH_MAX];
  assert_non_null(mkdtemp(out));
  assert_int_equal(rmdir(out), 0);
  vs_report_folder first, second;
  assert_ok(vs_report_folder_begin(&first, out));
  assert_int_equal(vs_report_folder_begin(&second, out), VS_ERR_USAGE);
  vs_report_folder_clear(&second);
  assert_ok(vs_report_folder_write(&first, VS_REPORT_INDEX, "page", 4));
  snprintf(inside, sizeof inside, "%s/%s", out, VS_REPORT_INDEX);
  assert_false(vs_file_exists(inside));
  assert_ok(vs_report_folder_publish(&first));
  assert_true(vs_file_exists(inside));
  vs_report_folder_clear(&first);
  /* A report that is given up leaves the old one. */
  assert_ok(vs_report_folder_begin(&second, out));
  vs_report_folder_clear(&second);
  assert_true(vs_file_exists(inside));
  assert_false(vs_file_exists(second.part));
  /* What somebody put there meanwhile is not replaced. */
  assert_ok(vs_report_folder_begin(&first, out));
  char marker[PATH_MAX];
  snprintf(marker, sizeof marker, "%s/%s", out, VS_REPORT_MARKER);
  assert_int_equal(unlink(marker), 0);
  assert_int_equal(vs_report_folder_publish(&first), VS_ERR_USAGE);
  vs_report_folder_clear(&first);
  assert_true(vs_file_exists(inside));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(html_is_escaped),
      cmocka_unit_test(scripts_hold_any_text),
      cmocka_unit_test(steps_are_chosen_evenly),
      cmocka_unit_test(weights_share_cells),
      cmocka_unit_test(many_groups_go_on_in_another_sheet),
      cmocka_unit_test(scattered_weights_are_packed),
      cmocka_unit_test(pictures_stand_in_the_middle_of_their_cells),
      cmocka_unit_test(commands_name_what_the_file_does_not_say),
      cmocka_unit_test(commands_do_without_the_file),
      cmocka_unit_test(templates_have_their_places),
      cmocka_unit_test(one_writes_at_a_time),
  };
  return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
