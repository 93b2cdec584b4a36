/* store.h - results on disk: what the files of a results folder mean, and how they are written.
 *
 * - DIR/manifest.json: what this folder is a result of: the sweep, its canonical form, weights,
 *   number of runs
 * - DIR/segments/NAME.h5: sealed files of finished runs, each written by one rank
 * - DIR/sweep.h5: everything, after a merge
 * - DIR/progress.json: what is running just now, for `status` (mpi/progress.h)
 * - DIR/lock: held by the one job that writes here; it says which
 *
 * A file is written as NAME.part, closed, synced and renamed: what has a proper name is complete,
 * and a kill at any moment leaves only sealed files and a .part that nobody reads. Every finished
 * run is sealed at once as a segment of its own; when a rank has VS_SEGMENT_RUNS of those it
 * gathers them into one. A kill between the renaming and the removal of the sources leaves runs
 * twice, with the same bits: each counts once. Segments and sweep.h5 have one schema
 * (docs/results-format.md): columns and arrays over runs, never a group per run.
 *
 * Ids name runs: a grid that has a point twice stores it once. HDF5 knows no threads: one thread of
 * a process uses the store. */
#ifndef VS_SWEEPS_STORE_STORE_H
#define VS_SWEEPS_STORE_STORE_H

#include "sweeps/spec/sweep.h"

#define VS_SEGMENT_RUNS 64

/* --- the folder ------------------------------------------------------------------------------- */

typedef struct vs_store vs_store; /* an open results folder, for writing */

/* Rank 0: creates DIR or opens it to go on, takes the lock, and writes or checks the manifest.
 * VS_ERR_USAGE if DIR holds the results of another sweep or other weights (the message shows the
 * difference), if another job holds the lock, or if it is a folder of something else entirely.
 * Nothing stored is changed by a refusal. `sweep` is bound (vs_identity_bind) and outlives the
 * store; `weights` is asked for its sha256 only. Where the file system knows no locks it
 * goes on with a warning. */
vs_status vs_store_create(vs_store **out, const char *folder, const vs_sweep *sweep,
                          const vs_weights *weights);

/* What the results in DIR call weights, as vs_identity_bind wants to know; by their digest where
 * there are none yet. What vs_store_create says to a damaged manifest. */
vs_status vs_store_naming(const char *folder, vs_canonical_naming *naming);

/* What vs_store_create would say to DIR, whoever holds its lock, without touching anything. VS_OK:
 * it would be created, or gone on with. */
vs_status vs_store_check(const char *folder, const vs_sweep *sweep, const vs_weights *weights);

/* Other ranks, after rank 0 has created it: opens DIR to add runs, no lock. */
vs_status vs_store_join(vs_store **out, const char *folder, const vs_sweep *sweep,
                        const vs_weights *weights);

/* Releases the lock and forgets; does not merge. Fine on NULL. */
void vs_store_close(vs_store *store);

/* Makes one finished run durable: when this returns VS_OK it survives any kill. `rank` is recorded
 * and names the segment. A run that failed may come without arrays (NULL, trace_count 0): it is
 * stored with NaN and black. VS_ERR_IO (a full disk, no permission) names the file; what was stored
 * before is untouched and the store can be used on. */
vs_status vs_store_add(vs_store *store, const vs_sweep_run *run, const vs_run_result *result,
                       int rank);

/* Gathers the small segments that this store has written into one; called by vs_store_add when
 * there are VS_SEGMENT_RUNS of them. A failure loses nothing. */
vs_status vs_store_add_compact(vs_store *store, int rank);

/* --- merging ---------------------------------------------------------------------------------- */

/* Gathers all that is sealed in `folder` into sweep.h5, in the order of the grid, each run once,
 * then removes the segments. A run stored with several outcomes keeps the best (done before the
 * others), of equals the newest. Arrays are copied run by run, in bounded memory. Safe to kill and
 * to repeat; without anything new it does nothing. Takes the folder's lock itself, so the job that
 * has the store open closes it first, on all ranks. VS_ERR_USAGE if another job is writing,
 * VS_ERR_IO if there is no such folder or no room; VS_ERR_FORMAT names a file that is damaged or
 * belongs to another sweep: nothing is removed then. */
vs_status vs_store_merge(const char *folder);

#endif
