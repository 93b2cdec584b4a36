/* unit.h - what every unit test includes: cmocka, whose header wants others before it. */
#ifndef VS_TESTS_SUPPORT_UNIT_H
#define VS_TESTS_SUPPORT_UNIT_H

// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
// clang-format on

#include "core/base/status.h"

/* Fails with the recorded message when a vs_status is not VS_OK. */
#define assert_ok(call)                                                                            \
  do {                                                                                             \
    if ((call) != VS_OK) fail_msg("%s: %s", #call, vs_status_message());                           \
  } while (0)

/* Within an absolute tolerance; NaN is near nothing. */
static inline void assert_close(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g is not %.17g", value, expected);
}

/* The larger one, and NaN if either is, which fmax would leave out. */
static inline double larger(double most, double value) {
  return isnan(most) || most >= value ? most : value;
}

#endif
