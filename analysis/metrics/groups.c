/* Rows with one group id gathered, in the order of the grid. */
#include "analysis/metrics/groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_rows(const void *left, const void *right, void *results) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  int order = strcmp(vs_results_row(results, a)->group, vs_results_row(results, b)->group);
  return order != 0 ? order : (a > b) - (a < b);
}

vs_status vs_groups_init(vs_groups *groups, const vs_results *results) {
  size_t count = vs_results_count(results);
  *groups = (vs_groups){.rows = malloc((count + 1) * sizeof *groups->rows),
                        .first = calloc(count + 1, sizeof *groups->first)};
  if (groups->rows == NULL || groups->first == NULL) {
    vs_groups_clear(groups);
    return vs_fail(VS_ERR_MEMORY, "no memory to gather %zu runs by group", count);
  }
  for (size_t i = 0; i < count; i++) groups->rows[i] = i;
  qsort_r(groups->rows, count, sizeof *groups->rows, compare_rows, (void *)results);
  const char *group = NULL;
  for (size_t i = 0; i < count; i++) {
    const char *next = vs_results_row(results, groups->rows[i])->group;
    if (group == NULL || strcmp(next, group) != 0) groups->first[groups->count++] = i;
    group = next;
  }
  groups->first[groups->count] = count;
  return VS_OK;
}

void vs_groups_clear(vs_groups *groups) {
  free(groups->rows);
  free(groups->first);
  *groups = (vs_groups){0};
}

static vs_run_balance balance_of(const vs_row *row) {
  if (!isnan(row->strength)) return VS_BALANCE_STRENGTH;
  return isnan(row->rho) ? VS_BALANCE_LAMBDA : VS_BALANCE_RHO;
}

double vs_groups_weight(const vs_row *row) {
  const double weights[] = {[VS_BALANCE_LAMBDA] = row->lambda,
                            [VS_BALANCE_RHO] = row->rho,
                            [VS_BALANCE_STRENGTH] = row->strength};
  return weights[balance_of(row)];
}

const char *vs_groups_weight_name(const vs_row *row) {
  return vs_run_balance_words[balance_of(row)];
}

const char *vs_groups_weight_name_of(const vs_results *results) {
  vs_run_balance balance = VS_BALANCE_LAMBDA;
  for (size_t row = 0; row < vs_results_count(results) && balance == VS_BALANCE_LAMBDA; row++)
    balance = balance_of(vs_results_row(results, row));
  return vs_run_balance_words[balance];
}
