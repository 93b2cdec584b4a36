/* report_columns.h - the columns of a report's table, one list for their description and their
 * values: identity, axes, status and verdict, metrics, stored figures. */
#ifndef VS_ANALYSIS_REPORT_REPORT_COLUMNS_H
#define VS_ANALYSIS_REPORT_REPORT_COLUMNS_H

#include "analysis/metrics/metrics.h"
#include "core/base/json.h"

/* "columns": [{"name", "kind", "unit", "direction", "formula", "group"}, ...] */
void vs_report_columns_print(vs_json *json, const vs_results *results);

/* "values": {name: [numbers] or {"words": [...], "codes": [...]}, ...}. Texts are coded in the
 * order in which they first come; "id" is a list of texts; the verdict is not among them, as the
 * page has it anyway. VS_ERR_MEMORY, and what vs_metrics_get says. */
vs_status vs_report_columns_print_values(vs_json *json, vs_metrics *metrics);

#endif
