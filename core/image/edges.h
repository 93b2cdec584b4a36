/* edges.h - how much of a picture is contour: the share of pixels where luma changes quickly.
 *
 *   edge:  sqrt(gx^2 + gy^2) > VS_EDGE_STEP,   gx = (Y(x+1) - Y(x-1)) / 2, gy likewise
 *
 * Y is luma (luma.h), central differences, pixels beyond the border are those of the border. The
 * step is a tenth of the whole range from a pixel to the next: an antialiased pen line has several
 * such pixels across, a shaded ground has none. */
#ifndef VS_CORE_IMAGE_EDGES_H
#define VS_CORE_IMAGE_EDGES_H

#include <stdint.h>

#define VS_EDGE_STEP 25.5

/* Share of edge pixels, 0..1, of rgb (height, width, 3), sRGB-encoded bytes; both sides at least
 * 1. */
double vs_edge_density(const uint8_t *rgb, int height, int width);

#endif
