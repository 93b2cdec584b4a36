/* mondrian.c - the composition as a table of rectangles, painted by exact areas. */
#include "core/image/mondrian.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/order.h"

typedef struct colour {
  float rgb[3];
} colour;

static const colour white = {{.980f, .973f, .953f}};
static const colour black = {{.055f, .055f, .063f}};
static const colour red = {{.816f, .118f, .102f}};
static const colour blue = {{.086f, .243f, .596f}};
static const colour yellow = {{.965f, .792f, .110f}};

/* Corners in shares of the side, y downwards. */
typedef struct rectangle {
  double left, top, right, bottom;
  const colour *fill;
} rectangle;

/* Painted in this order. The fields end under the middle of the bars that frame them. */
static const rectangle composition[] = {
    {.000, .000, 1.00, 1.00, &white}, /* paper */
    {.000, .000, .240, .160, &yellow}, {.790, .560, 1.00, .810, &red},
    {.240, .810, .470, 1.00, &blue},   {.225, .000, .255, 1.00, &black}, /* bars downwards */
    {.777, .000, .803, .810, &black},  {.457, .810, .483, 1.00, &black},
    {.000, .147, .790, .173, &black}, /* bars across */
    {.790, .287, 1.00, .313, &black},  {.240, .547, 1.00, .573, &black},
    {.000, .794, 1.00, .826, &black},
};

enum { RECTANGLES = sizeof composition / sizeof composition[0], CUTS = 2 * RECTANGLES };

/* The colour of a point: the last rectangle that covers it. */
static const colour *colour_at(double x, double y) {
  const colour *found = &white;
  for (int i = 0; i < RECTANGLES; i++) {
    const rectangle *r = &composition[i];
    if (x > r->left && x < r->right && y > r->top && y < r->bottom) found = r->fill;
  }
  return found;
}

/* Length of what from..to and the pixel at..at+1 have in common. */
static double overlap(double from, double to, int at) {
  return fmin(to, at + 1.0) - fmax(from, (double)at);
}

static int last_pixel(double to, int size) {
  int end = (int)ceil(to);
  return end < size ? end : size;
}

/* Adds the cell's colour to every pixel in the measure of the area they share. In pixels. */
static void add_cell(float *rgb, int size, double left, double top, double right, double bottom,
                     const colour *fill) {
  for (int y = (int)top; y < last_pixel(bottom, size); y++) {
    float *row = rgb + (size_t)y * (size_t)size * 3;
    for (int x = (int)left; x < last_pixel(right, size); x++) {
      float share = (float)(overlap(left, right, x) * overlap(top, bottom, y));
      for (int c = 0; c < 3; c++) row[3 * x + c] += share * fill->rgb[c];
    }
  }
}

/* The edges of all rectangles cut the paper into a grid of cells, each of one colour. Cells do not
 * overlap, so their areas simply add up: the picture is exact at any size. */
void vs_mondrian_draw(float *rgb, int size) {
  double xs[CUTS], ys[CUTS];
  for (int i = 0; i < RECTANGLES; i++) {
    xs[2 * i] = composition[i].left;
    xs[2 * i + 1] = composition[i].right;
    ys[2 * i] = composition[i].top;
    ys[2 * i + 1] = composition[i].bottom;
  }
  qsort(xs, CUTS, sizeof xs[0], vs_order_doubles);
  qsort(ys, CUTS, sizeof ys[0], vs_order_doubles);
  memset(rgb, 0, (size_t)size * (size_t)size * 3 * sizeof(float));
  for (int j = 0; j + 1 < CUTS; j++) {
    for (int i = 0; i + 1 < CUTS; i++) {
      if (xs[i] == xs[i + 1] || ys[j] == ys[j + 1]) continue;
      const colour *fill = colour_at((xs[i] + xs[i + 1]) / 2, (ys[j] + ys[j + 1]) / 2);
      add_cell(rgb, size, xs[i] * size, ys[j] * size, xs[i + 1] * size, ys[j + 1] * size, fill);
    }
  }
}
