/* A report's parts, each alone: layout of thumbnails, data read back as JSON, escapes, the grid of
 * planned runs, commands, the folder. tests/cli/report.py looks at whole reports. */
#include "tests/support/unit.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/report/drawing_facts.h"
#include "analysis/report/html.h"
#include "analysis/report/planned.h"
#include "analysis/report/report_data.h"
#include "analysis/report/report_page.h"
#include "analysis/report/reproduce.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/analysis/fake_results.h"

#define FIGURE_TOLERANCE 1e-8 /* relative: the data have 9 digits */

/* --- what is printed -------------------------------------------------------------------------- */

typedef struct memory {
  char *text;
  size_t size;
  FILE *out;
} memory;

static void open_memory(memory *m) {
  m->out = open_memstream(&m->text, &m->size);
  assert_non_null(m->out);
}

static const char *close_memory(memory *m) {
  assert_int_equal(fclose(m->out), 0);
  return m->text;
}

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

static void add_run(vs_results *results, const char *layer, int channel, double lambda,
                    vs_outcome status) {
  vs_row row = fake_row(layer, channel, lambda, -100.0 - channel, 10.0);
  row.status = status;
  fake_results_add(results, &row, NULL);
}

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

/* --- data ------------------------------------------------------------------------------------- */

/* Two channels, lambda 0 and 50, one of them failed, one planned run missing; two axes. */
static vs_results *sample(void) {
  vs_results *results = fake_results_new(4);
  fake_results_set_attribute(results, "name", "a </script> b");
  fake_results_set_attribute(
      results, "canonical",
      "{\"grid.channel\": {\"relu3_3\": \"1, 2\"}, \"grid.lambda\": [0.0, 50.0], \"grid.layer\": "
      "[\"relu3_3\"], \"grid.optimizer.lr\": [0.05], \"grid.image.parametrization\": "
      "[\"fourier\"], "
      "\"grid.order\": [\"optimizer.lr\", \"image.parametrization\"], \"seed\": 1}");
  size_t lr = fake_results_add_axis(results, "optimizer.lr", true);
  size_t param = fake_results_add_axis(results, "image.parametrization", false);
  add_run(results, "relu3_3", 1, 0.0, VS_RUN_DONE);
  add_run(results, "relu3_3", 1, 50.0, VS_RUN_FAILED);
  add_run(results, "relu3_3", 2, 0.0, VS_RUN_DONE);
  for (size_t row = 0; row < 3; row++) {
    fake_results_set_axis(results, row, lr, "0.05");
    fake_results_set_axis(results, row, param, row == 2 ? "pixels" : "fourier");
  }
  return results;
}

static json_t *print_and_read(const vs_results *results, bool live) {
  vs_report_parts parts = {.results = results, .live = live};
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  vs_report_layout layout;
  vs_headline *headlines;
  vs_share *shares;
  uint32_t taken[8] = {0};
  const vs_report_pictures pictures = {.taken = taken};
  const vs_report_chunks chunks = {0};
  bool svg[8] = {false, true}, plotted[8] = {false};
  const vs_report_drawings drawings = {.is_written = svg, .is_plotted = plotted};
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  assert_ok(vs_report_layout_init(&layout, results));
  assert_ok(vs_verdict_summary_headlines(verdicts, VS_REPORT_HEADLINES, &headlines,
                                         &parts.headline_count));
  assert_ok(vs_verdict_summary_shares(verdicts, &shares, &parts.share_count));
  parts.metrics = metrics;
  parts.verdicts = verdicts;
  parts.layout = &layout;
  parts.pictures = &pictures;
  parts.drawings = &drawings;
  parts.chunks = &chunks;
  parts.headlines = headlines;
  parts.shares = shares;
  memory m;
  open_memory(&m);
  assert_ok(vs_report_data_print(&parts, m.out));
  const char *text = close_memory(&m);
  assert_null(strchr(text, '<'));
  json_error_t error;
  json_t *data = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  if (data == NULL) fail_msg("%s at %d", error.text, error.position);
  free(m.text);
  free(shares);
  free(headlines);
  vs_report_layout_clear(&layout);
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  return data;
}

static const json_t *value_at(const json_t *data, const char *column, size_t row) {
  return json_array_get(json_object_get(json_object_get(data, "values"), column), row);
}

static const char *text_at(const json_t *data, const char *column, size_t row) {
  const json_t *coded = json_object_get(json_object_get(data, "values"), column);
  const json_t *code = json_array_get(json_object_get(coded, "codes"), row);
  return json_string_value(
      json_array_get(json_object_get(coded, "words"), (size_t)json_integer_value(code)));
}

static void data_say_what_the_results_say(void **state) {
  (void)state;
  vs_results *results = sample();
  json_t *data = print_and_read(results, true);
  assert_string_equal(json_string_value(json_object_get(data, "name")), "a </script> b");
  assert_true(json_is_true(json_object_get(data, "live")));
  assert_true(json_is_null(json_object_get(data, "created")));
  const json_t *counts = json_object_get(data, "counts");
  assert_int_equal(json_integer_value(json_object_get(counts, "planned")), 4);
  assert_int_equal(json_integer_value(json_object_get(counts, "done")), 2);
  assert_int_equal(json_integer_value(json_object_get(counts, "failed")), 1);
  assert_int_equal(json_integer_value(json_object_get(counts, "missing")), 1);
  for (size_t row = 0; row < 3; row++) {
    const vs_row *run = vs_results_row(results, row);
    assert_string_equal(json_string_value(value_at(data, "id", row)), run->id);
    assert_string_equal(text_at(data, "layer", row), run->layer);
    assert_string_equal(text_at(data, "status", row), vs_run_outcome_name(run->status));
    assert_int_equal(json_integer_value(value_at(data, "channel", row)), run->channel);
    assert_true(json_number_value(value_at(data, "lambda", row)) == run->lambda);
    double exc = json_number_value(value_at(data, "exc_eval", row));
    assert_true(fabs(exc - run->exc_eval) <= FIGURE_TOLERANCE * fabs(run->exc_eval));
    assert_true(json_number_value(value_at(data, "optimizer.lr", row)) == 0.05);
  }
  assert_string_equal(text_at(data, "image.parametrization", 2), "pixels");
  assert_true(json_is_null(value_at(data, "exc_gain", 1)));
  const json_t *drawings = json_object_get(data, "drawings");
  assert_int_equal(json_array_size(json_object_get(drawings, "svg")), 1);
  assert_int_equal(json_integer_value(json_array_get(json_object_get(drawings, "svg"), 0)), 1);
  assert_int_equal(json_array_size(json_object_get(drawings, "plotted")), 0);
  assert_int_equal(json_integer_value(json_array_get(json_object_get(data, "baseline"), 1)), 0);
  json_decref(data);
  vs_results_close(results);
}

/* Every column that is described has as many values as there are rows, but the verdict. */
static void columns_and_values_agree(void **state) {
  (void)state;
  vs_results *results = sample();
  json_t *data = print_and_read(results, false);
  const json_t *columns = json_object_get(data, "columns");
  const json_t *values = json_object_get(data, "values");
  assert_int_equal(json_array_size(columns), json_object_size(values) + 1);
  for (size_t i = 0; i < json_array_size(columns); i++) {
    const json_t *column = json_array_get(columns, i);
    const char *name = json_string_value(json_object_get(column, "name"));
    bool is_text = strcmp(json_string_value(json_object_get(column, "kind")), "text") == 0;
    const json_t *own = json_object_get(values, name);
    if (strcmp(name, "verdict") == 0) {
      assert_null(own);
      continue;
    }
    const json_t *list = is_text && strcmp(name, "id") != 0 ? json_object_get(own, "codes") : own;
    if (json_array_size(list) != 3) fail_msg("%s has %zu values", name, json_array_size(list));
  }
  assert_null(json_object_get(values, "rho")); /* a sweep that does not balance by it */
  static const char *const of_drawings[] = {"exc_plotted", "minutes", "kept_plotted", "plot_gain"};
  for (size_t i = 0; i < 4; i++) assert_null(json_object_get(values, of_drawings[i]));
  json_decref(data);
  fake_results_set_drawing(results, 1, 4);
  data = print_and_read(results, false);
  values = json_object_get(data, "values");
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(json_array_size(json_object_get(values, of_drawings[i])), 3);
  json_decref(data);
  vs_results_close(results);
}

/* --- drawings --------------------------------------------------------------------------------- */

static void drawings_tell_their_facts(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1);
  add_run(results, "relu3_3", 1, 0.0, VS_RUN_DONE);
  fake_results_set_drawing(results, 0, 10);
  vs_results_drawing stored;
  assert_ok(vs_results_read_drawing(results, 0, &stored));
  int steps[8], by_pen[VS_MAX_PENS];
  vs_drawing_facts_count_by_pen(&stored, by_pen);
  assert_int_equal(by_pen[0], 10);
  assert_int_equal(by_pen[1], 0);
  /* 4, 8 and all 10 were measured; of 10 strokes 4 are worth four tenths. */
  assert_int_equal(vs_drawing_facts_budget_steps(&stored, 8, steps), 3);
  assert_int_equal(steps[0], 4);
  assert_int_equal(steps[2], 10);
  assert_int_equal(vs_drawing_facts_budget_steps(&stored, 2, steps), 2);
  assert_int_equal(steps[1], 10);
  assert_int_equal(vs_drawing_facts_budget_steps(&stored, 1, steps), 1);
  assert_int_equal(steps[0], 10);
  assert_close(vs_drawing_facts_budget_share(&stored, 4), 0.4, 1e-6);
  assert_true(isnan(vs_drawing_facts_budget_share(&stored, 5)));
  stored.budget[9] = 0.0f; /* a dead channel */
  assert_true(isnan(vs_drawing_facts_budget_share(&stored, 4)));

  memory m;
  open_memory(&m);
  vs_json json = vs_json_begin_script(m.out);
  vs_drawing_facts_print_json(&json, NULL, &stored);
  assert_string_equal(
      close_memory(&m),
      "{\"paper\":\"#ffffff\",\"pens\":[{\"name\":\"black\",\"color\":\"#1a1a1a\",\"width_mm\":0.4,"
      "\"strokes\":10},{\"name\":\"red\",\"color\":\"#cc1a1a\",\"width_mm\":0.8,\"strokes\":0}],"
      "\"budget\":{\"strokes\":[4,8,10],\"exc_loss\":[-4,-8,0]}}");
  free(m.text);
  vs_results_clear_drawing(&stored);
  vs_results_close(results);
}

/* The widths of pens on an A6 page with margins of 10 mm: the canvas of 32 units is 85 mm wide but
 * for the widest pen, 0.8 mm. */
static void drawings_are_shown_as_plotted(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1);
  add_run(results, "relu3_3", 1, 0.0, VS_RUN_DONE);
  fake_results_set_drawing(results, 0, 10);
  vs_results_drawing stored;
  vs_drawing *plotted;
  assert_ok(vs_results_read_drawing(results, 0, &stored));
  const double scale = (105.0 - 20.0 - 0.8) / 32.0;
  assert_ok(vs_drawing_facts_as_plotted(&plotted, &stored,
                                        "{\"plot.page\": \"A6\", \"plot.margin\": 10}"));
  assert_int_equal(plotted->stroke_count, 10);
  assert_close((double)plotted->strokes[3].width, 0.4 / scale, 1e-6);
  assert_true(plotted->strokes[3].opacity == 1.0f && plotted->strokes[3].color[0] == 0.1f);
  vs_drawing_free(plotted);
  static const char *const strange[] = {"", "{}", "{\"plot.page\": \"A6\"}",
                                        "{\"plot.page\": \"A66\", \"plot.margin\": 10}"};
  for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
    assert_int_equal(vs_drawing_facts_as_plotted(&plotted, &stored, strange[i]), VS_ERR_FORMAT);
  stored.pens.count = 0;
  assert_int_equal(vs_drawing_facts_as_plotted(&plotted, &stored, "{}"), VS_ERR_USAGE);
  assert_null(plotted);
  vs_results_clear_drawing(&stored);
  vs_results_close(results);
}

static bool has_svg(const vs_report_folder *folder, const vs_results *results, size_t row,
                    const char *ending) {
  char path[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/" VS_REPORT_DRAWINGS "/%s%s.svg", folder->part,
           vs_results_row(results, row)->id, ending);
  return vs_file_exists(path);
}

/* Two channels at lambda 0 and 50, the second channel with the greater gain; a picture, and a
 * drawing that did not come to an end. Few: the headlines with what they are compared with. */
static void the_telling_drawings_are_written(void **state) {
  (void)state;
  enum { RUNS = 6 };
  vs_results *results = fake_results_new(RUNS);
  static const double exc[] = {-100.0, -100.0, -100.0, -120.0};
  for (int i = 0; i < 4; i++) {
    const vs_row row = fake_row("relu3_3", 1 + i / 2, i % 2 == 0 ? 0.0 : 50.0, exc[i], 10.0);
    fake_results_set_drawing(results, fake_results_add(results, &row, NULL), 6);
  }
  add_run(results, "relu3_3", 3, 0.0, VS_RUN_DONE);
  add_run(results, "relu3_3", 4, 0.0, VS_RUN_FAILED);
  static const size_t most[] = {0, 1, 2, 100};
  static const bool expected[4][RUNS] = {{0}, {0, 0, 0, 1}, {0, 0, 1, 1}, {1, 1, 1, 1}};
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  const vs_headline headline = {vs_verdicts_of(verdicts, 3), 3};
  for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
    char out[] = TEST_SCRATCH_DIR "/drawings-XXXXXX";
    assert_non_null(mkdtemp(out));
    vs_report_folder folder;
    vs_report_drawings drawings;
    assert_ok(vs_report_folder_begin(&folder, out));
    assert_ok(vs_report_drawings_write(&drawings, verdicts, &headline, 1, most[i], &folder,
                                       (vs_report_listener){0}));
    size_t count = 0;
    for (size_t row = 0; row < RUNS; row++) {
      assert_true(drawings.is_written[row] == expected[i][row]);
      assert_true(drawings.is_plotted[row] == expected[i][row]);
      assert_true(has_svg(&folder, results, row, "") == expected[i][row]);
      assert_true(has_svg(&folder, results, row, "-plotted") == expected[i][row]);
      count += expected[i][row];
    }
    assert_int_equal(drawings.count, count);
    assert_int_equal(drawings.unreadable, 0);
    assert_true((drawings.bytes > 0) == (count > 0));
    vs_report_drawings_clear(&drawings);
    vs_report_folder_clear(&folder);
    assert_int_equal(rmdir(out), 0);
  }
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void unreadable_drawings_are_left_out(void **state) {
  (void)state;
  vs_results *results = fake_results_new(2);
  for (int channel = 0; channel < 2; channel++) {
    add_run(results, "relu3_3", channel, 0.0, VS_RUN_DONE);
    fake_results_set_drawing(results, (size_t)channel, 6);
  }
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ok(vs_verdicts_new(&verdicts, metrics, NULL));
  fake_results_break(results);
  char out[] = TEST_SCRATCH_DIR "/drawings-XXXXXX";
  assert_non_null(mkdtemp(out));
  vs_report_folder folder;
  vs_report_drawings drawings;
  assert_ok(vs_report_folder_begin(&folder, out));
  assert_ok(
      vs_report_drawings_write(&drawings, verdicts, NULL, 0, 10, &folder, (vs_report_listener){0}));
  assert_int_equal(drawings.count, 0);
  assert_int_equal(drawings.unreadable, 2);
  vs_report_drawings_clear(&drawings);
  vs_report_folder_clear(&folder);
  assert_int_equal(rmdir(out), 0);
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void missing_runs_are_listed(void **state) {
  (void)state;
  vs_results *results = sample();
  json_t *data = print_and_read(results, false), *expected;
  expected =
      json_pack("[{s:s, s:i, s:f, s:i, s:{s:f, s:s}}]", "layer", "relu3_3", "channel", 2, "weight",
                50.0, "seed", 1, "axes", "optimizer.lr", 0.05, "image.parametrization", "fourier");
  const json_t *missing = json_object_get(data, "missing");
  assert_int_equal(json_array_size(missing), 1);
  const json_t *run = json_array_get(missing, 0), *wanted = json_array_get(expected, 0);
  assert_string_equal(json_string_value(json_object_get(run, "layer")), "relu3_3");
  assert_int_equal(json_integer_value(json_object_get(run, "channel")), 2);
  assert_true(json_number_value(json_object_get(run, "weight")) == 50.0);
  assert_true(json_equal(json_object_get(run, "axes"), json_object_get(wanted, "axes")));
  json_decref(expected);
  json_decref(data);
  vs_results_close(results);
}

static void a_sweep_without_runs_has_a_report(void **state) {
  (void)state;
  vs_results *results = fake_results_new(0);
  json_t *data = print_and_read(results, false);
  assert_int_equal(json_array_size(json_object_get(data, "reason")), 0);
  assert_int_equal(json_array_size(json_object_get(data, "missing")), 0);
  json_decref(data);
  vs_results_close(results);
}

/* --- the grid of planned runs ----------------------------------------------------------------- */

static void planned_runs_are_numbered_as_in_the_grid(void **state) {
  (void)state;
  vs_results *results = fake_results_new((3 + 2) * 2 * 2 * 2);
  fake_results_add_axis(results, "optimizer.lr", true);
  fake_results_set_attribute(
      results, "canonical",
      "{\"grid.layer\": [\"relu3_3\", \"pool4\"], \"grid.channel\": {\"relu3_3\": \"0..1, 9\", "
      "\"pool4\": \"4, 7\"}, \"grid.order\": [\"optimizer.lr\"], \"grid.optimizer.lr\": [0.1, "
      "0.2], "
      "\"grid.seed\": [3, 5], \"grid.rho\": [0.0, 0.5]}");
  vs_planned *planned;
  assert_ok(vs_planned_new(&planned, results));
  size_t index = 0;
  static const int channels[2][3] = {{0, 1, 9}, {4, 7}};
  for (int layer = 0; layer < 2; layer++)
    for (int c = 0; c < 3 - layer; c++)
      for (int lr = 1; lr <= 2; lr++)
        for (uint64_t seed = 3; seed <= 5; seed += 2)
          for (int rho = 0; rho < 2; rho++, index++) {
            vs_planned_run run;
            vs_axis_value value;
            vs_planned_get(planned, index, &run);
            assert_string_equal(run.layer, layer == 0 ? "relu3_3" : "pool4");
            assert_int_equal(run.channel, channels[layer][c]);
            assert_int_equal(run.seed, seed);
            assert_true(run.weight == 0.5 * rho);
            vs_planned_axis_value(planned, index, 0, &value);
            assert_true(value.number == (lr == 1 ? 0.1 : 0.2));
          }
  assert_int_equal(index, vs_results_planned(results));
  vs_planned_free(planned);
  vs_results_close(results);
}

static void damaged_forms_are_refused(void **state) {
  (void)state;
  static const char *const forms[] = {
      "",
      "[]",
      "{}",
      "{\"grid.layer\": [\"relu3_3\"], \"grid.channel\": {\"relu3_3\": \"0..1\"}, "
      "\"grid.order\": [], \"seed\": 1, \"grid.lambda\": [0]}", /* 2 runs, not 4 */
      "{\"grid.layer\": [\"relu3_3\"], \"grid.channel\": {\"relu3_3\": \"3..0\"}, "
      "\"grid.order\": [], \"seed\": 1, \"grid.lambda\": [0]}",
      "{\"grid.layer\": [\"relu3_3\"], \"grid.channel\": {\"relu3_3\": "
      "\"0..99999999999999999999\"}, "
      "\"grid.order\": [], \"seed\": 1, \"grid.lambda\": [0]}",
      "{\"grid.layer\": [7], \"grid.channel\": {}, \"grid.order\": [\"x\"], \"grid.lambda\": []}"};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    vs_results *results = fake_results_new(4);
    fake_results_set_attribute(results, "canonical", forms[i]);
    vs_planned *planned;
    assert_int_equal(vs_planned_new(&planned, results), VS_ERR_FORMAT);
    assert_null(planned);
    vs_results_close(results);
  }
}

/* --- commands --------------------------------------------------------------------------------- */

static void check_command(const char *sweep, const char *spec, const char *expected) {
  vs_results *results = fake_results_new(1);
  fake_results_set_attribute(results, "name", "my; sweep");
  fake_results_set_attribute(results, "sweep", sweep);
  fake_results_set_attribute(results, "canonical", "{\"grid.optimizer.lr\": [0.1]}");
  vs_reproduction *reproduction;
  assert_ok(vs_reproduce_new(&reproduction, results));
  char *command;
  assert_ok(vs_reproduce_command(reproduction, "0123456789abcdef", spec, &command));
  assert_string_equal(command, expected);
  free(command);
  vs_reproduce_free(reproduction);
  vs_results_close(results);
}

static void commands_name_what_the_file_does_not_say(void **state) {
  (void)state;
  check_command(
      "grid: {layer: [relu3_3, relu4_3], channel: all, transforms.scale: [[1, 2]]}\n",
      "{\"layer\": \"relu3_3\", \"channel\": 7, \"lambda\": 0.1, \"objective.steps\": 400,"
      " \"regularizers.tv\": 0.0001, \"transforms.scale\": [0.95, 1.05],"
      " \"weights.sha256\": \"abc\"}",
      "vggsweep run my--sweep.yaml --set grid.layer=relu3_3 --set grid.channel=7 --set "
      "grid.lambda=0.1 --set regularizers.tv=0.0001 --set "
      "'grid.transforms.scale=[[0.95,1.05]]' --out results/my--sweep-01234567");
}

/* A sweep file that is none: all is named, axes as the canonical form has them. */
static void commands_do_without_the_file(void **state) {
  (void)state;
  check_command(
      "grid: [",
      "{\"channel\": 7, \"optimizer.lr\": 0.3, \"objective.style.image\": "
      "\"it's $(x)\"}",
      "vggsweep run my--sweep.yaml --set grid.channel=7 --set grid.optimizer.lr=0.3 --set "
      "'objective.style.image=\"it'\\''s $(x)\"' --out results/my--sweep-01234567");
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
      cmocka_unit_test(data_say_what_the_results_say),
      cmocka_unit_test(columns_and_values_agree),
      cmocka_unit_test(missing_runs_are_listed),
      cmocka_unit_test(drawings_tell_their_facts),
      cmocka_unit_test(drawings_are_shown_as_plotted),
      cmocka_unit_test(the_telling_drawings_are_written),
      cmocka_unit_test(unreadable_drawings_are_left_out),
      cmocka_unit_test(a_sweep_without_runs_has_a_report),
      cmocka_unit_test(planned_runs_are_numbered_as_in_the_grid),
      cmocka_unit_test(damaged_forms_are_refused),
      cmocka_unit_test(commands_name_what_the_file_does_not_say),
      cmocka_unit_test(commands_do_without_the_file),
      cmocka_unit_test(templates_have_their_places),
      cmocka_unit_test(one_writes_at_a_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
