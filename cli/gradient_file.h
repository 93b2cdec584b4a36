/* gradient_file.h - the gradient of `eval` as an HDF5 file, for people who check it or step along
 * it with tools of their own. */
#ifndef VS_CLI_GRADIENT_FILE_H
#define VS_CLI_GRADIENT_FILE_H

#include "core/base/status.h"

/* Writes dataset /gradient (height, width, 3) float32, d total / d image for RGB in 0..1, durably
 * and atomically. VS_ERR_IO names the path. */
vs_status vs_gradient_file_write(const char *path, const float *gradient, int height, int width);

#endif
