/* picture.h - a picture in memory, and the two forms it takes.
 *
 * Float form (vs_picture): (H,W,3) row-major RGB, sRGB-encoded, nominally 0..1: what networks eat
 * and losses differentiate. Byte form: (H,W,3) uint8, what files and viewers hold. */
#ifndef VS_CORE_IMAGE_PICTURE_H
#define VS_CORE_IMAGE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"
#include "core/image/png.h"

#define VS_PICTURE_MAX_SIDE VS_PNG_MAX_SIDE /* larger ones are refused before any allocation */

typedef struct vs_picture {
  int height, width;
  float *rgb; /* (height, width, 3), owned; NULL in a zeroed struct */
} vs_picture;

/* A black picture. VS_ERR_LIMIT outside 1..VS_PICTURE_MAX_SIDE, VS_ERR_MEMORY. On failure the
 * struct is zeroed. */
vs_status vs_picture_init(vs_picture *picture, int height, int width);

/* Frees the pixels; fine on a zeroed struct, and twice. */
void vs_picture_clear(vs_picture *picture);

/* Opens a picture by name: the path of a PNG, or "builtin:mondrian" (core/image/mondrian.h, drawn
 * at 512 x 512). Messages name the file. */
vs_status vs_picture_open(vs_picture *picture, const char *name);

/* The picture resized to height x width (core/image/resize.h) as a new one. */
vs_status vs_picture_resized(vs_picture *out, const vs_picture *picture, int height, int width);

/* bytes = round(255 * clamp(rgb, 0, 1)); NaN becomes 0. `count` values. And back: bytes / 255. */
void vs_picture_to_bytes(const float *rgb, uint8_t *bytes, size_t count);
void vs_picture_from_bytes(const uint8_t *bytes, float *rgb, size_t count);

#endif
