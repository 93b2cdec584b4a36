/* panel.h - products with packed matrices, above all those in the middle of a Winograd
 * convolution: for every point p
 *
 *   m_p (T,K) = v_p (T,C) u_p (C,K)
 *
 * with the weights u packed once. Two implementations, chosen once by the processor: a kernel for
 * AVX-512 that reads weights in panels of 32 outputs and tiles in groups of 14 (28 accumulators of
 * 32 registers), and OpenBLAS' sgemm. sgemm would pack its operands anew for every block of tiles;
 * here they lie as they are read. C is a multiple of 16, K of 32. */
#ifndef VS_CORE_TENSOR_PANEL_H
#define VS_CORE_TENSOR_PANEL_H

#include "core/tensor/winograd.h"

typedef enum vs_panel_kernel { VS_PANEL_SGEMM, VS_PANEL_AVX512 } vs_panel_kernel;

/* The kernel that this processor is served by: the same for the whole life of a program. */
vs_panel_kernel vs_panel_choose(void);

/* Where number (c, k) of a point's weights goes in its C * K floats; 16 numbers from a k that is a
 * multiple of 16 on lie together. */
size_t vs_panel_place(vs_panel_kernel kernel, int channels, int outputs, int c, int k);

/* How v has to be laid out for blocks of at most `tiles` tiles, and floats of all 36 points. */
vs_winograd_layout vs_panel_input_layout(vs_panel_kernel kernel, int tiles, int channels);
size_t vs_panel_input_floats(vs_panel_kernel kernel, int tiles, int channels);

/* m is (T,K) row by row at each point, whatever the kernel. */
vs_winograd_layout vs_panel_output_layout(int tiles, int outputs);
size_t vs_panel_output_floats(int tiles, int outputs);

/* The tasks into which a block's product is cut, for sharing out among threads: each writes its own
 * part of m, and computes the same however many there are. */
int vs_panel_task_count(vs_panel_kernel kernel, int outputs);

/* Task number `task`: some outputs of one point for all `tiles` tiles of a block. v and m as laid
 * out above, u (36, C * K) packed. */
void vs_panel_multiply(vs_panel_kernel kernel, int task, int tiles, int channels, int outputs,
                       const float *v, const vs_winograd_layout *v_layout, const float *u, float *m,
                       const vs_winograd_layout *m_layout);

/* A product of the same kinds without points: c (rows, outputs) = a (rows, channels) u, added to c
 * if `add`. u is packed as that of one point; a and c have rows of any stride. */
void vs_panel_rows(vs_panel_kernel kernel, int rows, int channels, int outputs, const float *a,
                   size_t a_stride, const float *u, bool add, float *c, size_t c_stride);

#endif
