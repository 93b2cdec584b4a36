/* metrics.h - figures that compare the runs of a group: one table of functions.
 *
 * A group's runs differ only in lambda; its lambda = 0 member is the baseline. Every metric has a
 * name, a unit, a formula in words, a direction, and a function; the table (vs_metric_table) is
 * what `rank`, its help, and expressions know. Most are made of columns; what else a metric needs
 * is read when it is first asked for: sketches and traces of all runs at once, pictures one by one.
 * Figures are kept, what they were made of is not (but for the sketches and the two pictures read
 * last). What cannot be said (no baseline, a run that diverged or failed, a column that its file is
 * too old for, an array that cannot be read, which is logged once) is NaN. */
#ifndef VS_ANALYSIS_METRICS_METRICS_H
#define VS_ANALYSIS_METRICS_METRICS_H

#include "sweeps/store/results.h"

typedef struct vs_metrics vs_metrics; /* figures of one vs_results, computed when asked for */

/* What a metric has to read, and so what it costs. */
typedef enum vs_metric_source {
  VS_METRIC_COLUMNS,  /* nothing: /runs is in memory */
  VS_METRIC_SKETCHES, /* /features/gram as a whole, once: microseconds a run */
  VS_METRIC_TRACES,   /* a trace of all runs, once: microseconds a run */
  VS_METRIC_PICTURES  /* the pictures of the run and its baseline: milliseconds a run */
} vs_metric_source;

typedef struct vs_metric {
  const char *name;    /* an identifier, usable in expressions; it hides a column that has it too */
  const char *unit;    /* "" where the formula says it all */
  const char *formula; /* in words, with its source */
  vs_direction direction;
  vs_metric_source source;
  bool is_relative; /* compares a run with its baseline, and so says nothing about the baseline */
  bool of_drawings; /* says something of runs that optimized strokes only */
  /* Figure of one finished row; VS_ERR_* only if what it needs cannot be read. */
  vs_status (*compute)(vs_metrics *metrics, size_t row, double *value);
} vs_metric;

/* All metrics; *count of them. exc_gain, effect, coverage, style_dist come first. */
const vs_metric *vs_metric_table(size_t *count);
const vs_metric *vs_metric_find(const char *name); /* NULL if there is none */

/* `results` is not owned and outlives it. VS_ERR_MEMORY. */
vs_status vs_metrics_new(vs_metrics **out, const vs_results *results);
void vs_metrics_free(vs_metrics *metrics); /* fine on NULL */

/* The figure of a row, from memory if it was computed before; NaN unless the run is done. */
vs_status vs_metrics_get(vs_metrics *metrics, const vs_metric *metric, size_t row, double *value);

/* The row of the group's baseline (rho, where the sweep balances by it, else lambda is 0, and the
 * run is done), or SIZE_MAX. */
size_t vs_metrics_baseline(const vs_metrics *metrics, size_t row);

/* The distance of two final pictures by the sketches of their Gram matrices, as a share of the
 * length of the larger: 0 for the same, about 1 for nothing in common; within about 9%
 * (core/optimize/measurements.h). NaN where it cannot be said: a row without a sketch, or sketches
 * of different taps. VS_ERR_MEMORY. */
vs_status vs_metrics_distance(vs_metrics *metrics, size_t a, size_t b, double *distance);

/* Keeps what took long to find (figures of pictures) beside the results for the next time
 * (figure_cache.h). Does nothing where that is not possible. */
void vs_metrics_keep(vs_metrics *metrics);

const vs_results *vs_metrics_results(const vs_metrics *metrics);

#endif
