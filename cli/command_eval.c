/* command_eval.c - `eval`: the losses of one picture as it is, whoever made it: a scan of a plotted
 * sheet, a photograph, the result of another program. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/metrics/figure_text.h"
#include "cli/common_options.h"
#include "cli/gradient_file.h"
#include "core/base/json.h"
#include "core/image/picture.h"
#include "core/objective/objective.h"
#include "core/tensor/blas.h"

/* What the command line asks for. */
typedef struct eval_request {
  const char *image, *layer, *style, *weights, *gradient;
  vs_texts style_layers;
  int channel, size, threads, norm, family, conv;
  double lambda;
  bool json;
} eval_request;

/* What comes of it. */
typedef struct evaluation {
  vs_objective_spec spec;
  vs_weights weights;
  vs_picture image, style; /* of one size */
  vs_arena arena;
  vs_losses losses;
  float *gradient; /* (H,W,3), or NULL */
} evaluation;

static bool parse(int argc, char **argv, eval_request *request, int *code) {
  const vs_option options[] = {
      vs_option_required(vs_option_text("layer", "TAP",
                                        "where the channel is read: conv4_3 before its ReLU, "
                                        "relu4_3 after it, pool4",
                                        &request->layer)),
      vs_option_required(
          vs_option_integer("channel", "N", "the channel, from 0", &request->channel, 0, 511)),
      vs_option_text("style", "IMAGE", "the style image", &request->style),
      vs_common_option_style_layers(&request->style_layers),
      vs_option_real("lambda", "X", "weight of style_dist in the total", &request->lambda, 0,
                     HUGE_VAL),
      vs_option_choice("norm", "distance of Gram matrices", &request->norm, vs_gram_norm_words),
      vs_common_option_weights(&request->weights),
      vs_common_option_family(&request->family),
      vs_option_default(vs_option_integer("size", "N", "resizes the image to N x N", &request->size,
                                          VS_VGG_MIN_SIDE, VS_VGG_MAX_SIDE),
                        "its own size"),
      vs_option_text("gradient", "FILE.h5", "writes d total / d image to /gradient (H,W,3) float32",
                     &request->gradient),
      vs_option_default(vs_common_option_conv(&request->conv), "fast; with --gradient reference"),
      vs_common_option_threads(&request->threads),
      vs_common_option_json(&request->json)};
  const vs_command_line line = {&vs_command_eval, {&request->image}, options, VS_COUNT(options)};
  return vs_options_parse(&line, argc, argv, code);
}

/* The spec, from names. */
static vs_status make_spec(const eval_request *request, vs_objective_spec *spec) {
  *spec =
      (vs_objective_spec){.channel = request->channel, .style_norm = (vs_style_norm)request->norm};
  vs_status status = vs_common_option_find_layer(request->layer, &spec->tap);
  if (status == VS_OK)
    status = vs_common_option_find_style_taps(&request->style_layers, spec->style_taps);
  if (status != VS_OK) return status;
  const vs_tap_info *tap = vs_vgg16_tap(spec->tap);
  if (spec->channel < tap->channels) return VS_OK;
  return vs_fail(VS_ERR_USAGE, "--channel: there is no channel %d; %s has %d, numbered 0 to %d",
                 spec->channel, tap->name, tap->channels, tap->channels - 1);
}

/* Opens a picture and brings it to height x width, or leaves its size when they are 0. */
static vs_status open_picture(vs_picture *out, const char *name, int height, int width) {
  vs_picture original = {0};
  vs_status status = vs_picture_open(&original, name);
  if (status != VS_OK) return status;
  if (height == 0) height = original.height;
  if (width == 0) width = original.width;
  int shorter = height < width ? height : width, longer = height < width ? width : height;
  if (shorter < VS_VGG_MIN_SIDE || longer > VS_VGG_MAX_SIDE)
    status = vs_fail(VS_ERR_USAGE,
                     "%s: %d x %d pixels; the network takes sides from %d to %d: give --size N",
                     name, width, height, VS_VGG_MIN_SIDE, VS_VGG_MAX_SIDE);
  else
    status = vs_picture_resized(out, &original, height, width);
  vs_picture_clear(&original);
  return status;
}

static vs_status open_all(const eval_request *request, evaluation *eval) {
  vs_status status = open_picture(&eval->image, request->image, request->size, request->size);
  if (status == VS_OK)
    status = open_picture(&eval->style, request->style, eval->image.height, eval->image.width);
  if (status == VS_OK)
    status = vs_weights_load(&eval->weights, request->weights, (vs_family)request->family,
                             vs_objective_last_conv(&eval->spec));
  if (status == VS_OK) status = vs_blas_init();
  return status;
}

static bool is_finite(const evaluation *eval) {
  bool finite = isfinite(eval->losses.total);
  size_t count = 3 * (size_t)eval->image.height * (size_t)eval->image.width;
  for (size_t i = 0; finite && eval->gradient != NULL && i < count; i++)
    finite = isfinite(eval->gradient[i]);
  return finite;
}

static vs_status compute(const eval_request *request, evaluation *eval) {
  int height = eval->image.height, width = eval->image.width;
  vs_conv_algorithm conv = (vs_conv_algorithm)request->conv;
  if (request->conv < 0) conv = request->gradient != NULL ? VS_CONV_REFERENCE : VS_CONV_FAST;
  if (request->gradient != NULL) {
    eval->gradient = calloc((size_t)height * (size_t)width, 3 * sizeof *eval->gradient);
    if (eval->gradient == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the gradient");
  }
  vs_arena measure = vs_arena_measure();
  vs_objective_new(&eval->spec, height, width, NULL, conv, request->threads, &measure);
  vs_status status = vs_arena_init(&eval->arena, measure.used_bytes);
  if (status != VS_OK) return status;
  vs_objective *objective = vs_objective_new(&eval->spec, height, width, &eval->weights, conv,
                                             request->threads, &eval->arena);
  vs_objective_set_style(objective, eval->style.rgb);
  vs_balance balance = {.excitation = 1, .lambda = request->lambda, .image_terms = 1};
  eval->losses = vs_objective_evaluate(objective, eval->image.rgb, &balance, eval->gradient);
  if (!is_finite(eval))
    return vs_fail(
        VS_ERR_LIMIT,
        "%s: the losses or their gradient are beyond what single precision holds; give a "
        "smaller --lambda, or check the weights",
        request->image);
  if (eval->gradient == NULL) return VS_OK;
  return vs_gradient_file_write(request->gradient, eval->gradient, height, width);
}

static void print_json(const eval_request *request, const evaluation *eval) {
  const vs_losses *losses = &eval->losses;
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "image", request->image);
  vs_json_integer(&json, "height", eval->image.height);
  vs_json_integer(&json, "width", eval->image.width);
  vs_json_text(&json, "layer", vs_vgg16_tap(eval->spec.tap)->name);
  vs_json_integer(&json, "channel", eval->spec.channel);
  vs_json_text(&json, "style", request->style);
  vs_json_open(&json, "style_layers", '[');
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    if (eval->spec.style_taps[tap]) vs_json_text(&json, NULL, vs_vgg16_tap(tap)->name);
  vs_json_close(&json);
  vs_json_text(&json, "norm", vs_gram_norm_words[request->norm]);
  vs_json_number(&json, "lambda", request->lambda);
  vs_json_text(&json, "weights", request->weights);
  vs_json_text(&json, "weights_sha256", eval->weights.sha256);
  vs_json_text(&json, "weights_digest", eval->weights.digest);
  vs_json_text(&json, "weights_family", vs_weights_family_name(eval->weights.family));
  vs_json_number(&json, "exc_loss", losses->exc_loss);
  vs_json_number(&json, "style_dist", losses->style_dist);
  vs_json_number(&json, "style_reg", losses->style_reg);
  vs_json_number(&json, "total", losses->total);
  vs_json_close(&json);
}

static void print_table(const eval_request *request, const evaluation *eval) {
  const vs_losses *losses = &eval->losses;
  printf("%s, %d x %d, %s channel %d, style %s\nweights %s, pictures prepared as %s does\n\n",
         request->image, eval->image.width, eval->image.height, vs_vgg16_tap(eval->spec.tap)->name,
         eval->spec.channel, request->style, request->weights,
         vs_weights_family_name(eval->weights.family));
  printf("  exc_loss    %s\n", vs_figure_text_as("%16.6f", losses->exc_loss).text);
  printf("  style_dist  %16.6f\n", losses->style_dist);
  printf("  style_reg   %16.6f   lambda %g\n", losses->style_reg, request->lambda);
  printf("  total       %s\n", vs_figure_text_as("%16.6f", losses->total).text);
}

static int run(int argc, char **argv) {
  eval_request request = {.style = "builtin:mondrian",
                          .weights = "builtin",
                          .conv = -1, /* not said */
                          .threads = 1};
  evaluation eval = {0};
  int code;
  if (!parse(argc, argv, &request, &code)) return code;

  vs_status status = make_spec(&request, &eval.spec);
  if (status == VS_OK) status = open_all(&request, &eval);
  if (status == VS_OK) status = compute(&request, &eval);
  if (status == VS_OK) {
    if (request.json)
      print_json(&request, &eval);
    else
      print_table(&request, &eval);
  }
  free(eval.gradient);
  vs_arena_clear(&eval.arena);
  vs_weights_clear(&eval.weights);
  vs_picture_clear(&eval.style);
  vs_picture_clear(&eval.image);
  return vs_command_fail(status);
}

const vs_command vs_command_eval = {
    .name = "eval",
    .purpose = "Computes the losses of a picture, and their gradient",
    .notes = "exc_loss is minus the sum of the channel's activation, style_dist the distance of "
             "Gram\nmatrices to the style image's (resized to the image), style_reg = lambda * "
             "style_dist,\ntotal = exc_loss + style_reg. Where neighbours tie in a pool, as on "
             "flat ground,\nrounding decides where a gradient goes: so --gradient takes the "
             "plain convolution, unless\n--conv fast says otherwise.\n",
    .arguments = {&(const vs_argument){"IMAGE", "a PNG, or builtin:mondrian"}},
    .has_threads = true,
    .run = run};
