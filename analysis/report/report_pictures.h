/* report_pictures.h - the pictures of a report: final images, strips of snapshots, sprite sheets.
 *
 * One pass over all runs that have a picture. One thread reads (HDF5 knows no threads), the others
 * shrink, encode and write what was read before; a few dozen pictures and one sheet are in memory
 * at a time, however many runs there are. A picture that cannot be read is left out, with one
 * warning for all. */
#ifndef VS_ANALYSIS_REPORT_REPORT_PICTURES_H
#define VS_ANALYSIS_REPORT_REPORT_PICTURES_H

#include <stdbool.h>

#include "analysis/report/report_folder.h"
#include "analysis/report/report_layout.h"

/* Snapshots that a report shows of a run: a strip of them is one picture, and which of them a run
 * has is one number that JavaScript's 32-bit operators can handle. */
#define VS_REPORT_SNAPSHOT_STEPS 31

/* Told now and then how many of all pictures (traces, ...) are through. */
typedef struct vs_report_listener {
  void (*tell)(void *context, const char *what, size_t done, size_t total); /* NULL: nobody */
  void *context;
} vs_report_listener;

typedef struct vs_report_pictures {
  int *steps; /* of the snapshots shown, increasing; owned */
  int step_count;
  uint32_t *taken; /* of each row: bit i, it has the snapshot of steps[i]; owned */
  size_t final_count, strip_count, unreadable;
  uint64_t bytes;
} vs_report_pictures;

/* Writes all pictures and sheets into the folder. Rows whose picture cannot be read lose their
 * place in the layout (sheet -1). VS_ERR_MEMORY, VS_ERR_IO where something cannot be written; on
 * failure the struct is zeroed. */
vs_status vs_report_pictures_write(vs_report_pictures *pictures, const vs_results *results,
                                   vs_report_layout *layout, const vs_report_folder *folder,
                                   int threads, vs_report_listener listener);
void vs_report_pictures_clear(vs_report_pictures *pictures); /* fine on a zeroed struct */

/* Of `count` increasing steps at most `limit`, evenly chosen, the first and the last among them.
 * *chosen is freed by the caller. VS_ERR_MEMORY. */
vs_status vs_report_pictures_choose_steps(const int *all, int count, int limit, int **chosen,
                                          int *chosen_count);

#endif
