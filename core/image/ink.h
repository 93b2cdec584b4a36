/* ink.h - how much of a picture is drawn, by the distance of its pixels to white paper.
 *
 *   covered: the share of pixels with dE > VS_INK_DISTANCE
 *   mean:    of dE / 100 over all pixels: 1 where all is black
 *   paper:   the share with dE <= VS_PAPER_DISTANCE, which one takes for blank
 *
 *   dE = sqrt((100 - L*)^2 + a*^2 + b*^2) > VS_INK_DISTANCE
 *
 * the CIE 1976 colour difference to white paper (L* 100, a* = b* = 0; CIE L*a*b* of sRGB, D65). The
 * threshold lies between what optimized pictures use as ground (pale, faintly coloured: dE up to
 * about 25) and what a plotter would have to draw: greys darker than L* 70, and colours. One
 * distance treats dark and colourful alike, where two thresholds would need a third for their
 * corner. What is paler than VS_PAPER_DISTANCE, a tenth of the way to black, looks like paper
 * beside lines. */
#ifndef VS_CORE_IMAGE_INK_H
#define VS_CORE_IMAGE_INK_H

#include <stdint.h>

#define VS_INK_DISTANCE   30.0
#define VS_PAPER_DISTANCE 10.0

typedef struct vs_ink {
  double covered, mean, paper;
} vs_ink;

/* Of rgb (height, width, 3), sRGB-encoded bytes; both sides at least 1. */
vs_ink vs_ink_measure(const uint8_t *rgb, int height, int width);

/* What is covered alone. */
double vs_ink_share(const uint8_t *rgb, int height, int width);

#endif
