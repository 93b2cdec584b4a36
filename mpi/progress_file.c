/* progress.json, printed as it goes and read back as a tree. */
#include "mpi/progress_file.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/json_tree.h"

#define MAX_BYTES ((size_t)64 << 20) /* of a progress.json that is read: 300,000 ranks */

/* In the order of vs_progress_state and vs_outcome. */
static const char *const state_names[] = {"running", "stopped", "finished"};
static const char *const outcome_keys[VS_OUTCOMES] = {"done", "diverged", "failed"};

const char *vs_progress_file_state_name(vs_progress_state state) {
  return state_names[state];
}

static void put_rank(vs_json *json, const vs_progress_rank *rank, int number) {
  vs_json_open(json, NULL, '{');
  vs_json_integer(json, "rank", number);
  vs_json_text(json, "host", rank->host);
  vs_json_integer(json, "index", (int64_t)rank->run.index);
  vs_json_text(json, "id", rank->run.id);
  vs_json_text(json, "layer", rank->run.layer);
  vs_json_integer(json, "channel", rank->run.channel);
  vs_json_number(json, "lambda", rank->run.lambda);
  vs_json_number(json, "since", rank->since);
  vs_json_close(json);
}

static void put_view(vs_json *json, const vs_progress_view *view, const vs_progress_rank *ranks,
                     int rank_count) {
  const vs_progress_figures *figures = &view->figures;
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "state", vs_progress_file_state_name(view->state));
  vs_json_number(json, "started", view->started);
  vs_json_number(json, "updated", view->updated);
  vs_json_integer(json, "planned", (int64_t)figures->planned);
  for (int i = 0; i < VS_OUTCOMES; i++)
    vs_json_integer(json, outcome_keys[i], (int64_t)figures->stored[i]);
  vs_json_integer(json, "running", (int64_t)figures->running);
  vs_json_integer(json, "left", (int64_t)figures->left);
  vs_json_number(json, "runs_per_hour", figures->runs_per_hour);
  vs_json_number(json, "seconds_left", figures->seconds_left);
  vs_json_open(json, "ranks", '[');
  for (int r = 0; r < rank_count; r++)
    if (ranks[r].busy) put_rank(json, &ranks[r], r);
  vs_json_close(json);
  vs_json_close(json);
}

vs_status vs_progress_file_write(const char *folder, const vs_progress_view *view,
                                 const vs_progress_rank *ranks, int rank_count) {
  char path[PATH_MAX];
  vs_status status = vs_file_join(path, sizeof path, folder, VS_PROGRESS_FILE);
  if (status != VS_OK) return status;
  char *text = NULL;
  size_t size = 0;
  FILE *memory = open_memstream(&text, &size);
  if (memory == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory", path);
  vs_json json = vs_json_begin(memory);
  put_view(&json, view, ranks, rank_count);
  if (fclose(memory) != 0)
    status = vs_fail(VS_ERR_MEMORY, "%s: no memory", path);
  else
    status = vs_file_write(path, text, size);
  free(text);
  return status;
}

static bool get_count(const vs_json_tree *root, const char *key, size_t *value) {
  uint64_t count;
  if (!vs_json_tree_count(vs_json_tree_get(root, key), &count)) return false;
  *value = (size_t)count;
  return true;
}

static bool get_number(const vs_json_tree *root, const char *key, double *value) {
  return vs_json_tree_number(vs_json_tree_get(root, key), value);
}

static bool get_state(const vs_json_tree *root, vs_progress_state *state) {
  const char *name = vs_json_tree_text(vs_json_tree_get(root, "state"));
  for (int i = 0; name != NULL && i <= VS_PROGRESS_FINISHED; i++) {
    if (strcmp(name, state_names[i]) != 0) continue;
    *state = (vs_progress_state)i;
    return true;
  }
  return false;
}

static bool get_view(const vs_json_tree *root, vs_progress_view *view) {
  vs_progress_figures *figures = &view->figures;
  bool good = get_state(root, &view->state) && get_number(root, "started", &view->started) &&
              get_number(root, "updated", &view->updated) &&
              get_count(root, "planned", &figures->planned) &&
              get_count(root, "running", &figures->running) &&
              get_count(root, "left", &figures->left) &&
              get_number(root, "runs_per_hour", &figures->runs_per_hour) &&
              get_number(root, "seconds_left", &figures->seconds_left);
  for (int i = 0; good && i < VS_OUTCOMES; i++)
    good = get_count(root, outcome_keys[i], &figures->stored[i]);
  return good;
}

vs_status vs_progress_file_read(const char *folder, vs_progress_view *view) {
  *view = (vs_progress_view){0};
  char path[PATH_MAX];
  vs_json_tree *root = NULL;
  vs_status status = vs_file_join(path, sizeof path, folder, VS_PROGRESS_FILE);
  if (status == VS_OK) status = vs_json_tree_read(&root, path, MAX_BYTES);
  if (status == VS_OK && !get_view(root, view))
    status = vs_fail(VS_ERR_FORMAT, "%s: not a progress file of vggsweep", path);
  vs_json_tree_free(root);
  return status;
}

bool vs_progress_file_is_alive(const vs_progress_view *view, double now) {
  return view->state == VS_PROGRESS_RUNNING && now - view->updated <= VS_PROGRESS_DEAD_S;
}
