/* rank_channels.c - channels chosen by z-score, and one by one by their distance. */
#include "analysis/rank/rank_channels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_same_channel(const vs_results *results, size_t a, size_t b) {
  const vs_row *left = vs_results_row(results, a), *right = vs_results_row(results, b);
  return left->channel == right->channel && strcmp(left->layer, right->layer) == 0;
}

/* The first of the ranking, each channel once; those whose excitation is not known are none. */
static void take_excited(vs_rank_channels *channels, const vs_results *results,
                         const vs_ranking *ranking) {
  for (size_t i = 0; i < ranking->count && channels->excited_count < VS_RANK_CHANNELS; i++) {
    bool is_new = !isnan(ranking->score[i]);
    for (size_t k = 0; k < channels->excited_count && is_new; k++)
      is_new = !is_same_channel(results, channels->excited[k], ranking->rows[i]);
    if (is_new) channels->excited[channels->excited_count++] = ranking->rows[i];
  }
}

/* Brings the distances of all runs to what was chosen up to date with one more. */
static vs_status approach(vs_metrics *metrics, const vs_ranking *ranking, size_t chosen,
                          double *nearest) {
  for (size_t i = 0; i < ranking->count; i++) {
    double distance;
    vs_status status = vs_metrics_distance(metrics, chosen, ranking->rows[i], &distance);
    if (status != VS_OK) return status;
    nearest[i] = fmin(nearest[i], distance); /* fmin passes NaN over: of another tap */
  }
  return VS_OK;
}

static vs_status take_different(vs_rank_channels *channels, vs_metrics *metrics,
                                const vs_ranking *ranking) {
  double *nearest = malloc((ranking->count + 1) * sizeof *nearest);
  if (nearest == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory to compare %zu runs", ranking->count);
  for (size_t i = 0; i < ranking->count; i++) nearest[i] = INFINITY;
  vs_status status = VS_OK;
  size_t next = 0;
  while (status == VS_OK && channels->different_count < VS_RANK_CHANNELS) {
    const size_t row = ranking->rows[next];
    channels->different[channels->different_count++] = row;
    nearest[next] = 0.0;
    status = approach(metrics, ranking, row, nearest);
    double farthest = 0.0;
    for (size_t i = 0; i < ranking->count; i++)
      if (isfinite(nearest[i]) && nearest[i] > farthest) farthest = nearest[next = i];
    if (farthest < VS_DIVERSE_DISTANCE) break; /* the rest looks like one that is there */
  }
  free(nearest);
  if (channels->different_count < 2) channels->different_count = 0;
  return status;
}

vs_status vs_rank_channels_find(vs_rank_channels *channels, const vs_verdicts *verdicts) {
  *channels = (vs_rank_channels){0};
  vs_metrics *metrics = vs_verdicts_metrics(verdicts);
  const char *by = vs_rank_default_by(metrics);
  vs_ranking ranking;
  if (strcmp(by, "zscore") != 0) return VS_OK;
  const vs_ranking_options options = {.by = by, .where = "status == 'done'"};
  vs_status status = vs_rank(&ranking, verdicts, &options);
  if (status != VS_OK) return status;
  take_excited(channels, vs_metrics_results(metrics), &ranking);
  if (ranking.count > 0) status = take_different(channels, metrics, &ranking);
  vs_rank_clear(&ranking);
  return status;
}
