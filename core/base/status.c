/* status.c - the message of the last failure, one for each thread. */
#include "core/base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char message[16384];

void vs_status_record(const char *format, ...) {
  char text[sizeof message]; /* the arguments may point into `message` */
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  memcpy(message, text, sizeof message);
}

vs_status vs_status_context(vs_status status, const char *format, ...) {
  if (status == VS_OK) return status;
  char context[sizeof message];
  va_list args;
  va_start(args, format);
  int used = vsnprintf(context, sizeof context, format, args);
  va_end(args);
  if (used < 0 || (size_t)used >= sizeof context) return status;
  snprintf(context + used, sizeof context - (size_t)used, ": %s", message);
  memcpy(message, context, sizeof message);
  return status;
}

const char *vs_status_message(void) {
  return message;
}
