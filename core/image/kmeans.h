/* kmeans.h - weighted k-means: centres that minimize the sum of weighted squared distances.
 *
 *   inertia = sum_i w_i min_k |x_i - c_k|^2
 *
 * Lloyd's iteration (IEEE Trans. Inf. Theory 28, 1982) from several starts, of which the best is
 * kept. A start is drawn by k-means++ (Arthur & Vassilvitskii, SODA 2007), the best of a few
 * candidates at each step ("greedy", as their implementation and scikit-learn do). A cluster that
 * has lost all its points is put where the largest error is. The numbers drawn depend on the seed
 * alone, sums are in the order of the points, and of equally near centres the first has the point:
 * the same input gives the same bits. */
#ifndef VS_CORE_IMAGE_KMEANS_H
#define VS_CORE_IMAGE_KMEANS_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

#define VS_KMEANS_MAX_DIMENSIONS 8
#define VS_KMEANS_RESTARTS       20 /* enough that another twenty rarely find anything better */

typedef struct vs_kmeans_points {
  size_t count;
  int dimensions;        /* 1..VS_KMEANS_MAX_DIMENSIONS */
  const double *values;  /* (count, dimensions), finite */
  const double *weights; /* (count), finite, >= 0; NULL: all 1. Weight 0 moves no centre */
} vs_kmeans_points;

/* centers (clusters, dimensions) and, where they are wanted, labels (count) and *inertia are
 * written. clusters, restarts >= 1. VS_ERR_USAGE if fewer different points have a weight than there
 * are clusters; VS_ERR_MEMORY. */
vs_status vs_kmeans(const vs_kmeans_points *points, int clusters, int restarts, uint64_t seed,
                    double *centers, int *labels, double *inertia);

#endif
