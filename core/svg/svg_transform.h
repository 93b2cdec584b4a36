/* svg_transform.h - affine maps of SVG, and the attribute and the property that make them. */
#ifndef VS_CORE_SVG_SVG_TRANSFORM_H
#define VS_CORE_SVG_SVG_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"
#include "core/svg/svg_outline.h"

/* (x, y) -> (a x + c y + e, b x + d y + f): column by column, in the order of SVG's
 * matrix(a, b, c, d, e, f). (vs_affine, core/optimize/transform.h, has its six row by row.) */
typedef struct vs_svg_matrix {
  double a, b, c, d, e, f;
} vs_svg_matrix;

vs_svg_matrix vs_svg_transform_identity(void);
vs_svg_matrix vs_svg_transform_translation(double x, double y);
vs_svg_matrix vs_svg_transform_product(vs_svg_matrix outer,
                                       vs_svg_matrix inner); /* inner is applied first */
vs_svg_point vs_svg_transform_apply(vs_svg_matrix map, vs_svg_point point);

/* How much lengths grow in the mean of directions that keeps areas: sqrt |det|. */
double vs_svg_transform_scale(vs_svg_matrix map);

/* matrix, translate, scale, rotate (with a centre), skewX, skewY, in a row. VS_ERR_FORMAT. */
vs_status vs_svg_transform(const char *text, vs_svg_matrix *map);

/* The value of the CSS property, `length` bytes of text: the same functions, and translateX,
 * translateY, scaleX, scaleY, skew, with commas between their arguments, lengths in px or other
 * units, angles in deg, grad, rad, turn; or none. false if it is no such list, has more than
 * VS_SVG_CSS_TRANSFORM bytes, or per cents or three dimensions, which are not read; *map is
 * unchanged then. */
#define VS_SVG_CSS_TRANSFORM 255
bool vs_svg_transform_css(const char *text, size_t length, vs_svg_matrix *map);

/* How a viewBox "min-x min-y width height" lands in a viewport of width x height at (0,0), by
 * preserveAspectRatio (NULL: xMidYMid meet). VS_ERR_FORMAT. */
vs_status vs_svg_transform_view(const char *view_box, const char *aspect, double width,
                                double height, vs_svg_matrix *map);

/* Four numbers, the last two > 0. VS_ERR_FORMAT. */
vs_status vs_svg_transform_view_box(const char *text, double box[4]);

#endif
