/* The panels of a palette picture: before, after, colours in Lab, pens. */
#include "analysis/sheet/swatches.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sheet/canvas.h"
#include "analysis/sheet/label.h"
#include "core/image/color.h"
#include "core/image/picture.h"
#include "core/image/png.h"
#include "core/raster/raster_draw.h"
#include "core/strokes/palette.h"

/* Everything in px. */
enum {
  SIDE = 640, /* of the panels */
  MARGIN = 40,
  GAP = 48,
  TITLE = 40,  /* height of the line above the panels */
  PLANE = 500, /* of the third panel, the plane of a* and b*; the rest is lightness */
  STRIP = SIDE - PLANE - 20,
  GRID = 20, /* of the plane, in units of L*a*b* */
  BAR = 56,
  ENTRY = 56,  /* height of a pen's entry */
  COLUMNS = 3, /* of entries */
  CHIP = 36,
  MOST_DOTS = 8000, /* strokes with the most ink; more could not be told apart */
  WIDTH = 2 * MARGIN + 3 * SIDE + 2 * GAP
};

#define TEXT      2 /* scale of labels */
#define INK       40
#define QUIET     120
#define LINE_GREY 205

static const float ground[3] = {0.96f, 0.96f, 0.955f}; /* white dots have to be seen on it */

/* --- drawings --------------------------------------------------------------------------------- */

/* The drawing in a box of the canvas, whose upper left corner is the drawing's. */
static vs_status render(vs_canvas *canvas, vs_box box, const vs_drawing *drawing, double scale) {
  uint8_t *bytes = malloc(3 * (size_t)box.height * (size_t)box.width);
  if (bytes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a picture of the drawing");
  vs_status status = vs_raster_draw(drawing, scale, box.height, box.width, bytes);
  if (status == VS_OK) vs_canvas_paste(canvas, box, bytes);
  free(bytes);
  return status;
}

/* The whole drawing, as large as the panel allows, in its middle. */
static vs_status draw_panel(vs_canvas *canvas, int x, int y, const vs_drawing *drawing) {
  const double scale = SIDE / fmax(drawing->width, drawing->height);
  vs_box box = {.width = (int)fmax(1.0, round(drawing->width * scale)),
                .height = (int)fmax(1.0, round(drawing->height * scale))};
  box.x = x + (SIDE - box.width) / 2;
  box.y = y + (SIDE - box.height) / 2;
  vs_canvas_frame(canvas, box, LINE_GREY);
  return render(canvas, box, drawing, scale);
}

/* --- the scatter ------------------------------------------------------------------------------ */

/* A stroke as a dot. */
typedef struct dot {
  float rgb[3];
  double lab[3], ink;
  int pen;
  size_t stroke;
} dot;

/* The one with more ink first, so that small ones lie on top; of equals the first. */
static int compare_dots(const void *a, const void *b) {
  const dot *left = a, *right = b;
  if (left->ink != right->ink) return left->ink > right->ink ? -1 : 1;
  return (left->stroke > right->stroke) - (left->stroke < right->stroke);
}

typedef struct scatter {
  dot *dots; /* owned */
  size_t count;
  double most_ink;
  double reach;  /* a* and b* go from -reach to reach */
  double chroma; /* the largest */
  double centers[VS_MAX_PENS][3];
  const vs_pen_set *pens;
} scatter;

static double chroma_of(const double lab[3]) {
  return sqrt(lab[1] * lab[1] + lab[2] * lab[2]);
}

static void take_into_view(scatter *s, const double lab[3]) {
  s->reach = fmax(s->reach, fmax(fabs(lab[1]), fabs(lab[2])));
  s->chroma = fmax(s->chroma, chroma_of(lab));
}

static vs_status init_scatter(scatter *s, const vs_drawing *drawing, const vs_pen_set *pens) {
  *s = (scatter){.reach = 30.0, .chroma = 30.0, .pens = pens};
  s->dots = calloc(drawing->stroke_count + 1, sizeof *s->dots);
  if (s->dots == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the colours' picture");
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    dot *d = &s->dots[s->count];
    d->stroke = i;
    d->ink = vs_palette_ink(drawing, &drawing->strokes[i]);
    if (!(d->ink > 0.0)) continue;
    vs_palette_blend(drawing, &drawing->strokes[i], d->rgb);
    vs_color_lab_from_srgb(d->rgb, d->lab);
    d->pen = vs_palette_nearest(pens, d->rgb);
    s->most_ink = fmax(s->most_ink, d->ink);
    take_into_view(s, d->lab);
    s->count++;
  }
  for (int i = 0; i < pens->count; i++) {
    vs_color_lab_from_srgb(pens->pens[i].color, s->centers[i]);
    take_into_view(s, s->centers[i]);
  }
  s->reach = GRID * ceil((s->reach + 8.0) / GRID);
  if (s->count > 0) qsort(s->dots, s->count, sizeof *s->dots, compare_dots);
  if (s->count > MOST_DOTS) s->count = MOST_DOTS;
  return VS_OK;
}

/* Where a colour stands in the third panel: in the plane, or in the strip of lightness. */
static vs_point2 place_of(const scatter *s, const double lab[3], bool in_strip) {
  if (in_strip)
    return (vs_point2){(float)(12.0 + (STRIP - 24.0) * chroma_of(lab) / s->chroma),
                       (float)(SIDE - 24.0 - (SIDE - 48.0) * lab[0] / 100.0)};
  return (vs_point2){(float)(PLANE / 2.0 * (1.0 + lab[1] / s->reach)),
                     (float)(PLANE / 2.0 * (1.0 - lab[2] / s->reach))};
}

/* A drawing of straight strokes that is filled one after the other. */
static void add_line(vs_drawing *drawing, vs_point2 from, vs_point2 to, double width,
                     const float color[3], double opacity) {
  vs_stroke *stroke = &drawing->strokes[drawing->stroke_count++];
  *stroke = (vs_stroke){.first_point = drawing->point_count,
                        .segments = 1,
                        .width = (float)width,
                        .color = {color[0], color[1], color[2]},
                        .opacity = (float)opacity,
                        .pen = -1};
  for (int i = 0; i < 4; i++) {
    const float t = (float)i / 3.0f;
    drawing->points[drawing->point_count++] =
        (vs_point2){from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
  }
}

static void add_dot(vs_drawing *drawing, vs_point2 at, double radius, const float color[3],
                    double opacity) {
  const vs_point2 nearby = {at.x + 0.01f, at.y};
  add_line(drawing, at, nearby, 2.0 * radius, color, opacity);
}

/* Smaller where there are many. */
static double radius_of(const scatter *s, const dot *d) {
  const double crowd = fmin(1.0, pow(300.0 / (double)s->count, 0.25));
  return crowd * (2.0 + 8.0 * sqrt(d->ink / s->most_ink));
}

static void add_grid(const scatter *s, vs_drawing *drawing, bool in_strip) {
  static const float grey[3] = {0.82f, 0.82f, 0.82f};
  if (in_strip) {
    for (int l = 0; l <= 100; l += GRID) {
      const vs_point2 at = place_of(s, (const double[3]){l, 0, 0}, true);
      add_line(drawing, (vs_point2){0, at.y}, (vs_point2){STRIP, at.y}, 1.0, grey, 1.0);
    }
    return;
  }
  const int steps = (int)lround(s->reach / GRID);
  for (int i = 1 - steps; i < steps; i++) {
    const vs_point2 at = place_of(s, (const double[3]){0, GRID * i, GRID * i}, false);
    const double width = i == 0 ? 2.0 : 1.0;
    add_line(drawing, (vs_point2){at.x, 0}, (vs_point2){at.x, PLANE}, width, grey, 1.0);
    add_line(drawing, (vs_point2){0, at.y}, (vs_point2){PLANE, at.y}, width, grey, 1.0);
  }
}

/* Grid, lines from dots to their pens, dots with a rim, pens with a ring. */
static void fill_scatter(const scatter *s, vs_drawing *drawing, bool in_strip) {
  static const float dark[3] = {0.15f, 0.15f, 0.15f}, white[3] = {1, 1, 1};
  drawing->stroke_count = drawing->point_count = 0;
  memcpy(drawing->paper, ground, sizeof ground);
  add_grid(s, drawing, in_strip);
  for (size_t i = 0; i < s->count && !in_strip; i++)
    add_line(drawing, place_of(s, s->dots[i].lab, in_strip),
             place_of(s, s->centers[s->dots[i].pen], in_strip), 1.0,
             s->pens->pens[s->dots[i].pen].color, 0.6);
  for (size_t i = 0; i < s->count; i++) {
    const dot *d = &s->dots[i];
    const vs_point2 at = place_of(s, d->lab, in_strip);
    add_dot(drawing, at, radius_of(s, d) + 0.6, dark, 0.35);
    add_dot(drawing, at, radius_of(s, d), d->rgb, 1.0);
  }
  for (int i = 0; i < s->pens->count; i++) {
    const vs_point2 at = place_of(s, s->centers[i], in_strip);
    add_dot(drawing, at, 12.5, dark, 1.0);
    add_dot(drawing, at, 10.5, white, 1.0);
    add_dot(drawing, at, 8.0, s->pens->pens[i].color, 1.0);
  }
}

static vs_status draw_scatter(vs_canvas *canvas, vs_box box, const scatter *s, bool in_strip) {
  const size_t strokes = 3 * s->count + 3 * VS_MAX_PENS + 64;
  vs_drawing *drawing;
  vs_status status = vs_drawing_new(&drawing, box.width, box.height, strokes, 4 * strokes);
  if (status != VS_OK) return status;
  fill_scatter(s, drawing, in_strip);
  status = render(canvas, box, drawing, 1.0);
  vs_canvas_frame(canvas, box, LINE_GREY);
  vs_drawing_free(drawing);
  return status;
}

/* Whether another pen's ring is where the number right of this one's would stand. */
static bool is_crowded(const scatter *s, int pen) {
  const vs_point2 at = place_of(s, s->centers[pen], false);
  for (int i = 0; i < s->pens->count; i++) {
    const vs_point2 other = place_of(s, s->centers[i], false);
    const float right = other.x - at.x;
    if (i != pen && right > 0.0f && right < 54.0f && fabsf(other.y - at.y) < 22.0f) return true;
  }
  return false;
}

/* A pen's number right of its ring, or left of it where there is no room. */
static void number_pens(vs_canvas *canvas, vs_box box, const scatter *s) {
  for (int i = 0; i < s->pens->count; i++) {
    char number[8];
    snprintf(number, sizeof number, "%d", i + 1);
    const vs_point2 at = place_of(s, s->centers[i], false);
    const int width = vs_label_width(number, TEXT), height = VS_LABEL_HEIGHT * TEXT;
    const bool is_left = (int)at.x + 18 + width > box.width || is_crowded(s, i);
    const int beyond = is_left ? -18 - width : 18;
    const vs_box around = {box.x + (int)at.x + beyond - 2, box.y + (int)at.y - height / 2 - 2,
                           width + 4, height + 4};
    vs_canvas_fill(canvas, around, 250);
    vs_label_draw(canvas, around.x + 2, around.y + 2, TEXT, INK, number);
  }
}

static void label_axes(vs_canvas *canvas, vs_box plane, vs_box strip, const scatter *s) {
  char text[64];
  const int below = plane.y + plane.height + 10;
  snprintf(text, sizeof text, "a* %g green", -s->reach);
  vs_label_draw(canvas, plane.x, below, TEXT, QUIET, text);
  snprintf(text, sizeof text, "a* %g red", s->reach);
  vs_label_draw(canvas, plane.x + plane.width - vs_label_width(text, TEXT), below, TEXT, QUIET,
                text);
  vs_label_draw(canvas, plane.x + plane.width / 2 + 8, plane.y + 6, TEXT, QUIET, "b* yellow");
  vs_label_draw(canvas, plane.x + plane.width / 2 + 8, plane.y + plane.height - 20, TEXT, QUIET,
                "b* blue");
  vs_label_draw(canvas, plane.x, below + 34, TEXT, QUIET,
                "a dot is a stroke, as large as its ink;");
  vs_label_draw(canvas, plane.x, below + 56, TEXT, QUIET, "lines lead to its pen. Right:");
  vs_label_draw(canvas, plane.x, below + 78, TEXT, QUIET, "lightness over chroma");
  vs_label_draw(canvas, strip.x + 6, strip.y + 6, TEXT, QUIET, "L* 100");
  vs_label_draw(canvas, strip.x + 6, strip.y + strip.height - 20, TEXT, QUIET, "L* 0");
}

static vs_status draw_clusters(vs_canvas *canvas, int x, int y, const vs_drawing *before,
                               const vs_pen_set *pens) {
  const vs_box plane = {x, y, PLANE, PLANE}, strip = {x + SIDE - STRIP, y, STRIP, SIDE};
  scatter s;
  vs_status status = init_scatter(&s, before, pens);
  if (status == VS_OK) status = draw_scatter(canvas, plane, &s, false);
  if (status == VS_OK) status = draw_scatter(canvas, strip, &s, true);
  if (status == VS_OK) {
    number_pens(canvas, plane, &s);
    label_axes(canvas, plane, strip, &s);
  }
  free(s.dots);
  return status;
}

/* --- the pens --------------------------------------------------------------------------------- */

static void bytes_of(const float rgb[3], uint8_t bytes[3]) {
  vs_picture_to_bytes(rgb, bytes, 3);
}

/* Side by side, as wide as their ink is. */
static void draw_bar(vs_canvas *canvas, vs_box bar, const vs_pen_set *pens,
                     const vs_pen_use *uses) {
  double sum = 0.0;
  for (int i = 0; i < pens->count; i++) {
    uint8_t bytes[3];
    bytes_of(pens->pens[i].color, bytes);
    const int from = (int)lround(sum * bar.width);
    sum += uses[i].ink_share;
    const int to = (int)lround(fmin(sum, 1.0) * bar.width);
    vs_canvas_fill_color(canvas, (vs_box){bar.x + from, bar.y, to - from, bar.height}, bytes);
  }
  vs_canvas_frame(canvas, bar, LINE_GREY);
}

static void draw_entry(vs_canvas *canvas, int x, int y, int number, const vs_pen *pen,
                       const vs_pen_use *use) {
  uint8_t bytes[3];
  char text[160], hex[8];
  const vs_box chip = {x, y, CHIP, CHIP};
  bytes_of(pen->color, bytes);
  vs_canvas_fill_color(canvas, chip, bytes);
  vs_canvas_frame(canvas, chip, LINE_GREY);
  vs_color_hex(pen->color, hex);
  snprintf(text, sizeof text, "%d %.28s  %s", number, pen->name, hex);
  vs_label_draw(canvas, x + CHIP + 12, y, TEXT, INK, text);
  snprintf(text, sizeof text, "%.1f%% of the ink, %d strokes, dE %.1f", 100.0 * use->ink_share,
           use->strokes, use->distance);
  vs_label_draw(canvas, x + CHIP + 12, y + 21, TEXT, QUIET, text);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void draw_titles(vs_canvas *canvas, const vs_drawing *before, const vs_pen_set *pens,
                        double distance) {
  char text[96];
  const int step = SIDE + GAP;
  snprintf(text, sizeof text, "before: %zu strokes", before->stroke_count);
  vs_label_draw(canvas, MARGIN, MARGIN, TEXT, INK, text);
  snprintf(text, sizeof text, "with %d pen%s: colours move by dE %.1f", pens->count,
           pens->count == 1 ? "" : "s", distance);
  vs_label_draw(canvas, MARGIN + step, MARGIN, TEXT, INK, text);
  vs_label_draw(canvas, MARGIN + 2 * step, MARGIN, TEXT, INK, "colours in CIE L*a*b*");
}

static vs_status draw_all(vs_canvas *canvas, const vs_drawing *before, const vs_drawing *after,
                          const vs_pen_set *pens) {
  vs_pen_use uses[VS_MAX_PENS];
  const int top = MARGIN + TITLE, step = SIDE + GAP;
  draw_titles(canvas, before, pens, vs_palette_measure(before, pens, uses));
  vs_status status = draw_panel(canvas, MARGIN, top, before);
  if (status == VS_OK) status = draw_panel(canvas, MARGIN + step, top, after);
  if (status == VS_OK) status = draw_clusters(canvas, MARGIN + 2 * step, top, before, pens);
  if (status != VS_OK) return status;
  const vs_box bar = {MARGIN, top + SIDE + MARGIN, WIDTH - 2 * MARGIN, BAR};
  draw_bar(canvas, bar, pens, uses);
  const int rows = (pens->count + COLUMNS - 1) / COLUMNS;
  for (int i = 0; i < pens->count; i++)
    draw_entry(canvas, MARGIN + i / rows * step, bar.y + BAR + 28 + i % rows * ENTRY, i + 1,
               &pens->pens[i], &uses[i]);
  return VS_OK;
}

vs_status vs_swatches_write(const char *path, const vs_drawing *before, const vs_drawing *after,
                            const vs_pen_set *pens) {
  const int rows = (pens->count + COLUMNS - 1) / COLUMNS;
  const int height = MARGIN + TITLE + SIDE + MARGIN + BAR + 28 + rows * ENTRY + MARGIN - 20;
  vs_canvas canvas;
  vs_status status = vs_canvas_init(&canvas, height, WIDTH);
  if (status == VS_OK) status = draw_all(&canvas, before, after, pens);
  if (status == VS_OK) status = vs_png_write(path, canvas.rgb, canvas.height, canvas.width);
  vs_canvas_clear(&canvas);
  return status;
}
