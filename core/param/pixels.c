/* pixels.c - every pixel for itself: image = sigmoid(theta), theta (H,W,3). */
#include <string.h>

#include "core/param/kinds.h"

typedef struct pixels {
  size_t count;
} pixels;

static size_t count_numbers(const vs_param_spec *spec) {
  return (size_t)spec->height * (size_t)spec->width * 3;
}

static void *make_plan(const vs_param_spec *spec, vs_arena *arena) {
  pixels *self = vs_arena_take(arena, 1, sizeof *self);
  if (self != NULL) self->count = count_numbers(spec);
  return self;
}

static void render(void *plan, const float *theta, float *image) {
  const pixels *self = plan;
  memcpy(image, theta, self->count * sizeof *image);
  vs_param_squash(image, self->count);
}

static void backprop(void *plan, const float *image, const float *dimage, float *dtheta) {
  const pixels *self = plan;
  for (size_t i = 0; i < self->count; i++) dtheta[i] = dimage[i] * vs_param_squash_slope(image[i]);
}

const vs_param_kind vs_param_pixels = {"pixels", count_numbers, make_plan, render, backprop};
