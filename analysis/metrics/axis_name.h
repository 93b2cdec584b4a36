/* axis_name.h - axes by shorter names than their keys: "lr" for optimizer.lr.
 *
 * Listings head their columns with the label, and expressions take it, so that what is read can be
 * typed. */
#ifndef VS_ANALYSIS_METRICS_AXIS_NAME_H
#define VS_ANALYSIS_METRICS_AXIS_NAME_H

#include "sweeps/store/results.h"

/* The axis that `word` names: the one with this key, else the first whose key ends in it after a
 * dot ("lr", "style.image"). *count says how many fit: 0 for none, 1 where it is unambiguous. */
size_t vs_axis_name_find(const vs_results *results, const char *word, size_t *count);

/* The last part of the axis' key where an expression would take it for this axis, else the whole
 * key. Points into the axis. */
const char *vs_axis_name_label(const vs_results *results, size_t axis);

#endif
