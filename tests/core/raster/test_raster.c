/* The rasterizer: the plain twin's gradient against central differences, the fast one against the
 * twin, and what its header promises. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/raster/raster.h"
#include "core/raster/raster_reference.h"
#include "tests/support/drawings.h"
#include "tests/support/floats.h"
#include "tests/support/unit.h"

/* Differences over 2e-6 pixels in double: rounding, 1e-16 / 1e-6 of a loss of about 10, gives 1e-9
 * of gradients of about 1. A pixel in which two parts of a stroke tie within the step would show as
 * 1e-2: none of these scenes has one. The contract asks for 1e-3. */
static const double step = 1e-6, difference_tolerance = 1e-6;
/* In float a distance of a few pixels, from coordinates relative to the block, is good to 3e-7; the
 * ramp's slope is at most 1.2 and each of many layers adds to it, less what later ones hide. Half
 * widths are up to 20 pixels here, and good to 1e-6. */
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
  assert_ok(vs_arena_init(&c->arena, measured.peak_bytes));
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
  vs_raster_reference_get_numbers(drawing, &t->numbers);
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
    if (s % 3 == 0) drawing->strokes[s].opacity = 1.0f;
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
  for (size_t i = 0; i < c.count; i++) most = larger(most, fabs((double)c.image[i] - t.image[i]));
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

/* --- what the header promises ----------------------------------------------------------------- */

/* One stroke of one cubic, black and opaque, on white. */
static vs_drawing *single(double side, const vs_point2 points[4], float width) {
  vs_drawing *drawing;
  assert_ok(vs_drawing_new(&drawing, side, side, 1, 4));
  memcpy(drawing->points, points, 4 * sizeof *points);
  drawing->strokes[0] = (vs_stroke){.segments = 1, .width = width, .opacity = 1.0f, .pen = -1};
  return drawing;
}

static double ink_of(const canvas *c) {
  double ink = 0.0;
  for (size_t i = 0; i < c->count; i++) ink += (1.0 - (double)c->image[i]) / 3.0;
  return ink;
}

static bool is_blank(const canvas *c) {
  for (size_t i = 0; i < c->count; i++)
    if (c->image[i] != 1.0f) return false;
  return true;
}

static bool has_no_gradient(const canvas *c) {
  bool none = true;
  for (size_t i = 0; i < c->gradient->point_count; i++)
    none = none && c->gradient->points[i].x == 0.0f && c->gradient->points[i].y == 0.0f;
  for (size_t s = 0; s < c->gradient->stroke_count; s++) {
    const vs_stroke *g = &c->gradient->strokes[s];
    none = none && g->width == 0.0f && g->opacity == 0.0f && g->color[0] == 0.0f &&
           g->color[1] == 0.0f && g->color[2] == 0.0f;
  }
  return none;
}

/* A tile of 32 x 32 holds 2048 touches of 4 x 4 blocks at once: these have thousands. */
static void deep_tiles_go_backward_in_parts(void **state) {
  (void)state;
  const drawing_kind kind = {.strokes = 150,
                             .segments = 1,
                             .side = 40,
                             .margin = -10,
                             .shortest = 10,
                             .longest = 30,
                             .thinnest = 12,
                             .widest = 40,
                             .faintest = 0.02};
  vs_drawing *drawing;
  assert_ok(random_drawing(&drawing, &kind, 3));
  /* the faint: under opaque ink there would be no gradient to compare */
  for (size_t s = 0; s < drawing->stroke_count; s++) drawing->strokes[s].opacity *= 0.1f;
  check_against_twin(drawing, 40, 40, 1.0, 200);
  vs_drawing_free(drawing);
}

/* Many cubics of one stroke over every block. */
static void a_scribble_is_one_stroke(void **state) {
  (void)state;
  const drawing_kind kind = {.strokes = 3,
                             .segments = 60,
                             .side = 40,
                             .margin = -15,
                             .shortest = 600,
                             .longest = 900,
                             .thinnest = 0.7,
                             .widest = 3,
                             .faintest = 0.5};
  vs_drawing *drawing;
  assert_ok(random_drawing(&drawing, &kind, 11));
  for (size_t i = 0; i < drawing->point_count; i++) { /* folded back to the canvas */
    drawing->points[i].x = fabsf(remainderf(drawing->points[i].x, 80.0f));
    drawing->points[i].y = fabsf(remainderf(drawing->points[i].y, 80.0f));
  }
  check_against_twin(drawing, 40, 40, 1.0, 250);
  vs_drawing_free(drawing);
}

static void bits_do_not_depend_on_threads(void **state) {
  (void)state;
  enum { HEIGHT = 150, WIDTH = 203 };
  const drawing_kind kind = {.strokes = 300,
                             .segments = 2,
                             .side = WIDTH,
                             .margin = 5,
                             .shortest = 20,
                             .longest = 90,
                             .thinnest = 1,
                             .widest = 12,
                             .faintest = 0.2};
  vs_drawing *drawing;
  assert_ok(random_drawing(&drawing, &kind, 5));
  canvas alone;
  canvas_init(&alone, drawing, HEIGHT, WIDTH, 1);
  draw(&alone, drawing, 1.0);
  for (int threads = 1; threads <= 3; threads++) {
    canvas c;
    canvas_init(&c, drawing, HEIGHT, WIDTH, threads);
    for (int again = 0; again < 2; again++) {
      draw(&c, drawing, 1.0);
      assert_memory_equal(c.image, alone.image, c.count * sizeof *c.image);
      assert_memory_equal(c.gradient->points, alone.gradient->points,
                          drawing->point_count * sizeof(vs_point2));
      assert_memory_equal(c.gradient->strokes, alone.gradient->strokes,
                          drawing->stroke_count * sizeof(vs_stroke));
    }
    canvas_clear(&c);
  }
  canvas_clear(&alone);
  vs_drawing_free(drawing);
}

/* Ink of a straight line is width times length, and round ends, however thin it is: in the mean
 * over where it lies between the pixels. Ends are blurred in two dimensions, where the profile adds
 * pi times its variance, VS_RASTER_RAMP^2 / 5, to a disc's area; of the least widths, less. */
static void ink_is_conserved(void **state) {
  (void)state;
  enum { SHIFTS = 8 };
  const float widths[] = {0.1f, 0.5f, 1.0f, 1.5f, 4.0f};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    for (int turn = 0; turn < 7; turn++) {
      const float dx = 40.0f * cosf(0.26f * (float)turn), dy = 40.0f * sinf(0.26f * (float)turn);
      double ink = 0.0;
      for (int shift = 0; shift < SHIFTS * SHIFTS; shift++) {
        const float x = 10.0f + (float)(shift / SHIFTS) / SHIFTS;
        const float y = 10.0f + (float)(shift % SHIFTS) / SHIFTS;
        const vs_point2 points[4] = {{x, y},
                                     {x + dx / 3.0f, y + dy / 3.0f},
                                     {x + dx * 2.0f / 3.0f, y + dy * 2.0f / 3.0f},
                                     {x + dx, y + dy}};
        vs_drawing *drawing = single(60.0, points, widths[i]);
        canvas c;
        canvas_init(&c, drawing, 60, 60, 1);
        draw(&c, drawing, 1.0);
        ink += ink_of(&c) / (SHIFTS * SHIFTS);
        canvas_clear(&c);
        vs_drawing_free(drawing);
      }
      const double width = (double)widths[i];
      const double least = width * 40.0 + 3.14159265 * width * width / 4.0;
      assert_true(ink > least * 0.999 && ink < least * 1.001 + 3.14159265 * 0.65 * 0.65 / 5.0);
    }
  }
}

static void a_stroke_that_crosses_itself_is_one_line(void **state) {
  (void)state;
  const vs_point2 loop[4] = {{4.0f, 20.0f}, {50.0f, 2.0f}, {-10.0f, 2.0f}, {36.0f, 20.0f}};
  vs_drawing *drawing = single(40.0, loop, 3.0f);
  drawing->strokes[0].opacity = 0.5f;
  canvas c;
  canvas_init(&c, drawing, 24, 40, 1);
  draw(&c, drawing, 1.0);
  float darkest = 1.0f;
  for (size_t i = 0; i < c.count; i++) darkest = fminf(darkest, c.image[i]);
  assert_true(darkest == 0.5f);
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

/* A point is a disc. At a pixel's own place the image has a kink in single control points, for
 * moving either way makes it longer: but not in all of them together. */
static void a_point_is_a_disc(void **state) {
  (void)state;
  const vs_point2 point = {8.25f, 7.5f};
  const vs_point2 points[4] = {point, point, point, point};
  vs_drawing *drawing = single(16.0, points, 5.0f);
  twin t;
  twin_init(&t, drawing, 16, 16);
  twin_backward(&t, drawing, 1.0);
  double moved[2], sums[2] = {0.0};
  for (int axis = 0; axis < 2; axis++) {
    for (int way = 0; way < 2; way++) {
      vs_raster_reference_get_numbers(drawing, &t.numbers);
      for (int i = 0; i < 4; i++) t.numbers.points[2 * i + axis] += way == 0 ? step : -step;
      const double loss = twin_loss(&t, drawing, 1.0);
      moved[axis] = way == 0 ? loss : (moved[axis] - loss) / (2.0 * step);
    }
    for (int i = 0; i < 4; i++) sums[axis] += t.gradient.points[2 * i + axis];
    assert_close(sums[axis], moved[axis], difference_tolerance * fabs(moved[axis]));
  }
  check_against_twin(drawing, 16, 16, 1.0, 300);
  canvas c;
  canvas_init(&c, drawing, 16, 16, 1);
  draw(&c, drawing, 1.0);
  assert_close(ink_of(&c), 3.14159265 * (2.5 * 2.5 + 0.65 * 0.65 / 5.0), 0.1);
  canvas_clear(&c);
  twin_clear(&t);
  vs_drawing_free(drawing);
}

/* With one piece for what is straight its inner control points would be of no effect. */
static void what_is_straight_can_bend(void **state) {
  (void)state;
  const vs_point2 points[4] = {{4.0f, 8.0f}, {12.0f, 8.0f}, {20.0f, 8.0f}, {28.0f, 8.0f}};
  vs_drawing *drawing = single(32.0, points, 2.0f);
  canvas c;
  canvas_init(&c, drawing, 16, 32, 1);
  for (size_t i = 0; i < c.count; i++) c.dimage[i] = i < c.count / 2 ? 1.0f : 0.0f;
  draw(&c, drawing, 1.0);
  /* Moving down takes black off the upper half, in three colours, along the line and its ends. */
  double all = 0.0;
  for (int i = 0; i < 4; i++) all += (double)c.gradient->points[i].y;
  assert_true(all > 3.0 * 24.0 * 0.9 && all < 3.0 * 26.5);
  for (int i = 1; i < 3; i++) {
    const double share = (double)c.gradient->points[i].y / all;
    /* the integrals of B_1 and B_2 are 1/4 of the 24 px, and the round ends are 2 px more */
    assert_close(share, 0.25 * 24.0 / 26.0, 0.02);
  }
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

/* Bending a stroke in steps of 0.002 px takes it through several numbers of pieces. No pixel may
 * change by more than the step times the ramp's slope, for no point moves by more. */
static void the_image_is_continuous(void **state) {
  (void)state;
  enum { STEPS = 3000 };
  const float move = 0.002f;
  vs_point2 points[4] = {{4.0f, 30.0f}, {14.0f, 30.0f}, {25.0f, 30.0f}, {36.0f, 30.0f}};
  canvas c;
  float *before = NULL;
  vs_drawing *drawing = single(40.0, points, 2.0f);
  canvas_init(&c, drawing, 40, 40, 1);
  before = malloc(c.count * sizeof *before);
  assert_non_null(before);
  float most = 0.0f, changed = 0.0f;
  for (int n = 0; n < STEPS; n++) {
    vs_raster_render(c.raster, drawing, 1.0, c.image);
    for (size_t i = 0; i < c.count && n > 0; i++) most = fmaxf(most, fabsf(c.image[i] - before[i]));
    if (n > 0 && memcmp(before, c.image, c.count * sizeof *before) != 0) changed += 1.0f;
    memcpy(before, c.image, c.count * sizeof *before);
    drawing->points[1].y -= move;
    drawing->points[2].x += move;
  }
  assert_true(changed > 0.9f * STEPS);
  assert_true(most <= 1.2f * move);
  free(before);
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

static void numbers_that_cannot_be_drawn_draw_nothing(void **state) {
  (void)state;
  const vs_point2 points[4] = {{4.0f, 4.0f}, {8.0f, 20.0f}, {20.0f, 8.0f}, {28.0f, 28.0f}};
  const float bad[] = {NAN, INFINITY, -INFINITY, 2e9f, -2e9f};
  canvas c;
  vs_drawing *drawing = single(32.0, points, 2.0f);
  canvas_init(&c, drawing, 32, 32, 1);
  for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
    for (int which = 0; which < 12; which++) {
      vs_stroke *stroke = &drawing->strokes[0];
      if (which >= 10 && isfinite(bad[b])) continue; /* odd colours can be drawn */
      if (which < 4) drawing->points[which].x = bad[b];
      if (which >= 4 && which < 8) drawing->points[which - 4].y = bad[b];
      if (which == 8 || which == 9) stroke->width = which == 8 ? bad[b] : -bad[b];
      if (which == 10) stroke->color[1] = bad[b];
      if (which == 11) stroke->opacity = bad[b];
      draw(&c, drawing, 1.0);
      assert_true(is_blank(&c) && has_no_gradient(&c));
      memcpy(drawing->points, points, sizeof points);
      *stroke = (vs_stroke){.segments = 1, .width = 2.0f, .opacity = 1.0f, .pen = -1};
    }
  }
  draw(&c, drawing, 1.0);
  assert_false(is_blank(&c) || has_no_gradient(&c));
  drawing->strokes[0].width = 0.0f;
  draw(&c, drawing, 1.0);
  assert_true(is_blank(&c) && has_no_gradient(&c));
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

static void without_strokes_there_is_paper(void **state) {
  (void)state;
  vs_drawing *drawing;
  assert_ok(vs_drawing_new(&drawing, 10.0, 10.0, 0, 0));
  drawing->paper[1] = 0.25f;
  canvas c;
  canvas_init(&c, drawing, 35, 10, 2);
  draw(&c, drawing, 1.0);
  for (size_t i = 0; i < c.count; i++) assert_true(c.image[i] == drawing->paper[i % 3]);
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

/* Lines from far off and curves that turn far off are drawn as exactly as others. */
static void giants_are_drawn_too(void **state) {
  (void)state;
  enum { GIANTS = 5 };
  static const vs_point2 giants[GIANTS][4] = {
      {{-1e9f, 8.0f}, {-1e8f, 8.0f}, {1e8f, 9.0f}, {1e9f, 9.0f}},
      {{-2e3f, 9.0f}, {-1e3f, 12.0f}, {1e3f, 11.0f}, {2e3f, 9.0f}},
      {{10.0f, 10.0f}, {3e4f, -1e5f}, {-1e5f, 3e4f}, {20.0f, 25.0f}},
      {{16.0f, 1e6f}, {16.0f, 1e5f}, {17.0f, -1e5f}, {18.0f, -1e6f}},
      {{1e9f, 1e9f}, {-1e9f, 5e8f}, {1e9f, -5e8f}, {-1e9f, -1e9f}}};
  for (int g = 0; g < GIANTS; g++) {
    vs_drawing *drawing = single(32.0, giants[g], g == 2 ? 40.0f : 3.0f);
    drawing->strokes[0].opacity = 0.7f;
    canvas c;
    canvas_init(&c, drawing, 33, 34, 1);
    draw(&c, drawing, 1.0);
    assert_false(is_blank(&c));
    canvas_clear(&c);
    check_against_twin(drawing, 33, 34, 1.0, 400 + g);
    vs_drawing_free(drawing);
  }
  vs_drawing *drawing = single(32.0, giants[4], 9e8f);
  canvas c;
  canvas_init(&c, drawing, 40, 70, 1);
  draw(&c, drawing, 1.0);
  assert_close(ink_of(&c), 40.0 * 70.0, 1e-6);
  assert_true(c.gradient->points[0].x == 0.0f && c.gradient->strokes[0].width == 0.0f);
  canvas_clear(&c);
  vs_drawing_free(drawing);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_are_those_of_differences),
      cmocka_unit_test(fast_is_plain),
      cmocka_unit_test(deep_tiles_go_backward_in_parts),
      cmocka_unit_test(a_scribble_is_one_stroke),
      cmocka_unit_test(bits_do_not_depend_on_threads),
      cmocka_unit_test(ink_is_conserved),
      cmocka_unit_test(a_stroke_that_crosses_itself_is_one_line),
      cmocka_unit_test(a_point_is_a_disc),
      cmocka_unit_test(what_is_straight_can_bend),
      cmocka_unit_test(the_image_is_continuous),
      cmocka_unit_test(numbers_that_cannot_be_drawn_draw_nothing),
      cmocka_unit_test(without_strokes_there_is_paper),
      cmocka_unit_test(giants_are_drawn_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
