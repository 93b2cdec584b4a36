/* rank_channels.h - what a sweep shows that compares nothing: its most excited channels, and those
 * whose pictures differ most.
 *
 * The first sweep that one makes has lambda 0 alone: no verdict, no headline. Excited is by zscore,
 * in which layers can be compared, of each channel its best run. Different is chosen one by one:
 * first the most excited, then always the run that is farthest from all before it, by the sketches
 * of their Gram matrices (Gonzalez, "Clustering to minimize the maximum intercluster distance",
 * 1985, which comes within a factor of two of the widest choice). */
#ifndef VS_ANALYSIS_RANK_RANK_CHANNELS_H
#define VS_ANALYSIS_RANK_RANK_CHANNELS_H

#include "analysis/rank/rank.h"

#define VS_RANK_CHANNELS 12 /* of each, at most */

typedef struct vs_rank_channels {
  size_t excited[VS_RANK_CHANNELS], different[VS_RANK_CHANNELS]; /* rows */
  size_t excited_count, different_count;
} vs_rank_channels;

/* Both are empty where some run is compared with another: headlines tell more then. VS_ERR_MEMORY,
 * or what reading sketches says. */
vs_status vs_rank_channels_find(vs_rank_channels *channels, const vs_verdicts *verdicts);

#endif
