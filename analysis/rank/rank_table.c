/* The columns of a ranking's table and the texts of its cells, before any is left out. */
#include "analysis/rank/rank_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "analysis/metrics/columns.h"
#include "analysis/metrics/figure_text.h"
#include "analysis/metrics/groups.h"

/* --- cells ------------------------------------------------------------------------------------ */

static const vs_row *row_of(const vs_rank_entry *e) {
  return vs_results_row(vs_metrics_results(e->metrics), e->row);
}

static vs_status write_figure(double value, char text[VS_RANK_CELL]) {
  vs_figure_text(value, text);
  return VS_OK;
}

static vs_status write_place(const vs_rank_column *column, const vs_rank_entry *e,
                             char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%zu", e->place + 1);
  return VS_OK;
}

static vs_status write_id(const vs_rank_column *column, const vs_rank_entry *e,
                          char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%.8s", row_of(e)->id);
  return VS_OK;
}

static vs_status write_layer(const vs_rank_column *column, const vs_rank_entry *e,
                             char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%s", row_of(e)->layer);
  return VS_OK;
}

static vs_status write_channel(const vs_rank_column *column, const vs_rank_entry *e,
                               char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%d", row_of(e)->channel);
  return VS_OK;
}

static vs_status write_seed(const vs_rank_column *column, const vs_rank_entry *e,
                            char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%ju", (uintmax_t)row_of(e)->seed);
  return VS_OK;
}

static vs_status write_lambda(const vs_rank_column *column, const vs_rank_entry *e,
                              char text[VS_RANK_CELL]) {
  (void)column;
  return write_figure(row_of(e)->lambda, text);
}

/* rho or strength. */
static vs_status write_weight(const vs_rank_column *column, const vs_rank_entry *e,
                              char text[VS_RANK_CELL]) {
  (void)column;
  return write_figure(vs_groups_weight(row_of(e)), text);
}

static vs_status write_exc_eval(const vs_rank_column *column, const vs_rank_entry *e,
                                char text[VS_RANK_CELL]) {
  (void)column;
  return write_figure(row_of(e)->exc_eval, text);
}

static vs_status write_minutes(const vs_rank_column *column, const vs_rank_entry *e,
                               char text[VS_RANK_CELL]) {
  (void)column;
  return write_figure(row_of(e)->minutes, text);
}

static vs_status write_verdict(const vs_rank_column *column, const vs_rank_entry *e,
                               char text[VS_RANK_CELL]) {
  (void)column;
  snprintf(text, VS_RANK_CELL, "%s", vs_verdict_name(vs_verdicts_of(e->verdicts, e->row)));
  return VS_OK;
}

static vs_status write_score(const vs_rank_column *column, const vs_rank_entry *e,
                             char text[VS_RANK_CELL]) {
  (void)column;
  return write_figure(e->score, text);
}

static vs_status write_axis(const vs_rank_column *column, const vs_rank_entry *e,
                            char text[VS_RANK_CELL]) {
  vs_axis_value value;
  vs_results_axis_value(vs_metrics_results(e->metrics), e->row, column->axis, &value);
  size_t length = strlen(value.text), skip = column->skip < length ? column->skip : length;
  size_t shown = length - skip;
  bool cut = column->most != 0 && shown > column->most;
  if (cut) shown = column->most;
  snprintf(text, VS_RANK_CELL, "%s%.*s%s", skip > 0 ? "..." : "", (int)shown, value.text + skip,
           cut ? "..." : "");
  return VS_OK;
}

/* The metric as printf `format` shows it, times `factor`; "-" where there is none. */
static vs_status write_scaled(const vs_rank_column *column, const vs_rank_entry *e, double factor,
                              int decimals, const char *unit, char text[VS_RANK_CELL]) {
  double value;
  vs_status status = vs_metrics_get(e->metrics, column->metric, e->row, &value);
  if (status != VS_OK) return status;
  if (isnan(value))
    snprintf(text, VS_RANK_CELL, "-");
  else
    snprintf(text, VS_RANK_CELL, "%s%s", vs_figure_text_as("%.*f", decimals, factor * value).text,
             unit);
  return VS_OK;
}

static vs_status write_percent(const vs_rank_column *column, const vs_rank_entry *e,
                               char text[VS_RANK_CELL]) {
  return write_scaled(column, e, 100.0, 1, "%", text);
}

static vs_status write_thousandths(const vs_rank_column *column, const vs_rank_entry *e,
                                   char text[VS_RANK_CELL]) {
  return write_scaled(column, e, 1.0, 3, "", text);
}

static vs_status write_metric(const vs_rank_column *column, const vs_rank_entry *e,
                              char text[VS_RANK_CELL]) {
  double value;
  vs_status status = vs_metrics_get(e->metrics, column->metric, e->row, &value);
  return status == VS_OK ? write_figure(value, text) : status;
}

vs_status vs_rank_table_cell(const vs_rank_table *table, size_t column, size_t place,
                             char text[VS_RANK_CELL]) {
  const vs_ranking *ranking = table->ranking;
  vs_rank_entry e = {table->verdicts, table->metrics, ranking->rows[place], place,
                     ranking->score[place]};
  return table->columns[column].write(&table->columns[column], &e, text);
}

/* --- which columns ---------------------------------------------------------------------------- */

static void add(vs_rank_table *t, vs_rank_column column) {
  t->columns[t->count++] = column;
}

static void add_identity(vs_rank_table *t) {
  const char *weight = vs_groups_weight_name_of(vs_metrics_results(t->metrics));
  const vs_rank_column columns[] = {
      {.heading = "place", .write = write_place, .keep = VS_RANK_KEEP_ALWAYS},
      {.heading = "run", .write = write_id, .is_text = true, .keep = VS_RANK_KEEP_ALWAYS},
      {.heading = "layer", .write = write_layer, .is_text = true, .keep = VS_RANK_KEEP_IDENTITY},
      {.heading = "channel", .write = write_channel, .keep = VS_RANK_KEEP_IDENTITY},
      {.heading = weight, .write = write_weight, .keep = VS_RANK_KEEP_IDENTITY},
      {.heading = "lambda", .write = write_lambda, .keep = VS_RANK_KEEP_IDENTITY}};
  const bool is_lambda = strcmp(weight, vs_run_balance_words[VS_BALANCE_LAMBDA]) == 0;
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
    if (!is_lambda || columns[i].write != write_weight) add(t, columns[i]);
}

/* An axis that does not vary is said at once: the sweep has other values of it. */
static vs_status add_axis(vs_rank_table *t, size_t axis) {
  const vs_results *results = vs_metrics_results(t->metrics);
  add(t, (vs_rank_column){.heading = vs_axis_name_label(results, axis),
                          .write = write_axis,
                          .is_text = !vs_results_axis(results, axis)->is_number,
                          .keep = VS_RANK_KEEP_AXIS,
                          .axis = axis});
  vs_status status = vs_rank_table_measure(t, t->count - 1);
  if (!t->columns[t->count - 1].varies) t->columns[t->count - 1].fate = VS_RANK_SAID;
  return status;
}

static vs_status add_axes(vs_rank_table *t) {
  if (t->ranking->count == 0) return VS_OK;
  add(t, (vs_rank_column){.heading = "seed", .write = write_seed, .keep = VS_RANK_KEEP_AXIS});
  vs_status status = vs_rank_table_measure(t, t->count - 1);
  if (!t->columns[t->count - 1].varies) t->count--;
  size_t axes = vs_results_axis_count(vs_metrics_results(t->metrics));
  for (size_t i = 0; i < axes && status == VS_OK; i++) status = add_axis(t, i);
  return status;
}

static void add_metric(vs_rank_table *t, const char *name, vs_rank_write *write, int keep) {
  add(t, (vs_rank_column){
             .heading = name, .write = write, .keep = keep, .metric = vs_metric_find(name)});
}

/* The most telling ones are kept longest. */
static void add_figures(vs_rank_table *t) {
  add(t, (vs_rank_column){.heading = "exc_eval", .write = write_exc_eval, .keep = 1});
  add_metric(t, "exc_gain", write_percent, 5);
  if (strcmp(t->ranking->by, "merit") == 0) add_metric(t, "ink_saved", write_percent, 5);
  add_metric(t, "style_dist", write_metric, 3);
  add_metric(t, "effect_gram", write_thousandths, 4);
  if (t->ranking->reads_pictures) add_metric(t, "effect", write_thousandths, 4);
  add_metric(t, "coverage", write_percent, 2);
  if (!vs_columns_tell_of_drawings(vs_metrics_results(t->metrics))) return;
  add_metric(t, "kept_plotted", write_percent, 3);
  add(t, (vs_rank_column){.heading = "minutes", .write = write_minutes, .keep = 3});
}

/* The column that the runs are ranked by stays; where there is none, the score stands before the
 * figures, at `at`, under the name of its metric. */
static void add_score(vs_rank_table *t, size_t at) {
  for (size_t i = 0; i < t->count; i++) {
    if (strcmp(t->columns[i].heading, t->ranking->by) != 0) continue;
    t->columns[i].keep = VS_RANK_KEEP_ALWAYS;
    return;
  }
  memmove(t->columns + at + 1, t->columns + at, (t->count - at) * sizeof *t->columns);
  t->columns[at] =
      (vs_rank_column){.heading = vs_metric_find(t->ranking->by) != NULL ? t->ranking->by : "score",
                       .write = write_score,
                       .keep = VS_RANK_KEEP_ALWAYS};
  t->count++;
}

vs_status vs_rank_table_measure(vs_rank_table *table, size_t column) {
  vs_rank_column *c = &table->columns[column];
  char first[VS_RANK_CELL], text[VS_RANK_CELL];
  c->width = strlen(c->heading);
  c->varies = false;
  for (size_t place = 0; place < table->ranking->count; place++) {
    vs_status status = vs_rank_table_cell(table, column, place, text);
    if (status != VS_OK) return status;
    if (place == 0) memcpy(first, text, sizeof first);
    if (strcmp(first, text) != 0) c->varies = true;
    if (strlen(text) > c->width) c->width = strlen(text);
  }
  return VS_OK;
}

vs_status vs_rank_table_init(vs_rank_table *table, const vs_ranking *ranking,
                             const vs_verdicts *verdicts) {
  enum { FIXED = 19 };
  *table = (vs_rank_table){
      .ranking = ranking, .verdicts = verdicts, .metrics = vs_verdicts_metrics(verdicts)};
  size_t most = FIXED + vs_results_axis_count(vs_metrics_results(table->metrics));
  table->columns = calloc(most, sizeof *table->columns);
  if (table->columns == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a table");
  add_identity(table);
  vs_status status = add_axes(table);
  size_t figures = table->count;
  add_figures(table);
  add(table, (vs_rank_column){.heading = "verdict",
                              .write = write_verdict,
                              .is_text = true,
                              .keep = VS_RANK_KEEP_IDENTITY});
  add_score(table, figures);
  for (size_t i = 0; i < table->count && status == VS_OK; i++)
    status = vs_rank_table_measure(table, i);
  return status;
}

void vs_rank_table_clear(vs_rank_table *table) {
  free(table->columns);
  *table = (vs_rank_table){0};
}
