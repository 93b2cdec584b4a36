/* plot_order.c - a travelling-salesman tour over strokes, each with two ends: the nearest neighbour
 * first, then 2-opt. */
#include "core/plot/plot_order.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/plot/point_tree.h"
#include "core/strokes/cubic.h"

#define NEIGHBORS  8
#define WORK_LIMIT 200000000         /* strokes moved in the tour: about a second */
static const double min_gain = 1e-6; /* mm; below it rounding could go round in circles */

/* A stroke as the order sees it: `item` for short. One more item is the corner of the page, where
 * the tour begins and ends. */
typedef struct tour {
  const vs_drawing *drawing;
  size_t count;    /* items, the corner included, which is the last */
  size_t *strokes; /* (count) of the drawing */
  vs_place *ends; /* (2 count) the first and last place of each; of a closed one the joint, twice */
  bool *flipped;  /* (count) drawn from its last place */
  int *joints;    /* (count) of closed ones */
  size_t *order;  /* (count) the items, a ring */
  size_t *position; /* (count) of an item in `order` */
  size_t *near;     /* (2 count, NEIGHBORS) the nearest ends of other items, nearest first */
  size_t work;
} tour;

static vs_place place_of(const vs_drawing *drawing, const vs_stroke *stroke, size_t point) {
  return vs_cubic_place(drawing->points[stroke->first_point + point]);
}

static void tour_clear(tour *t) {
  free(t->strokes);
  free(t->ends);
  free(t->flipped);
  free(t->joints);
  free(t->order);
  free(t->position);
  free(t->near);
}

static bool tour_init(tour *t, const vs_drawing *drawing, int pen) {
  *t = (tour){.drawing = drawing};
  size_t strokes = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) strokes += drawing->strokes[i].pen == pen;
  const size_t n = t->count = strokes + 1;
  t->strokes = calloc(n, sizeof *t->strokes);
  t->ends = calloc(2 * n, sizeof *t->ends);
  t->flipped = calloc(n, sizeof *t->flipped);
  t->joints = calloc(n, sizeof *t->joints);
  t->order = calloc(n, sizeof *t->order);
  t->position = calloc(n, sizeof *t->position);
  t->near = calloc(2 * n * NEIGHBORS, sizeof *t->near);
  if (t->strokes == NULL || t->ends == NULL || t->flipped == NULL || t->joints == NULL ||
      t->order == NULL || t->position == NULL || t->near == NULL)
    return false;
  size_t item = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++)
    if (drawing->strokes[i].pen == pen) t->strokes[item++] = i;
  return true;
}

static const vs_stroke *stroke_of(const tour *t, size_t item) {
  return &t->drawing->strokes[t->strokes[item]];
}

/* --- the nearest end, over and over ----------------------------------------------------------- */

/* Where the pen may come down: the ends of open strokes, the joints of closed ones. */
typedef struct landing {
  size_t item;
  int place; /* 0 first, 1 last end; or the joint */
} landing;

static int landings_of(const vs_stroke *stroke) {
  return stroke->closed ? stroke->segments : 2;
}

static void fill_landings(const tour *t, landing *landings, vs_place *places) {
  size_t n = 0;
  for (size_t item = 0; item + 1 < t->count; item++) {
    const vs_stroke *stroke = stroke_of(t, item);
    const size_t last = vs_drawing_stroke_points(stroke->segments, false) - 1;
    for (int i = 0; i < landings_of(stroke); i++) {
      landings[n] = (landing){item, i};
      places[n++] = place_of(t->drawing, stroke,
                             stroke->closed ? 3 * (size_t)i
                             : i == 1       ? last
                                            : 0);
    }
  }
}

/* Takes an item into the tour, begun at the landing. */
static void take(tour *t, size_t position, const landing *from) {
  const size_t item = from->item;
  const vs_stroke *stroke = stroke_of(t, item);
  t->order[position] = item;
  t->position[item] = position;
  if (stroke->closed) {
    t->joints[item] = from->place;
    t->ends[2 * item] = place_of(t->drawing, stroke, 3 * (size_t)from->place);
    t->ends[2 * item + 1] = t->ends[2 * item];
    return;
  }
  t->flipped[item] = from->place == 1;
  t->ends[2 * item] = place_of(t->drawing, stroke, 0);
  t->ends[2 * item + 1] = place_of(t->drawing, stroke, 3 * (size_t)stroke->segments);
}

static vs_place in_of(const tour *t, size_t item) {
  return t->ends[2 * item + t->flipped[item]];
}

static vs_place out_of(const tour *t, size_t item) {
  return t->ends[2 * item + !t->flipped[item]];
}

static vs_status order_greedily(tour *t) {
  size_t count = 0;
  for (size_t item = 0; item + 1 < t->count; item++)
    count += (size_t)landings_of(stroke_of(t, item));
  landing *landings = calloc(count + 1, sizeof *landings);
  vs_place *places = calloc(count + 1, sizeof *places);
  size_t *first = calloc(t->count, sizeof *first); /* landing of each item */
  vs_point_tree *tree = NULL;
  vs_status status = VS_OK;
  if (landings == NULL || places == NULL || first == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory to order %zu strokes", t->count - 1);
    goto done;
  }
  fill_landings(t, landings, places);
  for (size_t i = count; i-- > 0;) first[landings[i].item] = i;
  status = vs_point_tree_new(&tree, places, count);
  if (status != VS_OK) goto done;
  const size_t corner = t->count - 1;
  vs_place pen = {0.0, 0.0};
  for (size_t position = 0; position < corner; position++) {
    size_t nearest;
    const size_t found = vs_point_tree_nearest(tree, pen, 1, &nearest);
    assert(found == 1);
    (void)found;
    const size_t item = landings[nearest].item;
    take(t, position, &landings[nearest]);
    pen = out_of(t, item);
    for (int i = 0; i < landings_of(stroke_of(t, item)); i++)
      vs_point_tree_remove(tree, first[item] + (size_t)i);
  }
  t->order[corner] = corner;
  t->position[corner] = corner;
done:
  vs_point_tree_free(tree);
  free(first);
  free(places);
  free(landings);
  return status;
}

/* --- improving the tour ----------------------------------------------------------------------- */

static size_t next_of(const tour *t, size_t item) {
  const size_t position = t->position[item] + 1;
  return t->order[position == t->count ? 0 : position];
}

static size_t previous_of(const tour *t, size_t item) {
  const size_t position = t->position[item];
  return t->order[(position == 0 ? t->count : position) - 1];
}

static double hop(const tour *t, size_t from, size_t to) {
  return vs_cubic_distance(out_of(t, from), in_of(t, to));
}

static void put(tour *t, size_t position, size_t item) {
  t->order[position] = item;
  t->position[item] = position;
}

/* Turns the part of the ring from item a on to item b round; or the rest of it, which comes to the
 * same, if that is shorter. */
static void reverse(tour *t, size_t a, size_t b) {
  const size_t n = t->count;
  size_t i = t->position[a], j = t->position[b], length = (j + n - i) % n + 1;
  if (2 * length > n) {
    const size_t end = i;
    i = (j + 1) % n;
    j = (end + n - 1) % n;
    length = n - length;
  }
  t->work += length + 1;
  for (size_t k = 0, at = i; k < length; k++, at = (at + 1) % n)
    t->flipped[t->order[at]] = !t->flipped[t->order[at]];
  for (size_t k = 0; k < length / 2; k++) {
    const size_t left = t->order[i], right = t->order[j];
    put(t, i, right);
    put(t, j, left);
    i = (i + 1) % n;
    j = (j + n - 1) % n;
  }
}

/* Moves one item to stand right behind another, over whichever way round the ring is shorter. */
static void move_behind(tour *t, size_t item, size_t other) {
  const size_t n = t->count;
  const size_t from = t->position[item], to = t->position[other];
  const size_t onward = (to + n - from) % n, back = n - onward;
  size_t at = from;
  for (size_t k = 0; onward <= back && k < onward; k++, at = (at + 1) % n)
    put(t, at, t->order[(at + 1) % n]);
  for (size_t k = 1; onward > back && k < back; k++, at = (at + n - 1) % n)
    put(t, at, t->order[(at + n - 1) % n]);
  put(t, at, item);
  t->work += (onward <= back ? onward : back) + 1;
}

/* Tries to make the pen go from item a straight to `end`, an end of item k. */
static bool improve_way_out(tour *t, size_t a, size_t end) {
  const size_t k = end / 2, b = next_of(t, a), c = next_of(t, k);
  const bool is_out = (end % 2 == 1) != t->flipped[k]; /* where the pen leaves k now */
  const double near = vs_cubic_distance(out_of(t, a), t->ends[end]), old = hop(t, a, b);
  if (k == a) return false;
  if (is_out) { /* a b..k c -> a k..b c */
    const double gain = old + hop(t, k, c) - near - vs_cubic_distance(in_of(t, b), in_of(t, c));
    if (gain > min_gain) {
      reverse(t, b, k);
      return true;
    }
  }
  /* ..p k c.. a b.. -> ..p c.. a k b.., k begun at that end */
  if (k == b) return false;
  const size_t p = previous_of(t, k);
  const double gain = old + hop(t, p, k) + hop(t, k, c) - near - hop(t, p, c) -
                      vs_cubic_distance(t->ends[end ^ 1], in_of(t, b));
  if (gain <= min_gain) return false;
  move_behind(t, k, a);
  t->flipped[k] = end % 2 == 1;
  return true;
}

/* Tries to make the pen come to item a straight from `end`. */
static bool improve_way_in(tour *t, size_t a, size_t end) {
  const size_t k = end / 2, b = previous_of(t, a), c = previous_of(t, k);
  const bool is_in = (end % 2 == 1) == t->flipped[k];
  if (!is_in || k == a) return false;
  /* c k..b a -> c b..k a; or b a..c k -> b c..a k, whose way round is the same */
  const double gain = hop(t, b, a) + hop(t, c, k) - vs_cubic_distance(in_of(t, a), t->ends[end]) -
                      vs_cubic_distance(out_of(t, b), out_of(t, c));
  if (gain <= min_gain) return false;
  reverse(t, a, c);
  return true;
}

static bool improve_item(tour *t, size_t a) {
  const double old_out = hop(t, a, next_of(t, a)), old_in = hop(t, previous_of(t, a), a);
  const size_t out = 2 * a + !t->flipped[a], in = 2 * a + t->flipped[a];
  for (size_t i = 0; i < NEIGHBORS; i++) {
    const size_t end = t->near[out * NEIGHBORS + i];
    if (end / 2 == a || vs_cubic_distance(t->ends[out], t->ends[end]) >= old_out) break;
    if (improve_way_out(t, a, end)) return true;
  }
  for (size_t i = 0; i < NEIGHBORS; i++) {
    const size_t end = t->near[in * NEIGHBORS + i];
    if (end / 2 == a || vs_cubic_distance(t->ends[in], t->ends[end]) >= old_in) break;
    if (improve_way_in(t, a, end)) return true;
  }
  return false;
}

/* The nearest ends of each end; its own item stands where there are no more. */
static vs_status find_neighbors(tour *t) {
  vs_point_tree *tree;
  vs_status status = vs_point_tree_new(&tree, t->ends, 2 * t->count);
  if (status != VS_OK) return status;
  for (size_t end = 0; end < 2 * t->count; end++) {
    size_t found[NEIGHBORS + 2], kept = 0;
    const size_t count = vs_point_tree_nearest(tree, t->ends[end], NEIGHBORS + 2, found);
    for (size_t i = 0; i < count && kept < NEIGHBORS; i++)
      if (found[i] / 2 != end / 2) t->near[end * NEIGHBORS + kept++] = found[i];
    while (kept < NEIGHBORS) t->near[end * NEIGHBORS + kept++] = end;
  }
  vs_point_tree_free(tree);
  return VS_OK;
}

/* Goes round and round as long as anything gets better. */
static void improve(tour *t) {
  bool any = true;
  while (any && t->work < WORK_LIMIT) {
    any = false;
    for (size_t item = 0; item < t->count; item++)
      while (t->work < WORK_LIMIT && improve_item(t, item)) any = true;
  }
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The joint of a closed item that lies best between its neighbours. */
static void choose_joint(tour *t, size_t item) {
  const vs_stroke *stroke = stroke_of(t, item);
  const vs_place from = out_of(t, previous_of(t, item)), to = in_of(t, next_of(t, item));
  double min_way = INFINITY;
  for (int joint = 0; joint < stroke->segments; joint++) {
    const vs_place at = place_of(t->drawing, stroke, 3 * (size_t)joint);
    const double way = vs_cubic_distance(from, at) + vs_cubic_distance(at, to);
    if (way >= min_way) continue;
    min_way = way;
    t->joints[item] = joint;
    t->ends[2 * item] = t->ends[2 * item + 1] = at;
  }
}

vs_status vs_plot_order(const vs_drawing *drawing, int pen, vs_visit *visits, size_t *count) {
  *count = 0;
  tour t;
  vs_status status = VS_OK;
  if (!tour_init(&t, drawing, pen))
    status = vs_fail(VS_ERR_MEMORY, "no memory to order %zu strokes", drawing->stroke_count);
  if (status == VS_OK) status = order_greedily(&t);
  if (status == VS_OK) status = find_neighbors(&t);
  if (status == VS_OK) {
    improve(&t);
    size_t item = t.count - 1; /* the corner */
    while ((item = next_of(&t, item)) != t.count - 1) {
      if (stroke_of(&t, item)->closed) choose_joint(&t, item);
      visits[(*count)++] = (vs_visit){.stroke = t.strokes[item],
                                      .reversed = !stroke_of(&t, item)->closed && t.flipped[item],
                                      .joint = t.joints[item]};
    }
  }
  tour_clear(&t);
  return status;
}
