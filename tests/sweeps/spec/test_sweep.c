/* Sweep files that are accepted: spellings, overrides, names and paths, the JSON form, the schema.
 * What is refused is in test_sweep_refusals.c. */
#include <jansson.h>
#include <stdlib.h>

#include "core/base/log.h"
#include "sweeps/spec/schema.h"
#include "tests/sweeps/spec/sweep_fixture.h"

static const vs_weights some_weights = {.family = VS_FAMILY_TORCHVISION, .digest = "0123"};

/* --- what is accepted ------------------------------------------------------------------------- */

static char *canonical(const char *text, char *const *overrides, size_t count) {
  vs_sweep *sweep;
  assert_ok(parse(&sweep, text, overrides, count));
  assert_ok(vs_identity_bind(sweep, &some_weights, VS_CANONICAL_BY_DIGEST));
  char *form = vs_canonical_of_sweep(sweep);
  assert_non_null(form);
  vs_sweep_free(sweep);
  return form;
}

static void assert_same_sweep(const char *one, char *const *overrides, size_t count,
                              const char *other) {
  char *left = canonical(one, overrides, count), *right = canonical(other, NULL, 0);
  assert_string_equal(left, right);
  free(left);
  free(right);
}

static void json_is_yaml(void **state) {
  (void)state;
  assert_same_sweep(
      "seed: 3\n"
      "image: {size: [64, 96], parametrization: pixels}\n"
      "objective:\n"
      "  style: {layers: [relu2_2, relu3_1], norm: gatys}\n"
      "log: {params: false}\n"
      "grid:\n"
      "  layer: [conv4_3]\n"
      "  channel: {range: [0, 4]}\n"
      "  lambda: [0, 1.5e1]\n"
      "  scale: [[1, 1], [0.9, 1.1]]\n",
      NULL, 0,
      "{\"seed\": 3, \"image\": {\"size\": [64, 96], \"parametrization\": \"pixels\"},\n"
      "\t\"objective\": {\"style\": {\"layers\": [\"relu3_1\", \"relu2_2\"],\n"
      "\t\t\"norm\": \"gatys\"}}, \"log\": {\"params\": false},\n"
      "\t\"grid\": {\"layer\": [\"conv4_3\"], \"channel\": [0, 1, 2, 3],\n"
      "\t\t\"lambda\": [0, 15], \"transforms.scale\": [[1, 1], [0.9, 1.1]]}}\n");
}

static void spelling_does_not_matter(void **state) {
  (void)state;
  assert_same_sweep("\xEF\xBB\xBF" GRID, NULL, 0, "grid:\r\n  layer: relu4_3\r\n  channel: 7\r\n");
  assert_same_sweep("regularizers: {tv: .5}\n" GRID, NULL, 0, "regularizers: {tv: 5.0E-1}\n" GRID);
  assert_same_sweep("weights: w.pth\n" GRID, NULL, 0, "weights: {file: other.h5}\n" GRID);
  assert_same_sweep("image: {size: 64}\n" GRID, NULL, 0, "image: {size: [64, 64]}\n" GRID);
}

static void overrides_replace_what_the_file_says(void **state) {
  (void)state;
  char *const some[] = {"grid.lambda=0,50",
                        "objective.steps=100",
                        "grid.channel={range: [0, 8]}",
                        "image={size: 64, sd: 0.5}",
                        "log.snapshots=0,100",
                        "grid.optimizer.lr=0.1, 0.2",
                        "scale=0.9,1.1",
                        "style.layers=relu3_1"};
  assert_same_sweep("image: {size: 96, decay: 2}\n"
                    "optimizer: {lr: 1}\n"
                    "objective: {steps: 7}\n" GRID,
                    some, COUNT(some),
                    "image: {size: 64, decay: 2, sd: 0.5}\n"
                    "transforms: {scale: [0.9, 1.1]}\n"
                    "objective: {steps: 100, style: {layers: [relu3_1]}}\n"
                    "log: {snapshots: [0, 100]}\n"
                    "grid: {layer: [relu4_3], channel: {range: [0, 8]}, lambda: [0, 50],\n"
                    "  lr: [0.1, 0.2]}\n");
  /* rho takes the place of lambda, strength that of both; the last of several wins; a mistake in
   * the file is mended */
  char *const balance[] = {"grid.rho=1", "seed=1", "seed=2", "grid.layer=relu3_3"};
  assert_same_sweep("grid: {layer: [relu9_9], channel: [7], lambda: [0, 1]}\n", balance,
                    COUNT(balance), "seed: 2\ngrid: {layer: [relu3_3], channel: [7], rho: [1]}\n");
  char *const axis[] = {"grid.seed=1,2"};
  assert_same_sweep("seed: 5\n" GRID, axis, 1,
                    "grid: {layer: [relu4_3], channel: [7], seed: [1, 2]}\n");
  /* shorter runs, for a trial: snapshots beyond their end are left out */
  char *const trial[] = {"objective.steps=50"};
  assert_same_sweep("objective: {steps: 100}\nlog: {snapshots: [0, 50, 51, 100]}\n" GRID, trial, 1,
                    "objective: {steps: 50}\nlog: {snapshots: [0, 50]}\n" GRID);
  assert_same_sweep("log: {snapshots: [120]}\n" GRID, trial, 1, /* of the default, 120 */
                    "objective: {steps: 50}\n" GRID);
  /* other weights are of another family, unless that is said too */
  char *const weights[] = {"weights=x.h5"};
  assert_same_sweep("weights: {file: w.h5, family: keras}\n" GRID, weights, 1, GRID);
}

/* What looks like a mistake (test_sweep_refusals.c) and is none. */
static void good_drawings_are_taken(void **state) {
  (void)state;
  static const char *const texts[] = {
      /* rows of one tile stay as high as they are; a view is as large as the smallest canvas */
      "image: {size: [48, 1024]}\nmultiscale: {levels: 2, tiles: [1, 4]}\n" GRID,
      "image: {size: 1024}\nmultiscale: {levels: 2}\ntransforms: {pad: 16}\n" GRID,
      "image: {size: 1024}\ntransforms: {crop: 512, pad: 16}\n" GRID,
      STROKES "strokes: {count: 16384}\nmultiscale: {levels: 2, tiles: [1, 4]}\n" GRID,
      "strokes: {count: 16384}\nmultiscale: {levels: 3}\n" GRID, /* of no strokes */
      "strokes: {color: black}\npalette: {colors: 3}\n" GRID,
      STROKES "strokes: {color: black}\npalette: {colors: 1}\n" GRID,
      "plot: {page: A6, margin: 52}\n" GRID,
      STROKES "objective: {steps: 10}\npalette: {colors: 3, refine: 0.25}\nlog: {snapshots: [0, "
              "13]}\n" GRID,
      STROKES "palette: {pens: none}\n" GRID,
      STROKES "strokes: {color: palette, paper: '#FfF'}\npalette: {pens: [{name: a, color: "
              "'#123', width: 0.5}]}\n" GRID};
  for (size_t i = 0; i < COUNT(texts); i++) {
    vs_sweep *sweep;
    if (parse(&sweep, texts[i], NULL, 0) != VS_OK)
      fail_msg("for\n%s\n%s", texts[i], vs_status_message());
    vs_sweep_free(sweep);
  }
}

static void names_and_paths_come_from_the_file(void **state) {
  (void)state;
  vs_sweep *sweep;
  assert_ok(
      parse(&sweep, "weights: w/vgg.h5\nobjective: {style: {image: ../a.png}}\n" GRID, NULL, 0));
  assert_string_equal(vs_sweep_name(sweep), "s");
  assert_string_equal(vs_sweep_weights(sweep), "folder/w/vgg.h5");
  assert_int_equal(vs_sweep_family(sweep), VS_FAMILY_UNKNOWN);
  assert_true(vs_sweep_keeps_params(sweep));
  assert_int_equal(vs_sweep_last_conv(sweep), 9);
  vs_sweep_run run;
  vs_sweep_get(sweep, 0, &run);
  assert_string_equal(run.spec.style_image, "folder/../a.png");
  assert_string_equal(run.id, "");
  assert_int_equal(vs_identity_bind(sweep, &some_weights, VS_CANONICAL_BY_DIGEST), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), AT "2:28: objective.style.image: folder/../a.png"));
  vs_sweep_free(sweep);

  char *const here[] = {"weights={file: vgg.h5, family: keras}"};
  assert_ok(parse(&sweep,
                  "name: n\nobjective: {style: {layers: [relu5_1]}}\nlog: {params: false}\n" GRID,
                  here, 1));
  assert_string_equal(vs_sweep_name(sweep), "n");
  assert_string_equal(vs_sweep_weights(sweep), "vgg.h5");
  assert_int_equal(vs_sweep_family(sweep), VS_FAMILY_KERAS);
  assert_false(vs_sweep_keeps_params(sweep));
  assert_int_equal(vs_sweep_last_conv(sweep), 10);
  vs_sweep_free(sweep);

  assert_ok(vs_sweep_parse(&sweep, GRID, strlen(GRID), "/x/-my sweep.v2.yaml", NULL, 0));
  assert_string_equal(vs_sweep_name(sweep), "sweep");
  vs_sweep_free(sweep);
  assert_ok(vs_sweep_parse(&sweep, GRID, strlen(GRID), "/x/my sweep.v2.yaml", NULL, 0));
  assert_string_equal(vs_sweep_name(sweep), "my-sweep.v2");
  assert_string_equal(vs_sweep_weights(sweep), "builtin");
  assert_string_equal(vs_sweep_text(sweep), GRID);
  vs_sweep_free(sweep);
}

/* --- the schema ------------------------------------------------------------------------------- */

static void every_key_is_documented_and_every_default_is_good(void **state) {
  (void)state;
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    assert_non_null(key->path);
    assert_true(strlen(key->doc) > 5 && strlen(key->path) < VS_AXIS_NAME);
    assert_int_equal(vs_schema_find(key->path), id);
    assert_true(key->is_result || key->why_no_axis != NULL);
    for (const char *const *word = key->choices; word != NULL && *word != NULL; word++)
      assert_true((*word)[0] != '\0');
  }
  char *form = canonical(GRID, NULL, 0); /* reads every default */
  free(form);
}

static json_t *at(json_t *schema, const char *path) {
  char copy[128];
  snprintf(copy, sizeof copy, "%s", path);
  char *rest = copy;
  for (const char *part; (part = strsep(&rest, "/")) != NULL;) {
    json_t *inner = json_object_get(schema, part);
    if (inner == NULL) fail_msg("the JSON Schema has no %s of %s", part, path);
    schema = inner;
  }
  return schema;
}

static json_t *read_schema(void) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  vs_schema_json(out);
  assert_int_equal(fclose(out), 0);
  json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  free(text);
  assert_non_null(schema);
  return schema;
}

static void the_json_schema_says_what_the_table_says(void **state) {
  (void)state;
  json_t *schema = read_schema();
  assert_true(json_is_false(at(schema, "additionalProperties")));
  assert_int_equal(json_integer_value(at(schema, "properties/image/properties/size/default")), 224);
  assert_true(
      json_number_value(at(schema, "properties/optimizer/properties/lr/exclusiveMinimum")) == 0.0);
  json_t *layers = at(schema, "properties/objective/properties/style/properties/layers");
  assert_string_equal(json_string_value(json_array_get(at(layers, "default"), 0)), "relu1_1");
  json_t *axes = at(schema, "properties/grid/properties");
  for (int id = 0; id < VS_KEY_COUNT; id++) {
    const vs_key *key = vs_schema_key(id);
    bool is_axis = json_object_get(axes, key->path) != NULL;
    assert_int_equal(is_axis, key->why_no_axis == NULL && !vs_schema_is_grid_only(id));
  }
  assert_non_null(json_object_get(axes, "lambda"));
  assert_non_null(json_object_get(axes, "lr"));
  assert_non_null(json_object_get(axes, "style.layers"));
  assert_null(json_object_get(axes, "image")); /* it could be the section */
  assert_int_equal(json_array_size(at(schema, "properties/weights/anyOf")), 2);
  json_decref(schema);
}

/* Whether the schema of the grid forbids two keys together. */
static bool excludes(json_t *grid, const char *first, const char *second) {
  json_t *rules = at(grid, "allOf"), *rule;
  size_t i;
  json_array_foreach(rules, i, rule) {
    json_t *both = at(rule, "not/required");
    if (strcmp(json_string_value(json_array_get(both, 0)), first) == 0 &&
        strcmp(json_string_value(json_array_get(both, 1)), second) == 0)
      return true;
  }
  return false;
}

static void the_json_schema_refuses_what_the_checker_refuses(void **state) {
  (void)state;
  json_t *schema = read_schema();
  json_t *grid = at(schema, "properties/grid");
  assert_true(excludes(grid, "lambda", "rho"));
  assert_true(excludes(grid, "lambda", "strength"));
  assert_true(excludes(grid, "rho", "strength"));
  assert_true(excludes(grid, "optimizer.lr", "lr"));
  assert_true(excludes(grid, "objective.style.norm", "norm"));
  assert_true(excludes(grid, "style.norm", "norm"));
  assert_false(excludes(grid, "optimizer.lr", "lambda"));
  assert_true(json_is_true(at(schema, "properties/log/properties/snapshots/uniqueItems")));
  json_t *layer = json_array_get(at(grid, "properties/layer/anyOf"), 1);
  assert_true(json_is_true(at(layer, "uniqueItems")));
  json_t *drawn = json_array_get(at(grid, "properties/channel/anyOf"), 1);
  for (size_t i = 0; i < 2; i++) /* {range} and {sample, seed} */
    assert_int_equal(json_array_size(at(json_array_get(at(drawn, "anyOf"), i), "required")), 1);
  assert_string_equal(json_string_value(at(schema, "properties/name/pattern")),
                      "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$");
  json_decref(schema);
}

static void a_baseline_has_weight_0(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool has;
  } cases[] = {{"grid: {layer: [relu4_3], channel: [7], lambda: [20, 50]}\n", false},
               {"grid: {layer: [relu4_3], channel: [7], lambda: [20, 0]}\n", true},
               {"grid: {layer: [relu4_3], channel: [7], rho: [0.1, 1]}\n", false},
               {"grid: {layer: [relu4_3], channel: [7], rho: [0, 1]}\n", true},
               {"grid: {layer: [relu4_3], channel: [7], strength: [2]}\n", true},
               {GRID, true}};
  for (size_t i = 0; i < COUNT(cases); i++) {
    vs_sweep *sweep;
    assert_ok(parse(&sweep, cases[i].text, NULL, 0));
    assert_int_equal(vs_sweep_has_baseline(sweep), cases[i].has);
    vs_sweep_free(sweep);
  }
}

/* --- what is warned of ------------------------------------------------------------------------ */

static char warned[512]; /* of the last line */
static int warnings;

static void keep_warning(vs_log_level level, const char *line) {
  assert_int_equal(level, VS_LOG_WARNING);
  snprintf(warned, sizeof warned, "%s", line);
  warnings++;
}

/* 100 px are the 105 mm of an A6 without margins and the broadest line: .83 mm for a px with the
 * pen of 2 mm, which is 2.41 px then, and .82 with the two. A third more or less is let pass. */
static void widths_that_pens_do_not_draw_are_warned_of(void **state) {
  (void)state;
  static const char two[] = "palette: {pens: [[fine, '#111', 1.2], [broad, '#c22', 3]]}\n";
  static const struct {
    const char *image, *width, *pens;
    bool is_warned;
  } cases[] = {{"strokes", "[1.82, 3.2]", "", false}, {"strokes", "[1.82, 3.23]", "", true},
               {"strokes", "[1.79, 3.2]", "", true},  {"strokes", "[1.1, 4.87]", two, false},
               {"strokes", "[1.1, 4.89]", two, true}, {"strokes", "[1.09, 4.87]", two, true},
               {"strokes", "pen", two, false},        {"pixels", "[1, 40]", "", false}};
  vs_log_set_sink(keep_warning);
  for (size_t i = 0; i < COUNT(cases); i++) {
    char text[512];
    snprintf(text, sizeof text,
             "image: {size: 100, parametrization: %s}\nstrokes: {width: %s}\n"
             "plot: {page: A6, margin: 10, pen: 2}\n%s" GRID,
             cases[i].image, cases[i].width, cases[i].pens);
    vs_sweep *sweep;
    assert_ok(parse(&sweep, text, NULL, 0));
    warnings = 0;
    vs_sweep_warn(sweep);
    assert_int_equal(warnings, cases[i].is_warned);
    if (i == 1)
      assert_string_equal(warned, "strokes.width: 1.82 to 3.23 px are 1.5 to 2.7 mm on the sheet, "
                                  "where pens draw 2 to 2 mm; width: pen makes them alike");
    vs_sweep_free(sweep);
  }
  vs_log_set_sink(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_is_yaml),
      cmocka_unit_test(spelling_does_not_matter),
      cmocka_unit_test(overrides_replace_what_the_file_says),
      cmocka_unit_test(good_drawings_are_taken),
      cmocka_unit_test(names_and_paths_come_from_the_file),
      cmocka_unit_test(every_key_is_documented_and_every_default_is_good),
      cmocka_unit_test(the_json_schema_says_what_the_table_says),
      cmocka_unit_test(the_json_schema_refuses_what_the_checker_refuses),
      cmocka_unit_test(a_baseline_has_weight_0),
      cmocka_unit_test(widths_that_pens_do_not_draw_are_warned_of),
  };
  return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
