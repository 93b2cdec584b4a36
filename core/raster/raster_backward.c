/* raster_backward.c - one stroke of a tile backward: what its touches kept (raster_spread.c)
 * turned into the gradient before it, with its own summed over vectors of 16 pixels. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "core/base/multiversion.h"
#include "core/raster/raster_profile.h"
#include "core/raster/raster_touch.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { LANES = VS_BLOCK_PIXELS };

/* Sums of one cubic, or of one stroke, still spread over the lanes. */
typedef struct cubic_lanes {
  alignas(64) float sums[VS_CUBIC_SUMS][LANES];
} cubic_lanes;

typedef struct stroke_lanes {
  alignas(64) float half[LANES], color[3][LANES], opacity[LANES];
} stroke_lanes;

/* In pairs, so always in the same order. */
ALWAYS_INLINE float sum_of(const float *lanes) {
  float s[LANES / 2];
  for (int i = 0; i < 8; i++) s[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) s[i] += s[i + 4];
  return (s[0] + s[2]) + (s[1] + s[3]);
}

/* The gradient g (3) behind a touch becomes that before it. pull: of the loss to the place of each
 * nearest point, by its vector to the pixel. */
ALWAYS_INLINE void backward_touch(const vs_touch *t, const vs_raster_stroke *stroke,
                                  float (*g)[LANES], stroke_lanes *lanes, float *pull) {
  const float half = (float)stroke->half, opacity = stroke->opacity;
  const float red = stroke->color[0], green = stroke->color[1], blue = stroke->color[2];
  for (int i = 0; i < LANES; i++) {
    const float d = sqrtf(t->square[i]);
    const float inner = vs_raster_profile_position(half - d);
    const float outer = vs_raster_profile_position(half + d);
    const float a = vs_raster_profile_share(inner) + vs_raster_profile_share(outer) - 1.0f;
    const float alpha = a * opacity, kept = 1.0f - alpha;
    const float dalpha = g[0][i] * (red - t->before[0][i]) + g[1][i] * (green - t->before[1][i]) +
                         g[2][i] * (blue - t->before[2][i]);
    lanes->color[0][i] += alpha * g[0][i];
    lanes->color[1][i] += alpha * g[1][i];
    lanes->color[2][i] += alpha * g[2][i];
    g[0][i] *= kept;
    g[1][i] *= kept;
    g[2][i] *= kept;
    lanes->opacity[i] += a * dalpha;
    const float da = dalpha * opacity;
    const float inner_slope = vs_raster_profile_slope(inner);
    const float outer_slope = vs_raster_profile_slope(outer);
    lanes->half[i] += da * (inner_slope + outer_slope);
    /* at d = 0 both slopes are the same */
    pull[i] = da * (inner_slope - outer_slope) / (d > 1e-20f ? d : 1e-20f);
  }
}

/* Adds the pull on those nearest points that lie on a cubic to its moments (bezier.h). */
ALWAYS_INLINE void add_moments(const vs_touch *t, const float *pull, const vs_bezier *bezier,
                               int32_t cubic, cubic_lanes *lanes) {
  const float middle = (float)bezier->inner + 0.5f, inverse = (float)(1.0 / bezier->rate);
  const float last = (float)(2 * bezier->inner);
  for (int i = 0; i < LANES; i++) {
    const float pulled = t->cubic[i] == cubic ? pull[i] : 0.0f;
    const float gx = pulled * t->x[i], gy = pulled * t->y[i];
    const float h = t->h[i], rest = 1.0f - h;
    float u = (t->knot[i] - middle) * inverse, v = (t->knot[i] + 1.0f - middle) * inverse;
    u = u < -0.5f ? -0.5f : u;
    v = v > 0.5f ? 0.5f : v;
    const float u2 = u * u, v2 = v * v;
    const float m1 = rest * u + h * v, m2 = rest * u2 + h * v2;
    const float m3 = rest * (u2 * u) + h * (v2 * v);
    const float at_start = t->knot[i] == 0.0f ? rest : 0.0f, at_end = t->knot[i] == last ? h : 0.0f;
    lanes->sums[0][i] += gx;
    lanes->sums[1][i] += gx * m1;
    lanes->sums[2][i] += gx * m2;
    lanes->sums[3][i] += gx * m3;
    lanes->sums[4][i] += gy;
    lanes->sums[5][i] += gy * m1;
    lanes->sums[6][i] += gy * m2;
    lanes->sums[7][i] += gy * m3;
    lanes->sums[8][i] += gx * at_start;
    lanes->sums[9][i] += gy * at_start;
    lanes->sums[10][i] += gx * at_end;
    lanes->sums[11][i] += gy * at_end;
  }
}

/* The lowest cubic beyond `after` that is nearest to a pixel; INT_MAX: none. */
ALWAYS_INLINE int next_cubic(const vs_touch *t, int after) {
  if (t->first_cubic == t->last_cubic) return after < t->first_cubic ? t->first_cubic : INT_MAX;
  int lowest = INT_MAX;
  for (int i = 0; i < LANES; i++) {
    const int cubic = t->cubic[i] > after ? t->cubic[i] : INT_MAX;
    lowest = cubic < lowest ? cubic : lowest;
  }
  return lowest;
}

/* Adds up a cubic's lanes and clears them. */
ALWAYS_INLINE void gather_cubic(cubic_lanes *lanes, float *sums) {
  for (int j = 0; j < VS_CUBIC_SUMS; j++) sums[j] += sum_of(lanes->sums[j]);
  memset(lanes, 0, sizeof *lanes);
}

VS_MULTIVERSION
static void backward_span(vs_raster_tile *tile, const vs_raster_scene *scene,
                          const vs_touch_span *span, const vs_raster_sums *sums) {
  const vs_raster_stroke *stroke = &scene->strokes[span->stroke];
  const vs_raster_cubic *cubics = scene->cubics + stroke->first_cubic;
  float(*cubic_sums)[VS_CUBIC_SUMS] = sums->cubics + stroke->first_cubic;
  alignas(64) float pull[LANES];
  stroke_lanes whole = {0};
  cubic_lanes lanes = {0};
  int current = tile->touches[span->first].first_cubic; /* whose sums are in the lanes */
  for (size_t n = span->first; n < span->end; n++) {
    const vs_touch *t = &tile->touches[n];
    backward_touch(t, stroke, tile->gradient[t->block], &whole, pull);
    if (t->covered) continue;
    for (int k = next_cubic(t, -1); k < INT_MAX; k = next_cubic(t, k)) {
      if (k != current) gather_cubic(&lanes, cubic_sums[current]);
      current = k;
      add_moments(t, pull, &cubics[k].bezier, k, &lanes);
    }
  }
  gather_cubic(&lanes, cubic_sums[current]);
  vs_stroke_sums *to = &sums->strokes[span->stroke];
  to->half += sum_of(whole.half);
  to->opacity += sum_of(whole.opacity);
  for (int c = 0; c < 3; c++) to->color[c] += sum_of(whole.color[c]);
}

void vs_raster_backward_strokes(vs_raster_tile *tile, const vs_raster_scene *scene,
                                const vs_touch_span *span, const vs_raster_sums *sums) {
  backward_span(tile, scene, span, sums);
}
