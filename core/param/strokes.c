/* strokes.c - the parametrization "strokes": theta to a drawing and back, where it starts and may
 * go, and the rasterizer (core/raster) with the gradient of colours mixed of pens around it. */
#include "core/param/strokes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/param/param_kind.h"
#include "core/raster/raster.h"

/* How far a point may leave the canvas, and lies from the one before at the start; of a side. */
static const float margin_share = 0.05f, reach_share = 0.05f;

typedef struct stroke_plan {
  vs_param_spec spec;
  vs_raster *raster;
  vs_drawing drawing, gradient; /* their arrays are the arena's */
  float *shares;                /* (N,K) of the pens in each stroke's colour; palettes only */
  float *palette;               /* (K,3) */
  float temperature;
} stroke_plan;

/* Where the blocks of theta begin. */
typedef struct layout {
  size_t strokes, points, colors; /* colors: numbers of one stroke's colour */
  size_t width_at, opacity_at, color_at;
} layout;

static bool chooses_pens(const vs_strokes_spec *strokes) {
  return strokes->color == VS_STROKE_PALETTE;
}

size_t vs_strokes_point_count(const vs_strokes_spec *strokes) {
  return (size_t)strokes->count * vs_drawing_stroke_points(strokes->segments, strokes->closed);
}

static layout layout_of(const vs_strokes_spec *strokes) {
  layout at = {.strokes = (size_t)strokes->count,
               .points = vs_strokes_point_count(strokes),
               .colors = chooses_pens(strokes) ? (size_t)strokes->pens.count : 3};
  at.width_at = 2 * at.points;
  at.opacity_at = at.width_at + at.strokes;
  at.color_at = at.opacity_at + at.strokes;
  return at;
}

static size_t count_numbers(const vs_param_spec *spec) {
  const layout at = layout_of(&spec->strokes);
  return at.color_at + at.strokes * at.colors;
}

static int list_blocks(const vs_param_spec *spec, vs_param_block blocks[VS_PARAM_MAX_BLOCKS]) {
  const vs_strokes_spec *s = &spec->strokes;
  const layout at = layout_of(s);
  blocks[0] = (vs_param_block){2 * at.points, s->rate_points};
  blocks[1] = (vs_param_block){at.strokes, s->rate_width};
  blocks[2] = (vs_param_block){at.strokes, s->rate_opacity};
  blocks[3] = (vs_param_block){at.strokes * at.colors, s->rate_color};
  return 4;
}

/* --- theta and drawings ----------------------------------------------------------------------- */

static void shape_drawing(const vs_param_spec *spec, vs_drawing *drawing) {
  const vs_strokes_spec *s = &spec->strokes;
  const size_t points = vs_drawing_stroke_points(s->segments, s->closed);
  assert(drawing->stroke_count == (size_t)s->count &&
         drawing->point_count == vs_strokes_point_count(s));
  drawing->width = spec->width;
  drawing->height = spec->height;
  memcpy(drawing->paper, s->paper, sizeof drawing->paper);
  for (size_t i = 0; i < drawing->stroke_count; i++)
    drawing->strokes[i] = (vs_stroke){
        .first_point = i * points, .segments = s->segments, .closed = s->closed, .pen = -1};
}

static void place_strokes(const vs_param_spec *spec, const float *theta, vs_drawing *drawing) {
  const layout at = layout_of(&spec->strokes);
  for (size_t p = 0; p < at.points; p++)
    drawing->points[p] = (vs_point2){theta[2 * p], theta[2 * p + 1]};
  for (size_t i = 0; i < at.strokes; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    stroke->width = theta[at.width_at + i];
    stroke->opacity = theta[at.opacity_at + i];
    if (!chooses_pens(&spec->strokes))
      memcpy(stroke->color, theta + at.color_at + 3 * i, sizeof stroke->color);
  }
}

static size_t largest_of(const float *values, size_t count) {
  size_t largest = 0;
  for (size_t k = 1; k < count; k++)
    if (values[k] > values[largest]) largest = k;
  return largest;
}

void vs_strokes_to_drawing(const vs_param_spec *spec, const float *theta, vs_drawing *drawing) {
  shape_drawing(spec, drawing);
  place_strokes(spec, theta, drawing);
  if (!chooses_pens(&spec->strokes)) return;
  const layout at = layout_of(&spec->strokes);
  for (size_t i = 0; i < at.strokes; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    stroke->pen = (int)largest_of(theta + at.color_at + i * at.colors, at.colors);
    memcpy(stroke->color, spec->strokes.pens.pens[stroke->pen].color, sizeof stroke->color);
  }
}

void vs_strokes_from_drawing(const vs_param_spec *spec, const vs_drawing *drawing, float *theta) {
  const layout at = layout_of(&spec->strokes);
  const size_t points = at.points / at.strokes;
  assert(at.strokes == drawing->stroke_count);
  for (size_t i = 0; i < at.strokes; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    assert(points == vs_drawing_stroke_points(stroke->segments, stroke->closed));
    for (size_t p = 0; p < points; p++) {
      theta[2 * (i * points + p)] = drawing->points[stroke->first_point + p].x;
      theta[2 * (i * points + p) + 1] = drawing->points[stroke->first_point + p].y;
    }
    theta[at.width_at + i] = stroke->width;
    theta[at.opacity_at + i] = stroke->opacity;
    if (!chooses_pens(&spec->strokes))
      memcpy(theta + at.color_at + 3 * i, stroke->color, sizeof stroke->color);
  }
}

/* --- the start, and what may become of it ----------------------------------------------------- */

/* Which range of a key's numbers is for what. Part of every stored result. */
enum { DRAW_POINTS = 0 };
static const uint64_t draw_widths = (uint64_t)1 << 32, draw_colors = (uint64_t)2 << 32;

static float between(float low, float high, vs_random_key key, uint64_t index) {
  return low + (high - low) * vs_random_uniform(key, index);
}

static float start_color(const vs_strokes_spec *strokes, vs_random_key key, size_t index) {
  switch (strokes->color) {
  case VS_STROKE_FREE:
    return vs_random_uniform(key, draw_colors + index);
  case VS_STROKE_BLACK:
    return 0.0f;
  case VS_STROKE_AUTO: /* no stage has it */
  case VS_STROKE_PALETTE:
    return vs_random_normal(key, draw_colors + index);
  }
  return 0.0f;
}

static void start(const vs_param_spec *spec, vs_random_key key, float *theta) {
  const vs_strokes_spec *s = &spec->strokes;
  const layout at = layout_of(s);
  const size_t points = at.points / at.strokes;
  const float side[2] = {(float)spec->width, (float)spec->height};
  for (size_t i = 0; i < 2 * at.points; i++) {
    const bool begins = i / 2 % points == 0;
    const float reach = reach_share * side[i % 2];
    theta[i] = begins ? between(0.0f, side[i % 2], key, DRAW_POINTS + i)
                      : theta[i - 2] + between(-reach, reach, key, DRAW_POINTS + i);
  }
  for (size_t i = 0; i < at.strokes; i++) {
    theta[at.width_at + i] =
        between((float)s->width_min, (float)s->width_max, key, draw_widths + i);
    theta[at.opacity_at + i] = (float)s->opacity;
  }
  for (size_t i = 0; i < at.strokes * at.colors; i++)
    theta[at.color_at + i] = start_color(s, key, i);
}

static void clamp(float *values, size_t count, size_t stride, float low, float high) {
  for (size_t i = 0; i < count; i++) {
    float *value = values + i * stride;
    *value = *value < low ? low : *value > high ? high : *value;
  }
}

static void project(const vs_param_spec *spec, float *theta) {
  const vs_strokes_spec *s = &spec->strokes;
  const layout at = layout_of(s);
  const float width = (float)spec->width, height = (float)spec->height;
  clamp(theta, at.points, 2, -margin_share * width, (1.0f + margin_share) * width);
  clamp(theta + 1, at.points, 2, -margin_share * height, (1.0f + margin_share) * height);
  clamp(theta + at.width_at, at.strokes, 1, (float)s->width_min, (float)s->width_max);
  clamp(theta + at.opacity_at, at.strokes, 1, 0.0f, 1.0f);
  if (!chooses_pens(s)) clamp(theta + at.color_at, 3 * at.strokes, 1, 0.0f, 1.0f);
}

static vs_status enlarge(const vs_param_spec *from, const float *theta, const vs_tiling *tiling,
                         vs_random_key key, const vs_param_spec *to, float *out) {
  const layout at = layout_of(&from->strokes);
  const size_t blocks[3] = {at.strokes, at.strokes, at.strokes * at.colors};
  assert(count_numbers(to) == (size_t)tiling->rows * (size_t)tiling->columns * count_numbers(from));
  (void)to; /* only that reads it, and not in every build */
  vs_tiling_enlarge(tiling, key, from, at.points, blocks, theta, out);
  return VS_OK;
}

/* --- rendering -------------------------------------------------------------------------------- */

static void take_drawing(vs_drawing *drawing, const layout *at, vs_arena *arena) {
  *drawing = (vs_drawing){.stroke_count = at->strokes, .point_count = at->points};
  drawing->strokes = vs_arena_take(arena, at->strokes, sizeof *drawing->strokes);
  drawing->points = vs_arena_take(arena, at->points, sizeof *drawing->points);
}

static void *make_plan(const vs_param_spec *spec, int threads, vs_arena *arena) {
  const vs_strokes_spec *s = &spec->strokes;
  assert(s->count > 0 && s->segments > 0 && s->width_min > 0.0);
  const layout at = layout_of(s);
  stroke_plan *self = vs_arena_take(arena, 1, sizeof *self);
  stroke_plan made = {.spec = *spec, .temperature = 1.0f};
  take_drawing(&made.drawing, &at, arena);
  take_drawing(&made.gradient, &at, arena);
  if (chooses_pens(s)) {
    made.shares = vs_arena_floats(arena, at.strokes * at.colors);
    made.palette = vs_arena_floats(arena, 3 * at.colors);
  }
  made.raster = vs_raster_new(spec->height, spec->width, at.strokes,
                              at.strokes * (size_t)s->segments, threads, arena);
  if (self == NULL) return NULL;
  shape_drawing(spec, &made.drawing);
  shape_drawing(spec, &made.gradient);
  if (made.palette != NULL)
    for (size_t k = 0; k < at.colors; k++)
      memcpy(made.palette + 3 * k, s->pens.pens[k].color, 3 * sizeof *made.palette);
  *self = made;
  return self;
}

static void anneal(void *plan, double progress) {
  stroke_plan *self = plan;
  self->temperature = (float)pow(VS_PEN_TEMPERATURE, progress);
}

/* shares (K) = softmax(logits / temperature). */
static void soften(const float *logits, size_t count, float temperature, float *shares) {
  const float largest = logits[largest_of(logits, count)];
  float sum = 0.0f;
  for (size_t k = 0; k < count; k++) {
    shares[k] = expf((logits[k] - largest) / temperature);
    sum += shares[k];
  }
  for (size_t k = 0; k < count; k++) shares[k] /= sum;
}

static void mix_colors(stroke_plan *self, const float *theta) {
  const layout at = layout_of(&self->spec.strokes);
  for (size_t i = 0; i < at.strokes; i++) {
    float *shares = self->shares + i * at.colors, *color = self->drawing.strokes[i].color;
    soften(theta + at.color_at + i * at.colors, at.colors, self->temperature, shares);
    for (int c = 0; c < 3; c++) color[c] = 0.0f;
    for (size_t k = 0; k < at.colors; k++)
      for (size_t c = 0; c < 3; c++) color[c] += shares[k] * self->palette[3 * k + c];
  }
}

static void render(void *plan, const float *theta, float *image) {
  stroke_plan *self = plan;
  place_strokes(&self->spec, theta, &self->drawing);
  if (self->shares != NULL) mix_colors(self, theta);
  vs_raster_render(self->raster, &self->drawing, 1.0, image);
}

/* d colour / d logit_k = share_k (pen_k - colour) / temperature. */
static void unmix_colors(const stroke_plan *self, float *dtheta) {
  const layout at = layout_of(&self->spec.strokes);
  for (size_t i = 0; i < at.strokes; i++) {
    const float *shares = self->shares + i * at.colors;
    const float *color = self->drawing.strokes[i].color, *d = self->gradient.strokes[i].color;
    for (size_t k = 0; k < at.colors; k++) {
      const float *pen = self->palette + 3 * k;
      float along = 0.0f;
      for (int c = 0; c < 3; c++) along += d[c] * (pen[c] - color[c]);
      dtheta[at.color_at + i * at.colors + k] = shares[k] * along / self->temperature;
    }
  }
}

static void backward(void *plan, const float *image, const float *dimage, float *dtheta) {
  (void)image;
  stroke_plan *self = plan;
  const layout at = layout_of(&self->spec.strokes);
  vs_raster_backward(self->raster, dimage, &self->gradient);
  for (size_t p = 0; p < at.points; p++) {
    dtheta[2 * p] = self->gradient.points[p].x;
    dtheta[2 * p + 1] = self->gradient.points[p].y;
  }
  for (size_t i = 0; i < at.strokes; i++) {
    const vs_stroke *d = &self->gradient.strokes[i];
    dtheta[at.width_at + i] = d->width;
    dtheta[at.opacity_at + i] = d->opacity;
    if (self->shares == NULL) memcpy(dtheta + at.color_at + 3 * i, d->color, sizeof d->color);
  }
  if (self->shares != NULL) unmix_colors(self, dtheta);
}

const vs_param_kind vs_strokes_kind = {.count = count_numbers,
                                       .plan = make_plan,
                                       .render = render,
                                       .backward = backward,
                                       .enlarge = enlarge,
                                       .blocks = list_blocks,
                                       .start = start,
                                       .anneal = anneal,
                                       .project = project};
