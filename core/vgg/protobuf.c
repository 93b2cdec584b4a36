/* protobuf.c - tags, varints and lengths, each held against the end of the buffer. */
#include "core/vgg/protobuf.h"

#include <string.h>

enum { MAX_VARINT_BYTES = 10, BITS_A_BYTE = 7 };

bool vs_protobuf_varint(vs_protobuf_bytes *rest, uint64_t *value) {
  *value = 0;
  for (size_t i = 0; i < MAX_VARINT_BYTES && i < rest->size; i++) {
    const unsigned char byte = rest->data[i];
    *value |= (uint64_t)(byte & 0x7fu) << (BITS_A_BYTE * i); /* bits beyond 64 are lost, as they
                                                                are for every reader */
    if (byte >= 0x80u) continue;
    rest->data += i + 1;
    rest->size -= i + 1;
    return true;
  }
  return false;
}

static bool take(vs_protobuf_bytes *rest, uint64_t size, vs_protobuf_bytes *bytes) {
  if (size > rest->size) return false;
  *bytes = (vs_protobuf_bytes){rest->data, (size_t)size};
  rest->data += size;
  rest->size -= (size_t)size;
  return true;
}

static bool take_value(vs_protobuf_bytes *rest, vs_protobuf_field *field) {
  uint64_t size = 0;
  switch (field->type) {
  case VS_PROTOBUF_VARINT:
    return vs_protobuf_varint(rest, &field->varint);
  case VS_PROTOBUF_FIXED64:
    return take(rest, 8, &field->bytes);
  case VS_PROTOBUF_FIXED32:
    return take(rest, 4, &field->bytes);
  case VS_PROTOBUF_BYTES:
    return vs_protobuf_varint(rest, &size) && take(rest, size, &field->bytes);
  }
  return false; /* a group, or none of the types there are */
}

bool vs_protobuf_next(vs_protobuf_bytes *rest, vs_protobuf_field *field, vs_status *status) {
  uint64_t tag = 0;
  *field = (vs_protobuf_field){0};
  *status = VS_OK;
  if (rest->size == 0) return false;
  bool is_good = vs_protobuf_varint(rest, &tag) && tag >> 3 > 0 && tag >> 3 < 1u << 29;
  field->number = (uint32_t)(tag >> 3);
  field->type = (vs_protobuf_type)(tag & 7u);
  is_good = is_good && take_value(rest, field);
  if (!is_good) *status = vs_fail(VS_ERR_FORMAT, "its protobuf is damaged, or cut short");
  return is_good;
}

bool vs_protobuf_is_text(vs_protobuf_bytes bytes, const char *text) {
  return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

bool vs_protobuf_equal(vs_protobuf_bytes a, vs_protobuf_bytes b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
