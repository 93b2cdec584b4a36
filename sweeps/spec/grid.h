/* grid.h - what is inside a vs_sweep, for the files that make one up: grid.c (point i of the
 * product), canonical.c and identity.c (forms and ids), sweep.c (reading, and a run put together).
 *
 * The grid is a product but for one place: how many channels there are may depend on the layer. So
 * run i is found by its layer (first_run), then its channel, then the remaining axes as digits of a
 * number of mixed radix. */
#ifndef VS_SWEEPS_SPEC_GRID_H
#define VS_SWEEPS_SPEC_GRID_H

#include "core/vgg/weights.h"
#include "sweeps/spec/axis.h"
#include "sweeps/spec/canonical.h"
#include "sweeps/spec/config.h"

struct vs_sweep {
  char *text, *file_name; /* owned */
  vs_config config;
  int inner[VS_KEY_COUNT]; /* axes behind the channel, slowest first: others, seed, and last lambda,
                              rho or strength */
  size_t inner_count;
  size_t runs_per_channel;
  size_t *first_run; /* of each layer, and the count of runs at the end; owned */
  vs_axis axes[VS_KEY_COUNT];
  int axis_keys[VS_KEY_COUNT]; /* of axes */
  size_t axis_count;
  int members[VS_KEY_COUNT]; /* keys of a spec's canonical form, in the order of its names */
  size_t member_count;
  char *born[VS_KEY_COUNT];     /* canonical text of what each later key was born with; owned */
  char *defaults[VS_KEY_COUNT]; /* the same of its default; owned */
  vs_canonical_naming naming;   /* what weights are called in its forms */
  vs_family family;             /* as given in the file, then as bound */
  bool is_bound;
};

/* Which value of every key a run has. */
typedef struct vs_point {
  size_t layer, channel;       /* positions in their lists */
  size_t choice[VS_KEY_COUNT]; /* position in the slot's values; 0 for what does not vary */
} vs_point;

/* Orders the axes and counts the runs, again if need be. A grid that is too large is a problem. The
 * configuration holds no other problems. */
void vs_grid_init(vs_sweep *sweep, vs_problems *problems);

size_t vs_grid_count(const vs_sweep *sweep); /* of runs */
vs_point vs_grid_point(const vs_sweep *sweep, size_t index);
int vs_grid_channel(const vs_sweep *sweep, const vs_point *point);
const vs_value *vs_grid_value(const vs_sweep *sweep, const vs_point *point, int key);

#endif
