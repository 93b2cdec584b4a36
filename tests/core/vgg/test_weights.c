/* Loading weights: families, the builtin file, what is no weight file, safetensors. */
#include "tests/support/weight_bytes.h"

#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/vgg/weights_digest.h"

/* --- families --------------------------------------------------------------------------------- */

static void families_prepare_pictures(void **state) {
  (void)state;
  const double rgb[3] = {.25, .5, 1.0};
  const struct {
    vs_family family;
    double input[3];
  } cases[] = {
      {VS_FAMILY_TORCHVISION, {(.25 - .485) / .229, (.5 - .456) / .224, (1.0 - .406) / .225}},
      {VS_FAMILY_KERAS, {255.0 - 103.939, 127.5 - 116.779, 63.75 - 123.68}},
      {VS_FAMILY_CAFFE, {255.0 - 103.939, 127.5 - 116.779, 63.75 - 123.68}},
      {VS_FAMILY_AMDEGROOT,
       {(.25 - .48235) * 255.0, (.5 - .45882) * 255.0, (1.0 - .40784) * 255.0}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_preprocess p = vs_weights_family_preprocess(cases[i].family);
    for (int c = 0; c < 3; c++) {
      double input = rgb[p.source[c]] * (double)p.scale[c] + (double)p.offset[c];
      /* scale and offset are rounded to float32 once, each at most 255 in size */
      assert_true(fabs(input - cases[i].input[c]) < 4e-5);
    }
    assert_int_equal(vs_weights_family_find(vs_weights_family_name(cases[i].family)),
                     cases[i].family);
  }
  assert_int_equal(vs_weights_family_find("Torchvision"), VS_FAMILY_UNKNOWN);
  assert_int_equal(vs_weights_family_find("unknown"), VS_FAMILY_UNKNOWN);
  assert_string_equal(vs_weights_family_name(VS_FAMILY_UNKNOWN), "unknown");
}

/* --- number types ----------------------------------------------------------------------------- */

static double value_of_half(unsigned bits) {
  unsigned exponent = bits >> 10 & 31u, fraction = bits & 1023u;
  double magnitude = exponent == 0    ? ldexp(fraction, -24)
                     : exponent == 31 ? (fraction == 0 ? (double)INFINITY : (double)NAN)
                                      : ldexp(1024 + fraction, (int)exponent - 25);
  return (bits & 0x8000u) != 0 ? -magnitude : magnitude;
}

static void every_half_is_converted_exactly(void **state) {
  (void)state;
  for (unsigned bits = 0; bits < 65536; bits++) {
    const unsigned char file[3] = {0, (unsigned char)bits, (unsigned char)(bits >> 8)};
    float got;
    vs_weights_raw_to_float(VS_DTYPE_F16, file + 1, &got, 1);
    double want = value_of_half(bits);
    if (isnan(want))
      assert_true(isnan(got));
    else
      assert_true((double)got == want && !signbit(got) == !signbit(want));
    uint32_t upper;
    vs_weights_raw_to_float(VS_DTYPE_BF16, file + 1, &got, 1);
    memcpy(&upper, &got, sizeof upper);
    assert_int_equal(upper, bits << 16);
  }
}

/* --- the builtin file ------------------------------------------------------------------------- */

static void builtin_weights_load(void **state) {
  (void)state;
  unsetenv("VGGSWEEP_DATA");
  vs_weights weights;
  assert_ok(vs_weights_load(&weights, "builtin", VS_FAMILY_UNKNOWN, 12));
  assert_int_equal(weights.family, VS_FAMILY_TORCHVISION);
  assert_int_equal(weights.format, VS_WEIGHTS_SAFETENSORS);
  char path[4096], sha256[VS_SHA256_HEX];
  assert_ok(vs_weights_builtin_path(path, sizeof path));
  assert_ok(vs_sha256_file(path, sha256));
  assert_string_equal(weights.sha256, sha256);
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    assert_int_equal(weights.conv[conv].in_channels, vs_vgg16_in_channels(conv));
    assert_int_equal(weights.conv[conv].out_channels,
                     vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels);
    assert_non_null(weights.conv[conv].forward);
  }
  vs_weights_clear(&weights);
  vs_weights_clear(&weights);

  assert_ok(vs_weights_load(&weights, path, VS_FAMILY_TORCHVISION, 3));
  assert_non_null(weights.conv[3].forward);
  assert_null(weights.conv[4].forward); /* nothing beyond what was asked for */
  vs_weights_clear(&weights);

  assert_int_equal(vs_weights_load(&weights, "builtin", VS_FAMILY_KERAS, 0), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), "torchvision, not keras"));
  assert_null(weights.conv[0].forward);
}

static void the_builtin_file_is_looked_for(void **state) {
  (void)state;
  char path[4096];
  setenv("VGGSWEEP_DATA", TEST_SCRATCH_DIR "/nowhere", 1);
  assert_int_equal(vs_weights_builtin_path(path, sizeof path), VS_ERR_IO);
  assert_non_null(
      strstr(vs_status_message(), TEST_SCRATCH_DIR "/nowhere/weights/vgg16-textures.safetensors"));
  vs_weights weights;
  assert_int_equal(vs_weights_load(&weights, "builtin", VS_FAMILY_UNKNOWN, 0), VS_ERR_IO);
  unsetenv("VGGSWEEP_DATA");
  assert_ok(vs_weights_builtin_path(path, sizeof path));
  assert_int_equal(vs_weights_builtin_path(path, 10), VS_ERR_LIMIT);

  assert_ok(vs_file_make_folder(TEST_SCRATCH_DIR "/data/weights"));
  char link[] = TEST_SCRATCH_DIR "/data/weights/vgg16-textures.safetensors";
  unlink(link);
  assert_ok(vs_weights_builtin_path(path, sizeof path));
  assert_int_equal(symlink(path, link), 0);
  setenv("VGGSWEEP_DATA", TEST_SCRATCH_DIR "/data", 1);
  assert_ok(vs_weights_builtin_path(path, sizeof path));
  assert_string_equal(path, link);
  unsetenv("VGGSWEEP_DATA");
}

/* --- safetensors ------------------------------------------------------------------------------ */

#define ENTRY(name, dtype, shape, begin, end)                                                      \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[" begin "," end "]" \
  "}"
#define WEIGHT          ENTRY("features.0.weight", "F32", "[64,3,3,3]", "0", "6912")
#define BIAS            ENTRY("features.0.bias", "F32", "[64]", "6912", "7168")
#define BIAS_LIKE(name) ENTRY(name, "F32", "[64]", "7168", "7424")

static void make_safetensors(bytes *file, const char *header, size_t payload_bytes) {
  file->size = 0;
  put_u64(file, strlen(header));
  put_text(file, header);
  put_numbers(file, WEIGHTS);
  put_numbers(file, BIASES);
  put_numbers(file, BIASES);
  file->size = 8 + strlen(header) + payload_bytes;
}

static bytes file; /* half a megabyte, too much for the stack */

static void safetensors_are_read(void **state) {
  (void)state;
  static const char *const headers[] = {
      "{" WEIGHT "," BIAS "}",
      "{" BIAS "," WEIGHT "}     ",
      "{\"__metadata__\":{\"a\":\"b\"}," WEIGHT "," BIAS "}",
      "{\"module.features.0.weight\""
      ":{\"dtype\":\"F32\",\"shape\":[64,3,3,3],\"data_offsets\":[0,6912]}," BIAS "}",
  };
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
    make_safetensors(&file, headers[i], WEIGHT_BYTES + BIAS_BYTES);
    assert_ok(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, true));
  }
  make_safetensors(&file, "{" WEIGHT "," BIAS "," BIAS_LIKE("classifier.0.bias") "}", 7424);
  assert_ok(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, true));
}

static void safetensors_of_16_bits_are_read(void **state) {
  (void)state;
  static const char header[] =
      "{" ENTRY("features.0.weight", "BF16", "[64,3,3,3]", "0",
                "3456") "," ENTRY("features.0.bias", "F16", "[64]", "3456", "3584") "}";
  file.size = 0;
  put_u64(&file, sizeof header - 1);
  put_text(&file, header);
  for (size_t i = 0; i < WEIGHTS; i++) {
    float number = small_number(i);
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    uint16_t upper = (uint16_t)(bits >> 16);
    put(&file, &upper, sizeof upper);
  }
  for (size_t i = 0; i < BIASES; i++) {
    uint16_t half = 0; /* the one with this value; there is exactly one but for zero */
    while (value_of_half(half) != (double)small_number(i)) half++;
    put(&file, &half, sizeof half);
  }
  assert_ok(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, true));
}

static void damaged_safetensors_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *header;
    size_t payload_bytes;
    const char *message;
  } cases[] = {
      {"", 7168, "does not begin with {"},
      {" {" WEIGHT "," BIAS "}", 7168, "does not begin with {"},
      {"{" WEIGHT "," BIAS, 7168, "not valid JSON"},
      {"{" WEIGHT "," BIAS "}x", 7168, "not valid JSON"},
      {"{" WEIGHT "," WEIGHT "," BIAS "}", 7168, "duplicate"},
      {"{\"a\x01\xff\"", 7168, "not valid JSON"},
      {"{" WEIGHT "," BIAS "}", 7167, "cut short"},
      {"{" WEIGHT "," BIAS "}", 7169, "1 bytes follow"},
      {"{}", 0, "no tensor features.0.weight"},
      {"{}", 1, "1 bytes follow"},
      {"{" WEIGHT "}", 6912, "no tensor features.0.bias"},
      {"{" ENTRY("features.0.bias", "F32", "[64]", "0", "256") "}", 256,
       "no tensor features.0.weight"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "6916", "7172") "}", 7172, "a hole"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "6908", "7164") "}", 7164,
       "overlaps"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "6912", "7167") "}", 7168,
       "do not fit its shape"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "7168", "6912") "}", 7168,
       "do not fit its shape"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "-256", "0") "}", 7168,
       "not two whole numbers"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64]", "6912", "7168.0") "}", 7168,
       "not two whole numbers"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[-64]", "6912", "7168") "}", 7168,
       "whole numbers from 0"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64.0]", "6912", "7168") "}", 7168,
       "whole numbers from 0"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "64", "6912", "7168") "}", 7168,
       "not a list"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[64,1,1,1,1,1,1,1,1]", "6912", "7168") "}",
       7168, "too many dimensions"},
      {"{" ENTRY("x", "F32", "[4294967296,4294967296]", "0", "0") "}", 0, "overflows"},
      {"{" ENTRY("x", "F64", "[2305843009213693952]", "0", "0") "}", 0, "overflows"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F33", "[64]", "6912", "7168") "}", 7168,
       "none that is known"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "I32", "[64]", "6912", "7168") "}", 7168,
       "none of F32, F16, BF16"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[32,2]", "6912", "7168") "}", 7168,
       "features.0.bias has shape (32,2), in VGG16 it is (64)"},
      {"{" WEIGHT "," ENTRY("features.0.bias", "F32", "[]", "6912", "6916") "}", 6916,
       "features.0.bias has shape ()"},
      {"{" WEIGHT ",\"features.0.bias\":[]}", 7168, "needs dtype, shape and data_offsets"},
      {"{\"__metadata__\":1," WEIGHT "," BIAS "}", 7168, "__metadata__ is not an object"},
      {"{\"__metadata__\":{\"preprocessing\":1}," WEIGHT "," BIAS "}", 7168, "than texts"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("module.features.0.bias") "}", 7424, "twice"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.16.bias") "}", 7424, "VGG19"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.30.weight") "}", 7424, "VGG19"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.1.weight") "}", 7424, "batch normalization"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.5.running_var") "}", 7424,
       "batch normalization"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.3.weight") "}", 7424, "another network"},
      {"{" WEIGHT "," BIAS "," BIAS_LIKE("features.99999999999999999999.bias") "}", 7424, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    make_safetensors(&file, cases[i].header, cases[i].payload_bytes);
    vs_status status = read_conv1_1(vs_weights_safetensors_read, file.data, file.size, false);
    if (cases[i].message[0] == '\0')
      assert_ok(status); /* no number that a layer has: nobody's business */
    else
      assert_refused(status, cases[i].message);
  }
}

static void lengths_of_safetensors_are_checked(void **state) {
  (void)state;
  static const uint64_t lengths[] = {UINT64_MAX, UINT64_MAX - 7, INT64_MAX, 100000001, 7000, 0};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168 - 400);
    memcpy(file.data, &lengths[i], sizeof lengths[i]);
    assert_refused(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, false),
                   "header");
  }
  make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168);
  assert_truncations_refused(vs_weights_safetensors_read, &file);
  file.size = 0; /* JSON nested far beyond what any parser follows */
  put_u64(&file, 100000);
  put_text(&file, "{\"a\":");
  while (file.size < 100008) put_text(&file, "[");
  assert_refused(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, false), "depth");
}

static void values_that_are_not_finite_are_refused(void **state) {
  (void)state;
  static const float values[] = {NAN, INFINITY, -INFINITY};
  static const size_t places[] = {0, 1000, WEIGHTS - 1};
  for (size_t i = 0; i < 3; i++) {
    make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168);
    memcpy(file.data + file.size - 7168 + 4 * places[i], &values[i], sizeof values[i]);
    char message[64];
    snprintf(message, sizeof message, "features.0.weight: number %zu is", places[i]);
    assert_refused(read_conv1_1(vs_weights_safetensors_read, file.data, file.size, false), message);
  }
}

static void mutated_safetensors_do_no_harm(void **state) {
  (void)state;
  make_safetensors(&file, "{\"__metadata__\":{\"preprocessing\":\"caffe\"}," WEIGHT "," BIAS "}",
                   7168);
  assert_mutations_survive(vs_weights_safetensors_read, &file, 0, file.size - 7168, 1, 4000);
}

static vs_family family_of(const char *metadata) {
  char header[1024];
  snprintf(header, sizeof header, "{%s" WEIGHT "," BIAS "}", metadata);
  make_safetensors(&file, header, 7168);
  vs_weights_file memory = {.path = "memory", .data = file.data, .size = file.size};
  vs_weights_raw raw = {.last_conv = 0};
  assert_ok(vs_weights_safetensors_read(&memory, &raw));
  vs_family family = raw.family;
  vs_weights_raw_clear(&raw);
  return family;
}

static void metadata_tells_the_family(void **state) {
  (void)state;
  assert_int_equal(family_of(""), VS_FAMILY_UNKNOWN);
  assert_int_equal(family_of("\"__metadata__\":{\"preprocessing\":\"caffe\"},"), VS_FAMILY_CAFFE);
  assert_int_equal(family_of("\"__metadata__\":{\"preprocessing\":\"RGB, somehow\"},"),
                   VS_FAMILY_UNKNOWN);
}

/* --- whole files ------------------------------------------------------------------------------ */

static const char scratch[] = TEST_SCRATCH_DIR "/weights.bin";

static vs_status load_scratch(const void *data, size_t size, vs_family family) {
  vs_weights weights;
  assert_ok(vs_file_write(scratch, data, size));
  vs_status status = vs_weights_load(&weights, scratch, family, 0);
  vs_weights_clear(&weights);
  return status;
}

/* A whole network of small numbers, `first` as its first. */
static void make_network(vs_weights_raw *raw, float first) {
  *raw = (vs_weights_raw){.last_conv = VS_VGG_CONVS - 1};
  for (int i = 0; i < 2 * VS_VGG_CONVS; i++) {
    const vs_weights_slot slot = {.conv = i / 2, .is_bias = i % 2 == 1};
    float *values = NULL;
    assert_ok(vs_weights_raw_add(raw, slot, &values));
    for (size_t n = 0; n < vs_weights_slot_count(slot); n++) values[n] = small_number(n);
  }
  raw->kernel[0][0] = first;
}

/* Written with this text as metadata, if there is one. */
static void write_network(float first, const char *key, const char *text) {
  vs_weights_raw raw;
  const char *const metadata[1][2] = {{key, text}};
  make_network(&raw, first);
  assert_ok(vs_weights_safetensors_write(scratch, &raw, metadata, key != NULL ? 1 : 0));
  vs_weights_raw_clear(&raw);
}

static void an_unknown_file_needs_its_family(void **state) {
  (void)state;
  vs_weights weights;
  write_network(small_number(0), NULL, NULL);
  assert_int_equal(vs_weights_load(&weights, scratch, VS_FAMILY_UNKNOWN, 0), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), scratch));
  assert_non_null(strstr(vs_status_message(), "family: torchvision|keras|caffe|amdegroot}"));
  assert_non_null(strstr(vs_status_message(), "--family"));
  assert_ok(vs_weights_load(&weights, scratch, VS_FAMILY_AMDEGROOT, 0));
  assert_int_equal(weights.family, VS_FAMILY_AMDEGROOT);
  assert_int_equal(weights.file_family, VS_FAMILY_AMDEGROOT);
  vs_weights_clear(&weights);
  unlink(scratch);
}

static void a_file_without_all_13_convolutions_is_refused(void **state) {
  (void)state;
  make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168);
  assert_refused(load_scratch(file.data, file.size, VS_FAMILY_CAFFE),
                 "no tensor features.2.weight");
}

/* Digests of what make_network makes, by Python's hashlib over numpy's arrays. */
static void a_network_has_one_digest_in_any_file(void **state) {
  (void)state;
  static const char expected[] = "74ac45b7ac39d5b69c91d72efc8387232d3d9590d19a1fa49c5d98635fca0c77";
  vs_weights_raw raw;
  char hex[VS_SHA256_HEX], sha256[VS_SHA256_HEX];
  make_network(&raw, small_number(0));
  assert_ok(vs_weights_digest(raw.kernel, raw.bias, hex));
  assert_string_equal(hex, expected);
  raw.bias[12][511] += 1;
  assert_ok(vs_weights_digest(raw.kernel, raw.bias, hex));
  assert_string_not_equal(hex, expected);
  vs_weights_raw_clear(&raw);

  vs_weights weights;
  write_network(small_number(0), "preprocessing", "caffe");
  for (int last_conv = 0; last_conv <= 12; last_conv += 12) { /* however much of it is used */
    assert_ok(vs_weights_load(&weights, scratch, VS_FAMILY_UNKNOWN, last_conv));
    assert_string_equal(weights.digest, expected);
    memcpy(sha256, weights.sha256, sizeof sha256);
    vs_weights_clear(&weights);
  }
  write_network(small_number(0), "preprocessing", "keras");
  assert_ok(vs_weights_load(&weights, scratch, VS_FAMILY_UNKNOWN, 0));
  assert_string_equal(weights.digest, expected);
  assert_string_not_equal(weights.sha256, sha256);
  vs_weights_clear(&weights);
  unlink(scratch);
}

/* The record of a file is believed as long as the file has not changed. */
static void names_of_a_file_are_remembered(void **state) {
  (void)state;
  char cache[] = TEST_SCRATCH_DIR "/names-XXXXXX";
  assert_non_null(mkdtemp(cache));
  setenv("VGGSWEEP_CACHE", cache, 1);
  assert_ok(vs_file_write(scratch, "weights", 7));
  struct stat identity;
  vs_weights_names names = {.sha256 = "", .digest = ""}, found;
  memset(names.sha256, 'a', VS_SHA256_HEX - 1);
  memset(names.digest, 'b', VS_SHA256_HEX - 1);

  assert_int_equal(stat(scratch, &identity), 0);
  vs_weights_digest_remember(&identity, &names); /* changed just now: may change again unseen */
  assert_false(vs_weights_digest_recall(&identity, &found));
  identity.st_mtim.tv_sec -= 10;
  identity.st_ctim.tv_sec -= 10;
  vs_weights_digest_remember(&identity, &names);
  assert_true(vs_weights_digest_recall(&identity, &found));
  assert_memory_equal(&found, &names, sizeof names);

  struct stat other = identity;
  other.st_ctim.tv_nsec ^= 1;
  assert_false(vs_weights_digest_recall(&other, &found));
  other = identity;
  other.st_size++;
  assert_false(vs_weights_digest_recall(&other, &found));
  other = identity;
  other.st_ino++;
  assert_false(vs_weights_digest_recall(&other, &found));
  assert_string_equal(found.digest, "");
  setenv("VGGSWEEP_CACHE", "off", 1);
  assert_false(vs_weights_digest_recall(&identity, &found));
  unlink(scratch);
}

/* A record whose bytes are damaged is none. */
static void damaged_records_are_not_believed(void **state) {
  (void)state;
  char cache[] = TEST_SCRATCH_DIR "/names-XXXXXX", path[PATH_MAX] = "", *text = NULL;
  size_t size = 0;
  assert_non_null(mkdtemp(cache));
  setenv("VGGSWEEP_CACHE", cache, 1);
  const struct stat identity = {.st_ino = 7, .st_size = 8};
  vs_weights_names names = {.sha256 = "", .digest = ""}, found;
  memset(names.sha256, 'a', VS_SHA256_HEX - 1);
  memset(names.digest, 'b', VS_SHA256_HEX - 1);
  vs_weights_digest_remember(&identity, &names);
  DIR *folder = opendir(cache);
  assert_non_null(folder);
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
    if (entry->d_name[0] != '.') assert_ok(vs_file_join(path, sizeof path, cache, entry->d_name));
  closedir(folder);
  assert_ok(vs_file_read(path, 4096, &text, &size));
  for (size_t i = 0; i < size; i++) {
    text[i] = (char)(text[i] ^ 0x40);
    assert_ok(vs_file_write_unsynced(path, text, size));
    assert_false(vs_weights_digest_recall(&identity, &found) &&
                 memcmp(&found, &names, sizeof names) == 0);
    text[i] = (char)(text[i] ^ 0x40);
    assert_ok(vs_file_write_unsynced(path, text, i));
    assert_false(vs_weights_digest_recall(&identity, &found));
  }
  free(text);
  setenv("VGGSWEEP_CACHE", "off", 1);
}

/* `imagenet` is one network, wherever its file is, and nothing else. */
static void imagenet_is_looked_for(void **state) {
  (void)state;
  vs_weights weights;
  char path[PATH_MAX];
  char *const home = getenv("HOME"), *const kept = home != NULL ? strdup(home) : NULL;
  unsetenv("XDG_DATA_HOME");
  setenv("HOME", TEST_SCRATCH_DIR "/home", 1);
  setenv("VGGSWEEP_DATA", TEST_SCRATCH_DIR "/data", 1);
  unlink(TEST_SCRATCH_DIR "/home/.local/share/vggsweep/weights/vgg16-imagenet.safetensors");
  unlink(TEST_SCRATCH_DIR "/data/weights/vgg16-imagenet.safetensors");
  assert_int_equal(vs_weights_load(&weights, "imagenet", VS_FAMILY_UNKNOWN, 0), VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), "scripts/fetch-weights.sh"));
  assert_non_null(strstr(vs_status_message(), "/home/.local/share/vggsweep/weights/vgg16-image"));

  write_network(1, "preprocessing", "caffe");
  assert_ok(vs_file_make_folder(TEST_SCRATCH_DIR "/home/.local/share/vggsweep/weights"));
  assert_int_equal(rename(scratch, TEST_SCRATCH_DIR
                          "/home/.local/share/vggsweep/weights/vgg16-imagenet.safetensors"),
                   0);
  assert_ok(vs_weights_imagenet_path(path, sizeof path));
  assert_refused(vs_weights_load(&weights, "imagenet", VS_FAMILY_UNKNOWN, 0), "not ImageNet's");
  assert_null(weights.conv[0].forward);
  setenv("XDG_DATA_HOME", TEST_SCRATCH_DIR "/elsewhere", 1);
  assert_int_equal(vs_weights_imagenet_path(path, sizeof path), VS_ERR_IO);
  unlink(TEST_SCRATCH_DIR "/home/.local/share/vggsweep/weights/vgg16-imagenet.safetensors");
  unsetenv("XDG_DATA_HOME");
  unsetenv("VGGSWEEP_DATA");
  if (kept != NULL) setenv("HOME", kept, 1);
  free(kept);
}

static void loaded_weights_are_those_of_the_file(void **state) {
  (void)state;
  write_network(small_number(0), NULL, NULL);
  vs_weights weights;
  assert_ok(vs_weights_load(&weights, scratch, VS_FAMILY_CAFFE, 0));
  assert_int_equal(weights.family, VS_FAMILY_CAFFE);
  for (size_t k = 0; k < 64; k++) {
    assert_true(weights.conv[0].bias[k] == small_number(k));
    for (size_t c = 0; c < 3; c++)
      for (size_t uv = 0; uv < 9; uv++)
        assert_true(weights.conv[0].w[(k * 3 + c) * 9 + uv] == small_number((k * 3 + c) * 9 + uv));
  }
  vs_weights_clear(&weights);
}

static void other_files_are_named_for_what_they_are(void **state) {
  (void)state;
  static const struct {
    const char *content;
    size_t size;
    const char *message;
  } cases[] = {
      {"", 0, "empty"},
      {"x", 1, "not a weight file"},
      {"name: a sweep\n", 14, "not a weight file"},
      {"<!DOCTYPE html>", 15, "web page"},
      {"version https://git-lfs.github.com/spec/v1\n", 43, "git lfs pull"},
      {"\x1f\x8b\x08\0\0", 5, "gzip"},
      {"\x80\x04\x95\0\0", 5, "pickle"},
      {"\x08\x03\x12\x04hand", 8, "ONNX"},
      {"\x0a\x14VGG_ILSVRC_16_layers\x12\x00", 24, "Caffe"},
      {"PK\x03\x04", 4, "zip"},
      {"\x89HDF\r\n\x1a\n", 8, "HDF5"},
      {"\x08\0\0\0\0\0\0\0{", 9, "header"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_status status = load_scratch(cases[i].content, cases[i].size, VS_FAMILY_UNKNOWN);
    assert_refused(status, cases[i].message);
    assert_non_null(strstr(vs_status_message(), scratch));
  }
  file.size = 0;
  while (file.size < 512) put(&file, "\0", 1);
  memcpy(file.data, "sys_info", 8);
  memcpy(file.data + 257, "ustar  ", 7);
  assert_refused(load_scratch(file.data, file.size, VS_FAMILY_UNKNOWN), "before 2017");
  vs_weights weights;
  assert_int_equal(vs_weights_load(&weights, TEST_SCRATCH_DIR, VS_FAMILY_UNKNOWN, 0), VS_ERR_IO);
  assert_int_equal(vs_weights_load(&weights, TEST_SCRATCH_DIR "/absent", VS_FAMILY_UNKNOWN, 0),
                   VS_ERR_IO);
  assert_non_null(strstr(vs_status_message(), TEST_SCRATCH_DIR "/absent: cannot open"));
  unlink(scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(families_prepare_pictures),
      cmocka_unit_test(every_half_is_converted_exactly),
      cmocka_unit_test(builtin_weights_load),
      cmocka_unit_test(the_builtin_file_is_looked_for),
      cmocka_unit_test(safetensors_are_read),
      cmocka_unit_test(safetensors_of_16_bits_are_read),
      cmocka_unit_test(damaged_safetensors_are_refused),
      cmocka_unit_test(lengths_of_safetensors_are_checked),
      cmocka_unit_test(values_that_are_not_finite_are_refused),
      cmocka_unit_test(mutated_safetensors_do_no_harm),
      cmocka_unit_test(metadata_tells_the_family),
      cmocka_unit_test(an_unknown_file_needs_its_family),
      cmocka_unit_test(a_file_without_all_13_convolutions_is_refused),
      cmocka_unit_test(a_network_has_one_digest_in_any_file),
      cmocka_unit_test(names_of_a_file_are_remembered),
      cmocka_unit_test(damaged_records_are_not_believed),
      cmocka_unit_test(imagenet_is_looked_for),
      cmocka_unit_test(loaded_weights_are_those_of_the_file),
      cmocka_unit_test(other_files_are_named_for_what_they_are),
  };
  return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
