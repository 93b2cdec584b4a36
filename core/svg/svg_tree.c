/* svg_tree.c - the handlers of expat, which no other file includes, and the tables of names that
 * they know. */
#include "core/svg/svg_tree.h"

#include <assert.h>
#include <expat.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/grow.h"

/* --- names ------------------------------------------------------------------------------------ */

static const char *const kinds[VS_SVG_KINDS] = {[VS_SVG_A] = "a",
                                                [VS_SVG_CIRCLE] = "circle",
                                                [VS_SVG_ELLIPSE] = "ellipse",
                                                [VS_SVG_FOREIGN_OBJECT] = "foreignObject",
                                                [VS_SVG_G] = "g",
                                                [VS_SVG_IMAGE] = "image",
                                                [VS_SVG_LINE] = "line",
                                                [VS_SVG_PATH] = "path",
                                                [VS_SVG_POLYGON] = "polygon",
                                                [VS_SVG_POLYLINE] = "polyline",
                                                [VS_SVG_RECT] = "rect",
                                                [VS_SVG_STYLE] = "style",
                                                [VS_SVG_SVG] = "svg",
                                                [VS_SVG_SWITCH] = "switch",
                                                [VS_SVG_SYMBOL] = "symbol",
                                                [VS_SVG_TEXT] = "text",
                                                [VS_SVG_USE] = "use"};

static const char *const names[VS_SVG_NAMES] = {
    [VS_SVG_ATTR_CLASS] = "class",
    [VS_SVG_ATTR_CX] = "cx",
    [VS_SVG_ATTR_CY] = "cy",
    [VS_SVG_ATTR_D] = "d",
    [VS_SVG_ATTR_HEIGHT] = "height",
    [VS_SVG_ATTR_HREF] = "href",
    [VS_SVG_ATTR_ID] = "id",
    [VS_SVG_ATTR_POINTS] = "points",
    [VS_SVG_ATTR_PRESERVE_ASPECT_RATIO] = "preserveAspectRatio",
    [VS_SVG_ATTR_R] = "r",
    [VS_SVG_ATTR_REQUIRED_EXTENSIONS] = "requiredExtensions",
    [VS_SVG_ATTR_REQUIRED_FEATURES] = "requiredFeatures",
    [VS_SVG_ATTR_RX] = "rx",
    [VS_SVG_ATTR_RY] = "ry",
    [VS_SVG_ATTR_STYLE] = "style",
    [VS_SVG_ATTR_SYSTEM_LANGUAGE] = "systemLanguage",
    [VS_SVG_ATTR_VIEW_BOX] = "viewBox",
    [VS_SVG_ATTR_WIDTH] = "width",
    [VS_SVG_ATTR_X] = "x",
    [VS_SVG_ATTR_X1] = "x1",
    [VS_SVG_ATTR_X2] = "x2",
    [VS_SVG_ATTR_Y] = "y",
    [VS_SVG_ATTR_Y1] = "y1",
    [VS_SVG_ATTR_Y2] = "y2",
    [VS_SVG_CLIP_PATH] = "clip-path",
    [VS_SVG_COLOR] = "color",
    [VS_SVG_DISPLAY] = "display",
    [VS_SVG_FILL] = "fill",
    [VS_SVG_FILL_OPACITY] = "fill-opacity",
    [VS_SVG_MASK] = "mask",
    [VS_SVG_OPACITY] = "opacity",
    [VS_SVG_STROKE] = "stroke",
    [VS_SVG_STROKE_DASHARRAY] = "stroke-dasharray",
    [VS_SVG_STROKE_LINECAP] = "stroke-linecap",
    [VS_SVG_STROKE_OPACITY] = "stroke-opacity",
    [VS_SVG_STROKE_WIDTH] = "stroke-width",
    [VS_SVG_TRANSFORM] = "transform",
    [VS_SVG_TRANSFORM_ORIGIN] = "transform-origin",
    [VS_SVG_VECTOR_EFFECT] = "vector-effect",
    [VS_SVG_VISIBILITY] = "visibility"};

static bool is_name(const char *candidate, const char *name, size_t length) {
  return candidate != NULL && strncmp(candidate, name, length) == 0 && candidate[length] == '\0';
}

vs_svg_kind vs_svg_tree_find_kind(const char *name, size_t length) {
  for (int i = 0; i < VS_SVG_KINDS; i++)
    if (is_name(kinds[i], name, length)) return (vs_svg_kind)i;
  return VS_SVG_OTHER;
}

vs_svg_name vs_svg_tree_find_name(const char *name, size_t length) {
  for (int i = 0; i < VS_SVG_NAMES; i++)
    if (is_name(names[i], name, length)) return (vs_svg_name)i;
  return VS_SVG_NAMES;
}

/* --- reading ---------------------------------------------------------------------------------- */

#define SEPARATOR '|' /* between an expanded name's namespace and its local part */
static const char svg_space[] = "http://www.w3.org/2000/svg";
static const char xlink_space[] = "http://www.w3.org/1999/xlink";

typedef struct open_element {
  uint32_t element, last_child;
} open_element;

typedef struct reader {
  vs_svg_tree *tree;
  XML_Parser parser;
  open_element open[VS_SVG_MAX_DEPTH]; /* from the root down */
  int depth;
  vs_status status; /* of our own refusals; expat's are asked for in the end */
} reader;

/* Expat 2.9 deprecates the older name, whose number may have 32 bits. */
static int line_of(const reader *r) {
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
  const uint64_t line = XML_GetCurrentLineNumber64(r->parser);
#else
  const uint64_t line = XML_GetCurrentLineNumber(r->parser);
#endif
  return line > INT_MAX ? INT_MAX : (int)line;
}

/* Expat calls a few more handlers before it stops, which then have nothing to say. */
static void stop(reader *r, vs_status status) {
  r->status = vs_status_context(status, "%s:%d", r->tree->path, line_of(r));
  XML_StopParser(r->parser, XML_FALSE);
}

static void stop_for_memory(reader *r) {
  stop(r, vs_fail(VS_ERR_MEMORY, "no memory for the file's elements"));
}

/* The local part of an expanded name in this namespace or in none; NULL in others. */
static const char *local_name(const char *name, const char *space) {
  const char *separator = strrchr(name, SEPARATOR);
  if (separator == NULL) return name;
  return is_name(space, name, (size_t)(separator - name)) ? separator + 1 : NULL;
}

static vs_svg_name find_attribute(const char *name) {
  const char *separator = strrchr(name, SEPARATOR);
  if (separator == NULL) return vs_svg_tree_find_name(name, strlen(name));
  const char *local = local_name(name, xlink_space);
  return local != NULL && strcmp(local, "href") == 0 ? VS_SVG_ATTR_HREF : VS_SVG_NAMES;
}

static void add_attribute(reader *r, vs_svg_element *element, vs_svg_name name, const char *value) {
  vs_svg_tree *tree = r->tree;
  const size_t bytes = strlen(value) + 1;
  if (bytes > VS_SVG_MAX_ATTRIBUTE) {
    stop(r, vs_fail(VS_ERR_LIMIT, "attribute %s has %zu bytes, at most %zu are accepted",
                    names[name], bytes - 1, VS_SVG_MAX_ATTRIBUTE));
    return;
  }
  char *texts = vs_grow(tree->texts, &tree->text_room, tree->text_bytes + bytes, 1);
  if (texts != NULL) tree->texts = texts;
  vs_svg_attribute *attributes = vs_grow(tree->attributes, &tree->attribute_room,
                                         tree->attribute_count + 1, sizeof *attributes);
  if (attributes != NULL) tree->attributes = attributes;
  if (texts == NULL || attributes == NULL) {
    stop_for_memory(r);
    return;
  }
  memcpy(tree->texts + tree->text_bytes, value, bytes);
  tree->attributes[tree->attribute_count++] = (vs_svg_attribute){name, tree->text_bytes};
  tree->text_bytes += bytes;
  element->attribute_count++;
  element->attribute_bytes += bytes;
}

/* Its place in the tree: the next child of the element that is open. */
static void hang(reader *r, uint32_t number) {
  if (r->depth > 0) {
    open_element *parent = &r->open[r->depth - 1];
    if (parent->last_child == VS_SVG_NONE)
      r->tree->elements[parent->element].first_child = number;
    else
      r->tree->elements[parent->last_child].next_sibling = number;
    parent->last_child = number;
  }
  r->open[r->depth++] = (open_element){number, VS_SVG_NONE};
}

static void XMLCALL start_element(void *data, const XML_Char *name, const XML_Char **attributes) {
  reader *r = data;
  vs_svg_tree *tree = r->tree;
  if (r->status != VS_OK) return;
  if (r->depth == VS_SVG_MAX_DEPTH) {
    stop(r, vs_fail(VS_ERR_LIMIT, "elements within elements more than %d deep", VS_SVG_MAX_DEPTH));
    return;
  }
  if (tree->element_count == VS_SVG_MAX_ELEMENTS) {
    stop(r, vs_fail(VS_ERR_LIMIT, "more than %zu elements", VS_SVG_MAX_ELEMENTS));
    return;
  }
  vs_svg_element *elements =
      vs_grow(tree->elements, &tree->element_room, tree->element_count + 1, sizeof *elements);
  if (elements == NULL) {
    stop_for_memory(r);
    return;
  }
  tree->elements = elements;
  const uint32_t number = (uint32_t)tree->element_count++;
  const char *local = local_name(name, svg_space);
  elements[number] = (vs_svg_element){
      .kind = local == NULL ? VS_SVG_OTHER : vs_svg_tree_find_kind(local, strlen(local)),
      .line = line_of(r),
      .first_child = VS_SVG_NONE,
      .next_sibling = VS_SVG_NONE,
      .first_attribute = tree->attribute_count};
  hang(r, number);
  if (number == 0 && elements[0].kind != VS_SVG_SVG) {
    stop(r, vs_fail(VS_ERR_FORMAT, "this is XML, but not SVG: its outermost element is no <svg>"));
    return;
  }
  /* Not those that a DTD would add: a long one to each of many elements is no small file any
   * more. */
  const int given = XML_GetSpecifiedAttributeCount(r->parser);
  for (int i = 0; i < given && r->status == VS_OK; i += 2) {
    const vs_svg_name which = find_attribute(attributes[i]);
    if (which != VS_SVG_NAMES) add_attribute(r, &elements[number], which, attributes[i + 1]);
  }
}

static void XMLCALL end_element(void *data, const XML_Char *name) {
  reader *r = data;
  (void)name;
  if (r->status == VS_OK && r->depth > 0) r->depth--;
}

/* Texts matter in style sheets only. */
static void XMLCALL add_text(void *data, const XML_Char *text, int length) {
  reader *r = data;
  vs_svg_tree *tree = r->tree;
  if (r->status != VS_OK || r->depth == 0) return;
  if (tree->elements[r->open[r->depth - 1].element].kind != VS_SVG_STYLE) return;
  if (tree->style_bytes + (size_t)length > VS_SVG_MAX_STYLE) {
    stop(r, vs_fail(VS_ERR_LIMIT, "style sheets of more than %zu bytes", VS_SVG_MAX_STYLE));
    return;
  }
  char *style = vs_grow(tree->style, &tree->style_room, tree->style_bytes + (size_t)length + 1, 1);
  if (style == NULL) {
    stop_for_memory(r);
    return;
  }
  tree->style = style;
  memcpy(style + tree->style_bytes, text, (size_t)length);
  tree->style_bytes += (size_t)length;
  style[tree->style_bytes] = '\0';
}

static void XMLCALL refuse_entity(void *data, const XML_Char *name, int is_parameter,
                                  const XML_Char *value, int value_length, const XML_Char *base,
                                  const XML_Char *system, const XML_Char *public,
                                  const XML_Char *notation) {
  (void)name, (void)is_parameter, (void)value, (void)value_length, (void)base, (void)system;
  (void)public, (void)notation;
  reader *r = data;
  if (r->status == VS_OK)
    stop(r, vs_fail(VS_ERR_FORMAT, "entity declarations are not accepted, as a few of them can "
                                   "stand for gigabytes; save it as plain SVG"));
}

/* Hands the text over in pieces, as expat takes an int's worth. */
static void parse(reader *r, const char *text, size_t size) {
  enum { PIECE = 1 << 20 };
  enum XML_Status parsed = XML_STATUS_OK;
  for (size_t at = 0; parsed == XML_STATUS_OK; at += PIECE) {
    const bool is_last = size - at <= PIECE;
    parsed = XML_Parse(r->parser, text + at, is_last ? (int)(size - at) : PIECE, is_last);
    if (is_last) break;
  }
  if (parsed == XML_STATUS_OK || r->status != VS_OK) return;
  const enum XML_Error error = XML_GetErrorCode(r->parser);
  r->status =
      vs_fail(error == XML_ERROR_NO_MEMORY ? VS_ERR_MEMORY : VS_ERR_FORMAT,
              "%s:%d: not well-formed XML: %s", r->tree->path, line_of(r), XML_ErrorString(error));
}

/* --- ids -------------------------------------------------------------------------------------- */

typedef struct id_entry {
  const char *id;
  uint32_t element;
} id_entry;

static int compare_ids(const void *a, const void *b) {
  const id_entry *left = a, *right = b;
  const int order = strcmp(left->id, right->id);
  if (order != 0) return order;
  return (left->element > right->element) - (left->element < right->element);
}

/* Ids beyond this length are nobody's: sorting them would take long. */
enum { ID_BYTES = 1024 };

static vs_status sort_ids(vs_svg_tree *tree) {
  id_entry *entries = calloc(tree->element_count + 1, sizeof *entries);
  tree->ids = calloc(tree->element_count + 1, sizeof *tree->ids);
  if (entries == NULL || tree->ids == NULL) {
    free(entries);
    return vs_fail(VS_ERR_MEMORY, "%s: no memory for its ids", tree->path);
  }
  for (uint32_t i = 0; i < tree->element_count; i++) {
    const char *id = vs_svg_tree_attribute_text(tree, &tree->elements[i], VS_SVG_ATTR_ID);
    if (id != NULL && strnlen(id, ID_BYTES) < ID_BYTES)
      entries[tree->id_count++] = (id_entry){id, i};
  }
  qsort(entries, tree->id_count, sizeof *entries, compare_ids);
  for (size_t i = 0; i < tree->id_count; i++) tree->ids[i] = entries[i].element;
  free(entries);
  return VS_OK;
}

uint32_t vs_svg_tree_find_id(const vs_svg_tree *tree, const char *id) {
  size_t low = 0, high = tree->id_count;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const vs_svg_element *element = &tree->elements[tree->ids[middle]];
    if (strcmp(vs_svg_tree_attribute_text(tree, element, VS_SVG_ATTR_ID), id) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == tree->id_count) return VS_SVG_NONE;
  const vs_svg_element *found = &tree->elements[tree->ids[low]];
  const bool is_it = strcmp(vs_svg_tree_attribute_text(tree, found, VS_SVG_ATTR_ID), id) == 0;
  return is_it ? tree->ids[low] : VS_SVG_NONE;
}

/* --- the whole -------------------------------------------------------------------------------- */

static vs_status build(vs_svg_tree *tree, const char *text, size_t size) {
  reader r = {.tree = tree};
  r.parser = XML_ParserCreateNS(NULL, SEPARATOR);
  if (r.parser == NULL) return vs_fail(VS_ERR_MEMORY, "%s: no memory for a parser", tree->path);
  XML_SetUserData(r.parser, &r);
  XML_SetElementHandler(r.parser, start_element, end_element);
  XML_SetCharacterDataHandler(r.parser, add_text);
  XML_SetEntityDeclHandler(r.parser, refuse_entity);
  parse(&r, text, size);
  XML_ParserFree(r.parser);
  return r.status == VS_OK ? sort_ids(tree) : r.status;
}

vs_status vs_svg_tree_read(vs_svg_tree *tree, const char *path) {
  *tree = (vs_svg_tree){.path = path};
  char *text = NULL;
  size_t size = 0;
  vs_status status = vs_file_read(path, VS_SVG_MAX_BYTES, &text, &size);
  if (status != VS_OK) return status;
  if (size == 0)
    status = vs_fail(VS_ERR_FORMAT, "%s: the file is empty", path);
  else if (size > 1 && memcmp(text, "\x1f\x8b", 2) == 0)
    status = vs_fail(VS_ERR_FORMAT, "%s: compressed SVG; unpack it: gunzip < a.svgz > a.svg", path);
  else
    status = build(tree, text, size);
  free(text);
  return status;
}

void vs_svg_tree_clear(vs_svg_tree *tree) {
  free(tree->elements);
  free(tree->attributes);
  free(tree->texts);
  free(tree->style);
  free(tree->ids);
  *tree = (vs_svg_tree){0};
}

const char *vs_svg_tree_attribute_text(const vs_svg_tree *tree, const vs_svg_element *element,
                                       vs_svg_name name) {
  for (int i = 0; i < element->attribute_count; i++) {
    const vs_svg_attribute *attribute = &tree->attributes[element->first_attribute + (size_t)i];
    if (attribute->name == name) return tree->texts + attribute->text;
  }
  return NULL;
}
