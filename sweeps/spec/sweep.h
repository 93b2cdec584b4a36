/* sweep.h - a sweep file, checked and understood: what is fixed, what varies, and every run of the
 * grid.
 *
 * The text is YAML (or JSON, which is YAML). It is checked against the one schema table (schema.h)
 * with all errors reported at once, overrides (--set key=value) are applied, and the grid's axes
 * are multiplied out lazily: run i of the grid is computed when asked for, so that a million runs
 * cost no memory. Paths in a sweep file are relative to the folder of the file, those in overrides
 * to where one stands.
 *
 * Runs are numbered 0 .. count-1 with the last axis fastest; axes stand in the order layer,
 * channel, every other axis as written, seed, and last lambda (rho, strength), so that the members
 * of a group are neighbours. */
#ifndef VS_SWEEPS_SPEC_SWEEP_H
#define VS_SWEEPS_SPEC_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/optimize/run.h"
#include "sweeps/spec/axis.h"
#include "sweeps/spec/canonical.h"
#include "sweeps/spec/identity.h"

/* Reads a sweep from text. `file_name` is for messages and the base of relative paths. Overrides
 * are "key=value" strings, value in YAML ("grid.lambda=0,50" also gives a list). VS_ERR_USAGE: the
 * message holds one line per error, `file:line:column: key: what is wrong (did you mean
 * "relu4_3"?)`, errors in overrides as `--set key: ...`. */
vs_status vs_sweep_parse(vs_sweep **out, const char *text, size_t size, const char *file_name,
                         char *const *overrides, size_t override_count);

/* The same of a file. What vs_file_read says too; larger files are refused unread. */
#define VS_SWEEP_MAX_BYTES ((size_t)16 << 20)
vs_status vs_sweep_read(vs_sweep **out, const char *path, char *const *overrides,
                        size_t override_count);

/* The sweep that a canonical form was made of (canonical.h), not bound; a run's form gives a sweep
 * of this run alone. Contents stand where their files stood: vs_sweep_weights is the digest or
 * sha256, a style picture of one's own "sha256:...". VS_ERR_FORMAT, VS_ERR_MEMORY. */
vs_status vs_sweep_from_canonical(vs_sweep **out, const char *form);

void vs_sweep_free(vs_sweep *sweep); /* fine on NULL */

/* What does not vary. Strings live as long as the sweep. */
const char *vs_sweep_name(const vs_sweep *sweep);    /* names the default results folder */
const char *vs_sweep_text(const vs_sweep *sweep);    /* verbatim, zero-terminated */
const char *vs_sweep_weights(const vs_sweep *sweep); /* "builtin" or a path, already resolved */
vs_family vs_sweep_family(const vs_sweep *sweep);    /* VS_FAMILY_UNKNOWN unless given */
int vs_sweep_last_conv(const vs_sweep *sweep);       /* deepest convolution that any run needs */
bool vs_sweep_keeps_params(const vs_sweep *sweep);   /* log.params */
bool vs_sweep_has_baseline(const vs_sweep *sweep);   /* 0 is a lambda, rho or strength */
vs_run_balance vs_sweep_balance(const vs_sweep *sweep);

/* Where its results go: the folder given, without slashes at its end, or for NULL results/<name>.
 * VS_ERR_USAGE, naming --out; VS_ERR_LIMIT if the default does not fit. */
vs_status vs_sweep_name_folder(const vs_sweep *sweep, const char *given, char *out, size_t size);

/* Warns in the log of a sweep in which no run has lambda (or rho) 0, as half of the metrics compare
 * with that, of a strength of 0 that was added to those written, and of snapshots that are left
 * out, beyond the end of runs that overrides made shorter: the sweep is as if the file did not list
 * them. And of strokes whose widths are others than those of the pens that draw them, by more than
 * a third. */
void vs_sweep_warn(const vs_sweep *sweep);

/* Loads the weights up to the deepest convolution that any run needs: those of `file`, prepared as
 * `family` says; NULL and VS_FAMILY_UNKNOWN mean the sweep's own. What vs_weights_load says, for
 * the sweep's own file with the place where it is named: `file:line:column: weights: ...`. */
vs_status vs_sweep_load_weights(const vs_sweep *sweep, const char *file, vs_family family,
                                vs_weights *weights);

size_t vs_sweep_axis_count(const vs_sweep *sweep);
const vs_axis *vs_sweep_axis(const vs_sweep *sweep, size_t axis);

/* Run `index` of the grid. Before vs_identity_bind, id and group are "" and the stream is 0 unless
 * it is a channel's: enough to know what a run costs. */
typedef struct vs_sweep_run {
  size_t index;
  char id[VS_ID];    /* hash of the canonical spec */
  char group[VS_ID]; /* the same without lambda, rho and strength. spec.stream, of the random
                        numbers, has no palette and plot either, what only comes after the free
                        stage; or, with `streams: channel`, nothing but seed, layer and channel */
  uint64_t seed;
  vs_run_spec spec;
} vs_sweep_run;
size_t vs_sweep_count(const vs_sweep *sweep);

/* Groups are numbered in the order of their runs, all of one size. */
size_t vs_sweep_group_count(const vs_sweep *sweep);
size_t vs_sweep_group(const vs_sweep *sweep, size_t index);

/* The run of the same group with lambda, rho or strength 0, perhaps `index` itself. SIZE_MAX if
 * there is none, which in a sweep file is never so with strengths. */
size_t vs_sweep_baseline(const vs_sweep *sweep, size_t index);

/* Fills the run. Its strength_unit is NaN: it comes from the baseline (core/optimize/strength.h).
 */
void vs_sweep_get(const vs_sweep *sweep, size_t index, vs_sweep_run *run);
void vs_sweep_get_axis(const vs_sweep *sweep, size_t index, size_t axis, vs_axis_value *value);

#endif
