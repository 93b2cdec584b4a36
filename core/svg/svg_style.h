/* svg_style.h - how an element is painted: its attributes, the style sheets of the file, its style
 * attribute, and what it inherits.
 *
 * A value that its property cannot have is as if it were not there, and !important goes before
 * all that is not: as CSS has it. Of style sheets selectors of one element are understood: names,
 * .classes, #ids, and any of them together ("path.pen-1"); others are counted and passed over. */
#ifndef VS_CORE_SVG_SVG_STYLE_H
#define VS_CORE_SVG_SVG_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/svg/svg_color.h"
#include "core/svg/svg_tree.h"

#define VS_SVG_MAX_RULES 2048

typedef struct vs_svg_style {
  vs_svg_paint stroke, fill;
  vs_svg_color current; /* what currentColor means */
  double stroke_opacity, fill_opacity;
  double opacity; /* of the element and all around it, multiplied */
  double width;   /* of strokes, in the element's own units */
  bool is_visible, has_caps, is_dashed;
  /* of this element alone */
  bool is_displayed, has_fixed_width, is_clipped, has_origin; /* a transform-origin but 0 0 */
  const char *transform; /* what style sheets and style attribute set, which vs_svg_transform_css
                            reads; not zero-terminated, part of tree or rules; NULL: nothing. The
                            attribute of this name is for others */
  size_t transform_bytes;
} vs_svg_style;

typedef struct vs_svg_rules vs_svg_rules;

/* The rules of a tree's style sheets; the tree must outlive them. VS_ERR_LIMIT beyond
 * VS_SVG_MAX_RULES, VS_ERR_MEMORY. *passed_over is how many selectors were not understood. */
vs_status vs_svg_style_rules_new(vs_svg_rules **out, const vs_svg_tree *tree, size_t *passed_over);
void vs_svg_style_rules_free(vs_svg_rules *rules); /* fine on NULL */
size_t vs_svg_style_rules_count(const vs_svg_rules *rules);

/* What the root inherits: filled black, not stroked, 1 wide. */
vs_svg_style vs_svg_style_initial(void);

/* The style of an element within one of style `around`. `hundred` is what 100% of a length are.
 * Returns how many values were no values; those are left as they were, as CSS has it. */
size_t vs_svg_style_compute(const vs_svg_tree *tree, const vs_svg_rules *rules,
                            const vs_svg_element *element, const vs_svg_style *around,
                            double hundred, vs_svg_style *out);

#endif
