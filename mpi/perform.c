/* One run, and what is stored of it when it cannot be computed. */
#include "mpi/perform.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"

/* What is stored of a run that could not be computed: its row, traces of NaN, black pictures. One
 * block of each kind serves all columns and pictures. */
static vs_status store_failure(const vs_workplace *place, const vs_sweep_run *run,
                               const char *reason) {
  const vs_run_spec *spec = &run->spec;
  vs_run_result result = vs_run_blank_result(spec);
  size_t pixels = (size_t)spec->param.height * (size_t)spec->param.width;
  size_t pictures = spec->snapshot_count > 1 ? (size_t)spec->snapshot_count : 1;
  size_t logged = (size_t)result.trace_count;
  size_t numbers = result.param_count > logged ? result.param_count : logged;
  float *nans = malloc(numbers * sizeof *nans);
  uint8_t *black = calloc(pictures * pixels, 3);
  vs_status status = VS_OK;
  if (nans == NULL || black == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to store the failure of run %s", run->id);
    goto done;
  }
  for (size_t i = 0; i < numbers; i++) nans[i] = NAN;
  for (int i = 0; i < VS_TRACE_COUNT; i++) result.trace[i] = nans;
  result.failure = reason;
  result.final_rgb = result.snapshots = black;
  result.theta = nans;
  status = vs_store_add(place->store, run, &result, place->rank);
done:
  free(nans);
  free(black);
  return status;
}

/* A run without the memory to be computed may not even have the memory to be stored as failed: then
 * it stays undone, which a later job will find, and the sweep goes on just as well. */
static vs_status fail_run(const vs_workplace *place, const vs_sweep_run *run,
                          vs_protocol_report *report) {
  report->outcome = VS_RUN_FAILED;
  snprintf(report->reason, sizeof report->reason, "%s", vs_status_message());
  vs_status status = store_failure(place, run, report->reason);
  return status == VS_ERR_MEMORY ? VS_OK : status;
}

/* Completes the spec of a run with a strength. What vs_strength_unit says. */
static vs_status take_unit(vs_run_spec *spec, const vs_strength_baseline *baseline) {
  if (spec->balance != VS_BALANCE_STRENGTH || spec->strength == 0.0) return VS_OK;
  return vs_strength_unit(baseline, &spec->strength_unit);
}

vs_status vs_perform(const vs_workplace *place, const vs_protocol_run *given,
                     vs_run_progress *progress, void *context, vs_protocol_report *report) {
  double begun = vs_clock_seconds();
  *report = (vs_protocol_report){.index = given->index, .exc_eval = NAN, .style_eval = NAN};
  vs_sweep_run sweep_run;
  vs_sweep_get(place->sweep, (size_t)given->index, &sweep_run);
  vs_run *run = NULL;
  vs_status status = take_unit(&sweep_run.spec, &given->baseline);
  if (status == VS_OK)
    status = vs_run_new(&run, &sweep_run.spec, place->weights, VS_CONV_FAST, place->threads);
  if (status == VS_OK) status = vs_run_execute(run, progress, context);
  if (status == VS_ERR_STOPPED) goto done;
  if (status != VS_OK) {
    status = fail_run(place, &sweep_run, report);
    goto done;
  }
  const vs_run_result *result = vs_run_get_result(run);
  report->outcome = (int32_t)result->outcome;
  report->exc_eval = result->exc_eval;
  report->style_eval = result->style_eval;
  status = vs_store_add(place->store, &sweep_run, result, place->rank);
done:
  vs_run_free(run);
  report->seconds = vs_clock_seconds() - begun;
  return status;
}
