/* command_plot.c - `plot`: the strokes of any SVG, as a sheet for a plotter. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/plot_job.h"
#include "core/base/file.h"
#include "core/svg/svg_read.h"

static const char notes[] =
    "A layer for each pen, strokes joined where ends meet and ordered to shorten the way of the\n"
    "lifted pen. Minutes are those of an AxiDraw at saxi's speeds, changes of pens not counted.\n";

/* The name of a file, for the sheet's title. */
static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

static void print(const vs_plot_job *job, bool as_json) {
  if (!as_json) {
    vs_plot_job_print(job);
    return;
  }
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_plot_job_print_json(job, &json);
  vs_json_close(&json);
}

int vs_command_plot(int argc, char **argv) {
  const char *input = NULL;
  bool as_json = false;
  vs_plot_job job = vs_plot_job_default();
  const vs_argument arguments[] = {{"IN.svg", "any SVG; what is stroked in it is drawn", &input}};
  vs_option options[VS_PLOT_OPTIONS + 1];
  vs_plot_job_options(&job, options);
  options[VS_PLOT_OPTIONS] = vs_option_flag("json", "print the figures as JSON", &as_json);
  const vs_command_line line = {.command = "plot",
                                .summary = "Makes a sheet for a plotter of any SVG",
                                .notes = notes,
                                .arguments = arguments,
                                .argument_count = 1,
                                .options = options,
                                .option_count = sizeof options / sizeof options[0]};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  if (job.wish.svg == NULL)
    return vs_command_refuse("plot", "--svg is missing: where the sheet goes");
  if (vs_file_is_same(input, job.wish.svg))
    return vs_command_refuse("plot", "--svg: %s is the drawing itself; choose another name",
                             job.wish.svg);

  vs_drawing *drawing = NULL;
  const vs_output outputs[] = {{"svg", job.wish.svg, VS_OUTPUT_SVG},
                               {"preview", job.wish.preview, VS_OUTPUT_PNG}};
  vs_status status = vs_command_check_outputs(outputs, sizeof outputs / sizeof *outputs);
  if (status == VS_OK) status = vs_plot_job_prepare(&job);
  if (status == VS_OK) status = vs_command_input_error(vs_svg_read(&drawing, input));
  if (status == VS_OK) status = vs_plot_job_perform(&job, drawing, NULL, name_of(input), NULL);
  if (status == VS_OK) print(&job, as_json);
  vs_drawing_free(drawing);
  vs_plot_job_clear(&job);
  return vs_command_fail(status);
}
