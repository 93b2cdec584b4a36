/* transform.h - what the network sees of the canvas: a random, slightly moved, scaled and turned
 * view.
 *
 * One affine map takes a view's pixel to a place on the canvas, where it is sampled bilinearly;
 * what lies outside the canvas is grey (1/2). One interpolation for all transforms keeps the view
 * sharp, and its backward pass is exact: the same weights, scattered. */
#ifndef VS_CORE_OPTIMIZE_TRANSFORM_H
#define VS_CORE_OPTIMIZE_TRANSFORM_H

#include <stdbool.h>

#include "core/base/random.h"

/* What is seen of a canvas at once, without the grey border: as large as the canvas, or smaller. */
typedef struct vs_window {
  int height, width;
} vs_window;

typedef struct vs_transform_options {
  int crop;      /* side of the window, px; 0: the whole canvas (core/optimize/stages.h) */
  int pad;       /* grey border of the view, px: the view is that much larger than the window all
                    around; >= 0 */
  double jitter; /* shifts by whole pixels in -jitter..jitter, both axes; px, >= 0 */
  double scale_min, scale_max; /* magnification, uniform; both 1: none; > 0 */
  double rotate;               /* degrees, uniform in -rotate..rotate; >= 0 */
} vs_transform_options;

/* canvas_x = a x + b y + c, canvas_y = d x + e y + f, in pixels, centres at whole numbers: row by
 * row. (vs_svg_matrix has its six column by column, as SVG writes them.) */
typedef struct vs_affine {
  double a, b, c, d, e, f;
} vs_affine;

/* The whole canvas, unmoved, in the middle of a view padded by `pad`. */
vs_affine vs_transform_whole(int pad);

/* The transform of one step, drawn from key (a different key per step): a window of the canvas
 * (height, width), anywhere on it, magnified and turned about its centre, shifted, and centred in
 * the padded view. Each number has its own index of the key, so that switching one transform on
 * leaves the others' draws as they are. Without scale and rotation, pixels are copied exactly. */
vs_affine vs_transform_draw(const vs_transform_options *options, vs_random_key key, int height,
                            int width, const vs_window *window);

/* The fixed views on which runs are compared, `count` of them. Where the window is the canvas: 0 is
 * the whole, 1..4 its corners (upper left, upper right, lower left, lower right), each 7/8 of a
 * side, magnified to fill the view, padding included, with no grey in it. Where it is smaller:
 * windows that cover the canvas, row by row, evenly spread, as few as there can be. Sides at least
 * 2. */
int vs_transform_eval_views(int height, int width, const vs_window *window);
vs_affine vs_transform_eval_view(int view, int pad, int height, int width, const vs_window *window);

/* view (view_height, view_width, 3) of canvas (height, width, 3). Overwrites view. A place partly
 * off the canvas mixes grey in by its bilinear weight; a map that is not finite gives grey. */
void vs_transform_apply(const vs_affine *map, const float *canvas, int height, int width,
                        float *view, int view_height, int view_width, int threads);

/* dcanvas = transpose of the linear part of vs_transform_apply, applied to dview. Overwrites
 * dcanvas. */
void vs_transform_backward(const vs_affine *map, const float *dview, int view_height,
                           int view_width, float *dcanvas, int height, int width, int threads);

#endif
