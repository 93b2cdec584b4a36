/* file.h - whole files in, whole files out.
 *
 * What is written appears under its name only when it is complete and on the disk: the content goes
 * to "<path>.part" beside it, is synced, and renamed over the name; then the folder is synced.
 * Readers see the old content or the new, never a piece (rename(2) is atomic within a file
 * system). */
#ifndef VS_CORE_BASE_FILE_H
#define VS_CORE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

/* Reads a whole file. *data is allocated (one zero byte follows the content, not counted in *size)
 * and freed by the caller with free(). VS_ERR_LIMIT if it is larger than `limit_bytes`, found
 * before anything is allocated; folders and devices are refused. Messages name the path. */
vs_status vs_file_read(const char *path, size_t limit_bytes, char **data, size_t *size);

/* Writes `size` bytes durably and atomically, as described above. */
vs_status vs_file_write(const char *path, const void *data, size_t size);

/* The same at once, for what can be made anew: after a crash the file may be damaged. */
vs_status vs_file_write_unsynced(const char *path, const void *data, size_t size);

/* Whether a file's name ends so, with something before it. */
bool vs_file_ends_in(const char *name, const char *ending);

/* "<path>.part", the name under which a file is written; VS_ERR_LIMIT if it does not fit. */
vs_status vs_file_part(char *part, size_t part_size, const char *path);

/* Makes what another library wrote to `part` durable and gives it the name `path`: fsync, rename,
 * fsync of the folder. On failure `part` is left for inspection. A `path` that is there and no
 * regular file (a folder, a device, a pipe) is refused. */
vs_status vs_file_publish(const char *part, const char *path);

/* Creates a folder and its parents; fine if it exists. VS_ERR_IO names the part that failed. */
vs_status vs_file_make_folder(const char *path);

bool vs_file_exists(const char *path); /* false too where it cannot be told */

/* Whether there is something at `path`. Absent is only what the system says is not there:
 * VS_ERR_IO, which names it, where a disk errs or a folder may not be searched. */
vs_status vs_file_find(const char *path, bool *is_there);

/* Whether both paths lead to one file that is there, or are the same text. */
bool vs_file_is_same(const char *path, const char *other);

/* Whether `path` may be replaced by a file that begins with this signature: it is not there, empty,
 * or begins so itself. VS_ERR_USAGE otherwise: an output option was given the name of an input. */
vs_status vs_file_check_kind(const char *path, const void *signature, size_t size);

/* folder/name into a buffer; VS_ERR_LIMIT if it does not fit. */
vs_status vs_file_join(char *out, size_t out_size, const char *folder, const char *name);

#endif
