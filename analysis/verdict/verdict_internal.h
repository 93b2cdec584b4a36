/* verdict_internal.h - what verdict.c, verdict_reason.c and verdict_summary.c share; nobody else
 * includes it. */
#ifndef VS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H
#define VS_ANALYSIS_VERDICT_VERDICT_INTERNAL_H

#include "analysis/verdict/verdict.h"

struct vs_verdicts {
  vs_metrics *metrics;       /* not owned */
  const vs_results *results; /* not owned */
  vs_verdict_rules rules;
  size_t count;            /* rows */
  vs_verdict *verdict;     /* (count) owned */
  size_t *case_of;         /* (count) owned */
  size_t *members, *first; /* rows by case, (count); of case i from first[i] to
                              first[i + 1], (case_count + 1); owned */
  vs_case *cases;          /* (case_count) owned */
  size_t case_count;
  size_t counts[VS_VERDICT_COUNT];
};

/* The figures that the rules judge by, of a finished run with a baseline. NaN: not known. */
typedef struct vs_evidence {
  double exc_gain, likeness, collapse, ink_saved;
} vs_evidence;
vs_status vs_verdicts_evidence(const vs_verdicts *verdicts, size_t row, vs_evidence *evidence);

/* The row of its baseline, or NULL. */
const vs_row *vs_verdicts_baseline(const vs_verdicts *verdicts, size_t row);

#endif
