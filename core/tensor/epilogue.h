/* epilogue.h - what is done to the result z of a convolution on its way to memory:
 *
 *   none           y = z
 *   rectify        y = max(z, 0)                                   (H,W,K)
 *   rectify-pool   y = max(0, the largest z of each 2x2 window)    (H/2,W/2,K), rounding down
 *
 * A max-pool of rectified values is the rectifier of pooled ones, so one pass does both. Backward,
 * neither z nor y is needed, only the gates (gates.h): which z the gradient of y passes to. It
 * passes where y is positive, to the first largest of a window, as in PyTorch. NaN comes through,
 * so that a run that diverged is seen to have diverged.
 *
 * Winograd's transforms do the same on their way (winograd_tiles.h); here is the plain version. */
#ifndef VS_CORE_TENSOR_EPILOGUE_H
#define VS_CORE_TENSOR_EPILOGUE_H

#include "core/tensor/gates.h"

typedef enum vs_epilogue {
  VS_EPILOGUE_NONE,
  VS_EPILOGUE_RECTIFY,
  VS_EPILOGUE_RECTIFY_POOL
} vs_epilogue;

/* Side of y for a side of z. */
static inline int vs_epilogue_side(vs_epilogue epilogue, int side) {
  return epilogue == VS_EPILOGUE_RECTIFY_POOL ? side / 2 : side;
}

/* y and the gates of z (H,W,K), except for `none`, where gates may be NULL. y may be z unless it is
 * pooled; H, W >= 2 then. */
void vs_epilogue_apply(vs_epilogue epilogue, const float *z, int height, int width, int channels,
                       int threads, float *y, vs_gates *gates);

/* dz (H,W,K) from dy. Overwrites dz, which may be dy unless it is pooled. */
void vs_epilogue_backward(vs_epilogue epilogue, const float *dy, const vs_gates *gates, int height,
                          int width, int channels, int threads, float *dz);

#endif
