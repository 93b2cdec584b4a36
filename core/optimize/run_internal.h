/* run_internal.h - what is inside a vs_run, for the files that carry it out: run.c (planning, the
 * stages one after the other), run_score.c, run_strokes.c (where strokes start, and their pens) and
 * run_plot.c (what becomes of a drawing on paper). */
#ifndef VS_CORE_OPTIMIZE_RUN_INTERNAL_H
#define VS_CORE_OPTIMIZE_RUN_INTERNAL_H

#include "core/optimize/gram_probe.h"
#include "core/optimize/run.h"

struct vs_run {
  vs_run_spec spec;
  vs_stages stages;
  vs_arena arena;       /* holds all that follows, and what objective and params take */
  size_t lasting_bytes; /* of the arena; behind them stands the net that is needed just now: that
                           of the probe, the objective's, and again that of the probe */
  const vs_weights *weights; /* not owned */
  vs_conv_algorithm algorithm;
  int threads;
  vs_objective *objective; /* between the two nets of the probe */
  vs_gram_probe probe;
  vs_param *params[VS_MAX_LEVELS + 1]; /* of each stage */
  const vs_stage *stage;               /* just now */
  vs_param *param;                     /* its */
  vs_window window;
  int view_height, view_width; /* the window and its padding */
  float *theta, *dtheta, *first_moment, *second_moment;
  float *spare_theta; /* as long as theta: of a stage before it begins, of a drawing to be scored */
  float *canvas, *dcanvas, *view, *dview;
  float *trace[VS_TRACE_COUNT];
  uint8_t *final_rgb, *snapshots;
  bool has_start;      /* theta holds what to start from */
  vs_pen_set pens;     /* of strokes, once they have any */
  int *stroke_pens;    /* (count of the smallest canvas) the pen of each; copies have their
                          original's */
  vs_drawing *drawing; /* owned; the finished one */
  float *stroke_places, *budget; /* (strokes) of the result */
  double style_factor;           /* what lambda was multiplied by in the last step */
  double exc_style, style_floor; /* measurements.h */
  vs_run_result result;
};

/* exc_loss and style_dist of the canvas, means over the fixed views. */
typedef struct vs_score {
  double exc, style;
  double pre; /* the excitation before the ReLU */
} vs_score;
vs_score vs_run_score(vs_run *run);

/* Renders theta of the stage that the run is in, and scores it. The canvas is that of theta. */
vs_score vs_run_score_theta(vs_run *run, const float *theta);

/* The same over as few views as show the whole canvas (vs_run_score_whole_views). */
vs_score vs_run_score_whole(vs_run *run, const float *theta);

/* As few of the fixed views as show the whole canvas. */
int vs_run_score_whole_views(const vs_param_spec *canvas, const vs_window *window);

/* exc_loss over those, and its gradient by theta in run->dtheta. */
double vs_run_score_excitation_gradient(vs_run *run, const float *theta);

/* Puts the strokes of spec.start_drawing, if there is one, in place of the first to start with.
 * VS_ERR_*: it cannot be read. */
vs_status vs_run_strokes_start_from_svg(vs_run *run);

/* theta of the stage that the run has just entered from that of `from`: every stroke in the colour
 * of its pen. VS_ERR_USAGE, VS_ERR_MEMORY. */
vs_status vs_run_strokes_reduce_to_pens(vs_run *run, const vs_stage *from);

/* The orientations in which copies of the picture that the run has come to are worth nearly as much
 * as in the best of them, as bits of vs_tiling.orientations; 0 for what is no drawing.
 * VS_ERR_MEMORY. */
vs_status vs_run_strokes_find_orientations(vs_run *run, unsigned *orientations);

/* What becomes of the finished drawing on paper (run.h, vs_run_result). VS_ERR_MEMORY. */
vs_status vs_run_plot(vs_run *run);

/* Evaluations with gradient that vs_run_plot takes; 0 for what is no drawing. */
int vs_run_plot_budget_evaluations(const vs_run_spec *spec);

#endif
