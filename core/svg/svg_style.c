/* svg_style.c - declarations gathered from attributes, rules and the style attribute, and the
 * cascade over them. */
#include "core/svg/svg_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/grow.h"
#include "core/svg/svg_scan.h"
#include "core/svg/svg_transform.h"

/* Part of a text that is not its own. */
typedef struct slice {
  const char *at;
  size_t length;
} slice;

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static slice trimmed(const char *from, const char *to) {
  while (from < to && is_blank(*from)) from++;
  while (from < to && is_blank(to[-1])) to--;
  return (slice){from, (size_t)(to - from)};
}

static bool is_slice(slice s, const char *text) {
  return strncmp(s.at, text, s.length) == 0 && text[s.length] == '\0';
}

/* --- values ----------------------------------------------------------------------------------- */

enum { VALUE_BYTES = 128 }; /* longer ones are none */

static void copy_value(char text[VALUE_BYTES], slice value) {
  snprintf(text, VALUE_BYTES, "%.*s",
           (int)(value.length < VALUE_BYTES ? value.length : VALUE_BYTES), value.at);
}

static bool parse_opacity(const char *text, double *value) {
  double number;
  if (!vs_svg_scan_length(text, 1.0, &number)) return false;
  *value = fmin(fmax(number, 0.0), 1.0);
  return true;
}

static bool parse_width(const char *text, double hundred, double *value) {
  double number;
  if (!vs_svg_scan_length(text, hundred, &number) || number < 0.0) return false;
  *value = number;
  return true;
}

/* Whether a property can have this value; those that are not read as numbers or colours can have
 * any. */
static bool is_value(vs_svg_name which, slice value) {
  char text[VALUE_BYTES];
  double number;
  vs_svg_matrix map;
  const vs_svg_color current = {.alpha = 1.0};
  vs_svg_color color;
  vs_svg_paint paint;
  copy_value(text, value);
  if (which == VS_SVG_TRANSFORM) return vs_svg_transform_css(value.at, value.length, &map);
  if (strcasecmp(text, "inherit") == 0) return true;
  switch (which) {
  case VS_SVG_COLOR:
    return vs_svg_color_parse(text, &color);
  case VS_SVG_STROKE:
  case VS_SVG_FILL:
    return vs_svg_color_parse_paint(text, &current, &paint);
  case VS_SVG_STROKE_OPACITY:
  case VS_SVG_FILL_OPACITY:
  case VS_SVG_OPACITY:
    return parse_opacity(text, &number);
  case VS_SVG_STROKE_WIDTH:
    return parse_width(text, 100.0, &number);
  default:
    return true;
  }
}

/* --- style sheets ----------------------------------------------------------------------------- */

enum { MAX_CLASSES = 4 };

/* The value that counts of each property; at NULL: none was declared. */
typedef struct declarations {
  slice value[VS_SVG_PROPERTIES];
  bool is_important[VS_SVG_PROPERTIES];
  size_t wrong; /* values that are none of their property: as if they were not there */
} declarations;

/* The last declaration counts; if any are important, the last of those. */
static void set_declared(declarations *all, size_t property, slice value, bool is_important) {
  if (all->is_important[property] && !is_important) return;
  all->value[property] = value;
  all->is_important[property] = is_important;
}

/* "value" or "value !important" of a property */
static void declare_one(declarations *all, vs_svg_name which, slice text) {
  const char *mark = memchr(text.at, '!', text.length), *end = text.at + text.length;
  const slice value = mark == NULL ? text : trimmed(text.at, mark);
  const slice rest = mark == NULL ? (slice){end, 0} : trimmed(mark + 1, end);
  const bool is_important = rest.length == 9 && strncasecmp(rest.at, "important", 9) == 0;
  if ((mark != NULL && !is_important) || !is_value(which, value))
    all->wrong++;
  else
    set_declared(all, (size_t)(which - VS_SVG_FIRST_PROPERTY), value, is_important);
}

/* "property: value; property: value" */
static void declare(declarations *all, slice text) {
  const char *at = text.at, *end = text.at + text.length;
  while (at < end) {
    const char *stop = memchr(at, ';', (size_t)(end - at));
    if (stop == NULL) stop = end;
    const char *colon = memchr(at, ':', (size_t)(stop - at));
    if (colon != NULL) {
      const slice name = trimmed(at, colon);
      const vs_svg_name which = vs_svg_tree_find_name(name.at, name.length);
      if (which >= VS_SVG_FIRST_PROPERTY && which < VS_SVG_NAMES)
        declare_one(all, which, trimmed(colon + 1, stop));
    }
    at = stop + 1;
  }
}

typedef struct rule {
  vs_svg_kind kind; /* VS_SVG_OTHER: any */
  slice id;         /* at NULL: any */
  slice classes[MAX_CLASSES];
  int class_count;
  int weight; /* specificity: ids before classes before names */
  size_t order;
  declarations block;
} rule;

struct vs_svg_rules {
  rule *rules; /* in the order in which they apply */
  size_t count, room, passed_over;
  char *text; /* without comments; owned */
};

/* Comments become blanks, so that slices can be taken. */
static void blank_comments(char *text) {
  for (char *at = strstr(text, "/*"); at != NULL; at = strstr(at, "/*")) {
    const char *end = strstr(at + 2, "*/");
    const size_t length = end == NULL ? strlen(at) : (size_t)(end + 2 - at);
    memset(at, ' ', length);
    at += length;
  }
}

static bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || (unsigned char)c >= 0x80;
}

static slice scan_name(const char **at, const char *end) {
  const char *from = *at;
  while (*at < end && is_name_byte(**at)) ++*at;
  return (slice){from, (size_t)(*at - from)};
}

/* One selector; false if it is not of the understood kind. */
static bool parse_selector(slice text, rule *out) {
  const char *at = text.at, *end = text.at + text.length;
  if (at == end) return false;
  if (*at == '*') {
    at++;
  } else if (is_name_byte(*at)) {
    slice name = scan_name(&at, end);
    out->kind = vs_svg_tree_find_kind(name.at, name.length);
    if (out->kind == VS_SVG_OTHER) return false; /* of elements that are never drawn */
    out->weight++;
  }
  while (at < end) {
    const char mark = *at++;
    slice name = scan_name(&at, end);
    if (name.length == 0) return false;
    if (mark == '#' && out->id.at == NULL) {
      out->id = name;
      out->weight += 100;
    } else if (mark == '.' && out->class_count < MAX_CLASSES) {
      out->classes[out->class_count++] = name;
      out->weight += 10;
    } else {
      return false;
    }
  }
  return true;
}

static vs_status add_rule(vs_svg_rules *rules, slice selector, const declarations *block) {
  rule new = {.order = rules->count, .block = *block};
  if (!parse_selector(selector, &new)) {
    rules->passed_over++;
    return VS_OK;
  }
  if (rules->count == VS_SVG_MAX_RULES)
    return vs_fail(VS_ERR_LIMIT, "more than %d rules in its style sheets", VS_SVG_MAX_RULES);
  rule *grown = vs_grow(rules->rules, &rules->room, rules->count + 1, sizeof *grown);
  if (grown == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for its style sheets");
  rules->rules = grown;
  rules->rules[rules->count++] = new;
  return VS_OK;
}

/* Behind the block that begins here: brackets within it are counted. */
static const char *skip_block(const char *at) {
  int depth = 0;
  for (; *at != '\0'; at++) {
    if (*at == '{') depth++;
    if (*at == '}' && --depth <= 0) return at + 1;
  }
  return at;
}

/* "@media ... {...}" and "@import ...;" */
static const char *skip_at_rule(const char *at) {
  at += strcspn(at, "{;");
  return *at == '{' ? skip_block(at) : *at == ';' ? at + 1 : at;
}

/* "a, b { declarations }": a rule for each selector. Returns what follows. */
static const char *parse_block(vs_svg_rules *rules, const char *at, vs_status *status) {
  const char *open = strchr(at, '{');
  if (open == NULL) return at + strlen(at);
  const char *close = open + strcspn(open, "}");
  declarations block = {0};
  declare(&block, trimmed(open + 1, close));
  while (at <= open && *status == VS_OK) {
    const char *comma = at + strcspn(at, ",{");
    *status = add_rule(rules, trimmed(at, comma), &block);
    at = comma + 1;
  }
  return *close == '\0' ? close : close + 1;
}

static int compare_rules(const void *a, const void *b) {
  const rule *left = a, *right = b;
  if (left->weight != right->weight) return left->weight < right->weight ? -1 : 1;
  return (left->order > right->order) - (left->order < right->order);
}

vs_status vs_svg_style_rules_new(vs_svg_rules **out, const vs_svg_tree *tree, size_t *passed_over) {
  *out = NULL;
  *passed_over = 0;
  vs_svg_rules *rules = calloc(1, sizeof *rules);
  if (rules != NULL) rules->text = strdup(tree->style == NULL ? "" : tree->style);
  vs_status status = VS_OK;
  if (rules == NULL || rules->text == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for its style sheets");
  } else {
    blank_comments(rules->text);
    const char *at = rules->text;
    while (status == VS_OK) {
      while (is_blank(*at)) at++;
      if (*at == '\0') break;
      if (*at == '@') rules->passed_over++;
      at = *at == '@' ? skip_at_rule(at) : parse_block(rules, at, &status);
    }
    if (rules->count > 0) qsort(rules->rules, rules->count, sizeof *rules->rules, compare_rules);
    *passed_over = rules->passed_over;
  }
  if (status == VS_OK)
    *out = rules;
  else
    vs_svg_style_rules_free(rules);
  return status;
}

void vs_svg_style_rules_free(vs_svg_rules *rules) {
  if (rules == NULL) return;
  free(rules->rules);
  free(rules->text);
  free(rules);
}

size_t vs_svg_style_rules_count(const vs_svg_rules *rules) {
  return rules->count;
}

/* Whether a class attribute, words between blanks, has this one. */
static bool has_class(const char *classes, slice wanted) {
  if (classes == NULL) return false;
  while (*classes != '\0') {
    while (is_blank(*classes)) classes++;
    const char *end = classes;
    while (*end != '\0' && !is_blank(*end)) end++;
    if ((size_t)(end - classes) == wanted.length && memcmp(classes, wanted.at, wanted.length) == 0)
      return true;
    classes = end;
  }
  return false;
}

static bool matches(const rule *r, vs_svg_kind kind, const char *id, const char *classes) {
  if (r->kind != VS_SVG_OTHER && r->kind != kind) return false;
  if (r->id.at != NULL && (id == NULL || !is_slice(r->id, id))) return false;
  for (int i = 0; i < r->class_count; i++)
    if (!has_class(classes, r->classes[i])) return false;
  return true;
}

/* --- the cascade ------------------------------------------------------------------------------ */

/* What `later` declares overrides what was declared before. */
static void override(declarations *all, const declarations *later) {
  all->wrong += later->wrong;
  for (size_t i = 0; i < VS_SVG_PROPERTIES; i++)
    if (later->value[i].at != NULL) set_declared(all, i, later->value[i], later->is_important[i]);
}

static void cascade(declarations *all, const vs_svg_tree *tree, const vs_svg_rules *rules,
                    const vs_svg_element *element) {
  for (int i = 0; i < element->attribute_count; i++) {
    const vs_svg_attribute *attribute = &tree->attributes[element->first_attribute + (size_t)i];
    if (attribute->name < VS_SVG_FIRST_PROPERTY || attribute->name == VS_SVG_TRANSFORM) continue;
    const char *text = tree->texts + attribute->text;
    declare_one(all, attribute->name, trimmed(text, text + strlen(text)));
  }
  const char *id = vs_svg_tree_attribute_text(tree, element, VS_SVG_ATTR_ID);
  const char *classes = vs_svg_tree_attribute_text(tree, element, VS_SVG_ATTR_CLASS);
  for (size_t i = 0; i < rules->count; i++)
    if (matches(&rules->rules[i], element->kind, id, classes))
      override(all, &rules->rules[i].block);
  const char *style = vs_svg_tree_attribute_text(tree, element, VS_SVG_ATTR_STYLE);
  if (style != NULL) declare(all, (slice){style, strlen(style)});
}

/* --- what comes of it ------------------------------------------------------------------------- */

/* The value that counts of a property; at NULL: none was declared. */
static slice declared_value(const declarations *all, vs_svg_name name) {
  return all->value[name - VS_SVG_FIRST_PROPERTY];
}

/* The value as a text; false if there is none, or it says only that it is as it was. */
static bool value_of(const declarations *all, vs_svg_name name, char text[VALUE_BYTES]) {
  const slice value = declared_value(all, name);
  if (value.at == NULL) return false;
  copy_value(text, value);
  return strcasecmp(text, "inherit") != 0;
}

/* Whether a transform-origin is another than the corner, where it is of itself. */
static bool is_off_corner(const char *text) {
  return strpbrk(text, "123456789") != NULL || strcasestr(text, "center") != NULL ||
         strcasestr(text, "right") != NULL || strcasestr(text, "bottom") != NULL;
}

vs_svg_style vs_svg_style_initial(void) {
  const vs_svg_color black = {.alpha = 1.0};
  return (vs_svg_style){.stroke = {.is_none = true, .color = black},
                        .fill = {.color = black},
                        .current = black,
                        .stroke_opacity = 1.0,
                        .fill_opacity = 1.0,
                        .opacity = 1.0,
                        .width = 1.0,
                        .is_visible = true,
                        .is_displayed = true};
}

size_t vs_svg_style_compute(const vs_svg_tree *tree, const vs_svg_rules *rules,
                            const vs_svg_element *element, const vs_svg_style *around,
                            double hundred, vs_svg_style *out) {
  declarations all = {0};
  char text[VALUE_BYTES];
  double opacity = 1.0;
  cascade(&all, tree, rules, element);
  *out = *around;
  out->is_displayed = true;
  out->has_fixed_width = out->is_clipped = out->has_origin = false;
  if (value_of(&all, VS_SVG_COLOR, text)) (void)vs_svg_color_parse(text, &out->current);
  if (value_of(&all, VS_SVG_STROKE, text))
    (void)vs_svg_color_parse_paint(text, &out->current, &out->stroke);
  if (value_of(&all, VS_SVG_FILL, text))
    (void)vs_svg_color_parse_paint(text, &out->current, &out->fill);
  if (value_of(&all, VS_SVG_STROKE_OPACITY, text)) (void)parse_opacity(text, &out->stroke_opacity);
  if (value_of(&all, VS_SVG_FILL_OPACITY, text)) (void)parse_opacity(text, &out->fill_opacity);
  if (value_of(&all, VS_SVG_OPACITY, text)) (void)parse_opacity(text, &opacity);
  if (value_of(&all, VS_SVG_STROKE_WIDTH, text)) (void)parse_width(text, hundred, &out->width);
  if (value_of(&all, VS_SVG_STROKE_LINECAP, text)) out->has_caps = strcasecmp(text, "butt") != 0;
  if (value_of(&all, VS_SVG_STROKE_DASHARRAY, text))
    out->is_dashed = strpbrk(text, "123456789") != NULL;
  if (value_of(&all, VS_SVG_VISIBILITY, text)) out->is_visible = strcasecmp(text, "visible") == 0;
  if (value_of(&all, VS_SVG_DISPLAY, text)) out->is_displayed = strcasecmp(text, "none") != 0;
  if (value_of(&all, VS_SVG_VECTOR_EFFECT, text))
    out->has_fixed_width = strcasecmp(text, "non-scaling-stroke") == 0;
  if (value_of(&all, VS_SVG_CLIP_PATH, text)) out->is_clipped = strcasecmp(text, "none") != 0;
  if (value_of(&all, VS_SVG_MASK, text)) out->is_clipped |= strcasecmp(text, "none") != 0;
  if (value_of(&all, VS_SVG_TRANSFORM_ORIGIN, text)) out->has_origin = is_off_corner(text);
  const slice transform = declared_value(&all, VS_SVG_TRANSFORM);
  out->transform = transform.at;
  out->transform_bytes = transform.length;
  out->opacity = around->opacity * opacity;
  return all.wrong;
}
