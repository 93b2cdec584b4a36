/* scan.h - which runs are stored where: every row of several files, each run once, in the
 * order of the grid. Internal to the store: what merging, compacting and reading have in common. */
#ifndef VS_SWEEPS_STORE_FOLDER_SCAN_H
#define VS_SWEEPS_STORE_FOLDER_SCAN_H

#include "sweeps/store/segment/segment.h"

typedef struct vs_scan_file {
  char *path; /* owned */
  vs_stamp stamp;
} vs_scan_file;

typedef struct vs_scan_row {
  vs_row row;
  size_t file, at; /* row `at` of that file */
  size_t axes_at;  /* of its axis values in vs_scan.axes */
} vs_scan_row;

#define VS_SCAN_OPEN_FILES 32

typedef struct vs_scan {
  vs_segment_header header; /* of the manifest, else of the first file; finished: the latest */
  vs_segment_shape shape;   /* holds all files; rows is 0 */
  vs_scan_file *files;
  size_t file_count;
  vs_scan_row *rows;
  size_t count, room;
  unsigned char *axes;
  size_t axes_bytes, axes_used, axes_room;
  /* Files that are open just now, by need; there may be thousands in all. */
  struct {
    vs_segment *segment;
    size_t file;
    uint64_t used;
  } open[VS_SCAN_OPEN_FILES];
  uint64_t uses;
} vs_scan;

/* Everything sealed in a results folder: the segments and sweep.h5. A folder may be written to
 * meanwhile: what vanishes into a larger file while we look is found there. VS_ERR_IO if it is no
 * folder, VS_ERR_FORMAT for damaged files and those of another sweep. */
vs_status vs_scan_folder(vs_scan *scan, const char *folder);

/* Just these files. */
vs_status vs_scan_files(vs_scan *scan, char *const *paths, size_t count);

void vs_scan_clear(vs_scan *scan); /* fine on a zeroed one */

/* The open file of number `file`. *changed (may be NULL) tells that a failure means that it is gone
 * or replaced, so that scanning again will help. */
vs_status vs_scan_open(vs_scan *scan, size_t file, vs_segment **segment, bool *changed);

/* Removes the files but `keep` (may be NULL). */
void vs_scan_remove_files(const vs_scan *scan, const char *keep);

/* Writes all rows into one new file, in their order. */
vs_status vs_scan_write(vs_scan *scan, const char *path);

#endif
