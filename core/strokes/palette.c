/* palette.c - strokes as weighted colours, clustered (core/image/kmeans.h), named, and given back
 * to the strokes as pens. */
#include "core/strokes/palette.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/color.h"
#include "core/image/kmeans.h"
#include "core/strokes/cubic.h"

/* k-means sees at most so many different colours: where there are more, those that agree in fewer
 * than 8 bits a channel are one sample, their mean. */
enum { MAX_SAMPLES = 4096 };

/* --- strokes as samples ----------------------------------------------------------------------- */

static float clamp(float value) {
  return value > 0.0f ? fminf(value, 1.0f) : 0.0f; /* NaN: 0 */
}

void vs_palette_blend(const vs_drawing *drawing, const vs_stroke *stroke, float rgb[3]) {
  const float opacity = clamp(stroke->opacity);
  for (int c = 0; c < 3; c++)
    rgb[c] = clamp(drawing->paper[c] + opacity * (stroke->color[c] - drawing->paper[c]));
}

double vs_palette_ink(const vs_drawing *drawing, const vs_stroke *stroke) {
  const vs_frame canvas = {0.0, 0.0, drawing->width, drawing->height};
  double length = 0.0;
  int parts = 0;
  for (int segment = 0; segment < stroke->segments; segment++) {
    vs_span inside[VS_CUBIC_MAX_PARTS];
    const vs_cubic cubic = vs_cubic_of_stroke(drawing, stroke, segment);
    const int count = vs_cubic_inside(&cubic, &canvas, inside);
    for (int i = 0; i < count; i++) {
      const vs_cubic part = vs_cubic_part(&cubic, inside[i]);
      length += vs_cubic_length(&part);
    }
    parts += count;
  }
  if (parts == 0) return 0.0;
  const double width = (double)stroke->width;
  return width * (length + (stroke->closed ? 0.0 : M_PI / 4.0 * width));
}

/* One colour of the drawing. */
typedef struct sample {
  uint32_t key; /* the colour in few bits; then the stroke's number, so that order is one */
  uint32_t stroke;
  double lab[3], ink;
} sample;

typedef struct samples {
  sample *items; /* one for each stroke that has ink */
  size_t count;
  double ink;     /* of all */
  double *values; /* (merged, 3) their means where they agree, in Lab */
  double *weights;
  size_t merged, colors; /* colors: different ones of 8 bits a channel */
} samples;

static uint32_t key_of(const float rgb[3], int bits) {
  uint32_t key = 0;
  for (int c = 0; c < 3; c++) key = key << 8 | (uint32_t)lroundf(rgb[c] * 255.0f) >> (8 - bits);
  return key;
}

static int compare_samples(const void *a, const void *b) {
  const sample *left = a, *right = b;
  if (left->key != right->key) return left->key < right->key ? -1 : 1;
  return (left->stroke > right->stroke) - (left->stroke < right->stroke);
}

static void collect(samples *all, const vs_drawing *drawing) {
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const double ink = vs_palette_ink(drawing, &drawing->strokes[i]);
    if (!(ink > 0.0)) continue;
    float rgb[3];
    sample *item = &all->items[all->count++];
    vs_palette_blend(drawing, &drawing->strokes[i], rgb);
    *item = (sample){.stroke = (uint32_t)i, .ink = ink};
    vs_color_lab_from_srgb(rgb, item->lab);
    all->ink += ink;
  }
}

/* Sorts by colours of so many bits; returns how many different ones there are. */
static size_t sort_samples(samples *all, const vs_drawing *drawing, int bits) {
  for (size_t i = 0; i < all->count; i++) {
    float rgb[3];
    vs_palette_blend(drawing, &drawing->strokes[all->items[i].stroke], rgb);
    all->items[i].key = key_of(rgb, bits);
  }
  qsort(all->items, all->count, sizeof *all->items, compare_samples);
  size_t different = 0;
  for (size_t i = 0; i < all->count; i++)
    different += i == 0 || all->items[i].key != all->items[i - 1].key;
  return different;
}

/* The means of samples that agree. */
static void merge(samples *all) {
  for (size_t i = 0; i < all->count; i++) {
    const sample *item = &all->items[i];
    if (i == 0 || item->key != all->items[i - 1].key) all->merged++;
    double *value = all->values + 3 * (all->merged - 1);
    for (int c = 0; c < 3; c++) value[c] += item->ink * item->lab[c];
    all->weights[all->merged - 1] += item->ink;
  }
  for (size_t i = 0; i < all->merged; i++)
    for (size_t c = 0; c < 3; c++) all->values[3 * i + c] /= all->weights[i];
}

static void clear_samples(samples *all) {
  free(all->items);
  free(all->values);
  free(all->weights);
}

static vs_status init_samples(samples *all, const vs_drawing *drawing) {
  *all = (samples){0};
  all->items = calloc(drawing->stroke_count + 1, sizeof *all->items);
  all->values = calloc(3 * (size_t)MAX_SAMPLES, sizeof *all->values);
  all->weights = calloc(MAX_SAMPLES, sizeof *all->weights);
  if (all->items == NULL || all->values == NULL || all->weights == NULL)
    return vs_fail(VS_ERR_MEMORY, "no memory for the colours of %zu strokes",
                   drawing->stroke_count);
  collect(all, drawing);
  if (all->count == 0)
    return vs_fail(VS_ERR_USAGE, "no stroke lies on the canvas, so there is no ink to choose pens "
                                 "by");
  int bits = 8;
  all->colors = sort_samples(all, drawing, bits);
  for (size_t different = all->colors; different > MAX_SAMPLES;)
    different = sort_samples(all, drawing, --bits); /* 4 bits are 4096 colours */
  merge(all);
  return VS_OK;
}

/* --- how many, and which ---------------------------------------------------------------------- */

/* The centres of so many clusters, and how far colours are from them. */
typedef struct clustering {
  double centers[3 * VS_MAX_PENS];
  double inertia, mean, max; /* over all strokes with ink; the last two distances */
} clustering;

static vs_status cluster(const samples *all, int clusters, clustering *out) {
  const vs_kmeans_points points = {all->merged, 3, all->values, all->weights};
  vs_status status = vs_kmeans(&points, clusters, VS_KMEANS_RESTARTS, 0, out->centers, NULL, NULL);
  if (status != VS_OK) return status;
  out->inertia = out->mean = out->max = 0.0;
  for (size_t i = 0; i < all->count; i++) {
    const sample *item = &all->items[i];
    double nearest = HUGE_VAL;
    for (int k = 0; k < clusters; k++)
      nearest = fmin(nearest, vs_color_lab_distance(item->lab, out->centers + (size_t)(3 * k)));
    out->inertia += item->ink * nearest * nearest;
    out->mean += item->ink * nearest;
    out->max = fmax(out->max, nearest);
  }
  out->mean /= all->ink;
  return VS_OK;
}

/* The number of pens by the rule of the header, with its clustering. */
static vs_status cluster_by_rule(const samples *all, int *clusters, clustering *best) {
  double min_cost = HUGE_VAL, single = 0.0;
  *clusters = 0;
  for (int n = 1; n <= VS_PALETTE_RULE_PENS && (size_t)n <= all->merged; n++) {
    clustering tried;
    vs_status status = cluster(all, n, &tried);
    if (status != VS_OK) return status;
    if (n == 1) single = tried.mean;
    const bool is_enough = tried.max <= VS_LAB_NOTICEABLE;
    const double cost = single > 0.0 ? tried.mean / single + VS_PALETTE_PEN_COST * n : 0.0;
    if (is_enough || cost < min_cost) {
      min_cost = cost;
      *best = tried;
      *clusters = n;
    }
    if (is_enough) break;
  }
  return VS_OK;
}

/* --- names ------------------------------------------------------------------------------------ */

typedef struct color_word {
  const char *name;
  uint8_t rgb[3];
} color_word;

/* What people call what a pen draws: a name has several colours where its reach in L*a*b* is no
 * ball. Pure red is as far from the red of a pen as orange is. */
static const color_word words[] = {
    {"black", {0x10, 0x10, 0x10}},        {"black", {0x2c, 0x2c, 0x32}},
    {"dark grey", {0x48, 0x48, 0x48}},    {"grey", {0x80, 0x80, 0x80}},
    {"light grey", {0xc4, 0xc4, 0xc4}},   {"white", {0xff, 0xff, 0xff}},
    {"white", {0xf6, 0xf6, 0xf4}},        {"red", {0xdc, 0x1e, 0x1e}},
    {"red", {0xff, 0x00, 0x00}},          {"red", {0xc8, 0x20, 0x2f}},
    {"dark red", {0x80, 0x10, 0x18}},     {"dark red", {0xa0, 0x18, 0x18}},
    {"light red", {0xd8, 0x58, 0x48}},    {"light red", {0xf0, 0x80, 0x70}},
    {"light red", {0xcd, 0x5c, 0x5c}},    {"pink", {0xf4, 0x90, 0xb4}},
    {"pink", {0xdd, 0x3f, 0x8f}},         {"pink", {0xff, 0x69, 0xb4}},
    {"pink", {0xff, 0xc0, 0xcb}},         {"magenta", {0xd8, 0x20, 0xa0}},
    {"magenta", {0xff, 0x00, 0xff}},      {"magenta", {0xc7, 0x15, 0x85}},
    {"rose", {0xe0, 0xa0, 0xa8}},         {"orange", {0xf5, 0x82, 0x14}},
    {"orange", {0xfc, 0x59, 0x10}},       {"orange", {0xe8, 0x69, 0x2c}},
    {"orange", {0xff, 0xa5, 0x00}},       {"apricot", {0xfa, 0xc0, 0x90}},
    {"brown", {0x7a, 0x48, 0x20}},        {"brown", {0x74, 0x45, 0x2f}},
    {"brown", {0x8b, 0x45, 0x13}},        {"brown", {0xa0, 0x52, 0x2d}},
    {"dark brown", {0x40, 0x28, 0x18}},   {"beige", {0xe0, 0xcc, 0xa8}},
    {"beige", {0xf5, 0xf0, 0xdc}},        {"yellow", {0xfa, 0xdc, 0x14}},
    {"yellow", {0xff, 0xff, 0x00}},       {"light yellow", {0xfa, 0xf0, 0xa0}},
    {"light yellow", {0xff, 0xff, 0xd8}}, {"ochre", {0xc4, 0x96, 0x2c}},
    {"ochre", {0xb8, 0x86, 0x0b}},        {"olive", {0x78, 0x78, 0x20}},
    {"olive", {0x55, 0x6b, 0x2f}},        {"light green", {0x9c, 0xdc, 0x78}},
    {"light green", {0x90, 0xee, 0x90}},  {"green", {0x28, 0xa0, 0x3c}},
    {"green", {0x00, 0x80, 0x00}},        {"green", {0x13, 0x83, 0x4f}},
    {"green", {0x32, 0xcd, 0x32}},        {"dark green", {0x10, 0x58, 0x28}},
    {"dark green", {0x00, 0x64, 0x00}},   {"yellow green", {0xa8, 0xc8, 0x32}},
    {"turquoise", {0x30, 0xc8, 0xb8}},    {"turquoise", {0x00, 0xd8, 0xd8}},
    {"teal", {0x10, 0x78, 0x80}},         {"light blue", {0x98, 0xcc, 0xf0}},
    {"light blue", {0xb4, 0xe8, 0xee}},   {"sky blue", {0x30, 0x98, 0xe0}},
    {"blue", {0x20, 0x50, 0xd0}},         {"blue", {0x00, 0x00, 0xff}},
    {"blue", {0x24, 0x56, 0xa8}},         {"blue", {0x41, 0x69, 0xe1}},
    {"dark blue", {0x18, 0x20, 0x70}},    {"dark blue", {0x00, 0x00, 0x80}},
    {"violet", {0x80, 0x38, 0xc8}},       {"violet", {0x5e, 0x3f, 0x95}},
    {"violet", {0x93, 0x70, 0xdb}},       {"purple", {0x60, 0x18, 0x70}},
    {"purple", {0x80, 0x00, 0x80}},       {"purple", {0x4b, 0x00, 0x82}},
    {"lilac", {0xc4, 0xa0, 0xdc}},        {"grey green", {0x78, 0xa4, 0x88}},
    {"grey blue", {0x80, 0x94, 0xb0}},    {"plum", {0x78, 0x40, 0x60}},
};

static const char *word_for(const float rgb[3]) {
  const char *best = words[0].name;
  double min_distance = HUGE_VAL, lab[3];
  vs_color_lab_from_srgb(rgb, lab);
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    float word[3];
    double other[3];
    for (int c = 0; c < 3; c++) word[c] = (float)words[i].rgb[c] / 255.0f;
    vs_color_lab_from_srgb(word, other);
    const double distance = vs_color_lab_distance(lab, other);
    if (distance >= min_distance) continue;
    min_distance = distance;
    best = words[i].name;
  }
  return best;
}

void vs_palette_name_pens(vs_pen_set *pens) {
  const char *word[VS_MAX_PENS];
  for (int i = 0; i < pens->count; i++) {
    int before = 0;
    word[i] = word_for(pens->pens[i].color);
    for (int j = 0; j < i; j++) before += word[j] == word[i];
    char *name = pens->pens[i].name;
    if (before == 0)
      snprintf(name, VS_PEN_NAME, "%s", word[i]);
    else
      snprintf(name, VS_PEN_NAME, "%s %d", word[i], before + 1);
  }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void color_from_lab(const double lab[3], float rgb[3]) {
  vs_color_lab_to_srgb(lab, rgb);
  for (int c = 0; c < 3; c++) rgb[c] = roundf(clamp(rgb[c]) * 255.0f) / 255.0f;
}

/* The most ink first; there are few. */
static void sort_pens(vs_pen_set *pens, vs_pen_use *uses) {
  for (int i = 1; i < pens->count; i++)
    for (int j = i; j > 0 && uses[j].ink_share > uses[j - 1].ink_share; j--) {
      const vs_pen pen = pens->pens[j];
      const vs_pen_use use = uses[j];
      pens->pens[j] = pens->pens[j - 1];
      uses[j] = uses[j - 1];
      pens->pens[j - 1] = pen;
      uses[j - 1] = use;
    }
}

static void make_pens(const vs_drawing *drawing, const clustering *found, int count,
                      vs_pen_set *pens) {
  vs_pen_use uses[VS_MAX_PENS];
  *pens = (vs_pen_set){.count = count};
  for (int i = 0; i < count; i++) {
    pens->pens[i].width_mm = VS_DEFAULT_PEN_MM;
    color_from_lab(found->centers + (size_t)(3 * i), pens->pens[i].color);
  }
  vs_palette_measure(drawing, pens, uses);
  sort_pens(pens, uses);
  vs_palette_name_pens(pens);
}

vs_status vs_palette_find(const vs_drawing *drawing, int colors, vs_pen_set *pens,
                          double *inertia) {
  assert(colors >= 0 && colors <= VS_MAX_PENS);
  samples all;
  clustering found = {.inertia = 0.0};
  vs_status status = init_samples(&all, drawing);
  if (status == VS_OK && (size_t)colors > all.colors)
    status = vs_fail(VS_ERR_USAGE, "the drawing has %zu different colour%s, too few for %d pens",
                     all.colors, all.colors == 1 ? "" : "s", colors);
  if (status == VS_OK)
    status = colors > 0 ? cluster(&all, colors, &found) : cluster_by_rule(&all, &colors, &found);
  if (status == VS_OK) {
    make_pens(drawing, &found, colors, pens);
    if (inertia != NULL) *inertia = found.inertia;
  }
  clear_samples(&all);
  return status;
}

int vs_palette_nearest(const vs_pen_set *pens, const float rgb[3]) {
  assert(pens->count >= 1);
  int nearest = 0;
  double min_distance = HUGE_VAL, lab[3];
  vs_color_lab_from_srgb(rgb, lab);
  for (int i = 0; i < pens->count; i++) {
    double pen[3];
    vs_color_lab_from_srgb(pens->pens[i].color, pen);
    const double distance = vs_color_lab_distance(lab, pen);
    if (distance >= min_distance) continue;
    min_distance = distance;
    nearest = i;
  }
  return nearest;
}

void vs_palette_apply(vs_drawing *drawing, const vs_pen_set *pens) {
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    float rgb[3];
    vs_palette_blend(drawing, stroke, rgb);
    stroke->pen = vs_palette_nearest(pens, rgb);
    memcpy(stroke->color, pens->pens[stroke->pen].color, sizeof stroke->color);
    stroke->opacity = 1.0f;
  }
}

double vs_palette_measure(const vs_drawing *drawing, const vs_pen_set *pens, vs_pen_use *uses) {
  double total = 0.0, sum = 0.0;
  memset(uses, 0, (size_t)pens->count * sizeof *uses);
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const double ink = vs_palette_ink(drawing, &drawing->strokes[i]);
    float rgb[3];
    double lab[3], pen[3];
    vs_palette_blend(drawing, &drawing->strokes[i], rgb);
    const int nearest = vs_palette_nearest(pens, rgb);
    vs_color_lab_from_srgb(rgb, lab);
    vs_color_lab_from_srgb(pens->pens[nearest].color, pen);
    vs_pen_use *use = &uses[nearest];
    use->strokes++;
    use->ink_share += ink;
    use->distance += ink * vs_color_lab_distance(lab, pen);
    total += ink;
  }
  for (int i = 0; i < pens->count; i++) {
    sum += uses[i].distance;
    if (uses[i].ink_share > 0.0) uses[i].distance /= uses[i].ink_share;
    if (total > 0.0) uses[i].ink_share /= total;
  }
  return total > 0.0 ? sum / total : 0.0;
}
