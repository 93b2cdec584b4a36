/* protobuf.h - the wire format of Protocol Buffers, read field by field out of a buffer.
 *
 *   message := (tag value)*, tag := varint of number << 3 | type
 *
 * (protobuf.dev/programming-guides/encoding). Which number means what is the reader's business; a
 * message within a message is a value of type bytes, and read in the same way. Groups (types 3 and
 * 4, abandoned since proto3) are refused. Nothing is allocated; values are views into the buffer.
 */
#ifndef VS_CORE_VGG_PROTOBUF_H
#define VS_CORE_VGG_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

/* Bytes of somebody else's buffer. */
typedef struct vs_protobuf_bytes {
  const unsigned char *data;
  size_t size;
} vs_protobuf_bytes;

/* How a value lies in the file. */
typedef enum vs_protobuf_type {
  VS_PROTOBUF_VARINT = 0,
  VS_PROTOBUF_FIXED64 = 1,
  VS_PROTOBUF_BYTES = 2, /* a text, a message, or numbers packed one after the other */
  VS_PROTOBUF_FIXED32 = 5
} vs_protobuf_type;

typedef struct vs_protobuf_field {
  uint32_t number;
  vs_protobuf_type type;
  uint64_t varint;         /* of VS_PROTOBUF_VARINT */
  vs_protobuf_bytes bytes; /* of the others: 8, any number, or 4 of them */
} vs_protobuf_field;

/* Takes the next field off the front of *rest. False at the end of the message, with *status VS_OK,
 * and where it is damaged or cut short, with VS_ERR_FORMAT. */
bool vs_protobuf_next(vs_protobuf_bytes *rest, vs_protobuf_field *field, vs_status *status);

/* Takes a varint off the front of *rest, of at most 10 bytes. False if there is none. */
bool vs_protobuf_varint(vs_protobuf_bytes *rest, uint64_t *value);

/* Whether bytes are this text. */
bool vs_protobuf_is_text(vs_protobuf_bytes bytes, const char *text);

bool vs_protobuf_equal(vs_protobuf_bytes a, vs_protobuf_bytes b);

#endif
