/* jpeg.c - libjpeg behind one call; no other file includes it. */
#include "core/image/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* wants FILE and size_t to be known */

/* libjpeg reports errors through its manager, which must not return. As in png.c: the function that
 * calls setjmp is small, changes no local variable afterwards, and its caller cleans up. */
typedef struct encoder {
  struct jpeg_error_mgr errors; /* first: libjpeg hands back a pointer to it */
  struct jpeg_compress_struct jpeg;
  jmp_buf give_up;
  char problem[JMSG_LENGTH_MAX];
  unsigned char *file; /* owned; malloc'ed by libjpeg */
  unsigned long file_bytes;
} encoder;

static void encode_error(j_common_ptr jpeg) {
  encoder *self = (encoder *)(void *)jpeg->err;
  jpeg->err->format_message(jpeg, self->problem);
  longjmp(self->give_up, 1);
}

static void keep_silent(j_common_ptr jpeg) {
  (void)jpeg;
}

static bool encode(encoder *self, const uint8_t *rgb, int height, int width, int quality,
                   bool full_colour) {
  if (setjmp(self->give_up) != 0) return false;
  struct jpeg_compress_struct *jpeg = &self->jpeg;
  jpeg_create_compress(jpeg);
  jpeg_mem_dest(jpeg, &self->file, &self->file_bytes);
  jpeg->image_height = (JDIMENSION)height;
  jpeg->image_width = (JDIMENSION)width;
  jpeg->input_components = 3;
  jpeg->in_color_space = JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  int sampling = full_colour ? 1 : 2;
  jpeg->comp_info[0].h_samp_factor = jpeg->comp_info[0].v_samp_factor = sampling;
  jpeg_start_compress(jpeg, TRUE);
  while (jpeg->next_scanline < jpeg->image_height) {
    JSAMPROW row = (JSAMPROW)rgb + (size_t)jpeg->next_scanline * (size_t)width * 3;
    jpeg_write_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_compress(jpeg);
  return true;
}

vs_status vs_jpeg_encode(const uint8_t *rgb, int height, int width, int quality, bool full_colour,
                         uint8_t **jpeg, size_t *size) {
  *jpeg = NULL;
  *size = 0;
  if (height < 1 || width < 1 || height > VS_JPEG_MAX_SIDE || width > VS_JPEG_MAX_SIDE)
    return vs_fail(VS_ERR_LIMIT, "a JPEG of %d x %d pixels: sides must be 1 to %d", width, height,
                   VS_JPEG_MAX_SIDE);
  encoder self = {0};
  self.jpeg.err = jpeg_std_error(&self.errors);
  self.errors.error_exit = encode_error;
  self.errors.output_message = keep_silent;
  bool whole = encode(&self, rgb, height, width, quality, full_colour);
  jpeg_destroy_compress(&self.jpeg);
  if (!whole) {
    free(self.file);
    return vs_fail(VS_ERR_MEMORY, "cannot encode as JPEG: %s", self.problem);
  }
  *jpeg = self.file;
  *size = self.file_bytes;
  return VS_OK;
}
