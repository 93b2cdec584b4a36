/* Pens found in a drawing and given to its strokes. */
#include "tests/support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/color.h"
#include "core/image/kmeans.h"
#include "core/strokes/palette.h"
#include "tests/support/drawings.h"

/* Straight strokes 10 long at heights of their own, all of opacity 1, on a canvas of 100 x 100. */
static vs_drawing *straight_strokes(const uint32_t *colors, const float *widths, size_t count) {
  vs_drawing *drawing;
  assert_ok(vs_drawing_new(&drawing, 100, 100, count, 4 * count));
  for (size_t i = 0; i < count; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    *stroke = (vs_stroke){
        .first_point = 4 * i, .segments = 1, .width = widths[i], .opacity = 1.0f, .pen = -1};
    for (int c = 0; c < 3; c++)
      stroke->color[c] = (float)(colors[i] >> (16 - 8 * c) & 0xff) / 255.0f;
    for (size_t p = 0; p < 4; p++)
      drawing->points[4 * i + p] =
          (vs_point2){20.0f + (float)p * 10.0f / 3.0f, 5.0f + (float)i * 90.0f / (float)count};
  }
  return drawing;
}

static void check_color(const float color[3], uint32_t expected) {
  for (int c = 0; c < 3; c++)
    assert_close((double)color[c] * 255.0, expected >> (16 - 8 * c) & 0xff, 1e-4);
}

static void few_colours_are_kept(void **state) {
  (void)state;
  const uint32_t colors[] = {0xd01818, 0x101010, 0xd01818, 0xf888b0, 0x101010, 0xc02020};
  const float widths[] = {1, 3, 1, 0.1f, 3, 0.5f};
  vs_drawing *drawing = straight_strokes(colors, widths, 6);
  vs_pen_set pens;
  double inertia;
  assert_ok(vs_palette_find(drawing, 4, &pens, &inertia));
  assert_close(inertia, 0.0, 1e-9);
  assert_ok(vs_palette_find(drawing, 0, &pens, NULL)); /* even one drawn with very little ink */
  assert_int_equal(pens.count, 4);
  check_color(pens.pens[0].color, 0x101010); /* the most ink first */
  check_color(pens.pens[1].color, 0xd01818);
  check_color(pens.pens[2].color, 0xc02020);
  check_color(pens.pens[3].color, 0xf888b0);
  assert_string_equal(pens.pens[0].name, "black");
  assert_string_equal(pens.pens[1].name, "red");
  assert_string_equal(pens.pens[2].name, "red 2");
  assert_string_equal(pens.pens[3].name, "pink");
  for (int i = 0; i < 4; i++) assert_close(pens.pens[i].width_mm, VS_DEFAULT_PEN_MM, 0);
  vs_palette_apply(drawing, &pens);
  const int expected[] = {1, 0, 1, 3, 0, 2};
  for (size_t i = 0; i < 6; i++) {
    assert_int_equal(drawing->strokes[i].pen, expected[i]);
    check_color(drawing->strokes[i].color, colors[i]);
    assert_close((double)drawing->strokes[i].width, (double)widths[i], 0);
  }
  vs_drawing_free(drawing);
}

static void opacity_blends_with_the_paper(void **state) {
  (void)state;
  const uint32_t colors[] = {0x000000, 0x000000};
  const float widths[] = {1, 1};
  vs_drawing *drawing = straight_strokes(colors, widths, 2);
  drawing->strokes[1].opacity = 0.4f;
  drawing->paper[2] = 0.5f; /* yellowish */
  vs_pen_set pens;
  assert_ok(vs_palette_find(drawing, 2, &pens, NULL));
  const vs_pen *pale = &pens.pens[pens.pens[0].color[0] > 0.5f ? 0 : 1];
  assert_close((double)pale->color[0], 0.6, 1e-6);          /* 153 of 255 */
  assert_close((double)pale->color[2], 77.0 / 255.0, 1e-6); /* 0.3 to the nearest */
  vs_palette_apply(drawing, &pens);
  assert_close((double)drawing->strokes[1].opacity, 1.0, 0);
  assert_close((double)drawing->strokes[1].color[0], 0.6, 1e-6);
  vs_drawing_free(drawing);
}

/* A line with round ends: length times width and a disc; only what lies on the canvas. */
static void ink(void **state) {
  (void)state;
  const uint32_t colors[] = {0};
  const float widths[] = {2};
  vs_drawing *drawing = straight_strokes(colors, widths, 1);
  vs_stroke *stroke = &drawing->strokes[0];
  const double disc = M_PI / 4.0 * 4.0;
  assert_close(vs_palette_ink(drawing, stroke), 20.0 + disc, 1e-3);
  for (int p = 0; p < 4; p++) drawing->points[p].x -= 24.0f; /* 6 of 10 are left */
  assert_close(vs_palette_ink(drawing, stroke), 12.0 + disc, 1e-3);
  for (int p = 0; p < 4; p++) drawing->points[p].x += 200.0f;
  assert_close(vs_palette_ink(drawing, stroke), 0.0, 0.0);
  for (int p = 0; p < 4; p++) drawing->points[p] = (vs_point2){50, 50}; /* a dot */
  assert_close(vs_palette_ink(drawing, stroke), disc, 1e-6);
  vs_drawing_free(drawing);
}

static void strokes_outside_do_not_count(void **state) {
  (void)state;
  const uint32_t colors[] = {0xff0000, 0x0000ff};
  const float widths[] = {1, 9};
  vs_drawing *drawing = straight_strokes(colors, widths, 2);
  for (int p = 4; p < 8; p++) drawing->points[p].y = 150.0f;
  vs_pen_set pens;
  assert_int_equal(vs_palette_find(drawing, 2, &pens, NULL), VS_ERR_USAGE);
  assert_string_equal(vs_status_message(),
                      "the drawing has 1 different colour, too few for 2 pens");
  assert_ok(vs_palette_find(drawing, 0, &pens, NULL));
  assert_int_equal(pens.count, 1);
  check_color(pens.pens[0].color, 0xff0000);
  vs_palette_apply(drawing, &pens); /* it has to be drawn with something all the same */
  assert_int_equal(drawing->strokes[1].pen, 0);
  for (int p = 0; p < 4; p++) drawing->points[p].y = 150.0f;
  assert_int_equal(vs_palette_find(drawing, 0, &pens, NULL), VS_ERR_USAGE);
  vs_drawing_free(drawing);
}

static const drawing_kind kind = {.strokes = 300,
                                  .segments = 2,
                                  .side = 200,
                                  .margin = 10,
                                  .shortest = 10,
                                  .longest = 80,
                                  .thinnest = 0.5,
                                  .widest = 5,
                                  .faintest = 0.2};

/* Samples as the header says, for k-means itself. */
static void as_points(const vs_drawing *drawing, double *values, double *weights) {
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    float rgb[3];
    vs_palette_blend(drawing, &drawing->strokes[i], rgb);
    vs_color_lab_from_srgb(rgb, values + 3 * i);
    weights[i] = vs_palette_ink(drawing, &drawing->strokes[i]);
  }
}

/* Whatever is merged on the way, the clusters are those of all strokes: for more different colours
 * than k-means is given, at most 1% worse. */
static void pens_are_clusters(void **state) {
  (void)state;
  static const int strokes[] = {300, 6000};
  for (int i = 0; i < 2; i++) {
    drawing_kind many = kind;
    many.strokes = strokes[i];
    const size_t count = (size_t)strokes[i];
    vs_drawing *drawing;
    assert_ok(random_drawing(&drawing, &many, 3));
    double *values = calloc(4 * count, sizeof *values), *weights = values + 3 * count;
    as_points(drawing, values, weights);
    const vs_kmeans_points points = {count, 3, values, weights};
    double centers[3 * 6], theirs, ours;
    vs_pen_set pens;
    assert_ok(vs_kmeans(&points, 6, 8, 1, centers, NULL, &theirs));
    assert_ok(vs_palette_find(drawing, 6, &pens, &ours));
    print_message("%zu strokes: %.5f of the inertia of k-means\n", count, ours / theirs);
    assert_true(ours <= 1.01 * theirs);
    vs_drawing_free(drawing);
    free(values);
  }
}

/* The header's formula, from figures measured outside. */
static void number_by_the_rule(void **state) {
  (void)state;
  for (uint32_t seed = 0; seed < 5; seed++) {
    vs_drawing *drawing;
    assert_ok(random_drawing(&drawing, &kind, seed));
    double single = 0.0, least = HUGE_VAL;
    int expected = 0;
    vs_pen_set pens;
    for (int n = 1; n <= VS_PALETTE_RULE_PENS; n++) {
      vs_pen_use uses[VS_MAX_PENS];
      assert_ok(vs_palette_find(drawing, n, &pens, NULL));
      const double mean = vs_palette_measure(drawing, &pens, uses);
      if (n == 1) single = mean;
      const double cost = mean / single + VS_PALETTE_PEN_COST * n;
      if (cost < least) {
        least = cost;
        expected = n;
      }
    }
    assert_ok(vs_palette_find(drawing, 0, &pens, NULL));
    assert_int_equal(pens.count, expected);
    assert_in_range(expected, 3, 10);
    vs_drawing_free(drawing);
  }
}

static void measures(void **state) {
  (void)state;
  const uint32_t colors[] = {0x000000, 0xffffff, 0x404040};
  const float widths[] = {1, 1, 2};
  vs_drawing *drawing = straight_strokes(colors, widths, 3);
  const vs_pen_set pens = {.count = 3,
                           .pens = {{.name = "black", .color = {0, 0, 0}},
                                    {.name = "white", .color = {1, 1, 1}},
                                    {.name = "red", .color = {1, 0, 0}}}};
  vs_pen_use uses[3];
  const double mean = vs_palette_measure(drawing, &pens, uses);
  const double thin = 10.0 + M_PI / 4.0, thick = 20.0 + M_PI, total = 2.0 * thin + thick;
  double grey[3];
  vs_color_lab_from_srgb((const float[3]){64 / 255.0f, 64 / 255.0f, 64 / 255.0f}, grey);
  assert_close(uses[0].ink_share, (thin + thick) / total, 1e-4);
  assert_close(uses[1].ink_share, thin / total, 1e-4);
  assert_close(uses[2].ink_share, 0, 0);
  assert_int_equal(uses[0].strokes, 2);
  assert_int_equal(uses[2].strokes, 0);
  assert_close(uses[0].distance, grey[0] * thick / (thin + thick), 1e-2);
  assert_close(uses[1].distance + uses[2].distance, 0, 1e-9);
  assert_close(mean, grey[0] * thick / total, 1e-2);
  vs_drawing_free(drawing);
}

static void same_drawing_same_pens(void **state) {
  (void)state;
  vs_drawing *drawing;
  assert_ok(random_drawing(&drawing, &kind, 9));
  vs_pen_set a, b;
  assert_ok(vs_palette_find(drawing, 0, &a, NULL));
  assert_ok(vs_palette_find(drawing, 0, &b, NULL));
  assert_memory_equal(&a, &b, sizeof a);
  for (int i = 0; i < a.count; i++)
    for (int j = 0; j < i; j++) assert_string_not_equal(a.pens[i].name, a.pens[j].name);
  vs_drawing_free(drawing);
}

/* Colours of real pens and of CSS, by the names on them or those that people give. */
static void colours_have_the_names_that_people_give_them(void **state) {
  (void)state;
  static const struct {
    const char *hex, *name;
  } cases[] = {{"#fc5910", "orange"},     {"#ee6b2d", "orange"},     {"#ff4500", "orange"},
               {"#ff7f00", "orange"},     {"#ffa500", "orange"},     {"#cc5500", "orange"},
               {"#ff0000", "red"},        {"#c8202f", "red"},        {"#d92b34", "red"},
               {"#fe2020", "red"},        {"#800000", "dark red"},   {"#7b4a35", "brown"},
               {"#8a4b2a", "brown"},      {"#5b4034", "dark brown"}, {"#f5d327", "yellow"},
               {"#ffff00", "yellow"},     {"#ffd700", "yellow"},     {"#ffffe0", "light yellow"},
               {"#00885a", "green"},      {"#1f8a5f", "green"},      {"#008000", "green"},
               {"#00ff00", "green"},      {"#006400", "dark green"}, {"#9acd32", "yellow green"},
               {"#2456a8", "blue"},       {"#2c45a0", "blue"},       {"#0000ff", "blue"},
               {"#1d4c9e", "blue"},       {"#000080", "dark blue"},  {"#1e9bd1", "sky blue"},
               {"#add8e6", "light blue"}, {"#5e3f95", "violet"},     {"#6a0dad", "violet"},
               {"#800080", "purple"},     {"#ff00ff", "magenta"},    {"#dd3f8f", "pink"},
               {"#ffc0cb", "pink"},       {"#40e0d0", "turquoise"},  {"#008080", "teal"},
               {"#1a1a1c", "black"},      {"#2b2b33", "black"},      {"#83868a", "grey"},
               {"#c0c0c0", "light grey"}, {"#ffffff", "white"},      {"#f5f5f5", "white"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_pen_set pen = {.count = 1};
    assert_true(vs_color_from_hex(cases[i].hex, pen.pens[0].color));
    vs_palette_name_pens(&pen);
    if (strcmp(pen.pens[0].name, cases[i].name) != 0)
      fail_msg("%s is %s, not %s", cases[i].hex, pen.pens[0].name, cases[i].name);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_colours_are_kept),
      cmocka_unit_test(opacity_blends_with_the_paper),
      cmocka_unit_test(ink),
      cmocka_unit_test(strokes_outside_do_not_count),
      cmocka_unit_test(pens_are_clusters),
      cmocka_unit_test(number_by_the_rule),
      cmocka_unit_test(measures),
      cmocka_unit_test(same_drawing_same_pens),
      cmocka_unit_test(colours_have_the_names_that_people_give_them)};
  return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
