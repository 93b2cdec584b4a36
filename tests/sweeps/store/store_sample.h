/* store_sample.h - a made-up sweep, and results of its runs that can be computed again: for tests
 * of what is stored. */
#ifndef VS_TESTS_SWEEPS_STORE_STORE_SAMPLE_H
#define VS_TESTS_SWEEPS_STORE_STORE_SAMPLE_H

#include "sweeps/store/store.h"

typedef struct store_sample {
  vs_sweep *sweep;
  vs_weights weights; /* a name only: no kernels */
} store_sample;

/* 32 runs: 2 layers, 2 channels, 2 sizes (32x32 and 36x40), 2 lengths (20 and 25 steps), lambda 0
 * and 50; logged every 10 steps, snapshots at 0 and 15, parameters kept. */
extern const char store_sample_text[];

/* 24 runs: 12 pictures, and drawings of 3 and 7 strokes, open and closed, without pens, with one,
 * and with two. Drawings with pens have 5 steps more than the 20 of all. */
extern const char store_sample_drawings[];

/* Parses `text` (store_sample_text or one of one's own). Stops the program on errors. */
store_sample store_sample_open(const char *text);
void store_sample_clear(store_sample *sample);

/* The result of a run: all figures and arrays follow from its id and spec. */
vs_run_result store_sample_result(const vs_sweep_run *run);
void store_sample_result_clear(vs_run_result *result);

/* Adds run `index`. */
vs_status store_sample_add(vs_store *store, const store_sample *sample, size_t index, int rank);

#endif
