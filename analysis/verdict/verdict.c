/* verdict.c - the words of verdicts, and all verdicts of a sweep: rules tried on each run, cases of
 * seeds gathered. verdict_rules.c has the thresholds, verdict_reason.c and verdict_summary.c say
 * what comes of it. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/groups.h"
#include "analysis/metrics/sample.h"
#include "analysis/verdict/verdict_internal.h"

/* --- words ------------------------------------------------------------------------------------ */

typedef struct verdict_words {
  const char *name, *meaning;
} verdict_words;

static const verdict_words words[VS_VERDICT_COUNT] = {
    [VS_VERDICT_WIN] = {"win", "more excited than without style regularization"},
    [VS_VERDICT_UNPROVEN] = {"unproven", "more excited with this seed, which may be chance"},
    [VS_VERDICT_RESCUED] = {"rescued", "more excited only because the baseline never woke"},
    [VS_VERDICT_SPARSE] = {"sparse", "the channel's own forms, with clearly less ink"},
    [VS_VERDICT_TRADEOFF] = {"tradeoff", "excitation given for style"},
    [VS_VERDICT_NO_EFFECT] = {"no-effect", "as without style regularization"},
    [VS_VERDICT_COLLAPSE] = {"collapse", "the picture has become the style's"},
    [VS_VERDICT_DEAD] = {"dead", "the channel never rose"},
    [VS_VERDICT_DIVERGED] = {"diverged", "a loss was not finite"},
    [VS_VERDICT_FAILED] = {"failed", "the run could not be computed"},
    [VS_VERDICT_BASELINE] = {"baseline", "the run without style regularization"},
    [VS_VERDICT_UNPAIRED] = {"unpaired", "no finished baseline to compare with"},
};

const char *vs_verdict_name(vs_verdict verdict) {
  return words[verdict].name;
}

const char *vs_verdict_meaning(vs_verdict verdict) {
  return words[verdict].meaning;
}

bool vs_verdict_find(const char *name, vs_verdict *verdict) {
  for (int v = 0; v < VS_VERDICT_COUNT; v++) {
    if (strcmp(words[v].name, name) != 0) continue;
    *verdict = (vs_verdict)v;
    return true;
  }
  return false;
}

/* --- one run ---------------------------------------------------------------------------------- */

static vs_status get_metric(const vs_verdicts *verdicts, const char *name, size_t row,
                            double *value) {
  return vs_metrics_get(verdicts->metrics, vs_metric_find(name), row, value);
}

const vs_row *vs_verdicts_baseline(const vs_verdicts *verdicts, size_t row) {
  size_t at = vs_metrics_baseline(verdicts->metrics, row);
  return at == SIZE_MAX ? NULL : vs_results_row(verdicts->results, at);
}

vs_status vs_verdicts_evidence(const vs_verdicts *verdicts, size_t row, vs_evidence *evidence) {
  vs_status status = get_metric(verdicts, "exc_gain", row, &evidence->exc_gain);
  if (status == VS_OK) status = get_metric(verdicts, "likeness", row, &evidence->likeness);
  if (status == VS_OK) status = get_metric(verdicts, "collapse", row, &evidence->collapse);
  if (status == VS_OK) status = get_metric(verdicts, "ink_saved", row, &evidence->ink_saved);
  return status;
}

/* Whether the channel rose (verdict.h). */
static bool has_risen(const vs_verdicts *verdicts, size_t row) {
  const vs_row *run = vs_results_row(verdicts->results, row);
  double best = isnan(run->exc_best) ? run->exc_final : run->exc_best;
  double scale = fmax(fabs(run->exc_first), run->exc_random_sd); /* fmax passes NaN over */
  return best < run->exc_first - verdicts->rules.wake * scale;
}

static vs_verdict compare_with_baseline(const vs_verdicts *verdicts, size_t row, size_t baseline,
                                        const vs_evidence *e) {
  const vs_verdict_rules *rules = &verdicts->rules;
  bool rose = has_risen(verdicts, row), woke = has_risen(verdicts, baseline);
  if (!rose && !woke) return VS_VERDICT_DEAD;
  if (e->collapse >= rules->collapse) return VS_VERDICT_COLLAPSE;
  if (!rose) return VS_VERDICT_DEAD;
  if (!woke) return VS_VERDICT_RESCUED;
  if (e->exc_gain >= -rules->sparse_loss && e->collapse <= rules->sparse_collapse &&
      e->ink_saved >= rules->sparse_ink)
    return VS_VERDICT_SPARSE;
  if (e->exc_gain >= rules->unproven_gain) return VS_VERDICT_UNPROVEN;
  const bool stayed =
      fabs(e->exc_gain) < rules->no_effect_gain && fabs(e->ink_saved) < rules->sparse_ink;
  return stayed ? VS_VERDICT_NO_EFFECT : VS_VERDICT_TRADEOFF;
}

static vs_status judge(vs_verdicts *verdicts, size_t row) {
  const vs_row *run = vs_results_row(verdicts->results, row);
  size_t baseline = vs_metrics_baseline(verdicts->metrics, row);
  vs_verdict *verdict = &verdicts->verdict[row];
  vs_status status = VS_OK;
  if (run->status == VS_RUN_FAILED) {
    *verdict = VS_VERDICT_FAILED;
  } else if (run->status == VS_RUN_DIVERGED) {
    *verdict = VS_VERDICT_DIVERGED;
  } else if (vs_groups_weight(run) == 0.0) {
    *verdict = has_risen(verdicts, row) ? VS_VERDICT_BASELINE : VS_VERDICT_DEAD;
  } else if (baseline == SIZE_MAX) {
    *verdict = VS_VERDICT_UNPAIRED;
  } else {
    vs_evidence evidence;
    status = vs_verdicts_evidence(verdicts, row, &evidence);
    if (status == VS_OK) *verdict = compare_with_baseline(verdicts, row, baseline, &evidence);
  }
  return status;
}

/* --- cases ------------------------------------------------------------------------------------ */

static int compare_axes(const vs_results *results, size_t a, size_t b) {
  int order = 0;
  for (size_t axis = 0; axis < vs_results_axis_count(results) && order == 0; axis++) {
    vs_axis_value left, right;
    vs_results_axis_value(results, a, axis, &left);
    vs_results_axis_value(results, b, axis, &right);
    order = strcmp(left.text, right.text);
  }
  return order;
}

/* 0 exactly if the runs differ in nothing but their seed. */
static int compare_but_seed(const vs_results *results, size_t a, size_t b) {
  const vs_row *left = vs_results_row(results, a), *right = vs_results_row(results, b);
  int order = strcmp(left->layer, right->layer);
  if (order != 0) return order;
  if (left->channel != right->channel) return left->channel < right->channel ? -1 : 1;
  double u = vs_groups_weight(left), v = vs_groups_weight(right);
  if (isnan(u) != isnan(v)) return isnan(u) ? 1 : -1;
  if (u < v || u > v) return u < v ? -1 : 1;
  return compare_axes(results, a, b);
}

static int compare_rows(const void *left, const void *right, void *results) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  int order = compare_but_seed(results, a, b);
  return order != 0 ? order : (a > b) - (a < b);
}

/* A case's rows, gathered by compare_rows, by the first of them. */
typedef struct span {
  size_t begin, end; /* in the sorted rows */
  size_t first;      /* row */
} span;

static int compare_spans(const void *left, const void *right) {
  const span *a = left, *b = right;
  return (a->first > b->first) - (a->first < b->first);
}

static size_t find_spans(const vs_verdicts *verdicts, const size_t *sorted, span *spans) {
  size_t count = 0;
  for (size_t i = 0; i < verdicts->count; i++) {
    bool same = i > 0 && compare_but_seed(verdicts->results, sorted[i - 1], sorted[i]) == 0;
    if (!same) spans[count++] = (span){.begin = i, .first = sorted[i]};
    spans[count - 1].end = i + 1;
  }
  return count;
}

static vs_status gather_cases(vs_verdicts *verdicts) {
  size_t count = verdicts->count;
  vs_status status = VS_OK;
  size_t *sorted = malloc((count + 1) * sizeof *sorted);
  span *spans = malloc((count + 1) * sizeof *spans);
  if (sorted == NULL || spans == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for the cases of %zu runs", count);
    goto done;
  }
  for (size_t i = 0; i < count; i++) sorted[i] = i;
  qsort_r(sorted, count, sizeof *sorted, compare_rows, (void *)verdicts->results);
  verdicts->case_count = find_spans(verdicts, sorted, spans);
  qsort(spans, verdicts->case_count, sizeof *spans, compare_spans);
  size_t filled = 0;
  for (size_t c = 0; c < verdicts->case_count; c++) {
    verdicts->first[c] = filled;
    for (size_t i = spans[c].begin; i < spans[c].end; i++) {
      verdicts->members[filled++] = sorted[i];
      verdicts->case_of[sorted[i]] = c;
    }
  }
  verdicts->first[verdicts->case_count] = filled;
done:
  free(spans);
  free(sorted);
  return status;
}

/* The verdict of most seeds; of equally many the one that stands later, which is the less
 * favourable. A run that could not be judged has no vote unless none has. */
static vs_verdict vote(const size_t counts[VS_VERDICT_COUNT]) {
  int winner = -1;
  for (int v = 0; v < VS_VERDICT_COUNT; v++) {
    if (winner >= 0 && counts[winner] > 0 && v >= VS_VERDICT_FAILED) break;
    if (counts[v] > 0 && (winner < 0 || counts[v] >= counts[winner])) winner = v;
  }
  return (vs_verdict)winner;
}

/* Makes wins of the runs that the evidence of their case speaks for. */
static vs_status find_wins(vs_verdicts *verdicts, size_t index, const vs_sample *gains,
                           double gain_low) {
  if (!(gain_low > 0.0 && gains->mean >= verdicts->rules.win_gain)) return VS_OK;
  for (size_t i = verdicts->first[index]; i < verdicts->first[index + 1]; i++) {
    vs_verdict *verdict = &verdicts->verdict[verdicts->members[i]];
    double gain;
    vs_status status = get_metric(verdicts, "exc_gain", verdicts->members[i], &gain);
    if (status != VS_OK) return status;
    const bool may_win = *verdict != VS_VERDICT_RESCUED && *verdict <= VS_VERDICT_NO_EFFECT;
    if (may_win && gain >= verdicts->rules.win_gain) *verdict = VS_VERDICT_WIN;
  }
  return VS_OK;
}

static vs_status sum_up_case(vs_verdicts *verdicts, size_t index) {
  vs_case *c = &verdicts->cases[index];
  size_t counts[VS_VERDICT_COUNT] = {0};
  vs_sample gains = {0};
  for (size_t i = verdicts->first[index]; i < verdicts->first[index + 1]; i++) {
    double gain;
    vs_status status = get_metric(verdicts, "exc_gain", verdicts->members[i], &gain);
    if (status != VS_OK) return status;
    if (isfinite(gain)) vs_sample_add(&gains, gain);
  }
  const double mean = gains.count > 0 ? gains.mean : NAN;
  const double half = gains.count >= VS_VERDICT_WIN_SEEDS ? vs_sample_half_width(&gains) : NAN;
  vs_status status = find_wins(verdicts, index, &gains, mean - half);
  if (status != VS_OK) return status;
  for (size_t i = verdicts->first[index]; i < verdicts->first[index + 1]; i++)
    counts[verdicts->verdict[verdicts->members[i]]]++;
  *c = (vs_case){.first = verdicts->members[verdicts->first[index]],
                 .verdict = vote(counts),
                 .seeds = (int)(verdicts->first[index + 1] - verdicts->first[index]),
                 .gain_mean = mean,
                 .gain_low = mean - half,
                 .gain_high = mean + half};
  if (counts[VS_VERDICT_WIN] > 0) c->verdict = VS_VERDICT_WIN;
  c->agreeing = (int)counts[c->verdict];
  for (int v = 0; v < VS_VERDICT_COUNT; v++) verdicts->counts[v] += counts[v];
  return VS_OK;
}

static double seeds_of(const vs_case *c) {
  return c->seeds;
}

static double agreeing_of(const vs_case *c) {
  return c->agreeing;
}

static double gain_mean_of(const vs_case *c) {
  return c->gain_mean;
}

static double gain_low_of(const vs_case *c) {
  return c->gain_low;
}

static double gain_high_of(const vs_case *c) {
  return c->gain_high;
}

static const vs_case_figure case_figures[] = {
    {"seeds", seeds_of, "runs that differ from this one only in their seed, and itself",
     VS_NO_DIRECTION, true},
    {"seeds_agreeing", agreeing_of, "of them those with the verdict of the case",
     VS_HIGHER_IS_BETTER, true},
    {"gain_mean", gain_mean_of, "mean of exc_gain over the seeds", VS_HIGHER_IS_BETTER, false},
    {"gain_low", gain_low_of,
     "lower end of the 95% interval of that mean (Student's t), of 3 seeds or more",
     VS_HIGHER_IS_BETTER, false},
    {"gain_high", gain_high_of, "upper end of it", VS_HIGHER_IS_BETTER, false},
};

const vs_case_figure *vs_verdict_case_figures(size_t *count) {
  *count = sizeof case_figures / sizeof case_figures[0];
  return case_figures;
}

const vs_case_figure *vs_verdict_case_figure_find(const char *name) {
  for (size_t i = 0; i < sizeof case_figures / sizeof case_figures[0]; i++)
    if (strcmp(case_figures[i].name, name) == 0) return &case_figures[i];
  return NULL;
}

/* --- the whole -------------------------------------------------------------------------------- */

static vs_status take_memory(vs_verdicts *verdicts) {
  size_t room = verdicts->count + 1;
  verdicts->verdict = calloc(room, sizeof *verdicts->verdict);
  verdicts->case_of = calloc(room, sizeof *verdicts->case_of);
  verdicts->members = calloc(room, sizeof *verdicts->members);
  verdicts->first = calloc(room, sizeof *verdicts->first);
  verdicts->cases = calloc(room, sizeof *verdicts->cases);
  if (verdicts->verdict == NULL || verdicts->case_of == NULL || verdicts->members == NULL ||
      verdicts->first == NULL || verdicts->cases == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for verdicts of %zu runs", verdicts->count);
  return VS_OK;
}

vs_status vs_verdicts_new(vs_verdicts **out, vs_metrics *metrics, const vs_verdict_rules *rules) {
  *out = NULL;
  vs_verdicts *verdicts = calloc(1, sizeof *verdicts);
  if (verdicts == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for verdicts");
  verdicts->metrics = metrics;
  verdicts->results = vs_metrics_results(metrics);
  verdicts->rules = rules != NULL ? *rules : vs_verdict_rules_default();
  verdicts->count = vs_results_count(verdicts->results);
  vs_status status = take_memory(verdicts);
  for (size_t row = 0; row < verdicts->count && status == VS_OK; row++)
    status = judge(verdicts, row);
  if (status == VS_OK) status = gather_cases(verdicts);
  for (size_t c = 0; c < verdicts->case_count && status == VS_OK; c++)
    status = sum_up_case(verdicts, c);
  if (status != VS_OK) {
    vs_verdicts_free(verdicts);
    return status;
  }
  *out = verdicts;
  return VS_OK;
}

void vs_verdicts_free(vs_verdicts *verdicts) {
  if (verdicts == NULL) return;
  free(verdicts->verdict);
  free(verdicts->case_of);
  free(verdicts->members);
  free(verdicts->first);
  free(verdicts->cases);
  free(verdicts);
}

vs_metrics *vs_verdicts_metrics(const vs_verdicts *verdicts) {
  return verdicts->metrics;
}

const vs_verdict_rules *vs_verdicts_rules(const vs_verdicts *verdicts) {
  return &verdicts->rules;
}

vs_verdict vs_verdicts_of(const vs_verdicts *verdicts, size_t row) {
  assert(row < verdicts->count);
  return verdicts->verdict[row];
}

size_t vs_verdicts_count_of(const vs_verdicts *verdicts, vs_verdict verdict) {
  return verdicts->counts[verdict];
}

size_t vs_verdicts_case_count(const vs_verdicts *verdicts) {
  return verdicts->case_count;
}

size_t vs_verdicts_case(const vs_verdicts *verdicts, size_t row) {
  assert(row < verdicts->count);
  return verdicts->case_of[row];
}

const vs_case *vs_verdicts_get_case(const vs_verdicts *verdicts, size_t index) {
  assert(index < verdicts->case_count);
  return &verdicts->cases[index];
}
