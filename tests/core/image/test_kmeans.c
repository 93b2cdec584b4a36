/* Weighted k-means: against scikit-learn's best (golden/palette.json), and by what has to hold of
 * any result: centres are means, points are with their nearest centre. */
#include "tests/support/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/image/kmeans.h"

/* Both are local searches; ten starts of theirs and twenty of ours end in the same place or in one
 * that is as good. */
#define SLACK 1.01

enum { DIMENSIONS = 3, POINTS_MAX = 256, CLUSTERS_MAX = 12 };

typedef struct sample {
  vs_kmeans_points points;
  double values[POINTS_MAX * DIMENSIONS], weights[POINTS_MAX];
} sample;

static void load(sample *s, const json_t *set) {
  const json_t *points = json_object_get(set, "points"), *weights = json_object_get(set, "weights");
  const size_t count = json_array_size(points);
  assert_in_range(count, 1, POINTS_MAX);
  for (size_t i = 0; i < count; i++) {
    for (size_t d = 0; d < DIMENSIONS; d++)
      s->values[i * DIMENSIONS + d] =
          json_number_value(json_array_get(json_array_get(points, i), d));
    s->weights[i] = json_number_value(json_array_get(weights, i));
  }
  s->points = (vs_kmeans_points){count, DIMENSIONS, s->values, s->weights};
}

static double squared(const double *a, const double *b, int dimensions) {
  double sum = 0.0;
  for (int d = 0; d < dimensions; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

/* What Lloyd's iteration promises at its end. */
static void check_is_stationary(const vs_kmeans_points *points, int clusters, const double *centers,
                                const int *labels, double inertia) {
  const int dimensions = points->dimensions;
  double sum = 0.0;
  for (size_t i = 0; i < points->count; i++) {
    const double *point = points->values + i * (size_t)dimensions;
    const double own = squared(point, centers + labels[i] * dimensions, dimensions);
    for (int k = 0; k < clusters; k++) {
      const double other = squared(point, centers + k * dimensions, dimensions);
      assert_true(k < labels[i] ? own < other : own <= other);
    }
    sum += points->weights[i] * own;
  }
  assert_close(inertia, sum, 1e-9 * sum);
  for (int k = 0; k < clusters; k++)
    for (int d = 0; d < dimensions; d++) {
      double mean = 0.0, weight = 0.0;
      for (size_t i = 0; i < points->count; i++) {
        if (labels[i] != k) continue;
        mean += points->weights[i] * points->values[i * (size_t)dimensions + (size_t)d];
        weight += points->weights[i];
      }
      assert_true(weight > 0.0);
      assert_close(centers[k * dimensions + d], mean / weight, 1e-9);
    }
}

static void as_good_as_scikit_learn(void **state) {
  (void)state;
  json_t *sets = json_load_file(TEST_GOLDEN_DIR "/palette.json", 0, NULL);
  assert_true(json_array_size(sets) == 5);
  size_t index, which;
  json_t *set, *best;
  json_array_foreach(sets, index, set) {
    sample s;
    load(&s, set);
    json_array_foreach(json_object_get(set, "best"), which, best) {
      const int clusters = (int)json_integer_value(json_object_get(best, "clusters"));
      const double theirs = json_number_value(json_object_get(best, "inertia"));
      double centers[CLUSTERS_MAX * DIMENSIONS], inertia = -1;
      int labels[POINTS_MAX];
      assert_ok(vs_kmeans(&s.points, clusters, VS_KMEANS_RESTARTS, 1, centers, labels, &inertia));
      check_is_stationary(&s.points, clusters, centers, labels, inertia);
      if (!(inertia <= theirs * SLACK))
        fail_msg("%s, %d clusters: %g, where scikit-learn has %g",
                 json_string_value(json_object_get(set, "name")), clusters, inertia, theirs);
      print_message("%-10s %2d clusters: %.5f of scikit-learn's inertia\n",
                    json_string_value(json_object_get(set, "name")), clusters,
                    theirs > 0.0 ? inertia / theirs : 1.0);
    }
  }
  json_decref(sets);
}

/* A weight is as good as so many copies. */
static void weights_are_copies(void **state) {
  (void)state;
  const double values[] = {0, 1, 5, 9, 10}, weights[] = {3, 1, 2, 1, 1};
  const double copies[] = {0, 0, 0, 1, 5, 5, 9, 10};
  const vs_kmeans_points weighted = {5, 1, values, weights}, copied = {8, 1, copies, NULL};
  double a[2], b[2], inertia_a, inertia_b;
  assert_ok(vs_kmeans(&weighted, 2, VS_KMEANS_RESTARTS, 1, a, NULL, &inertia_a));
  assert_ok(vs_kmeans(&copied, 2, VS_KMEANS_RESTARTS, 1, b, NULL, &inertia_b));
  assert_close(inertia_a, inertia_b, 1e-12);
  assert_close(fmin(a[0], a[1]), 0.25, 1e-12); /* {0 0 0 1} and {5 5 9 10}: .75 + 20.75 */
  assert_close(fmax(a[0], a[1]), 7.25, 1e-12);
  assert_close(inertia_a, 0.75 + 20.75, 1e-12);
}

/* The inertia of a partition given as digits to the base `clusters`. */
static double inertia_of(const vs_kmeans_points *points, int clusters, unsigned long code) {
  double weight[CLUSTERS_MAX] = {0}, mean[CLUSTERS_MAX][DIMENSIONS] = {{0}}, sum = 0.0;
  for (int pass = 0; pass < 2; pass++) {
    unsigned long rest = code;
    for (size_t i = 0; i < points->count; i++, rest /= (unsigned long)clusters) {
      const size_t k = rest % (unsigned long)clusters;
      const double *point = points->values + i * DIMENSIONS;
      if (pass == 0) weight[k] += points->weights[i];
      for (int d = 0; d < DIMENSIONS; d++)
        if (pass == 0)
          mean[k][d] += points->weights[i] * point[d];
        else
          sum += points->weights[i] * pow(point[d] - mean[k][d] / weight[k], 2);
    }
  }
  return sum;
}

/* All partitions of a few points: there is nothing better than what is found. */
static void best_of_all_partitions(void **state) {
  (void)state;
  enum { COUNT = 9 };
  for (uint32_t trial = 0; trial < 8; trial++) {
    double values[COUNT * DIMENSIONS], weights[COUNT], centers[3 * DIMENSIONS], inertia;
    vs_random_key key = vs_random_make_key(11, VS_RANDOM_TEST, trial);
    for (uint64_t i = 0; i < COUNT * DIMENSIONS; i++) values[i] = (double)vs_random_uniform(key, i);
    for (uint64_t i = 0; i < COUNT; i++) weights[i] = (double)vs_random_uniform(key, 100 + i);
    const vs_kmeans_points points = {COUNT, DIMENSIONS, values, weights};
    assert_ok(vs_kmeans(&points, 3, VS_KMEANS_RESTARTS, trial, centers, NULL, &inertia));
    double least = HUGE_VAL;
    for (unsigned long code = 0; code < 19683; code++) /* 3^9 */
      least = fmin(least, inertia_of(&points, 3, code));
    assert_close(inertia, least, 1e-9);
  }
}

static void same_seed_same_bits(void **state) {
  (void)state;
  double values[300], centers[2][18];
  vs_random_key key = vs_random_make_key(5, VS_RANDOM_TEST, 0);
  for (uint64_t i = 0; i < 300; i++) values[i] = (double)vs_random_uniform(key, i);
  const vs_kmeans_points points = {100, 3, values, NULL};
  for (int i = 0; i < 2; i++) assert_ok(vs_kmeans(&points, 6, 3, 7, centers[i], NULL, NULL));
  assert_memory_equal(centers[0], centers[1], sizeof centers[0]);
}

/* One cluster a point: nothing is left over, whatever the start. */
static void as_many_clusters_as_points(void **state) {
  (void)state;
  const double values[] = {0, 0, 4, 0, 0, 3, 0, 3, 9, 9};
  const vs_kmeans_points points = {5, 2, values, NULL};
  for (uint64_t seed = 0; seed < 20; seed++) {
    double centers[8], inertia;
    assert_ok(vs_kmeans(&points, 4, 1, seed, centers, NULL, &inertia));
    assert_close(inertia, 0.0, 0.0);
  }
}

static void refuses_more_clusters_than_places(void **state) {
  (void)state;
  const double values[] = {1, 2, 2, 3}, weights[] = {1, 1, 1, 0}, none[] = {0, 0, 0, 0};
  double centers[4];
  const vs_kmeans_points points = {4, 1, values, weights}, blank = {4, 1, values, none};
  assert_int_equal(vs_kmeans(&points, 3, 5, 1, centers, NULL, NULL), VS_ERR_USAGE);
  assert_ok(vs_kmeans(&points, 2, 5, 1, centers, NULL, NULL));
  assert_int_equal(vs_kmeans(&blank, 1, 5, 1, centers, NULL, NULL), VS_ERR_USAGE);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(as_good_as_scikit_learn),
                                     cmocka_unit_test(weights_are_copies),
                                     cmocka_unit_test(best_of_all_partitions),
                                     cmocka_unit_test(same_seed_same_bits),
                                     cmocka_unit_test(as_many_clusters_as_points),
                                     cmocka_unit_test(refuses_more_clusters_than_places)};
  return cmocka_run_group_tests_name("kmeans", tests, NULL, NULL);
}
