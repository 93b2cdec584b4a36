/* sha256.h - SHA-256 (FIPS 180-4, computed by OpenSSL), to name contents: weights, sweeps, runs. */
#ifndef VS_CORE_BASE_SHA256_H
#define VS_CORE_BASE_SHA256_H

#include <stddef.h>

#include "core/base/status.h"

#define VS_SHA256_HEX 65 /* 64 lower-case hex digits and a zero */

/* The digest of `size` bytes, as text. */
vs_status vs_sha256(const void *data, size_t size, char hex[VS_SHA256_HEX]);

/* The digest of several pieces, one after the other. */
typedef struct vs_sha256_piece {
  const void *data;
  size_t size;
} vs_sha256_piece;
vs_status vs_sha256_pieces(const vs_sha256_piece *pieces, size_t count, char hex[VS_SHA256_HEX]);

/* The digest of a file's content, read in pieces. VS_ERR_IO names the file. */
vs_status vs_sha256_file(const char *path, char hex[VS_SHA256_HEX]);

#endif
