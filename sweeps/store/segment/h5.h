/* h5.h - what the store needs of HDF5 over and over: errors as messages, attributes, and
 * how a file is opened. Internal to the store.
 *
 * Handles are HDF5's hid_t under a name of ours. Functions that fail record HDF5's own innermost
 * message; the caller puts the file's name before it. HDF5 (as most systems build it) knows no
 * threads: one thread of a process uses the store. */
#ifndef VS_SWEEPS_STORE_SEGMENT_H5_H
#define VS_SWEEPS_STORE_SEGMENT_H5_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

typedef int64_t vs_h5; /* hid_t */
#define VS_H5_NONE INT64_C(-1)

/* Stops HDF5 from printing. Cheap; every way into the store calls it. */
void vs_h5_quiet(void);

/* Records "cannot <what>: <HDF5's innermost message>" and returns `status`. To be called right
 * after the failing call: the next call to HDF5 wipes its messages. */
vs_status vs_h5_fail(vs_status status, const char *what);

/* How files are opened: without locks of HDF5's own (only complete files are ever read, and some
 * file systems of clusters cannot lock), closing all that hangs on them. With a `cache_bytes` for
 * the chunks of each array. To be closed with vs_h5_close; VS_H5_NONE if HDF5 fails. */
vs_h5 vs_h5_access(size_t cache_bytes);

/* Closes a handle of any kind but a file and sets it to VS_H5_NONE; fine on VS_H5_NONE. For what
 * was read, or is thrown away. */
void vs_h5_close(vs_h5 *handle);

/* The same of what was written: data that HDF5 still held go to the file here, and VS_ERR_IO says
 * that they could not. Closing the file afterwards would succeed without them. */
vs_status vs_h5_finish(vs_h5 *handle, const char *what);

/* A type of texts of so many bytes, zero-terminated, ASCII or UTF-8; of 0: of any length.
 * VS_H5_NONE if HDF5 fails. */
vs_h5 vs_h5_text_type(size_t bytes, bool is_utf8);

/* Attributes. Texts are UTF-8 of any length (they become str in h5py); marks are the fixed-length
 * null-terminated ASCII that the specifications of images and tables ask for. Of texts there are
 * `count` in a list, or for 0 a single one. */
vs_status vs_h5_write_text(vs_h5 object, const char *name, const char *text);
vs_status vs_h5_write_texts(vs_h5 object, const char *name, const char *const *texts, size_t count);
vs_status vs_h5_write_mark(vs_h5 object, const char *name, const char *mark);
vs_status vs_h5_write_number(vs_h5 object, const char *name, uint64_t number);

/* *text is freed with free(). VS_ERR_FORMAT if there is no such attribute of this type. */
vs_status vs_h5_read_text(vs_h5 object, const char *name, char **text);
vs_status vs_h5_read_number(vs_h5 object, const char *name, uint64_t *number);

#endif
