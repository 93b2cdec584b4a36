/* pen.h - the pens that a drawing is plotted with. */
#ifndef VS_CORE_STROKES_PEN_H
#define VS_CORE_STROKES_PEN_H

#define VS_MAX_PENS       32
#define VS_PEN_NAME       64
#define VS_DEFAULT_PEN_MM 0.4 /* a fineliner */

typedef struct vs_pen {
  char name[VS_PEN_NAME]; /* UTF-8, no control characters; not empty */
  float color[3];         /* sRGB, 0..1, of its line on white paper */
  double width_mm;        /* of its line, > 0 */
} vs_pen;

typedef struct vs_pen_set {
  int count;
  vs_pen pens[VS_MAX_PENS];
} vs_pen_set;

#endif
