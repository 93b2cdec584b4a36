/* lock.h - the lock by which one job at a time writes into a results folder; its file says which.
 * Internal to the store. */
#ifndef VS_SWEEPS_STORE_FOLDER_LOCK_H
#define VS_SWEEPS_STORE_FOLDER_LOCK_H

#include "core/base/status.h"

/* Takes the lock of an existing folder; *lock is released with vs_lock_release. VS_ERR_USAGE if
 * another job holds it. Where the file system cannot lock, *lock is taken with a warning. */
vs_status vs_lock_take(const char *folder, int *lock);
void vs_lock_release(int *lock); /* fine on -1 */

#endif
