/* config_terms.c - keys of the loss and of what is optimized, against each other. */
#include "sweeps/spec/config_terms.h"

static double largest(const vs_config_slot *slot) {
  double found = 0.0;
  for (size_t i = 0; i < slot->count; i++)
    if (slot->values[i].numbers[0] > found) found = slot->values[i].numbers[0];
  return found;
}

/* One weight for each layer, in the order of the list: which is sorted when it is read. */
static void check_weights(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *layers = &config->slots[VS_KEY_STYLE_LAYERS],
                       *weights = &config->slots[VS_KEY_STYLE_WEIGHTS];
  const char *path = vs_schema_key(VS_KEY_STYLE_WEIGHTS)->path;
  for (size_t w = 0; w < weights->count; w++)
    for (size_t l = 0; l < layers->count; l++) {
      const vs_value *weight = &weights->values[w], *layer = &layers->values[l];
      if (weight->count == 0) continue;
      if (weight->count != layer->count)
        vs_problems_add(
            problems, weight->mark, path,
            "%zu weights for %zu layers (objective.style.layers: %s); give one for each",
            weight->count, layer->count, layer->text);
      else if (!layer->is_sorted)
        vs_problems_add(
            problems, layer->mark, vs_schema_key(VS_KEY_STYLE_LAYERS)->path,
            "with weights, list layers in the order of depth, as in [relu1_1, relu2_2]");
    }
}

/* Two keys of which one takes the place of the other. */
static void check_either(const vs_config *config, int plain, int relative, vs_problems *problems) {
  const vs_config_slot *slot = &config->slots[relative];
  if (largest(&config->slots[plain]) == 0.0 || largest(slot) == 0.0) return;
  vs_problems_add(problems, slot->values[0].mark, vs_schema_key(relative)->path,
                  "takes the place of %s; keep one of them, and 0 for the other",
                  vs_schema_key(plain)->path);
}

/* Strokes have the contrast of their colours. */
static void check_contrast(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *kinds = &config->slots[VS_KEY_IMAGE_PARAMETRIZATION],
                       *contrast = &config->slots[VS_KEY_IMAGE_CONTRAST];
  for (size_t i = 0; i < kinds->count; i++)
    if ((int)kinds->values[i].numbers[0] == VS_PARAM_STROKES && largest(contrast) > 0.0)
      vs_problems_add(problems, contrast->values[0].mark,
                      vs_schema_key(VS_KEY_IMAGE_CONTRAST)->path,
                      "is for pixels and fourier; strokes have that of their colours "
                      "(image.parametrization)");
}

void vs_config_terms_check(const vs_config *config, vs_problems *problems) {
  check_weights(config, problems);
  check_contrast(config, problems);
  check_either(config, VS_KEY_TV, VS_KEY_TV_STRENGTH, problems);
  check_either(config, VS_KEY_L2, VS_KEY_L2_STRENGTH, problems);
}
