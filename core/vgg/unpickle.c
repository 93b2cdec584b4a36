/* unpickle.c - the stack machine of pickles and its opcodes. What its values mean for weights is
 * for weights_torch.c. */
#include "core/vgg/unpickle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/grow.h"

/* A state_dict of VGG16 has some 400 values; a network of a thousand layers stays below these, so
 * that it is refused for being another network. */
enum {
  MAX_VALUES = 1 << 18,
  MAX_ENTRIES = 1 << 20, /* of all tuples, lists and dicts together */
  MAX_STACK = 1 << 16,
  MAX_MARKS = 256, /* nesting */
  MAX_MEMO = 1 << 20,
  BLOCK_VALUES = 256
};

/* --- the names that may occur ----------------------------------------------------------------- */

typedef enum global_role {
  ROLE_ORDERED_DICT,
  ROLE_REBUILD_TENSOR, /* (storage, offset, size, stride, ...) */
  ROLE_PARAMETER,      /* (tensor, ...) */
  ROLE_TENSOR_TYPE,    /* () and BUILD (storage, offset, size, stride) */
  ROLE_STORAGE_TYPE
} global_role;

typedef struct vs_pickle_global {
  const char *module, *name;
  global_role role;
  vs_dtype dtype;       /* of a storage */
  size_t element_bytes; /* likewise */
} global;

/* Storages of types that weights do not have are known, so that a network with counters is refused
 * for what it is. */
static const global globals[] = {
    {"collections", "OrderedDict", ROLE_ORDERED_DICT, VS_DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_tensor", ROLE_REBUILD_TENSOR, VS_DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_tensor_v2", ROLE_REBUILD_TENSOR, VS_DTYPE_OTHER, 0},
    {"torch._utils", "_rebuild_parameter", ROLE_PARAMETER, VS_DTYPE_OTHER, 0},
    {"torch.nn.parameter", "Parameter", ROLE_PARAMETER, VS_DTYPE_OTHER, 0},
    {"torch", "FloatTensor", ROLE_TENSOR_TYPE, VS_DTYPE_OTHER, 0},
    {"torch", "FloatStorage", ROLE_STORAGE_TYPE, VS_DTYPE_F32, 4},
    {"torch", "HalfStorage", ROLE_STORAGE_TYPE, VS_DTYPE_F16, 2},
    {"torch", "BFloat16Storage", ROLE_STORAGE_TYPE, VS_DTYPE_BF16, 2},
    {"torch", "DoubleStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 8},
    {"torch", "LongStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 8},
    {"torch", "IntStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 4},
    {"torch", "ShortStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 2},
    {"torch", "CharStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 1},
    {"torch", "ByteStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 1},
    {"torch", "BoolStorage", ROLE_STORAGE_TYPE, VS_DTYPE_OTHER, 1},
};

static bool text_is(vs_pickle_text text, const char *word) {
  return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

static const global *find_global(vs_pickle_text module, vs_pickle_text name) {
  for (size_t i = 0; i < sizeof globals / sizeof globals[0]; i++)
    if (text_is(module, globals[i].module) && text_is(name, globals[i].name)) return &globals[i];
  return NULL;
}

/* --- values and the machine ------------------------------------------------------------------- */

typedef struct block {
  struct block *next;
  size_t used;
  vs_pickle_value values[BLOCK_VALUES];
} block;

struct vs_pickle {
  block *blocks; /* newest first */
  size_t value_count;
  size_t entry_count;
  vs_pickle_value *root;
  const vs_pickle_storage **storages; /* in the order of their persistent ids */
  size_t storage_count, storage_capacity;
};

typedef struct machine {
  const unsigned char *data;
  size_t size, at;
  vs_pickle *pickle;
  vs_pickle_value **stack;
  size_t stack_count, stack_capacity;
  size_t marks[MAX_MARKS]; /* stack_count when the mark was set */
  size_t mark_count;
  vs_pickle_value **memo; /* NULL where nothing was put */
  size_t memo_count;      /* places, used or not */
} machine;

/* These return their status by name, not what vs_fail() returns, so that compilers and analyzers,
 * which see only this file, know that it is a failure. */
static vs_status fail_at(const machine *m, const char *what) {
  vs_fail(VS_ERR_FORMAT, "pickle, byte %zu: %s", m->at, what);
  return VS_ERR_FORMAT;
}

static vs_status fail_limit(const machine *m, const char *what) {
  vs_fail(VS_ERR_LIMIT, "pickle, byte %zu: %s: no state_dict of VGG16", m->at, what);
  return VS_ERR_LIMIT;
}

static vs_status fail_memory(void) {
  vs_fail(VS_ERR_MEMORY, "no memory to unpickle a checkpoint");
  return VS_ERR_MEMORY;
}

static vs_status new_value(machine *m, vs_pickle_kind kind, vs_pickle_value **out) {
  *out = NULL;
  vs_pickle *pickle = m->pickle;
  if (pickle->value_count == MAX_VALUES) return fail_limit(m, "too many values");
  if (pickle->blocks == NULL || pickle->blocks->used == BLOCK_VALUES) {
    block *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) return fail_memory();
    fresh->next = pickle->blocks;
    pickle->blocks = fresh;
  }
  *out = &pickle->blocks->values[pickle->blocks->used++];
  (*out)->kind = kind;
  pickle->value_count++;
  return VS_OK;
}

static vs_status push(machine *m, vs_pickle_value *value) {
  if (m->stack_count == MAX_STACK) return fail_limit(m, "the stack is too deep");
  vs_pickle_value **stack =
      vs_grow(m->stack, &m->stack_capacity, m->stack_count + 1, sizeof(void *));
  if (stack == NULL) return fail_memory();
  m->stack = stack;
  m->stack[m->stack_count++] = value;
  return VS_OK;
}

static vs_status push_new(machine *m, vs_pickle_kind kind, vs_pickle_value **out) {
  vs_status status = new_value(m, kind, out);
  return status == VS_OK ? push(m, *out) : status;
}

/* The stack may be taken down to the last mark only. */
static size_t stack_floor(const machine *m) {
  return m->mark_count == 0 ? 0 : m->marks[m->mark_count - 1];
}

static vs_status pop(machine *m, vs_pickle_value **out) {
  *out = NULL;
  if (m->stack_count == stack_floor(m)) return fail_at(m, "the stack is empty");
  assert(m->stack != NULL);
  *out = m->stack[--m->stack_count];
  return VS_OK;
}

static vs_status top(machine *m, vs_pickle_value **out) {
  *out = NULL;
  if (m->stack_count == stack_floor(m)) return fail_at(m, "the stack is empty");
  assert(m->stack != NULL);
  *out = m->stack[m->stack_count - 1];
  return VS_OK;
}

/* Takes away the last mark; `first` is the index of the first value above it. */
static vs_status pop_mark(machine *m, size_t *first) {
  *first = m->stack_count;
  if (m->mark_count == 0) return fail_at(m, "a mark is missing");
  *first = m->marks[--m->mark_count];
  return VS_OK;
}

static vs_status append(machine *m, vs_pickle_items *items, vs_pickle_value *value) {
  if (m->pickle->entry_count == MAX_ENTRIES) return fail_limit(m, "too many entries");
  vs_pickle_value **values =
      vs_grow(items->values, &items->capacity, items->count + 1, sizeof(void *));
  if (values == NULL) return fail_memory();
  items->values = values;
  items->values[items->count++] = value;
  m->pickle->entry_count++;
  return VS_OK;
}

/* Moves everything from index `first` of the stack into items. */
static vs_status append_stack(machine *m, vs_pickle_items *items, size_t first) {
  vs_status status = VS_OK;
  for (size_t i = first; status == VS_OK && i < m->stack_count; i++)
    status = append(m, items, m->stack[i]);
  m->stack_count = first;
  return status;
}

/* --- reading the input ------------------------------------------------------------------------ */

static vs_status take(machine *m, size_t count, const unsigned char **bytes) {
  *bytes = m->data + m->at;
  if (count > m->size - m->at) return fail_at(m, "it ends too early");
  m->at += count;
  return VS_OK;
}

/* A little-endian number of 1 to 8 bytes, not negative unless it fills all 8. */
static vs_status take_number(machine *m, size_t width, uint64_t *number) {
  const unsigned char *bytes;
  vs_status status = take(m, width, &bytes);
  if (status != VS_OK) return status;
  *number = 0;
  for (size_t i = 0; i < width; i++) *number |= (uint64_t)bytes[i] << (8 * i);
  return VS_OK;
}

/* Extends the sign of a two's complement number of `width` bytes. */
static int64_t to_signed(uint64_t number, size_t width) {
  if (width == 0) return 0;
  uint64_t sign = (uint64_t)1 << (8 * width - 1);
  return (int64_t)((number ^ sign) - sign);
}

static vs_status take_line(machine *m, vs_pickle_text *line) {
  const unsigned char *start = m->data + m->at;
  const unsigned char *end = memchr(start, '\n', m->size - m->at);
  if (end == NULL) return fail_at(m, "it ends too early");
  *line = (vs_pickle_text){(const char *)start, (size_t)(end - start)};
  m->at += line->length + 1;
  return VS_OK;
}

/* --- opcodes that make simple values ---------------------------------------------------------- */

static vs_status put_integer(machine *m, size_t width, bool is_signed) {
  uint64_t number = 0;
  vs_pickle_value *value;
  vs_status status = take_number(m, width, &number);
  if (status == VS_OK) status = push_new(m, VS_PICKLE_INT, &value);
  if (status == VS_OK) value->integer = is_signed ? to_signed(number, width) : (int64_t)number;
  return status;
}

static vs_status put_long(machine *m) {
  uint64_t width = 0;
  vs_status status = take_number(m, 1, &width);
  if (status != VS_OK) return status;
  if (width > 8) return fail_at(m, "a whole number beyond 64 bits");
  return put_integer(m, (size_t)width, true);
}

static vs_status put_float(machine *m) {
  const unsigned char *bytes;
  vs_pickle_value *value;
  vs_status status = take(m, 8, &bytes);
  if (status == VS_OK) status = push_new(m, VS_PICKLE_FLOAT, &value);
  if (status != VS_OK) return status;
  uint64_t bits = 0;
  for (int i = 0; i < 8; i++) bits = bits << 8 | bytes[i]; /* the one big-endian number */
  memcpy(&value->number, &bits, sizeof bits);
  return VS_OK;
}

static vs_status put_bool(machine *m, bool truth) {
  vs_pickle_value *value;
  vs_status status = push_new(m, VS_PICKLE_BOOL, &value);
  if (status == VS_OK) value->integer = truth;
  return status;
}

static vs_status put_text(machine *m, size_t length_width) {
  uint64_t length = 0;
  const unsigned char *bytes;
  vs_pickle_value *value;
  vs_status status = take_number(m, length_width, &length);
  if (status == VS_OK) status = take(m, (size_t)length, &bytes);
  if (status == VS_OK) status = push_new(m, VS_PICKLE_TEXT, &value);
  if (status == VS_OK) value->text = (vs_pickle_text){(const char *)bytes, (size_t)length};
  return status;
}

static vs_status put_empty(machine *m, vs_pickle_kind kind) {
  vs_pickle_value *value;
  return push_new(m, kind, &value);
}

static vs_status put_global(machine *m) {
  vs_pickle_text module = {0}, name = {0};
  vs_pickle_value *value;
  vs_status status = take_line(m, &module);
  if (status == VS_OK) status = take_line(m, &name);
  if (status != VS_OK) return status;
  const global *found = find_global(module, name);
  if (found == NULL) {
    char shown_module[64], shown_name[64];
    vs_weights_raw_printable(shown_module, sizeof shown_module, module.bytes, module.length);
    vs_weights_raw_printable(shown_name, sizeof shown_name, name.bytes, name.length);
    return vs_fail(
        VS_ERR_FORMAT,
        "the pickle asks for Python's %s.%s, which weights do not need: refused. If this "
        "is a whole model, save its state_dict() instead",
        shown_module, shown_name);
  }
  status = push_new(m, VS_PICKLE_GLOBAL, &value);
  if (status == VS_OK) value->global = found;
  return status;
}

/* --- opcodes that gather ---------------------------------------------------------------------- */

static vs_status set_mark(machine *m) {
  if (m->mark_count == MAX_MARKS) return fail_limit(m, "it is nested too deeply");
  m->marks[m->mark_count++] = m->stack_count;
  return VS_OK;
}

/* A tuple of the last `count` values. */
static vs_status make_tuple(machine *m, size_t count) {
  if (m->stack_count - stack_floor(m) < count) return fail_at(m, "the stack is empty");
  vs_pickle_value *tuple;
  vs_status status = new_value(m, VS_PICKLE_TUPLE, &tuple);
  if (status == VS_OK) status = append_stack(m, &tuple->items, m->stack_count - count);
  return status == VS_OK ? push(m, tuple) : status;
}

static vs_status make_marked_tuple(machine *m) {
  size_t first;
  vs_status status = pop_mark(m, &first);
  return status == VS_OK ? make_tuple(m, m->stack_count - first) : status;
}

/* Appends what lies above index `first` of the stack to the list or dict below it. */
static vs_status extend(machine *m, vs_pickle_kind kind, size_t first) {
  if (first <= stack_floor(m)) return fail_at(m, "the stack is empty");
  vs_pickle_value *target = m->stack[first - 1];
  if (target->kind != kind) return fail_at(m, "entries for something that takes none");
  if (kind == VS_PICKLE_DICT && (m->stack_count - first) % 2 != 0)
    return fail_at(m, "a key without a value");
  return append_stack(m, &target->items, first);
}

static vs_status extend_marked(machine *m, vs_pickle_kind kind) {
  size_t first;
  vs_status status = pop_mark(m, &first);
  return status == VS_OK ? extend(m, kind, first) : status;
}

static vs_status extend_last(machine *m, vs_pickle_kind kind, size_t count) {
  if (m->stack_count - stack_floor(m) < count) return fail_at(m, "the stack is empty");
  return extend(m, kind, m->stack_count - count);
}

/* --- the memo --------------------------------------------------------------------------------- */

static vs_status memo_put(machine *m, size_t width) {
  uint64_t place = 0;
  vs_pickle_value *value;
  vs_status status = take_number(m, width, &place);
  if (status == VS_OK) status = top(m, &value);
  if (status != VS_OK) return status;
  if (place >= MAX_MEMO) return fail_limit(m, "the memo is too large");
  if (place >= m->memo_count) { /* picklers count up from 0, so this is rare */
    size_t count = place + place / 2 + 64;
    vs_pickle_value **memo = realloc(m->memo, count * sizeof(vs_pickle_value *));
    if (memo == NULL) return fail_memory();
    memset(memo + m->memo_count, 0, (count - m->memo_count) * sizeof(vs_pickle_value *));
    m->memo = memo;
    m->memo_count = count;
  }
  m->memo[place] = value;
  return VS_OK;
}

static vs_status memo_get(machine *m, size_t width) {
  uint64_t place = 0;
  vs_status status = take_number(m, width, &place);
  if (status != VS_OK) return status;
  if (place >= m->memo_count || m->memo[place] == NULL)
    return fail_at(m, "it refers to a memo entry that was never made");
  return push(m, m->memo[place]);
}

/* --- storages and tensors --------------------------------------------------------------------- */

static bool is_count(const vs_pickle_value *value) {
  return value->kind == VS_PICKLE_INT && value->integer >= 0;
}

/* A view of a storage, as the legacy format has it: None or (its key, offset, count). */
static bool read_view(const vs_pickle_value *view, vs_pickle_storage *storage) {
  if (view->kind == VS_PICKLE_NONE) return true;
  if (view->kind != VS_PICKLE_TUPLE || view->items.count != 3) return false;
  const vs_pickle_value *offset = view->items.values[1], *count = view->items.values[2];
  if (!is_count(offset) || !is_count(count)) return false;
  storage->first = (uint64_t)offset->integer;
  storage->count = (uint64_t)count->integer;
  return storage->first <= storage->stored && storage->count <= storage->stored - storage->first;
}

/* ('storage', type, key, location, count[, view]) */
static bool read_storage(const vs_pickle_value *id, vs_pickle_storage *storage) {
  if (id->kind != VS_PICKLE_TUPLE || id->items.count < 5 || id->items.count > 6) return false;
  vs_pickle_value *const *part = id->items.values;
  if (part[0]->kind != VS_PICKLE_TEXT || !text_is(part[0]->text, "storage") ||
      part[1]->kind != VS_PICKLE_GLOBAL || part[1]->global->role != ROLE_STORAGE_TYPE ||
      part[2]->kind != VS_PICKLE_TEXT || !is_count(part[4]))
    return false;
  *storage = (vs_pickle_storage){.key = part[2]->text,
                                 .dtype = part[1]->global->dtype,
                                 .element_bytes = part[1]->global->element_bytes,
                                 .count = (uint64_t)part[4]->integer,
                                 .stored = (uint64_t)part[4]->integer};
  return id->items.count == 5 || read_view(part[5], storage);
}

static vs_status note_storage(machine *m, const vs_pickle_storage *storage) {
  vs_pickle *pickle = m->pickle;
  if (pickle->storage_count == VS_PICKLE_MAX_STORAGES) return fail_limit(m, "too many storages");
  const vs_pickle_storage **storages = vs_grow(pickle->storages, &pickle->storage_capacity,
                                               pickle->storage_count + 1, sizeof(void *));
  if (storages == NULL) return fail_memory();
  pickle->storages = storages;
  pickle->storages[pickle->storage_count++] = storage;
  return VS_OK;
}

static vs_status make_storage(machine *m) {
  vs_pickle_value *id, *value;
  vs_status status = pop(m, &id);
  if (status != VS_OK) return status;
  vs_pickle_storage storage;
  if (!read_storage(id, &storage))
    return fail_at(m, "a persistent id that describes no storage; if this is a whole model, save "
                      "its state_dict() instead");
  status = push_new(m, VS_PICKLE_STORAGE, &value);
  if (status != VS_OK) return status;
  value->storage = storage;
  return note_storage(m, &value->storage);
}

static bool read_numbers(const vs_pickle_value *tuple, int64_t *numbers, size_t *count) {
  if (tuple->kind != VS_PICKLE_TUPLE || tuple->items.count > VS_PICKLE_RANK) return false;
  *count = tuple->items.count;
  for (size_t i = 0; i < *count; i++) {
    if (!is_count(tuple->items.values[i])) return false;
    numbers[i] = tuple->items.values[i]->integer;
  }
  return true;
}

/* (storage, offset, size, stride, ...) */
static bool read_tensor(const vs_pickle_value *args, vs_pickle_tensor *tensor) {
  if (args->kind != VS_PICKLE_TUPLE || args->items.count < 4) return false;
  vs_pickle_value *const *part = args->items.values;
  size_t strides;
  if (part[0]->kind != VS_PICKLE_STORAGE || !is_count(part[1])) return false;
  *tensor = (vs_pickle_tensor){.storage = part[0], .offset = (uint64_t)part[1]->integer};
  return read_numbers(part[2], tensor->shape, &tensor->rank) &&
         read_numbers(part[3], tensor->stride, &strides) && strides == tensor->rank;
}

static vs_status make_tensor(machine *m, const vs_pickle_value *args) {
  vs_pickle_tensor tensor;
  if (!read_tensor(args, &tensor)) return fail_at(m, "a tensor that is not described properly");
  vs_pickle_value *value;
  vs_status status = push_new(m, VS_PICKLE_TENSOR, &value);
  if (status == VS_OK) value->tensor = tensor;
  return status;
}

/* --- opcodes that would call Python ----------------------------------------------------------- */

/* OrderedDict() or, from Python 2, OrderedDict([[key, value], ...]). */
static vs_status make_dict(machine *m, const vs_pickle_value *args) {
  vs_pickle_value *dict;
  vs_status status = push_new(m, VS_PICKLE_DICT, &dict);
  if (status != VS_OK || args->items.count == 0) return status;
  const vs_pickle_value *pairs = args->items.values[0];
  if (args->items.count != 1 || pairs->kind != VS_PICKLE_LIST)
    return fail_at(m, "an OrderedDict made of something else than a list");
  for (size_t i = 0; i < pairs->items.count; i++) {
    const vs_pickle_value *pair = pairs->items.values[i];
    if ((pair->kind != VS_PICKLE_LIST && pair->kind != VS_PICKLE_TUPLE) || pair->items.count != 2)
      return fail_at(m, "an OrderedDict made of something else than pairs");
    status = append(m, &dict->items, pair->items.values[0]);
    if (status == VS_OK) status = append(m, &dict->items, pair->items.values[1]);
    if (status != VS_OK) return status;
  }
  return VS_OK;
}

static vs_status reduce(machine *m) {
  vs_pickle_value *args, *function, *value;
  vs_status status = pop(m, &args);
  if (status == VS_OK) status = pop(m, &function);
  if (status != VS_OK) return status;
  if (function->kind != VS_PICKLE_GLOBAL || args->kind != VS_PICKLE_TUPLE)
    return fail_at(m, "a call of something that is no function");
  switch (function->global->role) {
  case ROLE_ORDERED_DICT:
    return make_dict(m, args);
  case ROLE_REBUILD_TENSOR:
    return make_tensor(m, args);
  case ROLE_PARAMETER:
    if (args->items.count == 0 || args->items.values[0]->kind != VS_PICKLE_TENSOR)
      return fail_at(m, "a Parameter without a tensor");
    return push(m, args->items.values[0]);
  case ROLE_TENSOR_TYPE:
    if (args->items.count != 0) return fail_at(m, "a FloatTensor with arguments");
    return push_new(m, VS_PICKLE_TENSOR, &value);
  case ROLE_STORAGE_TYPE:
    break;
  }
  return fail_at(m, "a storage that is not in the file");
}

/* Gives an object its state: a FloatTensor its storage; the attributes of a dict (_metadata) are
 * not needed. */
static vs_status build(machine *m) {
  vs_pickle_value *state, *object;
  vs_status status = pop(m, &state);
  if (status == VS_OK) status = top(m, &object);
  if (status != VS_OK) return status;
  if (object->kind == VS_PICKLE_DICT) return VS_OK;
  if (object->kind != VS_PICKLE_TENSOR || object->tensor.storage != NULL)
    return fail_at(m, "a state for something that takes none");
  if (!read_tensor(state, &object->tensor))
    return fail_at(m, "a tensor that is not described properly");
  return VS_OK;
}

static vs_status check_protocol(machine *m) {
  uint64_t protocol = 0;
  vs_status status = take_number(m, 1, &protocol);
  if (status == VS_OK && protocol != 2)
    return vs_fail(VS_ERR_FORMAT,
                   "pickle protocol %u, torch.save writes 2: save it again with the default",
                   (unsigned)protocol);
  return status;
}

static vs_status fail_opcode(const machine *m, unsigned char opcode) {
  return vs_fail(VS_ERR_FORMAT,
                 "pickle, byte %zu: opcode 0x%02x, which checkpoints of torch do not use: refused",
                 m->at - 1, opcode);
}

static vs_status step(machine *m, unsigned char opcode) {
  switch (opcode) {
  case 0x80:
    return check_protocol(m); /* PROTO */
  case 'N':
    return put_empty(m, VS_PICKLE_NONE); /* NONE */
  case 0x88:
    return put_bool(m, true); /* NEWTRUE */
  case 0x89:
    return put_bool(m, false); /* NEWFALSE */
  case 'K':
    return put_integer(m, 1, false); /* BININT1 */
  case 'M':
    return put_integer(m, 2, false); /* BININT2 */
  case 'J':
    return put_integer(m, 4, true); /* BININT */
  case 0x8a:
    return put_long(m); /* LONG1 */
  case 'G':
    return put_float(m); /* BINFLOAT */
  case 'U':
    return put_text(m, 1); /* SHORT_BINSTRING */
  case 'X':
    return put_text(m, 4); /* BINUNICODE */
  case 'c':
    return put_global(m); /* GLOBAL */
  case ')':
    return put_empty(m, VS_PICKLE_TUPLE); /* EMPTY_TUPLE */
  case ']':
    return put_empty(m, VS_PICKLE_LIST); /* EMPTY_LIST */
  case '}':
    return put_empty(m, VS_PICKLE_DICT); /* EMPTY_DICT */
  case '(':
    return set_mark(m); /* MARK */
  case 't':
    return make_marked_tuple(m); /* TUPLE */
  case 0x85:
    return make_tuple(m, 1); /* TUPLE1 */
  case 0x86:
    return make_tuple(m, 2); /* TUPLE2 */
  case 0x87:
    return make_tuple(m, 3); /* TUPLE3 */
  case 'a':
    return extend_last(m, VS_PICKLE_LIST, 1); /* APPEND */
  case 'e':
    return extend_marked(m, VS_PICKLE_LIST); /* APPENDS */
  case 's':
    return extend_last(m, VS_PICKLE_DICT, 2); /* SETITEM */
  case 'u':
    return extend_marked(m, VS_PICKLE_DICT); /* SETITEMS */
  case 'q':
    return memo_put(m, 1); /* BINPUT */
  case 'r':
    return memo_put(m, 4); /* LONG_BINPUT */
  case 'h':
    return memo_get(m, 1); /* BINGET */
  case 'j':
    return memo_get(m, 4); /* LONG_BINGET */
  case 'Q':
    return make_storage(m); /* BINPERSID */
  case 'R':                 /* REDUCE */
  case 0x81:
    return reduce(m); /* NEWOBJ: a call, for our names */
  case 'b':
    return build(m); /* BUILD */
  default:
    return fail_opcode(m, opcode);
  }
}

static vs_status run(machine *m) {
  for (;;) {
    const unsigned char *opcode;
    vs_status status = take(m, 1, &opcode);
    if (status != VS_OK) return status;
    if (*opcode == '.') break; /* STOP */
    status = step(m, *opcode);
    if (status != VS_OK) return status;
  }
  if (m->stack_count != 1 || m->mark_count != 0)
    return fail_at(m, "it ends with more or less than one value");
  m->pickle->root = m->stack[0];
  return VS_OK;
}

/* --- the outside ------------------------------------------------------------------------------ */

vs_status vs_unpickle(vs_pickle **out, const unsigned char *data, size_t size, size_t *used) {
  *out = NULL;
  vs_pickle *pickle = calloc(1, sizeof *pickle);
  if (pickle == NULL) return fail_memory();
  machine m = {.data = data, .size = size, .pickle = pickle};
  vs_status status = run(&m);
  free(m.stack);
  free(m.memo);
  if (status != VS_OK) {
    vs_unpickle_free(pickle);
    return status;
  }
  *used = m.at;
  *out = pickle;
  return VS_OK;
}

void vs_unpickle_free(vs_pickle *pickle) {
  if (pickle == NULL) return;
  for (block *b = pickle->blocks, *next; b != NULL; b = next) {
    next = b->next;
    for (size_t i = 0; i < b->used; i++) {
      vs_pickle_kind kind = b->values[i].kind;
      if (kind == VS_PICKLE_TUPLE || kind == VS_PICKLE_LIST || kind == VS_PICKLE_DICT)
        free(b->values[i].items.values);
    }
    free(b);
  }
  free(pickle->storages);
  free(pickle);
}

const vs_pickle_value *vs_unpickle_root(const vs_pickle *pickle) {
  return pickle->root;
}

const vs_pickle_storage *vs_unpickle_find_storage(const vs_pickle *pickle, vs_pickle_text key) {
  for (size_t i = 0; i < pickle->storage_count; i++) {
    vs_pickle_text other = pickle->storages[i]->key;
    if (other.length == key.length && memcmp(other.bytes, key.bytes, key.length) == 0)
      return pickle->storages[i];
  }
  return NULL;
}

const vs_pickle_value *vs_unpickle_get(const vs_pickle_value *dict, const char *key) {
  assert(dict->kind == VS_PICKLE_DICT);
  for (size_t i = 0; i + 1 < dict->items.count; i += 2) {
    const vs_pickle_value *name = dict->items.values[i];
    if (name->kind == VS_PICKLE_TEXT && text_is(name->text, key)) return dict->items.values[i + 1];
  }
  return NULL;
}
