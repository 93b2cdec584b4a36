/* cost.h - what a run costs, known before it runs: multiply-adds, memory, and time on this machine.
 */
#ifndef VS_SWEEPS_SPEC_COST_H
#define VS_SWEEPS_SPEC_COST_H

#include "sweeps/spec/sweep.h"

typedef struct vs_cost {
  double macs_per_step; /* multiply-adds of an iteration, counted as direct convolution */
  double macs; /* of the whole run: steps, logging at the end, evaluation views, style image */
  double macs_alone;   /* of a run with as many steps at the last of its sizes alone, seen whole */
  size_t memory_bytes; /* vs_run_memory_bytes: beside the weights */
} vs_cost;

vs_cost vs_cost_of_run(const vs_run_spec *spec, int threads);

/* Bytes that the weights of convolutions 0..last_conv take in memory, once for the ranks of a node
 * that share them (core/vgg/weights_cache.h), else for each. */
size_t vs_cost_weights_bytes(int last_conv);

/* Effective speed of whole iterations on this machine with `threads` threads, in multiply-adds per
 * second: times a small objective with random weights for about `seconds`. */
vs_status vs_cost_calibrate(int threads, double seconds, double *macs_per_second);

#endif
