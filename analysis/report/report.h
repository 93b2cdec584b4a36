/* report.h - `vggsweep report`: a folder with a web page of a whole sweep, to be opened from
 * file:// without a server or a network.
 *
 *   index.html            page and data (report_page.h, report_data.h)
 *   pictures/<id>.jpg     final image of a run at its own size
 *   snapshots/<id>.jpg    its snapshots side by side, in the order of their steps
 *   drawings/<id>.svg     a drawing as vectors; <id>-plotted.svg in its pens (report_drawings.h)
 *   sheets/<n>.jpg        thumbnails (report_layout.h)
 *   chunks/<n>.js         traces, specs ... of 64 runs each (report_chunks.h)
 *   licences.txt          of what is bundled in the page
 *
 * Runs are streamed: memory is that of their rows, not of their pictures. */
#ifndef VS_ANALYSIS_REPORT_REPORT_H
#define VS_ANALYSIS_REPORT_REPORT_H

#include "analysis/report/report_data.h"

typedef struct vs_report_options {
  const char *folder;            /* where it goes (report_folder.h) */
  const vs_verdict_rules *rules; /* NULL: the default ones */
  size_t top;                    /* runs in the table that is shown without JavaScript */
  size_t drawings;               /* that are written as SVG, at most */
  bool live;                     /* a job is still writing the results */
  int threads;                   /* >= 1 */
  vs_report_listener listener;
} vs_report_options;

typedef struct vs_report_summary {
  char index[PATH_MAX]; /* of index.html */
  bool is_plain;        /* the program was built without the page */
  vs_report_counts counts;
  size_t pictures, snapshots, drawings, sheets, chunks;
  size_t unreadable; /* pictures and drawings left out */
  uint64_t bytes;    /* of all files */
} vs_report_summary;

/* Writes the report of what is stored now. On failure nothing is left of it, and an older report is
 * untouched. What vs_report_folder_begin, vs_verdicts_new and writing say. */
vs_status vs_report_write(const vs_results *results, const vs_report_options *options,
                          vs_report_summary *summary);

#endif
