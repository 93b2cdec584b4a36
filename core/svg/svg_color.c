/* svg_color.c - the grammar of colours in CSS, with the table of their names. */
#include "core/svg/svg_color.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/image/color.h"
#include "core/svg/svg_scan.h"

typedef struct named_color {
  const char *name;
  uint32_t rgb; /* 0xrrggbb */
} named_color;

/* SVG 1.1, 4.4 "Recognized color keyword names", and CSS Color 4's rebeccapurple; in alphabetical
 * order. */
static const named_color named[] = {{"aliceblue", 0xf0f8ff},
                                    {"antiquewhite", 0xfaebd7},
                                    {"aqua", 0x00ffff},
                                    {"aquamarine", 0x7fffd4},
                                    {"azure", 0xf0ffff},
                                    {"beige", 0xf5f5dc},
                                    {"bisque", 0xffe4c4},
                                    {"black", 0x000000},
                                    {"blanchedalmond", 0xffebcd},
                                    {"blue", 0x0000ff},
                                    {"blueviolet", 0x8a2be2},
                                    {"brown", 0xa52a2a},
                                    {"burlywood", 0xdeb887},
                                    {"cadetblue", 0x5f9ea0},
                                    {"chartreuse", 0x7fff00},
                                    {"chocolate", 0xd2691e},
                                    {"coral", 0xff7f50},
                                    {"cornflowerblue", 0x6495ed},
                                    {"cornsilk", 0xfff8dc},
                                    {"crimson", 0xdc143c},
                                    {"cyan", 0x00ffff},
                                    {"darkblue", 0x00008b},
                                    {"darkcyan", 0x008b8b},
                                    {"darkgoldenrod", 0xb8860b},
                                    {"darkgray", 0xa9a9a9},
                                    {"darkgreen", 0x006400},
                                    {"darkgrey", 0xa9a9a9},
                                    {"darkkhaki", 0xbdb76b},
                                    {"darkmagenta", 0x8b008b},
                                    {"darkolivegreen", 0x556b2f},
                                    {"darkorange", 0xff8c00},
                                    {"darkorchid", 0x9932cc},
                                    {"darkred", 0x8b0000},
                                    {"darksalmon", 0xe9967a},
                                    {"darkseagreen", 0x8fbc8f},
                                    {"darkslateblue", 0x483d8b},
                                    {"darkslategray", 0x2f4f4f},
                                    {"darkslategrey", 0x2f4f4f},
                                    {"darkturquoise", 0x00ced1},
                                    {"darkviolet", 0x9400d3},
                                    {"deeppink", 0xff1493},
                                    {"deepskyblue", 0x00bfff},
                                    {"dimgray", 0x696969},
                                    {"dimgrey", 0x696969},
                                    {"dodgerblue", 0x1e90ff},
                                    {"firebrick", 0xb22222},
                                    {"floralwhite", 0xfffaf0},
                                    {"forestgreen", 0x228b22},
                                    {"fuchsia", 0xff00ff},
                                    {"gainsboro", 0xdcdcdc},
                                    {"ghostwhite", 0xf8f8ff},
                                    {"gold", 0xffd700},
                                    {"goldenrod", 0xdaa520},
                                    {"gray", 0x808080},
                                    {"green", 0x008000},
                                    {"greenyellow", 0xadff2f},
                                    {"grey", 0x808080},
                                    {"honeydew", 0xf0fff0},
                                    {"hotpink", 0xff69b4},
                                    {"indianred", 0xcd5c5c},
                                    {"indigo", 0x4b0082},
                                    {"ivory", 0xfffff0},
                                    {"khaki", 0xf0e68c},
                                    {"lavender", 0xe6e6fa},
                                    {"lavenderblush", 0xfff0f5},
                                    {"lawngreen", 0x7cfc00},
                                    {"lemonchiffon", 0xfffacd},
                                    {"lightblue", 0xadd8e6},
                                    {"lightcoral", 0xf08080},
                                    {"lightcyan", 0xe0ffff},
                                    {"lightgoldenrodyellow", 0xfafad2},
                                    {"lightgray", 0xd3d3d3},
                                    {"lightgreen", 0x90ee90},
                                    {"lightgrey", 0xd3d3d3},
                                    {"lightpink", 0xffb6c1},
                                    {"lightsalmon", 0xffa07a},
                                    {"lightseagreen", 0x20b2aa},
                                    {"lightskyblue", 0x87cefa},
                                    {"lightslategray", 0x778899},
                                    {"lightslategrey", 0x778899},
                                    {"lightsteelblue", 0xb0c4de},
                                    {"lightyellow", 0xffffe0},
                                    {"lime", 0x00ff00},
                                    {"limegreen", 0x32cd32},
                                    {"linen", 0xfaf0e6},
                                    {"magenta", 0xff00ff},
                                    {"maroon", 0x800000},
                                    {"mediumaquamarine", 0x66cdaa},
                                    {"mediumblue", 0x0000cd},
                                    {"mediumorchid", 0xba55d3},
                                    {"mediumpurple", 0x9370db},
                                    {"mediumseagreen", 0x3cb371},
                                    {"mediumslateblue", 0x7b68ee},
                                    {"mediumspringgreen", 0x00fa9a},
                                    {"mediumturquoise", 0x48d1cc},
                                    {"mediumvioletred", 0xc71585},
                                    {"midnightblue", 0x191970},
                                    {"mintcream", 0xf5fffa},
                                    {"mistyrose", 0xffe4e1},
                                    {"moccasin", 0xffe4b5},
                                    {"navajowhite", 0xffdead},
                                    {"navy", 0x000080},
                                    {"oldlace", 0xfdf5e6},
                                    {"olive", 0x808000},
                                    {"olivedrab", 0x6b8e23},
                                    {"orange", 0xffa500},
                                    {"orangered", 0xff4500},
                                    {"orchid", 0xda70d6},
                                    {"palegoldenrod", 0xeee8aa},
                                    {"palegreen", 0x98fb98},
                                    {"paleturquoise", 0xafeeee},
                                    {"palevioletred", 0xdb7093},
                                    {"papayawhip", 0xffefd5},
                                    {"peachpuff", 0xffdab9},
                                    {"peru", 0xcd853f},
                                    {"pink", 0xffc0cb},
                                    {"plum", 0xdda0dd},
                                    {"powderblue", 0xb0e0e6},
                                    {"purple", 0x800080},
                                    {"rebeccapurple", 0x663399},
                                    {"red", 0xff0000},
                                    {"rosybrown", 0xbc8f8f},
                                    {"royalblue", 0x4169e1},
                                    {"saddlebrown", 0x8b4513},
                                    {"salmon", 0xfa8072},
                                    {"sandybrown", 0xf4a460},
                                    {"seagreen", 0x2e8b57},
                                    {"seashell", 0xfff5ee},
                                    {"sienna", 0xa0522d},
                                    {"silver", 0xc0c0c0},
                                    {"skyblue", 0x87ceeb},
                                    {"slateblue", 0x6a5acd},
                                    {"slategray", 0x708090},
                                    {"slategrey", 0x708090},
                                    {"snow", 0xfffafa},
                                    {"springgreen", 0x00ff7f},
                                    {"steelblue", 0x4682b4},
                                    {"tan", 0xd2b48c},
                                    {"teal", 0x008080},
                                    {"thistle", 0xd8bfd8},
                                    {"tomato", 0xff6347},
                                    {"turquoise", 0x40e0d0},
                                    {"violet", 0xee82ee},
                                    {"wheat", 0xf5deb3},
                                    {"white", 0xffffff},
                                    {"whitesmoke", 0xf5f5f5},
                                    {"yellow", 0xffff00},
                                    {"yellowgreen", 0x9acd32}};

static double clamp(double value, double max) {
  return value > 0.0 ? fmin(value, max) : 0.0; /* NaN: 0 */
}

static bool find_name(const char *text, vs_svg_color *out) {
  size_t low = 0, high = sizeof named / sizeof named[0];
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const int order = strcasecmp(text, named[middle].name);
    if (order == 0) {
      const uint32_t rgb = named[middle].rgb;
      for (int c = 0; c < 3; c++) out->rgb[c] = (float)(rgb >> (16 - 8 * c) & 0xff) / 255.0f;
      out->alpha = 1.0;
      return true;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return false;
}

/* One of the numbers in brackets, a share of `whole` (or per cent of 1), and what may stand between
 * them: commas, spaces, the slash before alpha. */
static bool scan_channel(const char **at, double whole, double *value) {
  double number;
  if (!vs_svg_scan_number(at, &number)) return false;
  if (**at == '%') {
    ++*at;
    whole = 100.0;
  }
  *value = clamp(number / whole, 1.0);
  vs_svg_scan_comma(at);
  if (**at == '/') {
    ++*at;
    vs_svg_scan_space(at);
  }
  return true;
}

/* CSS Color 4, 7.1: hue in degrees, the others 0..1. */
static void hsl_to_rgb(double hue, double saturation, double lightness, float rgb[3]) {
  static const double offset[3] = {0.0, 8.0, 4.0};
  for (int c = 0; c < 3; c++) {
    double k = fmod(offset[c] + hue / 30.0, 12.0);
    if (k < 0.0) k += 12.0;
    const double a = saturation * fmin(lightness, 1.0 - lightness);
    rgb[c] = (float)(lightness - a * fmax(-1.0, fmin(fmin(k - 3.0, 9.0 - k), 1.0)));
  }
}

static bool scan_hue(const char **at, double *hue) {
  if (!vs_svg_scan_number(at, hue) || !isfinite(*hue)) return false;
  vs_svg_scan_word(at, "deg");
  vs_svg_scan_comma(at);
  return true;
}

/* rgb(...) and hsl(...), from behind the name on. */
static bool parse_function(const char *at, bool is_hsl, vs_svg_color *out) {
  double channel[3], alpha = 1.0;
  vs_svg_scan_space(&at);
  if (*at != '(') return false;
  at++;
  vs_svg_scan_space(&at);
  if (is_hsl && !scan_hue(&at, &channel[0])) return false;
  for (int i = is_hsl ? 1 : 0; i < 3; i++)
    if (!scan_channel(&at, is_hsl ? 100.0 : 255.0, &channel[i])) return false;
  if (*at != ')' && !scan_channel(&at, 1.0, &alpha)) return false;
  if (at[0] != ')' || at[1] != '\0') return false;
  if (is_hsl)
    hsl_to_rgb(channel[0], channel[1], channel[2], out->rgb);
  else
    for (int i = 0; i < 3; i++) out->rgb[i] = (float)channel[i];
  out->alpha = alpha;
  return true;
}

bool vs_svg_color_parse(const char *text, vs_svg_color *out) {
  if (text[0] == '#') return vs_color_from_hex_alpha(text, out->rgb, &out->alpha);
  const char *at = text;
  if (vs_svg_scan_word(&at, "rgb") || vs_svg_scan_word(&at, "rgba"))
    return parse_function(at, false, out);
  if (vs_svg_scan_word(&at, "hsl") || vs_svg_scan_word(&at, "hsla"))
    return parse_function(at, true, out);
  if (strcasecmp(text, "transparent") == 0) {
    *out = (vs_svg_color){0};
    return true;
  }
  return find_name(text, out);
}

bool vs_svg_color_parse_paint(const char *text, const vs_svg_color *current, vs_svg_paint *out) {
  vs_svg_paint paint = {.color = {.alpha = 1.0}};
  const char *at = text;
  if (vs_svg_scan_word(&at, "url")) {
    at = strchr(at, ')');
    if (at == NULL) return false;
    at++;
    vs_svg_scan_space(&at);
    paint.is_server = *at == '\0';
  }
  if (strcasecmp(at, "none") == 0)
    paint.is_none = true;
  else if (strcasecmp(at, "currentColor") == 0)
    paint.color = *current;
  else if (!paint.is_server && !vs_svg_color_parse(at, &paint.color))
    return false;
  *out = paint;
  return true;
}
