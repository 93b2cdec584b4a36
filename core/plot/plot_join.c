/* plot_join.c - ends matched with their nearest neighbours, and the chains that this makes written
 * as strokes. */
#include "core/plot/plot_join.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/plot/point_tree.h"

static const double bridge_mm = 0.001; /* smaller gaps are closed by moving a point */

#define NONE SIZE_MAX

/* End 2i is the first point of stroke i, 2i + 1 its last. Closed strokes have none that join. */
typedef struct joints {
  const vs_drawing *drawing;
  size_t *mate;   /* (2 strokes) the end that an end is joined to, or NONE */
  size_t *chain;  /* (strokes) union-find: towards a stroke that stands for the whole chain */
  double *length; /* (strokes) of the control polygons of a chain, at the one that stands for it */
} joints;

static vs_place place_of(const vs_drawing *drawing, size_t end) {
  const vs_stroke *stroke = &drawing->strokes[end / 2];
  const size_t point = end % 2 == 0 ? 0 : 3 * (size_t)stroke->segments;
  return vs_cubic_place(drawing->points[stroke->first_point + point]);
}

static double polygon_of(const vs_drawing *drawing, const vs_stroke *stroke) {
  const vs_point2 *points = drawing->points + stroke->first_point;
  double length = 0.0;
  for (size_t i = 0; i + 1 < vs_drawing_stroke_points(stroke->segments, stroke->closed); i++)
    length += vs_cubic_distance(vs_cubic_place(points[i]), vs_cubic_place(points[i + 1]));
  return length;
}

static void joints_clear(joints *j) {
  free(j->mate);
  free(j->chain);
  free(j->length);
}

static bool joints_init(joints *j, const vs_drawing *drawing) {
  const size_t n = drawing->stroke_count;
  *j = (joints){.drawing = drawing,
                .mate = calloc(2 * n + 1, sizeof *j->mate),
                .chain = calloc(n + 1, sizeof *j->chain),
                .length = calloc(n + 1, sizeof *j->length)};
  if (j->mate == NULL || j->chain == NULL || j->length == NULL) return false;
  for (size_t i = 0; i < n; i++) {
    j->mate[2 * i] = j->mate[2 * i + 1] = NONE;
    j->chain[i] = i;
    j->length[i] = polygon_of(drawing, &drawing->strokes[i]);
  }
  return true;
}

static size_t chain_of(joints *j, size_t stroke) {
  while (j->chain[stroke] != stroke) {
    j->chain[stroke] = j->chain[j->chain[stroke]];
    stroke = j->chain[stroke];
  }
  return stroke;
}

/* Joins two ends, unless that would close a ring too small to be one. */
static bool join(joints *j, size_t a, size_t b, double reach) {
  const size_t one = chain_of(j, a / 2), other = chain_of(j, b / 2);
  if (one == other && !(j->length[one] > 20.0 * reach)) return false;
  j->mate[a] = b;
  j->mate[b] = a;
  if (one == other) return true;
  j->chain[other] = one;
  j->length[one] += j->length[other];
  return true;
}

/* --- who meets whom --------------------------------------------------------------------------- */

/* The mates of one pen's ends. ends (count) are its open strokes' ends, places where they are. */
static vs_status find_mates_among(joints *j, const size_t *ends, const vs_place *places,
                                  size_t count, double reach) {
  vs_point_tree *tree;
  vs_status status = vs_point_tree_new(&tree, places, count);
  if (status != VS_OK) return status;
  for (size_t i = 0; i < count; i++) {
    if (j->mate[ends[i]] != NONE) continue;
    size_t near[VS_POINT_TREE_MAX];
    const size_t found = vs_point_tree_nearest(tree, places[i], VS_POINT_TREE_MAX, near);
    for (size_t k = 0; k < found; k++) {
      if (vs_cubic_distance(places[i], places[near[k]]) > reach) break;
      if (near[k] == i || !join(j, ends[i], ends[near[k]], reach)) continue;
      vs_point_tree_remove(tree, i);
      vs_point_tree_remove(tree, near[k]);
      break;
    }
  }
  vs_point_tree_free(tree);
  return VS_OK;
}

static vs_status find_mates(joints *j, double reach) {
  const vs_drawing *drawing = j->drawing;
  size_t *ends = calloc(2 * drawing->stroke_count + 1, sizeof *ends);
  vs_place *places = calloc(2 * drawing->stroke_count + 1, sizeof *places);
  vs_status status = VS_OK;
  if (ends == NULL || places == NULL)
    status = vs_fail(VS_ERR_MEMORY, "no memory to join %zu strokes", drawing->stroke_count);
  int last = -1;
  for (size_t i = 0; i < drawing->stroke_count; i++)
    if (drawing->strokes[i].pen > last) last = drawing->strokes[i].pen;
  for (int pen = 0; pen <= last && status == VS_OK; pen++) {
    size_t count = 0;
    for (size_t end = 0; end < 2 * drawing->stroke_count; end++) {
      const vs_stroke *stroke = &drawing->strokes[end / 2];
      if (stroke->pen != pen || stroke->closed) continue;
      ends[count] = end;
      places[count++] = place_of(drawing, end);
    }
    status = find_mates_among(j, ends, places, count, reach);
  }
  free(places);
  free(ends);
  return status;
}

/* --- the joined drawing ----------------------------------------------------------------------- */

/* A drawing under construction: `to` of the joined one. */
typedef struct writer {
  const joints *from;
  vs_drawing *to;
} writer;

static vs_point2 last_point(const vs_drawing *drawing) {
  return drawing->points[drawing->point_count - 1];
}

static void add_point(vs_drawing *to, vs_point2 point) {
  to->points[to->point_count++] = point;
}

static bool is_gap(vs_point2 a, vs_point2 b) {
  return vs_cubic_distance(vs_cubic_place(a), vs_cubic_place(b)) > bridge_mm;
}

/* A straight line from where the pen is; its end is for the caller to add. */
static void add_bridge(vs_drawing *to, vs_point2 end) {
  const vs_point2 start = last_point(to);
  for (int i = 1; i < 3; i++) {
    const float t = (float)i / 3.0f;
    add_point(to, (vs_point2){start.x + t * (end.x - start.x), start.y + t * (end.y - start.y)});
  }
  to->strokes[to->stroke_count].segments++;
}

/* Goes on along a whole stroke from one of its ends. */
static void add_piece(writer *write, size_t end, bool is_first) {
  const vs_drawing *from = write->from->drawing;
  vs_drawing *to = write->to;
  const vs_stroke *piece = &from->strokes[end / 2];
  const vs_point2 *points = from->points + piece->first_point;
  const size_t last = vs_drawing_stroke_points(piece->segments, piece->closed) - 1;
  const bool is_reversed = end % 2 == 1;
  const vs_point2 start = points[is_reversed ? last : 0];
  if (is_first) {
    add_point(to, start);
  } else if (is_gap(last_point(to), start)) {
    add_bridge(to, start);
    add_point(to, start);
  }
  for (size_t i = 1; i <= last; i++) add_point(to, points[is_reversed ? last - i : i]);
  to->strokes[to->stroke_count].segments += piece->segments;
}

/* The chain that begins at an end, or the ring from there. */
static void add_chain(writer *write, size_t start, bool *is_done) {
  vs_drawing *to = write->to;
  vs_stroke *stroke = &to->strokes[to->stroke_count];
  *stroke = write->from->drawing->strokes[start / 2];
  stroke->first_point = to->point_count;
  stroke->segments = 0;
  size_t end = start;
  bool is_ring = false;
  do {
    add_piece(write, end, end == start);
    is_done[end / 2] = true;
    end = write->from->mate[end ^ 1];
    is_ring = end == start;
  } while (end != NONE && !is_ring);
  if (is_ring) {
    const vs_point2 first = to->points[stroke->first_point];
    if (is_gap(last_point(to), first))
      add_bridge(to, first);
    else
      to->point_count--; /* the first point is the last */
    stroke->closed = true;
  }
  to->stroke_count++;
}

/* The free end that a stroke's chain begins at, or the stroke's own first end if it is a ring. */
static size_t begin_of(const joints *j, size_t stroke) {
  size_t end = 2 * stroke;
  while (j->mate[end] != NONE) {
    end = j->mate[end] ^ 1;
    if (end == 2 * stroke) break;
  }
  return end;
}

static size_t count_bridges(const joints *j) {
  size_t count = 0;
  for (size_t end = 0; end < 2 * j->drawing->stroke_count; end++)
    count += j->mate[end] != NONE && j->mate[end] > end;
  return count;
}

/* Strokes with an end at another stroke's. */
static int count_joined(const joints *j) {
  int count = 0;
  for (size_t i = 0; i < j->drawing->stroke_count; i++) {
    const size_t first = j->mate[2 * i], last = j->mate[2 * i + 1];
    count += (first != NONE && first / 2 != i) || (last != NONE && last / 2 != i);
  }
  return count;
}

static vs_status write_joined(vs_drawing **out, const joints *j) {
  const vs_drawing *drawing = j->drawing;
  const size_t points = drawing->point_count + 3 * count_bridges(j);
  bool *is_done = calloc(drawing->stroke_count + 1, sizeof *is_done);
  vs_status status = is_done == NULL ? vs_fail(VS_ERR_MEMORY, "no memory to join strokes")
                                     : vs_drawing_new(out, drawing->width, drawing->height,
                                                      drawing->stroke_count, points);
  if (status == VS_OK) {
    vs_drawing *to = *out;
    to->stroke_count = to->point_count = 0;
    for (int c = 0; c < 3; c++) to->paper[c] = drawing->paper[c];
    writer write = {j, to};
    for (size_t i = 0; i < drawing->stroke_count; i++)
      if (!is_done[i]) add_chain(&write, begin_of(j, i), is_done);
  }
  free(is_done);
  return status;
}

vs_status vs_plot_join(vs_drawing **out, const vs_drawing *drawing, double reach, int *joined) {
  *out = NULL;
  *joined = 0;
  joints j;
  vs_status status = joints_init(&j, drawing) ? find_mates(&j, reach)
                                              : vs_fail(VS_ERR_MEMORY, "no memory to join strokes");
  if (status == VS_OK) *joined = count_joined(&j);
  if (status == VS_OK) status = write_joined(out, &j);
  joints_clear(&j);
  return status;
}
