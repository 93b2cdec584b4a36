/* weights_onnx.c - ONNX models: a graph of nodes, and the numbers that they take; one of the
 * readers of weights_readers.h.
 *
 * A file is one ModelProto in protobuf (github.com/onnx/onnx, onnx/onnx.proto). Tensors have the
 * names that some exporter gave them, so what counts is the graph: its Conv nodes, in their order,
 * are VGG16's if there are 13 of its shapes in one chain, with a Relu behind each and a pool where
 * VGG16 has one. Kernels are (K,C,3,3), always; biases are the node's third input, or of an Add
 * behind it. Numbers lie in initializers or Constant nodes, as raw bytes or in typed fields.
 *
 * What else is in the graph (a transposed input, another classifier) does not matter and is not
 * looked at. Nothing is executed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vgg/protobuf.h"
#include "core/vgg/weights_readers.h"

enum {
  MAX_NODES = 1 << 16,    /* and as many initializers; VGG16 has 40 and 32 */
  MAX_NODES_BETWEEN = 16, /* two convolutions: Relu, pool, perhaps Add, Transpose, Identity */
  MAX_INPUTS = 3,
  MAX_RANK = 8,
  MAX_INTS = 8
};

/* Field numbers of onnx.proto. */
enum { MODEL_GRAPH = 7 };
enum { GRAPH_NODE = 1, GRAPH_INITIALIZER = 5 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_OP_TYPE = 4, NODE_ATTRIBUTE = 5 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_I = 3, ATTRIBUTE_S = 4, ATTRIBUTE_T = 5, ATTRIBUTE_INTS = 8 };
enum {
  TENSOR_DIMS = 1,
  TENSOR_DATA_TYPE = 2,
  TENSOR_SEGMENT = 3,
  TENSOR_FLOAT_DATA = 4,
  TENSOR_INT32_DATA = 5,
  TENSOR_NAME = 8,
  TENSOR_RAW_DATA = 9,
  TENSOR_DOUBLE_DATA = 10,
  TENSOR_EXTERNAL_DATA = 13,
  TENSOR_DATA_LOCATION = 14
};

typedef struct onnx_node {
  vs_protobuf_bytes message, op, output, inputs[MAX_INPUTS];
  size_t input_count;
} onnx_node;

typedef struct onnx_tensor {
  vs_protobuf_bytes name, message;
} onnx_tensor;

typedef struct onnx_graph {
  onnx_node *nodes; /* owned */
  size_t node_count;
  onnx_tensor *tensors; /* owned; of initializers and of Constant nodes */
  size_t tensor_count;
} onnx_graph;

static void clear_graph(onnx_graph *graph) {
  free(graph->nodes);
  free(graph->tensors);
}

/* --- attributes ------------------------------------------------------------------------------- */

typedef struct onnx_attribute {
  vs_protobuf_bytes name, text, tensor;
  int64_t number, ints[MAX_INTS];
  size_t int_count; /* may be more than there is room for */
} onnx_attribute;

static void add_int(int64_t *ints, size_t room, size_t *count, uint64_t value) {
  if (*count < room) ints[*count] = (int64_t)value;
  ++*count;
}

/* Whole numbers of a repeated field: one, or several packed. */
static vs_status add_ints(const vs_protobuf_field *field, int64_t *ints, size_t room,
                          size_t *count) {
  if (field->type == VS_PROTOBUF_VARINT) add_int(ints, room, count, field->varint);
  if (field->type != VS_PROTOBUF_BYTES) return VS_OK;
  uint64_t value;
  for (vs_protobuf_bytes rest = field->bytes; rest.size > 0;) {
    if (!vs_protobuf_varint(&rest, &value))
      return vs_fail(VS_ERR_FORMAT, "its protobuf is damaged: packed numbers that do not end");
    add_int(ints, room, count, value);
  }
  return VS_OK;
}

static vs_status read_attribute(vs_protobuf_bytes message, onnx_attribute *attribute) {
  vs_protobuf_field field;
  vs_status status = VS_OK;
  memset(attribute, 0, sizeof *attribute);
  while (status == VS_OK && vs_protobuf_next(&message, &field, &status)) {
    if (field.number == ATTRIBUTE_NAME) attribute->name = field.bytes;
    if (field.number == ATTRIBUTE_S) attribute->text = field.bytes;
    if (field.number == ATTRIBUTE_T) attribute->tensor = field.bytes;
    if (field.number == ATTRIBUTE_I) attribute->number = (int64_t)field.varint;
    if (field.number == ATTRIBUTE_INTS)
      status = add_ints(&field, attribute->ints, MAX_INTS, &attribute->int_count);
  }
  return status;
}

/* The next attribute of a node; false at the end, or where it is damaged. */
static bool next_attribute(vs_protobuf_bytes *rest, onnx_attribute *attribute, vs_status *status) {
  vs_protobuf_field field;
  while (vs_protobuf_next(rest, &field, status)) {
    if (field.number != NODE_ATTRIBUTE) continue;
    *status = read_attribute(field.bytes, attribute);
    return *status == VS_OK;
  }
  return false;
}

/* --- the graph -------------------------------------------------------------------------------- */

static vs_status read_node(vs_protobuf_bytes message, onnx_node *node) {
  vs_protobuf_field field;
  vs_status status;
  node->message = message;
  while (vs_protobuf_next(&message, &field, &status)) {
    if (field.number == NODE_OP_TYPE) node->op = field.bytes;
    if (field.number == NODE_OUTPUT && node->output.data == NULL) node->output = field.bytes;
    if (field.number == NODE_INPUT && node->input_count < MAX_INPUTS)
      node->inputs[node->input_count++] = field.bytes;
  }
  return status;
}

static vs_status read_initializer(vs_protobuf_bytes message, onnx_tensor *tensor) {
  vs_protobuf_field field;
  vs_status status;
  tensor->message = message;
  while (vs_protobuf_next(&message, &field, &status))
    if (field.number == TENSOR_NAME) tensor->name = field.bytes;
  return status;
}

/* The tensor of a Constant node; its name stays as it is where there is none. */
static vs_status read_constant(const onnx_node *node, onnx_tensor *tensor) {
  vs_protobuf_bytes rest = node->message;
  onnx_attribute attribute;
  vs_status status;
  while (next_attribute(&rest, &attribute, &status))
    if (vs_protobuf_is_text(attribute.name, "value"))
      *tensor = (onnx_tensor){node->output, attribute.tensor};
  return status;
}

static vs_status count_fields(vs_protobuf_bytes message, size_t *nodes, size_t *initializers) {
  vs_protobuf_field field;
  vs_status status;
  while (vs_protobuf_next(&message, &field, &status)) {
    *nodes += field.number == GRAPH_NODE;
    *initializers += field.number == GRAPH_INITIALIZER;
  }
  if (status == VS_OK && (*nodes > MAX_NODES || *initializers > MAX_NODES))
    status = vs_fail(VS_ERR_LIMIT, "an ONNX graph of more than %d nodes or tensors", MAX_NODES);
  return status;
}

static vs_status read_graph(vs_protobuf_bytes message, onnx_graph *graph) {
  size_t nodes = 0, initializers = 0;
  vs_protobuf_field field;
  vs_status status = count_fields(message, &nodes, &initializers);
  if (status != VS_OK) return status;
  graph->nodes = calloc(nodes + 1, sizeof *graph->nodes);
  graph->tensors = calloc(nodes + initializers + 1, sizeof *graph->tensors);
  if (graph->nodes == NULL || graph->tensors == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for an ONNX graph");
  while (status == VS_OK && vs_protobuf_next(&message, &field, &status)) {
    if (field.number == GRAPH_INITIALIZER)
      status = read_initializer(field.bytes, &graph->tensors[graph->tensor_count++]);
    if (field.number == GRAPH_NODE)
      status = read_node(field.bytes, &graph->nodes[graph->node_count++]);
  }
  for (size_t i = 0; status == VS_OK && i < graph->node_count; i++)
    if (vs_protobuf_is_text(graph->nodes[i].op, "Constant"))
      status = read_constant(&graph->nodes[i], &graph->tensors[graph->tensor_count++]);
  return status;
}

static vs_status find_graph(const vs_weights_file *file, vs_protobuf_bytes *graph) {
  vs_protobuf_bytes model = {file->data, file->size};
  vs_protobuf_field field;
  vs_status status;
  *graph = (vs_protobuf_bytes){0};
  while (vs_protobuf_next(&model, &field, &status))
    if (field.number == MODEL_GRAPH) *graph = field.bytes;
  if (status == VS_OK && graph->data == NULL)
    status = vs_fail(VS_ERR_FORMAT, "an ONNX file without a graph");
  return status;
}

static const onnx_tensor *find_tensor(const onnx_graph *graph, vs_protobuf_bytes name) {
  for (size_t i = 0; name.size > 0 && i < graph->tensor_count; i++)
    if (vs_protobuf_equal(graph->tensors[i].name, name)) return &graph->tensors[i];
  return NULL;
}

static const onnx_node *find_maker(const onnx_graph *graph, vs_protobuf_bytes output) {
  for (size_t i = 0; output.size > 0 && i < graph->node_count; i++)
    if (vs_protobuf_equal(graph->nodes[i].output, output)) return &graph->nodes[i];
  return NULL;
}

/* --- one convolution -------------------------------------------------------------------------- */

static const char *tap_name(int conv) {
  return vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->name;
}

static bool are_all(const onnx_attribute *attribute, int64_t value, size_t count) {
  if (attribute->int_count != count) return false;
  for (size_t i = 0; i < count; i++)
    if (attribute->ints[i] != value) return false;
  return true;
}

/* Whether an attribute of Conv is as in VGG16; `padded` is set where it makes a border. */
static bool is_fit(const onnx_attribute *attribute, bool *padded) {
  const vs_protobuf_bytes name = attribute->name, text = attribute->text;
  if (vs_protobuf_is_text(name, "kernel_shape")) return are_all(attribute, 3, 2);
  if (vs_protobuf_is_text(name, "strides") || vs_protobuf_is_text(name, "dilations"))
    return are_all(attribute, 1, 2);
  if (vs_protobuf_is_text(name, "group")) return attribute->number == 1;
  if (vs_protobuf_is_text(name, "pads")) {
    *padded = are_all(attribute, 1, 4);
    return *padded || are_all(attribute, 0, 4); /* zeros may stand beside auto_pad */
  }
  if (vs_protobuf_is_text(name, "auto_pad")) {
    const bool is_same =
        vs_protobuf_is_text(text, "SAME_UPPER") || vs_protobuf_is_text(text, "SAME_LOWER");
    *padded = *padded || is_same;
    return is_same || vs_protobuf_is_text(text, "NOTSET");
  }
  return true;
}

static vs_status check_attributes(const onnx_node *node) {
  vs_protobuf_bytes rest = node->message;
  onnx_attribute attribute;
  vs_status status = VS_OK;
  bool padded = false, fit = true;
  while (fit && next_attribute(&rest, &attribute, &status)) {
    fit = is_fit(&attribute, &padded);
    if (fit) continue;
    char name[32];
    vs_weights_raw_printable(name, sizeof name, (const char *)attribute.name.data,
                             attribute.name.size);
    return vs_fail(VS_ERR_FORMAT,
                   "its %s is not VGG16's: 3x3, stride 1, dilation 1, one group, a border of 1",
                   name);
  }
  if (status == VS_OK && !padded)
    status = vs_fail(VS_ERR_FORMAT, "it has no border (pads), in VGG16 it has one of 1 px");
  return status;
}

/* The bias: the node's own, or what an Add behind it adds; NULL: none. *is_added tells which. */
static const onnx_tensor *find_bias(const onnx_graph *graph, const onnx_node *conv,
                                    bool *is_added) {
  *is_added = conv->input_count < 3 || conv->inputs[2].size == 0;
  if (!*is_added) return find_tensor(graph, conv->inputs[2]);
  for (size_t i = 0; i < graph->node_count; i++) {
    const onnx_node *add = &graph->nodes[i];
    if (add->input_count != 2 || !vs_protobuf_is_text(add->op, "Add")) continue;
    for (int side = 0; side < 2; side++)
      if (vs_protobuf_equal(add->inputs[side], conv->output))
        return find_tensor(graph, add->inputs[1 - side]);
  }
  return NULL;
}

/* What stands between two convolutions, from the later one back. */
static vs_status check_link(const onnx_graph *graph, const onnx_node *from, const onnx_node *to,
                            int conv) {
  int rectifiers = 0, pools = 0, steps = 0;
  const int pools_there = tap_name(conv)[4] != tap_name(conv - 1)[4]; /* another block: conv4_1 */
  vs_protobuf_bytes name = to->inputs[0];
  const onnx_node *node = find_maker(graph, name);
  for (; node != NULL && node != from && steps < MAX_NODES_BETWEEN; steps++) {
    const bool is_add = vs_protobuf_is_text(node->op, "Add") && node->input_count == 2;
    const bool is_rectifier = vs_protobuf_is_text(node->op, "Relu");
    const bool is_pool =
        vs_protobuf_is_text(node->op, "MaxPool") || vs_protobuf_is_text(node->op, "AveragePool");
    if (vs_protobuf_is_text(node->op, "BatchNormalization"))
      return vs_fail(VS_ERR_FORMAT, "batch normalization stands before it (vgg16_bn): plain VGG16 "
                                    "is needed");
    if (!is_add && !is_rectifier && !is_pool && !vs_protobuf_is_text(node->op, "Transpose") &&
        !vs_protobuf_is_text(node->op, "Identity") && !vs_protobuf_is_text(node->op, "Dropout"))
      break;
    rectifiers += is_rectifier;
    pools += is_pool;
    const bool first_is_stored = is_add && find_tensor(graph, node->inputs[0]) != NULL;
    name = node->inputs[first_is_stored ? 1 : 0];
    node = find_maker(graph, name);
  }
  if (node != from)
    return vs_fail(VS_ERR_FORMAT, "it does not follow %s: no chain of 13 convolutions, as VGG16 is",
                   tap_name(conv - 1));
  if (rectifiers == 0 || pools != pools_there)
    return vs_fail(VS_ERR_FORMAT, "between %s and it VGG16 has a Relu and %s pool",
                   tap_name(conv - 1), pools_there ? "one" : "no");
  return VS_OK;
}

/* --- its numbers ------------------------------------------------------------------------------ */

typedef struct tensor_header {
  int64_t shape[MAX_RANK];
  size_t rank;
  uint64_t type;
  vs_protobuf_bytes raw; /* data NULL: in a typed field */
  bool is_elsewhere, is_part;
} tensor_header;

static vs_status read_tensor_header(vs_protobuf_bytes message, tensor_header *header) {
  vs_protobuf_field field;
  vs_status status = VS_OK;
  *header = (tensor_header){0};
  while (status == VS_OK && vs_protobuf_next(&message, &field, &status)) {
    if (field.number == TENSOR_DIMS)
      status = add_ints(&field, header->shape, MAX_RANK, &header->rank);
    if (field.number == TENSOR_DATA_TYPE) header->type = field.varint;
    if (field.number == TENSOR_RAW_DATA) header->raw = field.bytes;
    if (field.number == TENSOR_SEGMENT) header->is_part = true;
    if (field.number == TENSOR_EXTERNAL_DATA ||
        (field.number == TENSOR_DATA_LOCATION && field.varint != 0))
      header->is_elsewhere = true;
  }
  if (status == VS_OK && header->rank > MAX_RANK)
    status = vs_fail(VS_ERR_FORMAT, "a tensor of %zu dimensions", header->rank);
  return status;
}

/* A type of number by TensorProto.DataType, and the typed field that it lies in. */
typedef struct number_type {
  uint64_t type;
  vs_dtype dtype;
  uint32_t field;
} number_type;

static const number_type number_types[] = {{1, VS_DTYPE_F32, TENSOR_FLOAT_DATA},
                                           {10, VS_DTYPE_F16, TENSOR_INT32_DATA},
                                           {11, VS_DTYPE_F64, TENSOR_DOUBLE_DATA},
                                           {16, VS_DTYPE_BF16, TENSOR_INT32_DATA}};

static const number_type *find_type(uint64_t type) {
  for (size_t i = 0; i < sizeof number_types / sizeof number_types[0]; i++)
    if (number_types[i].type == type) return &number_types[i];
  return NULL;
}

static vs_status check_tensor(vs_weights_slot slot, const tensor_header *header, bool is_added) {
  const int64_t *shape = header->shape;
  size_t rank = header->rank;
  /* (1,K,1,1) and (K,1,1) are what an Add spreads over the picture */
  const size_t lead = is_added && rank == 4 && shape[0] == 1 ? 1 : 0;
  if (is_added && rank == 3 + lead && shape[lead + 1] == 1 && shape[lead + 2] == 1) {
    shape += lead;
    rank = 1;
  }
  if (header->is_elsewhere)
    return vs_fail(VS_ERR_FORMAT,
                   "its numbers are in another file (external data): save it as one, "
                   "onnx.save(onnx.load(FILE), OUT)");
  if (header->is_part)
    return vs_fail(VS_ERR_FORMAT, "its numbers come in segments, which are not read");
  if (find_type(header->type) == NULL)
    return vs_fail(VS_ERR_FORMAT, "its numbers are of another type than float32, float64, float16, "
                                  "bfloat16: export it without quantization");
  return vs_weights_slot_check_shape(slot, shape, rank);
}

typedef struct filling {
  float *values;
  size_t used, count;
} filling;

static bool add_numbers(filling *out, vs_dtype dtype, const unsigned char *bytes, size_t count) {
  if (count > out->count - out->used) return false;
  vs_weights_raw_to_float(dtype, bytes, out->values + out->used, count);
  out->used += count;
  return true;
}

/* 16 bits in whole numbers. */
static bool add_varints(filling *out, vs_dtype dtype, const vs_protobuf_field *field) {
  uint64_t value = field->varint;
  vs_protobuf_bytes rest = field->bytes;
  bool is_one = field->type == VS_PROTOBUF_VARINT;
  while (is_one || rest.size > 0) {
    if (!is_one && !vs_protobuf_varint(&rest, &value)) return false;
    const unsigned char bytes[2] = {(unsigned char)value, (unsigned char)(value >> 8)};
    if (!add_numbers(out, dtype, bytes, 1)) return false;
    is_one = false;
  }
  return true;
}

static vs_status fill(filling *out, vs_protobuf_bytes message, const number_type *type) {
  const size_t size = vs_weights_raw_dtype_bytes(type->dtype);
  vs_protobuf_field field;
  vs_status status = VS_OK;
  bool fits = true;
  while (fits && vs_protobuf_next(&message, &field, &status)) {
    if (field.number != type->field) continue;
    fits = type->field == TENSOR_INT32_DATA
               ? add_varints(out, type->dtype, &field)
               : field.bytes.size % size == 0 &&
                     add_numbers(out, type->dtype, field.bytes.data, field.bytes.size / size);
  }
  if (!fits || (status == VS_OK && out->used != out->count))
    status = vs_fail(VS_ERR_FORMAT, "it has more or fewer numbers than its shape says");
  return status;
}

static vs_status take_tensor(const onnx_tensor *tensor, vs_weights_slot slot, bool is_added,
                             vs_weights_raw *raw) {
  tensor_header header;
  const size_t count = vs_weights_slot_count(slot);
  filling out = {.count = count};
  vs_status status = read_tensor_header(tensor->message, &header);
  if (status == VS_OK) status = check_tensor(slot, &header, is_added);
  if (status != VS_OK || !vs_weights_raw_wants(raw, slot)) return status;
  const number_type *type = find_type(header.type);
  if (header.raw.data == NULL) {
    status = vs_weights_raw_add(raw, slot, &out.values);
    return status == VS_OK ? fill(&out, tensor->message, type) : status;
  }
  if (header.raw.size != count * vs_weights_raw_dtype_bytes(type->dtype))
    return vs_fail(VS_ERR_FORMAT, "it has %zu bytes, which is not what its shape says",
                   header.raw.size);
  return vs_weights_raw_add_bytes(raw, slot, type->dtype, header.raw.data);
}

static vs_status take_named(const onnx_tensor *tensor, vs_weights_slot slot, bool is_added,
                            vs_weights_raw *raw) {
  char shown[80];
  vs_weights_raw_printable(shown, sizeof shown, (const char *)tensor->name.data, tensor->name.size);
  return vs_status_context(take_tensor(tensor, slot, is_added, raw), "tensor %s", shown);
}

/* --- all of them ------------------------------------------------------------------------------ */

static vs_status take_conv(const onnx_graph *graph, const onnx_node *node, int conv,
                           vs_weights_raw *raw) {
  vs_status status = check_attributes(node);
  if (status != VS_OK) return status;
  bool is_added;
  const onnx_tensor *kernel = node->input_count > 1 ? find_tensor(graph, node->inputs[1]) : NULL;
  const onnx_tensor *bias = find_bias(graph, node, &is_added);
  if (kernel == NULL)
    return vs_fail(VS_ERR_FORMAT, "its kernel is computed in the graph, not stored: fold constants "
                                  "when you export it");
  if (bias == NULL) return vs_fail(VS_ERR_FORMAT, "it has no stored bias");
  status = take_named(kernel, (vs_weights_slot){.conv = conv}, false, raw);
  if (status != VS_OK) return status;
  return take_named(bias, (vs_weights_slot){.conv = conv, .is_bias = true}, is_added, raw);
}

static vs_status check_count(const onnx_graph *graph) {
  size_t count = 0;
  for (size_t i = 0; i < graph->node_count; i++)
    count += vs_protobuf_is_text(graph->nodes[i].op, "Conv");
  if (count == VS_VGG_CONVS) return VS_OK;
  return vs_fail(VS_ERR_FORMAT, "an ONNX model with %zu convolutions: %s, VGG16 has %d", count,
                 count == 16 ? "this may be VGG19" : "this is another network", VS_VGG_CONVS);
}

static vs_status take_graph(const onnx_graph *graph, vs_weights_raw *raw) {
  const onnx_node *before = NULL;
  int conv = 0;
  vs_status status = check_count(graph);
  for (size_t i = 0; status == VS_OK && i < graph->node_count; i++) {
    const onnx_node *node = &graph->nodes[i];
    if (!vs_protobuf_is_text(node->op, "Conv")) continue;
    if (before != NULL) status = check_link(graph, before, node, conv);
    if (status == VS_OK) status = take_conv(graph, node, conv, raw);
    status = vs_status_context(status, "convolution %d (%s)", conv + 1, tap_name(conv));
    before = node;
    conv++;
  }
  return status;
}

vs_status vs_weights_onnx_read(const vs_weights_file *file, vs_weights_raw *raw) {
  onnx_graph graph = {0};
  vs_protobuf_bytes message;
  vs_status status = find_graph(file, &message);
  if (status == VS_OK) status = read_graph(message, &graph);
  if (status == VS_OK) status = take_graph(&graph, raw);
  clear_graph(&graph);
  return status;
}
