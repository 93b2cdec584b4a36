/* raster_tile.c - one tile: its strokes composited in order, and backward in parts where it has
 * more touches than a workspace keeps. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/raster/raster_profile.h"
#include "core/raster/raster_touch.h"

enum {
  LANES = VS_BLOCK_PIXELS,
  SIDE = VS_BLOCK_SIDE,
  ACROSS = VS_TILE_BLOCKS_ACROSS,
  BLOCKS = VS_TILE_BLOCKS,
  MAX_TOUCHES = VS_TILE_TOUCHES
};

/* A part ends when the next stroke might not fit, so each but the last holds at least this many
 * strokes that touch the tile. */
enum { MIN_STROKES_OF_PART = MAX_TOUCHES / BLOCKS - 1 };

vs_raster_tile *vs_raster_tile_new(size_t strokes, vs_arena *arena) {
  vs_raster_tile *tile = vs_arena_take(arena, 1, sizeof *tile);
  const size_t parts = strokes / MIN_STROKES_OF_PART + 1;
  vs_touch *touches = vs_arena_take(arena, MAX_TOUCHES, sizeof *touches);
  vs_touch_span *spans = vs_arena_take(arena, MAX_TOUCHES, sizeof *spans);
  vs_tile_checkpoint *checkpoints = vs_arena_take(arena, parts, sizeof *checkpoints);
  if (tile == NULL) return NULL;
  tile->touches = touches;
  tile->spans = spans;
  tile->checkpoints = checkpoints;
  tile->max_checkpoints = parts;
  return tile;
}

int vs_raster_tile_count(int height, int width) {
  return ((height + VS_TILE_SIDE - 1) / VS_TILE_SIDE) * ((width + VS_TILE_SIDE - 1) / VS_TILE_SIDE);
}

static int min_int(int a, int b) {
  return a < b ? a : b;
}

static void place(vs_raster_tile *tile, const vs_raster_scene *scene, int index) {
  const int tiles_across = (scene->width + VS_TILE_SIDE - 1) / VS_TILE_SIDE;
  tile->x = index % tiles_across * VS_TILE_SIDE;
  tile->y = index / tiles_across * VS_TILE_SIDE;
  tile->across = min_int(ACROSS, (scene->width - tile->x + SIDE - 1) / SIDE);
  tile->down = min_int(ACROSS, (scene->height - tile->y + SIDE - 1) / SIDE);
  for (int b = 0; b < BLOCKS; b++) tile->slot[b] = VS_SLOT_EMPTY;
}

static void fill_with_paper(vs_raster_tile *tile, const vs_raster_scene *scene) {
  for (int b = 0; b < BLOCKS; b++)
    for (int c = 0; c < 3; c++)
      for (int i = 0; i < LANES; i++) tile->colors[b][c][i] = scene->paper[c];
}

VS_MULTIVERSION
static void composite(vs_raster_tile *tile, const vs_raster_stroke *stroke, size_t first,
                      bool keep) {
  const float half = (float)stroke->half, opacity = stroke->opacity;
  const float red = stroke->color[0], green = stroke->color[1], blue = stroke->color[2];
  for (size_t n = first; n < tile->touch_count; n++) {
    vs_touch *t = &tile->touches[n];
    float(*colors)[LANES] = tile->colors[t->block];
    alignas(64) float alpha[LANES];
    for (int i = 0; i < LANES; i++) {
      const float d = sqrtf(t->square[i]);
      const float inner = vs_raster_profile_share(vs_raster_profile_position(half - d));
      const float outer = vs_raster_profile_share(vs_raster_profile_position(half + d));
      alpha[i] = (inner + outer - 1.0f) * opacity;
    }
    if (keep) memcpy(t->before, colors, sizeof t->before);
    for (int i = 0; i < LANES; i++) {
      colors[0][i] += alpha[i] * (red - colors[0][i]);
      colors[1][i] += alpha[i] * (green - colors[1][i]);
      colors[2][i] += alpha[i] * (blue - colors[2][i]);
    }
    tile->slot[t->block] = VS_SLOT_EMPTY;
  }
}

/* Draws stroke number `index`. Returns its touches; they stay if they are to be kept. */
static size_t draw_stroke(vs_raster_tile *tile, const vs_raster_scene *scene, size_t index,
                          bool keep) {
  const vs_raster_stroke *stroke = &scene->strokes[index];
  if (stroke->cubics == 0 || !vs_raster_tile_meets(tile, &stroke->box, 0.0)) return 0;
  const size_t first = tile->touch_count;
  tile->covered = 0;
  vs_raster_spread(tile, scene, stroke, keep);
  composite(tile, stroke, first, keep);
  const size_t touches = tile->touch_count - first;
  if (!keep)
    tile->touch_count = first;
  else if (touches > 0)
    tile->spans[tile->span_count++] = (vs_touch_span){index, first, tile->touch_count};
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

/* --- backward --------------------------------------------------------------------------------- */

/* Draws strokes from..to-1 and keeps their touches. */
static void draw_part(vs_raster_tile *tile, const vs_raster_scene *scene, size_t from, size_t to) {
  tile->touch_count = 0;
  tile->span_count = 0;
  for (size_t s = from; s < to; s++) draw_stroke(tile, scene, s, true);
}

static void backward_part(vs_raster_tile *tile, const vs_raster_scene *scene,
                          const vs_raster_sums *sums) {
  for (size_t n = tile->span_count; n-- > 0;)
    vs_raster_backward_strokes(tile, scene, &tile->spans[n], sums);
}

/* Draws the tile, and notes its colours before each part of at most MAX_TOUCHES. Returns the
 * number of parts. */
static size_t mark_parts(vs_raster_tile *tile, const vs_raster_scene *scene) {
  size_t parts = 0, kept = MAX_TOUCHES;
  tile->touch_count = 0;
  for (size_t s = 0; s < scene->stroke_count; s++) {
    if (kept + BLOCKS > MAX_TOUCHES) {
      assert(parts < tile->max_checkpoints);
      vs_tile_checkpoint *mark = &tile->checkpoints[parts++];
      memcpy(mark->colors, tile->colors, sizeof mark->colors);
      mark->stroke = s;
      kept = 0;
    }
    kept += draw_stroke(tile, scene, s, false);
  }
  return parts;
}

static void backward_tile(vs_raster_tile *tile, const vs_raster_scene *scene, size_t touches,
                          const vs_raster_sums *sums) {
  fill_with_paper(tile, scene);
  if (touches <= MAX_TOUCHES) {
    draw_part(tile, scene, 0, scene->stroke_count);
    backward_part(tile, scene, sums);
    return;
  }
  size_t end = scene->stroke_count;
  for (size_t part = mark_parts(tile, scene); part-- > 0;) {
    const vs_tile_checkpoint *mark = &tile->checkpoints[part];
    memcpy(tile->colors, mark->colors, sizeof mark->colors);
    draw_part(tile, scene, mark->stroke, end);
    backward_part(tile, scene, sums);
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
  backward_tile(tile, scene, touches, sums);
}
