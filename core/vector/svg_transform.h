/* svg_transform.h - affine maps of SVG, and the attribute that makes them.
 *
 *   (x, y) -> (a x + c y + e, b x + d y + f) */
#ifndef VS_CORE_VECTOR_SVG_TRANSFORM_H
#define VS_CORE_VECTOR_SVG_TRANSFORM_H

#include "core/base/status.h"
#include "core/vector/svg_outline.h"

typedef struct vs_affine {
  double a, b, c, d, e, f;
} vs_affine;

vs_affine vs_affine_identity(void);
vs_affine vs_affine_translation(double x, double y);
vs_affine vs_affine_product(vs_affine outer, vs_affine inner); /* inner is applied first */
vs_svg_point vs_affine_apply(vs_affine map, vs_svg_point point);

/* How much lengths grow in the mean of directions that keeps areas: sqrt |det|. */
double vs_affine_scale(vs_affine map);

/* matrix, translate, scale, rotate (with a centre), skewX, skewY, in a row. VS_ERR_FORMAT. */
vs_status vs_svg_transform(const char *text, vs_affine *map);

/* How a viewBox "min-x min-y width height" lands in a viewport of width x height at (0,0), by
 * preserveAspectRatio (NULL: xMidYMid meet). VS_ERR_FORMAT. */
vs_status vs_svg_view(const char *view_box, const char *aspect, double width, double height,
                      vs_affine *map);

/* Four numbers, the last two > 0. VS_ERR_FORMAT. */
vs_status vs_svg_view_box(const char *text, double box[4]);

#endif
