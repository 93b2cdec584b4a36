/* What stages a run goes through: canvases, strokes, steps, rates, windows. */
#include "tests/support/unit.h"

#include <string.h>

#include "core/optimize/stages.h"

static vs_run_spec spec_of(vs_parametrization kind, int height, int width, int levels) {
  return (vs_run_spec){
      .param = {.kind = kind,
                .height = height,
                .width = width,
                .strokes = {.count = 50,
                            .segments = 2,
                            .width_min = 1.0,
                            .width_max = 5.0,
                            .rate_points = 1.0,
                            .rate_width = 0.1,
                            .rate_color = 0.03,
                            .rate_opacity = 0.02}},
      .palette = {.refine = 0.25},
      .multiscale = {.levels = levels, .tiling = {.rows = 2, .columns = 2}, .share = 0.1},
      .steps = 101};
}

static vs_pen_set two_pens(void) {
  return (vs_pen_set){.count = 2,
                      .pens = {{.name = "black", .width_mm = 0.4},
                               {.name = "red", .color = {1, 0, 0}, .width_mm = 0.4}}};
}

/* Steps follow each other without a gap, and canvases grow to the run's own. */
static vs_stages check(const vs_run_spec *spec, int count) {
  vs_stages stages;
  vs_stages_of(spec, &stages);
  assert_int_equal(stages.count, count);
  int steps = 0;
  for (int i = 0; i < count; i++) {
    const vs_stage *stage = &stages.list[i];
    assert_int_equal(stage->first_step, steps);
    assert_true(stage->steps >= 0);
    steps += stage->steps;
    assert_int_equal(stage->kind == VS_STAGE_FREE, i == 0);
    assert_int_equal(stage->param.kind, spec->param.kind);
    if (i == 0) continue;
    assert_true(stage->param.height >= stages.list[i - 1].param.height);
    assert_true(stage->param.width >= stages.list[i - 1].param.width);
    assert_true(stage->param.strokes.rate_color == 0.0 && stage->param.strokes.rate_opacity == 0.0);
    /* points move a quarter as far once the free stage is over */
    assert_close(stage->param.strokes.rate_points, stages.list[0].param.strokes.rate_points / 4.0,
                 1e-12);
    assert_true(stage->param.strokes.rate_width == spec->param.strokes.rate_width);
  }
  assert_int_equal(vs_stages_steps(&stages), steps);
  const vs_param_spec *last = &stages.list[count - 1].param;
  assert_true(last->height == spec->param.height && last->width == spec->param.width);
  const vs_window window = vs_stages_window(spec);
  assert_true(window.height <= stages.list[0].param.height);
  assert_true(window.width <= stages.list[0].param.width);
  return stages;
}

static void a_picture_has_one_stage(void **state) {
  (void)state;
  for (int levels = 0; levels <= 1; levels++) {
    vs_run_spec spec = spec_of(VS_PARAM_FOURIER, 96, 64, levels);
    spec.palette.colors = 3; /* of no use to what has no strokes */
    spec.palette.pens = two_pens();
    const vs_stages stages = check(&spec, 1);
    assert_int_equal(stages.list[0].steps, 101);
    const vs_window window = vs_stages_window(&spec);
    assert_true(window.height == 96 && window.width == 64);
  }
}

static void sizes_follow_from_tiles(void **state) {
  (void)state;
  static const struct {
    int height, width, levels, rows, columns;
    double overlap;
    int first_height, first_width;
  } table[] = {
      {96, 64, 2, 2, 2, 0.0, 48, 32},     {97, 64, 2, 2, 2, 0.0, 49, 32}, /* rounded up */
      {288, 288, 3, 3, 3, 0.0, 32, 32},   {512, 512, 4, 2, 2, 0.0, 64, 64},
      {336, 224, 2, 3, 1, 0.1, 120, 224}, /* 3 tiles that overlap by 10% are 2.8 sides */
      {150, 150, 2, 2, 2, 0.5, 100, 100}, {225, 100, 3, 2, 1, 0.5, 100, 100},
      {1024, 1024, 6, 2, 2, 0.0, 32, 32},
  };
  for (size_t k = 0; k < sizeof table / sizeof table[0]; k++) {
    vs_run_spec spec = spec_of(VS_PARAM_STROKES, table[k].height, table[k].width, table[k].levels);
    spec.multiscale.tiling.rows = table[k].rows;
    spec.multiscale.tiling.columns = table[k].columns;
    spec.multiscale.tiling.overlap = table[k].overlap;
    const vs_stages stages = check(&spec, table[k].levels);
    assert_int_equal(stages.list[0].param.height, table[k].first_height);
    assert_int_equal(stages.list[0].param.width, table[k].first_width);
    int strokes = 50;
    for (int i = 0; i < stages.count; i++, strokes *= table[k].rows * table[k].columns) {
      assert_int_equal(stages.list[i].param.strokes.count, strokes);
      assert_int_equal(stages.list[i].steps, i == 0 ? 101 : 10);
      if (i > 0) assert_int_equal(stages.list[i].kind, VS_STAGE_ENLARGED);
    }
    /* Tiles leave no part of the larger canvas bare. */
    for (int i = 1; i < stages.count; i++) {
      const double tiles = table[k].rows - (table[k].rows - 1) * table[k].overlap;
      assert_true(tiles * stages.list[i - 1].param.height >= stages.list[i].param.height - 1e-6);
    }
    const vs_window window = vs_stages_window(&spec);
    assert_true(window.height == table[k].first_height && window.width == table[k].first_width);
  }
}

static void colours_are_reduced_before_pictures_grow(void **state) {
  (void)state;
  vs_run_spec spec = spec_of(VS_PARAM_STROKES, 128, 128, 3);
  spec.palette.colors = 3;
  vs_stages stages = check(&spec, 4);
  assert_int_equal(stages.list[1].kind, VS_STAGE_PENS);
  assert_int_equal(stages.list[1].steps, 25); /* a quarter of 101, rounded */
  assert_int_equal(stages.list[1].param.height, 32);
  assert_int_equal(stages.list[2].param.height, 64);
  assert_true(stages.list[0].param.strokes.rate_color == 0.03);
  assert_true(stages.list[0].param.strokes.rate_opacity == 0.02);

  spec.palette = (vs_palette_spec){.pens = two_pens(), .refine = 0.0};
  spec.param.strokes.color = VS_STROKE_PALETTE;
  spec.multiscale.share = 0.0;
  stages = check(&spec, 4);
  assert_int_equal(vs_stages_steps(&stages), 101);
  assert_int_equal(stages.list[0].param.strokes.pens.count, 2);
  assert_int_equal(stages.list[0].param.strokes.color, VS_STROKE_PALETTE);
  for (int i = 1; i < 4; i++) /* no logits from there on */
    assert_int_not_equal(stages.list[i].param.strokes.color, VS_STROKE_PALETTE);

  spec.palette = (vs_palette_spec){0};
  spec.param.strokes.color = VS_STROKE_BLACK;
  stages = check(&spec, 3);
  assert_true(stages.list[0].param.strokes.rate_color == 0.0);
}

static void a_continued_run_begins_with_its_pens(void **state) {
  (void)state;
  vs_run_spec spec = spec_of(VS_PARAM_STROKES, 64, 64, 1);
  spec.palette.pens = two_pens();
  spec.is_continued = true;
  const vs_stages stages = check(&spec, 2);
  assert_int_equal(stages.list[0].steps, 0);
  assert_int_equal(stages.list[1].steps, 25);
}

static void a_crop_is_seen_of_every_canvas(void **state) {
  (void)state;
  vs_run_spec spec = spec_of(VS_PARAM_STROKES, 96, 160, 2);
  static const int crops[][3] = {{0, 48, 80}, {32, 32, 32}, {64, 48, 64}, {500, 48, 80}};
  for (size_t k = 0; k < 4; k++) {
    spec.transforms.crop = crops[k][0];
    const vs_stages stages = check(&spec, 2);
    const vs_window window = vs_stages_window(&spec);
    assert_int_equal(window.height, crops[k][1]);
    assert_int_equal(window.width, crops[k][2]);
    const double longer = fmax(window.height, window.width);
    assert_close(stages.list[0].param.strokes.rate_points, longer / 224.0, 1e-12);
  }
}

/* Around the pens' at first, exactly theirs once they are chosen; on A6 with margins of 8 mm and a
 * line of .8 a canvas of 128 px is 88.2 mm wide. */
static void widths_can_be_those_of_pens(void **state) {
  (void)state;
  vs_run_spec spec = spec_of(VS_PARAM_STROKES, 128, 128, 1);
  spec.param.strokes.width_min = spec.param.strokes.width_max = 0.0;
  spec.plot = (vs_plot_spec){.page = "A6", .margin_mm = 8.0, .pen_mm = 0.8};
  const double mm_per_px = (105.0 - 2 * 8.0 - 0.8) / 128.0;
  vs_stages stages;
  assert_true(vs_stages_by_pen(&spec));
  assert_close(vs_stages_mm_per_px(&spec), mm_per_px, 1e-12);
  vs_stages_of(&spec, &stages); /* no pens: plot.pen */
  const vs_strokes_spec *strokes = &stages.list[0].param.strokes;
  assert_true(strokes->width_min < 0.8 / mm_per_px && strokes->width_max > 0.8 / mm_per_px);
  assert_close(strokes->width_min * strokes->width_max, pow(0.8 / mm_per_px, 2), 1e-9);
  assert_int_equal(stages.count, 1);

  spec.palette.pens = two_pens();
  spec.palette.pens.pens[1].width_mm = 0.8;
  vs_stages_of(&spec, &stages);
  assert_int_equal(stages.count, 2);
  assert_true(stages.list[0].param.strokes.width_min < 0.4 / mm_per_px &&
              stages.list[0].param.strokes.width_max > 0.8 / mm_per_px);
  assert_close(stages.list[1].param.strokes.width_min, 0.4 / mm_per_px, 1e-9);
  assert_close(stages.list[1].param.strokes.width_max, 0.8 / mm_per_px, 1e-9);
  assert_true(stages.list[1].param.strokes.rate_width == 0.0);

  spec.param.strokes.color = VS_STROKE_AUTO; /* palette where there are pens, else free */
  vs_stages_of(&spec, &stages);
  assert_int_equal(stages.list[0].param.strokes.color, VS_STROKE_PALETTE);
  assert_int_equal(stages.list[0].param.strokes.pens.count, 2);
  spec.palette.pens.count = 0;
  vs_stages_of(&spec, &stages);
  assert_int_equal(stages.list[0].param.strokes.color, VS_STROKE_FREE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_picture_has_one_stage),
      cmocka_unit_test(sizes_follow_from_tiles),
      cmocka_unit_test(colours_are_reduced_before_pictures_grow),
      cmocka_unit_test(a_continued_run_begins_with_its_pens),
      cmocka_unit_test(a_crop_is_seen_of_every_canvas),
      cmocka_unit_test(widths_can_be_those_of_pens),
  };
  return cmocka_run_group_tests_name("stages", tests, NULL, NULL);
}
