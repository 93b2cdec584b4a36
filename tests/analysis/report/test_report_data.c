/* What a report's page knows of the runs, read back as JSON: figures, verdicts, what is missing;
 * and the drawings that are written beside it. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "analysis/report/drawing_facts.h"
#include "analysis/report/report_data.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "tests/analysis/report/report_fixture.h"

#define FIGURE_TOLERANCE 1e-8 /* relative: the data have 9 digits */

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
  const vs_rank_channels channels = {.excited = {2, 0}, .excited_count = 2};
  vs_report_parts parts = {.results = results, .channels = &channels, .live = live};
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
    assert_string_equal(text_at(data, "status", row), vs_run_outcome_words[run->status]);
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
      "\"strokes\":10,\"is_paper\":false},{\"name\":\"red\",\"color\":\"#cc1a1a\",\"width_mm\":0.8,"
      "\"strokes\":0,\"is_paper\":false}],"
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
                                        "{\"layer\": \"relu3_3\", \"channel\": 1, "
                                        "\"plot.page\": \"A6\", \"plot.margin\": 10}"));
  assert_int_equal(plotted->stroke_count, 10);
  assert_close((double)plotted->strokes[3].width, 0.4 / scale, 1e-6);
  assert_true(plotted->strokes[3].opacity == 1.0f && plotted->strokes[3].color[0] == 0.1f);
  vs_drawing_free(plotted);
  static const char *const strange[] = {
      "", "{}", "{\"plot.page\": \"A6\"}",
      "{\"layer\": \"relu3_3\", \"channel\": 1, \"plot.page\": \"A66\"}"};
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_say_what_the_results_say),
      cmocka_unit_test(columns_and_values_agree),
      cmocka_unit_test(drawings_tell_their_facts),
      cmocka_unit_test(drawings_are_shown_as_plotted),
      cmocka_unit_test(the_telling_drawings_are_written),
      cmocka_unit_test(unreadable_drawings_are_left_out),
      cmocka_unit_test(missing_runs_are_listed),
      cmocka_unit_test(a_sweep_without_runs_has_a_report),
  };
  return cmocka_run_group_tests_name("report_data", tests, NULL, NULL);
}
