/* report_data.h - everything about a sweep that a report's page knows when it opens, as JSON.
 *
 * Columns, not rows: row r of every array is the same run, rows in the order of the grid, texts
 * coded as numbers of words. What is not known is null. analysis/web/src/data/contract.ts describes
 * the members, and tests/web holds reports against it. Written as it goes; one column is in memory
 * at a time. */
#ifndef VS_ANALYSIS_REPORT_REPORT_DATA_H
#define VS_ANALYSIS_REPORT_REPORT_DATA_H

#include <stdio.h>

#include "analysis/rank/rank_channels.h"
#include "analysis/report/report_chunks.h"
#include "analysis/report/report_drawings.h"
#include "analysis/verdict/verdict.h"

#define VS_REPORT_HEADLINES 4    /* runs of each verdict */
#define VS_REPORT_MISSING   1000 /* runs that are listed as missing, at most; all are counted */

/* What a report is made of. Nothing is owned. */
typedef struct vs_report_parts {
  const vs_results *results;
  vs_metrics *metrics; /* of the results */
  const vs_verdicts *verdicts;
  const vs_report_layout *layout;
  const vs_report_pictures *pictures;
  const vs_report_drawings *drawings;
  const vs_report_chunks *chunks;
  const vs_headline *headlines;
  size_t headline_count;
  const vs_share *shares;
  size_t share_count;
  const vs_rank_channels *channels; /* where nothing is compared */
  bool live;                        /* a job is still writing */
} vs_report_parts;

/* How many runs there are, by what became of them. */
typedef struct vs_report_counts {
  size_t planned, stored, done, diverged, failed, missing;
} vs_report_counts;
vs_report_counts vs_report_data_count(const vs_results *results);

/* What the weights are called: "builtin", "imagenet", or their file without its folders, which are
 * nobody's business; NULL where results do not say. Lives as long as results. */
const char *vs_report_data_weights_name(const vs_results *results);

/* Prints the object, fit for a <script>. Fails without memory; whether it was written, `out` tells.
 */
vs_status vs_report_data_print(const vs_report_parts *parts, FILE *out);

#endif
