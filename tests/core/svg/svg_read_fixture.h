/* svg_read_fixture.h - texts read as SVG files, and the points that come of them. SVG_FILE is where
 * the texts are written: another place in each test program, as they may run at the same time. */
#ifndef VS_TESTS_CORE_SVG_SVG_READ_FIXTURE_H
#define VS_TESTS_CORE_SVG_SVG_READ_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/svg/svg_read.h"
#include "tests/support/unit.h"

/* Points are single precision, of coordinates up to 100. */
#define TOLERANCE 1e-5

#define SPACES "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\""
#define PAGE(body)                                                                                 \
  "<svg " SPACES " viewBox=\"0 0 100 100\" stroke=\"black\" fill=\"none\">" body "</svg>"

/* What was logged of the text read last. */
static char last_warnings[4096];

static inline void keep_warning(vs_log_level level, const char *line) {
  (void)level;
  strncat(last_warnings, line, sizeof last_warnings - strlen(last_warnings) - 2);
  strcat(last_warnings, "\n");
}

static inline vs_status read_text(vs_drawing **out, const char *text) {
  last_warnings[0] = '\0';
  assert_ok(vs_file_write(SVG_FILE, text, strlen(text)));
  return vs_svg_read(out, SVG_FILE);
}

static inline vs_drawing *must_read(const char *text) {
  vs_drawing *drawing;
  if (read_text(&drawing, text) != VS_OK) fail_msg("%s\n%s", vs_status_message(), text);
  return drawing;
}

static inline void check_points(const vs_drawing *drawing, size_t stroke, const double *xy,
                                size_t count) {
  assert_true(stroke < drawing->stroke_count);
  const vs_stroke *s = &drawing->strokes[stroke];
  assert_int_equal(vs_drawing_stroke_points(s->segments, s->closed), count);
  for (size_t i = 0; i < count; i++) {
    const vs_point2 point = drawing->points[s->first_point + i];
    if (fabs((double)point.x - xy[2 * i]) > TOLERANCE ||
        fabs((double)point.y - xy[2 * i + 1]) > TOLERANCE)
      fail_msg("point %zu is (%.7g, %.7g), not (%.7g, %.7g)", i, (double)point.x, (double)point.y,
               xy[2 * i], xy[2 * i + 1]);
  }
}

#define POINTS(...)                                                                                \
  (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double) / 2

#endif
