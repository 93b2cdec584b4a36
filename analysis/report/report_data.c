/* The JSON of the page: the sweep, axes, columns, verdicts, cases, pictures, and what is
 * missing. */
#include "analysis/report/report_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/groups.h"
#include "analysis/report/report_columns.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/version.h"

vs_report_counts vs_report_data_count(const vs_results *results) {
  vs_report_counts counts = {.planned = vs_results_planned(results),
                             .stored = vs_results_count(results)};
  for (size_t row = 0; row < counts.stored; row++) {
    vs_outcome outcome = vs_results_row(results, row)->status;
    counts.done += outcome == VS_RUN_DONE;
    counts.diverged += outcome == VS_RUN_DIVERGED;
    counts.failed += outcome == VS_RUN_FAILED;
  }
  counts.missing = counts.planned > counts.stored ? counts.planned - counts.stored : 0;
  return counts;
}

/* --- what was run ----------------------------------------------------------------------------- */

/* The program is the one that computed the runs. */
static void print_heading(vs_json *json, const vs_results *results) {
  static const char *const plain[] = {"name", "sweep", "created", "finished"};
  vs_json_unsigned(json, "format", 1);
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    vs_json_text(json, plain[i], vs_results_attribute(results, plain[i]));
  char now[VS_UTC_TEXT];
  vs_clock_utc(now);
  vs_json_text(json, "generated", now);
  vs_json_open(json, "program", '{');
  vs_json_text(json, "version", vs_results_attribute(results, "program_version"));
  vs_json_text(json, "commit", vs_results_attribute(results, "program_commit"));
  vs_json_close(json);
  vs_json_open(json, "weights", '{');
  vs_json_text(json, "family", vs_results_attribute(results, "weights_family"));
  vs_json_text(json, "sha256", vs_results_attribute(results, "weights_sha256"));
  vs_json_text(json, "name", vs_report_data_weights_name(results));
  vs_json_close(json);
}

const char *vs_report_data_weights_name(const vs_results *results) {
  const char *file = vs_results_attribute(results, "weights_file");
  const char *sha256 = vs_results_attribute(results, "weights_sha256");
  const char *word = sha256 != NULL ? vs_weights_known_name(sha256) : NULL;
  if (file == NULL || file[0] == '\0') return word;
  const char *slash = strrchr(file, '/');
  return slash != NULL ? slash + 1 : file;
}

static void print_counts(vs_json *json, const vs_results *results) {
  vs_report_counts counts = vs_report_data_count(results);
  vs_json_open(json, "counts", '{');
  vs_json_unsigned(json, "planned", counts.planned);
  vs_json_unsigned(json, "stored", counts.stored);
  vs_json_unsigned(json, "done", counts.done);
  vs_json_unsigned(json, "diverged", counts.diverged);
  vs_json_unsigned(json, "failed", counts.failed);
  vs_json_unsigned(json, "missing", counts.missing);
  vs_json_close(json);
}

/* --- verdicts --------------------------------------------------------------------------------- */

static void print_verdicts(vs_json *json, const vs_report_parts *parts) {
  vs_json_open(json, "verdicts", '[');
  for (int v = 0; v < VS_VERDICT_COUNT; v++) {
    char rule[VS_VERDICT_RULE];
    vs_verdict_rules_text((vs_verdict)v, vs_verdicts_rules(parts->verdicts), rule);
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "name", vs_verdict_name((vs_verdict)v));
    vs_json_text(json, "meaning", vs_verdict_meaning((vs_verdict)v));
    vs_json_text(json, "rule", rule);
    vs_json_unsigned(json, "count", vs_verdicts_count_of(parts->verdicts, (vs_verdict)v));
    vs_json_close(json);
  }
  vs_json_close(json);
}

/* What the verdicts say of each row: its verdict, reason, baseline and case. */
static void print_judgements(vs_json *json, const vs_report_parts *parts) {
  size_t count = vs_results_count(parts->results);
  vs_json_open(json, "baseline", '[');
  for (size_t row = 0; row < count; row++) {
    size_t baseline = vs_metrics_baseline(parts->metrics, row);
    vs_json_integer(json, NULL, baseline < count ? (int64_t)baseline : -1);
  }
  vs_json_close(json);
  vs_json_open(json, "case", '[');
  for (size_t row = 0; row < count; row++)
    vs_json_unsigned(json, NULL, vs_verdicts_case(parts->verdicts, row));
  vs_json_close(json);
  vs_json_open(json, "verdict", '[');
  for (size_t row = 0; row < count; row++)
    vs_json_integer(json, NULL, (int64_t)vs_verdicts_of(parts->verdicts, row));
  vs_json_close(json);
  vs_json_open(json, "reason", '[');
  for (size_t row = 0; row < count; row++) {
    char reason[VS_VERDICT_REASON];
    vs_verdict_reason(parts->verdicts, row, reason);
    vs_json_text(json, NULL, reason);
  }
  vs_json_close(json);
}

/* A member of vs_case over all cases. */
static void print_case_wholes(vs_json *json, const char *name, const vs_verdicts *verdicts,
                              int (*member)(const vs_case *)) {
  vs_json_open(json, name, '[');
  for (size_t i = 0; i < vs_verdicts_case_count(verdicts); i++)
    vs_json_integer(json, NULL, member(vs_verdicts_get_case(verdicts, i)));
  vs_json_close(json);
}

static void print_case_figures(vs_json *json, const char *name, const vs_verdicts *verdicts,
                               double (*member)(const vs_case *)) {
  vs_json_open(json, name, '[');
  for (size_t i = 0; i < vs_verdicts_case_count(verdicts); i++)
    vs_json_figure(json, NULL, member(vs_verdicts_get_case(verdicts, i)));
  vs_json_close(json);
}

static int verdict_of(const vs_case *one) {
  return (int)one->verdict;
}
static int seeds_of(const vs_case *one) {
  return one->seeds;
}
static int agreeing_of(const vs_case *one) {
  return one->agreeing;
}
static double mean_of(const vs_case *one) {
  return one->gain_mean;
}
static double low_of(const vs_case *one) {
  return one->gain_low;
}
static double high_of(const vs_case *one) {
  return one->gain_high;
}

static void print_cases(vs_json *json, const vs_verdicts *verdicts) {
  vs_json_open(json, "cases", '{');
  print_case_wholes(json, "verdict", verdicts, verdict_of);
  print_case_wholes(json, "seeds", verdicts, seeds_of);
  print_case_wholes(json, "agreeing", verdicts, agreeing_of);
  print_case_figures(json, "gain_mean", verdicts, mean_of);
  print_case_figures(json, "gain_low", verdicts, low_of);
  print_case_figures(json, "gain_high", verdicts, high_of);
  vs_json_close(json);
}

static void print_headlines(vs_json *json, const vs_report_parts *parts) {
  vs_json_open(json, "headlines", '[');
  for (size_t i = 0; i < parts->headline_count; i++) {
    vs_json_open(json, NULL, '{');
    vs_json_integer(json, "verdict", (int64_t)parts->headlines[i].verdict);
    vs_json_unsigned(json, "row", parts->headlines[i].row);
    vs_json_close(json);
  }
  vs_json_close(json);
}

static void print_rows(vs_json *json, const char *name, const size_t *rows, size_t count) {
  vs_json_open(json, name, '[');
  for (size_t i = 0; i < count; i++) vs_json_unsigned(json, NULL, rows[i]);
  vs_json_close(json);
}

static void print_channels(vs_json *json, const vs_rank_channels *channels) {
  vs_json_open(json, "channels", '{');
  print_rows(json, "excited", channels->excited, channels->excited_count);
  print_rows(json, "different", channels->different, channels->different_count);
  vs_json_close(json);
}

static void print_shares(vs_json *json, const vs_report_parts *parts) {
  vs_json_open(json, "shares", '[');
  for (size_t i = 0; i < parts->share_count; i++) {
    const vs_share *share = &parts->shares[i];
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "layer", share->layer);
    vs_json_number(json, "weight", share->weight);
    vs_json_open(json, "counts", '[');
    for (int v = 0; v < VS_VERDICT_COUNT; v++) vs_json_unsigned(json, NULL, share->counts[v]);
    vs_json_close(json);
    vs_json_close(json);
  }
  vs_json_close(json);
}

static void print_axis_value(vs_json *json, const vs_axis *axis, const vs_axis_value *value) {
  if (axis->is_number)
    vs_json_number(json, axis->name, value->number);
  else
    vs_json_text(json, axis->name, value->text);
}

static vs_status print_brackets(vs_json *json, const vs_report_parts *parts) {
  vs_bracket *brackets = NULL;
  size_t count = 0;
  vs_status status = vs_verdict_summary_brackets(parts->verdicts, &brackets, &count);
  vs_json_open(json, "collapse", '[');
  for (size_t i = 0; i < count; i++) {
    const vs_row *row = vs_results_row(parts->results, brackets[i].first);
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "layer", row->layer);
    vs_json_integer(json, "channel", row->channel);
    vs_json_unsigned(json, "seed", row->seed);
    vs_json_open(json, "axes", '{');
    for (size_t a = 0; a < vs_results_axis_count(parts->results); a++) {
      vs_axis_value value;
      vs_results_axis_value(parts->results, brackets[i].first, a, &value);
      print_axis_value(json, vs_results_axis(parts->results, a), &value);
    }
    vs_json_close(json);
    vs_json_number(json, "below", brackets[i].below);
    vs_json_number(json, "above", brackets[i].above);
    vs_json_figure(json, "estimate", brackets[i].estimate);
    vs_json_figure(json, "lambda", brackets[i].lambda);
    vs_json_figure(json, "strength", brackets[i].strength);
    vs_json_close(json);
  }
  vs_json_close(json);
  free(brackets);
  return status;
}

/* --- pictures and traces ---------------------------------------------------------------------- */

static void print_integers(vs_json *json, const char *name, const int *values, size_t count) {
  vs_json_open(json, name, '[');
  for (size_t i = 0; i < count; i++) vs_json_integer(json, NULL, values[i]);
  vs_json_close(json);
}

static void print_thumbnails(vs_json *json, const vs_report_layout *layout, size_t count) {
  vs_json_open(json, "thumbnail", '{');
  vs_json_integer(json, "side", VS_REPORT_THUMBNAIL);
  vs_json_integer(json, "columns", layout->columns);
  vs_json_integer(json, "rows", layout->rows);
  print_integers(json, "sheet", layout->sheet, count);
  print_integers(json, "cell", layout->cell, count);
  vs_json_close(json);
}

/* One number where all pictures are alike. */
static void print_side(vs_json *json, const char *name, const vs_results *results,
                       int (*side)(const vs_row *)) {
  size_t count = vs_results_count(results);
  bool alike = true;
  for (size_t row = 1; row < count; row++)
    alike &= side(vs_results_row(results, row)) == side(vs_results_row(results, 0));
  if (alike) {
    vs_json_integer(json, name, count > 0 ? side(vs_results_row(results, 0)) : 0);
    return;
  }
  vs_json_open(json, name, '[');
  for (size_t row = 0; row < count; row++)
    vs_json_integer(json, NULL, side(vs_results_row(results, row)));
  vs_json_close(json);
}

static int height_of(const vs_row *row) {
  return row->height;
}
static int width_of(const vs_row *row) {
  return row->width;
}

static void print_pictures(vs_json *json, const vs_report_parts *parts) {
  size_t count = vs_results_count(parts->results);
  print_thumbnails(json, parts->layout, count);
  vs_json_open(json, "picture", '{');
  print_side(json, "height", parts->results, height_of);
  print_side(json, "width", parts->results, width_of);
  vs_json_close(json);
  const vs_report_pictures *pictures = parts->pictures;
  vs_json_open(json, "snapshots", '{');
  print_integers(json, "steps", pictures->steps, (size_t)pictures->step_count);
  vs_json_open(json, "taken", '[');
  for (size_t row = 0; row < count; row++) vs_json_unsigned(json, NULL, pictures->taken[row]);
  vs_json_close(json);
  vs_json_close(json);
}

static void print_marked_rows(vs_json *json, const char *name, const bool *marks, size_t count) {
  vs_json_open(json, name, '[');
  for (size_t row = 0; row < count; row++)
    if (marks[row]) vs_json_unsigned(json, NULL, row);
  vs_json_close(json);
}

static void print_drawings(vs_json *json, const vs_report_parts *parts) {
  size_t count = vs_results_count(parts->results);
  vs_json_open(json, "drawings", '{');
  print_marked_rows(json, "svg", parts->drawings->is_written, count);
  print_marked_rows(json, "plotted", parts->drawings->is_plotted, count);
  vs_json_close(json);
}

static void print_traces(vs_json *json, const vs_report_chunks *chunks) {
  vs_json_open(json, "traces", '{');
  vs_json_open(json, "names", '[');
  for (int t = 0; t < VS_TRACE_COUNT; t++) vs_json_text(json, NULL, vs_run_trace_names[t]);
  vs_json_close(json);
  print_integers(json, "steps", chunks->steps, (size_t)chunks->step_count);
  vs_json_integer(json, "chunk", VS_REPORT_CHUNK);
  vs_json_close(json);
}

/* --- what is missing -------------------------------------------------------------------------- */

static void print_missing_run(vs_json *json, const vs_sweep *planned, size_t index) {
  vs_sweep_run run;
  vs_sweep_get(planned, index, &run);
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "layer", vs_vgg16_tap(run.spec.objective.tap)->name);
  vs_json_integer(json, "channel", run.spec.objective.channel);
  vs_json_number(json, "weight", vs_run_weight(&run.spec));
  vs_json_unsigned(json, "seed", run.seed);
  vs_json_open(json, "axes", '{');
  for (size_t a = 0; a < vs_sweep_axis_count(planned); a++) {
    vs_axis_value value;
    vs_sweep_get_axis(planned, index, a, &value);
    print_axis_value(json, vs_sweep_axis(planned, a), &value);
  }
  vs_json_close(json);
  vs_json_close(json);
}

/* Rows stand in the order of the grid: what lies between two of them is missing. */
static void print_gaps(vs_json *json, const vs_results *results, const vs_sweep *planned) {
  size_t next = 0, listed = 0, rows = vs_results_count(results);
  for (size_t row = 0; row <= rows && listed < VS_REPORT_MISSING; row++) {
    size_t index = vs_results_planned(results);
    if (row < rows && vs_results_row(results, row)->index < index)
      index = vs_results_row(results, row)->index;
    for (; next < index && listed < VS_REPORT_MISSING; next++, listed++)
      print_missing_run(json, planned, next);
    next = index + 1;
  }
}

/* The sweep again of which results hold some runs. */
static vs_status read_planned(vs_sweep **planned, const vs_results *results) {
  const char *form = vs_results_attribute(results, "canonical");
  vs_status status = vs_sweep_from_canonical(planned, form != NULL ? form : "");
  if (status == VS_OK && vs_sweep_count(*planned) != vs_results_planned(results))
    status = vs_fail(VS_ERR_FORMAT, "the canonical form of the sweep has another number of runs");
  return status;
}

static vs_status print_missing(vs_json *json, const vs_results *results) {
  vs_sweep *planned = NULL;
  vs_status status = VS_OK;
  vs_json_open(json, "missing", '[');
  if (vs_report_data_count(results).missing > 0) {
    status = read_planned(&planned, results);
    if (status == VS_OK) print_gaps(json, results, planned);
  }
  if (status == VS_ERR_FORMAT) {
    vs_log(VS_LOG_WARNING, "%s: missing runs are counted, but not listed", vs_status_message());
    status = VS_OK;
  }
  vs_json_close(json);
  vs_sweep_free(planned);
  return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

vs_status vs_report_data_print(const vs_report_parts *parts, FILE *out) {
  vs_json json = vs_json_begin_script(out);
  vs_json_open(&json, NULL, '{');
  print_heading(&json, parts->results);
  print_counts(&json, parts->results);
  vs_json_boolean(&json, "live", parts->live);
  vs_json_text(&json, "weight", vs_groups_weight_name_of(parts->results));
  vs_report_columns_print(&json, parts->results);
  vs_status status = vs_report_columns_print_values(&json, parts->metrics);
  if (status != VS_OK) return status;
  print_verdicts(&json, parts);
  print_judgements(&json, parts);
  print_cases(&json, parts->verdicts);
  print_headlines(&json, parts);
  print_channels(&json, parts->channels);
  print_shares(&json, parts);
  status = print_brackets(&json, parts);
  if (status != VS_OK) return status;
  print_pictures(&json, parts);
  print_drawings(&json, parts);
  print_traces(&json, parts->chunks);
  status = print_missing(&json, parts->results);
  vs_json_close(&json);
  return status;
}
