/* reproduce.h - the command line that computes one run of a sweep again.
 *
 *   vggsweep run demo.yaml --set grid.layer=relu3_3 --set grid.channel=7 --set grid.lambda=50
 *       --out results/demo-54005c63
 *
 * to be given in the folder of the sweep file. With a strength it computes the run at 0 as well,
 * from which lambda follows: `grid.strength=0,2`. It names what the sweep file alone does not say:
 * the point of the grid, and what --set changed when the sweep was run. So the run gets the same
 * id, as long as the file is the same and names the same weights and style images (both are known
 * to results by their contents alone: what --weights or --set objective.style.image named is not in
 * the command). */
#ifndef VS_ANALYSIS_REPORT_REPRODUCE_H
#define VS_ANALYSIS_REPORT_REPRODUCE_H

#include "sweeps/store/results.h"

typedef struct vs_reproduction vs_reproduction;

/* Compares the sweep file that the results keep with what was run. VS_ERR_MEMORY, VS_ERR_FORMAT if
 * the results' canonical form is damaged. */
vs_status vs_reproduce_new(vs_reproduction **out, const vs_results *results);
void vs_reproduce_free(vs_reproduction *reproduction); /* fine on NULL */

/* The command for a run of this id and canonical spec (vs_results_read_spec), one line, quoted for
 * a POSIX shell. *command is freed by the caller. VS_ERR_FORMAT for a spec that is no JSON. */
vs_status vs_reproduce_command(const vs_reproduction *reproduction, const char *id,
                               const char *spec, char **command);

#endif
