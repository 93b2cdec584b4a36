/* plot_place.c - strokes moved onto the page and cut at its box; run twice, first to count what
 * there will be. */
#include "core/plot/plot_place.h"

#include <math.h>

static const double farthest_mm = 1e6;

/* A drawing under construction; while `drawing` is NULL it only counts. */
typedef struct builder {
  vs_drawing *drawing;
  size_t strokes, points;
  bool is_open; /* a stroke has begun */
  vs_placed placed;
} builder;

static void add_point(builder *build, vs_place place) {
  if (build->drawing != NULL)
    build->drawing->points[build->points] = (vs_point2){(float)place.x, (float)place.y};
  build->points++;
}

static void begin_stroke(builder *build, const vs_stroke *model, vs_place start) {
  if (build->drawing != NULL) {
    vs_stroke *stroke = &build->drawing->strokes[build->strokes];
    *stroke = *model;
    stroke->first_point = build->points;
    stroke->segments = 0;
    stroke->closed = false;
  }
  build->strokes++;
  build->is_open = true;
  add_point(build, start);
}

static void add_cubic(builder *build, const vs_cubic *cubic) {
  for (int i = 1; i < 4; i++) add_point(build, cubic->p[i]);
  if (build->drawing != NULL) build->drawing->strokes[build->strokes - 1].segments++;
}

/* The stroke begun last ends where it began, and there its last point is. */
static void close_stroke(builder *build) {
  build->points--;
  if (build->drawing != NULL) build->drawing->strokes[build->strokes - 1].closed = true;
}

static vs_place put_on_page(const vs_placing *placing, vs_point2 point) {
  return (vs_place){placing->scale * (double)point.x + placing->left,
                    placing->scale * (double)point.y + placing->top};
}

/* Whether a stroke is where it can be cut; what is NaN is not below anything. */
static bool is_in_reach(const vs_drawing *drawing, const vs_stroke *stroke,
                        const vs_placing *placing) {
  const size_t count = vs_drawing_stroke_points(stroke->segments, stroke->closed);
  for (size_t i = 0; i < count; i++) {
    const vs_place place = put_on_page(placing, drawing->points[stroke->first_point + i]);
    if (!(fabs(place.x) < farthest_mm && fabs(place.y) < farthest_mm)) return false;
  }
  return true;
}

static void add_stroke(builder *build, const vs_drawing *drawing, const vs_stroke *stroke,
                       const vs_placing *placing, const vs_frame *box) {
  const size_t before = build->strokes;
  bool is_whole = true;
  build->is_open = false;
  for (int segment = 0; segment < stroke->segments; segment++) {
    vs_point2 points[4];
    vs_drawing_stroke_cubic(drawing, stroke, segment, points);
    vs_cubic cubic;
    for (int i = 0; i < 4; i++) cubic.p[i] = put_on_page(placing, points[i]);
    vs_span parts[VS_CUBIC_MAX_PARTS];
    const int count = vs_cubic_inside(&cubic, box, parts);
    double reached = 0.0; /* of t, without a gap */
    for (int i = 0; i < count; i++) {
      const vs_cubic part = vs_cubic_part(&cubic, parts[i]);
      if (parts[i].from > reached) is_whole = build->is_open = false;
      if (!build->is_open) begin_stroke(build, stroke, part.p[0]);
      add_cubic(build, &part);
      reached = parts[i].to;
    }
    if (reached < 1.0) is_whole = build->is_open = false;
  }
  if (is_whole && stroke->closed) close_stroke(build);
  build->placed.outside += build->strokes == before;
  build->placed.cut += build->strokes > before && !is_whole;
}

static void add_strokes(builder *build, const vs_drawing *drawing, const vs_placing *placing,
                        const vs_frame *box) {
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    if (!(stroke->opacity > 0.0f)) continue;
    if (is_in_reach(drawing, stroke, placing))
      add_stroke(build, drawing, stroke, placing, box);
    else
      build->placed.outside++;
  }
}

vs_status vs_plot_place(vs_drawing **out, const vs_drawing *drawing, const vs_placing *placing,
                        double width_mm, double height_mm, const vs_frame *box, vs_placed *counts) {
  *out = NULL;
  builder count = {0};
  add_strokes(&count, drawing, placing, box);
  vs_drawing *placed;
  vs_status status = vs_drawing_new(&placed, width_mm, height_mm, count.strokes, count.points);
  if (status != VS_OK) return vs_status_context(status, "cut at the edge of the canvas");
  for (int c = 0; c < 3; c++) placed->paper[c] = drawing->paper[c];
  builder build = {.drawing = placed};
  add_strokes(&build, drawing, placing, box);
  *counts = build.placed;
  *out = placed;
  return VS_OK;
}
