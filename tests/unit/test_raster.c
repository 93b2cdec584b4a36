/* The rasterizer: the plain twin's gradient against central differences, the fast one against the
 * twin, and what its header promises. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/vector/raster.h"
#include "core/vector/raster_reference.h"
#include "tests/unit/drawings.h"
#include "tests/unit/floats.h"
#include "tests/unit/unit.h"

/* Differences over 2e-6 pixels in double: rounding, 1e-16 / 1e-6 of a loss of about 10, gives 1e-9
 * of gradients of about 1. A pixel in which two parts of a stroke tie within the step would show as
 * 1e-2: none of these scenes has one. The contract asks for 1e-3. */
static const double step = 1e-6, difference_tolerance = 1e-6;
/* In float a distance of a few pixels, from coordinates relative to the block, is good to 3e-7; the
 * ramp's slope is at most 1.2 and each of many layers adds to it, less what later ones hide. */
static const double image_tolerance = 3e-6;
/* The slope of the ramp changes by up to 3.6 per pixel, and sums over pixels of random sign cancel;
 * and where two parts of a stroke tie, float may choose the other. */
static const double gradient_tolerance = 2e-5;

/* --- a raster with its memory ----------------------------------------------------------------- */

typedef struct canvas {
  vs_arena arena;
  vs_raster *raster;
  vs_drawing *gradient;
  float *image, *dimage;
  int height, width;
  size_t count;
} canvas;

static size_t cubics_of(const vs_drawing *drawing) {
  size_t cubics = 0;
  for (size_t s = 0; s < drawing->stroke_count; s++) cubics += (size_t)drawing->strokes[s].segments;
  return cubics;
}

static void canvas_init(canvas *c, const vs_drawing *drawing, int height, int width, int threads) {
  *c = (canvas){.height = height, .width = width, .count = (size_t)height * (size_t)width * 3};
  const size_t strokes = drawing->stroke_count, cubics = cubics_of(drawing);
  vs_arena measured = vs_arena_measure();
  assert_null(vs_raster_new(height, width, strokes, cubics, threads, &measured));
  assert_ok(vs_arena_init(&c->arena, measured.most_bytes));
  c->raster = vs_raster_new(height, width, strokes, cubics, threads, &c->arena);
  c->image = malloc(c->count * sizeof *c->image);
  c->dimage = random_floats(c->count, 77);
  assert_non_null(c->image);
  assert_ok(vs_drawing_copy(&c->gradient, drawing));
}

static void canvas_clear(canvas *c) {
  vs_arena_clear(&c->arena);
  vs_drawing_free(c->gradient);
  free(c->image);
  free(c->dimage);
}

static void draw(canvas *c, const vs_drawing *drawing, double scale) {
  vs_raster_render(c->raster, drawing, scale, c->image);
  vs_raster_backward(c->raster, c->dimage, c->gradient);
}

/* --- the twin --------------------------------------------------------------------------------- */

static vs_drawing_numbers numbers_new(const vs_drawing *drawing) {
  vs_drawing_numbers numbers = {
      .points = calloc(2 * drawing->point_count + 1, sizeof(double)),
      .strokes = calloc(VS_STROKE_NUMBERS * drawing->stroke_count + 1, sizeof(double))};
  assert_true(numbers.points != NULL && numbers.strokes != NULL);
  return numbers;
}

static void numbers_clear(vs_drawing_numbers *numbers) {
  free(numbers->points);
  free(numbers->strokes);
}

typedef struct twin {
  vs_drawing_numbers numbers, gradient;
  double *image, *dimage;
  int height, width;
  size_t count;
} twin;

static void twin_init(twin *t, const vs_drawing *drawing, int height, int width) {
  *t = (twin){.height = height, .width = width, .count = (size_t)height * (size_t)width * 3};
  t->numbers = numbers_new(drawing);
  t->gradient = numbers_new(drawing);
  vs_drawing_get_numbers(drawing, &t->numbers);
  t->image = malloc(t->count * sizeof *t->image);
  t->dimage = malloc(t->count * sizeof *t->dimage);
  float *random = random_floats(t->count, 77); /* as of a canvas */
  assert_true(t->image != NULL && t->dimage != NULL);
  for (size_t i = 0; i < t->count; i++) t->dimage[i] = (double)random[i];
  free(random);
}

static void twin_clear(twin *t) {
  numbers_clear(&t->numbers);
  numbers_clear(&t->gradient);
  free(t->image);
  free(t->dimage);
}

static double twin_loss(twin *t, const vs_drawing *drawing, double scale) {
  assert_ok(vs_raster_reference_render(drawing, &t->numbers, scale, t->height, t->width, t->image));
  double sum = 0.0;
  for (size_t i = 0; i < t->count; i++) sum += t->image[i] * t->dimage[i];
  return sum;
}

static void twin_backward(twin *t, const vs_drawing *drawing, double scale) {
  assert_ok(vs_raster_reference_backward(drawing, &t->numbers, scale, t->height, t->width,
                                         t->dimage, &t->gradient));
}

/* --- scenes ----------------------------------------------------------------------------------- */

enum {
  TANGLE,   /* strokes over each other */
  LEAVING,  /* over the edge, and outside */
  STRAIGHT, /* evenly spaced on a line: p3 - 3 p2 + 3 p1 - p0 = 0 */
  CUSP,
  NEARLY_POINT, /* hundredths of a pixel long */
  CLOSED,
  THIN,
  WIDE,
  DEEP, /* more than 64 over one pixel */
  CHAINED,
  SCENES
};

static vs_drawing *make_scene(int scene, double side, uint32_t seed) {
  static const drawing_kind kinds[SCENES] = {
      [TANGLE] = {.strokes = 9, .segments = 2, .margin = -3, .shortest = 8, .longest = 30},
      [LEAVING] = {.strokes = 9, .segments = 1, .margin = 6, .shortest = 10, .longest = 60},
      [STRAIGHT] = {.strokes = 6, .segments = 1, .margin = -2, .shortest = 5, .longest = 20},
      [CUSP] = {.strokes = 6, .segments = 1, .margin = -6, .shortest = 5, .longest = 20},
      [NEARLY_POINT] = {.strokes = 8, .segments = 1, .shortest = 0.01, .longest = 0.03},
      [CLOSED] = {.strokes = 5,
                  .segments = 3,
                  .margin = -5,
                  .shortest = 20,
                  .longest = 30,
                  .closed = true},
      [THIN] = {.strokes = 9,
                .segments = 2,
                .margin = -2,
                .shortest = 8,
                .longest = 30,
                .thinnest = 0.1,
                .widest = 0.9},
      [WIDE] = {.strokes = 5,
                .segments = 2,
                .margin = -5,
                .shortest = 8,
                .longest = 20,
                .thinnest = 8,
                .widest = 20,
                .faintest = 0.4},
      [DEEP] = {.strokes = 80,
                .segments = 1,
                .margin = -8,
                .shortest = 4,
                .longest = 8,
                .thinnest = 5,
                .widest = 9,
                .faintest = 0.02},
      [CHAINED] = {.strokes = 3, .segments = 5, .margin = -5, .shortest = 30, .longest = 50},
  };
  drawing_kind kind = kinds[scene];
  kind.side = side;
  if (kind.widest == 0.0) {
    kind.thinnest = 0.8;
    kind.widest = 5.0;
    kind.faintest = 0.3;
  }
  vs_drawing *drawing;
  assert_ok(random_drawing(&drawing, &kind, seed));
  for (int c = 0; c < 3; c++) drawing->paper[c] = 0.9f - 0.2f * (float)c;
  for (size_t s = 0; s < drawing->stroke_count; s++) {
    vs_point2 *p = drawing->points + drawing->strokes[s].first_point;
    if (scene == STRAIGHT) { /* multiples of 1/64, so that the sums are exact */
      const float dx = roundf((p[1].x - p[0].x) * 64.0f) / 64.0f;
      const float dy = s == 0 ? 0.0f : roundf((p[1].y - p[0].y) * 64.0f) / 64.0f;
      p[0] = (vs_point2){roundf(p[0].x), roundf(p[0].y)};
      for (int i = 1; i < 4; i++) p[i] = (vs_point2){p[i - 1].x + dx, p[i - 1].y + dy};
    }
    if (scene == CUSP) { /* the sides cross over: a cusp in the middle where they are symmetric */
      p[2] = (vs_point2){p[0].x, p[0].y + 9.0f};
      p[1] = (vs_point2){p[0].x + 8.0f + 0.3f * (float)s, p[0].y + 9.0f};
      p[3] = (vs_point2){p[0].x + 8.0f + 0.3f * (float)s, p[0].y + 0.1f};
    }
  }
  return drawing;
}

/* --- the gradient against differences --------------------------------------------------------- */

/* Squared norms of a difference and of what it is measured against. */
typedef struct misfit {
  double off, of;
} misfit;

static void misfit_add(misfit *m, double value, double expected) {
  m->off += (value - expected) * (value - expected);
  m->of += expected * expected;
}

static void misfit_check(const misfit *m, double tolerance, const char *what, int scene) {
  if (!(m->off <= tolerance * tolerance * m->of))
    fail_msg("scene %d: %s off by %.2e of %.2e", scene, what, sqrt(m->off), sqrt(m->of));
}

static double difference(twin *t, const vs_drawing *drawing, double scale, double *number) {
  const double kept = *number;
  *number = kept + step;
  const double above = twin_loss(t, drawing, scale);
  *number = kept - step;
  const double below = twin_loss(t, drawing, scale);
  *number = kept;
  return (above - below) / (2.0 * step);
}

/* At most 100 random points and all strokes' numbers of up to 20 strokes of a scene. */
static void check_differences(int scene, uint32_t seed) {
  enum { SIDE = 22, MOST_POINTS = 60, MOST_STROKES = 20 };
  const double scale = seed % 2 == 0 ? 1.0 : 1.6;
  vs_drawing *drawing = make_scene(scene, SIDE / scale, seed);
  twin t;
  twin_init(&t, drawing, SIDE, SIDE - 1);
  twin_backward(&t, drawing, scale);
  random_source source = random_source_make(seed + 1000);
  misfit points = {0}, kinds[VS_STROKE_NUMBERS] = {0};
  for (int n = 0; n < MOST_POINTS; n++) {
    const size_t i = (size_t)random_between(&source, 0.0, 2.0 * (double)drawing->point_count);
    misfit_add(&points, t.gradient.points[i], difference(&t, drawing, scale, &t.numbers.points[i]));
  }
  for (size_t s = 0; s < drawing->stroke_count && s < MOST_STROKES; s++) {
    for (size_t k = 0; k < VS_STROKE_NUMBERS; k++) {
      const size_t i = s * VS_STROKE_NUMBERS + k;
      misfit_add(&kinds[k], t.gradient.strokes[i],
                 difference(&t, drawing, scale, &t.numbers.strokes[i]));
    }
  }
  misfit_check(&points, difference_tolerance, "points", (int)seed);
  static const char *const names[VS_STROKE_NUMBERS] = {"width", "red", "green", "blue", "opacity"};
  for (int k = 0; k < VS_STROKE_NUMBERS; k++)
    misfit_check(&kinds[k], difference_tolerance, names[k], (int)seed);
  twin_clear(&t);
  vs_drawing_free(drawing);
}

static void gradients_are_those_of_differences(void **state) {
  (void)state;
  for (uint32_t seed = 0; seed < 50; seed++) check_differences((int)seed % SCENES, seed);
}

/* --- fast against plain ----------------------------------------------------------------------- */

static void check_against_twin(const vs_drawing *drawing, int height, int width, double scale,
                               int label) {
  canvas c;
  twin t;
  canvas_init(&c, drawing, height, width, 1);
  twin_init(&t, drawing, height, width);
  draw(&c, drawing, scale);
  twin_loss(&t, drawing, scale);
  twin_backward(&t, drawing, scale);
  double most = 0;
  for (size_t i = 0; i < c.count; i++) most = fmax(most, fabs((double)c.image[i] - t.image[i]));
  misfit points = {0}, kinds[VS_STROKE_NUMBERS] = {0};
  for (size_t i = 0; i < drawing->point_count; i++) {
    misfit_add(&points, (double)c.gradient->points[i].x, t.gradient.points[2 * i]);
    misfit_add(&points, (double)c.gradient->points[i].y, t.gradient.points[2 * i + 1]);
  }
  for (size_t s = 0; s < drawing->stroke_count; s++) {
    const vs_stroke *stroke = &c.gradient->strokes[s];
    const float values[] = {stroke->width, stroke->color[0], stroke->color[1], stroke->color[2],
                            stroke->opacity};
    for (size_t k = 0; k < VS_STROKE_NUMBERS; k++)
      misfit_add(&kinds[k], (double)values[k], t.gradient.strokes[s * VS_STROKE_NUMBERS + k]);
  }
  if (!(most <= image_tolerance)) fail_msg("scene %d: image off by %.2e", label, most);
  misfit_check(&points, gradient_tolerance, "points", label);
  static const char *const names[VS_STROKE_NUMBERS] = {"width", "red", "green", "blue", "opacity"};
  for (int k = 0; k < VS_STROKE_NUMBERS; k++)
    misfit_check(&kinds[k], gradient_tolerance, names[k], label);
  canvas_clear(&c);
  twin_clear(&t);
}

static void fast_is_plain(void **state) {
  (void)state;
  static const int sides[][2] = {{22, 21}, {3, 5}, {33, 65}, {64, 31}, {70, 97}};
  for (uint32_t seed = 0; seed < 50; seed++) {
    const int *side = sides[seed % 5];
    const double scale = seed % 3 == 0 ? 1.0 : seed % 3 == 1 ? 2.5 : 0.4;
    vs_drawing *drawing = make_scene((int)seed / 5, side[1] / scale + 10, seed + 100);
    check_against_twin(drawing, side[0], side[1], scale, (int)seed);
    vs_drawing_free(drawing);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_are_those_of_differences),
      cmocka_unit_test(fast_is_plain),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
