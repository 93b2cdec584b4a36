/* raster.c - a drawing cut into what tiles read (raster_tile.c), tiles shared out among threads,
 * and their sums carried to the gradient of the drawing. */
#include "core/raster/raster.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "core/raster/raster_profile.h"
#include "core/raster/raster_tile.h"

/* The gradient is summed over this many runs of tiles, each by itself, and these sums are added in
 * their order: so it does not matter which thread had which. Cut by the image's shape alone. */
enum { MAX_GROUPS = 16 };

struct vs_raster {
  vs_raster_scene scene;
  int threads, tiles, groups;
  size_t max_strokes, max_cubics;
  vs_raster_stroke *strokes;
  vs_raster_cubic *cubics;
  vs_raster_tile **workspaces; /* of each thread */
  size_t *touches;             /* of each tile */
  vs_raster_sums sums[MAX_GROUPS];
  const vs_drawing *drawing; /* rendered last */
  double scale;
};

vs_raster *vs_raster_new(int height, int width, size_t strokes, size_t cubics, int threads,
                         vs_arena *arena) {
  assert(height > 0 && width > 0 && threads >= 1);
  vs_raster *raster = vs_arena_take(arena, 1, sizeof *raster);
  const int tiles = vs_raster_tile_count(height, width);
  const int groups = tiles < MAX_GROUPS ? tiles : MAX_GROUPS;
  vs_raster plan = {.scene = {.height = height, .width = width},
                    .threads = threads,
                    .tiles = tiles,
                    .groups = groups,
                    .max_strokes = strokes,
                    .max_cubics = cubics};
  plan.strokes = vs_arena_take(arena, strokes, sizeof *plan.strokes);
  plan.cubics = vs_arena_take(arena, cubics, sizeof *plan.cubics);
  plan.touches = vs_arena_take(arena, (size_t)tiles, sizeof *plan.touches);
  plan.workspaces = vs_arena_take(arena, (size_t)threads, sizeof(vs_raster_tile *));
  for (int i = 0; i < threads; i++) {
    vs_raster_tile *tile = vs_raster_tile_new(strokes, arena);
    if (plan.workspaces != NULL) plan.workspaces[i] = tile;
  }
  for (int i = 0; i < groups; i++) {
    plan.sums[i].strokes = vs_arena_take(arena, strokes, sizeof *plan.sums[i].strokes);
    plan.sums[i].cubics = vs_arena_take(arena, cubics, sizeof *plan.sums[i].cubics);
  }
  if (raster != NULL) *raster = plan;
  return raster;
}

/* --- from a drawing to what tiles read -------------------------------------------------------- */

static void widen(vs_raster_box *box, double x, double y) {
  box->low_x = fmin(box->low_x, x);
  box->low_y = fmin(box->low_y, y);
  box->high_x = fmax(box->high_x, x);
  box->high_y = fmax(box->high_y, y);
}

static const vs_raster_box empty = {INFINITY, INFINITY, -INFINITY, -INFINITY};

/* False if a point is too far or not a number. */
static bool place_cubic(vs_raster_cubic *cubic, const vs_point2 points[4], double scale) {
  double x[4], y[4];
  cubic->box = empty;
  for (int i = 0; i < 4; i++) {
    x[i] = scale * (double)points[i].x;
    y[i] = scale * (double)points[i].y;
    if (!(fabs(x[i]) <= VS_RASTER_FARTHEST && fabs(y[i]) <= VS_RASTER_FARTHEST)) return false;
    widen(&cubic->box, x[i], y[i]);
  }
  vs_bezier_init(&cubic->bezier, x, y);
  return true;
}

/* Fills the stroke's places of both tables, at `first_cubic` of the cubics. */
static void place_stroke(vs_raster *raster, const vs_stroke *from, size_t index,
                         size_t first_cubic) {
  vs_raster_stroke *to = &raster->strokes[index];
  *to = (vs_raster_stroke){.box = empty,
                           .half = 0.5 * raster->scale * (double)from->width,
                           .opacity = from->opacity,
                           .first_cubic = first_cubic};
  memcpy(to->color, from->color, sizeof to->color);
  bool drawn = to->half > 0.0 && 2.0 * to->half <= VS_RASTER_FARTHEST && isfinite(to->opacity) &&
               isfinite(to->color[0]) && isfinite(to->color[1]) && isfinite(to->color[2]);
  for (int k = 0; k < from->segments && drawn; k++) {
    vs_point2 points[4];
    vs_drawing_stroke_cubic(raster->drawing, from, k, points);
    vs_raster_cubic *cubic = &raster->cubics[first_cubic + (size_t)k];
    drawn = place_cubic(cubic, points, raster->scale);
    widen(&to->box, cubic->box.low_x, cubic->box.low_y);
    widen(&to->box, cubic->box.high_x, cubic->box.high_y);
  }
  if (!drawn) return;
  const double reach = to->half + VS_RASTER_RAMP;
  widen(&to->box, to->box.low_x - reach, to->box.low_y - reach);
  widen(&to->box, to->box.high_x + reach, to->box.high_y + reach);
  to->cubics = from->segments;
}

void vs_raster_render(vs_raster *raster, const vs_drawing *drawing, double scale, float *image) {
  assert(drawing->stroke_count <= raster->max_strokes);
  raster->drawing = drawing;
  raster->scale = scale;
  size_t cubics = 0;
  for (size_t s = 0; s < drawing->stroke_count; s++) {
    assert(cubics + (size_t)drawing->strokes[s].segments <= raster->max_cubics);
    place_stroke(raster, &drawing->strokes[s], s, cubics);
    cubics += (size_t)drawing->strokes[s].segments;
  }
  raster->scene.strokes = raster->strokes;
  raster->scene.cubics = raster->cubics;
  raster->scene.stroke_count = drawing->stroke_count;
  memcpy(raster->scene.paper, drawing->paper, sizeof raster->scene.paper);
#pragma omp parallel for num_threads(raster->threads) schedule(dynamic)
  for (int t = 0; t < raster->tiles; t++)
    raster->touches[t] =
        vs_raster_tile_render(raster->workspaces[omp_get_thread_num()], &raster->scene, t, image);
}

/* --- backward --------------------------------------------------------------------------------- */

static size_t cubics_of(const vs_raster *raster) {
  const size_t strokes = raster->scene.stroke_count;
  if (strokes == 0) return 0;
  return raster->strokes[strokes - 1].first_cubic +
         (size_t)raster->drawing->strokes[strokes - 1].segments;
}

static void sum_group(vs_raster *raster, int group, const float *dimage) {
  vs_raster_sums *sums = &raster->sums[group];
  memset(sums->strokes, 0, raster->scene.stroke_count * sizeof *sums->strokes);
  memset(sums->cubics, 0, cubics_of(raster) * sizeof *sums->cubics);
  const int first = (int)((long long)raster->tiles * group / raster->groups);
  const int end = (int)((long long)raster->tiles * (group + 1) / raster->groups);
  for (int t = first; t < end; t++)
    vs_raster_tile_backward(raster->workspaces[omp_get_thread_num()], &raster->scene, t,
                            raster->touches[t], dimage, sums);
}

static void finish_cubic(const vs_raster *raster, size_t index, double x[4], double y[4]) {
  double sums[VS_CUBIC_SUMS] = {0};
  for (int g = 0; g < raster->groups; g++)
    for (int j = 0; j < VS_CUBIC_SUMS; j++) sums[j] += (double)raster->sums[g].cubics[index][j];
  const vs_bezier_moments moments = {.x = {sums[0], sums[1], sums[2], sums[3]},
                                     .y = {sums[4], sums[5], sums[6], sums[7]},
                                     .start_x = sums[8],
                                     .start_y = sums[9],
                                     .end_x = sums[10],
                                     .end_y = sums[11]};
  vs_bezier_gradient(&raster->cubics[index].bezier, &moments, x, y);
}

static void finish_points(const vs_raster *raster, const vs_raster_stroke *from,
                          const vs_stroke *shape, vs_drawing *gradient) {
  vs_point2 *points = gradient->points + shape->first_point;
  const size_t count = vs_drawing_stroke_points(shape->segments, shape->closed);
  for (size_t k = 0; k < (size_t)from->cubics; k++) {
    double x[4], y[4];
    finish_cubic(raster, from->first_cubic + k, x, y);
    for (size_t i = 0; i < 4; i++) {
      vs_point2 *to = &points[(3 * k + i) % count]; /* a closed stroke's last point is its first */
      to->x += (float)(raster->scale * x[i]);
      to->y += (float)(raster->scale * y[i]);
    }
  }
}

static void finish_stroke(const vs_raster *raster, size_t index, vs_stroke *to) {
  double half = 0.0, opacity = 0.0, color[3] = {0.0};
  const bool drawn = raster->strokes[index].cubics > 0;
  for (int g = 0; g < raster->groups && drawn; g++) {
    const vs_stroke_sums *sums = &raster->sums[g].strokes[index];
    half += (double)sums->half;
    opacity += (double)sums->opacity;
    for (int c = 0; c < 3; c++) color[c] += (double)sums->color[c];
  }
  to->width = (float)(0.5 * raster->scale * half);
  to->opacity = (float)opacity;
  for (int c = 0; c < 3; c++) to->color[c] = (float)color[c];
}

void vs_raster_backward(vs_raster *raster, const float *dimage, vs_drawing *gradient) {
  assert(raster->drawing != NULL);
  assert(gradient->stroke_count == raster->drawing->stroke_count);
  assert(gradient->point_count == raster->drawing->point_count);
#pragma omp parallel for num_threads(raster->threads) schedule(dynamic)
  for (int g = 0; g < raster->groups; g++) sum_group(raster, g, dimage);
  memset(gradient->points, 0, gradient->point_count * sizeof *gradient->points);
  for (size_t s = 0; s < gradient->stroke_count; s++) {
    finish_stroke(raster, s, &gradient->strokes[s]);
    finish_points(raster, &raster->strokes[s], &raster->drawing->strokes[s], gradient);
  }
}
