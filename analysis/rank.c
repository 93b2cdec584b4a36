#include "analysis/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
  size_t row;
  double score;
} entry;

/* NaN last, then by score, then in grid order: no two entries are equal, so the sort is stable. */
static int compare_entries(const void *left, const void *right, void *smallest_first) {
  const entry *a = left, *b = right;
  if (isnan(a->score) != isnan(b->score)) return isnan(a->score) ? 1 : -1;
  if (a->score < b->score) return *(const bool *)smallest_first ? -1 : 1;
  if (a->score > b->score) return *(const bool *)smallest_first ? 1 : -1;
  return (a->row > b->row) - (a->row < b->row);
}

/* Fills `entries` with the rows that meet `where` (NULL: all) and their scores. */
static vs_status choose(const vs_expression *by, const vs_expression *where, vs_metrics *metrics,
                        entry *entries, size_t *chosen) {
  size_t count = vs_results_count(vs_metrics_results(metrics));
  *chosen = 0;
  for (size_t row = 0; row < count; row++) {
    double meets = 1.0, score = NAN;
    vs_status status = VS_OK;
    if (where != NULL) status = vs_expression_evaluate(where, metrics, row, &meets);
    if (status == VS_OK && meets == 0.0) continue;
    if (status == VS_OK) status = vs_expression_evaluate(by, metrics, row, &score);
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
  return false;
}

/* Who chooses runs by their weight chooses baselines as well. */
static bool chooses_weights(const vs_expression *where) {
  if (where == NULL) return false;
  return vs_expression_names(where, "lambda") || vs_expression_names(where, "rho");
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

/* --- the whole -------------------------------------------------------------------------------- */

static vs_status parse_both(const vs_ranking_options *options, const char *by_text,
                            const vs_results *results, vs_expression **by, vs_expression **where) {
  vs_status status = vs_expression_parse(by, by_text, results);
  if (status != VS_OK) return vs_fail_context(status, "--by");
  if (options->where == NULL) return VS_OK;
  status = vs_expression_parse(where, options->where, results);
  if (status == VS_OK && !vs_expression_is_truth(*where))
    status = vs_fail(VS_ERR_USAGE, "this is a number, not a condition; compare it: exc_gain > 0");
  return vs_fail_context(status, "--where");
}

static vs_status publish(vs_ranking *ranking, const entry *entries, size_t count) {
  ranking->rows = malloc((count + 1) * sizeof *ranking->rows);
  ranking->score = malloc((count + 1) * sizeof *ranking->score);
  if (ranking->rows == NULL || ranking->score == NULL) {
    vs_ranking_clear(ranking);
    return vs_fail(VS_ERR_MEMORY, "no memory to rank %zu runs", count);
  }
  for (size_t i = 0; i < count; i++) {
    ranking->rows[i] = entries[i].row;
    ranking->score[i] = entries[i].score;
  }
  ranking->count = count;
  return VS_OK;
}

vs_status vs_rank(vs_ranking *ranking, vs_metrics *metrics, const vs_ranking_options *options) {
  *ranking = (vs_ranking){0};
  const vs_results *results = vs_metrics_results(metrics);
  const char *by_text = options->by != NULL ? options->by : "exc_gain";
  vs_expression *by = NULL, *where = NULL;
  entry *entries = NULL;
  vs_status status = parse_both(options, by_text, results, &by, &where);
  if (status != VS_OK) goto done;
  entries = malloc((vs_results_count(results) + 1) * sizeof *entries);
  if (entries == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to rank %zu runs", vs_results_count(results));
    goto done;
  }
  size_t chosen;
  status = choose(by, where, metrics, entries, &chosen);
  if (status != VS_OK) goto done;
  size_t left_out = 0;
  if (is_relative(by) && !options->baselines && !chooses_weights(where))
    left_out = leave_out_baselines(metrics, entries, &chosen);
  bool smallest_first = options->ascending || vs_expression_direction(by) == VS_LOWER_IS_BETTER;
  qsort_r(entries, chosen, sizeof *entries, compare_entries, &smallest_first);
  bool cut = options->top != 0 && options->top < chosen;
  status = publish(ranking, entries, cut ? options->top : chosen);
  if (status != VS_OK) goto done;
  ranking->considered = chosen;
  ranking->baselines_left_out = left_out;
  ranking->smallest_first = smallest_first;
  snprintf(ranking->by, sizeof ranking->by, "%s", by_text);
done:
  free(entries);
  vs_expression_free(by);
  vs_expression_free(where);
  return status;
}

void vs_ranking_clear(vs_ranking *ranking) {
  free(ranking->rows);
  free(ranking->score);
  *ranking = (vs_ranking){0};
}
