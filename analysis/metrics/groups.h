/* groups.h - the rows of results gathered by group: the runs that differ only in their weight,
 * which is lambda, or rho or strength where the sweep balances by these. */
#ifndef VS_ANALYSIS_METRICS_GROUPS_H
#define VS_ANALYSIS_METRICS_GROUPS_H

#include "sweeps/store/results.h"

/* Group i is rows[first[i]] .. rows[first[i + 1] - 1], in the order of the results. */
typedef struct vs_groups {
  size_t *rows;  /* owned */
  size_t *first; /* (count + 1), owned */
  size_t count;
} vs_groups;

/* O(n log n). VS_ERR_MEMORY; the struct is then zeroed. */
vs_status vs_groups_init(vs_groups *groups, const vs_results *results);
void vs_groups_clear(vs_groups *groups); /* fine on a zeroed struct */

/* What a group's runs differ in, and its word: "lambda", "rho" or "strength". */
double vs_groups_weight(const vs_row *row);
const char *vs_groups_weight_name(const vs_row *row);

/* The word for all rows of results, which are of one sweep; "lambda" if there are none. */
const char *vs_groups_weight_name_of(const vs_results *results);

#endif
