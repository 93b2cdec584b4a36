/* raster_draw.h - a drawing as a picture, once: for commands that show one. What renders again and
 * again plans a rasterizer (raster.h). */
#ifndef VS_CORE_RASTER_RASTER_DRAW_H
#define VS_CORE_RASTER_RASTER_DRAW_H

#include <stdint.h>

#include "core/strokes/drawing.h"

/* rgb (height, width, 3) of the caller's: the drawing, one canvas unit `scale` pixels, from the
 * canvas' upper left corner on. VS_ERR_MEMORY, VS_ERR_LIMIT. */
vs_status vs_raster_draw(const vs_drawing *drawing, double scale, int height, int width,
                         uint8_t *rgb);

#endif
