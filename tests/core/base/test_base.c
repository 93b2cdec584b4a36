/* Status messages, arena, counter-based random numbers, files and digests. */
#include "tests/support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/grow.h"
#include "core/base/random.h"
#include "core/base/sha256.h"

static void messages_gather_context(void **state) {
  (void)state;
  vs_status status = vs_fail(VS_ERR_FORMAT, "tensor %d is short", 3);
  assert_int_equal(vs_status_context(status, "file.bin"), VS_ERR_FORMAT);
  assert_string_equal(vs_status_message(), "file.bin: tensor 3 is short");
  assert_int_equal(vs_status_context(VS_OK, "elsewhere"), VS_OK);
  assert_string_equal(vs_status_message(), "file.bin: tensor 3 is short");
  vs_fail(VS_ERR_IO, "again: %s", vs_status_message()); /* the argument is the buffer itself */
  assert_string_equal(vs_status_message(), "again: file.bin: tensor 3 is short");
}

static void clocks_run_in_seconds(void **state) {
  (void)state;
  const struct timespec pause = {0, 20000000};
  const double began = vs_clock_seconds(), date = vs_clock_unix_seconds();
  nanosleep(&pause, NULL);
  const double took = vs_clock_seconds() - began;
  assert_true(took >= 0.02 && took < 60.0);
  assert_true(fabs(date - (double)time(NULL)) < 60.0);
}

static void *plan_something(vs_arena *arena) {
  vs_arena_take(arena, 3, 1);
  return vs_arena_floats(arena, 100);
}

static void an_arena_gives_places_again(void **state) {
  (void)state;
  vs_arena measure = vs_arena_measure();
  vs_arena_floats(&measure, 16);
  vs_arena_floats(&measure, 160);
  vs_arena_rewind(&measure, 64);
  vs_arena_floats(&measure, 32);
  assert_int_equal(measure.used_bytes, 64 + 128);
  assert_int_equal(measure.peak_bytes, 64 + 640);
  vs_arena arena;
  assert_ok(vs_arena_init(&arena, measure.peak_bytes));
  float *kept = vs_arena_floats(&arena, 16), *first = vs_arena_floats(&arena, 160);
  for (int i = 0; i < 16; i++) kept[i] = 1.0f;
  for (int i = 0; i < 160; i++) first[i] = 2.0f;
  vs_arena_rewind(&arena, 64);
  float *second = vs_arena_floats(&arena, 160);
  assert_ptr_equal(second, first);
  for (int i = 0; i < 16; i++) assert_true(kept[i] == 1.0f);
  for (int i = 0; i < 160; i++) assert_true(second[i] == 0.0f);
  vs_arena_clear(&arena);
}

static void an_arena_measures_what_it_hands_out(void **state) {
  (void)state;
  vs_arena measure = vs_arena_measure();
  assert_null(plan_something(&measure));
  assert_int_equal(measure.used_bytes, 64 + 448);
  vs_arena arena;
  assert_ok(vs_arena_init(&arena, measure.used_bytes));
  float *floats = plan_something(&arena);
  assert_int_equal((uintptr_t)floats % VS_ARENA_ALIGNMENT, 0);
  for (int i = 0; i < 100; i++) assert_true(floats[i] == 0.0f);
  assert_int_equal(arena.used_bytes, measure.used_bytes);
  vs_arena_clear(&arena);
  vs_arena_clear(&arena);
}

/* Known answer of Random123's kat_vectors for philox4x32-10 with counter and key 0. */
static void random_bits_are_philox(void **state) {
  (void)state;
  vs_random_key zero = {0};
  const uint32_t known[4] = {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u};
  for (uint64_t i = 0; i < 4; i++) assert_int_equal(vs_random_bits(zero, i), known[i]);
}

static void random_numbers_depend_on_key_and_index_alone(void **state) {
  (void)state;
  vs_random_key key = vs_random_make_key(42, VS_RANDOM_TEST, 7);
  enum { N = 40001 };
  static float numbers[N];
  vs_random_fill_normal(key, 2.0f, numbers, N);
  double sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < N; i++) {
    sum += (double)numbers[i];
    squares += (double)numbers[i] * (double)numbers[i];
  }
  assert_true(numbers[N - 1] == 2.0f * vs_random_normal(key, N - 1));
  assert_true(numbers[123] == 2.0f * vs_random_normal(key, 123));
  /* 5 standard errors of the mean and of the variance of 40,001 normals */
  assert_true(fabs(sum / N) < 5.0 * 2.0 / sqrt(N));
  assert_true(fabs(squares / N - 4.0) < 5.0 * 4.0 * sqrt(2.0 / N));
  vs_random_key next = vs_random_make_key(42, VS_RANDOM_TEST, 8);
  assert_true(vs_random_bits(key, 0) != vs_random_bits(next, 0));
  for (uint64_t i = 0; i < 1000; i++) {
    float u = vs_random_uniform(key, i);
    assert_true(u > 0.0f && u < 1.0f);
  }
}

static void files_appear_whole(void **state) {
  (void)state;
  const char *folder = TEST_SCRATCH_DIR "/base/deep/er";
  assert_ok(vs_file_make_folder(folder));
  assert_ok(vs_file_make_folder(folder));
  char path[512];
  assert_ok(vs_file_join(path, sizeof path, folder, "a.txt"));
  assert_ok(vs_file_write(path, "hello", 5));
  char *data;
  size_t size;
  assert_ok(vs_file_read(path, 5, &data, &size));
  assert_int_equal(size, 5);
  assert_string_equal(data, "hello");
  free(data);
  assert_int_equal(vs_file_read(path, 4, &data, &size), VS_ERR_LIMIT);
  assert_null(data);
  assert_int_equal(vs_file_read(folder, 100, &data, &size), VS_ERR_IO);
  assert_int_equal(vs_file_make_folder(path), VS_ERR_IO);
  char hex[VS_SHA256_HEX], again[VS_SHA256_HEX];
  assert_ok(vs_sha256_file(path, hex));
  assert_ok(vs_sha256("hello", 5, again));
  assert_string_equal(hex, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  assert_string_equal(hex, again);
  char other[256];
  snprintf(other, sizeof other, "%s/./%s", folder, strrchr(path, '/') + 1);
  assert_true(vs_file_is_same(path, path) && vs_file_is_same(path, other));
  assert_false(vs_file_is_same(path, folder));
  unlink(path);
  assert_false(vs_file_exists(path));
  assert_true(vs_file_is_same(path, path)); /* by name, as neither is there */
  assert_false(vs_file_is_same(path, other));
}

/* A link that leads back to itself stands for a disk that errs: what is there cannot be told. */
static void absent_is_only_what_is_not_there(void **state) {
  (void)state;
  const char *folder = TEST_SCRATCH_DIR "/base/found";
  assert_ok(vs_file_make_folder(folder));
  char path[512], below[600];
  bool is_there = true;
  assert_ok(vs_file_join(path, sizeof path, folder, "link"));
  unlink(path);
  assert_ok(vs_file_find(path, &is_there));
  assert_false(is_there);
  assert_ok(vs_file_find(folder, &is_there));
  assert_true(is_there);
  assert_ok(vs_file_write(path, "hello", 5));
  snprintf(below, sizeof below, "%s/below", path);
  assert_ok(vs_file_find(below, &is_there)); /* a file is no folder: nothing is in it */
  assert_false(is_there);
  unlink(path);
  assert_int_equal(symlink("link", path), 0);
  assert_int_equal(vs_file_find(path, &is_there), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), path));
  assert_false(is_there || vs_file_exists(path));
  unlink(path);
}

static void arrays_grow(void **state) {
  (void)state;
  size_t room = 0;
  int *values = NULL;
  for (size_t count = 0; count < 1000; count++) {
    int *grown = vs_grow(values, &room, count + 1, sizeof *grown);
    assert_non_null(grown);
    assert_true(room > count);
    values = grown;
    values[count] = (int)count;
  }
  for (int i = 0; i < 1000; i++) assert_int_equal(values[i], i);
  assert_in_range(room, 1000, 2048);
  assert_null(vs_grow(values, &room, SIZE_MAX / 2, sizeof *values));
  assert_null(vs_grow(values, &room, SIZE_MAX, 1));
  assert_int_equal(values[999], 999);
  free(values);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(messages_gather_context),
      cmocka_unit_test(clocks_run_in_seconds),
      cmocka_unit_test(an_arena_measures_what_it_hands_out),
      cmocka_unit_test(an_arena_gives_places_again),
      cmocka_unit_test(random_bits_are_philox),
      cmocka_unit_test(random_numbers_depend_on_key_and_index_alone),
      cmocka_unit_test(files_appear_whole),
      cmocka_unit_test(absent_is_only_what_is_not_there),
      cmocka_unit_test(arrays_grow),
  };
  return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
