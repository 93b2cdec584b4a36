/* command_merge.c - `merge`: the finished runs of a folder in one file. */
#include "cli/options.h"
#include "core/base/log.h"
#include "sweeps/store/results.h"
#include "sweeps/store/store.h"

static int run(int argc, char **argv) {
  const char *folder = NULL;
  const vs_command_line line = {.command = &vs_command_merge, .targets = {&folder}};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  vs_results *results = NULL;
  vs_status status = vs_store_merge(folder);
  if (status == VS_OK) status = vs_results_open(&results, folder);
  if (status == VS_OK && vs_results_count(results) == 0)
    vs_log(VS_LOG_INFO, "%s: no run is finished yet, so there is nothing to gather", folder);
  else if (status == VS_OK)
    vs_log(VS_LOG_INFO, "%s/sweep.h5: %zu of %zu runs", folder, vs_results_count(results),
           vs_results_planned(results));
  vs_results_close(results);
  return vs_command_fail(status);
}

const vs_command vs_command_merge = {
    .name = "merge",
    .purpose = "Gathers all finished runs of DIR into DIR/sweep.h5",
    .notes = "`run` does this at its end; after a kill, or to have one file while a sweep\nis not "
             "complete, do it by hand. Nothing is lost if it is interrupted.\n",
    .arguments = {&vs_command_folder_argument},
    .run = run};
