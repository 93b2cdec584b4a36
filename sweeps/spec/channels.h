/* channels.h - which channels of each layer a sweep looks at.
 *
 *   7   [1, 7, 20]   all   {range: [0, 64]}   {range: [0, 64, 4]}   {sample: 16, seed: 1}
 *
 * A range is half open. A sample is drawn from counter-based random numbers keyed by its seed, and
 * sorted; layers with as many channels get the same ones, so conv4_3 and relu4_3 can be compared.
 * `all` and a sample depend on the layer, so that the channel axis may be longer for one layer. */
#ifndef VS_SWEEPS_SPEC_CHANNELS_H
#define VS_SWEEPS_SPEC_CHANNELS_H

#include "sweeps/spec/value.h"

typedef struct vs_channels {
  int *list; /* owned */
  size_t count;
} vs_channels;

/* Reads the selection and writes it out for each of `layer_count` layers (values of grid.layer)
 * into `channels`, zeroed by the caller. false: problems were added; the selection is then checked
 * against every layer all the same, and lists may be incomplete. */
bool vs_channels_read(vs_channels *channels, const vs_value *layers, size_t layer_count,
                      const vs_document_node *node, const char *label, vs_problems *problems);
void vs_channels_clear(vs_channels *channels);

#endif
