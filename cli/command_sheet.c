/* command_sheet.c - `sheet`: all pictures of a sweep on one contact sheet. */
#include <limits.h>
#include <stdlib.h>

#include "analysis/rank/rank.h"
#include "analysis/sheet/sheet.h"
#include "cli/common_options.h"

static const char notes[] =
    "Below a picture stand its excitation and its distance to the style (style_eval). The\n"
    "excitation is given as the gain over the run of lambda, rho or strength 0 that is otherwise "
    "the\n"
    "same (exc_gain of `vggsweep rank`), and as exc_eval for that run, or where there is none.\n"
    "With --where the runs that meet it are drawn, beside what they are compared with.\n";

/* Marks the runs that meet `where`, and their baselines. */
static vs_status choose(const vs_results *results, const char *where, bool *chosen) {
  vs_metrics *metrics = NULL;
  vs_verdicts *verdicts = NULL;
  vs_ranking ranking = {0};
  const vs_ranking_options options = {.by = "index", .where = where};
  vs_status status = vs_metrics_new(&metrics, results);
  if (status == VS_OK) status = vs_verdicts_new(&verdicts, metrics, NULL);
  if (status == VS_OK) status = vs_rank(&ranking, verdicts, &options);
  for (size_t i = 0; i < ranking.count; i++) {
    const size_t baseline = vs_metrics_baseline(metrics, ranking.rows[i]);
    chosen[ranking.rows[i]] = true;
    if (baseline != SIZE_MAX) chosen[baseline] = true;
  }
  vs_rank_clear(&ranking);
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  return status;
}

static vs_status draw(const char *path, vs_sheet_options *sheet, const char *where,
                      const char *png) {
  vs_results *results = NULL;
  bool *chosen = NULL;
  vs_status status = vs_results_open(&results, path);
  if (status == VS_OK && where != NULL) {
    chosen = calloc(vs_results_count(results) + 1, sizeof *chosen);
    status = chosen != NULL ? choose(results, where, chosen)
                            : vs_fail(VS_ERR_MEMORY, "no memory to choose runs");
    sheet->chosen = chosen;
  }
  if (status == VS_OK) status = vs_sheet_write(results, sheet, png);
  free(chosen);
  vs_results_close(results);
  return status;
}

static int run(int argc, char **argv) {
  const char *path = NULL, *png = NULL, *layer = NULL, *where = NULL;
  int top = 0, cell = 0;
  const vs_option options[] = {
      vs_option_required(vs_option_text("png", "FILE", "where the sheet goes", &png)),
      vs_option_text("layer", "TAP", "only the runs of this layer, e.g. relu4_3", &layer),
      vs_option_text("where", "EXPR", "only runs that meet it, as in `vggsweep rank`", &where),
      vs_option_integer("top", "N", "at most N rows", &top, 1, INT_MAX),
      vs_option_default(vs_option_integer("cell", "PX", "side of a picture", &cell, 16, 1024),
                        "the images' own, at most 256")};
  const vs_command_line line = {&vs_command_sheet, {&path}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  int tap;
  vs_sheet_options sheet = {.layer = layer, .top = (size_t)top, .cell = cell};
  vs_status status = layer != NULL ? vs_common_option_find_layer(layer, &tap) : VS_OK;
  if (status == VS_OK) status = draw(path, &sheet, where, png);
  return vs_command_fail(status);
}

const vs_command vs_command_sheet = {
    .name = "sheet",
    .purpose = "Draws a contact sheet: a row for each channel, a column for each lambda",
    .notes = notes,
    .arguments = {&vs_command_results_argument},
    .run = run};
