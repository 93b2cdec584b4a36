/* sha256.c - digests by OpenSSL's libcrypto, which no other file includes. */
#include "core/base/sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static vs_status finish(EVP_MD_CTX *context, char hex[VS_SHA256_HEX]) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (!EVP_DigestFinal_ex(context, digest, &length) || length != 32)
    return vs_fail(VS_ERR_INTERNAL, "OpenSSL gave no SHA-256");
  for (unsigned i = 0; i < length; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
  return VS_OK;
}

static EVP_MD_CTX *start(void) {
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context != NULL && !EVP_DigestInit_ex(context, EVP_sha256(), NULL)) {
    EVP_MD_CTX_free(context);
    context = NULL;
  }
  return context;
}

vs_status vs_sha256(const void *data, size_t size, char hex[VS_SHA256_HEX]) {
  return vs_sha256_pieces(&(vs_sha256_piece){data, size}, 1, hex);
}

vs_status vs_sha256_pieces(const vs_sha256_piece *pieces, size_t count, char hex[VS_SHA256_HEX]) {
  EVP_MD_CTX *context = start();
  if (context == NULL) return vs_fail(VS_ERR_MEMORY, "OpenSSL cannot start a SHA-256");
  bool is_good = true;
  for (size_t i = 0; is_good && i < count; i++)
    is_good = EVP_DigestUpdate(context, pieces[i].data, pieces[i].size);
  vs_status status =
      is_good ? finish(context, hex) : vs_fail(VS_ERR_INTERNAL, "OpenSSL gave no SHA-256");
  EVP_MD_CTX_free(context);
  return status;
}

vs_status vs_sha256_file(const char *path, char hex[VS_SHA256_HEX]) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) return vs_fail(VS_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
  vs_status status = VS_OK;
  EVP_MD_CTX *context = start();
  if (context == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "OpenSSL cannot start a SHA-256");
    goto done;
  }
  unsigned char piece[1 << 16];
  size_t got;
  do {
    got = fread(piece, 1, sizeof piece, file);
    if (!EVP_DigestUpdate(context, piece, got)) {
      status = vs_fail(VS_ERR_INTERNAL, "OpenSSL gave no SHA-256");
      goto done;
    }
  } while (got == sizeof piece);
  if (ferror(file)) {
    status = vs_fail(VS_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
    goto done;
  }
  status = finish(context, hex);
done:
  EVP_MD_CTX_free(context);
  fclose(file);
  return status;
}
