/* The table of metrics, their formulas, and what they read of pictures, traces and sketches when
 * first asked. */
#include "analysis/metrics/metrics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/figure_cache.h"
#include "analysis/metrics/groups.h"
#include "analysis/metrics/ssim.h"
#include "core/base/log.h"
#include "core/optimize/measurements.h"

#define NO_ROW SIZE_MAX

/* The picture of a row that was read last; NO_ROW when there is none. */
typedef struct picture_slot {
  size_t row;
  uint8_t *rgb; /* owned */
} picture_slot;

/* What the trace of `total` tells. */
typedef struct convergence {
  double end_slope, steps_to_95;
} convergence;

struct vs_metrics {
  const vs_results *results; /* not owned */
  size_t count;              /* rows */
  size_t *baseline;          /* (count) owned: its group's baseline, or NO_ROW */
  double *figures;           /* (metrics, count) owned */
  bool *known;               /* (metrics, count) owned: whether the figure was computed */
  vs_figure_cache *effects;  /* owned; NULL until it is asked for, or if there is none */
  bool effects_looked_for;
  /* Rows of a group are neighbours, so one baseline serves several rows. */
  picture_slot run_picture, baseline_picture;
  float *sketches;        /* (count, VS_SKETCH) owned; NULL until they are asked for */
  convergence *converged; /* (count) owned; NULL until they are asked for */
  size_t passed_over;     /* figures for which something cannot be read */
};

/* --- the metrics ------------------------------------------------------------------------------ */

/* Share by which `value` lies below that of the baseline: lower is better for what it is used on.
 */
static double gain_over(double baseline, double value) {
  return baseline == 0.0 ? NAN : (baseline - value) / fabs(baseline);
}

static vs_status compute_exc_gain(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : gain_over(vs_results_row(metrics->results, baseline)->exc_eval,
                                          vs_results_row(metrics->results, row)->exc_eval);
  return VS_OK;
}

static vs_status compute_style_gain(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : gain_over(vs_results_row(metrics->results, baseline)->style_eval,
                                          vs_results_row(metrics->results, row)->style_eval);
  return VS_OK;
}

static vs_status compute_style_dist(vs_metrics *metrics, size_t row, double *value) {
  *value = vs_results_row(metrics->results, row)->style_eval;
  return VS_OK;
}

static vs_status read_picture(vs_metrics *metrics, picture_slot *slot, size_t row) {
  if (slot->row == row) return VS_OK;
  free(slot->rgb);
  *slot = (picture_slot){.row = NO_ROW};
  vs_status status = vs_results_read_image(metrics->results, row, &slot->rgb);
  if (status != VS_OK)
    return vs_status_context(status, "run %s", vs_results_row(metrics->results, row)->id);
  slot->row = row;
  return VS_OK;
}

static vs_status compute_effect(vs_metrics *metrics, size_t row, double *value) {
  *value = NAN;
  size_t baseline = metrics->baseline[row];
  if (baseline == NO_ROW) return VS_OK;
  const vs_row *ours = vs_results_row(metrics->results, row);
  const vs_row *theirs = vs_results_row(metrics->results, baseline);
  if (ours->height != theirs->height || ours->width != theirs->width) return VS_OK;
  if (ours->height < VS_SSIM_WINDOW || ours->width < VS_SSIM_WINDOW) return VS_OK;
  if (!metrics->effects_looked_for)
    metrics->effects = vs_figure_cache_load(metrics->results, "effect");
  metrics->effects_looked_for = true;
  if (vs_figure_cache_find(metrics->effects, row, baseline, value)) return VS_OK;
  vs_status status = read_picture(metrics, &metrics->baseline_picture, baseline);
  if (status == VS_OK) status = read_picture(metrics, &metrics->run_picture, row);
  if (status != VS_OK) return status;
  double similarity;
  status = vs_ssim(metrics->run_picture.rgb, metrics->baseline_picture.rgb, ours->height,
                   ours->width, &similarity);
  if (status != VS_OK) return status;
  *value = 1.0 - similarity;
  vs_figure_cache_note(metrics->effects, row, baseline, *value);
  return VS_OK;
}

/* A stored column as it is. */
static vs_status compute_coverage(vs_metrics *metrics, size_t row, double *value) {
  *value = vs_results_row(metrics->results, row)->coverage;
  return VS_OK;
}

static vs_status compute_edge_density(vs_metrics *metrics, size_t row, double *value) {
  *value = vs_results_row(metrics->results, row)->edge_density;
  return VS_OK;
}

static vs_status compute_zscore(vs_metrics *metrics, size_t row, double *value) {
  const vs_row *run = vs_results_row(metrics->results, row);
  const bool has_pre = isfinite(run->pre_eval) && isfinite(run->pre_random_sd);
  const double eval = has_pre ? run->pre_eval : run->exc_eval;
  const double paper = has_pre ? run->pre_paper : run->exc_paper;
  const double random = has_pre ? run->pre_random_mean : run->exc_random_mean;
  const double sd = has_pre ? run->pre_random_sd : run->exc_random_sd;
  const double z = sd > 0.0 ? (fmin(paper, random) - eval) / sd : NAN;
  *value = isfinite(z) ? z : NAN;
  return VS_OK;
}

/* --- drawings --------------------------------------------------------------------------------- */

/* Share of the excitation of free colours that a later stage kept. */
static double kept_of(double before, double exc) {
  return 1.0 + gain_over(before, exc);
}

static vs_status compute_kept_quantized(vs_metrics *metrics, size_t row, double *value) {
  const vs_row *run = vs_results_row(metrics->results, row);
  *value = kept_of(run->exc_free, run->exc_quantized);
  return VS_OK;
}

static vs_status compute_kept_refined(vs_metrics *metrics, size_t row, double *value) {
  const vs_row *run = vs_results_row(metrics->results, row);
  *value = kept_of(run->exc_free, run->exc_refined);
  return VS_OK;
}

static vs_status compute_kept_plotted(vs_metrics *metrics, size_t row, double *value) {
  const vs_row *run = vs_results_row(metrics->results, row);
  *value = kept_of(vs_row_exc_unplotted(run), run->exc_plotted);
  return VS_OK;
}

static vs_status compute_plot_gain(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : gain_over(vs_results_row(metrics->results, baseline)->minutes,
                                          vs_results_row(metrics->results, row)->minutes);
  return VS_OK;
}

static vs_status compute_line_saved(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : vs_results_row(metrics->results, baseline)->drawn_mm -
                                    vs_results_row(metrics->results, row)->drawn_mm;
  return VS_OK;
}

/* Of a picture the sheet that is left white. A drawing has as many strokes as it had, so that its
 * metres tell less of what the eye sees. */
static double ink_saved(const vs_row *baseline, const vs_row *run) {
  const double uncovered = gain_over(baseline->coverage, run->coverage);
  if (run->parametrization != VS_PARAM_STROKES) return uncovered;
  const double line = gain_over(baseline->drawn_mm, run->drawn_mm);
  const double minutes = gain_over(baseline->minutes, run->minutes);
  return fmax(uncovered, fmax(line, minutes)); /* fmax passes NaN over */
}

static vs_status compute_ink_saved(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : ink_saved(vs_results_row(metrics->results, baseline),
                                          vs_results_row(metrics->results, row));
  return VS_OK;
}

/* Excitation is kept at most twice: a baseline that hardly rose is no reason to come first. */
static vs_status compute_merit(vs_metrics *metrics, size_t row, double *value) {
  double gain, saved;
  vs_status status = compute_exc_gain(metrics, row, &gain);
  if (status == VS_OK) status = compute_ink_saved(metrics, row, &saved);
  if (status != VS_OK) return status;
  const double kept = fmin(fmax(1.0 + gain, 0.0), 2.0);
  *value = isnan(gain) ? NAN : saved * (saved >= 0.0 ? kept : 2.0 - kept);
  return VS_OK;
}

static vs_status compute_paper_gain(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : vs_results_row(metrics->results, row)->paper -
                                    vs_results_row(metrics->results, baseline)->paper;
  return VS_OK;
}

static vs_status compute_paleness(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : gain_over(vs_results_row(metrics->results, baseline)->ink,
                                          vs_results_row(metrics->results, row)->ink);
  return VS_OK;
}

/* --- collapse --------------------------------------------------------------------------------- */

/* A style image of one colour has no distance between its crops: nearer than this share of the
 * baseline's distance is near enough. */
#define NEAREST_SHARE 0.02

/* NaN where a distance is not known, or the baseline is as near to the style as its own crops. */
static double likeness(const vs_row *baseline, const vs_row *run) {
  const double nearest = NEAREST_SHARE * baseline->style_eval;
  const double floor = run->style_floor < nearest ? nearest : run->style_floor;
  const double whole = log(baseline->style_eval / floor);
  return whole > 0.0 ? log(baseline->style_eval / run->style_eval) / whole : NAN;
}

static vs_status compute_likeness(vs_metrics *metrics, size_t row, double *value) {
  size_t baseline = metrics->baseline[row];
  *value = baseline == NO_ROW ? NAN
                              : likeness(vs_results_row(metrics->results, baseline),
                                         vs_results_row(metrics->results, row));
  return VS_OK;
}

/* What the eye takes for the style's picture, fitted to the labels of tests/data on the first of
 * two scans of each network (docs/defaults.md): one that is as near as the style's own crops
 * and lost some of its excitation, as builtin channels do, which the style's lines excite too; or
 * one that came half the way and lost most, as ImageNet's do. */
typedef struct collapse_mark {
  double likeness, lost;
} collapse_mark;
static const collapse_mark near_mark = {0.9, 0.3}, lost_mark = {0.45, 0.7};

/* 1 where both have come to the mark; by the loss alone if likeness is NaN (fmin passes it by). */
static double share_of_mark(collapse_mark mark, double near, double lost) {
  return fmax(fmin(near / mark.likeness, lost / mark.lost), 0.0) + 0.0; /* no -0 */
}

static vs_status compute_collapse(vs_metrics *metrics, size_t row, double *value) {
  double near, gain;
  vs_status status = compute_likeness(metrics, row, &near);
  if (status == VS_OK) status = compute_exc_gain(metrics, row, &gain);
  if (status != VS_OK) return status;
  const double by_nearness = isnan(near) ? 0.0 : share_of_mark(near_mark, near, -gain);
  *value = isnan(gain) ? NAN : fmax(by_nearness, share_of_mark(lost_mark, near, -gain));
  return VS_OK;
}

/* --- by sketches ------------------------------------------------------------------------------ */

static void pass_over(vs_metrics *metrics);

/* What cannot be read is NaN for all, and said once. */
static vs_status need_sketches(vs_metrics *metrics) {
  if (metrics->sketches != NULL) return VS_OK;
  size_t numbers = metrics->count * VS_SKETCH;
  metrics->sketches = malloc((numbers + 1) * sizeof *metrics->sketches);
  if (metrics->sketches == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for sketches of %zu runs", metrics->count);
  for (size_t i = 0; i < numbers; i++) metrics->sketches[i] = NAN;
  vs_status status = vs_results_read_sketches(metrics->results, metrics->sketches);
  if (status != VS_ERR_IO && status != VS_ERR_FORMAT) return status;
  pass_over(metrics);
  return VS_OK;
}

static double length_of(const float *sketch) {
  double sum = 0.0;
  for (int i = 0; i < VS_SKETCH; i++) sum += (double)sketch[i] * (double)sketch[i];
  return sqrt(sum);
}

/* Distance of two rows' sketches; NaN for sketches of different matrices. */
static double sketches_apart(const vs_metrics *metrics, size_t a, size_t b) {
  const vs_row *left = vs_results_row(metrics->results, a);
  const vs_row *right = vs_results_row(metrics->results, b);
  if (strcmp(left->gram_tap, right->gram_tap) != 0) return NAN;
  float difference[VS_SKETCH];
  for (size_t i = 0; i < VS_SKETCH; i++)
    difference[i] = metrics->sketches[a * VS_SKETCH + i] - metrics->sketches[b * VS_SKETCH + i];
  return length_of(difference);
}

static vs_status compute_effect_gram(vs_metrics *metrics, size_t row, double *value) {
  *value = NAN;
  size_t baseline = metrics->baseline[row];
  if (baseline == NO_ROW) return VS_OK;
  vs_status status = need_sketches(metrics);
  if (status != VS_OK) return status;
  double length = length_of(metrics->sketches + baseline * VS_SKETCH);
  if (length > 0.0) *value = sketches_apart(metrics, row, baseline) / length;
  return VS_OK;
}

vs_status vs_metrics_distance(vs_metrics *metrics, size_t a, size_t b, double *distance) {
  assert(a < metrics->count && b < metrics->count);
  *distance = NAN;
  vs_status status = need_sketches(metrics);
  if (status != VS_OK) return status;
  double longer = fmax(length_of(metrics->sketches + a * VS_SKETCH),
                       length_of(metrics->sketches + b * VS_SKETCH));
  if (longer > 0.0) *distance = sketches_apart(metrics, a, b) / longer;
  return VS_OK;
}

/* --- by traces -------------------------------------------------------------------------------- */

/* Slope of the least squares line through the points from `begin` on that are finite; NaN of fewer
 * than two. */
static double slope_of(const int *steps, const float *values, int begin, int end) {
  double n = 0.0, x_sum = 0.0, y_sum = 0.0, xx = 0.0, xy = 0.0;
  for (int i = begin; i < end; i++) {
    if (!isfinite(values[i])) continue;
    double x = steps[i] - steps[begin];
    n += 1.0;
    x_sum += x;
    y_sum += (double)values[i];
    xx += x * x;
    xy += x * (double)values[i];
  }
  double spread = n * xx - x_sum * x_sum;
  return n >= 2.0 && spread > 0.0 ? (n * xy - x_sum * y_sum) / spread : NAN;
}

/* The first and last value that is there, and the extremes. False if there are fewer than two. */
typedef struct trace_range {
  int first, last; /* places */
  double lowest, highest;
} trace_range;

static bool find_range(const float *values, int count, trace_range *range) {
  *range = (trace_range){.first = -1, .lowest = INFINITY, .highest = -INFINITY};
  for (int i = 0; i < count; i++) {
    if (!isfinite(values[i])) continue;
    if (range->first < 0) range->first = i;
    range->last = i;
    range->lowest = fmin(range->lowest, (double)values[i]);
    range->highest = fmax(range->highest, (double)values[i]);
  }
  return range->first >= 0 && range->last > range->first;
}

static void judge_trace(void *context, size_t row, const int *steps, const float *values,
                        int count) {
  vs_metrics *metrics = context;
  convergence *out = &metrics->converged[row];
  *out = (convergence){NAN, NAN};
  trace_range range;
  if (!find_range(values, count, &range)) return;
  double span = steps[range.last] - steps[range.first];
  int begin = range.first;
  while (steps[begin] < steps[range.last] - 0.2 * span) begin++;
  double whole = range.highest - range.lowest;
  if (whole > 0.0)
    out->end_slope =
        slope_of(steps, values, begin, range.last + 1) * (steps[range.last] - steps[begin]) / whole;
  double start = (double)values[range.first];
  double goal = start - 0.95 * (start - range.lowest);
  for (int i = range.first; i <= range.last && isnan(out->steps_to_95); i++)
    if ((double)values[i] <= goal) out->steps_to_95 = steps[i];
}

static vs_status need_traces(vs_metrics *metrics) {
  if (metrics->converged != NULL) return VS_OK;
  metrics->converged = malloc((metrics->count + 1) * sizeof *metrics->converged);
  if (metrics->converged == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for the traces of %zu runs", metrics->count);
  for (size_t i = 0; i < metrics->count; i++) metrics->converged[i] = (convergence){NAN, NAN};
  vs_status status =
      vs_results_visit_traces(metrics->results, VS_TRACE_TOTAL, judge_trace, metrics);
  if (status != VS_ERR_IO && status != VS_ERR_FORMAT) return status;
  pass_over(metrics);
  return VS_OK;
}

static vs_status compute_end_slope(vs_metrics *metrics, size_t row, double *value) {
  vs_status status = need_traces(metrics);
  if (status == VS_OK) *value = metrics->converged[row].end_slope;
  return status;
}

static vs_status compute_steps_to_95(vs_metrics *metrics, size_t row, double *value) {
  vs_status status = need_traces(metrics);
  if (status == VS_OK) *value = metrics->converged[row].steps_to_95;
  return status;
}

/* --- the table -------------------------------------------------------------------------------- */

static const vs_metric table[] = {
    {"exc_gain", "shares of 1",
     "(exc_eval of the baseline - exc_eval) / |exc_eval of the baseline|; positive: more excited "
     "than without style regularization",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_exc_gain},
    {"effect", "",
     "1 - SSIM of the final image and the baseline's, on luma (Wang et al. 2004, Gaussian 11 x 11, "
     "sd 1.5); 0: the same picture. Reads every picture",
     VS_HIGHER_IS_BETTER, VS_METRIC_PICTURES, true, false, compute_effect},
    {"coverage", "shares of 1",
     "pixels that are ink: CIE 1976 colour difference to white paper above 30", VS_LOWER_IS_BETTER,
     VS_METRIC_COLUMNS, false, false, compute_coverage},
    {"style_dist", "",
     "style_eval: distance of the Gram matrices to the style's, mean over the fixed views, not "
     "multiplied by lambda",
     VS_LOWER_IS_BETTER, VS_METRIC_COLUMNS, false, false, compute_style_dist},
    {"style_gain", "shares of 1",
     "(style_eval of the baseline - style_eval) / |style_eval of the baseline|; positive: closer "
     "to the style than without style regularization",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_style_gain},
    {"likeness", "shares of 1",
     "log(style_eval of the baseline / style_eval) / log(style_eval of the baseline / "
     "style_floor): the way from the baseline to the style that the picture has come; 1: as near "
     "as the style image's own crops",
     VS_NO_DIRECTION, VS_METRIC_COLUMNS, true, false, compute_likeness},
    {"collapse", "",
     "max(min(likeness / 0.9, lost / 0.3), min(likeness / 0.45, lost / 0.7)), lost = -exc_gain, "
     "none below 0: how near the picture is to what the eye takes for the style's; from 1 on it "
     "is. Where likeness is unknown, as in results of format 4 and older: lost / 0.7",
     VS_LOWER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_collapse},
    {"effect_gram", "shares of 1",
     "|G - G of the baseline| / |G of the baseline|, G the Gram matrix of the final picture at "
     "gram_tap, a tap outside the loss, by its sketch (within about 9%); 0: the same picture",
     VS_HIGHER_IS_BETTER, VS_METRIC_SKETCHES, true, false, compute_effect_gram},
    {"edge_density", "shares of 1",
     "pixels where luma changes by more than a tenth of its range from one pixel to the next",
     VS_LOWER_IS_BETTER, VS_METRIC_COLUMNS, false, false, compute_edge_density},
    {"zscore", "sd",
     "(the lower of pre_paper and pre_random_mean - pre_eval) / pre_random_sd: excitation above "
     "blank paper and random pictures, before the ReLU, where no channel sleeps; compares layers. "
     "Results of format 3: by exc_eval and its like, unknown where the channel sleeps on all of "
     "these",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, false, false, compute_zscore},
    {"end_slope", "shares of 1",
     "slope of the loss (trace/total) over the last fifth of the steps, by least squares, times "
     "their number, as a share of its whole range; near 0: converged, negative: still falling",
     VS_NO_DIRECTION, VS_METRIC_TRACES, false, false, compute_end_slope},
    {"steps_to_95", "steps",
     "first logged step at which the loss (trace/total) has fallen by 95% of its fall from the "
     "start to its lowest value",
     VS_LOWER_IS_BETTER, VS_METRIC_TRACES, false, false, compute_steps_to_95},
    {"ink_saved", "shares of 1",
     "share of the baseline's ink that is saved: of coverage; of a drawing what saves most of "
     "coverage, drawn_mm and minutes",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_ink_saved},
    {"merit", "",
     "ink_saved * kept, kept = 1 + exc_gain in 0..2 the share of the excitation that is left: ink "
     "saved for little excitation. 0 where nothing happened and near 0 where all is lost; below 0, "
     "ink_saved * (2 - kept), where there is more ink",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_merit},
    {"paper_gain", "shares of 1",
     "paper - paper of the baseline, paper the share of pixels that look like white paper (CIE "
     "1976 "
     "colour difference to white of 10 at most)",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_paper_gain},
    {"paleness", "shares of 1",
     "(ink of the baseline - ink) / ink of the baseline, ink the mean colour difference of all "
     "pixels to white paper",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, false, compute_paleness},
    {"plot_gain", "shares of 1",
     "(minutes of the baseline - minutes) / minutes of the baseline; positive: plotted in less "
     "time "
     "than without style regularization",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, true, compute_plot_gain},
    {"line_saved", "mm", "drawn_mm of the baseline - drawn_mm: line that need not be drawn",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, true, true, compute_line_saved},
    {"kept_quantized", "shares of 1",
     "1 + (exc_free - exc_quantized) / |exc_free|: of the excitation with free colours what is "
     "left "
     "with the colours of pens; 1: all, above 1: more",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, false, true, compute_kept_quantized},
    {"kept_refined", "shares of 1",
     "1 + (exc_free - exc_refined) / |exc_free|: the same once the drawing was refined with these "
     "pens",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, false, true, compute_kept_refined},
    {"kept_plotted", "shares of 1",
     "1 + (exc_free - exc_plotted) / |exc_free|: the same of the drawing as it will be plotted, in "
     "the pens' own colours and widths; exc_eval in place of exc_free where the canvas grew "
     "(multiscale)",
     VS_HIGHER_IS_BETTER, VS_METRIC_COLUMNS, false, true, compute_kept_plotted},
};

#define METRICS (sizeof table / sizeof table[0])

const vs_metric *vs_metric_table(size_t *count) {
  *count = METRICS;
  return table;
}

const vs_metric *vs_metric_find(const char *name) {
  for (size_t i = 0; i < METRICS; i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}

/* --- groups ----------------------------------------------------------------------------------- */

static bool is_baseline(const vs_row *row) {
  return row->status == VS_RUN_DONE && vs_groups_weight(row) == 0.0;
}

/* Of equal ones the first is taken. */
static void find_baseline(vs_metrics *metrics, const size_t *members, size_t count) {
  size_t baseline = NO_ROW;
  for (size_t i = count; i-- > 0;)
    if (is_baseline(vs_results_row(metrics->results, members[i]))) baseline = members[i];
  for (size_t i = 0; i < count; i++) metrics->baseline[members[i]] = baseline;
}

static vs_status look_at_groups(vs_metrics *metrics) {
  vs_groups groups;
  vs_status status = vs_groups_init(&groups, metrics->results);
  if (status != VS_OK) return status;
  for (size_t i = 0; i < groups.count; i++)
    find_baseline(metrics, groups.rows + groups.first[i], groups.first[i + 1] - groups.first[i]);
  vs_groups_clear(&groups);
  return VS_OK;
}

/* --- the figures ------------------------------------------------------------------------------ */

vs_status vs_metrics_new(vs_metrics **out, const vs_results *results) {
  *out = NULL;
  vs_status status;
  size_t count = vs_results_count(results);
  vs_metrics *metrics = calloc(1, sizeof *metrics);
  if (metrics == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for figures of %zu runs", count);
  metrics->results = results;
  metrics->count = count;
  metrics->run_picture.row = metrics->baseline_picture.row = NO_ROW;
  metrics->baseline = calloc(count + 1, sizeof *metrics->baseline);
  metrics->figures = calloc((count + 1) * METRICS, sizeof *metrics->figures);
  metrics->known = calloc((count + 1) * METRICS, sizeof *metrics->known);
  if (metrics->baseline == NULL || metrics->figures == NULL || metrics->known == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for figures of %zu runs", count);
    goto done;
  }
  status = look_at_groups(metrics);
  if (status != VS_OK) goto done;
  *out = metrics;
  metrics = NULL;
done:
  vs_metrics_free(metrics);
  return status;
}

void vs_metrics_free(vs_metrics *metrics) {
  if (metrics == NULL) return;
  free(metrics->baseline);
  free(metrics->figures);
  free(metrics->known);
  free(metrics->sketches);
  free(metrics->converged);
  vs_figure_cache_free(metrics->effects);
  free(metrics->run_picture.rgb);
  free(metrics->baseline_picture.rgb);
  free(metrics);
}

/* A damaged array is no reason to know nothing of all the other runs. Said once. */
static void pass_over(vs_metrics *metrics) {
  if (metrics->passed_over++ == 0)
    vs_log(VS_LOG_WARNING,
           "%s; figures that need it are shown as unknown. Take the file from a backup, or compute "
           "its runs again into another folder (run --out)",
           vs_status_message());
}

vs_status vs_metrics_get(vs_metrics *metrics, const vs_metric *metric, size_t row, double *value) {
  assert(row < metrics->count && metric >= table && metric < table + METRICS);
  size_t at = (size_t)(metric - table) * metrics->count + row;
  if (!metrics->known[at]) {
    double figure = NAN;
    if (vs_results_row(metrics->results, row)->status == VS_RUN_DONE) {
      vs_status status = metric->compute(metrics, row, &figure);
      if (status == VS_ERR_IO || status == VS_ERR_FORMAT) {
        pass_over(metrics);
        figure = NAN;
      } else if (status != VS_OK) {
        return vs_status_context(status, "%s", metric->name);
      }
    }
    metrics->figures[at] = figure;
    metrics->known[at] = true;
  }
  *value = metrics->figures[at];
  return VS_OK;
}

size_t vs_metrics_baseline(const vs_metrics *metrics, size_t row) {
  assert(row < metrics->count);
  return metrics->baseline[row];
}

void vs_metrics_keep(vs_metrics *metrics) {
  vs_figure_cache_save(metrics->effects);
}

const vs_results *vs_metrics_results(const vs_metrics *metrics) {
  return metrics->results;
}
