/* store_sample_main.c - writes made-up results for store_h5py.py: FOLDER/merged holds the whole
 * sample sweep in sweep.h5, its first run failed; FOLDER/open three runs in segments;
 * FOLDER/drawings pictures and drawings, merged. `--columns` in place of FOLDER prints the table of
 * columns for docs/results-format.md. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/store/row.h"
#include "tests/sweeps/store/store_sample.h"

static vs_status write_runs(const store_sample *sample, const char *folder, size_t count) {
  vs_store *store;
  vs_status status = vs_store_create(&store, folder, sample->sweep, &sample->weights);
  for (size_t i = 1; status == VS_OK && i < count; i++)
    status = store_sample_add(store, sample, i, 0);
  if (status == VS_OK) {
    vs_sweep_run run;
    vs_run_result failed = {.outcome = VS_RUN_FAILED};
    vs_sweep_get(sample->sweep, 0, &run);
    status = vs_store_add(store, &run, &failed, 0);
  }
  vs_store_close(store);
  return status;
}

/* Every run as the sample makes it. */
static vs_status write_drawings(const char *folder) {
  store_sample sample = store_sample_open(store_sample_drawings);
  vs_store *store;
  vs_status status = vs_store_create(&store, folder, sample.sweep, &sample.weights);
  for (size_t i = 0; status == VS_OK && i < vs_sweep_count(sample.sweep); i++)
    status = store_sample_add(store, &sample, i, 0);
  vs_store_close(store);
  store_sample_clear(&sample);
  return status == VS_OK ? vs_store_merge(folder) : status;
}

static void print_columns(void) {
  static const char *const types[] = {[VS_COLUMN_REAL] = "float64",
                                      [VS_COLUMN_INTEGER] = "int32",
                                      [VS_COLUMN_UNSIGNED] = "uint64",
                                      [VS_COLUMN_TEXT] = "text",
                                      [VS_COLUMN_TAP] = "text",
                                      [VS_COLUMN_OUTCOME] = "text",
                                      [VS_COLUMN_PARAMETRIZATION] = "text"};
  static const char *const better[] = {
      [VS_HIGHER_IS_BETTER] = "more", [VS_LOWER_IS_BETTER] = "less", [VS_NO_DIRECTION] = ""};
  size_t count;
  const vs_column *columns = vs_row_columns(&count);
  puts("| column | type | unit | runs | better | since | meaning |\n|---|---|---|---|---|---|---|");
  for (size_t i = 0; i < count; i++) {
    const vs_column *c = &columns[i];
    printf("| `%s` | %s | %s | %s | %s | %d | %s |\n", c->name, types[c->kind], c->unit,
           c->of_drawings ? "drawings" : "all", better[c->direction], c->since, c->meaning);
    if (vs_row_axes_follow(c))
      puts("| *axes* | float64 or text |  | all |  | 1 | every other axis of the grid, by its key "
           "|");
  }
}

int main(int count, char **words) {
  if (count != 2) return 2;
  if (strcmp(words[1], "--columns") == 0) {
    print_columns();
    return 0;
  }
  char merged[PATH_MAX], open[PATH_MAX], drawings[PATH_MAX];
  store_sample sample = store_sample_open(store_sample_text);
  vs_status status = vs_file_join(merged, sizeof merged, words[1], "merged");
  if (status == VS_OK) status = vs_file_join(open, sizeof open, words[1], "open");
  if (status == VS_OK) status = write_runs(&sample, merged, vs_sweep_count(sample.sweep));
  if (status == VS_OK) status = vs_store_merge(merged);
  if (status == VS_OK) status = write_runs(&sample, open, 3);
  store_sample_clear(&sample);
  if (status == VS_OK) status = vs_file_join(drawings, sizeof drawings, words[1], "drawings");
  if (status == VS_OK) status = write_drawings(drawings);
  if (status == VS_OK) return 0;
  fprintf(stderr, "%s\n", vs_status_message());
  return 1;
}
