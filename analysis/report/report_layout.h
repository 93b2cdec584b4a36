/* report_layout.h - where each run's thumbnail stands on a report's sprite sheets.
 *
 * A sheet is a grid of `columns` x `rows` square cells. One sheet holds one (layer, weight), in the
 * order of the groups, so that the same cell of the sheets of two weights is the same channel, seed
 * and axes, and turning the weight is changing the sheet behind a picture. A layer with more groups
 * than cells goes on in a second sheet. Where that would leave most cells empty (hardly two runs
 * with one weight, as when it was searched for) runs are packed one after the other. */
#ifndef VS_ANALYSIS_REPORT_REPORT_LAYOUT_H
#define VS_ANALYSIS_REPORT_REPORT_LAYOUT_H

#include "analysis/sheet/canvas.h"
#include "sweeps/store/results.h"

#define VS_REPORT_THUMBNAIL 96 /* px */
#define VS_REPORT_SHEET     16 /* cells a side, at most */

typedef struct vs_report_layout {
  int columns, rows; /* of cells; no more than the largest layer needs */
  size_t sheets;
  int *sheet, *cell; /* of each row of the results; sheet -1: no picture. Owned */
  size_t *order;     /* rows that have a picture, by sheet and cell. Owned */
  size_t count;
} vs_report_layout;

/* Runs that failed have no picture. VS_ERR_MEMORY; the struct is then zeroed. */
vs_status vs_report_layout_init(vs_report_layout *layout, const vs_results *results);
void vs_report_layout_clear(vs_report_layout *layout); /* fine on a zeroed struct */

/* The cell's place on its sheet, of which a picture of height x width takes this box: all of it, or
 * the middle of it if the picture is not square. */
vs_box vs_report_layout_box(const vs_report_layout *layout, int cell, int height, int width);

#endif
