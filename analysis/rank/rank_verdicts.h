/* rank_verdicts.h - what verdicts say together, as tables for people and for programs. */
#ifndef VS_ANALYSIS_RANK_RANK_VERDICTS_H
#define VS_ANALYSIS_RANK_RANK_VERDICTS_H

#include "analysis/rank/rank.h"
#include "analysis/verdict/verdict.h"

/* One line for each verdict that any case has: how many runs have it, the best of them, and why
 * that has it. Lines are cut at `width` characters, 0 for no limit. Nothing where there is no
 * verdict. */
vs_status vs_rank_verdicts_print_headlines(const vs_verdicts *verdicts, size_t width, FILE *out);

/* A line for each layer and lambda (or rho, strength): runs, and how many have each verdict; the
 * table for people leaves out verdicts that none has. */
vs_status vs_rank_verdicts_print_shares(const vs_verdicts *verdicts, vs_rank_format format,
                                        FILE *out);

/* A line for each group: between which lambdas it collapses (vs_bracket). */
vs_status vs_rank_verdicts_print_brackets(const vs_verdicts *verdicts, vs_rank_format format,
                                          FILE *out);

/* The verdicts with their rules, then the thresholds as a file of rules, ready to be changed. */
void vs_rank_verdicts_print_rules(const vs_verdict_rules *rules, FILE *out);

#endif
