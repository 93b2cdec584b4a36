/* Filters runs, scores them, sorts them, and keeps the first of those that look alike. */
#include "analysis/rank/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/suggest.h"

typedef struct entry {
  size_t row;
  double score;
} entry;

/* What is asked for, understood. */
typedef struct request {
  vs_expression *by, *where; /* owned; where may be NULL */
  vs_verdict verdict;        /* VS_VERDICT_COUNT: any */
} request;

/* NaN last, then by score, then in grid order: no two entries are equal, so the sort is stable. */
static int compare_entries(const void *left, const void *right, void *smallest_first) {
  const entry *a = left, *b = right;
  if (isnan(a->score) != isnan(b->score)) return isnan(a->score) ? 1 : -1;
  if (a->score < b->score) return *(const bool *)smallest_first ? -1 : 1;
  if (a->score > b->score) return *(const bool *)smallest_first ? 1 : -1;
  return (a->row > b->row) - (a->row < b->row);
}

/* Fills `entries` with the rows that meet `where` (NULL: all) and their scores. */
static vs_status choose(const request *asked, const vs_verdicts *verdicts, entry *entries,
                        size_t *chosen) {
  size_t count = vs_results_count(vs_metrics_results(vs_verdicts_metrics(verdicts)));
  *chosen = 0;
  for (size_t row = 0; row < count; row++) {
    double meets = 1.0, score = NAN;
    vs_status status = VS_OK;
    if (asked->verdict != VS_VERDICT_COUNT && vs_verdicts_of(verdicts, row) != asked->verdict)
      continue;
    if (asked->where != NULL) status = vs_expression_evaluate(asked->where, verdicts, row, &meets);
    if (status == VS_OK && meets == 0.0) continue;
    if (status == VS_OK) status = vs_expression_evaluate(asked->by, verdicts, row, &score);
    if (status != VS_OK) return status;
    entries[(*chosen)++] = (entry){row, score};
  }
  return VS_OK;
}

/* --- baselines -------------------------------------------------------------------------------- */

static bool is_relative(const vs_expression *by) {
  size_t count;
  const vs_metric *metrics = vs_metric_table(&count);
  for (size_t i = 0; i < count; i++)
    if (metrics[i].is_relative && vs_expression_names(by, metrics[i].name)) return true;
  return vs_expression_names(by, "gain_mean") || vs_expression_names(by, "gain_low") ||
         vs_expression_names(by, "gain_high");
}

/* Who chooses runs by their weight chooses baselines as well. */
static bool chooses_weights(const vs_expression *where) {
  if (where == NULL) return false;
  for (const char *const *word = vs_run_balance_words; *word != NULL; word++)
    if (vs_expression_names(where, *word)) return true;
  return false;
}

static bool is_baseline(const vs_metrics *metrics, size_t row) {
  return vs_metrics_baseline(metrics, row) == row;
}

/* Takes the baselines out of `entries`, but not if nothing else is there. Returns how many. */
static size_t leave_out_baselines(const vs_metrics *metrics, entry *entries, size_t *count) {
  size_t baselines = 0, kept = 0;
  for (size_t i = 0; i < *count; i++) baselines += is_baseline(metrics, entries[i].row);
  if (baselines == *count) return 0;
  for (size_t i = 0; i < *count; i++)
    if (!is_baseline(metrics, entries[i].row)) entries[kept++] = entries[i];
  *count = kept;
  return baselines;
}

/* --- near-duplicates -------------------------------------------------------------------------- */

/* Keeps the first of entries whose pictures are nearly the same, until there are `top`. Each is
 * compared with those kept before it, so that nothing depends on the order of files. */
static vs_status leave_out_duplicates(vs_metrics *metrics, entry *entries, size_t *count,
                                      size_t top, size_t *left_out) {
  size_t kept = 0;
  *left_out = 0;
  for (size_t i = 0; i < *count && kept < top; i++) {
    bool is_new = true;
    for (size_t k = 0; k < kept && is_new; k++) {
      double distance;
      vs_status status = vs_metrics_distance(metrics, entries[k].row, entries[i].row, &distance);
      if (status != VS_OK) return status;
      is_new = !(distance < VS_DIVERSE_DISTANCE); /* what cannot be compared is no duplicate */
    }
    if (is_new)
      entries[kept++] = entries[i];
    else
      ++*left_out;
  }
  *count = kept;
  return VS_OK;
}

/* --- the order -------------------------------------------------------------------------------- */

const char *vs_rank_default_by(vs_metrics *metrics) {
  const size_t count = vs_results_count(vs_metrics_results(metrics));
  bool any = false;
  for (size_t row = 0; row < count; row++) {
    const size_t baseline = vs_metrics_baseline(metrics, row);
    double merit;
    if (baseline == SIZE_MAX || baseline == row) continue;
    any = true;
    if (vs_metrics_get(metrics, vs_metric_find("merit"), row, &merit) == VS_OK && !isnan(merit))
      return "merit";
  }
  return any ? "exc_gain" : "zscore";
}

/* --- the whole -------------------------------------------------------------------------------- */

static vs_status find_verdict(const char *name, vs_verdict *verdict) {
  *verdict = VS_VERDICT_COUNT;
  if (name == NULL || vs_verdict_find(name, verdict)) return VS_OK;
  const char *names[VS_VERDICT_COUNT];
  for (int v = 0; v < VS_VERDICT_COUNT; v++) names[v] = vs_verdict_name((vs_verdict)v);
  const char *guess = vs_suggest(name, names, VS_VERDICT_COUNT);
  if (guess != NULL)
    return vs_fail(VS_ERR_USAGE, "--verdict: no verdict is \"%s\" (did you mean \"%s\"?)", name,
                   guess);
  vs_fail(VS_ERR_USAGE, "--verdict: no verdict is \"%s\"; there are", name);
  for (int v = 0; v < VS_VERDICT_COUNT; v++)
    vs_fail(VS_ERR_USAGE, "%s%s %s", vs_status_message(), v == 0 ? "" : ",", names[v]);
  return VS_ERR_USAGE;
}

static vs_status understand(const vs_ranking_options *options, const char *by_text,
                            const vs_results *results, request *asked) {
  vs_status status = find_verdict(options->verdict, &asked->verdict);
  if (status != VS_OK) return status;
  status = vs_expression_parse(&asked->by, by_text, results);
  if (status != VS_OK) return vs_status_context(status, "--by");
  if (options->where == NULL) return VS_OK;
  status = vs_expression_parse(&asked->where, options->where, results);
  if (status == VS_OK && !vs_expression_is_truth(asked->where))
    status = vs_fail(VS_ERR_USAGE, "this is a number, not a condition; compare it: exc_gain > 0");
  return vs_status_context(status, "--where");
}

static vs_status publish(vs_ranking *ranking, const entry *entries, size_t count) {
  ranking->rows = malloc((count + 1) * sizeof *ranking->rows);
  ranking->score = malloc((count + 1) * sizeof *ranking->score);
  if (ranking->rows == NULL || ranking->score == NULL) {
    vs_rank_clear(ranking);
    return vs_fail(VS_ERR_MEMORY, "no memory to rank %zu runs", count);
  }
  for (size_t i = 0; i < count; i++) {
    ranking->rows[i] = entries[i].row;
    ranking->score[i] = entries[i].score;
  }
  ranking->count = count;
  return VS_OK;
}

static vs_status rank_entries(vs_ranking *ranking, const vs_verdicts *verdicts,
                              const vs_ranking_options *options, const request *asked,
                              entry *entries) {
  vs_metrics *metrics = vs_verdicts_metrics(verdicts);
  size_t chosen, left_out = 0, duplicates = 0, shown;
  vs_status status = choose(asked, verdicts, entries, &chosen);
  if (status != VS_OK) return status;
  if (is_relative(asked->by) && !options->baselines && options->verdict == NULL &&
      !chooses_weights(asked->where))
    left_out = leave_out_baselines(metrics, entries, &chosen);
  bool smallest_first =
      options->ascending || vs_expression_direction(asked->by) == VS_LOWER_IS_BETTER;
  qsort_r(entries, chosen, sizeof *entries, compare_entries, &smallest_first);
  shown = chosen;
  if (options->diverse)
    status = leave_out_duplicates(metrics, entries, &shown,
                                  options->top != 0 ? options->top : VS_DIVERSE_TOP, &duplicates);
  else if (options->top != 0 && options->top < chosen)
    shown = options->top;
  if (status == VS_OK) status = publish(ranking, entries, shown);
  if (status != VS_OK) return status;
  ranking->considered = chosen;
  ranking->baselines_left_out = left_out;
  ranking->duplicates_left_out = duplicates;
  ranking->smallest_first = smallest_first;
  ranking->reads_pictures = options->pictures || vs_expression_reads_pictures(asked->by) ||
                            (asked->where != NULL && vs_expression_reads_pictures(asked->where));
  return VS_OK;
}

vs_status vs_rank(vs_ranking *ranking, const vs_verdicts *verdicts,
                  const vs_ranking_options *options) {
  *ranking = (vs_ranking){0};
  const vs_results *results = vs_metrics_results(vs_verdicts_metrics(verdicts));
  const char *by_text =
      options->by != NULL ? options->by : vs_rank_default_by(vs_verdicts_metrics(verdicts));
  request asked = {0};
  entry *entries = NULL;
  vs_status status = understand(options, by_text, results, &asked);
  if (status != VS_OK) goto done;
  entries = malloc((vs_results_count(results) + 1) * sizeof *entries);
  if (entries == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to rank %zu runs", vs_results_count(results));
    goto done;
  }
  status = rank_entries(ranking, verdicts, options, &asked, entries);
  if (status == VS_OK) snprintf(ranking->by, sizeof ranking->by, "%s", by_text);
done:
  free(entries);
  vs_expression_free(asked.by);
  vs_expression_free(asked.where);
  return status;
}

void vs_rank_clear(vs_ranking *ranking) {
  free(ranking->rows);
  free(ranking->score);
  *ranking = (vs_ranking){0};
}
