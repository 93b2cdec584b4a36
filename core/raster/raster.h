/* raster.h - a drawing as pixels (forward), and the gradient of what was drawn to its points,
 * widths, colours and opacities (backward).
 *
 *   coverage  a = smooth step of (half width - d), d the distance from a pixel's centre to the
 *             stroke's centre line (raster_profile.h); where a stroke crosses itself it is one line
 *   image     C <- C + a * opacity * (color - C), stroke by stroke, C the paper at first
 *
 * In sRGB values, as SVG renderers composite. Curves are subdivided to a tolerance of 0.05 pixels
 * such that the image is a continuous function of every number (bezier.h), and the gradient is that
 * of the image as drawn, exactly, but on the few places where it has none: where two parts of a
 * stroke are equally near to a pixel, one of them gets all of it.
 *
 * The cost follows the ink: tiles of 32 x 32 pixels, in them blocks of 4 x 4, of which only those
 * that a stroke reaches are worked on (raster_tile.h). There is no limit to how many strokes lie
 * over a pixel. Memory: 1.4 MB and 0.4 kB a stroke for each thread, 1 kB a cubic for all. The plain
 * twin in double is raster_reference.h; images agree with it to 3e-6 for lines up to 40 pixels
 * wide, beyond that to the float's digits of the half width. */
#ifndef VS_CORE_RASTER_RASTER_H
#define VS_CORE_RASTER_RASTER_H

#include "core/base/arena.h"
#include "core/strokes/drawing.h"

/* Pixels. A stroke with a point farther than this from (0,0) on either axis, or wider, or with a
 * number that is not finite, or of no positive width, draws nothing and has no gradient. */
#define VS_RASTER_FARTHEST 1e9

typedef struct vs_raster vs_raster;

/* Plans for images of height x width pixels and drawings of at most so many strokes, and cubics in
 * all. All memory is the arena's; NULL while it measures. The bits of a result do not depend on
 * `threads` (>= 1). */
vs_raster *vs_raster_new(int height, int width, size_t strokes, size_t cubics, int threads,
                         vs_arena *arena);

/* image (H,W,3) in 0..1. One canvas unit is `scale` pixels; the canvas' upper left corner is the
 * image's. Keeps what the backward pass needs: the drawing must not change before. Cannot fail. */
void vs_raster_render(vs_raster *raster, const vs_drawing *drawing, double scale, float *image);

/* gradient = (d image / d drawing)' dimage at the drawing rendered last: its points, and of its
 * strokes width, color and opacity. `gradient` has the shape of that drawing (strokes' first_point,
 * segments, closed are not touched); the named numbers are overwritten. */
void vs_raster_backward(vs_raster *raster, const float *dimage, vs_drawing *gradient);

#endif
