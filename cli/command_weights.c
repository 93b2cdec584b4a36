/* command_weights.c - `weights`: what a weights file holds. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/common_options.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/vgg/weights_convert.h"

/* How kernels lie in the file. */
static const char *layout_of(const vs_weights *weights) {
  return weights->is_hwio ? "HWIO" : "OIHW";
}

/* The reader has refused every other shape. */
static const vs_tap_info *conv_info(int conv) {
  return vs_vgg16_tap(vs_vgg16_tap_of_conv(conv));
}

static int64_t count_parameters(void) {
  int64_t count = 0;
  for (int conv = 0; conv < VS_VGG_CONVS; conv++)
    count += conv_info(conv)->channels * (9 * (int64_t)vs_vgg16_in_channels(conv) + 1);
  return count;
}

static void print_preprocess(vs_json *json, vs_family family) {
  const vs_preprocess preprocess = vs_weights_family_preprocess(family);
  vs_json_open(json, "preprocess", '[');
  for (int c = 0; c < 3; c++) {
    const char *const colours[] = {"red", "green", "blue"};
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "source", colours[preprocess.source[c]]);
    vs_json_number(json, "scale", preprocess.scale[c]);
    vs_json_number(json, "offset", preprocess.offset[c]);
    vs_json_close(json);
  }
  vs_json_close(json);
}

static void print_json(const char *file, const vs_weights *weights) {
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "file", file);
  vs_json_text(&json, "format", vs_weights_format_name(weights->format));
  vs_json_text(&json, "layout", layout_of(weights));
  vs_json_text(&json, "family", vs_weights_family_name(weights->family));
  vs_json_text(&json, "sha256", weights->sha256);
  vs_json_text(&json, "digest", weights->digest);
  vs_json_text(&json, "known_as", vs_weights_known_name(weights->digest));
  vs_json_text(&json, "attribution", weights->attribution);
  vs_json_integer(&json, "parameters", count_parameters());
  if (weights->family != VS_FAMILY_UNKNOWN) print_preprocess(&json, weights->family);
  vs_json_open(&json, "layers", '[');
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    vs_json_open(&json, NULL, '{');
    vs_json_text(&json, "name", conv_info(conv)->name);
    vs_json_open(&json, "shape", '[');
    vs_json_integer(&json, NULL, conv_info(conv)->channels);
    vs_json_integer(&json, NULL, vs_vgg16_in_channels(conv));
    vs_json_integer(&json, NULL, 3);
    vs_json_integer(&json, NULL, 3);
    vs_json_close(&json);
    vs_json_close(&json);
  }
  vs_json_close(&json);
  vs_json_close(&json);
}

/* In so many words: "family torchvision" was read as torchvision's weights. */
static void print_family(vs_family family) {
  const char *name = vs_weights_family_name(family);
  if (family == VS_FAMILY_UNKNOWN)
    printf("pictures    prepared in a way that the file does not tell\n");
  else
    printf("pictures    prepared as %s does (--family %s)\n", name, name);
}

static void print_table(const char *file, const vs_weights *weights) {
  printf("file        %s\n", file);
  printf("format      %s, kernels %s\n", vs_weights_format_name(weights->format),
         layout_of(weights));
  print_family(weights->family);
  const char *name = vs_weights_known_name(weights->digest);
  printf("sha256      %s of the file\n", weights->sha256);
  printf("digest      %s of its 13 convolutions%s%s\n", weights->digest,
         name != NULL ? ", known as " : "", name != NULL ? name : "");
  printf("parameters  %" PRId64 "\n", count_parameters());
  if (weights->attribution != NULL) printf("licence     %s\n", weights->attribution);
  printf("\nlayer     outputs  inputs\n");
  for (int conv = 0; conv < VS_VGG_CONVS; conv++)
    printf("%-8s  %7d  %6d\n", conv_info(conv)->name, conv_info(conv)->channels,
           vs_vgg16_in_channels(conv));
}

/* The 13 convolutions alone, as safetensors; says what they are and where. */
static vs_status convert(const char *file, vs_family family, const char *out) {
  vs_weights about;
  if (vs_file_is_same(file, out))
    return vs_fail(VS_ERR_USAGE, "--convert: %s is the file that is read", out);
  vs_status status = vs_weights_convert(file, family, out, &about);
  if (status == VS_OK)
    printf("%s: digest %s%s%s\n", out, about.digest, about.attribution != NULL ? "; " : "",
           about.attribution != NULL ? about.attribution : "");
  return status;
}

/* What a file holds can be told without knowing its family; any will do for reading. */
static vs_status ask(vs_weights *weights, const char *file, vs_family family) {
  vs_status status = vs_weights_about(weights, file, family);
  if (status != VS_ERR_USAGE || family != VS_FAMILY_UNKNOWN) return status;
  vs_log(VS_LOG_INFO, "%s", vs_status_message());
  status = vs_weights_about(weights, file, VS_FAMILY_TORCHVISION);
  weights->family = VS_FAMILY_UNKNOWN;
  return status;
}

static int run(int argc, char **argv) {
  const char *file = NULL, *out = NULL;
  int family = VS_FAMILY_UNKNOWN;
  bool json = false;
  const vs_option options[] = {
      vs_common_option_family(&family), vs_common_option_json(&json),
      vs_option_text("convert", "OUT.safetensors",
                     "writes the 13 convolutions there, float32, and says no more", &out)};
  const vs_command_line line = {&vs_command_weights, {&file}, options, VS_COUNT(options)};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) return code;

  if (out != NULL) return vs_command_fail(convert(file, (vs_family)family, out));
  vs_weights weights;
  vs_status status = ask(&weights, file, (vs_family)family);
  if (status == VS_OK) {
    if (json)
      print_json(file, &weights);
    else
      print_table(file, &weights);
  }
  return vs_command_fail(status);
}

const vs_command vs_command_weights = {
    .name = "weights",
    .purpose = "Reads a weights file whole and says what it holds",
    .arguments = {&(const vs_argument){
        "FILE", "VGG16 weights: .safetensors, .pth, .h5, .onnx, .npz, or one of the words "
                "builtin and imagenet"}},
    .run = run};
