/* ONNX models, written field by field: where numbers may lie, what a chain of VGG16 is, and what
 * is refused. */
#include "tests/support/weight_bytes.h"

#include <stdio.h>

#include "core/vgg/protobuf.h"

static bytes file; /* half a megabyte, too much for the stack */

/* --- protobuf, written ------------------------------------------------------------------------ */

static void put_varint(bytes *out, uint64_t value) {
  for (; value >= 128; value >>= 7) put(out, &(unsigned char){(unsigned char)(value | 128)}, 1);
  put(out, &(unsigned char){(unsigned char)value}, 1);
}

static void put_number(bytes *out, uint32_t field, uint64_t value) {
  put_varint(out, (uint64_t)field << 3);
  put_varint(out, value);
}

static void put_bytes(bytes *out, uint32_t field, const void *data, size_t size) {
  put_varint(out, (uint64_t)field << 3 | 2);
  put_varint(out, size);
  put(out, data, size);
}

static void put_word(bytes *out, uint32_t field, const char *text) {
  put_bytes(out, field, text, strlen(text));
}

/* --- a model ---------------------------------------------------------------------------------- */

typedef enum bias_style { BIAS_OF_CONV, BIAS_ADDED_4, BIAS_ADDED_3, BIAS_NONE } bias_style;
typedef enum number_style { NUMBERS_RAW, NUMBERS_PACKED, NUMBERS_SINGLE } number_style;

/* What a model is like; the tests change one thing at a time, at convolution `at`. */
typedef struct model_spec {
  uint64_t type; /* of numbers: 1 float32, 10 float16, 11 float64, 16 bfloat16 */
  number_style numbers;
  bias_style bias;
  bool by_constants, has_no_kernel;
  int convs;                                         /* 0: 13 */
  int at;                                            /* where what follows holds */
  int64_t kernel_side, stride, dilation, group, pad; /* 0: as in VGG16; -1: attribute left out */
  const char *auto_pad, *between;                    /* NULL: nothing */
  bool no_relu, other_pool, other_input, is_external, is_segment;
  int lack_bytes, other_channels;
} model_spec;

static const char *tap(int conv) {
  return vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->name;
}

/* The float16 of a small number, which is one exactly. */
static uint16_t half_of(float number) {
  static uint16_t known[256];
  const size_t place = (size_t)(number * 128.0f + 125.0f);
  float value = -1000.0f;
  for (uint32_t bits = known[place]; value != number; bits++) {
    known[place] = (uint16_t)bits;
    vs_weights_raw_to_float(VS_DTYPE_F16, (const unsigned char *)&known[place], &value, 1);
  }
  return known[place];
}

static void put_values(bytes *out, const model_spec *model, size_t count) {
  static bytes packed;
  packed.size = 0;
  const uint32_t field = model->type == 1 ? 4 : model->type == 11 ? 10 : 5;
  for (size_t i = 0; i < count; i++) {
    const float number = small_number(i);
    const double wide = (double)number;
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    const uint16_t short_bits = model->type == 16 ? (uint16_t)(bits >> 16) : half_of(number);
    if (model->numbers == NUMBERS_SINGLE) {
      put_varint(out, (uint64_t)field << 3 | (field == 4 ? 5 : field == 10 ? 1 : 0));
      if (field == 4) put(out, &number, 4);
      if (field == 10) put(out, &wide, 8);
      if (field == 5) put_varint(out, short_bits);
    } else if (model->type == 1) {
      put(&packed, &number, 4);
    } else if (model->type == 11) {
      put(&packed, &wide, 8);
    } else if (model->numbers == NUMBERS_RAW) {
      put(&packed, &short_bits, 2);
    } else {
      put_varint(&packed, short_bits);
    }
  }
  packed.size -= (size_t)model->lack_bytes;
  if (model->numbers == NUMBERS_RAW) put_bytes(out, 9, packed.data, packed.size);
  if (model->numbers == NUMBERS_PACKED) put_bytes(out, field, packed.data, packed.size);
}

/* A tensor; only conv1_1 has numbers, as only they are asked for. */
static void make_tensor(bytes *out, const model_spec *model, int conv, bool is_bias,
                        const char *name) {
  const vs_weights_slot slot = {.conv = conv, .is_bias = is_bias};
  const int64_t k = vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels +
                    (conv == model->at ? model->other_channels : 0);
  out->size = 0;
  if (is_bias && model->bias == BIAS_ADDED_4) put_number(out, 1, 1);
  put_number(out, 1, (uint64_t)k);
  if (is_bias && model->bias != BIAS_OF_CONV) {
    put_number(out, 1, 1);
    put_number(out, 1, 1);
  }
  if (!is_bias) {
    unsigned char rest[3] = {0, 3, 3};
    put_number(out, 1, (uint64_t)vs_vgg16_in_channels(conv));
    put_bytes(out, 1, rest + 1, 2); /* packed */
  }
  put_number(out, 2, model->type);
  if (model->is_segment && conv == model->at) put_bytes(out, 3, "", 0);
  put_word(out, 8, name);
  if (model->is_external && conv == model->at)
    put_number(out, 14, 1);
  else if (conv == 0)
    put_values(out, model, vs_weights_slot_count(slot));
}

static void put_ints(bytes *node, const char *name, int64_t value, size_t count) {
  static bytes attribute;
  attribute.size = 0;
  put_word(&attribute, 1, name);
  for (size_t i = 0; i < count; i++) put_number(&attribute, 8, (uint64_t)value);
  put_number(&attribute, 20, 7);
  if (value >= 0) put_bytes(node, 5, attribute.data, attribute.size);
}

static int64_t or_else(int64_t value, int64_t usual) {
  return value != 0 ? value : usual;
}

static void put_conv_attributes(bytes *node, const model_spec *model, bool is_other) {
  static bytes attribute;
  put_ints(node, "kernel_shape", is_other ? or_else(model->kernel_side, 3) : 3, 2);
  put_ints(node, "strides", is_other ? or_else(model->stride, 1) : 1, 2);
  put_ints(node, "dilations", is_other ? or_else(model->dilation, 1) : 1, 2);
  put_ints(node, "pads", is_other ? or_else(model->pad, 1) : 1, 4);
  attribute.size = 0;
  put_word(&attribute, 1, "group");
  put_number(&attribute, 3, (uint64_t)(is_other ? or_else(model->group, 1) : 1));
  put_bytes(node, 5, attribute.data, attribute.size);
  if (!is_other || model->auto_pad == NULL) return;
  attribute.size = 0;
  put_word(&attribute, 1, "auto_pad");
  put_word(&attribute, 4, model->auto_pad);
  put_bytes(node, 5, attribute.data, attribute.size);
}

/* The graph as it grows: its file, and the name of the last output. */
typedef struct growth {
  bytes *graph;
  char last[64];
} growth;

static void put_node(growth *to, const char *op, const char *second, const char *third,
                     const char *output, const bytes *attributes) {
  static bytes node;
  node.size = 0;
  put_word(&node, 1, to->last);
  if (second != NULL) put_word(&node, 1, second);
  if (third != NULL) put_word(&node, 1, third);
  put_word(&node, 2, output);
  put_word(&node, 4, op);
  if (attributes != NULL) put(&node, attributes->data, attributes->size);
  put_bytes(to->graph, 1, node.data, node.size);
  snprintf(to->last, sizeof to->last, "%s", output);
}

static void put_tensor(growth *to, const model_spec *model, int conv, bool is_bias,
                       const char *name) {
  static bytes tensor, node, attribute;
  make_tensor(&tensor, model, conv, is_bias, name);
  if (!model->by_constants) {
    put_bytes(to->graph, 5, tensor.data, tensor.size);
    return;
  }
  node.size = attribute.size = 0;
  put_word(&attribute, 1, "value");
  put_bytes(&attribute, 5, tensor.data, tensor.size);
  put_word(&node, 2, name);
  put_word(&node, 4, "Constant");
  put_bytes(&node, 5, attribute.data, attribute.size);
  put_bytes(to->graph, 1, node.data, node.size);
}

static void put_layer(growth *to, const model_spec *model, int conv) {
  static bytes attributes;
  char kernel[32], bias[32], output[32];
  const bool is_other = conv == model->at;
  const int shapes_of = conv < VS_VGG_CONVS ? conv : VS_VGG_CONVS - 1;
  snprintf(kernel, sizeof kernel, "kernel-%d", conv);
  snprintf(bias, sizeof bias, "bias-%d", conv);
  if (is_other && model->other_input) snprintf(to->last, sizeof to->last, "somewhere");
  if (!is_other || !model->has_no_kernel) put_tensor(to, model, shapes_of, false, kernel);
  put_tensor(to, model, shapes_of, true, bias);
  attributes.size = 0;
  put_conv_attributes(&attributes, model, is_other);
  snprintf(output, sizeof output, "conv-%d", conv);
  put_node(to, "Conv", kernel, model->bias == BIAS_OF_CONV ? bias : NULL, output, &attributes);
  if (model->bias == BIAS_ADDED_4 || model->bias == BIAS_ADDED_3) {
    snprintf(output, sizeof output, "sum-%d", conv);
    put_node(to, "Add", bias, NULL, output, NULL);
  }
  if (is_other && model->between != NULL) {
    snprintf(output, sizeof output, "between-%d", conv);
    put_node(to, model->between, NULL, NULL, output, NULL);
  }
  snprintf(output, sizeof output, "relu-%d", conv);
  if (!is_other || !model->no_relu) put_node(to, "Relu", NULL, NULL, output, NULL);
  const bool ends_block = conv < 12 && tap(conv + 1)[4] != tap(conv)[4];
  snprintf(output, sizeof output, "pool-%d", conv);
  if (ends_block != (is_other && model->other_pool))
    put_node(to, "MaxPool", NULL, NULL, output, NULL);
}

static void make_model(const model_spec *model) {
  static bytes graph;
  growth to = {&graph, "input"};
  graph.size = file.size = 0;
  for (int conv = 0; conv < (model->convs != 0 ? model->convs : 13); conv++)
    put_layer(&to, model, conv);
  put_number(&file, 1, 7);
  put_word(&file, 2, "a test");
  put_bytes(&file, 7, graph.data, graph.size);
  put_bytes(&file, 8, "\x0a\x00\x10\x0d", 4);
}

static vs_status read_model(const model_spec *model) {
  make_model(model);
  return read_conv1_1(vs_weights_onnx_read, file.data, file.size, true);
}

/* --- the tests -------------------------------------------------------------------------------- */

static void numbers_are_read_wherever_they_lie(void **state) {
  (void)state;
  static const uint64_t types[] = {1, 10, 11, 16};
  for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
    for (int numbers = NUMBERS_RAW; numbers <= NUMBERS_SINGLE; numbers++)
      for (int bias = BIAS_OF_CONV; bias <= BIAS_ADDED_3; bias++)
        assert_ok(read_model(&(model_spec){.type = types[t],
                                           .numbers = (number_style)numbers,
                                           .bias = (bias_style)bias,
                                           .by_constants = bias == BIAS_ADDED_3}));
}

static void borders_may_be_said_in_two_ways(void **state) {
  (void)state;
  assert_ok(read_model(&(model_spec){.type = 1, .at = 3, .pad = -1, .auto_pad = "SAME_UPPER"}));
  assert_ok(read_model(&(model_spec){.type = 1, .at = 3, .pad = -1, .auto_pad = "SAME_LOWER"}));
  assert_ok(read_model(&(model_spec){.type = 1, .at = 3, .auto_pad = "NOTSET"}));
  assert_ok(read_model(
      &(model_spec){.type = 1, .at = 3, .stride = -1, .kernel_side = -1, .dilation = -1}));
}

static void what_changes_no_number_may_stand_between(void **state) {
  (void)state;
  static const char *const between[] = {"Identity", "Transpose", "Dropout"};
  for (size_t i = 0; i < sizeof between / sizeof between[0]; i++)
    assert_ok(read_model(&(model_spec){.type = 1, .at = 4, .between = between[i]}));
}

static void other_models_are_refused(void **state) {
  (void)state;
  static const struct {
    model_spec model;
    const char *message;
  } cases[] = {
      {{.type = 1, .convs = 12}, "12 convolutions: this is another network"},
      {{.type = 1, .convs = 16}, "16 convolutions: this may be VGG19"},
      {{.type = 1, .at = 2, .kernel_side = 5}, "convolution 3 (conv2_1): its kernel_shape"},
      {{.type = 1, .at = 2, .stride = 2}, "its strides"},
      {{.type = 1, .at = 2, .dilation = 2}, "its dilations"},
      {{.type = 1, .at = 2, .group = 2}, "its group"},
      {{.type = 1, .at = 2, .pad = 2}, "its pads"},
      {{.type = 1, .at = 2, .pad = -1}, "no border"},
      {{.type = 1, .at = 2, .pad = -1, .auto_pad = "VALID"}, "its auto_pad"},
      {{.type = 1, .at = 2, .pad = -1, .auto_pad = "NOTSET"}, "no border"},
      {{.type = 1, .at = 2, .between = "BatchNormalization"}, "vgg16_bn"},
      {{.type = 1, .at = 2, .between = "Sigmoid"}, "does not follow conv2_1"},
      {{.type = 1, .at = 2, .no_relu = true}, "a Relu and no pool"},
      {{.type = 1, .at = 3, .other_pool = true},
       "between conv2_2 and it VGG16 has a Relu and one pool"},
      {{.type = 1, .at = 2, .other_pool = true}, "a Relu and no pool"},
      {{.type = 1, .at = 5, .other_input = true},
       "convolution 6 (conv3_2): it does not follow conv3_1"},
      {{.type = 1, .at = 5, .has_no_kernel = true}, "computed in the graph"},
      {{.type = 1, .bias = BIAS_NONE}, "no stored bias"},
      {{.type = 1, .at = 5, .is_external = true}, "external data"},
      {{.type = 1, .at = 5, .is_segment = true}, "segments"},
      {{.type = 3, .at = 5}, "another type than float32"},
      {{.type = 1, .at = 5, .other_channels = 1},
       "tensor kernel-5: features.12.weight has shape (257,256,3,3), in VGG16 it is (256,256,3,3)"},
      {{.type = 1, .lack_bytes = 4}, "bytes, which is not what its shape says"},
      {{.type = 1, .numbers = NUMBERS_PACKED, .lack_bytes = 4}, "fewer numbers"},
      {{.type = 1, .numbers = NUMBERS_PACKED, .lack_bytes = 3}, "fewer numbers"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_refused(read_model(&cases[i].model), cases[i].message);
}

static vs_status read_text(const void *data, size_t size) {
  return read_conv1_1(vs_weights_onnx_read, data, size, false);
}

static void damaged_protobuf_is_refused(void **state) {
  (void)state;
  assert_refused(read_text("\x08\x07", 2), "without a graph");
  assert_refused(read_text("\x08\x07\x3a\x00", 4), "0 convolutions");
  assert_refused(read_text("\x08\x07\x3a\x7f", 4), "cut short");
  assert_refused(read_text("\x08\x07\x3b", 3), "damaged"); /* a group */
  assert_refused(read_text("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12), "damaged");
  assert_refused(read_text("\x08\x07\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13),
                 "cut short");
  assert_refused(read_text("\x00\x07", 2), "damaged"); /* field 0 */
  /* a Constant with two values, where there is room for one */
  assert_refused(read_text("\x08\x07\x3a\x29\x0a\x27\x12\x01"
                           "a\x22\x08"
                           "Constant\x2a\x0b\x0a\x05value\x2a\x02\x42\x00\x2a\x0b\x0a\x05value"
                           "\x2a\x02\x42\x00",
                           45),
                 "0 convolutions");
}

static void too_many_nodes_are_refused(void **state) {
  (void)state;
  static bytes graph;
  graph.size = file.size = 0;
  for (int i = 0; i <= 1 << 16; i++) put(&graph, "\x0a\x00", 2);
  put_number(&file, 1, 7);
  put_bytes(&file, 7, graph.data, graph.size);
  assert_int_equal(read_text(file.data, file.size), VS_ERR_LIMIT);
}

static void truncated_models_are_refused(void **state) {
  (void)state;
  make_model(&(model_spec){.type = 1});
  for (size_t size = 0; size < file.size; size += size < 64 || size + 64 > file.size ? 1 : 37) {
    vs_status status = read_conv1_1(vs_weights_onnx_read, file.data, size, false);
    if (status == VS_OK)
      assert_true(size + 6 == file.size); /* all but what follows the graph */
    else
      assert_refused(status, "");
  }
}

static void mutated_models_do_no_harm(void **state) {
  (void)state;
  const number_style styles[] = {NUMBERS_RAW, NUMBERS_PACKED};
  for (size_t i = 0; i < 2; i++) {
    make_model(&(model_spec){.type = 10, .numbers = styles[i], .by_constants = i == 1});
    assert_mutations_survive(vs_weights_onnx_read, &file, 0, file.size, 20 + i, 3000);
    assert_mutations_survive(vs_weights_onnx_read, &file, 0, 160, 30 + i, 2000);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_read_wherever_they_lie),
      cmocka_unit_test(borders_may_be_said_in_two_ways),
      cmocka_unit_test(what_changes_no_number_may_stand_between),
      cmocka_unit_test(other_models_are_refused),
      cmocka_unit_test(damaged_protobuf_is_refused),
      cmocka_unit_test(too_many_nodes_are_refused),
      cmocka_unit_test(truncated_models_are_refused),
      cmocka_unit_test(mutated_models_do_no_harm),
  };
  return cmocka_run_group_tests_name("weights_onnx", tests, NULL, NULL);
}
