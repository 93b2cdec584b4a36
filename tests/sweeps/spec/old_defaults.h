/* old_defaults.h - sweeps with the defaults that there were before any default changed. */
#ifndef VS_TESTS_SWEEPS_SPEC_OLD_DEFAULTS_H
#define VS_TESTS_SWEEPS_SPEC_OLD_DEFAULTS_H

#include <stdio.h>
#include <stdlib.h>

#include "sweeps/spec/grid.h"
#include "sweeps/spec/schema.h"
#include "tests/sweeps/spec/bound_sweep.h"

/* Defaults of then, of keys that are always in an id and that may have another default today. */
static const struct {
  int key;
  const char *value;
} old_defaults[] = {
    {VS_KEY_IMAGE_SD, "0.01"},
    {VS_KEY_STEPS, "400"},
    {VS_KEY_STYLE_LAYERS, "[relu2_2]"},
    {VS_KEY_LR, "0.05"},
};

/* What has to be said of a key in this sweep so that it has the default of then; NULL: nothing. */
static inline const char *default_of_then(const vs_sweep *plain, int key) {
  const vs_config_slot *slot = &plain->config.slots[key];
  if (slot->count != 1 || slot->is_axis || slot->values[0].mark.source != VS_SOURCE_DEFAULT)
    return NULL;
  for (size_t i = 0; i < COUNT(old_defaults); i++)
    if (old_defaults[i].key == key) return old_defaults[i].value;
  return vs_schema_key(key)->born;
}

/* The sweep with the defaults of then, where its text says nothing. */
static inline vs_sweep *sweep_of_then(const char *text, vs_family family) {
  vs_sweep *plain, *sweep;
  char *said[VS_KEY_COUNT];
  size_t count = 0;
  assert_ok(vs_sweep_parse(&plain, text, strlen(text), "s.yaml", NULL, 0));
  for (int key = 0; key < VS_KEY_COUNT; key++) {
    const char *value = default_of_then(plain, key);
    if (value != NULL)
      assert_true(asprintf(&said[count++], "%s=%s", vs_schema_key(key)->path, value) > 0);
  }
  vs_sweep_free(plain);
  assert_ok(vs_sweep_parse(&sweep, text, strlen(text), "s.yaml", said, count));
  assert_ok(bind_by_file(sweep, SHA, family));
  while (count > 0) free(said[--count]);
  return sweep;
}

#endif
