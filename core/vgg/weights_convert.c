/* weights_convert.c - read, described, written. */
#include "core/vgg/weights_convert.h"

#include "core/vgg/weights_internal.h"

vs_status vs_weights_convert(const char *name, vs_family family, const char *path,
                             vs_weights *about) {
  vs_weights_raw raw = {.last_conv = VS_VGG_CONVS - 1};
  *about = (vs_weights){0};
  vs_status status = vs_weights_read(name, family, about, &raw);
  if (status == VS_OK) {
    const char *const metadata[][2] = {
        {"preprocessing", vs_weights_family_name(about->family)},
        {"changes", "the 13 convolutions alone, as float32"},
        {"attribution", about->attribution},
    };
    status = vs_weights_safetensors_write(path, &raw, metadata, about->attribution != NULL ? 3 : 2);
  }
  vs_weights_raw_clear(&raw);
  return status;
}
