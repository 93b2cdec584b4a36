/* weight_bytes.h - small weight files made in memory, for the tests of the readers.
 *
 * VGG16's shapes are fixed, but a reader that is asked for conv1_1 alone (last_conv = 0) needs no
 * more than 7 kB of tensors: weight (64,3,3,3) and bias (64). */
#ifndef VS_TESTS_SUPPORT_WEIGHT_BYTES_H
#define VS_TESTS_SUPPORT_WEIGHT_BYTES_H

#include "tests/support/unit.h"

#include <ctype.h>
#include <string.h>

#include "core/base/random.h"
#include "core/vgg/weights_readers.h"

enum {
  WEIGHTS = 64 * 27, /* numbers in the kernel of conv1_1 */
  BIASES = 64,
  WEIGHT_BYTES = 4 * WEIGHTS,
  BIAS_BYTES = 4 * BIASES
};

typedef struct bytes {
  unsigned char data[1 << 19];
  size_t size;
} bytes;

static inline void put(bytes *out, const void *data, size_t size) {
  assert_true(size <= sizeof out->data - out->size);
  memcpy(out->data + out->size, data, size);
  out->size += size;
}

static inline void put_text(bytes *out, const char *text) {
  put(out, text, strlen(text));
}

/* Little-endian, as the machines are that run these tests. */
static inline void put_u64(bytes *out, uint64_t number) {
  put(out, &number, sizeof number);
}

static inline void put_u32(bytes *out, uint32_t number) {
  put(out, &number, sizeof number);
}

/* The numbers that the small files hold: exact in float16 and bfloat16 too. */
static inline float small_number(size_t i) {
  return (float)((int)(i % 251) - 125) / 128.0f;
}

static inline void put_numbers(bytes *out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float number = small_number(i);
    put(out, &number, sizeof number);
  }
}

typedef vs_status reader(const vs_weights_file *file, vs_weights_raw *raw);

/* Runs a reader, asking for conv1_1, on bytes of its own exact allocation, so that a sanitizer sees
 * any step outside of them. A file that is read must hold what small_number() says. */
static inline vs_status read_conv1_1(reader *read, const unsigned char *data, size_t size,
                                     bool compare) {
  unsigned char *copy = test_malloc(size + 1);
  memcpy(copy + 1, data, size); /* odd addresses: nothing may depend on alignment */
  vs_weights_file file = {.path = "memory", .data = copy + 1, .size = size};
  vs_weights_raw raw = {.last_conv = 0};
  vs_status status = read(&file, &raw);
  if (status == VS_OK) status = vs_weights_raw_check(&raw);
  if (status == VS_OK && compare) {
    for (size_t i = 0; i < WEIGHTS; i++) assert_true(raw.kernel[0][i] == small_number(i));
    for (size_t i = 0; i < BIASES; i++) assert_true(raw.bias[0][i] == small_number(i));
  }
  vs_weights_raw_clear(&raw);
  test_free(copy);
  return status;
}

/* A failure that comes from the file, with a message fit for a terminal that has `part` in it. */
static inline void assert_refused(vs_status status, const char *part) {
  const char *message = vs_status_message();
  if (status != VS_ERR_FORMAT && status != VS_ERR_LIMIT)
    fail_msg("status %d where a refusal with '%s' was expected", (int)status, part);
  if (part[0] != '\0' && strstr(message, part) == NULL)
    fail_msg("'%s' is not in: %s", part, message);
  for (const char *c = message; *c != '\0'; c++)
    if (!isprint((unsigned char)*c)) fail_msg("byte 0x%02x in: %s", (unsigned char)*c, message);
}

/* Every beginning of a file must be refused. */
static inline void assert_truncations_refused(reader *read, const bytes *whole) {
  for (size_t size = 0; size < whole->size; size++)
    assert_refused(read_conv1_1(read, whole->data, size, false), "");
}

/* Changes up to 8 bytes of a valid file between `begin` and `end`, `rounds` times: each result is
 * read or refused. Deterministic: round r of a stream is always the same file. */
static inline void assert_mutations_survive(reader *read, const bytes *whole, size_t begin,
                                            size_t end, uint64_t stream, uint32_t rounds) {
  static bytes changed;
  for (uint32_t round = 0; round < rounds; round++) {
    vs_random_key key = vs_random_make_key(stream, VS_RANDOM_TEST, round);
    memcpy(changed.data, whole->data, whole->size);
    uint32_t changes = 1 + vs_random_bits(key, 0) % 8;
    for (uint32_t i = 0; i < changes; i++) {
      size_t where = begin + vs_random_bits(key, 2 * i + 1) % (end - begin);
      uint32_t what = vs_random_bits(key, 2 * i + 2);
      /* half of them copy a byte from elsewhere: that keeps more of the grammar */
      changed.data[where] = (what & 1u) != 0 ? (unsigned char)(what >> 8)
                                             : whole->data[begin + (what >> 8) % (end - begin)];
    }
    vs_status status = read_conv1_1(read, changed.data, whole->size, false);
    if (status != VS_OK) assert_refused(status, "");
  }
}

#endif
