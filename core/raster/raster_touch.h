/* raster_touch.h - what a tile's workspace holds; for the files behind raster_tile.h alone.
 *
 *   raster_spread.c    a stroke's distances: makes touches
 *   raster_tile.c      touches to colours; tiles, whole and in parts
 *   raster_backward.c  a stroke's touches, and the gradient behind it, to that before it */
#ifndef VS_CORE_RASTER_RASTER_TOUCH_H
#define VS_CORE_RASTER_RASTER_TOUCH_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/raster/raster_tile.h"

/* Kept at once, 1.3 MB: 32 strokes that each cover the whole tile, or some hundred lines. */
enum { VS_TILE_TOUCHES = 2048 };

/* One stroke over one block. The nearest point of a pixel lies on the piece from `knot` of cubic
 * `cubic`, `h` along it, and (x, y) away. */
typedef struct vs_touch {
  alignas(64) float square[VS_BLOCK_PIXELS]; /* of the distance */
  float x[VS_BLOCK_PIXELS], y[VS_BLOCK_PIXELS], h[VS_BLOCK_PIXELS], knot[VS_BLOCK_PIXELS];
  int32_t cubic[VS_BLOCK_PIXELS];
  float before[3][VS_BLOCK_PIXELS]; /* colours it was drawn upon */
  int block;
  bool covered;                /* wholly: no distance matters, and nothing is known of it */
  int first_cubic, last_cubic; /* that reach it */
} vs_touch;

typedef float vs_block_colors[3][VS_BLOCK_PIXELS];

/* Touches of one stroke. */
typedef struct vs_touch_span {
  size_t stroke, first, end;
} vs_touch_span;

/* The tile before stroke `stroke`. */
typedef struct vs_tile_checkpoint {
  alignas(64) vs_block_colors colors[VS_TILE_BLOCKS];
  size_t stroke;
} vs_tile_checkpoint;

/* Instead of a touch: the stroke has none there so far, or one that needs no more pieces. */
enum { VS_SLOT_EMPTY = -1, VS_SLOT_COVERED = -2 };

struct vs_raster_tile {
  alignas(64) vs_block_colors colors[VS_TILE_BLOCKS], gradient[VS_TILE_BLOCKS];
  int x, y;                 /* of its first pixel */
  int across, down;         /* blocks that lie on the image */
  vs_touch *touches;        /* VS_TILE_TOUCHES */
  size_t touch_count;       /* with those of the stroke being drawn */
  int slot[VS_TILE_BLOCKS]; /* of each block, the touch by the stroke being drawn */
  int covered;              /* blocks that it covers wholly */
  vs_touch_span *spans;     /* VS_TILE_TOUCHES, in order */
  size_t span_count;
  vs_tile_checkpoint *checkpoints;
  size_t max_checkpoints;
};

/* Whether what is within `reach` of the box may cover pixels of the tile. */
static inline bool vs_raster_tile_meets(const vs_raster_tile *tile, const vs_raster_box *box,
                                        double reach) {
  return box->low_x - reach < tile->x + VS_TILE_SIDE && box->high_x + reach > tile->x &&
         box->low_y - reach < tile->y + VS_TILE_SIDE && box->high_y + reach > tile->y;
}

/* Adds the stroke's touches to the tile's. With their nearest points, or with distances only. */
void vs_raster_spread(vs_raster_tile *tile, const vs_raster_scene *scene,
                      const vs_raster_stroke *stroke, bool nearest);

/* tile->gradient behind the stroke becomes that before it; its own is added to `sums`. */
void vs_raster_backward_strokes(vs_raster_tile *tile, const vs_raster_scene *scene,
                                const vs_touch_span *span, const vs_raster_sums *sums);

#endif
