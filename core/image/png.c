/* png.c - libpng behind two calls; no other file includes it. */
#include "core/image/png.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/grow.h"

/* libpng reports errors by longjmp. Each function that calls setjmp here is small, changes no local
 * variable afterwards, and leaves all state in a struct of its caller, who cleans up. */

static const size_t max_pixels = 64000000;
static const size_t max_file_bytes = (size_t)512 << 20; /* 64 million pixels of 16-bit RGBA */

typedef struct decoder {
  png_structp png;
  png_infop info;
  const uint8_t *file; /* not owned */
  size_t file_bytes, offset;
  uint8_t *pixels; /* owned; rows of `row_bytes` */
  png_bytep *rows; /* owned; where each row of pixels begins */
  char problem[128];
} decoder;

static void keep_silent(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_error(png_structp png, png_const_charp message) {
  decoder *self = png_get_error_ptr(png);
  snprintf(self->problem, sizeof self->problem, "%s", message);
  png_longjmp(png, 1);
}

static void read_bytes(png_structp png, png_bytep out, size_t size) {
  decoder *self = png_get_io_ptr(png);
  if (size > self->file_bytes - self->offset) png_error(png, "it ends too early");
  memcpy(out, self->file + self->offset, size);
  self->offset += size;
}

/* Reads all up to the pixels. The sides are unchecked still: libpng's own limits would only say
 * that the header is invalid. */
static bool read_header(decoder *self) {
  if (setjmp(png_jmpbuf(self->png)) != 0) return false;
  png_set_read_fn(self->png, self, read_bytes);
  png_set_user_limits(self->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(self->png, self->info);
  return true;
}

/* Has every kind of PNG delivered as 8-bit RGB, or RGBA where anything is transparent. */
static bool set_transformations(decoder *self) {
  if (setjmp(png_jmpbuf(self->png)) != 0) return false;
  png_set_expand(self->png); /* palette and few bits to 8 bits, transparent colours to alpha */
  png_set_scale_16(self->png);
  png_set_gray_to_rgb(self->png);
  png_set_interlace_handling(self->png);
  png_read_update_info(self->png, self->info);
  return true;
}

static bool read_pixels(decoder *self) {
  if (setjmp(png_jmpbuf(self->png)) != 0) return false;
  png_read_image(self->png, self->rows);
  png_read_end(self->png, NULL);
  return true;
}

static vs_status damaged(const char *path, const decoder *self) {
  return vs_fail(VS_ERR_FORMAT, "%s: damaged PNG: %s", path, self->problem);
}

static vs_status take_memory(decoder *self, const char *path, size_t height, size_t width) {
  size_t row_bytes = png_get_rowbytes(self->png, self->info);
  self->pixels = calloc(height, row_bytes);
  self->rows = calloc(height, sizeof *self->rows);
  if (self->pixels == NULL || self->rows == NULL)
    return vs_fail(VS_ERR_MEMORY, "%s: no memory for %zu x %zu pixels", path, width, height);
  for (size_t y = 0; y < height; y++) self->rows[y] = self->pixels + y * row_bytes;
  return VS_OK;
}

/* Whether every chunk lies within the file. libpng believes the length that a chunk is said to
 * have, and takes so much memory before it reads. */
static bool chunks_fit(const decoder *self) {
  size_t at = 8;
  while (self->file_bytes - at >= 8) {
    const uint8_t *chunk = self->file + at;
    const size_t length =
        (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
    const size_t left = self->file_bytes - at - 8;
    if (left < 4 || length > left - 4) return false;
    if (memcmp(chunk + 4, "IEND", 4) == 0) return true;
    at += 12 + length;
  }
  return true; /* libpng says what is missing */
}

static vs_status decode(decoder *self, const char *path, int *height, int *width) {
  if (!chunks_fit(self)) return vs_fail(VS_ERR_FORMAT, "%s: damaged PNG: it ends too early", path);
  if (!read_header(self)) return damaged(path, self);
  size_t h = png_get_image_height(self->png, self->info);
  size_t w = png_get_image_width(self->png, self->info);
  if (h > VS_PNG_MAX_SIDE || w > VS_PNG_MAX_SIDE || h * w > max_pixels)
    return vs_fail(VS_ERR_LIMIT,
                   "%s: %zu x %zu pixels, at most %d a side and %zu in all are accepted", path, w,
                   h, VS_PNG_MAX_SIDE, max_pixels);
  if (!set_transformations(self)) return damaged(path, self);
  vs_status status = take_memory(self, path, h, w);
  if (status != VS_OK) return status;
  if (!read_pixels(self)) return damaged(path, self);
  *height = (int)h;
  *width = (int)w;
  return VS_OK;
}

/* RGBA over white paper, packed to RGB in place. Rounded to the nearest. */
static void flatten(uint8_t *pixels, size_t count) {
  for (size_t i = 0; i < count; i++) {
    unsigned alpha = pixels[4 * i + 3];
    for (size_t c = 0; c < 3; c++)
      pixels[3 * i + c] = (uint8_t)((pixels[4 * i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}

vs_status vs_png_read(const char *path, uint8_t **rgb, int *height, int *width) {
  *rgb = NULL;
  decoder self = {0};
  char *file = NULL;
  vs_status status = vs_file_read(path, max_file_bytes, &file, &self.file_bytes);
  if (status != VS_OK) goto done;
  self.file = (const uint8_t *)file;
  if (self.file_bytes < 8 || png_sig_cmp(self.file, 0, 8) != 0) {
    status =
        vs_fail(VS_ERR_FORMAT, "%s: not a PNG file; convert it, e.g. `magick a.jpg a.png`", path);
    goto done;
  }
  self.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &self, read_error, keep_silent);
  self.info = self.png == NULL ? NULL : png_create_info_struct(self.png);
  if (self.info == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "%s: libpng cannot start reading", path);
    goto done;
  }
  status = decode(&self, path, height, width);
  if (status != VS_OK) goto done;
  if (png_get_channels(self.png, self.info) == 4)
    flatten(self.pixels, (size_t)*height * (size_t)*width);
  *rgb = self.pixels;
  self.pixels = NULL;
done:
  png_destroy_read_struct(&self.png, &self.info, NULL);
  free(self.rows);
  free(self.pixels);
  free(file);
  return status;
}

typedef struct encoder {
  png_structp png;
  png_infop info;
  uint8_t *file; /* owned; what was written so far */
  size_t file_bytes, capacity;
  char problem[128];
} encoder;

static void write_error(png_structp png, png_const_charp message) {
  encoder *self = png_get_error_ptr(png);
  snprintf(self->problem, sizeof self->problem, "%s", message);
  png_longjmp(png, 1);
}

static void write_bytes(png_structp png, png_bytep bytes, size_t size) {
  encoder *self = png_get_io_ptr(png);
  uint8_t *grown = vs_grow(self->file, &self->capacity, self->file_bytes + size, 1);
  if (grown == NULL) png_error(png, "no memory");
  self->file = grown;
  memcpy(self->file + self->file_bytes, bytes, size);
  self->file_bytes += size;
}

static void flush_nothing(png_structp png) {
  (void)png;
}

static bool encode(encoder *self, const uint8_t *rgb, size_t height, size_t width) {
  if (setjmp(png_jmpbuf(self->png)) != 0) return false;
  png_set_write_fn(self->png, self, write_bytes, flush_nothing);
  png_set_IHDR(self->png, self->info, (png_uint_32)width, (png_uint_32)height, 8,
               PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(self->png, self->info);
  for (size_t y = 0; y < height; y++) png_write_row(self->png, rgb + y * width * 3);
  png_write_end(self->png, NULL);
  return true;
}

vs_status vs_png_write(const char *path, const uint8_t *rgb, int height, int width) {
  if (height < 1 || width < 1 || height > VS_PNG_MAX_SIDE || width > VS_PNG_MAX_SIDE)
    return vs_fail(VS_ERR_LIMIT, "%s: a picture of %d x %d pixels: sides must be 1 to %d", path,
                   width, height, VS_PNG_MAX_SIDE);
  static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  vs_status status = vs_file_check_kind(path, signature, sizeof signature);
  if (status != VS_OK) return status;
  encoder self = {0};
  self.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &self, write_error, keep_silent);
  self.info = self.png == NULL ? NULL : png_create_info_struct(self.png);
  if (self.info == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "%s: libpng cannot start writing", path);
    goto done;
  }
  if (!encode(&self, rgb, (size_t)height, (size_t)width)) {
    status = vs_fail(VS_ERR_INTERNAL, "%s: cannot encode as PNG: %s", path, self.problem);
    goto done;
  }
  status = vs_file_write(path, self.file, self.file_bytes);
done:
  png_destroy_write_struct(&self.png, &self.info);
  free(self.file);
  return status;
}
