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
#include "core/base/log.h"
#include "core/base/suggest.h"
#include "mpi/comm.h"

int vs_command_fail(vs_status status) {
  if (status == VS_OK) return VS_EXIT_OK;
  const char *message = vs_status_message();
  /* A sweep file's errors come one a line, to be read by people and editors as they are. */
  bool several_lines = strchr(message, '\n') != NULL;
  fprintf(stderr, "vggsweep:%s%s\n", several_lines ? "\n" : " ", message);
  if (status == VS_ERR_USAGE) return VS_EXIT_USAGE;
  if (status == VS_ERR_STOPPED) return VS_EXIT_STOPPED;
  return VS_EXIT_FAILURE;
}

int vs_command_refuse(const char *command, const char *format, ...) {
  char message[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  fprintf(stderr, "vggsweep %s: %s\nSee `vggsweep %s --help`.\n", command, message, command);
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

void vs_command_warn_of_sweep(const vs_sweep *sweep) {
  const char *left_out = vs_sweep_snapshots_left_out(sweep);
  if (left_out[0] != '\0')
    vs_log(VS_LOG_WARNING,
           "log.snapshots: %s left out, beyond the end of runs that --set made shorter", left_out);
  if (vs_sweep_has_baseline(sweep)) return;
  vs_sweep_run run;
  vs_sweep_get(sweep, 0, &run);
  vs_log(VS_LOG_WARNING,
         "no baseline: 0 is not in grid.%s, so exc_gain and effect will not be known",
         run.spec.by_rho ? "rho" : "lambda");
}

vs_status vs_command_load_sweep(vs_sweep **out, const char *path, char *const *overrides,
                                size_t override_count) {
  *out = NULL;
  char *text = NULL;
  size_t size = 0;
  vs_status status = vs_file_read(path, VS_SWEEP_MAX_BYTES, &text, &size);
  if (status == VS_OK) status = vs_sweep_parse(out, text, size, path, overrides, override_count);
  free(text);
  return status;
}

vs_status vs_command_default_folder(char *out, size_t out_size, const vs_sweep *sweep) {
  return vs_file_join(out, out_size, "results", vs_sweep_name(sweep));
}

vs_status vs_command_find_tap(const char *option, const char *name, int *tap) {
  *tap = vs_vgg16_find_tap(name);
  if (*tap >= 0) return VS_OK;
  const char *names[VS_VGG_TAPS];
  for (int i = 0; i < VS_VGG_TAPS; i++) names[i] = vs_vgg16_tap(i)->name;
  const char *nearest = vs_suggest(name, names, VS_VGG_TAPS);
  if (nearest != NULL)
    return vs_fail(VS_ERR_USAGE, "--%s: unknown tap \"%s\" (did you mean \"%s\"?)", option, name,
                   nearest);
  return vs_fail(VS_ERR_USAGE,
                 "--%s: unknown tap \"%s\"; taps are conv1_1, relu1_1 ... conv5_3, relu5_3 and "
                 "pool1 ... pool5",
                 option, name);
}

vs_status vs_command_find_taps(const char *option, const vs_texts *names, bool taps[VS_VGG_TAPS]) {
  for (size_t i = 0; i < names->count; i++) {
    const char *rest = names->items[i];
    bool more = true;
    while (more) {
      char name[64];
      size_t length = strcspn(rest, ",");
      snprintf(name, sizeof name, "%.*s", (int)length, rest);
      int tap;
      vs_status status = vs_command_find_tap(option, name, &tap);
      if (status != VS_OK) return status;
      taps[tap] = true;
      more = rest[length] == ',';
      rest += length + 1;
    }
  }
  return VS_OK;
}

vs_status vs_command_check_channel(const char *option, int tap, int channel) {
  const vs_tap_info *info = vs_vgg16_tap(tap);
  if (channel >= 0 && channel < info->channels) return VS_OK;
  return vs_fail(VS_ERR_USAGE, "--%s: there is no channel %d; %s has %d, numbered 0 to %d", option,
                 channel, info->name, info->channels, info->channels - 1);
}

int vs_command_last_conv(const vs_objective_spec *spec) {
  int deepest = spec->tap;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (spec->style_taps[tap] && tap > deepest) deepest = tap;
  return vs_vgg16_tap(deepest)->conv;
}

const char *const vs_command_families[] = {"recognize", "torchvision", "keras",
                                           "caffe",     "amdegroot",   NULL};
const char *const vs_command_convs[] = {
    [VS_CONV_FAST] = "fast", [VS_CONV_REFERENCE] = "reference", NULL};

vs_family vs_command_family(int choice) {
  return vs_weights_family_find(
      vs_command_families[choice]); /* "recognize" is no family: unknown */
}
