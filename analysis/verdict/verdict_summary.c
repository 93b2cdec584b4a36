/* verdict_summary.c - what many verdicts say together: the most telling runs, shares by layer and
 * weight, and where collapse begins. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/groups.h"
#include "analysis/verdict/verdict_internal.h"
#include "core/base/grow.h"
#include "core/optimize/strength.h"
#include "core/vgg/vgg16.h"

/* --- headlines -------------------------------------------------------------------------------- */

typedef struct candidate {
  vs_verdict verdict;
  double agreement; /* share of the case's seeds with this verdict */
  double merit;     /* higher is more telling; -inf where it is not known */
  size_t row;
} candidate;

static vs_status find_merit(const vs_verdicts *verdicts, size_t row, double *merit) {
  const vs_row *run = vs_results_row(verdicts->results, row);
  vs_evidence e;
  vs_status status = vs_verdicts_evidence(verdicts, row, &e);
  if (status != VS_OK) return status;
  double value = NAN;
  switch (vs_verdicts_of(verdicts, row)) {
  case VS_VERDICT_WIN:
  case VS_VERDICT_UNPROVEN:
    value = e.exc_gain;
    break;
  case VS_VERDICT_RESCUED: /* in the measure of its channel, so that layers can be compared */
    value = (run->exc_first - run->exc_eval) / fmax(fabs(run->exc_first), run->exc_random_sd);
    break;
  case VS_VERDICT_SPARSE:
  case VS_VERDICT_TRADEOFF:
    value = e.ink_saved * (1.0 + e.exc_gain);
    break;
  case VS_VERDICT_NO_EFFECT:
    value = -fabs(e.exc_gain);
    break;
  case VS_VERDICT_COLLAPSE:
    value = e.collapse;
    break;
  default:
    break;
  }
  *merit = isnan(value) ? -INFINITY : value;
  return VS_OK;
}

static int compare_candidates(const void *left, const void *right) {
  const candidate *a = left, *b = right;
  if (a->verdict != b->verdict) return a->verdict < b->verdict ? -1 : 1;
  if (a->agreement != b->agreement) return a->agreement > b->agreement ? -1 : 1;
  if (a->merit != b->merit) return a->merit > b->merit ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

/* Of a case the best run with each verdict that its seeds have: added to `candidates`. */
static vs_status add_candidates(const vs_verdicts *verdicts, size_t index, candidate *candidates,
                                size_t *count) {
  const vs_case *c = &verdicts->cases[index];
  candidate best[VS_VERDICT_FAILED];
  int seeds[VS_VERDICT_FAILED] = {0};
  for (size_t i = verdicts->first[index]; i < verdicts->first[index + 1]; i++) {
    candidate next = {.verdict = verdicts->verdict[verdicts->members[i]],
                      .row = verdicts->members[i]};
    if (next.verdict >= VS_VERDICT_FAILED) continue;
    vs_status status = find_merit(verdicts, next.row, &next.merit);
    if (status != VS_OK) return status;
    if (seeds[next.verdict]++ == 0 || compare_candidates(&next, &best[next.verdict]) < 0)
      best[next.verdict] = next;
  }
  for (int v = 0; v < VS_VERDICT_FAILED; v++) {
    if (seeds[v] == 0) continue;
    best[v].agreement = (double)seeds[v] / c->seeds;
    candidates[(*count)++] = best[v];
  }
  return VS_OK;
}

vs_status vs_verdict_summary_headlines(const vs_verdicts *verdicts, size_t per_verdict,
                                       vs_headline **list, size_t *count) {
  *list = NULL;
  *count = 0;
  size_t found = 0, kept = 0;
  vs_status status = VS_OK;
  candidate *candidates = calloc(verdicts->count + 1, sizeof *candidates);
  vs_headline *headlines = calloc(verdicts->count + 1, sizeof *headlines);
  if (candidates == NULL || headlines == NULL)
    status = vs_fail(VS_ERR_MEMORY, "no memory for headlines");
  for (size_t c = 0; c < verdicts->case_count && status == VS_OK; c++)
    status = add_candidates(verdicts, c, candidates, &found);
  if (status != VS_OK) goto done;
  qsort(candidates, found, sizeof *candidates, compare_candidates);
  size_t of_verdict[VS_VERDICT_COUNT] = {0};
  for (size_t i = 0; i < found; i++)
    if (of_verdict[candidates[i].verdict]++ < per_verdict)
      headlines[kept++] = (vs_headline){candidates[i].verdict, candidates[i].row};
  *list = headlines;
  *count = kept;
  headlines = NULL;
done:
  free(headlines);
  free(candidates);
  return status;
}

/* --- shares ----------------------------------------------------------------------------------- */

static int compare_places(const char *layer_a, double weight_a, const char *layer_b,
                          double weight_b) {
  int depth_a = vs_vgg16_find_tap(layer_a), depth_b = vs_vgg16_find_tap(layer_b);
  if (depth_a != depth_b) return depth_a < depth_b ? -1 : 1;
  int order = strcmp(layer_a, layer_b);
  if (order != 0) return order;
  if (isnan(weight_a) || isnan(weight_b)) return isnan(weight_a) - isnan(weight_b);
  return (weight_a > weight_b) - (weight_a < weight_b);
}

static int compare_shares(const void *left, const void *right) {
  const vs_share *a = left, *b = right;
  return compare_places(a->layer, a->weight, b->layer, b->weight);
}

static vs_share share_of_row(const vs_verdicts *verdicts, size_t row) {
  const vs_row *run = vs_results_row(verdicts->results, row);
  vs_share share = {.layer = run->layer, .weight = vs_groups_weight(run), .runs = 1};
  share.counts[verdicts->verdict[row]] = 1;
  return share;
}

/* Adds one row's share to those found so far: `count` of them, in order. */
static void add_share(vs_share *list, size_t *count, const vs_share *one) {
  size_t low = 0, high = *count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (compare_shares(&list[middle], one) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == *count || compare_shares(&list[low], one) != 0) {
    memmove(list + low + 1, list + low, (*count - low) * sizeof *list);
    list[low] = *one;
    ++*count;
    return;
  }
  list[low].runs++;
  for (int v = 0; v < VS_VERDICT_COUNT; v++) list[low].counts[v] += one->counts[v];
}

vs_status vs_verdict_summary_shares(const vs_verdicts *verdicts, vs_share **list, size_t *count) {
  *list = NULL;
  *count = 0;
  size_t found = 0, room = 0;
  vs_share *shares = NULL;
  for (size_t row = 0; row < verdicts->count; row++) {
    vs_share *grown = vs_grow(shares, &room, found + 1, sizeof *shares);
    if (grown == NULL) {
      free(shares);
      return vs_fail(VS_ERR_MEMORY, "no memory for the shares of verdicts");
    }
    shares = grown;
    vs_share one = share_of_row(verdicts, row);
    add_share(shares, &found, &one);
  }
  *list = shares;
  *count = found;
  return VS_OK;
}

/* --- where collapse begins -------------------------------------------------------------------- */

static bool is_collapse(const vs_verdicts *verdicts, size_t row) {
  return verdicts->verdict[row] == VS_VERDICT_COLLAPSE;
}

/* A run that tells something about collapse: it has been compared, or is what others are compared
 * with. */
static bool tells(const vs_verdicts *verdicts, size_t row) {
  vs_verdict verdict = verdicts->verdict[row];
  return verdict <= VS_VERDICT_COLLAPSE || verdict == VS_VERDICT_BASELINE;
}

static double weight_of(const vs_verdicts *verdicts, size_t row) {
  return vs_groups_weight(vs_results_row(verdicts->results, row));
}

/* The members of a group on both sides of where it collapses; SIZE_MAX for an open side. */
static void find_sides(const vs_verdicts *verdicts, const size_t *members, size_t count,
                       size_t *below, size_t *above) {
  *below = *above = SIZE_MAX;
  for (size_t i = 0; i < count; i++)
    if (is_collapse(verdicts, members[i]) &&
        (*above == SIZE_MAX || weight_of(verdicts, members[i]) < weight_of(verdicts, *above)))
      *above = members[i];
  for (size_t i = 0; i < count; i++) {
    size_t row = members[i];
    if (!tells(verdicts, row) || is_collapse(verdicts, row)) continue;
    if (*above != SIZE_MAX && weight_of(verdicts, row) >= weight_of(verdicts, *above)) continue;
    if (*below == SIZE_MAX || weight_of(verdicts, row) > weight_of(verdicts, *below)) *below = row;
  }
}

static vs_status estimate(const vs_verdicts *verdicts, size_t below, size_t above, double *weight) {
  *weight = NAN;
  if (below == SIZE_MAX || above == SIZE_MAX || weight_of(verdicts, below) <= 0.0) return VS_OK;
  vs_evidence low, high;
  vs_status status = vs_verdicts_evidence(verdicts, below, &low);
  if (status == VS_OK) status = vs_verdicts_evidence(verdicts, above, &high);
  if (status != VS_OK) return status;
  double share = (verdicts->rules.collapse - low.collapse) / (high.collapse - low.collapse);
  double from = log(weight_of(verdicts, below)), to = log(weight_of(verdicts, above));
  *weight = exp(from + share * (to - from));
  return VS_OK;
}

/* The estimate, which is a lambda or a strength, as both. */
static void convert_estimate(const vs_verdicts *verdicts, vs_bracket *bracket) {
  const vs_row *run = vs_results_row(verdicts->results, bracket->first);
  const size_t row = vs_metrics_baseline(verdicts->metrics, bracket->first);
  double unit = NAN;
  if (row != SIZE_MAX) {
    const vs_row *found = vs_results_row(verdicts->results, row);
    const vs_strength_baseline baseline = {found->status, found->exc_eval, found->style_eval};
    vs_strength_unit(&baseline, &unit); /* NaN where there is none */
  }
  const bool by_strength = !isnan(run->strength), by_lambda = !by_strength && isnan(run->rho);
  bracket->lambda = by_lambda ? bracket->estimate : by_strength ? bracket->estimate * unit : NAN;
  bracket->strength = by_strength ? bracket->estimate : bracket->lambda / unit;
}

static vs_status bracket_group(const vs_verdicts *verdicts, const size_t *members, size_t count,
                               vs_bracket *bracket) {
  size_t below, above;
  find_sides(verdicts, members, count, &below, &above);
  *bracket = (vs_bracket){
      .first = members[0],
      .below = below == SIZE_MAX ? NAN : weight_of(verdicts, below),
      .above = above == SIZE_MAX ? NAN : weight_of(verdicts, above),
  };
  const vs_status status = estimate(verdicts, below, above, &bracket->estimate);
  convert_estimate(verdicts, bracket);
  return status;
}

static bool has_judged_weight(const vs_verdicts *verdicts, const size_t *members, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (verdicts->verdict[members[i]] <= VS_VERDICT_COLLAPSE) return true;
  return false;
}

static int compare_brackets(const void *left, const void *right) {
  const vs_bracket *a = left, *b = right;
  return (a->first > b->first) - (a->first < b->first);
}

vs_status vs_verdict_summary_brackets(const vs_verdicts *verdicts, vs_bracket **list,
                                      size_t *count) {
  *list = NULL;
  *count = 0;
  vs_groups groups;
  vs_status status = vs_groups_init(&groups, verdicts->results);
  if (status != VS_OK) return status;
  size_t found = 0;
  vs_bracket *brackets = calloc(groups.count + 1, sizeof *brackets);
  if (brackets == NULL) status = vs_fail(VS_ERR_MEMORY, "no memory for %zu groups", groups.count);
  for (size_t g = 0; g < groups.count && status == VS_OK; g++) {
    const size_t *members = groups.rows + groups.first[g];
    size_t size = groups.first[g + 1] - groups.first[g];
    if (has_judged_weight(verdicts, members, size))
      status = bracket_group(verdicts, members, size, &brackets[found++]);
  }
  vs_groups_clear(&groups);
  if (status != VS_OK) {
    free(brackets);
    return status;
  }
  qsort(brackets, found, sizeof *brackets, compare_brackets);
  *list = brackets;
  *count = found;
  return VS_OK;
}
