/* verdict.h - what became of each run, in one word with its reason.
 *
 * A run is compared with its baseline, the run that differs from it only in that lambda (or rho,
 * strength) is 0. Rules are tried in this order and the first that is met decides:
 *
 *   failed     it could not be computed                                                    (state)
 *   diverged   a loss was not finite
 *   dead       at lambda 0: the channel never rose
 *   baseline   at lambda 0 otherwise                                                       (state)
 *   unpaired   no finished baseline                                                        (state)
 *   dead       neither this run nor its baseline rose
 *   collapse   collapse >= rules.collapse: the picture is the style's
 *   dead       this run never rose
 *   rescued    the baseline never rose: better than nothing is no win
 *   win        exc_gain >= rules.win_gain, in a case that has evidence for it (below)
 *   sparse     exc_gain >= -rules.sparse_loss, collapse <= rules.sparse_collapse, and ink_saved >=
 *              rules.sparse_ink
 *   unproven   exc_gain >= rules.unproven_gain, which may be chance: a lucky start
 *   no-effect  |exc_gain| < rules.no_effect_gain, |ink_saved| < rules.sparse_ink
 *   tradeoff   what is left: excitation given for style
 *
 * "Rose" is: exc_best, the lowest exc_loss of any step, lies below exc_first by more than
 * rules.wake of |exc_first|, or of the spread over random pictures where that is larger. What
 * ink_saved and collapse are, the metrics of these names say. Rules need figures that are made of
 * columns of /runs, never a picture. A figure that is not known (NaN: a file of an older program)
 * meets no rule that asks for it.
 *
 * Runs that differ only in their seed form a case. Every run keeps a verdict of its own; the case
 * has the one that most of its seeds have, and of equally many the less favourable.
 *
 * A win takes evidence, since runs that differ in nothing but their seed differ by 5% (one standard
 * deviation; single pairs by -14 to +17%): exc_gain is known of VS_VERDICT_WIN_SEEDS seeds or more,
 * their mean is at least rules.win_gain, and the 95% interval of the mean lies above 0. So at most
 * one case in 40 is called a win by chance. */
#ifndef VS_ANALYSIS_VERDICT_VERDICT_H
#define VS_ANALYSIS_VERDICT_VERDICT_H

#include "analysis/metrics/metrics.h"

/* In order of interest. The last three are states of runs that no rule can judge. */
typedef enum vs_verdict {
  VS_VERDICT_WIN,
  VS_VERDICT_UNPROVEN,
  VS_VERDICT_RESCUED,
  VS_VERDICT_SPARSE,
  VS_VERDICT_TRADEOFF,
  VS_VERDICT_NO_EFFECT,
  VS_VERDICT_COLLAPSE,
  VS_VERDICT_DEAD,
  VS_VERDICT_DIVERGED,
  VS_VERDICT_FAILED,
  VS_VERDICT_BASELINE,
  VS_VERDICT_UNPAIRED,
  VS_VERDICT_COUNT
} vs_verdict;

const char *vs_verdict_name(vs_verdict verdict);    /* "no-effect" */
const char *vs_verdict_meaning(vs_verdict verdict); /* one line for people */
bool vs_verdict_find(const char *name, vs_verdict *verdict);

/* --- rules ------------------------------------------------------------------------------------ */

/* The thresholds, all shares of 1. vs_verdict_rules_thresholds names them. */
typedef struct vs_verdict_rules {
  double wake, collapse, win_gain, unproven_gain;
  double sparse_loss, sparse_collapse, sparse_ink, no_effect_gain;
} vs_verdict_rules;

typedef struct vs_threshold {
  const char *name;          /* its key in a file of rules */
  size_t offset;             /* of a double in vs_verdict_rules */
  double default_value, max; /* 0 .. max is taken */
  const char *meaning;       /* one line */
} vs_threshold;
const vs_threshold *vs_verdict_rules_thresholds(size_t *count);

vs_verdict_rules vs_verdict_rules_default(void);

/* Reads thresholds from a YAML file of `name: number` lines; those it does not name keep their
 * defaults. VS_ERR_USAGE with every mistake, each as file:line:column: key: what is wrong. */
vs_status vs_verdict_rules_read(vs_verdict_rules *rules, const char *path);

/* The rule of a verdict in words, with these thresholds. */
#define VS_VERDICT_RULE 256
void vs_verdict_rules_text(vs_verdict verdict, const vs_verdict_rules *rules,
                           char text[VS_VERDICT_RULE]);

/* --- verdicts --------------------------------------------------------------------------------- */

typedef struct vs_verdicts vs_verdicts; /* of all rows of one vs_results */

/* Judges every run. `metrics` is not owned and outlives it; rules NULL: the defaults.
 * VS_ERR_MEMORY, or what reading a column says. */
vs_status vs_verdicts_new(vs_verdicts **out, vs_metrics *metrics, const vs_verdict_rules *rules);
void vs_verdicts_free(vs_verdicts *verdicts); /* fine on NULL */

vs_metrics *vs_verdicts_metrics(const vs_verdicts *verdicts);
const vs_verdict_rules *vs_verdicts_rules(const vs_verdicts *verdicts);

vs_verdict vs_verdicts_of(const vs_verdicts *verdicts, size_t row);
size_t vs_verdicts_count_of(const vs_verdicts *verdicts,
                            vs_verdict verdict); /* runs that have it */

/* The reason in words and figures, one line that begins with the verdict:
 * "win: exc_eval -4123 against -3890 at lambda 0, +6.0%, 3 of 3 seeds". */
#define VS_VERDICT_REASON 320
void vs_verdict_reason(const vs_verdicts *verdicts, size_t row, char text[VS_VERDICT_REASON]);

/* --- cases ------------------------------------------------------------------------------------ */

/* Below so many seeds there is no interval, and no win. */
#define VS_VERDICT_WIN_SEEDS 3

/* Runs that differ only in their seed. */
typedef struct vs_case {
  size_t first; /* its first row in grid order */
  vs_verdict verdict;
  int seeds;    /* runs of the case */
  int agreeing; /* of them with the case's verdict */
  /* Of exc_gain over the seeds where it is known: mean, and the interval that holds the mean with
   * 95% (Student's t); NaN without a seed, and the interval with fewer than
   * VS_VERDICT_WIN_SEEDS of them. */
  double gain_mean, gain_low, gain_high;
} vs_case;

/* The figures of a case as expressions and listings know them. */
typedef struct vs_case_figure {
  const char *name; /* no column, metric or axis has it */
  double (*get)(const vs_case *);
  const char *meaning;
  vs_direction direction;
  bool is_count; /* a whole number */
} vs_case_figure;
const vs_case_figure *vs_verdict_case_figures(size_t *count);
const vs_case_figure *vs_verdict_case_figure_find(const char *name); /* NULL if there is none */

/* Cases are numbered in the order of their first rows. */
size_t vs_verdicts_case_count(const vs_verdicts *verdicts);
size_t vs_verdicts_case(const vs_verdicts *verdicts, size_t row);
const vs_case *vs_verdicts_get_case(const vs_verdicts *verdicts, size_t index);

/* --- summaries -------------------------------------------------------------------------------- */

/* The telling runs of each verdict (not of the states) that any run has: the best ones first, of a
 * case one, at most `per_verdict`. The best are those whose case has most seeds with it, then: win,
 * unproven and rescued the most excited against what they are compared with, sparse and tradeoff
 * those of greatest merit (ink saved, times what is left of the excitation), no-effect the smallest
 * effect, collapse the greatest collapse, others the first in the grid. *list is freed by the
 * caller. */
typedef struct vs_headline {
  vs_verdict verdict;
  size_t row;
} vs_headline;
vs_status vs_verdict_summary_headlines(const vs_verdicts *verdicts, size_t per_verdict,
                                       vs_headline **list, size_t *count);

/* How often each verdict came, by layer (in order of depth) and weight (lambda, or rho where the
 * sweep balances by it). *list is freed by the caller; `layer` lives as long as the results. */
typedef struct vs_share {
  const char *layer;
  double weight;
  size_t runs;
  size_t counts[VS_VERDICT_COUNT];
} vs_share;
vs_status vs_verdict_summary_shares(const vs_verdicts *verdicts, vs_share **list, size_t *count);

/* lambda* and strength*: where a group's verdict turns to collapse, between two weights of the
 * grid. Groups come in the order of their first rows, those without a finished run that could
 * collapse not at all. *list is freed by the caller. */
typedef struct vs_bracket {
  size_t first;    /* the first row of the group: layer, channel, seed and axes are all its runs' */
  double above;    /* lowest weight with collapse; NaN if there is none */
  double below;    /* highest weight under it (of all) without collapse, 0 for the baseline; NaN if
                      there is none */
  double estimate; /* where `collapse` meets rules.collapse, interpolated between the two over the
                      logarithm of the weight; NaN unless 0 < below < above */
  double lambda, strength; /* the estimate as a lambda, and in units of the group's baseline
                              (core/optimize/strength.h): lambda* and strength*. NaN by rho, and
                              where the baseline gives no unit */
} vs_bracket;
vs_status vs_verdict_summary_brackets(const vs_verdicts *verdicts, vs_bracket **list,
                                      size_t *count);

#endif
