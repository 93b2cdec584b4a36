/* columns.h - the stored figures of a run by their names: one table over vs_row.
 *
 * Expressions look names up here, listings write the columns in this order. Which way is better is
 * said here too, so that a ranking by a bare column (`--by seconds`) puts the best first. */
#ifndef VS_ANALYSIS_METRICS_COLUMNS_H
#define VS_ANALYSIS_METRICS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "sweeps/store/results.h"

typedef enum vs_direction { VS_HIGHER_IS_BETTER, VS_LOWER_IS_BETTER, VS_NO_DIRECTION } vs_direction;

/* How a column is kept in a vs_row, and so how it is written. */
typedef enum vs_column_kind {
  VS_COLUMN_REAL,           /* double; not finite where there is no figure */
  VS_COLUMN_INTEGER,        /* int */
  VS_COLUMN_UNSIGNED,       /* uint64_t, or a size_t */
  VS_COLUMN_TEXT,           /* char array */
  VS_COLUMN_TAP,            /* char array with the name of a tap, a text */
  VS_COLUMN_OUTCOME,        /* vs_outcome, a text */
  VS_COLUMN_PARAMETRIZATION /* vs_parametrization, a text */
} vs_column_kind;

typedef struct vs_column {
  const char *name;
  vs_column_kind kind;
  size_t offset; /* in vs_row */
  vs_direction direction;
  bool of_drawings; /* says something of runs that optimized strokes only */
} vs_column;

/* All columns in the order of /runs; *count of them. */
const vs_column *vs_column_table(size_t *count);

const vs_column *vs_column_find(const char *name); /* NULL if there is none */

/* Whether any run is a drawing, so that columns and metrics of drawings are worth showing. */
bool vs_columns_tell_of_drawings(const vs_results *results);

bool vs_column_is_text(const vs_column *column);

/* The value as a number; NaN for a text. Whole numbers above 2^53 are rounded. */
double vs_column_number(const vs_column *column, const vs_row *row);

/* The value of a VS_COLUMN_UNSIGNED column with all its digits. */
uint64_t vs_column_whole(const vs_column *column, const vs_row *row);

/* The value as a text, alive as long as the row; NULL for a number. */
const char *vs_column_text(const vs_column *column, const vs_row *row);

#endif
