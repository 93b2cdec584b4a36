/* verdict_rules.c - the thresholds of the rules in one table, their defaults, and rules read from a
 * file or put into words. The rules themselves are tried in verdict.c. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict.h"
#include "sweeps/spec/value.h"

/* --- rules in words --------------------------------------------------------------------------- */

void vs_verdict_rules_text(vs_verdict verdict, const vs_verdict_rules *rules,
                           char text[VS_VERDICT_RULE]) {
  const char *fixed = "";
  switch (verdict) {
  case VS_VERDICT_WIN:
    snprintf(text, VS_VERDICT_RULE,
             "exc_gain >= %g, with %d seeds or more whose gain_mean >= %g and gain_low > 0",
             rules->win_gain, VS_VERDICT_WIN_SEEDS, rules->win_gain);
    return;
  case VS_VERDICT_UNPROVEN:
    snprintf(text, VS_VERDICT_RULE, "exc_gain >= %g, with fewer seeds, or seeds that disagree",
             rules->unproven_gain);
    return;
  case VS_VERDICT_SPARSE:
    snprintf(text, VS_VERDICT_RULE,
             "exc_gain >= %g, collapse <= %g and ink_saved >= %g: less coverage, of a drawing also "
             "less line or fewer minutes",
             -rules->sparse_loss, rules->sparse_collapse, rules->sparse_ink);
    return;
  case VS_VERDICT_NO_EFFECT:
    snprintf(text, VS_VERDICT_RULE, "|exc_gain| < %g and |ink_saved| < %g", rules->no_effect_gain,
             rules->sparse_ink);
    return;
  case VS_VERDICT_COLLAPSE:
    snprintf(text, VS_VERDICT_RULE, "collapse >= %g", rules->collapse);
    return;
  case VS_VERDICT_DEAD:
    snprintf(text, VS_VERDICT_RULE,
             "exc_best not below exc_first by more than %g of |exc_first| or of exc_random_sd, "
             "whichever is larger",
             rules->wake);
    return;
  case VS_VERDICT_RESCUED:
    fixed = "the run rose, its baseline did not";
    break;
  case VS_VERDICT_TRADEOFF:
    fixed = "none of the others";
    break;
  case VS_VERDICT_DIVERGED:
    fixed = "status == \"diverged\"";
    break;
  case VS_VERDICT_FAILED:
    fixed = "status == \"failed\"";
    break;
  case VS_VERDICT_BASELINE:
    fixed = "lambda (or rho, or strength) 0, and the channel rose";
    break;
  case VS_VERDICT_UNPAIRED:
    fixed = "no finished run of the group with lambda (or rho, or strength) 0";
    break;
  case VS_VERDICT_COUNT:
    break;
  }
  snprintf(text, VS_VERDICT_RULE, "%s", fixed);
}

/* --- thresholds ------------------------------------------------------------------------------- */

#define AT(field) offsetof(vs_verdict_rules, field)

/* What tells no-effect, sparse, tradeoff and collapse apart was fitted to labels by eye
 * (tests/data/labels.csv: 304 pairs at 96 px of four layers, ImageNet's and the builtin weights) on
 * the channels below 100, and agrees with those of the others in 88% and 87%
 * (docs/defaults.md). Gains: runs that differ by their seed alone differ by 5% (one standard
 * deviation), so that a single pair below that is not even a question. */
static const vs_threshold thresholds[] = {
    {"wake", AT(wake), 0.05, 1e6, "minimum rise of a channel, of |exc_first| or exc_random_sd"},
    {"collapse", AT(collapse), 1.0, 10.0, "minimum collapse that is one"},
    {"win_gain", AT(win_gain), 0.02, 1e6, "minimum exc_gain of a win, and of its seeds' mean"},
    {"unproven_gain", AT(unproven_gain), 0.05, 1e6, "minimum exc_gain of one that is unproven"},
    {"sparse_loss", AT(sparse_loss), 0.5, 1.0, "maximum loss of excitation of a sparse run"},
    {"sparse_collapse", AT(sparse_collapse), 0.75, 10.0, "maximum collapse of a sparse run"},
    {"sparse_ink", AT(sparse_ink), 0.12, 1.0,
     "minimum share of the baseline's ink that it saves; less is no effect"},
    {"no_effect_gain", AT(no_effect_gain), 0.2, 1e6, "|exc_gain| below it is no effect"},
};
enum { THRESHOLDS = sizeof thresholds / sizeof thresholds[0] };

const vs_threshold *vs_verdict_rules_thresholds(size_t *count) {
  *count = THRESHOLDS;
  return thresholds;
}

static double *slot_of(vs_verdict_rules *rules, const vs_threshold *threshold) {
  return (double *)(void *)((char *)rules + threshold->offset);
}

vs_verdict_rules vs_verdict_rules_default(void) {
  vs_verdict_rules rules = {0};
  for (size_t i = 0; i < THRESHOLDS; i++)
    *slot_of(&rules, &thresholds[i]) = thresholds[i].default_value;
  return rules;
}

/* --- a file of rules -------------------------------------------------------------------------- */

static const vs_threshold *find_threshold(const char *name) {
  for (size_t i = 0; i < THRESHOLDS; i++)
    if (strcmp(thresholds[i].name, name) == 0) return &thresholds[i];
  return NULL;
}

static void refuse_unknown(const vs_document_node *node, vs_problems *problems) {
  const char *names[THRESHOLDS];
  for (size_t i = 0; i < THRESHOLDS; i++) names[i] = thresholds[i].name;
  vs_hint hint = vs_problem_hint_near(node->key, names, THRESHOLDS);
  vs_problems_add(problems, node->key_mark, "verdicts", "there is no threshold %s%s",
                  vs_problem_quote(node->key).text,
                  hint.text[0] != '\0' ? hint.text
                                       : "; `vggsweep rank --help-verdicts` lists them");
}

static void read_threshold(vs_verdict_rules *rules, const vs_document_node *node,
                           vs_problems *problems) {
  const vs_threshold *threshold = find_threshold(node->key);
  if (threshold == NULL) {
    refuse_unknown(node, problems);
    return;
  }
  const vs_key key = {.path = threshold->name, .type = VS_TYPE_REAL, .max = threshold->max};
  vs_value value;
  if (!vs_value_read(&value, &key, node, threshold->name, "", problems)) return;
  *slot_of(rules, threshold) = value.numbers[0];
  vs_value_clear(&value);
}

static void read_map(vs_verdict_rules *rules, const vs_document_node *root, vs_problems *problems) {
  for (const vs_document_node *node = root->first; node != NULL; node = node->next) {
    const vs_document_node *earlier = root->first;
    while (earlier != node && strcmp(earlier->key, node->key) != 0) earlier = earlier->next;
    if (earlier != node)
      vs_problems_add(problems, node->key_mark, node->key, "given twice, first in line %d",
                      earlier->key_mark.line);
    else
      read_threshold(rules, node, problems);
  }
}

static void read_root(void *rules, const vs_document_node *root, vs_problems *problems) {
  const vs_mark start = {VS_SOURCE_FILE, 1, 1};
  if (root != NULL && root->kind == VS_NODE_MAP)
    read_map(rules, root, problems);
  else if (root != NULL && root->kind != VS_NODE_BAD && !vs_document_node_is_null(root))
    vs_problems_add(problems, start, "verdicts", "a file of rules holds `name: number` lines");
}

vs_status vs_verdict_rules_read(vs_verdict_rules *rules, const char *path) {
  *rules = vs_verdict_rules_default();
  return vs_document_read(path, read_root, rules);
}
