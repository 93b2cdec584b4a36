/* run_strokes_fixture.h - what tests of runs of strokes begin with: small weights, a spec, pens,
 * and a run carried out. All of these fail the test when something fails on the way. */
#ifndef VS_TESTS_CORE_OPTIMIZE_RUN_STROKES_FIXTURE_H
#define VS_TESTS_CORE_OPTIMIZE_RUN_STROKES_FIXTURE_H

#include "core/optimize/run.h"
#include "tests/support/unit.h"

extern vs_weights small_weights; /* conv1_1 .. conv2_2, random */

/* Around each group of tests. */
int set_up(void **state);
int tear_down(void **state);

/* 15 strokes in free colours on 48 x 40 px, 24 steps. */
vs_run_spec stroke_spec(void);
vs_pen_set three_pens(void);

/* The run of a spec, at its end; freed by the caller. */
vs_run *finished(const vs_run_spec *spec, int threads);

#endif
