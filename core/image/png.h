/* png.h - PNG files to and from (H,W,3) bytes, through libpng; nobody else includes it. */
#ifndef VS_CORE_IMAGE_PNG_H
#define VS_CORE_IMAGE_PNG_H

#include <stdint.h>

#include "core/base/status.h"

#define VS_PNG_MAX_SIDE 16384

/* Reads any valid PNG (grey, palette, 16 bits, alpha, interlaced) as 8-bit RGB; transparency is
 * composited over white paper. *rgb (H,W,3) is freed by the caller with free(). VS_ERR_FORMAT for a
 * damaged or truncated file or one that is no PNG, VS_ERR_LIMIT beyond VS_PNG_MAX_SIDE or 64
 * million pixels (checked before allocation). Every message names the file. */
vs_status vs_png_read(const char *path, uint8_t **rgb, int *height, int *width);

/* Writes (H,W,3) bytes as an 8-bit RGB PNG, atomically (core/base/file.h). VS_ERR_USAGE if there is
 * a file of another kind. */
vs_status vs_png_write(const char *path, const uint8_t *rgb, int height, int width);

#endif
