/* conv_reference.h - the oracle behind conv.h: its two formulas without the epilogue, as plain
 * loops summed in double in one order at every position, so that equal surroundings give equal
 * results. scratch: vs_conv_reference_floats(), for the kernels in the order of the loops. */
#ifndef VS_CORE_TENSOR_CONV_REFERENCE_H
#define VS_CORE_TENSOR_CONV_REFERENCE_H

#include "core/tensor/conv.h"

size_t vs_conv_reference_floats(int in_channels, int out_channels);
void vs_conv_reference_forward(const vs_conv_plan *plan, const float *x, float *z, float *scratch);
void vs_conv_reference_backward(const vs_conv_plan *plan, const float *dz, float *dx,
                                float *scratch);

#endif
