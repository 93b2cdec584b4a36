/* command_plot.c - `plot`: the strokes of any SVG, as a sheet for a plotter. */
#include <string.h>

#include "cli/common_options.h"
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

static int run(int argc, char **argv) {
  const char *input = NULL;
  bool json = false;
  vs_plot_job job = vs_plot_job_default();
  vs_option options[VS_PLOT_OPTIONS + 1];
  vs_plot_job_options(&job, options);
  options[0] = vs_option_required(options[0]); /* --svg */
  options[VS_PLOT_OPTIONS] = vs_common_option_json(&json);
  const vs_command_line line = {&vs_command_plot, {&input}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  if (vs_file_is_same(input, job.asked.svg))
    return vs_command_refuse(&vs_command_plot,
                             "--svg: %s is the drawing itself; choose another name", job.asked.svg);

  vs_drawing *drawing = NULL;
  const vs_output outputs[] = {{"svg", job.asked.svg, VS_OUTPUT_SVG},
                               {"preview", job.asked.preview, VS_OUTPUT_PNG}};
  vs_status status = vs_command_check_outputs(outputs, VS_COUNT(outputs));
  if (status == VS_OK) status = vs_plot_job_prepare(&job);
  if (status == VS_OK) status = vs_command_input_error(vs_svg_read(&drawing, input));
  if (status == VS_OK) status = vs_plot_job_perform(&job, drawing, NULL, name_of(input), NULL);
  if (status == VS_OK) print(&job, json);
  vs_drawing_free(drawing);
  vs_plot_job_clear(&job);
  return vs_command_fail(status);
}

const vs_command vs_command_plot = {
    .name = "plot",
    .purpose = "Makes a sheet for a plotter of any SVG: pens, order, minutes",
    .notes = notes,
    .arguments = {&(const vs_argument){"IN.svg", "any SVG; what is stroked in it is drawn"}},
    .run = run};
