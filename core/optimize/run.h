/* run.h - one optimization, from its spec to its result. No files, no MPI, no sweep: numbers in,
 * numbers out, the same for the same spec and weights wherever it is computed.
 *
 *   every step:  param render -> transform -> net forward -> terms
 *                -> net backward -> transform backward -> param backward -> Adam
 *
 * in stages (stages.h), of which most runs have one.
 *
 * Step s of a trace is the state after s updates: step 0 is the start, the last step the end. Where
 * a stage begins, the state is the one that it begins with. */
#ifndef VS_CORE_OPTIMIZE_RUN_H
#define VS_CORE_OPTIMIZE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/optimize/measurements.h"
#include "core/optimize/run_spec.h"
#include "core/optimize/stages.h"
#include "core/plot/plot.h"

/* The columns of a trace, in the order of vs_run_result.trace. Names: vs_run_trace_names. */
typedef enum vs_trace {
  VS_TRACE_EXC_LOSS,
  VS_TRACE_STYLE_DIST,
  VS_TRACE_STYLE_REG,
  VS_TRACE_TV,
  VS_TRACE_L2,
  VS_TRACE_TOTAL,
  VS_TRACE_GRAD_NORM, /* Euclidean norm of d total / d image */
  VS_TRACE_COUNT
} vs_trace;
extern const char *const vs_run_trace_names[]; /* VS_TRACE_COUNT: "exc_loss", ... */

/* The steps at which a run of this many steps is logged: 0, every, 2 every, ... and `steps`. Fills
 * `at` if it is not NULL; returns how many. */
int vs_run_logged_steps(int steps, int log_every, int *at);

typedef enum vs_outcome {
  VS_RUN_DONE,
  VS_RUN_DIVERGED, /* a loss or gradient was not finite: stored as it stands, the sweep goes on */
  VS_RUN_FAILED    /* it could not be computed (no memory, style image unreadable) */
} vs_outcome;
extern const char *const vs_run_outcome_words[]; /* by vs_outcome (core/base/words.h) */

/* By vs_run_balance: "lambda", "rho", "strength" (core/base/words.h). */
extern const char *const vs_run_balance_words[];

/* The lambda, rho or strength of a spec, whichever is used. */
double vs_run_weight(const vs_run_spec *spec);

/* Owned by the vs_run. Places that were never reached (after a divergence) hold NaN, or black. */
typedef struct vs_run_result {
  vs_outcome outcome;
  const char *failure; /* why it could not be computed; NULL or "" otherwise */
  int steps;           /* updates made */
  double seconds;
  double lambda; /* as used, resolved from rho or strength; NaN before that */
  double exc_first, exc_final, exc_eval; /* eval: mean over the fixed views */
  double style_first, style_final, style_eval;
  double exc_best; /* the lowest exc_loss of any step */
  /* exc_eval of the stages: at the end of the free one; of strokes also with colours reduced to
   * pens, after refining, and as plotted: in the pens' real colours and widths, opaque. NaN where
   * there is no such stage, and as plotted if strokes have no pens. */
  double exc_free, exc_quantized, exc_refined, exc_plotted;
  /* Strokes only, once the run is done; else NULL, 0, NaN. */
  const vs_drawing *drawing;  /* the final one; pens chosen */
  const vs_pen_set *pens;     /* they are of; count 0: colours are free */
  vs_plot_figures plot;       /* on the page of the spec; without pens as if all were one */
  const float *stroke_places; /* (strokes) 0: the stroke that adds most to the excitation, ... */
  const float *budget; /* (strokes) entry n-1: exc_loss of the whole canvas with the n strokes
                          that add most; NaN where that was not measured */
  vs_measurements measurements; /* blank unless the run is done */
  int trace_count;              /* vs_run_logged_steps */
  const float *trace[VS_TRACE_COUNT];
  int height, width;
  const uint8_t *final_rgb; /* (H,W,3) */
  const uint8_t *snapshots; /* (snapshot_count,H,W,3) */
  const float *theta;       /* param_count numbers */
  size_t param_count;
} vs_run_result;

/* The result of a run that has not begun: VS_RUN_FAILED, every figure NaN, no arrays. */
vs_run_result vs_run_blank_result(const vs_run_spec *spec);

typedef struct vs_run vs_run;

/* Called before every update with the number of updates made; returning false abandons the run. */
typedef bool vs_run_progress(void *context, int step);

/* Plans a run and takes all its memory, opens the style image and takes its targets. `weights` is
 * not owned. VS_ERR_MEMORY, or what vs_picture_open says. */
vs_status vs_run_new(vs_run **out, const vs_run_spec *spec, const vs_weights *weights,
                     vs_conv_algorithm algorithm, int threads);
void vs_run_free(vs_run *run); /* fine on NULL */

/* Starts from a drawing instead: strokes.count strokes of as many segments as the spec's, on a
 * canvas of the smallest size. Before executing. */
void vs_run_strokes_start_from(vs_run *run, const vs_drawing *drawing);

/* Instead of executing: exc_eval of another drawing that vs_run_strokes_start_from would take. */
double vs_run_strokes_score(vs_run *run, const vs_drawing *drawing);

/* Evaluations of the objective that a run takes, for cost models. */
typedef struct vs_run_evaluations {
  double with_gradient, without;
} vs_run_evaluations;
vs_run_evaluations vs_run_count_evaluations(const vs_run_spec *spec);

/* Runs to the end. VS_OK with the outcome in the result, or VS_ERR_STOPPED when `progress` (may be
 * NULL) said so. Once per run. */
vs_status vs_run_execute(vs_run *run, vs_run_progress *progress, void *context);

const vs_run_result *vs_run_get_result(const vs_run *run);

/* Bytes that vs_run_new takes from the system for this spec, beside the weights. */
size_t vs_run_memory_bytes(const vs_run_spec *spec, vs_conv_algorithm algorithm, int threads);

#endif
