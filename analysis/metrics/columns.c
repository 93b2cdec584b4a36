/* The table of columns as the analysis lists it. */
#include "analysis/metrics/columns.h"

#include "analysis/metrics/metrics.h"

size_t vs_columns_listed(const vs_column *listed[VS_ROW_MAX_COLUMNS]) {
  size_t count, listed_count = 0;
  const vs_column *columns = vs_row_columns(&count);
  for (size_t i = 0; i < count; i++)
    if (vs_metric_find(columns[i].name) == NULL) listed[listed_count++] = &columns[i];
  return listed_count;
}

bool vs_columns_tell_of_drawings(const vs_results *results) {
  size_t count = vs_results_count(results);
  for (size_t row = 0; row < count; row++)
    if (vs_results_row(results, row)->parametrization == VS_PARAM_STROKES) return true;
  return false;
}
