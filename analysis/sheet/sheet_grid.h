/* sheet_grid.h - which run stands where on a contact sheet, and what is written beside it. Between
 * sheet_grid.c and sheet.c; nobody else includes it. */
#ifndef VS_ANALYSIS_SHEET_SHEET_GRID_H
#define VS_ANALYSIS_SHEET_SHEET_GRID_H

#include <stdbool.h>

#include "analysis/metrics/groups.h"
#include "analysis/metrics/metrics.h"
#include "analysis/sheet/sheet.h"

#define VS_SHEET_NO_RUN  SIZE_MAX
#define VS_SHEET_HEADING 48 /* bytes of a heading's line, with its zero */

typedef struct vs_sheet_grid {
  const vs_results *results; /* not owned */
  vs_metrics *metrics;       /* owned */
  const bool *chosen;        /* not owned; NULL: all runs */
  vs_groups groups;
  size_t *order; /* (rows), owned: group of each row of the sheet */
  size_t rows;
  double *weights; /* (columns), owned: increasing */
  size_t columns;
  const char *weight_name; /* vs_groups_weight_name_of */
  bool seed_varies;
  bool *axis_varies; /* (axes of the results), owned */
} vs_sheet_grid;

/* Takes the groups that the options choose, by depth of layer, channel, and place in the grid.
 * VS_ERR_USAGE if there is none. */
vs_status vs_sheet_grid_init(vs_sheet_grid *grid, const vs_results *results,
                             const vs_sheet_options *options);
void vs_sheet_grid_clear(vs_sheet_grid *grid); /* fine on a zeroed struct */

/* Fills cells (columns) with the rows of the results that stand in a row of the sheet;
 * VS_SHEET_NO_RUN where there is no run. */
void vs_sheet_grid_cells(const vs_sheet_grid *grid, size_t row, size_t *cells);

/* The rows of the results in a row of the sheet, chosen or not: *count of them, at least one. */
const size_t *vs_sheet_grid_members(const vs_sheet_grid *grid, size_t row, size_t *count);

/* "lambda 50". */
void vs_sheet_grid_column_heading(const vs_sheet_grid *grid, size_t column,
                                  char text[VS_SHEET_HEADING]);

/* Line 0 is "relu4_3 : 7", further ones "seed 2" or "lr 0.05", whatever varies. False if there is
 * no such line. */
bool vs_sheet_grid_row_heading(const vs_sheet_grid *grid, size_t row, size_t line,
                               char text[VS_SHEET_HEADING]);

#endif
