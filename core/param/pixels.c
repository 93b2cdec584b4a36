/* pixels.c - every pixel for itself: image = sigmoid(theta), theta (H,W,3). */
#include <string.h>

#include "core/image/resize.h"
#include "core/param/contrast.h"
#include "core/param/param_kind.h"

typedef struct pixels {
  size_t count;
  vs_contrast contrast;
} pixels;

static size_t count_numbers(const vs_param_spec *spec) {
  return (size_t)spec->height * (size_t)spec->width * 3;
}

static void *make_plan(const vs_param_spec *spec, int threads, vs_arena *arena) {
  (void)threads;
  pixels *self = vs_arena_take(arena, 1, sizeof *self);
  const size_t count = count_numbers(spec);
  const vs_contrast contrast = vs_contrast_plan(spec->contrast, count, arena);
  if (self != NULL) *self = (pixels){.count = count, .contrast = contrast};
  return self;
}

static void render(void *plan, const float *theta, float *image) {
  pixels *self = plan;
  memcpy(image, theta, self->count * sizeof *image);
  vs_contrast_apply(&self->contrast, image);
}

static void backward(void *plan, const float *image, const float *dimage, float *dtheta) {
  const pixels *self = plan;
  vs_contrast_backward(&self->contrast, image, dimage, dtheta);
}

static void fade(const vs_param_spec *spec, float keep, float *theta) {
  const size_t count = (size_t)spec->height * (size_t)spec->width;
  double sum[3] = {0.0, 0.0, 0.0};
  for (size_t p = 0; p < count; p++)
    for (size_t c = 0; c < 3; c++) sum[c] += (double)theta[3 * p + c];
  float mean[3];
  for (size_t c = 0; c < 3; c++) mean[c] = (float)(sum[c] / (double)count);
  for (size_t p = 0; p < count; p++)
    for (size_t c = 0; c < 3; c++) theta[3 * p + c] = mean[c] + keep * (theta[3 * p + c] - mean[c]);
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
                                      .enlarge = enlarge,
                                      .fade = fade};
