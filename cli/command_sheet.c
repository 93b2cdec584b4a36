/* command_sheet.c - `sheet`: all pictures of a sweep on one contact sheet. */
#include <limits.h>

#include "analysis/sheet/sheet.h"
#include "cli/common_options.h"

static const char notes[] =
    "Below a picture stand its excitation and its distance to the style (style_eval). The\n"
    "excitation is given as the gain over the run of lambda 0 or rho 0 that is otherwise the\n"
    "same (exc_gain of `vggsweep rank`), and as exc_eval for that run, or where there is none.\n";

static int run(int argc, char **argv) {
  const char *path = NULL, *png = NULL, *layer = NULL;
  int top = 0, cell = 0;
  const vs_option options[] = {
      vs_option_required(vs_option_text("png", "FILE", "where the sheet goes", &png)),
      vs_option_text("layer", "TAP", "only the runs of this layer, e.g. relu4_3", &layer),
      vs_option_integer("top", "N", "at most N rows", &top, 1, INT_MAX),
      vs_option_default(vs_option_integer("cell", "PX", "side of a picture", &cell, 16, 1024),
                        "the images' own, at most 256")};
  const vs_command_line line = {&vs_command_sheet, {&path}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  vs_results *results = NULL;
  int tap;
  vs_status status = layer != NULL ? vs_common_option_find_layer(layer, &tap) : VS_OK;
  if (status == VS_OK) status = vs_results_open(&results, path);
  vs_sheet_options sheet = {.layer = layer, .top = (size_t)top, .cell = cell};
  if (status == VS_OK) status = vs_sheet_write(results, &sheet, png);
  vs_results_close(results);
  return vs_command_fail(status);
}

const vs_command vs_command_sheet = {
    .name = "sheet",
    .purpose = "Draws a contact sheet: a row for each channel, a column for each lambda",
    .notes = notes,
    .arguments = {&vs_command_results_argument},
    .run = run};
