#include "analysis/columns.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* param_count is a size_t and is read as the uint64_t that it is here. */
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "64-bit systems only");

#define AT(field) offsetof(vs_row, field)

static const vs_column columns[] = {
    {"id", VS_COLUMN_TEXT, AT(id), VS_NO_DIRECTION},
    {"group", VS_COLUMN_TEXT, AT(group), VS_NO_DIRECTION},
    {"index", VS_COLUMN_UNSIGNED, AT(index), VS_NO_DIRECTION},
    {"layer", VS_COLUMN_TAP, AT(layer), VS_NO_DIRECTION},
    {"channel", VS_COLUMN_INTEGER, AT(channel), VS_NO_DIRECTION},
    {"lambda", VS_COLUMN_REAL, AT(lambda), VS_NO_DIRECTION},
    {"rho", VS_COLUMN_REAL, AT(rho), VS_NO_DIRECTION},
    {"seed", VS_COLUMN_UNSIGNED, AT(seed), VS_NO_DIRECTION},
    {"status", VS_COLUMN_OUTCOME, AT(status), VS_NO_DIRECTION},
    {"rank", VS_COLUMN_INTEGER, AT(rank), VS_NO_DIRECTION},
    {"host", VS_COLUMN_TEXT, AT(host), VS_NO_DIRECTION},
    {"steps", VS_COLUMN_INTEGER, AT(steps), VS_NO_DIRECTION},
    {"seconds", VS_COLUMN_REAL, AT(seconds), VS_LOWER_IS_BETTER},
    {"finished", VS_COLUMN_REAL, AT(finished), VS_NO_DIRECTION},
    {"exc_first", VS_COLUMN_REAL, AT(exc_first), VS_LOWER_IS_BETTER},
    {"exc_final", VS_COLUMN_REAL, AT(exc_final), VS_LOWER_IS_BETTER},
    {"exc_eval", VS_COLUMN_REAL, AT(exc_eval), VS_LOWER_IS_BETTER},
    {"style_first", VS_COLUMN_REAL, AT(style_first), VS_LOWER_IS_BETTER},
    {"style_final", VS_COLUMN_REAL, AT(style_final), VS_LOWER_IS_BETTER},
    {"style_eval", VS_COLUMN_REAL, AT(style_eval), VS_LOWER_IS_BETTER},
    {"exc_best", VS_COLUMN_REAL, AT(exc_best), VS_LOWER_IS_BETTER},
    {"exc_style", VS_COLUMN_REAL, AT(exc_style), VS_NO_DIRECTION},
    {"exc_paper", VS_COLUMN_REAL, AT(exc_paper), VS_NO_DIRECTION},
    {"exc_random_mean", VS_COLUMN_REAL, AT(exc_random_mean), VS_NO_DIRECTION},
    {"exc_random_sd", VS_COLUMN_REAL, AT(exc_random_sd), VS_NO_DIRECTION},
    {"gram_style", VS_COLUMN_REAL, AT(gram_style), VS_LOWER_IS_BETTER},
    {"gram_tap", VS_COLUMN_TEXT, AT(gram_tap), VS_NO_DIRECTION},
    {"height", VS_COLUMN_INTEGER, AT(height), VS_NO_DIRECTION},
    {"width", VS_COLUMN_INTEGER, AT(width), VS_NO_DIRECTION},
    {"parametrization", VS_COLUMN_PARAMETRIZATION, AT(parametrization), VS_NO_DIRECTION},
    {"param_count", VS_COLUMN_UNSIGNED, AT(param_count), VS_NO_DIRECTION},
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
    return vs_outcome_name(*(const vs_outcome *)field);
  case VS_COLUMN_PARAMETRIZATION:
    return vs_parametrization_name(*(const vs_parametrization *)field);
  case VS_COLUMN_REAL:
  case VS_COLUMN_INTEGER:
  case VS_COLUMN_UNSIGNED:
    break;
  }
  return NULL;
}
