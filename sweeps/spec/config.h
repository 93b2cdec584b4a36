/* config.h - from the text of a sweep file and its overrides to checked values, one slot a key.
 *
 * What was written is gathered first, key by key (an override replaces what the file says; an axis
 * may be named by its path or its last part), then every key is read by its type, written or
 * default, and last the keys are checked against each other. Nothing stops at the first problem.
 *
 * Two things are mended. Where overrides make runs shorter than the file has them, its snapshots
 * beyond the new end are left out, for a trial; in the file as it is written they are a problem.
 * And strengths without 0 get it, in front: the others take their lambda from the run of 0. The one
 * strength of a run's canonical form stays alone. */
#ifndef VS_SWEEPS_SPEC_CONFIG_H
#define VS_SWEEPS_SPEC_CONFIG_H

#include "sweeps/spec/channels.h"
#include "sweeps/spec/config_slot.h"

typedef struct vs_config {
  vs_config_slot slots[VS_KEY_COUNT]; /* of grid.lambda, rho and strength one has values */
  vs_key_id balance;                  /* which */
  bool strength_0_added;              /* to those that were written */
  vs_channels *channels;              /* of each value of grid.layer; owned */
  vs_mark grid_mark;                  /* of the key `grid`, for problems of the whole grid */
  char snapshots_left_out[9 * VS_RUN_MAX_SNAPSHOTS]; /* "50, 400", vs_sweep_snapshots_left_out */
} vs_config;

/* Reads everything. `text` NULL: there is no file, and the overrides are those of a canonical form,
 * in which a value of an axis may be longer than what it was written as, and a later key that is
 * not there has the value that it was born with (schema.h). Without problems every slot holds
 * values, but for those of lambda, rho and strength that are not used. *config is to be cleared in
 * any case. */
void vs_config_read(vs_config *config, const char *text, size_t size, const char *file_name,
                    char *const *overrides, size_t override_count, vs_problems *problems);
void vs_config_clear(vs_config *config);

#endif
