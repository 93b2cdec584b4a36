/* rank_export.h - between rank_print.c and the formats for programs; nobody else includes it. */
#ifndef VS_ANALYSIS_RANK_RANK_EXPORT_H
#define VS_ANALYSIS_RANK_RANK_EXPORT_H

#include "analysis/rank/rank.h"

vs_status vs_rank_export_csv(const vs_ranking *ranking, const vs_verdicts *verdicts, FILE *out);
vs_status vs_rank_export_json(const vs_ranking *ranking, const vs_verdicts *verdicts, FILE *out);

#endif
