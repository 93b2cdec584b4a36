/* segment_header.h - what all files of a results folder have in common: the sweep, weights,
 * program and axes they are of. Root attributes of a segment; manifest.json holds it too. */
#ifndef VS_SWEEPS_STORE_SEGMENT_SEGMENT_HEADER_H
#define VS_SWEEPS_STORE_SEGMENT_SEGMENT_HEADER_H

#include "sweeps/spec/sweep.h"

#define VS_SEGMENT_MAX_AXES 256 /* as many are believed when a file is read */

/* What all files of a folder have in common; manifest.json holds it too. Strings are owned. */
typedef struct vs_segment_header {
  char *name;  /* of the sweep */
  char *sweep; /* the sweep file, verbatim */
  char *sweep_sha256;
  char *canonical; /* vs_canonical_of_sweep */
  char *weights_sha256;
  char *weights_family;
  char *weights_file;    /* where the folder's first job read them: a word, or the whole path; "" in
                            older folders */
  char *program_version; /* of the program that wrote the file */
  char *program_commit;
  char *created;  /* when the folder was made: 2022-05-01T12:00:00Z */
  char *finished; /* when the file was sealed; NULL in a manifest */
  size_t planned; /* runs of the whole grid */
  vs_axis *axes;
  size_t axis_count;
} vs_segment_header;

/* The texts of a header by number, and their names in files. Those of the folder come first; the
 * last one, finished, is set for each file when it is sealed. */
enum { VS_SEGMENT_HEADER_OF_FOLDER = 10, VS_SEGMENT_HEADER_TEXTS };
bool vs_segment_header_may_lack(size_t text); /* older files do not have it: it is "" then */
const char *vs_segment_header_name(size_t text);
char **vs_segment_header_text(vs_segment_header *header, size_t text);

void vs_segment_header_clear(vs_segment_header *header); /* fine on a zeroed one */
/* VS_ERR_MEMORY leaves *copy zeroed. */
vs_status vs_segment_header_copy(vs_segment_header *copy, const vs_segment_header *header);

#endif
