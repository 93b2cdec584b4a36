/* Checkpoints of torch: the whitelist unpickler, the legacy stream, the zip. */
#include "tests/support/weight_bytes.h"
#include "tests/support/zip_bytes.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/vgg/unpickle.h"

static bytes file, other; /* half a megabyte each, too much for the stack */

/* --- pickles, written by hand ----------------------------------------------------------------- */

typedef enum tensor_style { REBUILD_V2, REBUILD, BUILD, PARAMETER } tensor_style;

/* What is said of a tensor; the tests change one thing at a time. */
typedef struct tensor_spec {
  const char *name;
  tensor_style style;
  const char *storage_type, *key;
  int32_t stored, offset;
  int32_t view_offset, view_count; /* in the storage; view_count -1: none */
  int32_t rank, shape[4], stride[4];
} tensor_spec;

static const tensor_spec weight_spec = {
    .name = "features.0.weight",
    .storage_type = "FloatStorage",
    .key = "0",
    .stored = WEIGHTS,
    .view_count = -1,
    .rank = 4,
    .shape = {64, 3, 3, 3},
    .stride = {27, 9, 3, 1},
};
static const tensor_spec bias_spec = {
    .name = "features.0.bias",
    .storage_type = "FloatStorage",
    .key = "1",
    .stored = BIASES,
    .view_count = -1,
    .rank = 1,
    .shape = {64},
    .stride = {1},
};

static void put_string(bytes *out, const char *text) {
  put_text(out, "X");
  put_u32(out, (uint32_t)strlen(text));
  put_text(out, text);
}

static void put_int(bytes *out, int32_t number) {
  put_text(out, "J");
  put_u32(out, (uint32_t)number);
}

static void put_ints(bytes *out, const int32_t *numbers, int32_t count) {
  put_text(out, "(");
  for (int32_t i = 0; i < count; i++) put_int(out, numbers[i]);
  put_text(out, "t");
}

static void put_storage(bytes *out, const tensor_spec *spec, bool with_view) {
  put_text(out, "(");
  put_string(out, "storage");
  put_text(out, "ctorch\n");
  put_text(out, spec->storage_type);
  put_text(out, "\n");
  put_string(out, spec->key);
  put_string(out, "cpu");
  put_int(out, spec->stored);
  if (with_view && spec->view_count < 0) put_text(out, "N");
  if (with_view && spec->view_count >= 0) {
    put_text(out, "(");
    put_string(out, "view");
    put_int(out, spec->view_offset);
    put_int(out, spec->view_count);
    put_text(out, "t");
  }
  put_text(out, "tQ");
}

static void put_tensor(bytes *out, const tensor_spec *spec, bool with_view) {
  static const char *const begin[] = {
      [REBUILD_V2] = "ctorch._utils\n_rebuild_tensor_v2\n(",
      [REBUILD] = "ctorch._utils\n_rebuild_tensor\n(",
      [BUILD] = "ctorch\nFloatTensor\n)R(",
      [PARAMETER] = "ctorch._utils\n_rebuild_parameter\n(ctorch._utils\n_rebuild_tensor\n("};
  static const char *const end[] = {[REBUILD_V2] = "\x89"
                                                   "ccollections\nOrderedDict\n)RtR",
                                    [REBUILD] = "tR",
                                    [BUILD] = "tb",
                                    [PARAMETER] = "tR\x88"
                                                  "ccollections\nOrderedDict\n)RtR"};
  put_text(out, begin[spec->style]);
  put_storage(out, spec, with_view);
  put_int(out, spec->offset);
  put_ints(out, spec->shape, spec->rank);
  put_ints(out, spec->stride, spec->rank);
  put_text(out, end[spec->style]);
}

/* The state_dict with its attribute _metadata, as torch writes it. */
static void put_state_dict(bytes *out, const tensor_spec *specs, size_t count, bool with_view) {
  put_text(out, "\x80\x02"
                "ccollections\nOrderedDict\nq\x07)Rq\x01(");
  for (size_t i = 0; i < count; i++) {
    put_string(out, specs[i].name);
    put_tensor(out, &specs[i], with_view);
  }
  put_text(out, "u}");
  put_string(out, "_metadata");
  put_text(out, "h\x07)Rsb.");
}

/* --- the unpickler ---------------------------------------------------------------------------- */

static vs_status unpickle(const bytes *in, vs_pickle **pickle) {
  size_t used = 0;
  unsigned char *copy = test_malloc(in->size + 1);
  memcpy(copy, in->data, in->size);
  vs_status status = vs_unpickle(pickle, copy, in->size, &used);
  if (status == VS_OK) assert_int_equal(used, in->size);
  /* texts refer to the input; the callers below look at none */
  test_free(copy);
  return status;
}

static void plain_values_are_understood(void **state) {
  (void)state;
  file.size = 0;
  put(&file, "\x80\x02(", 3);
  put(&file, "K\xff", 2);
  put(&file, "M\xff\xff", 3);
  put(&file, "J\xfe\xff\xff\xff", 5);
  put(&file, "\x8a\x03\x00\x00\x80", 5);
  put(&file, "\x8a\x00", 2);
  put(&file, "\x88\x89N", 3);
  put(&file, "G\x3f\xf8\0\0\0\0\0\0", 9);
  put(&file,
      "]K\x05"
      "a(K\x06"
      "e",
      8);
  put(&file, "t.", 2);
  vs_pickle *pickle;
  assert_ok(unpickle(&file, &pickle));
  const vs_pickle_value *root = vs_unpickle_root(pickle);
  assert_int_equal(root->kind, VS_PICKLE_TUPLE);
  assert_int_equal(root->items.count, 10);
  vs_pickle_value *const *item = root->items.values;
  static const int64_t integers[] = {255, 65535, -2, -8388608, 0, 1, 0};
  for (size_t i = 0; i < 7; i++) assert_int_equal(item[i]->integer, integers[i]);
  assert_int_equal(item[6]->kind, VS_PICKLE_BOOL);
  assert_int_equal(item[7]->kind, VS_PICKLE_NONE);
  assert_true(item[8]->number == 1.5);
  assert_int_equal(item[9]->kind, VS_PICKLE_LIST);
  assert_int_equal(item[9]->items.count, 2);
  vs_unpickle_free(pickle);
}

static void forbidden_pickles_are_refused(void **state) {
  (void)state;
#define PICKLE(bytes, words) .content = (bytes), .size = sizeof(bytes) - 1, .message = (words)
  static const struct {
    const char *content;
    size_t size;
    const char *message;
  } cases[] = {
      {PICKLE("\x80\x02"
              "cos\nsystem\n(X\x02\0\0\0lstR.",
              "os.system")},
      {PICKLE("\x80\x02"
              "cposix\nsystem\n)R.",
              "posix.system")},
      {PICKLE("\x80\x02"
              "cbuiltins\neval\n)R.",
              "builtins.eval")},
      {PICKLE("\x80\x02"
              "ctorchvision.models.vgg\nVGG\n)\x81.",
              "state_dict()")},
      {PICKLE("\x80\x02"
              "c\x1b[31m\n\xff\n.",
              "?[31m.?")},
      {PICKLE("\x80\x02"
              "ctorch\nFloatStorage\n)R.",
              "not in the file")},
      {PICKLE("\x80\x02"
              "ctorch\nFloatTensor\nK\x01\x85R.",
              "with arguments")},
      {PICKLE("\x80\x02"
              "ctorch.nn.parameter\nParameter\n)R.",
              "without a tensor")},
      {PICKLE("\x80\x02"
              "ccollections\nOrderedDict\nK\x01\x85R.",
              "than a list")},
      {PICKLE("\x80\x02"
              "ccollections\nOrderedDict\n]K\x01"
              "a\x85R.",
              "than pairs")},
      {PICKLE("\x80\x02"
              "ctorch._utils\n_rebuild_tensor_v2\n)R.",
              "not described properly")},
      {PICKLE("\x80\x02K\x01)R.", "no function")},
      {PICKLE("\x80\x02"
              "ctorch\nFloatTensor\nK\x01R.",
              "no function")},
      {PICKLE("\x80\x02K\x01}b.", "a state for something")},
      {PICKLE("\x80\x02"
              "ctorch\nFloatTensor\n)R}b.",
              "not described properly")},
      {PICKLE("\x80\x02K\x01Q.", "persistent id")},
      {PICKLE("\x80\x04.", "protocol 4")},
      {PICKLE("\x80\x02ios\nsystem\n.", "opcode 0x69")},
      {PICKLE("\x80\x02(oos\n.", "opcode 0x6f")},
      {PICKLE("\x80\x02\x93.", "opcode 0x93")},
      {PICKLE("\x80\x02S'x'\n.", "opcode 0x53")},
      {PICKLE("\x80\x02\x8b\xff\xff\xff\x7f.", "opcode 0x8b")},
      {PICKLE("\x80\x02\x8a\x09\0\0\0\0\0\0\0\0\x01.", "beyond 64 bits")},
      {PICKLE("\x80\x02X\xff\xff\xff\xff.", "ends too early")},
      {PICKLE("\x80\x02"
              "ctorch",
              "ends too early")},
      {PICKLE("", "ends too early")},
      {PICKLE(".", "more or less than one value")},
      {PICKLE("\x80\x02NN.", "more or less than one value")},
      {PICKLE("\x80\x02N(.", "more or less than one value")},
      {PICKLE("\x80\x02t.", "mark is missing")},
      {PICKLE("\x80\x02"
              "e.",
              "mark is missing")},
      {PICKLE("\x80\x02(e.", "stack is empty")},
      {PICKLE("\x80\x02(u.", "stack is empty")},
      {PICKLE("\x80\x02"
              "a.",
              "stack is empty")},
      {PICKLE("\x80\x02N(a.", "stack is empty")},
      {PICKLE("\x80\x02}N(s.", "stack is empty")},
      {PICKLE("\x80\x02N(R.", "stack is empty")},
      {PICKLE("\x80\x02N\x86.", "stack is empty")},
      {PICKLE("\x80\x02](\x85.", "stack is empty")},
      {PICKLE("\x80\x02](q\0.", "stack is empty")},
      {PICKLE("\x80\x02]NNs.", "takes none")},
      {PICKLE("\x80\x02}Na.", "takes none")},
      {PICKLE("\x80\x02)Na.", "takes none")},
      {PICKLE("\x80\x02}(Nu.", "key without a value")},
      {PICKLE("\x80\x02h\0.", "never made")},
      {PICKLE("\x80\x02Nq\x05h\x04.", "never made")},
      {PICKLE("\x80\x02Nq\x05j\xff\xff\xff\xff.", "never made")},
      {PICKLE("\x80\x02Nr\xff\xff\xff\xff.", "memo is too large")},
      {PICKLE("\x80\x02Nr\0\0\0\x80.", "memo is too large")},
  };
#undef PICKLE
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vs_pickle *pickle;
    file.size = 0;
    put(&file, cases[i].content, cases[i].size);
    assert_refused(unpickle(&file, &pickle), cases[i].message);
    assert_null(pickle);
  }
}

/* `count` times the same opcodes between a beginning and an end. */
static void assert_bomb_refused(const char *begin, const char *again, size_t count, const char *end,
                                const char *message) {
  vs_pickle *pickle;
  file.size = 0;
  put_text(&file, begin);
  for (size_t i = 0; i < count; i++) put_text(&file, again);
  put_text(&file, end);
  assert_refused(unpickle(&file, &pickle), message);
}

static void bombs_are_bounded(void **state) {
  (void)state;
  assert_bomb_refused("\x80\x02", "(", 100000, "", "nested too deeply");
  assert_bomb_refused("\x80\x02(", "N", 100000, "t.", "stack is too deep");
  assert_bomb_refused("\x80\x02N", "\x85", 300000, ".", "too many values");
  /* A list of 100 pairs, copied into one dict after the other at 5 bytes of input each. */
  vs_pickle *pickle;
  file.size = 0;
  put_text(&file, "\x80\x02"
                  "ccollections\nOrderedDict\nq\x01](");
  for (int i = 0; i < 100; i++) put_text(&file, "NN\x86");
  put_text(&file, "e\x85q\x02(");
  for (int i = 0; i < 60000; i++) put_text(&file, "h\x01h\x02R");
  put_text(&file, "t.");
  assert_refused(unpickle(&file, &pickle), "too many entries");
  /* The doubling DAG ("billion laughs") is harmless, as nothing is ever expanded. */
  file.size = 0;
  put_text(&file, "\x80\x02)q\x01");
  for (int i = 0; i < 60000; i++) put_text(&file, "h\x01\x86q\x01");
  put_text(&file, ".");
  assert_ok(unpickle(&file, &pickle));
  vs_unpickle_free(pickle);
  /* A list that holds itself. */
  file.size = 0;
  put_text(&file, "\x80\x02]q\x01h\x01"
                  "a.");
  assert_ok(unpickle(&file, &pickle));
  assert_ptr_equal(vs_unpickle_root(pickle)->items.values[0], vs_unpickle_root(pickle));
  vs_unpickle_free(pickle);
}

/* --- the legacy stream ------------------------------------------------------------------------ */

static const unsigned char legacy_start[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                             0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
                                             0x2e, 0x80, 0x02, 0x4d, 0xe9, 0x03, 0x2e};

static void put_system(bytes *out, bool little_endian) {
  put_text(out, "\x80\x02}(");
  put_string(out, "little_endian");
  put_text(out, little_endian ? "\x88u." : "\x89u.");
}

/* A stream with the storages "0" (the kernel) and "1" (the bias). Returns where the numbers begin.
 */
static size_t make_legacy(bytes *out, const tensor_spec *specs, size_t count) {
  out->size = 0;
  put(out, legacy_start, sizeof legacy_start);
  put_system(out, true);
  put_state_dict(out, specs, count, true);
  put_text(out, "\x80\x02](");
  put_string(out, "1");
  put_string(out, "0");
  put_text(out, "e.");
  size_t header = out->size;
  put_u64(out, BIASES);
  put_numbers(out, BIASES);
  put_u64(out, WEIGHTS);
  put_numbers(out, WEIGHTS);
  return header;
}

static void legacy_streams_are_read(void **state) {
  (void)state;
  static const tensor_style styles[] = {REBUILD_V2, REBUILD, BUILD, PARAMETER};
  for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
    tensor_spec specs[2] = {weight_spec, bias_spec};
    specs[0].style = specs[1].style = styles[i];
    if (i == 1) specs[1].name = "module.features.0.bias";
    make_legacy(&file, specs, 2);
    assert_ok(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, true));
  }
  tensor_spec specs[3] = {weight_spec, bias_spec, bias_spec};
  specs[0].view_count = WEIGHTS; /* a view of the whole storage */
  specs[2].name = "classifier.0.bias";
  make_legacy(&file, specs, 3);
  assert_ok(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, true));
}

/* The bias as numbers 128..191 of the storage that the kernel has, once by a view, once by an
 * offset: where a tensor begins is view + offset. */
static void offsets_and_views_add_up(void **state) {
  (void)state;
  tensor_spec specs[2] = {weight_spec, bias_spec};
  specs[1].key = "0";
  specs[1].stored = WEIGHTS;
  specs[1].view_offset = 100;
  specs[1].view_count = 28 + BIASES;
  specs[1].offset = 28;
  make_legacy(&file, specs, 2);
  /* storage "1" is in the list of keys, but no tensor has it */
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "names one that no tensor has");
  tensor_spec three[3] = {specs[0], specs[1], bias_spec};
  three[2].name = "classifier.0.bias";
  make_legacy(&file, three, 3);
  vs_weights_file memory = {.path = "memory", .data = file.data, .size = file.size};
  vs_weights_raw raw = {.last_conv = 0};
  assert_ok(vs_weights_torch_read_legacy(&memory, &raw));
  for (size_t i = 0; i < BIASES; i++) assert_true(raw.bias[0][i] == small_number(128 + i));
  vs_weights_raw_clear(&raw);
}

typedef struct bad_spec {
  tensor_spec weight, bias;
  const char *message;
} bad_spec;

typedef struct bad_specs {
  bad_spec specs[20];
  size_t count;
} bad_specs;

/* A good pair of tensors, for the caller to spoil. */
static bad_spec *expect(bad_specs *list, const char *message) {
  assert_true(list->count < sizeof list->specs / sizeof list->specs[0]);
  list->specs[list->count] = (bad_spec){weight_spec, bias_spec, message};
  return &list->specs[list->count++];
}

static void wrong_tensors_are_refused(void **state) {
  (void)state;
  bad_specs list = {.count = 0};
  expect(&list, "features.0.weight has shape (64,3,3)")->weight.rank = 3;
  expect(&list, "in VGG16 it is (64,3,3,3)")->weight.shape[1] = 4;
  expect(&list, "not described properly")->weight.shape[1] = -3;
  expect(&list, "not described properly")->weight.offset = -1;
  expect(&list, "not described properly")->bias.stride[0] = -1;
  expect(&list, "not contiguous")->weight.stride[3] = 2;
  expect(&list, "not contiguous")->bias.stride[0] = 0;
  expect(&list, "beyond its storage")->bias.offset = 1;
  expect(&list, "beyond its storage")->bias.offset = INT32_MAX;
  expect(&list, "beyond its storage")->bias.view_count = 63;
  expect(&list, "describes no storage")->bias.view_count = 65;
  expect(&list, "describes no storage")->bias.stored = -1;
  expect(&list, "another type")->bias.storage_type = "DoubleStorage";
  expect(&list, "another length")->bias.stored = 65;
  expect(&list, "twice")->bias = weight_spec;
  expect(&list, "VGG19")->bias.name = "features.34.weight";
  for (size_t i = 0; i < list.count; i++) {
    const tensor_spec specs[2] = {list.specs[i].weight, list.specs[i].bias};
    make_legacy(&file, specs, 2);
    assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                   list.specs[i].message);
  }
}

static void damaged_streams_are_refused(void **state) {
  (void)state;
  const tensor_spec specs[2] = {weight_spec, bias_spec};
  size_t header = make_legacy(&file, specs, 2);
  assert_truncations_refused(vs_weights_torch_read_legacy, &file);
  file.data[header] = 63; /* the count before the numbers */
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "storage 1");
  memset(file.data + header, 0xff, 8);
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "storage 1");

  file.size = 0;
  put(&file, legacy_start, sizeof legacy_start);
  put_system(&file, false);
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "big-endian");
  file.size = sizeof legacy_start;
  put_text(&file, "\x80\x02K\x01.");
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false), "system");
  file.size = sizeof legacy_start;
  put_system(&file, true);
  put_text(&file, "\x80\x02].");
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "no state_dict");
  file.size = sizeof legacy_start;
  put_system(&file, true);
  put_text(&file, "\x80\x02}");
  put_string(&file, "state_dict");
  put_text(&file, "}s.");
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "a training checkpoint");
  file.size = sizeof legacy_start;
  put_system(&file, true);
  put_text(&file, "\x80\x02}");
  put_string(&file, "features.0.bias");
  put_text(&file, "K\x01s.");
  assert_refused(read_conv1_1(vs_weights_torch_read_legacy, file.data, file.size, false),
                 "is no tensor");
}

static void mutated_streams_do_no_harm(void **state) {
  (void)state;
  tensor_spec specs[2] = {weight_spec, bias_spec};
  size_t header = make_legacy(&file, specs, 2);
  assert_mutations_survive(vs_weights_torch_read_legacy, &file, 0, header + 8, 2, 4000);
  specs[0].style = BUILD;
  specs[1].style = PARAMETER;
  specs[1].view_count = BIASES;
  header = make_legacy(&file, specs, 2);
  assert_mutations_survive(vs_weights_torch_read_legacy, &file, 0, header + 8, 3, 4000);
}

/* --- zip -------------------------------------------------------------------------------------- */

enum { PICKLE, KERNEL, BIAS, ORDER, MEMBERS };

/* The members of a good checkpoint; they refer to `other` and to static numbers. */
static void good_members(member members[MEMBERS]) {
  static bytes numbers;
  const tensor_spec specs[2] = {weight_spec, bias_spec};
  other.size = 0;
  put_state_dict(&other, specs, 2, false);
  numbers.size = 0;
  put_numbers(&numbers, WEIGHTS);
  members[PICKLE] = (member){"net/data.pkl", other.data, other.size, false};
  members[KERNEL] = (member){"net/data/0", numbers.data, WEIGHT_BYTES, false};
  members[BIAS] = (member){"net/data/1", numbers.data, BIAS_BYTES, false};
  members[ORDER] = (member){"net/byteorder", "little", 6, false};
}

static vs_status read_zip(const member *members, size_t count) {
  make_zip(&file, members, count);
  return read_conv1_1(vs_weights_torch_read_zip, file.data, file.size, true);
}

static void zip_checkpoints_are_read(void **state) {
  (void)state;
  member members[MEMBERS];
  good_members(members);
  assert_ok(read_zip(members, MEMBERS));
  assert_ok(read_zip(members, ORDER)); /* older versions say no byte order */
}

static void damaged_zips_are_refused(void **state) {
  (void)state;
  member members[MEMBERS];
  good_members(members);
  assert_refused(read_zip(members, BIAS), "no member net/data/1");
  members[KERNEL].compressed = true;
  assert_refused(read_zip(members, MEMBERS), "net/data/0 is compressed");
  good_members(members);
  members[PICKLE].compressed = true;
  assert_refused(read_zip(members, MEMBERS), "net/data.pkl is compressed");
  good_members(members);
  members[BIAS].size -= 4;
  assert_refused(read_zip(members, MEMBERS), "features.0.bias");
  good_members(members);
  members[ORDER].data = "bigend";
  assert_refused(read_zip(members, MEMBERS), "big-endian");
  good_members(members);
  members[PICKLE].name = "net/data.txt";
  assert_refused(read_zip(members, MEMBERS), "without data.pkl");
  members[PICKLE].name = "model.weights.h5";
  assert_refused(read_zip(members, MEMBERS), "a .keras archive");
  good_members(members);
  assert_ok(read_zip(members, MEMBERS));
  assert_truncations_refused(vs_weights_torch_read_zip, &file);
  /* one bit of a number: only the CRC knows */
  unsigned char *kernel = memmem(file.data, file.size, members[KERNEL].data, WEIGHT_BYTES);
  assert_non_null(kernel);
  kernel[5000] ^= 1;
  assert_refused(read_conv1_1(vs_weights_torch_read_zip, file.data, file.size, false), "CRC");
}

/* The directory at the end; what is before it is guarded by CRCs. */
static void mutated_zips_do_no_harm(void **state) {
  (void)state;
  member members[MEMBERS];
  good_members(members);
  assert_ok(read_zip(members, MEMBERS));
  const unsigned char *directory = memmem(file.data, file.size, "PK\1\2", 4);
  assert_non_null(directory);
  assert_mutations_survive(vs_weights_torch_read_zip, &file, (size_t)(directory - file.data),
                           file.size, 4, 4000);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_values_are_understood),
      cmocka_unit_test(forbidden_pickles_are_refused),
      cmocka_unit_test(bombs_are_bounded),
      cmocka_unit_test(legacy_streams_are_read),
      cmocka_unit_test(offsets_and_views_add_up),
      cmocka_unit_test(wrong_tensors_are_refused),
      cmocka_unit_test(damaged_streams_are_refused),
      cmocka_unit_test(mutated_streams_do_no_harm),
      cmocka_unit_test(zip_checkpoints_are_read),
      cmocka_unit_test(damaged_zips_are_refused),
      cmocka_unit_test(mutated_zips_do_no_harm),
  };
  return cmocka_run_group_tests_name("weights_torch", tests, NULL, NULL);
}
