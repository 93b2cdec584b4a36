/* Keras weights in HDF5: both layouts, and what is wrong in them. Whole files as h5py writes them
 * are read in tests/cli/weights_formats.py. */
#include "tests/support/weight_bytes.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/file.h"

static const char path[] = TEST_SCRATCH_DIR "/weights.h5";

/* What the tests change in a file with conv1_1 alone. */
typedef struct keras_spec {
  const char *root;            /* group that holds the layers; its parents are made */
  const char *layer;           /* NULL: none */
  const char *listed;          /* in layer_names beside the layer; NULL: nothing */
  const char *kernel, *bias;   /* data sets, relative to the layer's group */
  int weight_names;            /* how many of the two names are listed */
  bool legacy, variable_names; /* variable: strings of variable length, one attribute a name */
  int rank;
  hsize_t shape[4];
  hid_t type; /* of the kernel in the file; 0: float32 */
} keras_spec;

static const keras_spec legacy_spec = {.root = "/",
                                       .layer = "block1_conv1",
                                       .kernel = "block1_conv1_W_1:0",
                                       .bias = "block1_conv1_b_1:0",
                                       .weight_names = 2,
                                       .legacy = true,
                                       .rank = 4,
                                       .shape = {3, 3, 3, 64}};
static const keras_spec keras3_spec = {.root = "/layers",
                                       .layer = "conv2d",
                                       .kernel = "vars/0",
                                       .bias = "vars/1",
                                       .rank = 4,
                                       .shape = {3, 3, 3, 64}};

static void write_fixed_names(hid_t group, const char *name, const char *const *texts,
                              hsize_t count) {
  enum { WIDTH = 40 };
  char padded[4][WIDTH] = {{0}};
  for (hsize_t i = 0; i < count; i++) snprintf(padded[i], WIDTH, "%s", texts[i]);
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, WIDTH);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  hid_t space = H5Screate_simple(1, &count, NULL);
  hid_t attribute = H5Acreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(attribute >= 0);
  if (count > 0) assert_true(H5Awrite(attribute, type, padded) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

/* One attribute a name: name0, name1, ... */
static void write_split_names(hid_t group, const char *name, const char *const *texts,
                              hsize_t count) {
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hsize_t one = 1;
  hid_t space = H5Screate_simple(1, &one, NULL);
  for (hsize_t i = 0; i < count; i++) {
    char part[64];
    snprintf(part, sizeof part, "%s%d", name, (int)i);
    hid_t attribute = H5Acreate2(group, part, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0 && H5Awrite(attribute, type, &texts[i]) >= 0);
    H5Aclose(attribute);
  }
  H5Sclose(space);
  H5Tclose(type);
}

static void write_names(hid_t group, const char *name, const char *const *texts, hsize_t count,
                        bool variable) {
  if (variable)
    write_split_names(group, name, texts, count);
  else
    write_fixed_names(group, name, texts, count);
}

static hid_t parents(void) {
  hid_t list = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(list, 1);
  return list;
}

/* Numbers in an order that reads back as small_number() of (K,C,3,3). */
static void write_kernel(hid_t layer, const keras_spec *spec) {
  static float numbers[WEIGHTS];
  for (size_t uv = 0; uv < 9; uv++)
    for (size_t c = 0; c < 3; c++)
      for (size_t k = 0; k < 64; k++)
        numbers[(uv * 3 + c) * 64 + k] = small_number((k * 3 + c) * 9 + uv);
  hid_t space = H5Screate_simple(spec->rank, spec->shape, NULL), make = parents();
  hid_t type = spec->type != 0 ? spec->type : H5T_IEEE_F32LE;
  hid_t set = H5Dcreate2(layer, spec->kernel, type, space, make, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(set >= 0);
  if (H5Sget_simple_extent_npoints(space) == WEIGHTS)
    assert_true(H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) >= 0);
  H5Dclose(set);
  H5Pclose(make);
  H5Sclose(space);
}

static void write_bias(hid_t layer, const keras_spec *spec) {
  float numbers[BIASES];
  for (size_t k = 0; k < BIASES; k++) numbers[k] = small_number(k);
  const hsize_t count = BIASES;
  hid_t space = H5Screate_simple(1, &count, NULL), make = parents();
  hid_t set = H5Dcreate2(layer, spec->bias, H5T_IEEE_F32LE, space, make, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(set >= 0 &&
              H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) >= 0);
  H5Dclose(set);
  H5Pclose(make);
  H5Sclose(space);
}

static void write_layer(hid_t root, const keras_spec *spec) {
  hid_t layer = H5Gcreate2(root, spec->layer, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(layer >= 0);
  if (spec->kernel != NULL) write_kernel(layer, spec);
  if (spec->bias != NULL) write_bias(layer, spec);
  const char *const names[2] = {spec->kernel != NULL ? spec->kernel : "kernel:0",
                                spec->bias != NULL ? spec->bias : "bias:0"};
  if (spec->legacy)
    write_names(layer, "weight_names", names, (hsize_t)spec->weight_names, spec->variable_names);
  H5Gclose(layer);
}

static void write_file(const keras_spec *spec) {
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(file >= 0);
  hid_t make = parents();
  hid_t root = strcmp(spec->root, "/") == 0
                   ? H5Gopen2(file, "/", H5P_DEFAULT)
                   : H5Gcreate2(file, spec->root, make, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(root >= 0);
  if (spec->layer != NULL) write_layer(root, spec);
  const char *names[2];
  hsize_t count = 0;
  if (spec->layer != NULL) names[count++] = spec->layer;
  if (spec->listed != NULL) names[count++] = spec->listed;
  if (spec->legacy) write_names(root, "layer_names", names, count, spec->variable_names);
  if (!spec->legacy && spec->listed != NULL)
    H5Gclose(H5Gcreate2(root, spec->listed, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Gclose(root);
  H5Pclose(make);
  H5Fclose(file);
}

static bool last_was_keras3;

static vs_status read_file(void) {
  vs_weights_file file = {.path = path};
  vs_weights_raw raw = {.last_conv = 0};
  vs_status status = vs_weights_keras_read(&file, &raw, &last_was_keras3);
  if (status == VS_OK) status = vs_weights_raw_check(&raw);
  if (status == VS_OK) {
    for (size_t i = 0; i < WEIGHTS; i++) assert_true(raw.kernel[0][i] == small_number(i));
    for (size_t i = 0; i < BIASES; i++) assert_true(raw.bias[0][i] == small_number(i));
  }
  vs_weights_raw_clear(&raw);
  assert_int_equal(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0); /* nothing left open */
  return status;
}

static vs_status read_spec(const keras_spec *spec) {
  write_file(spec);
  return read_file();
}

static void both_layouts_are_read(void **state) {
  (void)state;
  keras_spec spec = legacy_spec;
  assert_ok(read_spec(&spec));
  assert_false(last_was_keras3);
  spec.root = "/model_weights";
  spec.variable_names = true;
  spec.kernel = "block1_conv1/kernel:0";
  spec.bias = "block1_conv1/bias:0";
  spec.listed = "flatten"; /* without weights, without a group */
  assert_ok(read_spec(&spec));
  spec.type = H5T_IEEE_F64BE;
  assert_ok(read_spec(&spec));

  static const char *const roots[] = {"/layers", "/layers/functional/layers",
                                      "/_layer_checkpoint_dependencies"};
  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    spec = keras3_spec;
    spec.root = roots[i];
    assert_ok(read_spec(&spec));
    assert_true(last_was_keras3);
    spec.layer = "block1_conv1";
    assert_ok(read_spec(&spec));
  }
}

typedef struct spoiled {
  keras_spec spec;
  const char *message;
} spoiled;

typedef struct spoiled_list {
  spoiled items[20];
  size_t count;
} spoiled_list;

static keras_spec *expect(spoiled_list *list, const keras_spec *good, const char *message) {
  assert_true(list->count < sizeof list->items / sizeof list->items[0]);
  list->items[list->count] = (spoiled){*good, message};
  return &list->items[list->count++].spec;
}

static void wrong_layers_are_refused(void **state) {
  (void)state;
  spoiled_list list = {.count = 0};
  keras_spec *spec = expect(&list, &legacy_spec, "order of Theano");
  memcpy(spec->shape, (hsize_t[4]){64, 3, 3, 3}, sizeof spec->shape);
  expect(&list, &legacy_spec, "features.0.weight has shape (64,3,5,3)")->shape[0] = 5;
  expect(&list, &legacy_spec, "features.0.weight has shape (3,3,3)")->rank = 3;
  expect(&list, &legacy_spec, "features.0.weight has shape (64,3,0,3)")->shape[0] = 0;
  expect(&list, &legacy_spec, "floating-point")->type = H5T_STD_I32LE;
  expect(&list, &legacy_spec, "kernel:0: no such data set")->kernel = NULL;
  expect(&list, &legacy_spec, "has 1 weights")->weight_names = 1;
  expect(&list, &legacy_spec, "has 0 weights")->weight_names = 0;
  expect(&list, &legacy_spec, "no tensor features.0.weight")->layer = "conv_1";
  expect(&list, &legacy_spec, "no tensor features.0.weight")->layer = NULL;
  expect(&list, &legacy_spec, "VGG19")->listed = "block3_conv4";
  spec = expect(&list, &legacy_spec, "no group");
  spec->layer = NULL;
  spec->listed = "block1_conv1";
  expect(&list, &legacy_spec, "without layers")->root = "/weights";
  expect(&list, &keras3_spec, "vars/1: no such data set")->bias = NULL;
  expect(&list, &keras3_spec, "without layers")->layer = "dense";
  expect(&list, &keras3_spec, "VGG19")->listed = "conv2d_13";
  expect(&list, &keras3_spec, "batch_normalization")->listed = "batch_normalization";
  for (size_t i = 0; i < list.count; i++)
    assert_refused(read_spec(&list.items[i].spec), list.items[i].message);
}

static void attributes_of_another_kind_are_refused(void **state) {
  (void)state;
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  hid_t space = H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(file, "layer_names", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Fclose(file);
  assert_refused(read_file(), "layer_names is no list of names");
}

static void files_that_are_cut_short_are_refused(void **state) {
  (void)state;
  write_file(&legacy_spec);
  char *whole;
  size_t size;
  assert_ok(vs_file_read(path, 1 << 20, &whole, &size));
  for (size_t cut = 8; cut < size; cut += 61) {
    assert_ok(vs_file_write(path, whole, cut));
    assert_refused(read_file(), "");
  }
  free(whole);
}

/* HDF5 tells its errors on stderr unless asked not to; whoever wants that keeps it. */
static void error_printing_is_put_back(void **state) {
  (void)state;
  H5E_auto2_t before, after;
  void *data;
  H5Eget_auto2(H5E_DEFAULT, &before, &data);
  assert_non_null(before);
  unlink(path);
  assert_refused(read_file(), "HDF5 cannot open it");
  H5Eget_auto2(H5E_DEFAULT, &after, &data);
  assert_true(before == after);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_layouts_are_read),
      cmocka_unit_test(wrong_layers_are_refused),
      cmocka_unit_test(attributes_of_another_kind_are_refused),
      cmocka_unit_test(files_that_are_cut_short_are_refused),
      cmocka_unit_test(error_printing_is_put_back),
  };
  return cmocka_run_group_tests_name("weights_keras", tests, NULL, NULL);
}
