/* grid.c - the axes in their order, and point i of their product. */
#include "sweeps/spec/grid.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the order of the axes -------------------------------------------------------------------- */

static bool has_own_column(int id) {
  return vs_schema_is_grid_only(id) || id == VS_KEY_SEED;
}

static void add_axis(vs_sweep *sweep, int id) {
  vs_axis *axis = &sweep->axes[sweep->axis_count];
  sweep->axis_keys[sweep->axis_count++] = id;
  snprintf(axis->name, sizeof axis->name, "%s", vs_schema_key(id)->path);
  const vs_config_slot *slot = &sweep->config.slots[id];
  axis->is_number = true;
  for (size_t i = 0; i < slot->count; i++) axis->is_number &= slot->values[i].is_number;
}

/* The next axis in the order of writing after `order`, or VS_KEY_NONE. */
static int next_written(const vs_sweep *sweep, int order) {
  int next = VS_KEY_NONE;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_config_slot *slot = &sweep->config.slots[id];
    if (!slot->is_axis || has_own_column(id) || slot->order <= order) continue;
    if (next == VS_KEY_NONE || slot->order < sweep->config.slots[next].order) next = id;
  }
  return next;
}

static void order_axes(vs_sweep *sweep) {
  for (int id = next_written(sweep, -1); id != VS_KEY_NONE;
       id = next_written(sweep, sweep->config.slots[id].order)) {
    sweep->inner[sweep->inner_count++] = id;
    add_axis(sweep, id);
  }
  sweep->inner[sweep->inner_count++] = VS_KEY_SEED;
  sweep->inner[sweep->inner_count++] = (int)sweep->config.balance;
}

/* total += a * b; false when it goes beyond what is accepted, total is then unspecified. */
static bool add_product(size_t *total, size_t a, size_t b) {
  size_t product;
  return !__builtin_mul_overflow(a, b, &product) &&
         !__builtin_add_overflow(*total, product, total) && *total <= VS_GRID_MAX_RUNS;
}

void vs_grid_init(vs_sweep *sweep, vs_problems *problems) {
  sweep->inner_count = sweep->axis_count = 0;
  order_axes(sweep);
  vs_config *config = &sweep->config;
  size_t layers = config->slots[VS_KEY_LAYER].count;
  bool fits = true;
  sweep->runs_per_channel = 1;
  for (size_t i = 0; i < sweep->inner_count && fits; i++) {
    size_t product = 0;
    fits = add_product(&product, sweep->runs_per_channel, config->slots[sweep->inner[i]].count);
    sweep->runs_per_channel = product;
  }
  free(sweep->first_run);
  sweep->first_run = calloc(layers + 1, sizeof *sweep->first_run);
  if (sweep->first_run == NULL) {
    problems->no_memory = true;
    return;
  }
  for (size_t i = 0; i < layers && fits; i++) {
    sweep->first_run[i + 1] = sweep->first_run[i];
    fits =
        add_product(&sweep->first_run[i + 1], config->channels[i].count, sweep->runs_per_channel);
  }
  if (!fits)
    vs_problems_add(problems, config->grid_mark, "grid",
                    "the product of its lists has more than %d runs", VS_GRID_MAX_RUNS);
}

/* --- run i ------------------------------------------------------------------------------------ */

size_t vs_grid_count(const vs_sweep *sweep) {
  return sweep->first_run[sweep->config.slots[VS_KEY_LAYER].count];
}

vs_point vs_grid_point(const vs_sweep *sweep, size_t index) {
  assert(index < vs_grid_count(sweep));
  vs_point point = {0};
  while (sweep->first_run[point.layer + 1] <= index) point.layer++;
  size_t rest = index - sweep->first_run[point.layer];
  point.channel = rest / sweep->runs_per_channel;
  rest %= sweep->runs_per_channel;
  for (size_t i = sweep->inner_count; i-- > 0;) {
    size_t count = sweep->config.slots[sweep->inner[i]].count;
    point.choice[sweep->inner[i]] = rest % count;
    rest /= count;
  }
  point.choice[VS_KEY_LAYER] = point.layer;
  return point;
}

int vs_grid_channel(const vs_sweep *sweep, const vs_point *point) {
  return sweep->config.channels[point->layer].list[point->channel];
}

const vs_value *vs_grid_value(const vs_sweep *sweep, const vs_point *point, int key) {
  return &sweep->config.slots[key].values[point->choice[key]];
}
