/* value.h - one value of a sweep file: read strictly by its key's type, and put into a run's spec.
 *
 * Strictly: the whole text must be the value. 12abc, 1_000, 0x10, 010, "400" in quotes, yes and no
 * are not what they might be elsewhere; nan and inf are no numbers. */
#ifndef VS_SWEEPS_SPEC_VALUE_H
#define VS_SWEEPS_SPEC_VALUE_H

#include "core/optimize/run.h"
#include "sweeps/spec/document.h"
#include "sweeps/spec/schema.h"

typedef struct vs_value {
  vs_mark mark;
  double *numbers;  /* INT, REAL, BOOL, CHOICE (its value), TAP, SIZE (height, width), SPAN, TAPS,
                       WEIGHTS, STEPS; owned */
  size_t count;     /* of numbers */
  char *text;       /* as written; owned */
  char *resolved;   /* PATH, PENS but for a list: what to open; owned */
  vs_pen_set *pens; /* PENS: as listed or read; NULL: none, or to be read; owned */
  char *json;       /* canonical: equal exactly if the values mean the same; owned */
  bool is_sorted;   /* TAPS: as written they stand in the order of depth, as in numbers */
  bool is_number;   /* one number says it all (INT, REAL, SIZE of a square) */
} vs_value;

void vs_value_clear(vs_value *value); /* fine on a zeroed struct, and twice */

/* Reads a node as a value of this key. false: a problem was added under `label` (the key as the
 * user wrote it) and *value is zeroed. Relative paths are taken from `folder`, which ends in / or
 * is "". */
bool vs_value_read(vs_value *value, const vs_key *key, const vs_document_node *node,
                   const char *label, const char *folder, vs_problems *problems);

/* Leaves out of a value of STEPS, which increase, those after `last`, so that it equals a shorter
 * list but for its text. false without memory; it is unchanged then. */
bool vs_value_cut_steps(vs_value *value, const vs_key *key, double last);

/* Gives a value of PENS the pens of its file. false without memory. */
bool vs_value_take_pens(vs_value *value, const vs_key *key, const vs_pen_set *pens);

/* Puts the value into its place in spec; nothing for keys without a place. */
void vs_value_place(const vs_value *value, const vs_key *key, vs_run_spec *spec);

#endif
