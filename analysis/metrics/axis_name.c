/* Short names of axes: the last part of a key where no other key or figure is called so. */
#include "analysis/metrics/axis_name.h"

#include <string.h>

#include "analysis/metrics/metrics.h"
#include "sweeps/spec/schema.h"

size_t vs_axis_name_find(const vs_results *results, const char *word, size_t *count) {
  size_t axes = vs_results_axis_count(results), first = 0;
  *count = 0;
  for (size_t i = 0; i < axes; i++) {
    const char *key = vs_results_axis(results, i)->name;
    if (strcmp(key, word) == 0) {
      *count = 1;
      return i;
    }
    if (vs_schema_ends_in(key, word) && (*count)++ == 0) first = i;
  }
  return first;
}

/* Whether something else than an axis has this name. The column `parametrization` repeats the axis
 * image.parametrization, so that either may be meant. */
static bool is_taken(const char *word) {
  const vs_column *column = vs_row_find_column(word);
  if (column != NULL && column->kind != VS_COLUMN_PARAMETRIZATION) return true;
  return vs_metric_find(word) != NULL;
}

const char *vs_axis_name_label(const vs_results *results, size_t axis) {
  const char *key = vs_results_axis(results, axis)->name, *dot = strrchr(key, '.');
  if (dot == NULL || dot[1] == '\0' || is_taken(dot + 1)) return key;
  size_t count, found = vs_axis_name_find(results, dot + 1, &count);
  return count == 1 && found == axis ? dot + 1 : key;
}
