/* weights.c - a weight file found by its name, read, known by its content, and prepared for the
 * convolutions. */
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
#include "core/vgg/weights_digest.h"
#include "core/vgg/weights_internal.h"

static const char builtin_file[] = "weights/vgg16-textures.safetensors";
static const char imagenet_file[] = "weights/vgg16-imagenet.safetensors";

/* --- the family ------------------------------------------------------------------------------- */

/* Keras took its numbers over from Caffe, with the weights: who says one means the other too. */
static bool contradicts(vs_family given, vs_family sure) {
  const bool is_either = (given == VS_FAMILY_KERAS && sure == VS_FAMILY_CAFFE) ||
                         (given == VS_FAMILY_CAFFE && sure == VS_FAMILY_KERAS);
  return given != VS_FAMILY_UNKNOWN && sure != VS_FAMILY_UNKNOWN && given != sure && !is_either;
}

static vs_family first_known(vs_family a, vs_family b, vs_family c) {
  return a != VS_FAMILY_UNKNOWN ? a : b != VS_FAMILY_UNKNOWN ? b : c;
}

/* Decides the families from what is known of the content, what the file says, and what the user
 * says. A Keras layout only suggests: any numbers can be saved from Keras, so the user may
 * differ. */
static vs_status decide_family(vs_weights *weights, const char *path, vs_family told,
                               vs_family given) {
  const vs_weights_known *network = vs_weights_known_network(weights->digest),
                         *file = vs_weights_known_file(weights->sha256);
  const vs_weights_known *known = network != NULL ? network : file;
  const bool is_keras =
      weights->format == VS_WEIGHTS_KERAS_LEGACY || weights->format == VS_WEIGHTS_KERAS3;
  const vs_family suggested = is_keras ? VS_FAMILY_KERAS : VS_FAMILY_UNKNOWN;
  const vs_family sure = known != NULL ? known->family : told;
  if (contradicts(given, sure))
    return vs_fail(
        VS_ERR_USAGE,
        "these weights want pictures prepared as for family %s, not %s: leave the family out",
        vs_weights_family_name(sure), vs_weights_family_name(given));
  weights->family = network != NULL ? network->family : first_known(given, sure, suggested);
  if (weights->family == VS_FAMILY_UNKNOWN)
    return vs_fail(VS_ERR_USAGE,
                   "the file does not tell how pictures are prepared for it (sha256 %s is not a "
                   "known file): name its family, `weights: {file: %s, family: "
                   "torchvision|keras|caffe|amdegroot}` in the sweep, or --family on the command "
                   "line",
                   weights->sha256, path);
  const vs_family by_file = file != NULL ? file->family : told;
  weights->file_family = first_known(given, by_file, suggested);
  if (weights->file_family == VS_FAMILY_UNKNOWN) weights->file_family = weights->family;
  if (known != NULL)
    weights->attribution = known->attribution;
  else if (is_keras)
    weights->attribution = vs_weights_known_attribution(weights->family);
  return VS_OK;
}

/* --- loading ---------------------------------------------------------------------------------- */

/* Maps a file. Mapped, not read: of torchvision's 528 MB only 59 are needed, beside one pass for
 * the digest. Weights that someone truncates in these moments end the program, as they should. */
static vs_status map_file(const char *path, vs_weights_file *file, struct stat *identity) {
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
  *identity = info;
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
static vs_status prepare(vs_weights *weights, vs_weights_raw *raw, int last_conv) {
  bool shares = true;
  for (int conv = 0; conv <= last_conv; conv++) {
    vs_status status = prepare_conv(weights, conv, raw->kernel[conv], raw->bias[conv], &shares);
    if (status != VS_OK) return status;
    free(raw->kernel[conv]);
    raw->kernel[conv] = NULL;
  }
  return VS_OK;
}

/* The names of a file that was read whole, of `raw`. */
static vs_status name_file(const vs_weights_file *file, const struct stat *identity,
                           const vs_weights_raw *raw, vs_weights_names *names) {
  vs_status status = vs_sha256(file->data, file->size, names->sha256);
  if (status == VS_OK) status = vs_weights_digest(raw->kernel, raw->bias, names->digest);
  if (status == VS_OK) vs_weights_digest_remember(identity, names);
  return status;
}

static vs_status read_file(const char *path, vs_family given, vs_weights *weights,
                           vs_weights_raw *raw) {
  vs_weights_file file;
  struct stat identity;
  vs_weights_names names;
  vs_status status = map_file(path, &file, &identity);
  if (status != VS_OK) return status;
  const bool is_known = vs_weights_digest_recall(&identity, &names);
  if (!is_known) raw->last_conv = VS_VGG_CONVS - 1; /* all of it has a part in the digest */
  status = vs_weights_format_read(&file, raw, &weights->format);
  if (status == VS_OK) status = vs_weights_raw_check(raw);
  if (status == VS_OK && !is_known) status = name_file(&file, &identity, raw, &names);
  if (status == VS_OK) {
    memcpy(weights->sha256, names.sha256, sizeof weights->sha256);
    memcpy(weights->digest, names.digest, sizeof weights->digest);
    weights->is_hwio = raw->is_hwio;
    status = decide_family(weights, path, raw->family, given);
  }
  unmap_file(&file);
  return status;
}

/* Where the weights of a name are: `path` has PATH_MAX bytes. */
static vs_status find_file(const char *name, char *path) {
  if (strcmp(name, "builtin") == 0) return vs_weights_builtin_path(path, PATH_MAX);
  if (strcmp(name, "imagenet") == 0) return vs_weights_imagenet_path(path, PATH_MAX);
  if (strlen(name) >= PATH_MAX) return vs_fail(VS_ERR_IO, "%s: the path is too long", name);
  memcpy(path, name, strlen(name) + 1);
  return VS_OK;
}

/* `imagenet` is one network: the file in its place must hold it. */
static vs_status check_name(const char *name, const vs_weights *weights) {
  const char *known = vs_weights_known_name(weights->digest);
  if (strcmp(name, "imagenet") != 0 || (known != NULL && strcmp(known, name) == 0)) return VS_OK;
  return vs_fail(VS_ERR_FORMAT,
                 "is not ImageNet's VGG16 as Oxford published it (its digest is "
                 "%.16s...): remove it, and run scripts/fetch-weights.sh",
                 weights->digest);
}

vs_status vs_weights_read(const char *name, vs_family family, vs_weights *weights,
                          vs_weights_raw *raw) {
  char path[PATH_MAX];
  vs_status status = find_file(name, path);
  if (status != VS_OK) return status;
  status = read_file(path, family, weights, raw);
  if (status == VS_OK) status = check_name(name, weights);
  return vs_status_context(status, "%s", path);
}

/* A path that means the same from everywhere; a word as it is. */
static void note_file(vs_weights *weights, const char *name) {
  char path[PATH_MAX];
  const bool is_word = strcmp(name, "builtin") == 0 || strcmp(name, "imagenet") == 0;
  const char *file = !is_word && realpath(name, path) != NULL ? path : name;
  snprintf(weights->file, sizeof weights->file, "%s", file);
}

vs_status vs_weights_load(vs_weights *weights, const char *name, vs_family family, int last_conv) {
  assert(last_conv >= 0 && last_conv < VS_VGG_CONVS);
  vs_weights_raw raw = {.last_conv = last_conv};
  *weights = (vs_weights){0};
  vs_status status = vs_weights_read(name, family, weights, &raw);
  if (status == VS_OK) status = prepare(weights, &raw, last_conv);
  vs_weights_raw_clear(&raw);
  if (status == VS_OK) note_file(weights, name);
  if (status != VS_OK) vs_weights_clear(weights);
  return status;
}

vs_status vs_weights_about(vs_weights *about, const char *name, vs_family family) {
  vs_weights_raw raw = {.last_conv = VS_VGG_CONVS - 1};
  *about = (vs_weights){0};
  vs_status status = vs_weights_read(name, family, about, &raw);
  vs_weights_raw_clear(&raw);
  return status;
}

void vs_weights_clear(vs_weights *weights) {
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    vs_conv_weights_clear(&weights->conv[conv]);
    vs_weights_cache_unmap(&weights->cached[conv]);
  }
  *weights = (vs_weights){0};
}

/* --- where the named files are ---------------------------------------------------------------- */

vs_status vs_weights_builtin_path(char *path, size_t size) {
  vs_status status = vs_data_find(path, size, builtin_file);
  return vs_status_context(status, "the builtin weights");
}

vs_status vs_weights_imagenet_path(char *path, size_t size) {
  char own[PATH_MAX];
  if (vs_data_find(path, size, imagenet_file) == VS_OK) return VS_OK;
  vs_status status = vs_data_of_user(own, sizeof own, imagenet_file);
  if (status == VS_OK && vs_file_exists(own)) return vs_data_of_user(path, size, imagenet_file);
  return vs_fail(
      VS_ERR_IO,
      "ImageNet's VGG16 is not on this machine (no %s): scripts/fetch-weights.sh (installed: "
      "vggsweep-fetch-weights) finds or fetches it; `builtin` needs no file",
      status == VS_OK ? own : imagenet_file);
}
