#include "analysis/metrics/columns.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* param_count is a size_t and is read as the uint64_t that it is here. */
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "64-bit systems only");

#define AT(field) offsetof(vs_row, field)

static const vs_column columns[] = {
    {"id", VS_COLUMN_TEXT, AT(id), VS_NO_DIRECTION, false},
    {"group", VS_COLUMN_TEXT, AT(group), VS_NO_DIRECTION, false},
    {"index", VS_COLUMN_UNSIGNED, AT(index), VS_NO_DIRECTION, false},
    {"layer", VS_COLUMN_TAP, AT(layer), VS_NO_DIRECTION, false},
    {"channel", VS_COLUMN_INTEGER, AT(channel), VS_NO_DIRECTION, false},
    {"lambda", VS_COLUMN_REAL, AT(lambda), VS_NO_DIRECTION, false},
    {"rho", VS_COLUMN_REAL, AT(rho), VS_NO_DIRECTION, false},
    {"seed", VS_COLUMN_UNSIGNED, AT(seed), VS_NO_DIRECTION, false},
    {"status", VS_COLUMN_OUTCOME, AT(status), VS_NO_DIRECTION, false},
    {"rank", VS_COLUMN_INTEGER, AT(rank), VS_NO_DIRECTION, false},
    {"host", VS_COLUMN_TEXT, AT(host), VS_NO_DIRECTION, false},
    {"steps", VS_COLUMN_INTEGER, AT(steps), VS_NO_DIRECTION, false},
    {"seconds", VS_COLUMN_REAL, AT(seconds), VS_LOWER_IS_BETTER, false},
    {"finished", VS_COLUMN_REAL, AT(finished), VS_NO_DIRECTION, false},
    {"exc_first", VS_COLUMN_REAL, AT(exc_first), VS_LOWER_IS_BETTER, false},
    {"exc_final", VS_COLUMN_REAL, AT(exc_final), VS_LOWER_IS_BETTER, false},
    {"exc_eval", VS_COLUMN_REAL, AT(exc_eval), VS_LOWER_IS_BETTER, false},
    {"style_first", VS_COLUMN_REAL, AT(style_first), VS_LOWER_IS_BETTER, false},
    {"style_final", VS_COLUMN_REAL, AT(style_final), VS_LOWER_IS_BETTER, false},
    {"style_eval", VS_COLUMN_REAL, AT(style_eval), VS_LOWER_IS_BETTER, false},
    {"exc_best", VS_COLUMN_REAL, AT(exc_best), VS_LOWER_IS_BETTER, false},
    {"exc_style", VS_COLUMN_REAL, AT(exc_style), VS_NO_DIRECTION, false},
    {"exc_paper", VS_COLUMN_REAL, AT(exc_paper), VS_NO_DIRECTION, false},
    {"exc_random_mean", VS_COLUMN_REAL, AT(exc_random_mean), VS_NO_DIRECTION, false},
    {"exc_random_sd", VS_COLUMN_REAL, AT(exc_random_sd), VS_NO_DIRECTION, false},
    {"gram_style", VS_COLUMN_REAL, AT(gram_style), VS_LOWER_IS_BETTER, false},
    {"exc_free", VS_COLUMN_REAL, AT(exc_free), VS_LOWER_IS_BETTER, false},
    {"exc_quantized", VS_COLUMN_REAL, AT(exc_quantized), VS_LOWER_IS_BETTER, true},
    {"exc_refined", VS_COLUMN_REAL, AT(exc_refined), VS_LOWER_IS_BETTER, true},
    {"exc_plotted", VS_COLUMN_REAL, AT(exc_plotted), VS_LOWER_IS_BETTER, true},
    {"strokes", VS_COLUMN_INTEGER, AT(strokes), VS_NO_DIRECTION, true},
    {"stroke_points", VS_COLUMN_INTEGER, AT(stroke_points), VS_NO_DIRECTION, true},
    {"pens", VS_COLUMN_INTEGER, AT(pens), VS_NO_DIRECTION, true},
    {"drawn_mm", VS_COLUMN_REAL, AT(drawn_mm), VS_LOWER_IS_BETTER, true},
    {"travel_mm", VS_COLUMN_REAL, AT(travel_mm), VS_LOWER_IS_BETTER, true},
    {"lifts", VS_COLUMN_REAL, AT(lifts), VS_LOWER_IS_BETTER, true},
    {"minutes", VS_COLUMN_REAL, AT(minutes), VS_LOWER_IS_BETTER, true},
    {"gram_tap", VS_COLUMN_TEXT, AT(gram_tap), VS_NO_DIRECTION, false},
    {"height", VS_COLUMN_INTEGER, AT(height), VS_NO_DIRECTION, false},
    {"width", VS_COLUMN_INTEGER, AT(width), VS_NO_DIRECTION, false},
    {"parametrization", VS_COLUMN_PARAMETRIZATION, AT(parametrization), VS_NO_DIRECTION, false},
    {"param_count", VS_COLUMN_UNSIGNED, AT(param_count), VS_NO_DIRECTION, false},
};

const vs_column *vs_column_table(size_t *count) {
  *count = sizeof columns / sizeof columns[0];
  return columns;
}

const vs_column *vs_column_find(const char *name) {
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
    if (strcmp(columns[i].name, name) == 0) return &columns[i];
  return NULL;
}

bool vs_columns_tell_of_drawings(const vs_results *results) {
  size_t count = vs_results_count(results);
  for (size_t row = 0; row < count; row++)
    if (vs_results_row(results, row)->parametrization == VS_PARAM_STROKES) return true;
  return false;
}

bool vs_column_is_text(const vs_column *column) {
  return column->kind == VS_COLUMN_TEXT || column->kind == VS_COLUMN_TAP ||
         column->kind == VS_COLUMN_OUTCOME || column->kind == VS_COLUMN_PARAMETRIZATION;
}

static const void *field_of(const vs_column *column, const vs_row *row) {
  return (const char *)row + column->offset;
}

double vs_column_number(const vs_column *column, const vs_row *row) {
  const void *field = field_of(column, row);
  switch (column->kind) {
  case VS_COLUMN_REAL:
    return *(const double *)field;
  case VS_COLUMN_INTEGER:
    return *(const int *)field;
  case VS_COLUMN_UNSIGNED:
    return (double)*(const uint64_t *)field;
  case VS_COLUMN_TEXT:
  case VS_COLUMN_TAP:
  case VS_COLUMN_OUTCOME:
  case VS_COLUMN_PARAMETRIZATION:
    break;
  }
  return NAN;
}

uint64_t vs_column_whole(const vs_column *column, const vs_row *row) {
  assert(column->kind == VS_COLUMN_UNSIGNED);
  return *(const uint64_t *)field_of(column, row);
}

const char *vs_column_text(const vs_column *column, const vs_row *row) {
  const void *field = field_of(column, row);
  switch (column->kind) {
  case VS_COLUMN_TEXT:
  case VS_COLUMN_TAP:
    return field;
  case VS_COLUMN_OUTCOME:
    return vs_run_outcome_name(*(const vs_outcome *)field);
  case VS_COLUMN_PARAMETRIZATION:
    return vs_param_name(*(const vs_parametrization *)field);
  case VS_COLUMN_REAL:
  case VS_COLUMN_INTEGER:
  case VS_COLUMN_UNSIGNED:
    break;
  }
  return NULL;
}
