/* stored_run.h - a finished run of strokes taken up again, by commands that look at its drawing
 * once more: the spec, the drawing and the weights that it was made with, from the results alone.
 */
#ifndef VS_CLI_STORED_RUN_H
#define VS_CLI_STORED_RUN_H

#include "core/optimize/run.h"
#include "sweeps/store/results.h"

typedef struct vs_stored_run {
  vs_run_spec spec;          /* as it was */
  bool has_own_style;        /* its style picture was a file, which the results do not hold */
  vs_results_drawing stored; /* owned */
  vs_weights weights;        /* owned; empty until they are loaded */
  char weights_file[VS_WEIGHTS_PATH]; /* where the sweep read them, or says so; "" if unknown */
  vs_family family;                   /* as which pictures were prepared for them */
  char weights_name[72]; /* of those that it was made with: digest, or sha256 of the file */
  double exc_free;       /* vs_row_exc_unplotted: of the enlarged drawing, if */
  bool is_enlarged;      /* its canvas grew */
} vs_stored_run;

/* Reads all but the weights. VS_ERR_USAGE: the run is no drawing; VS_ERR_FORMAT: its spec cannot be
 * read any more. */
vs_status vs_stored_run_open(vs_stored_run *run, const vs_results *results, size_t row);
void vs_stored_run_clear(vs_stored_run *run); /* fine on a zeroed one */

/* Loads weights by name; NULL: those that the sweep was made with, by their word or from where it
 * read them. VS_ERR_USAGE if they are not the run's, or not there any more. */
vs_status vs_stored_run_load_weights(vs_stored_run *run, const char *name);

/* The spec of a run that begins with `strokes` strokes of the finished drawing, on its canvas, and
 * sees of it what the run itself saw last. Nothing follows: no pens, no larger canvas. */
vs_run_spec vs_stored_run_continued(const vs_stored_run *run, size_t strokes);

/* exc_eval of a drawing that differs from the run's in strokes left out, colours and widths. */
vs_status vs_stored_run_score(const vs_stored_run *run, const vs_drawing *drawing, int threads,
                              double *exc);

#endif
