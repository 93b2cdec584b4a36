/* The texts of a header by their names, so that each is told once. */
#include "sweeps/store/segment/segment_header.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(field)                                                                                \
  { #field, offsetof(vs_segment_header, field) }

static const struct {
  const char *name;
  size_t offset;
} texts[VS_SEGMENT_HEADER_TEXTS] = {
    TEXT(name),           TEXT(sweep),          TEXT(sweep_sha256), TEXT(canonical),
    TEXT(weights_sha256), TEXT(weights_family), TEXT(weights_file), TEXT(program_version),
    TEXT(program_commit), TEXT(created),        TEXT(finished),
};

const char *vs_segment_header_name(size_t text) {
  return texts[text].name;
}

bool vs_segment_header_may_lack(size_t text) {
  return texts[text].offset == offsetof(vs_segment_header, weights_file);
}

char **vs_segment_header_text(vs_segment_header *header, size_t text) {
  return (char **)(void *)((char *)header + texts[text].offset);
}

void vs_segment_header_clear(vs_segment_header *header) {
  for (size_t i = 0; i < VS_SEGMENT_HEADER_TEXTS; i++) free(*vs_segment_header_text(header, i));
  free(header->axes);
  *header = (vs_segment_header){0};
}

vs_status vs_segment_header_copy(vs_segment_header *copy, const vs_segment_header *header) {
  *copy = (vs_segment_header){.planned = header->planned};
  vs_segment_header source = *header;
  for (size_t i = 0; i < VS_SEGMENT_HEADER_TEXTS; i++) {
    const char *text = *vs_segment_header_text(&source, i);
    if (text == NULL) continue;
    char *copied = strdup(text);
    if (copied == NULL) goto no_memory;
    *vs_segment_header_text(copy, i) = copied;
  }
  if (header->axis_count > 0) {
    copy->axes = malloc(header->axis_count * sizeof *copy->axes);
    if (copy->axes == NULL) goto no_memory;
    memcpy(copy->axes, header->axes, header->axis_count * sizeof *copy->axes);
    copy->axis_count = header->axis_count;
  }
  return VS_OK;
no_memory:
  vs_segment_header_clear(copy);
  return vs_fail(VS_ERR_MEMORY, "no memory for the description of a results folder");
}
