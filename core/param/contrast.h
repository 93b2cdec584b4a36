/* contrast.h - the last step from the numbers t of pixels and fourier, (H,W,3), to the image:
 *
 *   free   image = sigmoid(t)
 *   held   image = sigmoid(m + c (t - m) / s)       m, s: mean and standard deviation of all of t
 *
 * so that contrast stays what it is however far an optimizer goes, and nothing clips; after
 * Horama's standardized pictures (github.com/deel-ai/Horama), but the mean is free: paper may be
 * white. c is such that normal t around grey give the standard deviation that is wanted; a picture
 * far from grey has less. */
#ifndef VS_CORE_PARAM_CONTRAST_H
#define VS_CORE_PARAM_CONTRAST_H

#include <stddef.h>

#include "core/base/arena.h"

typedef struct vs_contrast {
  size_t count;
  double logit_sd; /* c; 0: free */
  double slope;    /* c / s of what was rendered last */
  float *z;        /* (count) (t - m) / s; the arena's; NULL where contrast is free */
} vs_contrast;

#define VS_CONTRAST_MAX 0.45

/* For `count` numbers; `sd` of the image in 0..VS_CONTRAST_MAX, 0: free. */
vs_contrast vs_contrast_plan(double sd, size_t count, vs_arena *arena);

/* t to image, in place. */
void vs_contrast_apply(vs_contrast *self, float *values);

/* dt = (d image / d t)' dimage at what was rendered last, `image`. dt may be dimage. */
void vs_contrast_backward(const vs_contrast *self, const float *image, const float *dimage,
                          float *dt);

#endif
