/* How the strokes of SVG files are painted: colours, widths, inheritance, style sheets and their
 * cascade, transforms that they set, fills. */
#define SVG_FILE TEST_SCRATCH_DIR "/style.svg"

#include "tests/core/svg/svg_read_fixture.h"

static void check_color(const char *color, double red, double green, double blue, double opacity) {
  char text[1024];
  snprintf(text, sizeof text, PAGE("<path color='#204060' stroke='%s' d='M0 0h3'/>"), color);
  vs_drawing *drawing = must_read(text);
  const vs_stroke *stroke = &drawing->strokes[0];
  const double expected[4] = {red / 255, green / 255, blue / 255, opacity};
  for (int c = 0; c < 4; c++) {
    const double value = (double)(c < 3 ? stroke->color[c] : stroke->opacity);
    if (fabs(value - expected[c]) > 1e-6)
      fail_msg("%s: channel %d is %g, not %g", color, c, value, expected[c]);
  }
  assert_string_equal(last_warnings, "");
  vs_drawing_free(drawing);
}

static void colors(void **state) {
  (void)state;
  check_color("#abc", 0xaa, 0xbb, 0xcc, 1);
  check_color("#abc8", 0xaa, 0xbb, 0xcc, 0x88 / 255.0);
  check_color("#A1b2C3", 0xa1, 0xb2, 0xc3, 1);
  check_color("#a1b2c380", 0xa1, 0xb2, 0xc3, 128 / 255.0);
  check_color("rgb(1,2,3)", 1, 2, 3, 1);
  check_color("rgb( 1 , 2 , 300 )", 1, 2, 255, 1);
  check_color("rgb(10%,20%,30%)", 25.5, 51, 76.5, 1);
  check_color("rgba(1,2,3,.5)", 1, 2, 3, .5);
  check_color("rgb(1 2 3 / 50%)", 1, 2, 3, .5);
  check_color("rgb(12.5, 0.25, 7)", 12.5, .25, 7, 1); /* as diffvg writes them */
  check_color("hsl(120, 100%, 25%)", 0, 127.5, 0, 1);
  check_color("hsla(-120deg 100% 50% / .25)", 0, 0, 255, .25);
  check_color("red", 255, 0, 0, 1);
  check_color("AliceBlue", 0xf0, 0xf8, 0xff, 1);
  check_color("lightgoldenrodyellow", 0xfa, 0xfa, 0xd2, 1);
  check_color("yellowgreen", 0x9a, 0xcd, 0x32, 1);
  check_color("RebeccaPurple", 0x66, 0x33, 0x99, 1);
  check_color("currentColor", 0x20, 0x40, 0x60, 1);
  check_color("url(#absent) teal", 0, 128, 128, 1);
}

static double width_of(const char *width) {
  char text[1024];
  snprintf(text, sizeof text, PAGE("<path stroke-width='%s' d='M0 0h3'/>"), width);
  vs_drawing *drawing = must_read(text);
  const double value = (double)drawing->strokes[0].width;
  vs_drawing_free(drawing);
  return value;
}

static void widths(void **state) {
  (void)state;
  assert_close(width_of("2"), 2, 0);
  assert_close(width_of(" 2px "), 2, 0);
  assert_close(width_of("1in"), 96, 0);
  assert_close(width_of("2.54cm"), 96, 1e-5);
  assert_close(width_of("25.4mm"), 96, 1e-5);
  assert_close(width_of("3pt"), 4, 1e-6);
  assert_close(width_of("1pc"), 16, 0);
  assert_close(width_of("1e1"), 10, 0);
  assert_close(width_of("1em"), 16, 0);
  assert_close(width_of("5%"), 5, 1e-6);
  vs_drawing *drawing = must_read(
      "<svg " SPACES " width='200' height='200' viewBox='0 0 100 100' stroke='red'>"
      "<path d='M0 0h3' transform='scale(7)' stroke-width='3' vector-effect='non-scaling-stroke'/>"
      "<path d='M0 0h3' stroke-width='0'/></svg>");
  assert_int_equal(drawing->stroke_count, 1);
  assert_close((double)drawing->strokes[0].width, 1.5, 0); /* 3 px of the screen */
  vs_drawing_free(drawing);
}

static void inheritance(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(
      PAGE("<g stroke='red' stroke-width='3' stroke-opacity='.5' opacity='.5'>"
           "<path d='M0 0h3' opacity='.5'/><g style='stroke: blue; stroke-width:2 !important'>"
           "<path d='M0 0h3' stroke='lime'/><path d='M0 0h3' style='stroke:#0ff;opacity:50%'/>"
           "<path d='M0 0h3' stroke='inherit'/></g></g><path d='M0 0h3'/>"
           "<path d='M0 0h3' stroke='none'/><path d='M0 0h3' style='display : none'/>"
           "<g visibility='hidden'><path d='M0 0h3'/><path d='M0 9h3' visibility='visible'/></g>"
           "<g display='none'><path d='M0 0h3' display='inline'/></g>"
           "<path d='M0 0h3' opacity='0'/>"));
  assert_int_equal(drawing->stroke_count, 6);
  const vs_stroke *s = drawing->strokes;
  assert_close((double)s[0].opacity, .125, 1e-7);
  assert_close((double)s[0].width, 3, 0);
  assert_close((double)s[1].color[1], 1, 0); /* lime */
  assert_close((double)s[1].width, 2, 0);
  assert_close((double)s[1].opacity, .25, 1e-7);
  assert_close((double)s[2].color[0], 0, 0); /* cyan: a style before attributes */
  assert_close((double)s[2].color[1], 1, 0);
  assert_close((double)s[2].opacity, .125, 1e-7);
  assert_close((double)s[3].color[2], 1, 0); /* blue, from the group */
  assert_close((double)s[4].color[0] + (double)s[4].opacity, 1, 0);
  assert_close((double)drawing->points[s[5].first_point].y, 9, 0);
  vs_drawing_free(drawing);
}

/* What cannot be a value is as if it had not been said; what is important goes before what is not,
 * wherever it stands. */
static void the_last_valid_word_counts(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(
      PAGE("<style>#a{stroke:red !important;transform:translate(1px,1px) ! IMPORTANT}"
           "path{stroke:blue} path{stroke:banana} #b{stroke-width:3;stroke-width:-1}</style>"
           "<path id='a' d='M0 0h3' style='stroke:lime;transform:none'/>"
           "<path id='b' d='M0 0h3' style='transform:translate(4px);transform:banana'/>"
           "<path d='M0 0h3' transform='translate(5)' style='stroke:lime;stroke:red !vital'/>"));
  assert_int_equal(drawing->stroke_count, 3);
  const vs_stroke *s = drawing->strokes;
  assert_close((double)s[0].color[0], 1, 0); /* red */
  assert_close((double)drawing->points[s[0].first_point].x, 1, 0);
  assert_close((double)s[1].color[2], 1, 0); /* blue */
  assert_close((double)s[1].width, 3, 0);
  assert_close((double)drawing->points[s[1].first_point].x, 4, 0);
  assert_close((double)s[2].color[1], 1, 0); /* lime */
  assert_close((double)drawing->points[s[2].first_point].x, 5, 0);
  vs_drawing_free(drawing);
}

static void style_sheets(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(
      PAGE("<defs><style><![CDATA[ @font-face { font-family: x; src: url(y) } /* a } comment */\n"
           ".thin, .thick.red { stroke-width: 2 } #one { stroke: lime } path { stroke: blue }\n"
           "path.thin{stroke-width:3;}g path{stroke:red} *{stroke-opacity:.5}]]></style></defs>"
           "<path class='thin' d='M0 0h3'/><path id='one' class='a thick red b' d='M0 0h3'/>"
           "<line class='thin' x2='3' style='stroke-width:4'/><path class='thick' d='M0 0h3'/>"));
  assert_int_equal(drawing->stroke_count, 4);
  const vs_stroke *s = drawing->strokes;
  assert_close((double)s[0].width, 3, 0);
  assert_close((double)s[0].color[2], 1, 0);
  assert_close((double)s[1].width, 2, 0);
  assert_close((double)s[1].color[1], 1, 0); /* an id before a name */
  assert_close((double)s[2].width, 4, 0);
  assert_close((double)s[3].width, 1, 0);
  assert_close((double)s[3].opacity, .5, 0);
  assert_non_null(
      strstr(last_warnings, "selectors of style sheets: 2")); /* @font-face, and "g path" */
  vs_drawing_free(drawing);
}

/* A filled rect beneath everything is the paper; other fills are told of. */
static void fills(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(
      PAGE("<rect width='100%' height='100%' fill='#336699'/><rect width='50' height='9' "
           "fill='red'/><path d='M0 0h3' fill='red'/><circle r='9' fill='red' stroke='none'/>"
           "<circle r='7' fill='red' stroke='none'/><text x='3'>hm</text>"));
  assert_int_equal(drawing->stroke_count, 3); /* both rects have a stroke as well */
  assert_close((double)drawing->paper[0], 0.2, 1e-6);
  assert_close((double)drawing->paper[2], 0.6, 1e-6);
  assert_non_null(strstr(last_warnings, "a fill and no stroke: shapes: 2"));
  assert_non_null(strstr(last_warnings, "texts: 1"));
  vs_drawing_free(drawing);
}

static void transforms_of_style_sheets(void **state) {
  (void)state;
  vs_drawing *drawing =
      must_read(PAGE("<style>.a { transform: translateX(10px) } #b { transform: scale(2); }</style>"
                     "<path class='a' d='M1 2h3'/><path class='a' id='b' d='M1 2h3'/>"
                     "<path class='a' transform='scale(5)' d='M1 2h3'/>"
                     "<path transform='scale(5)' style='transform: none' d='M1 2h3'/>"
                     "<path transform='scale(5)' style='transform: turn(1)' d='M1 2h3'/>"
                     "<g class='a'><g><path d='M1 2h3'/></g></g>"
                     "<path class='a' style='transform-origin: 0 0' d='M1 2h3'/>"
                     "<path style='transform-origin: center' d='M1 2h3'/>"
                     "<path style='transform: scale(2); transform-origin: center' d='M1 2h3'/>"
                     "<path class='a' style='transform-origin: center' d='M1 2h3'/>"
                     "<path transform='scale(2)' transform-origin='3 0' d='M1 2h3'/>"));
  const double first[][2] = {{11, 2}, {2, 4}, {11, 2}, {1, 2},  {5, 10}, {11, 2},
                             {11, 2}, {1, 2}, {2, 4},  {11, 2}, {2, 4}};
  assert_int_equal(drawing->stroke_count, 11);
  for (size_t i = 0; i < 11; i++) {
    const vs_point2 point = drawing->points[drawing->strokes[i].first_point];
    assert_close((double)point.x, first[i][0], TOLERANCE);
    assert_close((double)point.y, first[i][1], TOLERANCE);
  }
  assert_close((double)drawing->strokes[1].width, 2, TOLERANCE);
  assert_non_null(strstr(last_warnings, "values of style properties: 1\n"));
  assert_non_null(strstr(last_warnings, "without their transform-origin: elements: 2\n"));
  vs_drawing_free(drawing);
}

int main(void) {
  vs_log_set_sink(keep_warning);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(colors),
      cmocka_unit_test(widths),
      cmocka_unit_test(inheritance),
      cmocka_unit_test(the_last_valid_word_counts),
      cmocka_unit_test(style_sheets),
      cmocka_unit_test(fills),
      cmocka_unit_test(transforms_of_style_sheets),
  };
  return cmocka_run_group_tests_name("svg_style", tests, NULL, NULL);
}
