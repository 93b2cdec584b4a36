/* Cubics by numbers (parts, lengths, chords, boxes) against plain sampling, the k-d tree against a
 * search of all points, and the motion model against its physics. */
#include "tests/support/unit.h"

#include <stdbool.h>

#include "core/base/random.h"
#include "core/plot/motion.h"
#include "core/plot/point_tree.h"
#include "core/strokes/cubic.h"

static double uniform(uint32_t step, uint64_t index) {
  return (double)vs_random_uniform(vs_random_make_key(1, VS_RANDOM_TEST, step), index);
}

static vs_cubic random_cubic(uint32_t step, double size) {
  vs_cubic cubic;
  for (uint64_t i = 0; i < 4; i++)
    cubic.p[i] =
        (vs_place){size * (uniform(step, 2 * i) - 0.5), size * (uniform(step, 2 * i + 1) - 0.5)};
  return cubic;
}

/* The polynomial as the header writes it. */
static vs_place plain_at(const vs_cubic *cubic, double t) {
  const double s = 1 - t, weights[4] = {s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t};
  vs_place place = {0, 0};
  for (int i = 0; i < 4; i++) {
    place.x += weights[i] * cubic->p[i].x;
    place.y += weights[i] * cubic->p[i].y;
  }
  return place;
}

static double plain_length(const vs_cubic *cubic, int steps) {
  double length = 0;
  for (int i = 0; i < steps; i++)
    length +=
        vs_cubic_distance(plain_at(cubic, (double)i / steps), plain_at(cubic, (i + 1.0) / steps));
  return length;
}

/* --- cubics ----------------------------------------------------------------------------------- */

static void parts_are_the_same_curve(void **state) {
  (void)state;
  for (uint32_t step = 0; step < 50; step++) {
    const vs_cubic cubic = random_cubic(step, 100);
    vs_span span = {uniform(step, 20), uniform(step, 21)};
    if (step % 5 == 0) span.from = 0;
    if (step % 7 == 0) span.to = 1;
    const vs_cubic part = vs_cubic_part(&cubic, span);
    if (step % 5 == 0) assert_memory_equal(&part.p[0], &cubic.p[0], sizeof part.p[0]);
    if (step % 7 == 0) assert_memory_equal(&part.p[3], &cubic.p[3], sizeof part.p[3]);
    for (int i = 0; i <= 10; i++) {
      const vs_place got = vs_cubic_at(&part, i / 10.0);
      const vs_place want = plain_at(&cubic, span.from + i / 10.0 * (span.to - span.from));
      assert_close(vs_cubic_distance(got, want), 0, 1e-11); /* rounding, of 100 units */
    }
  }
}

static void lengths_are_within_a_ten_thousandth(void **state) {
  (void)state;
  /* chords of 20,000 steps are short by less than 1e-7 of these */
  for (uint32_t step = 0; step < 40; step++) {
    const vs_cubic cubic = random_cubic(step, 100);
    const double want = plain_length(&cubic, 20000);
    assert_close(vs_cubic_length(&cubic), want, 1e-4 * want);
  }
  const vs_cubic line = vs_cubic_line((vs_place){1, 2}, (vs_place){4, 6});
  assert_close(vs_cubic_length(&line), 5, 1e-12);
  const vs_cubic there_and_back = {{{0, 0}, {4, 0}, {4, 0}, {0, 0}}};
  assert_close(vs_cubic_length(&there_and_back), 6, 6e-4); /* 3 units and back: x = 12 t (1-t) */
  const vs_cubic cusp = {{{0, 0}, {10, 10}, {0, 10}, {10, 0}}};
  assert_close(vs_cubic_length(&cusp), plain_length(&cusp, 20000), 1e-3);
  const vs_cubic dot = {{{3, 3}, {3, 3}, {3, 3}, {3, 3}}};
  assert_close(vs_cubic_length(&dot), 0, 0);
}

static void chords_stay_near(void **state) {
  (void)state;
  for (uint32_t step = 0; step < 40; step++) {
    const vs_cubic cubic = random_cubic(step, 200);
    const int steps = vs_cubic_steps(&cubic, 0.1);
    for (int i = 0; i < steps; i++) { /* the farthest from a chord is near its middle */
      const vs_place a = plain_at(&cubic, (double)i / steps);
      const vs_place b = plain_at(&cubic, (i + 1.0) / steps);
      const vs_place c = plain_at(&cubic, (i + 0.5) / steps);
      const double away = fabs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) /
                          fmax(vs_cubic_distance(a, b), 1e-9);
      assert_true(away <= 0.1);
    }
  }
  const vs_cubic line = vs_cubic_line((vs_place){0, 0}, (vs_place){500, 1});
  assert_int_equal(vs_cubic_steps(&line, 0.1), 1);
  const vs_cubic far = random_cubic(1, 1e12);
  assert_int_equal(vs_cubic_steps(&far, 0.1), VS_CUBIC_MAX_STEPS);
}

/* --- boxes ------------------------------------------------------------------------------------ */

/* How far a place is outside of a box; negative inside. */
static double outside(const vs_frame *box, vs_place place) {
  return fmax(fmax(box->left - place.x, place.x - box->right),
              fmax(box->top - place.y, place.y - box->bottom));
}

static void check_box(const vs_cubic *cubic, const vs_frame *box) {
  vs_span parts[VS_CUBIC_MAX_PARTS];
  const int count = vs_cubic_inside(cubic, box, parts);
  for (int i = 0; i < count; i++) {
    assert_true(parts[i].from < parts[i].to);
    assert_true(i == 0 || parts[i - 1].to <= parts[i].from);
    for (int k = 0; k <= 20; k++) {
      const double t = parts[i].from + k / 20.0 * (parts[i].to - parts[i].from);
      assert_true(outside(box, plain_at(cubic, t)) < 1e-9); /* rounding, of 100 units */
    }
  }
  for (int k = 0; k <= 1000; k++) {
    const double t = k / 1000.0;
    bool is_in = false;
    for (int i = 0; i < count; i++) is_in |= t >= parts[i].from && t <= parts[i].to;
    const double away = outside(box, plain_at(cubic, t));
    if (away < -1e-9) assert_true(is_in);
    if (away > 1e-9) assert_false(is_in);
  }
}

static void parts_inside_are_all_that_is_inside(void **state) {
  (void)state;
  for (uint32_t step = 0; step < 400; step++) {
    const vs_cubic cubic = random_cubic(step, 100);
    const vs_frame box = {-30 + 20 * uniform(step, 30), -25 + 20 * uniform(step, 31),
                          -5 + 30 * uniform(step, 32), -5 + 30 * uniform(step, 33)};
    check_box(&cubic, &box);
  }
}

static void special_curves_in_boxes(void **state) {
  (void)state;
  const vs_frame box = {0, 0, 10, 10};
  const vs_cubic curves[] = {
      {{{-5, 5}, {0, 5}, {10, 5}, {15, 5}}},            /* straight through */
      {{{5, 5}, {5, 5}, {5, 5}, {5, 5}}},               /* a dot inside */
      {{{50, 5}, {50, 5}, {50, 5}, {50, 5}}},           /* a dot outside */
      {{{0, 0}, {3, 0}, {6, 0}, {10, 0}}},              /* along the border */
      {{{2, 5}, {4, -5.0 / 3}, {6, -5.0 / 3}, {8, 5}}}, /* touches a border from inside */
      {{{2, -5}, {4, 5.0 / 3}, {6, 5.0 / 3}, {8, -5}}}, /* and from outside */
      {{{5, -1}, {5, 0}, {5, 0}, {5, 1}}},              /* a border crossed at an inflection */
      {{{0, 5}, {-8, 5}, {8, 5}, {0, 5}}},              /* from the border out, in, and back */
      {{{-1, -1}, {40, 11}, {-30, 11}, {11, -1}}},
  };
  for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) check_box(&curves[i], &box);
  vs_span parts[VS_CUBIC_MAX_PARTS];
  assert_int_equal(vs_cubic_inside(&curves[3], &box, parts), 1);
  assert_close(parts[0].from, 0, 0);
  assert_close(parts[0].to, 1, 0);
  const vs_frame empty = {20, 20, 19, 19};
  assert_int_equal(vs_cubic_inside(&curves[0], &empty, parts), 0);
}

/* --- nearest points --------------------------------------------------------------------------- */

/* Plain: all distances, and the indices of the nearest by repeated search. */
static size_t plain_nearest(const vs_place *points, const bool *is_gone, size_t count,
                            vs_place place, size_t most, double *distances) {
  bool used[300] = {false};
  size_t found = 0;
  while (found < most) {
    double least = INFINITY;
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
      if (is_gone[i] || used[i] || vs_cubic_distance(points[i], place) >= least) continue;
      least = vs_cubic_distance(points[i], place);
      best = i;
    }
    if (best == count) break;
    used[best] = true;
    distances[found++] = least;
  }
  return found;
}

static void nearest_points_are_the_nearest(void **state) {
  (void)state;
  enum { COUNT = 300 };
  vs_place points[COUNT];
  bool is_gone[COUNT] = {false};
  for (size_t i = 0; i < COUNT; i++) /* a lattice for a third of them: many are equally far */
    points[i] = i % 3 == 0 ? (vs_place){(double)(i % 7), (double)(i % 5)}
                           : (vs_place){7 * uniform(1, 2 * i), 5 * uniform(1, 2 * i + 1)};
  vs_point_tree *tree;
  assert_ok(vs_point_tree_new(&tree, points, COUNT));
  for (uint32_t round = 0; round < COUNT + 1; round++) {
    const vs_place place = {9 * uniform(2, 2 * round) - 1, 7 * uniform(2, 2 * round + 1) - 1};
    const size_t most = 1 + round % VS_POINT_TREE_MAX;
    size_t nearest[VS_POINT_TREE_MAX];
    double distances[VS_POINT_TREE_MAX];
    const size_t found = vs_point_tree_nearest(tree, place, most, nearest);
    assert_int_equal(found, plain_nearest(points, is_gone, COUNT, place, most, distances));
    for (size_t i = 0; i < found; i++) {
      assert_false(is_gone[nearest[i]]);
      assert_close(vs_cubic_distance(points[nearest[i]], place), distances[i], 1e-12);
    }
    if (found == 0) break;
    const size_t gone = nearest[round % found];
    is_gone[gone] = true;
    vs_point_tree_remove(tree, gone);
    vs_point_tree_remove(tree, gone);
  }
  size_t none;
  assert_int_equal(vs_point_tree_nearest(tree, (vs_place){0, 0}, 1, &none), 0);
  vs_point_tree_free(tree);
  assert_ok(vs_point_tree_new(&tree, NULL, 0));
  assert_int_equal(vs_point_tree_nearest(tree, (vs_place){0, 0}, 1, &none), 0);
  vs_point_tree_free(tree);
}

/* --- motion ----------------------------------------------------------------------------------- */

static double along(const vs_place *points, size_t count) {
  double lengths[64], speeds[64];
  return vs_motion_along(&vs_motion_pen_down, points, count, (vs_motion_scratch){lengths, speeds});
}

/* By hand, from 50 mm/s, 200 mm/s^2 with the pen down and 200, 400 with it up. */
static void straight_ways_take_what_physics_says(void **state) {
  (void)state;
  const vs_motion *down = &vs_motion_pen_down, *up = &vs_motion_pen_up;
  assert_close(vs_motion_straight(down, 0), 0, 0);
  /* 2 mm: faster over 1 mm, slower over 1 mm, each sqrt(2 / 200) s */
  assert_close(vs_motion_straight(down, 2), 0.2, 1e-12);
  /* 12.5 mm: just up to 50 mm/s in 0.25 s, and down */
  assert_close(vs_motion_straight(down, 12.5), 0.5, 1e-12);
  /* 112.5 mm: the same, and 100 mm at 50 mm/s between */
  assert_close(vs_motion_straight(down, 112.5), 2.5, 1e-12);
  /* up: 100 mm to get to 200 mm/s and back in 1 s, 300 mm at that speed */
  assert_close(vs_motion_straight(up, 400), 2.5, 1e-12);
  assert_close(vs_motion_straight(up, 4), 0.2, 1e-12);
  const vs_place line[] = {{0, 0}, {112.5, 0}}, halves[] = {{0, 0}, {30, 0}, {30, 0}, {112.5, 0}};
  assert_close(along(line, 2), 2.5, 1e-12);
  assert_close(along(halves, 4), 2.5, 1e-12); /* no corner, and a point given twice */
  assert_close(along(line, 1), 0, 0);
  assert_close(along(line, 0), 0, 0);
}

static void corners_are_passed_slowly(void **state) {
  (void)state;
  /* a right angle: v^2 = 200 * 0.127 * cos 45 / (1 - cos 45) = 61.3210, v = 7.830774; on each side
   * 0.25 s to 50 mm/s, (50 - v) / 200 s for the other ramp, and the rest of 100 mm at 50 mm/s:
   * 100 - 6.25 - (2500 - 61.3210) / 400 = 87.653303 mm */
  const vs_place angle[] = {{0, 0}, {100, 0}, {100, 100}};
  assert_close(along(angle, 3), 2 * (0.25 + 42.169226 / 200 + 87.653303 / 50), 1e-6);
  /* turning back is a stop */
  const vs_place back[] = {{0, 0}, {112.5, 0}, {0, 0}};
  assert_close(along(back, 3), 5, 1e-12);
  /* a stop after a short straight piece is prepared on the piece before */
  const vs_place stop[] = {{0, 0}, {100, 0}, {112.5, 0}, {110.5, 0}};
  assert_close(along(stop, 4), 2.5 + 0.2, 1e-12);
  /* and a piece too short to get fast on is left no faster than it allows: 0.5 mm from a stop
   * gives sqrt(2 * 200 * 0.5) = 14.142 mm/s, above the corner's 7.83; 0.1 mm gives 6.32456 */
  const vs_place slow[] = {{0, 0}, {0.1, 0}, {0.1, 100}};
  const double v = sqrt(40.0);
  assert_close(along(slow, 3), v / 200 + (50 - v) / 200 + 0.25 + (100 - 2460 / 400.0 - 6.25) / 50,
               1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_are_the_same_curve),
      cmocka_unit_test(lengths_are_within_a_ten_thousandth),
      cmocka_unit_test(chords_stay_near),
      cmocka_unit_test(parts_inside_are_all_that_is_inside),
      cmocka_unit_test(special_curves_in_boxes),
      cmocka_unit_test(nearest_points_are_the_nearest),
      cmocka_unit_test(straight_ways_take_what_physics_says),
      cmocka_unit_test(corners_are_passed_slowly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
