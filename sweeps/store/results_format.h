/* results_format.h - what results are called on disk: their format, and the names of a results
 * folder (store.h). */
#ifndef VS_SWEEPS_STORE_RESULTS_FORMAT_H
#define VS_SWEEPS_STORE_RESULTS_FORMAT_H

#define VS_STORE_FORMAT "vggsweep-results"

/* Version 1 had no exc_best and portrait, 2 no drawings, 3 no strength and failure, and none of
 * pre_eval .. paper, 4 no style_floor; all are read. */
#define VS_STORE_FORMAT_VERSION 5

#define VS_STORE_MANIFEST "manifest.json"
#define VS_STORE_SEGMENTS "segments"
#define VS_STORE_MERGED   "sweep.h5"
#define VS_STORE_LOCK     "lock"
#define VS_STORE_PROGRESS "progress.json"

#endif
