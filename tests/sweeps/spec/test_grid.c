/* The grid: its order, the channels of each layer, and what a run gets of it. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "tests/sweeps/spec/bound_sweep.h"

static const char *layer_of(const vs_sweep_run *run) {
  return vs_vgg16_tap(run->spec.objective.tap)->name;
}

/* --- order ------------------------------------------------------------------------------------ */

static void lambda_is_fastest_and_the_layer_slowest(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep("grid:\n"
                               "  seed: [5, 6]\n"
                               "  lambda: [0, 50]\n"
                               "  parametrization: [pixels, fourier]\n"
                               "  channel: [9, 2]\n"
                               "  optimizer.lr: [0.1, 5e-2, 1]\n"
                               "  layer: [relu4_3, conv3_1]\n",
                               NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 2 * 2 * 2 * 3 * 2 * 2);
  size_t index = 0;
  static const char *const layers[] = {"relu4_3", "conv3_1"};
  static const int channels[] = {9, 2};
  static const vs_parametrization kinds[] = {VS_PARAM_PIXELS, VS_PARAM_FOURIER};
  static const double rates[] = {0.1, 0.05, 1.0}, lambdas[] = {0.0, 50.0};
  for (size_t l = 0; l < 2; l++)
    for (size_t c = 0; c < 2; c++)
      for (size_t p = 0; p < 2; p++)
        for (size_t r = 0; r < 3; r++)
          for (uint64_t seed = 5; seed <= 6; seed++)
            for (size_t b = 0; b < 2; b++) {
              vs_sweep_run run = run_at(sweep, index++);
              assert_string_equal(layer_of(&run), layers[l]);
              assert_int_equal(run.spec.objective.channel, channels[c]);
              assert_int_equal(run.spec.param.kind, kinds[p]);
              assert_true(run.spec.adam.learning_rate == rates[r]);
              assert_int_equal(run.seed, seed);
              assert_true(run.spec.lambda == lambdas[b] && run.spec.balance == VS_BALANCE_LAMBDA);
            }
  assert_int_equal(vs_sweep_axis_count(sweep), 2);
  assert_string_equal(vs_sweep_axis(sweep, 0)->name, "image.parametrization");
  assert_false(vs_sweep_axis(sweep, 0)->is_number);
  assert_string_equal(vs_sweep_axis(sweep, 1)->name, "optimizer.lr");
  assert_true(vs_sweep_axis(sweep, 1)->is_number);
  vs_axis_value value;
  vs_sweep_get_axis(sweep, 4, 1, &value);
  assert_true(value.number == 0.05);
  assert_string_equal(value.text, "5e-2"); /* as written */
  vs_sweep_get_axis(sweep, 12, 0, &value);
  assert_true(isnan(value.number));
  assert_string_equal(value.text, "fourier");
  vs_sweep_free(sweep);
}

static void axes_take_lists_as_values(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep("grid:\n"
                               "  layer: [relu4_3]\n"
                               "  channel: [0]\n"
                               "  image.size: [64, [32, 96]]\n"
                               "  objective.style.layers: [[relu2_2], [relu3_1, relu1_1]]\n"
                               "  transforms.scale: [[1, 1], [0.9, 1.1]]\n"
                               "  norm: [frobenius, mse]\n",
                               NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 16);
  vs_sweep_run run = run_at(sweep, 15);
  assert_int_equal(run.spec.param.height, 32);
  assert_int_equal(run.spec.param.width, 96);
  assert_true(run.spec.transforms.scale_min == 0.9 && run.spec.transforms.scale_max == 1.1);
  assert_int_equal(run.spec.objective.style_norm, VS_STYLE_MSE);
  for (int tap = 0; tap < VS_VGG_TAPS; tap++)
    assert_int_equal(run.spec.objective.style_taps[tap],
                     tap == vs_vgg16_find_tap("relu1_1") || tap == vs_vgg16_find_tap("relu3_1"));
  vs_axis_value value;
  vs_sweep_get_axis(sweep, 15, 1, &value);
  assert_string_equal(value.text, "[relu3_1, relu1_1]");
  assert_false(vs_sweep_axis(sweep, 0)->is_number); /* not every size is one number */
  vs_sweep_free(sweep);
}

static void defaults_reach_the_spec(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep("grid: {layer: [relu4_3], channel: [7]}\n", NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 1);
  vs_run_spec spec = run_at(sweep, 0).spec;
  assert_int_equal(spec.param.height, 224);
  assert_int_equal(spec.param.width, 224);
  assert_int_equal(spec.param.kind, VS_PARAM_FOURIER);
  assert_true(spec.param.decay == 1.0 && spec.param.init_sd == 0.5);
  assert_int_equal(spec.steps, 120);
  assert_int_equal(spec.rescue_steps, 16);
  assert_string_equal(spec.style_image, "builtin:mondrian");
  assert_true(spec.objective.style_taps[vs_vgg16_find_tap("relu1_1")]);
  assert_int_equal(spec.objective.style_norm, VS_STYLE_FROBENIUS);
  assert_true(spec.objective.tv == 0.0 && spec.objective.l2 == 0.0);
  assert_int_equal(spec.transforms.pad, 0);
  assert_true(spec.transforms.jitter == 8.0 && spec.transforms.rotate == 5.0);
  assert_true(spec.transforms.scale_min == 0.95 && spec.transforms.scale_max == 1.05);
  assert_true(spec.objective.tv_strength == 0.05 && spec.objective.l2_strength == 0.0);
  assert_true(spec.adam.learning_rate == 0.25 && spec.adam.epsilon == 1e-8);
  assert_true(spec.schedule == VS_SCHEDULE_COSINE && spec.weight_decay == 0.2);
  assert_true(spec.adam.beta1 == 0.9 && spec.adam.beta2 == 0.999);
  assert_true(spec.lambda == 0.0 && spec.balance == VS_BALANCE_LAMBDA);
  assert_int_equal(spec.log_every, 10);
  assert_int_equal(spec.snapshot_count, 0);
  vs_sweep_free(sweep);
  /* a weight of one's own takes the place of a share of the excitation */
  sweep = make_sweep("regularizers: {tv: 2}\ngrid: {layer: [relu4_3], channel: [7]}\n", NULL, 0);
  spec = run_at(sweep, 0).spec;
  assert_true(spec.objective.tv == 2.0 && spec.objective.tv_strength == 0.0);
  vs_sweep_free(sweep);
}

/* The values of a drawing's keys, of every type, in their places. */
static void drawings_reach_the_spec(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep(
      "image: {parametrization: strokes, size: [96, 64]}\n"
      "strokes: {count: 30, segments: 3, closed: true, width: [0.5, 9], color: palette,\n"
      "          opacity: 0.5, paper: '#ff8000', lr_points: 2, lr_width: 0.2, lr_color: 0.04,\n"
      "          lr_opacity: 0.01}\n"
      "palette: {pens: [[black, '#111', 0.3], {name: red, color: '#cc2222', width: 0.5}],\n"
      "          refine: 1.5}\n"
      "multiscale: {levels: 2, tiles: [3, 2], overlap: 0.125, flip: false, turn: false,\n"
      "             shift: 0, share: 0.75}\n"
      "plot: {page: Letter-landscape, margin: 12.3, pen: 0.7}\n"
      "transforms: {crop: 32}\n"
      "optimizer: {schedule: constant}\n"
      "grid: {layer: [relu4_3], channel: [7]}\n",
      NULL, 0);
  const vs_run_spec spec = run_at(sweep, 0).spec;
  const vs_strokes_spec *strokes = &spec.param.strokes;
  assert_true(strokes->count == 30 && strokes->segments == 3 && strokes->closed);
  assert_true(strokes->width_min == 0.5 && strokes->width_max == 9.0 && strokes->opacity == 0.5);
  assert_int_equal(strokes->color, VS_STROKE_PALETTE);
  assert_true(strokes->paper[0] == 1.0f && strokes->paper[1] == 128.0f / 255.0f &&
              strokes->paper[2] == 0.0f);
  assert_true(strokes->rate_points == 2.0 && strokes->rate_width == 0.2 &&
              strokes->rate_color == 0.04 && strokes->rate_opacity == 0.01);
  assert_true(spec.palette.colors == 0 && spec.palette.refine == 1.5);
  assert_int_equal(spec.palette.pens.count, 2);
  assert_string_equal(spec.palette.pens.pens[1].name, "red");
  assert_true(spec.palette.pens.pens[1].width_mm == 0.5 &&
              spec.palette.pens.pens[0].color[0] == 17.0f / 255.0f);
  const vs_tiling *tiling = &spec.multiscale.tiling;
  assert_true(spec.multiscale.levels == 2 && spec.multiscale.share == 0.75);
  assert_true(tiling->rows == 3 && tiling->columns == 2 && tiling->overlap == 0.125);
  assert_true(!tiling->flip && !tiling->turn && tiling->jitter == 0.0);
  assert_string_equal(spec.plot.page, "Letter-landscape"); /* the longest: its zero fits as well */
  assert_true(spec.plot.margin_mm == 12.3 && spec.plot.pen_mm == 0.7);
  assert_int_equal(spec.transforms.crop, 32);
  assert_int_equal(spec.schedule, VS_SCHEDULE_CONSTANT);
  assert_string_equal(spec.start_drawing, "random");
  vs_sweep_free(sweep);
}

#define PENS TEST_SCRATCH_DIR "/grid_pens.yaml"

static void make_pens(void) {
  static const char pens[] = "pens:\n- {name: black, color: '#111111', width: 0.3}\n"
                             "- {name: red, color: '#cc2222', width: 0.5}\n";
  assert_ok(vs_file_write(PENS, pens, sizeof pens - 1));
}

/* From a file or listed, in brackets or braces, in short colours or long: the same pens. */
static void pens_are_named_by_what_they_are(void **state) {
  (void)state;
  make_pens();
  static char *const ways[] = {"palette.pens=" PENS,
                               "palette.pens=[[black, '#111', 0.3], [red, '#CC2222', 0.50]]",
                               ("palette.pens=[{color: '#111111', width: 3e-1, name: black}, "
                                "{name: red, width: 0.5, color: '#c22'}]")};
  char id[VS_ID] = "";
  for (size_t i = 0; i < COUNT(ways); i++) {
    char *const overrides[] = {"image.parametrization=strokes", ways[i]};
    vs_sweep *sweep = make_sweep(small, overrides, 2);
    const vs_sweep_run run = run_at(sweep, 0);
    char *spec = vs_canonical_of_spec(sweep, 0);
    assert_non_null(strstr(spec, "\"palette.pens\":[[\"black\",\"#111111\",0.29999999999999999],"
                                 "[\"red\",\"#cc2222\",0.5]]"));
    free(spec);
    assert_int_equal(run.spec.palette.pens.count, 2);
    if (i > 0) assert_string_equal(run.id, id);
    memcpy(id, run.id, sizeof id);
    vs_sweep_free(sweep);
  }
}

static void pens_can_be_an_axis(void **state) {
  (void)state;
  vs_sweep *sweep =
      make_sweep("image: {parametrization: strokes}\n"
                 "grid:\n"
                 "  layer: [relu4_3]\n"
                 "  channel: [7]\n"
                 "  palette.pens: [none, black, [{name: a, color: '#fff', width: 1}],\n"
                 "                 [[b, '#000', 0.25]]]\n",
                 NULL, 0);
  static const char *const texts[] = {"none", "black", "[{name: a, color: #fff, width: 1}]",
                                      "[[b, #000, 0.25]]"};
  static const char *const names[] = {"", "black", "a", "b"};
  assert_int_equal(vs_sweep_count(sweep), 4);
  for (size_t i = 0; i < 4; i++) {
    const vs_sweep_run run = run_at(sweep, i);
    vs_axis_value value;
    vs_sweep_get_axis(sweep, i, 0, &value);
    assert_string_equal(value.text, texts[i]);
    assert_int_equal(run.spec.palette.pens.count, i > 0);
    assert_string_equal(run.spec.palette.pens.pens[0].name, names[i]);
    for (size_t j = 0; j < i; j++) assert_string_not_equal(run.id, run_at(sweep, j).id);
  }
  vs_sweep_free(sweep);
  static const char twice[] = "grid: {layer: [pool1], channel: 0, palette.pens: [black, "
                              "[[black, '#111', 0.3]]]}\n";
  assert_ok(vs_sweep_parse(&sweep, twice, strlen(twice), "s.yaml", NULL, 0));
  assert_int_equal(bind_by_file(sweep, SHA, VS_FAMILY_TORCHVISION), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), "are the same set of pens"));
  vs_sweep_free(sweep);
}

/* What a file of pens holds is known when it is bound, and then no run has begun. */
static void pens_of_files_are_checked_when_they_are_bound(void **state) {
  (void)state;
  static const struct {
    const char *pens, *message;
    vs_status status;
  } cases[] = {
      {"absent.yaml", "s.yaml:1:17: palette.pens: ", VS_ERR_IO},
      {"no-such-set", "no set of pens is called \"no-such-set\"", VS_ERR_USAGE},
      {PENS, "red: a line of 0.5 mm is wider than what plot.margin leaves", VS_ERR_USAGE},
  };
  make_pens();
  for (size_t i = 0; i < COUNT(cases); i++) {
    char text[512];
    snprintf(text, sizeof text,
             "palette: {pens: %s}\nplot: {page: A6, margin: 52.27}\n"
             "grid: {layer: [pool1], channel: 0}\n",
             cases[i].pens);
    vs_sweep *sweep;
    assert_ok(vs_sweep_parse(&sweep, text, strlen(text), "s.yaml", NULL, 0));
    assert_int_equal(bind_by_file(sweep, SHA, VS_FAMILY_TORCHVISION), cases[i].status);
    if (strstr(vs_status_message(), cases[i].message) == NULL)
      fail_msg("no \"%s\" in: %s", cases[i].message, vs_status_message());
    assert_non_null(strstr(vs_status_message(), "palette.pens"));
    vs_sweep_free(sweep);
  }
}

/* --- channels --------------------------------------------------------------------------------- */

static void each_layer_has_its_own_channels(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep(
      "grid: {layer: [conv1_2, pool5, relu2_1], channel: all, lambda: [0, 1]}\n", NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 2 * (64 + 512 + 128));
  size_t index = 0;
  static const char *const layers[] = {"conv1_2", "pool5", "relu2_1"};
  for (size_t l = 0; l < 3; l++) {
    int channels = vs_vgg16_tap(vs_vgg16_find_tap(layers[l]))->channels;
    for (int channel = 0; channel < channels; channel++)
      for (int lambda = 0; lambda <= 1; lambda++) {
        vs_sweep_run run = run_at(sweep, index++);
        assert_string_equal(layer_of(&run), layers[l]);
        assert_int_equal(run.spec.objective.channel, channel);
        assert_true(run.spec.lambda == lambda);
      }
  }
  vs_sweep_free(sweep);
}

static void ranges_are_half_open(void **state) {
  (void)state;
  vs_sweep *sweep =
      make_sweep("grid: {layer: [relu4_3], channel: {range: [500, 512, 5]}}\n", NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 3);
  assert_int_equal(run_at(sweep, 0).spec.objective.channel, 500);
  assert_int_equal(run_at(sweep, 2).spec.objective.channel, 510);
  vs_sweep_free(sweep);
}

static void samples_are_drawn_sorted_and_without_repetition(void **state) {
  (void)state;
  vs_sweep *sweep = make_sweep(
      "grid: {layer: [relu3_3, conv4_3, relu4_3], channel: {sample: 16, seed: 1}}\n", NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 48);
  /* Computed apart from this program. Stored results depend on them: they never change. */
  static const int conv4[16] = {10,  77,  132, 149, 195, 200, 210, 230,
                                255, 312, 344, 397, 451, 468, 478, 508};
  for (size_t i = 0; i < 16; i++) {
    assert_int_equal(run_at(sweep, 16 + i).spec.objective.channel, conv4[i]);
    assert_int_equal(run_at(sweep, 32 + i).spec.objective.channel, conv4[i]);
    if (i == 0) continue;
    assert_true(run_at(sweep, i).spec.objective.channel >
                run_at(sweep, i - 1).spec.objective.channel);
    assert_true(run_at(sweep, i).spec.objective.channel < 256);
  }
  vs_sweep_free(sweep);
  sweep = make_sweep("grid: {layer: [conv1_1], channel: {sample: 64, seed: 9}}\n", NULL, 0);
  assert_int_equal(vs_sweep_count(sweep), 64);
  for (int i = 0; i < 64; i++) assert_int_equal(run_at(sweep, (size_t)i).spec.objective.channel, i);
  vs_sweep_free(sweep);
}

/* Ids and places are as if the file had 0 in front; the others know the run of 0 of their group. */
static void strength_0_is_added(void **state) {
  (void)state;
  char *const without[] = {"grid.strength=1,2", "grid.seed=1,2"}, *const with[] = {
                                                                      "grid.strength=0,1,2",
                                                                      "grid.seed=1,2"};
  vs_sweep *added = make_sweep(small, without, 2), *written = make_sweep(small, with, 2);
  assert_int_equal(vs_sweep_count(added), 12);
  assert_int_equal(vs_sweep_count(written), 12);
  assert_int_equal(vs_sweep_group_count(added), 4);
  for (size_t i = 0; i < 12; i++) {
    assert_string_equal(run_at(added, i).id, run_at(written, i).id);
    assert_true(run_at(added, i).spec.strength == (double)(i % 3));
    assert_int_equal(vs_sweep_group(added, i), i / 3);
    assert_int_equal(vs_sweep_baseline(added, i), i - i % 3);
    assert_string_equal(run_at(added, i).group, run_at(added, i - i % 3).group);
  }
  vs_sweep_free(added);
  vs_sweep_free(written);
  char *const last[] = {"grid.strength=2,0"};
  written = make_sweep(small, last, 1);
  assert_int_equal(vs_sweep_baseline(written, 2), 3);
  vs_sweep_free(written);
  vs_sweep *alone; /* a run's own form stays one of a single run */
  assert_ok(
      vs_sweep_from_canonical(&alone, "{\"layer\":\"relu1_1\",\"channel\":1,\"strength\":2}"));
  assert_int_equal(vs_sweep_count(alone), 1);
  assert_true(vs_sweep_baseline(alone, 0) == SIZE_MAX);
  vs_sweep_free(alone);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lambda_is_fastest_and_the_layer_slowest),
      cmocka_unit_test(axes_take_lists_as_values),
      cmocka_unit_test(defaults_reach_the_spec),
      cmocka_unit_test(drawings_reach_the_spec),
      cmocka_unit_test(pens_are_named_by_what_they_are),
      cmocka_unit_test(pens_can_be_an_axis),
      cmocka_unit_test(pens_of_files_are_checked_when_they_are_bound),
      cmocka_unit_test(each_layer_has_its_own_channels),
      cmocka_unit_test(ranges_are_half_open),
      cmocka_unit_test(samples_are_drawn_sorted_and_without_repetition),
      cmocka_unit_test(strength_0_is_added),
  };
  return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
