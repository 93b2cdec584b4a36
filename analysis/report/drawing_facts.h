/* drawing_facts.h - what is told of a stored drawing beside its lines: which pens draw how much of
 * it, what its best strokes alone are worth, and how it will look on paper. */
#ifndef VS_ANALYSIS_REPORT_DRAWING_FACTS_H
#define VS_ANALYSIS_REPORT_DRAWING_FACTS_H

#include "core/base/json.h"
#include "sweeps/store/results.h"

/* What a drawing goes through on its way to paper. The names, "free", "quantized", "refined",
 * "enlarged", "plotted", are those of columns (exc_free, ...) and JSON keys; tables have them too.
 */
typedef enum vs_drawing_stage {
  VS_DRAWING_FREE,      /* colours as optimized */
  VS_DRAWING_QUANTIZED, /* reduced to pens */
  VS_DRAWING_REFINED,   /* optimized on with these pens */
  VS_DRAWING_ENLARGED,  /* carried over to larger canvases, where there are any */
  VS_DRAWING_PLOTTED    /* in the pens' own colours and widths */
} vs_drawing_stage;
const char *vs_drawing_facts_stage_name(vs_drawing_stage stage);

/* How many strokes each pen draws, in the order of the set. */
void vs_drawing_facts_count_by_pen(const vs_results_drawing *stored, int strokes[VS_MAX_PENS]);

/* Of the numbers of strokes whose excitation was measured at most `most`, spread evenly, increasing
 * and with the largest among them. Returns how many. */
int vs_drawing_facts_budget_steps(const vs_results_drawing *stored, int most, int *steps);

/* Share of the whole drawing's excitation that its best `strokes` strokes alone reach; NaN where it
 * was not measured. */
double vs_drawing_facts_budget_share(const vs_results_drawing *stored, int strokes);

/* As an object: "paper", "pens": [{"name", "color", "width_mm", "strokes", "is_paper"}], the
 * last for a pen of the paper's colour, which is not plotted; and "budget": {"strokes",
 * "exc_loss"}, what was measured, by increasing numbers of strokes. */
void vs_drawing_facts_print_json(vs_json *json, const char *key, const vs_results_drawing *stored);

/* The drawing in its pens' own colours and widths on the sheet that its run's spec names
 * (vs_plot_preview). Freed by the caller. VS_ERR_FORMAT: the spec names none; VS_ERR_USAGE: the
 * drawing has no pens, or no room on the sheet; VS_ERR_MEMORY. */
vs_status vs_drawing_facts_as_plotted(vs_drawing **out, const vs_results_drawing *stored,
                                      const char *spec);

#endif
