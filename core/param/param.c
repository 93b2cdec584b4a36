#include "core/param/param.h"

#include <assert.h>
#include <math.h>

#include "core/param/kinds.h"

struct vs_param {
  vs_param_spec spec;
  const vs_param_kind *kind;
  void *plan;
};

static const vs_param_kind *kind_of(vs_parametrization kind) {
  return kind == VS_PARAM_FOURIER ? &vs_param_fourier : &vs_param_pixels;
}

const char *vs_parametrization_name(vs_parametrization kind) {
  return kind_of(kind)->name;
}

size_t vs_param_count(const vs_param_spec *spec) {
  return kind_of(spec->kind)->count(spec);
}

vs_param *vs_param_new(const vs_param_spec *spec, vs_arena *arena) {
  assert(spec->height > 0 && spec->width > 0 && spec->init_sd > 0.0 && spec->decay >= 0.0);
  vs_param *param = vs_arena_take(arena, 1, sizeof *param);
  const vs_param_kind *kind = kind_of(spec->kind);
  void *plan = kind->plan(spec, arena);
  if (param != NULL) *param = (vs_param){.spec = *spec, .kind = kind, .plan = plan};
  return param;
}

void vs_param_start(const vs_param *param, vs_random_key key, float *theta) {
  vs_random_fill_normal(key, (float)param->spec.init_sd, theta, vs_param_count(&param->spec));
}

void vs_param_render(vs_param *param, const float *theta, float *image) {
  param->kind->render(param->plan, theta, image);
}

void vs_param_backprop(vs_param *param, const float *image, const float *dimage, float *dtheta) {
  param->kind->backprop(param->plan, image, dimage, dtheta);
}

void vs_param_squash(float *values, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] = 1.0f / (1.0f + expf(-values[i]));
}
