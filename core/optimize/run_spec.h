/* run_spec.h - everything that decides the numbers of one run. */
#ifndef VS_CORE_OPTIMIZE_RUN_SPEC_H
#define VS_CORE_OPTIMIZE_RUN_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/objective/objective.h"
#include "core/optimize/adam.h"
#include "core/optimize/transform.h"
#include "core/param/param.h"

#define VS_MAX_LEVELS 6
#define VS_RATE_SIDE  224.0

/* Sizes that a picture goes through; the last is the run's own (stages.h). */
typedef struct vs_multiscale {
  int levels; /* sizes, up to VS_MAX_LEVELS; 0 and 1: one alone */
  vs_tiling tiling;
  double share; /* steps of an enlarged stage, of the free stage's; >= 0 */
} vs_multiscale;

/* What strokes' colours are reduced to; not for pixels and fourier. */
typedef struct vs_palette_spec {
  int colors;      /* found by k-means; 0: none. Not with given pens */
  vs_pen_set pens; /* given; count 0: none. Strokes that choose among pens, choose among these */
  double refine;   /* steps with pens as they are, of the free stage's; >= 0 */
} vs_palette_spec;

/* How learning rates change over the steps of a stage: CONSTANT; HALVING, halved after a half of
 * them and again after three quarters; COSINE, falling to 0 along half a period of a cosine
 * (Loshchilov & Hutter, arXiv:1608.03983, without restarts). AUTO: cosine for strokes, else
 * constant. */
typedef enum vs_schedule {
  VS_SCHEDULE_AUTO,
  VS_SCHEDULE_CONSTANT,
  VS_SCHEDULE_HALVING,
  VS_SCHEDULE_COSINE
} vs_schedule;

/* How lambda, the weight of the style, comes about: it is given; or it is chosen at the start so
 * that |lambda grad style| / |grad exc| = rho; or it is strength times a unit (strength.h). */
typedef enum vs_run_balance {
  VS_BALANCE_LAMBDA,
  VS_BALANCE_RHO,
  VS_BALANCE_STRENGTH
} vs_run_balance;

/* How lambda changes over the steps of the free stage: ALWAYS the same; EARLY, whole at first and
 * falling to 0 along half a period of a cosine; LATE, the reverse. Stages that follow have what it
 * ends with. */
typedef enum vs_style_time { VS_STYLE_ALWAYS, VS_STYLE_EARLY, VS_STYLE_LATE } vs_style_time;

#define VS_RUN_WORD 24 /* one of a few words, with its zero */

/* The sheet that a drawing is plotted on. */
typedef struct vs_plot_spec {
  char page[VS_RUN_WORD]; /* a name for vs_page_find */
  double margin_mm;
  double pen_mm; /* line of a pen that nobody gave a width */
} vs_plot_spec;

#define VS_RUN_MAX_SNAPSHOTS 64
#define VS_RUN_NAME          512 /* a picture's path or builtin name */

typedef struct vs_run_spec {
  vs_objective_spec objective;
  vs_param_spec param; /* canvas, strokes and rates of the last and largest stage, but for
                          strokes.count, which is that of the smallest canvas, and rate_points,
                          which is for a window of VS_RATE_SIDE px */
  vs_palette_spec palette;
  vs_multiscale multiscale;
  char start_drawing[VS_RUN_NAME]; /* an SVG whose strokes are the first to start from; "" or
                                      "random": none */
  vs_transform_options transforms;
  vs_adam_options adam;
  double weight_decay; /* of pictures, each step times the learning rate (vs_param_fade); >= 0 */
  vs_schedule schedule;
  vs_style_time style_time;
  char style_image[VS_RUN_NAME]; /* a name for vs_picture_open */
  vs_run_balance balance;
  double lambda, rho, strength; /* >= 0, finite; the one that `balance` names is used */
  double strength_unit;         /* > 0, finite; used with a strength above 0 */
  int steps;                    /* updates of the free stage, >= 1 */
  bool is_continued;            /* the free stage makes no updates: a finished drawing
                                   (vs_run_strokes_start_from) goes on with its pens */
  int rescue_steps;             /* first updates in which a dead channel is rescued; 0: never */
  uint64_t stream; /* of the random numbers: the run's group or channel, the same for all lambdas */
  int log_every;   /* >= 1 */
  int snapshot_steps[VS_RUN_MAX_SNAPSHOTS]; /* increasing, 0..all steps */
  int snapshot_count;
  vs_plot_spec plot;
} vs_run_spec;

#endif
