/* DIR/figures.json read at the beginning and written at the end of a command; both may fail
 * quietly. */
#include "analysis/metrics/figure_cache.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/json_tree.h"

#define FILE_NAME        "figures.json"
#define FORMAT           "vggsweep-figures"
#define FORMAT_VERSION   1
#define FILE_LIMIT_BYTES ((size_t)1 << 30) /* ten million runs of 90 bytes each */

/* As the file has it: the figure, when the run finished and when its baseline did. */
typedef struct entry {
  double numbers[3]; /* the first is NaN where nothing is known */
} entry;

struct vs_figure_cache {
  const vs_results *results; /* not owned */
  char path[PATH_MAX];
  const char *metric; /* not owned */
  bool is_new;        /* something was noted since it was read */
  entry entries[];    /* of each row */
};

static void read_entry(entry *out, const vs_json_tree *list) {
  entry read = {{NAN}};
  bool is_whole = vs_json_tree_size(list) == 3;
  for (size_t i = 0; i < 3 && is_whole; i++)
    is_whole = vs_json_tree_number(vs_json_tree_at(list, i), &read.numbers[i]);
  *out = is_whole ? read : (entry){{NAN}};
}

/* The figures of a file that is ours; none of any other. */
static void read_file(vs_figure_cache *cache) {
  vs_json_tree *root = NULL;
  const vs_json_tree *figures = NULL;
  if (vs_file_exists(cache->path) &&
      vs_json_tree_read(&root, cache->path, FILE_LIMIT_BYTES) == VS_OK) {
    const char *format = vs_json_tree_text(vs_json_tree_get(root, "format"));
    uint64_t version;
    if (format != NULL && strcmp(format, FORMAT) == 0 &&
        vs_json_tree_count(vs_json_tree_get(root, "format_version"), &version) &&
        version == FORMAT_VERSION)
      figures = vs_json_tree_get(root, cache->metric);
  }
  for (size_t row = 0; row < vs_results_count(cache->results); row++)
    read_entry(&cache->entries[row],
               vs_json_tree_get(figures, vs_results_row(cache->results, row)->id));
  vs_json_tree_free(root);
}

vs_figure_cache *vs_figure_cache_load(const vs_results *results, const char *metric) {
  const char *folder = vs_results_folder(results);
  if (folder == NULL) return NULL;
  vs_figure_cache *cache =
      calloc(1, sizeof *cache + vs_results_count(results) * sizeof cache->entries[0]);
  if (cache == NULL) return NULL;
  cache->results = results;
  cache->metric = metric;
  if (vs_file_join(cache->path, sizeof cache->path, folder, FILE_NAME) != VS_OK) {
    free(cache);
    return NULL;
  }
  read_file(cache);
  return cache;
}

void vs_figure_cache_free(vs_figure_cache *cache) {
  free(cache);
}

bool vs_figure_cache_find(const vs_figure_cache *cache, size_t row, size_t baseline,
                          double *figure) {
  if (cache == NULL) return false;
  const double *numbers = cache->entries[row].numbers;
  if (!isfinite(numbers[0]) || numbers[1] != vs_results_row(cache->results, row)->finished ||
      numbers[2] != vs_results_row(cache->results, baseline)->finished)
    return false;
  *figure = numbers[0];
  return true;
}

void vs_figure_cache_note(vs_figure_cache *cache, size_t row, size_t baseline, double figure) {
  if (cache == NULL || !isfinite(figure)) return;
  cache->entries[row] = (entry){{figure, vs_results_row(cache->results, row)->finished,
                                 vs_results_row(cache->results, baseline)->finished}};
  cache->is_new = true;
}

static void print_file(vs_json *json, const vs_figure_cache *cache) {
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "format", FORMAT);
  vs_json_integer(json, "format_version", FORMAT_VERSION);
  vs_json_open(json, cache->metric, '{');
  for (size_t row = 0; row < vs_results_count(cache->results); row++) {
    const double *numbers = cache->entries[row].numbers;
    if (!isfinite(numbers[0])) continue;
    vs_json_open(json, vs_results_row(cache->results, row)->id, '[');
    for (size_t i = 0; i < 3; i++) vs_json_number(json, NULL, numbers[i]);
    vs_json_close(json);
  }
  vs_json_close(json);
  vs_json_close(json);
}

void vs_figure_cache_save(vs_figure_cache *cache) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = cache != NULL && cache->is_new ? open_memstream(&text, &size) : NULL;
  if (out == NULL) return;
  vs_json json = vs_json_begin(out);
  print_file(&json, cache);
  if (fclose(out) == 0 && vs_file_write(cache->path, text, size) == VS_OK) cache->is_new = false;
  free(text);
}
