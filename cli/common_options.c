/* Options of several commands. */
#include "cli/common_options.h"

#include <stdio.h>
#include <string.h>

#include "core/base/suggest.h"
#include "sweeps/spec/pens.h"

#define DEFAULT_STYLE_LAYER "relu2_2"

const char *const vs_common_option_convs[] = {
    [VS_CONV_FAST] = "fast", [VS_CONV_REFERENCE] = "reference", NULL};

vs_option vs_common_option_json(bool *json) {
  return vs_option_flag("json", "print JSON", json);
}

vs_option vs_common_option_threads(int *threads) {
  return vs_option_integer("threads", "N", "threads of a process", threads, 1, VS_MAX_THREADS);
}

vs_option vs_common_option_weights(const char **name) {
  return vs_option_text("weights", "FILE",
                        "VGG16 weights: imagenet, or a .safetensors, .pth, .h5, .onnx or .npz file",
                        name);
}

vs_option vs_common_option_family(int *family) {
  return vs_option_choice("family", "how pictures are prepared for the weights", family,
                          vs_weights_family_words);
}

vs_option vs_common_option_conv(int *conv) {
  return vs_option_choice("conv", "convolution", conv, vs_common_option_convs);
}

vs_option vs_common_option_set(vs_texts *overrides) {
  return vs_option_texts("set", "KEY=VALUE", "overrides a key of the sweep file; may be repeated",
                         overrides);
}

vs_option vs_common_option_verdicts(const char **file) {
  return vs_option_text("verdicts", "FILE",
                        "thresholds of verdicts, YAML (`vggsweep rank --help-verdicts` lists them)",
                        file);
}

vs_option vs_common_option_style_layers(vs_texts *names) {
  return vs_option_default(
      vs_option_texts("style-layer", "TAP",
                      "where styles are compared; may be repeated, or a list with commas", names),
      DEFAULT_STYLE_LAYER);
}

static vs_status find_tap(const char *option, const char *name, int *tap) {
  *tap = vs_vgg16_find_tap(name);
  if (*tap >= 0) return VS_OK;
  const char *names[VS_VGG_TAPS];
  for (int i = 0; i < VS_VGG_TAPS; i++) names[i] = vs_vgg16_tap(i)->name;
  const char *nearest = vs_suggest(name, names, VS_VGG_TAPS);
  if (nearest != NULL)
    return vs_fail(VS_ERR_USAGE, "--%s: unknown tap \"%s\" (did you mean \"%s\"?)", option, name,
                   nearest);
  return vs_fail(VS_ERR_USAGE,
                 "--%s: unknown tap \"%s\"; taps are conv1_1, relu1_1 ... conv5_3, relu5_3 and "
                 "pool1 ... pool5",
                 option, name);
}

vs_status vs_common_option_find_layer(const char *name, int *tap) {
  return find_tap("layer", name, tap);
}

/* The taps of one item, with commas. */
static vs_status add_taps(const char *rest, bool taps[VS_VGG_TAPS]) {
  for (bool more = true; more;) {
    char name[64];
    const size_t length = strcspn(rest, ",");
    snprintf(name, sizeof name, "%.*s", (int)length, rest);
    int tap;
    vs_status status = find_tap("style-layer", name, &tap);
    if (status != VS_OK) return status;
    taps[tap] = true;
    more = rest[length] == ',';
    rest += length + 1;
  }
  return VS_OK;
}

vs_status vs_common_option_find_style_taps(const vs_texts *names, bool taps[VS_VGG_TAPS]) {
  vs_status status = names->count == 0 ? add_taps(DEFAULT_STYLE_LAYER, taps) : VS_OK;
  for (size_t i = 0; i < names->count && status == VS_OK; i++)
    status = add_taps(names->items[i], taps);
  return status;
}

vs_status vs_common_option_read_pens(const char *text, int *count, vs_pen_set *pens) {
  *count = 0;
  if (vs_option_parse_integer(text, 1, VS_MAX_PENS, count)) return VS_OK;
  if (text[strspn(text, "-0123456789")] == '\0')
    return vs_fail(VS_ERR_USAGE, "--pens: %s: there may be 1 to %d pens", text, VS_MAX_PENS);
  return vs_status_context(vs_pens_read(pens, text), "--pens");
}
