/* command_report.c - `report`: the web page of a sweep. */
#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/report/report.h"
#include "cli/common_options.h"
#include "core/base/clock.h"
#include "core/base/cores.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "mpi/progress.h"

static const char notes[] =
    "Open index.html of the folder in any browser: it needs no server and no network. While the\n"
    "sweep is running it shows what is stored so far; run the command again for more. Of an older\n"
    "report in the same place the files are replaced; a folder that is no report is refused.\n"
    "\n"
    "Without --out the report of a single file goes into the file's folder.\n"
    "\n"
    "Drawings are written as SVG too, some ten kB each: those that tell most and the best, "
    "--drawings\n"
    "of them at most. Of the others the page shows the picture.\n";

/* --- progress --------------------------------------------------------------------------------- */

/* One line of a terminal, rewritten now and then; nothing in a pipe. */
typedef struct bar {
  int columns; /* 0: no terminal */
  char what[16];
  double begun, next;
  bool is_shown;
} bar;

static void show(void *context, const char *what, size_t done, size_t total) {
  const double every_s = 0.2;
  bar *b = context;
  double now = vs_clock_unix_seconds();
  if (strcmp(b->what, what) != 0) {
    snprintf(b->what, sizeof b->what, "%s", what);
    b->begun = now;
  }
  if (b->columns == 0 || now < b->next) return;
  b->next = now + every_s;
  b->is_shown = true;
  char line[128], left[VS_DURATION_TEXT];
  double seconds = done > 0 ? (now - b->begun) * (double)(total - done) / (double)done : NAN;
  vs_progress_format_duration(seconds, left);
  snprintf(line, sizeof line, "%zu of %zu %s, %s left", done, total, what, left);
  fprintf(stderr, "\r%.*s\033[K", b->columns - 1, line);
}

static void clear_bar(bar *b) {
  if (b->is_shown) fputs("\r\033[K", stderr);
  b->is_shown = false;
}

/* --- the command ------------------------------------------------------------------------------ */

static bool is_folder(const char *path) {
  struct stat info;
  assert(path != NULL);
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* DIR/report, and for DIR/sweep.h5 the same. */
static vs_status default_folder(char *out, size_t size, const char *path) {
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  if (!is_folder(path)) {
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
      slash[slash == folder ? 1 : 0] = '\0';
    else
      snprintf(folder, sizeof folder, ".");
  }
  return vs_file_join(out, size, folder, "report");
}

/* Whether a job is writing to the folder just now. */
static bool is_written_to(const char *path) {
  vs_progress_view view;
  return is_folder(path) && vs_progress_file_read(path, &view) == VS_OK &&
         vs_progress_file_is_alive(&view, vs_clock_unix_seconds());
}

static int default_threads(void) {
  const int cores = vs_cores_usable();
  return cores > VS_MAX_THREADS ? VS_MAX_THREADS : cores;
}

static void print_json(const vs_report_summary *summary, bool live) {
  const vs_report_counts *counts = &summary->counts;
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "index", summary->index);
  vs_json_boolean(&json, "live", live);
  vs_json_boolean(&json, "plain", summary->is_plain);
  vs_json_unsigned(&json, "planned", counts->planned);
  vs_json_unsigned(&json, "stored", counts->stored);
  vs_json_unsigned(&json, "done", counts->done);
  vs_json_unsigned(&json, "diverged", counts->diverged);
  vs_json_unsigned(&json, "failed", counts->failed);
  vs_json_unsigned(&json, "missing", counts->missing);
  vs_json_unsigned(&json, "pictures", summary->pictures);
  vs_json_unsigned(&json, "snapshots", summary->snapshots);
  vs_json_unsigned(&json, "drawings", summary->drawings);
  vs_json_unsigned(&json, "sheets", summary->sheets);
  vs_json_unsigned(&json, "chunks", summary->chunks);
  vs_json_unsigned(&json, "unreadable", summary->unreadable);
  vs_json_unsigned(&json, "bytes", summary->bytes);
  vs_json_close(&json);
}

static void print_text(const vs_report_summary *summary, bool live) {
  const vs_report_counts *counts = &summary->counts;
  printf("%s\n", summary->index);
  fprintf(
      stderr, "%zu of %zu runs (%zu diverged, %zu failed, %zu missing), %zu pictures, %.1f MB%s\n",
      counts->stored, counts->planned, counts->diverged, counts->failed, counts->missing,
      summary->pictures, (double)summary->bytes / 1e6, live ? "; the sweep is still running" : "");
  if (summary->is_plain)
    fprintf(stderr,
            "A plain page: this vggsweep was built without npm, which the full one needs.\n");
}

static int run(int argc, char **argv) {
  enum { TOP = 50, MAX_TOP = 100000 };
  const char *path = NULL, *out = NULL, *rules_file = NULL;
  int top = TOP, drawings = VS_REPORT_DEFAULT_DRAWINGS, threads = default_threads();
  bool json = false;
  const vs_option options[] = {
      vs_option_default(vs_option_text("out", "DIR", "where the report goes", &out), "DIR/report"),
      vs_option_integer("top", "N", "runs in the table shown without JavaScript", &top, 1, MAX_TOP),
      vs_option_integer("drawings", "N", "drawings that are written as SVG too", &drawings, 0,
                        MAX_TOP),
      vs_common_option_verdicts(&rules_file),
      vs_option_default(vs_common_option_threads(&threads), "all cores"),
      vs_common_option_json(&json)};
  const vs_command_line line = {&vs_command_report, {&path}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  char folder[PATH_MAX];
  vs_verdict_rules rules = vs_verdict_rules_default();
  vs_results *results = NULL;
  vs_report_summary summary;
  bar b = {.columns = vs_progress_terminal_columns()};
  bool live = is_written_to(path);
  vs_status status = VS_OK;
  if (rules_file != NULL) status = vs_verdict_rules_read(&rules, rules_file);
  if (status == VS_OK) status = vs_results_open(&results, path);
  if (status == VS_OK && out == NULL) status = default_folder(folder, sizeof folder, path);
  const vs_report_options report = {.folder = out != NULL ? out : folder,
                                    .rules = &rules,
                                    .top = (size_t)top,
                                    .drawings = (size_t)drawings,
                                    .live = live,
                                    .threads = threads,
                                    .listener = {show, &b}};
  if (status == VS_OK) status = vs_report_write(results, &report, &summary);
  clear_bar(&b);
  vs_results_close(results);
  if (status != VS_OK) return vs_command_fail(status);
  if (json)
    print_json(&summary, live);
  else
    print_text(&summary, live);
  return VS_EXIT_OK;
}

const vs_command vs_command_report = {
    .name = "report",
    .purpose = "Writes a web page of all runs: a folder that opens without a server",
    .notes = notes,
    .arguments = {&vs_command_results_argument},
    .has_threads = true,
    .run = run};
