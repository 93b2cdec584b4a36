/* weights_digest.c - a network's digest, and small files that remember it. */
#include "core/vgg/weights_digest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/file.h"
#include "core/vgg/weights_cache.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "floats are digested as they lie");

vs_status vs_weights_digest(float *const kernels[VS_VGG_CONVS], float *const biases[VS_VGG_CONVS],
                            char hex[VS_SHA256_HEX]) {
  vs_sha256_piece pieces[2 * VS_VGG_CONVS];
  for (int conv = 0; conv < VS_VGG_CONVS; conv++) {
    const size_t in = (size_t)vs_vgg16_in_channels(conv),
                 out = (size_t)vs_vgg16_tap(vs_vgg16_tap_of_conv(conv))->channels;
    pieces[conv] = (vs_sha256_piece){kernels[conv], 9 * in * out * sizeof(float)};
    pieces[VS_VGG_CONVS + conv] = (vs_sha256_piece){biases[conv], out * sizeof(float)};
  }
  return vs_sha256_pieces(pieces, 2 * VS_VGG_CONVS, hex);
}

/* --- remembered names ------------------------------------------------------------------------- */

enum { RECORD_BYTES = 512, SETTLED_S = 2 /* the coarsest clock of a file system, that of FAT */ };

/* What is remembered, as text: the file's identity, then its names. */
static void print_record(char record[RECORD_BYTES], const struct stat *file,
                         const vs_weights_names *names) {
  snprintf(record, RECORD_BYTES,
           "vggsweep names 1\ndevice %llu inode %llu bytes %lld modified %lld.%09ld changed "
           "%lld.%09ld\nsha256 %s\ndigest %s\n",
           (unsigned long long)file->st_dev, (unsigned long long)file->st_ino,
           (long long)file->st_size, (long long)file->st_mtim.tv_sec, file->st_mtim.tv_nsec,
           (long long)file->st_ctim.tv_sec, file->st_ctim.tv_nsec, names->sha256, names->digest);
}

/* One file for each identity. */
static vs_status find_record(const struct stat *file, char *path, size_t size) {
  char folder[PATH_MAX], identity[RECORD_BYTES], hex[VS_SHA256_HEX], name[VS_SHA256_HEX + 8];
  print_record(identity, file, &(vs_weights_names){.sha256 = ""});
  vs_status status = vs_sha256(identity, strlen(identity), hex);
  snprintf(name, sizeof name, "%.32s.names", hex);
  if (status == VS_OK) status = vs_weights_cache_folder(folder, sizeof folder);
  if (status == VS_OK) status = vs_file_join(path, size, folder, name);
  return status;
}

static bool is_hex(const char *text) {
  return strlen(text) == VS_SHA256_HEX - 1 && text[strspn(text, "0123456789abcdef")] == '\0';
}

bool vs_weights_digest_recall(const struct stat *file, vs_weights_names *names) {
  char path[PATH_MAX], expected[RECORD_BYTES], *text = NULL;
  size_t size;
  *names = (vs_weights_names){0};
  if (find_record(file, path, sizeof path) != VS_OK || !vs_file_exists(path) ||
      vs_file_read(path, RECORD_BYTES, &text, &size) != VS_OK)
    return false;
  const char *found = strstr(text, "\nsha256 ");
  bool is_whole = found != NULL &&
                  sscanf(found, "\nsha256 %64s\ndigest %64s\n", names->sha256, names->digest) == 2;
  print_record(expected, file, names);
  is_whole =
      is_whole && is_hex(names->sha256) && is_hex(names->digest) && strcmp(text, expected) == 0;
  free(text);
  if (!is_whole) *names = (vs_weights_names){0};
  return is_whole;
}

void vs_weights_digest_remember(const struct stat *file, const vs_weights_names *names) {
  char path[PATH_MAX], folder[PATH_MAX], record[RECORD_BYTES];
  const time_t last =
      file->st_mtim.tv_sec > file->st_ctim.tv_sec ? file->st_mtim.tv_sec : file->st_ctim.tv_sec;
  if (time(NULL) <= last + SETTLED_S) return;
  print_record(record, file, names);
  if (vs_weights_cache_folder(folder, sizeof folder) == VS_OK &&
      vs_file_make_folder(folder) == VS_OK && find_record(file, path, sizeof path) == VS_OK)
    (void)vs_file_write_unsynced(path, record, strlen(record));
}
