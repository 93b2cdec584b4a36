/* raster_reference.c - the formulas of raster.h as they are written there, without tiles, vectors
 * or float. */
#include "core/raster/raster_reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/raster/bezier.h"
#include "core/raster/raster.h"
#include "core/raster/raster_profile.h"

/* A stroke as a chain of knots: that of all its cubics one after the other, each with both ends. */
typedef struct chain {
  vs_bezier *cubics;
  size_t *first_knot;    /* of each cubic */
  double (*knots)[2];    /* pixels */
  double (*gradient)[2]; /* to them */
  double half;           /* width, pixels */
  const double *color;   /* of 3 */
  double opacity;
  bool drawn;
} chain;

/* The point of a chain that is nearest to a pixel's centre. */
typedef struct nearest {
  size_t knot;   /* the piece goes from here to the next */
  double h;      /* how far along it, 0..1 */
  double dx, dy; /* from there to the pixel */
  double distance;
} nearest;

void vs_raster_reference_get_numbers(const vs_drawing *drawing, vs_drawing_numbers *numbers) {
  for (size_t i = 0; i < drawing->point_count; i++) {
    numbers->points[2 * i] = (double)drawing->points[i].x;
    numbers->points[2 * i + 1] = (double)drawing->points[i].y;
  }
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    double *to = numbers->strokes + i * VS_STROKE_NUMBERS;
    to[0] = (double)drawing->strokes[i].width;
    for (int c = 0; c < 3; c++) to[1 + c] = (double)drawing->strokes[i].color[c];
    to[4] = (double)drawing->strokes[i].opacity;
  }
}

/* --- subdivision ------------------------------------------------------------------------------ */

/* Index of control point i of a cubic among the drawing's points. */
static size_t point_of(const vs_stroke *stroke, int segment, int i) {
  const size_t place = 3 * (size_t)segment + (size_t)i;
  const bool wraps = stroke->closed && segment == stroke->segments - 1 && i == 3;
  return stroke->first_point + (wraps ? 0 : place);
}

static void bernstein(double t, double weights[4]) {
  const double s = 1.0 - t;
  weights[0] = s * s * s;
  weights[1] = 3.0 * s * s * t;
  weights[2] = 3.0 * s * t * t;
  weights[3] = t * t * t;
}

static void control_points(const vs_stroke *stroke, int segment, const double *points, double scale,
                           double px[4], double py[4]) {
  for (int i = 0; i < 4; i++) {
    const double *point = points + 2 * point_of(stroke, segment, i);
    px[i] = scale * point[0];
    py[i] = scale * point[1];
  }
}

static bool can_be_drawn(const vs_stroke *stroke, const double *points, const double *numbers,
                         double scale) {
  bool good = numbers[0] > 0.0 && numbers[0] * scale <= VS_RASTER_FARTHEST;
  for (int i = 0; i < VS_STROKE_NUMBERS; i++) good = good && isfinite(numbers[i]);
  const size_t first = stroke->first_point;
  for (size_t i = 0; i < 2 * vs_drawing_stroke_points(stroke->segments, stroke->closed); i++)
    good = good && fabs(points[2 * first + i] * scale) <= VS_RASTER_FARTHEST;
  return good;
}

static void chain_clear(chain *c) {
  free(c->cubics);
  free(c->first_knot);
  free(c->knots);
  free(c->gradient);
  *c = (chain){0};
}

static vs_status chain_init(chain *c, const vs_stroke *stroke, const double *points,
                            const double *numbers, double scale) {
  *c = (chain){.half = 0.5 * scale * numbers[0], .color = numbers + 1, .opacity = numbers[4]};
  c->drawn = can_be_drawn(stroke, points, numbers, scale);
  if (!c->drawn) return VS_OK;
  const size_t segments = (size_t)stroke->segments;
  double px[4], py[4], weights[4];
  size_t knots = 0;
  c->cubics = calloc(segments, sizeof *c->cubics);
  c->first_knot = calloc(segments + 1, sizeof *c->first_knot);
  if (c->cubics == NULL || c->first_knot == NULL) return vs_fail(VS_ERR_MEMORY, "no memory");
  for (size_t s = 0; s < segments; s++) {
    control_points(stroke, (int)s, points, scale, px, py);
    vs_bezier_init(&c->cubics[s], px, py);
    c->first_knot[s] = knots;
    knots += (size_t)vs_bezier_pieces(&c->cubics[s]) + 1;
  }
  c->first_knot[segments] = knots;
  c->knots = calloc(knots + 1, sizeof *c->knots);
  c->gradient = calloc(knots + 1, sizeof *c->gradient);
  if (c->knots == NULL || c->gradient == NULL) return vs_fail(VS_ERR_MEMORY, "no memory");
  for (size_t s = 0; s < segments; s++) {
    control_points(stroke, (int)s, points, scale, px, py);
    for (size_t k = c->first_knot[s]; k < c->first_knot[s + 1]; k++) {
      bernstein(0.5 + vs_bezier_knot(&c->cubics[s], (int)(k - c->first_knot[s])), weights);
      for (int i = 0; i < 4; i++) {
        c->knots[k][0] += weights[i] * px[i];
        c->knots[k][1] += weights[i] * py[i];
      }
    }
  }
  return VS_OK;
}

static void chains_free(chain *chains, size_t count) {
  for (size_t i = 0; chains != NULL && i < count; i++) chain_clear(&chains[i]);
  free(chains);
}

static vs_status chains_new(chain **out, const vs_drawing *drawing,
                            const vs_drawing_numbers *numbers, double scale) {
  *out = calloc(drawing->stroke_count + 1, sizeof **out);
  if (*out == NULL) return vs_fail(VS_ERR_MEMORY, "no memory");
  vs_status status = VS_OK;
  for (size_t i = 0; i < drawing->stroke_count && status == VS_OK; i++)
    status = chain_init(&(*out)[i], &drawing->strokes[i], numbers->points,
                        numbers->strokes + i * VS_STROKE_NUMBERS, scale);
  return status;
}

/* The knots' gradient, carried to the control points: by their weights at each knot, and by the
 * rate on which the inner knots' places depend. */
static void gradient_of_cubic(const chain *c, const vs_stroke *stroke, int segment,
                              const double *points, double scale, double *dpoints) {
  const vs_bezier *bezier = &c->cubics[segment];
  double px[4], py[4], dx[4] = {0}, dy[4] = {0}, weights[4], by_rate = 0.0;
  control_points(stroke, segment, points, scale, px, py);
  for (int k = 0; k <= vs_bezier_pieces(bezier); k++) {
    const double *g = c->gradient[c->first_knot[segment] + (size_t)k];
    const double u = vs_bezier_knot(bezier, k), t = 0.5 + u, s = 1.0 - t;
    bernstein(t, weights);
    for (int i = 0; i < 4; i++) {
      dx[i] += weights[i] * g[0];
      dy[i] += weights[i] * g[1];
    }
    if (k == 0 || k == vs_bezier_pieces(bezier)) continue;
    const double speed_x =
        3.0 * (s * s * (px[1] - px[0]) + 2.0 * s * t * (px[2] - px[1]) + t * t * (px[3] - px[2]));
    const double speed_y =
        3.0 * (s * s * (py[1] - py[0]) + 2.0 * s * t * (py[2] - py[1]) + t * t * (py[3] - py[2]));
    by_rate += (g[0] * speed_x + g[1] * speed_y) * -u / bezier->rate;
  }
  /* rate^4 = min^4 + K |D|^2, so d rate / d D = K D / (2 rate^3) */
  const double K = 0.75 * 0.75 / (VS_BEZIER_TOLERANCE * VS_BEZIER_TOLERANCE);
  const double factor = by_rate * K / (2.0 * bezier->rate * bezier->rate * bezier->rate);
  for (int i = 0; i < 2; i++) { /* the second differences about points 1 and 2 */
    const double bend_x = factor * (px[i] - 2.0 * px[i + 1] + px[i + 2]);
    const double bend_y = factor * (py[i] - 2.0 * py[i + 1] + py[i + 2]);
    for (int j = 0; j < 3; j++) {
      dx[i + j] += (j == 1 ? -2.0 : 1.0) * bend_x;
      dy[i + j] += (j == 1 ? -2.0 : 1.0) * bend_y;
    }
  }
  for (int i = 0; i < 4; i++) {
    dpoints[2 * point_of(stroke, segment, i)] += scale * dx[i];
    dpoints[2 * point_of(stroke, segment, i) + 1] += scale * dy[i];
  }
}

/* --- pixels ----------------------------------------------------------------------------------- */

static nearest find_nearest(const chain *c, int segments, double x, double y) {
  nearest best = {.distance = INFINITY};
  for (int s = 0; s < segments; s++) {
    for (size_t k = c->first_knot[s]; k + 1 < c->first_knot[s + 1]; k++) {
      const double *a = c->knots[k], *b = c->knots[k + 1];
      const double along_x = b[0] - a[0], along_y = b[1] - a[1];
      const double square = along_x * along_x + along_y * along_y;
      const double dot = (x - a[0]) * along_x + (y - a[1]) * along_y;
      const double h = square > 0.0 ? fmin(fmax(dot / square, 0.0), 1.0) : 0.0;
      const double dx = x - a[0] - h * along_x, dy = y - a[1] - h * along_y;
      const double distance = sqrt(dx * dx + dy * dy);
      if (distance < best.distance)
        best = (nearest){.knot = k, .h = h, .dx = dx, .dy = dy, .distance = distance};
    }
  }
  return best;
}

static double position(double x) {
  return fmin(fmax(0.5 + 0.5 * x / VS_RASTER_RAMP, 0.0), 1.0);
}

static double share(double x) {
  const double s = position(x);
  return s * s * (3.0 - 2.0 * s);
}

static double slope(double x) {
  const double s = position(x);
  return 6.0 * s * (1.0 - s) * 0.5 / VS_RASTER_RAMP;
}

static double coverage(const chain *c, double distance) {
  return share(c->half - distance) + share(c->half + distance) - 1.0;
}

vs_status vs_raster_reference_render(const vs_drawing *drawing, const vs_drawing_numbers *numbers,
                                     double scale, int height, int width, double *image) {
  chain *chains;
  vs_status status = chains_new(&chains, drawing, numbers, scale);
  for (int i = 0; i < height && status == VS_OK; i++) {
    for (int j = 0; j < width; j++) {
      double *pixel = image + ((size_t)i * (size_t)width + (size_t)j) * 3;
      for (int c = 0; c < 3; c++) pixel[c] = (double)drawing->paper[c];
      for (size_t s = 0; s < drawing->stroke_count; s++) {
        if (!chains[s].drawn) continue;
        const nearest n = find_nearest(&chains[s], drawing->strokes[s].segments, j + 0.5, i + 0.5);
        const double a = coverage(&chains[s], n.distance) * chains[s].opacity;
        for (int c = 0; c < 3; c++) pixel[c] += a * (chains[s].color[c] - pixel[c]);
      }
    }
  }
  chains_free(chains, drawing->stroke_count);
  return status;
}

/* What one stroke did to one pixel. */
typedef struct layer {
  nearest at;
  double before[3];
} layer;

static void pixel_backward(const vs_drawing *drawing, chain *chains, double x, double y,
                           const double *dpixel, layer *layers, double scale, double *dstrokes) {
  double color[3], g[3];
  for (int c = 0; c < 3; c++) color[c] = (double)drawing->paper[c];
  for (size_t s = 0; s < drawing->stroke_count; s++) {
    if (!chains[s].drawn) continue;
    layers[s].at = find_nearest(&chains[s], drawing->strokes[s].segments, x, y);
    const double a = coverage(&chains[s], layers[s].at.distance) * chains[s].opacity;
    for (int c = 0; c < 3; c++) {
      layers[s].before[c] = color[c];
      color[c] += a * (chains[s].color[c] - color[c]);
    }
  }
  memcpy(g, dpixel, sizeof g);
  for (size_t s = drawing->stroke_count; s-- > 0;) {
    chain *stroke = &chains[s];
    if (!stroke->drawn) continue;
    const nearest *at = &layers[s].at;
    double *out = dstrokes + s * VS_STROKE_NUMBERS;
    const double a = coverage(stroke, at->distance);
    double dalpha = 0.0;
    for (int c = 0; c < 3; c++) {
      dalpha += g[c] * (stroke->color[c] - layers[s].before[c]);
      out[1 + c] += g[c] * a * stroke->opacity;
      g[c] *= 1.0 - a * stroke->opacity;
    }
    out[4] += dalpha * a;
    const double da = dalpha * stroke->opacity;
    const double inner = slope(stroke->half - at->distance);
    const double outer = slope(stroke->half + at->distance);
    out[0] += da * (inner + outer) * 0.5 * scale;
    if (at->distance == 0.0) continue; /* where the slopes are the same */
    const double toward = da * (inner - outer) / at->distance;
    for (int end = 0; end < 2; end++) {
      const double weight = end == 0 ? 1.0 - at->h : at->h;
      stroke->gradient[at->knot + (size_t)end][0] += weight * toward * at->dx;
      stroke->gradient[at->knot + (size_t)end][1] += weight * toward * at->dy;
    }
  }
}

vs_status vs_raster_reference_backward(const vs_drawing *drawing, const vs_drawing_numbers *numbers,
                                       double scale, int height, int width, const double *dimage,
                                       vs_drawing_numbers *gradient) {
  memset(gradient->points, 0, drawing->point_count * 2 * sizeof(double));
  memset(gradient->strokes, 0, drawing->stroke_count * VS_STROKE_NUMBERS * sizeof(double));
  chain *chains;
  vs_status status = chains_new(&chains, drawing, numbers, scale);
  layer *layers = calloc(drawing->stroke_count + 1, sizeof *layers);
  if (status == VS_OK && layers == NULL) status = vs_fail(VS_ERR_MEMORY, "no memory");
  for (int i = 0; i < height && status == VS_OK; i++)
    for (int j = 0; j < width; j++)
      pixel_backward(drawing, chains, j + 0.5, i + 0.5,
                     dimage + ((size_t)i * (size_t)width + (size_t)j) * 3, layers, scale,
                     gradient->strokes);
  for (size_t s = 0; s < drawing->stroke_count && status == VS_OK; s++)
    for (int k = 0; chains[s].drawn && k < drawing->strokes[s].segments; k++)
      gradient_of_cubic(&chains[s], &drawing->strokes[s], k, numbers->points, scale,
                        gradient->points);
  free(layers);
  chains_free(chains, drawing->stroke_count);
  return status;
}
