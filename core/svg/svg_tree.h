/* svg_tree.h - an SVG file as a tree of the elements and attributes that matter to a reader of
 * strokes, through expat; nobody else includes it.
 *
 * The tree is built whole before it is walked, as `use` may name what comes later. What it may grow
 * to is bounded: file, depth, elements, attributes. Entities are refused and attributes that a DTD
 * adds are left out, so that nothing in it is longer than it is in the file. */
#ifndef VS_CORE_SVG_SVG_TREE_H
#define VS_CORE_SVG_SVG_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

#define VS_SVG_MAX_BYTES     ((size_t)64 << 20)
#define VS_SVG_MAX_DEPTH     256
#define VS_SVG_MAX_ELEMENTS  ((size_t)1 << 19)
#define VS_SVG_MAX_ATTRIBUTE ((size_t)16 << 20) /* bytes of one; paths of drawings are long */
#define VS_SVG_MAX_STYLE     ((size_t)1 << 20)  /* bytes of all style sheets */
#define VS_SVG_NONE          UINT32_MAX         /* no element */

typedef enum vs_svg_kind {
  VS_SVG_OTHER, /* nothing that is drawn by itself: defs, symbol's relatives, foreign elements */
  VS_SVG_A,
  VS_SVG_CIRCLE,
  VS_SVG_ELLIPSE,
  VS_SVG_FOREIGN_OBJECT,
  VS_SVG_G,
  VS_SVG_IMAGE,
  VS_SVG_LINE,
  VS_SVG_PATH,
  VS_SVG_POLYGON,
  VS_SVG_POLYLINE,
  VS_SVG_RECT,
  VS_SVG_STYLE,
  VS_SVG_SVG,
  VS_SVG_SWITCH,
  VS_SVG_SYMBOL,
  VS_SVG_TEXT,
  VS_SVG_USE,
  VS_SVG_KINDS
} vs_svg_kind;

typedef enum vs_svg_name {
  VS_SVG_ATTR_CLASS,
  VS_SVG_ATTR_CX,
  VS_SVG_ATTR_CY,
  VS_SVG_ATTR_D,
  VS_SVG_ATTR_HEIGHT,
  VS_SVG_ATTR_HREF, /* xlink:href too */
  VS_SVG_ATTR_ID,
  VS_SVG_ATTR_POINTS,
  VS_SVG_ATTR_PRESERVE_ASPECT_RATIO,
  VS_SVG_ATTR_R,
  VS_SVG_ATTR_REQUIRED_EXTENSIONS,
  VS_SVG_ATTR_REQUIRED_FEATURES,
  VS_SVG_ATTR_RX,
  VS_SVG_ATTR_RY,
  VS_SVG_ATTR_STYLE,
  VS_SVG_ATTR_SYSTEM_LANGUAGE,
  VS_SVG_ATTR_VIEW_BOX,
  VS_SVG_ATTR_WIDTH,
  VS_SVG_ATTR_X,
  VS_SVG_ATTR_X1,
  VS_SVG_ATTR_X2,
  VS_SVG_ATTR_Y,
  VS_SVG_ATTR_Y1,
  VS_SVG_ATTR_Y2,
  /* properties: attributes that style sheets may set as well */
  VS_SVG_CLIP_PATH,
  VS_SVG_COLOR,
  VS_SVG_DISPLAY,
  VS_SVG_FILL,
  VS_SVG_FILL_OPACITY,
  VS_SVG_MASK,
  VS_SVG_OPACITY,
  VS_SVG_STROKE,
  VS_SVG_STROKE_DASHARRAY,
  VS_SVG_STROKE_LINECAP,
  VS_SVG_STROKE_OPACITY,
  VS_SVG_STROKE_WIDTH,
  VS_SVG_TRANSFORM, /* as an attribute of another grammar: svg_transform.h */
  VS_SVG_TRANSFORM_ORIGIN,
  VS_SVG_VECTOR_EFFECT,
  VS_SVG_VISIBILITY,
  VS_SVG_NAMES
} vs_svg_name;

#define VS_SVG_FIRST_PROPERTY VS_SVG_CLIP_PATH
#define VS_SVG_PROPERTIES     (VS_SVG_NAMES - VS_SVG_FIRST_PROPERTY)

typedef struct vs_svg_attribute {
  vs_svg_name name;
  size_t text; /* in the tree's texts */
} vs_svg_attribute;

typedef struct vs_svg_element {
  vs_svg_kind kind;
  int line; /* in the file, from 1 */
  uint32_t first_child, next_sibling;
  size_t first_attribute, attribute_bytes; /* the texts' bytes, which is what reading it costs */
  int attribute_count;
} vs_svg_element;

typedef struct vs_svg_tree {
  const char *path;         /* not owned; for messages */
  vs_svg_element *elements; /* in the order of the file, the root first */
  vs_svg_attribute *attributes;
  char *texts; /* of attributes, each ended by a zero byte */
  char *style; /* all style sheets, or NULL */
  size_t element_count, element_room, attribute_count, attribute_room, text_bytes, text_room;
  size_t style_bytes, style_room;
  uint32_t *ids; /* elements that have one, by id */
  size_t id_count;
} vs_svg_tree;

/* Cleared by the caller, whatever comes out. VS_ERR_IO; VS_ERR_FORMAT names file and line;
 * VS_ERR_LIMIT, VS_ERR_MEMORY. The path has to outlive the tree. */
vs_status vs_svg_tree_read(vs_svg_tree *tree, const char *path);
void vs_svg_tree_clear(vs_svg_tree *tree);

/* An attribute's text, NULL if the element has none of this name. */
const char *vs_svg_tree_attribute_text(const vs_svg_tree *tree, const vs_svg_element *element,
                                       vs_svg_name name);

/* The first element with this id, or VS_SVG_NONE. */
uint32_t vs_svg_tree_find_id(const vs_svg_tree *tree, const char *id);

/* By name, `length` bytes long: VS_SVG_OTHER and VS_SVG_NAMES for what is unknown. */
vs_svg_kind vs_svg_tree_find_kind(const char *name, size_t length);
vs_svg_name vs_svg_tree_find_name(const char *name, size_t length);

#endif
