/* JPEG: what is encoded is the picture still, in both samplings; limits. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/image/jpeg.h"

enum { HEIGHT = 37, WIDTH = 50, QUALITY = 90 }; /* no multiples of a block */

/* Mean difference of a byte: of the smooth picture below libjpeg-turbo gives 1.2 (4:4:4) and 1.1
 * (4:2:0) at this quality; exchanged channels give 33 and more. */
#define TOLERANCE 3.0

static void fill(uint8_t *rgb) {
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++, rgb += 3) {
      rgb[0] = (uint8_t)(40 + 4 * x);
      rgb[1] = (uint8_t)(30 + 5 * y);
      rgb[2] = (uint8_t)(128 + 60 * sin(0.2 * x) * cos(0.2 * y));
    }
}

static void decode(uint8_t *jpeg, size_t size, uint8_t *rgb) {
  struct jpeg_error_mgr errors; /* its own way to fail ends the test program */
  struct jpeg_decompress_struct decoder = {.err = jpeg_std_error(&errors)};
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, jpeg, size);
  assert_int_equal(jpeg_read_header(&decoder, TRUE), JPEG_HEADER_OK);
  assert_int_equal(decoder.image_height, HEIGHT);
  assert_int_equal(decoder.image_width, WIDTH);
  assert_int_equal(decoder.num_components, 3);
  jpeg_start_decompress(&decoder);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW row = rgb + (size_t)decoder.output_scanline * WIDTH * 3;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
}

static void pictures_survive(void **state) {
  (void)state;
  static uint8_t rgb[HEIGHT * WIDTH * 3], decoded[HEIGHT * WIDTH * 3];
  fill(rgb);
  for (int full = 0; full <= 1; full++) {
    uint8_t *jpeg, *again;
    size_t size, size_again;
    assert_ok(vs_jpeg_encode(rgb, HEIGHT, WIDTH, QUALITY, full == 1, &jpeg, &size));
    assert_ok(vs_jpeg_encode(rgb, HEIGHT, WIDTH, QUALITY, full == 1, &again, &size_again));
    assert_int_equal(size, size_again);
    assert_memory_equal(jpeg, again, size);
    decode(jpeg, size, decoded);
    double sum = 0.0;
    for (size_t i = 0; i < sizeof rgb; i++) sum += abs(rgb[i] - decoded[i]);
    double mean = sum / (double)sizeof rgb;
    if (!(mean < TOLERANCE)) fail_msg("full colour %d: mean difference %g", full, mean);
    free(jpeg);
    free(again);
  }
}

static void sides_are_limited(void **state) {
  (void)state;
  const uint8_t rgb[3] = {1, 2, 3};
  uint8_t *jpeg;
  size_t size;
  static const int sides[][2] = {{0, 1}, {1, 0}, {-1, 1}, {VS_JPEG_MAX_SIDE + 1, 1}, {1, 1 << 30}};
  for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
    assert_int_equal(vs_jpeg_encode(rgb, sides[i][0], sides[i][1], QUALITY, true, &jpeg, &size),
                     VS_ERR_LIMIT);
    assert_null(jpeg);
  }
  assert_ok(vs_jpeg_encode(rgb, 1, 1, QUALITY, true, &jpeg, &size));
  free(jpeg);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(pictures_survive),
                                     cmocka_unit_test(sides_are_limited)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
