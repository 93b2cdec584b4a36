/* schema.c - the table itself, and how its keys are found by what people write. */
#include "sweeps/spec/schema.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/suggest.h"
#include "core/optimize/run.h"
#include "core/plot/page.h"

#define PLACE(field) offsetof(vs_run_spec, field)

static const char *const builtin_weights[] = {"builtin", NULL};
static const char *const builtin_pictures[] = {"builtin:mondrian", NULL};
static const char *const optimizers[] = {"adam", NULL};
static const char *const stroke_colors[] = {
    [VS_STROKE_FREE] = "free", [VS_STROKE_BLACK] = "black", [VS_STROKE_PALETTE] = "palette", NULL};
static const char *const streams[] = {
    [VS_STREAMS_GROUP] = "group", [VS_STREAMS_CHANNEL] = "channel", NULL};
static const char *const starts[] = {"random", NULL};
static const char *const schedules[] = {[VS_SCHEDULE_AUTO] = "auto",
                                        [VS_SCHEDULE_CONSTANT] = "constant",
                                        [VS_SCHEDULE_HALVING] = "halving",
                                        [VS_SCHEDULE_COSINE] = "cosine",
                                        NULL};

static const char only_writing[] = "it changes what is stored, not what is computed";
static const char one_net[] = "a sweep uses one set of weights; make a second sweep file";

static const vs_key keys[VS_KEY_COUNT] = {
    [VS_KEY_NAME] = {.path = "name",
                     .type = VS_TYPE_NAME,
                     .why_no_axis = only_writing,
                     .place = VS_NO_PLACE,
                     .doc = "names the results folder, results/<name>; without it the file's name"},
    [VS_KEY_SEED] = {.path = "seed",
                     .type = VS_TYPE_INT,
                     .max = 9007199254740991.0, /* 2^53 - 1, whole in every JSON reader */
                     .fallback = "0",
                     .is_result = true,
                     .place = VS_NO_PLACE,
                     .doc = "of start images and transforms; which runs share both: streams"},
    [VS_KEY_STREAMS] = {.path = "streams",
                        .type = VS_TYPE_CHOICE,
                        .choices = streams,
                        .fallback = "group",
                        .is_result = true,
                        .is_later = true,
                        .place = VS_NO_PLACE,
                        .doc = "which runs share random numbers: group: those that differ only in "
                               "lambda; channel: all of one seed, layer and channel, whatever else "
                               "differs"},
    [VS_KEY_WEIGHTS_FILE] = {.path = "weights.file",
                             .type = VS_TYPE_PATH,
                             .choices = builtin_weights,
                             .fallback = "builtin",
                             .why_no_axis = one_net,
                             .is_result = true,
                             .stands_for_section = true,
                             .place = VS_NO_PLACE,
                             .doc = "VGG16 weights: builtin, or a .safetensors, .pth or .h5 file"},
    [VS_KEY_WEIGHTS_FAMILY] = {.path = "weights.family",
                               .type = VS_TYPE_CHOICE,
                               .choices = vs_weights_family_words,
                               .fallback = "recognize",
                               .why_no_axis = one_net,
                               .is_result = true,
                               .place = VS_NO_PLACE,
                               .doc = "how pictures are prepared for these weights, where the file "
                                      "is not a known one"},
    [VS_KEY_IMAGE_SIZE] = {.path = "image.size",
                           .type = VS_TYPE_SIZE,
                           .min = VS_VGG_MIN_SIDE,
                           .max = VS_VGG_MAX_SIDE,
                           .fallback = "224",
                           .is_result = true,
                           .place = PLACE(param.height),
                           .doc = "side of the image in px, or [height, width]"},
    [VS_KEY_IMAGE_PARAMETRIZATION] = {.path = "image.parametrization",
                                      .type = VS_TYPE_CHOICE,
                                      .choices = vs_param_words,
                                      .fallback = "fourier",
                                      .is_result = true,
                                      .place = PLACE(param.kind),
                                      .doc = "what is optimized: pixel values, Fourier "
                                             "coefficients, or pen strokes"},
    [VS_KEY_IMAGE_DECAY] = {.path = "image.decay",
                            .type = VS_TYPE_REAL,
                            .max = 4,
                            .fallback = "1",
                            .is_result = true,
                            .place = PLACE(param.decay),
                            .doc = "fourier: coefficients are scaled by 1 / frequency^decay"},
    [VS_KEY_IMAGE_SD] = {.path = "image.sd",
                         .type = VS_TYPE_REAL,
                         .min_is_out = true,
                         .max = 10,
                         .fallback = "0.01",
                         .is_result = true,
                         .place = PLACE(param.init_sd),
                         .doc = "standard deviation of the numbers the optimization starts from"},
    [VS_KEY_STROKES_COUNT] = {.path = "strokes.count",
                              .type = VS_TYPE_INT,
                              .min = 1,
                              .max = VS_STROKES_MAX,
                              .fallback = "200",
                              .is_result = true,
                              .is_later = true,
                              .with_strokes = true,
                              .place = PLACE(param.strokes.count),
                              .doc = "strokes, at the smallest size"},
    [VS_KEY_STROKES_SEGMENTS] = {.path = "strokes.segments",
                                 .type = VS_TYPE_INT,
                                 .min = 1,
                                 .max = VS_STROKES_MAX_SEGMENTS,
                                 .fallback = "2",
                                 .is_result = true,
                                 .is_later = true,
                                 .with_strokes = true,
                                 .place = PLACE(param.strokes.segments),
                                 .doc = "joined cubic Beziers of a stroke"},
    [VS_KEY_STROKES_CLOSED] = {.path = "strokes.closed",
                               .type = VS_TYPE_BOOL,
                               .fallback = "false",
                               .is_result = true,
                               .is_later = true,
                               .with_strokes = true,
                               .place = PLACE(param.strokes.closed),
                               .doc = "whether a stroke ends where it began"},
    [VS_KEY_STROKES_WIDTH] =
        {.path = "strokes.width",
         .type = VS_TYPE_SPAN,
         .min = 0.1,
         .max = 256,
         .fallback = "[1, 6]",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(param.strokes.width_min),
         .doc = "widths of strokes, px: between these at random at first, and never outside"},
    [VS_KEY_STROKES_COLOR] =
        {.path = "strokes.color",
         .type = VS_TYPE_CHOICE,
         .choices = stroke_colors,
         .fallback = "free",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(param.strokes.color),
         .doc = "free: optimized; black; palette: each stroke chooses among palette.pens"},
    [VS_KEY_STROKES_OPACITY] = {.path = "strokes.opacity",
                                .type = VS_TYPE_REAL,
                                .min_is_out = true,
                                .max = 1,
                                .fallback = "1",
                                .is_result = true,
                                .is_later = true,
                                .with_strokes = true,
                                .place = PLACE(param.strokes.opacity),
                                .doc = "opacity at the start"},
    [VS_KEY_STROKES_PAPER] = {.path = "strokes.paper",
                              .type = VS_TYPE_COLOR,
                              .fallback = "'#ffffff'",
                              .is_result = true,
                              .is_later = true,
                              .with_strokes = true,
                              .place = PLACE(param.strokes.paper),
                              .doc = "colour of the paper"},
    [VS_KEY_STROKES_START] =
        {.path = "strokes.start",
         .type = VS_TYPE_PATH,
         .choices = starts,
         .fallback = "random",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(start_drawing),
         .doc = "random, or an SVG file whose strokes are the first to start with"},
    [VS_KEY_STROKES_LR_POINTS] =
        {.path = "strokes.lr_points",
         .type = VS_TYPE_REAL,
         .max = 1000,
         .fallback = "2",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(param.strokes.rate_points),
         .doc = "learning rate of points, px at 224 px of what the net sees; 0: fixed"},
    [VS_KEY_STROKES_LR_WIDTH] = {.path = "strokes.lr_width",
                                 .type = VS_TYPE_REAL,
                                 .max = 1000,
                                 .fallback = "0.2",
                                 .is_result = true,
                                 .is_later = true,
                                 .with_strokes = true,
                                 .place = PLACE(param.strokes.rate_width),
                                 .doc = "learning rate of widths, px; 0: fixed"},
    [VS_KEY_STROKES_LR_COLOR] = {.path = "strokes.lr_color",
                                 .type = VS_TYPE_REAL,
                                 .max = 1000,
                                 .fallback = "0.1",
                                 .is_result = true,
                                 .is_later = true,
                                 .with_strokes = true,
                                 .place = PLACE(param.strokes.rate_color),
                                 .doc = "learning rate of colours, of 0..1; 0: fixed"},
    [VS_KEY_STROKES_LR_OPACITY] = {.path = "strokes.lr_opacity",
                                   .type = VS_TYPE_REAL,
                                   .max = 1000,
                                   .fallback = "0",
                                   .is_result = true,
                                   .is_later = true,
                                   .with_strokes = true,
                                   .place = PLACE(param.strokes.rate_opacity),
                                   .doc = "learning rate of opacities, of 0..1; 0: fixed"},
    [VS_KEY_STROKES_MOMENTUM] =
        {.path = "strokes.momentum",
         .type = VS_TYPE_REAL,
         .max = 1,
         .max_is_out = true,
         .fallback = "0.5",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(param.strokes.momentum),
         .doc = "decay of Adam's first moment, in place of optimizer.beta1: strokes are seen "
                "elsewhere in every step"},
    [VS_KEY_PALETTE_COLORS] =
        {.path = "palette.colors",
         .type = VS_TYPE_INT,
         .max = VS_MAX_PENS,
         .fallback = "0",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(palette.colors),
         .doc = "free colours are reduced to so many pens, found by k-means in Lab; 0: they stay"},
    [VS_KEY_PALETTE_PENS] = {.path = "palette.pens",
                             .type = VS_TYPE_PENS,
                             .fallback = "none",
                             .is_result = true,
                             .is_later = true,
                             .with_strokes = true,
                             .place = VS_NO_PLACE,
                             .doc = "pens that one has: a file of pens, or an installed set; "
                                    "colours are reduced to these"},
    [VS_KEY_PALETTE_REFINE] = {.path = "palette.refine",
                               .type = VS_TYPE_REAL,
                               .max = 100,
                               .fallback = "0.5",
                               .is_result = true,
                               .is_later = true,
                               .with_strokes = true,
                               .place = PLACE(palette.refine),
                               .doc = "steps in which points and widths move on with pens as they "
                                      "are, as a share of objective.steps"},
    [VS_KEY_LEVELS] = {.path = "multiscale.levels",
                       .type = VS_TYPE_INT,
                       .min = 1,
                       .max = VS_MAX_LEVELS,
                       .fallback = "1",
                       .is_result = true,
                       .is_later = true,
                       .with_strokes = true,
                       .place = PLACE(multiscale.levels),
                       .doc = "sizes that the picture goes through; image.size is the last"},
    [VS_KEY_TILES] = {.path = "multiscale.tiles",
                      .type = VS_TYPE_SIZE,
                      .min = 1,
                      .max = VS_MAX_TILES,
                      .fallback = "2",
                      .is_result = true,
                      .is_later = true,
                      .with_strokes = true,
                      .place = PLACE(multiscale.tiling.rows),
                      .doc = "a size is so many tiles of the one before: N or [rows, columns]"},
    [VS_KEY_OVERLAP] = {.path = "multiscale.overlap",
                        .type = VS_TYPE_REAL,
                        .max = 0.5,
                        .fallback = "0",
                        .is_result = true,
                        .is_later = true,
                        .with_strokes = true,
                        .place = PLACE(multiscale.tiling.overlap),
                        .doc = "neighbouring tiles overlap by this share of their side"},
    [VS_KEY_FLIP] = {.path = "multiscale.flip",
                     .type = VS_TYPE_BOOL,
                     .fallback = "true",
                     .is_result = true,
                     .is_later = true,
                     .with_strokes = true,
                     .place = PLACE(multiscale.tiling.flip),
                     .doc = "copies of strokes are mirrored at random"},
    [VS_KEY_TURN] = {.path = "multiscale.turn",
                     .type = VS_TYPE_BOOL,
                     .fallback = "true",
                     .is_result = true,
                     .is_later = true,
                     .with_strokes = true,
                     .place = PLACE(multiscale.tiling.turn),
                     .doc = "copies of strokes are turned by quarters at random"},
    [VS_KEY_TILE_JITTER] =
        {.path = "multiscale.shift",
         .type = VS_TYPE_REAL,
         .max = 0.5,
         .fallback = "0.05",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(multiscale.tiling.jitter),
         .doc = "copies of strokes are shifted at random by up to this share of a tile's side"},
    [VS_KEY_LEVEL_SHARE] = {.path = "multiscale.share",
                            .type = VS_TYPE_REAL,
                            .max = 100,
                            .fallback = "0.25",
                            .is_result = true,
                            .is_later = true,
                            .with_strokes = true,
                            .place = PLACE(multiscale.share),
                            .doc = "steps at each larger size, as a share of objective.steps"},
    [VS_KEY_PLOT_PAGE] = {.path = "plot.page",
                          .type = VS_TYPE_WORD,
                          .choices = vs_page_names,
                          .fallback = "A4",
                          .is_result = true,
                          .is_later = true,
                          .with_strokes = true,
                          .place = PLACE(plot.page),
                          .doc = "the sheet that plot figures are for"},
    [VS_KEY_PLOT_MARGIN] = {.path = "plot.margin",
                            .type = VS_TYPE_REAL,
                            .max = 500,
                            .fallback = "10",
                            .is_result = true,
                            .is_later = true,
                            .with_strokes = true,
                            .place = PLACE(plot.margin_mm),
                            .doc = "margin of the sheet, mm"},
    [VS_KEY_PLOT_PEN] = {.path = "plot.pen",
                         .type = VS_TYPE_REAL,
                         .min_is_out = true,
                         .max = 20,
                         .fallback = "0.4",
                         .is_result = true,
                         .is_later = true,
                         .with_strokes = true,
                         .place = PLACE(plot.pen_mm),
                         .doc = "line of a pen whose width nobody gave, mm"},
    [VS_KEY_STEPS] = {.path = "objective.steps",
                      .type = VS_TYPE_INT,
                      .min = 1,
                      .max = 1000000,
                      .fallback = "400",
                      .is_result = true,
                      .place = PLACE(steps),
                      .doc = "updates of the image"},
    [VS_KEY_STYLE_IMAGE] = {.path = "objective.style.image",
                            .type = VS_TYPE_PATH,
                            .choices = builtin_pictures,
                            .fallback = "builtin:mondrian",
                            .is_result = true,
                            .place = PLACE(style_image),
                            .doc = "the picture whose style regularizes: builtin:mondrian or a "
                                   "PNG file"},
    [VS_KEY_STYLE_LAYERS] = {.path = "objective.style.layers",
                             .type = VS_TYPE_TAPS,
                             .fallback = "[relu2_2]",
                             .is_result = true,
                             .place = PLACE(objective.style_taps),
                             .doc = "layers whose Gram matrices are compared; distances add up"},
    [VS_KEY_STYLE_NORM] = {.path = "objective.style.norm",
                           .type = VS_TYPE_CHOICE,
                           .choices = vs_gram_norm_words,
                           .fallback = "frobenius",
                           .is_result = true,
                           .place = PLACE(objective.style_norm),
                           .doc = "how the difference of Gram matrices is measured; lambdas do not "
                                  "carry over"},
    [VS_KEY_RESCUE] = {.path = "objective.rescue",
                       .type = VS_TYPE_INT,
                       .max = 1000000,
                       .fallback = "16",
                       .is_result = true,
                       .place = PLACE(rescue_steps),
                       .doc = "first steps in which a channel that is 0 everywhere is woken"},
    [VS_KEY_TV] = {.path = "regularizers.tv",
                   .type = VS_TYPE_REAL,
                   .max = INFINITY,
                   .fallback = "0",
                   .is_result = true,
                   .place = PLACE(objective.tv),
                   .doc = "weight of the total variation"},
    [VS_KEY_L2] = {.path = "regularizers.l2",
                   .type = VS_TYPE_REAL,
                   .max = INFINITY,
                   .fallback = "0",
                   .is_result = true,
                   .place = PLACE(objective.l2),
                   .doc = "weight of the squared distance to grey"},
    [VS_KEY_CROP] = {.path = "transforms.crop",
                     .type = VS_TYPE_INT,
                     .max = VS_VGG_MAX_SIDE,
                     .fallback = "0",
                     .is_result = true,
                     .is_later = true,
                     .with_strokes = true,
                     .place = PLACE(transforms.crop),
                     .doc = "side of the window that the net sees of a larger image, anywhere on "
                            "it, px; 0: all of it"},
    [VS_KEY_PAD] = {.path = "transforms.pad",
                    .type = VS_TYPE_INT,
                    .max = 256,
                    .fallback = "0",
                    .is_result = true,
                    .place = PLACE(transforms.pad),
                    .doc = "grey border around what the net sees, px"},
    [VS_KEY_JITTER] = {.path = "transforms.jitter",
                       .type = VS_TYPE_REAL,
                       .max = 256,
                       .fallback = "8",
                       .is_result = true,
                       .place = PLACE(transforms.jitter),
                       .doc = "the view is shifted by up to this many px, both ways"},
    [VS_KEY_SCALE] = {.path = "transforms.scale",
                      .type = VS_TYPE_SPAN,
                      .min = 0.1,
                      .max = 10,
                      .fallback = "[0.95, 1.05]",
                      .is_result = true,
                      .place = PLACE(transforms.scale_min),
                      .doc = "the view is magnified by a factor between these"},
    [VS_KEY_ROTATE] = {.path = "transforms.rotate",
                       .type = VS_TYPE_REAL,
                       .max = 180,
                       .fallback = "5",
                       .is_result = true,
                       .place = PLACE(transforms.rotate),
                       .doc = "the view is turned by up to this many degrees, both ways"},
    [VS_KEY_OPTIMIZER] = {.path = "optimizer.name",
                          .type = VS_TYPE_CHOICE,
                          .choices = optimizers,
                          .fallback = "adam",
                          .why_no_axis = "adam is the only optimizer so far",
                          .is_result = true,
                          .place = VS_NO_PLACE,
                          .doc = "the optimizer"},
    [VS_KEY_LR] = {.path = "optimizer.lr",
                   .type = VS_TYPE_REAL,
                   .min_is_out = true,
                   .max = 1000,
                   .fallback = "0.05",
                   .is_result = true,
                   .place = PLACE(adam.learning_rate),
                   .doc = "learning rate"},
    [VS_KEY_SCHEDULE] =
        {.path = "optimizer.schedule",
         .type = VS_TYPE_CHOICE,
         .choices = schedules,
         .fallback = "auto",
         .is_result = true,
         .is_later = true,
         .with_strokes = true,
         .place = PLACE(schedule),
         .doc = "learning rates over time: constant, halving after 1/2 and 3/4 of the steps, or "
                "cosine, down to 0; auto: cosine for strokes, constant else"},
    [VS_KEY_BETA1] = {.path = "optimizer.beta1",
                      .type = VS_TYPE_REAL,
                      .max = 1,
                      .max_is_out = true,
                      .fallback = "0.9",
                      .is_result = true,
                      .place = PLACE(adam.beta1),
                      .doc = "decay of the first moment"},
    [VS_KEY_BETA2] = {.path = "optimizer.beta2",
                      .type = VS_TYPE_REAL,
                      .max = 1,
                      .max_is_out = true,
                      .fallback = "0.999",
                      .is_result = true,
                      .place = PLACE(adam.beta2),
                      .doc = "decay of the second moment"},
    [VS_KEY_EPSILON] = {.path = "optimizer.epsilon",
                        .type = VS_TYPE_REAL,
                        .min_is_out = true,
                        .max = 1,
                        .fallback = "1e-8",
                        .is_result = true,
                        .place = PLACE(adam.epsilon),
                        .doc = "added to the root of the second moment"},
    [VS_KEY_LAYER] = {.path = "grid.layer",
                      .type = VS_TYPE_TAP,
                      .is_result = true,
                      .place = PLACE(objective.tap),
                      .doc = "layers whose channels are excited: conv4_3 before, relu4_3 after the "
                             "ReLU, pool4"},
    [VS_KEY_CHANNEL] = {.path = "grid.channel",
                        .type = VS_TYPE_CHANNELS,
                        .is_result = true,
                        .place = PLACE(objective.channel),
                        .doc = "channels of every layer: a list, all, {range: [a, b]} up to b - 1, "
                               "or {sample: n, seed: s}"},
    [VS_KEY_LAMBDA] = {.path = "grid.lambda",
                       .type = VS_TYPE_REAL,
                       .max = INFINITY,
                       .fallback = "0",
                       .is_result = true,
                       .place = PLACE(lambda),
                       .doc = "weights of the style regularization; 0 is the baseline of a group"},
    [VS_KEY_RHO] = {.path = "grid.rho",
                    .type = VS_TYPE_REAL,
                    .max = INFINITY,
                    .is_result = true,
                    .place = PLACE(rho),
                    .doc = "in place of lambda: the share of the style's gradient to the "
                           "excitation's at the start"},
    [VS_KEY_LOG_EVERY] = {.path = "log.every",
                          .type = VS_TYPE_INT,
                          .min = 1,
                          .max = 1000000,
                          .fallback = "10",
                          .why_no_axis = only_writing,
                          .place = PLACE(log_every),
                          .doc = "losses are stored every so many steps"},
    [VS_KEY_LOG_SNAPSHOTS] = {.path = "log.snapshots",
                              .type = VS_TYPE_STEPS,
                              .max = 1000000,
                              .fallback = "[]",
                              .why_no_axis = only_writing,
                              .place = PLACE(snapshot_steps),
                              .doc = "steps after which the image is stored, in 0..steps"},
    [VS_KEY_LOG_PARAMS] = {.path = "log.params",
                           .type = VS_TYPE_BOOL,
                           .fallback = "true",
                           .why_no_axis = only_writing,
                           .place = VS_NO_PLACE,
                           .doc = "store what was optimized, so that a run can be taken further"},
};

const vs_key *vs_schema_key(int id) {
  assert(id >= 0 && id < VS_KEY_COUNT && keys[id].path != NULL);
  return &keys[id];
}

/* What follows `section.` in path, or NULL if path is not inside the section. */
static const char *inside(const char *section, const char *path) {
  size_t length = strlen(section);
  if (length == 0) return path;
  return strncmp(path, section, length) == 0 && path[length] == '.' ? path + length + 1 : NULL;
}

bool vs_schema_is_grid_only(int id) {
  return inside("grid", vs_schema_key(id)->path) != NULL;
}

int vs_schema_find(const char *path) {
  for (int id = 0; id < VS_KEY_COUNT; id++)
    if (strcmp(keys[id].path, path) == 0) return id;
  return VS_KEY_NONE;
}

bool vs_schema_ends_in(const char *path, const char *name) {
  size_t path_length = strlen(path), length = strlen(name);
  if (length == 0 || length >= path_length) return false;
  return path[path_length - length - 1] == '.' && strcmp(path + path_length - length, name) == 0;
}

int vs_schema_find_short(const char *name) {
  int found = vs_schema_find(name);
  if (found != VS_KEY_NONE) return found;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    if (!vs_schema_ends_in(keys[id].path, name)) continue;
    if (found != VS_KEY_NONE || vs_schema_is_section(name)) return VS_KEY_AMBIGUOUS;
    found = id;
  }
  return found;
}

bool vs_schema_is_section(const char *path) {
  if (path[0] == '\0') return false;
  for (int id = 0; id < VS_KEY_COUNT; id++)
    if (inside(path, keys[id].path) != NULL) return true;
  return false;
}

int vs_schema_find_stand_in(const char *section) {
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const char *rest = inside(section, keys[id].path);
    if (rest != NULL && strchr(rest, '.') == NULL && keys[id].stands_for_section) return id;
  }
  return VS_KEY_NONE;
}

/* The words that may stand in one place, each once. */
typedef struct words {
  char text[2 * VS_KEY_COUNT][40];
  const char *list[2 * VS_KEY_COUNT]; /* into text */
  size_t count;
} words;

static void add_word(words *known, const char *word, size_t length) {
  for (size_t i = 0; i < known->count; i++)
    if (strncmp(known->list[i], word, length) == 0 && known->list[i][length] == '\0') return;
  assert(known->count < 2 * VS_KEY_COUNT && length < sizeof known->text[0]);
  char *text = known->text[known->count];
  memcpy(text, word, length);
  text[length] = '\0';
  known->list[known->count++] = text;
}

/* An axis goes by its path, and by its last part where that is enough. */
static void add_axis(words *known, int id) {
  const char *path = vs_schema_key(id)->path, *last = strrchr(path, '.');
  if (last != NULL && vs_schema_find_short(last + 1) == id)
    add_word(known, last + 1, strlen(last + 1));
  add_word(known, path, strlen(path));
}

static void gather_words(words *known, const char *section) {
  bool is_grid = strcmp(section, "grid") == 0;
  known->count = 0;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const char *rest = inside(section, keys[id].path);
    if (rest != NULL)
      add_word(known, rest, strcspn(rest, "."));
    else if (is_grid && keys[id].why_no_axis == NULL)
      add_axis(known, id);
  }
}

static bool knows(const words *known, const char *word) {
  for (size_t i = 0; i < known->count; i++)
    if (strcmp(known->list[i], word) == 0) return true;
  return false;
}

/* All words, but no path whose last part is among them. */
static vs_key_hint list_words(const words *known) {
  vs_key_hint hint;
  size_t used = (size_t)snprintf(hint.text, sizeof hint.text, "; there are");
  for (size_t i = 0; i < known->count && used < sizeof hint.text; i++) {
    const char *last = strrchr(known->list[i], '.');
    if (last != NULL && knows(known, last + 1)) continue;
    used += (size_t)snprintf(hint.text + used, sizeof hint.text - used, "%s %s", i > 0 ? "," : "",
                             known->list[i]);
  }
  return hint;
}

vs_key_hint vs_schema_hint(const char *section, const char *word) {
  words known;
  const char *paths[VS_KEY_COUNT];
  for (int id = 0; id < VS_KEY_COUNT; id++) paths[id] = keys[id].path;
  gather_words(&known, section);
  const char *nearest = vs_suggest(word, known.list, known.count);
  if (nearest == NULL && strchr(word, '.') != NULL) /* a whole path, as --set takes it */
    nearest = vs_suggest(word, paths, VS_KEY_COUNT);
  int elsewhere = vs_schema_find_short(word);
  if (nearest == NULL && elsewhere >= 0) nearest = paths[elsewhere];
  if (nearest == NULL) return list_words(&known);
  vs_key_hint hint;
  snprintf(hint.text, sizeof hint.text, " (did you mean \"%s\"?)", nearest);
  return hint;
}
