/* plot.c - the way of a drawing to its sheet: placed (plot_place.c), joined (plot_join.c), ordered
 * (plot_order.c), and timed (motion.c). */
#include "core/plot/plot.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/image/color.h"
#include "core/plot/motion.h"
#include "core/plot/plot_join.h"
#include "core/plot/plot_order.h"
#include "core/plot/plot_place.h"

/* --- what is not plotted ---------------------------------------------------------------------- */

bool vs_plot_is_paper(const float rgb[3], const float paper[3]) {
  double color[3], blank[3];
  vs_color_lab_from_srgb(rgb, color);
  vs_color_lab_from_srgb(paper, blank);
  return vs_color_lab_distance(color, blank) < VS_PLOT_PAPER_LAB;
}

/* Makes strokes transparent whose pen has the paper's colour; returns how many could be seen. */
static int hide_paper(vs_drawing *drawing, const vs_pen_set *pens) {
  int hidden = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    vs_stroke *stroke = &drawing->strokes[i];
    if (stroke->pen < 0 || !vs_plot_is_paper(pens->pens[stroke->pen].color, drawing->paper))
      continue;
    hidden += stroke->opacity > 0.0f;
    stroke->opacity = 0.0f;
  }
  return hidden;
}

/* --- placing ---------------------------------------------------------------------------------- */

vs_status vs_plot_scale(const vs_drawing *drawing, const vs_pen_set *pens, const vs_page *page,
                        double margin_mm, double *mm_per_unit) {
  double widest = 0.0;
  for (int pen = 0; pen < pens->count; pen++) widest = fmax(widest, pens->pens[pen].width_mm);
  const double width = page->width_mm - 2.0 * margin_mm - widest;
  const double height = page->height_mm - 2.0 * margin_mm - widest;
  if (!(width > 0.0 && height > 0.0))
    return vs_fail(VS_ERR_USAGE,
                   "a page of %g x %g mm has no room within margins of %g mm for a pen of %g mm",
                   page->width_mm, page->height_mm, margin_mm, widest);
  *mm_per_unit = fmin(width / drawing->width, height / drawing->height);
  return VS_OK;
}

static vs_status place(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                       const vs_page *page, double margin_mm, vs_placing *placing,
                       vs_placed *counts) {
  *out = NULL;
  vs_status status = vs_plot_scale(drawing, pens, page, margin_mm, &placing->scale);
  if (status != VS_OK) return status;
  placing->left = 0.5 * (page->width_mm - placing->scale * drawing->width);
  placing->top = 0.5 * (page->height_mm - placing->scale * drawing->height);
  /* what is outside by less than a file can show is not worth a cut */
  const double slack = 0.5 * VS_PLOT_EDGE_MM;
  const vs_frame canvas = {placing->left - slack, placing->top - slack,
                           page->width_mm - placing->left + slack,
                           page->height_mm - placing->top + slack};
  return vs_plot_place(out, drawing, placing, page->width_mm, page->height_mm, &canvas, counts);
}

/* --- ordering --------------------------------------------------------------------------------- */

/* Copies a stroke's points as it is visited. */
static void add_visited(vs_drawing *to, const vs_drawing *from, const vs_visit *visit,
                        const vs_pen *pen) {
  const vs_stroke *stroke = &from->strokes[visit->stroke];
  const vs_point2 *points = from->points + stroke->first_point;
  const size_t count = vs_drawing_stroke_points(stroke->segments, stroke->closed);
  vs_stroke *visited = &to->strokes[to->stroke_count++];
  *visited = *stroke;
  visited->first_point = to->point_count;
  visited->width = (float)pen->width_mm;
  visited->opacity = 1.0f;
  memcpy(visited->color, pen->color, sizeof visited->color);
  const size_t start = stroke->closed ? 3 * (size_t)visit->joint : 0;
  for (size_t i = 0; i < count; i++) {
    const size_t at = visit->reversed ? count - 1 - i : (start + i) % count;
    to->points[to->point_count++] = points[at];
  }
}

static vs_status put_in_order(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens) {
  *out = NULL;
  vs_visit *visits = calloc(drawing->stroke_count + 1, sizeof *visits);
  vs_status status = visits == NULL ? vs_fail(VS_ERR_MEMORY, "no memory to order %zu strokes",
                                              drawing->stroke_count)
                                    : vs_drawing_copy(out, drawing);
  if (status == VS_OK) (*out)->stroke_count = (*out)->point_count = 0;
  for (int pen = 0; pen < pens->count && status == VS_OK; pen++) {
    size_t count = 0;
    status = vs_plot_order(drawing, pen, visits, &count);
    for (size_t i = 0; i < count && status == VS_OK; i++)
      add_visited(*out, drawing, &visits[i], &pens->pens[pen]);
  }
  free(visits);
  if (status == VS_OK) return VS_OK;
  vs_drawing_free(*out);
  *out = NULL;
  return status;
}

/* --- figures ---------------------------------------------------------------------------------- */

/* The way of a pen along a stroke. */
typedef struct track {
  vs_place *points; /* chords' ends; NULL: only counted */
  size_t count;
  double length; /* of the curves */
} track;

static void follow(track *way, const vs_drawing *drawing, const vs_stroke *stroke) {
  way->count = 0;
  way->length = 0.0;
  for (int segment = 0; segment < stroke->segments; segment++) {
    const vs_cubic cubic = vs_cubic_of_stroke(drawing, stroke, segment);
    const int steps = vs_cubic_steps(&cubic, VS_MOTION_CHORD_MM);
    if (way->points == NULL) {
      way->count += (size_t)steps + 1;
      continue;
    }
    way->length += vs_cubic_length(&cubic);
    for (int i = segment > 0; i <= steps; i++)
      way->points[way->count++] = vs_cubic_at(&cubic, (double)i / steps);
  }
}

static size_t max_chords(const vs_drawing *drawing) {
  size_t max = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    track way = {0};
    follow(&way, drawing, &drawing->strokes[i]);
    if (way.count > max) max = way.count;
  }
  return max;
}

/* Lets the pen of the i-th stroke draw it, and those of its pen after it; returns the stroke after
 * them. */
static size_t draw_with_pen(const vs_drawing *drawing, size_t i, track *way,
                            vs_motion_scratch scratch, vs_plot_pen *figures) {
  const int pen = drawing->strokes[i].pen;
  const vs_place home = {0.0, 0.0};
  vs_place at = home;
  double seconds = 0.0;
  for (; i < drawing->stroke_count && drawing->strokes[i].pen == pen; i++) {
    follow(way, drawing, &drawing->strokes[i]);
    const double hop = vs_cubic_distance(at, way->points[0]);
    figures->travel_mm += hop;
    figures->drawn_mm += way->length;
    figures->strokes++;
    seconds += vs_motion_straight(&vs_motion_pen_up, hop) + 2.0 * VS_MOTION_LIFT_S;
    seconds += vs_motion_along(&vs_motion_pen_down, way->points, way->count, scratch);
    at = way->points[way->count - 1];
  }
  figures->travel_mm += vs_cubic_distance(at, home);
  figures->minutes =
      (seconds + vs_motion_straight(&vs_motion_pen_up, vs_cubic_distance(at, home))) / 60.0;
  return i;
}

static vs_status measure(const vs_drawing *drawing, vs_plot_figures *figures) {
  *figures = (vs_plot_figures){0};
  const size_t chords = max_chords(drawing) + 1;
  track way = {.points = calloc(chords, sizeof *way.points)};
  vs_motion_scratch scratch = {calloc(chords, sizeof *scratch.lengths),
                               calloc(chords, sizeof *scratch.speeds)};
  vs_status status = VS_OK;
  if (way.points == NULL || scratch.lengths == NULL || scratch.speeds == NULL)
    status = vs_fail(VS_ERR_MEMORY, "no memory to time a plot");
  for (size_t i = 0; i < drawing->stroke_count && status == VS_OK;) {
    vs_plot_pen *pen = &figures->by_pen[drawing->strokes[i].pen];
    i = draw_with_pen(drawing, i, &way, scratch, pen);
    figures->drawn_mm += pen->drawn_mm;
    figures->travel_mm += pen->travel_mm;
    figures->strokes += pen->strokes;
    figures->minutes += pen->minutes;
    figures->pens++;
  }
  figures->lifts = figures->strokes;
  free(scratch.speeds);
  free(scratch.lengths);
  free(way.points);
  return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

vs_status vs_plot_plan(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                       const vs_page *page, double margin_mm, vs_plot_figures *figures,
                       double *mm_per_unit) {
  *out = NULL;
  assert(pens->count >= 1 && pens->count <= VS_MAX_PENS);
  for (size_t i = 0; i < drawing->stroke_count; i++)
    assert(drawing->strokes[i].pen >= 0 && drawing->strokes[i].pen < pens->count);
  vs_drawing *seen = NULL, *placed = NULL, *joined = NULL;
  vs_placing placing = {0};
  vs_placed counts = {0};
  int joined_count = 0, hidden = 0;
  vs_status status = vs_drawing_copy(&seen, drawing);
  if (status == VS_OK) hidden = hide_paper(seen, pens);
  if (status == VS_OK) status = place(&placed, seen, pens, page, margin_mm, &placing, &counts);
  if (status == VS_OK) status = vs_plot_join(&joined, placed, VS_PLOT_JOIN_MM, &joined_count);
  if (status == VS_OK) status = put_in_order(out, joined, pens);
  if (status == VS_OK) status = measure(*out, figures);
  figures->strokes_off_canvas = counts.outside;
  figures->strokes_of_paper = hidden;
  figures->strokes_cut = counts.cut;
  figures->strokes_joined = joined_count;
  if (status == VS_OK && mm_per_unit != NULL) *mm_per_unit = placing.scale;
  vs_drawing_free(joined);
  vs_drawing_free(placed);
  vs_drawing_free(seen);
  if (status == VS_OK) return VS_OK;
  vs_drawing_free(*out);
  *out = NULL;
  return status;
}

vs_status vs_plot_preview(vs_drawing **out, const vs_drawing *drawing, const vs_pen_set *pens,
                          double mm_per_unit) {
  vs_status status = vs_drawing_copy(out, drawing);
  if (status != VS_OK) return status;
  size_t placed = 0;
  for (int pen = -1; pen < pens->count; pen++)
    for (size_t i = 0; i < drawing->stroke_count; i++)
      if (drawing->strokes[i].pen == pen) (*out)->strokes[placed++] = drawing->strokes[i];
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    vs_stroke *stroke = &(*out)->strokes[i];
    if (stroke->pen < 0) continue;
    const vs_pen *pen = &pens->pens[stroke->pen];
    memcpy(stroke->color, pen->color, sizeof stroke->color);
    stroke->width = (float)(pen->width_mm / mm_per_unit);
    stroke->opacity = 1.0f;
  }
  hide_paper(*out, pens);
  return VS_OK;
}
