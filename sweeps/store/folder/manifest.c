#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "sweeps/store/folder/scan.h"
#include "sweeps/store/store.h"

#define MANIFEST_LIMIT_BYTES ((size_t)64 << 20)

vs_status vs_manifest_path(char *path, size_t size, const char *folder) {
  return vs_file_join(path, size, folder, VS_STORE_MANIFEST);
}

static vs_status read_axes(vs_header *header, const json_t *axes) {
  size_t count = json_array_size(axes);
  if (!json_is_array(axes) || count > VS_STORE_MAX_AXES)
    return vs_fail(VS_ERR_FORMAT, "axes: not a list of at most %d", VS_STORE_MAX_AXES);
  header->axes = calloc(count + 1, sizeof *header->axes);
  if (header->axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the axes of a sweep");
  for (size_t a = 0; a < count; a++) {
    const json_t *axis = json_array_get(axes, a);
    const char *name = json_string_value(json_object_get(axis, "name"));
    const char *type = json_string_value(json_object_get(axis, "type"));
    if (name == NULL || type == NULL || strlen(name) >= VS_AXIS_NAME)
      return vs_fail(VS_ERR_FORMAT, "axes: entry %zu has no name or type", a);
    snprintf(header->axes[a].name, VS_AXIS_NAME, "%s", name);
    header->axes[a].is_number = strcmp(type, "number") == 0;
  }
  header->axis_count = count;
  return VS_OK;
}

static vs_status read_texts(vs_header *header, const json_t *root) {
  size_t count;
  const vs_header_text *texts = vs_schema_header_texts(&count);
  for (size_t i = 0; i < count; i++) {
    if (!texts[i].in_file_header) continue;
    const char *text = json_string_value(json_object_get(root, texts[i].name));
    if (text == NULL) return vs_fail(VS_ERR_FORMAT, "%s: missing, or not a text", texts[i].name);
    char *copy = strdup(text);
    if (copy == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %s", texts[i].name);
    *vs_header_slot(header, &texts[i]) = copy;
  }
  return VS_OK;
}

static vs_status read_manifest(vs_header *header, const json_t *root) {
  const char *format = json_string_value(json_object_get(root, "format"));
  if (format == NULL || strcmp(format, VS_STORE_FORMAT) != 0)
    return vs_fail(VS_ERR_FORMAT, "not a manifest of vggsweep");
  json_int_t version = json_integer_value(json_object_get(root, "format_version"));
  if (version > VS_STORE_FORMAT_VERSION)
    return vs_fail(VS_ERR_FORMAT,
                   "written by a newer vggsweep: format %lld, this one reads up to %d",
                   (long long)version, VS_STORE_FORMAT_VERSION);
  const json_t *planned = json_object_get(root, "runs");
  if (!json_is_integer(planned) || json_integer_value(planned) < 0 ||
      json_integer_value(planned) > VS_GRID_MAX_RUNS)
    return vs_fail(VS_ERR_FORMAT, "runs: not a number of runs");
  header->planned = (size_t)json_integer_value(planned);
  vs_status status = read_texts(header, root);
  if (status == VS_OK) status = read_axes(header, json_object_get(root, "axes"));
  return status;
}

vs_status vs_manifest_read(vs_header *header, const char *folder) {
  *header = (vs_header){0};
  char path[PATH_MAX];
  char *text = NULL;
  size_t size = 0;
  json_t *root = NULL;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status == VS_OK) status = vs_file_read(path, MANIFEST_LIMIT_BYTES, &text, &size);
  if (status != VS_OK) return status;
  json_error_t error;
  root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  status = root != NULL ? read_manifest(header, root)
                        : vs_fail(VS_ERR_FORMAT, "line %d: %s", error.line, error.text);
  if (status != VS_OK) {
    vs_header_clear(header);
    char problem[512];
    snprintf(problem, sizeof problem, "%s", vs_status_message());
    vs_fail(status, "%s: %s; restore this file, or choose another folder with --out", path,
            problem);
  }
  json_decref(root);
  free(text);
  return status;
}

/* Adds a value that may be NULL for lack of memory, or of valid UTF-8. */
static bool add(json_t *object, const char *key, json_t *value) {
  return json_object_set_new(object, key, value) == 0;
}

static json_t *axes_of(const vs_header *header) {
  json_t *axes = json_array();
  for (size_t a = 0; axes != NULL && a < header->axis_count; a++) {
    const vs_axis *axis = &header->axes[a];
    json_t *entry =
        json_pack("{s:s, s:s}", "name", axis->name, "type", axis->is_number ? "number" : "text");
    if (json_array_append_new(axes, entry) == 0) continue;
    json_decref(axes);
    axes = NULL;
  }
  return axes;
}

vs_status vs_manifest_write(const vs_header *header, const char *folder) {
  char path[PATH_MAX];
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status != VS_OK) return status;
  json_t *root = json_object();
  bool good = root != NULL && add(root, "format", json_string(VS_STORE_FORMAT)) &&
              add(root, "format_version", json_integer(VS_STORE_FORMAT_VERSION)) &&
              add(root, "runs", json_integer((json_int_t)header->planned)) &&
              add(root, "axes", axes_of(header));
  vs_header source = *header;
  size_t count;
  const vs_header_text *texts = vs_schema_header_texts(&count);
  for (size_t i = 0; good && i < count; i++)
    if (texts[i].in_file_header)
      good = add(root, texts[i].name, json_string(*vs_header_slot(&source, &texts[i])));
  char *text = good ? json_dumps(root, JSON_INDENT(2)) : NULL;
  status = text != NULL ? vs_file_write(path, text, strlen(text))
                        : vs_fail(VS_ERR_USAGE,
                                  "%s: cannot describe the sweep; is its file valid UTF-8?", path);
  free(text);
  json_decref(root);
  return status;
}
