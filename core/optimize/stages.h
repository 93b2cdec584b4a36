/* stages.h - a run as a sequence of stages: what is optimized in each, on which canvas, for how
 * many steps, and how it begins.
 *
 *   free       from the start numbers (or a drawing), at the smallest canvas
 *   pens       strokes' colours are reduced to pens and frozen; points and widths move on
 *   enlarged   the picture is carried over to a larger canvas and fine-tuned on random windows of
 *              it, as large as the smallest canvas; strokes' colours are frozen. Any number of
 *              these.
 *
 * A large picture for the cost of a small one: every step of every stage costs what the window
 * costs. */
#ifndef VS_CORE_OPTIMIZE_STAGES_H
#define VS_CORE_OPTIMIZE_STAGES_H

#include "core/optimize/run_spec.h"

typedef enum vs_stage_kind { VS_STAGE_FREE, VS_STAGE_PENS, VS_STAGE_ENLARGED } vs_stage_kind;

typedef struct vs_stage {
  vs_stage_kind kind;
  vs_param_spec param; /* as it is optimized here: canvas, count of strokes, rates */
  int first_step;      /* of the run's */
  int steps;           /* updates; may be 0 but for the free stage */
} vs_stage;

typedef struct vs_stages {
  int count;
  vs_stage list[VS_MAX_LEVELS + 1];
} vs_stages;

/* The stages of a run, in order. */
void vs_stages_of(const vs_run_spec *spec, vs_stages *stages);

/* Updates of all stages. */
int vs_stages_steps(const vs_stages *stages);

/* What the net sees at once, without the grey border: the smallest canvas, or what is cropped out
 * of it. */
vs_window vs_stages_window(const vs_run_spec *spec);

/* Side of the canvas one level below that with this side, rounded up; `tiles` along it. */
int vs_stages_smaller_side(const vs_tiling *tiling, int tiles, int side);

#endif
