/* net_fixture.h - small VGG16 weights for tests of what stands on the net: He-scaled random numbers
 * for the first convolutions, no file needed. */
#ifndef VS_TESTS_SUPPORT_NET_FIXTURE_H
#define VS_TESTS_SUPPORT_NET_FIXTURE_H

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "core/vgg/weights.h"
#include "tests/support/unit.h"

static inline void fixture_weights(vs_weights *weights, int last_conv) {
  *weights = (vs_weights){.family = VS_FAMILY_TORCHVISION};
  for (int conv = 0; conv <= last_conv; conv++) {
    const size_t in = (size_t)vs_vgg16_in_channels(conv);
    const size_t out = (size_t)vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels;
    float *w = malloc(9 * in * out * sizeof *w), *bias = malloc(out * sizeof *bias);
    assert_true(w != NULL && bias != NULL);
    const vs_random_key key = vs_random_make_key((uint64_t)conv, VS_RANDOM_TEST, 0);
    vs_random_fill_normal(key, (float)sqrt(2.0 / (9.0 * (double)in)), w, 9 * in * out);
    vs_random_fill_normal(vs_random_make_key((uint64_t)conv, VS_RANDOM_TEST, 1), 0.05f, bias, out);
    assert_ok(vs_conv_weights_init(&weights->conv[conv], (int)in, (int)out, w, bias));
    free(w);
    free(bias);
  }
}

#endif
