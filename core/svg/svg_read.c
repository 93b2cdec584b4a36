/* svg_read.c - the walk over the tree of a file: each element with its style, map and viewport,
 * shapes to strokes, all within a budget of work. */
#include "core/svg/svg_read.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/grow.h"
#include "core/base/log.h"
#include "core/svg/svg_outline.h"
#include "core/svg/svg_scan.h"
#include "core/svg/svg_style.h"
#include "core/svg/svg_transform.h"
#include "core/svg/svg_tree.h"

enum { MAX_DEPTH = 512 }; /* of elements and uses within each other; two trees' worth */

static const double farthest = 1e6; /* canvas units that a point may be away */

/* What all visits may cost together, in bytes read, roughly: some four times the largest file.
 * Without it a few lines of `use` could double and double again. */
static const size_t max_work = (size_t)1 << 28;

/* What was seen and not drawn, or not as it was meant; logged once, at the end. */
typedef struct remarks {
  size_t filled, texts, images, dashed, clipped, servers, values, uses, selectors, switches;
  size_t origins;
} remarks;

typedef struct walker {
  const vs_svg_tree *tree;
  vs_svg_rules *rules;
  vs_svg_outline outline; /* of one shape after the other */
  double width, height;   /* of the canvas */
  double px;              /* in canvas units */
  float paper[3];
  vs_stroke *strokes;
  vs_point2 *points;
  size_t stroke_count, stroke_room, point_count, point_room;
  size_t work;
  remarks seen;
} walker;

/* The `use` that led here, and the one before. */
typedef struct use_chain {
  uint32_t use;
  const struct use_chain *before;
} use_chain;

/* Where an element stands. */
typedef struct place {
  vs_svg_matrix map; /* to the canvas */
  vs_svg_style style;
  double width, height; /* of the viewport, for per cents */
  int depth;
  const use_chain *uses;
} place;

static vs_status fail_at(const walker *w, const vs_svg_element *element, vs_status status) {
  return vs_status_context(status, "%s:%d", w->tree->path, element->line);
}

static const char *text_of(const walker *w, const vs_svg_element *element, vs_svg_name name) {
  return vs_svg_tree_attribute_text(w->tree, element, name);
}

/* --- strokes ---------------------------------------------------------------------------------- */

static vs_status make_room(walker *w, size_t points) {
  if (w->stroke_count == VS_DRAWING_MAX_STROKES)
    return vs_fail(VS_ERR_LIMIT, "more than %d strokes; split the drawing", VS_DRAWING_MAX_STROKES);
  if (points > VS_DRAWING_MAX_POINTS - w->point_count)
    return vs_fail(VS_ERR_LIMIT, "more than %d points; simplify or split the drawing",
                   VS_DRAWING_MAX_POINTS);
  vs_stroke *strokes =
      vs_grow(w->strokes, &w->stroke_room, w->stroke_count + 1, sizeof *w->strokes);
  if (strokes != NULL) w->strokes = strokes;
  vs_point2 *grown = vs_grow(w->points, &w->point_room, w->point_count + points, sizeof *w->points);
  if (grown != NULL) w->points = grown;
  if (strokes == NULL || grown == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for its strokes");
  return VS_OK;
}

static vs_status add_stroke(walker *w, const place *at, const vs_svg_subpath *subpath,
                            vs_stroke stroke) {
  const size_t count = vs_drawing_stroke_points(subpath->segments, subpath->closed);
  vs_status status = make_room(w, count);
  if (status != VS_OK) return status;
  stroke.first_point = w->point_count;
  stroke.segments = subpath->segments;
  stroke.closed = subpath->closed;
  for (size_t i = 0; i < count; i++) {
    const vs_svg_point point =
        vs_svg_transform_apply(at->map, w->outline.points[subpath->first_point + i]);
    if (!(fabs(point.x) <= farthest && fabs(point.y) <= farthest))
      return vs_fail(VS_ERR_FORMAT, "a point at (%g, %g): coordinates go to %g units", point.x,
                     point.y, farthest);
    w->points[w->point_count + i] = (vs_point2){(float)point.x, (float)point.y};
  }
  w->strokes[w->stroke_count++] = stroke;
  w->point_count += count;
  return VS_OK;
}

/* The outline as strokes, if anything of it is seen. */
static vs_status add_outline(walker *w, const place *at) {
  const vs_svg_style *style = &at->style;
  const vs_svg_color *color = &style->stroke.color;
  const double width =
      style->width * (style->has_fixed_width ? w->px : vs_svg_transform_scale(at->map));
  if (!(width <= farthest))
    return vs_fail(VS_ERR_FORMAT, "a stroke %g units wide: widths go to %g", width, farthest);
  vs_stroke stroke = {.width = (float)width,
                      .color = {color->rgb[0], color->rgb[1], color->rgb[2]},
                      .opacity = (float)(style->opacity * style->stroke_opacity * color->alpha),
                      .pen = -1};
  if (!(stroke.width > 0.0f && stroke.opacity > 0.0f)) return VS_OK;
  w->seen.dashed += style->is_dashed;
  w->seen.servers += style->stroke.is_server;
  vs_status status = VS_OK;
  for (size_t i = 0; i < w->outline.subpath_count && status == VS_OK; i++) {
    const vs_svg_subpath *subpath = &w->outline.subpaths[i];
    if (!style->has_caps && vs_svg_outline_is_dot(&w->outline, subpath)) continue;
    status = add_stroke(w, at, subpath, stroke);
  }
  return status;
}

/* --- shapes ----------------------------------------------------------------------------------- */

/* Diagonal over sqrt 2: what 100% of a length that is neither across nor down are. */
static double hundred_of(const place *at) {
  return sqrt((at->width * at->width + at->height * at->height) / 2.0);
}

/* An attribute as a length; unchanged if the element has none. VS_ERR_FORMAT for no length. */
static vs_status length_of(const walker *w, const vs_svg_element *element, vs_svg_name name,
                           double hundred, double *value) {
  const char *text = text_of(w, element, name);
  if (text == NULL || strcmp(text, "auto") == 0 || vs_svg_scan_length(text, hundred, value))
    return VS_OK;
  char quoted[48];
  vs_svg_scan_quote(quoted, sizeof quoted, text);
  return vs_fail(VS_ERR_FORMAT, "\"%s\" is no length", quoted);
}

typedef struct wanted_length {
  vs_svg_name name;
  double hundred;
  double *value;
} wanted_length;

static vs_status lengths_of(const walker *w, const vs_svg_element *element,
                            const wanted_length *wanted, size_t count) {
  vs_status status = VS_OK;
  for (size_t i = 0; i < count && status == VS_OK; i++)
    status = length_of(w, element, wanted[i].name, wanted[i].hundred, wanted[i].value);
  return status;
}

/* x, y, width, height. */
typedef struct frame {
  double x, y, width, height;
} frame;

static vs_status frame_of(const walker *w, const vs_svg_element *element, const place *at,
                          frame *out) {
  const wanted_length wanted[] = {{VS_SVG_ATTR_X, at->width, &out->x},
                                  {VS_SVG_ATTR_Y, at->height, &out->y},
                                  {VS_SVG_ATTR_WIDTH, at->width, &out->width},
                                  {VS_SVG_ATTR_HEIGHT, at->height, &out->height}};
  return lengths_of(w, element, wanted, 4);
}

static vs_status outline_rect(walker *w, const vs_svg_element *element, const place *at) {
  frame box = {0};
  double rx = -1.0, ry = -1.0;
  const wanted_length wanted[] = {{VS_SVG_ATTR_RX, at->width, &rx},
                                  {VS_SVG_ATTR_RY, at->height, &ry}};
  vs_status status = frame_of(w, element, at, &box);
  if (status == VS_OK) status = lengths_of(w, element, wanted, 2);
  if (status != VS_OK) return status;
  if (rx < 0.0) rx = ry; /* one that is not given is the other */
  if (ry < 0.0) ry = rx;
  if (box.width > 0.0 && box.height > 0.0)
    vs_svg_outline_rect(&w->outline, box.x, box.y, box.width, box.height, fmax(rx, 0.0),
                        fmax(ry, 0.0));
  return w->outline.status;
}

static vs_status outline_ellipse(walker *w, const vs_svg_element *element, const place *at) {
  double cx = 0.0, cy = 0.0, rx = -1.0, ry = -1.0;
  const bool is_circle = element->kind == VS_SVG_CIRCLE;
  const wanted_length wanted[] = {
      {VS_SVG_ATTR_CX, at->width, &cx},
      {VS_SVG_ATTR_CY, at->height, &cy},
      {is_circle ? VS_SVG_ATTR_R : VS_SVG_ATTR_RX, is_circle ? hundred_of(at) : at->width, &rx},
      {VS_SVG_ATTR_RY, at->height, &ry}};
  vs_status status = lengths_of(w, element, wanted, is_circle ? 3 : 4);
  if (status != VS_OK) return status;
  if (is_circle || ry < 0.0) ry = rx;
  if (rx < 0.0) rx = ry;
  if (rx > 0.0 && ry > 0.0) vs_svg_outline_ellipse(&w->outline, cx, cy, rx, ry);
  return w->outline.status;
}

static vs_status outline_line(walker *w, const vs_svg_element *element, const place *at) {
  double x1 = 0.0, y1 = 0.0, x2 = 0.0, y2 = 0.0;
  const wanted_length wanted[] = {{VS_SVG_ATTR_X1, at->width, &x1},
                                  {VS_SVG_ATTR_Y1, at->height, &y1},
                                  {VS_SVG_ATTR_X2, at->width, &x2},
                                  {VS_SVG_ATTR_Y2, at->height, &y2}};
  vs_status status = lengths_of(w, element, wanted, 4);
  if (status != VS_OK) return status;
  vs_svg_outline_move(&w->outline, x1, y1);
  vs_svg_outline_line(&w->outline, x2, y2);
  return w->outline.status;
}

static vs_status outline_of(walker *w, const vs_svg_element *element, const place *at) {
  const char *text;
  vs_svg_outline_reset(&w->outline);
  switch (element->kind) {
  case VS_SVG_PATH:
    text = text_of(w, element, VS_SVG_ATTR_D);
    return text == NULL ? VS_OK : vs_svg_path_data(&w->outline, text);
  case VS_SVG_POLYLINE:
  case VS_SVG_POLYGON:
    text = text_of(w, element, VS_SVG_ATTR_POINTS);
    if (text == NULL) return VS_OK;
    return vs_svg_path_points(&w->outline, text, element->kind == VS_SVG_POLYGON);
  case VS_SVG_RECT:
    return outline_rect(w, element, at);
  case VS_SVG_LINE:
    return outline_line(w, element, at);
  default:
    return outline_ellipse(w, element, at);
  }
}

/* Whether a shape lies over the whole canvas: a rect with sides along it. */
static bool is_ground(const walker *w, const vs_svg_element *element, const place *at) {
  frame box = {0};
  if (element->kind != VS_SVG_RECT || at->map.b != 0.0 || at->map.c != 0.0 ||
      frame_of(w, element, at, &box) != VS_OK)
    return false;
  const double slack = 1e-3; /* of the canvas: numbers of files are rounded */
  const vs_svg_point a = vs_svg_transform_apply(at->map, (vs_svg_point){box.x, box.y});
  const vs_svg_point b =
      vs_svg_transform_apply(at->map, (vs_svg_point){box.x + box.width, box.y + box.height});
  return fmin(a.x, b.x) <= slack * w->width && fmax(a.x, b.x) >= (1.0 - slack) * w->width &&
         fmin(a.y, b.y) <= slack * w->height && fmax(a.y, b.y) >= (1.0 - slack) * w->height;
}

/* A fill: the paper, if it lies beneath all strokes; else nothing that a pen draws. */
static void take_fill(walker *w, const vs_svg_element *element, const place *at) {
  const vs_svg_style *style = &at->style;
  const float opacity = (float)(style->opacity * style->fill_opacity * style->fill.color.alpha);
  if (style->fill.is_none || element->kind == VS_SVG_LINE || !(opacity > 0.0f)) return;
  if (w->stroke_count == 0 && !style->fill.is_server && is_ground(w, element, at)) {
    for (int c = 0; c < 3; c++) w->paper[c] += opacity * (style->fill.color.rgb[c] - w->paper[c]);
  } else if (style->stroke.is_none) {
    w->seen.filled++;
  }
}

static vs_status draw_shape(walker *w, const vs_svg_element *element, const place *at) {
  if (!at->style.is_visible) return VS_OK;
  take_fill(w, element, at);
  if (at->style.stroke.is_none) return VS_OK;
  vs_status status = outline_of(w, element, at);
  if (status == VS_OK) status = add_outline(w, at);
  return fail_at(w, element, status);
}

/* --- the tree --------------------------------------------------------------------------------- */

static vs_status walk(walker *w, uint32_t number, const place *around);

/* Takes what a visit costs from what is left; fails where there is not so much. */
static vs_status spend(walker *w, const vs_svg_element *element, size_t cost) {
  if (cost > w->work)
    return fail_at(w, element,
                   vs_fail(VS_ERR_LIMIT, "its uses or style rules multiply to more than is "
                                         "accepted; save it with its clones unlinked"));
  w->work -= cost;
  return VS_OK;
}

static vs_status walk_children(walker *w, const vs_svg_element *element, const place *at) {
  vs_status status = VS_OK;
  for (uint32_t child = element->first_child; child != VS_SVG_NONE && status == VS_OK;
       child = w->tree->elements[child].next_sibling) {
    status = walk(w, child, at);
  }
  return status;
}

/* Whether a list of languages, "de, en-GB", has English. */
static bool has_english(const char *languages) {
  for (const char *at = languages; *at != '\0'; at += *at == ',') {
    vs_svg_scan_space(&at);
    if (strncasecmp(at, "en", 2) == 0 && (at[2] == '\0' || strchr("-, \t\r\n", at[2]) != NULL))
      return true;
    at += strcspn(at, ",");
  }
  return false;
}

/* Whether a child of a `switch` may be the one, by its conditions: nothing is known of extensions
 * and features that it may ask for. */
static bool meets_conditions(const walker *w, const vs_svg_element *element) {
  const char *languages = text_of(w, element, VS_SVG_ATTR_SYSTEM_LANGUAGE);
  return text_of(w, element, VS_SVG_ATTR_REQUIRED_EXTENSIONS) == NULL &&
         text_of(w, element, VS_SVG_ATTR_REQUIRED_FEATURES) == NULL &&
         (languages == NULL || has_english(languages));
}

/* Only the first child that can be drawn, here. */
static vs_status walk_switch(walker *w, const vs_svg_element *element, const place *at) {
  bool has_alternatives = false;
  for (uint32_t number = element->first_child; number != VS_SVG_NONE;
       number = w->tree->elements[number].next_sibling) {
    const vs_svg_element *child = &w->tree->elements[number];
    vs_status status = spend(w, child, 64 + child->attribute_bytes);
    if (status != VS_OK) return status;
    if (child->kind == VS_SVG_OTHER || child->kind == VS_SVG_STYLE || child->kind == VS_SVG_SYMBOL)
      continue;
    has_alternatives = true;
    if (child->kind != VS_SVG_FOREIGN_OBJECT && meets_conditions(w, child))
      return walk(w, number, at);
  }
  w->seen.switches += has_alternatives;
  return VS_OK;
}

/* A nested svg or a symbol: coordinates of its own within a frame. */
static vs_status walk_viewport(walker *w, const vs_svg_element *element, place *at, frame box) {
  if (!(box.width > 0.0 && box.height > 0.0)) return VS_OK;
  at->map = vs_svg_transform_product(at->map, vs_svg_transform_translation(box.x, box.y));
  at->width = box.width;
  at->height = box.height;
  const char *view_box = text_of(w, element, VS_SVG_ATTR_VIEW_BOX);
  if (view_box != NULL) {
    vs_svg_matrix view;
    double sides[4];
    const char *aspect = text_of(w, element, VS_SVG_ATTR_PRESERVE_ASPECT_RATIO);
    vs_status status = vs_svg_transform_view(view_box, aspect, box.width, box.height, &view);
    if (status == VS_OK) status = vs_svg_transform_view_box(view_box, sides);
    if (status != VS_OK) return fail_at(w, element, status);
    at->map = vs_svg_transform_product(at->map, view);
    at->width = sides[2];
    at->height = sides[3];
  }
  return walk_children(w, element, at);
}

static vs_status walk_use(walker *w, uint32_t number, const vs_svg_element *element, place *at) {
  for (const use_chain *use = at->uses; use != NULL; use = use->before)
    if (use->use == number)
      return fail_at(w, element, vs_fail(VS_ERR_LIMIT, "this <use> refers to itself"));
  const char *href = text_of(w, element, VS_SVG_ATTR_HREF);
  const uint32_t target =
      href != NULL && href[0] == '#' ? vs_svg_tree_find_id(w->tree, href + 1) : VS_SVG_NONE;
  if (target == VS_SVG_NONE) {
    w->seen.uses++;
    return VS_OK;
  }
  frame box = {.width = at->width, .height = at->height};
  vs_status status = frame_of(w, element, at, &box);
  if (status != VS_OK) return fail_at(w, element, status);
  const use_chain chain = {number, at->uses};
  at->uses = &chain;
  if (w->tree->elements[target].kind != VS_SVG_SYMBOL) {
    at->map = vs_svg_transform_product(at->map, vs_svg_transform_translation(box.x, box.y));
    return walk(w, target, at);
  }
  const vs_svg_element *symbol = &w->tree->elements[target];
  const vs_svg_style around = at->style;
  w->seen.values +=
      vs_svg_style_compute(w->tree, w->rules, symbol, &around, hundred_of(at), &at->style);
  return at->style.is_displayed ? walk_viewport(w, symbol, at, box) : VS_OK;
}

/* By its kind, with its style and place known. */
static vs_status enter(walker *w, uint32_t number, const vs_svg_element *element, place *at) {
  frame box = {.width = at->width, .height = at->height};
  vs_status status;
  switch (element->kind) {
  case VS_SVG_A:
  case VS_SVG_G:
    return walk_children(w, element, at);
  case VS_SVG_SWITCH:
    return walk_switch(w, element, at);
  case VS_SVG_SVG:
    status = frame_of(w, element, at, &box);
    return status == VS_OK ? walk_viewport(w, element, at, box) : fail_at(w, element, status);
  case VS_SVG_USE:
    return walk_use(w, number, element, at);
  case VS_SVG_IMAGE:
  case VS_SVG_FOREIGN_OBJECT:
    w->seen.images++;
    return VS_OK;
  case VS_SVG_TEXT:
    w->seen.texts++;
    return VS_OK;
  default:
    return draw_shape(w, element, at);
  }
}

/* What a visit costs. */
static size_t cost_of(const walker *w, const vs_svg_element *element) {
  const char *classes = text_of(w, element, VS_SVG_ATTR_CLASS);
  const size_t rules = vs_svg_style_rules_count(w->rules);
  const size_t by_rules = rules * (8 + (rules > 0 && classes != NULL ? strlen(classes) : 0));
  return 64 + element->attribute_bytes + by_rules;
}

/* Puts an element's own transform before the map that it stands in: its style's, or else its
 * attribute's. */
static vs_status apply_transform(walker *w, const vs_svg_element *element, place *at) {
  const vs_svg_style *style = &at->style;
  const char *text = text_of(w, element, VS_SVG_TRANSFORM);
  vs_svg_matrix map = vs_svg_transform_identity();
  vs_status status = VS_OK;
  if (style->transform != NULL) {
    const size_t bytes = style->transform_bytes; /* which a rule may say of many elements */
    status = spend(w, element, bytes < VS_SVG_CSS_TRANSFORM ? bytes : VS_SVG_CSS_TRANSFORM);
    if (status != VS_OK) return status;
    vs_svg_transform_css(style->transform, bytes, &map);
  } else if (text != NULL) {
    status = fail_at(w, element, vs_svg_transform(text, &map));
  }
  const bool only_moves = map.a == 1.0 && map.b == 0.0 && map.c == 0.0 && map.d == 1.0;
  w->seen.origins += style->has_origin && !only_moves; /* which it does about any place */
  at->map = vs_svg_transform_product(at->map, map);
  return status;
}

static vs_status walk(walker *w, uint32_t number, const place *around) {
  const vs_svg_element *element = &w->tree->elements[number];
  if (element->kind == VS_SVG_OTHER || element->kind == VS_SVG_STYLE ||
      element->kind == VS_SVG_SYMBOL)
    return VS_OK;
  if (around->depth == MAX_DEPTH)
    return fail_at(w, element,
                   vs_fail(VS_ERR_LIMIT, "groups and uses more than %d deep", MAX_DEPTH));
  vs_status status = spend(w, element, cost_of(w, element));
  if (status != VS_OK) return status;
  place at = *around;
  at.depth++;
  w->seen.values += vs_svg_style_compute(w->tree, w->rules, element, &around->style,
                                         hundred_of(around), &at.style);
  if (!at.style.is_displayed) return VS_OK;
  w->seen.clipped += at.style.is_clipped;
  status = apply_transform(w, element, &at);
  return status == VS_OK ? enter(w, number, element, &at) : status;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* Size of the canvas, and where the root's coordinates lie on it. */
static vs_status find_canvas(walker *w, place *at) {
  const vs_svg_element *root = &w->tree->elements[0];
  const char *view_box = text_of(w, root, VS_SVG_ATTR_VIEW_BOX);
  double width = 0.0, height = 0.0;
  const char *width_text = text_of(w, root, VS_SVG_ATTR_WIDTH);
  const char *height_text = text_of(w, root, VS_SVG_ATTR_HEIGHT);
  if (width_text != NULL) vs_svg_scan_length(width_text, 0.0, &width);
  if (height_text != NULL) vs_svg_scan_length(height_text, 0.0, &height);
  at->map = vs_svg_transform_identity();
  w->px = 1.0;
  if (view_box != NULL) {
    double box[4];
    vs_status status = vs_svg_transform_view_box(view_box, box);
    if (status != VS_OK) return fail_at(w, root, status);
    at->map = vs_svg_transform_translation(-box[0], -box[1]);
    if (width > 0.0 && isfinite(width)) w->px = box[2] / width;
    width = box[2];
    height = box[3];
  } else if (!(width > 0.0 && height > 0.0)) {
    return fail_at(w, root,
                   vs_fail(VS_ERR_FORMAT, "<svg> has neither a viewBox nor a width and height in "
                                          "px or mm above 0, so the size of the sheet is unknown"));
  }
  if (!(width <= farthest && height <= farthest))
    return fail_at(w, root,
                   vs_fail(VS_ERR_FORMAT, "a canvas of %g x %g: sides go to %g units", width,
                           height, farthest));
  w->width = at->width = width;
  w->height = at->height = height;
  return VS_OK;
}

static vs_status walk_root(walker *w) {
  const vs_svg_element *root = &w->tree->elements[0];
  const vs_svg_style initial = vs_svg_style_initial();
  place at = {0};
  vs_status status = find_canvas(w, &at);
  if (status != VS_OK) return status;
  w->seen.values +=
      vs_svg_style_compute(w->tree, w->rules, root, &initial, hundred_of(&at), &at.style);
  return at.style.is_displayed ? walk_children(w, root, &at) : VS_OK;
}

static void remark(const walker *w, size_t count, const char *what) {
  if (count > 0) vs_log(VS_LOG_WARNING, "%s: %s: %zu", w->tree->path, what, count);
}

static void log_remarks(const walker *w) {
  const remarks *seen = &w->seen;
  remark(w, seen->filled, "left out, as they have a fill and no stroke: shapes");
  remark(w, seen->texts, "left out, to be turned into paths first: texts");
  remark(w, seen->images, "left out: images");
  remark(w, seen->uses, "left out, as they name nothing in this file: <use> elements");
  remark(w, seen->switches,
         "left out, as no child of theirs is for all readers or for those of English: <switch> "
         "elements");
  remark(w, seen->dashed, "read as solid lines: dashed shapes");
  remark(w, seen->servers, "read as black: shapes stroked with a gradient or pattern");
  remark(w, seen->clipped, "read without their clip path or mask: elements");
  remark(w, seen->origins, "transformed about (0,0), without their transform-origin: elements");
  remark(w, seen->values, "not understood: values of style properties");
  remark(w, seen->selectors, "not understood: selectors of style sheets");
}

static vs_status make_drawing(const walker *w, vs_drawing **out) {
  if (w->stroke_count == 0)
    return vs_fail(
        VS_ERR_USAGE,
        "%s: nothing in it is stroked%s; give its shapes a stroke (in Inkscape: Object > "
        "Fill and Stroke)",
        w->tree->path, w->seen.filled > 0 ? ", only filled" : "");
  vs_status status = vs_drawing_new(out, w->width, w->height, w->stroke_count, w->point_count);
  if (status != VS_OK) return status;
  memcpy((*out)->paper, w->paper, sizeof w->paper);
  memcpy((*out)->strokes, w->strokes, w->stroke_count * sizeof *w->strokes);
  memcpy((*out)->points, w->points, w->point_count * sizeof *w->points);
  return VS_OK;
}

vs_status vs_svg_read(vs_drawing **out, const char *path) {
  double unit_px;
  return vs_svg_read_sheet(out, path, &unit_px);
}

vs_status vs_svg_read_sheet(vs_drawing **out, const char *path, double *unit_px) {
  *out = NULL;
  vs_svg_tree tree;
  walker w = {.tree = &tree, .work = max_work, .paper = {1.0f, 1.0f, 1.0f}};
  vs_status status = vs_svg_tree_read(&tree, path);
  if (status == VS_OK)
    status =
        vs_status_context(vs_svg_style_rules_new(&w.rules, &tree, &w.seen.selectors), "%s", path);
  if (status == VS_OK) status = walk_root(&w);
  if (status == VS_OK) status = make_drawing(&w, out);
  if (status == VS_OK) {
    *unit_px = w.px > 1.0 / farthest && w.px < farthest ? 1.0 / w.px : 1.0;
    log_remarks(&w);
  }
  vs_svg_outline_clear(&w.outline);
  free(w.strokes);
  free(w.points);
  vs_svg_style_rules_free(w.rules);
  vs_svg_tree_clear(&tree);
  return status;
}
