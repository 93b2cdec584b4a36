#include "cli/command.h"

#include <stdio.h>

#include "sweeps/spec/schema.h"

int vs_command_schema(int argc, char **argv) {
  const vs_command_line line = {
      .command = "schema",
      .summary = "Prints the JSON Schema of sweep files",
      .notes = "Editors with a YAML language server check and complete sweep files with it: begin "
               "the\nfile with `# yaml-language-server: $schema=sweep.schema.json`.\n"};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;
  vs_schema_json(stdout);
  return VS_EXIT_OK;
}
