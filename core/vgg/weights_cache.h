/* weights_cache.h - prepared weights of a layer, in files that all ranks of a node map.
 *
 * Winograd's transformed kernels are eight times as large as the plain ones. Prepared by each rank
 * for itself they would be most of its memory, and of the time until its first step. So the first
 * one who needs them leaves its block (core/tensor/conv.h) in a file under the user's cache folder,
 * and everybody maps it read-only: one copy in the page cache serves all.
 *
 *   <folder>/<digest of the plain weights>.<layout>    a page of header, then the block
 *   <folder>/<file>.names                              what a file is called (weights_digest.h)
 *
 * The folder is $VGGSWEEP_CACHE, or vggsweep in $XDG_CACHE_HOME or ~/.cache; VGGSWEEP_CACHE=off
 * does without. A file counts only if its header and a digest of the whole block are as they should
 * be; else it is made anew. It may be deleted at any time. Whatever goes wrong here costs memory
 * and time, never a run: the caller then prepares weights of its own. */
#ifndef VS_CORE_VGG_WEIGHTS_CACHE_H
#define VS_CORE_VGG_WEIGHTS_CACHE_H

#include <stdbool.h>

#include "core/base/status.h"
#include "core/tensor/conv.h"

/* The cache folder, which need not be there yet. VS_ERR_IO: there is none, or VGGSWEEP_CACHE is
 * off.
 */
vs_status vs_weights_cache_folder(char *folder, size_t size);

/* One mapped file. */
typedef struct vs_cached_block {
  void *data; /* NULL: nothing is mapped */
  size_t bytes;
} vs_cached_block;

/* Maps the block of w (K,C,3,3) and bias (K), and makes its file first if need be; ranks that come
 * at the same time wait for one another. A failure says why it cannot be shared. */
vs_status vs_weights_cache_map(vs_cached_block *cached, int in_channels, int out_channels,
                               const float *w, const float *bias, vs_conv_weights *weights);

/* Ends the mapping; weights that read it are gone. Fine on a zeroed struct. */
void vs_weights_cache_unmap(vs_cached_block *cached);

#endif
