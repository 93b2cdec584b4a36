/* command_palette.c - `palette`: any SVG drawing in the colours of a few pens. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/sheet/swatches.h"
#include "cli/common_options.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/image/color.h"
#include "core/strokes/palette.h"
#include "core/svg/svg_read.h"
#include "core/svg/svg_write.h"

typedef struct palette_request {
  const char *input, *pens, *svg, *swatches;
  bool json;
} palette_request;

typedef struct palette_result {
  vs_drawing *before, *after;
  const char *unit; /* of both, "mm" or "px" */
  vs_pen_set pens;
  bool is_found; /* the pens by k-means, not from a file */
  double inertia, distance;
  vs_pen_use uses[VS_MAX_PENS];
} palette_result;

static const char notes[] =
    "Every stroke is a sample: its colour, blended with the paper by its opacity, weighted by its\n"
    "ink, length times width. With a number, pens are found by k-means in CIE L*a*b*; `auto` "
    "takes\n"
    "as many as are worth having. Strokes then get the pen nearest to them, opaque; widths stay.\n"
    "Shapes with a fill and no stroke are left out.\n";

static bool parse(int argc, char **argv, palette_request *request, int *code) {
  const vs_option options[] = {
      vs_option_text("pens", "K|FILE",
                     "how many pens to find, auto, a file of pens, or the name of an installed set",
                     &request->pens),
      vs_option_required(vs_option_text(
          "svg", "FILE", "where the drawing in these pens goes, a layer for each", &request->svg)),
      vs_option_text("swatches", "FILE",
                     "a picture (PNG) of both drawings, of the colours and of the pens",
                     &request->swatches),
      vs_common_option_json(&request->json)};
  const vs_command_line line = {&vs_command_palette, {&request->input}, options, VS_COUNT(options)};
  return vs_options_parse(&line, argc, argv, code);
}

/* Nothing that is read may be written over, and nothing twice. */
static vs_status check_paths(const palette_request *request) {
  const vs_output outputs[] = {{"svg", request->svg, VS_OUTPUT_SVG},
                               {"swatches", request->swatches, VS_OUTPUT_PNG}};
  enum { COUNT = VS_COUNT(outputs) };
  for (int i = 0; i < COUNT; i++) {
    const char *path = outputs[i].path;
    if (path == NULL) continue;
    if (vs_file_is_same(path, request->input))
      return vs_fail(VS_ERR_USAGE, "--%s: %s is the drawing that is read; choose another name",
                     outputs[i].option, path);
    if (vs_file_is_same(path, request->pens))
      return vs_fail(VS_ERR_USAGE, "--%s: %s is the file of pens that is read; choose another name",
                     outputs[i].option, path);
  }
  return vs_command_check_outputs(outputs, COUNT);
}

static void scale_drawing(vs_drawing *drawing, double scale) {
  drawing->width *= scale;
  drawing->height *= scale;
  for (size_t i = 0; i < drawing->point_count; i++) {
    drawing->points[i].x = (float)((double)drawing->points[i].x * scale);
    drawing->points[i].y = (float)((double)drawing->points[i].y * scale);
  }
  for (size_t i = 0; i < drawing->stroke_count; i++)
    drawing->strokes[i].width = (float)((double)drawing->strokes[i].width * scale);
}

/* What is written has a unit of 1 mm or 1 px, and the size on paper of what was read. */
static vs_status read_drawing(const palette_request *request, palette_result *result) {
  double unit_px = 1.0;
  vs_status status =
      vs_command_input_error(vs_svg_read_sheet(&result->before, request->input, &unit_px));
  if (status != VS_OK) return status;
  const double unit_mm = unit_px * 25.4 / 96.0;
  const bool is_mm = fabs(unit_mm - 1.0) < 0.01;
  const double scale = is_mm ? unit_mm : unit_px;
  result->unit = is_mm ? "mm" : "px";
  if (fabs(scale - 1.0) > 1e-4) scale_drawing(result->before, scale);
  return VS_OK;
}

/* --pens: a number, "auto", a file, a name. */
static vs_status find_pens(const palette_request *request, palette_result *result) {
  int count = 0;
  const bool is_auto = strcmp(request->pens, "auto") == 0;
  if (!is_auto) {
    vs_status status = vs_common_option_read_pens(request->pens, &count, &result->pens);
    if (status != VS_OK) return status;
  }
  result->is_found = is_auto || count > 0;
  if (!result->is_found) return VS_OK;
  return vs_status_context(vs_palette_find(result->before, count, &result->pens, &result->inertia),
                           "%s", request->input);
}

/* The drawing last: where it is, everything went well. A picture of nothing is not left behind. */
static vs_status write_files(const palette_request *request, const palette_result *result) {
  const vs_svg_options options = {
      .unit = result->unit, .pens = &result->pens, .as_pens = true, .paper = false};
  vs_status status = VS_OK;
  const bool is_new = request->swatches != NULL && !vs_file_exists(request->swatches);
  if (request->swatches != NULL)
    status = vs_swatches_write(request->swatches, result->before, result->after, &result->pens);
  if (status != VS_OK) return vs_status_context(status, "--swatches");
  status = vs_svg_write(request->svg, result->after, &options);
  if (status != VS_OK && is_new) unlink(request->swatches);
  return vs_status_context(status, "--svg");
}

static vs_status perform(const palette_request *request, palette_result *result) {
  vs_status status = check_paths(request);
  if (status == VS_OK) status = read_drawing(request, result);
  if (status == VS_OK) status = find_pens(request, result);
  if (status == VS_OK) status = vs_drawing_copy(&result->after, result->before);
  if (status != VS_OK) return status;
  vs_palette_apply(result->after, &result->pens);
  result->distance = vs_palette_measure(result->before, &result->pens, result->uses);
  return write_files(request, result);
}

static void print_json(const palette_request *request, const palette_result *result) {
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "drawing", request->input);
  vs_json_text(&json, "svg", request->svg);
  vs_json_text(&json, "swatches", request->swatches);
  vs_json_unsigned(&json, "strokes", result->before->stroke_count);
  vs_json_number(&json, "mean_distance", result->distance);
  vs_json_number(&json, "inertia", result->is_found ? result->inertia : NAN);
  vs_json_open(&json, "pens", '[');
  for (int i = 0; i < result->pens.count; i++) {
    const vs_pen *pen = &result->pens.pens[i];
    const vs_pen_use *use = &result->uses[i];
    char hex[8];
    vs_color_hex(pen->color, hex);
    vs_json_open(&json, NULL, '{');
    vs_json_text(&json, "name", pen->name);
    vs_json_text(&json, "color", hex);
    vs_json_number(&json, "width", pen->width_mm);
    vs_json_number(&json, "ink_share", use->ink_share);
    vs_json_integer(&json, "strokes", use->strokes);
    vs_json_number(&json, "mean_distance", use->ink_share > 0.0 ? use->distance : NAN);
    vs_json_close(&json);
  }
  vs_json_close(&json);
  vs_json_close(&json);
}

static void print_table(const palette_request *request, const palette_result *result) {
  int widest = 4;
  for (int i = 0; i < result->pens.count; i++) {
    const int length = (int)strlen(result->pens.pens[i].name);
    if (length > widest) widest = length;
  }
  printf("%s, %zu strokes, %d pen%s; dE is by how much colours change (CIE 1976), mean %.1f\n\n",
         request->input, result->before->stroke_count, result->pens.count,
         result->pens.count == 1 ? "" : "s", result->distance);
  printf("      %-*s  color      ink  strokes     dE\n", widest, "pen");
  for (int i = 0; i < result->pens.count; i++) {
    const vs_pen_use *use = &result->uses[i];
    char hex[8];
    vs_color_hex(result->pens.pens[i].color, hex);
    printf("  %2d  %-*s  %s %6.1f%% %8d", i + 1, widest, result->pens.pens[i].name, hex,
           100.0 * use->ink_share, use->strokes);
    if (use->ink_share > 0.0)
      printf(" %6.1f\n", use->distance);
    else
      printf("      -\n");
  }
}

static int run(int argc, char **argv) {
  palette_request request = {.pens = "auto"};
  palette_result result = {0};
  int code;
  if (!parse(argc, argv, &request, &code)) return code;
  vs_status status = perform(&request, &result);
  if (status == VS_OK) {
    if (request.json)
      print_json(&request, &result);
    else
      print_table(&request, &result);
  }
  vs_drawing_free(result.before);
  vs_drawing_free(result.after);
  return vs_command_fail(status);
}

const vs_command vs_command_palette = {.name = "palette",
                                       .purpose = "Reduces the colours of a drawing to a few pens",
                                       .notes = notes,
                                       .arguments = {&(const vs_argument){"IN.svg", "a drawing"}},
                                       .run = run};
