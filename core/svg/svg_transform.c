/* svg_transform.c - the two grammars of transforms, that of the attribute and that of CSS, and
 * maps of viewBoxes. */
#include "core/svg/svg_transform.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/svg/svg_scan.h"

vs_svg_matrix vs_svg_transform_identity(void) {
  return (vs_svg_matrix){.a = 1.0, .d = 1.0};
}

vs_svg_matrix vs_svg_transform_translation(double x, double y) {
  return (vs_svg_matrix){.a = 1.0, .d = 1.0, .e = x, .f = y};
}

vs_svg_matrix vs_svg_transform_product(vs_svg_matrix o, vs_svg_matrix i) {
  return (vs_svg_matrix){o.a * i.a + o.c * i.b,       o.b * i.a + o.d * i.b,
                         o.a * i.c + o.c * i.d,       o.b * i.c + o.d * i.d,
                         o.a * i.e + o.c * i.f + o.e, o.b * i.e + o.d * i.f + o.f};
}

vs_svg_point vs_svg_transform_apply(vs_svg_matrix m, vs_svg_point p) {
  return (vs_svg_point){m.a * p.x + m.c * p.y + m.e, m.b * p.x + m.d * p.y + m.f};
}

double vs_svg_transform_scale(vs_svg_matrix m) {
  return sqrt(fabs(m.a * m.d - m.b * m.c));
}

static vs_svg_matrix rotation(double degrees) {
  const double angle = degrees * (M_PI / 180.0);
  return (vs_svg_matrix){cos(angle), sin(angle), -sin(angle), cos(angle), 0.0, 0.0};
}

typedef enum transform_kind {
  MATRIX,
  TRANSLATE,
  SCALE,
  ROTATE,
  SKEW_X,
  SKEW_Y,
  /* of CSS alone */
  TRANSLATE_X,
  TRANSLATE_Y,
  SCALE_X,
  SCALE_Y,
  SKEW,
  KINDS,
  ATTRIBUTE_KINDS = TRANSLATE_X
} kind;

static const char *const names[KINDS] = {[MATRIX] = "matrix",
                                         [TRANSLATE] = "translate",
                                         [SCALE] = "scale",
                                         [ROTATE] = "rotate",
                                         [SKEW_X] = "skewX",
                                         [SKEW_Y] = "skewY",
                                         [TRANSLATE_X] = "translateX",
                                         [TRANSLATE_Y] = "translateY",
                                         [SCALE_X] = "scaleX",
                                         [SCALE_Y] = "scaleY",
                                         [SKEW] = "skew"};

static vs_svg_matrix skewing(double degrees_x, double degrees_y) {
  return (vs_svg_matrix){.a = 1.0,
                         .b = tan(degrees_y * (M_PI / 180.0)),
                         .c = tan(degrees_x * (M_PI / 180.0)),
                         .d = 1.0};
}

/* false where this kind does not take so many numbers. */
static bool make(kind which, const double *n, int count, vs_svg_matrix *out) {
  const double second = count > 1 ? n[1] : 0.0;
  switch (which) {
  case MATRIX:
    *out = (vs_svg_matrix){n[0], n[1], n[2], n[3], n[4], n[5]};
    return count == 6;
  case TRANSLATE:
    *out = vs_svg_transform_translation(n[0], second);
    return count == 1 || count == 2;
  case SCALE:
    *out = (vs_svg_matrix){.a = n[0], .d = count > 1 ? n[1] : n[0]};
    return count == 1 || count == 2;
  case ROTATE:
    *out = rotation(n[0]);
    if (count == 3) {
      *out = vs_svg_transform_product(vs_svg_transform_translation(n[1], n[2]), *out);
      *out = vs_svg_transform_product(*out, vs_svg_transform_translation(-n[1], -n[2]));
    }
    return count == 1 || count == 3;
  case SKEW_X:
    *out = skewing(n[0], 0.0);
    return count == 1;
  case SKEW_Y:
    *out = skewing(0.0, n[0]);
    return count == 1;
  case TRANSLATE_X:
    *out = vs_svg_transform_translation(n[0], 0.0);
    return count == 1;
  case TRANSLATE_Y:
    *out = vs_svg_transform_translation(0.0, n[0]);
    return count == 1;
  case SCALE_X:
    *out = (vs_svg_matrix){.a = n[0], .d = 1.0};
    return count == 1;
  case SCALE_Y:
    *out = (vs_svg_matrix){.a = 1.0, .d = n[0]};
    return count == 1;
  default:
    *out = skewing(n[0], second);
    return count == 1 || count == 2;
  }
}

/* One of the first `count` names; `count` if none is there. */
static int scan_name(const char **at, int count) {
  int which = 0;
  while (which < count && !vs_svg_scan_word(at, names[which])) which++;
  return which;
}

/* name ( numbers ) */
static bool scan_one(const char **at, vs_svg_matrix *out) {
  const int which = scan_name(at, ATTRIBUTE_KINDS);
  vs_svg_scan_space(at);
  if (which == ATTRIBUTE_KINDS || **at != '(') return false;
  ++*at;
  double numbers[6] = {0};
  int count = 0;
  vs_svg_scan_space(at);
  while (count < 6 && vs_svg_scan_number(at, &numbers[count])) {
    count++;
    vs_svg_scan_comma(at);
  }
  if (**at != ')' || !make((kind)which, numbers, count, out)) return false;
  ++*at;
  return true;
}

vs_status vs_svg_transform(const char *text, vs_svg_matrix *map) {
  const char *at = text;
  *map = vs_svg_transform_identity();
  vs_svg_scan_space(&at);
  if (strcmp(at, "none") == 0) return VS_OK;
  while (*at != '\0') {
    vs_svg_matrix one;
    if (!scan_one(&at, &one)) {
      char quoted[48];
      vs_svg_scan_quote(quoted, sizeof quoted, text);
      return vs_fail(VS_ERR_FORMAT,
                     "transform \"%s\" is no list of matrix(), translate(), scale(), rotate(), "
                     "skewX(), skewY()",
                     quoted);
    }
    *map = vs_svg_transform_product(*map, one);
    vs_svg_scan_comma(&at);
  }
  return VS_OK;
}

/* --- CSS -------------------------------------------------------------------------------------- */

static bool scan_angle(const char **at, double *degrees) {
  static const struct {
    const char *name;
    double degrees;
  } units[] = {{"deg", 1.0}, {"grad", 0.9}, {"rad", 180.0 / M_PI}, {"turn", 360.0}};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    if (!vs_svg_scan_word(at, units[i].name)) continue;
    *degrees *= units[i].degrees;
    return true;
  }
  return *degrees == 0.0; /* which alone needs no unit */
}

static bool scan_length(const char **at, double *length) {
  double px;
  if (!vs_svg_scan_unit(at, &px)) return *length == 0.0;
  *length *= px;
  return true;
}

/* An argument in the unit that this function takes. */
static bool scan_argument(const char **at, kind which, double *value) {
  if (!vs_svg_scan_number(at, value)) return false;
  switch (which) {
  case TRANSLATE:
  case TRANSLATE_X:
  case TRANSLATE_Y:
    return scan_length(at, value);
  case ROTATE:
  case SKEW:
  case SKEW_X:
  case SKEW_Y:
    return scan_angle(at, value);
  default:
    return true;
  }
}

/* name(argument, argument) */
static bool scan_css(const char **at, vs_svg_matrix *out) {
  const int which = scan_name(at, KINDS);
  if (which == KINDS || **at != '(') return false;
  double arguments[6] = {0};
  int count = 0;
  do {
    ++*at; /* the bracket, or a comma */
    vs_svg_scan_space(at);
    if (count == 6 || !scan_argument(at, (kind)which, &arguments[count++])) return false;
    vs_svg_scan_space(at);
  } while (**at == ',');
  if (**at != ')' || (which == ROTATE && count != 1)) return false;
  ++*at;
  return make((kind)which, arguments, count, out);
}

bool vs_svg_transform_css(const char *text, size_t length, vs_svg_matrix *map) {
  char copy[VS_SVG_CSS_TRANSFORM + 1];
  if (length == 0 || length >= sizeof copy) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  const char *at = copy;
  vs_svg_matrix all = vs_svg_transform_identity();
  if (strcasecmp(copy, "none") != 0 && strcasecmp(copy, "initial") != 0) {
    for (; *at != '\0'; vs_svg_scan_space(&at)) {
      vs_svg_matrix one;
      if (!scan_css(&at, &one)) return false;
      all = vs_svg_transform_product(all, one);
    }
  }
  *map = all;
  return true;
}

/* --- views ------------------------------------------------------------------------------------ */

vs_status vs_svg_transform_view_box(const char *text, double box[4]) {
  const char *at = text;
  vs_svg_scan_space(&at);
  int count = 0;
  while (count < 4 && vs_svg_scan_number(&at, &box[count])) {
    count++;
    vs_svg_scan_comma(&at);
  }
  bool is_valid = count == 4 && *at == '\0' && box[2] > 0.0 && box[3] > 0.0;
  for (int i = 0; i < count; i++) is_valid = is_valid && isfinite(box[i]);
  if (is_valid) return VS_OK;
  char quoted[48];
  vs_svg_scan_quote(quoted, sizeof quoted, text);
  return vs_fail(VS_ERR_FORMAT, "viewBox \"%s\" is not four numbers, the last two above 0", quoted);
}

/* Which part of the space that is left goes before: "xMin" 0, "xMid" 1/2, "xMax" 1. */
static double alignment(const char *aspect, const char *min, const char *max) {
  return strstr(aspect, min) != NULL ? 0.0 : strstr(aspect, max) != NULL ? 1.0 : 0.5;
}

vs_status vs_svg_transform_view(const char *view_box, const char *aspect, double width,
                                double height, vs_svg_matrix *map) {
  double box[4];
  vs_status status = vs_svg_transform_view_box(view_box, box);
  if (status != VS_OK) return status;
  if (aspect == NULL) aspect = "xMidYMid meet";
  double sx = width / box[2], sy = height / box[3];
  if (strstr(aspect, "none") == NULL)
    sx = sy = strstr(aspect, "slice") != NULL ? fmax(sx, sy) : fmin(sx, sy);
  const double x = (width - sx * box[2]) * alignment(aspect, "xMin", "xMax");
  const double y = (height - sy * box[3]) * alignment(aspect, "YMin", "YMax");
  *map = (vs_svg_matrix){sx, 0.0, 0.0, sy, x - sx * box[0], y - sy * box[1]};
  return VS_OK;
}
