#include "core/vector/raster_tile.h"

#include <assert.h>
#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/vector/raster_profile.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum {
  LANES = VS_BLOCK_PIXELS,
  SIDE = VS_BLOCK_SIDE,
  ACROSS = VS_TILE_BLOCKS_ACROSS,
  BLOCKS = VS_TILE_BLOCKS,
  MOST_TOUCHES = 2048, /* kept at once: 1.3 MB, some 4 strokes over every pixel of a tile */
  MOST_PIECES = 32,    /* of a cubic that are not halved again to find those near the tile */
  GROUP = 8            /* of pieces: a vector of doubles */
};

/* Where the pixels' centres are, from the block's centre, and how far the outermost. */
static const float lane_x[LANES] = {-1.5f, -0.5f, 0.5f, 1.5f, -1.5f, -0.5f, 0.5f, 1.5f,
                                    -1.5f, -0.5f, 0.5f, 1.5f, -1.5f, -0.5f, 0.5f, 1.5f};
static const float lane_y[LANES] = {-1.5f, -1.5f, -1.5f, -1.5f, -0.5f, -0.5f, -0.5f, -0.5f,
                                    0.5f,  0.5f,  0.5f,  0.5f,  1.5f,  1.5f,  1.5f,  1.5f};
static const double block_radius = 2.1214; /* 1.5 sqrt(2), rounded up */

/* One stroke over one block. The nearest point of a pixel lies on the piece from `knot` of cubic
 * `cubic`, `h` along it, and (x, y) away. */
typedef struct touch {
  alignas(64) float square[LANES]; /* of the distance */
  float x[LANES], y[LANES], h[LANES], knot[LANES];
  int32_t cubic[LANES];
  float before[3][LANES]; /* colours it was drawn upon */
  int block;
  bool covered;                /* wholly; no distance matters */
  int first_cubic, last_cubic; /* that were nearest for a while */
} touch;

typedef float block_colors[3][LANES];

/* Touches of one stroke. */
typedef struct touch_span {
  size_t stroke, first, end;
} touch_span;

/* The tile before stroke `stroke`. */
typedef struct checkpoint {
  alignas(64) block_colors colors[BLOCKS];
  size_t stroke;
} checkpoint;

struct vs_raster_tile {
  alignas(64) block_colors colors[BLOCKS], gradient[BLOCKS];
  int x, y;           /* of its first pixel */
  int across, down;   /* blocks that lie on the image */
  touch *touches;     /* MOST_TOUCHES */
  size_t touch_count; /* with those of the stroke being drawn */
  int slot[BLOCKS];   /* the touch of the stroke being drawn, from its first; -1: none */
  int covered;        /* blocks that it covers wholly */
  touch_span *spans;  /* MOST_TOUCHES, in order */
  size_t span_count;
  checkpoint *checkpoints;
  size_t most_checkpoints;
};

/* A part ends when the next stroke might not fit, so each but the last holds at least this many
 * strokes that touch the tile. */
enum { LEAST_STROKES_OF_PART = MOST_TOUCHES / BLOCKS - 1 };

vs_raster_tile *vs_raster_tile_new(size_t strokes, vs_arena *arena) {
  vs_raster_tile *tile = vs_arena_take(arena, 1, sizeof *tile);
  const size_t parts = strokes / LEAST_STROKES_OF_PART + 1;
  touch *touches = vs_arena_take(arena, MOST_TOUCHES, sizeof *touches);
  touch_span *spans = vs_arena_take(arena, MOST_TOUCHES, sizeof *spans);
  checkpoint *checkpoints = vs_arena_take(arena, parts, sizeof *checkpoints);
  if (tile == NULL) return NULL;
  tile->touches = touches;
  tile->spans = spans;
  tile->checkpoints = checkpoints;
  tile->most_checkpoints = parts;
  return tile;
}

int vs_raster_tile_count(int height, int width) {
  return ((height + VS_TILE_SIDE - 1) / VS_TILE_SIDE) * ((width + VS_TILE_SIDE - 1) / VS_TILE_SIDE);
}

static int least(int a, int b) {
  return a < b ? a : b;
}

static void place(vs_raster_tile *tile, const vs_raster_scene *scene, int index) {
  const int tiles_across = (scene->width + VS_TILE_SIDE - 1) / VS_TILE_SIDE;
  tile->x = index % tiles_across * VS_TILE_SIDE;
  tile->y = index / tiles_across * VS_TILE_SIDE;
  tile->across = least(ACROSS, (scene->width - tile->x + SIDE - 1) / SIDE);
  tile->down = least(ACROSS, (scene->height - tile->y + SIDE - 1) / SIDE);
  for (int b = 0; b < BLOCKS; b++) tile->slot[b] = -1;
}

static void fill_with_paper(vs_raster_tile *tile, const vs_raster_scene *scene) {
  for (int b = 0; b < BLOCKS; b++)
    for (int c = 0; c < 3; c++)
      for (int i = 0; i < LANES; i++) tile->colors[b][c][i] = scene->paper[c];
}

/* Whether what is within `reach` of the box may cover pixels of the tile. */
static bool meets(const vs_raster_tile *tile, const vs_raster_box *box, double reach) {
  return box->low_x - reach < tile->x + VS_TILE_SIDE && box->high_x + reach > tile->x &&
         box->low_y - reach < tile->y + VS_TILE_SIDE && box->high_y + reach > tile->y;
}

/* --- distances -------------------------------------------------------------------------------- */

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
ALWAYS_INLINE void measure(touch *t, const pieces *p, int k, const view *v, float knot,
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
    t->h[i] = nearer ? vs_clamp(start * inverse, 0.0f, 1.0f) : t->h[i];
    t->x[i] = nearer ? x : t->x[i];
    t->y[i] = nearer ? y : t->y[i];
    t->knot[i] = nearer ? knot : t->knot[i];
    t->cubic[i] = nearer ? cubic : t->cubic[i];
  }
}

ALWAYS_INLINE touch *touch_of(vs_raster_tile *tile, int block, int cubic) {
  if (tile->slot[block] >= 0) return &tile->touches[tile->slot[block]];
  assert(tile->touch_count < MOST_TOUCHES);
  tile->slot[block] = (int)tile->touch_count;
  touch *t = &tile->touches[tile->touch_count++];
  for (int i = 0; i < LANES; i++) t->square[i] = 1e30f;
  t->block = block;
  t->covered = false;
  t->first_cubic = t->last_cubic = cubic;
  return t;
}

/* Where every pixel of a block has full coverage, distances are of no use: 0 says as much. */
static void cover(vs_raster_tile *tile, touch *t) {
  memset(t->square, 0, sizeof t->square);
  memset(t->x, 0, sizeof t->x);
  memset(t->y, 0, sizeof t->y);
  memset(t->h, 0, sizeof t->h);
  memset(t->knot, 0, sizeof t->knot);
  for (int i = 0; i < LANES; i++) t->cubic[i] = t->first_cubic;
  t->last_cubic = t->first_cubic;
  t->covered = true;
  tile->covered++;
}

/* Blocks along one axis whose pixels' centres may lie in low..high: *first up to *end. Without a
 * branch, for vectors of pieces; rounding goes towards 0, of what is not negative. */
ALWAYS_INLINE void blocks_between(double low, double high, double origin, double blocks, int *first,
                                  int *end) {
  const double before = blocks - (low - origin - 3.5) * (1.0 / SIDE);
  const double until = (high - origin + 3.5) * (1.0 / SIDE);
  const double some = before < 0.0 ? 0.0 : before, least_until = until < 0.0 ? 0.0 : until;
  *first = (int)blocks - (int)(some > blocks ? blocks : some);
  *end = (int)(least_until > blocks ? blocks : least_until);
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
      const double x = tile->x + SIDE * column + 0.5 * SIDE - p->x[k];
      view v = {.along = x * ux + y * uy, .across = x * uy - y * ux};
      v.beyond = v.along - p->length[k];
      const double out = v.along < 0.0 ? -v.along : v.beyond > 0.0 ? v.beyond : 0.0;
      const double off = fabs(v.across);
      if ((off > out ? off : out) >= far) continue;
      touch *t = touch_of(tile, row * ACROSS + column, pen->cubic);
      if (t->covered) continue;
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

/* The box of pieces first..end-1: that of the chord from end to end, widened by the most that a
 * cubic can be off a chord, an eighth of its second derivative there. */
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
  if (end - first > MOST_PIECES) {
    const vs_raster_box box = box_of_pieces(pen->bezier, first, end);
    if (!meets(tile, &box, pen->reach)) return;
    const int middle = first + (end - first) / 2;
    spread_part(tile, pen, first, middle, nearest);
    spread_part(tile, pen, middle, end, nearest);
  } else if (nearest) {
    spread_nearest(tile, pen, first, end);
  } else {
    spread_distance(tile, pen, first, end);
  }
}

static void spread_stroke(vs_raster_tile *tile, const vs_raster_scene *scene,
                          const vs_raster_stroke *stroke, bool nearest) {
  stroke_pen pen = pen_for(stroke);
  for (int k = 0; k < stroke->cubics; k++) {
    const vs_raster_cubic *cubic = &scene->cubics[stroke->first_cubic + (size_t)k];
    if (!meets(tile, &cubic->box, pen.reach)) continue;
    if (tile->covered == tile->across * tile->down) break;
    pen.bezier = &cubic->bezier;
    pen.cubic = k;
    spread_part(tile, &pen, 0, vs_bezier_pieces(&cubic->bezier), nearest);
  }
}

/* --- compositing ------------------------------------------------------------------------------ */

VS_MULTIVERSION
static void composite(vs_raster_tile *tile, const vs_raster_stroke *stroke, size_t first,
                      bool keep) {
  const float half = (float)stroke->half, opacity = stroke->opacity;
  const float red = stroke->color[0], green = stroke->color[1], blue = stroke->color[2];
  for (size_t n = first; n < tile->touch_count; n++) {
    touch *t = &tile->touches[n];
    float(*colors)[LANES] = tile->colors[t->block];
    alignas(64) float alpha[LANES];
    for (int i = 0; i < LANES; i++) {
      const float d = sqrtf(t->square[i]);
      const float inner = vs_edge_share(vs_edge_position(half - d));
      const float outer = vs_edge_share(vs_edge_position(half + d));
      alpha[i] = (inner + outer - 1.0f) * opacity;
    }
    if (keep) memcpy(t->before, colors, sizeof t->before);
    for (int i = 0; i < LANES; i++) {
      colors[0][i] += alpha[i] * (red - colors[0][i]);
      colors[1][i] += alpha[i] * (green - colors[1][i]);
      colors[2][i] += alpha[i] * (blue - colors[2][i]);
    }
    tile->slot[t->block] = -1;
  }
}

/* Draws stroke number `index`. Returns its touches; they stay if they are to be kept. */
static size_t draw_stroke(vs_raster_tile *tile, const vs_raster_scene *scene, size_t index,
                          bool keep) {
  const vs_raster_stroke *stroke = &scene->strokes[index];
  if (stroke->cubics == 0 || !meets(tile, &stroke->box, 0.0)) return 0;
  const size_t first = tile->touch_count;
  tile->covered = 0;
  spread_stroke(tile, scene, stroke, keep);
  composite(tile, stroke, first, keep);
  const size_t touches = tile->touch_count - first;
  if (!keep)
    tile->touch_count = first;
  else if (touches > 0)
    tile->spans[tile->span_count++] = (touch_span){index, first, tile->touch_count};
  return touches;
}

/* Pixel i of a block lies at the returned place of an image (H,W,3); -1: off it. */
static ptrdiff_t place_of_pixel(const vs_raster_tile *tile, const vs_raster_scene *scene, int block,
                                int i) {
  const int y = tile->y + block / ACROSS * SIDE + i / SIDE;
  const int x = tile->x + block % ACROSS * SIDE + i % SIDE;
  if (y >= scene->height || x >= scene->width) return -1;
  return ((ptrdiff_t)y * scene->width + x) * 3;
}

size_t vs_raster_tile_render(vs_raster_tile *tile, const vs_raster_scene *scene, int index,
                             float *image) {
  place(tile, scene, index);
  fill_with_paper(tile, scene);
  tile->touch_count = 0;
  size_t touches = 0;
  for (size_t s = 0; s < scene->stroke_count; s++) touches += draw_stroke(tile, scene, s, false);
  for (int b = 0; b < BLOCKS; b++) {
    for (int i = 0; i < LANES; i++) {
      const ptrdiff_t at = place_of_pixel(tile, scene, b, i);
      for (int c = 0; c < 3 && at >= 0; c++) image[at + c] = tile->colors[b][c][i];
    }
  }
  return touches;
}

/* --- the way back ----------------------------------------------------------------------------- */

/* Sums of one cubic, or of one stroke, still spread over the lanes. */
typedef struct cubic_lanes {
  alignas(64) float sums[VS_CUBIC_SUMS][LANES];
} cubic_lanes;

typedef struct stroke_lanes {
  alignas(64) float half[LANES], color[3][LANES], opacity[LANES];
} stroke_lanes;

/* In pairs, so always in the same order. */
ALWAYS_INLINE float sum_of(const float *lanes) {
  float s[LANES / 2];
  for (int i = 0; i < 8; i++) s[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

/* The gradient g (3) behind a touch becomes that before it. pull: of the loss to the place of each
 * nearest point, by its vector to the pixel. */
ALWAYS_INLINE void undo(const touch *t, const vs_raster_stroke *stroke, float (*g)[LANES],
                        stroke_lanes *lanes, float *pull) {
  const float half = (float)stroke->half, opacity = stroke->opacity;
  const float red = stroke->color[0], green = stroke->color[1], blue = stroke->color[2];
  for (int i = 0; i < LANES; i++) {
    const float d = sqrtf(t->square[i]);
    const float inner = vs_edge_position(half - d), outer = vs_edge_position(half + d);
    const float a = vs_edge_share(inner) + vs_edge_share(outer) - 1.0f;
    const float alpha = a * opacity, kept = 1.0f - alpha;
    const float dalpha = g[0][i] * (red - t->before[0][i]) + g[1][i] * (green - t->before[1][i]) +
                         g[2][i] * (blue - t->before[2][i]);
    lanes->color[0][i] += alpha * g[0][i];
    lanes->color[1][i] += alpha * g[1][i];
    lanes->color[2][i] += alpha * g[2][i];
    g[0][i] *= kept;
    g[1][i] *= kept;
    g[2][i] *= kept;
    lanes->opacity[i] += a * dalpha;
    const float da = dalpha * opacity;
    const float inner_slope = vs_edge_slope(inner), outer_slope = vs_edge_slope(outer);
    lanes->half[i] += da * (inner_slope + outer_slope);
    /* at d = 0 both slopes are the same */
    pull[i] = da * (inner_slope - outer_slope) / (d > 1e-20f ? d : 1e-20f);
  }
}

/* Adds the pull on those nearest points that lie on a cubic to its moments (bezier.h). */
ALWAYS_INLINE void add_moments(const touch *t, const float *pull, const vs_bezier *bezier,
                               int32_t cubic, cubic_lanes *lanes) {
  const float middle = (float)bezier->inner + 0.5f, inverse = (float)(1.0 / bezier->rate);
  const float last = (float)(2 * bezier->inner);
  for (int i = 0; i < LANES; i++) {
    const float pulled = t->cubic[i] == cubic ? pull[i] : 0.0f;
    const float gx = pulled * t->x[i], gy = pulled * t->y[i];
    const float h = t->h[i], rest = 1.0f - h;
    float u = (t->knot[i] - middle) * inverse, v = (t->knot[i] + 1.0f - middle) * inverse;
    u = u < -0.5f ? -0.5f : u;
    v = v > 0.5f ? 0.5f : v;
    const float u2 = u * u, v2 = v * v;
    const float m1 = rest * u + h * v, m2 = rest * u2 + h * v2;
    const float m3 = rest * (u2 * u) + h * (v2 * v);
    const float at_start = t->knot[i] == 0.0f ? rest : 0.0f, at_end = t->knot[i] == last ? h : 0.0f;
    lanes->sums[0][i] += gx;
    lanes->sums[1][i] += gx * m1;
    lanes->sums[2][i] += gx * m2;
    lanes->sums[3][i] += gx * m3;
    lanes->sums[4][i] += gy;
    lanes->sums[5][i] += gy * m1;
    lanes->sums[6][i] += gy * m2;
    lanes->sums[7][i] += gy * m3;
    lanes->sums[8][i] += gx * at_start;
    lanes->sums[9][i] += gy * at_start;
    lanes->sums[10][i] += gx * at_end;
    lanes->sums[11][i] += gy * at_end;
  }
}

/* Adds up a cubic's lanes and clears them. */
ALWAYS_INLINE void gather_cubic(cubic_lanes *lanes, float *sums) {
  for (int j = 0; j < VS_CUBIC_SUMS; j++) sums[j] += sum_of(lanes->sums[j]);
  memset(lanes, 0, sizeof *lanes);
}

VS_MULTIVERSION
static void undo_stroke(vs_raster_tile *tile, const vs_raster_scene *scene, const touch_span *span,
                        const vs_raster_sums *sums) {
  const vs_raster_stroke *stroke = &scene->strokes[span->stroke];
  const vs_raster_cubic *cubics = scene->cubics + stroke->first_cubic;
  float(*cubic_sums)[VS_CUBIC_SUMS] = sums->cubics + stroke->first_cubic;
  alignas(64) float pull[LANES];
  stroke_lanes whole = {0};
  cubic_lanes lanes = {0};
  int current = tile->touches[span->first].first_cubic; /* whose sums are in the lanes */
  for (size_t n = span->first; n < span->end; n++) {
    const touch *t = &tile->touches[n];
    undo(t, stroke, tile->gradient[t->block], &whole, pull);
    if (t->covered) continue;
    for (int k = t->first_cubic; k <= t->last_cubic; k++) {
      if (k != current) gather_cubic(&lanes, cubic_sums[current]);
      current = k;
      add_moments(t, pull, &cubics[k].bezier, k, &lanes);
    }
  }
  gather_cubic(&lanes, cubic_sums[current]);
  vs_stroke_sums *to = &sums->strokes[span->stroke];
  to->half += sum_of(whole.half);
  to->opacity += sum_of(whole.opacity);
  for (int c = 0; c < 3; c++) to->color[c] += sum_of(whole.color[c]);
}

/* Draws strokes from..to-1 and keeps their touches. */
static void draw_part(vs_raster_tile *tile, const vs_raster_scene *scene, size_t from, size_t to) {
  tile->touch_count = 0;
  tile->span_count = 0;
  for (size_t s = from; s < to; s++) draw_stroke(tile, scene, s, true);
}

static void undo_part(vs_raster_tile *tile, const vs_raster_scene *scene,
                      const vs_raster_sums *sums) {
  for (size_t n = tile->span_count; n-- > 0;) undo_stroke(tile, scene, &tile->spans[n], sums);
}

/* Draws the tile, and notes its colours before each part of at most MOST_TOUCHES. Returns the
 * number of parts. */
static size_t mark_parts(vs_raster_tile *tile, const vs_raster_scene *scene) {
  size_t parts = 0, kept = MOST_TOUCHES;
  tile->touch_count = 0;
  for (size_t s = 0; s < scene->stroke_count; s++) {
    if (kept + BLOCKS > MOST_TOUCHES) {
      assert(parts < tile->most_checkpoints);
      checkpoint *mark = &tile->checkpoints[parts++];
      memcpy(mark->colors, tile->colors, sizeof mark->colors);
      mark->stroke = s;
      kept = 0;
    }
    kept += draw_stroke(tile, scene, s, false);
  }
  return parts;
}

static void undo_tile(vs_raster_tile *tile, const vs_raster_scene *scene, size_t touches,
                      const vs_raster_sums *sums) {
  fill_with_paper(tile, scene);
  if (touches <= MOST_TOUCHES) {
    draw_part(tile, scene, 0, scene->stroke_count);
    undo_part(tile, scene, sums);
    return;
  }
  size_t end = scene->stroke_count;
  for (size_t part = mark_parts(tile, scene); part-- > 0;) {
    const checkpoint *mark = &tile->checkpoints[part];
    memcpy(tile->colors, mark->colors, sizeof mark->colors);
    draw_part(tile, scene, mark->stroke, end);
    undo_part(tile, scene, sums);
    end = mark->stroke;
  }
}

void vs_raster_tile_backward(vs_raster_tile *tile, const vs_raster_scene *scene, int index,
                             size_t touches, const float *dimage, const vs_raster_sums *sums) {
  if (touches == 0) return;
  place(tile, scene, index);
  for (int b = 0; b < BLOCKS; b++) {
    for (int i = 0; i < LANES; i++) {
      const ptrdiff_t at = place_of_pixel(tile, scene, b, i);
      for (int c = 0; c < 3; c++) tile->gradient[b][c][i] = at >= 0 ? dimage[at + c] : 0.0f;
    }
  }
  undo_tile(tile, scene, touches, sums);
}
