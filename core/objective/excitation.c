/* excitation.c - sums over the positions of one channel of an activation. */
#include "core/objective/excitation.h"

static size_t positions_of(const vs_activation *activation) {
  return (size_t)activation->height * (size_t)activation->width;
}

double vs_excitation(const vs_activation *activation, int channel) {
  const size_t stride = (size_t)activation->channels;
  double sum = 0.0;
  for (size_t p = 0; p < positions_of(activation); p++)
    sum += (double)activation->values[p * stride + (size_t)channel];
  return -sum;
}

void vs_excitation_gradient(const vs_activation *activation, int channel, double weight,
                            float *dactivation) {
  const size_t stride = (size_t)activation->channels;
  for (size_t p = 0; p < positions_of(activation); p++)
    dactivation[p * stride + (size_t)channel] -= (float)weight;
}

bool vs_excitation_is_dead(const vs_activation *activation, int channel) {
  const size_t stride = (size_t)activation->channels;
  for (size_t p = 0; p < positions_of(activation); p++)
    if (activation->values[p * stride + (size_t)channel] != 0.0f) return false;
  return true;
}
