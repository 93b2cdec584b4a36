/* weights_readers.h - between weights.c and the readers of the single formats; nobody else includes
 * it, except their test.
 *
 *   weights.c              opens the file, has it read, tells its family, prepares it
 *   weights_format.c       tells the format by the content, and hands the file to one reader
 *   weights_safetensors.c  \
 *   weights_torch.c         \ find the tensors in a file and check all that depends on its format:
 *   weights_keras.c          | damaged headers, sizes, offsets, types
 *   weights_onnx.c          /
 *   weights_npz.c          /
 *   weights_slot.c         what they share: which tensor of VGG16 a key names, and its shape
 *   weights_raw.c          what they share: number types, finite values, completeness
 *
 * A reader's messages name the tensor or member; the caller puts the file's name before them. All
 * of them treat the file as hostile: whatever its bytes are, a reader returns a status, takes no
 * more memory than a small multiple of the file's size, and never reads outside of it. (HDF5 files
 * are parsed by the HDF5 library, whose robustness is its own.) */
#ifndef VS_CORE_VGG_WEIGHTS_READERS_H
#define VS_CORE_VGG_WEIGHTS_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/vgg/weights.h"

/* A file as the readers see it. `data` is a read-only mapping in weights.c, any bytes in a test. */
typedef struct vs_weights_file {
  const char *path; /* HDF5 opens the file by its name; otherwise not used */
  const unsigned char *data;
  size_t size;
} vs_weights_file;

/* What a reader fills. Zeroed but for last_conv to begin with. */
typedef struct vs_weights_raw {
  float *kernel[VS_VGG_CONVS]; /* (K,C,3,3), owned; NULL where not read yet or beyond last_conv */
  float *bias[VS_VGG_CONVS];   /* (K), owned */
  int last_conv;
  vs_family family; /* as the file itself tells it, else VS_FAMILY_UNKNOWN */
  bool is_hwio;     /* kernels lie in the file as (3,3,C,K), not as (K,C,3,3) */
} vs_weights_raw;

void vs_weights_raw_clear(vs_weights_raw *raw); /* fine on a zeroed struct */

/* --- the readers ------------------------------------------------------------------------------ */

/* VS_ERR_FORMAT, VS_ERR_MEMORY; on failure `raw` may be half filled, and is to be cleared. */
vs_status vs_weights_safetensors_read(const vs_weights_file *file, vs_weights_raw *raw);
vs_status vs_weights_torch_read_zip(const vs_weights_file *file, vs_weights_raw *raw);
vs_status vs_weights_torch_read_legacy(const vs_weights_file *file, vs_weights_raw *raw);
vs_status vs_weights_keras_read(const vs_weights_file *file, vs_weights_raw *raw, bool *is_keras3);
vs_status vs_weights_onnx_read(const vs_weights_file *file, vs_weights_raw *raw);
vs_status vs_weights_npz_read(const vs_weights_file *file, vs_weights_raw *raw);

/* Writes 13 convolutions as safetensors, in torch's names and order, float32, with these texts as
 * metadata (`count` pairs of key and value): the same bytes for the same numbers. VS_ERR_IO,
 * VS_ERR_MEMORY. */
vs_status vs_weights_safetensors_write(const char *path, const vs_weights_raw *raw,
                                       const char *const (*metadata)[2], size_t count);

/* Whether a zip file holds arrays of numpy. */
bool vs_weights_npz_is(const vs_weights_file *file);

/* Tells the format by the content, and reads the file so. What is no weight file, or one of a kind
 * that is not read, is VS_ERR_FORMAT with the way out. */
vs_status vs_weights_format_read(const vs_weights_file *file, vs_weights_raw *raw,
                                 vs_weights_format *format);

/* --- after them ------------------------------------------------------------------------------ */

/* A network or a file whose content is known. */
typedef struct vs_weights_known {
  const char *name;   /* by which users ask for it; or NULL */
  const char *digest; /* of the network (weights_digest.h), or NULL */
  const char *sha256; /* of the file, or its beginning; or NULL */
  vs_family family;
  const char *attribution; /* or NULL */
} vs_weights_known;

/* NULL: not known. */
const vs_weights_known *vs_weights_known_network(const char *digest);
const vs_weights_known *vs_weights_known_file(const char *sha256);

/* Whose weights of this family are, where nothing else is known; or NULL. */
const char *vs_weights_known_attribution(vs_family family);

/* --- what they share -------------------------------------------------------------------------- */

/* A place in VGG16 where a tensor belongs. */
typedef struct vs_weights_slot {
  int conv; /* 0..12, or -1 for a tensor that nobody needs (a classifier) */
  bool is_bias;
} vs_weights_slot;

/* Which place a torch key names: "features.<N>.weight" or ".bias", with an optional "module."
 * before it. VS_ERR_FORMAT if the key belongs to VGG19, to batch normalization or to another
 * network of `features`. `name` needs no zero at its end. */
vs_status vs_weights_slot_of_torch_name(vs_weights_slot *slot, const char *name, size_t length);

/* The torch key of a place, for messages: "features.28.weight". */
#define VS_SLOT_NAME 24
void vs_weights_slot_torch_name(vs_weights_slot slot, char name[VS_SLOT_NAME]);

/* The same for the layer names of Keras, "block3_conv2"; slot->is_bias is false. */
vs_status vs_weights_slot_of_keras_name(vs_weights_slot *slot, const char *name);

/* Numbers of a tensor: kernels K*C*9, biases K. */
size_t vs_weights_slot_count(vs_weights_slot slot);

/* Whether `raw` has a use for the tensor: a convolution up to last_conv. */
bool vs_weights_raw_wants(const vs_weights_raw *raw, vs_weights_slot slot);

/* Whether a shape is (K,C,3,3), or (K) for a bias; and the same as VS_ERR_FORMAT with both shapes
 * in the message. Negative sizes are fine to ask about. */
bool vs_weights_slot_has_shape(vs_weights_slot slot, const int64_t *shape, size_t rank);
vs_status vs_weights_slot_check_shape(vs_weights_slot slot, const int64_t *shape, size_t rank);

typedef enum vs_dtype {
  VS_DTYPE_OTHER,
  VS_DTYPE_F32,
  VS_DTYPE_F16,
  VS_DTYPE_BF16,
  VS_DTYPE_F64
} vs_dtype;

/* Bytes of a number; 0 for VS_DTYPE_OTHER. */
size_t vs_weights_raw_dtype_bytes(vs_dtype dtype);

/* out[i] = number i of little-endian `bytes`, which need no alignment: exact, but for float64,
 * which is rounded to the nearest float32. */
void vs_weights_raw_to_float(vs_dtype dtype, const unsigned char *bytes, float *out, size_t count);

/* An empty tensor for a place that `raw` wants, to be filled by the reader. VS_ERR_FORMAT if the
 * file had one already. */
vs_status vs_weights_raw_add(vs_weights_raw *raw, vs_weights_slot slot, float **values);

/* vs_weights_raw_add and filling it: vs_weights_slot_count(slot) numbers in torch's order. */
vs_status vs_weights_raw_add_bytes(vs_weights_raw *raw, vs_weights_slot slot, vs_dtype dtype,
                                   const unsigned char *bytes);

/* VS_ERR_FORMAT unless every tensor up to last_conv is there and finite. */
vs_status vs_weights_raw_check(const vs_weights_raw *raw);

/* Copies at most size - 1 bytes of text from a file and a zero into out, what is not printable
 * ASCII as '?', so that it can be shown in a message. */
static inline void vs_weights_raw_printable(char *out, size_t size, const char *text,
                                            size_t length) {
  size_t used = 0;
  for (; used < length && used + 1 < size; used++) {
    char c = text[used];
    out[used] = c >= ' ' && c <= '~' ? c : '?';
  }
  out[used] = '\0';
}

/* The family that a file's own description ("preprocessing" in safetensors' metadata) names: one of
 * the words of vs_weights_family_name(), or the sentence that the builtin file carries. */
vs_family vs_weights_family_of_description(const char *text);

#endif
