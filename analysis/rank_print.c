/* The ranking as a table for people; the formats for programs are in rank_export.c. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/axis_name.h"
#include "analysis/figure_text.h"
#include "analysis/rank.h"
#include "analysis/rank_export.h"

#define TABLE_WIDTH  120
#define GAP          2  /* blanks between columns */
#define CELL         80 /* bytes of a cell's text with its zero */
#define LONGEST_TEXT 16 /* of an axis' text; of a longer one the end is shown */

/* --- cells ------------------------------------------------------------------------------------ */

/* One run in its place, as the cells see it. */
typedef struct entry {
  vs_metrics *metrics;
  size_t row, place; /* place from 0 */
  double score;
} entry;

typedef struct table_column table_column;
typedef vs_status write_cell(const table_column *column, const entry *e, char text[CELL]);

struct table_column {
  const char *heading;
  write_cell *write;
  bool is_text;            /* to the left; numbers stand to the right */
  bool may_go;             /* left out where the table would be too wide */
  const vs_metric *metric; /* of write_metric and its like */
  size_t axis;             /* of write_axis */
  size_t width;
};

static const vs_row *row_of(const entry *e) {
  return vs_results_row(vs_metrics_results(e->metrics), e->row);
}

static vs_status write_figure(double value, char text[CELL]) {
  vs_figure_text(value, text);
  return VS_OK;
}

static vs_status write_place(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%zu", e->place + 1);
  return VS_OK;
}

static vs_status write_id(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%.8s", row_of(e)->id);
  return VS_OK;
}

static vs_status write_layer(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%s", row_of(e)->layer);
  return VS_OK;
}

static vs_status write_channel(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%d", row_of(e)->channel);
  return VS_OK;
}

static vs_status write_seed(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%ju", (uintmax_t)row_of(e)->seed);
  return VS_OK;
}

static vs_status write_lambda(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  return write_figure(row_of(e)->lambda, text);
}

static vs_status write_rho(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  return write_figure(row_of(e)->rho, text);
}

static vs_status write_exc_eval(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  return write_figure(row_of(e)->exc_eval, text);
}

static vs_status write_status(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  snprintf(text, CELL, "%s", vs_outcome_name(row_of(e)->status));
  return VS_OK;
}

static vs_status write_score(const table_column *column, const entry *e, char text[CELL]) {
  (void)column;
  return write_figure(e->score, text);
}

/* A number as it was written; of a long text, which is mostly a path, the end. */
static vs_status write_axis(const table_column *column, const entry *e, char text[CELL]) {
  vs_axis_value value;
  vs_results_axis_value(vs_metrics_results(e->metrics), e->row, column->axis, &value);
  size_t length = strlen(value.text);
  bool cut = length > LONGEST_TEXT;
  const char *shown = cut ? value.text + length - LONGEST_TEXT + 3 : value.text;
  snprintf(text, CELL, "%s%s", cut ? "..." : "", shown);
  return VS_OK;
}

/* The metric as printf `format` shows it, times `factor`; "-" where there is none. */
static vs_status write_scaled(const table_column *column, const entry *e, double factor,
                              int decimals, const char *unit, char text[CELL]) {
  double value;
  vs_status status = vs_metrics_get(e->metrics, column->metric, e->row, &value);
  if (status != VS_OK) return status;
  if (isnan(value))
    snprintf(text, CELL, "-");
  else
    snprintf(text, CELL, "%.*f%s", decimals, factor * value, unit);
  return VS_OK;
}

static vs_status write_percent(const table_column *column, const entry *e, char text[CELL]) {
  return write_scaled(column, e, 100.0, 1, "%", text);
}

static vs_status write_thousandths(const table_column *column, const entry *e, char text[CELL]) {
  return write_scaled(column, e, 1.0, 3, "", text);
}

static vs_status write_metric(const table_column *column, const entry *e, char text[CELL]) {
  double value;
  vs_status status = vs_metrics_get(e->metrics, column->metric, e->row, &value);
  return status == VS_OK ? write_figure(value, text) : status;
}

/* --- which columns ---------------------------------------------------------------------------- */

typedef struct table {
  const vs_ranking *ranking;
  vs_metrics *metrics;
  table_column *columns; /* owned */
  size_t count;
} table;

static entry entry_at(const table *t, size_t place) {
  return (entry){t->metrics, t->ranking->rows[place], place, t->ranking->score[place]};
}

static void add(table *t, table_column column) {
  t->columns[t->count++] = column;
}

static void add_metric(table *t, const char *name, write_cell *write) {
  add(t, (table_column){.heading = name, .write = write, .metric = vs_metric_find(name)});
}

/* Whether the rows shown have more than one text in this column. */
static vs_status varies(const table *t, const table_column *column, bool *answer) {
  *answer = false;
  char first[CELL], text[CELL];
  for (size_t place = 0; place < t->ranking->count && !*answer; place++) {
    entry e = entry_at(t, place);
    vs_status status = column->write(column, &e, place == 0 ? first : text);
    if (status != VS_OK) return status;
    *answer = place > 0 && strcmp(first, text) != 0;
  }
  return VS_OK;
}

static vs_status add_if_it_varies(table *t, table_column column) {
  bool differs;
  vs_status status = varies(t, &column, &differs);
  if (status == VS_OK && differs) add(t, column);
  return status;
}

static vs_status add_axes(table *t) {
  const vs_results *results = vs_metrics_results(t->metrics);
  vs_status status =
      add_if_it_varies(t, (table_column){.heading = "seed", .write = write_seed, .may_go = true});
  for (size_t i = 0; i < vs_results_axis_count(results) && status == VS_OK; i++) {
    const vs_axis *axis = vs_results_axis(results, i);
    status = add_if_it_varies(t, (table_column){.heading = vs_axis_label(results, i),
                                                .write = write_axis,
                                                .is_text = !axis->is_number,
                                                .may_go = true,
                                                .axis = i});
  }
  return status;
}

static bool balances_by_rho(const table *t) {
  const vs_results *results = vs_metrics_results(t->metrics);
  for (size_t i = 0; i < t->ranking->count; i++)
    if (!isnan(vs_results_row(results, t->ranking->rows[i])->rho)) return true;
  return false;
}

static bool shows(const table *t, const char *heading) {
  for (size_t i = 0; i < t->count; i++)
    if (strcmp(t->columns[i].heading, heading) == 0) return true;
  return false;
}

/* The score stands before the figures, but only where it is none of them. */
static void add_score(table *t, size_t at) {
  if (shows(t, t->ranking->by)) return;
  memmove(t->columns + at + 1, t->columns + at, (t->count - at) * sizeof *t->columns);
  t->columns[at] = (table_column){.heading = "score", .write = write_score};
  t->count++;
}

static vs_status choose_columns(table *t) {
  enum { FIXED = 14 };
  size_t most = FIXED + vs_results_axis_count(vs_metrics_results(t->metrics));
  t->columns = calloc(most, sizeof *t->columns);
  if (t->columns == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a table");
  add(t, (table_column){.heading = "place", .write = write_place});
  add(t, (table_column){.heading = "run", .write = write_id, .is_text = true});
  add(t, (table_column){.heading = "layer", .write = write_layer, .is_text = true});
  add(t, (table_column){.heading = "channel", .write = write_channel});
  if (balances_by_rho(t)) add(t, (table_column){.heading = "rho", .write = write_rho});
  add(t, (table_column){.heading = "lambda", .write = write_lambda});
  vs_status status = add_axes(t);
  size_t figures = t->count;
  add(t, (table_column){.heading = "exc_eval", .write = write_exc_eval});
  add_metric(t, "exc_gain", write_percent);
  add_metric(t, "style_dist", write_metric);
  add_metric(t, "effect", write_thousandths);
  add_metric(t, "coverage", write_percent);
  add(t, (table_column){.heading = "status", .write = write_status, .is_text = true});
  add_score(t, figures);
  return status;
}

/* --- layout ----------------------------------------------------------------------------------- */

static vs_status measure(table *t) {
  for (size_t i = 0; i < t->count; i++) t->columns[i].width = strlen(t->columns[i].heading);
  for (size_t place = 0; place < t->ranking->count; place++) {
    entry e = entry_at(t, place);
    for (size_t i = 0; i < t->count; i++) {
      char text[CELL];
      vs_status status = t->columns[i].write(&t->columns[i], &e, text);
      if (status != VS_OK) return status;
      if (strlen(text) > t->columns[i].width) t->columns[i].width = strlen(text);
    }
  }
  return VS_OK;
}

static size_t total_width(const table *t) {
  size_t width = 0;
  for (size_t i = 0; i < t->count; i++) width += t->columns[i].width + GAP;
  return width - GAP;
}

/* Takes out optional columns, the last first, until the rest fits; what was taken out is moved
 * behind the end, in its order. Returns how many. */
static size_t leave_out(table *t) {
  size_t left_out = 0;
  for (size_t i = t->count; i-- > 0 && total_width(t) > TABLE_WIDTH;) {
    if (!t->columns[i].may_go) continue;
    table_column column = t->columns[i];
    memmove(t->columns + i, t->columns + i + 1, (t->count - i - 1) * sizeof *t->columns);
    t->columns[--t->count] = column;
    left_out++;
  }
  return left_out;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Blanks are written before the next cell only, so that no line ends in any. Texts come from files:
 * nothing in them that a terminal would obey is passed on, nor what is wider than its bytes. */
static void write_line(const table *t, char (*texts)[CELL], FILE *out) {
  size_t blanks = 0;
  for (size_t i = 0; i < t->count; i++) {
    size_t padding = t->columns[i].width - strlen(texts[i]);
    if (!t->columns[i].is_text) blanks += padding;
    fprintf(out, "%*s", (int)blanks, "");
    for (const char *c = texts[i]; *c != '\0'; c++) putc(*c < ' ' || *c > '~' ? '?' : *c, out);
    blanks = GAP + (t->columns[i].is_text ? padding : 0);
  }
  putc('\n', out);
}

static vs_status write_rows(const table *t, FILE *out) {
  vs_status status = VS_OK;
  char(*texts)[CELL] = calloc(t->count + 1, sizeof *texts);
  if (texts == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a table");
  for (size_t i = 0; i < t->count; i++) snprintf(texts[i], CELL, "%s", t->columns[i].heading);
  write_line(t, texts, out);
  for (size_t place = 0; place < t->ranking->count; place++) {
    entry e = entry_at(t, place);
    for (size_t i = 0; i < t->count && status == VS_OK; i++)
      status = t->columns[i].write(&t->columns[i], &e, texts[i]);
    if (status != VS_OK) break;
    write_line(t, texts, out);
  }
  free(texts);
  return status;
}

/* "3 of 12 runs, by exc_gain; of 16 planned 1 failed, 2 diverged, 4 missing" */
static void write_caption(const table *t, size_t left_out, FILE *out) {
  const vs_results *results = vs_metrics_results(t->metrics);
  size_t stored = vs_results_count(results), planned = vs_results_planned(results);
  size_t failed = 0, diverged = 0;
  for (size_t row = 0; row < stored; row++) {
    failed += vs_results_row(results, row)->status == VS_RUN_FAILED;
    diverged += vs_results_row(results, row)->status == VS_RUN_DIVERGED;
  }
  bool narrowed = t->ranking->considered < stored;
  fprintf(out, "%zu of %zu runs%s, by %s; of %zu planned %zu failed, %zu diverged, %zu missing\n",
          t->ranking->count, t->ranking->considered, narrowed ? " that meet the condition" : "",
          t->ranking->by, planned, failed, diverged, planned > stored ? planned - stored : 0);
  if (left_out == 0) return;
  fprintf(out, "no room for");
  for (size_t i = 0; i < left_out; i++)
    fprintf(out, "%s %s", i == 0 ? "" : ",", t->columns[t->count + i].heading);
  fprintf(out, ": --format csv shows all\n");
}

static vs_status write_table(const vs_ranking *ranking, vs_metrics *metrics, FILE *out) {
  table t = {.ranking = ranking, .metrics = metrics};
  vs_status status = choose_columns(&t);
  if (status == VS_OK) status = measure(&t);
  if (status != VS_OK) goto done;
  size_t left_out = leave_out(&t);
  status = write_rows(&t, out);
  if (status == VS_OK) write_caption(&t, left_out, out);
done:
  free(t.columns);
  return status;
}

vs_status vs_rank_print(const vs_ranking *ranking, vs_metrics *metrics, vs_rank_format format,
                        FILE *out) {
  vs_status status = VS_OK;
  errno = 0;
  switch (format) {
  case VS_RANK_TABLE:
    status = write_table(ranking, metrics, out);
    break;
  case VS_RANK_CSV:
    status = vs_rank_write_csv(ranking, metrics, out);
    break;
  case VS_RANK_JSON:
    status = vs_rank_write_json(ranking, metrics, out);
    break;
  }
  if (status != VS_OK) return status;
  if (fflush(out) != 0 || ferror(out))
    return vs_fail(VS_ERR_IO, "the ranking cannot be written: %s", strerror(errno));
  return VS_OK;
}
