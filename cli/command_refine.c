/* command_refine.c - `refine`: a finished drawing goes on with real pens: its colours are reduced
 * and frozen, its points and widths optimized on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/metrics/figure_text.h"
#include "analysis/report/drawing_facts.h"
#include "cli/common_options.h"
#include "cli/stored_run.h"
#include "core/base/json.h"
#include "core/image/color.h"
#include "core/image/png.h"
#include "core/svg/svg_write.h"
#include "mpi/signals.h"

static const char notes[] =
    "--pens is a number of colours, which k-means finds in the drawing, or the pens there are: a\n"
    "YAML file or an installed set such as stabilo-point-88. Without it the drawing keeps the "
    "pens\n"
    "that it has. The SVG has a unit a pixel and a layer for each pen; `vggsweep plot` makes a "
    "sheet\n"
    "of it. Scores are exc_loss, mean over the run's fixed views, and what is left of it in per "
    "cent,\n"
    "at the stages that `vggsweep show` names: free (of a run on larger canvases: enlarged), "
    "quantized,\n"
    "refined, plotted.\n";

typedef struct refine_request {
  const char *path, *id, *pens, *svg, *png, *weights, *style;
  int steps, threads;
  bool json;
} refine_request;

static bool parse(int argc, char **argv, refine_request *request, int *code) {
  const vs_option options[] = {
      vs_option_default(vs_option_text("pens", "K|FILE", "how many pens, or which", &request->pens),
                        "those it has"),
      vs_option_default(vs_option_integer("steps", "N", "updates", &request->steps, 0, 1000000),
                        "a quarter of the run's"),
      vs_option_text("svg", "FILE", "where the refined drawing goes as SVG", &request->svg),
      vs_option_text("png", "FILE", "where it goes as PNG", &request->png),
      vs_option_default(vs_common_option_weights(&request->weights), "the sweep's"),
      vs_option_text("style", "FILE", "its style picture, where that was a file", &request->style),
      vs_common_option_threads(&request->threads),
      vs_common_option_json(&request->json)};
  const vs_command_line line = {
      &vs_command_refine, {&request->path, &request->id}, options, VS_COUNT(options)};
  if (!vs_options_parse(&line, argc, argv, code)) return false;
  if (request->svg != NULL || request->png != NULL) return true;
  *code =
      vs_command_refuse(&vs_command_refine, "--svg or --png is missing: where the drawing goes");
  return false;
}

static vs_status choose_pens(const refine_request *request, const vs_stored_run *run,
                             vs_palette_spec *palette) {
  const vs_pen_set *own = &run->stored.pens;
  palette->refine = 1.0;
  if (request->pens == NULL) {
    palette->pens = *own;
    if (own->count > 0) return VS_OK;
    return vs_fail(VS_ERR_USAGE,
                   "the drawing has no pens yet: say how many, or which, with --pens");
  }
  return vs_common_option_read_pens(request->pens, &palette->colors, &palette->pens);
}

static vs_status make_spec(const refine_request *request, const vs_stored_run *run,
                           vs_run_spec *spec) {
  *spec = vs_stored_run_continued(run, run->stored.drawing->stroke_count);
  spec->steps = request->steps >= 0 ? request->steps : (run->spec.steps + 3) / 4;
  spec->log_every = spec->steps > 0 ? spec->steps : 1;
  if (request->style != NULL)
    snprintf(spec->style_image, sizeof spec->style_image, "%s", request->style);
  if (run->has_own_style && spec->lambda > 0.0 && request->style == NULL)
    return vs_fail(VS_ERR_USAGE,
                   "the run was made with a style picture of your own, at lambda %g: name it with "
                   "--style",
                   spec->lambda);
  return choose_pens(request, run, &spec->palette);
}

/* A line on a terminal, written over again and again. */
static bool show_progress(void *context, int step) {
  const vs_run_spec *spec = context;
  if (isatty(STDERR_FILENO) && (step % 5 == 0 || step == spec->steps))
    fprintf(stderr, "\rrefine: step %d of %d%s", step, spec->steps,
            step == spec->steps ? "\n" : "");
  return vs_signals_stop() == VS_STOP_NONE;
}

static vs_status write_files(const refine_request *request, const vs_run_result *result) {
  const vs_svg_options options = {
      .unit = "px", .pens = result->pens, .title = request->id, .as_pens = false};
  vs_status status = VS_OK;
  if (request->svg != NULL) status = vs_svg_write(request->svg, result->drawing, &options);
  if (status == VS_OK && request->png != NULL)
    status = vs_png_write(request->png, result->final_rgb, result->height, result->width);
  return status;
}

/* --- telling ---------------------------------------------------------------------------------- */

typedef struct score {
  vs_drawing_stage stage;
  double exc;
} score;

enum { SCORES = 4 };

static void list_scores(const vs_stored_run *run, const vs_run_result *result,
                        score scores[SCORES]) {
  scores[0] = (score){run->is_enlarged ? VS_DRAWING_ENLARGED : VS_DRAWING_FREE, run->exc_free};
  scores[1] = (score){VS_DRAWING_QUANTIZED, result->exc_quantized};
  scores[2] = (score){VS_DRAWING_REFINED, result->exc_refined};
  scores[3] = (score){VS_DRAWING_PLOTTED, result->exc_plotted};
}

static double kept_percent(const vs_stored_run *run, double exc) {
  return run->exc_free != 0.0 ? 100.0 * exc / run->exc_free : NAN;
}

static void print_json(const refine_request *request, const vs_stored_run *run,
                       const vs_run_result *result) {
  score scores[SCORES];
  list_scores(run, result, scores);
  vs_json json = vs_json_begin(stdout);
  vs_json_open(&json, NULL, '{');
  vs_json_text(&json, "run", request->id);
  vs_json_integer(&json, "steps", result->steps);
  for (int i = 0; i < SCORES; i++) {
    vs_json_open(&json, vs_drawing_facts_stage_name(scores[i].stage), '{');
    vs_json_figure(&json, "exc_eval", scores[i].exc);
    vs_json_figure(&json, "kept_percent", kept_percent(run, scores[i].exc));
    vs_json_close(&json);
  }
  vs_json_open(&json, "pens", '[');
  for (int k = 0; k < result->pens->count; k++) {
    const vs_pen *pen = &result->pens->pens[k];
    vs_json_open(&json, NULL, '{');
    vs_json_text(&json, "name", pen->name);
    char color[VS_COLOR_HEX];
    vs_color_hex(pen->color, color);
    vs_json_text(&json, "color", color);
    vs_json_figure(&json, "width_mm", pen->width_mm);
    vs_json_close(&json);
  }
  vs_json_close(&json);
  vs_json_figure(&json, "drawn_mm", result->plot.drawn_mm);
  vs_json_figure(&json, "travel_mm", result->plot.travel_mm);
  vs_json_integer(&json, "lifts", result->plot.lifts);
  vs_json_figure(&json, "minutes", result->plot.minutes);
  vs_json_close(&json);
}

static void print_table(const vs_stored_run *run, const vs_run_result *result) {
  score scores[SCORES];
  list_scores(run, result, scores);
  printf("%-10s %16s  kept\n", "stage", "exc_eval");
  for (int i = 0; i < SCORES; i++)
    printf("%-10s %s  %s\n", vs_drawing_facts_stage_name(scores[i].stage),
           vs_figure_text_as("%16.1f", scores[i].exc).text,
           vs_figure_text_as("%5.1f%%", kept_percent(run, scores[i].exc)).text);
  printf("\n%d pens:", result->pens->count);
  for (int k = 0; k < result->pens->count; k++) {
    char color[VS_COLOR_HEX];
    vs_color_hex(result->pens->pens[k].color, color);
    printf("%s %s %s", k > 0 ? "," : "", result->pens->pens[k].name, color);
  }
  printf("\n%.1f m drawn, %d lifts, %.1f minutes\n", result->plot.drawn_mm / 1000.0,
         result->plot.lifts, result->plot.minutes);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Files and figures of what has come out. */
static vs_status deliver(const refine_request *request, const vs_stored_run *run,
                         const vs_run_result *result) {
  if (result->outcome != VS_RUN_DONE)
    return vs_fail(VS_ERR_LIMIT, "the losses are not finite any more after step %d", result->steps);
  const vs_status status = write_files(request, result);
  if (status != VS_OK) return status;
  if (request->json)
    print_json(request, run, result);
  else
    print_table(run, result);
  return VS_OK;
}

static vs_status refine(const refine_request *request, const vs_stored_run *run) {
  vs_run_spec spec;
  vs_run *refined = NULL;
  vs_status status = make_spec(request, run, &spec);
  if (status == VS_OK)
    status = vs_run_new(&refined, &spec, &run->weights, VS_CONV_FAST, request->threads);
  if (status != VS_OK) return status;
  vs_run_strokes_start_from(refined, run->stored.drawing);
  status = vs_run_execute(refined, show_progress, &spec);
  if (status == VS_OK) status = deliver(request, run, vs_run_get_result(refined));
  vs_run_free(refined);
  return status;
}

static int run(int argc, char **argv) {
  refine_request request = {.steps = -1, .threads = 1};
  int code;
  if (!parse(argc, argv, &request, &code)) return code;
  vs_results *results = NULL;
  vs_stored_run stored = {0};
  size_t row = 0;
  vs_signals_install();
  const vs_output outputs[] = {{"svg", request.svg, VS_OUTPUT_SVG},
                               {"png", request.png, VS_OUTPUT_PNG}};
  vs_status status = vs_command_check_outputs(outputs, VS_COUNT(outputs));
  if (status == VS_OK) status = vs_results_open(&results, request.path);
  if (status == VS_OK) status = vs_results_find(results, request.id, &row);
  if (status == VS_OK) {
    request.id = vs_results_row(results, row)->id;
    status = vs_stored_run_open(&stored, results, row);
  }
  if (status == VS_OK) status = vs_stored_run_load_weights(&stored, request.weights);
  if (status == VS_OK) status = refine(&request, &stored);
  vs_stored_run_clear(&stored);
  vs_results_close(results);
  return vs_command_fail(status);
}

const vs_command vs_command_refine = {
    .name = "refine",
    .purpose = "Optimizes a finished drawing on with real pens",
    .notes = notes,
    .arguments = {&vs_command_results_argument, &vs_command_run_argument},
    .has_threads = true,
    .run = run};
