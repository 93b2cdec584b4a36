/* luma.h - Y' of a pixel, as ITU-R BT.601 weighs sRGB-encoded bytes: what a black-and-white print
 * shows. */
#ifndef VS_CORE_IMAGE_LUMA_H
#define VS_CORE_IMAGE_LUMA_H

#include <stdint.h>

/* 0..255 */
static inline double vs_luma(const uint8_t rgb[3]) {
  return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}

#endif
