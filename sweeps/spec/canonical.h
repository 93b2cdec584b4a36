/* canonical.h - the canonical form of a run or of a sweep: a JSON object with sorted keys and every
 * default filled in, of what decides numbers. Equal texts mean equal results; ids are hashes of
 * them, and results keep them. Nothing else writes such forms or knows how they are read. */
#ifndef VS_SWEEPS_SPEC_CANONICAL_H
#define VS_SWEEPS_SPEC_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/json_tree.h"
#include "core/base/status.h"
#include "sweeps/spec/axis.h"
#include "sweeps/spec/schema.h"

/* What the weights are called in a form: "weights.digest", the digest of the network in whatever
 * file, or as in results up to format 3 "weights.sha256", of the file. */
typedef enum vs_canonical_naming {
  VS_CANONICAL_BY_DIGEST,
  VS_CANONICAL_BY_FILE
} vs_canonical_naming;

/* The one that a form has. VS_ERR_FORMAT, VS_ERR_MEMORY. */
vs_status vs_canonical_naming_of(const char *form, vs_canonical_naming *naming);

/* The canonical spec of a run: what decides its numbers and nothing else (no name, no log
 * settings). The caller frees it. NULL without memory. */
char *vs_canonical_of_spec(const vs_sweep *sweep, size_t index);

/* The canonical form of the whole sweep, overrides and hashes included, one key a line. The caller
 * frees it. NULL without memory. */
char *vs_canonical_of_sweep(const vs_sweep *sweep);

/* How `theirs` differs from `ours` (two canonical forms): lines "key: theirs -> ours", at most 20
 * and a count of the rest; "" if not at all. Caller frees. */
char *vs_canonical_difference(const char *theirs, const char *ours);

/* Whether a member of a run's form is its point of the grid: layer, channel, and lambda, rho or
 * strength. */
bool vs_canonical_is_point(const char *key);

/* Whether a member of a form, with this text (NULL: it is no text), says what a file holds and not
 * where it is: weights, and hashes of pictures and drawings. */
bool vs_canonical_names_content(const char *key, const char *text);

/* A member of a run's form as --set takes it, "optimizer.lr=0.05" or, as an axis of one value,
 * "grid.lambda=50". Freed by the caller; NULL without memory. */
char *vs_canonical_setting(const char *key, const vs_json_tree *value, bool as_axis);

/* --- for the files that make up a sweep (grid.h) ---------------------------------------------- */

struct vs_point;
struct vs_problems;

/* Longest spec: some 60 keys of 25 characters, numbers of 24, three digests, 31 layers of 10, 32
 * pens of 64 bytes of name (six characters each if they are escaped), a colour and a width. */
#define VS_CANONICAL_SPEC 24576

/* What a spec is written for: a run's name is all of it; a group has no lambda, rho and strength;
 * the random numbers have nothing either that only comes after the free stage, so that palettes and
 * sheets are compared on one drawing; where streams are a channel's, they have seed, layer and
 * channel alone. */
typedef enum vs_canonical_part {
  VS_CANONICAL_RUN,
  VS_CANONICAL_GROUP,
  VS_CANONICAL_STREAM,
  VS_CANONICAL_CHANNEL
} vs_canonical_part;

/* Sorts the keys that make up a spec. */
void vs_canonical_init(vs_sweep *sweep, struct vs_problems *problems);

/* Has the weights called so from now on; by digest before that. */
void vs_canonical_name_weights(vs_sweep *sweep, vs_canonical_naming naming);

/* Writes the part of a point's spec, with its zero; returns its length. */
size_t vs_canonical_write_spec(const vs_sweep *sweep, const struct vs_point *point,
                               vs_canonical_part part, char out[VS_CANONICAL_SPEC]);

/* The keys of a form, of a sweep or of a run, as overrides that make it of an empty sweep file; all
 * but what only vs_canonical_take_grid understands. In any case *count of them are to be freed.
 * VS_ERR_FORMAT, VS_ERR_MEMORY. */
vs_status vs_canonical_settings(const vs_json_tree *form, char *settings[VS_KEY_COUNT],
                                size_t *count);

/* Gives a sweep made of these the channels of each layer, the order of axes and the naming of
 * weights that the form has. VS_ERR_FORMAT, VS_ERR_MEMORY. */
vs_status vs_canonical_take_grid(vs_sweep *sweep, const vs_json_tree *form);

#endif
