/* param.c - every call handed on to the kind of parametrization that the spec names
 * (param_kind.h). */
#include "core/param/param.h"

#include <assert.h>

#include "core/param/param_kind.h"
#include "core/param/strokes.h"

struct vs_param {
  vs_param_spec spec;
  const vs_param_kind *kind;
  void *plan;
};

const char *const vs_param_words[] = {[VS_PARAM_PIXELS] = "pixels",
                                      [VS_PARAM_FOURIER] = "fourier",
                                      [VS_PARAM_STROKES] = "strokes",
                                      NULL};

static const vs_param_kind *kind_of(vs_parametrization kind) {
  switch (kind) {
  case VS_PARAM_PIXELS:
    return &vs_pixels_kind;
  case VS_PARAM_FOURIER:
    return &vs_fourier_kind;
  case VS_PARAM_STROKES:
    return &vs_strokes_kind;
  }
  assert(false && "no such parametrization");
  return NULL;
}

size_t vs_param_count(const vs_param_spec *spec) {
  return kind_of(spec->kind)->count(spec);
}

vs_param *vs_param_new(const vs_param_spec *spec, int threads, vs_arena *arena) {
  assert(spec->height > 0 && spec->width > 0 && threads >= 1);
  vs_param *param = vs_arena_take(arena, 1, sizeof *param);
  const vs_param_kind *kind = kind_of(spec->kind);
  void *plan = kind->plan(spec, threads, arena);
  if (param != NULL) *param = (vs_param){.spec = *spec, .kind = kind, .plan = plan};
  return param;
}

int vs_param_blocks(const vs_param_spec *spec, double rate,
                    vs_param_block blocks[VS_PARAM_MAX_BLOCKS]) {
  const vs_param_kind *kind = kind_of(spec->kind);
  if (kind->blocks != NULL) return kind->blocks(spec, blocks);
  blocks[0] = (vs_param_block){.count = kind->count(spec), .rate = rate};
  return 1;
}

void vs_param_start(const vs_param *param, vs_random_key key, float *theta) {
  const vs_param_spec *spec = &param->spec;
  if (param->kind->start != NULL)
    param->kind->start(spec, key, theta);
  else
    vs_random_fill_normal(key, (float)spec->init_sd, theta, vs_param_count(spec));
}

void vs_param_anneal(vs_param *param, double progress) {
  if (param->kind->anneal != NULL) param->kind->anneal(param->plan, progress);
}

void vs_param_project(const vs_param *param, float *theta) {
  if (param->kind->project != NULL) param->kind->project(&param->spec, theta);
}

void vs_param_fade(const vs_param *param, double keep, float *theta) {
  assert(keep >= 0.0 && keep <= 1.0);
  if (param->kind->fade != NULL && keep < 1.0) param->kind->fade(&param->spec, (float)keep, theta);
}

vs_status vs_param_enlarge(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                           vs_random_key key, const vs_param_spec *to, float *out) {
  assert(from->kind == to->kind);
  return kind_of(from->kind)->enlarge(from, theta, tiling, key, to, out);
}

void vs_param_render(vs_param *param, const float *theta, float *image) {
  param->kind->render(param->plan, theta, image);
}

void vs_param_backward(vs_param *param, const float *image, const float *dimage, float *dtheta) {
  param->kind->backward(param->plan, image, dimage, dtheta);
}
