/* run_score.c - what a canvas is worth: seen through the fixed views, at any time of a run. */
#include <string.h>

#include "core/optimize/run_internal.h"

/* The fixed views: runs of a group are compared on the same, whatever they trained on. */
static void show_view(vs_run *run, int view, vs_affine *map) {
  const int height = run->stage->param.height, width = run->stage->param.width;
  *map = vs_transform_eval_view(view, run->spec.transforms.pad, height, width, &run->window);
  vs_transform_apply(map, run->canvas, height, width, run->view, run->view_height, run->view_width,
                     run->threads);
}

static int count_views(const vs_run *run) {
  const vs_param_spec *param = &run->stage->param;
  return vs_transform_eval_views(param->height, param->width, &run->window);
}

static vs_score score_views(vs_run *run, int views) {
  const vs_balance balance = {.excitation = 1.0};
  vs_score score = {0.0, 0.0, 0.0};
  for (int v = 0; v < views; v++) {
    vs_affine map;
    show_view(run, v, &map);
    const vs_losses losses = vs_objective_evaluate(run->objective, run->view, &balance, NULL);
    score.exc += losses.exc_loss / views;
    score.pre += losses.exc_pre / views;
    score.style += losses.style_dist / views;
  }
  return score;
}

vs_score vs_run_score(vs_run *run) {
  return score_views(run, count_views(run));
}

vs_score vs_run_score_whole(vs_run *run, const float *theta) {
  vs_param_render(run->param, theta, run->canvas);
  return score_views(run, vs_run_score_whole_views(&run->stage->param, &run->window));
}

vs_score vs_run_score_theta(vs_run *run, const float *theta) {
  vs_param_render(run->param, theta, run->canvas);
  return vs_run_score(run);
}

static void add_to(float *sum, const float *terms, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += terms[i];
}

int vs_run_score_whole_views(const vs_param_spec *canvas, const vs_window *window) {
  if (window->height == canvas->height && window->width == canvas->width) return 1; /* the first */
  return vs_transform_eval_views(canvas->height, canvas->width, window);
}

double vs_run_score_excitation_gradient(vs_run *run, const float *theta) {
  const vs_balance balance = {.excitation = 1.0};
  const vs_param_spec *param = &run->stage->param;
  const int views = vs_run_score_whole_views(param, &run->window);
  const size_t count = vs_param_count(param);
  double exc = 0.0;
  vs_param_render(run->param, theta, run->canvas);
  memset(run->dtheta, 0, count * sizeof *run->dtheta);
  for (int v = 0; v < views; v++) {
    vs_affine map;
    show_view(run, v, &map);
    exc += vs_objective_evaluate(run->objective, run->view, &balance, run->dview).exc_loss / views;
    vs_transform_backward(&map, run->dview, run->view_height, run->view_width, run->dcanvas,
                          param->height, param->width, run->threads);
    vs_param_backward(run->param, run->canvas, run->dcanvas, run->first_moment);
    add_to(run->dtheta, run->first_moment, count);
  }
  return exc;
}
