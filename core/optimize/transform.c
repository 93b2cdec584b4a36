/* transform.c - affine maps drawn or fixed, bilinear sampling through one, and its transpose. */
#include "core/optimize/transform.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const float grey = 0.5f;
static const double radians_per_degree = 0.017453292519943295;
static const double eval_share = 7.0 / 8.0;

/* Which number of a step's key is for what. Part of every stored result: a transform that is
 * switched off leaves the others' numbers as they are. */
enum { DRAW_JITTER_X, DRAW_JITTER_Y, DRAW_SCALE, DRAW_ROTATE, DRAW_WINDOW_X, DRAW_WINDOW_Y };

enum { WHOLE_VIEWS = 5 }; /* fixed views of a canvas that is seen whole */

vs_affine vs_transform_whole(int pad) {
  return (vs_affine){.a = 1.0, .c = -pad, .e = 1.0, .f = -pad};
}

/* A whole number, each of -n..n as likely. */
static double draw_shift(double jitter, vs_random_key key, uint64_t index) {
  double n = floor(jitter);
  return floor((double)vs_random_uniform(key, index) * (2.0 * n + 1.0)) - n;
}

/* Where a window begins: a whole pixel, any as likely. */
static double draw_offset(int room, vs_random_key key, uint64_t index) {
  return floor((double)vs_random_uniform(key, index) * (room + 1.0));
}

/* A view pixel at q shows the canvas at
 *
 *   p = centre of window + turn(q - centre of view) / scale - shift */
vs_affine vs_transform_draw(const vs_transform_options *options, vs_random_key key, int height,
                            int width, const vs_window *window) {
  assert(window->height <= height && window->width <= width);
  double shift_x = draw_shift(options->jitter, key, DRAW_JITTER_X);
  double shift_y = draw_shift(options->jitter, key, DRAW_JITTER_Y);
  double scale = options->scale_min + (options->scale_max - options->scale_min) *
                                          (double)vs_random_uniform(key, DRAW_SCALE);
  double angle = options->rotate * radians_per_degree *
                 (2.0 * (double)vs_random_uniform(key, DRAW_ROTATE) - 1.0);
  vs_affine map = {.a = cos(angle) / scale, .b = sin(angle) / scale};
  map.d = -map.b;
  map.e = map.a;
  double half_x = (window->width - 1) / 2.0, half_y = (window->height - 1) / 2.0;
  double canvas_x = half_x + draw_offset(width - window->width, key, DRAW_WINDOW_X);
  double canvas_y = half_y + draw_offset(height - window->height, key, DRAW_WINDOW_Y);
  double view_x = half_x + options->pad, view_y = half_y + options->pad;
  map.c = canvas_x - (map.a * view_x + map.b * view_y) - shift_x;
  map.f = canvas_y - (map.d * view_x + map.e * view_y) - shift_y;
  return map;
}

static bool is_whole(int height, int width, const vs_window *window) {
  return window->height == height && window->width == width;
}

static int windows_along(int side, int window) {
  return (side + window - 1) / window;
}

int vs_transform_eval_views(int height, int width, const vs_window *window) {
  if (is_whole(height, width, window)) return WHOLE_VIEWS;
  return windows_along(height, window->height) * windows_along(width, window->width);
}

/* Where the i-th of the windows along a side begins. */
static double spread(int i, int side, int window) {
  const int count = windows_along(side, window);
  return count > 1 ? floor((double)i * (side - window) / (count - 1)) : 0.0;
}

/* First and last pixel of a corner fall on pixels of the canvas, so no grey comes in. */
static vs_affine corner(int view, int pad, int height, int width) {
  double last_x = width - 1, last_y = height - 1;
  bool right = view == 2 || view == 4, lower = view >= 3;
  return (vs_affine){.a = eval_share * last_x / (last_x + 2 * pad),
                     .c = right ? (1.0 - eval_share) * last_x : 0.0,
                     .e = eval_share * last_y / (last_y + 2 * pad),
                     .f = lower ? (1.0 - eval_share) * last_y : 0.0};
}

vs_affine vs_transform_eval_view(int view, int pad, int height, int width,
                                 const vs_window *window) {
  assert(view >= 0 && view < vs_transform_eval_views(height, width, window));
  assert(height > 1 && width > 1);
  vs_affine map = vs_transform_whole(pad);
  if (is_whole(height, width, window)) return view == 0 ? map : corner(view, pad, height, width);
  const int columns = windows_along(width, window->width);
  map.c += spread(view % columns, width, window->width);
  map.f += spread(view / columns, height, window->height);
  return map;
}

/* Where a view pixel falls: between column x and x+1, row y and y+1 of the canvas, with the
 * bilinear weights of these four. */
typedef struct sample {
  int x, y;
  float weight[2][2]; /* [row][column] */
} sample;

/* Rows first .. end-1 of a canvas (height, width, 3). */
typedef struct band {
  int first, end;
  int width;
} band;

/* False if none of the four is on the band. */
static bool locate(const vs_affine *map, int x, int y, const band *on, sample *out) {
  double at_x = map->a * x + map->b * y + map->c;
  double at_y = map->d * x + map->e * y + map->f;
  if (!(at_x > -1.0 && at_x < on->width && at_y > -1.0 && at_y >= on->first - 1 && at_y < on->end))
    return false;
  double left = floor(at_x), top = floor(at_y);
  float right_share = (float)(at_x - left), lower_share = (float)(at_y - top);
  out->x = (int)left;
  out->y = (int)top;
  out->weight[0][0] = (1.0f - lower_share) * (1.0f - right_share);
  out->weight[0][1] = (1.0f - lower_share) * right_share;
  out->weight[1][0] = lower_share * (1.0f - right_share);
  out->weight[1][1] = lower_share * right_share;
  return true;
}

static bool has_pixel(const band *on, int x, int y) {
  return x >= 0 && y >= on->first && x < on->width && y < on->end;
}

static bool is_inside(const sample *at, const band *on) {
  return has_pixel(on, at->x, at->y) && has_pixel(on, at->x + 1, at->y + 1);
}

static size_t offset_of(int x, int y, int width) {
  return ((size_t)y * (size_t)width + (size_t)x) * 3;
}

static void gather_inside(const sample *at, const float *canvas, int width, float *rgb) {
  const float *upper = canvas + offset_of(at->x, at->y, width);
  const float *lower = upper + (size_t)width * 3;
  for (int c = 0; c < 3; c++)
    rgb[c] = at->weight[0][0] * upper[c] + at->weight[0][1] * upper[c + 3] +
             at->weight[1][0] * lower[c] + at->weight[1][1] * lower[c + 3];
}

static void gather_border(const sample *at, const float *canvas, const band *whole, float *rgb) {
  for (int c = 0; c < 3; c++) rgb[c] = 0.0f;
  for (int j = 0; j < 2; j++) {
    for (int i = 0; i < 2; i++) {
      int x = at->x + i, y = at->y + j;
      bool outside = !has_pixel(whole, x, y);
      const float *from = outside ? NULL : canvas + offset_of(x, y, whole->width);
      for (int c = 0; c < 3; c++) rgb[c] += at->weight[j][i] * (outside ? grey : from[c]);
    }
  }
}

void vs_transform_apply(const vs_affine *map, const float *canvas, int height, int width,
                        float *view, int view_height, int view_width, int threads) {
  const band whole = {.end = height, .width = width};
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int y = 0; y < view_height; y++) {
    float *rgb = view + offset_of(0, y, view_width);
    for (int x = 0; x < view_width; x++, rgb += 3) {
      sample at;
      if (!locate(map, x, y, &whole, &at))
        rgb[0] = rgb[1] = rgb[2] = grey;
      else if (is_inside(&at, &whole))
        gather_inside(&at, canvas, width, rgb);
      else
        gather_border(&at, canvas, &whole, rgb);
    }
  }
}

static void scatter_inside(const sample *at, const float *rgb, float *canvas, int width) {
  float *upper = canvas + offset_of(at->x, at->y, width);
  float *lower = upper + (size_t)width * 3;
  for (int c = 0; c < 3; c++) {
    upper[c] += at->weight[0][0] * rgb[c];
    upper[c + 3] += at->weight[0][1] * rgb[c];
    lower[c] += at->weight[1][0] * rgb[c];
    lower[c + 3] += at->weight[1][1] * rgb[c];
  }
}

static void scatter_border(const sample *at, const float *rgb, float *canvas, const band *on) {
  for (int j = 0; j < 2; j++) {
    for (int i = 0; i < 2; i++) {
      int x = at->x + i, y = at->y + j;
      if (!has_pixel(on, x, y)) continue;
      float *to = canvas + offset_of(x, y, on->width);
      for (int c = 0; c < 3; c++) to[c] += at->weight[j][i] * rgb[c];
    }
  }
}

/* Whether no pixel of row y of a view falls near the band; false too where that cannot be told. */
static bool misses(const vs_affine *map, int y, int view_width, const band *on) {
  const double left = map->e * y + map->f, right = left + map->d * (view_width - 1);
  return fmax(left, right) < on->first - 2 || fmin(left, right) > on->end + 1;
}

/* Adds what falls on a band, in the order of the view: the same sums, however a canvas is cut. */
static void scatter_band(const vs_affine *map, const float *dview, int view_height, int view_width,
                         float *dcanvas, const band *on) {
  for (int y = 0; y < view_height; y++) {
    if (misses(map, y, view_width, on)) continue;
    const float *rgb = dview + offset_of(0, y, view_width);
    for (int x = 0; x < view_width; x++, rgb += 3) {
      sample at;
      if (!locate(map, x, y, on, &at)) continue;
      if (is_inside(&at, on))
        scatter_inside(&at, rgb, dcanvas, on->width);
      else
        scatter_border(&at, rgb, dcanvas, on);
    }
  }
}

void vs_transform_backward(const vs_affine *map, const float *dview, int view_height,
                           int view_width, float *dcanvas, int height, int width, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int i = 0; i < threads; i++) {
    const band on = {.first = (int)((long long)height * i / threads),
                     .end = (int)((long long)height * (i + 1) / threads),
                     .width = width};
    float *first = dcanvas + offset_of(0, on.first, width);
    memset(first, 0, offset_of(0, on.end - on.first, width) * sizeof *first);
    scatter_band(map, dview, view_height, view_width, dcanvas, &on);
  }
}
