/* planned.h - every run of the grid that results belong to, stored or not.
 *
 * Results keep the canonical form of their sweep (vs_canonical_of_sweep), overrides included: it
 * says which run has which index. For telling what is missing. */
#ifndef VS_ANALYSIS_REPORT_PLANNED_H
#define VS_ANALYSIS_REPORT_PLANNED_H

#include "sweeps/store/results.h"

typedef struct vs_planned vs_planned;

/* `results` outlives it. VS_ERR_FORMAT if the canonical form is damaged, or speaks of another
 * number of runs than the results; VS_ERR_MEMORY. */
vs_status vs_planned_new(vs_planned **out, const vs_results *results);
void vs_planned_free(vs_planned *planned); /* fine on NULL */

typedef struct vs_planned_run {
  const char *layer; /* lives as long as the vs_planned */
  int channel;
  double weight; /* lambda, or rho where the sweep balances by it */
  uint64_t seed;
} vs_planned_run;

/* Run `index` of the grid, below vs_results_planned. */
void vs_planned_get(const vs_planned *planned, size_t index, vs_planned_run *run);

/* Its value of one of the results' axes. */
void vs_planned_axis_value(const vs_planned *planned, size_t index, size_t axis,
                           vs_axis_value *value);

#endif
