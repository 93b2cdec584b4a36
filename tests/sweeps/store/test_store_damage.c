/* Files that are damaged, cut or not ours: a message or what is still whole, never a crash. */
#include "tests/support/unit.h"

#include <hdf5.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/file.h"
#include "sweeps/store/results_format.h"
#include "sweeps/store/segment/segment_array.h"
#include "tests/sweeps/store/store_fixture.h"

/* Opens an HDF5 file of ours to spoil it. */
static hid_t spoil(void) {
  copy_file(STORE_MERGED, STORE_FOLDER "/spoiled.h5");
  hid_t file = H5Fopen(STORE_FOLDER "/spoiled.h5", H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static void files_that_are_not_ours_are_refused(void **state) {
  const store_sample *sample = *state;
  add_runs(sample, 0, 4);
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_refused(STORE_FOLDER "/nothing.h5", VS_ERR_IO, "No such file");
  assert_refused(STORE_FOLDER "/segments", VS_ERR_IO, "no results");
  write_file(STORE_FOLDER "/text.h5", "hello", 5);
  assert_refused(STORE_FOLDER "/text.h5", VS_ERR_FORMAT, NULL);
  hid_t foreign = H5Fcreate(STORE_FOLDER "/foreign.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(foreign);
  assert_refused(STORE_FOLDER "/foreign.h5", VS_ERR_FORMAT, "not of results of vggsweep");

  hid_t file = spoil();
  uint64_t version = VS_STORE_FORMAT_VERSION + 1;
  hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
  assert_true(H5Awrite(attribute, H5T_NATIVE_UINT64, &version) >= 0);
  H5Aclose(attribute);
  H5Fclose(file);
  assert_refused(STORE_FOLDER "/spoiled.h5", VS_ERR_FORMAT, "newer");
  static const char *const needed[] = {"/runs", "/specs", "/trace/step"};
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
    file = spoil();
    assert_true(H5Ldelete(file, needed[i], H5P_DEFAULT) >= 0);
    H5Fclose(file);
    assert_refused(STORE_FOLDER "/spoiled.h5", VS_ERR_FORMAT, needed[i]);
  }
  file = spoil();
  assert_true(H5Adelete(file, "canonical") >= 0);
  H5Fclose(file);
  assert_refused(STORE_FOLDER "/spoiled.h5", VS_ERR_FORMAT, "canonical");
}

/* An empty dataset of floats in place of another. */
static void replace_array(hid_t file, const char *path, int rank, const hsize_t *extents) {
  if (H5Lexists(file, path, H5P_DEFAULT) > 0) assert_true(H5Ldelete(file, path, H5P_DEFAULT) >= 0);
  const hsize_t chunk[4] = {1, 1, 1, 1};
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  assert_true(H5Pset_chunk(properties, rank, chunk) >= 0);
  hid_t space = H5Screate_simple(rank, extents, NULL);
  hid_t array =
      H5Dcreate2(file, path, H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  assert_true(array >= 0);
  H5Dclose(array);
  H5Sclose(space);
  H5Pclose(properties);
}

/* Arrays that are larger than anything is, or do not belong together: known when a file is opened,
 * or when a drawing is read. */
static void damaged_drawings_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *path; /* of what stands instead, or is missing */
    int rank;         /* 0: it is missing */
    hsize_t extents[4];
    vs_status opened, read; /* read: of a drawing with two pens */
  } cases[] = {
      {"/params/points", 4, {24, 65537, 7, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 7, (hsize_t)1 << 40, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 65536, 17, 2}, VS_ERR_LIMIT, VS_OK},
      {"/params/points", 4, {24, 6, 7, 2}, VS_ERR_FORMAT, VS_OK}, /* smaller than a row says */
      {"/params/points", 4, {24, 7, 6, 2}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 3, {24, 7, 14}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 0, {0}, VS_ERR_FORMAT, VS_OK},
      {"/params/points", 4, {23, 7, 7, 2}, VS_OK, VS_ERR_FORMAT},
      {"/params/points", 4, {24, 7, 7, 3}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 3, {24, 7, 7}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 3, {24, 3, 8}, VS_OK, VS_ERR_FORMAT},
      {"/params/strokes", 0, {0}, VS_OK, VS_ERR_FORMAT},
      {"/params/paper", 0, {0}, VS_OK, VS_ERR_FORMAT},
      {"/params/pens", 3, {24, 33, 4}, VS_ERR_LIMIT, VS_OK},
      {"/params/pens", 3, {24, 1, 4}, VS_ERR_FORMAT, VS_OK},
      {"/params/pens", 0, {0}, VS_ERR_FORMAT, VS_OK},
      {"/params/pen_names", 2, {24, 2}, VS_OK, VS_ERR_FORMAT}, /* floats, no texts */
      {"/params/pen_names", 0, {0}, VS_OK, VS_ERR_FORMAT},
  };
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  add_runs(&sample, 0, count);
  assert_ok(vs_store_merge(STORE_FOLDER));
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    hid_t file = spoil();
    if (cases[i].rank == 0)
      assert_true(H5Ldelete(file, cases[i].path, H5P_DEFAULT) >= 0);
    else
      replace_array(file, cases[i].path, cases[i].rank, cases[i].extents);
    H5Fclose(file);
    if (cases[i].opened != VS_OK) {
      assert_refused(STORE_FOLDER "/spoiled.h5", cases[i].opened, NULL);
      continue;
    }
    vs_results *results = open_results(STORE_FOLDER "/spoiled.h5");
    vs_results_drawing read;
    const vs_status status = vs_results_read_drawing(results, count - 1, &read);
    if (status != cases[i].read)
      fail_msg("case %zu, %s: status %d: %s", i, cases[i].path, status, vs_status_message());
    assert_null(read.drawing);
    assert_message("spoiled.h5");
    vs_results_close(results);
  }
  store_sample_clear(&sample);
}

/* Numbers that name no pen. */
static void pens_that_are_not_there_are_none(void **state) {
  (void)state;
  static const float pens[7] = {99.0f, -7.0f, NAN, INFINITY, 2.0f, 1e30f, 1.0f};
  store_sample sample = store_sample_open(store_sample_drawings);
  const size_t count = vs_sweep_count(sample.sweep);
  add_runs(&sample, 0, count);
  assert_ok(vs_store_merge(STORE_FOLDER));
  hid_t file = spoil(), array = H5Dopen2(file, "/params/strokes", H5P_DEFAULT);
  hid_t space = H5Dget_space(array);
  const hsize_t start[] = {count - 1, 0, 5}, extent[] = {1, 7, 1}, all = 7;
  hid_t memory = H5Screate_simple(1, &all, NULL);
  assert_true(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, extent, NULL) >= 0);
  assert_true(H5Dwrite(array, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, pens) >= 0);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(array);
  H5Fclose(file);
  vs_results *results = open_results(STORE_FOLDER "/spoiled.h5");
  vs_results_drawing read;
  assert_ok(vs_results_read_drawing(results, count - 1, &read));
  assert_int_equal(read.drawing->stroke_count, 7);
  for (size_t i = 0; i < 7; i++) assert_int_equal(read.drawing->strokes[i].pen, i == 6 ? 1 : -1);
  vs_results_clear_drawing(&read);
  vs_results_close(results);
  store_sample_clear(&sample);
}

static void cut_files_are_refused(void **state) {
  const store_sample *sample = *state;
  char *data;
  size_t size;
  add_runs(sample, 0, 3);
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_true(reads_well(STORE_MERGED));
  assert_ok(vs_file_read(STORE_MERGED, (size_t)1 << 30, &data, &size));
  for (size_t length = 0; length < size; length += 1 + size / 50) {
    write_file(STORE_FOLDER "/cut.h5", data, length);
    assert_refused(STORE_FOLDER "/cut.h5", VS_ERR_FORMAT, NULL);
  }
  free(data);
}

/* A damaged byte may hit a place that nobody reads. Where it is noticed there is a message, and
 * nothing else happens: no crash, no endless loop, no leak. */
static void survive_damage(const store_sample *sample, size_t first, size_t last) {
  char *data;
  size_t size;
  add_runs(sample, first, last);
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_ok(vs_file_read(STORE_MERGED, (size_t)1 << 30, &data, &size));
  size_t noticed = 0;
  for (size_t at = 97; at < size; at += 997) {
    data[at] = (char)(data[at] ^ 0x55);
    write_file(STORE_FOLDER "/damaged.h5", data, size);
    if (!reads_well(STORE_FOLDER "/damaged.h5")) noticed++;
    data[at] = (char)(data[at] ^ 0x55);
  }
  free(data);
  assert_true(noticed > 0);
}

static void damaged_files_are_survived(void **state) {
  survive_damage(*state, 0, 2);
}

static void damaged_drawings_are_survived(void **state) {
  (void)state;
  store_sample sample = store_sample_open(store_sample_drawings);
  survive_damage(&sample, 22, 24);
  store_sample_clear(&sample);
}

/* Where the first chunk of a dataset lies in STORE_MERGED. */
static void find_chunk(const char *path, haddr_t *at, hsize_t *bytes) {
  hid_t file = H5Fopen(STORE_MERGED, H5F_ACC_RDONLY, H5P_DEFAULT);
  hid_t dataset = H5Dopen2(file, path, H5P_DEFAULT);
  hid_t space = H5Dget_space(dataset);
  hsize_t start[VS_ARRAY_MAX_RANK];
  unsigned filters;
  assert_true(H5Dget_chunk_info(dataset, space, 0, start, &filters, at, bytes) >= 0);
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
}

static void damaged_data_are_noticed(void **state) {
  const store_sample *sample = *state;
  static const char *const paths[] = {
      "/runs",         "/specs",        "/trace/exc_loss",   "/trace/logged", "/trace/step",
      "/images/final", "/images/taken", "/images/snapshots", "/params/theta"};
  char *data;
  size_t size;
  add_runs(sample, 0, 2);
  assert_ok(vs_store_merge(STORE_FOLDER));
  assert_ok(vs_file_read(STORE_MERGED, (size_t)1 << 30, &data, &size));
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    haddr_t at;
    hsize_t bytes;
    find_chunk(paths[i], &at, &bytes);
    data[at + bytes / 2] ^= 1;
    write_file(STORE_FOLDER "/damaged.h5", data, size);
    if (reads_well(STORE_FOLDER "/damaged.h5")) fail_msg("damage in %s was not noticed", paths[i]);
    data[at + bytes / 2] ^= 1;
  }
  free(data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(files_that_are_not_ours_are_refused, start_store,
                                      finish_store),
      cmocka_unit_test_setup_teardown(cut_files_are_refused, start_store, finish_store),
      cmocka_unit_test_setup_teardown(damaged_files_are_survived, start_store, finish_store),
      cmocka_unit_test_setup_teardown(damaged_drawings_are_survived, start_store, finish_store),
      cmocka_unit_test_setup_teardown(damaged_drawings_are_refused, start_store, finish_store),
      cmocka_unit_test_setup_teardown(pens_that_are_not_there_are_none, start_store, finish_store),
      cmocka_unit_test_setup_teardown(damaged_data_are_noticed, start_store, finish_store),
  };
  return cmocka_run_group_tests_name("store_damage", tests, NULL, NULL);
}
