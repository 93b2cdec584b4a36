/* jpeg.h - (H,W,3) bytes as JPEG, through libjpeg (libjpeg-turbo's on most systems); nobody else
 * includes it.
 *
 * For pages that show thousands of pictures: what optimization draws is texture everywhere, and
 * as PNG that is 4 times larger and takes 20 times longer (224 px, quality 90). What is kept for
 * good stays PNG or HDF5. Writing only, into memory, so that many threads may encode. */
#ifndef VS_CORE_IMAGE_JPEG_H
#define VS_CORE_IMAGE_JPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

#define VS_JPEG_MAX_SIDE 65500 /* the format's own */

/* Encodes rgb (height, width, 3) with quality 1..100. full_colour keeps the resolution of the
 * colours (4:4:4); else it is halved (4:2:0). *jpeg of *size bytes is freed by the caller with
 * free(). VS_ERR_LIMIT for sides beyond 1..VS_JPEG_MAX_SIDE, VS_ERR_MEMORY. The same input gives
 * the same bytes (with the same libjpeg). Any number of threads may encode at once. */
vs_status vs_jpeg_encode(const uint8_t *rgb, int height, int width, int quality, bool full_colour,
                         uint8_t **jpeg, size_t *size);

#endif
