/* weights_zip.h - members of a zip file in memory, for the readers of checkpoints and arrays that
 * are zip files (weights_torch.c, weights_npz.c). By libzip, which no other file includes.
 *
 * An archive of strangers: names and sizes are what it says, so a member is read only up to a size
 * that the caller allows, and only whole, when its CRC has been compared. */
#ifndef VS_CORE_VGG_WEIGHTS_ZIP_H
#define VS_CORE_VGG_WEIGHTS_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

typedef struct vs_weights_zip vs_weights_zip;

/* Opens the archive in `data`, which outlives it. VS_ERR_FORMAT if it is none, or damaged. */
vs_status vs_weights_zip_open(vs_weights_zip **out, const void *data, size_t size);
void vs_weights_zip_close(vs_weights_zip *archive); /* fine on NULL */

/* Number of members, and the name of one, as its bytes are; NULL: it has none that can be read. */
size_t vs_weights_zip_count(const vs_weights_zip *archive);
const char *vs_weights_zip_name(const vs_weights_zip *archive, size_t member);

/* The member of this name; -1: none. */
int64_t vs_weights_zip_find(const vs_weights_zip *archive, const char *name);

/* Whether a member lies in the file as it is, neither compressed nor encrypted. */
bool vs_weights_zip_is_stored(const vs_weights_zip *archive, size_t member);

/* Reads a member of at most `limit` bytes. *content is freed by the caller, and NULL on failure.
 * VS_ERR_FORMAT: damaged; VS_ERR_LIMIT: larger, found before anything is allocated. Messages name
 * the member. */
vs_status vs_weights_zip_read(const vs_weights_zip *archive, size_t member, uint64_t limit,
                              unsigned char **content, uint64_t *size);

#endif
