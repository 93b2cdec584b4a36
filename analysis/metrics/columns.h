/* columns.h - which of the stored columns (sweeps/store/row.h) people are shown. */
#ifndef VS_ANALYSIS_METRICS_COLUMNS_H
#define VS_ANALYSIS_METRICS_COLUMNS_H

#include "sweeps/store/results.h"

/* The columns that no metric tells under the same name, in the order of /runs; returns how many. */
size_t vs_columns_listed(const vs_column *listed[VS_ROW_MAX_COLUMNS]);

/* Whether any run is a drawing, so that columns and metrics of drawings are worth showing. */
bool vs_columns_tell_of_drawings(const vs_results *results);

#endif
