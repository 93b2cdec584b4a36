/* weights_convert.h - a network's 13 convolutions alone, kept as one safetensors file. */
#ifndef VS_CORE_VGG_WEIGHTS_CONVERT_H
#define VS_CORE_VGG_WEIGHTS_CONVERT_H

#include "core/vgg/weights.h"

/* Reads weights as vs_weights_load does and writes them to `path`, float32 under torch's names,
 * with texts that say how pictures are prepared for them ("preprocessing", so that nobody has to
 * name the family again), whose they are and what was done ("attribution", "changes"). The same
 * network gives the same bytes, whatever it was read from. *about is told what was read; it has no
 * convolutions and needs no clearing. What vs_weights_load and vs_file_write say. */
vs_status vs_weights_convert(const char *name, vs_family family, const char *path,
                             vs_weights *about);

#endif
