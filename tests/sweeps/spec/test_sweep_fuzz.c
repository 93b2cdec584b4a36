/* Damaged sweep files: whatever stands in one, the reader answers with a sweep that works or with a
 * message that can be shown. The sanitizers see what goes wrong inside. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/optimize/stages.h"
#include "core/strokes/drawing.h"
#include "sweeps/spec/sweep.h"
#include "tests/support/mutant.h"

#define EXAMPLES TEST_GOLDEN_DIR "/../../examples/"

enum { MUTANTS = 1200 }; /* 3 s with sanitizers */

/* Pieces that mean something here. */
// clang-format off
static const char *const pieces[] = {
    "grid", "layer: ", "channel: ", "lambda", "rho: ", "seed: ", "relu4_3", "512", "sample", "size",
    "[", "]", "{", "}", ", ", ": ", "- ", "\n", "\n  ", "\t", "#", "\"", "'", "? ", "| ", "> ",
    "&a ", "*a", "!!int ", "<<: ", "---\n", "...\n", "%YAML 1.1\n", "\xff", "\xc2\x9b",
    "\xef\xbb\xbf", "\\x1b", "null", "~", "true", "all", "-1", "1e999", "nan", ".inf", "0x1", "1_0",
    "99999999999999999999", "{range: [", "[[1, 1], [1, 2]]", "image.size: [64, [64, 96]]",
    "optimizer.lr", "builtin:", "snapshots: [0, 1, 2]", "strokes", "palette", "pens: ", "multiscale",
    "plot", "\"#fed\"", "'#12345'", "levels: 6", "tiles: [8, 1]", "[[a, '#000', 1]]", "colors: 32",
    "parametrization: strokes", "crop: 32", "Letter-landscape", "start: x.svg", "share: 100"};
// clang-format on
static const mutant_words words = {pieces, sizeof pieces / sizeof pieces[0], NULL};

/* Whatever was accepted can be planned: stages that the net can see, strokes that a drawing can
 * hold. */
static void check_stages(const vs_run_spec *spec) {
  vs_stages stages;
  vs_stages_of(spec, &stages);
  const vs_window window = vs_stages_window(spec);
  assert_true(window.height >= VS_VGG_MIN_SIDE && window.width >= VS_VGG_MIN_SIDE);
  assert_true(window.height + 2 * spec->transforms.pad <= VS_VGG_MAX_SIDE);
  assert_true(window.width + 2 * spec->transforms.pad <= VS_VGG_MAX_SIDE);
  const vs_param_spec *last = &stages.list[stages.count - 1].param;
  assert_true(last->height == spec->param.height && last->width == spec->param.width);
  assert_true(spec->snapshot_count == 0 ||
              spec->snapshot_steps[spec->snapshot_count - 1] <= vs_stages_steps(&stages));
  assert_non_null(memchr(spec->plot.page, '\0', sizeof spec->plot.page));
  if (spec->param.kind != VS_PARAM_STROKES) return;
  assert_in_range(last->strokes.count, 1, VS_DRAWING_MAX_STROKES);
  assert_true(spec->palette.colors <= spec->param.strokes.count);
  assert_true(spec->palette.colors == 0 || spec->palette.pens.count == 0);
}

static const vs_weights some_weights = {.family = VS_FAMILY_TORCHVISION, .digest = "0123"};

static void use(vs_sweep *sweep) {
  size_t count = vs_sweep_count(sweep);
  assert_true(count >= 1 && count <= VS_GRID_MAX_RUNS);
  assert_int_equal(vs_identity_bind(sweep, &some_weights, VS_CANONICAL_BY_DIGEST) == VS_OK ||
                       vs_status_message()[0] != '\0',
                   1);
  vs_sweep_run first, last;
  vs_sweep_get(sweep, 0, &first);
  vs_sweep_get(sweep, count - 1, &last);
  assert_in_range(last.spec.objective.channel, 0,
                  vs_vgg16_tap(last.spec.objective.tap)->channels - 1);
  assert_in_range(last.spec.param.height, VS_VGG_MIN_SIDE, VS_VGG_MAX_SIDE);
  check_stages(&last.spec);
  assert_true(last.spec.lambda >= 0 && last.spec.rho >= 0 && last.spec.steps >= 1);
  for (size_t axis = 0; axis < vs_sweep_axis_count(sweep); axis++) {
    vs_axis_value value;
    vs_sweep_get_axis(sweep, count - 1, axis, &value);
    assert_true(value.text[0] != '\0');
  }
  char *form = vs_canonical_of_sweep(sweep), *spec = vs_canonical_of_spec(sweep, count - 1);
  assert_non_null(form);
  assert_non_null(spec);
  free(form);
  free(spec);
}

/* One line or more, each beginning with the file, nothing that a terminal would obey. */
static void check_message(const char *message) {
  assert_true(message[0] != '\0');
  for (const char *line = message; line != NULL; line = strchr(line, '\n')) {
    if (*line == '\n') line++;
    assert_true(strncmp(line, "f.yaml:", 7) == 0 || strncmp(line, "... and ", 8) == 0);
  }
  for (const char *c = message; *c != '\0'; c++)
    if ((*c > 0 && *c < ' ' && *c != '\n') || *c == 0x7f)
      fail_msg("a control character in: %s", message);
}

static void damage(const char *path, uint32_t file_number, size_t *accepted) {
  char *text;
  size_t size;
  assert_ok(vs_file_read(path, MUTANT_BYTES, &text, &size));
  for (uint32_t i = 0; i < MUTANTS; i++) {
    mutant damaged = mutant_of(text, size);
    mutant_damage(&damaged, &words, file_number, i);
    vs_sweep *sweep;
    vs_status status = vs_sweep_parse(&sweep, damaged.text, damaged.size, "f.yaml", NULL, 0);
    if (status == VS_OK) {
      use(sweep);
      ++*accepted;
    } else {
      assert_int_equal(status, VS_ERR_USAGE);
      assert_null(sweep);
      check_message(vs_status_message());
    }
    vs_sweep_free(sweep);
  }
  free(text);
}

#define DRAWING TEST_SCRATCH_DIR "/fuzz_drawing.yaml"

/* A sweep of strokes, with every key that there is for them. */
static void write_drawing(void) {
  static const char text[] =
      "name: drawing\n"
      "image: {size: [512, 256], parametrization: strokes}\n"
      "strokes:\n"
      "  {count: 64, segments: 2, closed: false, width: [1, 6], color: palette, opacity: 0.75,\n"
      "   paper: '#ffffff', start: random, lr_points: 1, lr_width: 0.1, lr_color: 0.05,\n"
      "   lr_opacity: 0}\n"
      "palette: {pens: [[black, '#111111', 0.3], {name: red, color: '#c22', width: 0.3}],\n"
      "          refine: 0.5}\n"
      "multiscale: {levels: 3, tiles: [2, 2], overlap: 0.125, flip: true, turn: false,\n"
      "             shift: 0.05, share: 0.25}\n"
      "plot: {page: A3-landscape, margin: 15, pen: 0.4}\n"
      "objective: {steps: 40}\n"
      "transforms: {crop: 48, pad: 8}\n"
      "optimizer: {schedule: halving}\n"
      "grid: {layer: [relu4_3], channel: {range: [0, 4]}, lambda: [0, 50],\n"
      "       strokes.count: [16, 64]}\n"
      "log: {every: 10, snapshots: [0, 60]}\n";
  assert_ok(vs_file_write(DRAWING, text, sizeof text - 1));
}

static void damaged_files_are_read_or_refused(void **state) {
  (void)state;
  write_drawing();
  static const char *const files[] = {
      EXAMPLES "demo.yaml",     EXAMPLES "first.yaml",          EXAMPLES "rho.yaml",
      EXAMPLES "strength.yaml", EXAMPLES "relu4-mondrian.yaml", DRAWING};
  enum { FILES = sizeof files / sizeof files[0] };
  size_t accepted = 0;
  for (uint32_t i = 0; i < FILES; i++) damage(files[i], i, &accepted);
  /* Both ways are well trodden: comments and numbers can be damaged without harm. */
  assert_true(accepted > MUTANTS * FILES / 20 && accepted < MUTANTS * FILES / 2);
}

/* Overrides are damaged the same way; they reach the same checker by another door. */
static void damaged_overrides_are_read_or_refused(void **state) {
  (void)state;
  static const char *const overrides[] = {"grid.lambda=0,50",
                                          "grid.channel={range: [0, 8]}",
                                          "image={size: 64, sd: 0.5}",
                                          "weights=other.pth",
                                          "grid.style.layers=[[relu2_2], [relu3_3]]",
                                          "palette.pens=[[black, '#111', 0.3], [red, '#c22', 1]]",
                                          "strokes={count: 9, color: palette, paper: '#fed'}",
                                          "multiscale={levels: 3, tiles: [1, 3], overlap: 0.25}",
                                          "grid.palette.pens=none,black,stabilo-point-88",
                                          "plot={page: A6-landscape, margin: 40, pen: 0.5}"};
  static const char text[] = "seed: 1\ngrid: {layer: [relu4_3], channel: [7]}\n";
  for (uint32_t i = 0; i < MUTANTS; i++) {
    const char *base = overrides[i % (sizeof overrides / sizeof overrides[0])];
    mutant damaged = mutant_of(base, strlen(base));
    mutant_damage(&damaged, &words, 99, i);
    damaged.text[damaged.size < sizeof damaged.text ? damaged.size : damaged.size - 1] = '\0';
    char *list[] = {damaged.text};
    vs_sweep *sweep;
    vs_status status = vs_sweep_parse(&sweep, text, sizeof text - 1, "f.yaml", list, 1);
    if (status == VS_OK) {
      use(sweep);
    } else {
      assert_int_equal(status, VS_ERR_USAGE);
      assert_true(vs_status_message()[0] != '\0');
    }
    vs_sweep_free(sweep);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(damaged_files_are_read_or_refused),
      cmocka_unit_test(damaged_overrides_are_read_or_refused),
  };
  return cmocka_run_group_tests_name("sweep_fuzz", tests, NULL, NULL);
}
