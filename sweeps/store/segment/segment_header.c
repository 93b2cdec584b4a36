/* The texts of a header by their names, so that each is told once. */
#include "sweeps/store/segment/segment_header.h"

#include <stdlib.h>
#include <string.h>

static const vs_segment_header_text header_texts[] = {
    {"name", offsetof(vs_segment_header, name), true},
    {"sweep", offsetof(vs_segment_header, sweep), true},
    {"sweep_sha256", offsetof(vs_segment_header, sweep_sha256), true},
    {"canonical", offsetof(vs_segment_header, canonical), true},
    {"weights_sha256", offsetof(vs_segment_header, weights_sha256), true},
    {"weights_family", offsetof(vs_segment_header, weights_family), true},
    {"program_version", offsetof(vs_segment_header, program_version), true},
    {"program_commit", offsetof(vs_segment_header, program_commit), true},
    {"created", offsetof(vs_segment_header, created), true},
    {"finished", offsetof(vs_segment_header, finished), false},
};

const vs_segment_header_text *vs_segment_header_texts(size_t *count) {
  *count = sizeof header_texts / sizeof header_texts[0];
  return header_texts;
}

char **vs_segment_header_slot(vs_segment_header *header, const vs_segment_header_text *text) {
  return (char **)(void *)((char *)header + text->offset);
}

void vs_segment_header_clear(vs_segment_header *header) {
  size_t count;
  const vs_segment_header_text *texts = vs_segment_header_texts(&count);
  for (size_t i = 0; i < count; i++) free(*vs_segment_header_slot(header, &texts[i]));
  free(header->axes);
  *header = (vs_segment_header){0};
}

vs_status vs_segment_header_copy(vs_segment_header *copy, const vs_segment_header *header) {
  *copy = (vs_segment_header){.planned = header->planned};
  vs_segment_header source = *header;
  size_t count;
  const vs_segment_header_text *texts = vs_segment_header_texts(&count);
  for (size_t i = 0; i < count; i++) {
    const char *text = *vs_segment_header_slot(&source, &texts[i]);
    if (text == NULL) continue;
    char *copied = strdup(text);
    if (copied == NULL) goto no_memory;
    *vs_segment_header_slot(copy, &texts[i]) = copied;
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
