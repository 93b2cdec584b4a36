/* figure_cache.h - figures that took long to find, kept beside the results: DIR/figures.json.
 *
 *   {"format": "vggsweep-figures", "format_version": 1,
 *    "effect": {"<id of the run>": [figure, finished, finished of the baseline], ...}}
 *
 * A figure holds as long as the two runs that it was made of are those that are stored: their times
 * say so. Nobody needs the file: one that is missing, damaged or of another version is as good as
 * an empty one, and where the folder cannot be written to there is none. */
#ifndef VS_ANALYSIS_METRICS_FIGURE_CACHE_H
#define VS_ANALYSIS_METRICS_FIGURE_CACHE_H

#include <stdbool.h>

#include "sweeps/store/results.h"

typedef struct vs_figure_cache vs_figure_cache;

/* What DIR/figures.json holds of `metric`. NULL without memory, or if the results are a single
 * file: then nothing is known, and nothing kept. */
vs_figure_cache *vs_figure_cache_load(const vs_results *results, const char *metric);
void vs_figure_cache_free(vs_figure_cache *cache); /* fine on NULL */

/* The figure of a row and its baseline's row, if it is known. Fine on NULL. */
bool vs_figure_cache_find(const vs_figure_cache *cache, size_t row, size_t baseline,
                          double *figure);

/* Notes a finite figure; whether it is in the file is up to vs_figure_cache_save. Fine on NULL. */
void vs_figure_cache_note(vs_figure_cache *cache, size_t row, size_t baseline, double figure);

/* Writes the file anew, durably, if anything was noted. A folder that cannot be written to is no
 * failure. Fine on NULL. */
void vs_figure_cache_save(vs_figure_cache *cache);

#endif
