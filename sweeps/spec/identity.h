/* identity.h - ids of runs and groups, and the streams of their random numbers: hashes of canonical
 * forms (canonical.h). */
#ifndef VS_SWEEPS_SPEC_IDENTITY_H
#define VS_SWEEPS_SPEC_IDENTITY_H

#include <stdint.h>

#include "core/base/status.h"
#include "core/vgg/weights.h"
#include "sweeps/spec/axis.h"
#include "sweeps/spec/canonical.h"

#define VS_ID 17 /* 16 hex digits and a zero */

/* Names the contents that a run depends on, for its id: the weights by their network's digest (or,
 * to go on with older results, by their file's sha256) and the family that they were read as, and
 * every style image, which is opened here, so that a missing one is an error before anything runs.
 * Ids need it first. Of `weights` names and families are read. */
vs_status vs_identity_bind(vs_sweep *sweep, const vs_weights *weights, vs_canonical_naming naming);

/* Writes the names of a point and its group, "" before vs_identity_bind, and returns the stream: by
 * the key `streams` the hash of what a group has in common (canonical.h), 0 before
 * vs_identity_bind, or that of seed, layer and channel alone. For sweep.c. */
struct vs_point;
uint64_t vs_identity_fill(const vs_sweep *sweep, const struct vs_point *point, char id[VS_ID],
                          char group[VS_ID]);

#endif
