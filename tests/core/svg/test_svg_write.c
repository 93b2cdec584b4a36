/* SVG as it is written, text by text: sizes, numbers, styles, layers of pens, escapes, files. */
#include "tests/support/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/image/color.h"
#include "core/svg/svg_color.h"
#include "core/svg/svg_write.h"

/* The document as a text, freed by the caller. Not inlined: gcc 12 would take what the stream puts
 * into `text` for its address. */
static __attribute__((noinline)) char *print(const vs_drawing *drawing,
                                             const vs_svg_options *options) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  vs_svg_write_print(out, drawing, options);
  assert_int_equal(fclose(out), 0);
  return text;
}

static size_t count(const char *text, const char *word) {
  size_t found = 0;
  for (; (text = strstr(text, word)) != NULL; text += strlen(word)) found++;
  return found;
}

/* A drawing of `strokes` straight lines, each from (i, 0) to (i + 3, 30). */
static vs_drawing *lines(size_t strokes) {
  vs_drawing *drawing;
  assert_ok(vs_drawing_new(&drawing, 210, 297, strokes, 4 * strokes));
  for (size_t i = 0; i < strokes; i++) {
    drawing->strokes[i] =
        (vs_stroke){.first_point = 4 * i, .segments = 1, .width = 1.5f, .opacity = 1, .pen = -1};
    for (size_t j = 0; j < 4; j++)
      drawing->points[4 * i + j] = (vs_point2){(float)(i + j), 10 * (float)j};
  }
  return drawing;
}

static const vs_pen_set three_pens = {.count = 3,
                                      .pens = {{"black", {0, 0, 0}, 0.3},
                                               {"0.5 red <&\"> 88/40", {1, 0, 0.5f}, 0.5},
                                               {"12", {0, 0, 1}, 0.4}}};

static void the_sheet_is_in_its_unit(void **state) {
  (void)state;
  vs_drawing *drawing = lines(1);
  char *text = print(drawing, &(vs_svg_options){.unit = "mm"});
  assert_non_null(strstr(text, "width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\""));
  assert_non_null(strstr(text, "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\""));
  assert_null(strstr(text, "inkscape:label"));
  assert_null(strstr(text, "<rect"));
  assert_null(strstr(text, "<title"));
  free(text);
  drawing->width = 215.9;
  drawing->paper[2] = 0;
  text = print(drawing, &(vs_svg_options){.unit = "px", .paper = true});
  assert_non_null(strstr(text, "width=\"215.9px\" height=\"297px\" viewBox=\"0 0 215.9 297\""));
  assert_non_null(strstr(text, "<rect width=\"215.9\" height=\"297\" fill=\"#ffff00\"/>"));
  free(text);
  vs_drawing_free(drawing);
}

static void numbers_are_short(void **state) {
  (void)state;
  static const struct {
    float value;
    const char *text;
  } cases[] = {{0, "0"},
               {-0.0f, "0"},
               {1, "1"},
               {0.5f, "0.5"},
               {-0.25f, "-0.25"},
               {0.1f, "0.1"},
               {10.125f, "10.125"},
               {0.0004f, "0"},
               {-0.0006f, "-0.001"},
               {99.9996f, "100"},
               {-3.05f, "-3.05"},
               {1e6f, "1000000"},
               {0.007f, "0.007"},
               {123456.0f, "123456"}};
  vs_drawing *drawing = lines(1);
  /* a locale with a decimal comma, where the system has one; numbers must not change */
  if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) setlocale(LC_ALL, "C.UTF-8");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    drawing->points[0] = (vs_point2){cases[i].value, 7};
    char *text = print(drawing, &(vs_svg_options){.unit = "mm"}), expected[64];
    snprintf(expected, sizeof expected, "d=\"M %s 7 C 1 10 2 20 3 30\"", cases[i].text);
    if (strstr(text, expected) == NULL) fail_msg("%s is not in %s", expected, text);
    free(text);
  }
  setlocale(LC_ALL, "C");
  vs_drawing_free(drawing);
}

static void strokes_without_pens_keep_their_style(void **state) {
  (void)state;
  vs_drawing *drawing = lines(3);
  drawing->strokes[1].color[0] = 1;
  drawing->strokes[1].opacity = 0.25f;
  drawing->strokes[2].width = 0.0001f;
  char *text = print(drawing, &(vs_svg_options){.unit = "px"});
  assert_int_equal(count(text, "<g"), 1);
  assert_non_null(strstr(text, "<g fill=\"none\" stroke=\"#000000\" stroke-width=\"1.5\" "
                               "stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<path d="));
  assert_non_null(strstr(text, "<path stroke=\"#ff0000\" stroke-opacity=\"0.25\" d=\"M 1 0 "));
  assert_non_null(strstr(text, "<path stroke-width=\"0.001\" d=\"M 2 0 "));
  free(text);
  vs_drawing_free(drawing);
}

static void each_pen_that_draws_has_a_layer(void **state) {
  (void)state;
  vs_drawing *drawing = lines(4);
  drawing->strokes[0].pen = 2; /* an order that layers change */
  drawing->strokes[1].pen = 1;
  drawing->strokes[2].pen = 2;
  drawing->strokes[3].opacity = 0.5f; /* no pen */
  char *text =
      print(drawing, &(vs_svg_options){.unit = "mm", .pens = &three_pens, .as_pens = true});
  assert_int_equal(count(text, "inkscape:groupmode=\"layer\""), 3);
  const char *red = strstr(text, "inkscape:label=\"2-red &lt;&amp;&quot;&gt; /\" id=\"layer2\" "
                                 "fill=\"none\" stroke=\"#ff0080\" stroke-width=\"1.5\" "
                                 "stroke-linecap=\"round\"");
  const char *blue = strstr(text, "inkscape:label=\"3-pen\" id=\"layer3\" fill=\"none\" "
                                  "stroke=\"#0000ff\"");
  const char *none = strstr(text, "inkscape:label=\"4-no pen\" id=\"layer4\" fill=\"none\" "
                                  "stroke=\"#000000\" stroke-width=\"1.5\" stroke-opacity=\"0.5\"");
  assert_non_null(red);
  assert_non_null(blue);
  assert_non_null(none);
  assert_true(red < blue && blue < none);
  assert_null(strstr(text, "black"));
  const char *first = strstr(text, "M 0 0 "), *third = strstr(text, "M 2 0 ");
  assert_true(blue < first && first < third && third < none);
  free(text);

  text = print(drawing, &(vs_svg_options){.unit = "mm", .pens = &three_pens});
  assert_null(strstr(text, "#ff0080")); /* strokes as they are, in layers all the same */
  assert_non_null(strstr(text, "inkscape:label=\"3-pen\""));
  free(text);
  vs_drawing_free(drawing);
}

static void closed_strokes_end_in_z(void **state) {
  (void)state;
  vs_drawing *drawing = lines(2);
  drawing->strokes[0].closed = true;
  drawing->strokes[0].segments = 2; /* six points: also the first two of the other */
  char *text = print(drawing, &(vs_svg_options){.unit = "mm"});
  assert_non_null(strstr(text, "d=\"M 0 0 C 1 10 2 20 3 30 1 0 2 10 0 0 Z\""));
  assert_int_equal(count(text, "Z"), 1);
  free(text);
  vs_drawing_free(drawing);
}

static void what_is_not_finite_is_left_out(void **state) {
  (void)state;
  vs_drawing *drawing = lines(4);
  drawing->points[1].x = NAN;
  drawing->points[6].y = -INFINITY;
  drawing->points[8].x = 1e30f;
  drawing->strokes[3].color[1] = NAN;
  drawing->strokes[3].color[2] = 7;
  char *text = print(drawing, &(vs_svg_options){.unit = "mm"});
  assert_int_equal(count(text, "<path"), 1);
  assert_non_null(strstr(text, "stroke=\"#0000ff\""));
  free(text);
  drawing->stroke_count = 3;
  text = print(drawing, &(vs_svg_options){.unit = "mm", .pens = &three_pens});
  assert_null(strstr(text, "<g"));
  free(text);
  drawing->stroke_count = 4;
  vs_drawing_free(drawing);
}

static void texts_are_escaped(void **state) {
  (void)state;
  vs_drawing *drawing = lines(1);
  char *text = print(drawing, &(vs_svg_options){.unit = "mm",
                                                .title = "a<b>&\"c\" \x01\xff\xef\xbf\xbf\xc3\xa4",
                                                .description = "</metadata>\n]]>"});
  assert_non_null(strstr(text, "<title>a&lt;b&gt;&amp;&quot;c&quot; "
                               "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3\xa4</title>"));
  assert_non_null(strstr(text, "<metadata>&lt;/metadata&gt;\n]]&gt;</metadata>"));
  for (const char *at = text; *at != '\0'; at += vs_utf8_length(at))
    assert_int_not_equal(vs_utf8_length(at), 0);
  free(text);
  vs_drawing_free(drawing);
}

static void files_are_whole_or_refused(void **state) {
  (void)state;
  const char *path = TEST_SCRATCH_DIR "/drawing.svg";
  unlink(path);
  vs_drawing *drawing = lines(2);
  const vs_svg_options options = {.unit = "mm", .title = "first"};
  assert_ok(vs_svg_write(path, drawing, &options));
  assert_ok(vs_svg_write(path, drawing, &options)); /* an SVG may be replaced */
  char *expected = print(drawing, &options), *data;
  size_t size;
  assert_ok(vs_file_read(path, 1 << 20, &data, &size));
  assert_string_equal(data, expected);
  free(data);
  free(expected);

  static const char *const others[] = {"pens: []\n", "<html><svg></svg></html>", "\x89PNG\r\n<",
                                       "<svgfoo>", "<svg"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    assert_ok(vs_file_write(path, others[i], strlen(others[i])));
    assert_int_equal(vs_svg_write(path, drawing, &options), VS_ERR_USAGE);
    assert_non_null(strstr(vs_status_message(), path));
    assert_ok(vs_file_read(path, 1 << 20, &data, &size));
    assert_string_equal(data, others[i]);
    free(data);
  }
  static const char inkscape[] = "<?xml version='1.0'?>\n<!-- Created with Inkscape "
                                 "(http://www.inkscape.org/) -->\n<svg\n width='1'/>";
  assert_ok(vs_file_write(path, inkscape, strlen(inkscape)));
  assert_ok(vs_svg_write(path, drawing, &options));
  assert_int_equal(vs_svg_write(TEST_SCRATCH_DIR, drawing, &options), VS_ERR_IO);
  assert_int_equal(vs_svg_write(TEST_SCRATCH_DIR "/no/folder.svg", drawing, &options), VS_ERR_IO);
  vs_drawing_free(drawing);
}

static void colours_are_clipped(void **state) {
  (void)state;
  char text[VS_COLOR_HEX];
  vs_color_hex((const float[3]){0.0f, 0.5f, 1.0f}, text);
  assert_string_equal(text, "#0080ff");
  vs_color_hex((const float[3]){-1.0f, NAN, 3e9f}, text);
  assert_string_equal(text, "#0000ff");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_sheet_is_in_its_unit),
      cmocka_unit_test(numbers_are_short),
      cmocka_unit_test(strokes_without_pens_keep_their_style),
      cmocka_unit_test(each_pen_that_draws_has_a_layer),
      cmocka_unit_test(closed_strokes_end_in_z),
      cmocka_unit_test(what_is_not_finite_is_left_out),
      cmocka_unit_test(texts_are_escaped),
      cmocka_unit_test(colours_are_clipped),
      cmocka_unit_test(files_are_whole_or_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
