/* rank.h - chosen runs in order of merit, and their listing as table, CSV or JSON. */
#ifndef VS_ANALYSIS_RANK_RANK_H
#define VS_ANALYSIS_RANK_RANK_H

#include <stdio.h>

#include "analysis/rank/expression.h"

typedef struct vs_ranking_options {
  const char *by;    /* an expression; NULL for vs_rank_default_by. A bare metric or column puts the
                        best first, anything else the largest */
  const char *where; /* a truth, or NULL for all */
  size_t top;        /* 0 for all */
  bool ascending;    /* the smallest first, whatever `by` is */
  bool baselines;    /* rank them too, whatever `by` is */
  const char *verdict; /* only runs that have it; NULL for all */
  bool diverse;        /* no near-duplicates: of runs whose final pictures are nearer than
                          VS_DIVERSE_DISTANCE only the first; at most VS_DIVERSE_TOP unless `top`
                          says how many */
  bool pictures;       /* listings show what only pictures tell, whatever `by` and `where` are */
} vs_ranking_options;

/* vs_metrics_distance below which pictures are near-duplicates. Of 8 channels at 96 px, builtin
 * weights: pictures collapsed into the same style are 0.04 to 0.11 apart, different channels
 * without a style 0.26 and more; sketches are 9% off. */
#define VS_DIVERSE_DISTANCE 0.12
#define VS_DIVERSE_TOP      100

typedef struct vs_ranking {
  size_t *rows;  /* owned */
  double *score; /* owned; NaN scores come last */
  size_t count;
  size_t considered; /* runs that met `where`, without the baselines left out */
  size_t baselines_left_out;
  size_t duplicates_left_out; /* near-duplicates of those that are listed */
  bool reads_pictures;        /* listings may ask for metrics that need them */
  bool smallest_first;
  char by[256]; /* the expression, cut if longer */
} vs_ranking;

/* The order that nobody asked for: "merit", what ink was saved for the excitation that is left;
 * "exc_gain" where ink is not known, as of format 1; "zscore", the most excited, where no run is
 * compared with another. */
const char *vs_rank_default_by(vs_metrics *metrics);

/* Ranks. Baselines are left out where `by` names a metric that compares runs with them: they are 0
 * in it, and would stand before all that had to pay for the style. They stay if nothing else is
 * there, or if `where` names lambda, rho or strength, or a verdict is chosen. Ties keep the order
 * of the grid. VS_ERR_USAGE for a bad expression or an unknown verdict, the message begins with
 * --by,
 * --where or
 * --verdict. On failure *ranking is zeroed. */
vs_status vs_rank(vs_ranking *ranking, const vs_verdicts *verdicts,
                  const vs_ranking_options *options);
void vs_rank_clear(vs_ranking *ranking); /* fine on a zeroed struct */

typedef enum vs_rank_format { VS_RANK_TABLE, VS_RANK_CSV, VS_RANK_JSON } vs_rank_format;

/* Writes the ranking.
 *
 * Table: for people, at most `width` characters wide, 0 for no limit; below it how many runs are
 * shown, failed or missing, and in which order. Axes and seed appear where they vary among the runs
 * shown, the score unless it is one of the columns. Where that is too wide, columns with the same
 * in all rows go first and are said below instead, then long texts are cut to the parts that tell
 * them apart, then figures go, and last the axes; what is gone is named. CSV and JSON (listing.h)
 * hold place, score, every column, axis and metric, verdict, reason, and the figures of the case.
 * A metric that needs pictures is empty there, and not in the table, unless the ranking was made by
 * it or by `pictures`: of many runs it takes minutes.
 *
 * VS_ERR_IO if `out` takes no more. */
vs_status vs_rank_print(const vs_ranking *ranking, const vs_verdicts *verdicts,
                        vs_rank_format format, size_t width, FILE *out);

#endif
