/* sheet.h - the contact sheet: rows are channels, columns are lambdas, labelled.
 *
 * One picture shows what a sweep found: each row one group (layer, channel, and seed or other axes
 * where they vary), by depth of the layer and then channel; each column one lambda (or rho or
 * strength, where the sweep balances by it), under a heading; in every cell the final image, below
 * it the excitation and style_eval. The excitation is exc_gain where there is a baseline to compare
 * with, exc_eval where there is none, and for the baseline itself. Missing, failed and diverged
 * runs are shown as such. Pictures keep their proportions; those of another size are scaled to the
 * cell (core/image/resize.h). */
#ifndef VS_ANALYSIS_SHEET_SHEET_H
#define VS_ANALYSIS_SHEET_SHEET_H

#include "sweeps/store/results.h"

#define VS_SHEET_MIN_CELL 16
#define VS_SHEET_MAX_CELL 1024

typedef struct vs_sheet_options {
  const char *layer;  /* only this tap, or NULL for all */
  const bool *chosen; /* (runs of the results) only these, and rows that hold one; NULL: all */
  size_t top;         /* at most that many rows, 0 for all */
  int cell;           /* longer side of the largest picture in px, VS_SHEET_MIN_CELL ..
                         VS_SHEET_MAX_CELL; 0: the images' own size, at most 256 */
} vs_sheet_options;

/* Writes a PNG. VS_ERR_USAGE if there is no run of this layer or none is chosen, VS_ERR_LIMIT for a
 * sheet beyond VS_PICTURE_MAX_SIDE or 64 million pixels, found before anything is drawn: the
 * message names --top and --cell. */
vs_status vs_sheet_write(const vs_results *results, const vs_sheet_options *options,
                         const char *path);

#endif
