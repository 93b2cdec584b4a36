/* point_tree.c - a balanced k-d tree in one array, searched with a short list of the nearest so
 * far. */
#include "core/plot/point_tree.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

/* The points in the order of the tree: a part [low, high) of it is a subtree, whose root is in its
 * middle, and which is divided there by x or y in turn. */
struct vs_point_tree {
  size_t count;
  struct node *nodes;
  size_t *position; /* of a point in nodes */
};

typedef struct node {
  vs_place at;
  size_t point;
  size_t left; /* points of the subtree that this is the root of, and that were not removed */
  bool is_gone;
} node;

static int order(double a, double b, const node *one, const node *other) {
  if (a != b) return a < b ? -1 : 1;
  return one->point < other->point ? -1 : 1;
}

static int by_x(const void *a, const void *b) {
  const node *one = a, *other = b;
  return order(one->at.x, other->at.x, one, other);
}

static int by_y(const void *a, const void *b) {
  const node *one = a, *other = b;
  return order(one->at.y, other->at.y, one, other);
}

static size_t middle_of(size_t low, size_t high) {
  return low + (high - low) / 2;
}

static void build(vs_point_tree *tree, size_t low, size_t high, bool is_x) {
  if (low == high) return;
  const size_t middle = middle_of(low, high);
  qsort(tree->nodes + low, high - low, sizeof *tree->nodes, is_x ? by_x : by_y);
  tree->nodes[middle].left = high - low;
  tree->position[tree->nodes[middle].point] = middle;
  build(tree, low, middle, !is_x);
  build(tree, middle + 1, high, !is_x);
}

vs_status vs_point_tree_new(vs_point_tree **out, const vs_place *points, size_t count) {
  *out = NULL;
  vs_point_tree *tree = calloc(1, sizeof *tree);
  if (tree != NULL) {
    tree->count = count;
    tree->nodes = calloc(count + 1, sizeof *tree->nodes);
    tree->position = calloc(count + 1, sizeof *tree->position);
  }
  if (tree == NULL || tree->nodes == NULL || tree->position == NULL) {
    vs_point_tree_free(tree);
    return vs_fail(VS_ERR_MEMORY, "no memory for a tree of %zu points", count);
  }
  for (size_t i = 0; i < count; i++) tree->nodes[i] = (node){.at = points[i], .point = i};
  build(tree, 0, count, true);
  *out = tree;
  return VS_OK;
}

void vs_point_tree_free(vs_point_tree *tree) {
  if (tree == NULL) return;
  free(tree->nodes);
  free(tree->position);
  free(tree);
}

void vs_point_tree_remove(vs_point_tree *tree, size_t point) {
  assert(point < tree->count);
  const size_t position = tree->position[point];
  if (tree->nodes[position].is_gone) return;
  tree->nodes[position].is_gone = true;
  size_t low = 0, high = tree->count, middle;
  do {
    middle = middle_of(low, high);
    tree->nodes[middle].left--;
    if (position < middle)
      high = middle;
    else
      low = middle + 1;
  } while (middle != position);
}

/* --- search ----------------------------------------------------------------------------------- */

typedef struct search {
  const vs_point_tree *tree;
  vs_place place;
  size_t count, last; /* found so far; the index that the furthest has once there are enough */
  size_t *nearest;
  double squares[VS_POINT_TREE_MAX]; /* of the distances of `nearest` */
} search;

static void offer(search *s, const node *candidate) {
  const double dx = candidate->at.x - s->place.x, dy = candidate->at.y - s->place.y;
  const double square = dx * dx + dy * dy;
  const bool is_full = s->count > s->last;
  if (is_full && square >= s->squares[s->last]) return;
  size_t i = is_full ? s->last : s->count++;
  for (; i > 0 && s->squares[i - 1] > square; i--) {
    s->squares[i] = s->squares[i - 1];
    s->nearest[i] = s->nearest[i - 1];
  }
  s->squares[i] = square;
  s->nearest[i] = candidate->point;
}

static void descend(search *s, size_t low, size_t high, bool is_x) {
  if (low == high) return;
  const size_t middle = middle_of(low, high);
  const node *root = &s->tree->nodes[middle];
  if (root->left == 0) return;
  if (!root->is_gone) offer(s, root);
  const double beyond = is_x ? s->place.x - root->at.x : s->place.y - root->at.y;
  const bool is_high = beyond > 0.0;
  if (is_high)
    descend(s, middle + 1, high, !is_x);
  else
    descend(s, low, middle, !is_x);
  if (s->count > s->last && beyond * beyond >= s->squares[s->last]) return;
  if (is_high)
    descend(s, low, middle, !is_x);
  else
    descend(s, middle + 1, high, !is_x);
}

size_t vs_point_tree_nearest(const vs_point_tree *tree, vs_place place, size_t wanted,
                             size_t *nearest) {
  assert(wanted >= 1 && wanted <= VS_POINT_TREE_MAX);
  search s = {.tree = tree, .place = place, .last = wanted - 1, .nearest = nearest};
  descend(&s, 0, tree->count, true);
  return s.count;
}
