/* The columns of a report, read off the tables of stored columns and of metrics. */
#include "analysis/report/report_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/columns.h"
#include "analysis/metrics/groups.h"

/* What interests least stands last. */
static const char *const last[] = {"steps", "seconds", "rank", "host", "group"};
enum { LAST_COUNT = sizeof last / sizeof last[0] };

/* The stored columns in the order of a report: the axes stand before number axes_at, verdict and
 * metrics before number metrics_at. */
typedef struct shown {
  const vs_column *columns[VS_ROW_MAX_COLUMNS];
  size_t axes_at, metrics_at, count;
} shown;

/* Whether these results have something in a column: rho and strength are there for sweeps that
 * balance by them, failures for runs that failed. */
static bool is_used(const vs_column *column, const vs_results *results) {
  if (strcmp(column->name, "failure") == 0) {
    for (size_t row = 0; row < vs_results_count(results); row++)
      if (vs_results_row(results, row)->failure[0] != '\0') return true;
    return false;
  }
  const bool is_balance = strcmp(column->name, "rho") == 0 || strcmp(column->name, "strength") == 0;
  return !is_balance || strcmp(vs_groups_weight_name_of(results), column->name) == 0;
}

static bool is_last(const vs_column *column) {
  for (size_t i = 0; i < LAST_COUNT; i++)
    if (strcmp(last[i], column->name) == 0) return true;
  return false;
}

static bool is_identity(const vs_column *column) {
  return column->role == VS_COLUMN_IDENTITY;
}

static shown choose(const vs_results *results) {
  const vs_column *listed[VS_ROW_MAX_COLUMNS];
  const size_t count = vs_columns_listed(listed);
  const bool drawings = vs_columns_tell_of_drawings(results);
  shown s = {0};
  for (size_t i = 0; i < count; i++) {
    if (is_identity(listed[i]) && !is_last(listed[i]) && is_used(listed[i], results))
      s.columns[s.count++] = listed[i];
    if (vs_row_axes_follow(listed[i])) s.axes_at = s.count;
  }
  s.metrics_at = s.count;
  for (size_t i = 0; i < count; i++)
    if (!is_identity(listed[i]) && listed[i]->role != VS_COLUMN_DETAIL && !is_last(listed[i]) &&
        is_used(listed[i], results) && (drawings || !listed[i]->of_drawings))
      s.columns[s.count++] = listed[i];
  for (size_t i = 0; i < LAST_COUNT; i++) s.columns[s.count++] = vs_row_find_column(last[i]);
  return s;
}

static bool is_metric_shown(const vs_metric *metric, const vs_results *results) {
  return !metric->of_drawings || vs_columns_tell_of_drawings(results);
}

/* --- descriptions ----------------------------------------------------------------------------- */

static const char *direction_word(vs_direction direction) {
  if (direction == VS_HIGHER_IS_BETTER) return "higher";
  return direction == VS_LOWER_IS_BETTER ? "lower" : "none";
}

static void describe(vs_json *json, const char *group, const vs_column *column) {
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "name", column->name);
  vs_json_text(json, "kind", vs_row_holds_text(column) ? "text" : "number");
  vs_json_text(json, "unit", column->unit);
  vs_json_text(json, "direction", direction_word(column->direction));
  vs_json_text(json, "formula", column->meaning);
  vs_json_text(json, "group", group);
  vs_json_close(json);
}

static void describe_axes(vs_json *json, const vs_results *results) {
  for (size_t i = 0; i < vs_results_axis_count(results); i++) {
    const vs_axis *axis = vs_results_axis(results, i);
    const vs_column column = {.name = axis->name,
                              .kind = axis->is_number ? VS_COLUMN_REAL : VS_COLUMN_TEXT,
                              .unit = "",
                              .direction = VS_NO_DIRECTION,
                              .meaning = "a key of the sweep that varies"};
    describe(json, "axis", &column);
  }
}

static void describe_metrics(vs_json *json, const vs_results *results) {
  static const vs_column verdict = {.name = "verdict",
                                    .kind = VS_COLUMN_TEXT,
                                    .unit = "",
                                    .direction = VS_NO_DIRECTION,
                                    .meaning = "what became of the run; its reason tells why"};
  describe(json, "identity", &verdict);
  size_t count;
  const vs_metric *metrics = vs_metric_table(&count);
  for (size_t i = 0; i < count; i++) {
    const vs_metric *metric = &metrics[i];
    const vs_column column = {.name = metric->name,
                              .unit = metric->unit,
                              .direction = metric->direction,
                              .meaning = metric->formula};
    if (is_metric_shown(metric, results)) describe(json, "metric", &column);
  }
}

void vs_report_columns_print(vs_json *json, const vs_results *results) {
  const shown s = choose(results);
  vs_json_open(json, "columns", '[');
  for (size_t i = 0; i < s.count; i++) {
    if (i == s.axes_at) describe_axes(json, results);
    if (i == s.metrics_at) describe_metrics(json, results);
    describe(json, is_identity(s.columns[i]) ? "identity" : "figure", s.columns[i]);
  }
  vs_json_close(json);
}

/* --- texts ------------------------------------------------------------------------------------ */

typedef struct word {
  const char *text;
  size_t row, code;
} word;

static int by_text(const void *left, const void *right) {
  const word *a = left, *b = right;
  int order = strcmp(a->text, b->text);
  return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

static int by_row(const void *left, const void *right) {
  const word *a = left, *b = right;
  return (a->row > b->row) - (a->row < b->row);
}

/* words: one a row, in order of rows. Each gets the row of the first that is equal as its code. */
static void find_first_rows(word *words, size_t count) {
  qsort(words, count, sizeof *words, by_text);
  for (size_t i = 0; i < count; i++) {
    bool is_new = i == 0 || strcmp(words[i].text, words[i - 1].text) != 0;
    words[i].code = is_new ? words[i].row : words[i - 1].code;
  }
  qsort(words, count, sizeof *words, by_row);
}

static void print_words(vs_json *json, const char *name, word *words, size_t count) {
  find_first_rows(words, count);
  vs_json_open(json, name, '{');
  vs_json_open(json, "words", '[');
  size_t different = 0;
  for (size_t i = 0; i < count; i++) {
    if (words[i].code == i) {
      vs_json_text(json, NULL, words[i].text);
      words[i].code = different++;
    } else {
      words[i].code = words[words[i].code].code;
    }
  }
  vs_json_close(json);
  vs_json_open(json, "codes", '[');
  for (size_t i = 0; i < count; i++) vs_json_unsigned(json, NULL, words[i].code);
  vs_json_close(json);
  vs_json_close(json);
}

static word *new_words(size_t count) {
  word *words = calloc(count + 1, sizeof *words);
  for (size_t i = 0; words != NULL && i < count; i++) words[i].row = i;
  return words;
}

static vs_status print_text_column(vs_json *json, const vs_column *column,
                                   const vs_results *results) {
  size_t count = vs_results_count(results);
  word *words = new_words(count);
  if (words == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for column %s", column->name);
  for (size_t i = 0; i < count; i++)
    words[i].text = vs_row_text(vs_results_row(results, i), column);
  print_words(json, column->name, words, count);
  free(words);
  return VS_OK;
}

static vs_status print_text_axis(vs_json *json, const vs_results *results, size_t axis) {
  size_t count = vs_results_count(results);
  const char *name = vs_results_axis(results, axis)->name;
  word *words = new_words(count);
  vs_axis_value *values = calloc(count + 1, sizeof *values);
  vs_status status = words != NULL && values != NULL
                         ? VS_OK
                         : vs_fail(VS_ERR_MEMORY, "no memory for axis %s", name);
  for (size_t i = 0; status == VS_OK && i < count; i++) {
    vs_results_axis_value(results, i, axis, &values[i]);
    words[i].text = values[i].text;
  }
  if (status == VS_OK) print_words(json, name, words, count);
  free(values);
  free(words);
  return status;
}

static void print_ids(vs_json *json, const vs_results *results) {
  vs_json_open(json, "id", '[');
  for (size_t i = 0; i < vs_results_count(results); i++)
    vs_json_text(json, NULL, vs_results_row(results, i)->id);
  vs_json_close(json);
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* What identifies a run is given with every bit, figures with what the page can show. */
static void print_number_column(vs_json *json, const vs_column *column, const vs_results *results) {
  vs_json_open(json, column->name, '[');
  for (size_t i = 0; i < vs_results_count(results); i++) {
    const vs_row *row = vs_results_row(results, i);
    double number = vs_row_number(row, column);
    if (column->kind == VS_COLUMN_UNSIGNED)
      vs_json_unsigned(json, NULL, vs_row_whole(row, column));
    else if (is_identity(column))
      vs_json_number(json, NULL, number);
    else
      vs_json_figure(json, NULL, number);
  }
  vs_json_close(json);
}

static vs_status print_column(vs_json *json, const vs_column *column, const vs_results *results) {
  if (strcmp(column->name, "id") == 0)
    print_ids(json, results);
  else if (vs_row_holds_text(column))
    return print_text_column(json, column, results);
  else
    print_number_column(json, column, results);
  return VS_OK;
}

static void print_number_axis(vs_json *json, const vs_results *results, size_t axis) {
  vs_json_open(json, vs_results_axis(results, axis)->name, '[');
  for (size_t i = 0; i < vs_results_count(results); i++) {
    vs_axis_value value;
    vs_results_axis_value(results, i, axis, &value);
    vs_json_number(json, NULL, value.number);
  }
  vs_json_close(json);
}

static vs_status print_axes(vs_json *json, const vs_results *results) {
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < vs_results_axis_count(results); i++) {
    if (vs_results_axis(results, i)->is_number)
      print_number_axis(json, results, i);
    else
      status = print_text_axis(json, results, i);
  }
  return status;
}

static vs_status print_metric(vs_json *json, vs_metrics *metrics, const vs_metric *metric) {
  vs_status status = VS_OK;
  vs_json_open(json, metric->name, '[');
  size_t count = vs_results_count(vs_metrics_results(metrics));
  for (size_t i = 0; status == VS_OK && i < count; i++) {
    double value = NAN;
    status = vs_metrics_get(metrics, metric, i, &value);
    vs_json_figure(json, NULL, value);
  }
  vs_json_close(json);
  return status;
}

static vs_status print_metrics(vs_json *json, vs_metrics *metrics) {
  vs_status status = VS_OK;
  size_t count;
  const vs_metric *table = vs_metric_table(&count);
  for (size_t i = 0; status == VS_OK && i < count; i++)
    if (is_metric_shown(&table[i], vs_metrics_results(metrics)))
      status = print_metric(json, metrics, &table[i]);
  return status;
}

vs_status vs_report_columns_print_values(vs_json *json, vs_metrics *metrics) {
  const vs_results *results = vs_metrics_results(metrics);
  const shown s = choose(results);
  vs_status status = VS_OK;
  vs_json_open(json, "values", '{');
  for (size_t i = 0; status == VS_OK && i < s.count; i++) {
    if (i == s.axes_at) status = print_axes(json, results);
    if (status == VS_OK && i == s.metrics_at) status = print_metrics(json, metrics);
    if (status == VS_OK) status = print_column(json, s.columns[i], results);
  }
  vs_json_close(json);
  return status;
}
