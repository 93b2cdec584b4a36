/* weights_internal.h - weights as they lie in a file, for those that load them and those that write
 * them elsewhere. */
#ifndef VS_CORE_VGG_WEIGHTS_INTERNAL_H
#define VS_CORE_VGG_WEIGHTS_INTERNAL_H

#include "core/vgg/weights_readers.h"

/* What vs_weights_load does but preparing: fills all but the convolutions of a zeroed *weights, and
 * `raw`, up to last_conv or further. On failure both may be half filled. */
vs_status vs_weights_read(const char *name, vs_family family, vs_weights *weights,
                          vs_weights_raw *raw);

#endif
