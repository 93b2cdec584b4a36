/* results.h - reading what is stored: a results folder (sweep.h5 and every sealed segment, each run
 * once) or a single HDF5 file of ours. Columns are read into memory, arrays on demand. A folder may
 * be read while a job writes to it. */
#ifndef VS_SWEEPS_STORE_RESULTS_H
#define VS_SWEEPS_STORE_RESULTS_H

#include "sweeps/store/row.h"

typedef struct vs_results vs_results;

/* Opens DIR or FILE.h5. VS_ERR_IO if there is nothing, VS_ERR_FORMAT for a file that is not ours,
 * damaged, or of a newer format; .part files are never looked at. Rows come in grid order. */
vs_status vs_results_open(vs_results **out, const char *path);
void vs_results_close(vs_results *results); /* fine on NULL */

/* The folder, or NULL if it is a single file that was opened. */
const char *vs_results_folder(const vs_results *results);

size_t vs_results_count(const vs_results *results);
const vs_row *vs_results_row(const vs_results *results, size_t row);

/* The number of runs of the whole grid, of which count are stored. */
size_t vs_results_planned(const vs_results *results);

/* The row of a run named by its id or an unambiguous beginning of at least 4 digits. VS_ERR_USAGE
 * says when there is none or several. */
vs_status vs_results_find(const vs_results *results, const char *id, size_t *row);

/* Axes beside the fixed columns, with the value in each row. */
size_t vs_results_axis_count(const vs_results *results);
const vs_axis *vs_results_axis(const vs_results *results, size_t axis);
void vs_results_axis_value(const vs_results *results, size_t row, size_t axis,
                           vs_axis_value *value);

/* The steps at which any run was logged, and those of which any run has a snapshot, increasing;
 * *count of them. They live as long as results. */
const int *vs_results_steps(const vs_results *results, int *count);
const int *vs_results_snapshot_steps(const vs_results *results, int *count);

/* Attributes of the file: "sweep" (verbatim), "canonical", "weights_sha256", "weights_family",
 * "weights_file" ("" in older ones), "program_version", "program_commit", "name", "sweep_sha256",
 * "created", "finished" (of the latest file). NULL if there is none of this name. Lives as long as
 * results. */
const char *vs_results_attribute(const vs_results *results, const char *name);

/* The canonical spec of a row as stored (vs_canonical_of_spec). *json is freed by the caller. */
vs_status vs_results_read_spec(const vs_results *results, size_t row, char **json);

/* Arrays of one row; each is allocated and freed by the caller with free(). Steps and trace have
 * *count values, as many as the row was logged. A folder that is written to meanwhile is no
 * hindrance: arrays that were moved into another file since the rows were read are found there.
 * A run that failed has black images. theta: VS_ERR_USAGE if it was not kept. */
vs_status vs_results_read_trace(const vs_results *results, size_t row, vs_trace trace, int **steps,
                                float **values, int *count);
vs_status vs_results_read_image(const vs_results *results, size_t row, uint8_t **rgb);
vs_status vs_results_read_snapshots(const vs_results *results, size_t row, uint8_t **rgb,
                                    int **steps, int *count);
vs_status vs_results_read_theta(const vs_results *results, size_t row, float **theta);

/* The drawing of a run that optimized strokes. */
typedef struct vs_results_drawing {
  vs_drawing *drawing; /* on the canvas of the run; owned */
  vs_pen_set pens;     /* count 0: its colours are free */
  float *places; /* (strokes) 0: the stroke that adds most to the excitation, 1: the next; owned */
  float *budget; /* (strokes) entry n-1: exc_loss with the n strokes that add most, NaN where it was
                    not measured; owned */
} vs_results_drawing;
void vs_results_clear_drawing(vs_results_drawing *stored); /* fine on a zeroed one */

/* VS_ERR_USAGE if the run is no drawing, or did not come to an end. On failure there is nothing to
 * clear. */
vs_status vs_results_read_drawing(const vs_results *results, size_t row,
                                  vs_results_drawing *stored);

/* Arrays of all rows, file by file in large blocks: many times faster than one by one.
 *
 * The sketches of the final pictures (core/optimize/measurements.h) into the caller's (count,
 * VS_SKETCH); NaN where there is none. */
vs_status vs_results_read_sketches(const vs_results *results, float *sketches);

/* Calls `visit` once for every row, in no certain order, with its trace: `count` steps, increasing,
 * and values, NaN where this run was not logged. Both are valid during the call. */
typedef void vs_trace_visit(void *context, size_t row, const int *steps, const float *values,
                            int count);
vs_status vs_results_visit_traces(const vs_results *results, vs_trace trace, vs_trace_visit *visit,
                                  void *context);

#endif
