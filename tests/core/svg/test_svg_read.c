/* The strokes of SVG files: every path command by points worked out by hand, shapes, transforms,
 * use; what is refused, and with which message. Styles are in test_svg_style.c; cli/palette.py
 * compares whole pictures with librsvg's. */
#define SVG_FILE TEST_SCRATCH_DIR "/read.svg"

#include <stdlib.h>

#include "tests/core/svg/svg_read_fixture.h"

/* One path makes one stroke of these points. */
static void check_path(const char *d, bool closed, const double *xy, size_t count) {
  char text[2048];
  snprintf(text, sizeof text, PAGE("<path d=\"%s\"/>"), d);
  vs_drawing *drawing = must_read(text);
  if (drawing->stroke_count != 1) fail_msg("%s: %zu strokes", d, drawing->stroke_count);
  assert_int_equal(drawing->strokes[0].closed, closed);
  check_points(drawing, 0, xy, count);
  vs_drawing_free(drawing);
}

/* --- path data -------------------------------------------------------------------------------- */

static void lines(void **state) {
  (void)state;
  check_path("M10 20 L40 50", false, POINTS(10, 20, 20, 30, 30, 40, 40, 50));
  check_path("m10 20 l30 30", false, POINTS(10, 20, 20, 30, 30, 40, 40, 50));
  check_path("M1 1H4", false, POINTS(1, 1, 2, 1, 3, 1, 4, 1));
  check_path("M1 1h3", false, POINTS(1, 1, 2, 1, 3, 1, 4, 1));
  check_path("M1 1V4", false, POINTS(1, 1, 1, 2, 1, 3, 1, 4));
  check_path("M1 1v3", false, POINTS(1, 1, 1, 2, 1, 3, 1, 4));
  check_path("M0 0 3 0 3 3", false, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 3));
  check_path("m1 1 3 0 0 3", false, POINTS(1, 1, 2, 1, 3, 1, 4, 1, 4, 2, 4, 3, 4, 4));
  check_path("M0 0h3 3", false, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0));
}

static void numbers(void **state) {
  (void)state;
  check_path("M1.5.5-3e0-2.5", false, POINTS(1.5, .5, 0, -.5, -1.5, -1.5, -3, -2.5));
  check_path("M1.5.5L-3e+1-25E-1", false, POINTS(1.5, .5, -9, -.5, -19.5, -1.5, -30, -2.5));
  check_path(" M\t+3,\n+0 , L .3e1 3. ", false, POINTS(3, 0, 3, 1, 3, 2, 3, 3));
  check_path("M0.000000000000000000000000003e27 300000000000000000000e-20L3 0", false,
             POINTS(3, 3, 3, 2, 3, 1, 3, 0));
}

static void curves(void **state) {
  (void)state;
  check_path("M1 2C3 4 5 6 7 8", false, POINTS(1, 2, 3, 4, 5, 6, 7, 8));
  check_path("M1 2c2 2 4 4 6 6", false, POINTS(1, 2, 3, 4, 5, 6, 7, 8));
  check_path("M0 0c1 2 3 4 5 6 1 2 3 4 5 6", false,
             POINTS(0, 0, 1, 2, 3, 4, 5, 6, 6, 8, 8, 10, 10, 12));
  check_path("M0 0C1 2 3 4 5 6S8 9 10 10", false,
             POINTS(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 10));
  check_path("M0 0C1 2 3 4 5 6s3 3 5 4 1 1 2 2", false,
             POINTS(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 10, 12, 11, 11, 11, 12, 12));
  /* without a cubic before it, the first control point is the current one */
  check_path("M5 6S8 9 10 10", false, POINTS(5, 6, 5, 6, 8, 9, 10, 10));
  /* a quadratic raised: two thirds of the way to its control point */
  check_path("M0 0Q3 6 6 0", false, POINTS(0, 0, 2, 4, 4, 4, 6, 0));
  check_path("M0 0q3 6 6 0", false, POINTS(0, 0, 2, 4, 4, 4, 6, 0));
  check_path("M0 0Q3 6 6 0T12 0", false, POINTS(0, 0, 2, 4, 4, 4, 6, 0, 8, -4, 10, -4, 12, 0));
  check_path("M0 0q3 6 6 0t6 0 6 0", false,
             POINTS(0, 0, 2, 4, 4, 4, 6, 0, 8, -4, 10, -4, 12, 0, 14, 4, 16, 4, 18, 0));
  check_path("M0 0T6 0", false, POINTS(0, 0, 0, 0, 2, 0, 6, 0));
  /* a T behind a cubic mirrors nothing */
  check_path("M0 0C1 2 3 4 6 0T12 0", false, POINTS(0, 0, 1, 2, 3, 4, 6, 0, 6, 0, 8, 0, 12, 0));
}

/* A quarter turn's handle: 4/3 (sqrt 2 - 1) of the radius. */
#define K 0.55228474983079340

static void arcs(void **state) {
  (void)state;
  const double k = 10 * K;
  check_path("M10 0A10 10 0 0 1 0 10", false, POINTS(10, 0, 10, k, k, 10, 0, 10));
  check_path("M10 0a10 10 0 0 1 -10 10", false, POINTS(10, 0, 10, k, k, 10, 0, 10));
  check_path("M10 0a10,10,0,01-10,10", false, POINTS(10, 0, 10, k, k, 10, 0, 10));
  check_path("M10 0a10 10 0 0110 10", false, POINTS(10, 0, 10 + k, 0, 20, 10 - k, 20, 10));
  /* the other way, round (10,10) */
  check_path("M10 0A10 10 0 0 0 0 10", false, POINTS(10, 0, 10 - k, 0, 0, 10 - k, 0, 10));
  /* the long way round (10,10): three quarters */
  check_path("M10 0A10 10 0 1 1 0 10", false,
             POINTS(10, 0, 10 + k, 0, 20, 10 - k, 20, 10, 20, 10 + k, 10 + k, 20, 10, 20, 10 - k,
                    20, 0, 10 + k, 0, 10));
  /* an ellipse of 20 x 10 lying on its side */
  check_path("M0 0A20 10 90 0 1 10 20", false, POINTS(0, 0, k, 0, 10, 20 - 2 * k, 10, 20));
  /* radii too small grow until they reach: a half circle of 5 */
  check_path("M0 0A1 1 0 0 1 10 0", false,
             POINTS(0, 0, 0, -k / 2, 5 - k / 2, -5, 5, -5, 5 + k / 2, -5, 10, -k / 2, 10, 0));
  check_path("M0 0A0 1 0 0 1 3 0", false, POINTS(0, 0, 1, 0, 2, 0, 3, 0));
  check_path("M0 0A5 5 0 1 1 0 0 L3 0", false, POINTS(0, 0, 1, 0, 2, 0, 3, 0));
}

static void closing(void **state) {
  (void)state;
  /* by a line, as the ends are apart */
  check_path("M0 0H3V3Z", true, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 3, 2, 2, 1, 1));
  /* the end is the beginning already */
  check_path("M0 0H3V3L0 0z", true, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 3, 2, 2, 1, 1));
  check_path("M0 0C1 1 2 1 0 0zz", true, POINTS(0, 0, 1, 1, 2, 1));
  vs_drawing *drawing = must_read(PAGE("<path d='M1 1h3v3z l3 0 m1 1 l3 0'/>"));
  assert_int_equal(drawing->stroke_count, 3);
  assert_true(drawing->strokes[0].closed && !drawing->strokes[1].closed);
  check_points(drawing, 1, POINTS(1, 1, 2, 1, 3, 1, 4, 1)); /* from where the path was closed */
  check_points(drawing, 2, POINTS(5, 2, 6, 2, 7, 2, 8, 2));
  vs_drawing_free(drawing);
}

/* Points without length are drawn where there are caps. */
static void dots(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(PAGE("<path stroke-linecap='round' d='M5 5z M6 6h0 M7 7'/>"
                                       "<path d='M8 8h0 M8 8z'/>"));
  assert_int_equal(drawing->stroke_count, 2);
  check_points(drawing, 0, POINTS(5, 5, 5, 5, 5, 5, 5, 5));
  check_points(drawing, 1, POINTS(6, 6, 6, 6, 6, 6, 6, 6));
  vs_drawing_free(drawing);
}

/* --- shapes ----------------------------------------------------------------------------------- */

static void shapes(void **state) {
  (void)state;
  const double k = 3 * K;
  vs_drawing *drawing =
      must_read(PAGE("<line x1='1' y1='2' x2='4' y2='2'/><polyline points='0,0 3,0,3 3'/>"
                     "<polygon points='0 0 3 0 3 3'/><rect x='10' y='10' width='30' height='60'/>"
                     "<circle cx='10' cy='20' r='3'/><ellipse cx='10' cy='20' rx='3' ry='6'/>"
                     "<rect x='0' y='0' width='9' height='12' rx='3'/>"
                     "<rect x='0' y='0' width='6' height='60%' ry='90'/>"
                     "<rect width='0' height='5'/><circle r='0'/><polyline/><path/>"));
  assert_int_equal(drawing->stroke_count, 8);
  check_points(drawing, 0, POINTS(1, 2, 2, 2, 3, 2, 4, 2));
  check_points(drawing, 1, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 3));
  check_points(drawing, 2, POINTS(0, 0, 1, 0, 2, 0, 3, 0, 3, 1, 3, 2, 3, 3, 2, 2, 1, 1));
  check_points(drawing, 3,
               POINTS(10, 10, 20, 10, 30, 10, 40, 10, 40, 30, 40, 50, 40, 70, 30, 70, 20, 70, 10,
                      70, 10, 50, 10, 30));
  check_points(drawing, 4,
               POINTS(13, 20, 13, 20 + k, 10 + k, 23, 10, 23, 10 - k, 23, 7, 20 + k, 7, 20, 7,
                      20 - k, 10 - k, 17, 10, 17, 10 + k, 17, 13, 20 - k));
  assert_true(drawing->strokes[4].closed && drawing->strokes[5].closed);
  check_points(drawing, 5,
               POINTS(13, 20, 13, 20 + 2 * k, 10 + k, 26, 10, 26, 10 - k, 26, 7, 20 + 2 * k, 7, 20,
                      7, 20 - 2 * k, 10 - k, 14, 10, 14, 10 + k, 14, 13, 20 - 2 * k));
  const double r = 3 - k; /* what a corner's handle leaves of the radius */
  check_points(drawing, 6,
               POINTS(3, 0, 4, 0, 5, 0, 6, 0, 9 - r, 0, 9, r, 9, 3, 9, 5, 9, 7, 9, 9, 9, 12 - r,
                      9 - r, 12, 6, 12, 5, 12, 4, 12, 3, 12, r, 12, 0, 12 - r, 0, 9, 0, 7, 0, 5, 0,
                      3, 0, r, r, 0));
  assert_int_equal(drawing->strokes[7].segments, 4); /* rx 3, ry 30: nothing straight is left */
  vs_drawing_free(drawing);
}

/* --- transforms ------------------------------------------------------------------------------- */

static void check_transform(const char *transform, double x, double y, double scale) {
  char text[1024];
  snprintf(text, sizeof text, PAGE("<g transform='%s'><path d='M2 3h9'/></g>"), transform);
  vs_drawing *drawing = must_read(text);
  const vs_point2 point = drawing->points[0];
  if (fabs((double)point.x - x) > TOLERANCE || fabs((double)point.y - y) > TOLERANCE)
    fail_msg("%s: (%g, %g)", transform, (double)point.x, (double)point.y);
  assert_close((double)drawing->strokes[0].width, scale, TOLERANCE);
  vs_drawing_free(drawing);
}

static void transforms(void **state) {
  (void)state;
  check_transform("translate(10)", 12, 3, 1);
  check_transform(" translate ( 10 , 20 ) ", 12, 23, 1);
  check_transform("scale(2)", 4, 6, 2);
  check_transform("scale(2-8)", 4, -24, 4);
  check_transform("rotate(90)", -3, 2, 1);
  check_transform("rotate(90 10 10)", 17, 2, 1);
  check_transform("skewX(45)", 5, 3, 1);
  check_transform("skewY(45)", 2, 5, 1);
  check_transform("matrix(1 2 3 4 5 6)", 2 + 9 + 5, 4 + 12 + 6, sqrt(2));
  check_transform("translate(10,0)scale(2),rotate(90)", 4, 4, 2); /* the last is the first */
  check_transform("none", 2, 3, 1);
  vs_drawing *drawing =
      must_read(PAGE("<g transform='translate(5)'><g transform='scale(2)'>"
                     "<path transform='translate(1 1)' d='M0 0h3' stroke-width='3'/></g></g>"));
  check_points(drawing, 0, POINTS(7, 2, 9, 2, 11, 2, 13, 2));
  assert_close((double)drawing->strokes[0].width, 6, 0);
  vs_drawing_free(drawing);
}

/* The same of the property, in a style attribute; its value is understood or not. */
static void check_css_transform(const char *value, bool is_known, double x, double y) {
  char text[1024];
  snprintf(text, sizeof text, PAGE("<g style='transform:%s;fill:none'><path d='M2 3h9'/></g>"),
           value);
  vs_drawing *drawing = must_read(text);
  const vs_point2 point = drawing->points[0];
  if (fabs((double)point.x - x) > TOLERANCE || fabs((double)point.y - y) > TOLERANCE)
    fail_msg("%s: (%g, %g)", value, (double)point.x, (double)point.y);
  const char *expected = "values of style properties: 1";
  if ((strstr(last_warnings, expected) == NULL) != is_known || (is_known && last_warnings[0]))
    fail_msg("%s: %s", value, last_warnings);
  vs_drawing_free(drawing);
}

static void css_transforms(void **state) {
  (void)state;
  check_css_transform("translate(10px)", true, 12, 3);
  check_css_transform(" translate( 10px , 1in ) ", true, 12, 99);
  check_css_transform("translate(0,0)", true, 2, 3);
  check_css_transform("translateX(-10px) translateY(2.54cm)", true, -8, 99);
  check_css_transform("scale(2)", true, 4, 6);
  check_css_transform("scale(2,-8)", true, 4, -24);
  check_css_transform("scaleX(2)scaleY(3)", true, 4, 9);
  check_css_transform("rotate(90deg)", true, -3, 2);
  check_css_transform("ROTATE(.25turn)", true, -3, 2);
  check_css_transform("rotate(100grad)", true, -3, 2);
  check_css_transform("rotate(1.5707963267948966rad)", true, -3, 2);
  check_css_transform("skewX(45deg)", true, 5, 3);
  check_css_transform("skewY(45deg)", true, 2, 5);
  check_css_transform("skew(45deg, 45deg)", true, 5, 5);
  check_css_transform("matrix(1,2,3,4,5,6)", true, 2 + 9 + 5, 4 + 12 + 6);
  check_css_transform("translate(10px,0) scale(2) rotate(90deg)", true, 4, 4); /* last is first */
  check_css_transform("scale(2) !important", true, 4, 6);
  check_css_transform("none", true, 2, 3);
  /* no values of CSS, or not understood: as if they were not there */
  static const char *const unknown[] = {"",
                                        "translate(10,20)",
                                        "rotate(90)",
                                        "rotate(90deg, 1, 1)",
                                        "scale (2)",
                                        "translate(1px 2px)",
                                        "translate(10%)",
                                        "rotate3d(1,0,0,9deg)",
                                        "scale(2px)",
                                        "matrix(1 2 3 4 5 6)",
                                        "scale(2),scale(2)",
                                        "scale(1,2,3)",
                                        "scale(2",
                                        "scale()",
                                        "translateX(1px, 1px)",
                                        "turn(3deg)"};
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
    check_css_transform(unknown[i], false, 2, 3);
  char longest[300] = "scale(2)";
  memset(longest + strlen(longest), ' ', 255 - strlen(longest));
  strcpy(longest + 247, "scale(1)");
  check_css_transform(longest, true, 4, 6);
  strcpy(longest + 248, "scale(1)");
  check_css_transform(longest, false, 2, 3);
}

/* How many px a canvas unit of such a sheet is. */
static double unit_of(const char *attributes) {
  char text[512];
  snprintf(text, sizeof text, "<svg %s><path stroke='red' d='M0 0h3'/></svg>", attributes);
  double unit;
  vs_drawing *drawing = must_read(text);
  vs_drawing_free(drawing);
  assert_ok(vs_svg_read_sheet(&drawing, SVG_FILE, &unit));
  vs_drawing_free(drawing);
  return unit;
}

static void units_of_sheets(void **state) {
  (void)state;
  assert_close(unit_of("width='210mm' height='297mm' viewBox='0 0 210 297'"), 96 / 25.4, 1e-9);
  assert_close(unit_of("width='500' height='500' viewBox='0 0 100 100'"), 5, 1e-9);
  assert_close(unit_of("width='500' height='500'"), 1, 0);
  assert_close(unit_of("width='100%' viewBox='0 0 100 100'"), 1, 0);
  assert_close(unit_of("width='1e999' viewBox='0 0 100 100'"), 1, 0);
  assert_close(unit_of("width='1e-99' viewBox='0 0 100 100'"), 1, 0);
}

static void canvases(void **state) {
  (void)state;
  vs_drawing *drawing =
      must_read("<svg " SPACES " width='210mm' height='297mm' "
                "viewBox='-10,-20 210 297'><path stroke='red' d='M0 0h3'/></svg>");
  assert_close(drawing->width, 210, 0);
  assert_close(drawing->height, 297, 0);
  check_points(drawing, 0, POINTS(10, 20, 11, 20, 12, 20, 13, 20));
  vs_drawing_free(drawing);
  drawing = must_read("<svg width='2in' height='2.54cm'><path stroke='red' d='M0 0h3'/></svg>");
  assert_close(drawing->width, 192, 1e-9);
  assert_close(drawing->height, 96, 1e-9);
  vs_drawing_free(drawing);
  /* a nested one, twice as large, in the middle of its frame */
  drawing = must_read(PAGE("<svg x='10' y='10' width='40' height='20' viewBox='0 0 10 10'>"
                           "<path d='M0 0h3' stroke-width='.5'/></svg>"));
  check_points(drawing, 0, POINTS(20, 10, 22, 10, 24, 10, 26, 10));
  assert_close((double)drawing->strokes[0].width, 1, 1e-6);
  vs_drawing_free(drawing);
  drawing = must_read(PAGE("<svg width='40' height='20' viewBox='0 0 10 10' "
                           "preserveAspectRatio='none'><path d='M0 0h3'/></svg>"));
  check_points(drawing, 0, POINTS(0, 0, 4, 0, 8, 0, 12, 0));
  vs_drawing_free(drawing);
}

/* --- use -------------------------------------------------------------------------------------- */

static void uses(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(PAGE(
      "<use href='#later' x='10' y='20' stroke='red'/>"
      "<defs><path id='later' d='M0 0h3' stroke-width='2'/><g id='two'><use xlink:href='#later'/>"
      "<use href='#later' transform='translate(0 1)'/></g></defs>"
      "<symbol id='s' viewBox='0 0 10 10'><path d='M0 0h3'/></symbol>"
      "<clipPath><path d='M0 0h3'/></clipPath><mask><path d='M0 0h3'/></mask>"
      "<marker><path d='M0 0h3'/></marker><pattern><path d='M0 0h3'/></pattern>"
      "<use xlink:href='#two' x='50'/><use href='#s' x='5' width='20' height='20'/>"
      "<use href='#absent'/><use href='other.svg#a'/><use/>"));
  assert_int_equal(drawing->stroke_count, 4);
  check_points(drawing, 0, POINTS(10, 20, 11, 20, 12, 20, 13, 20));
  assert_close((double)drawing->strokes[0].color[0], 1, 0);
  assert_close((double)drawing->strokes[0].width, 2, 0);
  check_points(drawing, 1, POINTS(50, 0, 51, 0, 52, 0, 53, 0));
  check_points(drawing, 2, POINTS(50, 1, 51, 1, 52, 1, 53, 1));
  check_points(drawing, 3, POINTS(5, 0, 7, 0, 9, 0, 11, 0));
  assert_non_null(strstr(last_warnings, "<use> elements: 3"));
  vs_drawing_free(drawing);
}

/* --- the file --------------------------------------------------------------------------------- */

static void prefixes_and_alternatives(void **state) {
  (void)state;
  vs_drawing *drawing = must_read(
      "<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' "
      "'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'><!-- \xe9 -->"
      "<s:svg xmlns:s='http://www.w3.org/2000/svg' xmlns:o='http://other' width='9' height='9'>"
      "<o:path d='M0 0h3' stroke='red'/><o:g><s:path d='M0 0h3' stroke='red'/></o:g>"
      "<s:switch><s:foreignObject/><s:g><s:path o:d='x' d='M0 3h3' stroke='red'/></s:g>"
      "<s:path d='M0 0h3' stroke='red'/></s:switch></s:svg>");
  assert_int_equal(drawing->stroke_count, 1);
  assert_close((double)drawing->points[0].y, 3, 0);
  vs_drawing_free(drawing);
}

/* Which of the paths at y = 1, 2, ... a `switch` with these children draws; 0: none. */
static int chosen(const char *children) {
  char text[2048];
  snprintf(text, sizeof text, PAGE("<switch>%s</switch><path d='M0 99h3'/>"), children);
  vs_drawing *drawing = must_read(text);
  assert_true(drawing->stroke_count >= 1 && drawing->stroke_count <= 2);
  const int y = drawing->stroke_count == 2 ? (int)drawing->points[0].y : 0;
  const bool is_said = strstr(last_warnings, "<switch> elements: 1\n") != NULL;
  if (is_said != (y == 0)) fail_msg("%s: path %d, \"%s\"", children, y, last_warnings);
  vs_drawing_free(drawing);
  return y;
}

static void switches(void **state) {
  (void)state;
#define IF(condition, y) "<path " condition " d='M0 " #y "h3'/>"
  assert_int_equal(chosen(IF("", 1) IF("", 2)), 1);
  assert_int_equal(chosen("<title>t</title><style/><defs/>" IF("", 1) IF("", 2)), 1);
  assert_int_equal(chosen(IF("requiredFeatures='http://x'", 1) IF("", 2) IF("", 3)), 2);
  assert_int_equal(chosen(IF("requiredExtensions='http://x'", 1) IF("", 2)), 2);
  assert_int_equal(chosen("<foreignObject requiredExtensions='x'/>" IF("", 1)), 1);
  assert_int_equal(chosen("<g requiredFeatures='x'>" IF("", 1) "</g><g>" IF("", 2) "</g>"), 2);
  assert_int_equal(chosen(IF("systemLanguage='de'", 1) IF("systemLanguage='en'", 2) IF("", 3)), 2);
  assert_int_equal(chosen(IF("systemLanguage='fr, en-GB'", 1) IF("", 2)), 1);
  assert_int_equal(chosen(IF("systemLanguage='EN'", 1) IF("", 2)), 1);
  assert_int_equal(chosen(IF("systemLanguage='enm,xen,'", 1) IF("", 2)), 2);
  assert_int_equal(chosen(IF("systemLanguage=''", 1) IF("", 2)), 2);
  assert_int_equal(chosen(IF("systemLanguage='en' requiredFeatures='x'", 1) IF("", 2)), 2);
  assert_int_equal(chosen(IF("systemLanguage='de'", 1) IF("systemLanguage='fr'", 2)), 0);
  assert_int_equal(chosen("<foreignObject/>"), 0);
#undef IF
  /* the one that is chosen may draw nothing, and its own children have no conditions to meet */
  vs_drawing *drawing = must_read(
      PAGE("<switch><g display='none'><path d='M0 1h3'/></g><path d='M0 2h3'/></switch><switch/>"
           "<g><path systemLanguage='de' d='M0 3h3'/></g>"));
  assert_int_equal(drawing->stroke_count, 1);
  assert_close((double)drawing->points[0].y, 3, 0);
  assert_string_equal(last_warnings, "");
  vs_drawing_free(drawing);
}

static void check_refusal(const char *text, vs_status expected, const char *words) {
  vs_drawing *drawing;
  vs_status status = read_text(&drawing, text);
  assert_null(drawing);
  if (status != expected || strstr(vs_status_message(), words) == NULL)
    fail_msg("%.80s: status %d, \"%s\", not %d with \"%s\"", text, (int)status, vs_status_message(),
             (int)expected, words);
  assert_non_null(strstr(vs_status_message(), "read.svg"));
}

static void refuse_path(const char *d, const char *words) {
  char text[1024];
  snprintf(text, sizeof text, PAGE("\n<path d='%s'/>"), d);
  check_refusal(text, VS_ERR_FORMAT, words);
  assert_non_null(strstr(vs_status_message(), "read.svg:2: "));
}

static void refusals(void **state) {
  (void)state;
  check_refusal("", VS_ERR_FORMAT, "empty");
  check_refusal("no xml", VS_ERR_FORMAT, "not well-formed");
  check_refusal("<svg><g></svg>", VS_ERR_FORMAT, ":1: not well-formed XML: mismatched tag");
  check_refusal("<svg>", VS_ERR_FORMAT, "no element found");
  check_refusal("<html/>", VS_ERR_FORMAT, "not SVG");
  check_refusal("<svg xmlns='http://other'/>", VS_ERR_FORMAT, "not SVG");
  check_refusal("\x1f\x8b\x08", VS_ERR_FORMAT, "gunzip");
  check_refusal("<!DOCTYPE svg [\n<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><svg>&b;</svg>",
                VS_ERR_FORMAT, ":2: entity declarations are not accepted");
  check_refusal("<!DOCTYPE svg [<!ATTLIST path stroke CDATA 'red'>]><svg viewBox='0 0 9 9'>"
                "<path d='M0 0h3'/></svg>",
                VS_ERR_USAGE, "only filled");
  check_refusal("<svg/>", VS_ERR_FORMAT, "neither a viewBox");
  check_refusal("<svg width='100%' height='3'/>", VS_ERR_FORMAT, "neither a viewBox");
  check_refusal("<svg viewBox='0 0 0 3'/>", VS_ERR_FORMAT, "viewBox");
  check_refusal("<svg viewBox='0 0 nan 3'/>", VS_ERR_FORMAT, "viewBox");
  check_refusal("<svg viewBox='0 0 1e9 3'/>", VS_ERR_FORMAT, "sides go to");
  check_refusal(PAGE("<circle r='3' stroke='none' fill='red'/>"), VS_ERR_USAGE, "only filled");
  check_refusal(PAGE(""), VS_ERR_USAGE, "nothing in it is stroked");
  check_refusal(PAGE("\n\n<line x2='3furlongs'/>"), VS_ERR_FORMAT,
                ":3: \"3furlongs\" is no length");
  check_refusal(PAGE("<g transform='turn(3)'/>"), VS_ERR_FORMAT, "transform \"turn(3)\"");
  check_refusal(PAGE("<path d='M0 0h3' stroke-width='1e7'/>"), VS_ERR_FORMAT, "wide");
  check_refusal(PAGE("<polygon points='1 2 3'/>"), VS_ERR_FORMAT, "a number expected");
  refuse_path("M0 0Lnan 3", "character 6: a number expected, not \"nan 3\"");
  refuse_path("M0 0L3", "a number expected, not \"the end\"");
  refuse_path("L3 3", "M expected");
  refuse_path("M0 0 J 3 3", "a command expected");
  refuse_path("M0 0A1 1 0 2 1 3 3", "a flag 0 or 1");
  refuse_path("M0 0Linf 3", "a number expected");
  refuse_path("M0 0L1e999 3", "coordinates go to 1e+06");
  refuse_path("M0 0L-1e7 3", "coordinates go to 1e+06");
  refuse_path("M0 0L3\x7f", "not \"?\"");
}

static void self_reference(void **state) {
  (void)state;
  check_refusal(PAGE("<g id='a'><use href='#a'/></g>"), VS_ERR_LIMIT, "refers to itself");
  check_refusal(PAGE("<use id='a' href='#b'/>\n<use id='b' href='#a'/>"), VS_ERR_LIMIT,
                "refers to itself");
  /* 10 to the 12th, in twelve lines */
  char text[8192] = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9' stroke='red'>"
                    "<g id='g0'><path d=''/></g>";
  for (int level = 1; level <= 12; level++) {
    sprintf(text + strlen(text), "<g id='g%d'>", level);
    for (int i = 0; i < 10; i++) sprintf(text + strlen(text), "<use href='#g%d'/>", level - 1);
    strcat(text, "</g>\n");
  }
  strcat(text, "</svg>");
  check_refusal(text, VS_ERR_LIMIT, "multiply");
}

/* Text made of a beginning, many times a middle, and an end. */
static vs_status read_repeated(const char *begin, const char *middle, size_t count,
                               const char *end) {
  const size_t size = strlen(begin) + count * strlen(middle) + strlen(end);
  char *text = malloc(size + 1), *at = text;
  assert_non_null(text);
  at = stpcpy(at, begin);
  for (size_t i = 0; i < count; i++) at = stpcpy(at, middle);
  stpcpy(at, end);
  vs_drawing *drawing;
  vs_status status = read_text(&drawing, text);
  vs_drawing_free(drawing);
  free(text);
  return status;
}

static void limits(void **state) {
  (void)state;
  const char *begin = "<svg viewBox='0 0 9 9' stroke='red'>";
  assert_ok(read_repeated(begin, "<path d='M0 0h3'/>", VS_DRAWING_MAX_STROKES, "</svg>"));
  assert_int_equal(read_repeated(begin, "<path d='M0 0h3'/>", VS_DRAWING_MAX_STROKES + 1, "</svg>"),
                   VS_ERR_LIMIT);
  assert_non_null(strstr(vs_status_message(), "65536 strokes"));
  assert_int_equal(read_repeated("<svg viewBox='0 0 9 9' stroke='red'><path d='M0 0", "h3",
                                 VS_DRAWING_MAX_POINTS / 3 + 1, "'/></svg>"),
                   VS_ERR_LIMIT);
  assert_int_equal(read_repeated(begin, "<g>", 300, "</svg>"), VS_ERR_LIMIT);
  assert_non_null(strstr(vs_status_message(), "deep"));
  /* as deep as files go, and through uses twice and three times as deep */
  char nest[8192] = "";
  for (int i = 0; i < 240; i++) strcat(nest, "<g>");
  strcat(nest, "<path d='M0 0h3'/>");
  char outer[32768];
  for (int times = 2; times <= 3; times++) {
    strcpy(outer, "<svg viewBox='0 0 9 9' stroke='red'><defs>");
    for (int use = 0; use < times; use++) {
      sprintf(outer + strlen(outer), "<g id='n%d'>%s", use, nest);
      if (use > 0) sprintf(outer + strlen(outer), "<use href='#n%d'/>", use - 1);
      for (int i = 0; i < 241; i++) strcat(outer, "</g>");
    }
    sprintf(outer + strlen(outer), "</defs><use href='#n%d'/></svg>", times - 1);
    assert_int_equal(read_repeated(outer, "", 0, ""), times == 2 ? VS_OK : VS_ERR_LIMIT);
  }
  assert_non_null(strstr(vs_status_message(), "uses more than"));
  assert_int_equal(read_repeated(begin, "<a/>", (1 << 19) + 1, "</svg>"), VS_ERR_LIMIT);
  assert_non_null(strstr(vs_status_message(), "elements"));
  assert_int_equal(read_repeated("<svg viewBox='0 0 9 9'><path d='", "                ",
                                 (1 << 20) + 1, "'/></svg>"),
                   VS_ERR_LIMIT);
  assert_non_null(strstr(vs_status_message(), "attribute d"));
}

int main(void) {
  vs_log_set_sink(keep_warning);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines),
      cmocka_unit_test(numbers),
      cmocka_unit_test(curves),
      cmocka_unit_test(arcs),
      cmocka_unit_test(closing),
      cmocka_unit_test(dots),
      cmocka_unit_test(shapes),
      cmocka_unit_test(transforms),
      cmocka_unit_test(css_transforms),
      cmocka_unit_test(units_of_sheets),
      cmocka_unit_test(canvases),
      cmocka_unit_test(uses),
      cmocka_unit_test(prefixes_and_alternatives),
      cmocka_unit_test(switches),
      cmocka_unit_test(refusals),
      cmocka_unit_test(self_reference),
      cmocka_unit_test(limits),
  };
  return cmocka_run_group_tests_name("svg_read", tests, NULL, NULL);
}
