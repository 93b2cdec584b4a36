/* numpy's .npz: versions and orders of arrays, names of three kinds, and what is refused. */
#include "tests/support/weight_bytes.h"
#include "tests/support/zip_bytes.h"

#include <stdio.h>

static bytes file, kernel, bias; /* half a megabyte each, too much for the stack */

/* --- arrays ----------------------------------------------------------------------------------- */

/* Where number i of the kernel (64,3,3,3) lies among those of the file. */
typedef size_t place_of(size_t i);

static size_t in_torch_order(size_t i) {
  return i;
}

/* (3,3,C,K), the last axis fastest */
static size_t in_keras_order(size_t i) {
  const size_t uv = i % 9, c = i / 9 % 3, k = i / 27;
  return (uv * 3 + c) * 64 + k;
}

/* (K,C,3,3), the first axis fastest */
static size_t in_fortran_order(size_t i) {
  const size_t v = i % 3, u = i / 3 % 3, c = i / 9 % 3, k = i / 27;
  return ((v * 3 + u) * 3 + c) * 64 + k;
}

/* (3,3,C,K), the first axis fastest */
static size_t in_keras_fortran_order(size_t i) {
  const size_t v = i % 3, u = i / 3 % 3, c = i / 9 % 3, k = i / 27;
  return ((k * 3 + c) * 3 + v) * 3 + u;
}

static void put_header(bytes *out, int version, const char *header) {
  const size_t length = strlen(header);
  put(out, "\x93NUMPY", 6);
  put(out, (unsigned char[]){(unsigned char)version, 0}, 2);
  put(out, &length, version == 1 ? 2 : 4);
  put_text(out, header);
}

static void make_array(bytes *out, int version, const char *header, size_t count, place_of *place) {
  static float numbers[WEIGHTS];
  for (size_t i = 0; i < count; i++) numbers[place(i)] = small_number(i);
  out->size = 0;
  put_header(out, version, header);
  put(out, numbers, count * sizeof *numbers);
}

#define KERNEL_HEADER "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, 3), }"
#define BIAS_HEADER   "{'descr': '<f4', 'fortran_order': False, 'shape': (64,), }"

static void make_bias(void) {
  make_array(&bias, 1, BIAS_HEADER, BIASES, in_torch_order);
}

static void make_pair(const char *kernel_name, const char *bias_name, bool compressed) {
  const member members[] = {{"readme.txt", "hello", 5, false},
                            {kernel_name, kernel.data, kernel.size, compressed},
                            {bias_name, bias.data, bias.size, compressed},
                            {"fc6_W.npy", "no array, and nobody's business", 31, false}};
  make_zip(&file, members, 4);
}

static vs_status read_pair(const char *kernel_name, const char *bias_name, bool compressed) {
  make_pair(kernel_name, bias_name, compressed);
  return read_conv1_1(vs_weights_npz_read, file.data, file.size, true);
}

static vs_status read_kernel(void) {
  make_bias();
  return read_pair("features.0.weight.npy", "features.0.bias.npy", false);
}

/* --- what is read ----------------------------------------------------------------------------- */

static void orders_and_versions_are_read(void **state) {
  (void)state;
  static const struct {
    const char *header;
    place_of *place;
  } cases[] = {
      {KERNEL_HEADER, in_torch_order},
      {"{'descr': '<f4', 'fortran_order': True, 'shape': (64, 3, 3, 3), }  \n", in_fortran_order},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3, 3, 64)}", in_keras_order},
      {"{\"shape\":(3,3,3,64),\"fortran_order\":True,\"descr\":\"<f4\"}", in_keras_fortran_order},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (64L, 3L, 3L, 3L), }", in_torch_order},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (int version = 1; version <= 3; version++) {
      make_array(&kernel, version, cases[i].header, WEIGHTS, cases[i].place);
      assert_ok(read_kernel());
    }
  assert_ok(read_pair("features.0.weight.npy", "features.0.bias.npy", true)); /* savez_compressed */
}

static void other_numbers_are_read(void **state) {
  (void)state;
  make_bias();
  kernel.size = 0;
  put_header(&kernel, 1, "{'descr': '<f8', 'fortran_order': False, 'shape': (64, 3, 3, 3), }");
  for (size_t i = 0; i < WEIGHTS; i++) {
    const double number = (double)small_number(i);
    put(&kernel, &number, sizeof number);
  }
  assert_ok(read_kernel());
  kernel.size = 0;
  put_header(&kernel, 1, "{'descr': '<f2', 'fortran_order': False, 'shape': (64, 3, 3, 3), }");
  for (size_t i = 0; i < WEIGHTS; i++) {
    uint16_t half = 0; /* the one with this value */
    for (float value = -1000; value != small_number(i);) {
      half++;
      vs_weights_raw_to_float(VS_DTYPE_F16, (const unsigned char *)&half, &value, 1);
    }
    put(&kernel, &half, sizeof half);
  }
  assert_ok(read_kernel());
}

static void names_of_three_kinds_are_known(void **state) {
  (void)state;
  static const char *const names[][2] = {
      {"features.0.weight.npy", "features.0.bias.npy"},
      {"module.features.0.weight.npy", "module.features.0.bias.npy"},
      {"conv1_1_W.npy", "conv1_1_b.npy"},
      {"conv1_1.weight.npy", "conv1_1.bias.npy"},
      {"conv1_1/weights.npy", "conv1_1/biases.npy"},
      {"block1_conv1_W_1:0.npy", "block1_conv1_b_1:0.npy"},
      {"block1_conv1/kernel:0.npy", "block1_conv1/bias:0.npy"},
      {"block1_conv1/block1_conv1_W_1:0.npy", "block1_conv1/block1_conv1_b_1:0.npy"},
  };
  make_bias();
  make_array(&kernel, 1, KERNEL_HEADER, WEIGHTS, in_torch_order);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    assert_ok(read_pair(names[i][0], names[i][1], false));
}

/* --- what is not ------------------------------------------------------------------------------ */

static void other_names_are_refused(void **state) {
  (void)state;
  make_bias();
  make_array(&kernel, 1, KERNEL_HEADER, WEIGHTS, in_torch_order);
  assert_refused(read_pair("arr_0.npy", "arr_1.npy", false), "no names (arr_0)");
  assert_refused(read_pair("conv1_1_Wx.npy", "conv1_1_b.npy", false),
                 "no tensor features.0.weight");
  assert_refused(read_pair("conv1_1_W.npy", "conv1_1_gamma.npy", false),
                 "no tensor features.0.bias");
  assert_refused(read_pair("conv1_1_W.npy", "block3_conv4_b.npy", false), "VGG19");
  assert_refused(read_pair("conv1_1_W.npy", "conv3_4_b.npy", false), "VGG19");
  bias = kernel;
  assert_refused(read_pair("conv1_1_W.npy", "block1_conv1_kernel.npy", false), "twice");
  make_bias();
  assert_refused(read_pair("features.0.weight.npy", "features.1.weight.npy", false),
                 "batch normalization");
}

static void damaged_arrays_are_refused(void **state) {
  (void)state;
  static const struct {
    int version;
    const char *header, *message;
  } cases[] = {
      {4, KERNEL_HEADER, "version 4"},
      {0, KERNEL_HEADER, "version 0"},
      {1, "", "not understood"},
      {1, "{}", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False}", "not understood"},
      {1, "{'descr': '<f4', 'shape': (64, 3, 3, 3)}", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, 3), 'x': 1}",
       "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': 0, 'shape': (64, 3, 3, 3)}", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, -3)}", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': [64, 3, 3, 3]}", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, 3)} x", "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
       "not understood"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
       "not understood"},
      {1, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (64,)}", "not understood"},
      {1, "{'descr': '|O', 'fortran_order': False, 'shape': (64, 3, 3, 3)}", "of type |O"},
      {1, "{'descr': '>f4', 'fortran_order': False, 'shape': (64, 3, 3, 3)}", "of type >f4"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': (64, 27)}",
       "array features.0.weight: features.0.weight has shape (64,27)"},
      {1, "{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "has shape ()"},
      {1, "{'descr': '<f8', 'fortran_order': False, 'shape': (64, 3, 3, 3)}", "bytes follow"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    make_array(&kernel, cases[i].version, cases[i].header, WEIGHTS, in_torch_order);
    assert_refused(read_kernel(), cases[i].message);
  }
  for (size_t size = 0; size < 200; size++) { /* however early it ends */
    make_array(&kernel, 1 + (int)(size % 3), KERNEL_HEADER, WEIGHTS, in_torch_order);
    kernel.size = size;
    assert_refused(read_kernel(), "array features.0.weight");
  }
  kernel.size = 0;
  put(&kernel, "\x93NUMPY\x01\x00\x01\x10", 10);
  while (kernel.size < 10 + 0x1001) put_text(&kernel, " ");
  assert_refused(read_kernel(), "at most 4096");
}

/* Zeros pack a thousandfold: sizes are looked at before anything is unpacked. */
static void members_that_are_too_large_are_refused(void **state) {
  (void)state;
  make_bias();
  kernel.size = 0;
  while (kernel.size < 64 * 27 * 8 + 8192) put(&kernel, "\0", 1);
  assert_int_equal(read_pair("conv1_1_W.npy", "conv1_1_b.npy", true), VS_ERR_LIMIT);
}

static void an_archive_is_told_by_its_members(void **state) {
  (void)state;
  make_bias();
  const member arrays[] = {{"conv1_1_b.npy", bias.data, bias.size, false}};
  const member others[] = {{"archive/data.pkl", bias.data, bias.size, false}};
  make_zip(&file, arrays, 1);
  assert_true(vs_weights_npz_is(&(vs_weights_file){.data = file.data, .size = file.size}));
  assert_false(vs_weights_npz_is(&(vs_weights_file){.data = file.data, .size = file.size - 9}));
  make_zip(&file, others, 1);
  assert_false(vs_weights_npz_is(&(vs_weights_file){.data = file.data, .size = file.size}));
}

static void damaged_archives_do_no_harm(void **state) {
  (void)state;
  make_array(&kernel, 1, KERNEL_HEADER, WEIGHTS, in_torch_order);
  assert_ok(read_kernel());
  for (size_t size = 0; size < file.size; size += 7)
    assert_refused(read_conv1_1(vs_weights_npz_read, file.data, size, false), "");
  assert_mutations_survive(vs_weights_npz_read, &file, 0, 400, 50, 3000);
  assert_mutations_survive(vs_weights_npz_read, &file, file.size - 500, file.size, 51, 3000);
}

/* Headers of arrays, damaged where the archive is good. */
static void mutated_headers_do_no_harm(void **state) {
  (void)state;
  static bytes whole;
  make_bias();
  make_array(&whole, 1, KERNEL_HEADER, WEIGHTS, in_torch_order);
  for (uint32_t round = 0; round < 3000; round++) {
    const vs_random_key key = vs_random_make_key(52, VS_RANDOM_TEST, round);
    kernel = whole;
    for (uint32_t i = 0; i < 1 + vs_random_bits(key, 0) % 4; i++)
      kernel.data[vs_random_bits(key, 2 * i + 1) % 80] =
          (unsigned char)vs_random_bits(key, 2 * i + 2);
    make_pair("features.0.weight.npy", "features.0.bias.npy", false);
    const vs_status status = read_conv1_1(vs_weights_npz_read, file.data, file.size, false);
    if (status != VS_OK) assert_refused(status, "");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(orders_and_versions_are_read),
      cmocka_unit_test(other_numbers_are_read),
      cmocka_unit_test(names_of_three_kinds_are_known),
      cmocka_unit_test(other_names_are_refused),
      cmocka_unit_test(damaged_arrays_are_refused),
      cmocka_unit_test(members_that_are_too_large_are_refused),
      cmocka_unit_test(an_archive_is_told_by_its_members),
      cmocka_unit_test(damaged_archives_do_no_harm),
      cmocka_unit_test(mutated_headers_do_no_harm),
  };
  return cmocka_run_group_tests_name("weights_npz", tests, NULL, NULL);
}
