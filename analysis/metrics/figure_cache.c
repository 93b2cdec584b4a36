/* DIR/figures.json read at the beginning and written at the end of a command; both may fail
 * quietly. */
#include "analysis/metrics/figure_cache.h"

#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"

#define FILE_NAME        "figures.json"
#define FORMAT           "vggsweep-figures"
#define FORMAT_VERSION   1
#define FILE_LIMIT_BYTES ((size_t)1 << 30) /* ten million runs of 70 bytes each */

struct vs_figure_cache {
  const vs_results *results; /* not owned */
  char path[PATH_MAX];
  const char *metric; /* not owned */
  json_t *figures;    /* by id */
  bool is_new;        /* something was noted since it was read */
};

/* The figures of a file that is ours; NULL for any other. */
static json_t *read_figures(const char *path, const char *metric) {
  char *text = NULL;
  size_t size = 0;
  if (!vs_file_exists(path) || vs_file_read(path, FILE_LIMIT_BYTES, &text, &size) != VS_OK)
    return NULL;
  json_t *root = json_loadb(text, size, 0, NULL);
  free(text);
  const char *format = json_string_value(json_object_get(root, "format"));
  json_int_t version = json_integer_value(json_object_get(root, "format_version"));
  json_t *figures = NULL;
  if (format != NULL && strcmp(format, FORMAT) == 0 && version == FORMAT_VERSION)
    figures = json_incref(json_object_get(root, metric));
  json_decref(root);
  if (json_is_object(figures)) return figures;
  json_decref(figures);
  return NULL;
}

vs_figure_cache *vs_figure_cache_load(const vs_results *results, const char *metric) {
  const char *folder = vs_results_folder(results);
  vs_figure_cache *cache = folder != NULL ? calloc(1, sizeof *cache) : NULL;
  if (cache == NULL) return NULL;
  cache->results = results;
  cache->metric = metric;
  if (vs_file_join(cache->path, sizeof cache->path, folder, FILE_NAME) == VS_OK) {
    cache->figures = read_figures(cache->path, metric);
    if (cache->figures == NULL) cache->figures = json_object();
  }
  if (cache->figures == NULL) {
    free(cache);
    return NULL;
  }
  return cache;
}

void vs_figure_cache_free(vs_figure_cache *cache) {
  if (cache == NULL) return;
  json_decref(cache->figures);
  free(cache);
}

bool vs_figure_cache_find(const vs_figure_cache *cache, size_t row, size_t baseline,
                          double *figure) {
  if (cache == NULL) return false;
  const vs_row *run = vs_results_row(cache->results, row);
  const vs_row *other = vs_results_row(cache->results, baseline);
  const json_t *entry = json_object_get(cache->figures, run->id);
  if (!json_is_array(entry) || json_array_size(entry) != 3) return false;
  const json_t *value = json_array_get(entry, 0);
  if (!json_is_number(value) || json_number_value(json_array_get(entry, 1)) != run->finished ||
      json_number_value(json_array_get(entry, 2)) != other->finished)
    return false;
  *figure = json_number_value(value);
  return true;
}

void vs_figure_cache_note(vs_figure_cache *cache, size_t row, size_t baseline, double figure) {
  if (cache == NULL || !isfinite(figure)) return;
  const vs_row *run = vs_results_row(cache->results, row);
  json_t *entry = json_pack("[f, f, f]", figure, run->finished,
                            vs_results_row(cache->results, baseline)->finished);
  if (entry != NULL && json_object_set_new(cache->figures, run->id, entry) == 0)
    cache->is_new = true;
}

void vs_figure_cache_save(vs_figure_cache *cache) {
  if (cache == NULL || !cache->is_new) return;
  json_t *root = json_pack("{s:s, s:i, s:O}", "format", FORMAT, "format_version", FORMAT_VERSION,
                           cache->metric, cache->figures);
  char *text = root != NULL ? json_dumps(root, JSON_REAL_PRECISION(17)) : NULL;
  if (text != NULL && vs_file_write(cache->path, text, strlen(text)) == VS_OK)
    cache->is_new = false;
  free(text);
  json_decref(root);
}
