/* clock.c - the clocks of POSIX: the monotonic one to measure with, the calendar to date with. */
#include "core/base/clock.h"

#include <time.h>

static double read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double vs_clock_seconds(void) {
  return read_clock(CLOCK_MONOTONIC);
}

double vs_clock_unix_seconds(void) {
  return read_clock(CLOCK_REALTIME);
}

void vs_clock_utc(char text[VS_UTC_TEXT]) {
  time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(text, VS_UTC_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
