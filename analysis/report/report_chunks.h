/* report_chunks.h - what a report's page loads when it is first asked for: traces, specs, commands
 * and what is told of drawings (drawing_facts.h), so many runs a file.
 *
 * A chunk is a script that calls vggsweepChunk(n, {...}), because a page from file:// may load
 * scripts and nothing else. Traces are base64 of little-endian float32, (run, step) for each trace,
 * NaN where a run was not logged. */
#ifndef VS_ANALYSIS_REPORT_REPORT_CHUNKS_H
#define VS_ANALYSIS_REPORT_REPORT_CHUNKS_H

#include "analysis/report/report_folder.h"
#include "analysis/report/report_pictures.h"

#define VS_REPORT_CHUNK 64   /* runs */
#define VS_REPORT_STEPS 2000 /* logged steps that are shown of a longer trace, evenly chosen */

typedef struct vs_report_chunks {
  int *steps; /* of all traces, increasing; owned */
  int step_count;
  size_t count;
  uint64_t bytes;
} vs_report_chunks;

/* Writes all chunks in the order of the rows. A trace, spec or drawing that cannot be read is left
 * out (NaN, null), with one warning for all. VS_ERR_MEMORY, VS_ERR_IO; on failure the struct is
 * zeroed. */
vs_status vs_report_chunks_write(vs_report_chunks *chunks, const vs_results *results,
                                 const vs_report_folder *folder, vs_report_listener listener);
void vs_report_chunks_clear(vs_report_chunks *chunks); /* fine on a zeroed struct */

#endif
