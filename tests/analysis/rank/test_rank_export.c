/* Rankings as CSV and JSON, letter by letter. */
#include "tests/support/unit.h"

#include <jansson.h>

#include "tests/analysis/rank/rank_fixture.h"

/* A run of hostile texts and awkward numbers, and one that failed. */
static fixture *make_awkward(void) {
  static uint8_t white[SIDE * SIDE * 3];
  memset(white, 255, sizeof white);
  vs_results *results = fake_results_new(3);
  vs_row row = fake_row("relu4_3", 7, 0.1, -1.0 / 3.0, 6244.0);
  row.seed = 18446744073709551615u;
  snprintf(row.host, sizeof row.host, "=cmd|' /C calc'!A0");
  fake_results_add(results, &row, white);
  row = fake_row("conv3_3", 0, 0.0, INFINITY, NAN);
  row.status = VS_RUN_FAILED;
  row.rho = 0.0;
  row.seed = 9007199254740993u; /* no double */
  row.rank = -1;
  snprintf(row.host, sizeof row.host, "caf\xe9");
  fake_results_add(results, &row, NULL);
  fake_results_add_axis(results, "optimizer.lr", true);
  fake_results_add_axis(results, "style.image", false);
  fake_results_set_axis(results, 0, 0, "1e-3");
  fake_results_set_axis(results, 0, 1, "my \"best\", first");
  fake_results_set_axis(results, 1, 1, "@two\nlines");
  return open_fixture(results);
}

static void csv_holds_everything(void **state) {
  (void)state;
  fixture *f = make_awkward();
  assert_printed(
      f, rank(f, "channel / 8", NULL, 0), VS_RANK_CSV,
      "place,score,id,group,index,layer,channel,lambda,rho,strength,seed,status,failure,rank,host,"
      "steps,seconds,"
      "finished,"
      "exc_first,exc_final,exc_eval,style_first,style_final,style_eval,exc_best,exc_style,exc_"
      "paper,"
      "exc_random_mean,exc_random_sd,gram_style,pre_eval,pre_paper,pre_random_mean,pre_random_sd,"
      "ink,paper,style_floor,exc_free,exc_quantized,exc_refined,exc_plotted,"
      "strokes,stroke_points,pens,drawn_mm,travel_mm,lifts,minutes,gram_tap,height,width,"
      "parametrization,param_count,optimizer.lr,style.image,exc_gain,effect,coverage,style_dist,"
      "style_gain,likeness,collapse,effect_gram,edge_density,zscore,end_slope,steps_to_95,ink_"
      "saved,merit,"
      "paper_gain,paleness,"
      "plot_gain,line_saved,kept_quantized,kept_refined,kept_plotted,verdict,reason,"
      "seeds,seeds_agreeing,gain_mean,gain_low,gain_high\r\n"
      "1,0.875,0000000000abcdef,relu4_3-7-184467,0,relu4_3,7,0.1,,,18446744073709551615,done,,0,"
      "'=cmd|' /C calc'!A0,100,2.5,1669248000,-10,-0.3333333333333333,-0.3333333333333333,"
      "6000,6244,6244,,,,,,,,,,,,,,,,,,0,0,0,,,,,,32,32,fourier,3072,0.001,\"my \"\"best\"\", "
      "first\",,,"
      "0,6244,,,,,0,,,,,,,,,,,,,unpaired,unpaired: no finished baseline to compare with,1,1,,,\r\n"
      "2,0,0000000100abcdef,conv3_3-0-900719,1,conv3_3,0,0,0,,9007199254740993,failed,,-1,"
      "caf\xe9,100,2.5,1669248000,-10,,,6000,,,,,,,,,,,,,,,,,,,,0,0,0,,,,,,32,32,fourier,3072,,"
      "\"'@two\nlines\",,,,,,,,,,,,,,,,,,,,,,failed,failed: the run could not be "
      "computed,1,1,,,\r\n");
  close_fixture((void **)&f);
}

static void json_holds_everything(void **state) {
  (void)state;
  fixture *f = make_awkward();
  vs_ranking ranking = rank(f, "channel / 8", NULL, 0);
  char *text = print(f, &ranking, VS_RANK_JSON, 0);
  json_t *array = json_loads(text, 0, NULL);
  assert_int_equal(json_array_size(array), 2);
  json_t *first = json_array_get(array, 0), *second = json_array_get(array, 1);
  assert_int_equal(json_integer_value(json_object_get(first, "place")), 1);
  assert_true(json_real_value(json_object_get(first, "score")) == 0.875);
  assert_true(json_real_value(json_object_get(first, "lambda")) == 0.1);
  assert_true(json_real_value(json_object_get(first, "exc_eval")) == -1.0 / 3.0);
  assert_true(json_is_real(json_object_get(first, "coverage")));
  assert_true(json_real_value(json_object_get(first, "coverage")) == 0.0);
  assert_true(json_real_value(json_object_get(first, "optimizer.lr")) == 1e-3);
  assert_string_equal(json_string_value(json_object_get(first, "seed")), "18446744073709551615");
  assert_string_equal(json_string_value(json_object_get(first, "host")), "=cmd|' /C calc'!A0");
  assert_string_equal(json_string_value(json_object_get(first, "style.image")),
                      "my \"best\", first");
  assert_true(json_is_null(json_object_get(first, "rho")));
  assert_true(json_is_null(json_object_get(first, "exc_gain")));
  assert_int_equal(json_integer_value(json_object_get(second, "seed")), 9007199254740993);
  assert_int_equal(json_integer_value(json_object_get(second, "rank")), -1);
  assert_string_equal(json_string_value(json_object_get(second, "status")), "failed");
  assert_string_equal(json_string_value(json_object_get(second, "verdict")), "failed");
  assert_string_equal(json_string_value(json_object_get(first, "reason")),
                      "unpaired: no finished baseline to compare with");
  assert_string_equal(json_string_value(json_object_get(second, "host")), "caf\xef\xbf\xbd");
  assert_true(json_is_null(json_object_get(second, "exc_eval"))); /* infinite */
  assert_true(json_is_null(json_object_get(second, "style_dist")));
  assert_int_equal(json_object_size(first), 83);
  assert_int_equal(json_object_size(second), 83);
  json_decref(array);
  free(text);
  vs_rank_clear(&ranking);
  assert_printed(f, rank(f, NULL, "channel > 1000", 0), VS_RANK_JSON, "[]\n");
  close_fixture((void **)&f);
}

static void json_is_written_a_run_a_line(void **state) {
  fixture *f = *state;
  vs_ranking ranking = rank(f, NULL, "channel == 12 && lambda < 100", 0);
  assert_printed(
      f, ranking, VS_RANK_JSON,
      "[\n"
      "{\"place\": 1, \"score\": 0.5, \"id\": \"0000000400abcdef\", \"group\": \"relu4_3-12-1\", "
      "\"index\": 4, \"layer\": \"relu4_3\", \"channel\": 12, \"lambda\": 50.0, \"rho\": null, "
      "\"strength\": null, "
      "\"seed\": 1, \"status\": \"done\", \"failure\": \"\", \"rank\": 0, \"host\": \"node1\", "
      "\"steps\": 100, "
      "\"seconds\": 6.0, \"finished\": 1669248000.0, \"exc_first\": -10.0, \"exc_final\": -150.0, "
      "\"exc_eval\": -150.0, "
      "\"style_first\": 6000.0, \"style_final\": 2249.0, \"style_eval\": 2249.0, \"exc_best\": "
      "null, "
      "\"exc_style\": null, \"exc_paper\": null, \"exc_random_mean\": null, \"exc_random_sd\": "
      "null, "
      "\"gram_style\": null, \"pre_eval\": null, \"pre_paper\": null, \"pre_random_mean\": null, "
      "\"pre_random_sd\": null, \"ink\": null, \"paper\": null, \"style_floor\": null, "
      "\"exc_free\": null, \"exc_quantized\": null, \"exc_refined\": null, "
      "\"exc_plotted\": null, \"strokes\": 0, \"stroke_points\": 0, \"pens\": 0, "
      "\"drawn_mm\": null, \"travel_mm\": null, \"lifts\": null, \"minutes\": null, "
      "\"gram_tap\": \"relu1_2\", \"height\": 32, "
      "\"width\": 32, \"parametrization\": \"fourier\", \"param_count\": 3072, \"exc_gain\": 0.5, "
      "\"effect\": null, "
      "\"coverage\": 0.5, \"style_dist\": 2249.0, \"style_gain\": 0.6398142216527867, "
      "\"likeness\": null, \"collapse\": 0.0, "
      "\"effect_gram\": 0.0, \"edge_density\": 0.0625, \"zscore\": null, \"end_slope\": null, "
      "\"steps_to_95\": null, \"ink_saved\": 0.0, \"merit\": 0.0, \"paper_gain\": null, "
      "\"paleness\": null, \"plot_gain\": null, \"line_saved\": null, "
      "\"kept_quantized\": null, \"kept_refined\": null, \"kept_plotted\": null, \"verdict\": "
      "\"unproven\", \"reason\": \"unproven: exc_eval -150 against -100 "
      "at lambda "
      "0, +50.0%; a win takes 3 seeds\", \"seeds\": 1, \"seeds_agreeing\": 1, \"gain_mean\": 0.5, "
      "\"gain_low\": null, "
      "\"gain_high\": null},\n"
      "{\"place\": 2, \"score\": 0.0, \"id\": \"0000000300abcdef\", \"group\": \"relu4_3-12-1\", "
      "\"index\": 3, \"layer\": \"relu4_3\", \"channel\": 12, \"lambda\": 0.0, \"rho\": null, "
      "\"strength\": null, "
      "\"seed\": 1, \"status\": \"done\", \"failure\": \"\", \"rank\": 0, \"host\": \"node1\", "
      "\"steps\": 100, "
      "\"seconds\": 7.0, \"finished\": 1669248000.0, \"exc_first\": -10.0, \"exc_final\": -100.0, "
      "\"exc_eval\": -100.0, "
      "\"style_first\": 6000.0, \"style_final\": 6244.0, \"style_eval\": 6244.0, \"exc_best\": "
      "null, "
      "\"exc_style\": null, \"exc_paper\": null, \"exc_random_mean\": null, \"exc_random_sd\": "
      "null, "
      "\"gram_style\": null, \"pre_eval\": null, \"pre_paper\": null, \"pre_random_mean\": null, "
      "\"pre_random_sd\": null, \"ink\": null, \"paper\": null, \"style_floor\": null, "
      "\"exc_free\": null, \"exc_quantized\": null, \"exc_refined\": null, "
      "\"exc_plotted\": null, \"strokes\": 0, \"stroke_points\": 0, \"pens\": 0, "
      "\"drawn_mm\": null, \"travel_mm\": null, \"lifts\": null, \"minutes\": null, "
      "\"gram_tap\": \"relu1_2\", \"height\": 32, "
      "\"width\": 32, \"parametrization\": \"fourier\", \"param_count\": 3072, \"exc_gain\": 0.0, "
      "\"effect\": null, "
      "\"coverage\": 0.5, \"style_dist\": 6244.0, \"style_gain\": 0.0, \"likeness\": null, "
      "\"collapse\": 0.0, "
      "\"effect_gram\": 0.0, \"edge_density\": 0.0625, \"zscore\": null, \"end_slope\": null, "
      "\"steps_to_95\": null, \"ink_saved\": 0.0, \"merit\": 0.0, \"paper_gain\": null, "
      "\"paleness\": null, \"plot_gain\": null, \"line_saved\": null, "
      "\"kept_quantized\": null, \"kept_refined\": null, \"kept_plotted\": null, \"verdict\": "
      "\"baseline\", \"reason\": \"baseline: exc_eval -100 at "
      "lambda 0, "
      "what the others are compared with\", \"seeds\": 1, \"seeds_agreeing\": 1, \"gain_mean\": "
      "0.0, "
      "\"gain_low\": null, \"gain_high\": null}\n"
      "]\n");
}

static void a_full_disk_is_an_error(void **state) {
  fixture *f = *state;
  static const vs_rank_format formats[] = {VS_RANK_TABLE, VS_RANK_CSV, VS_RANK_JSON};
  for (size_t i = 0; i < 3; i++) {
    vs_ranking ranking = rank(f, NULL, NULL, 0);
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    assert_int_equal(vs_rank_print(&ranking, f->verdicts, formats[i], 0, full), VS_ERR_IO);
    assert_string_equal(vs_status_message(),
                        "the ranking cannot be written: No space left on device");
    fclose(full);
    vs_rank_clear(&ranking);
  }
}

static void a_picture_that_cannot_be_read_is_an_unknown_figure(void **state) {
  (void)state;
  vs_results *results = fake_results_new(1);
  vs_row row = fake_row("relu4_3", 7, 0.0, -1.0, 6244.0);
  fake_results_add(results, &row, NULL);
  fixture *f = open_fixture(results);
  vs_ranking ranking = rank(f, "coverage", NULL, 0);
  assert_int_equal(ranking.count, 1);
  assert_true(isnan(ranking.score[0]));
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_ok(vs_rank_print(&ranking, f->verdicts, VS_RANK_JSON, 0, out));
  fclose(out);
  assert_non_null(strstr(text, "\"coverage\": null"));
  free(text);
  vs_rank_clear(&ranking);
  close_fixture((void **)&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(csv_holds_everything),
      cmocka_unit_test(json_holds_everything),
      cmocka_unit_test_setup_teardown(json_is_written_a_run_a_line, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(a_full_disk_is_an_error, set_up, close_fixture),
      cmocka_unit_test(a_picture_that_cannot_be_read_is_an_unknown_figure),
  };
  return cmocka_run_group_tests_name("rank_export", tests, NULL, NULL);
}
