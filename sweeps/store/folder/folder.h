/* folder.h - a results folder before it is written into: whether it may be, and what killed writers
 * have left in it. Internal to the store. */
#ifndef VS_SWEEPS_STORE_FOLDER_FOLDER_H
#define VS_SWEEPS_STORE_FOLDER_FOLDER_H

#include "sweeps/store/segment/segment_header.h"

/* Whether results under `header` may be stored in DIR, which need not exist: vs_store_check says
 * when not. *found tells whether it has a manifest, which then is in *manifest (zeroed before). */
vs_status vs_folder_check(const char *folder, const vs_segment_header *header,
                          vs_segment_header *manifest, bool *found);

/* Whether two headers, the folder's and that of what is to be stored, are of one sweep and one set
 * of weights. VS_ERR_USAGE shows the difference. */
vs_status vs_folder_check_same(const char *folder, const vs_segment_header *theirs,
                               const vs_segment_header *ours);

/* Removes what killed writers left; the caller holds the lock. */
void vs_folder_remove_parts(const char *folder);

#endif
