/* point_tree.h - the points nearest to a place, among points that may be taken away: a k-d tree
 * (Bentley 1975). */
#ifndef VS_CORE_PLOT_POINT_TREE_H
#define VS_CORE_PLOT_POINT_TREE_H

#include <stddef.h>

#include "core/base/status.h"
#include "core/strokes/cubic.h"

typedef struct vs_point_tree vs_point_tree;

/* Over `count` finite points, which are copied. VS_ERR_MEMORY. */
vs_status vs_point_tree_new(vs_point_tree **out, const vs_place *points, size_t count);
void vs_point_tree_free(vs_point_tree *tree); /* fine on NULL */

/* Takes away a point by its index; one that is gone stays gone. */
void vs_point_tree_remove(vs_point_tree *tree, size_t point);

/* The indices of the `wanted` nearest points that are left (1..VS_POINT_TREE_MAX), nearest first;
 * fewer if there are fewer. Returns their number. The same for the same points. */
#define VS_POINT_TREE_MAX 16
size_t vs_point_tree_nearest(const vs_point_tree *tree, vs_place place, size_t wanted,
                             size_t *nearest);

#endif
