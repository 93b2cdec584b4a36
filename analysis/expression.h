/* expression.h - what users write behind --by and --where: arithmetic and comparisons over the
 * columns, axes and metrics of a run.
 *
 *   expression  := or;  or := and ('||' and)*;  and := not ('&&' not)*;  not := '!' not |
 * comparison comparison  := sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)? sum := product (('+'
 * | '-') product)*;  product := unary (('*' | '/') unary)* unary := '-' unary | number | "text" |
 * 'text' | name | abs(sum) min(a,b) max(a,b) | '(' expression ')'
 *
 * Names are columns of /runs (layer, channel, lambda, seed, status, exc_eval ...), axes
 * (optimizer.lr) and metrics (exc_gain). Numbers and texts do not mix: such errors are found when
 * parsing, with the position and a suggestion. NaN compares false with everything, as in C. */
#ifndef VS_ANALYSIS_EXPRESSION_H
#define VS_ANALYSIS_EXPRESSION_H

#include <stdbool.h>

#include "analysis/metrics.h"

typedef struct vs_expression vs_expression;

/* Parses and checks against what these results have. VS_ERR_USAGE with the column of the error.
 * Depth and length are bounded (64 levels, 4,096 characters). */
vs_status vs_expression_parse(vs_expression **out, const char *text, const vs_results *results);
void vs_expression_free(vs_expression *expression);

/* Whether the expression is a truth (a comparison), and not a number. */
bool vs_expression_is_truth(const vs_expression *expression);

/* Value for a row: a number, or 0/1 for a truth. */
vs_status vs_expression_evaluate(const vs_expression *expression, vs_metrics *metrics, size_t row,
                                 double *value);

#endif
