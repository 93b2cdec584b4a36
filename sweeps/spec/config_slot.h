/* config_slot.h - the values that one key has in a sweep. */
#ifndef VS_SWEEPS_SPEC_CONFIG_SLOT_H
#define VS_SWEEPS_SPEC_CONFIG_SLOT_H

#include "sweeps/spec/value.h"

typedef struct vs_config_slot {
  vs_value *values; /* one, or the values of an axis; owned. grid.channel: none, see channels */
  size_t count;
  bool is_axis;    /* written in the grid; layer, channel, and lambda, rho or strength always are */
  int order;       /* of writing, to order axes */
  char label[128]; /* the key's path as it was written; else that of the schema */
} vs_config_slot;

/* Whether a value has this number first; its largest number of all (sign 1) or least (-1), 0 of
 * none; whether a value is resolved to this name. */
bool vs_config_slot_has(const vs_config_slot *slot, double number);
double vs_config_slot_extreme(const vs_config_slot *slot, double sign);
bool vs_config_slot_names(const vs_config_slot *slot, const char *name);

#endif
