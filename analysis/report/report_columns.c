#include "analysis/report/report_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stored column as a report shows it. */
typedef struct stored {
  const char *name, *group, *unit, *meaning;
} stored;

static const stored before_axes[] = {
    {"id", "identity", "", "names the run: a hash of its spec"},
    {"layer", "identity", "", "whose excitation"},
    {"channel", "identity", "", "of the layer, from 0 on"},
    {"lambda", "identity", "", "weight of the style, as used"},
    {"rho", "identity", "",
     "share of the style's gradient in the excitation's at the start that lambda was chosen for"},
    {"seed", "identity", "", "of the start image and the transforms"},
};
static const stored after_axes[] = {
    {"status", "identity", "", "done, diverged (a loss was not finite) or failed (not computed)"},
};
static const char verdict_meaning[] = "what became of the run; its reason tells why";
static const stored after_metrics[] = {
    {"exc_first", "figure", "", "exc_loss before the first step: minus the channel's activation"},
    {"exc_final", "figure", "", "exc_loss after the last step"},
    {"exc_eval", "figure", "", "exc_loss, mean over the fixed views: the one to compare by"},
    {"style_first", "figure", "", "distance to the style before the first step, not weighted"},
    {"style_final", "figure", "", "distance to the style after the last step, not weighted"},
    {"style_eval", "figure", "", "distance to the style, mean over the fixed views, not weighted"},
    {"exc_best", "figure", "", "the lowest exc_loss of any step"},
    {"exc_style", "figure", "", "exc_loss of the style image"},
    {"exc_paper", "figure", "", "exc_loss of blank paper"},
    {"exc_random_mean", "figure", "", "exc_loss of random pictures, mean"},
    {"exc_random_sd", "figure", "", "exc_loss of random pictures, standard deviation"},
    {"gram_style", "figure", "", "distance to the style in a layer that is not in the loss"},
    {"exc_free", "figure", "", "exc_eval at the end of the first stage, with free colours"},
    {"exc_quantized", "figure", "", "exc_eval with the colours reduced to pens"},
    {"exc_refined", "figure", "", "exc_eval once the drawing was refined with these pens"},
    {"exc_plotted", "figure", "", "exc_eval in the pens' own colours and widths, as plotted"},
    {"strokes", "figure", "", "of the drawing"},
    {"pens", "figure", "", "that draw it"},
    {"drawn_mm", "figure", "mm", "way with the pen down: the ink that a plot takes"},
    {"travel_mm", "figure", "mm", "way with the pen up"},
    {"lifts", "figure", "", "how often a pen is lifted"},
    {"minutes", "figure", "min", "time that a plot takes, changes of pens not counted"},
    {"steps", "figure", "", "updates made"},
    {"seconds", "figure", "s", "time it took"},
    {"rank", "figure", "", "which rank computed it"},
    {"host", "figure", "", "where"},
    {"group", "identity", "", "runs that differ only in their weight have the same"},
};

#define LENGTH(table) (sizeof(table) / sizeof(table)[0])

static bool uses_rho(const vs_results *results) {
  size_t count = vs_results_count(results);
  for (size_t row = 0; row < count; row++)
    if (!isnan(vs_results_row(results, row)->rho)) return true;
  return false;
}

/* Whether a column, or a metric, is shown of these results. */
static bool is_shown(const stored *column, const vs_results *results) {
  if (strcmp(column->name, "rho") == 0) return uses_rho(results);
  return !vs_column_find(column->name)->of_drawings || vs_columns_tell_of_drawings(results);
}

static bool is_metric_shown(const vs_metric *metric, const vs_results *results) {
  return !metric->of_drawings || vs_columns_tell_of_drawings(results);
}

/* --- descriptions ----------------------------------------------------------------------------- */

static const char *direction_word(vs_direction direction) {
  if (direction == VS_HIGHER_IS_BETTER) return "higher";
  return direction == VS_LOWER_IS_BETTER ? "lower" : "none";
}

static void describe(vs_json *json, const stored *column, bool is_text, vs_direction direction) {
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "name", column->name);
  vs_json_text(json, "kind", is_text ? "text" : "number");
  vs_json_text(json, "unit", column->unit);
  vs_json_text(json, "direction", direction_word(direction));
  vs_json_text(json, "formula", column->meaning);
  vs_json_text(json, "group", column->group);
  vs_json_close(json);
}

static void describe_stored(vs_json *json, const vs_results *results, const stored *columns,
                            size_t count) {
  for (size_t i = 0; i < count; i++) {
    const vs_column *column = vs_column_find(columns[i].name);
    if (is_shown(&columns[i], results))
      describe(json, &columns[i], vs_column_is_text(column), column->direction);
  }
}

void vs_report_columns_print(vs_json *json, const vs_results *results) {
  vs_json_open(json, "columns", '[');
  describe_stored(json, results, before_axes, LENGTH(before_axes));
  for (size_t i = 0; i < vs_results_axis_count(results); i++) {
    const vs_axis *axis = vs_results_axis(results, i);
    stored column = {axis->name, "axis", "", "a key of the sweep that varies"};
    describe(json, &column, !axis->is_number, VS_NO_DIRECTION);
  }
  describe_stored(json, results, after_axes, LENGTH(after_axes));
  stored verdict = {"verdict", "identity", "", verdict_meaning};
  describe(json, &verdict, true, VS_NO_DIRECTION);
  size_t metric_count;
  const vs_metric *metrics = vs_metric_table(&metric_count);
  for (size_t i = 0; i < metric_count; i++) {
    if (!is_metric_shown(&metrics[i], results)) continue;
    stored column = {metrics[i].name, "metric", metrics[i].unit, metrics[i].formula};
    describe(json, &column, false, metrics[i].direction);
  }
  describe_stored(json, results, after_metrics, LENGTH(after_metrics));
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

static vs_status print_text_column(vs_json *json, const char *name, const vs_column *column,
                                   const vs_results *results) {
  size_t count = vs_results_count(results);
  word *words = new_words(count);
  if (words == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for column %s", name);
  for (size_t i = 0; i < count; i++)
    words[i].text = vs_column_text(column, vs_results_row(results, i));
  print_words(json, name, words, count);
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
static void print_number_column(vs_json *json, const stored *shown, const vs_column *column,
                                const vs_results *results) {
  bool is_exact = strcmp(shown->group, "identity") == 0;
  vs_json_open(json, shown->name, '[');
  for (size_t i = 0; i < vs_results_count(results); i++) {
    const vs_row *row = vs_results_row(results, i);
    double number = vs_column_number(column, row);
    if (column->kind == VS_COLUMN_UNSIGNED)
      vs_json_unsigned(json, NULL, vs_column_whole(column, row));
    else if (is_exact)
      vs_json_number(json, NULL, number);
    else
      vs_json_figure(json, NULL, number);
  }
  vs_json_close(json);
}

static vs_status print_stored(vs_json *json, const vs_results *results, const stored *columns,
                              size_t count) {
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < count; i++) {
    const vs_column *column = vs_column_find(columns[i].name);
    if (!is_shown(&columns[i], results)) continue;
    if (strcmp(columns[i].name, "id") == 0)
      print_ids(json, results);
    else if (vs_column_is_text(column))
      status = print_text_column(json, columns[i].name, column, results);
    else
      print_number_column(json, &columns[i], column, results);
  }
  return status;
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

vs_status vs_report_columns_print_values(vs_json *json, vs_metrics *metrics) {
  const vs_results *results = vs_metrics_results(metrics);
  vs_json_open(json, "values", '{');
  vs_status status = print_stored(json, results, before_axes, LENGTH(before_axes));
  for (size_t i = 0; status == VS_OK && i < vs_results_axis_count(results); i++) {
    if (vs_results_axis(results, i)->is_number)
      print_number_axis(json, results, i);
    else
      status = print_text_axis(json, results, i);
  }
  if (status == VS_OK) status = print_stored(json, results, after_axes, LENGTH(after_axes));
  size_t metric_count;
  const vs_metric *table = vs_metric_table(&metric_count);
  for (size_t i = 0; status == VS_OK && i < metric_count; i++)
    if (is_metric_shown(&table[i], results)) status = print_metric(json, metrics, &table[i]);
  if (status == VS_OK) status = print_stored(json, results, after_metrics, LENGTH(after_metrics));
  vs_json_close(json);
  return status;
}
