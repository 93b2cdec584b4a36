/* weights_safetensors.c - safetensors: u64 length N, a JSON object of N bytes, then the numbers;
 * one of the readers of weights_readers.h.
 *
 *   {"__metadata__": {text: text},
 *    "<name>": {"dtype": "F16", "shape": [..], "data_offsets": [b,e]}}
 *
 * Offsets count from the end of the header. Taken one after the other, in the order of their
 * offsets, the tensors cover the rest of the file without hole or overlap: a file that is cut short
 * or pieced together shows. (github.com/huggingface/safetensors, "Format") */
#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/json_tree.h"
#include "core/vgg/weights_readers.h"

enum { PREFIX_BYTES = 8 };
#define FORMAT_MAX_HEADER_BYTES 100000000u /* of the format itself */
#define MAX_HEADER_BYTES        (8u << 20) /* ours: VGG16 needs 3 kB; JSON takes 20 times its text */
enum { MAX_RANK = 8 };

typedef struct element {
  const char *name;
  size_t bytes;
  vs_dtype dtype;
} element;

/* Types other than the three that we read only have to have a size, so that offsets can be checked:
 * a checkpoint may hold counters. */
static const element elements[] = {
    {"F32", 4, VS_DTYPE_F32},    {"F16", 2, VS_DTYPE_F16},   {"BF16", 2, VS_DTYPE_BF16},
    {"F64", 8, VS_DTYPE_OTHER},  {"I64", 8, VS_DTYPE_OTHER}, {"U64", 8, VS_DTYPE_OTHER},
    {"I32", 4, VS_DTYPE_OTHER},  {"U32", 4, VS_DTYPE_OTHER}, {"I16", 2, VS_DTYPE_OTHER},
    {"U16", 2, VS_DTYPE_OTHER},  {"I8", 1, VS_DTYPE_OTHER},  {"U8", 1, VS_DTYPE_OTHER},
    {"BOOL", 1, VS_DTYPE_OTHER},
};

static const element *find_element(const char *name) {
  for (size_t i = 0; name != NULL && i < sizeof elements / sizeof elements[0]; i++)
    if (strcmp(elements[i].name, name) == 0) return &elements[i];
  return NULL;
}

/* A tensor as the header declares it, checked by itself. */
typedef struct declared {
  const char *name; /* the header's */
  const element *element;
  int64_t shape[MAX_RANK];
  size_t rank;
  uint64_t begin, end;
} declared;

static vs_status fail_tensor(const char *name, const char *what) {
  char shown[80];
  vs_weights_raw_printable(shown, sizeof shown, name, strlen(name));
  return vs_fail(VS_ERR_FORMAT, "tensor %s: %s", shown, what);
}

static vs_status read_shape(const vs_json_tree *shape, declared *tensor, uint64_t *bytes) {
  if (!vs_json_tree_is_list(shape)) return fail_tensor(tensor->name, "its shape is not a list");
  tensor->rank = vs_json_tree_size(shape);
  if (tensor->rank > MAX_RANK) return fail_tensor(tensor->name, "it has too many dimensions");
  *bytes = tensor->element->bytes;
  for (size_t d = 0; d < tensor->rank; d++) {
    uint64_t side = 0;
    if (!vs_json_tree_count(vs_json_tree_at(shape, d), &side))
      return fail_tensor(tensor->name, "its shape holds something else than whole numbers from 0");
    if (__builtin_mul_overflow(*bytes, side, bytes))
      return fail_tensor(tensor->name, "its size overflows");
    tensor->shape[d] = (int64_t)side;
  }
  return VS_OK;
}

static vs_status read_declared(const char *name, const vs_json_tree *entry, declared *tensor) {
  *tensor = (declared){.name = name};
  const vs_json_tree *dtype = vs_json_tree_get(entry, "dtype");
  const vs_json_tree *shape = vs_json_tree_get(entry, "shape");
  const vs_json_tree *offsets = vs_json_tree_get(entry, "data_offsets");
  if (vs_json_tree_size(entry) != 3 || dtype == NULL || shape == NULL || offsets == NULL)
    return fail_tensor(name, "needs dtype, shape and data_offsets, and nothing else");
  tensor->element = find_element(vs_json_tree_text(dtype));
  if (tensor->element == NULL) return fail_tensor(name, "its dtype is none that is known");
  uint64_t bytes = 0;
  vs_status status = read_shape(shape, tensor, &bytes);
  if (status != VS_OK) return status;
  if (!vs_json_tree_is_list(offsets) || vs_json_tree_size(offsets) != 2 ||
      !vs_json_tree_count(vs_json_tree_at(offsets, 0), &tensor->begin) ||
      !vs_json_tree_count(vs_json_tree_at(offsets, 1), &tensor->end))
    return fail_tensor(name, "data_offsets are not two whole numbers from 0");
  if (tensor->end < tensor->begin || tensor->end - tensor->begin != bytes)
    return fail_tensor(name, "data_offsets do not fit its shape and dtype");
  return VS_OK;
}

static int compare_offsets(const void *a, const void *b) {
  const declared *left = a, *right = b;
  if (left->begin != right->begin) return left->begin < right->begin ? -1 : 1;
  return left->end < right->end ? -1 : left->end > right->end;
}

/* Sorts by offset and checks that the buffer is covered exactly. */
static vs_status check_cover(declared *tensors, size_t count, uint64_t buffer_bytes) {
  if (count > 0) qsort(tensors, count, sizeof *tensors, compare_offsets);
  uint64_t covered = 0;
  for (size_t i = 0; i < count; i++) {
    if (tensors[i].begin != covered)
      return fail_tensor(tensors[i].name, tensors[i].begin < covered
                                              ? "it overlaps the tensor before it"
                                              : "there is a hole before it");
    covered = tensors[i].end;
    if (covered > buffer_bytes)
      return fail_tensor(tensors[i].name,
                         "it reaches beyond the end of the file, which is cut short");
  }
  if (covered != buffer_bytes)
    return vs_fail(VS_ERR_FORMAT, "%llu bytes follow the last tensor",
                   (unsigned long long)(buffer_bytes - covered));
  return VS_OK;
}

static vs_status take_tensor(const declared *tensor, const unsigned char *buffer,
                             vs_weights_raw *raw) {
  vs_weights_slot slot;
  vs_status status = vs_weights_slot_of_torch_name(&slot, tensor->name, strlen(tensor->name));
  if (status != VS_OK || !vs_weights_raw_wants(raw, slot)) return status;
  status = vs_weights_slot_check_shape(slot, tensor->shape, tensor->rank);
  if (status != VS_OK) return status;
  if (tensor->element->dtype == VS_DTYPE_OTHER)
    return fail_tensor(tensor->name, "its dtype is none of F32, F16, BF16");
  return vs_weights_raw_add_bytes(raw, slot, tensor->element->dtype, buffer + tensor->begin);
}

static vs_status read_metadata(const vs_json_tree *metadata, vs_weights_raw *raw) {
  if (!vs_json_tree_is_object(metadata))
    return vs_fail(VS_ERR_FORMAT, "__metadata__ is not an object");
  for (const char *key = NULL; (key = vs_json_tree_next_key(metadata, key)) != NULL;) {
    const char *text = vs_json_tree_text(vs_json_tree_get(metadata, key));
    if (text == NULL) return vs_fail(VS_ERR_FORMAT, "__metadata__ holds something else than texts");
    if (strcmp(key, "preprocessing") == 0) raw->family = vs_weights_family_of_description(text);
  }
  return VS_OK;
}

static vs_status read_header(const vs_json_tree *header, const unsigned char *buffer,
                             uint64_t buffer_bytes, vs_weights_raw *raw) {
  vs_status status = VS_OK;
  size_t count = 0;
  declared *tensors = calloc(vs_json_tree_size(header) + 1, sizeof *tensors);
  if (tensors == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the table of tensors");
  for (const char *name = NULL; (name = vs_json_tree_next_key(header, name)) != NULL;) {
    const vs_json_tree *entry = vs_json_tree_get(header, name);
    if (strcmp(name, "__metadata__") == 0)
      status = read_metadata(entry, raw);
    else
      status = read_declared(name, entry, &tensors[count++]);
    if (status != VS_OK) goto done;
  }
  status = check_cover(tensors, count, buffer_bytes);
  for (size_t i = 0; status == VS_OK && i < count; i++)
    status = take_tensor(&tensors[i], buffer, raw);
done:
  free(tensors);
  return status;
}

vs_status vs_weights_safetensors_read(const vs_weights_file *file, vs_weights_raw *raw) {
  uint64_t length;
  if (file->size < PREFIX_BYTES) return vs_fail(VS_ERR_FORMAT, "shorter than a safetensors header");
  memcpy(&length, file->data, sizeof length);
  length = le64toh(length);
  if (length > FORMAT_MAX_HEADER_BYTES || length > file->size - PREFIX_BYTES)
    return vs_fail(
        VS_ERR_FORMAT,
        "the header's length of %llu bytes does not fit the file of %zu: damaged, or cut "
        "short",
        (unsigned long long)length, file->size);
  if (length > MAX_HEADER_BYTES)
    return vs_fail(VS_ERR_LIMIT, "a header of %llu bytes, at most %u are accepted",
                   (unsigned long long)length, MAX_HEADER_BYTES);
  const char *text = (const char *)file->data + PREFIX_BYTES;
  if (length == 0 || text[0] != '{')
    return vs_fail(VS_ERR_FORMAT, "the safetensors header does not begin with {");
  vs_json_tree *header = NULL;
  vs_status status = vs_json_tree_parse(&header, text, (size_t)length);
  if (status != VS_OK) return vs_status_context(status, "the safetensors header");
  status = read_header(header, file->data + PREFIX_BYTES + length,
                       file->size - PREFIX_BYTES - length, raw);
  vs_json_tree_free(header);
  return status;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Tensor `index` of the file: kernel, bias, kernel ... in the order of depth. */
static vs_weights_slot slot_of(int index) {
  return (vs_weights_slot){.conv = index / 2, .is_bias = index % 2 == 1};
}

static size_t bytes_of(int index) {
  return vs_weights_slot_count(slot_of(index)) * sizeof(float);
}

static void print_entry(vs_json *json, int index, uint64_t begin) {
  const vs_weights_slot slot = slot_of(index);
  const vs_tap_info *tap = vs_vgg16_tap(vs_vgg16_tap_of_conv(slot.conv));
  char name[VS_SLOT_NAME];
  vs_weights_slot_torch_name(slot, name);
  vs_json_open(json, name, '{');
  vs_json_text(json, "dtype", "F32");
  vs_json_open(json, "shape", '[');
  vs_json_integer(json, NULL, tap->channels);
  if (!slot.is_bias) {
    vs_json_integer(json, NULL, vs_vgg16_in_channels(slot.conv));
    vs_json_integer(json, NULL, 3);
    vs_json_integer(json, NULL, 3);
  }
  vs_json_close(json);
  vs_json_open(json, "data_offsets", '[');
  vs_json_unsigned(json, NULL, begin);
  vs_json_unsigned(json, NULL, begin + bytes_of(index));
  vs_json_close(json);
  vs_json_close(json);
}

/* Padded with spaces, so that the numbers lie at a multiple of 8 bytes. */
static void print_header(FILE *out, const char *const (*metadata)[2], size_t count) {
  vs_json json = vs_json_begin_compact(out);
  uint64_t begin = 0;
  vs_json_open(&json, NULL, '{');
  vs_json_open(&json, "__metadata__", '{');
  for (size_t i = 0; i < count; i++) vs_json_text(&json, metadata[i][0], metadata[i][1]);
  vs_json_close(&json);
  for (int i = 0; i < 2 * VS_VGG_CONVS; i++) {
    print_entry(&json, i, begin);
    begin += bytes_of(i);
  }
  vs_json_close(&json);
  while (ftell(out) % PREFIX_BYTES != 0) putc(' ', out);
}

static void print_numbers(FILE *out, const vs_weights_raw *raw) {
  _Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are written as they lie");
  for (int i = 0; i < 2 * VS_VGG_CONVS; i++) {
    const vs_weights_slot slot = slot_of(i);
    fwrite(slot.is_bias ? raw->bias[slot.conv] : raw->kernel[slot.conv], 1, bytes_of(i), out);
  }
}

vs_status vs_weights_safetensors_write(const char *path, const vs_weights_raw *raw,
                                       const char *const (*metadata)[2], size_t count) {
  char *header = NULL, *file = NULL;
  size_t header_size = 0, size = 0;
  vs_status status = VS_OK;
  assert(raw->last_conv == VS_VGG_CONVS - 1);
  FILE *out = open_memstream(&header, &header_size);
  if (out != NULL) print_header(out, metadata, count);
  bool is_good = out != NULL && fclose(out) == 0;
  out = is_good ? open_memstream(&file, &size) : NULL;
  if (out != NULL) {
    const uint64_t length = htole64(header_size);
    fwrite(&length, 1, sizeof length, out);
    fwrite(header, 1, header_size, out);
    print_numbers(out, raw);
  }
  is_good = out != NULL && fclose(out) == 0;
  status = is_good ? vs_file_write(path, file, size)
                   : vs_fail(VS_ERR_MEMORY, "%s: no memory for its content", path);
  free(header);
  free(file);
  return status;
}
