/* command_status.c - `status`: how far a sweep is, from what is stored and from progress.json. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/common_options.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "mpi/progress.h"
#include "sweeps/store/results.h"

/* What is stored counts; progress.json adds what is running, if the job that wrote it is alive. */
static vs_status view_folder(const char *folder, vs_progress_view *view) {
  vs_results *results;
  vs_status status = vs_results_open(&results, folder);
  if (status != VS_OK) return status;
  vs_progress_figures figures = {
      .planned = vs_results_planned(results), .runs_per_hour = NAN, .seconds_left = NAN};
  size_t stored = vs_results_count(results);
  for (size_t i = 0; i < stored; i++) figures.stored[vs_results_row(results, i)->status]++;
  vs_results_close(results);

  double now = vs_clock_unix_seconds();
  size_t left = figures.planned > stored ? figures.planned - stored : 0;
  /* No file, or one that cannot be read, tells of no job. */
  bool known = vs_progress_file_read(folder, view) == VS_OK;
  bool alive = known && vs_progress_file_is_alive(view, now);
  if (alive) {
    figures.running = view->figures.running < left ? view->figures.running : left;
    figures.runs_per_hour = view->figures.runs_per_hour;
    figures.seconds_left = fmax(view->figures.seconds_left - (now - view->updated), 0.0);
    if (isnan(view->figures.seconds_left)) figures.seconds_left = NAN;
    view->state = VS_PROGRESS_RUNNING;
  } else {
    view->state = left > 0 ? VS_PROGRESS_STOPPED : VS_PROGRESS_FINISHED;
    /* What the last job expected when it ended, of as many ranks. */
    if (known) figures.seconds_left = view->figures.seconds_left;
    if (left == 0) figures.seconds_left = 0.0;
  }
  figures.left = left - figures.running;
  view->figures = figures;
  return VS_OK;
}

static void print_json(const vs_progress_view *view) {
  const vs_progress_figures *figures = &view->figures;
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "state", vs_progress_file_state_name(view->state));
  vs_json_integer(&json, "planned", (int64_t)figures->planned);
  vs_json_integer(&json, "done", (int64_t)figures->stored[VS_RUN_DONE]);
  vs_json_integer(&json, "failed", (int64_t)figures->stored[VS_RUN_FAILED]);
  vs_json_integer(&json, "diverged", (int64_t)figures->stored[VS_RUN_DIVERGED]);
  vs_json_integer(&json, "running", (int64_t)figures->running);
  vs_json_integer(&json, "left", (int64_t)figures->left);
  vs_json_number(&json, "runs_per_hour", figures->runs_per_hour);
  vs_json_number(&json, "seconds_left", figures->seconds_left);
  vs_json_close(&json);
}

static void print_text(const char *folder, const vs_progress_view *view) {
  const vs_progress_figures *figures = &view->figures;
  printf("%s: %s\n", folder, vs_progress_file_state_name(view->state));
  printf("  planned  %zu\n", figures->planned);
  printf("  done     %zu\n", figures->stored[VS_RUN_DONE]);
  printf("  failed   %zu\n", figures->stored[VS_RUN_FAILED]);
  printf("  diverged %zu\n", figures->stored[VS_RUN_DIVERGED]);
  printf("  running  %zu\n", figures->running);
  printf("  left     %zu\n", figures->left);
  if (view->state == VS_PROGRESS_FINISHED) return;
  bool stopped = view->state == VS_PROGRESS_STOPPED;
  char duration[VS_DURATION_TEXT];
  vs_progress_format_duration(figures->seconds_left, duration);
  if (!stopped || isfinite(figures->seconds_left))
    printf("  time     %s left%s\n", duration, stopped ? ", on as many ranks as before" : "");
  if (stopped) printf("Run the same command again to go on.\n");
}

static int run(int argc, char **argv) {
  const char *folder = NULL;
  bool json = false;
  const vs_option options[] = {vs_common_option_json(&json)};
  const vs_command_line line = {&vs_command_status, {&folder}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  vs_progress_view view;
  vs_status status = view_folder(folder, &view);
  if (status != VS_OK) return vs_command_fail(status);
  if (json)
    print_json(&view);
  else
    print_text(folder, &view);
  return VS_EXIT_OK;
}

const vs_command vs_command_status = {
    .name = "status",
    .purpose = "Prints how far a sweep is, and how long what is left takes",
    .notes = "left: neither stored nor running. state: running, stopped (runs are left and no job "
             "works on\nthem), finished. The time left of a stopped sweep is what its last job "
             "expected.\n",
    .arguments = {&vs_command_folder_argument},
    .run = run};
