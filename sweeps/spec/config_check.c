/* config_check.c - every key against the others. A message names a key as its writer did. */
#include "sweeps/spec/config_check.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "core/optimize/stages.h"
#include "core/plot/plot.h"

/* Side of the smallest canvas of runs that go through so many sizes: the shortest of all runs with
 * sign -1, the longest with 1; 0 if that cannot be told. */
static int first_side(const vs_config *config, int levels, int sign) {
  const vs_config_slot *sizes = &config->slots[VS_KEY_IMAGE_SIZE],
                       *tiles = &config->slots[VS_KEY_TILES];
  const vs_config_slot *overlaps = &config->slots[VS_KEY_OVERLAP];
  int found = 0;
  for (size_t i = 0; i < 2 * sizes->count * tiles->count * overlaps->count; i++) {
    const size_t axis = i % 2, size = i / 2 % sizes->count, rest = i / 2 / sizes->count;
    const vs_tiling tiling = {.overlap = overlaps->values[rest / tiles->count].numbers[0]};
    int side = (int)sizes->values[size].numbers[axis];
    for (int level = 1; level < levels; level++)
      side = vs_stages_smaller_side(&tiling, (int)tiles->values[rest % tiles->count].numbers[axis],
                                    side);
    if (i == 0 || sign * side > sign * found) found = side;
  }
  return found;
}

/* Strokes on the largest canvas of any run. */
static double most_strokes(const vs_config *config, int levels) {
  const vs_config_slot *tiles = &config->slots[VS_KEY_TILES];
  double most = 1;
  for (size_t i = 0; i < tiles->count; i++)
    most = fmax(most, tiles->values[i].numbers[0] * tiles->values[i].numbers[1]);
  return vs_config_slot_extreme(&config->slots[VS_KEY_STROKES_COUNT], 1) * pow(most, levels - 1);
}

static bool has_strokes(const vs_config *config) {
  return vs_config_slot_has(&config->slots[VS_KEY_IMAGE_PARAMETRIZATION], VS_PARAM_STROKES);
}

/* The net sees the image with its pad, and it has a largest side. */
static void check_view(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *pad = &config->slots[VS_KEY_PAD];
  if (pad->count == 0 || config->slots[VS_KEY_IMAGE_SIZE].count == 0) return;
  const vs_config_slot *crop = &config->slots[VS_KEY_CROP], *levels = &config->slots[VS_KEY_LEVELS];
  double border = vs_config_slot_extreme(pad, 1);
  double side =
      first_side(config, levels->count > 0 ? (int)vs_config_slot_extreme(levels, -1) : 1, 1);
  if (crop->count > 0 && vs_config_slot_extreme(crop, -1) > 0)
    side = fmin(side, vs_config_slot_extreme(crop, 1));
  if (side + 2 * border > VS_VGG_MAX_SIDE)
    vs_problems_add(problems, pad->values[0].mark, config->slots[VS_KEY_PAD].label,
                    "an image of %.0f px with a pad of %.0f on both sides is larger than %d px",
                    side, border, VS_VGG_MAX_SIDE);
}

/* " (line 7)", or nothing for what stands on no line. */
typedef struct line_text {
  char text[32];
} line_text;

static line_text line_of(vs_mark mark) {
  line_text line = {""};
  if (mark.source == VS_SOURCE_FILE) snprintf(line.text, sizeof line.text, " (line %d)", mark.line);
  return line;
}

/* Colours that are to be found have to be there. */
static void check_found_colors(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *found = &config->slots[VS_KEY_PALETTE_COLORS];
  const vs_config_slot *strokes = &config->slots[VS_KEY_STROKES_COUNT];
  if (found->count == 0 || strokes->count == 0 || !has_strokes(config)) return;
  const double colors = vs_config_slot_extreme(found, 1),
               fewest = vs_config_slot_extreme(strokes, -1);
  if (colors > 1 && vs_config_slot_has(&config->slots[VS_KEY_STROKES_COLOR], VS_STROKE_BLACK))
    vs_problems_add(
        problems, found->values[0].mark, config->slots[VS_KEY_PALETTE_COLORS].label,
        "black strokes have no %.0f colours to find (strokes.color); palette.pens takes "
        "pens that one has",
        colors);
  else if (colors > fewest)
    vs_problems_add(problems, found->values[0].mark, config->slots[VS_KEY_PALETTE_COLORS].label,
                    "%.0f colours cannot be found in %.0f strokes (strokes.count)", colors, fewest);
}

/* Pens that strokes choose among have to be given, and are not found as well. */
static void check_pens(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *colors = &config->slots[VS_KEY_STROKES_COLOR];
  const vs_config_slot *pens = &config->slots[VS_KEY_PALETTE_PENS];
  const vs_config_slot *found = &config->slots[VS_KEY_PALETTE_COLORS];
  if (pens->count == 0) return;
  if (vs_config_slot_has(colors, VS_STROKE_PALETTE) && vs_config_slot_names(pens, "none"))
    vs_problems_add(problems, colors->values[0].mark, config->slots[VS_KEY_STROKES_COLOR].label,
                    "strokes choose among palette.pens, but there are none; give a file of pens or "
                    "an installed set, as in palette: {pens: stabilo-point-88}");
  if (found->count > 0 && vs_config_slot_extreme(found, 1) > 0 &&
      !(pens->count == 1 && vs_config_slot_names(pens, "none")))
    vs_problems_add(problems, found->values[0].mark, config->slots[VS_KEY_PALETTE_COLORS].label,
                    "takes colours from the drawing, palette.pens%s from a set; keep one of them",
                    line_of(pens->values[0].mark).text);
}

static_assert(VS_DRAWING_MAX_STROKES * (3 * VS_STROKES_MAX_SEGMENTS + 1) <= VS_DRAWING_MAX_POINTS,
              "as many strokes as there can be have as many points as they like");

/* The smallest size that any run goes through has to suffice for the net, and the strokes of the
 * largest for memory. */
static void check_levels(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *slots = config->slots;
  const vs_config_slot *levels = &slots[VS_KEY_LEVELS];
  if (levels->count == 0) return;
  const int most_levels = (int)vs_config_slot_extreme(levels, 1),
            side = first_side(config, most_levels, -1);
  if (side > 0 && side < VS_VGG_MIN_SIDE)
    vs_problems_add(problems, levels->values[0].mark, config->slots[VS_KEY_LEVELS].label,
                    "%d sizes of these tiles begin with a side of %d px, and the net needs %d",
                    most_levels, side, VS_VGG_MIN_SIDE);
  const double strokes = most_strokes(config, most_levels);
  if (has_strokes(config) && strokes > VS_DRAWING_MAX_STROKES)
    vs_problems_add(problems, levels->values[0].mark, config->slots[VS_KEY_LEVELS].label,
                    "the largest size would hold %.0f strokes, more than the %d that there can be",
                    strokes, VS_DRAWING_MAX_STROKES);
}

static void check_crop(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *crops = &config->slots[VS_KEY_CROP];
  const double side = vs_config_slot_extreme(&config->slots[VS_KEY_IMAGE_SIZE], 1);
  for (size_t i = 0; i < crops->count; i++) {
    if (side > 0 && crops->values[i].numbers[0] > side)
      vs_problems_add(problems, crops->values[i].mark, config->slots[VS_KEY_CROP].label,
                      "must not be larger than the image, %.0f px", side);
    if (crops->values[i].numbers[0] > 0 && crops->values[i].numbers[0] < VS_VGG_MIN_SIDE)
      vs_problems_add(problems, crops->values[i].mark, config->slots[VS_KEY_CROP].label,
                      "must be 0 or at least %d, which the net needs", VS_VGG_MIN_SIDE);
  }
}

double vs_config_check_sheet_mm(const vs_config *config) {
  const vs_config_slot *pages = &config->slots[VS_KEY_PLOT_PAGE];
  double shorter = INFINITY;
  for (size_t i = 0; i < pages->count; i++) {
    vs_page page;
    if (vs_page_find(pages->values[i].text, &page) == VS_OK)
      shorter = fmin(shorter, fmin(page.width_mm, page.height_mm));
  }
  return shorter - 2 * vs_config_slot_extreme(&config->slots[VS_KEY_PLOT_MARGIN], 1);
}

/* The smallest sheet has to be larger than its margins and the line of any pen. Pens of a file are
 * not known yet (identity.c). */
static void check_page(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *margins = &config->slots[VS_KEY_PLOT_MARGIN];
  const vs_config_slot *pens = &config->slots[VS_KEY_PALETTE_PENS];
  if (margins->count == 0) return;
  const double sheet = vs_config_check_sheet_mm(config);
  double widest = vs_config_slot_extreme(&config->slots[VS_KEY_PLOT_PEN], 1);
  for (size_t i = 0; i < pens->count; i++)
    for (int k = 0; pens->values[i].pens != NULL && k < pens->values[i].pens->count; k++)
      widest = fmax(widest, pens->values[i].pens->pens[k].width_mm);
  if (sheet > widest) return;
  vs_problems_add(problems, margins->values[0].mark, config->slots[VS_KEY_PLOT_MARGIN].label,
                  "margins of %.16g mm leave nothing of the page (plot.page) for a pen of %.16g mm",
                  vs_config_slot_extreme(margins, 1), widest);
}

/* One weight for each layer, in the order of the list: which is sorted when it is read. */
static void check_weights(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *layers = &config->slots[VS_KEY_STYLE_LAYERS],
                       *weights = &config->slots[VS_KEY_STYLE_WEIGHTS];
  for (size_t w = 0; w < weights->count; w++)
    for (size_t l = 0; l < layers->count; l++) {
      const vs_value *weight = &weights->values[w], *layer = &layers->values[l];
      if (weight->count == 0) continue;
      if (weight->count != layer->count)
        vs_problems_add(
            problems, weight->mark, weights->label,
            "%zu weights for %zu layers (objective.style.layers: %s); give one for each",
            weight->count, layer->count, layer->text);
      else if (!layer->is_sorted)
        vs_problems_add(
            problems, layer->mark, layers->label,
            "with weights, list layers in the order of depth, as in [relu1_1, relu2_2]");
    }
}

/* Two keys of which one takes the place of the other. */
static void check_either(const vs_config *config, int plain, int relative, vs_problems *problems) {
  const vs_config_slot *slot = &config->slots[relative];
  if (vs_config_slot_extreme(&config->slots[plain], 1) == 0.0 ||
      vs_config_slot_extreme(slot, 1) == 0.0)
    return;
  vs_problems_add(problems, slot->values[0].mark, slot->label,
                  "takes the place of %s; keep one of them, and 0 for the other",
                  vs_schema_key(plain)->path);
}

/* Strokes have the contrast of their colours. */
static void check_contrast(const vs_config *config, vs_problems *problems) {
  const vs_config_slot *kinds = &config->slots[VS_KEY_IMAGE_PARAMETRIZATION],
                       *contrast = &config->slots[VS_KEY_IMAGE_CONTRAST];
  for (size_t i = 0; i < kinds->count; i++)
    if ((int)kinds->values[i].numbers[0] == VS_PARAM_STROKES &&
        vs_config_slot_extreme(contrast, 1) > 0.0)
      vs_problems_add(problems, contrast->values[0].mark, contrast->label,
                      "is for pixels and fourier; strokes have that of their colours "
                      "(image.parametrization)");
}

void vs_config_check(const vs_config *config, vs_problems *problems) {
  check_view(config, problems);
  check_crop(config, problems);
  check_pens(config, problems);
  check_found_colors(config, problems);
  check_levels(config, problems);
  check_page(config, problems);
  check_weights(config, problems);
  check_contrast(config, problems);
  check_either(config, VS_KEY_TV, VS_KEY_TV_STRENGTH, problems);
  check_either(config, VS_KEY_L2, VS_KEY_L2_STRENGTH, problems);
}
