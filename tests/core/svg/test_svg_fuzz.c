/* Damaged SVG files: whatever stands in one, the reader answers with a drawing that holds what
 * drawing.h promises, or with a message that can be shown. The sanitizers see what goes wrong
 * inside. */
#include "tests/support/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/svg/svg_read.h"
#include "tests/support/mutant.h"

enum { MUTANTS = 5000 }; /* of each sample; under 1 s; sanitized 2 */

/* Files as programs write them: diffvg, Inkscape, Illustrator, and one of everything. */
static const char *const samples[] = {
    "<?xml version=\"1.0\" ?>\n<svg version=\"1.1\" xmlns=\"http://www.w3.org/2000/svg\" "
    "width=\"224\" height=\"224\">\n<defs/>\n<g>\n<path d=\"M 10.5 20.25 C 30 40 50 60 70 80 C 90 "
    "100 110 120 130 140 \" fill=\"none\" stroke=\"rgb(120, 3, 255)\" stroke-width=\"3.5\" "
    "stroke-opacity=\"0.75\" stroke-linecap=\"round\"/>\n</g>\n</svg>\n",
    "<svg width=\"210mm\" height=\"297mm\" viewBox=\"0 0 210 297\" "
    "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" "
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns=\"http://www.w3.org/2000/svg\">\n"
    "<g inkscape:label=\"1-black\" inkscape:groupmode=\"layer\" id=\"layer1\" "
    "transform=\"translate(-10,2.5)\">\n<path id=\"p1\" "
    "style=\"fill:none;stroke:#000000;stroke-width:0.264583px;stroke-opacity:1\" "
    "d=\"m 55.5,77.25 c 10,-5.5 20,3 30,12 z m 1,1 a 5,5 0 0 1 5,5 h 3 v -2 q 1 1 2 2 t 3,3 s "
    "1,2,3,4\"/>\n<use xlink:href=\"#p1\" x=\"20\" transform=\"rotate(30 50 60)\"/></g></svg>",
    "<svg id=\"a\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 "
    "100\"><defs><style>.b{fill:"
    "none;stroke:#231f20;stroke-miterlimit:10;stroke-width:2px;}.b,#c{opacity:.5}</style><symbol "
    "id=\"s\" viewBox=\"0 0 9 9\"><circle class=\"b\" cx=\"3\" cy=\"3\" r=\"2\"/></symbol></defs>"
    "<polyline class=\"b\" points=\"1.5.5 20,30-4e1 5\"/><rect class=\"b c\" x=\"5\" y=\"5\" "
    "width=\"50%\" height=\"3em\" rx=\"2\"/><use href=\"#s\" width=\"20\" height=\"20\"/><g "
    "id=\"c\" stroke=\"hsl(30,50%,50%)\" transform=\"matrix(1 0 0 1 3 3) skewX(10) scale(.5,2)\">"
    "<line x2=\"50\" y2=\"5\"/><ellipse rx=\"3\" ry=\"8\"/><polygon points=\"0,0 9,0 9,9\"/>"
    "<svg x=\"3\" width=\"10\" height=\"10\" viewBox=\"0 0 1 1\" preserveAspectRatio=\"none\">"
    "<path d=\"M0 0A1 .5 30 0 0 .5.5A1 1 0 113 3\" stroke-width=\".1\"/></svg></g></svg>"};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

/* Pieces that mean something here. */
// clang-format off
static const char *const pieces[] = {
    "<g>", "</g>", "<svg>", "</svg>", "<path d=\"", "<use href=\"#p1\"/>", "<use href=\"#c\"/>",
    "/>", ">", "<", "\"", "'", "=", " ", "\n", " d=\"M0 0L1 1\"", " id=\"c\"", " transform=\"",
    "scale(0)", "scale(1e200)", "rotate(", "matrix(1,2,3", ")", "viewBox=\"0 0 1 1\"",
    "stroke=\"url(#x)\"", "stroke=\"#12345\"", "currentColor", "style=\"stroke:", "display:none;",
    "<style>", "*{stroke:red}", "{", "}", "/*", "*/", "@media x{", ".b.b.b", "&amp;", "&#x41;",
    "&#0;", "&x;", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE svg [<!ENTITY x 'y'>]>", "<?x?>",
    "\xff", "\xc2\x9b", "\xef\xbb\xbf", "nan", "inf", "-", "+", ".", "e", "1e999", "1e-999", "-0",
    "1e6", "1e5", "99999999999999999999", "%", "mm", "none", "M", "m", "z", "Z", "a", "A1 1 0 0 1",
    "a0 0 0 0 0 0 0", "q", "T", "s", "C1 2 3 4 5 6", "h1v1h-1z", ",", ",,", "xmlns=\"x\"",
    "xlink:href=\"#c\"", "<symbol id=\"s\">", "<switch>", "</switch>", " systemLanguage=\"de,en\"",
    " requiredFeatures=\"\"", "style=\"transform:", "transform:rotate(1rad)", "translate(3px,4mm)",
    "skew(1turn", "scaleX(", "transform-origin:center;"};
// clang-format on
/* XML minds most damage, but not that of its numbers. */
static const mutant_words words = {pieces, sizeof pieces / sizeof pieces[0], "0123456789.-e %"};

/* Everything that drawing.h says of a drawing. */
static void check_drawing(const vs_drawing *drawing) {
  assert_true(drawing->width > 0.0 && drawing->height > 0.0);
  assert_in_range(drawing->stroke_count, 1, VS_DRAWING_MAX_STROKES);
  size_t points = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *s = &drawing->strokes[i];
    assert_int_equal(s->first_point, points);
    assert_true(s->segments >= 1 && s->width > 0.0f && (double)s->width <= 1e6 && s->pen == -1);
    assert_true(s->opacity > 0.0f && s->opacity <= 1.0f);
    for (int c = 0; c < 3; c++) assert_true(s->color[c] >= 0.0f && s->color[c] <= 1.0f);
    points += vs_drawing_stroke_points(s->segments, s->closed);
  }
  assert_int_equal(points, drawing->point_count);
  for (size_t i = 0; i < points; i++)
    assert_true(fabs((double)drawing->points[i].x) <= 1e6 &&
                fabs((double)drawing->points[i].y) <= 1e6);
  for (int c = 0; c < 3; c++) assert_true(drawing->paper[c] >= 0.0f && drawing->paper[c] <= 1.0f);
}

/* A file in memory: thousands on a disk would take longer than all the reading. */
typedef struct memory_file {
  int descriptor;
  char path[64];
} memory_file;

static memory_file open_memory(void) {
  memory_file file = {.descriptor = memfd_create("fuzz.svg", MFD_CLOEXEC)};
  assert_true(file.descriptor >= 0);
  snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.descriptor);
  return file;
}

static void write_mutant(const memory_file *file, const mutant *m) {
  assert_int_equal(ftruncate(file->descriptor, 0), 0);
  assert_int_equal(pwrite(file->descriptor, m->text, m->size, 0), m->size);
}

/* One line that begins with the file, nothing that a terminal would obey. */
static void check_message(const char *message, const memory_file *file) {
  const size_t length = strlen(file->path);
  assert_true(strncmp(message, file->path, length) == 0 && message[length] == ':');
  for (const char *c = message; *c != '\0'; c++)
    if ((*c > 0 && *c < ' ') || *c == 0x7f) fail_msg("a control character in: %s", message);
}

static void damaged_files_are_read_or_refused(void **state) {
  (void)state;
  const memory_file file = open_memory();
  size_t accepted = 0;
  for (uint32_t sample = 0; sample < SAMPLES; sample++)
    for (uint32_t i = 0; i < MUTANTS; i++) {
      mutant damaged = mutant_of(samples[sample], strlen(samples[sample]));
      if (i > 0) mutant_damage(&damaged, &words, sample, i);
      write_mutant(&file, &damaged);
      vs_drawing *drawing;
      if (vs_svg_read(&drawing, file.path) == VS_OK) {
        check_drawing(drawing);
        accepted++;
      } else {
        assert_null(drawing);
        assert_true(i > 0); /* the samples themselves are fine */
        check_message(vs_status_message(), &file);
      }
      vs_drawing_free(drawing);
    }
  close(file.descriptor);
  print_message("%zu of %d accepted\n", accepted, SAMPLES * MUTANTS);
  /* Both ways are well trodden. */
  assert_true(accepted > MUTANTS * SAMPLES / 10 && accepted < MUTANTS * SAMPLES * 2 / 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(damaged_files_are_read_or_refused)};
  return cmocka_run_group_tests_name("svg_fuzz", tests, NULL, NULL);
}
