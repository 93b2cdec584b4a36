/* PNG files of every kind, damaged ones, and pictures opened by name. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/image/picture.h"
#include "core/image/png.h"

#define GOLDEN  TEST_GOLDEN_DIR "/image/"
#define SCRATCH TEST_SCRATCH_DIR "/png/"

static const char *const kinds[] = {
    "grey1",    "grey4-key",      "grey8", "grey16",   "greyalpha8",      "greyalpha16-interlaced",
    "palette2", "palette4-alpha", "rgb8",  "rgb8-key", "rgb8-interlaced", "rgb16",
    "rgba8",    "rgba16"};
enum { KINDS = sizeof kinds / sizeof kinds[0], HEIGHT = 6, WIDTH = 9 };

static void every_kind_becomes_rgb(void **state) {
  (void)state;
  for (int i = 0; i < KINDS; i++) {
    char path[1024], *expected;
    size_t size;
    snprintf(path, sizeof path, GOLDEN "%s.rgb", kinds[i]);
    assert_ok(vs_file_read(path, 1 << 20, &expected, &size));
    snprintf(path, sizeof path, GOLDEN "%s.png", kinds[i]);
    uint8_t *rgb;
    int height, width;
    assert_ok(vs_png_read(path, &rgb, &height, &width));
    assert_int_equal(height, HEIGHT);
    assert_int_equal(width, WIDTH);
    assert_int_equal(size, HEIGHT * WIDTH * 3);
    if (memcmp(rgb, expected, size) != 0) fail_msg("%s: other pixels than expected", path);
    free(rgb);
    free(expected);
  }
}

static uint32_t checksum(const uint8_t *data, size_t size) {
  uint32_t crc = ~0u;
  for (size_t i = 0; i < size; i++) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

/* Reads every pixel, so that the sanitizers see any that is not there. */
static vs_status read_and_drop(const char *path) {
  uint8_t *rgb;
  int height, width;
  vs_status status = vs_png_read(path, &rgb, &height, &width);
  assert_true((rgb != NULL) == (status == VS_OK));
  if (rgb != NULL) {
    volatile uint32_t all_read = checksum(rgb, (size_t)height * (size_t)width * 3);
    (void)all_read;
  }
  free(rgb);
  return status;
}

/* Without the fsync of vs_file_write, for thousands of files. */
static void write_raw(const char *path, const void *data, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

static void assert_refused(const char *path, vs_status expected) {
  assert_int_equal(read_and_drop(path), expected);
  if (strstr(vs_status_message(), path) == NULL)
    fail_msg("'%s' does not name %s", vs_status_message(), path);
}

static void what_is_no_png_is_refused(void **state) {
  (void)state;
  assert_refused(SCRATCH "missing.png", VS_ERR_IO);
  assert_refused(TEST_SCRATCH_DIR, VS_ERR_IO);
  assert_ok(vs_file_write(SCRATCH "empty.png", "", 0));
  assert_refused(SCRATCH "empty.png", VS_ERR_FORMAT);
  assert_ok(vs_file_write(SCRATCH "text.png", "a text that calls itself a picture", 34));
  assert_refused(SCRATCH "text.png", VS_ERR_FORMAT);
  assert_ok(vs_file_write(SCRATCH "signature.png", "\x89PNG\r\n\x1a\n", 8));
  assert_refused(SCRATCH "signature.png", VS_ERR_FORMAT);
}

static void huge_pictures_are_refused_by_their_header(void **state) {
  (void)state;
  assert_refused(GOLDEN "refused-wide.png", VS_ERR_LIMIT);
  assert_refused(GOLDEN "refused-tall.png", VS_ERR_LIMIT);
  assert_refused(GOLDEN "refused-many.png", VS_ERR_LIMIT);
}

/* Whatever is cut off, the last 12 bytes (IEND) too, is missed. */
static void truncated_files_are_refused(void **state) {
  (void)state;
  for (int i = 0; i < KINDS; i++) {
    char path[1024], *data;
    size_t size;
    snprintf(path, sizeof path, GOLDEN "%s.png", kinds[i]);
    assert_ok(vs_file_read(path, 1 << 20, &data, &size));
    for (size_t length = 0; length < size; length += length + 20 < size ? 7 : 1) {
      write_raw(SCRATCH "cut.png", data, length);
      assert_refused(SCRATCH "cut.png", VS_ERR_FORMAT);
    }
    free(data);
  }
}

static long peak_kilobytes(void) {
  char line[128];
  long peak = -1;
  FILE *file = fopen("/proc/self/status", "r");
  assert_non_null(file);
  while (peak < 0 && fgets(line, sizeof line, file) != NULL) sscanf(line, "VmPeak: %ld", &peak);
  fclose(file);
  assert_true(peak > 0);
  return peak;
}

/* A chunk of 201 MB in a file of a few dozen bytes costs no memory. */
static void lengths_are_not_believed(void **state) {
  (void)state;
  static const uint8_t claim[] = {0x0c, 0, 0, 0, 't', 'E', 'X', 't', 'a', 0, 0, 0, 0};
  char *data;
  size_t size;
  assert_ok(vs_file_read(GOLDEN "rgb8.png", 1 << 20, &data, &size));
  memcpy(data + 33, claim, sizeof claim); /* behind the header */
  write_raw(SCRATCH "claim.png", data, 33 + sizeof claim);
  free(data);
  const long before = peak_kilobytes();
  assert_refused(SCRATCH "claim.png", VS_ERR_FORMAT);
  assert_non_null(strstr(vs_status_message(), "ends too early"));
  assert_true(peak_kilobytes() - before < 100000);
}

/* Every chunk of these files counts and has a checksum, so no changed byte goes unnoticed; but for
 * IEND's checksum, which covers no pixel and which libpng 1.6.48 does not look at. */
static void changed_bytes_are_noticed(void **state) {
  (void)state;
  char *data, *expected;
  size_t size, expected_size;
  assert_ok(vs_file_read(GOLDEN "rgb8.png", 1 << 20, &data, &size));
  assert_ok(vs_file_read(GOLDEN "rgb8.rgb", 1 << 20, &expected, &expected_size));
  for (size_t i = 0; i < size; i++) {
    data[i] ^= 0x55;
    write_raw(SCRATCH "changed.png", data, size);
    uint8_t *rgb;
    int height, width;
    const vs_status status = vs_png_read(SCRATCH "changed.png", &rgb, &height, &width);
    if (status == VS_OK && i >= size - 4)
      assert_memory_equal(rgb, expected, expected_size);
    else if (status != VS_ERR_FORMAT && status != VS_ERR_LIMIT)
      fail_msg("byte %zu changed: status %d", i, (int)status);
    free(rgb);
    data[i] ^= 0x55;
  }
  free(expected);
  free(data);
}

/* Gives every chunk that lies within the file the checksum of what it now holds. */
static void repair_checksums(uint8_t *data, size_t size) {
  for (size_t at = 8; size - at >= 12;) {
    size_t length = (size_t)data[at] << 24 | (size_t)data[at + 1] << 16 |
                    (size_t)data[at + 2] << 8 | data[at + 3];
    if (length > size - at - 12) return;
    uint32_t crc = checksum(data + at + 4, length + 4);
    for (int i = 0; i < 4; i++) data[at + 8 + length + (size_t)i] = (uint8_t)(crc >> (24 - 8 * i));
    at += length + 12;
  }
}

/* Nonsense behind right checksums: never a crash (the sanitizers watch), and what is accepted is a
 * whole picture. */
static void forged_files_are_survived(void **state) {
  (void)state;
  enum { FORGERIES = 200 };
  vs_random_key key = vs_random_make_key(1, VS_RANDOM_TEST, 0);
  uint64_t drawn = 0;
  size_t accepted = 0, refused = 0;
  for (int i = 0; i < KINDS; i++) {
    char path[1024], *original;
    size_t size;
    snprintf(path, sizeof path, GOLDEN "%s.png", kinds[i]);
    assert_ok(vs_file_read(path, 1 << 20, &original, &size));
    uint8_t *forged = malloc(size);
    assert_non_null(forged);
    for (int k = 0; k < FORGERIES; k++) {
      memcpy(forged, original, size);
      for (int changes = 1 + k % 3; changes > 0; changes--) {
        size_t at = 8 + vs_random_bits(key, drawn++) % (size - 8);
        forged[at] = (uint8_t)vs_random_bits(key, drawn++);
      }
      repair_checksums(forged, size);
      write_raw(SCRATCH "forged.png", forged, size);
      vs_status status = read_and_drop(SCRATCH "forged.png");
      if (status == VS_OK)
        accepted++;
      else if (status == VS_ERR_FORMAT || status == VS_ERR_LIMIT)
        refused++;
      else
        fail_msg("%s, forgery %d: status %d", kinds[i], k, (int)status);
    }
    free(forged);
    free(original);
  }
  assert_true(accepted > 0 && refused > 0);
}

static void what_is_written_is_read_back(void **state) {
  (void)state;
  static const int sizes[][2] = {{1, 1}, {1, 40}, {33, 1}, {37, 53}};
  for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
    int height = sizes[k][0], width = sizes[k][1], h, w;
    size_t count = (size_t)height * (size_t)width * 3;
    uint8_t *bytes = malloc(count), *back;
    assert_non_null(bytes);
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(i * 131 + i / 7);
    assert_ok(vs_png_write(SCRATCH "written.png", bytes, height, width));
    assert_false(vs_file_exists(SCRATCH "written.png.part"));
    assert_ok(vs_png_read(SCRATCH "written.png", &back, &h, &w));
    assert_int_equal(h, height);
    assert_int_equal(w, width);
    assert_memory_equal(back, bytes, count);
    free(back);
    free(bytes);
  }
}

static void a_failed_write_says_where(void **state) {
  (void)state;
  const uint8_t pixel[3] = {1, 2, 3};
  const char *nowhere = SCRATCH "no/such/folder.png";
  assert_int_equal(vs_png_write(nowhere, pixel, 1, 1), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), nowhere));
  assert_int_equal(vs_png_write(SCRATCH "none.png", pixel, 0, 1), VS_ERR_LIMIT);
  assert_int_equal(vs_png_write(SCRATCH "none.png", pixel, 1, VS_PICTURE_MAX_SIDE + 1),
                   VS_ERR_LIMIT);
  assert_false(vs_file_exists(SCRATCH "none.png"));
}

static void pictures_open_by_name(void **state) {
  (void)state;
  vs_picture picture;
  assert_ok(vs_picture_open(&picture, "builtin:mondrian"));
  assert_int_equal(picture.height, 512);
  assert_int_equal(picture.width, 512);
  vs_picture_clear(&picture);
  vs_picture_clear(&picture);
  assert_ok(vs_picture_open(&picture, GOLDEN "grey8.png"));
  assert_int_equal(picture.height, HEIGHT);
  assert_int_equal(picture.width, WIDTH);
  vs_picture half;
  assert_ok(vs_picture_resized(&half, &picture, 3, 4));
  assert_int_equal(half.height, 3);
  assert_int_equal(half.width, 4);
  vs_picture_clear(&half);
  assert_int_equal(vs_picture_resized(&half, &picture, 3, 0), VS_ERR_LIMIT);
  assert_null(half.rgb);
  vs_picture_clear(&picture);
  assert_int_equal(vs_picture_open(&picture, "builtin:monet"), VS_ERR_USAGE);
  assert_null(picture.rgb);
  assert_int_equal(vs_picture_open(&picture, SCRATCH "missing.png"), VS_ERR_IO);
  assert_null(picture.rgb);
}

static void bytes_and_floats_convert(void **state) {
  (void)state;
  uint8_t bytes[256], back[256];
  float floats[256];
  for (int i = 0; i < 256; i++) bytes[i] = (uint8_t)i;
  vs_picture_from_bytes(bytes, floats, 256);
  assert_true(floats[255] == 1.0f && floats[0] == 0.0f);
  vs_picture_to_bytes(floats, back, 256);
  assert_memory_equal(back, bytes, 256);
  const float odd[6] = {-3.0f, 7.0f, NAN, INFINITY, -INFINITY, 0.5f};
  const uint8_t expected[6] = {0, 255, 0, 255, 0, 128};
  vs_picture_to_bytes(odd, back, 6);
  assert_memory_equal(back, expected, 6);
}

static int make_scratch(void **state) {
  (void)state;
  return vs_file_make_folder(SCRATCH) == VS_OK ? 0 : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_becomes_rgb),
      cmocka_unit_test(what_is_no_png_is_refused),
      cmocka_unit_test(huge_pictures_are_refused_by_their_header),
      cmocka_unit_test(truncated_files_are_refused),
      cmocka_unit_test(lengths_are_not_believed),
      cmocka_unit_test(changed_bytes_are_noticed),
      cmocka_unit_test(forged_files_are_survived),
      cmocka_unit_test(what_is_written_is_read_back),
      cmocka_unit_test(a_failed_write_says_where),
      cmocka_unit_test(pictures_open_by_name),
      cmocka_unit_test(bytes_and_floats_convert),
  };
  return cmocka_run_group_tests(tests, make_scratch, NULL);
}
