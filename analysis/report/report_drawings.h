/* report_drawings.h - the drawings of a report as vectors: drawings/<id>.svg as it was optimized,
 * drawings/<id>-plotted.svg in its pens' own colours and widths.
 *
 * A drawing of some hundred strokes has some ten kB, twice, and a sweep thousands of drawings: only
 * chosen ones are written. First the headlines, then the best by exc_gain, each with the baseline
 * that it is compared with, then the others in the order of the grid. */
#ifndef VS_ANALYSIS_REPORT_REPORT_DRAWINGS_H
#define VS_ANALYSIS_REPORT_REPORT_DRAWINGS_H

#include "analysis/report/report_folder.h"
#include "analysis/report/report_pictures.h"
#include "analysis/verdict/verdict.h"

#define VS_REPORT_DEFAULT_DRAWINGS 256

typedef struct vs_report_drawings {
  bool *is_written; /* of each row: it has an SVG; owned */
  bool *is_plotted; /* of each row: and one as plotted; owned */
  size_t count;     /* rows with an SVG */
  size_t unreadable;
  uint64_t bytes;
} vs_report_drawings;

/* Writes at most `limit` of the drawings. One that cannot be read is left out, with one warning for
 * all. VS_ERR_MEMORY, VS_ERR_IO where something cannot be written; on failure the struct is
 * zeroed. */
vs_status vs_report_drawings_write(vs_report_drawings *drawings, const vs_verdicts *verdicts,
                                   const vs_headline *headlines, size_t headline_count,
                                   size_t limit, const vs_report_folder *folder,
                                   vs_report_listener listener);
void vs_report_drawings_clear(vs_report_drawings *drawings); /* fine on a zeroed struct */

#endif
