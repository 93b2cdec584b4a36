#include "mpi/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/image/png.h"
#include "mpi/plot_job.h"
#include "sweeps/results.h"

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

/* The strokes of a run, and the pens they are for if it knows any. */
static vs_status read_drawing(const vs_results *results, size_t row, vs_drawing **drawing,
                              vs_pen_set *pens) {
  const vs_row *run = vs_results_row(results, row);
  *drawing = NULL;
  *pens = (vs_pen_set){0};
  return vs_fail(VS_ERR_USAGE,
                 "run %s is no drawing (parametrization %s): only strokes can be plotted; --png "
                 "writes its picture",
                 run->id, run->parametrization == VS_PARAM_PIXELS ? "pixels" : "fourier");
}

/* What the sheet says of itself: the channel in a line, the whole spec for who wants it again. */
static vs_status export_svg(vs_plot_job *job, const vs_results *results, size_t row) {
  const vs_row *run = vs_results_row(results, row);
  char title[256];
  snprintf(title, sizeof title, "%s channel %d, %s %g, run %s", run->layer, run->channel,
           run->rho >= 0.0 ? "rho" : "lambda", run->rho >= 0.0 ? run->rho : run->lambda, run->id);
  vs_drawing *drawing = NULL;
  vs_pen_set pens;
  char *spec = NULL;
  vs_status status = read_drawing(results, row, &drawing, &pens);
  if (status == VS_OK) status = vs_results_read_spec(results, row, &spec);
  if (status == VS_OK) status = vs_plot_job_perform(job, drawing, &pens, title, spec);
  free(spec);
  vs_drawing_free(drawing);
  return status;
}

static void print(const vs_plot_job *job, const vs_row *run) {
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "run", run->id);
  vs_plot_job_print_json(job, &json);
  vs_json_close(&json);
}

static vs_status export_run(vs_plot_job *job, const char *folder, const char *id, const char *png) {
  vs_results *results = NULL;
  size_t row = 0;
  vs_status status = vs_results_open(&results, folder);
  if (status == VS_OK) status = vs_results_find(results, id, &row);
  if (status == VS_OK && job->wish.svg != NULL) status = export_svg(job, results, row);
  if (status == VS_OK && png != NULL) status = export_png(results, row, png);
  if (status == VS_OK && job->wish.svg != NULL) print(job, vs_results_row(results, row));
  vs_results_close(results);
  return status;
}

static const char notes[] =
    "With --svg the figures of the sheet are printed as JSON. Minutes are those of an AxiDraw at\n"
    "saxi's speeds, changes of pens not counted.\n";

int vs_command_export(int argc, char **argv) {
  const char *folder = NULL, *id = NULL, *png = NULL;
  vs_plot_job job = vs_plot_job_usual();
  const vs_argument arguments[] = {
      {"DIR", "a results folder or a file of results", &folder},
      {"RUN", "id of a run, or its first digits (`vggsweep rank DIR` lists them)", &id}};
  vs_option options[VS_PLOT_OPTIONS + 1] = {
      vs_option_text("png", "FILE", "writes the final picture as PNG", &png)};
  vs_plot_job_options(&job, options + 1);
  const vs_command_line line = {.command = "export",
                                .summary = "Writes the picture of one run, or its strokes",
                                .notes = notes,
                                .arguments = arguments,
                                .argument_count = 2,
                                .options = options,
                                .option_count = sizeof options / sizeof options[0]};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  if (png == NULL && job.wish.svg == NULL)
    return vs_command_refuse("export", "--png or --svg is missing: where the picture goes");

  vs_status status = vs_plot_job_prepare(&job);
  if (status == VS_OK) status = export_run(&job, folder, id, png);
  vs_plot_job_clear(&job);
  return vs_command_fail(status);
}
