/* weights_digest.h - what a network is called, whatever file its numbers come from.
 *
 * The *digest* of VGG16 is the SHA-256 of its 13 kernels (K,C,3,3) and then its 13 biases (K), each
 * in the order of depth, as float32 in little-endian order without anything between them:
 * 58,858,752 bytes. Files in other number types are digested as what they become as float32.
 *
 * To digest all of that at every start would take longer than all else that comes before the first
 * step. So the two names of a file, its own SHA-256 and its network's digest, are remembered in the
 * cache folder (weights_cache.h), by what the file system says of it: device, inode, size, and the
 * times of its last change in nanoseconds. */
#ifndef VS_CORE_VGG_WEIGHTS_DIGEST_H
#define VS_CORE_VGG_WEIGHTS_DIGEST_H

#include <stdbool.h>
#include <sys/stat.h>

#include "core/base/sha256.h"
#include "core/vgg/vgg16.h"

/* The digest of kernels and biases, all of which are there. */
vs_status vs_weights_digest(float *const kernels[VS_VGG_CONVS], float *const biases[VS_VGG_CONVS],
                            char hex[VS_SHA256_HEX]);

typedef struct vs_weights_names {
  char sha256[VS_SHA256_HEX]; /* of the file */
  char digest[VS_SHA256_HEX]; /* of the network in it */
} vs_weights_names;

/* Whether the names of this file are remembered. */
bool vs_weights_digest_recall(const struct stat *file, vs_weights_names *names);

/* Remembers them; quietly not, where there is no cache, or where the file was changed so lately
 * that a further change might not show in its times. */
void vs_weights_digest_remember(const struct stat *file, const vs_weights_names *names);

#endif
