/* Loading weights: families, the builtin file, what is no weight file, safetensors. */
#include "tests/support/weight_bytes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/file.h"

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

static void an_unknown_file_needs_its_family(void **state) {
  (void)state;
  make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168);
  assert_int_equal(load_scratch(file.data, file.size, VS_FAMILY_UNKNOWN), VS_ERR_USAGE);
  assert_non_null(strstr(vs_status_message(), scratch));
  assert_non_null(strstr(vs_status_message(), "family: torchvision|keras|caffe|amdegroot}"));
  assert_non_null(strstr(vs_status_message(), "--family"));
  assert_ok(load_scratch(file.data, file.size, VS_FAMILY_AMDEGROOT));
}

static void loaded_weights_are_those_of_the_file(void **state) {
  (void)state;
  make_safetensors(&file, "{" WEIGHT "," BIAS "}", 7168);
  assert_ok(vs_file_write(scratch, file.data, file.size));
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
      cmocka_unit_test(loaded_weights_are_those_of_the_file),
      cmocka_unit_test(other_files_are_named_for_what_they_are),
  };
  return cmocka_run_group_tests_name("weights", tests, NULL, NULL);
}
