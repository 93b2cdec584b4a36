/* weights.h - VGG16 weights from whatever file a user has, ready to convolve.
 *
 * Readers of all formats deliver the same thing: 13 kernels in (K,C,3,3) and 13 biases. Classifiers
 * are never read. So a network is known by the digest of these numbers (weights_digest.h), whatever
 * file they come from; a file, by its sha256.
 *
 * The *family* says how a picture must be prepared for these weights. Key names do not tell it, so
 * it is recognised by the network's digest, or the file's sha256; by the text "preprocessing" in
 * the metadata of a safetensors file, which our builtin file carries; or given by the user. The
 * Keras layouts count as family keras unless the user says otherwise: Keras has no other
 * preprocessing for VGG16. Losses and lambdas do not carry over between families. */
#ifndef VS_CORE_VGG_WEIGHTS_H
#define VS_CORE_VGG_WEIGHTS_H

#include <stdbool.h>

#include "core/base/sha256.h"
#include "core/base/status.h"
#include "core/tensor/conv.h"
#include "core/vgg/vgg16.h"
#include "core/vgg/weights_cache.h"

typedef enum vs_family {
  VS_FAMILY_UNKNOWN,     /* ask the loader to recognise it */
  VS_FAMILY_TORCHVISION, /* RGB in 0..1, mean .485 .456 .406, std .229 .224 .225 */
  VS_FAMILY_KERAS,       /* BGR in 0..255 minus (103.939, 116.779, 123.68) */
  VS_FAMILY_CAFFE,       /* the same numbers as Keras, from Caffe's own files */
  VS_FAMILY_AMDEGROOT    /* RGB in 0..1, mean .48235 .45882 .40784, std 1/255 */
} vs_family;

/* The words by which a user names a family, by vs_family, NULL-terminated: "recognize" for
 * VS_FAMILY_UNKNOWN, "torchvision", "keras" ... */
extern const char *const vs_weights_family_words[];
/* The same word for a known family; else "unknown". */
const char *vs_weights_family_name(vs_family family);
/* The reverse; VS_FAMILY_UNKNOWN for another word. */
vs_family vs_weights_family_find(const char *name);

typedef enum vs_weights_format {
  VS_WEIGHTS_SAFETENSORS,
  VS_WEIGHTS_TORCH_ZIP,
  VS_WEIGHTS_TORCH_LEGACY,
  VS_WEIGHTS_KERAS_LEGACY,
  VS_WEIGHTS_KERAS3,
  VS_WEIGHTS_ONNX,
  VS_WEIGHTS_NPZ
} vs_weights_format;
/* "safetensors", "torch-zip", "torch-legacy", "keras-h5", "keras3-h5", "onnx", "npz". */
const char *vs_weights_format_name(vs_weights_format format);

#define VS_WEIGHTS_PATH 4096

typedef struct vs_weights {
  vs_family family;
  vs_family file_family; /* as results that know weights by their file call it: what was given, or
                            what this very file says */
  vs_weights_format format;
  bool is_hwio;                       /* kernels lie in the file as (3,3,C,K) */
  char sha256[VS_SHA256_HEX];         /* of the file */
  char digest[VS_SHA256_HEX];         /* of the network: weights_digest.h */
  char file[VS_WEIGHTS_PATH];         /* where they came from: the word, or the whole path */
  const char *attribution;            /* a licence line to show, or NULL; static */
  vs_conv_weights conv[VS_VGG_CONVS]; /* owned, or in the mapped blocks */
  vs_cached_block cached[VS_VGG_CONVS];
} vs_weights;

/* Loads `name`: "builtin", "imagenet" (vs_weights_imagenet_path), or the path of a .safetensors,
 * .pth/.pt, .h5, .onnx or .npz file (told by content, not by ending). `family` VS_FAMILY_UNKNOWN:
 * recognise it; if that fails VS_ERR_USAGE says how to name it. Otherwise the given family is used,
 * and must not contradict a recognised one. All 13 convolutions have to be there; only 0 ..
 * last_conv are prepared (12 for all), and shared with other programs of this user if possible
 * (weights_cache.h); if not, the log says why. Refused with VS_ERR_FORMAT, naming file and tensor:
 * missing or misshapen tensors, values that are not finite, VGG19, VGG16-BN, damaged files. On
 * failure *weights is zeroed. */
vs_status vs_weights_load(vs_weights *weights, const char *name, vs_family family, int last_conv);
void vs_weights_clear(vs_weights *weights); /* fine on a zeroed struct */

/* Reads and checks all of `name` as vs_weights_load does, and prepares nothing: *about has no
 * convolutions, no `file`, and needs no clearing. On failure it may be half filled. */
vs_status vs_weights_about(vs_weights *about, const char *name, vs_family family);

/* The path of the builtin file: in $VGGSWEEP_DATA and nowhere else if that is set; else in the
 * install tree beside the running binary (../share/vggsweep), else in the source tree it was built
 * from. VS_ERR_IO names the places tried. */
vs_status vs_weights_builtin_path(char *path, size_t size);

/* The path of ImageNet's VGG16, as scripts/fetch-weights.sh keeps it:
 * weights/vgg16-imagenet.safetensors where the builtin file is looked for, or in the user's data
 * folder (core/base/data.h). VS_ERR_IO tells the command that fetches it. */
vs_status vs_weights_imagenet_path(char *path, size_t size);

/* The word, "builtin" or "imagenet", for the network of this digest or in the file of this sha256;
 * NULL: it has none. */
const char *vs_weights_known_name(const char *hex);

/* How a picture is prepared: input[c] = rgb[source[c]] * scale[c] + offset[c], for RGB in 0..1. */
typedef struct vs_preprocess {
  int source[3];
  float scale[3], offset[3];
} vs_preprocess;

vs_preprocess vs_weights_family_preprocess(vs_family family);

#endif
