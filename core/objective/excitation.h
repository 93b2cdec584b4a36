/* excitation.h - how strongly a channel is excited: exc_loss = - sum over y, x of F[y,x,channel].
 *
 * A sum, not a mean, as in the source: it grows with the positions of the tap. */
#ifndef VS_CORE_OBJECTIVE_EXCITATION_H
#define VS_CORE_OBJECTIVE_EXCITATION_H

#include <stdbool.h>

#include "core/vgg/net.h"

/* exc_loss of one channel (an index into the activation's own channels). */
double vs_excitation(const vs_activation *activation, int channel);

/* dactivation += weight * gradient of exc_loss, which is -1 at every position of the channel. */
void vs_excitation_gradient(const vs_activation *activation, int channel, double weight,
                            float *dactivation);

/* Whether the channel is 0 everywhere: behind a ReLU its gradient is then 0 and nothing would ever
 * wake it. The rescue (objective.h) puts the gradient before the ReLU instead, after Lucid's
 * redirected_relu_grad. */
bool vs_excitation_is_dead(const vs_activation *activation, int channel);

#endif
