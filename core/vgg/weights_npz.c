/* weights_npz.c - numpy's .npz: a zip file of arrays by name, each an .npy file; one of the readers
 * of weights_readers.h.
 *
 *   npy := "\x93NUMPY" major minor length header numbers
 *   header := {'descr': '<f4', 'fortran_order': False, 'shape': (64, 3, 3, 3), }
 *
 * The length is a u16 in version 1, a u32 in 2 and 3; the header is a literal of Python, in any
 * order (numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Members may be
 * compressed.
 *
 * Names are torch's (features.0.weight), or a layer's (conv1_1, block1_conv1), a separator, and
 * what it is: W, weight, kernel; b, bias; perhaps with a number behind it (block1_conv1_W_1:0).
 * Kernels are (K,C,3,3) or (3,3,C,K), which no layer of VGG16 leaves open. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/vgg/weights_readers.h"
#include "core/vgg/weights_zip.h"

enum { MAX_HEADER_BYTES = 4096, MAX_RANK = 8, MAX_NAME = 256, MAX_NUMBER_BYTES = 8 };

/* --- the header of an array ------------------------------------------------------------------- */

/* What is left of a header, which a zero ends. */
typedef struct literal {
  const char *at;
} literal;

static void skip_space(literal *text) {
  while (isspace((unsigned char)*text->at)) text->at++;
}

static bool accept(literal *text, char mark) {
  skip_space(text);
  if (*text->at != mark) return false;
  text->at++;
  return true;
}

static bool accept_word(literal *text, const char *word) {
  skip_space(text);
  if (strncmp(text->at, word, strlen(word)) != 0) return false;
  text->at += strlen(word);
  return true;
}

/* 'text' or "text", without escapes, which no header of numbers has. */
static bool read_text(literal *text, char *out, size_t size) {
  skip_space(text);
  const char quote = *text->at;
  if (quote != '\'' && quote != '"') return false;
  const char *begin = ++text->at, *end = strchr(begin, quote);
  if (end == NULL || (size_t)(end - begin) >= size) return false;
  snprintf(out, size, "%.*s", (int)(end - begin), begin);
  text->at = end + 1;
  return true;
}

static bool read_whole(literal *text, int64_t *number) {
  skip_space(text);
  if (!isdigit((unsigned char)*text->at)) return false;
  for (*number = 0; isdigit((unsigned char)*text->at); text->at++)
    if (__builtin_mul_overflow(*number, 10, number) ||
        __builtin_add_overflow(*number, *text->at - '0', number))
      return false;
  accept_word(text, "L"); /* of Python 2 */
  return true;
}

typedef struct array_header {
  char type[16];
  bool has_type, is_fortran, has_order;
  int64_t shape[MAX_RANK];
  size_t rank;
  bool has_shape;
} array_header;

static bool read_shape(literal *text, array_header *header) {
  if (!accept(text, '(')) return false;
  for (header->rank = 0; !accept(text, ')'); header->rank++) {
    if (header->rank == MAX_RANK || !read_whole(text, &header->shape[header->rank])) return false;
    if (accept(text, ',')) continue;
    header->rank++;
    return accept(text, ')');
  }
  return true;
}

static bool read_entry(literal *text, array_header *header) {
  char key[16];
  if (!read_text(text, key, sizeof key) || !accept(text, ':')) return false;
  if (strcmp(key, "descr") == 0)
    return header->has_type = read_text(text, header->type, sizeof header->type);
  if (strcmp(key, "shape") == 0) return header->has_shape = read_shape(text, header);
  if (strcmp(key, "fortran_order") != 0) return false;
  header->has_order = true;
  header->is_fortran = accept_word(text, "True");
  return header->is_fortran || accept_word(text, "False");
}

static bool read_header(literal text, array_header *header) {
  *header = (array_header){0};
  if (!accept(&text, '{')) return false;
  while (!accept(&text, '}')) {
    if (!read_entry(&text, header)) return false;
    if (accept(&text, ',')) continue;
    if (!accept(&text, '}')) return false;
    break;
  }
  skip_space(&text);
  return *text.at == '\0' && header->has_type && header->has_order && header->has_shape;
}

/* Parts an array from its header; *numbers is what follows it. */
static vs_status open_array(const unsigned char *content, uint64_t size, array_header *header,
                            const unsigned char **numbers, uint64_t *bytes) {
  static const char magic[] = "\x93NUMPY";
  char text[MAX_HEADER_BYTES + 1];
  if (size < 10 || memcmp(content, magic, 6) != 0)
    return vs_fail(VS_ERR_FORMAT, "it is no array (.npy), or cut short");
  const int major = content[6];
  const size_t prefix = major == 1 ? 10 : 12;
  if (major < 1 || major > 3)
    return vs_fail(VS_ERR_FORMAT, "version %d of the npy format, 1 to 3 are known", major);
  if (size < prefix) return vs_fail(VS_ERR_FORMAT, "it is cut short");
  uint64_t length = (uint64_t)content[8] | (uint64_t)content[9] << 8;
  if (major > 1) length |= (uint64_t)content[10] << 16 | (uint64_t)content[11] << 24;
  if (length > size - prefix) return vs_fail(VS_ERR_FORMAT, "its header is cut short");
  if (length > MAX_HEADER_BYTES)
    return vs_fail(VS_ERR_LIMIT, "a header of %llu bytes, at most %d are accepted",
                   (unsigned long long)length, MAX_HEADER_BYTES);
  memcpy(text, content + prefix, length);
  text[length] = '\0';
  if (strlen(text) != length || !read_header((literal){text}, header))
    return vs_fail(VS_ERR_FORMAT, "its header is not understood: damaged, or no plain array");
  *numbers = content + prefix + length;
  *bytes = size - prefix - length;
  return VS_OK;
}

static vs_status find_type(const array_header *header, vs_dtype *dtype) {
  static const struct {
    const char *name;
    vs_dtype dtype;
  } types[] = {{"<f4", VS_DTYPE_F32}, {"<f2", VS_DTYPE_F16}, {"<f8", VS_DTYPE_F64}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    *dtype = types[i].dtype;
    if (strcmp(types[i].name, header->type) == 0) return VS_OK;
  }
  char shown[sizeof header->type];
  vs_weights_raw_printable(shown, sizeof shown, header->type, strlen(header->type));
  return vs_fail(VS_ERR_FORMAT, "its numbers are of type %s: save it with .astype('<f4')", shown);
}

/* --- which tensor it is ----------------------------------------------------------------------- */

/* The length of a layer's name at the beginning of `text`, conv1_1 or block1_conv1, and the name as
 * Keras has it; 0: none. */
static size_t layer_name(const char *text, char keras[16]) {
  char block, conv;
  int length = 0;
  if (sscanf(text, "conv%c_%c%n", &block, &conv, &length) != 2 &&
      sscanf(text, "block%c_conv%c%n", &block, &conv, &length) != 2)
    return 0;
  snprintf(keras, 16, "block%c_conv%c", block, conv);
  return isdigit((unsigned char)block) && isdigit((unsigned char)conv) ? (size_t)length : 0;
}

/* What follows a layer's name: separators, one word of these, numbers. */
static bool is_word_of(const char *text, const char *const *words) {
  static const char separators[] = "_./:";
  text += strspn(text, separators);
  for (size_t i = 0; words[i] != NULL; i++) {
    const size_t length = strlen(words[i]);
    if (strncasecmp(text, words[i], length) != 0) continue;
    const char *rest = text + length;
    if (rest[strspn(rest, "_./:0123456789")] == '\0') return true;
  }
  return false;
}

static vs_status find_slot(vs_weights_slot *slot, const char *name) {
  static const char *const kernels[] = {"weights", "weight", "kernel", "w", NULL};
  static const char *const biases[] = {"biases", "bias", "b", NULL};
  char keras[16];
  *slot = (vs_weights_slot){.conv = -1};
  size_t length = layer_name(name, keras);
  if (length == 0) return vs_weights_slot_of_torch_name(slot, name, strlen(name));
  vs_status status = vs_weights_slot_of_keras_name(slot, keras);
  if (status != VS_OK || slot->conv < 0) return status;
  name += length;
  char again[16]; /* block1_conv1/block1_conv1_W_1:0 */
  length = name[0] == '/' ? layer_name(name + 1, again) : 0;
  if (length > 0 && strcmp(keras, again) == 0) name += 1 + length;
  slot->is_bias = is_word_of(name, biases);
  if (!slot->is_bias && !is_word_of(name, kernels)) slot->conv = -1;
  return VS_OK;
}

/* --- its numbers ------------------------------------------------------------------------------ */

/* The distances in numbers between neighbours along each axis. */
static void strides_of(const array_header *header, size_t strides[4]) {
  size_t step = 1;
  for (size_t i = 0; i < header->rank; i++) {
    const size_t axis = header->is_fortran ? i : header->rank - 1 - i;
    strides[axis] = step;
    step *= (size_t)header->shape[axis];
  }
}

/* out (K,C,3,3), `in` with the strides of its axes k, c, u, v. */
static void order_kernel(const float *in, const size_t strides[4], size_t k_count, size_t c_count,
                         float *out) {
  for (size_t k = 0; k < k_count; k++)
    for (size_t c = 0; c < c_count; c++)
      for (size_t u = 0; u < 3; u++)
        for (size_t v = 0; v < 3; v++)
          *out++ = in[k * strides[0] + c * strides[1] + u * strides[2] + v * strides[3]];
}

static vs_status take_kernel(const array_header *header, vs_dtype dtype,
                             const unsigned char *numbers, vs_weights_slot slot,
                             vs_weights_raw *raw) {
  const int64_t *shape = header->shape;
  /* where k, c, u, v stand */
  const size_t torch_order[4] = {0, 1, 2, 3}, keras_order[4] = {3, 2, 0, 1};
  const bool is_hwio = !vs_weights_slot_has_shape(slot, shape, header->rank);
  const size_t *order = is_hwio ? keras_order : torch_order;
  size_t strides[4], ordered[4];
  float *values = NULL;
  vs_status status = vs_weights_raw_add(raw, slot, &values);
  if (status != VS_OK) return status;
  const size_t count = vs_weights_slot_count(slot);
  float *in = malloc(count * sizeof *in);
  if (in == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a kernel");
  vs_weights_raw_to_float(dtype, numbers, in, count);
  strides_of(header, strides);
  for (int axis = 0; axis < 4; axis++) ordered[axis] = strides[order[axis]];
  order_kernel(in, ordered, (size_t)shape[order[0]], (size_t)shape[order[1]], values);
  free(in);
  raw->is_hwio = is_hwio;
  return VS_OK;
}

static vs_status check_shape(const array_header *header, vs_weights_slot slot) {
  const int64_t *shape = header->shape;
  if (!slot.is_bias && header->rank == 4) {
    const int64_t torch_order[4] = {shape[3], shape[2], shape[0], shape[1]};
    if (vs_weights_slot_has_shape(slot, torch_order, 4)) return VS_OK;
  }
  return vs_weights_slot_check_shape(slot, shape, header->rank);
}

static vs_status take_array(const unsigned char *content, uint64_t size, vs_weights_slot slot,
                            vs_weights_raw *raw) {
  array_header header;
  vs_dtype dtype = VS_DTYPE_OTHER;
  const unsigned char *numbers = NULL;
  uint64_t bytes = 0;
  vs_status status = open_array(content, size, &header, &numbers, &bytes);
  if (status == VS_OK) status = find_type(&header, &dtype);
  if (status == VS_OK) status = check_shape(&header, slot);
  if (status != VS_OK) return status;
  if (bytes != vs_weights_slot_count(slot) * vs_weights_raw_dtype_bytes(dtype))
    return vs_fail(VS_ERR_FORMAT, "%llu bytes follow its header, which is not what its shape says",
                   (unsigned long long)bytes);
  return slot.is_bias ? vs_weights_raw_add_bytes(raw, slot, dtype, numbers)
                      : take_kernel(&header, dtype, numbers, slot, raw);
}

/* --- the archive ------------------------------------------------------------------------------ */

/* The name of a member without its ending; false if it is no array. */
static bool array_name(const vs_weights_zip *archive, size_t member, char name[MAX_NAME]) {
  static const char ending[] = ".npy";
  const char *full = vs_weights_zip_name(archive, member);
  const size_t length = full != NULL ? strlen(full) : 0;
  if (length < sizeof ending || length >= MAX_NAME ||
      strcmp(full + length - (sizeof ending - 1), ending) != 0)
    return false;
  snprintf(name, MAX_NAME, "%.*s", (int)(length - (sizeof ending - 1)), full);
  return true;
}

static vs_status take_member(const vs_weights_zip *archive, size_t member, const char *name,
                             vs_weights_raw *raw) {
  char shown[80];
  vs_weights_slot slot;
  unsigned char *content = NULL;
  uint64_t size = 0;
  vs_status status = find_slot(&slot, name);
  if (status != VS_OK || !vs_weights_raw_wants(raw, slot)) return status;
  const uint64_t limit = vs_weights_slot_count(slot) * MAX_NUMBER_BYTES + MAX_HEADER_BYTES + 12;
  status = vs_weights_zip_read(archive, member, limit, &content, &size);
  if (status == VS_OK) status = take_array(content, size, slot, raw);
  free(content);
  vs_weights_raw_printable(shown, sizeof shown, name, strlen(name));
  return vs_status_context(status, "array %s", shown);
}

static vs_status read_archive(const vs_weights_zip *archive, vs_weights_raw *raw) {
  char name[MAX_NAME];
  bool is_unnamed = false;
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < vs_weights_zip_count(archive); i++) {
    if (!array_name(archive, i, name)) continue;
    is_unnamed = is_unnamed || strcmp(name, "arr_0") == 0;
    status = take_member(archive, i, name, raw);
  }
  if (status == VS_OK && raw->kernel[0] == NULL && is_unnamed)
    status =
        vs_fail(VS_ERR_FORMAT, "its arrays have no names (arr_0): save them with numpy.savez as "
                               "features.0.weight, or conv1_1_W and conv1_1_b");
  return status;
}

bool vs_weights_npz_is(const vs_weights_file *file) {
  vs_weights_zip *archive;
  char name[MAX_NAME];
  bool found = false;
  if (vs_weights_zip_open(&archive, file->data, file->size) != VS_OK) return false;
  for (size_t i = 0; !found && i < vs_weights_zip_count(archive); i++)
    found = array_name(archive, i, name);
  vs_weights_zip_close(archive);
  return found;
}

vs_status vs_weights_npz_read(const vs_weights_file *file, vs_weights_raw *raw) {
  vs_weights_zip *archive;
  vs_status status = vs_weights_zip_open(&archive, file->data, file->size);
  if (status == VS_OK) status = read_archive(archive, raw);
  vs_weights_zip_close(archive);
  return status;
}
