/* data.h - where the files are that are installed with the program, and those that its user keeps
 * for it. */
#ifndef VS_CORE_BASE_DATA_H
#define VS_CORE_BASE_DATA_H

#include <stddef.h>

#include "core/base/status.h"

/* The path of an installed file or folder: in $VGGSWEEP_DATA and nowhere else if that is set; else
 * in the install tree beside the running binary (../share/vggsweep), else in data/ of the source
 * tree that the program was built from. VS_ERR_IO names the places tried. */
vs_status vs_data_find(char *path, size_t size, const char *name);

/* The path of a file or folder that the user keeps, there or not: in $XDG_DATA_HOME/vggsweep, else
 * in
 * ~/.local/share/vggsweep. VS_ERR_IO where neither XDG_DATA_HOME nor HOME names a folder. */
vs_status vs_data_of_user(char *path, size_t size, const char *name);

#endif
