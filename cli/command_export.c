/* command_export.c - `export`: the picture of one run as PNG, or its strokes for a plotter. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/metrics/groups.h"
#include "cli/common_options.h"
#include "cli/plot_job.h"
#include "cli/stored_run.h"
#include "core/base/log.h"
#include "core/image/png.h"
#include "sweeps/store/results.h"

static vs_status export_png(const vs_results *results, size_t row, const char *path) {
  const vs_row *run = vs_results_row(results, row);
  if (run->status == VS_RUN_FAILED)
    return vs_fail(VS_ERR_USAGE,
                   "run %s failed and has no picture; `vggsweep run --retry-failed` "
                   "computes it again",
                   run->id);
  uint8_t *rgb = NULL;
  vs_status status = vs_results_read_image(results, row, &rgb);
  if (status == VS_OK) status = vs_png_write(path, rgb, run->height, run->width);
  free(rgb);
  return status;
}

/* What is exported of a drawing: what it is worth on the sheet, if that can be told. */
typedef struct export_job {
  vs_plot_job plot;
  const char *weights; /* NULL: the sweep's */
  int threads;
  vs_stored_run run;
  double exc_plotted; /* NaN: not scored */
} export_job;

/* Leaves only the `count` strokes that add most to the excitation, in the order in which they lie.
 */
static void keep_best(vs_results_drawing *stored, int count) {
  vs_drawing *drawing = stored->drawing;
  size_t kept = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++)
    if (stored->places[i] < (float)count) drawing->strokes[kept++] = drawing->strokes[i];
  drawing->stroke_count = kept;
}

/* The excitation of the sheet as it will look. Weights that are gone, or others than the run's, are
 * no reason not to export, unless they were named. */
static vs_status score_sheet(export_job *job) {
  vs_drawing *preview = NULL;
  vs_status status = vs_stored_run_load_weights(&job->run, job->weights);
  if (status != VS_OK && status != VS_ERR_MEMORY && job->weights == NULL) {
    vs_log(VS_LOG_WARNING, "%s; the sheet is not scored", vs_status_message());
    return VS_OK;
  }
  if (status == VS_OK)
    status = vs_plot_preview(&preview, job->plot.drawing, &job->plot.pens, job->plot.mm_per_unit);
  if (status == VS_OK)
    status = vs_stored_run_score(&job->run, preview, job->threads, &job->exc_plotted);
  vs_drawing_free(preview);
  return status;
}

/* What the sheet says of itself: the channel in a line, the whole spec for who wants it again. */
static vs_status export_svg(export_job *job, const vs_results *results, size_t row) {
  const vs_row *run = vs_results_row(results, row);
  vs_plot_job *plot = &job->plot;
  if (run->parametrization != VS_PARAM_STROKES)
    return vs_fail(VS_ERR_USAGE,
                   "run %s is a picture (image.parametrization: %s), not a drawing of "
                   "strokes; --png gives it",
                   run->id, vs_param_words[run->parametrization]);
  char title[256];
  snprintf(title, sizeof title, "%s channel %d, %s %g, run %s", run->layer, run->channel,
           vs_groups_weight_name(run), vs_groups_weight(run), run->id);
  char *spec = NULL;
  vs_status status = vs_stored_run_open(&job->run, results, row);
  if (status == VS_OK) {
    plot->defaults = job->run.spec.plot;
    if (plot->asked.strokes > 0) keep_best(&job->run.stored, plot->asked.strokes);
    status = vs_results_read_spec(results, row, &spec);
  }
  if (status == VS_OK)
    status = vs_plot_job_perform(plot, job->run.stored.drawing, &job->run.stored.pens, title, spec);
  if (status == VS_OK && !plot->is_native) status = score_sheet(job);
  free(spec);
  return status;
}

static void print(const export_job *job, const vs_row *run) {
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "run", run->id);
  vs_plot_job_print_json(&job->plot, &json);
  if (!job->plot.is_native) {
    const double exc_free = job->run.exc_free;
    vs_json_figure(&json, "exc_free", exc_free);
    vs_json_figure(&json, "exc_plotted", job->exc_plotted);
    vs_json_figure(&json, "kept_percent",
                   exc_free != 0.0 ? 100.0 * job->exc_plotted / exc_free : NAN);
  }
  vs_json_close(&json);
}

static vs_status export_run(export_job *job, const char *folder, const char *id, const char *png) {
  vs_results *results = NULL;
  size_t row = 0;
  vs_status status = vs_results_open(&results, folder);
  if (status == VS_OK) status = vs_results_find(results, id, &row);
  if (status == VS_OK && job->plot.asked.svg != NULL) status = export_svg(job, results, row);
  if (status == VS_OK && png != NULL) status = export_png(results, row, png);
  if (status == VS_OK && job->plot.asked.svg != NULL) print(job, vs_results_row(results, row));
  vs_results_close(results);
  return status;
}

static const char notes[] =
    "With --svg the figures of the sheet are printed as JSON, and what the network makes of it: "
    "the\n"
    "excitation as plotted, in the pens' own colours and widths, and how much of the free "
    "drawing's\n"
    "that is. Minutes are those of an AxiDraw at saxi's speeds, changes of pens not counted.\n"
    "The sheet is the one that the run's sweep names (plot.page, plot.margin, and plot.pen for a "
    "pen\n"
    "without a width of its own), but for what --page, --margin and --pens say.\n"
    "--strokes N takes the N strokes that add most to the excitation.\n";

static int run(int argc, char **argv) {
  const char *path = NULL, *id = NULL, *png = NULL;
  export_job job = {.plot = vs_plot_job_of_run(), .threads = 1, .exc_plotted = NAN};
  enum { OWN_OPTIONS = 3 };
  vs_option options[OWN_OPTIONS + VS_PLOT_OPTIONS] = {
      vs_option_text("png", "FILE", "where the final picture goes as PNG", &png),
      vs_option_default(vs_common_option_weights(&job.weights), "the sweep's"),
      vs_common_option_threads(&job.threads)};
  vs_plot_job_options(&job.plot, options + OWN_OPTIONS);
  const vs_command_line line = {&vs_command_export, {&path, &id}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  if (png == NULL && job.plot.asked.svg == NULL)
    return vs_command_refuse(&vs_command_export,
                             "--png or --svg is missing: where the picture goes");

  const vs_output outputs[] = {{"svg", job.plot.asked.svg, VS_OUTPUT_SVG},
                               {"png", png, VS_OUTPUT_PNG},
                               {"preview", job.plot.asked.preview, VS_OUTPUT_PNG}};
  vs_status status = vs_command_check_outputs(outputs, VS_COUNT(outputs));
  if (status == VS_OK) status = vs_plot_job_prepare(&job.plot);
  if (status == VS_OK) status = export_run(&job, path, id, png);
  vs_plot_job_clear(&job.plot);
  vs_stored_run_clear(&job.run);
  return vs_command_fail(status);
}

const vs_command vs_command_export = {
    .name = "export",
    .purpose = "Writes the picture of one run, or its strokes to be plotted",
    .notes = notes,
    .arguments = {&vs_command_results_argument, &vs_command_run_argument},
    .has_threads = true,
    .run = run};
