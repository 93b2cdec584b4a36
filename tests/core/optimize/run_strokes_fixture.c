/* run_strokes_fixture.c - one spec that all tests of runs of strokes change a little. */
#include "tests/core/optimize/run_strokes_fixture.h"

#include "core/tensor/blas.h"
#include "tests/support/net_fixture.h"

vs_weights small_weights;

int set_up(void **state) {
  (void)state;
  if (vs_blas_init() != VS_OK) return 1;
  fixture_weights(&small_weights, 3);
  return 0;
}

int tear_down(void **state) {
  (void)state;
  vs_weights_clear(&small_weights);
  return 0;
}

vs_run_spec stroke_spec(void) {
  vs_run_spec spec = {
      .objective = {.tap = vs_vgg16_find_tap("relu2_2"), .channel = 3},
      .param = {.kind = VS_PARAM_STROKES,
                .height = 48,
                .width = 40,
                .init_sd = 0.01,
                .strokes = {.count = 15,
                            .segments = 2,
                            .width_min = 1.0,
                            .width_max = 5.0,
                            .opacity = 1.0,
                            .paper = {1, 1, 1},
                            .rate_points = 3.0,
                            .rate_width = 0.1,
                            .rate_color = 0.05,
                            .rate_opacity = 0.01,
                            .momentum = 0.5}},
      .palette = {.refine = 0.5},
      .multiscale =
          {.levels = 1,
           .tiling = {.rows = 2, .columns = 2, .flip = true, .turn = true, .jitter = 0.05},
           .share = 0.25},
      .transforms = {.pad = 2, .jitter = 2, .scale_min = 0.95, .scale_max = 1.05, .rotate = 5},
      .adam = {0.05, 0.9, 0.999, 1e-8},
      .style_image = "builtin:mondrian",
      .steps = 24,
      .rescue_steps = 16,
      .stream = 77,
      .log_every = 5,
      .snapshot_steps = {0},
      .snapshot_count = 1,
      .plot = {.page = "A4", .margin_mm = 10.0, .pen_mm = 0.4},
  };
  spec.objective.style_taps[vs_vgg16_find_tap("relu1_2")] = true;
  return spec;
}

vs_pen_set three_pens(void) {
  return (vs_pen_set){.count = 3,
                      .pens = {{.name = "black", .color = {0.1f, 0.1f, 0.1f}, .width_mm = 0.3},
                               {.name = "red", .color = {0.8f, 0.1f, 0.2f}, .width_mm = 0.5},
                               {.name = "blue", .color = {0.1f, 0.3f, 0.9f}, .width_mm = 0.8}}};
}

vs_run *finished(const vs_run_spec *spec, int threads) {
  vs_run *run;
  assert_ok(vs_run_new(&run, spec, &small_weights, VS_CONV_FAST, threads));
  assert_ok(vs_run_execute(run, NULL, NULL));
  return run;
}
