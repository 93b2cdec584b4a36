/* pixels.c - every pixel for itself: image = sigmoid(theta), theta (H,W,3). */
#include <string.h>

#include "core/image/resize.h"
#include "core/param/param_kind.h"

typedef struct pixels {
  size_t count;
} pixels;

static size_t count_numbers(const vs_param_spec *spec) {
  return (size_t)spec->height * (size_t)spec->width * 3;
}

static void *make_plan(const vs_param_spec *spec, int threads, vs_arena *arena) {
  (void)threads;
  pixels *self = vs_arena_take(arena, 1, sizeof *self);
  if (self != NULL) self->count = count_numbers(spec);
  return self;
}

static void render(void *plan, const float *theta, float *image) {
  const pixels *self = plan;
  memcpy(image, theta, self->count * sizeof *image);
  vs_param_squash(image, self->count);
}

static void backward(void *plan, const float *image, const float *dimage, float *dtheta) {
  const pixels *self = plan;
  for (size_t i = 0; i < self->count; i++) dtheta[i] = dimage[i] * vs_param_squash_slope(image[i]);
}

static vs_status enlarge(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                         vs_random_key key, const vs_param_spec *to, float *out) {
  (void)tiling;
  (void)key;
  return vs_resize(theta, from->height, from->width, out, to->height, to->width);
}

const vs_param_kind vs_pixels_kind = {.count = count_numbers,
                                      .plan = make_plan,
                                      .render = render,
                                      .backward = backward,
                                      .enlarge = enlarge};
