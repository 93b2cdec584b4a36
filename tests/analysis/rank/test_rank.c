/* Rankings and their tables: small ones, letter by letter. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/figure_text.h"
#include "tests/analysis/rank/rank_fixture.h"

/* --- order ------------------------------------------------------------------------------------ */

static void order_is_by_merit_then_grid(void **state) {
  fixture *f = *state;
  assert_order(f, NULL, NULL, 0, "4 0 3 1 5 2 6 7"); /* 0 and 3 tie; NaN last, in grid order */
  assert_order(f, "exc_gain", NULL, 3, "4 0 3");
  assert_order(f, "exc_gain", NULL, 100, "4 0 3 1 5 2 6 7");
  assert_order(f, "coverage", NULL, 0, "1 5 6 0 3 4 2 7"); /* lower is better */
  assert_order(f, "(style_dist)", NULL, 3, "6 5 4");
  assert_order(f, "seconds", NULL, 2, "7 6"); /* a column's direction */
  assert_order(f, "channel", NULL, 2, "7 6"); /* none: from high to low */
  assert_order(f, "-channel", NULL, 4, "0 1 2 3");
  assert_order(f, "-coverage", NULL, 2, "1 5"); /* no bare metric any more */
  assert_order(f, "1 - coverage", NULL, 2, "1 5");
  assert_order(f, "exc_gain + 0.5*(1-coverage)", NULL, 0, "4 0 3 1 5 2 6 7");
  assert_order(f, "lambda == 50", NULL, 4, "1 4 6 0"); /* truths first */
}

static void ascending_turns_round(void **state) {
  fixture *f = *state;
  assert_ranked(rank_with(f, (vs_ranking_options){.by = "2*style_dist", .ascending = true}),
                "6 5 4 1 3 0 2 7");
  assert_ranked(rank_with(f, (vs_ranking_options){.by = "style_dist", .ascending = true}),
                "6 5 4 1 3 0 2 7"); /* smallest first by itself */
  assert_ranked(rank_with(f, (vs_ranking_options){.ascending = true}), "5 1 4 2 6 7");
}

static void baselines_do_not_compare_with_themselves(void **state) {
  fixture *f = *state;
  static const struct {
    const char *by, *where, *order;
    size_t left_out;
  } cases[] = {
      {NULL, NULL, "4 1 5 2 6 7", 2}, /* 7 failed, and is nobody's baseline */
      {"effect", NULL, "1 5 4 2 6 7", 2},
      {"style_gain", "channel == 7", "1 2", 1},
      {"coverage + 2*style_gain", NULL, "4 5 1 2 6 7", 2},
      {"coverage", NULL, "1 5 6 0 3 4 2 7", 0},
      {"exc_eval", NULL, "0 1 4 3 5 6 2 7", 0},
      {NULL, "lambda <= 50 && channel < 10", "0 1", 0}, /* chosen by lambda */
      {NULL, "lambda == 0", "0 3 7", 0},
      {NULL, "rho != 1 && channel == 12", "4 3 5", 0},
      {NULL, "exc_eval == -100", "3", 0}, /* nothing else is there */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_ranking_options options = {.by = cases[i].by, .where = cases[i].where};
    vs_ranking ranking = rank_with(f, options);
    assert_int_equal(ranking.baselines_left_out, cases[i].left_out);
    assert_int_equal(ranking.considered, ranking.count);
    assert_ranked(ranking, cases[i].order);
  }
}

static void where_chooses(void **state) {
  fixture *f = *state;
  assert_order(f, NULL, "layer == \"relu4_3\" && exc_gain > 0", 0, "4");
  assert_order(f, NULL, "exc_gain <= 0", 0, "0 3 1 5"); /* NaN is not chosen */
  assert_order(f, NULL, "status == 'failed' || status == 'diverged'", 0, "2 7");
  assert_order(f, NULL, "lambda > 1000", 0, "");
  vs_ranking ranking = rank(f, NULL, "lambda == 50", 2);
  assert_int_equal(ranking.count, 2);
  assert_int_equal(ranking.considered, 3);
  assert_string_equal(ranking.by, "exc_gain");
  assert_true(ranking.score[0] == 0.5);
  vs_rank_clear(&ranking);
  vs_rank_clear(&ranking);
}

static void a_verdict_chooses(void **state) {
  fixture *f = *state;
  assert_ranked(rank_with(f, (vs_ranking_options){.verdict = "sparse"}), "1 5");
  assert_ranked(rank_with(f, (vs_ranking_options){.verdict = "baseline"}), "0 3");
  assert_ranked(rank_with(f, (vs_ranking_options){.verdict = "sparse", .where = "channel == 7"}),
                "1");
  assert_ranked(rank_with(f, (vs_ranking_options){.where = "verdict != 'sparse'"}), "4 2 6 7");
  vs_ranking ranking;
  assert_int_equal(vs_rank(&ranking, f->verdicts, &(vs_ranking_options){.verdict = "wins"}),
                   VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "--verdict: no verdict is \"wins\" (did you mean \"win\"?)");
  assert_int_equal(vs_rank(&ranking, f->verdicts, &(vs_ranking_options){.verdict = "good"}),
                   VS_ERR_USAGE);
  assert_string_equal(
      vs_status_message(),
      "--verdict: no verdict is \"good\"; there are win, unproven, rescued, sparse, tradeoff, "
      "no-effect, collapse, dead, diverged, failed, baseline, unpaired");
}

/* Sketches 1 and 1.7 are 0.41 apart; rows 2 and 7 cannot be compared. */
static void diverse_keeps_the_first_of_a_kind(void **state) {
  fixture *f = *state;
  vs_ranking ranking =
      rank_with(f, (vs_ranking_options){.diverse = true, .baselines = true}); /* 4 0 3 1 5 2 6 7 */
  assert_int_equal(ranking.duplicates_left_out, 4);
  assert_int_equal(ranking.considered, 8);
  assert_ranked(ranking, "4 1 2 7");
  ranking = rank_with(f, (vs_ranking_options){.diverse = true, .baselines = true, .top = 2});
  assert_int_equal(ranking.duplicates_left_out, 2); /* nobody looks behind the last one */
  assert_ranked(ranking, "4 1");
}

static void pictures_are_read_when_asked_for(void **state) {
  fixture *f = *state;
  static const struct {
    vs_ranking_options options;
    bool reads;
  } cases[] = {{{0}, false},
               {{.by = "coverage + collapse"}, false},
               {{.by = "effect"}, true},
               {{.where = "effect > 0"}, true},
               {{.pictures = true}, true}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int before = fake_results_pictures_read(f->results);
    vs_ranking ranking = rank_with(f, cases[i].options);
    assert_int_equal(ranking.reads_pictures, cases[i].reads);
    for (int format = VS_RANK_TABLE; format <= VS_RANK_JSON; format++)
      free(print(f, &ranking, (vs_rank_format)format, 0));
    if (!cases[i].reads) assert_int_equal(fake_results_pictures_read(f->results), before);
    if (cases[i].options.pictures) {
      char *text = print(f, &ranking, VS_RANK_TABLE, 0);
      assert_non_null(strstr(text, "effect_gram  effect  coverage"));
      free(text);
    }
    vs_rank_clear(&ranking);
  }
}

static void bad_expressions_are_refused(void **state) {
  fixture *f = *state;
  static const struct {
    const char *by, *where, *message;
  } cases[] = {
      {"exc_gian", NULL, "--by: column 1: unknown name \"exc_gian\" (did you mean \"exc_gain\"?)"},
      {NULL, "lambda >",
       "--where: column 9: expected a name, a number, a text in quotes or \"(\", "
       "but the text ends here"},
      {NULL, "exc_gain", "--where: this is a number, not a condition; compare it: exc_gain > 0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_ranking ranking;
    vs_ranking_options options = {.by = cases[i].by, .where = cases[i].where};
    assert_int_equal(vs_rank(&ranking, f->verdicts, &options), VS_ERR_USAGE);
    assert_string_equal(vs_status_message(), cases[i].message);
    assert_null(ranking.rows);
    assert_null(ranking.score);
  }
}

/* --- table ------------------------------------------------------------------------------------ */

/* Expected texts stand as they are printed. */
// clang-format off
static void the_table_is_for_people(void **state) {
  fixture *f = *state;
  assert_printed(
      f, rank(f, NULL, NULL, 0), VS_RANK_TABLE,
      "place  run       layer    channel  lambda  exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "    1  00000004  relu4_3       12      50      -150     50.0%        2249        0.000     50.0%  unproven\n"
      "    2  00000000  relu3_3        7       0   -729000      0.0%       19260        0.000     50.0%  baseline\n"
      "    3  00000003  relu4_3       12       0      -100      0.0%        6244        0.000     50.0%  baseline\n"
      "    4  00000001  relu3_3        7      50   -543000    -25.5%        5766        0.700      0.0%  sparse\n"
      "    5  00000005  relu4_3       12     500       -50    -50.0%        1612        0.700      0.0%  sparse\n"
      "    6  00000002  relu3_3        7     500         -         -           -            -         -  diverged\n"
      "    7  00000006  relu4_3      128      50      -0.5         -         900            -      0.0%  unpaired\n"
      "    8  00000007  relu4_3      129       0         -         -           -            -         -  failed\n"
      "8 of 8 runs, by exc_gain, largest first; of 12 planned 1 failed, 1 diverged, 4 missing\n");
}

static void the_caption_counts(void **state) {
  fixture *f = *state;
  assert_printed(
      f, rank(f, "exc_gain * 2", "lambda == 50", 1), VS_RANK_TABLE,
      "place  run       layer    channel  lambda  score  exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "    1  00000004  relu4_3       12      50      1      -150     50.0%        2249        0.000     50.0%  unproven\n"
      "1 of 3 runs that meet the condition, by exc_gain * 2, largest first; of 12 planned 1 failed, 1 diverged, 4 missing\n");
  assert_printed(
      f, rank(f, NULL, "lambda > 1000", 0), VS_RANK_TABLE,
      "place  run  layer  channel  lambda  exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "0 of 0 runs that meet the condition, by exc_gain, largest first; of 12 planned 1 failed, 1 diverged, 4 missing\n");
}

// clang-format on

// clang-format off
static void baselines_are_left_out_of_the_table(void **state) {
  fixture *f = *state;
  assert_table(
      f, (vs_ranking_options){0}, 0,
      "place  run       layer    channel  lambda  exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "    1  00000004  relu4_3       12      50      -150     50.0%        2249        0.000     50.0%  unproven\n"
      "    2  00000001  relu3_3        7      50   -543000    -25.5%        5766        0.700      0.0%  sparse\n"
      "    3  00000005  relu4_3       12     500       -50    -50.0%        1612        0.700      0.0%  sparse\n"
      "    4  00000002  relu3_3        7     500         -         -           -            -         -  diverged\n"
      "    5  00000006  relu4_3      128      50      -0.5         -         900            -      0.0%  unpaired\n"
      "    6  00000007  relu4_3      129       0         -         -           -            -         -  failed\n"
      "6 of 6 runs, by exc_gain, largest first; of 12 planned 1 failed, 1 diverged, 4 missing\n"
      "2 baselines (lambda 0) left out: --baselines lists them\n");
  assert_table(
      f, (vs_ranking_options){.where = "channel == 7", .top = 1}, 0,
      "place  run       layer    channel  lambda  exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "    1  00000001  relu3_3        7      50   -543000    -25.5%        5766        0.700      0.0%  sparse\n"
      "1 of 2 runs that meet the condition, by exc_gain, largest first; of 12 planned 1 failed, 1 diverged, 4 missing\n"
      "1 baseline (lambda 0) left out: --baselines lists it\n");
}

/* Nobody asked for an order: ink saved, times the excitation that is left. A run in which nothing
 * happened and one that lost all stand below one that gave a little. */
static void runs_of_merit_come_first(void **state) {
  (void)state;
  static const struct {
    double lambda, exc, coverage;
  } runs[] = {{0.0, -100.0, 0.9}, {1.0, -99.0, 0.9},   /* nothing */
              {2.0, -80.0, 0.45}, {3.0, -5.0, 0.2},    /* a tradeoff; all is lost */
              {4.0, -110.0, 0.9}, {5.0, -60.0, 0.95}}; /* more excited; worse in both */
  vs_results *results = fake_results_new(6);
  for (size_t i = 0; i < 6; i++) {
    vs_row row = fake_row("relu4_3", 7, runs[i].lambda, runs[i].exc, 6244.0);
    row.coverage = runs[i].coverage;
    row.edge_density = runs[i].coverage / 2.0;
    fake_results_add(results, &row, NULL);
  }
  void *opened = open_fixture(results);
  fixture *f = opened;
  vs_ranking ranking;
  assert_ok(vs_rank(&ranking, f->verdicts, &(vs_ranking_options){0}));
  assert_string_equal(ranking.by, "merit");
  assert_close(ranking.score[0], 0.5 * 0.8, 1e-12);
  char *text = print(f, &ranking, VS_RANK_TABLE, 0);
  assert_non_null(strstr(text, "merit"));
  assert_non_null(strstr(text, "ink_saved"));
  free(text);
  assert_ranked(ranking, "2 3 1 4 5");
  close_fixture(&opened);
}

static void without_baselines_the_most_excited_come_first(void **state) {
  (void)state;
  vs_results *results = fake_results_new(3);
  for (int i = 0; i < 3; i++) {
    vs_row row = fake_row("relu4_3", i, 0.0, -100.0, 6244.0);
    row.pre_eval = i == 1 ? -50.0 : -10.0 * i;
    row.pre_paper = row.pre_random_mean = 0.0;
    row.pre_random_sd = 2.0;
    fake_results_add(results, &row, NULL);
  }
  void *opened = open_fixture(results);
  fixture *f = opened;
  vs_ranking ranking;
  assert_ok(vs_rank(&ranking, f->verdicts, &(vs_ranking_options){0}));
  assert_string_equal(ranking.by, "zscore");
  assert_true(ranking.score[0] == 25.0);
  assert_ranked(ranking, "1 2 0");
  close_fixture(&opened);
}

static void figures_are_short(void **state) {
  (void)state;
  static const struct {
    double value;
    const char *text;
  } cases[] = {{-0.0, "0"}, {0.0, "0"}, {NAN, "-"}, {-1234.56, "-1235"}, {0.0123456, "0.01235"},
               {1e30, "1e+30"}, {-9999999.0, "-9999999"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[VS_FIGURE_TEXT];
    vs_figure_text(cases[i].value, text);
    assert_string_equal(text, cases[i].text);
  }
}

static void what_is_shown_as_zero_has_no_sign(void **state) {
  (void)state;
  assert_string_equal(vs_figure_text_as("%16.6f", -0.0).text, "        0.000000");
  assert_string_equal(vs_figure_text_as("%+.1f%%", -0.04).text, "0.0%");
  assert_string_equal(vs_figure_text_as("%+.1f%%", 0.04).text, "0.0%");
  assert_string_equal(vs_figure_text_as("%+.1f%%", -0.06).text, "-0.1%");
  assert_string_equal(vs_figure_text_as("%.3g", -1e-20).text, "-1e-20");
  assert_string_equal(vs_figure_text_as("%+.0e", -0.0).text, "0e+00");
  assert_string_equal(vs_figure_text_as("%f", (double)-INFINITY).text, "-inf");
}

/* -0 in a column and a share that rounds to it: in tables, CSV and JSON alike. */
static void minus_zero_is_in_no_listing(void **state) {
  (void)state;
  vs_results *results = fake_results_new(2);
  for (int i = 0; i < 2; i++) {
    vs_row row = fake_row("relu4_3", 7, i == 0 ? 0.0 : 50.0, i == 0 ? -100000.0 : -99999.0, 6244.0);
    row.exc_first = -0.0;
    row.exc_paper = -0.0;
    fake_results_add(results, &row, NULL);
  }
  void *state_of = open_fixture(results);
  fixture *f = state_of;
  static const vs_rank_format formats[] = {VS_RANK_TABLE, VS_RANK_CSV, VS_RANK_JSON};
  for (size_t i = 0; i < 3; i++) {
    vs_ranking ranking = rank_with(f, (vs_ranking_options){.baselines = true});
    char *text = print(f, &ranking, formats[i], 0);
    vs_rank_clear(&ranking);
    for (const char *at = text; (at = strstr(at, "-0")) != NULL; at += 2)
      if (strspn(at + 1, "0.") == strspn(at + 1, "0123456789.e-")) fail_msg("%s", text);
    free(text);
  }
  close_fixture(&state_of);
}

/* Two diverged runs that differ in seed, and in axes of these names; balanced by rho. */
static fixture *make_varied(const uint64_t seeds[2], size_t axes, const char *const *names,
                            const char *const texts[2]) {
  vs_results *results = fake_results_new(2);
  for (int i = 0; i < 2; i++) {
    vs_row row = fake_row("relu4_3", 7, 12.5, -100.0 - i, 6244.0);
    row.rho = 0.25;
    row.seed = seeds[i];
    row.status = VS_RUN_DIVERGED;
    fake_results_add(results, &row, NULL);
  }
  fake_results_add_axis(results, "optimizer.lr", true); /* the same in both */
  for (size_t i = 0; i < 2; i++) fake_results_set_axis(results, i, 0, "0.05");
  for (size_t a = 0; a < axes; a++) {
    fake_results_add_axis(results, names[a], false);
    for (size_t i = 0; i < 2; i++) fake_results_set_axis(results, i, a + 1, texts[i]);
  }
  return open_fixture(results);
}

static void what_varies_is_shown(void **state) {
  (void)state;
  static const uint64_t seeds[2] = {3, 12};
  static const char *const names[] = {"style.norm"}, *const texts[2] = {"mse", "gatys"};
  fixture *f = make_varied(seeds, 1, names, texts);
  assert_table(
      f, (vs_ranking_options){.by = "exc_eval"}, 0,
      "place  run       layer    channel   rho  lambda  seed  norm   exc_eval  exc_gain  style_dist  effect_gram  coverage  verdict\n"
      "    1  00000001  relu4_3        7  0.25    12.5    12  gatys      -101         -           -            -         -  diverged\n"
      "    2  00000000  relu4_3        7  0.25    12.5     3  mse        -100         -           -            -         -  diverged\n"
      "all: lr 0.05\n"
      "2 of 2 runs, by exc_eval, smallest first; of 2 planned 0 failed, 2 diverged, 0 missing\n"
      "no baseline: rho 0 is not among these runs, so exc_gain and effect are not known\n");
  close_fixture((void **)&f);
}

static const char no_baseline[] =
    "2 of 2 runs, by lambda, largest first; of 2 planned 0 failed, 2 diverged, 0 missing\n"
    "no baseline: rho 0 is not among these runs, so exc_gain and effect are not known\n";

static void assert_begins(fixture *f, vs_ranking_options options, size_t width,
                          const char *expected) {
  char whole[2048];
  snprintf(whole, sizeof whole, "%s%s", expected, no_baseline);
  assert_table(f, options, width, whole);
}

/* What is the same goes before what tells the rows apart; and the terminal gets no escapes from a
 * file. */
static void what_has_no_room_is_named(void **state) {
  (void)state;
  static const uint64_t seeds[2] = {3, 18446744073709551615u};
  static const char *const names[] = {"style.b", "style.image"};
  static const char *const texts[2] = {"\x1b[1m", "pictures/of/mine/wave.png"};
  fixture *f = make_varied(seeds, 1, names, texts);
  vs_ranking_options options = {.by = "lambda"};
  assert_begins(f, options, 119,
      "place  run       layer    channel   rho  lambda                  seed  b                          exc_eval  exc_gain\n"
      "    1  00000000  relu4_3        7  0.25    12.5                     3  ?[1m                           -100         -\n"
      "    2  00000001  relu4_3        7  0.25    12.5  18446744073709551615  pictures/of/mine/wave.png      -101         -\n"
      "all: lr 0.05, style_dist -, effect_gram -, coverage -, verdict diverged\n");
  assert_begins(f, options, 82,
      "place  run       lambda                  seed  b                          exc_eval\n"
      "    1  00000000    12.5                     3  ?[1m                           -100\n"
      "    2  00000001    12.5  18446744073709551615  pictures/of/mine/wave.png      -101\n"
      "all: layer relu4_3, channel 7, rho 0.25, lr 0.05, exc_gain -, style_dist -, effect_gram -, coverage -, verdict diverged\n");
  assert_begins(f, options, 81,
      "place  run       lambda                  seed  b                        exc_eval\n"
      "    1  00000000    12.5                     3  ?[1m                         -100\n"
      "    2  00000001    12.5  18446744073709551615  pictures/of/mine/wav...      -101\n"
      "all: layer relu4_3, channel 7, rho 0.25, lr 0.05, exc_gain -, style_dist -, effect_gram -, coverage -, verdict diverged\n");
  assert_begins(f, options, 78,
      "place  run       lambda                  seed  b\n"
      "    1  00000000    12.5                     3  ?[1m\n"
      "    2  00000001    12.5  18446744073709551615  pictures/of/mine/wav...\n"
      "all: layer relu4_3, channel 7, rho 0.25, lr 0.05, exc_gain -, style_dist -, effect_gram -, coverage -, verdict diverged\n"
      "no room for exc_eval: a wider window or --format csv shows it\n");
  assert_begins(f, options, 1,
      "place  run       lambda\n"
      "    1  00000000    12.5\n"
      "    2  00000001    12.5\n"
      "all: layer relu4_3, channel 7, rho 0.25, lr 0.05, exc_gain -, style_dist -, effect_gram -, coverage -, verdict diverged\n"
      "no room for seed, b, exc_eval: a wider window or --format csv shows them\n");
  close_fixture((void **)&f);
}

/* The beginning that all have is cut, from the last separator on; what is left keeps its
 * difference, however late it comes. */
static void cut_texts_stay_different(void **state) {
  (void)state;
  static const uint64_t seeds[2] = {3, 3};
  static const char *const names[] = {"style.image"};
  static const struct {
    const char *texts[2], *shown[2];
  } cases[] = {
      {{"pictures/of/mine/wave.png", "pictures/of/mine/wide.png"}, {"...wave.png", "...wide.png"}},
      {{"[relu1_1, relu2_1, relu3_1]", "[relu1_1, relu2_1, relu4_1]"}, {"...relu3_1]", "...relu4_1]"}},
      {{"abcdefghijklmnopqrstuvwxyz1234567", "abcdefghijklmnopqrstuvwxyz7654321"},
       {"abcdefghijklmnopqrstuvwxyz1...", "abcdefghijklmnopqrstuvwxyz7..."}},
      {{"one/abcdefghijklmnopqrstuvwxyz", "two/abcdefghijklmnopqrstuvwxyz"},
       {"one/abcdefghijklmnop...", "two/abcdefghijklmnop..."}},
      {{"a/short.png", "a/shorter-by-no-means.png"}, {"a/short.png", "a/shorter-by-no-mean..."}},
      {{"folder", "folder/and/a/long/way/down.png"}, {"folder", "folder/and/a/long/wa..."}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    fixture *f = make_varied(seeds, 1, names, cases[i].texts);
    static const char before[] = "    1  00000000    12.5  ";
    size_t first = strlen(cases[i].shown[0]), second = strlen(cases[i].shown[1]);
    vs_ranking ranking = rank(f, "lambda", NULL, 0);
    char *text = print(f, &ranking, VS_RANK_TABLE,
                       strlen(before) + (first > second ? first : second));
    const char *row = text;
    for (size_t r = 0; r < 2; r++) {
      row = strchr(row, '\n') + 1;
      const char *cell = row + strlen(before), *end = strchr(row, '\n');
      assert_int_equal(end - cell, strlen(cases[i].shown[r]));
      assert_memory_equal(cell, cases[i].shown[r], strlen(cases[i].shown[r]));
    }
    free(text);
    vs_rank_clear(&ranking);
    close_fixture((void **)&f);
  }
}

// clang-format on

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(order_is_by_merit_then_grid, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(ascending_turns_round, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(baselines_do_not_compare_with_themselves, set_up,
                                      close_fixture),
      cmocka_unit_test_setup_teardown(where_chooses, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(a_verdict_chooses, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(diverse_keeps_the_first_of_a_kind, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(pictures_are_read_when_asked_for, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(bad_expressions_are_refused, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(the_table_is_for_people, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(the_caption_counts, set_up, close_fixture),
      cmocka_unit_test_setup_teardown(baselines_are_left_out_of_the_table, set_up, close_fixture),
      cmocka_unit_test(runs_of_merit_come_first),
      cmocka_unit_test(without_baselines_the_most_excited_come_first),
      cmocka_unit_test(figures_are_short),
      cmocka_unit_test(what_is_shown_as_zero_has_no_sign),
      cmocka_unit_test(minus_zero_is_in_no_listing),
      cmocka_unit_test(what_varies_is_shown),
      cmocka_unit_test(what_has_no_room_is_named),
      cmocka_unit_test(cut_texts_stay_different),
  };
  return cmocka_run_group_tests_name("rank", tests, NULL, NULL);
}
