/* manifest.h - manifest.json, which says what a results folder is a result of: the header that all
 * its files have. Internal to the store. */
#ifndef VS_SWEEPS_STORE_FOLDER_MANIFEST_H
#define VS_SWEEPS_STORE_FOLDER_MANIFEST_H

#include "sweeps/store/segment/segment_header.h"

vs_status vs_manifest_path(char *path, size_t size, const char *folder);

/* VS_ERR_IO if there is none, VS_ERR_FORMAT if it is damaged or newer than this program. */
vs_status vs_manifest_read(vs_segment_header *header, const char *folder);
vs_status vs_manifest_write(const vs_segment_header *header, const char *folder);

#endif
