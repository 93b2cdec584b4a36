/* picture.c - a picture by its name, in one of its two forms; files are read by png.c. */
#include "core/image/picture.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/mondrian.h"
#include "core/image/resize.h"

#define BUILTIN_PREFIX "builtin:"

static const int builtin_side = 512;

vs_status vs_picture_init(vs_picture *picture, int height, int width) {
  *picture = (vs_picture){0};
  if (height < 1 || width < 1 || height > VS_PICTURE_MAX_SIDE || width > VS_PICTURE_MAX_SIDE)
    return vs_fail(VS_ERR_LIMIT, "a picture of %d x %d pixels: sides must be 1 to %d", width,
                   height, VS_PICTURE_MAX_SIDE);
  float *rgb = calloc((size_t)height * (size_t)width * 3, sizeof(float));
  if (rgb == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for a picture of %d x %d pixels", width, height);
  *picture = (vs_picture){.height = height, .width = width, .rgb = rgb};
  return VS_OK;
}

void vs_picture_clear(vs_picture *picture) {
  free(picture->rgb);
  *picture = (vs_picture){0};
}

static vs_status open_builtin(vs_picture *picture, const char *name) {
  if (strcmp(name, BUILTIN_PREFIX "mondrian") != 0)
    return vs_fail(VS_ERR_USAGE, "%s: no such builtin picture; there is " BUILTIN_PREFIX "mondrian",
                   name);
  vs_status status = vs_picture_init(picture, builtin_side, builtin_side);
  if (status == VS_OK) vs_mondrian_draw(picture->rgb, builtin_side);
  return status;
}

static vs_status open_png(vs_picture *picture, const char *path) {
  uint8_t *bytes = NULL;
  int height, width;
  vs_status status = vs_png_read(path, &bytes, &height, &width);
  if (status == VS_OK)
    status = vs_status_context(vs_picture_init(picture, height, width), "%s", path);
  if (status == VS_OK) {
    assert(picture->rgb != NULL);
    vs_picture_from_bytes(bytes, picture->rgb, (size_t)height * (size_t)width * 3);
  }
  free(bytes);
  return status;
}

vs_status vs_picture_open(vs_picture *picture, const char *name) {
  *picture = (vs_picture){0};
  bool builtin = strncmp(name, BUILTIN_PREFIX, strlen(BUILTIN_PREFIX)) == 0;
  return builtin ? open_builtin(picture, name) : open_png(picture, name);
}

vs_status vs_picture_resized(vs_picture *out, const vs_picture *picture, int height, int width) {
  assert(out != picture);
  vs_status status = vs_picture_init(out, height, width);
  if (status != VS_OK) return status;
  status = vs_resize(picture->rgb, picture->height, picture->width, out->rgb, height, width);
  if (status != VS_OK) vs_picture_clear(out);
  return status;
}

void vs_picture_to_bytes(const float *rgb, uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    /* Written so that NaN fails the first comparison. */
    float value = rgb[i] > 0.0f ? rgb[i] : 0.0f;
    if (value > 1.0f) value = 1.0f;
    bytes[i] = (uint8_t)(255.0f * value + 0.5f);
  }
}

void vs_picture_from_bytes(const uint8_t *bytes, float *rgb, size_t count) {
  for (size_t i = 0; i < count; i++) rgb[i] = (float)bytes[i] / 255.0f;
}
