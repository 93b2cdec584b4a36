/* rank_table.h - the table of a ranking before it is written: which columns, and their cells.
 * Between rank_table.c, rank_fit.c and rank_print.c; nobody else includes it. */
#ifndef VS_ANALYSIS_RANK_RANK_TABLE_H
#define VS_ANALYSIS_RANK_RANK_TABLE_H

#include "analysis/rank/rank.h"

#define VS_RANK_GAP  2  /* blanks between columns */
#define VS_RANK_CELL 80 /* bytes of a cell's text with its zero */

/* One run in its place, as the cells see it. */
typedef struct vs_rank_entry {
  const vs_verdicts *verdicts;
  vs_metrics *metrics; /* of the verdicts */
  size_t row, place;   /* place from 0 */
  double score;
} vs_rank_entry;

typedef enum vs_rank_fate {
  VS_RANK_SHOWN,
  VS_RANK_SAID, /* the same in all rows, said below the table */
  VS_RANK_GONE  /* no room */
} vs_rank_fate;

typedef struct vs_rank_column vs_rank_column;
typedef vs_status vs_rank_write(const vs_rank_column *column, const vs_rank_entry *entry,
                                char text[VS_RANK_CELL]);

struct vs_rank_column {
  const char *heading;
  vs_rank_write *write;
  bool is_text;            /* to the left; numbers stand to the right */
  int keep;                /* VS_RANK_KEEP_*, or less: the least goes first */
  const vs_metric *metric; /* of a metric */
  size_t axis;             /* of an axis */
  size_t skip, most;       /* of an axis' text: bytes not shown at its beginning, and the most that
                              are shown then; most = 0 for all */
  bool varies;             /* among the rows of the table */
  vs_rank_fate fate;
  size_t width; /* of the longest cell or the heading */
};

#define VS_RANK_KEEP_ALWAYS   100 /* in every table */
#define VS_RANK_KEEP_IDENTITY 99  /* left out only where it is the same in all rows */
#define VS_RANK_KEEP_AXIS     50

typedef struct vs_rank_table {
  const vs_ranking *ranking;   /* not owned */
  const vs_verdicts *verdicts; /* not owned */
  vs_metrics *metrics;         /* not owned */
  vs_rank_column *columns;     /* owned */
  size_t count;
} vs_rank_table;

/* Chooses and measures the columns, all of them SHOWN but the axes that do not vary, which are
 * SAID. What vs_metrics_get says. Cleared by the caller whatever the answer. */
vs_status vs_rank_table_init(vs_rank_table *table, const vs_ranking *ranking,
                             const vs_verdicts *verdicts);
void vs_rank_table_clear(vs_rank_table *table);

/* The cell of a column in a place of the ranking. */
vs_status vs_rank_table_cell(const vs_rank_table *table, size_t column, size_t place,
                             char text[VS_RANK_CELL]);

/* Sets `width` and `varies` of a column. */
vs_status vs_rank_table_measure(vs_rank_table *table, size_t column);

/* Makes columns fit into `width` characters (0: they do), as vs_rank_print says. Of an empty table
 * nothing is left out. VS_ERR_MEMORY, or what vs_rank_table_measure says. */
vs_status vs_rank_fit(vs_rank_table *table, size_t width);

#endif
