/* row.h - one run as a row of /runs, and the one table of what its columns are.
 *
 * The files, listings, expressions, reports and the docs (docs/results-format.md) are read off this
 * table: a new column is a field of vs_row, a line in row.c, and an assignment where the result of
 * a run becomes a row (folder/store_add.c). */
#ifndef VS_SWEEPS_STORE_ROW_H
#define VS_SWEEPS_STORE_ROW_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sweeps/spec/sweep.h"

#define VS_HOST        64
#define VS_ROW_FAILURE 128 /* why a run failed, cut, with its zero */

/* One row of /runs. What the fields mean is said by the columns; figures that were never reached,
 * and what the file is too old for, are NaN, 0 or "". */
typedef struct vs_row {
  char id[VS_ID], group[VS_ID];
  uint64_t index;
  char layer[VS_TAP_NAME];
  int channel;
  double lambda;   /* as used */
  double rho;      /* NaN unless the sweep balances by rho */
  double strength; /* NaN unless it balances by strength */
  uint64_t seed;
  vs_outcome status;
  char failure[VS_ROW_FAILURE];
  int rank;
  char host[VS_HOST];
  int steps;
  double seconds;
  double finished;
  double exc_first, exc_final, exc_eval;
  double style_first, style_final, style_eval;
  double exc_best;
  double exc_style, exc_paper, exc_random_mean, exc_random_sd; /* core/optimize/measurements.h */
  double style_floor;
  double coverage, edge_density, gram_style;
  double pre_eval, pre_paper, pre_random_mean, pre_random_sd; /* before the ReLU */
  double ink, paper;
  double exc_free, exc_quantized, exc_refined, exc_plotted; /* the stages of core/optimize/run.h */
  int strokes, stroke_points, pens;                         /* 0 unless it is a drawing */
  double drawn_mm, travel_mm, lifts, minutes;
  char gram_tap[VS_TAP_NAME];
  int height, width;
  vs_parametrization parametrization;
  size_t param_count;
} vs_row;

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

/* What a column is there for, and so where people see it. */
typedef enum vs_column_role {
  VS_COLUMN_IDENTITY, /* which run it is, and whether it came to an end */
  VS_COLUMN_FIGURE,   /* what came out, and who computed it */
  VS_COLUMN_COST,     /* what computing or plotting it takes: worth ranking by */
  VS_COLUMN_DETAIL    /* what programs need beside these */
} vs_column_role;

typedef enum vs_direction { VS_HIGHER_IS_BETTER, VS_LOWER_IS_BETTER, VS_NO_DIRECTION } vs_direction;

typedef struct vs_column {
  const char *name;
  vs_column_kind kind;
  size_t offset, bytes; /* of the field of vs_row */
  vs_column_role role;
  int since;        /* the first format version that has it */
  const char *unit; /* "" for none */
  vs_direction direction;
  bool of_drawings;    /* says something of runs that optimized strokes only */
  const char *meaning; /* half a sentence */
} vs_column;

/* All columns in the order of /runs; *count of them. */
#define VS_ROW_MAX_COLUMNS 64
const vs_column *vs_row_columns(size_t *count);

const vs_column *vs_row_find_column(const char *name); /* NULL if there is none */

/* Whether the axes of the sweep, which each sweep has its own of, stand behind this column. */
bool vs_row_axes_follow(const vs_column *column);

bool vs_row_holds_text(const vs_column *column);

/* The value as a number; NaN for a text. Whole numbers above 2^53 are rounded. */
double vs_row_number(const vs_row *row, const vs_column *column);

/* The value of a VS_COLUMN_UNSIGNED column with all its digits. */
uint64_t vs_row_whole(const vs_row *row, const vs_column *column);

/* The value as a text, alive as long as the row; NULL for a number. */
const char *vs_row_text(const vs_row *row, const vs_column *column);

/* The words that a column can hold, an enumeration's in the order of its values; returns how many,
 * 0 for a column that may hold anything. */
#define VS_ROW_MAX_WORDS VS_VGG_TAPS
size_t vs_row_words(const vs_column *column, const char *words[VS_ROW_MAX_WORDS]);

/* Sets a column of an enumeration by its word; false if it has no such word. */
bool vs_row_set_word(vs_row *row, const vs_column *column, const char *word);

/* A row in which nothing is known: zeros, empty texts, and NaN for every figure. */
vs_row vs_row_blank(void);

/* What the drawing of a run is worth before it goes to paper: exc_free, or exc_eval where the
 * canvas grew after that, since what is on another canvas cannot be compared. */
static inline double vs_row_exc_unplotted(const vs_row *row) {
  const double last = isfinite(row->exc_refined) ? row->exc_refined : row->exc_free;
  return last == row->exc_eval ? row->exc_free : row->exc_eval;
}

#endif
