/* bound_sweep.h - sweeps made of text, and bound, for the tests of grids, names and canonical
 * forms. */
#ifndef VS_TESTS_SWEEPS_SPEC_BOUND_SWEEP_H
#define VS_TESTS_SWEEPS_SPEC_BOUND_SWEEP_H

#include <stdio.h>
#include <string.h>

#include "sweeps/spec/sweep.h"
#include "tests/support/unit.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define SHA      "d32134e2de00b665c98164c99b341e1bd82c8d73f400948a6193aa55f45e01c3"
#define STYLE    TEST_GOLDEN_DIR "/style.png"

static const char small[] = "seed: 2022\n"
                            "grid: {layer: [relu4_3], channel: [7, 8], lambda: [0, 50]}\n";

/* Weights called NAME of this family, as results up to format 3 know them: by their file. */
static inline vs_status bind_by_file(vs_sweep *sweep, const char *name, vs_family family) {
  vs_weights weights = {.file_family = family};
  snprintf(weights.sha256, sizeof weights.sha256, "%s", name);
  return vs_identity_bind(sweep, &weights, VS_CANONICAL_BY_FILE);
}

static inline vs_sweep *make_sweep(const char *text, char *const *overrides, size_t count) {
  vs_sweep *sweep;
  assert_ok(vs_sweep_parse(&sweep, text, strlen(text), "s.yaml", overrides, count));
  assert_ok(bind_by_file(sweep, SHA, vs_sweep_family(sweep)));
  return sweep;
}

static inline vs_sweep_run run_at(const vs_sweep *sweep, size_t index) {
  vs_sweep_run run;
  vs_sweep_get(sweep, index, &run);
  assert_int_equal(run.index, index);
  return run;
}

#endif
