/* fake_results.h - made-up results for tests of the analysis: all of sweeps/store/results.h, in
 * memory.
 *
 * fake_results.c defines every function that the analysis calls, so the linker never looks for them
 * in the sweeps library. Failures are assertions: a test has no use for them. */
#ifndef VS_TESTS_ANALYSIS_FAKE_RESULTS_H
#define VS_TESTS_ANALYSIS_FAKE_RESULTS_H

#include "sweeps/store/results.h"

/* Results without rows, of a grid of `planned` runs. Freed by vs_results_close. */
vs_results *fake_results_new(size_t planned);

/* A finished run of the group "<layer>-<channel>-<seed>" with the figures that tests rarely look at
 * filled in, those of its portrait unknown; index, id and group are set when it is added. */
vs_row fake_row(const char *layer, int channel, double lambda, double exc_eval, double style_eval);

/* Adds a copy of the row, and of its picture (row->height, row->width, 3), whose coverage and
 * edge_density it gets unless it has them; without one (NULL) reading it fails. Returns the row's
 * number. */
size_t fake_results_add(vs_results *results, const vs_row *row, const uint8_t *rgb);

/* Adds an axis; numbers are parsed from the texts given for each row later. Returns its number. */
size_t fake_results_add_axis(vs_results *results, const char *name, bool is_number);
void fake_results_set_axis(vs_results *results, size_t row, size_t axis, const char *text);

/* Gives the results an attribute (vs_results_attribute); `name` is a literal. */
void fake_results_set_attribute(vs_results *results, const char *name, const char *text);

/* Gives a row a sketch of VS_SKETCH numbers, each `value`, and gram_tap; without it has none. */
void fake_results_set_sketch(vs_results *results, size_t row, float value);

/* Gives a row the trace of `total`: count values at steps 0, 10, 20 ...; the same count for all. */
void fake_results_set_trace(vs_results *results, size_t row, const float *values, int count);

/* Gives a row a drawing of that many short strokes on its canvas, all of pen 0 of two ("black" and
 * "red"), each worth one of excitation; every fourth number of strokes was measured, and all. Its
 * spec names the sheet. */
void fake_results_set_drawing(vs_results *results, size_t row, int strokes);

/* Where the results pretend to lie; NULL, as at first, for a single file. */
void fake_results_set_folder(vs_results *results, const char *folder);

/* Reading sketches or traces fails from now on. */
void fake_results_break(vs_results *results);

/* How many pictures were read so far. */
int fake_results_pictures_read(const vs_results *results);

#endif
