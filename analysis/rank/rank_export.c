/* CSV and JSON of a ranking: both write the same fields, one run a line. */
#include "analysis/rank/rank_export.h"

#include <math.h>

#include "analysis/metrics/columns.h"
#include "analysis/rank/listing.h"

/* Fields are numbered: place, score, then columns, axes, metrics, verdict, reason, and figures of
 * the case. */
enum { PLACE, SCORE, FIRST_COLUMN };

typedef struct fields {
  const vs_ranking *ranking;
  const vs_verdicts *verdicts;
  vs_metrics *metrics;
  const vs_results *results;
  const vs_column *columns[VS_ROW_MAX_COLUMNS];
  const vs_metric *table;
  const vs_case_figure *case_figures;
  size_t first_axis, first_metric, verdict, reason, first_case, count;
  vs_axis_value axis;           /* the text of a cell, while it lasts */
  char text[VS_VERDICT_REASON]; /* likewise */
} fields;

static fields fields_of(const vs_ranking *ranking, const vs_verdicts *verdicts) {
  fields f = {.ranking = ranking, .verdicts = verdicts, .metrics = vs_verdicts_metrics(verdicts)};
  size_t metric_count, case_count;
  f.results = vs_metrics_results(f.metrics);
  f.table = vs_metric_table(&metric_count);
  f.case_figures = vs_verdict_case_figures(&case_count);
  f.first_axis = FIRST_COLUMN + vs_columns_listed(f.columns);
  f.first_metric = f.first_axis + vs_results_axis_count(f.results);
  f.verdict = f.first_metric + metric_count;
  f.reason = f.verdict + 1;
  f.first_case = f.reason + 1;
  f.count = f.first_case + case_count;
  return f;
}

static const char *field_name(void *context, size_t field) {
  const fields *f = context;
  if (field == PLACE) return "place";
  if (field == SCORE) return "score";
  if (field < f->first_axis) return f->columns[field - FIRST_COLUMN]->name;
  if (field < f->first_metric) return vs_results_axis(f->results, field - f->first_axis)->name;
  if (field < f->verdict) return f->table[field - f->first_metric].name;
  if (field == f->verdict) return "verdict";
  if (field == f->reason) return "reason";
  return f->case_figures[field - f->first_case].name;
}

static vs_cell column_cell(const vs_column *column, const vs_row *row) {
  if (vs_row_holds_text(column)) return vs_listing_cell_text(vs_row_text(row, column));
  double number = vs_row_number(row, column);
  if (column->kind == VS_COLUMN_INTEGER) return vs_listing_cell_integer((int64_t)number);
  if (column->kind == VS_COLUMN_UNSIGNED) return vs_listing_cell_whole(vs_row_whole(row, column));
  return vs_listing_cell_real(number);
}

static vs_status metric_cell(const fields *f, const vs_metric *metric, size_t row, vs_cell *cell) {
  double figure = NAN;
  vs_status status = VS_OK;
  if (metric->source != VS_METRIC_PICTURES || f->ranking->reads_pictures)
    status = vs_metrics_get(f->metrics, metric, row, &figure);
  *cell = vs_listing_cell_real(figure);
  return status;
}

static vs_status field_cell(void *context, size_t place, size_t field, vs_cell *cell) {
  fields *f = context;
  size_t row = f->ranking->rows[place];
  if (field == PLACE) {
    *cell = vs_listing_cell_whole(place + 1);
  } else if (field == SCORE) {
    *cell = vs_listing_cell_real(f->ranking->score[place]);
  } else if (field < f->first_axis) {
    *cell = column_cell(f->columns[field - FIRST_COLUMN], vs_results_row(f->results, row));
  } else if (field < f->first_metric) {
    size_t axis = field - f->first_axis;
    vs_results_axis_value(f->results, row, axis, &f->axis);
    *cell = vs_results_axis(f->results, axis)->is_number ? vs_listing_cell_real(f->axis.number)
                                                         : vs_listing_cell_text(f->axis.text);
  } else if (field < f->verdict) {
    return metric_cell(f, &f->table[field - f->first_metric], row, cell);
  } else if (field == f->verdict) {
    *cell = vs_listing_cell_text(vs_verdict_name(vs_verdicts_of(f->verdicts, row)));
  } else if (field == f->reason) {
    vs_verdict_reason(f->verdicts, row, f->text);
    *cell = vs_listing_cell_text(f->text);
  } else {
    const vs_case *c = vs_verdicts_get_case(f->verdicts, vs_verdicts_case(f->verdicts, row));
    const vs_case_figure *figure = &f->case_figures[field - f->first_case];
    *cell = figure->is_count ? vs_listing_cell_integer((int64_t)figure->get(c))
                             : vs_listing_cell_real(figure->get(c));
  }
  return VS_OK;
}

static vs_listing listing_of(fields *f) {
  return (vs_listing){.columns = f->count,
                      .rows = f->ranking->count,
                      .context = f,
                      .name = field_name,
                      .cell = field_cell};
}

vs_status vs_rank_export_csv(const vs_ranking *ranking, const vs_verdicts *verdicts, FILE *out) {
  fields f = fields_of(ranking, verdicts);
  const vs_listing listing = listing_of(&f);
  return vs_listing_write_csv(&listing, out);
}

vs_status vs_rank_export_json(const vs_ranking *ranking, const vs_verdicts *verdicts, FILE *out) {
  fields f = fields_of(ranking, verdicts);
  const vs_listing listing = listing_of(&f);
  return vs_listing_write_json(&listing, out);
}
