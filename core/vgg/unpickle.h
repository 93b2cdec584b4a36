/* unpickle.h - the Python pickles inside torch checkpoints, read by a whitelist interpreter.
 *
 * A pickle is a program for a small stack machine that may call any Python function by name. Here
 * nothing is called: the dozen names that a state_dict needs (OrderedDict, the storages, the
 * functions that rebuild tensors) build plain values, any other name is an error that shows it.
 * The stack, the memo, the number of values and of their entries are bounded, some 100 MB at worst.
 * Values may refer to each other in a circle; nothing here or in weights_torch.c follows references
 * without end.
 *
 * The opcodes are those that any version of torch.save writes, under pickle protocol 2 (described
 * in Python's Lib/pickletools.py). */
#ifndef VS_CORE_VGG_UNPICKLE_H
#define VS_CORE_VGG_UNPICKLE_H

#include "core/vgg/weights_readers.h"

typedef enum vs_pickle_kind {
  VS_PICKLE_NONE,
  VS_PICKLE_BOOL,
  VS_PICKLE_INT,
  VS_PICKLE_FLOAT,
  VS_PICKLE_TEXT,
  VS_PICKLE_TUPLE,
  VS_PICKLE_LIST,
  VS_PICKLE_DICT, /* dict and OrderedDict */
  VS_PICKLE_GLOBAL,
  VS_PICKLE_STORAGE,
  VS_PICKLE_TENSOR /* and Parameter */
} vs_pickle_kind;

typedef struct vs_pickle_value vs_pickle_value;

typedef struct vs_pickle_text {
  const char *bytes; /* within the input; no zero at the end */
  size_t length;
} vs_pickle_text;

/* items of a tuple or list, or key and value by turns in a dict */
typedef struct vs_pickle_items {
  vs_pickle_value **values;
  size_t count, capacity;
} vs_pickle_items;

typedef struct vs_pickle_storage {
  vs_pickle_text key;
  vs_dtype dtype;
  size_t element_bytes;
  uint64_t first, count; /* the part of the stored numbers that this storage is, all but always */
  uint64_t stored;       /* all of them */
} vs_pickle_storage;

#define VS_PICKLE_RANK 8

typedef struct vs_pickle_tensor {
  const vs_pickle_value *storage; /* NULL for a tensor that was never given one */
  uint64_t offset;
  size_t rank;
  int64_t shape[VS_PICKLE_RANK], stride[VS_PICKLE_RANK];
} vs_pickle_tensor;

struct vs_pickle_value {
  vs_pickle_kind kind;
  union {
    int64_t integer; /* INT; 0 or 1 for BOOL */
    double number;
    vs_pickle_text text;
    vs_pickle_items items; /* TUPLE, LIST, DICT */
    const struct vs_pickle_global *global;
    vs_pickle_storage storage;
    vs_pickle_tensor tensor;
  };
};

typedef struct vs_pickle vs_pickle; /* all values of one pickle; refers to the input's bytes */

/* Reads one pickle from the beginning of `data`; *used bytes of it. VS_ERR_FORMAT for anything that
 * is not as described above, VS_ERR_LIMIT, VS_ERR_MEMORY; *out is NULL then. */
vs_status vs_unpickle(vs_pickle **out, const unsigned char *data, size_t size, size_t *used);
void vs_unpickle_free(vs_pickle *pickle); /* fine on NULL */

/* What the pickle is, as a whole. */
const vs_pickle_value *vs_unpickle_root(const vs_pickle *pickle);

/* More mentions of storages than this are refused; VGG16 has 26, with its classifier 32. */
#define VS_PICKLE_MAX_STORAGES 4096

/* The storage with this key that the pickle mentions, or NULL. */
const vs_pickle_storage *vs_unpickle_find_storage(const vs_pickle *pickle, vs_pickle_text key);

/* The value of a text key in a dict, or NULL. */
const vs_pickle_value *vs_unpickle_get(const vs_pickle_value *dict, const char *key);

#endif
