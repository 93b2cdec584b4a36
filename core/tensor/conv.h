/* conv.h - 3x3, stride 1, zero-padded convolution: forward, and backward to the input.
 *
 *   y[i,j,k] = b[k] + sum_{u,v,c} w[k,c,u,v] * x[i+u-1, j+v-1, c]
 *
 * Tensors are NHWC without the N: (H,W,C) row-major float32. Two implementations of one contract:
 *
 *   reference   plain loops with double sums: the oracle of the tests
 *   fast        Winograd F(4x4,3x3) where both channel counts are multiples of 32
 *               (conv_winograd.h); one sgemm with a gather before or after it where there are
 *               few channels or one output (conv_gemm.h)
 *
 * A plan may end in an epilogue, the rectifier and the pool that follow in the net (epilogue.h): y
 * is then what comes out of it, and gates are kept for the backward pass.
 *
 * The gradient to the input is the same convolution with the kernel turned by 180 degrees and the
 * channels swapped; gradients to weights are never needed.
 *
 * Weights are prepared once per program (vs_conv_weights, shared by all plans), a plan is made once
 * per run, and running a plan cannot fail. The bits of a result depend on the shapes and the
 * processor alone, never on the number of threads: threads share out work that is cut by the
 * shape. */
#ifndef VS_CORE_TENSOR_CONV_H
#define VS_CORE_TENSOR_CONV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/status.h"
#include "core/tensor/epilogue.h"

typedef enum vs_conv_algorithm { VS_CONV_FAST, VS_CONV_REFERENCE } vs_conv_algorithm;

#define VS_CONV_ALL_CHANNELS (-1)

/* Weights of one layer, plain and in the layouts that the fast path reads: all in one block of
 * memory, so that programs can share it (core/vgg/weights_cache.h). */
typedef struct vs_conv_weights {
  int in_channels, out_channels;
  const float *w;    /* (K,C,3,3) */
  const float *bias; /* (K) */
  /* Prepared for each direction. Winograd's two differ by more than a permutation: a product reads
   * its matrix along the outputs, which are the other direction's inputs. */
  const float *forward, *backward;
  float *owned; /* the block, if these weights own it; else NULL */
} vs_conv_weights;

/* Prepares weights from w (K,C,3,3) and bias (K) in a block of their own; both are copied.
 * VS_ERR_MEMORY. */
vs_status vs_conv_weights_init(vs_conv_weights *weights, int in_channels, int out_channels,
                               const float *w, const float *bias);
void vs_conv_weights_clear(vs_conv_weights *weights); /* fine on a zeroed struct */

/* The same in steps: the floats of a block, filling one, and weights that read a filled one, which
 * outlives them. A block serves every program whose processor wants the same layout (its name). */
size_t vs_conv_block_floats(int in_channels, int out_channels);
void vs_conv_block_fill(float *block, int in_channels, int out_channels, const float *w,
                        const float *bias);
vs_conv_weights vs_conv_weights_in(const float *block, int in_channels, int out_channels);
const char *vs_conv_block_layout(void);

typedef struct vs_conv_plan {
  int height, width;
  int only_channel; /* the one output channel computed, or VS_CONV_ALL_CHANNELS */
  vs_epilogue epilogue;
  int threads;
  vs_conv_algorithm algorithm;
  const vs_conv_weights *weights; /* not owned */
  float *scratch;                 /* not owned */
} vs_conv_plan;

/* Plans for inputs of height x width. With only_channel = k the result is (H,W,1), channel k alone.
 * `scratch` holds vs_conv_scratch_floats() floats, is not owned, and may be shared by plans that
 * never run at the same time. weights outlive the plan. */
void vs_conv_plan_init(vs_conv_plan *plan, const vs_conv_weights *weights, int height, int width,
                       int only_channel, vs_epilogue epilogue, vs_conv_algorithm algorithm,
                       int threads, float *scratch);

/* Floats of scratch that a plan of this shape needs, for all its threads. Needs no weights, so that
 * a cost model can ask. */
size_t vs_conv_scratch_floats(int in_channels, int out_channels, int height, int width,
                              int only_channel, vs_epilogue epilogue, vs_conv_algorithm algorithm,
                              int threads);

/* y = epilogue of the convolution of x (H,W,C), and its gates (NULL without an epilogue).
 * Overwrites y and gates; no overlap. Uses the plan's scratch: one caller at a time. */
void vs_conv_forward(const vs_conv_plan *plan, const float *x, float *y, vs_gates *gates);

/* dx (H,W,C) = transpose of the linear part applied to the gradient of y, which passes where the
 * gates of a forward pass let it. Overwrites dx, and may overwrite dy; no overlap. */
void vs_conv_backward_input(const vs_conv_plan *plan, float *dy, const vs_gates *gates, float *dx);

/* Multiply-adds of direct convolution, the unit of every "effective" speed here. */
double vs_conv_macs(int in_channels, int out_channels, int height, int width, int only_channel);

#endif
