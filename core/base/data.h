/* data.h - where the files are that are installed with the program. */
#ifndef VS_CORE_BASE_DATA_H
#define VS_CORE_BASE_DATA_H

#include <stddef.h>

#include "core/base/status.h"

/* The path of an installed file or folder: in $VGGSWEEP_DATA and nowhere else if that is set; else
 * in the install tree beside the running binary (../share/vggsweep), else in data/ of the source
 * tree that the program was built from. VS_ERR_IO names the places tried. */
vs_status vs_data_find(char *path, size_t size, const char *name);

#endif
