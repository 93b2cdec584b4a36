/* canvas.h - a sheet of bytes to draw on: rectangles, frames, hatching. Everything is cut at the
 * edges of the canvas, so that callers need not care. Coordinates are pixels, (0, 0) the upper left
 * one. */
#ifndef VS_ANALYSIS_SHEET_CANVAS_H
#define VS_ANALYSIS_SHEET_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/status.h"

typedef struct vs_canvas {
  int height, width;
  uint8_t *rgb; /* (height, width, 3), owned */
} vs_canvas;

/* A place on a canvas. */
typedef struct vs_box {
  int x, y, width, height;
} vs_box;

/* A white canvas. VS_ERR_LIMIT beyond VS_PICTURE_MAX_SIDE or 64 million pixels, what our own PNG
 * reader would refuse. On failure the struct is zeroed. */
vs_status vs_canvas_init(vs_canvas *canvas, int height, int width);
void vs_canvas_clear(vs_canvas *canvas); /* fine on a zeroed struct */

/* Whether vs_canvas_init would take this size. */
bool vs_canvas_fits(double height, double width);

/* Greys: 0 black, 255 white. */
void vs_canvas_fill(vs_canvas *canvas, vs_box box, uint8_t grey);
void vs_canvas_frame(vs_canvas *canvas, vs_box box, uint8_t grey); /* one pixel, just outside */
void vs_canvas_hatch(vs_canvas *canvas, vs_box box, uint8_t grey); /* diagonal lines, 8 px apart */

void vs_canvas_fill_color(vs_canvas *canvas, vs_box box, const uint8_t rgb[3]);

/* Copies rgb (box.height, box.width, 3) into the box. */
void vs_canvas_paste(vs_canvas *canvas, vs_box box, const uint8_t *rgb);

/* Copies rgb (height, width, 3) resized to the box (core/image/resize.h). VS_ERR_MEMORY. Threads
 * may paste into boxes of one canvas that do not overlap. */
vs_status vs_canvas_paste_scaled(vs_canvas *canvas, vs_box box, const uint8_t *rgb, int height,
                                 int width);

#endif
