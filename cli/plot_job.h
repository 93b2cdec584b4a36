/* plot_job.h - what `export --svg` and `plot` have in common: a drawing, from wherever it comes, as
 * a sheet for a plotter.
 *
 *   vs_plot_job job = vs_plot_job_default();          // of a stored run vs_plot_job_of_run()
 *   ... the command line into job.asked ...
 *   status = vs_plot_job_prepare(&job);               // what needs no drawing, wrong ones early
 *   job.defaults = run->spec.plot;                       // of a stored run, what its sweep says
 *   status = vs_plot_job_perform(&job, drawing, NULL, title, description);
 *   ... vs_plot_job_print ...
 *   vs_plot_job_clear(&job);
 */
#ifndef VS_CLI_PLOT_JOB_H
#define VS_CLI_PLOT_JOB_H

#include "cli/options.h"
#include "core/base/json.h"
#include "core/optimize/run_spec.h"
#include "core/plot/plot.h"

/* The command line. */
typedef struct vs_plot_options {
  const char *svg;     /* where the sheet goes */
  const char *page;    /* a name of vs_page_find, or "native": a unit is a pixel, nothing planned;
                          NULL: the default */
  const char *pens;    /* of vs_pens_read; NULL: the drawing's own, or one for each colour */
  const char *preview; /* a PNG of the way of the pens, or NULL */
  double margin_mm;    /* negative: the default */
  int strokes;         /* only so many, the first; 0: all */
} vs_plot_options;

typedef struct vs_plot_job {
  vs_plot_options asked;
  vs_plot_spec defaults;   /* page, margin and line of a pen, where the command line names none */
  vs_plot_spec sheet_spec; /* those it came to, once performed; of no use if native */
  char page_help[256];     /* of --page, which lists them */
  bool is_native;
  vs_page page;
  vs_pen_set pens;     /* those that draw it */
  vs_drawing *drawing; /* in canvas units, every stroke with its pen; owned */
  int left_out;        /* strokes of the drawing of the paper's colour that got no pen */
  vs_drawing *sheet;   /* in mm, as plotted; owned; NULL if native */
  vs_plot_figures figures;
  double mm_per_unit;
} vs_plot_job;

/* A4, margins of 10 mm, pens of VS_DEFAULT_PEN_MM; and one where `defaults` will come from a run.
 */
vs_plot_job vs_plot_job_default(void);
vs_plot_job vs_plot_job_of_run(void);
void vs_plot_job_clear(vs_plot_job *job); /* fine twice */

/* The options that fill job->asked; out has room for VS_PLOT_OPTIONS. */
#define VS_PLOT_OPTIONS 6
void vs_plot_job_options(vs_plot_job *job, vs_option out[VS_PLOT_OPTIONS]);

/* Reads page and pens that were named. VS_ERR_USAGE, and what vs_pens_read says. */
vs_status vs_plot_job_prepare(vs_plot_job *job);

/* Plans the drawing, which is copied, and writes the SVG, and the preview if asked for.
 * Says in the log how many strokes were left out, cut and joined. `own` (may be NULL) are pens that
 * the drawing's strokes refer to. VS_ERR_USAGE: more colours than pens and none were named; nothing
 * to be seen; and what vs_plot_plan, vs_svg_write, vs_png_write say. */
vs_status vs_plot_job_perform(vs_plot_job *job, const vs_drawing *drawing, const vs_pen_set *own,
                              const char *title, const char *description);

/* The figures as keys of an object that the caller has opened: drawn_mm, travel_mm, lifts, strokes,
 * minutes, mm_per_unit, page, page_mm, margin_mm, pens; and what became of the drawing's strokes
 * (vs_plot_figures): strokes_off_canvas, strokes_of_paper, strokes_cut, strokes_joined. Of a native
 * sheet only page and strokes. */
void vs_plot_job_print_json(const vs_plot_job *job, vs_json *json);

/* The same for people, to stdout. */
void vs_plot_job_print(const vs_plot_job *job);

#endif
