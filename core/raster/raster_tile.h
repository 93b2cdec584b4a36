/* raster_tile.h - one tile of an image: strokes drawn over it, and the gradient back. Behind
 * raster.h, which cuts images into tiles and drawings into what is read here.
 *
 * A tile is 8 x 8 blocks of 4 x 4 pixels; the 16 pixels of a block are the lanes of its arrays. For
 * each stroke in order, the pieces of its cubics are measured against the blocks that they reach.
 * A block that a stroke reaches has a touch: the squared distance of each pixel to the nearest
 * piece so far. When all pieces are through, the touches are composited. No list of pieces is kept.
 *
 * Backward, touches also keep where their nearest points are, and the colours they were drawn
 * upon; strokes are taken last to first. A deep tile has more touches than a workspace holds: then
 * it is drawn once before, keeping the colours after every so many strokes, and redrawn from there
 * part by part. So a workspace needs no room for all that lies over each other: 12 kB of colours
 * for every 31 strokes, and what one part takes. */
#ifndef VS_CORE_RASTER_RASTER_TILE_H
#define VS_CORE_RASTER_RASTER_TILE_H

#include "core/base/arena.h"
#include "core/raster/bezier.h"

enum {
  VS_BLOCK_SIDE = 4,
  VS_BLOCK_PIXELS = VS_BLOCK_SIDE * VS_BLOCK_SIDE,
  VS_TILE_BLOCKS_ACROSS = 8,
  VS_TILE_BLOCKS = VS_TILE_BLOCKS_ACROSS * VS_TILE_BLOCKS_ACROSS,
  VS_TILE_SIDE = VS_BLOCK_SIDE * VS_TILE_BLOCKS_ACROSS
};

typedef struct vs_raster_box {
  double low_x, low_y, high_x, high_y;
} vs_raster_box;

typedef struct vs_raster_cubic {
  vs_bezier bezier;  /* in pixels */
  vs_raster_box box; /* of its control points */
} vs_raster_cubic;

typedef struct vs_raster_stroke {
  vs_raster_box box; /* of all that it may cover */
  double half;       /* its width, pixels */
  float color[3], opacity;
  size_t first_cubic;
  int cubics; /* 0: draws nothing */
} vs_raster_stroke;

typedef struct vs_raster_scene {
  int height, width; /* of the image */
  float paper[3];
  const vs_raster_stroke *strokes;
  const vs_raster_cubic *cubics;
  size_t stroke_count;
} vs_raster_scene;

/* What a thread works in. */
typedef struct vs_raster_tile vs_raster_tile;
vs_raster_tile *vs_raster_tile_new(size_t strokes, vs_arena *arena);

/* Tiles lie in rows. */
int vs_raster_tile_count(int height, int width);

/* Draws tile number `index` of image (H,W,3). Returns its touches. */
size_t vs_raster_tile_render(vs_raster_tile *tile, const vs_raster_scene *scene, int index,
                             float *image);

/* Sums of the gradient. */
typedef struct vs_stroke_sums {
  float half, color[3], opacity;
} vs_stroke_sums;

enum { VS_CUBIC_SUMS = 12 }; /* vs_bezier_moments: x, y, start and end */

typedef struct vs_raster_sums {
  vs_stroke_sums *strokes;
  float (*cubics)[VS_CUBIC_SUMS];
} vs_raster_sums;

/* Adds a tile's part to `sums`. `touches` as rendering returned it. */
void vs_raster_tile_backward(vs_raster_tile *tile, const vs_raster_scene *scene, int index,
                             size_t touches, const float *dimage, const vs_raster_sums *sums);

#endif
