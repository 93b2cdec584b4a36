/* Rectangles, frames and hatching, cut at the edges. */
#include "analysis/sheet/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "core/image/picture.h"

#define MAX_PIXELS    64e6
#define HATCH_SPACING 8

bool vs_canvas_fits(double height, double width) {
  return height >= 1.0 && width >= 1.0 && height <= VS_PICTURE_MAX_SIDE &&
         width <= VS_PICTURE_MAX_SIDE && height * width <= MAX_PIXELS;
}

vs_status vs_canvas_init(vs_canvas *canvas, int height, int width) {
  *canvas = (vs_canvas){0};
  if (!vs_canvas_fits(height, width))
    return vs_fail(VS_ERR_LIMIT,
                   "a picture of %d x %d px: sides go to %d, and both together to %.0f million",
                   width, height, VS_PICTURE_MAX_SIDE, MAX_PIXELS / 1e6);
  size_t bytes = (size_t)height * (size_t)width * 3;
  uint8_t *rgb = malloc(bytes);
  if (rgb == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for a picture of %d x %d px", width, height);
  memset(rgb, 255, bytes);
  *canvas = (vs_canvas){height, width, rgb};
  return VS_OK;
}

void vs_canvas_clear(vs_canvas *canvas) {
  free(canvas->rgb);
  *canvas = (vs_canvas){0};
}

static int at_least(int value, int bound) {
  return value > bound ? value : bound;
}

static int at_most(int value, int bound) {
  return value < bound ? value : bound;
}

static uint8_t *pixel(vs_canvas *canvas, int x, int y) {
  return canvas->rgb + ((size_t)y * (size_t)canvas->width + (size_t)x) * 3;
}

void vs_canvas_fill(vs_canvas *canvas, vs_box box, uint8_t grey) {
  int left = at_least(box.x, 0), right = at_most(box.x + box.width, canvas->width);
  int bottom = at_most(box.y + box.height, canvas->height);
  if (right <= left) return;
  for (int y = at_least(box.y, 0); y < bottom; y++)
    memset(pixel(canvas, left, y), grey, (size_t)(right - left) * 3);
}

void vs_canvas_fill_color(vs_canvas *canvas, vs_box box, const uint8_t rgb[3]) {
  int left = at_least(box.x, 0), right = at_most(box.x + box.width, canvas->width);
  int bottom = at_most(box.y + box.height, canvas->height);
  for (int y = at_least(box.y, 0); y < bottom; y++)
    for (int x = left; x < right; x++) memcpy(pixel(canvas, x, y), rgb, 3);
}

void vs_canvas_frame(vs_canvas *canvas, vs_box box, uint8_t grey) {
  vs_canvas_fill(canvas, (vs_box){box.x - 1, box.y - 1, box.width + 2, 1}, grey);
  vs_canvas_fill(canvas, (vs_box){box.x - 1, box.y + box.height, box.width + 2, 1}, grey);
  vs_canvas_fill(canvas, (vs_box){box.x - 1, box.y, 1, box.height}, grey);
  vs_canvas_fill(canvas, (vs_box){box.x + box.width, box.y, 1, box.height}, grey);
}

void vs_canvas_hatch(vs_canvas *canvas, vs_box box, uint8_t grey) {
  int left = at_least(box.x, 0), right = at_most(box.x + box.width, canvas->width);
  int bottom = at_most(box.y + box.height, canvas->height);
  for (int y = at_least(box.y, 0); y < bottom; y++)
    for (int x = left; x < right; x++)
      if ((x - box.x + y - box.y) % HATCH_SPACING == 0) memset(pixel(canvas, x, y), grey, 3);
}

void vs_canvas_paste(vs_canvas *canvas, vs_box box, const uint8_t *rgb) {
  int left = at_least(box.x, 0), right = at_most(box.x + box.width, canvas->width);
  int bottom = at_most(box.y + box.height, canvas->height);
  if (right <= left) return;
  for (int y = at_least(box.y, 0); y < bottom; y++) {
    size_t from = (size_t)(y - box.y) * (size_t)box.width + (size_t)(left - box.x);
    memcpy(pixel(canvas, left, y), rgb + from * 3, (size_t)(right - left) * 3);
  }
}

/* (height, width, 3) -> out (out_height, out_width, 3) */
static vs_status resize_bytes(const uint8_t *rgb, int height, int width, uint8_t *out,
                              int out_height, int out_width) {
  vs_picture full = {0}, scaled = {0};
  vs_status status = vs_picture_init(&full, height, width);
  if (status == VS_OK) {
    vs_picture_from_bytes(rgb, full.rgb, (size_t)height * (size_t)width * 3);
    status = vs_picture_resized(&scaled, &full, out_height, out_width);
  }
  if (status == VS_OK)
    vs_picture_to_bytes(scaled.rgb, out, (size_t)out_height * (size_t)out_width * 3);
  vs_picture_clear(&scaled);
  vs_picture_clear(&full);
  return status;
}

vs_status vs_canvas_paste_scaled(vs_canvas *canvas, vs_box box, const uint8_t *rgb, int height,
                                 int width) {
  if (box.height == height && box.width == width) {
    vs_canvas_paste(canvas, box, rgb);
    return VS_OK;
  }
  uint8_t *bytes = malloc((size_t)box.height * (size_t)box.width * 3);
  if (bytes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to scale a picture");
  vs_status status = resize_bytes(rgb, height, width, bytes, box.height, box.width);
  if (status == VS_OK) vs_canvas_paste(canvas, box, bytes);
  free(bytes);
  return status;
}
