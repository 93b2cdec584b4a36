/* drawings.h - random drawings for tests and benchmarks, the same for the same seed. */
#ifndef VS_TESTS_SUPPORT_DRAWINGS_H
#define VS_TESTS_SUPPORT_DRAWINGS_H

#include <math.h>

#include "core/base/random.h"
#include "core/strokes/drawing.h"

/* What random strokes are like. Lengths in canvas units. */
typedef struct drawing_kind {
  int strokes, segments;
  double side;              /* of the canvas */
  double margin;            /* starts may be so far outside; negative: inside */
  double shortest, longest; /* of a stroke, about */
  double thinnest, widest;
  double faintest; /* opacity, up to 1 */
  bool closed;
} drawing_kind;

/* Numbers of one seed, one after the other. */
typedef struct random_source {
  vs_random_key key;
  uint64_t next;
} random_source;

static inline random_source random_source_make(uint32_t seed) {
  return (random_source){.key = vs_random_make_key(7, VS_RANDOM_TEST, seed)};
}

static inline double random_between(random_source *source, double low, double high) {
  return low + (high - low) * (double)vs_random_uniform(source->key, source->next++);
}

/* A chain of points that turns a little at each, of about the wanted length. */
static inline void random_stroke(random_source *source, const drawing_kind *kind, vs_stroke *stroke,
                                 vs_point2 *points) {
  const size_t count = vs_drawing_stroke_points(kind->segments, kind->closed);
  const double length = random_between(source, kind->shortest, kind->longest);
  double x = random_between(source, -kind->margin, kind->side + kind->margin);
  double y = random_between(source, -kind->margin, kind->side + kind->margin);
  double angle = random_between(source, 0.0, 6.2831853);
  for (size_t i = 0; i < count; i++) {
    points[i] = (vs_point2){(float)x, (float)y};
    const double step = length / (3.0 * kind->segments) * random_between(source, 0.6, 1.4);
    x += step * cos(angle);
    y += step * sin(angle);
    angle += random_between(source, -1.2, 1.2);
  }
  stroke->width = (float)random_between(source, kind->thinnest, kind->widest);
  for (int c = 0; c < 3; c++) stroke->color[c] = (float)random_between(source, 0.0, 1.0);
  stroke->opacity = (float)random_between(source, kind->faintest, 1.0);
}

/* VS_ERR_MEMORY, VS_ERR_LIMIT. */
static inline vs_status random_drawing(vs_drawing **out, const drawing_kind *kind, uint32_t seed) {
  const size_t count = vs_drawing_stroke_points(kind->segments, kind->closed);
  vs_status status = vs_drawing_new(out, kind->side, kind->side, (size_t)kind->strokes,
                                    count * (size_t)kind->strokes);
  random_source source = random_source_make(seed);
  for (size_t s = 0; s < (size_t)kind->strokes && status == VS_OK; s++) {
    vs_stroke *stroke = &(*out)->strokes[s];
    *stroke = (vs_stroke){
        .first_point = s * count, .segments = kind->segments, .closed = kind->closed, .pen = -1};
    random_stroke(&source, kind, stroke, (*out)->points + s * count);
  }
  return status;
}

#endif
