/* weights_torch.c - checkpoints of torch.save: a pickled state_dict (unpickle.c), and the storages
 * that its tensors are views of; one of the readers of weights_readers.h.
 *
 * zip (since torch 1.6): members <stem>/data.pkl, <stem>/data/<key> for each storage, all stored
 * without compression, and perhaps <stem>/byteorder.
 * Legacy stream: a magic number, a protocol version, a dict about the system, the state_dict, a
 * list of storage keys, then for each key in that order an int64 count and the numbers. All but the
 * last are pickles of their own. (torch/serialization.py, `_save` and `_legacy_save`) */
#include <assert.h>
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/vgg/unpickle.h"
#include "core/vgg/weights_zip.h"

enum { MAX_PICKLE_BYTES = 16 << 20 };

/* --- from a state_dict to tensors ------------------------------------------------------------- */

/* A tensor of the state_dict that has a place in `raw`. */
typedef struct wanted {
  vs_weights_slot slot;
  const vs_pickle_storage *storage;
  uint64_t first; /* number of the storage's file content where the tensor begins */
} wanted;

typedef struct wanted_list {
  wanted tensors[2 * VS_VGG_CONVS];
  size_t count;
} wanted_list;

/* Row-major without gaps. Strides of axes of length 1 mean nothing. */
static bool is_contiguous(const vs_pickle_tensor *tensor) {
  int64_t expected = 1;
  for (size_t d = tensor->rank; d-- > 0;) {
    if (tensor->shape[d] != 1 && tensor->stride[d] != expected) return false;
    expected *= tensor->shape[d]; /* the shape was checked: no overflow */
  }
  return true;
}

static vs_status refuse_tensor(vs_weights_slot slot, const char *what) {
  char name[VS_SLOT_NAME];
  vs_weights_slot_torch_name(slot, name);
  vs_fail(VS_ERR_FORMAT, "%s %s", name, what);
  return VS_ERR_FORMAT;
}

static vs_status want_tensor(vs_weights_slot slot, const vs_pickle_value *value, wanted *out) {
  if (value->kind != VS_PICKLE_TENSOR || value->tensor.storage == NULL)
    return refuse_tensor(slot, "is no tensor");
  const vs_pickle_tensor *tensor = &value->tensor;
  const vs_pickle_storage *storage = &tensor->storage->storage;
  *out = (wanted){.slot = slot, .storage = storage, .first = storage->first + tensor->offset};
  if (storage->dtype == VS_DTYPE_OTHER)
    return refuse_tensor(slot, "has numbers of another type than float32, float16, bfloat16: "
                               "convert the state_dict with .float()");
  vs_status status = vs_weights_slot_check_shape(slot, tensor->shape, tensor->rank);
  if (status != VS_OK) return status;
  if (!is_contiguous(tensor))
    return refuse_tensor(slot, "is not contiguous: save it again with .contiguous()");
  if (tensor->offset > storage->count ||
      vs_weights_slot_count(slot) > storage->count - tensor->offset)
    return refuse_tensor(slot, "reaches beyond its storage");
  return VS_OK;
}

/* All tensors of the state_dict that `raw` wants; keys of other networks are refused. */
static vs_status want_all(const vs_pickle_value *dict, const vs_weights_raw *raw,
                          wanted_list *list) {
  list->count = 0;
  if (dict->kind != VS_PICKLE_DICT)
    return vs_fail(VS_ERR_FORMAT, "the checkpoint is no state_dict: save model.state_dict()");
  for (size_t i = 0; i + 1 < dict->items.count; i += 2) {
    const vs_pickle_value *key = dict->items.values[i];
    if (key->kind != VS_PICKLE_TEXT) continue;
    vs_weights_slot slot;
    vs_status status = vs_weights_slot_of_torch_name(&slot, key->text.bytes, key->text.length);
    if (status != VS_OK) return status;
    if (!vs_weights_raw_wants(raw, slot)) continue;
    for (size_t j = 0; j < list->count; j++)
      if (list->tensors[j].slot.conv == slot.conv && list->tensors[j].slot.is_bias == slot.is_bias)
        return refuse_tensor(slot, "is there twice");
    assert(list->count < sizeof list->tensors / sizeof list->tensors[0]);
    status = want_tensor(slot, dict->items.values[i + 1], &list->tensors[list->count]);
    if (status != VS_OK) return status;
    list->count++;
  }
  if (list->count == 0 && (vs_unpickle_get(dict, "state_dict") || vs_unpickle_get(dict, "model")))
    return vs_fail(VS_ERR_FORMAT, "a training checkpoint: save the state_dict inside it by itself");
  return VS_OK;
}

static bool same_text(vs_pickle_text a, vs_pickle_text b) {
  return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

/* Copies a tensor out of the content of its storage, `size` bytes. */
static vs_status take_tensor(const wanted *tensor, const unsigned char *content, uint64_t size,
                             vs_weights_raw *raw) {
  const vs_pickle_storage *storage = tensor->storage;
  char name[VS_SLOT_NAME];
  vs_weights_slot_torch_name(tensor->slot, name);
  if (size % storage->element_bytes != 0 || size / storage->element_bytes != storage->stored)
    return vs_fail(VS_ERR_FORMAT,
                   "the storage of %s has %llu bytes in the file, not what the "
                   "pickle says: damaged",
                   name, (unsigned long long)size);
  return vs_weights_raw_add_bytes(raw, tensor->slot, storage->dtype,
                                  content + tensor->first * storage->element_bytes);
}

/* --- zip -------------------------------------------------------------------------------------- */

/* The path before "/data.pkl", which says where the other members are. */
static vs_status find_stem(const vs_weights_zip *archive, char *stem, size_t size) {
  static const char ending[] = "/data.pkl";
  const size_t ending_length = sizeof ending - 1;
  for (size_t i = 0; i < vs_weights_zip_count(archive); i++) {
    const char *name = vs_weights_zip_name(archive, i);
    size_t length = name == NULL ? 0 : strlen(name);
    if (length <= ending_length || length - ending_length >= size) continue;
    if (strcmp(name + length - ending_length, ending) != 0) continue;
    memcpy(stem, name, length - ending_length);
    stem[length - ending_length] = '\0';
    return VS_OK;
  }
  if (vs_weights_zip_find(archive, "model.weights.h5") >= 0)
    return vs_fail(VS_ERR_FORMAT, "a .keras archive: take model.weights.h5 out of it with unzip");
  return vs_fail(VS_ERR_FORMAT, "a zip file without data.pkl: no checkpoint of torch, or damaged");
}

/* Reads the member stem/name of at most `limit` bytes. *content is freed by the caller. */
static vs_status read_member(const vs_weights_zip *archive, const char *stem, const char *name,
                             uint64_t limit, unsigned char **content, uint64_t *size) {
  *content = NULL;
  char path[512], shown[96];
  int length = snprintf(path, sizeof path, "%s/%s", stem, name);
  vs_weights_raw_printable(shown, sizeof shown, path, strlen(path));
  if (length < 0 || (size_t)length >= sizeof path)
    return vs_fail(VS_ERR_FORMAT, "member %s: its name is too long", shown);
  const int64_t member = vs_weights_zip_find(archive, path);
  if (member < 0)
    return vs_fail(VS_ERR_FORMAT, "the zip file has no member %s: not complete", shown);
  if (!vs_weights_zip_is_stored(archive, (size_t)member))
    return vs_fail(VS_ERR_FORMAT,
                   "member %s is compressed, which torch never does: unpacked and packed again by "
                   "something else",
                   shown);
  return vs_weights_zip_read(archive, (size_t)member, limit, content, size);
}

/* Newer versions say the byte order of the machine that saved. */
static vs_status check_byte_order(const vs_weights_zip *archive, const char *stem) {
  char path[512];
  snprintf(path, sizeof path, "%s/byteorder", stem);
  if (vs_weights_zip_find(archive, path) < 0) return VS_OK;
  unsigned char *order;
  uint64_t size = 0;
  vs_status status = read_member(archive, stem, "byteorder", 16, &order, &size);
  if (status == VS_OK && (size != 6 || memcmp(order, "little", 6) != 0))
    status = vs_fail(VS_ERR_FORMAT, "saved on a big-endian machine, which is not read");
  free(order);
  return status;
}

static vs_status read_storage(const vs_weights_zip *archive, const char *stem, vs_pickle_text key,
                              uint64_t limit, unsigned char **content, uint64_t *size) {
  *content = NULL;
  char name[160];
  if (key.length > 128 || memchr(key.bytes, '\0', key.length) != NULL)
    return vs_fail(VS_ERR_FORMAT, "a storage key that names no member");
  snprintf(name, sizeof name, "data/%.*s", (int)key.length, key.bytes);
  return read_member(archive, stem, name, limit, content, size);
}

/* Usually every tensor has a storage of its own. Where they share one, they follow each other. */
static vs_status take_members(const vs_weights_zip *archive, const char *stem,
                              const wanted_list *list, uint64_t limit, vs_weights_raw *raw) {
  vs_status status = VS_OK;
  unsigned char *content = NULL;
  uint64_t size = 0;
  for (size_t i = 0; status == VS_OK && i < list->count; i++) {
    vs_pickle_text key = list->tensors[i].storage->key;
    if (content == NULL || !same_text(key, list->tensors[i - 1].storage->key)) {
      free(content);
      status = read_storage(archive, stem, key, limit, &content, &size);
    }
    if (status == VS_OK) status = take_tensor(&list->tensors[i], content, size, raw);
  }
  free(content);
  return status;
}

static vs_status read_archive(const vs_weights_zip *archive, const vs_weights_file *file,
                              vs_weights_raw *raw) {
  char stem[256];
  unsigned char *bytes = NULL;
  uint64_t size = 0;
  vs_pickle *pickle = NULL;
  wanted_list list = {.count = 0};
  size_t used;
  vs_status status = find_stem(archive, stem, sizeof stem);
  if (status == VS_OK) status = check_byte_order(archive, stem);
  if (status == VS_OK)
    status = read_member(archive, stem, "data.pkl", MAX_PICKLE_BYTES, &bytes, &size);
  if (status == VS_OK) status = vs_unpickle(&pickle, bytes, (size_t)size, &used);
  if (status == VS_OK) status = want_all(vs_unpickle_root(pickle), raw, &list);
  if (status == VS_OK) status = take_members(archive, stem, &list, file->size, raw);
  vs_unpickle_free(pickle);
  free(bytes);
  return status;
}

vs_status vs_weights_torch_read_zip(const vs_weights_file *file, vs_weights_raw *raw) {
  vs_weights_zip *archive;
  vs_status status = vs_weights_zip_open(&archive, file->data, file->size);
  if (status == VS_OK) status = read_archive(archive, file, raw);
  vs_weights_zip_close(archive);
  return status;
}

/* --- legacy stream ---------------------------------------------------------------------------- */

/* The magic number 0x1950a86a20f9469cfc6c and the protocol version 1001, each a pickle. */
static const unsigned char legacy_start[] = {0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c,
                                             0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
                                             0x2e, 0x80, 0x02, 0x4d, 0xe9, 0x03, 0x2e};

typedef struct stream {
  const unsigned char *data;
  size_t size, at;
} stream;

static vs_status next_pickle(stream *in, vs_pickle **pickle) {
  size_t left = in->size - in->at, used = 0;
  vs_status status = vs_unpickle(pickle, in->data + in->at,
                                 left < MAX_PICKLE_BYTES ? left : MAX_PICKLE_BYTES, &used);
  in->at += used;
  return status;
}

static vs_status check_system(stream *in) {
  vs_pickle *pickle;
  vs_status status = next_pickle(in, &pickle);
  if (status != VS_OK) return status;
  const vs_pickle_value *info = vs_unpickle_root(pickle), *little = NULL;
  if (info->kind == VS_PICKLE_DICT) little = vs_unpickle_get(info, "little_endian");
  if (little == NULL || little->kind != VS_PICKLE_BOOL)
    status = vs_fail(VS_ERR_FORMAT, "the description of the system is damaged");
  else if (little->integer == 0)
    status = vs_fail(VS_ERR_FORMAT, "saved on a big-endian machine, which is not read");
  vs_unpickle_free(pickle);
  return status;
}

/* One storage of the stream: the count is repeated before its numbers. */
static vs_status next_storage(stream *in, const vs_pickle_storage *storage,
                              const unsigned char **content, uint64_t *size) {
  char key[40];
  vs_weights_raw_printable(key, sizeof key, storage->key.bytes, storage->key.length);
  uint64_t count, bytes;
  if (in->size - in->at < sizeof count)
    return vs_fail(VS_ERR_FORMAT, "it ends before storage %s: cut short", key);
  memcpy(&count, in->data + in->at, sizeof count);
  in->at += sizeof count;
  if (le64toh(count) != storage->stored ||
      __builtin_mul_overflow(storage->stored, storage->element_bytes, &bytes))
    return vs_fail(VS_ERR_FORMAT, "storage %s has another length than the pickle says: damaged",
                   key);
  if (in->size - in->at < bytes)
    return vs_fail(VS_ERR_FORMAT, "it ends within storage %s: cut short", key);
  *content = in->data + in->at;
  *size = bytes;
  in->at += bytes;
  return VS_OK;
}

/* Walks through the storages in the order of the list of keys; tensors that are views of one are
 * taken as it comes by. */
static vs_status take_storages(stream *in, const vs_pickle *pickle, const vs_pickle_value *keys,
                               const wanted_list *list, vs_weights_raw *raw) {
  if (keys->kind != VS_PICKLE_LIST || keys->items.count > VS_PICKLE_MAX_STORAGES)
    return vs_fail(VS_ERR_FORMAT, "the list of storages is damaged");
  for (size_t i = 0; i < keys->items.count; i++) {
    const vs_pickle_value *key = keys->items.values[i];
    const vs_pickle_storage *storage =
        key->kind == VS_PICKLE_TEXT ? vs_unpickle_find_storage(pickle, key->text) : NULL;
    if (storage == NULL)
      return vs_fail(VS_ERR_FORMAT, "the list of storages names one that no tensor has");
    const unsigned char *content = NULL;
    uint64_t size = 0;
    vs_status status = next_storage(in, storage, &content, &size);
    for (size_t j = 0; status == VS_OK && j < list->count; j++)
      if (same_text(list->tensors[j].storage->key, key->text))
        status = take_tensor(&list->tensors[j], content, size, raw);
    if (status != VS_OK) return status;
  }
  return VS_OK;
}

vs_status vs_weights_torch_read_legacy(const vs_weights_file *file, vs_weights_raw *raw) {
  if (file->size < sizeof legacy_start ||
      memcmp(file->data, legacy_start, sizeof legacy_start) != 0)
    return vs_fail(VS_ERR_FORMAT, "a torch checkpoint of an unknown version, or damaged");
  stream in = {.data = file->data, .size = file->size, .at = sizeof legacy_start};
  vs_pickle *pickle = NULL, *keys = NULL;
  wanted_list list = {.count = 0};
  vs_status status = check_system(&in);
  if (status == VS_OK) status = next_pickle(&in, &pickle);
  if (status == VS_OK) status = want_all(vs_unpickle_root(pickle), raw, &list);
  if (status == VS_OK) status = next_pickle(&in, &keys);
  if (status == VS_OK) status = take_storages(&in, pickle, vs_unpickle_root(keys), &list, raw);
  vs_unpickle_free(keys);
  vs_unpickle_free(pickle);
  return status;
}
