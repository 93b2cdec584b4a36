/* schema_find.c - keys found by what people write: whole paths, or their last parts. */
#include <string.h>

#include "sweeps/spec/schema.h"

int vs_schema_find(const char *path) {
  for (int id = 0; id < VS_KEY_COUNT; id++)
    if (strcmp(vs_schema_key(id)->path, path) == 0) return id;
  return VS_KEY_NONE;
}

int vs_schema_find_short(const char *name) {
  int found = vs_schema_find(name);
  if (found != VS_KEY_NONE) return found;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    if (!vs_schema_ends_in(vs_schema_key(id)->path, name)) continue;
    if (found != VS_KEY_NONE || vs_schema_is_section(name)) return VS_KEY_AMBIGUOUS;
    found = id;
  }
  return found;
}

int vs_schema_find_stand_in(const char *section) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const char *rest = vs_schema_inside(section, vs_schema_key(id)->path);
    if (rest != NULL && strchr(rest, '.') == NULL && vs_schema_key(id)->stands_for_section)
      return id;
  }
  return VS_KEY_NONE;
}
