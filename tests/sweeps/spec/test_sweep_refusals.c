/* Sweep files that are refused: each with its whole message, which says where. */
#include <stdio.h>
#include <stdlib.h>

#include "sweeps/spec/document.h"
#include "tests/sweeps/spec/sweep_fixture.h"

static void assert_refused(const char *text, size_t size, const char *expected) {
  vs_sweep *sweep;
  if (vs_sweep_parse(&sweep, text, size, FILE_NAME, NULL, 0) != VS_ERR_USAGE)
    fail_msg("accepted: %s", text);
  assert_null(sweep);
  if (strcmp(vs_status_message(), expected) != 0)
    fail_msg("for\n%s\nexpected\n%s\ngot\n%s", text, expected, vs_status_message());
}

typedef struct bad_text {
  const char *text;
  const char *message; /* all of it */
} bad_text;

/* --- not a sweep file ------------------------------------------------------------------------- */

static void what_is_not_yaml_is_refused(void **state) {
  (void)state;
  static const bad_text cases[] = {
      {"", AT "1:1: sweep: the file is empty"},
      {"# nothing\n", AT "1:1: sweep: the file is empty"},
      {"~\n", AT "1:1: sweep: the file is empty"},
      {"- 1\n", AT "1:1: sweep: a sweep file holds keys, as in "
                   "`grid: {layer: [relu4_3], channel: [7]}`"},
      {"a: b: c\n", AT "1:5: YAML: mapping values are not allowed in this context"},
      {"seed: 1\n\tname: x\n", AT "2:1: YAML: a tab: indent with spaces"},
      {"grid: [1\n",
       AT "2:1: YAML: did not find expected ',' or ']', while parsing a flow sequence "
          "that began in line 1"},
      {"name: \xff\n", AT "1:7: YAML: invalid leading UTF-8 octet (sweep files are text in UTF-8)"},
      {"seed: 1\nname: \x01\n",
       AT "2:7: YAML: control characters are not allowed (sweep files are text in UTF-8)"},
      {"name: \"a\\0b\"\n", AT "1:7: YAML: a zero byte in a text"},
      {"seed: &a 3\nname: *a\n" GRID,
       AT "1:7: YAML: anchors (&name) are not used in sweep files\n" AT
          "2:7: YAML: aliases (*name) are not used in sweep files: write the value out"},
      {"seed: !!int 3\n" GRID, AT "1:7: YAML: tags (!name) are not used in sweep files"},
      {"<<: {seed: 3}\n" GRID, AT "1:1: <<: merge keys are not used in sweep files"},
      {GRID "---\n" GRID, AT "2:1: YAML: a second document; a sweep file holds one"},
      {"? [1]\n: 2\n", AT "1:3: YAML: a key must be a word"},
      {"a: [[[[[[[[[[[[[[[[[", AT "1:19: YAML: nested more than 16 levels deep"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
  assert_refused("seed: 1\0", 8,
                 AT "1:8: YAML: control characters are not allowed (sweep files "
                    "are text in UTF-8)");
}

static void sizes_are_bounded(void **state) {
  (void)state;
  size_t size = VS_DOCUMENT_MAX_BYTES + 1;
  char *text = malloc(size);
  assert_non_null(text);
  memset(text, '#', size);
  assert_refused(text, size, AT "1:1: YAML: more than 1 MiB; that is not a sweep file");
  size_t used = (size_t)sprintf(text, "seed: [0");
  for (int i = 0; i < VS_DOCUMENT_MAX_LIST; i++) used += (size_t)sprintf(text + used, ",\n0");
  sprintf(text + used, "]\n");
  assert_refused(text, strlen(text), AT "10001:1: YAML: a list of more than 10000 values");
  used = 0;
  for (int i = 0; i <= VS_DOCUMENT_MAX_KEYS; i++)
    used += (size_t)sprintf(text + used, "k%d: 1\n", i);
  vs_sweep *sweep;
  assert_int_equal(parse(&sweep, text, NULL, 0), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), AT "257:1: YAML: more than 256 keys in one place"));
  free(text);
}

/* --- bad values ------------------------------------------------------------------------------- */

static void bad_values_are_refused_where_they_stand(void **state) {
  (void)state;
  static const bad_text cases[] = {
      /* numbers */
      {"seed: 12abc\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"12abc\""},
      {"seed: -1\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"-1\""},
      {"seed: 9007199254740992\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"9007199254740992\""},
      {"seed: 1_000\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"1_000\""},
      {"seed: 0x10\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"0x10\""},
      {"seed: 010\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"010\""},
      {"seed: 1.0\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"1.0\""},
      {"seed: \"1\"\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, and 1 in quotes is a text"},
      {"seed: [1, 2]\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not a list"},
      {"seed: {a: 1}\n" GRID,
       AT "1:7: seed: must be a whole number in 0..9007199254740991, not a map"},
      {"seed:\n" GRID,
       AT "1:6: seed: has no value; it must be a whole number in 0..9007199254740991"},
      {"seed: null\n" GRID,
       AT "1:7: seed: has no value; it must be a whole number in 0..9007199254740991"},
      {"optimizer: {lr: 0}\n" GRID,
       AT "1:17: optimizer.lr: must be a number, greater than 0 and at most 1000, not \"0\""},
      {"optimizer: {lr: 1e}\n" GRID,
       AT "1:17: optimizer.lr: must be a number, greater than 0 and at most 1000, not \"1e\""},
      {"optimizer: {beta1: 1}\n" GRID,
       AT "1:20: optimizer.beta1: must be a number, at least 0 and less than 1, not \"1\""},
      {"regularizers: {tv: .inf}\n" GRID,
       AT "1:20: regularizers.tv: must be a finite number, at least 0, not \".inf\""},
      {"regularizers: {tv: 1e999}\n" GRID,
       AT "1:20: regularizers.tv: must be a finite number, at least 0, not \"1e999\""},
      {"image: {size: 31}\n" GRID,
       AT "1:15: image.size: must be a whole number in 32..1024, not \"31\""},
      {"image: {size: [64, 1025]}\n" GRID,
       AT "1:20: image.size: must be a whole number in 32..1024, not \"1025\""},
      {"image: {size: [64, 64, 3]}\n" GRID, AT "1:15: image.size: must be N or [height, width]"},
      {"transforms: {scale: 1}\n" GRID, AT "1:21: transforms.scale: must be two numbers, the "
                                           "smaller first, as in [0.95, 1.05]"},
      {"transforms: {scale: [1.1, 0.9]}\n" GRID,
       AT "1:21: transforms.scale: the first number is the larger one"},
      /* words */
      {"log: {params: yes}\n" GRID, AT "1:15: log.params: must be true or false, not \"yes\""},
      {"image: {parametrization: fourrier}\n" GRID,
       AT "1:26: image.parametrization: must be pixels, fourier or strokes, not \"fourrier\" (did "
          "you mean "
          "\"fourier\"?)"},
      {"name: ../up\n" GRID, AT "1:7: name: must be a name of 1 to 64 letters, digits, - _ and ., "
                                "beginning with a letter or digit, not \"../up\""},
      {"weights: {file: w.h5, family: kears}\n" GRID,
       AT "1:31: weights.family: must be recognize, torchvision, keras, caffe or amdegroot, not "
          "\"kears\" (did you mean \"keras\"?)"},
      {"weights: builtin:vgg\n" GRID,
       AT "1:10: weights: nothing builtin is called \"builtin:vgg\""},
      {"objective: {style: {image: builtin:mondrain}}\n" GRID,
       AT "1:28: objective.style.image: nothing builtin is called \"builtin:mondrain\" (did you "
          "mean \"builtin:mondrian\"?)"},
      {"objective: {style: {layers: relu2_2}}\n" GRID,
       AT "1:29: objective.style.layers: must be a list of layers, as in [relu2_2]"},
      {"objective: {style: {layers: []}}\n" GRID,
       AT "1:29: objective.style.layers: must be a list of layers, as in [relu2_2]"},
      {"objective: {style: {layers: [relu2_2, relu2_2]}}\n" GRID,
       AT "1:39: objective.style.layers: relu2_2 is listed twice"},
      {"name: \"a\\e[31m\\u009b\"\n" GRID,
       AT "1:7: name: must be a name of 1 to 64 letters, digits, - _ and ., beginning with a "
          "letter or digit, not \"a?[31m?\""},
      /* logging */
      {"log: {snapshots: [0, 5, 5]}\n" GRID,
       AT "1:25: log.snapshots: steps must increase: 5 after 5"},
      {"objective: {steps: 5}\nlog: {snapshots: [0, 10]}\n" GRID,
       AT "2:18: log.snapshots: a snapshot after step 10, but runs have 5 steps "
          "(objective.steps)"},
      {"log: {snapshots: [0, 10]}\ngrid: {layer: pool3, channel: 0, steps: [20, 9]}\n",
       AT "1:18: log.snapshots: a snapshot after step 10, but the shortest runs have 9 steps "
          "(objective.steps)"},
      {"image: {size: 1024}\ntransforms: {pad: 1}\n" GRID,
       AT "2:19: transforms.pad: an image of 1024 px with a pad of 1 on both sides is larger than "
          "1024 px"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

/* --- drawings --------------------------------------------------------------------------------- */

/* Colours, pens, sizes and sheets; and these against each other. */
static void bad_drawings_are_refused_where_they_stand(void **state) {
  (void)state;
  static const bad_text cases[] = {
      {"strokes: {count: 0}\n" GRID,
       AT "1:18: strokes.count: must be a whole number in 1..16384, not \"0\""},
      {"strokes: {segments: 4}\n" GRID,
       AT "1:21: strokes.segments: must be a whole number in 1..3, not \"4\""},
      {"strokes: {closed: yes}\n" GRID,
       AT "1:19: strokes.closed: must be true or false, not \"yes\""},
      {"strokes: {width: [0, 5]}\n" GRID,
       AT "1:19: strokes.width: must be a number in 0.1..256, not \"0\""},
      {"strokes: {width: 3}\n" GRID,
       AT "1:18: strokes.width: must be two numbers, the smaller first, as in [1, 6], or pen"},
      {"strokes: {color: blak}\n" GRID,
       AT "1:18: strokes.color: must be free, black, palette or auto, not \"blak\" (did you mean "
          "\"black\"?)"},
      {"strokes: {opacity: 0}\n" GRID,
       AT "1:20: strokes.opacity: must be a number, greater than 0 and at most 1, not \"0\""},
      {"strokes: {paper: white}\n" GRID,
       AT "1:18: strokes.paper: must be a colour in quotes, as in \"#ffffff\", not \"white\""},
      {"strokes:\n  paper: #ffffff\n" GRID,
       AT "2:9: strokes.paper: has no value; it must be a colour in quotes, as in \"#ffffff\""},
      {"strokes: {start: builtin:x}\n" GRID,
       AT "1:18: strokes.start: nothing builtin is called \"builtin:x\""},
      {"strokes: {start: ''}\n" GRID, AT
       "1:18: strokes.start: must be a path of 1 to 511 characters, with the folder of the sweep "
       "file"},
      {"strokes: {lr_points: -1}\n" GRID,
       AT "1:22: strokes.lr_points: must be a number in 0..1000, not \"-1\""},
      {"palette: {colors: 33}\n" GRID,
       AT "1:19: palette.colors: must be a whole number in 0..32, not \"33\""},
      {"palette: {refine: -0.5}\n" GRID,
       AT "1:19: palette.refine: must be a number in 0..100, not \"-0.5\""},
      {"palette: {pens: ''}\n" GRID,
       AT "1:17: palette.pens: must be none, a file of pens, an installed set, or a list as in "
          "[[black, \"#111111\", 0.3]]"},
      {"palette: {pens: {black: 1}}\n" GRID,
       AT "1:17: palette.pens: must be none, a file of pens, an installed set, or a list as in "
          "[[black, \"#111111\", 0.3]], not a map"},
      {"palette: {pens: []}\n" GRID,
       AT "1:17: palette.pens: must be a list of pens, as in - {name: black, color: \"#111111\", "
          "width: 0.3}"},
      {"palette: {pens: [[black, red, 0.3], [black, \"#fff\", 21]]}\n" GRID, AT
       "1:26: palette.pens.color: \"red\" is no colour; write it as \"#rrggbb\", in quotes, since "
       "# begins a comment\n" AT "1:38: palette.pens.name: two pens are called \"black\": each "
       "needs a name of its own\n" AT "1:53: palette.pens.width: must be a number, greater than 0 "
       "and at most 20, not \"21\""},
      {"palette: {pens: [black]}\n" GRID,
       AT "1:18: palette.pens: a pen is written {name: black, color: \"#111111\", width: 0.3}"},
      {"multiscale: {levels: 7}\n" GRID,
       AT "1:22: multiscale.levels: must be a whole number in 1..6, not \"7\""},
      {"multiscale: {tiles: [2, 9]}\n" GRID,
       AT "1:25: multiscale.tiles: must be a whole number in 1..8, not \"9\""},
      {"multiscale: {overlap: 0.6}\n" GRID,
       AT "1:23: multiscale.overlap: must be a number in 0..0.5, not \"0.6\""},
      {"plot: {page: A9}\n" GRID,
       AT "1:14: plot.page: must be A6, A5, A4, A3, A2, Letter, A6-landscape, A5-landscape, "
          "A4-landscape, A3-landscape, A2-landscape or Letter-landscape, not \"A9\" (did you mean "
          "\"A6\"?)"},
      {"plot: {pen: 0}\n" GRID,
       AT "1:13: plot.pen: must be a number, greater than 0 and at most 20, not \"0\""},
      {"optimizer: {schedule: halvin}\n" GRID,
       AT "1:23: optimizer.schedule: must be auto, constant, halving or cosine, not \"halvin\" "
          "(did you mean "
          "\"halving\"?)"},
      {"transforms: {crop: 31}\n" GRID,
       AT "1:20: transforms.crop: must be 0 or at least 32, which the net needs"},
      /* keys against each other */
      {"image: {size: 100}\nmultiscale: {levels: 3}\n" GRID,
       AT "2:22: multiscale.levels: 3 sizes of these tiles begin with a side of 25 px, and the net "
          "needs 32"},
      {STROKES "strokes: {count: 5000}\nmultiscale: {levels: 3}\n" GRID,
       AT "3:22: multiscale.levels: the largest size would hold 80000 strokes, more than the 65536 "
          "that there can be"},
      {STROKES "strokes: {color: palette}\n" GRID,
       AT "2:18: strokes.color: strokes choose among palette.pens, but there are none; give a file "
          "of pens or an installed set, as in palette: {pens: stabilo-point-88}"},
      {STROKES "palette:\n  colors: 3\n  pens: black\n" GRID,
       AT "3:11: palette.colors: takes colours from the drawing, palette.pens (line 4) from a set; "
          "keep one of them"},
      {STROKES "strokes: {color: black}\npalette: {colors: 3}\n" GRID,
       AT "3:19: palette.colors: black strokes have no 3 colours to find (strokes.color); "
          "palette.pens takes pens that one has"},
      {STROKES "strokes: {count: 2}\npalette: {colors: 3}\n" GRID,
       AT "3:19: palette.colors: 3 colours cannot be found in 2 strokes (strokes.count)"},
      {"plot: {page: A6, margin: 52.4}\n" GRID, AT
       "1:26: plot.margin: margins of 52.4 mm leave nothing of the page (plot.page) for a pen of "
       "0.4 mm"},
      {"plot: {page: A6, margin: 50}\npalette: {pens: [[broad, \"#000\", 6]]}\n" GRID, AT
       "1:26: plot.margin: margins of 50 mm leave nothing of the page (plot.page) for a pen of 6 "
       "mm"},
      {STROKES "objective: {steps: 10}\npalette: {colors: 3, refine: 0.25}\nlog: {snapshots: [0, "
               "14]}\n" GRID,
       AT
       "4:18: log.snapshots: a snapshot after step 14, but runs have 13 steps (objective.steps)"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
  char *const bad[] = {"palette.colors=3", "palette.pens=[[black, \"#11\", 0.3]]"};
  vs_sweep *sweep;
  assert_int_equal(parse(&sweep, GRID, bad, 2), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "--set palette.pens.color: \"#11\" is no colour; write it as \"#rrggbb\", in "
                      "quotes, since # begins a comment");
  char *const both[] = {"palette.colors=3", "palette.pens=black"};
  assert_int_equal(parse(&sweep, GRID, both, 2), VS_ERR_USAGE);
  assert_string_equal(
      vs_status_message(),
      "--set palette.colors: takes colours from the drawing, palette.pens from a set; "
      "keep one of them");
}

/* --- keys and grids ----------------------------------------------------------------------------
 */

static void bad_keys_are_refused_where_they_stand(void **state) {
  (void)state;
  static const bad_text cases[] = {
      {"sede: 1\n" GRID, AT "1:1: sede: unknown key (did you mean \"seed\"?)"},
      {"steps: 1\n" GRID, AT "1:1: steps: unknown key (did you mean \"objective.steps\"?)"},
      {"optimizer: {speed: 1}\n" GRID, AT "1:13: optimizer.speed: unknown key; there are name, lr, "
                                          "schedule, beta1, beta2, epsilon, weight_decay"},
      {"seed: 1\nseed: 2\n" GRID, AT "2:1: seed: given twice, first in line 1"},
      {"image: {size: 64}\nseed: 1\nimage: {sd: 1}\n" GRID,
       AT "3:1: image: given twice, first in line 1"},
      {"image: 64\n" GRID,
       AT "1:1: image: must hold keys; there are size, parametrization, decay, sd, contrast"},
      {"optimizer.lr: 1\n" GRID,
       AT "1:1: optimizer.lr: dotted keys are for the grid and --set; nest it here"},
      {"\"\": 1\n" GRID, AT "1:1: : unknown key; there are name, seed, streams, weights, image, "
                            "strokes, palette, multiscale, plot, objective, "
                            "regularizers, transforms, optimizer, grid, log"},
      {"seed: 1\n",
       AT "1:1: grid.layer: is missing: what to excite, as in layer: [relu4_3]\n" AT
          "1:1: grid.channel: is missing: what to excite, as in channel: [1, 7] or {range: [0, "
          "64]}"},
      {"seed: 1\ngrid: {layer: [relu4_3]}\n",
       AT "2:1: grid.channel: is missing: what to excite, as in channel: [1, 7] or {range: [0, "
          "64]}"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

static void terms_that_do_not_go_together_are_refused(void **state) {
  (void)state;
  static const bad_text cases[] = {
      {"objective: {style: {layers: [relu1_1, relu2_2], weights: [1, 2, 3]}}\n" GRID, AT
       "1:58: objective.style.weights: 3 weights for 2 layers (objective.style.layers: [relu1_1, "
       "relu2_2]); give one for each"},
      {"objective: {style: {layers: [relu2_2, relu1_1], weights: [150, 1]}}\n" GRID,
       AT "1:29: objective.style.layers: with weights, list layers in the order of depth, as in "
          "[relu1_1, relu2_2]"},
      {"objective: {style: {weights: [0]}}\n" GRID,
       AT "1:31: objective.style.weights: must be a finite number, greater than 0, not \"0\""},
      {"objective: {style: {weights: 1}}\n" GRID,
       AT "1:30: objective.style.weights: must be a list of at most 31 numbers, as in [1, 150]"},
      {"image: {parametrization: strokes, contrast: 0.2}\n" GRID,
       AT "1:45: image.contrast: is for pixels and fourier; strokes have that of their colours "
          "(image.parametrization)"},
      {"regularizers: {tv: 1.0e-5, tv_strength: 0.1}\n" GRID, AT
       "1:41: regularizers.tv_strength: takes the place of regularizers.tv; keep one of them, and "
       "0 for the other"},
      {"regularizers: {l2_strength: 0.1}\ngrid: {layer: [relu4_3], channel: 7, l2: [0, 1]}\n", AT
       "1:29: regularizers.l2_strength: takes the place of regularizers.l2; keep one of them, and "
       "0 for the other"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

#define L4 "grid: {layer: [relu4_3], channel: "

static void bad_grids_are_refused_where_they_stand(void **state) {
  (void)state;
  static const bad_text cases[] = {
      {"grid: {layer: [relu4_33], channel: 0}\n",
       AT "1:16: grid.layer: no layer is called \"relu4_33\" (did you mean \"relu4_3\"?)"},
      {"grid: {layer: [elsewhere], channel: 0}\n",
       AT "1:16: grid.layer: no layer is called \"elsewhere\"; there are conv1_1, relu1_1 .. "
          "conv5_3, relu5_3 and pool1 .. pool5"},
      {"grid: {layer: [pool5, relu4_3, pool5], channel: 0}\n",
       AT "1:32: grid.layer: \"pool5\" is listed twice"},
      {"grid: {layer: [], channel: 0}\n",
       AT "1:15: grid.layer: an empty list: an axis has at least one value"},
      {L4 "512}\n", AT "1:35: grid.channel: there is no channel \"512\"; relu4_3 has channels "
                       "0..511"},
      {L4 "[0, -1]}\n", AT "1:39: grid.channel: must be a whole number, at least 0, not \"-1\""},
      {L4 "[3, 3]}\n", AT "1:39: grid.channel: 3 is listed twice"},
      {L4 "[]}\n", AT "1:35: grid.channel: an empty list"},
      {L4 "some}\n", AT "1:35: grid.channel: must be a channel, a list of them, all, {range: "
                        "[from, to]} or {sample: n, seed: s}, not \"some\""},
      {L4 "{range: [0, 513]}}\n", AT "1:47: grid.channel: relu4_3 has channels 0..511, so a range "
                                     "ends at 512 at most, not at 513"},
      {L4 "{range: [5, 5]}}\n",
       AT "1:43: grid.channel: an empty range: it goes from 5 up to 5, without 5"},
      {L4 "{range: [5]}}\n",
       AT "1:43: grid.channel: range must be [from, to] or [from, to, step], without `to` itself"},
      {L4 "{sample: 513}}\n",
       AT "1:44: grid.channel: a sample of 513 channels, but relu4_3 has 512"},
      {L4 "{sampel: 3}}\n",
       AT "1:36: grid.channel: unknown key \"sampel\" (did you mean \"sample\"?)"},
      {L4 "{sample: 3, sample: 4}}\n", AT "1:47: grid.channel: sample is given twice"},
      {L4 "{range: [0, 4], seed: 1}}\n",
       AT "1:35: grid.channel: must be a channel, a list of them, all, {range: [from, to]} or "
          "{sample: n, seed: s}"},
      {"grid: {layer: [relu4_3, relu1_1], channel: [63, 64]}\n",
       AT "1:49: grid.channel: there is no channel \"64\"; relu1_1 has channels 0..63"},
      {L4 "0, lambda: [0, nan]}\n",
       AT "1:50: grid.lambda: must be a finite number, at least 0, not \"nan\""},
      {L4 "0, lambda: [inf]}\n",
       AT "1:47: grid.lambda: must be a finite number, at least 0, not \"inf\""},
      {L4 "0, lambda: -50}\n",
       AT "1:46: grid.lambda: must be a finite number, at least 0, not \"-50\""},
      {L4 "0, lambda: [0, 50, 5e1]}\n", AT "1:54: grid.lambda: \"5e1\" is listed twice"},
      {L4 "0, lambda: [0, -0]}\n", AT "1:50: grid.lambda: \"-0\" is listed twice"},
      {L4 "0, lambda: [-1], rho: [0]}\n",
       AT "1:47: grid.lambda: must be a finite number, at least 0, not \"-1\"\n" AT
          "1:52: grid.rho: takes the place of lambda (line 1); keep one of them"},
      {L4 "0, strength: [0, -2], rho: [1]}\n",
       AT "1:38: grid.strength: takes the place of rho (line 1); keep one of them\n" AT
          "1:52: grid.strength: must be a finite number, at least 0, not \"-2\""},
      {L4 "0, strength: [0, 1],\n lambda: [2]}\n",
       AT "1:38: grid.strength: takes the place of lambda (line 2); keep one of them"},
      {L4 "0, strength: []}\n",
       AT "1:48: grid.strength: an empty list: an axis has at least one value"},
      {"seed: 3\n" L4 "0, seed: [1]}\n",
       AT "1:1: seed: also stands in the grid, in line 2; keep one of them"},
      {L4 "0, lr: [1], optimizer.lr: [2]}\n",
       AT "1:47: grid.optimizer.lr: given twice, first in line 1 as grid.lr"},
      {L4 "0, name: [a]}\n", AT "1:38: grid.name: name cannot vary: it changes what is stored, not "
                                "what is computed"},
      {L4 "0, every: [1]}\n", AT "1:38: grid.every: log.every cannot vary: it changes what is "
                                 "stored, not what is computed"},
      {L4 "0, weights.file: [a]}\n", AT
       "1:38: grid.weights.file: weights.file cannot vary: a sweep uses one set of weights; make "
       "a second sweep file"},
      {L4 "0, image: [a]}\n", AT
       "1:38: grid.image: this names a whole section; write the path of one key; there are size, "
       "parametrization, decay, sd, contrast"},
      {L4 "0, lamda: [1]}\n", AT "1:38: grid.lamda: unknown key (did you mean \"lambda\"?)"},
      {L4 "0, scale: [0.9, 1.1]}\n",
       AT "1:45: grid.scale: each value of this axis is a list itself, as in [[0.95, 1.05]]"},
      {L4 "all, lambda: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],\n"
          "  lr: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], tv: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], pad: [1, 2]"
          "}\n",
       AT "1:1: grid: the product of its lists has more than 10000000 runs"},
  };
  for (size_t i = 0; i < COUNT(cases); i++)
    assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

static void all_errors_of_a_file_are_told_at_once(void **state) {
  (void)state;
  static const char text[] = "name: demo\n"
                             "image: {size: 2000, parametrisation: fourier}\n"
                             "objective:\n"
                             "  steps: many\n"
                             "  style: {layers: [relu2_9]}\n"
                             "optimizer: {name: sgd}\n"
                             "grid:\n"
                             "  layer: [relu3_3]\n"
                             "  channel: [300]\n"
                             "  lambda: [-1]\n";
  assert_refused(text, strlen(text),
                 AT
                 "2:15: image.size: must be a whole number in 32..1024, not \"2000\"\n" AT
                 "2:21: image.parametrisation: unknown key (did you mean \"parametrization\"?)\n" AT
                 "4:10: objective.steps: must be a whole number in 1..1000000, not \"many\"\n" AT
                 "5:20: objective.style.layers: no layer is called \"relu2_9\" (did you mean "
                 "\"relu2_2\"?)\n" AT "6:19: optimizer.name: must be adam, not \"sgd\"\n" AT
                 "9:13: grid.channel: there is no channel \"300\"; relu3_3 has channels 0..255\n" AT
                 "10:12: grid.lambda: must be a finite number, at least 0, not \"-1\"");
}

static void a_file_of_errors_gives_a_short_message(void **state) {
  (void)state;
  char *text = malloc(20000);
  assert_non_null(text);
  size_t used = (size_t)sprintf(text, "log: {snapshots: [");
  for (int i = 0; i < 60; i++) used += (size_t)sprintf(text + used, "x%d, ", i);
  sprintf(text + used, "1]}\n" GRID);
  vs_sweep *sweep;
  assert_int_equal(parse(&sweep, text, NULL, 0), VS_ERR_USAGE);
  const char *end = strstr(vs_status_message(), "\n... and 10 more");
  assert_non_null(end);
  assert_string_equal(end, "\n... and 10 more");
  free(text);
}

/* --- overrides and weights ---------------------------------------------------------------------
 */

static void bad_overrides_are_told_without_a_line(void **state) {
  (void)state;
  char *const bad[] = {"grid.lamda=3", "foo",
                       "=5",           "grid.channel=512",
                       "seed=",        "sede=3",
                       "lr=1,2",       "image=3",
                       "grid.tv=1,,2", "objective.style.norm=mes"};
  vs_sweep *sweep;
  assert_int_equal(parse(&sweep, "seed: x\n" GRID, bad, COUNT(bad)), VS_ERR_USAGE);
  assert_string_equal(
      vs_status_message(),
      AT "1:7: seed: must be a whole number in 0..9007199254740991, not \"x\"\n"
         "--set grid.lamda: unknown key (did you mean \"lambda\"?)\n"
         "--set \"foo\": write it as --set key=value\n"
         "--set \"=5\": write it as --set key=value\n"
         "--set grid.channel: there is no channel \"512\"; relu4_3 has channels 0..511\n"
         "--set seed: has no value\n"
         "--set sede: unknown key (did you mean \"seed\"?)\n"
         "--set lr: takes one value, not \"1,2\" (did you mean grid.lr=1,2?)\n"
         "--set image: must hold keys; there are size, parametrization, decay, sd, contrast\n"
         "--set grid.tv: has no value; it must be a finite number, at least 0\n"
         "--set objective.style.norm: must be frobenius, gatys or mse, not \"mes\" (did you mean "
         "\"mse\"?)");
  char *const fixed[] = {"seed=3"};
  assert_int_equal(
      parse(&sweep, "grid: {layer: [relu4_3], channel: [7], seed: [1, 2]}\n", fixed, 1),
      VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "--set seed: is an axis of this sweep: --set grid.seed=... replaces it");
}

static void missing_weights_are_told_where_they_are_named(void **state) {
  (void)state;
  char *overrides[] = {"weights=there.h5"};
  static const struct {
    const char *text;
    size_t overrides;
    const char *file;
    const char *place;
  } cases[] = {{"weights: here.h5\n" GRID, 0, NULL, AT "1:10: weights: "},
               {"weights: {file: here.h5}\n" GRID, 0, NULL, AT "1:17: weights: "},
               {"weights: here.h5\n" GRID, 1, NULL, "--set weights: there.h5"},
               {"weights: here.h5\n" GRID, 0, "other.h5", "other.h5"}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    vs_sweep *sweep;
    vs_weights weights;
    assert_ok(parse(&sweep, cases[i].text, overrides, cases[i].overrides));
    assert_int_equal(vs_sweep_load_weights(sweep, cases[i].file, VS_FAMILY_UNKNOWN, &weights),
                     VS_ERR_IO);
    assert_memory_equal(vs_status_message(), cases[i].place, strlen(cases[i].place));
    vs_sweep_free(sweep);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_not_yaml_is_refused),
      cmocka_unit_test(sizes_are_bounded),
      cmocka_unit_test(bad_values_are_refused_where_they_stand),
      cmocka_unit_test(bad_drawings_are_refused_where_they_stand),
      cmocka_unit_test(bad_keys_are_refused_where_they_stand),
      cmocka_unit_test(terms_that_do_not_go_together_are_refused),
      cmocka_unit_test(bad_grids_are_refused_where_they_stand),
      cmocka_unit_test(all_errors_of_a_file_are_told_at_once),
      cmocka_unit_test(a_file_of_errors_gives_a_short_message),
      cmocka_unit_test(bad_overrides_are_told_without_a_line),
      cmocka_unit_test(missing_weights_are_told_where_they_are_named),
  };
  return cmocka_run_group_tests_name("sweep_refusals", tests, NULL, NULL);
}
