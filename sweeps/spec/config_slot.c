/* config_slot.c - what is asked of the values of one key. */
#include "sweeps/spec/config_slot.h"

#include <string.h>

bool vs_config_slot_has(const vs_config_slot *slot, double number) {
  for (size_t i = 0; i < slot->count; i++)
    if (slot->values[i].numbers[0] == number) return true;
  return false;
}

double vs_config_slot_extreme(const vs_config_slot *slot, double sign) {
  double found = 0;
  bool any = false;
  for (size_t i = 0; i < slot->count; i++) {
    for (size_t j = 0; j < slot->values[i].count; j++) {
      double number = slot->values[i].numbers[j];
      if (!any || sign * number > sign * found) found = number;
      any = true;
    }
  }
  return found;
}

bool vs_config_slot_names(const vs_config_slot *slot, const char *name) {
  for (size_t i = 0; i < slot->count; i++)
    if (slot->values[i].resolved != NULL && strcmp(slot->values[i].resolved, name) == 0)
      return true;
  return false;
}
