/* log.c - one line for the sink that main.c has set. */
#include "core/base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

static vs_log_sink *current_sink;

void vs_log_set_sink(vs_log_sink *sink) {
  current_sink = sink;
}

void vs_log(vs_log_level level, const char *format, ...) {
  if (current_sink == NULL) return;
  char line[2048];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  current_sink(level, line);
}
