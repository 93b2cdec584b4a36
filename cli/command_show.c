/* command_show.c - `show`: everything that is known of one run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/columns.h"
#include "analysis/metrics/figure_text.h"
#include "analysis/rank/listing.h"
#include "analysis/report/drawing_facts.h"
#include "analysis/verdict/verdict.h"
#include "cli/common_options.h"
#include "core/base/json.h"
#include "core/image/color.h"
#include "core/plot/plot.h"
#include "core/svg/svg_color.h"
#include "sweeps/store/results.h"

typedef struct trace_values {
  int *steps;
  float *values;
  int count;
} trace_values;

typedef struct run_record {
  const vs_results *results;
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  size_t row;
  char *spec;                 /* canonical JSON */
  vs_results_drawing drawing; /* zeroed: it is a picture */
  trace_values traces[VS_TRACE_COUNT];
} run_record;

static vs_status read_record(const vs_results *results, size_t row, const vs_verdict_rules *rules,
                             run_record *record) {
  *record = (run_record){.results = results, .row = row};
  vs_status status = vs_metrics_new(&record->metrics, results);
  if (status == VS_OK) status = vs_verdicts_new(&record->verdicts, record->metrics, rules);
  if (status == VS_OK) status = vs_results_read_spec(results, row, &record->spec);
  for (int i = 0; i < VS_TRACE_COUNT && status == VS_OK; i++) {
    trace_values *trace = &record->traces[i];
    status = vs_results_read_trace(results, row, (vs_trace)i, &trace->steps, &trace->values,
                                   &trace->count);
  }
  if (status == VS_OK && vs_results_row(results, row)->strokes > 0)
    status = vs_results_read_drawing(results, row, &record->drawing);
  return status;
}

static void clear_record(run_record *record) {
  for (int i = 0; i < VS_TRACE_COUNT; i++) {
    free(record->traces[i].steps);
    free(record->traces[i].values);
  }
  free(record->spec);
  vs_results_clear_drawing(&record->drawing);
  vs_verdicts_free(record->verdicts);
  vs_metrics_free(record->metrics);
}

/* --- text ------------------------------------------------------------------------------------- */

enum { SPARK_WIDTH = 60 };

/* A silent channel's exc_loss is minus a sum of zeros: -0, which is 0 to people. */
static double unsigned_zero(double value) {
  return value + 0.0;
}

/* Lowest and highest finite value; false if there is none. */
static bool range_of(const trace_values *trace, double *low, double *high) {
  *low = INFINITY;
  *high = -INFINITY;
  for (int i = 0; i < trace->count; i++) {
    if (!isfinite(trace->values[i])) continue;
    *low = fmin(*low, trace->values[i]);
    *high = fmax(*high, trace->values[i]);
  }
  return *low <= *high;
}

/* A line of blocks as high as the values: lowest to highest, blank where nothing is finite. */
static void print_sparkline(const trace_values *trace) {
  static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low, high;
  if (!range_of(trace, &low, &high)) {
    printf("(no finite values)");
    return;
  }
  int width = trace->count < SPARK_WIDTH ? trace->count : SPARK_WIDTH;
  for (int column = 0; column < width; column++) {
    double value = trace->values[(int64_t)column * trace->count / width];
    double share = high > low ? (value - low) / (high - low) : 0;
    printf("%s", isfinite(value) ? blocks[(int)(7 * share + 0.5)] : " ");
  }
}

static void print_trace(const run_record *record, vs_trace which) {
  const trace_values *trace = &record->traces[which];
  if (trace->count == 0) return;
  printf("%-12s", vs_run_trace_names[which]);
  print_sparkline(trace);
  printf("  %.6g -> %.6g\n", unsigned_zero(trace->values[0]),
         unsigned_zero(trace->values[trace->count - 1]));
}

/* What is compared with what: "win: exc_eval ...", and of several seeds their mean. */
static void print_verdict(const run_record *record) {
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(record->verdicts, record->row, reason);
  printf("verdict     %s\n", reason);
  const vs_case *c =
      vs_verdicts_get_case(record->verdicts, vs_verdicts_case(record->verdicts, record->row));
  if (c->seeds < 2 || !isfinite(c->gain_mean)) return;
  printf("%d seeds     %s; exc_gain %s", c->seeds, vs_verdict_name(c->verdict),
         vs_figure_text_as("%+.1f%%", 100.0 * c->gain_mean).text);
  if (isfinite(c->gain_low))
    printf(" (%s to %s)", vs_figure_text_as("%+.1f%%", 100.0 * c->gain_low).text,
           vs_figure_text_as("%+.1f%%", 100.0 * c->gain_high).text);
  putchar('\n');
}

/* "style_dist  12.5", or a line where there is none; shares in percent, as `rank` shows them. */
static void print_figure(const char *name, double value, const char *unit) {
  if (!isfinite(value))
    printf("  %-14s -\n", name);
  else if (strcmp(unit, "shares of 1") == 0)
    printf("  %-14s %s\n", name, vs_figure_text_as("%.1f%%", 100.0 * value).text);
  else
    printf("  %-14s %.6g%s%s\n", name, unsigned_zero(value), unit[0] != '\0' ? " " : "", unit);
}

static vs_status print_metrics(const run_record *record) {
  size_t count = 0;
  const vs_metric *table = vs_metric_table(&count);
  printf("\nmetrics\n");
  for (size_t i = 0; i < count; i++) {
    double value = NAN;
    if (table[i].of_drawings && record->drawing.drawing == NULL) continue;
    vs_status status = vs_metrics_get(record->metrics, &table[i], record->row, &value);
    if (status != VS_OK) return status;
    print_figure(table[i].name, value, table[i].unit);
  }
  return VS_OK;
}

/* --- of a drawing ------------------------------------------------------------------------------
 */

static void print_stage(const run_record *record, vs_drawing_stage stage, double exc,
                        const char *kept) {
  double share = 1.0;
  if (isnan(exc)) return;
  if (kept != NULL &&
      vs_metrics_get(record->metrics, vs_metric_find(kept), record->row, &share) != VS_OK)
    share = NAN;
  printf("  %-12s %14.6g", vs_drawing_facts_stage_name(stage), unsigned_zero(exc));
  if (isfinite(share)) printf("   %s", vs_figure_text_as("%5.1f%%", 100.0 * share).text);
  putchar('\n');
}

static void print_stages(const run_record *record) {
  const vs_row *run = vs_results_row(record->results, record->row);
  printf("\nstages               exc_eval     kept\n");
  print_stage(record, VS_DRAWING_FREE, run->exc_free, NULL);
  print_stage(record, VS_DRAWING_QUANTIZED, run->exc_quantized, "kept_quantized");
  print_stage(record, VS_DRAWING_REFINED, run->exc_refined, "kept_refined");
  if (vs_row_exc_unplotted(run) != run->exc_free)
    print_stage(record, VS_DRAWING_ENLARGED, run->exc_eval, NULL);
  print_stage(record, VS_DRAWING_PLOTTED, run->exc_plotted, "kept_plotted");
}

static void print_pens(const vs_results_drawing *stored) {
  int strokes[VS_MAX_PENS];
  vs_drawing_facts_count_by_pen(stored, strokes);
  for (int i = 0; i < stored->pens.count; i++) {
    const vs_pen *pen = &stored->pens.pens[i];
    char color[VS_COLOR_HEX];
    vs_color_hex(pen->color, color);
    printf("  %2d  %s  %4.2f mm  %5d stroke%s  ", i + 1, color, pen->width_mm, strokes[i],
           strokes[i] == 1 ? " " : "s");
    vs_listing_put_plain(pen->name, stdout);
    puts(vs_plot_is_paper(pen->color, stored->drawing->paper) ? ", the paper's colour: not plotted"
                                                              : "");
  }
}

/* What the best strokes alone are worth. */
static void print_budget(const vs_results_drawing *stored) {
  enum { MOST = 8 };
  int steps[MOST];
  int count = vs_drawing_facts_budget_steps(stored, MOST, steps);
  printf("\nbest strokes ");
  for (int i = 0; i < count; i++) printf(" %6d", steps[i]);
  printf("\nexcitation   ");
  for (int i = 0; i < count; i++) {
    double share = vs_drawing_facts_budget_share(stored, steps[i]);
    if (isfinite(share))
      printf(" %s", vs_figure_text_as("%5.1f%%", 100.0 * share).text);
    else
      printf(" %6s", "-");
  }
  putchar('\n');
}

static void print_drawing(const run_record *record) {
  const vs_row *run = vs_results_row(record->results, record->row);
  char paper[VS_COLOR_HEX];
  vs_color_hex(record->drawing.drawing->paper, paper);
  print_stages(record);
  printf("\ndrawing      %d strokes on paper %s, %d pen%s\n", run->strokes, paper, run->pens,
         run->pens == 1 ? "" : "s");
  print_pens(&record->drawing);
  printf("plot         %.2f m drawn, %.2f m travelled, %.0f lifts, %.1f min\n",
         run->drawn_mm / 1000.0, run->travel_mm / 1000.0, run->lifts, run->minutes);
  print_budget(&record->drawing);
}

static void print_axes(const run_record *record) {
  for (size_t axis = 0; axis < vs_results_axis_count(record->results); axis++) {
    vs_axis_value value;
    vs_results_axis_value(record->results, record->row, axis, &value);
    printf("%-11s %s\n", vs_results_axis(record->results, axis)->name, value.text);
  }
}

/* Prints the number that begins at `at` and returns how long it is. The canonical form has 17
 * digits of everything that is not whole; people get as few as read back the same. */
static size_t print_number(const char *at) {
  size_t length = strspn(at, "0123456789+-.eE");
  if (strcspn(at, ".eE") >= length) return (size_t)printf("%.*s", (int)length, at);
  double value = strtod(at, NULL);
  char text[32];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value) break;
  }
  printf("%s", text);
  return length;
}

/* The spec is an object in one line of JSON; shown with a line for each key. */
static void print_spec(const char *spec) {
  int depth = 0;
  bool in_string = false, escaped = false;
  for (const char *at = spec; *at != '\0'; at++) {
    if (*at == '"' && !escaped) in_string = !in_string;
    escaped = in_string && *at == '\\' && !escaped;
    if (!in_string && (*at == '{' || *at == '[')) depth++;
    if (!in_string && (*at == '}' || *at == ']')) depth--;
    if (!in_string && (*at == '-' || (*at >= '0' && *at <= '9')))
      at += print_number(at) - 1;
    else if (!in_string && depth == 1 && *at == '{')
      printf("  ");
    else if (!in_string && depth == 1 && *at == ',')
      printf("\n  ");
    else if (depth == 0)
      printf("\n");
    else
      putchar(*at);
  }
}

static vs_status print_text(const run_record *record) {
  const vs_row *run = vs_results_row(record->results, record->row);
  printf("run         %s, group %s\n", run->id, run->group);
  printf("what        %s channel %d, lambda %g", run->layer, run->channel, run->lambda);
  if (isfinite(run->rho)) printf(" (rho %g)", run->rho);
  if (isfinite(run->strength)) printf(" (strength %g)", run->strength);
  printf(", seed %llu\n", (unsigned long long)run->seed);
  print_axes(record);
  printf("image       %d x %d, %s\n", run->width, run->height,
         vs_param_words[run->parametrization]);
  printf("outcome     %s after %d steps, %.1f s on %s (rank %d)\n",
         vs_run_outcome_words[run->status], run->steps, run->seconds, run->host, run->rank);
  print_verdict(record);
  printf("\n             %14s %14s %14s\n", "first", "final", "eval");
  printf("exc_loss     %14.6g %14.6g %14.6g\n", unsigned_zero(run->exc_first),
         unsigned_zero(run->exc_final), unsigned_zero(run->exc_eval));
  printf("style_dist   %14.6g %14.6g %14.6g\n", run->style_first, run->style_final,
         run->style_eval);
  if (isfinite(run->exc_style))
    printf("references   %.6g style image, %.6g paper, %.6g +- %.6g random pictures\n",
           unsigned_zero(run->exc_style), unsigned_zero(run->exc_paper),
           unsigned_zero(run->exc_random_mean), run->exc_random_sd);
  if (record->drawing.drawing != NULL) print_drawing(record);
  vs_status status = print_metrics(record);
  if (status != VS_OK) return status;
  const trace_values *steps = &record->traces[VS_TRACE_EXC_LOSS];
  if (steps->count > 0)
    printf("\nsteps %d to %d\n", steps->steps[0], steps->steps[steps->count - 1]);
  print_trace(record, VS_TRACE_EXC_LOSS);
  print_trace(record, VS_TRACE_STYLE_DIST);
  printf("\nspec\n");
  print_spec(record->spec);
  return VS_OK;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void print_json_column(vs_json *json, const vs_row *run, const vs_column *column) {
  if (vs_row_holds_text(column))
    vs_json_text(json, column->name, vs_row_text(run, column));
  else if (column->kind == VS_COLUMN_UNSIGNED)
    vs_json_unsigned(json, column->name, vs_row_whole(run, column));
  else if (column->kind == VS_COLUMN_INTEGER)
    vs_json_integer(json, column->name, (int64_t)vs_row_number(run, column));
  else
    vs_json_number(json, column->name, vs_row_number(run, column));
}

/* Pens are told by "drawing"; the others are of the file rather than of the run. */
static bool is_left_out(const vs_column *column) {
  static const char *const names[] = {"pens", "finished", "param_count"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(column->name, names[i]) == 0) return true;
  return false;
}

static void print_json_row(vs_json *json, const vs_row *run) {
  const vs_column *columns[VS_ROW_MAX_COLUMNS];
  const size_t count = vs_columns_listed(columns);
  for (size_t i = 0; i < count; i++)
    if (!is_left_out(columns[i])) print_json_column(json, run, columns[i]);
}

static void print_json_verdict(vs_json *json, const run_record *record) {
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(record->verdicts, record->row, reason);
  vs_json_text(json, "verdict", vs_verdict_name(vs_verdicts_of(record->verdicts, record->row)));
  vs_json_text(json, "reason", reason);
}

static void print_json_axes(vs_json *json, const run_record *record) {
  vs_json_open(json, "axes", '{');
  for (size_t i = 0; i < vs_results_axis_count(record->results); i++) {
    const vs_axis *axis = vs_results_axis(record->results, i);
    vs_axis_value value;
    vs_results_axis_value(record->results, record->row, i, &value);
    if (axis->is_number)
      vs_json_number(json, axis->name, value.number);
    else
      vs_json_text(json, axis->name, value.text);
  }
  vs_json_close(json);
}

static void print_json_traces(vs_json *json, const run_record *record) {
  const trace_values *first = &record->traces[0];
  vs_json_open(json, "trace", '{');
  vs_json_open(json, "step", '[');
  for (int i = 0; i < first->count; i++) vs_json_integer(json, NULL, first->steps[i]);
  vs_json_close(json);
  for (int which = 0; which < VS_TRACE_COUNT; which++) {
    const trace_values *trace = &record->traces[which];
    vs_json_open(json, vs_run_trace_names[which], '[');
    for (int i = 0; i < trace->count; i++) vs_json_number(json, NULL, trace->values[i]);
    vs_json_close(json);
  }
  vs_json_close(json);
}

static vs_status print_json(const run_record *record) {
  size_t count = 0;
  const vs_metric *table = vs_metric_table(&count);
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  print_json_row(&json, vs_results_row(record->results, record->row));
  print_json_verdict(&json, record);
  print_json_axes(&json, record);
  vs_json_open(&json, "metrics", '{');
  for (size_t i = 0; i < count; i++) {
    double value = NAN;
    vs_status status = vs_metrics_get(record->metrics, &table[i], record->row, &value);
    if (status != VS_OK) return status;
    vs_json_number(&json, table[i].name, value);
  }
  vs_json_close(&json);
  if (record->drawing.drawing != NULL)
    vs_drawing_facts_print_json(&json, "drawing", &record->drawing);
  vs_json_verbatim(&json, "spec", record->spec);
  print_json_traces(&json, record);
  vs_json_close(&json);
  return VS_OK;
}

static int run(int argc, char **argv) {
  const char *path = NULL, *id = NULL, *rules_file = NULL;
  bool json = false;
  const vs_option options[] = {vs_common_option_verdicts(&rules_file),
                               vs_common_option_json(&json)};
  const vs_command_line line = {&vs_command_show, {&path, &id}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  vs_results *results = NULL;
  run_record record = {0};
  size_t row = 0;
  vs_verdict_rules rules = vs_verdict_rules_default();
  vs_status status = VS_OK;
  if (rules_file != NULL) status = vs_verdict_rules_read(&rules, rules_file);
  if (status == VS_OK) status = vs_results_open(&results, path);
  if (status == VS_OK) status = vs_results_find(results, id, &row);
  if (status == VS_OK) status = read_record(results, row, &rules, &record);
  if (status == VS_OK) status = json ? print_json(&record) : print_text(&record);
  clear_record(&record);
  vs_results_close(results);
  return vs_command_fail(status);
}

const vs_command vs_command_show = {
    .name = "show",
    .purpose = "Shows one run: its verdict, figures, drawing, traces and spec",
    .arguments = {&vs_command_results_argument, &vs_command_run_argument},
    .run = run};
