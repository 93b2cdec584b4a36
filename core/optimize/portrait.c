#include "core/optimize/portrait.h"

#include <math.h>

vs_portrait vs_portrait_blank(void) {
  vs_portrait portrait = {.exc_style = NAN,
                          .exc_paper = NAN,
                          .exc_random_mean = NAN,
                          .exc_random_sd = NAN,
                          .coverage = NAN,
                          .edge_density = NAN,
                          .gram_style = NAN,
                          .gram_tap = -1};
  for (int i = 0; i < VS_SKETCH; i++) portrait.sketch[i] = NAN;
  return portrait;
}
