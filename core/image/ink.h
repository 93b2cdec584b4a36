/* ink.h - how much of a picture is drawn: the share of pixels that are not paper.
 *
 *   ink:  dE = sqrt((100 - L*)^2 + a*^2 + b*^2) > VS_INK_DISTANCE
 *
 * the CIE 1976 colour difference to white paper (L* 100, a* = b* = 0; CIE L*a*b* of sRGB, D65). The
 * threshold lies between what optimized pictures use as ground (pale, faintly coloured: dE up to
 * about 25) and what a plotter would have to draw: greys darker than L* 70, and colours. One
 * distance treats dark and colourful alike, where two thresholds would need a third for their
 * corner. */
#ifndef VS_CORE_IMAGE_INK_H
#define VS_CORE_IMAGE_INK_H

#include <stdint.h>

#define VS_INK_DISTANCE 30.0

/* Share of ink, 0..1, of rgb (height, width, 3), sRGB-encoded bytes; both sides at least 1. */
double vs_ink_share(const uint8_t *rgb, int height, int width);

#endif
