/* sweep_fixture.h - texts parsed as sweep files. */
#ifndef VS_TESTS_SWEEPS_SPEC_SWEEP_FIXTURE_H
#define VS_TESTS_SWEEPS_SPEC_SWEEP_FIXTURE_H

#include <string.h>

#include "sweeps/spec/sweep.h"
#include "tests/support/unit.h"

#define FILE_NAME "folder/s.yaml"
#define AT        FILE_NAME ":"
#define GRID      "grid: {layer: [relu4_3], channel: [7]}\n"
#define COUNT(a)  (sizeof(a) / sizeof(a)[0])
#define STROKES   "image: {parametrization: strokes}\n"

static inline vs_status parse(vs_sweep **sweep, const char *text, char *const *overrides,
                              size_t count) {
  return vs_sweep_parse(sweep, text, strlen(text), FILE_NAME, overrides, count);
}

#endif
