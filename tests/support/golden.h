/* golden.h - reads the numbers that make_image_golden.py left in golden/image. */
#ifndef VS_TESTS_SUPPORT_GOLDEN_H
#define VS_TESTS_SUPPORT_GOLDEN_H

#include <stdio.h>

#include "core/base/file.h"

/* `count` floats of golden/image/<name>.f32, freed by the caller; fails the test if there are not
 * exactly that many. */
static inline float *golden_floats(const char *name, size_t count) {
  char path[1024], *data;
  size_t size;
  snprintf(path, sizeof path, "%s/image/%s.f32", TEST_GOLDEN_DIR, name);
  assert_ok(vs_file_read(path, 1 << 24, &data, &size));
  assert_int_equal(size, count * sizeof(float));
  return (float *)(void *)data;
}

#endif
