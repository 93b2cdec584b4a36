/* sheet.h - the contact sheet: rows are channels, columns are lambdas, labelled.
 *
 * One picture shows what a sweep found: each row one group (layer, channel, and seed or other axes
 * where they vary), each column one lambda, under a heading; in every cell the final image, below
 * it exc_eval and style_eval. Missing, failed and diverged runs are shown as such. */
#ifndef VS_ANALYSIS_SHEET_H
#define VS_ANALYSIS_SHEET_H

#include "sweeps/results.h"

typedef struct vs_sheet_options {
  const char *layer; /* only this tap, or NULL for all */
  size_t top;        /* at most that many rows, 0 for all */
  int cell;          /* side of a picture in px; 0: the images' own size, at most 256 */
} vs_sheet_options;

/* Writes a PNG. VS_ERR_LIMIT beyond VS_PICTURE_MAX_SIDE: the message names --top. */
vs_status vs_sheet_write(const vs_results *results, const vs_sheet_options *options,
                         const char *path);

#endif
