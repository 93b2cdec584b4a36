/* param.h - what is optimized, behind one small interface: numbers theta, the image they render to
 * (forward), and the gradient by them from that by the image (backward).
 *
 *   pixels   image = sigmoid(theta)                                         (pixels.c)
 *            theta (H,W,3)
 *   fourier  image = sigmoid(colours(irfft2(scale * theta) / 4)), as Lucid  (fourier.c)
 *            theta (3,H,W/2+1,2): half spectra of three decorrelated colours, real and imaginary
 *   strokes  image = the drawing of theta, rasterized                       (strokes.c, strokes.h)
 *            theta: places, widths, opacities, colours of pen strokes
 *
 * Of pixels and fourier the contrast may be held: contrast.h stands for the sigmoid then. Images
 * are (H,W,3) RGB in 0..1. */
#ifndef VS_CORE_PARAM_PARAM_H
#define VS_CORE_PARAM_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/random.h"
#include "core/strokes/pen.h"

typedef enum vs_parametrization {
  VS_PARAM_PIXELS,
  VS_PARAM_FOURIER,
  VS_PARAM_STROKES
} vs_parametrization;

typedef enum vs_stroke_color {
  VS_STROKE_FREE,    /* red, green, blue of its own, at random at first */
  VS_STROKE_BLACK,   /* the same, but black at first */
  VS_STROKE_PALETTE, /* every stroke chooses among given pens */
  VS_STROKE_AUTO     /* in a run's spec alone: PALETTE where pens are given, else FREE */
} vs_stroke_color;

#define VS_STROKES_MAX          16384
#define VS_STROKES_MAX_SEGMENTS 3

/* Rates are Adam's learning rates; 0 leaves the numbers as they start. */
typedef struct vs_strokes_spec {
  int count;    /* 1..VS_STROKES_MAX */
  int segments; /* joined cubics of each, 1..VS_STROKES_MAX_SEGMENTS */
  bool closed;
  double width_min, width_max; /* px; > 0, but both 0 in a run's spec: those of its pens
                                  (core/optimize/stages.h) */
  double opacity;              /* at the start, in (0, 1] */
  vs_stroke_color color;
  float paper[3];      /* sRGB, 0..1 */
  vs_pen_set pens;     /* at least one for VS_STROKE_PALETTE, which nobody else reads */
  double rate_points;  /* px */
  double rate_width;   /* px */
  double rate_color;   /* of 0..1; of a palette's logits, which are without unit */
  double momentum;     /* decay of Adam's first moment, in [0, 1) */
  double rate_opacity; /* of 0..1 */
} vs_strokes_spec;

typedef struct vs_param_spec {
  vs_parametrization kind;
  int height, width;
  double init_sd; /* standard deviation of the start numbers, > 0; Lucid: 0.01 */
  double decay;   /* fourier: power of 1/f that scales the coefficients, >= 0; Lucid: 1; pixels
                     ignore it */
  vs_strokes_spec strokes; /* strokes alone reads it, and neither init_sd nor decay */
  double contrast;         /* pixels, fourier: standard deviation that the image is held at
                              (contrast.h); 0: free */
} vs_param_spec;

/* How a canvas is filled with copies of a smaller one. */
#define VS_MAX_TILES    8
#define VS_ORIENTATIONS 8 /* of a square: four quarters, each mirrored or not */
typedef struct vs_tiling {
  int rows, columns;     /* of tiles, 1..VS_MAX_TILES */
  double overlap;        /* of neighbours, share of a tile's side; [0, 0.5] */
  bool flip, turn;       /* copies are mirrored, and turned by quarters (by halves where the smaller
                            canvas is not square), at random */
  double jitter;         /* copies are shifted by up to this share of a tile's side, both ways */
  unsigned orientations; /* a bit for each that a copy may have, of those that flip and turn allow:
                            1 << (quarters + 4 if mirrored); 0: all */
} vs_tiling;

typedef struct vs_param vs_param;

extern const char *const vs_param_words[]; /* by vs_parametrization (core/base/words.h) */

/* How many numbers theta has. */
size_t vs_param_count(const vs_param_spec *spec);

/* Plans; everything comes from the arena and goes with it. NULL while the arena measures. The bits
 * of an image do not depend on `threads` (>= 1). */
vs_param *vs_param_new(const vs_param_spec *spec, int threads, vs_arena *arena);

/* Theta is cut into blocks of numbers with a learning rate each, in order. `rate` is that of pixels
 * and fourier, one block. Fills `blocks` and returns how many. */
#define VS_PARAM_MAX_BLOCKS 4
typedef struct vs_param_block {
  size_t count;
  double rate;
} vs_param_block;
int vs_param_blocks(const vs_param_spec *spec, double rate,
                    vs_param_block blocks[VS_PARAM_MAX_BLOCKS]);

/* Where the optimization stands, 0..1 of its steps: it sets the temperature of strokes that choose
 * among pens (strokes.h). To be set before rendering; 0 at first. */
void vs_param_anneal(vs_param *param, double progress);

/* After an update: brings numbers back to what they may be (strokes' widths, colours, places). */
void vs_param_project(const vs_param *param, float *theta);

/* Pulls a picture towards the one colour that it has in the mean: what differs from it keeps `keep`
 * (0..1) of itself, before the sigmoid. Drawings stay as they are. Done before each update, with
 * keep = 1 - rate * decay, this is the decoupled weight decay of AdamW (Loshchilov & Hutter,
 * arXiv:1711.05101), but that white paper does not turn grey. */
void vs_param_fade(const vs_param *param, double keep, float *theta);

/* Carries a picture over to a larger canvas: `out` is the theta of `to` for that of `from`.
 *
 *   pixels, fourier  by octaves: the image magnified to the new size (bilinear; band-limited)
 *   strokes          copies of the drawing in every tile, at their own size, so `to` has
 *                    rows * columns times the strokes of `from`; tiling and key decide how they lie
 *
 * Otherwise the two differ in nothing that theta depends on. VS_ERR_MEMORY. */
vs_status vs_param_enlarge(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                           vs_random_key key, const vs_param_spec *to, float *out);

/* Random numbers to start from, of the key. pixels, fourier: init_sd * normal. */
void vs_param_start(const vs_param *param, vs_random_key key, float *theta);

/* image (H,W,3) from theta. Keeps what backward needs: call in pairs, render first. */
void vs_param_render(vs_param *param, const float *theta, float *image);

/* dtheta = (d image / d theta)' dimage, at the theta rendered last. Overwrites dtheta. `image` is
 * what render gave. */
void vs_param_backward(vs_param *param, const float *image, const float *dimage, float *dtheta);

#endif
