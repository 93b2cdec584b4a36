/* raster_draw.c - a rasterizer planned, used once and given back. */
#include "core/raster/raster_draw.h"

#include "core/image/picture.h"
#include "core/raster/raster.h"

vs_status vs_raster_draw(const vs_drawing *drawing, double scale, int height, int width,
                         uint8_t *rgb) {
  size_t cubics = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) cubics += (size_t)drawing->strokes[i].segments;
  vs_arena measure = vs_arena_measure(), arena = {0};
  vs_picture picture = {0};
  vs_raster_new(height, width, drawing->stroke_count, cubics, 1, &measure);
  vs_status status = vs_picture_init(&picture, height, width);
  if (status == VS_OK) status = vs_arena_init(&arena, measure.peak_bytes);
  if (status == VS_OK) {
    vs_raster *raster = vs_raster_new(height, width, drawing->stroke_count, cubics, 1, &arena);
    vs_raster_render(raster, drawing, scale, picture.rgb);
    vs_picture_to_bytes(picture.rgb, rgb, 3 * (size_t)height * (size_t)width);
  }
  vs_arena_clear(&arena);
  vs_picture_clear(&picture);
  return status;
}
