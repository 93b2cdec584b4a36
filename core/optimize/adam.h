/* adam.h - Adam (Kingma & Ba, arXiv:1412.6980, algorithm 1 with bias correction), as
 * torch.optim.Adam. */
#ifndef VS_CORE_OPTIMIZE_ADAM_H
#define VS_CORE_OPTIMIZE_ADAM_H

#include <stddef.h>

typedef struct vs_adam_options {
  double learning_rate; /* > 0 */
  double beta1, beta2;  /* decay of the moments, in [0, 1); .9, .999 */
  double epsilon;       /* > 0; 1e-8 */
} vs_adam_options;

/* One step, counted from 1: updates theta in place from gradient; first and second are the moments,
 * zero before step 1. All `count` long. */
void vs_adam_step(const vs_adam_options *options, int step, size_t count, const float *gradient,
                  float *first, float *second, float *theta);

#endif
