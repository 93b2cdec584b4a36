/* The parametrization "strokes": theta and the drawing that it stands for, its gradient, its start,
 * its limits, and copies of it in the tiles of a larger canvas. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/param/param.h"
#include "core/param/strokes.h"
#include "tests/support/floats.h"

/* Central differences of L = <image, weights>, in double over some 5,000 float pixels of 0..1:
 * their roundings add up to about 6e-8 sqrt(5000) = 4e-6 in L, divided by two steps of 1/512 that
 * is 1e-3 of derivatives of size 1; those of a block are tens. Larger steps go over kinks: where a
 * line begins to cover a pixel, and where two parts of a stroke are equally near (up to 4e-2 at
 * 1/128). Relative to the whole block's gradient, 1.7e-4 was seen. */
static const double gradient_tolerance = 1e-3, step_px = 1.0 / 512.0, step_share = 1.0 / 256.0;

/* Places of some hundred px after a turn and two shifts, in float32. */
static const double place_tolerance = 1e-4;

static vs_param_spec spec_of(vs_stroke_color color, int segments, bool closed) {
  vs_param_spec spec = {.kind = VS_PARAM_STROKES,
                        .height = 40,
                        .width = 44,
                        .strokes = {.count = 6,
                                    .segments = segments,
                                    .closed = closed,
                                    .width_min = 1.5,
                                    .width_max = 5.0,
                                    .opacity = 0.75,
                                    .color = color,
                                    .paper = {1.0f, 0.9f, 0.8f},
                                    .rate_points = 1.0,
                                    .rate_width = 0.1,
                                    .rate_color = 0.03,
                                    .rate_opacity = 0.02}};
  static const float pens[3][3] = {{0.1f, 0.1f, 0.1f}, {0.8f, 0.1f, 0.2f}, {0.1f, 0.4f, 0.9f}};
  spec.strokes.pens.count = 3;
  for (int k = 0; k < 3; k++) {
    vs_pen *pen = &spec.strokes.pens.pens[k];
    snprintf(pen->name, sizeof pen->name, "pen %d", k);
    memcpy(pen->color, pens[k], sizeof pens[k]);
    pen->width_mm = 0.4;
  }
  return spec;
}

static vs_random_key key_of(uint64_t stream) {
  return vs_random_make_key(stream, VS_RANDOM_INIT, 0);
}

static float *floats(size_t count) {
  float *values = calloc(count, sizeof *values);
  assert_non_null(values);
  return values;
}

static vs_param *new_param(vs_arena *arena, const vs_param_spec *spec, int threads) {
  vs_arena measure = vs_arena_measure();
  assert_null(vs_param_new(spec, threads, &measure));
  assert_ok(vs_arena_init(arena, measure.used_bytes));
  vs_param *param = vs_param_new(spec, threads, arena);
  assert_non_null(param);
  assert_int_equal(arena->used_bytes, measure.used_bytes);
  return param;
}

/* The start numbers of a spec; freed by the caller. */
static float *start_of(const vs_param_spec *spec, uint64_t stream) {
  vs_arena arena;
  vs_param *param = new_param(&arena, spec, 1);
  float *theta = floats(vs_param_count(spec));
  vs_param_start(param, key_of(stream), theta);
  vs_arena_clear(&arena);
  return theta;
}

static vs_drawing *drawing_of(const vs_param_spec *spec, const float *theta) {
  vs_drawing *drawing;
  assert_ok(vs_drawing_new(&drawing, 1.0, 1.0, (size_t)spec->strokes.count,
                           vs_strokes_point_count(&spec->strokes)));
  vs_strokes_to_drawing(spec, theta, drawing);
  return drawing;
}

/* --- theta ------------------------------------------------------------------------------------ */

static void blocks_cover_theta(void **state) {
  (void)state;
  static const vs_stroke_color colors[] = {VS_STROKE_FREE, VS_STROKE_BLACK, VS_STROKE_PALETTE};
  for (size_t c = 0; c < 3; c++) {
    const vs_param_spec spec = spec_of(colors[c], 2, false);
    vs_param_block blocks[VS_PARAM_MAX_BLOCKS];
    const int count = vs_param_blocks(&spec, 0.5, blocks);
    size_t numbers = 0;
    for (int b = 0; b < count; b++) numbers += blocks[b].count;
    assert_int_equal(numbers, vs_param_count(&spec));
    assert_int_equal(numbers, 6 * (7 * 2 + 1 + 1 + 3)); /* as many pens as colours here */
    assert_true(blocks[0].rate == 1.0 && blocks[1].rate == 0.1 && blocks[2].rate == 0.02 &&
                blocks[3].rate == 0.03);
  }
  const vs_param_spec pixels = {.kind = VS_PARAM_PIXELS, .height = 3, .width = 5, .init_sd = 1.0};
  vs_param_block whole[VS_PARAM_MAX_BLOCKS];
  assert_int_equal(vs_param_blocks(&pixels, 0.5, whole), 1);
  assert_true(whole[0].count == 45 && whole[0].rate == 0.5);
}

static void drawings_go_there_and_back(void **state) {
  (void)state;
  for (int variant = 0; variant < 12; variant++) {
    const bool closed = variant % 2 != 0, has_pens = variant / 2 % 2 != 0;
    const int segments = 1 + variant / 4;
    const vs_param_spec spec =
        spec_of(has_pens ? VS_STROKE_PALETTE : VS_STROKE_FREE, segments, closed);
    const size_t count = vs_param_count(&spec), points = vs_strokes_point_count(&spec.strokes);
    float *theta = start_of(&spec, 3), *back = floats(count);
    for (size_t i = 0; i < 6; i++) theta[2 * points + 6 + i] = 0.125f * (float)i; /* opacities */
    vs_drawing *drawing = drawing_of(&spec, theta);
    assert_int_equal(points, 6 * vs_drawing_stroke_points(segments, closed));
    assert_true(drawing->width == 44.0 && drawing->height == 40.0);
    assert_memory_equal(drawing->paper, spec.strokes.paper, sizeof drawing->paper);
    for (size_t i = 0; i < 6; i++) {
      const vs_stroke *stroke = &drawing->strokes[i];
      assert_true(stroke->segments == segments && stroke->closed == closed);
      assert_int_equal(stroke->first_point, i * points / 6);
      assert_true(stroke->opacity == 0.125f * (float)i);
      const float *own = theta + 2 * points + 12 + 3 * i;
      if (!has_pens) {
        assert_int_equal(stroke->pen, -1);
        assert_memory_equal(stroke->color, own, sizeof stroke->color);
        continue;
      }
      for (int k = 0; k < 3; k++) assert_true(own[stroke->pen] >= own[k]);
      assert_memory_equal(stroke->color, spec.strokes.pens.pens[stroke->pen].color,
                          sizeof stroke->color);
    }
    memcpy(back + count - 18, theta + count - 18, 18 * sizeof *back); /* logits stay as they are */
    if (!has_pens) memset(back, 0, count * sizeof *back);
    vs_strokes_from_drawing(&spec, drawing, back);
    assert_memory_equal(back, theta, count * sizeof *theta);
    vs_drawing_free(drawing);
    free(back);
    free(theta);
  }
}

static void a_start_is_that_of_the_reference(void **state) {
  (void)state;
  static const vs_stroke_color colors[] = {VS_STROKE_FREE, VS_STROKE_BLACK, VS_STROKE_PALETTE};
  for (size_t c = 0; c < 3; c++) {
    vs_param_spec spec = spec_of(colors[c], 3, false);
    spec.strokes.count = 400;
    const size_t count = vs_param_count(&spec);
    float *theta = start_of(&spec, 5), *again = start_of(&spec, 5), *other = start_of(&spec, 6);
    assert_memory_equal(theta, again, count * sizeof *theta);
    assert_memory_not_equal(theta, other, 20 * sizeof *theta);
    double first[2] = {0.0, 0.0};
    for (size_t i = 0; i < 400 * 10; i++) {
      const float *point = theta + 2 * i, side[2] = {44.0f, 40.0f};
      for (int axis = 0; axis < 2; axis++) {
        if (i % 10 == 0)
          assert_true(point[axis] >= 0.0f && point[axis] <= side[axis]);
        else /* a rounding of the sum of two floats of up to 50 */
          assert_true(fabsf(point[axis] - point[axis - 2]) <= 0.05f * side[axis] + 4e-6f);
        if (i % 10 == 0) first[axis] += (double)(point[axis] / side[axis]) / 400.0;
      }
    }
    /* Anywhere on the canvas: means of uniform numbers, to five standard errors. */
    for (int axis = 0; axis < 2; axis++) assert_close(first[axis], 0.5, 5.0 * sqrt(1.0 / 12 / 400));
    const float *widths = theta + 2 * 4000, *own = widths + 800;
    for (size_t i = 0; i < 400; i++) {
      assert_true(widths[i] >= 1.5f && widths[i] <= 5.0f && widths[400 + i] == 0.75f);
      for (size_t k = 0; k < 3; k++) {
        const float value = own[3 * i + k];
        if (colors[c] == VS_STROKE_FREE) assert_true(value > 0.0f && value < 1.0f);
        if (colors[c] == VS_STROKE_BLACK) assert_true(value == 0.0f);
      }
    }
    free(other);
    free(again);
    free(theta);
  }
}

/* What is allowed stays as it is, to the bit; what is not comes back to the nearest that is. */
static void projecting_keeps_the_ranges(void **state) {
  (void)state;
  for (int has_pens = 0; has_pens < 2; has_pens++) {
    const vs_param_spec spec = spec_of(has_pens ? VS_STROKE_PALETTE : VS_STROKE_FREE, 1, false);
    const size_t count = vs_param_count(&spec), points = vs_strokes_point_count(&spec.strokes);
    float *theta = start_of(&spec, 8), *before = floats(count);
    vs_arena arena;
    vs_param *param = new_param(&arena, &spec, 1);
    memcpy(before, theta, count * sizeof *theta);
    vs_param_project(param, theta);
    assert_memory_equal(theta, before, count * sizeof *theta);
    for (size_t i = 0; i < count; i++) theta[i] = (i % 2 != 0 ? 1e4f : -1e4f) * (float)(i % 3);
    memcpy(before, theta, count * sizeof *theta);
    vs_param_project(param, theta);
    for (size_t i = 0; i < count; i++) {
      double low = 0.0, high = 1.0;
      if (i < 2 * points) {
        const double side = i % 2 == 0 ? 44.0 : 40.0;
        low = (double)(float)(-0.05 * side);
        high = (double)(1.05f * (float)side);
      } else if (i < 2 * points + 6) {
        low = 1.5;
        high = 5.0;
      } else if (i >= 2 * points + 12 && has_pens != 0) {
        low = -INFINITY; /* logits may be anything */
        high = INFINITY;
      }
      const double expected = fmin(fmax((double)before[i], low), high);
      assert_close((double)theta[i], expected, 1e-6 * fmax(1.0, fabs(expected)));
    }
    vs_arena_clear(&arena);
    free(before);
    free(theta);
  }
}

/* --- the gradient ----------------------------------------------------------------------------- */

typedef struct scene {
  vs_param_spec spec;
  vs_arena arena;
  vs_param *param;
  size_t numbers, pixels;
  float *theta, *image, *weights, *dtheta;
} scene;

/* Strokes that stay away from what has no derivative: fully within their ranges. Longer than at a
 * start, so that they are lines. */
static scene new_scene(vs_stroke_color color, int segments, bool closed) {
  scene made = {.spec = spec_of(color, segments, closed)};
  made.param = new_param(&made.arena, &made.spec, 1);
  made.numbers = vs_param_count(&made.spec);
  made.pixels = (size_t)made.spec.height * (size_t)made.spec.width * 3;
  made.theta = start_of(&made.spec, 11);
  const size_t points = vs_strokes_point_count(&made.spec.strokes), own = points / 6;
  for (size_t i = 0; i < 2 * points; i++) {
    const size_t first = i / 2 / own * own * 2 + i % 2;
    if (i != first) made.theta[i] = made.theta[first] + 3.0f * (made.theta[i] - made.theta[first]);
  }
  made.image = floats(made.pixels);
  made.weights = random_floats(made.pixels, 4);
  made.dtheta = floats(made.numbers);
  return made;
}

static void clear_scene(scene *made) {
  vs_arena_clear(&made->arena);
  free(made->theta);
  free(made->image);
  free(made->weights);
  free(made->dtheta);
}

static double loss_of(scene *made) {
  vs_param_render(made->param, made->theta, made->image);
  return dot(made->image, made->weights, made->pixels);
}

static void check_block(scene *made, const char *name, size_t first, size_t count, double step) {
  double error = 0.0, size = 0.0;
  for (size_t i = first; i < first + count; i++) {
    const float value = made->theta[i];
    made->theta[i] = (float)((double)value + step);
    const double above = (double)made->theta[i], up = loss_of(made);
    made->theta[i] = (float)((double)value - step);
    const double below = (double)made->theta[i], down = loss_of(made);
    made->theta[i] = value;
    const double slope = (up - down) / (above - below), d = slope - (double)made->dtheta[i];
    error += d * d;
    size += slope * slope;
  }
  assert_true(size > 0.0);
  if (!(sqrt(error / size) <= gradient_tolerance))
    fail_msg("%s: relative error %g", name, sqrt(error / size));
}

static void check_gradient(scene *made) {
  const size_t points = 2 * vs_strokes_point_count(&made->spec.strokes), strokes = 6;
  loss_of(made);
  vs_param_backward(made->param, made->image, made->weights, made->dtheta);
  check_block(made, "points", 0, points, step_px);
  check_block(made, "widths", points, strokes, step_px);
  check_block(made, "opacities", points + strokes, strokes, step_share);
  if (made->spec.strokes.color != VS_STROKE_PALETTE)
    check_block(made, "colours", points + 2 * strokes, 3 * strokes, step_share);
}

static void gradients_are_those_of_the_image(void **state) {
  (void)state;
  for (int segments = 1; segments <= VS_STROKES_MAX_SEGMENTS; segments++) {
    for (int closed = 0; closed < 2; closed++) {
      scene made = new_scene(VS_STROKE_FREE, segments, closed != 0);
      check_gradient(&made);
      clear_scene(&made);
    }
  }
}

/* The colder, the steeper: steps are a share of the temperature, and of a cold softmax only those
 * logits count that are close to the best. */
static void gradients_of_choices_follow_the_temperature(void **state) {
  (void)state;
  scene made = new_scene(VS_STROKE_PALETTE, 2, false);
  const size_t logits = made.numbers - 18;
  for (int i = 0; i <= 4; i++) {
    const double progress = i / 4.0, temperature = pow(VS_PEN_TEMPERATURE, progress);
    vs_param_anneal(made.param, progress);
    for (size_t k = 0; k < 18; k++)
      made.theta[logits + k] =
          (float)(temperature * (double)vs_random_normal(key_of(40), (uint64_t)k));
    check_gradient(&made);
    check_block(&made, "logits", logits, 18, temperature * step_share);
  }
  clear_scene(&made);
}

/* At the end of the annealing a stroke that has a favourite looks like the drawing, whose strokes
 * have their pens' colours: the others weigh exp(-1 / 0.05) = 2e-9. */
static void choices_become_pens(void **state) {
  (void)state;
  scene made = new_scene(VS_STROKE_PALETTE, 2, false);
  float *logits = made.theta + made.numbers - 18;
  for (size_t i = 0; i < 6; i++)
    for (size_t k = 0; k < 3; k++) logits[3 * i + k] = k == i % 3 ? 1.0f : 0.0f;
  vs_param_anneal(made.param, 1.0);
  vs_param_render(made.param, made.theta, made.image);
  vs_drawing *drawing = drawing_of(&made.spec, made.theta);
  vs_param_spec plain = made.spec;
  plain.strokes.color = VS_STROKE_FREE;
  float *theta = floats(vs_param_count(&plain)), *image = floats(made.pixels);
  vs_strokes_from_drawing(&plain, drawing, theta);
  vs_arena arena;
  vs_param *param = new_param(&arena, &plain, 1);
  vs_param_render(param, theta, image);
  for (size_t i = 0; i < made.pixels; i++)
    assert_close((double)image[i], (double)made.image[i], 1e-6);
  vs_arena_clear(&arena);
  free(image);
  free(theta);
  vs_drawing_free(drawing);
  clear_scene(&made);
}

static void threads_do_not_change_a_bit(void **state) {
  (void)state;
  scene made = new_scene(VS_STROKE_PALETTE, 2, true);
  float *image = floats(made.pixels), *dtheta = floats(made.numbers);
  vs_arena arena;
  vs_param *param = new_param(&arena, &made.spec, 3);
  vs_param_render(made.param, made.theta, made.image);
  vs_param_backward(made.param, made.image, made.weights, made.dtheta);
  vs_param_render(param, made.theta, image);
  vs_param_backward(param, image, made.weights, dtheta);
  assert_memory_equal(image, made.image, made.pixels * sizeof *image);
  assert_memory_equal(dtheta, made.dtheta, made.numbers * sizeof *dtheta);
  vs_arena_clear(&arena);
  free(dtheta);
  free(image);
  clear_scene(&made);
}

/* --- tiles ------------------------------------------------------------------------------------ */

static vs_param_spec larger_of(const vs_param_spec *from, const vs_tiling *tiling) {
  vs_param_spec to = *from;
  to.strokes.count *= tiling->rows * tiling->columns;
  to.height = from->height * tiling->rows;
  to.width = from->width * tiling->columns;
  return to;
}

static double distance(const vs_point2 *a, const vs_point2 *b) {
  return hypot((double)(a->x - b->x), (double)(a->y - b->y));
}

/* A copy has all distances of its original, and its widths, opacities, colours, pens. */
static void check_copy(const vs_drawing *from, const vs_drawing *to, size_t tile) {
  const vs_point2 *points = to->points + tile * from->point_count;
  for (size_t a = 0; a < from->point_count; a++)
    for (size_t b = 0; b < a; b++)
      assert_close(distance(&points[a], &points[b]), distance(&from->points[a], &from->points[b]),
                   place_tolerance);
  for (size_t i = 0; i < from->stroke_count; i++) {
    const vs_stroke *copy = &to->strokes[tile * from->stroke_count + i];
    vs_stroke expected = from->strokes[i];
    expected.first_point += tile * from->point_count;
    assert_int_equal(copy->first_point, expected.first_point);
    assert_true(copy->width == expected.width && copy->opacity == expected.opacity);
    assert_memory_equal(copy->color, expected.color, sizeof expected.color);
    assert_int_equal(copy->pen, expected.pen);
  }
}

/* The linear part of a copy, rounded: which of the eight ways it lies. -1: none. */
static int way_of(const vs_point2 *from, const vs_point2 *to, size_t points) {
  for (int way = 0; way < 8; way++) {
    static const int a[4] = {1, 0, -1, 0}, b[4] = {0, -1, 0, 1};
    const int mirror = way >= 4 ? -1 : 1;
    double worst = 0.0;
    for (size_t p = 1; p < points; p++) {
      const double x = mirror * (double)(from[p].x - from[0].x),
                   y = (double)(from[p].y - from[0].y);
      worst = fmax(worst, fabs(a[way % 4] * x + b[way % 4] * y - (double)(to[p].x - to[0].x)));
      worst = fmax(worst, fabs(-b[way % 4] * x + a[way % 4] * y - (double)(to[p].y - to[0].y)));
    }
    if (worst < place_tolerance) return way;
  }
  return -1;
}

/* Ways that copies lie in, over many keys, as bits. */
static unsigned ways_of_tiles(const vs_param_spec *spec, const vs_tiling *tiling) {
  const vs_param_spec to = larger_of(spec, tiling);
  const size_t tiles = (size_t)(tiling->rows * tiling->columns);
  float *theta = start_of(spec, 21), *large = floats(vs_param_count(&to));
  vs_drawing *from = drawing_of(spec, theta);
  unsigned ways = 0;
  for (uint64_t stream = 0; stream < 30; stream++) {
    const vs_random_key key = vs_random_make_key(stream, VS_RANDOM_STROKES, 1);
    assert_ok(vs_param_enlarge(spec, theta, tiling, key, &to, large));
    vs_drawing *copies = drawing_of(&to, large);
    for (size_t t = 0; t < tiles; t++) {
      check_copy(from, copies, t);
      const vs_point2 *points = copies->points + t * from->point_count;
      const int way = way_of(from->points, points, from->point_count);
      assert_in_range(way, 0, 7);
      ways |= 1u << way;
      /* The middle of the drawing's canvas lies in the middle of its tile, but for the shift. */
      const double x = (double)(from->points[0].x - 22.0f),
                   y = (double)(from->points[0].y) - spec->height / 2.0;
      static const int a[4] = {1, 0, -1, 0}, b[4] = {0, -1, 0, 1};
      const double mirrored = way >= 4 ? -x : x, stride = 1.0 - tiling->overlap;
      const double column = (double)(t % (size_t)tiling->columns),
                   row = (double)(t / (size_t)tiling->columns);
      const double middle_x =
          (double)points[0].x - (a[way % 4] * mirrored + b[way % 4] * y) - column * stride * 44.0;
      const double middle_y = (double)points[0].y - (-b[way % 4] * mirrored + a[way % 4] * y) -
                              row * stride * spec->height;
      assert_close(middle_x, 22.0, tiling->jitter * 44.0 + place_tolerance);
      assert_close(middle_y, spec->height / 2.0, tiling->jitter * spec->height + place_tolerance);
    }
    vs_drawing_free(copies);
  }
  vs_drawing_free(from);
  free(large);
  free(theta);
  return ways;
}

static void copies_are_congruent(void **state) {
  (void)state;
  vs_param_spec square = spec_of(VS_STROKE_FREE, 2, false);
  square.height = 44;
  const vs_param_spec oblong = spec_of(VS_STROKE_PALETTE, 3, true);
  vs_tiling tiling = {.rows = 2, .columns = 3, .overlap = 0.25, .jitter = 0.125};
  assert_int_equal(ways_of_tiles(&square, &tiling), 1 << 0);
  tiling.flip = true;
  assert_int_equal(ways_of_tiles(&square, &tiling), 1 << 0 | 1 << 4);
  tiling.turn = true; /* 180 copies: a way that is allowed is missed with (7/8)^180 = 4e-11 */
  assert_int_equal(ways_of_tiles(&square, &tiling), 0xff);
  assert_int_equal(ways_of_tiles(&oblong, &tiling), 1 << 0 | 1 << 2 | 1 << 4 | 1 << 6);
  tiling.flip = false;
  assert_int_equal(ways_of_tiles(&oblong, &tiling), 1 << 0 | 1 << 2);
}

static void unmoved_copies_are_translations(void **state) {
  (void)state;
  const vs_param_spec spec = spec_of(VS_STROKE_FREE, 1, false);
  const vs_tiling tiling = {.rows = 3, .columns = 2, .overlap = 0.5};
  const vs_param_spec to = larger_of(&spec, &tiling);
  float *theta = start_of(&spec, 2), *large = floats(vs_param_count(&to));
  for (size_t i = 0; i < 48; i++) theta[i] = rintf(64.0f * theta[i]) / 64.0f; /* sums are exact */
  assert_ok(vs_param_enlarge(&spec, theta, &tiling, key_of(1), &to, large));
  for (size_t t = 0; t < 6; t++) {
    for (size_t p = 0; p < 24; p++) {
      assert_true(large[2 * (24 * t + p)] == theta[2 * p] + 22.0f * (float)(t % 2));
      assert_true(large[2 * (24 * t + p) + 1] == theta[2 * p + 1] + 20.0f * (float)(t / 2));
    }
  }
  free(large);
  free(theta);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_cover_theta),
      cmocka_unit_test(drawings_go_there_and_back),
      cmocka_unit_test(a_start_is_that_of_the_reference),
      cmocka_unit_test(projecting_keeps_the_ranges),
      cmocka_unit_test(gradients_are_those_of_the_image),
      cmocka_unit_test(gradients_of_choices_follow_the_temperature),
      cmocka_unit_test(choices_become_pens),
      cmocka_unit_test(threads_do_not_change_a_bit),
      cmocka_unit_test(copies_are_congruent),
      cmocka_unit_test(unmoved_copies_are_translations),
  };
  return cmocka_run_group_tests_name("strokes", tests, NULL, NULL);
}
