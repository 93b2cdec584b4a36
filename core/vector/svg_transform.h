/* svg_transform.h - affine maps of SVG, and the attribute and the property that make them.
 *
 *   (x, y) -> (a x + c y + e, b x + d y + f) */
#ifndef VS_CORE_VECTOR_SVG_TRANSFORM_H
#define VS_CORE_VECTOR_SVG_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

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

/* The value of the CSS property, `length` bytes of text: the same functions, and translateX,
 * translateY, scaleX, scaleY, skew, with commas between their arguments, lengths in px or other
 * units, angles in deg, grad, rad, turn; or none. false if it is no such list, has more than
 * VS_SVG_CSS_TRANSFORM bytes, or per cents or three dimensions, which are not read; *map is
 * unchanged then. */
#define VS_SVG_CSS_TRANSFORM 255
bool vs_svg_css_transform(const char *text, size_t length, vs_affine *map);

/* How a viewBox "min-x min-y width height" lands in a viewport of width x height at (0,0), by
 * preserveAspectRatio (NULL: xMidYMid meet). VS_ERR_FORMAT. */
vs_status vs_svg_view(const char *view_box, const char *aspect, double width, double height,
                      vs_affine *map);

/* Four numbers, the last two > 0. VS_ERR_FORMAT. */
vs_status vs_svg_view_box(const char *text, double box[4]);

#endif
