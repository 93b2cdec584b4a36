/* What all subcommands share: messages, exit codes, checks of what is written. */
#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "mpi/comm.h"

const vs_argument vs_command_results_argument = {"DIR|FILE.h5",
                                                 "a results folder, or a file of results"};
const vs_argument vs_command_folder_argument = {"DIR", "a results folder"};
const vs_argument vs_command_run_argument = {
    "RUN", "id of a run, or its first digits (`vggsweep rank DIR` lists them)"};
const vs_argument vs_command_sweep_argument = {"SWEEP.yaml", "a sweep file"};

vs_exit vs_command_exit(vs_status status) {
  return status == VS_OK            ? VS_EXIT_OK
         : status == VS_ERR_USAGE   ? VS_EXIT_USAGE
         : status == VS_ERR_STOPPED ? VS_EXIT_STOPPED
                                    : VS_EXIT_FAILURE;
}

int vs_command_fail(vs_status status) {
  if (status == VS_OK) return VS_EXIT_OK;
  const char *message = vs_status_message();
  /* A sweep file's errors come one a line, to be read by people and editors as they are. */
  bool several_lines = strchr(message, '\n') != NULL;
  fprintf(stderr, "vggsweep:%s%s\n", several_lines ? "\n" : " ", message);
  return (int)vs_command_exit(status);
}

int vs_command_refuse(const vs_command *command, const char *format, ...) {
  char message[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  if (vs_comm_speaks_first())
    fprintf(stderr, "vggsweep %s: %s\nSee `vggsweep %s --help`.\n", command->name, message,
            command->name);
  vs_comm_leave_together();
  return VS_EXIT_USAGE;
}

vs_status vs_command_input_error(vs_status status) {
  return status == VS_ERR_FORMAT || status == VS_ERR_LIMIT ? VS_ERR_USAGE : status;
}

/* The folder that a path lies in. */
static vs_status check_folder(const vs_output *output) {
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", output->path);
  char *slash = strrchr(folder, '/');
  if (slash == folder) slash++;
  if (slash != NULL)
    *slash = '\0';
  else
    snprintf(folder, sizeof folder, ".");
  if (access(folder, W_OK | X_OK) == 0) return VS_OK;
  return vs_fail(VS_ERR_IO, "--%s: cannot write %s: %s: %s", output->option, output->path, folder,
                 strerror(errno));
}

vs_status vs_command_check_outputs(const vs_output *outputs, size_t count) {
  static const char png[] = "\x89PNG", xml[] = "<";
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < count; i++) {
    const vs_output *output = &outputs[i];
    if (output->path == NULL) continue;
    status = check_folder(output);
    if (status == VS_OK)
      status = vs_status_context(output->kind == VS_OUTPUT_PNG
                                     ? vs_file_check_kind(output->path, png, sizeof png - 1)
                                     : vs_file_check_kind(output->path, xml, sizeof xml - 1),
                                 "--%s", output->option);
    for (size_t j = 0; status == VS_OK && j < i; j++)
      if (outputs[j].path != NULL && (strcmp(outputs[j].path, output->path) == 0 ||
                                      vs_file_is_same(outputs[j].path, output->path)))
        status = vs_fail(VS_ERR_USAGE, "--%s: %s is where --%s goes; choose another name",
                         output->option, output->path, outputs[j].option);
  }
  return status;
}

void vs_command_silence_other_ranks(void) {
  if (vs_comm_speaks_first()) return;
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return; /* then it is said more than once */
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}
