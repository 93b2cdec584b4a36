/* kmeans.c - Lloyd's iteration from starts drawn by greedy k-means++; the palette's colours come
 * from it. */
#include "core/image/kmeans.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"

/* Lloyd's iteration ends by itself, as every step lowers the inertia and partitions are finite;
 * rounding could turn it in a circle. */
enum { MAX_ITERATIONS = 1000 };

/* One search, and the best result so far. */
typedef struct search {
  const vs_kmeans_points *points;
  int clusters;
  vs_random_key key;
  uint64_t drawn;
  double *centers;  /* (clusters, dimensions) */
  double *sums;     /* (clusters, dimensions) */
  double *weight;   /* (clusters) */
  double *distance; /* (count) squared, to the nearest centre */
  double *trial;    /* (count) the same, if a candidate were a centre too */
  int *labels;      /* (count) */
} search;

static double weight_of(const vs_kmeans_points *points, size_t i) {
  return points->weights == NULL ? 1.0 : points->weights[i];
}

static const double *point_at(const vs_kmeans_points *points, size_t i) {
  return points->values + i * (size_t)points->dimensions;
}

static double *center_at(const search *s, int k) {
  return s->centers + (size_t)k * (size_t)s->points->dimensions;
}

static double squared_distance(const double *a, const double *b, int dimensions) {
  double sum = 0.0;
  for (int d = 0; d < dimensions; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

static void put_center(search *s, int k, size_t point) {
  memcpy(center_at(s, k), point_at(s->points, point),
         (size_t)s->points->dimensions * sizeof(double));
}

/* --- k-means++ -------------------------------------------------------------------------------- */

/* A point, drawn in proportion to its weight times `factor` (NULL: its weight); SIZE_MAX if all are
 * 0. */
static size_t draw_point(search *s, const double *factor) {
  const vs_kmeans_points *points = s->points;
  double total = 0.0;
  for (size_t i = 0; i < points->count; i++)
    total += weight_of(points, i) * (factor == NULL ? 1.0 : factor[i]);
  const double wanted = total * (double)vs_random_uniform(s->key, s->drawn++);
  size_t last = SIZE_MAX; /* where rounding leaves `wanted` beyond the sum */
  double sum = 0.0;
  for (size_t i = 0; i < points->count; i++) {
    const double share = weight_of(points, i) * (factor == NULL ? 1.0 : factor[i]);
    if (share <= 0.0) continue;
    sum += share;
    last = i;
    if (sum > wanted) break;
  }
  return last;
}

/* trial = distances with `point` as one more centre; returns their weighted sum. */
static double try_center(search *s, size_t point, const double *distance, double *trial) {
  const vs_kmeans_points *points = s->points;
  const double *center = point_at(points, point);
  double sum = 0.0;
  for (size_t i = 0; i < points->count; i++) {
    const double near = squared_distance(point_at(points, i), center, points->dimensions);
    trial[i] = distance == NULL || near < distance[i] ? near : distance[i];
    sum += weight_of(points, i) * trial[i];
  }
  return sum;
}

/* false if the points with a weight stand at fewer places than there are clusters. */
static bool choose_start(search *s) {
  const int candidates = 2 + (int)log((double)s->clusters);
  size_t first = draw_point(s, NULL);
  if (first == SIZE_MAX) return false;
  put_center(s, 0, first);
  try_center(s, first, NULL, s->distance);
  for (int k = 1; k < s->clusters; k++) {
    size_t best = SIZE_MAX;
    double min_sum = HUGE_VAL;
    for (int c = 0; c < candidates; c++) {
      size_t point = draw_point(s, s->distance);
      if (point == SIZE_MAX) return false;
      const double sum = point == best ? min_sum : try_center(s, point, s->distance, s->trial);
      if (best == SIZE_MAX || sum < min_sum) {
        best = point;
        min_sum = sum;
      }
    }
    put_center(s, k, best);
    try_center(s, best, s->distance, s->trial);
    memcpy(s->distance, s->trial, s->points->count * sizeof *s->distance);
  }
  return true;
}

/* --- Lloyd ------------------------------------------------------------------------------------ */

/* Every point to its nearest centre. Returns whether any changed. */
static bool assign(search *s) {
  const vs_kmeans_points *points = s->points;
  bool changed = false;
  for (size_t i = 0; i < points->count; i++) {
    int nearest = 0;
    double min_distance = HUGE_VAL;
    for (int k = 0; k < s->clusters; k++) {
      const double near =
          squared_distance(point_at(points, i), center_at(s, k), points->dimensions);
      if (near < min_distance) {
        min_distance = near;
        nearest = k;
      }
    }
    changed |= s->labels[i] != nearest;
    s->labels[i] = nearest;
    s->distance[i] = min_distance;
  }
  return changed;
}

/* A centre without points goes to the point that costs the most, which so costs nothing. */
static void reseed(search *s, int k) {
  const vs_kmeans_points *points = s->points;
  size_t worst = 0;
  double max_cost = -1.0;
  for (size_t i = 0; i < points->count; i++) {
    const double cost = weight_of(points, i) * s->distance[i];
    if (cost > max_cost) {
      max_cost = cost;
      worst = i;
    }
  }
  put_center(s, k, worst);
  s->distance[worst] = 0.0;
}

static void move_centers(search *s) {
  const vs_kmeans_points *points = s->points;
  const size_t dimensions = (size_t)points->dimensions, clusters = (size_t)s->clusters;
  memset(s->sums, 0, clusters * dimensions * sizeof *s->sums);
  memset(s->weight, 0, clusters * sizeof *s->weight);
  for (size_t i = 0; i < points->count; i++) {
    const size_t k = (size_t)s->labels[i];
    const double weight = weight_of(points, i), *point = point_at(points, i);
    s->weight[k] += weight;
    for (size_t d = 0; d < dimensions; d++) s->sums[k * dimensions + d] += weight * point[d];
  }
  for (size_t k = 0; k < clusters; k++)
    if (s->weight[k] > 0.0)
      for (size_t d = 0; d < dimensions; d++)
        s->centers[k * dimensions + d] = s->sums[k * dimensions + d] / s->weight[k];
    else
      reseed(s, (int)k);
}

/* Returns the inertia of where it ends. */
static double iterate(search *s) {
  const vs_kmeans_points *points = s->points;
  for (size_t i = 0; i < points->count; i++) s->labels[i] = -1;
  for (int i = 0; assign(s) && i < MAX_ITERATIONS; i++) move_centers(s);
  double inertia = 0.0;
  for (size_t i = 0; i < points->count; i++) inertia += weight_of(points, i) * s->distance[i];
  return inertia;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* How many doubles a search needs, and where they lie. */
static size_t lay_out(search *s, double *memory) {
  const size_t count = s->points->count, clusters = (size_t)s->clusters;
  const size_t coordinates = clusters * (size_t)s->points->dimensions;
  if (memory != NULL) {
    s->centers = memory;
    s->sums = s->centers + coordinates;
    s->weight = s->sums + coordinates;
    s->distance = s->weight + clusters;
    s->trial = s->distance + count;
  }
  return 2 * coordinates + clusters + 2 * count;
}

vs_status vs_kmeans(const vs_kmeans_points *points, int clusters, int restarts, uint64_t seed,
                    double *centers, int *labels, double *inertia) {
  assert(clusters >= 1 && restarts >= 1);
  assert(points->dimensions >= 1 && points->dimensions <= VS_KMEANS_MAX_DIMENSIONS);
  search s = {.points = points, .clusters = clusters};
  double *memory = calloc(lay_out(&s, NULL), sizeof *memory), min_inertia = HUGE_VAL;
  s.labels = calloc(points->count + 1, sizeof *s.labels);
  vs_status status = VS_OK;
  if (memory == NULL || s.labels == NULL)
    status =
        vs_fail(VS_ERR_MEMORY, "no memory for %d clusters of %zu points", clusters, points->count);
  lay_out(&s, memory);
  for (int restart = 0; restart < restarts && status == VS_OK; restart++) {
    s.key = vs_random_make_key(seed, VS_RANDOM_PALETTE, (uint32_t)restart);
    s.drawn = 0;
    if (!choose_start(&s)) {
      status = vs_fail(VS_ERR_USAGE, "fewer different points than %d clusters", clusters);
      break;
    }
    const double found = iterate(&s);
    if (restart > 0 && !(found < min_inertia)) continue;
    min_inertia = found;
    memcpy(centers, s.centers, (size_t)clusters * (size_t)points->dimensions * sizeof *centers);
    if (labels != NULL) memcpy(labels, s.labels, points->count * sizeof *labels);
  }
  if (inertia != NULL && status == VS_OK) *inertia = min_inertia;
  free(memory);
  free(s.labels);
  return status;
}
