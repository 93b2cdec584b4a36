/* axis.h - a sweep's name in C, and its axes other than layer, channel, lambda (rho, strength) and
 * seed, which have columns of their own in results. */
#ifndef VS_SWEEPS_SPEC_AXIS_H
#define VS_SWEEPS_SPEC_AXIS_H

#include <stdbool.h>

#define VS_AXIS_NAME     64
#define VS_AXIS_TEXT     64       /* longest text value of an axis, with its zero */
#define VS_GRID_MAX_RUNS 10000000 /* larger products are refused before anything is allocated */

typedef struct vs_sweep vs_sweep; /* sweep.h */

typedef struct vs_axis {
  char name[VS_AXIS_NAME]; /* the key, e.g. "optimizer.lr" */
  bool is_number;          /* else text */
} vs_axis;

typedef struct vs_axis_value {
  double number;           /* NaN for text */
  char text[VS_AXIS_TEXT]; /* as written; for numbers too */
} vs_axis_value;

#endif
