/* weights.c - a weight file opened, told by its content, handed to the reader of its format, and
 * prepared for the convolutions. */
#include "core/vgg/weights.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/data.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/vgg/weights_readers.h"

static const char builtin_file[] = "weights/vgg16-textures.safetensors";

/* --- files that are known by their content ---------------------------------------------------- */

typedef struct known_file {
  const char *sha256; /* or its first 8 digits, which torch.hub puts into file names and checks */
  vs_family family;
  const char *attribution;
} known_file;

static const char oxford[] =
    "VGG16 by K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, CC BY 4.0 "
    "(arXiv:1409.1556)";

static const known_file known_files[] = {
    {"bc4d52f055d4736ab0cf1de38d61ce18717ab8ecf720988489979dfcb0c6db1e", VS_FAMILY_TORCHVISION,
     NULL}, /* our builtin weights */
    {"397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0", VS_FAMILY_TORCHVISION,
     "VGG16 by torchvision, BSD 3-Clause (arXiv:1409.1556)"},
    {"88682ab5", VS_FAMILY_AMDEGROOT, oxford}, /* vgg16_features-amdegroot-88682ab5.pth */
    {"00b39a1b", VS_FAMILY_CAFFE, oxford},     /* vgg16-00b39a1b.pth */
};

static const known_file *find_known(const char *sha256) {
  for (size_t i = 0; i < sizeof known_files / sizeof known_files[0]; i++)
    if (strncmp(known_files[i].sha256, sha256, strlen(known_files[i].sha256)) == 0)
      return &known_files[i];
  return NULL;
}

/* --- formats ---------------------------------------------------------------------------------- */

const char *vs_weights_format_name(vs_weights_format format) {
  static const char *const names[] = {[VS_WEIGHTS_SAFETENSORS] = "safetensors",
                                      [VS_WEIGHTS_TORCH_ZIP] = "torch-zip",
                                      [VS_WEIGHTS_TORCH_LEGACY] = "torch-legacy",
                                      [VS_WEIGHTS_KERAS_LEGACY] = "keras-h5",
                                      [VS_WEIGHTS_KERAS3] = "keras3-h5"};
  return names[format];
}

static bool has_bytes(const vs_weights_file *file, size_t at, const char *bytes, size_t count) {
  return at <= file->size && file->size - at >= count && memcmp(file->data + at, bytes, count) == 0;
}

/* HDF5 allows a foreign block before its signature, of 512 bytes or a power of 2 times that. */
static bool is_hdf5(const vs_weights_file *file) {
  for (size_t at = 0; at < file->size && at <= ((size_t)1 << 20); at = at == 0 ? 512 : 2 * at)
    if (has_bytes(file, at, "\x89HDF\r\n\x1a\n", 8)) return true;
  return false;
}

static bool is_torch_legacy(const vs_weights_file *file) {
  return has_bytes(file, 0, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19\x2e", 15);
}

/* A u64 length and a JSON object. Other files with '{' at byte 8 are text, and as a length text is
 * far beyond the format's limit of 100,000,000: its fifth to eighth bytes are not 0. */
static bool is_safetensors(const vs_weights_file *file) {
  return has_bytes(file, 8, "{", 1) && has_bytes(file, 4, "\0\0\0\0", 4);
}

static bool is_one_of(unsigned char byte, const char *bytes) {
  return byte != 0 && strchr(bytes, byte) != NULL;
}

/* protobuf of an ONNX model: field 1 (ir_version), then producer_name, graph or opset_import. */
static bool is_onnx(const vs_weights_file *file) {
  return has_bytes(file, 0, "\x08", 1) && file->size > 3 && file->data[1] > 0 &&
         file->data[1] < 32 && is_one_of(file->data[2], "\x12\x3a\x42");
}

/* protobuf of a Caffe net: field 1 (name, printable), then a layer of either kind, or an input. */
static bool is_caffe(const vs_weights_file *file) {
  if (!has_bytes(file, 0, "\x0a", 1) || file->size < 4) return false;
  size_t length = file->data[1];
  if (length >= 128 || length + 3 > file->size) return false;
  for (size_t i = 0; i < length; i++)
    if (file->data[2 + i] < ' ' || file->data[2 + i] > '~') return false;
  return is_one_of(file->data[2 + length], "\x12\x1a\xa2");
}

typedef struct foreign_format {
  size_t at;
  const char *bytes;
  const char *message;
} foreign_format;

/* What people have in hand when they have the wrong file. */
static const foreign_format foreign_formats[] = {
    {257, "ustar",
     "a torch checkpoint of before 2017 (tar): load it and save it again with a newer torch"},
    {0, "version https://git-lfs", "a Git LFS pointer, not the file itself: run git lfs pull"},
    {0, "<!DOCTYPE", "a web page, not weights: the download went wrong"},
    {0, "<!doctype", "a web page, not weights: the download went wrong"},
    {0, "<html", "a web page, not weights: the download went wrong"},
    {0, "\x1f\x8b", "compressed with gzip: unpack it first"},
    {0, "\x80",
     "a Python pickle, but not a checkpoint of torch: save the state_dict with torch.save"},
};

static vs_status refuse_format(const vs_weights_file *file) {
  static const char way_out[] = "convert it to .safetensors, .pth (a state_dict) or Keras .h5";
  for (size_t i = 0; i < sizeof foreign_formats / sizeof foreign_formats[0]; i++) {
    const foreign_format *foreign = &foreign_formats[i];
    if (has_bytes(file, foreign->at, foreign->bytes, strlen(foreign->bytes)))
      return vs_fail(VS_ERR_FORMAT, "%s", foreign->message);
  }
  if (is_onnx(file)) return vs_fail(VS_ERR_FORMAT, "an ONNX model, which is not read: %s", way_out);
  if (is_caffe(file))
    return vs_fail(VS_ERR_FORMAT, "a Caffe model, which is not read: %s", way_out);
  return vs_fail(VS_ERR_FORMAT, "not a weight file of a known kind (safetensors, torch, Keras), or "
                                "damaged at its beginning");
}

static vs_status read_any(const vs_weights_file *file, vs_weights_raw *raw,
                          vs_weights_format *format) {
  if (is_torch_legacy(file)) {
    *format = VS_WEIGHTS_TORCH_LEGACY;
    return vs_weights_torch_read_legacy(file, raw);
  }
  if (has_bytes(file, 0, "PK\x03\x04", 4)) {
    *format = VS_WEIGHTS_TORCH_ZIP;
    return vs_weights_torch_read_zip(file, raw);
  }
  if (is_hdf5(file)) {
    bool is_keras3 = false;
    vs_status status = vs_weights_keras_read(file, raw, &is_keras3);
    *format = is_keras3 ? VS_WEIGHTS_KERAS3 : VS_WEIGHTS_KERAS_LEGACY;
    return status;
  }
  if (is_safetensors(file)) {
    *format = VS_WEIGHTS_SAFETENSORS;
    return vs_weights_safetensors_read(file, raw);
  }
  return refuse_format(file);
}

/* --- the family ------------------------------------------------------------------------------- */

/* Decides weights->family from what is known of the content, what the file says, and what the user
 * says. A Keras layout only suggests: any numbers can be saved from Keras, so the user may
 * differ. */
static vs_status decide_family(vs_weights *weights, const char *path, vs_family told,
                               vs_family given) {
  const known_file *known = find_known(weights->sha256);
  vs_family sure = known != NULL ? known->family : told;
  bool is_keras =
      weights->format == VS_WEIGHTS_KERAS_LEGACY || weights->format == VS_WEIGHTS_KERAS3;
  if (sure != VS_FAMILY_UNKNOWN && given != VS_FAMILY_UNKNOWN && sure != given)
    return vs_fail(
        VS_ERR_USAGE,
        "these weights want pictures prepared as for family %s, not %s: leave the family out",
        vs_weights_family_name(sure), vs_weights_family_name(given));
  weights->family = given != VS_FAMILY_UNKNOWN ? given : sure;
  if (weights->family == VS_FAMILY_UNKNOWN && is_keras) weights->family = VS_FAMILY_KERAS;
  if (weights->family == VS_FAMILY_UNKNOWN)
    return vs_fail(VS_ERR_USAGE,
                   "the file does not tell how pictures are prepared for it (sha256 %s is not a "
                   "known file): name its family, `weights: {file: %s, family: "
                   "torchvision|keras|caffe|amdegroot}` in the sweep, or --family on the command "
                   "line",
                   weights->sha256, path);
  if (known != NULL)
    weights->attribution = known->attribution;
  else if (is_keras && weights->family == VS_FAMILY_KERAS)
    weights->attribution = oxford;
  return VS_OK;
}

/* --- loading ---------------------------------------------------------------------------------- */

/* Maps a file. Mapped, not read: of torchvision's 528 MB only 59 are needed, beside one pass for
 * the digest. Weights that someone truncates in these moments end the program, as they should. */
static vs_status map_file(const char *path, vs_weights_file *file) {
  *file = (vs_weights_file){.path = path};
  vs_status status = VS_OK;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  struct stat info;
  if (descriptor < 0 || fstat(descriptor, &info) != 0) {
    status = vs_fail(VS_ERR_IO, "cannot open: %s", strerror(errno));
    goto done;
  }
  if (!S_ISREG(info.st_mode)) {
    status = vs_fail(VS_ERR_IO, "not a file");
    goto done;
  }
  if (info.st_size == 0) {
    status = vs_fail(VS_ERR_FORMAT, "the file is empty");
    goto done;
  }
  void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (data == MAP_FAILED) {
    status = vs_fail(VS_ERR_IO, "cannot map: %s", strerror(errno));
    goto done;
  }
  file->data = data;
  file->size = (size_t)info.st_size;
done:
  if (descriptor >= 0) close(descriptor);
  assert(status != VS_OK || file->data != NULL);
  return status;
}

static void unmap_file(vs_weights_file *file) {
  if (file->data != NULL) munmap((void *)file->data, file->size);
  *file = (vs_weights_file){0};
}

/* Weights that others can share, or else of one's own. */
static vs_status prepare_conv(vs_weights *weights, int conv, const float *kernel, const float *bias,
                              bool *shares) {
  const int in = vs_vgg16_in_channels(conv),
            out = vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels;
  if (*shares && vs_weights_cache_map(&weights->cached[conv], in, out, kernel, bias,
                                      &weights->conv[conv]) == VS_OK)
    return VS_OK;
  if (*shares)
    vs_log(VS_LOG_INFO, "prepared weights are not shared with other ranks: %s",
           vs_status_message());
  *shares = false;
  return vs_conv_weights_init(&weights->conv[conv], in, out, kernel, bias);
}

/* Prepares the tensors one convolution at a time, giving each back as soon as it is done. */
static vs_status prepare(vs_weights *weights, vs_weights_raw *raw) {
  bool shares = true;
  for (int conv = 0; conv <= raw->last_conv; conv++) {
    vs_status status = prepare_conv(weights, conv, raw->kernel[conv], raw->bias[conv], &shares);
    if (status != VS_OK) return status;
    free(raw->kernel[conv]);
    raw->kernel[conv] = NULL;
  }
  return VS_OK;
}

static vs_status load_file(vs_weights *weights, const char *path, vs_family given, int last_conv) {
  vs_weights_raw raw = {.last_conv = last_conv};
  vs_weights_file file;
  vs_status status = map_file(path, &file);
  if (status == VS_OK) status = vs_sha256(file.data, file.size, weights->sha256);
  if (status == VS_OK) status = read_any(&file, &raw, &weights->format);
  if (status == VS_OK) status = vs_weights_raw_check(&raw);
  if (status == VS_OK) status = decide_family(weights, path, raw.family, given);
  if (status == VS_OK) status = prepare(weights, &raw);
  vs_weights_raw_clear(&raw);
  unmap_file(&file);
  return vs_status_context(status, "%s", path);
}

vs_status vs_weights_load(vs_weights *weights, const char *name, vs_family family, int last_conv) {
  assert(last_conv >= 0 && last_conv < VS_VGG_CONVS);
  *weights = (vs_weights){0};
  char builtin[PATH_MAX];
  vs_status status = VS_OK;
  if (strcmp(name, "builtin") == 0) {
    status = vs_weights_builtin_path(builtin, sizeof builtin);
    name = builtin;
  }
  if (status == VS_OK) status = load_file(weights, name, family, last_conv);
  if (status != VS_OK) vs_weights_clear(weights);
  return status;
}

void vs_weights_clear(vs_weights *weights) {
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    vs_conv_weights_clear(&weights->conv[conv]);
    vs_weights_cache_unmap(&weights->cached[conv]);
  }
  *weights = (vs_weights){0};
}

/* --- where the builtin file is ---------------------------------------------------------------- */

vs_status vs_weights_builtin_path(char *path, size_t size) {
  vs_status status = vs_data_find(path, size, builtin_file);
  return vs_status_context(status, "the builtin weights");
}
