/* drawing_facts.c - what is told of a drawing, counted from its strokes and what was stored of it.
 */
#include "analysis/report/drawing_facts.h"

#include <math.h>
#include <string.h>

#include "core/image/color.h"
#include "core/plot/plot.h"
#include "core/svg/svg_color.h"

const char *vs_drawing_facts_stage_name(vs_drawing_stage stage) {
  static const char *const names[] = {[VS_DRAWING_FREE] = "free",
                                      [VS_DRAWING_QUANTIZED] = "quantized",
                                      [VS_DRAWING_REFINED] = "refined",
                                      [VS_DRAWING_ENLARGED] = "enlarged",
                                      [VS_DRAWING_PLOTTED] = "plotted"};
  return names[stage];
}

void vs_drawing_facts_count_by_pen(const vs_results_drawing *stored, int strokes[VS_MAX_PENS]) {
  memset(strokes, 0, VS_MAX_PENS * sizeof *strokes);
  for (size_t i = 0; i < stored->drawing->stroke_count; i++)
    if (stored->drawing->strokes[i].pen >= 0) strokes[stored->drawing->strokes[i].pen]++;
}

/* --- the budget ------------------------------------------------------------------------------- */

static bool is_measured(const vs_results_drawing *stored, size_t strokes) {
  return isfinite(stored->budget[strokes - 1]);
}

int vs_drawing_facts_budget_steps(const vs_results_drawing *stored, int most, int *steps) {
  int measured = 0, seen = 0, chosen = 0;
  for (size_t n = 1; n <= stored->drawing->stroke_count; n++) measured += is_measured(stored, n);
  const int kept = measured < most ? measured : most;
  for (size_t n = 1; n <= stored->drawing->stroke_count && chosen < kept; n++) {
    if (!is_measured(stored, n)) continue;
    seen++;
    if ((long)seen * kept < (long)(chosen + 1) * measured) continue;
    steps[chosen++] = (int)n;
  }
  return chosen;
}

double vs_drawing_facts_budget_share(const vs_results_drawing *stored, int strokes) {
  const double all = (double)stored->budget[stored->drawing->stroke_count - 1];
  if (!(fabs(all) > 0.0)) return NAN;
  return 1.0 + (all - (double)stored->budget[strokes - 1]) / fabs(all);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void print_color(vs_json *json, const char *key, const float rgb[3]) {
  char text[VS_COLOR_HEX];
  vs_color_hex(rgb, text);
  vs_json_text(json, key, text);
}

static void print_pens(vs_json *json, const vs_results_drawing *stored) {
  int strokes[VS_MAX_PENS];
  vs_drawing_facts_count_by_pen(stored, strokes);
  vs_json_open(json, "pens", '[');
  for (int i = 0; i < stored->pens.count; i++) {
    const vs_pen *pen = &stored->pens.pens[i];
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "name", pen->name);
    print_color(json, "color", pen->color);
    vs_json_figure(json, "width_mm", pen->width_mm);
    vs_json_integer(json, "strokes", strokes[i]);
    vs_json_boolean(json, "is_paper", vs_plot_is_paper(pen->color, stored->drawing->paper));
    vs_json_close(json);
  }
  vs_json_close(json);
}

static void print_budget(vs_json *json, const vs_results_drawing *stored) {
  const size_t count = stored->drawing->stroke_count;
  vs_json_open(json, "budget", '{');
  vs_json_open(json, "strokes", '[');
  for (size_t n = 1; n <= count; n++)
    if (is_measured(stored, n)) vs_json_unsigned(json, NULL, n);
  vs_json_close(json);
  vs_json_open(json, "exc_loss", '[');
  for (size_t n = 1; n <= count; n++)
    if (is_measured(stored, n)) vs_json_figure(json, NULL, (double)stored->budget[n - 1]);
  vs_json_close(json);
  vs_json_close(json);
}

void vs_drawing_facts_print_json(vs_json *json, const char *key, const vs_results_drawing *stored) {
  vs_json_open(json, key, '{');
  print_color(json, "paper", stored->drawing->paper);
  print_pens(json, stored);
  print_budget(json, stored);
  vs_json_close(json);
}

/* --- as plotted ------------------------------------------------------------------------------- */

static vs_status read_sheet(const char *spec, vs_page *page, double *margin_mm) {
  vs_sweep *sweep;
  vs_sweep_run run;
  vs_status status = vs_sweep_from_canonical(&sweep, spec);
  if (status != VS_OK) return vs_status_context(status, "its spec");
  vs_sweep_get(sweep, 0, &run); /* whose texts are the sweep's */
  *margin_mm = run.spec.plot.margin_mm;
  status = vs_page_find(run.spec.plot.page, page);
  vs_sweep_free(sweep);
  return status;
}

vs_status vs_drawing_facts_as_plotted(vs_drawing **out, const vs_results_drawing *stored,
                                      const char *spec) {
  *out = NULL;
  vs_page page;
  double margin_mm = 0.0, mm_per_unit;
  if (stored->pens.count == 0) return vs_fail(VS_ERR_USAGE, "a drawing without pens");
  vs_status status = read_sheet(spec, &page, &margin_mm);
  if (status == VS_OK)
    status = vs_plot_scale(stored->drawing, &stored->pens, &page, margin_mm, &mm_per_unit);
  return status == VS_OK ? vs_plot_preview(out, stored->drawing, &stored->pens, mm_per_unit)
                         : status;
}
