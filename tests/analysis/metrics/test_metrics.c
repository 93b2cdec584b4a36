/* Figures of runs against their baselines: planted numbers, SSIM against numpy's, ink by eye. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/metrics/columns.h"
#include "analysis/metrics/metrics.h"
#include "analysis/metrics/ssim.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/image/edges.h"
#include "core/image/ink.h"
#include "tests/analysis/fake_results.h"

/* Both sides compute in double; variances as differences of means of squares (ours) lose about 4
 * digits against means of squared differences (numpy's), where a window is flat. */
#define SSIM_TOLERANCE 1e-10

#define SIDE 32

typedef struct pictures {
  uint8_t white[SIDE * SIDE * 3], half[SIDE * SIDE * 3], waves[SIDE * SIDE * 3];
} pictures;

static double figure(vs_metrics *metrics, const char *name, size_t row) {
  const vs_metric *metric = vs_metric_find(name);
  assert_non_null(metric);
  double value = -12345.0;
  assert_ok(vs_metrics_get(metrics, metric, row, &value));
  return value;
}

/* --- SSIM and ink ----------------------------------------------------------------------------- */

/* The formulas of tests/golden/make_ssim.py. */
static uint8_t made_up(const char *name, int y, int x, int c) {
  int value = 255;
  if (strcmp(name, "waves") == 0) value = x * 7 + y * 13 + c * 29 + (x * y) % 31 * 3;
  if (strcmp(name, "shifted") == 0) value = x * 7 + y * 13 + c * 29 + (x * y) % 31 * 3 + 20;
  if (strcmp(name, "noisy") == 0) value = x * x * 5 + y * y * 3 + x * y * 11 + c * 101;
  if (strcmp(name, "flat") == 0) value = 90 + c * 20;
  return (uint8_t)(value % 256);
}

static void fill(uint8_t *rgb, const char *name, int height, int width) {
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int c = 0; c < 3; c++) *rgb++ = made_up(name, y, x, c);
}

static void ssim_agrees_with_numpy(void **state) {
  (void)state;
  enum { MOST = 64 * 64 * 3 };
  static uint8_t a[MOST], b[MOST];
  FILE *golden = fopen(TEST_GOLDEN_DIR "/ssim.txt", "r");
  assert_non_null(golden);
  int height, width, cases = 0;
  char left[16], right[16];
  double expected;
  while (fscanf(golden, "%d %d %15s %15s %lf", &height, &width, left, right, &expected) == 5) {
    assert_true(height * width * 3 <= MOST);
    fill(a, left, height, width);
    fill(b, right, height, width);
    double value;
    assert_ok(vs_ssim(a, b, height, width, &value));
    assert_close(value, expected, SSIM_TOLERANCE);
    assert_ok(vs_ssim(b, a, height, width, &value));
    assert_close(value, expected, SSIM_TOLERANCE);
    cases++;
  }
  fclose(golden);
  assert_int_equal(cases, 20);
}

static double ink_of(uint8_t r, uint8_t g, uint8_t b) {
  const uint8_t rgb[3] = {r, g, b};
  return vs_ink_share(rgb, 1, 1);
}

static void ink_is_what_is_not_paper(void **state) {
  (void)state;
  assert_true(ink_of(255, 255, 255) == 0.0);
  assert_true(ink_of(232, 224, 240) == 0.0); /* pale lavender, the ground of optimized images */
  assert_true(ink_of(245, 240, 225) == 0.0); /* cream */
  assert_true(ink_of(0, 0, 0) == 1.0);
  assert_true(ink_of(128, 128, 128) == 1.0);
  assert_true(ink_of(255, 220, 0) == 1.0); /* as light as the lavender, but yellow */
  assert_true(ink_of(255, 0, 0) == 1.0);
  /* L* 70 is Y = (86/116)^3 = .4075, encoded 1.055 Y^(1/2.4) - .055 = .6708, that is 171.06/255. */
  assert_true(ink_of(171, 171, 171) == 1.0);
  assert_true(ink_of(172, 172, 172) == 0.0);
  uint8_t mixed[4 * 3];
  memset(mixed, 255, sizeof mixed);
  memset(mixed + 3, 0, 3);
  assert_true(vs_ink_share(mixed, 2, 2) == 0.25);
}

/* --- groups and their figures ----------------------------------------------------------------- */

static void *make_pictures(void) {
  static pictures p;
  memset(p.white, 255, sizeof p.white);
  memset(p.half, 255, sizeof p.half);
  memset(p.half, 0, sizeof p.half / 2);
  fill(p.waves, "waves", SIDE, SIDE);
  return &p;
}

static void figures_follow_their_formulas(void **state) {
  (void)state;
  const pictures *p = make_pictures();
  vs_results *results = fake_results_new(4);
  vs_row row = fake_row("relu4_3", 7, 50.0, -150.0, 1000.0);
  fake_results_add(results, &row, p->half); /* the baseline comes later */
  row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  fake_results_add(results, &row, p->waves);
  row = fake_row("relu4_3", 7, 500.0, -20.0, 500.0);
  fake_results_add(results, &row, p->waves);
  row = fake_row("relu4_3", 8, 50.0, -10.0, 500.0); /* alone */
  fake_results_add(results, &row, p->white);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_ptr_equal(vs_metrics_results(metrics), results);
  assert_int_equal(vs_metrics_baseline(metrics, 0), 1);
  assert_int_equal(vs_metrics_baseline(metrics, 1), 1);
  assert_int_equal(vs_metrics_baseline(metrics, 2), 1);
  assert_true(vs_metrics_baseline(metrics, 3) == SIZE_MAX);

  assert_true(figure(metrics, "exc_gain", 0) == 0.5);
  assert_true(figure(metrics, "exc_gain", 1) == 0.0);
  assert_true(figure(metrics, "exc_gain", 2) == -0.8);
  assert_true(isnan(figure(metrics, "exc_gain", 3)));
  assert_true(figure(metrics, "style_gain", 0) == 0.75);
  assert_true(figure(metrics, "style_dist", 3) == 500.0);
  assert_true(figure(metrics, "coverage", 0) == 0.5);
  assert_true(figure(metrics, "coverage", 3) == 0.0);
  assert_true(figure(metrics, "effect", 1) == 0.0);
  assert_true(figure(metrics, "effect", 2) == 0.0);
  assert_true(isnan(figure(metrics, "effect", 3)));
  double ssim;
  assert_ok(vs_ssim(p->half, p->waves, SIDE, SIDE, &ssim));
  assert_true(figure(metrics, "effect", 0) == 1.0 - ssim);
  assert_true(figure(metrics, "effect", 0) > 0.5);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void what_did_not_finish_has_no_figures(void **state) {
  (void)state;
  const pictures *p = make_pictures();
  vs_results *results = fake_results_new(4);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 7, 50.0, -150.0, 1000.0);
  row.status = VS_RUN_DIVERGED;
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 8, 0.0, -100.0, 4000.0);
  row.status = VS_RUN_DIVERGED; /* no baseline for the next */
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 8, 50.0, -100.0, 4000.0);
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 9, 0.0, 0.0, 0.0); /* dead: nothing to be a share of */
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 9, 50.0, -5.0, 10.0);
  fake_results_add(results, &row, p->white);
  row = fake_row("relu4_3", 9, 500.0, -5.0, 10.0);
  row.status = VS_RUN_FAILED;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  size_t count;
  const vs_metric *table = vs_metric_table(&count);
  for (size_t i = 0; i < count; i++) {
    assert_true(isnan(figure(metrics, table[i].name, 1)));
    assert_true(isnan(figure(metrics, table[i].name, 2)));
    assert_true(isnan(figure(metrics, table[i].name, 6)));
  }
  assert_true(vs_metrics_baseline(metrics, 3) == SIZE_MAX);
  assert_true(isnan(figure(metrics, "exc_gain", 3)));
  assert_true(isnan(figure(metrics, "exc_gain", 5)));
  assert_true(isnan(figure(metrics, "style_gain", 5)));
  assert_true(figure(metrics, "effect", 5) == 0.0); /* pictures can still be compared */
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* Where rho is given it says which run is the baseline, whatever lambda came of it. */
static void rho_names_the_baseline(void **state) {
  (void)state;
  vs_results *results = fake_results_new(3);
  vs_row row = fake_row("relu4_3", 7, 0.0, -150.0, 1000.0);
  row.rho = 0.5; /* there was nothing to balance, so lambda became 0 */
  fake_results_add(results, &row, NULL);
  row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  row.rho = 0.0;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_int_equal(vs_metrics_baseline(metrics, 0), 1);
  assert_true(figure(metrics, "exc_gain", 0) == 0.5);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* --- pictures --------------------------------------------------------------------------------- */

static void pictures_are_read_once(void **state) {
  (void)state;
  const pictures *p = make_pictures();
  vs_results *results = fake_results_new(3);
  for (int i = 0; i < 3; i++) {
    vs_row row = fake_row("relu4_3", 7, 10.0 * i, -100.0, 4000.0);
    fake_results_add(results, &row, p->waves);
  }
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_int_equal(fake_results_pictures_read(results), 0);
  for (int again = 0; again < 2; again++)
    for (size_t row = 0; row < 3; row++) {
      figure(metrics, "exc_gain", row);
      figure(metrics, "effect", row);
      figure(metrics, "coverage", row);
      figure(metrics, "collapse", row);
      figure(metrics, "effect_gram", row);
    }
  assert_int_equal(fake_results_pictures_read(results), 4); /* three runs, and the baseline */
  vs_metrics_free(metrics);
  vs_results_close(results);
}

#define FIGURES TEST_SCRATCH_DIR "/figures.json"

/* Pictures that a metric reads for three runs whose baseline finished at `finished`. */
static int pictures_read_for(const char *folder, double finished, bool keep) {
  const pictures *p = make_pictures();
  vs_results *results = fake_results_new(3);
  fake_results_set_folder(results, folder);
  for (int i = 0; i < 3; i++) {
    vs_row row = fake_row("relu4_3", 7, 10.0 * i, -100.0, 4000.0);
    if (i == 0) row.finished = finished;
    fake_results_add(results, &row, i == 1 ? p->half : p->waves);
  }
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  double ssim;
  assert_ok(vs_ssim(p->half, p->waves, SIDE, SIDE, &ssim));
  assert_true(figure(metrics, "effect", 1) == 1.0 - ssim); /* to the bit, from wherever */
  assert_true(figure(metrics, "effect", 2) == 0.0);
  if (keep) vs_metrics_keep(metrics);
  int read = fake_results_pictures_read(results);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return read;
}

static void effects_are_kept_beside_the_results(void **state) {
  (void)state;
  unlink(FIGURES);
  assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR, 1.5, false), 3);
  assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR, 1.5, true), 3); /* nothing was kept */
  assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR, 1.5, true), 0);
  assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR, 2.5, false), 3); /* another baseline */
  assert_int_equal(pictures_read_for(NULL, 1.5, true), 3);
  static const char *const useless[] = {
      "", "{", "[]", "{\"format\": \"vggsweep-figures\"}",
      ("{\"format\": \"vggsweep-figures\", \"format_version\": 1, "
       "\"effect\": {\"0000000100abcdef\": [\"x\", 1, 2]}}")};
  for (size_t i = 0; i < sizeof useless / sizeof useless[0]; i++) {
    assert_ok(vs_file_write(FIGURES, useless[i], strlen(useless[i])));
    assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR, 1.5, false), 3);
  }
  assert_int_equal(pictures_read_for(TEST_SCRATCH_DIR "/nowhere", 1.5, true), 3);
  unlink(FIGURES);
}

static int warnings;
static char last_warning[512];

static void count_warning(vs_log_level level, const char *line) {
  assert_int_equal(level, VS_LOG_WARNING);
  warnings++;
  snprintf(last_warning, sizeof last_warning, "%s", line);
}

static void an_unreadable_picture_is_passed_over(void **state) {
  (void)state;
  vs_log_set_sink(count_warning);
  vs_results *results = fake_results_new(1);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  for (int again = 0; again < 2; again++) {
    assert_true(isnan(figure(metrics, "effect", 0)));
  }
  assert_int_equal(warnings, 1);
  assert_non_null(strstr(last_warning, "run 0000000000abcdef: made-up results: no picture"));
  assert_true(figure(metrics, "style_dist", 0) == 4000.0);
  vs_log_set_sink(NULL);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void pictures_of_other_sizes_are_not_compared(void **state) {
  (void)state;
  const pictures *p = make_pictures();
  vs_results *results = fake_results_new(2);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  fake_results_add(results, &row, p->waves);
  row.lambda = 50.0;
  row.height = 16;
  fake_results_add(results, &row, p->waves);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(isnan(figure(metrics, "effect", 1)));
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* --- columns, sketches, traces ---------------------------------------------------------------- */

/* A group of three: baseline, lambda 50, lambda 500, with the figures of a portrait. */
static vs_results *make_portraits(void) {
  vs_results *results = fake_results_new(3);
  static const double exc[] = {-1000.0, -800.0, -300.0}, style[] = {4000.0, 1000.0, 400.0};
  for (int i = 0; i < 3; i++) {
    vs_row row = fake_row("relu4_3", 7, 50.0 * i, exc[i], style[i]);
    row.style_floor = 400.0;
    row.exc_paper = -50.0;
    row.exc_random_mean = -100.0;
    row.exc_random_sd = 25.0;
    row.edge_density = 0.25;
    fake_results_add(results, &row, NULL);
  }
  return results;
}

static void collapse_needs_both(void **state) {
  (void)state;
  vs_results *results = make_portraits();
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(figure(metrics, "likeness", 0) == 0.0 && figure(metrics, "collapse", 0) == 0.0);
  /* log 4 / log 10 of the way at a loss of .2, then all of it at a loss of .7 */
  assert_close(figure(metrics, "likeness", 1), log(4.0) / log(10.0), 1e-12);
  assert_close(figure(metrics, "collapse", 1), 0.2 / 0.3, 1e-12);
  assert_close(figure(metrics, "likeness", 2), 1.0, 1e-12);
  assert_close(figure(metrics, "collapse", 2), 1.0 / 0.9, 1e-12);
  assert_true(figure(metrics, "zscore", 0) == (1000.0 - 100.0) / 25.0);
  assert_true(figure(metrics, "edge_density", 2) == 0.25);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* What cannot be compared, and a style whose crops are all alike. */
static void likeness_has_limits(void **state) {
  (void)state;
  static const struct {
    double baseline_exc, baseline_style, exc, style, floor, likeness, collapse;
  } cases[] = {
      {-1000, 4000, -400, 500, NAN, NAN, .6 / .7},  /* no style_floor: the loss alone */
      {-1000, 300, -400, 200, 400, NAN, .6 / .7},   /* nearer than the style's own crops at once */
      {-1000, 4000, -500, 400, 0, .58859, 5.0 / 7}, /* log 10 / log 50 */
      {-1000, 4000, -100, 5000, 400, -.09691, 0},   /* away from the style */
      {-1000, 4000, -1200, 400, 400, 1, 0},         /* at the style, and more excited */
      {0, 4000, -1200, 400, 400, 1, NAN},           /* a baseline that has nothing to lose */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_results *results = fake_results_new(2);
    vs_row row = fake_row("relu4_3", 7, 0.0, cases[i].baseline_exc, cases[i].baseline_style);
    row.style_floor = cases[i].floor;
    fake_results_add(results, &row, NULL);
    row = fake_row("relu4_3", 7, 50.0, cases[i].exc, cases[i].style);
    row.style_floor = cases[i].floor;
    fake_results_add(results, &row, NULL);
    vs_metrics *metrics;
    assert_ok(vs_metrics_new(&metrics, results));
    const double near = figure(metrics, "likeness", 1), found = figure(metrics, "collapse", 1);
    if (isnan(cases[i].likeness))
      assert_true(isnan(near));
    else
      assert_close(near, cases[i].likeness, 1e-5);
    if (isnan(cases[i].collapse))
      assert_true(isnan(found));
    else
      assert_close(found, cases[i].collapse, 1e-5);
    vs_metrics_free(metrics);
    vs_results_close(results);
  }
}

static void sketches_tell_distances(void **state) {
  (void)state;
  vs_results *results = make_portraits();
  fake_results_set_sketch(results, 0, 2.0f);
  fake_results_set_sketch(results, 1, 3.0f);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(figure(metrics, "effect_gram", 0) == 0.0);
  assert_close(figure(metrics, "effect_gram", 1), 0.5, 1e-12); /* |3 - 2| / 2 in every number */
  assert_true(isnan(figure(metrics, "effect_gram", 2)));       /* no sketch */
  double distance;
  assert_ok(vs_metrics_distance(metrics, 0, 1, &distance));
  assert_close(distance, 1.0 / 3.0, 1e-12); /* of the longer one */
  assert_ok(vs_metrics_distance(metrics, 1, 2, &distance));
  assert_true(isnan(distance));
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void traces_tell_convergence(void **state) {
  (void)state;
  vs_results *results = make_portraits();
  /* 11 steps, 0 to 100. The last fifth is steps 80 to 100. */
  static const float converged[11] = {0, -80, -94, -96, -100, -100, -100, -100, -100, -100, -100};
  static const float falling[11] = {0, -10, -20, -30, -40, -50, -60, -70, -80, -90, -100};
  static const float broken[11] = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  fake_results_set_trace(results, 0, converged, 11);
  fake_results_set_trace(results, 1, falling, 11);
  fake_results_set_trace(results, 2, broken, 11);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(figure(metrics, "end_slope", 0) == 0.0);
  assert_close(figure(metrics, "end_slope", 1), -0.2, 1e-12); /* a fifth of the fall */
  assert_true(isnan(figure(metrics, "end_slope", 2)));
  assert_true(figure(metrics, "steps_to_95", 0) == 30.0);
  assert_true(figure(metrics, "steps_to_95", 1) == 100.0); /* -95 lies between two */
  assert_true(isnan(figure(metrics, "steps_to_95", 2)));
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void unreadable_arrays_are_said_once(void **state) {
  (void)state;
  vs_results *results = make_portraits();
  fake_results_break(results);
  warnings = 0;
  vs_log_set_sink(count_warning);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  for (size_t row = 0; row < 3; row++) {
    assert_true(isnan(figure(metrics, "effect_gram", row)));
    assert_true(isnan(figure(metrics, "end_slope", row)));
  }
  assert_int_equal(warnings, 1);
  vs_log_set_sink(NULL);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void edges_are_where_luma_jumps(void **state) {
  (void)state;
  uint8_t rgb[4 * 6 * 3];
  memset(rgb, 255, sizeof rgb);
  assert_true(vs_edge_density(rgb, 4, 6) == 0.0);
  for (int y = 0; y < 4; y++) memset(rgb + (y * 6 + 3) * 3, 0, 9); /* the right half black */
  assert_true(vs_edge_density(rgb, 4, 6) == 2.0 / 6.0); /* the columns on both sides of the step */
  /* Half a step of 51 is exactly the threshold, and no edge; of 52 it is one. */
  for (int step = 51; step <= 52; step++) {
    for (int i = 0; i < 4 * 6; i++) memset(rgb + 3 * i, i % 6 < 3 ? 100 + step : 100, 3);
    assert_true(vs_edge_density(rgb, 4, 6) == (step == 52 ? 2.0 / 6.0 : 0.0));
  }
}

/* --- the table, and many runs ----------------------------------------------------------------- */

static void the_table_is_whole(void **state) {
  (void)state;
  static const char *const first[] = {"exc_gain", "effect", "coverage", "style_dist"};
  size_t count;
  const vs_metric *table = vs_metric_table(&count);
  const vs_column *columns[VS_ROW_MAX_COLUMNS];
  const size_t column_count = vs_columns_listed(columns);
  assert_true(count >= 4);
  for (size_t i = 0; i < 4; i++) assert_string_equal(table[i].name, first[i]);
  for (size_t i = 0; i < count; i++) {
    assert_non_null(table[i].unit);
    assert_true(strlen(table[i].formula) > 10);
    assert_ptr_equal(vs_metric_find(table[i].name), &table[i]);
    for (size_t j = 0; j < column_count; j++)
      assert_string_not_equal(table[i].name, columns[j]->name);
  }
  assert_int_equal(vs_metric_find("exc_gain")->direction, VS_HIGHER_IS_BETTER);
  assert_int_equal(vs_metric_find("coverage")->direction, VS_LOWER_IS_BETTER);
  assert_null(vs_metric_find("verdict"));
}

/* --- drawings --------------------------------------------------------------------------------- */

/* A drawing of channel 7 with what its stages scored; the rest of it is that of 2 m of line. */
static vs_row drawing_row(double lambda, double free_colors, double quantized, double refined,
                          double plotted) {
  vs_row row = fake_row("relu4_3", 7, lambda, refined, 4000.0);
  row.parametrization = VS_PARAM_STROKES;
  row.exc_free = free_colors;
  row.exc_quantized = quantized;
  row.exc_refined = refined;
  row.exc_plotted = plotted;
  row.drawn_mm = 2000.0;
  row.minutes = 4.0;
  row.strokes = 100;
  return row;
}

static void stages_keep_their_shares(void **state) {
  (void)state;
  vs_results *results = fake_results_new(5);
  vs_row row = drawing_row(0.0, -200.0, -150.0, -180.0, -100.0);
  fake_results_add(results, &row, NULL);
  row =
      drawing_row(1.0, -200.0, 50.0, -220.0, NAN); /* worse than nothing; more than all; no pens */
  fake_results_add(results, &row, NULL);
  row = drawing_row(2.0, 200.0, 300.0, 100.0,
                    200.0); /* a tap that may be negative: lower is better */
  fake_results_add(results, &row, NULL);
  row = drawing_row(3.0, 0.0, 0.0, -5.0, 5.0); /* dead: nothing to be a share of */
  fake_results_add(results, &row, NULL);
  row = fake_row("relu4_3", 8, 0.0, -100.0, 4000.0); /* a picture */
  row.exc_free = -100.0;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_true(figure(metrics, "kept_quantized", 0) == 0.75);
  assert_true(figure(metrics, "kept_refined", 0) == 0.9);
  assert_true(figure(metrics, "kept_plotted", 0) == 0.5);
  assert_true(figure(metrics, "kept_quantized", 1) == -0.25);
  assert_true(figure(metrics, "kept_refined", 1) == 1.1);
  assert_true(isnan(figure(metrics, "kept_plotted", 1)));
  assert_true(figure(metrics, "kept_quantized", 2) == 0.5);
  assert_true(figure(metrics, "kept_refined", 2) == 1.5);
  assert_true(figure(metrics, "kept_plotted", 2) == 1.0);
  static const char *const names[] = {"kept_quantized", "kept_refined", "kept_plotted"};
  for (size_t i = 0; i < 3; i++)
    for (size_t at = 3; at < 5; at++) assert_true(isnan(figure(metrics, names[i], at)));
  vs_metrics_free(metrics);
  vs_results_close(results);
}

/* Of a drawing what saves most of coverage, line and time. */
static void ink_of_drawings_is_what_saves_most(void **state) {
  (void)state;
  vs_results *results = fake_results_new(6);
  vs_row row = drawing_row(0.0, -200.0, -200.0, -200.0, -200.0);
  row.coverage = 0.5;
  fake_results_add(results, &row, NULL);
  row.lambda = 1.0; /* as much line, in less time; all of the paper is covered */
  row.coverage = 1.0;
  row.minutes = 3.0;
  fake_results_add(results, &row, NULL);
  row.lambda = 2.0; /* less line, which takes longer */
  row.drawn_mm = 1000.0;
  row.minutes = 5.0;
  fake_results_add(results, &row, NULL);
  row.lambda = 3.0;
  row.minutes = NAN;
  fake_results_add(results, &row, NULL);
  row.lambda = 4.0;
  row.drawn_mm = NAN;
  row.coverage = 0.125;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  static const double ink[] = {0.0, 0.25, 0.5, 0.5, 0.75}, time[] = {0.0, 0.25, -0.25, NAN, NAN};
  static const double line[] = {0.0, 0.0, 1000.0, 1000.0, NAN};
  for (size_t at = 0; at < 5; at++) {
    const double found[] = {figure(metrics, "ink_saved", at), figure(metrics, "plot_gain", at),
                            figure(metrics, "line_saved", at)};
    const double expected[] = {ink[at], time[at], line[at]};
    for (size_t i = 0; i < 3; i++)
      assert_true(isnan(expected[i]) ? isnan(found[i]) : found[i] == expected[i]);
  }
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void ink_of_pictures_is_what_they_cover(void **state) {
  (void)state;
  vs_results *results = fake_results_new(3);
  vs_row row = fake_row("relu4_3", 7, 0.0, -100.0, 4000.0);
  row.coverage = 0.8;
  row.edge_density = 0.2; /* edges grow darker where paper becomes white */
  fake_results_add(results, &row, NULL);
  row.lambda = 1.0;
  row.coverage = 0.4;
  row.edge_density = 0.4;
  fake_results_add(results, &row, NULL);
  row = fake_row("relu4_3", 8, 0.0, -100.0, 4000.0); /* blank: nothing to save */
  row.coverage = 0.0;
  fake_results_add(results, &row, NULL);
  row.lambda = 1.0;
  fake_results_add(results, &row, NULL);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  assert_close(figure(metrics, "ink_saved", 1), 0.5, 1e-12);
  assert_true(isnan(figure(metrics, "ink_saved", 3)));
  assert_true(isnan(figure(metrics, "plot_gain", 1)) && isnan(figure(metrics, "line_saved", 1)));
  assert_false(vs_columns_tell_of_drawings(results));
  vs_metrics_free(metrics);
  row.parametrization = VS_PARAM_STROKES;
  row.status = VS_RUN_FAILED;
  fake_results_add(results, &row, NULL);
  assert_true(vs_columns_tell_of_drawings(results));
  vs_results_close(results);
}

/* A hundred thousand runs take well under a second; comparing all pairs of them would take minutes.
 * The bound is generous for sanitizers and busy machines. */
static void many_runs_are_no_trouble(void **state) {
  (void)state;
  enum { RUNS = 100000, LAMBDAS = 4 };
  vs_results *results = fake_results_new(RUNS);
  for (int i = 0; i < RUNS; i++) {
    /* lambda varies slowest, so that no group's members are neighbours */
    int lambda = i / (RUNS / LAMBDAS), channel = i % (RUNS / LAMBDAS);
    vs_row row = fake_row("relu4_3", channel, lambda, -1.0 - channel - lambda, 4000.0);
    fake_results_add(results, &row, NULL);
  }
  clock_t begin = clock();
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  for (size_t row = 0; row < RUNS; row++) {
    size_t channel = row % (RUNS / LAMBDAS);
    assert_int_equal(vs_metrics_baseline(metrics, row), channel);
    size_t lambda = row / (RUNS / LAMBDAS);
    assert_close(figure(metrics, "exc_gain", row), (double)lambda / (1.0 + (double)channel), 1e-12);
  }
  assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 20.0);
  vs_metrics_free(metrics);
  vs_results_close(results);
}

static void no_runs_are_fine(void **state) {
  (void)state;
  vs_results *results = fake_results_new(10);
  vs_metrics *metrics;
  assert_ok(vs_metrics_new(&metrics, results));
  vs_metrics_free(metrics);
  vs_metrics_free(NULL);
  vs_results_close(results);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ssim_agrees_with_numpy),
      cmocka_unit_test(ink_is_what_is_not_paper),
      cmocka_unit_test(figures_follow_their_formulas),
      cmocka_unit_test(what_did_not_finish_has_no_figures),
      cmocka_unit_test(rho_names_the_baseline),
      cmocka_unit_test(pictures_are_read_once),
      cmocka_unit_test(effects_are_kept_beside_the_results),
      cmocka_unit_test(an_unreadable_picture_is_passed_over),
      cmocka_unit_test(pictures_of_other_sizes_are_not_compared),
      cmocka_unit_test(collapse_needs_both),
      cmocka_unit_test(likeness_has_limits),
      cmocka_unit_test(sketches_tell_distances),
      cmocka_unit_test(traces_tell_convergence),
      cmocka_unit_test(unreadable_arrays_are_said_once),
      cmocka_unit_test(edges_are_where_luma_jumps),
      cmocka_unit_test(the_table_is_whole),
      cmocka_unit_test(stages_keep_their_shares),
      cmocka_unit_test(ink_of_drawings_is_what_saves_most),
      cmocka_unit_test(ink_of_pictures_is_what_they_cover),
      cmocka_unit_test(many_runs_are_no_trouble),
      cmocka_unit_test(no_runs_are_fine),
  };
  return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
