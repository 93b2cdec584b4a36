/* svg_color.h - colours and paints as SVG and CSS write them: #rgb, #rgba, #rrggbb, #rrggbbaa,
 * rgb(), rgba(), hsl(), hsla(), the 147 names of SVG (and rebeccapurple), currentColor, none,
 * url(). */
#ifndef VS_CORE_SVG_SVG_COLOR_H
#define VS_CORE_SVG_SVG_COLOR_H

#include <stdbool.h>

typedef struct vs_svg_color {
  float rgb[3]; /* sRGB, 0..1 */
  double alpha; /* 0..1 */
} vs_svg_color;

typedef struct vs_svg_paint {
  bool is_none;
  bool is_server; /* url() of a gradient or pattern without a fallback; the colour is black */
  vs_svg_color color;
} vs_svg_paint;

/* A whole text. false if it is none; *out is then unchanged. */
bool vs_svg_color_parse(const char *text, vs_svg_color *out);

/* The same for a paint; `current` is what currentColor stands for. */
bool vs_svg_color_parse_paint(const char *text, const vs_svg_color *current, vs_svg_paint *out);

#endif
