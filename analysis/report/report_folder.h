/* report_folder.h - the folder that a report is written into: never half a report, and never
 * somebody else's files.
 *
 * Everything is written into "<OUT>.part" beside OUT, and the two change places when the last file
 * is whole: who looks at OUT sees the old report or the new one. (Where the system cannot exchange
 * two folders at once, OUT is gone for a moment.) A killed writer leaves OUT as it was, and a .part
 * that the next one removes. A report can be written again at any time, so its thousands of
 * pictures are not synced one by one as results are.
 *
 * A folder is a report's if it holds the marker file. OUT may be absent, empty, or a report;
 * anything else is refused. Of an old report only files with names that a report gives are removed;
 * others (a note, an exported list of stars) move into the new one. */
#ifndef VS_ANALYSIS_REPORT_REPORT_FOLDER_H
#define VS_ANALYSIS_REPORT_REPORT_FOLDER_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/status.h"

#define VS_REPORT_MARKER    ".vggsweep-report"
#define VS_REPORT_INDEX     "index.html"
#define VS_REPORT_LICENCES  "licences.txt"
#define VS_REPORT_PICTURES  "pictures"
#define VS_REPORT_SNAPSHOTS "snapshots"
#define VS_REPORT_DRAWINGS  "drawings"
#define VS_REPORT_SHEETS    "sheets"
#define VS_REPORT_CHUNKS    "chunks"

typedef struct vs_report_folder {
  char out[PATH_MAX - 256]; /* room for what is appended */
  char part[PATH_MAX - 128];
  int lock; /* of the marker in .part; -1: nothing is being written */
} vs_report_folder;

/* Checks OUT and makes OUT.part with its empty subfolders. VS_ERR_USAGE if OUT is something else
 * than a report, or if another process is writing there; nothing is changed then. */
vs_status vs_report_folder_begin(vs_report_folder *folder, const char *out);

/* Writes a file of the folder, "pictures/x.jpg". Threads may write different files at once. */
vs_status vs_report_folder_write(const vs_report_folder *folder, const char *name, const void *data,
                                 size_t size);

/* The same for a file that is written piece by piece: open, write, close. Closing says whether all
 * of it was written, and how many bytes that was. */
vs_status vs_report_folder_open(const vs_report_folder *folder, const char *name, FILE **file);
vs_status vs_report_folder_close(const vs_report_folder *folder, const char *name, FILE *file,
                                 uint64_t *bytes);

/* Puts the new report in the place of OUT, and removes the old one. On failure OUT is as it was. */
vs_status vs_report_folder_publish(vs_report_folder *folder);

/* Removes what was written if it was not published. Fine after a failed begin, and twice. */
void vs_report_folder_clear(vs_report_folder *folder);

#endif
