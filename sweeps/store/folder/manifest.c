/* The header of a folder as JSON, and back. */
#include "sweeps/store/folder/manifest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/json_tree.h"
#include "sweeps/store/results_format.h"

#define MANIFEST_LIMIT_BYTES ((size_t)64 << 20)

vs_status vs_manifest_path(char *path, size_t size, const char *folder) {
  return vs_file_join(path, size, folder, VS_STORE_MANIFEST);
}

static vs_status read_axes(vs_segment_header *header, const vs_json_tree *axes) {
  size_t count = vs_json_tree_size(axes);
  if (!vs_json_tree_is_list(axes) || count > VS_SEGMENT_MAX_AXES)
    return vs_fail(VS_ERR_FORMAT, "axes: not a list of at most %d", VS_SEGMENT_MAX_AXES);
  header->axes = calloc(count + 1, sizeof *header->axes);
  if (header->axes == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for the axes of a sweep");
  for (size_t a = 0; a < count; a++) {
    const vs_json_tree *axis = vs_json_tree_at(axes, a);
    const char *name = vs_json_tree_text(vs_json_tree_get(axis, "name"));
    const char *type = vs_json_tree_text(vs_json_tree_get(axis, "type"));
    if (name == NULL || type == NULL || strlen(name) >= VS_AXIS_NAME)
      return vs_fail(VS_ERR_FORMAT, "axes: entry %zu has no name or type", a);
    snprintf(header->axes[a].name, VS_AXIS_NAME, "%s", name);
    header->axes[a].is_number = strcmp(type, "number") == 0;
  }
  header->axis_count = count;
  return VS_OK;
}

static vs_status read_texts(vs_segment_header *header, const vs_json_tree *root) {
  for (size_t i = 0; i < VS_SEGMENT_HEADER_OF_FOLDER; i++) {
    const char *text = vs_json_tree_text(vs_json_tree_get(root, vs_segment_header_name(i)));
    if (text == NULL && vs_segment_header_may_lack(i)) text = "";
    if (text == NULL)
      return vs_fail(VS_ERR_FORMAT, "%s: missing, or not a text", vs_segment_header_name(i));
    char *copy = strdup(text);
    if (copy == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %s", vs_segment_header_name(i));
    *vs_segment_header_text(header, i) = copy;
  }
  return VS_OK;
}

static vs_status read_manifest(vs_segment_header *header, const vs_json_tree *root) {
  const char *format = vs_json_tree_text(vs_json_tree_get(root, "format"));
  if (format == NULL || strcmp(format, VS_STORE_FORMAT) != 0)
    return vs_fail(VS_ERR_FORMAT, "not a manifest of vggsweep");
  uint64_t version = 0, planned;
  if (vs_json_tree_count(vs_json_tree_get(root, "format_version"), &version) &&
      version > VS_STORE_FORMAT_VERSION)
    return vs_fail(VS_ERR_FORMAT,
                   "written by a newer vggsweep: format %llu, this one reads up to %d",
                   (unsigned long long)version, VS_STORE_FORMAT_VERSION);
  if (!vs_json_tree_count(vs_json_tree_get(root, "runs"), &planned) || planned > VS_GRID_MAX_RUNS)
    return vs_fail(VS_ERR_FORMAT, "runs: not a number of runs");
  header->planned = (size_t)planned;
  vs_status status = read_texts(header, root);
  if (status == VS_OK) status = read_axes(header, vs_json_tree_get(root, "axes"));
  return status;
}

vs_status vs_manifest_read(vs_segment_header *header, const char *folder) {
  *header = (vs_segment_header){0};
  char path[PATH_MAX];
  vs_json_tree *root = NULL;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status == VS_OK) status = vs_json_tree_read(&root, path, MANIFEST_LIMIT_BYTES);
  if (status == VS_OK) {
    status = vs_status_context(read_manifest(header, root), "%s", path);
    if (status != VS_OK) vs_segment_header_clear(header);
  }
  vs_json_tree_free(root);
  if (status != VS_ERR_FORMAT) return status;
  char problem[512];
  snprintf(problem, sizeof problem, "%s", vs_status_message());
  return vs_fail(status, "%s; restore this file, or choose another folder with --out", problem);
}

static void print_manifest(vs_json *json, const vs_segment_header *header) {
  vs_segment_header source = *header;
  vs_json_open(json, NULL, '{');
  vs_json_text(json, "format", VS_STORE_FORMAT);
  vs_json_integer(json, "format_version", VS_STORE_FORMAT_VERSION);
  vs_json_unsigned(json, "runs", header->planned);
  vs_json_open(json, "axes", '[');
  for (size_t a = 0; a < header->axis_count; a++) {
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "name", header->axes[a].name);
    vs_json_text(json, "type", header->axes[a].is_number ? "number" : "text");
    vs_json_close(json);
  }
  vs_json_close(json);
  for (size_t i = 0; i < VS_SEGMENT_HEADER_OF_FOLDER; i++)
    vs_json_text(json, vs_segment_header_name(i), *vs_segment_header_text(&source, i));
  vs_json_close(json);
}

vs_status vs_manifest_write(const vs_segment_header *header, const char *folder) {
  char path[PATH_MAX], *text = NULL;
  size_t size = 0;
  vs_status status = vs_manifest_path(path, sizeof path, folder);
  if (status != VS_OK) return status;
  FILE *out = open_memstream(&text, &size);
  if (out == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory", path);
  vs_json json = vs_json_begin(out);
  print_manifest(&json, header);
  status = fclose(out) == 0 ? vs_file_write(path, text, size)
                            : vs_fail(VS_ERR_MEMORY, "%s: no memory", path);
  free(text);
  return status;
}
