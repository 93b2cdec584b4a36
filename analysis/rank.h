/* rank.h - chosen runs in order of merit, and their listing as table, CSV or JSON. */
#ifndef VS_ANALYSIS_RANK_H
#define VS_ANALYSIS_RANK_H

#include <stdio.h>

#include "analysis/expression.h"

typedef struct vs_ranking_options {
  const char *by;    /* an expression; NULL for exc_gain. A bare metric or column puts the best
                        first, anything else the largest */
  const char *where; /* a truth, or NULL for all */
  size_t top;        /* 0 for all */
  bool ascending;    /* the smallest first, whatever `by` is */
  bool baselines;    /* rank them too, whatever `by` is */
} vs_ranking_options;

typedef struct vs_ranking {
  size_t *rows;  /* owned */
  double *score; /* owned; NaN scores come last */
  size_t count;
  size_t considered; /* runs that met `where`, without the baselines left out */
  size_t baselines_left_out;
  bool smallest_first;
  char by[256]; /* the expression, cut if longer */
} vs_ranking;

/* Ranks. Baselines are left out where `by` names a metric that compares runs with them: they are 0
 * in it, and would stand before all that had to pay for the style. They stay if nothing else is
 * there, or if `where` names lambda or rho. Ties keep the order of the grid. VS_ERR_USAGE for a bad
 * expression, the message begins with --by or --where. On failure *ranking is zeroed. */
vs_status vs_rank(vs_ranking *ranking, vs_metrics *metrics, const vs_ranking_options *options);
void vs_ranking_clear(vs_ranking *ranking); /* fine on a zeroed struct */

typedef enum vs_rank_format { VS_RANK_TABLE, VS_RANK_CSV, VS_RANK_JSON } vs_rank_format;

/* Writes the ranking.
 *
 * Table: for people, at most `width` characters wide, 0 for no limit; below it how many runs are
 * shown, failed or missing, and in which order. Axes and seed appear where they vary among the runs
 * shown, the score unless it is one of the columns. Where that is too wide, columns with the same
 * in all rows go first and are said below instead, then long texts are cut to the parts that tell
 * them apart, then figures go, and last the axes; what is gone is named. CSV (RFC 4180 with a
 * header line; a text that a spreadsheet would take for a formula gets a ' before it) and JSON (an
 * array of objects) hold place, score, every column, axis and metric; numbers read back to the same
 * bits; what is not a finite number is an empty cell or null.
 *
 * VS_ERR_IO if `out` takes no more. */
vs_status vs_rank_print(const vs_ranking *ranking, vs_metrics *metrics, vs_rank_format format,
                        size_t width, FILE *out);

#endif
