/* stages.h - a run as a sequence of stages: what is optimized in each, on which canvas, for how
 * many steps, and how it begins.
 *
 *   free       from the start numbers (or a drawing), at the smallest canvas
 *   pens       strokes' colours are reduced to pens and frozen; points and widths move on
 *   enlarged   the picture is carried over to a larger canvas and fine-tuned on random windows of
 *              it, as large as the smallest canvas; strokes' colours are frozen. Any number of
 *              these.
 *
 * Where widths of strokes are those of their pens, they lie close around these at first. From the
 * stage of pens on the drawing is the one that will be plotted (vs_plot_preview): each stroke is as
 * wide as its pen's line, pens lie over one another in their order, and what has the paper's colour
 * is not there.
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

/* Whether they are those of pens. */
bool vs_stages_by_pen(const vs_run_spec *spec);

/* mm on the spec's sheet of a px of any canvas. */
double vs_stages_mm_per_px(const vs_run_spec *spec);

/* Updates of all stages. */
int vs_stages_steps(const vs_stages *stages);

/* What the net sees at once, without the grey border: the smallest canvas, or what is cropped out
 * of it. */
vs_window vs_stages_window(const vs_run_spec *spec);

/* Side of the canvas one level below that with this side, rounded up; `tiles` along it. */
int vs_stages_smaller_side(const vs_tiling *tiling, int tiles, int side);

#endif
