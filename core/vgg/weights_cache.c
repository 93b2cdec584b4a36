/* weights_cache.c - files of prepared weights: named by content, checked by a digest, made once
 * under a lock, and mapped. */
#include "core/vgg/weights_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "core/base/arena.h"
#include "core/base/file.h"

/* To be raised whenever blocks are laid out in another way under the same name of a layout, or
 * named in another way. */
#define CACHE_VERSION 2

/* The first page of a file: without holes and zero beyond, so that it can be compared
 * whole. */
typedef struct cache_header {
  char magic[16];
  uint32_t version, byte_order; /* 1 in the order of whoever wrote it */
  int32_t in_channels, out_channels;
  char layout[16];
  char weights[72];    /* digests of the plain weights and of the biases, in hex */
  XXH128_hash_t block; /* digest of the block */
} cache_header;
_Static_assert(sizeof(cache_header) == 136, "a header has no holes");

enum { HEADER_BYTES = 4096 }; /* a page: the block behind it can be mapped, aligned */
static const char magic[] = "vggsweep cache";

typedef struct cache_entry {
  char path[PATH_MAX];
  cache_header header; /* as it should be; its digest of the block is still empty */
  int in_channels, out_channels;
  size_t bytes; /* of the file */
} cache_entry;

/* --- names ------------------------------------------------------------------------------------ */

vs_status vs_weights_cache_folder(char *folder, size_t size) {
  const char *named = getenv("VGGSWEEP_CACHE"), *cache = getenv("XDG_CACHE_HOME");
  const char *home = getenv("HOME");
  if (named != NULL && strcmp(named, "off") == 0)
    return vs_fail(VS_ERR_IO, "VGGSWEEP_CACHE is off");
  if (named != NULL && named[0] != '\0') {
    if (strlen(named) >= size) return vs_fail(VS_ERR_IO, "VGGSWEEP_CACHE is too long");
    memcpy(folder, named, strlen(named) + 1);
    return VS_OK;
  }
  if (cache != NULL && cache[0] == '/') return vs_file_join(folder, size, cache, "vggsweep");
  if (home != NULL && home[0] == '/') return vs_file_join(folder, size, home, ".cache/vggsweep");
  return vs_fail(VS_ERR_IO, "neither VGGSWEEP_CACHE, XDG_CACHE_HOME nor HOME names a folder");
}

/* Names weights by their content. Against chance, not malice: weights made to collide would be
 * weights that the user has loaded himself. */
static void name_weights(char *name, size_t size, const float *w, size_t w_count, const float *bias,
                         size_t bias_count) {
  const XXH128_hash_t kernels = XXH3_128bits(w, w_count * sizeof *w);
  const XXH128_hash_t biases = XXH3_128bits(bias, bias_count * sizeof *bias);
  snprintf(name, size, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
           (uint64_t)kernels.high64, (uint64_t)kernels.low64, (uint64_t)biases.high64,
           (uint64_t)biases.low64);
}

static vs_status describe(cache_entry *entry, int in_channels, int out_channels, const float *w,
                          const float *bias) {
  *entry = (cache_entry){.in_channels = in_channels, .out_channels = out_channels};
  entry->bytes = HEADER_BYTES + vs_conv_block_floats(in_channels, out_channels) * sizeof(float);
  cache_header *header = &entry->header;
  header->version = CACHE_VERSION;
  header->byte_order = 1;
  header->in_channels = in_channels;
  header->out_channels = out_channels;
  memcpy(header->magic, magic, sizeof magic);
  snprintf(header->layout, sizeof header->layout, "%s", vs_conv_block_layout());
  const size_t pairs = (size_t)in_channels * (size_t)out_channels;
  name_weights(header->weights, sizeof header->weights, w, 9 * pairs, bias, (size_t)out_channels);

  char folder[PATH_MAX], name[sizeof header->weights + sizeof header->layout];
  snprintf(name, sizeof name, "%s.%s", header->weights, header->layout);
  vs_status status = vs_weights_cache_folder(folder, sizeof folder);
  if (status == VS_OK) status = vs_file_make_folder(folder);
  if (status == VS_OK) status = vs_file_join(entry->path, sizeof entry->path, folder, name);
  return status;
}

/* --- reading ---------------------------------------------------------------------------------- */

static const float *block_in(const void *file) {
  return (const float *)(const void *)((const char *)file + HEADER_BYTES);
}

/* Against damage, not malice, and fast: it is asked of all blocks at every start. */
static XXH128_hash_t digest_block(const cache_entry *entry, const void *file) {
  return XXH3_128bits(block_in(file), entry->bytes - HEADER_BYTES);
}

/* Whether a mapped file is what the entry describes, to the last bit. */
static bool is_whole(const cache_entry *entry, const void *file) {
  char page[HEADER_BYTES] = {0};
  cache_header expected = entry->header;
  expected.block = digest_block(entry, file);
  memcpy(page, &expected, sizeof expected);
  return memcmp(file, page, sizeof page) == 0;
}

/* Maps a file that is there and whole; false, and nothing mapped, if there is none. */
static bool map_whole(const cache_entry *entry, vs_cached_block *cached) {
  /* without waiting for whoever might write into a pipe of that name */
  const int descriptor = open(entry->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return false;
  struct stat info;
  void *data = MAP_FAILED;
  if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) &&
      (size_t)info.st_size == entry->bytes)
    data = mmap(NULL, entry->bytes, PROT_READ, MAP_SHARED | MAP_POPULATE, descriptor, 0);
  close(descriptor);
  if (data == MAP_FAILED) return false;
  *cached = (vs_cached_block){.data = data, .bytes = entry->bytes};
  if (is_whole(entry, data)) return true;
  vs_weights_cache_unmap(cached);
  return false;
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Written in one piece, not through a mapping: a file system that can then keeps it in large pages,
 * and products that read weights from memory are up to 6% faster. Not synced: what a crash leaves
 * of it does not pass for whole. */
static vs_status make_file(const cache_entry *entry, const float *w, const float *bias) {
  void *file = aligned_alloc(VS_ARENA_ALIGNMENT, entry->bytes);
  if (file == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to prepare %s", entry->path);
  vs_conv_block_fill((float *)block_in(file), entry->in_channels, entry->out_channels, w, bias);
  cache_header header = entry->header;
  header.block = digest_block(entry, file);
  memset(file, 0, HEADER_BYTES);
  memcpy(file, &header, sizeof header);
  vs_status status = vs_file_write_unsynced(entry->path, file, entry->bytes);
  free(file);
  return status;
}

/* Held while a file is made, so that others wait and find it. Its file stays. */
static vs_status lock_entry(const cache_entry *entry, int *lock) {
  char path[PATH_MAX];
  if ((size_t)snprintf(path, sizeof path, "%s.lock", entry->path) >= sizeof path)
    return vs_fail(VS_ERR_IO, "%s: the path is too long", entry->path);
  *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (*lock < 0) return vs_fail(VS_ERR_IO, "%s: %s", path, strerror(errno));
  while (flock(*lock, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int problem = errno;
    close(*lock);
    return vs_fail(VS_ERR_IO, "%s: cannot lock: %s", path, strerror(problem));
  }
  return VS_OK;
}

vs_status vs_weights_cache_map(vs_cached_block *cached, int in_channels, int out_channels,
                               const float *w, const float *bias, vs_conv_weights *weights) {
  *cached = (vs_cached_block){0};
  cache_entry entry;
  vs_status status = describe(&entry, in_channels, out_channels, w, bias);
  if (status != VS_OK) return status;
  if (!map_whole(&entry, cached)) {
    int lock;
    status = lock_entry(&entry, &lock);
    if (status != VS_OK) return status;
    if (!map_whole(&entry, cached)) {
      status = make_file(&entry, w, bias);
      if (status == VS_OK && !map_whole(&entry, cached))
        status = vs_fail(VS_ERR_IO, "%s: is not as it was written", entry.path);
    }
    close(lock);
    if (status != VS_OK) return status;
  }
  *weights = vs_conv_weights_in(block_in(cached->data), in_channels, out_channels);
  return VS_OK;
}

void vs_weights_cache_unmap(vs_cached_block *cached) {
  if (cached->data != NULL) munmap(cached->data, cached->bytes);
  *cached = (vs_cached_block){0};
}
