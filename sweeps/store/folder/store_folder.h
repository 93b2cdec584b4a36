/* store_folder.h - the parts of an open results folder that know nothing of sweep files: what
 * store.h promises, in terms of headers and records. Used by store_*.c and their tests. */
#ifndef VS_SWEEPS_STORE_FOLDER_STORE_FOLDER_H
#define VS_SWEEPS_STORE_FOLDER_STORE_FOLDER_H

#include "sweeps/store/folder/scan.h"
#include "sweeps/store/store.h"

struct vs_store {
  char folder[PATH_MAX];
  char segments[PATH_MAX];
  vs_header header;      /* of the manifest */
  const vs_sweep *sweep; /* not owned; NULL in a store opened by a header */
  int lock;              /* of rank 0, else -1 */
  char host[VS_HOST];
  uint64_t opened_ns; /* with host, process and counter: a name that no other file ever had */
  unsigned counter;
  char *small[VS_SEGMENT_RUNS]; /* paths of own segments with one run; owned */
  size_t small_count;
};

/* vs_store_create, _join and _check by a header; `created` is that of the manifest if there is one.
 */
vs_status vs_store_folder_create(vs_store **out, const char *folder, const vs_header *header);
vs_status vs_store_folder_join(vs_store **out, const char *folder, const vs_header *header);
vs_status vs_store_folder_check(const char *folder, const vs_header *header);

/* vs_store_add of a record; record->row is complete. */
vs_status vs_store_add_record(vs_store *store, const vs_record *record);

/* Takes the lock of an existing folder; *lock is released with vs_lock_release. VS_ERR_USAGE if
 * another job holds it. Where the file system cannot lock, *lock is taken with a warning. */
vs_status vs_lock_take(const char *folder, int *lock);
void vs_lock_release(int *lock); /* fine on -1 */

/* Removes what killed writers left; the caller holds the lock. */
void vs_store_folder_remove_parts(const char *folder);

#endif
