/* conv_reference.h - the oracle behind conv.h: its two formulas without the epilogue, as plain
 * loops summed in double in one order at every position, so that equal surroundings give equal
 * results. */
#ifndef VS_CORE_TENSOR_CONV_REFERENCE_H
#define VS_CORE_TENSOR_CONV_REFERENCE_H

#include <stddef.h>

typedef struct vs_conv_reference {
  int height, width;
  int channels, outputs;
  const float *w;    /* (outputs, channels, 3, 3) */
  const float *bias; /* (outputs) */
} vs_conv_reference;

/* Floats of `scratch`, for the kernels in the order of the loops. */
size_t vs_conv_reference_floats(int channels, int outputs);

/* z (H,W,outputs) from x (H,W,channels); dx from dz. */
void vs_conv_reference_forward(const vs_conv_reference *conv, const float *x, float *z, int threads,
                               float *scratch);
void vs_conv_reference_backward(const vs_conv_reference *conv, const float *dz, float *dx,
                                int threads, float *scratch);

#endif
