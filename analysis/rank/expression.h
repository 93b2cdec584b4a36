/* expression.h - what users write behind --by and --where: arithmetic and comparisons over the
 * columns, axes and metrics of a run.
 *
 *   expression := and ('||' and)*
 *   and        := not ('&&' not)*
 *   not        := '!' not | comparison
 *   comparison := sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)?
 *   sum        := product (('+' | '-') product)*
 *   product    := unary (('*' | '/') unary)*
 *   unary      := '-' unary | primary
 *   primary    := number | "text" | 'text' | name | '(' expression ')'
 *               | abs(sum) | min(sum, sum) | max(sum, sum)
 *
 * Names are columns of /runs (layer, channel, lambda, seed, status, exc_eval ...; columns.h),
 * metrics (exc_gain; metrics.h), the verdict and figures of the case (verdict, gain_mean;
 * verdict.h) and axes (optimizer.lr, or its last part lr where nothing else is called so;
 * axis_name.h). Numbers, texts and truths do not mix,
 * texts are only equal or not, and layer, status, parametrization and verdict are compared with
 * words that exist: such errors are found when parsing, with the position and a suggestion. NaN
 * compares as in C: it is neither less, equal nor greater, so that only != is true of it. abs, min
 * and max of NaN are NaN. The page of a report has the same language
 * (analysis/web/src/query/expression.ts); tests/golden/expressions.json is what both agree on. */
#ifndef VS_ANALYSIS_RANK_EXPRESSION_H
#define VS_ANALYSIS_RANK_EXPRESSION_H

#include <stdbool.h>

#include "analysis/verdict/verdict.h"

typedef struct vs_expression vs_expression;

#define VS_EXPRESSION_MAX_LENGTH 4096
#define VS_EXPRESSION_MAX_DEPTH  64 /* of parentheses, calls, minus signs and '!' */

/* Parses and checks against what these results have. VS_ERR_USAGE with the column of the error
 * (characters, not bytes), VS_ERR_LIMIT for a text that is too long or nested too deep. The results
 * outlive it. */
vs_status vs_expression_parse(vs_expression **out, const char *text, const vs_results *results);
void vs_expression_free(vs_expression *expression); /* fine on NULL */

/* Whether the expression is a truth (a comparison), and not a number. */
bool vs_expression_is_truth(const vs_expression *expression);

/* The direction of the column or metric that the expression consists of; VS_NO_DIRECTION for
 * anything more, and for an axis. */
vs_direction vs_expression_direction(const vs_expression *expression);

/* Whether it has to read pictures. */
bool vs_expression_reads_pictures(const vs_expression *expression);

/* Whether it names this column, metric or figure of the case, or "verdict". */
bool vs_expression_names(const vs_expression *expression, const char *name);

/* Value for a row: a number, or 0/1 for a truth. && and || look at their right side only when the
 * left one leaves it open, so that cheap conditions spare the reading of pictures. Fails only as
 * vs_metrics_get does. */
vs_status vs_expression_evaluate(const vs_expression *expression, const vs_verdicts *verdicts,
                                 size_t row, double *value);

#endif
