/* rank_fixture.h - made-up results for the tests of rankings, and what is looked at of a ranking.
 */
#ifndef VS_TESTS_ANALYSIS_RANK_RANK_FIXTURE_H
#define VS_TESTS_ANALYSIS_RANK_RANK_FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rank/rank.h"
#include "tests/analysis/fake_results.h"

#define SIDE 32

typedef struct fixture {
  vs_results *results;
  vs_metrics *metrics;
  vs_verdicts *verdicts;
} fixture;

static inline void *open_fixture(vs_results *results) {
  fixture *f = malloc(sizeof *f);
  assert_non_null(f);
  f->results = results;
  assert_ok(vs_metrics_new(&f->metrics, results));
  assert_ok(vs_verdicts_new(&f->verdicts, f->metrics, NULL));
  return f;
}

static inline int close_fixture(void **state) {
  fixture *f = *state;
  vs_verdicts_free(f->verdicts);
  vs_metrics_free(f->metrics);
  vs_results_close(f->results);
  free(f);
  return 0;
}

/* Eight stored runs of twelve: two channels, a diverged and a failed run, a lonely one. */
static inline int set_up(void **state) {
  static uint8_t white[SIDE * SIDE * 3], half[SIDE * SIDE * 3];
  memset(white, 255, sizeof white);
  memset(half, 255, sizeof half);
  memset(half, 0, sizeof half / 2);
  static const struct {
    const char *layer;
    int channel;
    double lambda, exc, style;
    vs_outcome status;
    const uint8_t *picture;
    float sketch;
  } runs[] = {
      {"relu3_3", 7, 0.0, -729000.25, 19260.0, VS_RUN_DONE, half, 1.0f},
      {"relu3_3", 7, 50.0, -543000.0, 5766.0, VS_RUN_DONE, white, 1.7f},
      {"relu3_3", 7, 500.0, NAN, NAN, VS_RUN_DIVERGED, white, NAN},
      {"relu4_3", 12, 0.0, -100.0, 6244.0, VS_RUN_DONE, half, 1.0f},
      {"relu4_3", 12, 50.0, -150.0, 2249.0, VS_RUN_DONE, half, 1.0f},
      {"relu4_3", 12, 500.0, -50.0, 1611.5, VS_RUN_DONE, white, 1.7f},
      {"relu4_3", 128, 50.0, -0.5, 900.0, VS_RUN_DONE, white, 1.0f},
      {"relu4_3", 129, 0.0, NAN, NAN, VS_RUN_FAILED, NULL, NAN},
  };
  vs_results *results = fake_results_new(12);
  for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
    vs_row row =
        fake_row(runs[i].layer, runs[i].channel, runs[i].lambda, runs[i].exc, runs[i].style);
    row.status = runs[i].status;
    row.seconds = 10.0 - (double)i;
    fake_results_add(results, &row, runs[i].picture);
    fake_results_set_sketch(results, i, runs[i].sketch);
  }
  *state = open_fixture(results);
  return 0;
}

/* By exc_gain unless the options say otherwise. */
static inline vs_ranking rank_with(fixture *f, vs_ranking_options options) {
  vs_ranking ranking;
  if (options.by == NULL) options.by = "exc_gain";
  assert_ok(vs_rank(&ranking, f->verdicts, &options));
  return ranking;
}

/* Baselines included, as in the formats for programs. */
static inline vs_ranking rank(fixture *f, const char *by, const char *where, size_t top) {
  return rank_with(f,
                   (vs_ranking_options){.by = by, .where = where, .top = top, .baselines = true});
}

static inline void assert_ranked(vs_ranking ranking, const char *expected) {
  char order[128] = "";
  for (size_t i = 0; i < ranking.count; i++)
    sprintf(order + strlen(order), "%s%zu", i == 0 ? "" : " ", ranking.rows[i]);
  assert_string_equal(order, expected);
  vs_rank_clear(&ranking);
}

static inline void assert_order(fixture *f, const char *by, const char *where, size_t top,
                                const char *expected) {
  assert_ranked(rank(f, by, where, top), expected);
}

static inline char *print(fixture *f, const vs_ranking *ranking, vs_rank_format format,
                          size_t width) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  assert_ok(vs_rank_print(ranking, f->verdicts, format, width, out));
  fclose(out);
  return text;
}

static inline void assert_printed(fixture *f, vs_ranking ranking, vs_rank_format format,
                                  const char *expected) {
  char *text = print(f, &ranking, format, 0);
  assert_string_equal(text, expected);
  free(text);
  vs_rank_clear(&ranking);
}

static inline void assert_table(fixture *f, vs_ranking_options options, size_t width,
                                const char *expected) {
  vs_ranking ranking = rank_with(f, options);
  char *text = print(f, &ranking, VS_RANK_TABLE, width);
  assert_string_equal(text, expected);
  free(text);
  vs_rank_clear(&ranking);
}

#endif
