/* weights_format.c - which kind of file it is, by its first bytes, and which reader it goes to.
 * Behind weights_readers.h. */
#include <string.h>

#include "core/vgg/weights_readers.h"

const char *vs_weights_format_name(vs_weights_format format) {
  static const char *const names[] = {[VS_WEIGHTS_SAFETENSORS] = "safetensors",
                                      [VS_WEIGHTS_TORCH_ZIP] = "torch-zip",
                                      [VS_WEIGHTS_TORCH_LEGACY] = "torch-legacy",
                                      [VS_WEIGHTS_KERAS_LEGACY] = "keras-h5",
                                      [VS_WEIGHTS_KERAS3] = "keras3-h5",
                                      [VS_WEIGHTS_ONNX] = "onnx",
                                      [VS_WEIGHTS_NPZ] = "npz"};
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

/* protobuf of an ONNX model as it is usually written: field 1 (ir_version), then producer_name,
 * graph or opset_import. */
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
  static const char way_out[] =
      "convert it to .safetensors, .pth (a state_dict), Keras .h5, .onnx or .npz";
  for (size_t i = 0; i < sizeof foreign_formats / sizeof foreign_formats[0]; i++) {
    const foreign_format *foreign = &foreign_formats[i];
    if (has_bytes(file, foreign->at, foreign->bytes, strlen(foreign->bytes)))
      return vs_fail(VS_ERR_FORMAT, "%s", foreign->message);
  }
  if (is_caffe(file))
    return vs_fail(VS_ERR_FORMAT, "a Caffe model, which is not read: %s", way_out);
  return vs_fail(VS_ERR_FORMAT,
                 "not a weight file of a known kind (safetensors, torch, Keras, ONNX, "
                 "npz), or damaged at its beginning");
}

vs_status vs_weights_format_read(const vs_weights_file *file, vs_weights_raw *raw,
                                 vs_weights_format *format) {
  if (is_torch_legacy(file)) {
    *format = VS_WEIGHTS_TORCH_LEGACY;
    return vs_weights_torch_read_legacy(file, raw);
  }
  if (has_bytes(file, 0, "PK\x03\x04", 4) && vs_weights_npz_is(file)) {
    *format = VS_WEIGHTS_NPZ;
    return vs_weights_npz_read(file, raw);
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
  if (is_onnx(file)) {
    *format = VS_WEIGHTS_ONNX;
    return vs_weights_onnx_read(file, raw);
  }
  return refuse_format(file);
}
