/* raster_spread.c - one stroke of a tile forward: its pieces measured against the blocks that they
 * reach, which makes touches. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/raster/raster_profile.h"
#include "core/raster/raster_touch.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum {
  LANES = VS_BLOCK_PIXELS,
  SIDE = VS_BLOCK_SIDE,
  ACROSS = VS_TILE_BLOCKS_ACROSS,
  MAX_PIECES = 32, /* of a cubic that are not halved again to find those near the tile */
  GROUP = 8        /* of pieces: a vector of doubles */
};

/* Where the pixels' centres are, from the block's centre, and how far the outermost. */
static const float lane_x[LANES] = {-1.5f, -0.5f, 0.5f, 1.5f, -1.5f, -0.5f, 0.5f, 1.5f,
                                    -1.5f, -0.5f, 0.5f, 1.5f, -1.5f, -0.5f, 0.5f, 1.5f};
static const float lane_y[LANES] = {-1.5f, -1.5f, -1.5f, -1.5f, -0.5f, -0.5f, -0.5f, -0.5f,
                                    0.5f,  0.5f,  0.5f,  0.5f,  1.5f,  1.5f,  1.5f,  1.5f};
static const double block_radius = 2.1214; /* 1.5 sqrt(2), rounded up */

/* The stroke being drawn. */
typedef struct stroke_pen {
  const vs_raster_stroke *stroke;
  double reach;   /* of its centre line; no ink beyond */
  double covered; /* blocks with their centres within this of it are wholly covered; may be < 0 */
  const vs_bezier *bezier; /* the cubic being drawn, */
  int cubic;               /* and its number */
} stroke_pen;

static stroke_pen pen_for(const vs_raster_stroke *stroke) {
  return (stroke_pen){.stroke = stroke,
                      .reach = stroke->half + VS_RASTER_RAMP,
                      .covered = stroke->half - VS_RASTER_RAMP - block_radius};
}

/* GROUP straight pieces: from (x, y) `length` along (ux, uy). */
typedef struct pieces {
  double x[GROUP], y[GROUP], ux[GROUP], uy[GROUP], length[GROUP];
  int left[GROUP], right[GROUP], top[GROUP], bottom[GROUP]; /* blocks in reach: first, and end */
} pieces;

/* A block's centre as the piece sees it: how far beyond its start, beyond its end, and beside it.
 * In double: far ends of long pieces have no digits left for the near ones in float. */
typedef struct view {
  double along, beyond, across;
} view;

/* Keeps the nearer of the piece and what was nearest so far, for each pixel of a block. */
ALWAYS_INLINE void measure(vs_touch *t, const pieces *p, int k, const view *v, float knot,
                           int32_t cubic, bool nearest) {
  const float along = (float)v->along, beyond = (float)v->beyond, across = (float)v->across;
  const float ux = (float)p->ux[k], uy = (float)p->uy[k];
  const float inverse = p->length[k] > 0.0 ? (float)(1.0 / p->length[k]) : 0.0f;
  for (int i = 0; i < LANES; i++) {
    const float step = lane_x[i] * ux + lane_y[i] * uy;
    const float start = along + step, end = beyond + step;
    const float out = (start < 0.0f ? start : 0.0f) + (end > 0.0f ? end : 0.0f);
    const float beside = across + (lane_x[i] * uy - lane_y[i] * ux);
    const float square = beside * beside + out * out;
    const bool nearer = square < t->square[i];
    t->square[i] = nearer ? square : t->square[i];
    if (!nearest) continue;
    const float x = out * ux + beside * uy, y = out * uy - beside * ux;
    t->h[i] = nearer ? vs_raster_profile_clamp(start * inverse, 0.0f, 1.0f) : t->h[i];
    t->x[i] = nearer ? x : t->x[i];
    t->y[i] = nearer ? y : t->y[i];
    t->knot[i] = nearer ? knot : t->knot[i];
    t->cubic[i] = nearer ? cubic : t->cubic[i];
  }
}

ALWAYS_INLINE vs_touch *touch_of(vs_raster_tile *tile, int block, int cubic) {
  if (tile->slot[block] >= 0) return &tile->touches[tile->slot[block]];
  assert(tile->touch_count < VS_TILE_TOUCHES);
  tile->slot[block] = (int)tile->touch_count;
  vs_touch *t = &tile->touches[tile->touch_count++];
  for (int i = 0; i < LANES; i++) t->square[i] = 1e30f;
  t->block = block;
  t->covered = false;
  t->first_cubic = t->last_cubic = cubic;
  return t;
}

/* Where every pixel of a block has full coverage, distances are of no use: 0 says as much. */
static void cover(vs_raster_tile *tile, vs_touch *t) {
  memset(t->square, 0, sizeof t->square);
  t->covered = true;
  tile->slot[t->block] = VS_SLOT_COVERED;
  tile->covered++;
}

/* Blocks along one axis whose pixels' centres may lie in low..high: *first up to *end. Without a
 * branch, for vectors of pieces; rounding goes towards 0, of what is not negative. */
ALWAYS_INLINE void blocks_between(double low, double high, double origin, double blocks, int *first,
                                  int *end) {
  const double before = blocks - (low - origin - 3.5) * (1.0 / SIDE);
  const double until = (high - origin + 3.5) * (1.0 / SIDE);
  const double left = before < 0.0 ? 0.0 : before, reached = until < 0.0 ? 0.0 : until;
  *first = (int)blocks - (int)(left > blocks ? blocks : left);
  *end = (int)(reached > blocks ? blocks : reached);
}

/* The GROUP pieces that begin at u and the next knots, `step` apart (vs_bezier_knot). */
ALWAYS_INLINE void place_pieces(const vs_raster_tile *tile, const vs_bezier *bezier, double u,
                                double step, double reach, pieces *p) {
  const double across = tile->across, down = tile->down;
  for (int k = 0; k < GROUP; k++) {
    double at = u + k * step, next = u + (k + 1) * step;
    at = at < -0.5 ? -0.5 : at;
    at = at > 0.5 ? 0.5 : at;
    next = next < -0.5 ? -0.5 : next;
    next = next > 0.5 ? 0.5 : next;
    const double x = vs_bezier_value(bezier->x, at), end_x = vs_bezier_value(bezier->x, next);
    const double y = vs_bezier_value(bezier->y, at), end_y = vs_bezier_value(bezier->y, next);
    const double dx = end_x - x, dy = end_y - y;
    const double length = sqrt(dx * dx + dy * dy), inverse = 1.0 / (length > 0.0 ? length : 1.0);
    p->x[k] = x;
    p->y[k] = y;
    p->ux[k] = length > 0.0 ? dx * inverse : 1.0; /* a point lies in some direction */
    p->uy[k] = dy * inverse;
    p->length[k] = length;
    blocks_between((x < end_x ? x : end_x) - reach, (x < end_x ? end_x : x) + reach, tile->x,
                   across, &p->left[k], &p->right[k]);
    blocks_between((y < end_y ? y : end_y) - reach, (y < end_y ? end_y : y) + reach, tile->y, down,
                   &p->top[k], &p->bottom[k]);
  }
}

/* Measures piece k against the blocks that it reaches. */
ALWAYS_INLINE void spread_piece(vs_raster_tile *tile, const stroke_pen *pen, const pieces *p, int k,
                                int knot, bool nearest) {
  const double far = pen->reach + block_radius, ux = p->ux[k], uy = p->uy[k];
  for (int row = p->top[k]; row < p->bottom[k]; row++) {
    const double y = tile->y + SIDE * row + 0.5 * SIDE - p->y[k];
    for (int column = p->left[k]; column < p->right[k]; column++) {
      const int block = row * ACROSS + column;
      if (tile->slot[block] == VS_SLOT_COVERED) continue;
      const double x = tile->x + SIDE * column + 0.5 * SIDE - p->x[k];
      view v = {.along = x * ux + y * uy, .across = x * uy - y * ux};
      v.beyond = v.along - p->length[k];
      const double out = v.along < 0.0 ? -v.along : v.beyond > 0.0 ? v.beyond : 0.0;
      const double off = fabs(v.across);
      if ((off > out ? off : out) >= far) continue;
      vs_touch *t = touch_of(tile, block, pen->cubic);
      if (pen->covered > 0.0 && off * off + out * out <= pen->covered * pen->covered) {
        cover(tile, t);
        continue;
      }
      t->last_cubic = pen->cubic;
      measure(t, p, k, &v, (float)knot, pen->cubic, nearest);
    }
  }
}

/* Pieces first..end-1 of the cubic. */
ALWAYS_INLINE void spread(vs_raster_tile *tile, const stroke_pen *pen, int first, int end,
                          bool nearest) {
  const vs_bezier *bezier = pen->bezier;
  const double step = 1.0 / bezier->rate, middle = bezier->inner + 0.5;
  pieces p;
  for (int from = first; from < end; from += GROUP) {
    place_pieces(tile, bezier, (from - middle) * step, step, pen->reach, &p);
    for (int k = 0; k < GROUP && from + k < end; k++)
      spread_piece(tile, pen, &p, k, from + k, nearest);
  }
}

VS_MULTIVERSION
static void spread_distance(vs_raster_tile *tile, const stroke_pen *pen, int first, int end) {
  spread(tile, pen, first, end, false);
}

VS_MULTIVERSION
static void spread_nearest(vs_raster_tile *tile, const stroke_pen *pen, int first, int end) {
  spread(tile, pen, first, end, true);
}

/* The box of pieces first..end-1: that of the chord from end to end, widened by the maximum that
 * a cubic can be off a chord, an eighth of its second derivative there. */
static vs_raster_box box_of_pieces(const vs_bezier *bezier, int first, int end) {
  const double u = vs_bezier_knot(bezier, first), v = vs_bezier_knot(bezier, end);
  const double x0 = vs_bezier_value(bezier->x, u), x1 = vs_bezier_value(bezier->x, v);
  const double y0 = vs_bezier_value(bezier->y, u), y1 = vs_bezier_value(bezier->y, v);
  const double eighth = (v - u) * (v - u) / 8.0;
  const double off_x = eighth * fmax(fabs(2.0 * bezier->x[2] + 6.0 * bezier->x[3] * u),
                                     fabs(2.0 * bezier->x[2] + 6.0 * bezier->x[3] * v));
  const double off_y = eighth * fmax(fabs(2.0 * bezier->y[2] + 6.0 * bezier->y[3] * u),
                                     fabs(2.0 * bezier->y[2] + 6.0 * bezier->y[3] * v));
  return (vs_raster_box){fmin(x0, x1) - off_x, fmin(y0, y1) - off_y, fmax(x0, x1) + off_x,
                         fmax(y0, y1) + off_y};
}

/* A long curve is halved until its parts are off the tile or few pieces. */
static void spread_part(vs_raster_tile *tile, const stroke_pen *pen, int first, int end,
                        bool nearest) {
  if (end - first > MAX_PIECES) {
    const vs_raster_box box = box_of_pieces(pen->bezier, first, end);
    if (!vs_raster_tile_meets(tile, &box, pen->reach)) return;
    const int middle = first + (end - first) / 2;
    spread_part(tile, pen, first, middle, nearest);
    spread_part(tile, pen, middle, end, nearest);
  } else if (nearest) {
    spread_nearest(tile, pen, first, end);
  } else {
    spread_distance(tile, pen, first, end);
  }
}

void vs_raster_spread(vs_raster_tile *tile, const vs_raster_scene *scene,
                      const vs_raster_stroke *stroke, bool nearest) {
  stroke_pen pen = pen_for(stroke);
  for (int k = 0; k < stroke->cubics; k++) {
    const vs_raster_cubic *cubic = &scene->cubics[stroke->first_cubic + (size_t)k];
    if (!vs_raster_tile_meets(tile, &cubic->box, pen.reach)) continue;
    if (tile->covered == tile->across * tile->down) break;
    pen.bezier = &cubic->bezier;
    pen.cubic = k;
    spread_part(tile, &pen, 0, vs_bezier_pieces(&cubic->bezier), nearest);
  }
}
