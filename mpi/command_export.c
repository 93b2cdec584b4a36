#include "mpi/command.h"

#include <stdlib.h>

#include "core/image/png.h"
#include "mpi/options.h"
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

int vs_command_export(int argc, char **argv) {
  const char *folder = NULL, *id = NULL, *png = NULL;
  const vs_argument arguments[] = {
      {"DIR", "a results folder or a file of results", &folder},
      {"RUN", "id of a run, or its first digits (`vggsweep rank DIR` lists them)", &id}};
  const vs_option options[] = {
      vs_option_text("png", "FILE", "writes the final picture as PNG", &png)};
  const vs_command_line line = {.command = "export",
                                .summary = "Writes the picture of one run",
                                .arguments = arguments,
                                .argument_count = 2,
                                .options = options,
                                .option_count = sizeof options / sizeof options[0]};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  if (png == NULL) return vs_command_refuse("export", "--png is missing: where the picture goes");

  vs_results *results = NULL;
  size_t row = 0;
  vs_status status = vs_results_open(&results, folder);
  if (status == VS_OK) status = vs_results_find(results, id, &row);
  if (status == VS_OK) status = export_png(results, row, png);
  vs_results_close(results);
  return vs_command_fail(status);
}
