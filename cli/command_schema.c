/* command_schema.c - `schema`: what may stand in a sweep file, for editors. */
#include "cli/options.h"

#include <stdio.h>

#include "sweeps/spec/schema.h"

static int run(int argc, char **argv) {
  const vs_command_line line = {.command = &vs_command_schema};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  vs_schema_json(stdout);
  return VS_EXIT_OK;
}

const vs_command vs_command_schema = {
    .name = "schema",
    .purpose = "Prints the JSON Schema of sweep files, for editors",
    .notes = "Editors with a YAML language server check and complete sweep files with it: begin "
             "the\nfile with `# yaml-language-server: $schema=sweep.schema.json`.\n",
    .run = run};
