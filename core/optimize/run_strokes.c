/* run_strokes.c - where strokes start, and how they come to their pens. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/optimize/run_internal.h"
#include "core/param/strokes.h"
#include "core/strokes/palette.h"
#include "core/svg/svg_read.h"

void vs_run_strokes_start_from(vs_run *run, const vs_drawing *drawing) {
  const vs_param_spec *param = &run->stages.list[0].param;
  vs_param_start(run->params[0], vs_random_make_key(run->spec.stream, VS_RANDOM_INIT, 0),
                 run->theta);
  vs_strokes_from_drawing(param, drawing, run->theta);
  run->has_start = true;
}

double vs_run_strokes_score(vs_run *run, const vs_drawing *drawing) {
  vs_run_strokes_start_from(run, drawing);
  run->stage = &run->stages.list[0];
  run->param = run->params[0];
  return vs_run_score_theta(run, run->theta).exc;
}

/* --- an SVG to start from --------------------------------------------------------------------- */

/* The largest picture of the SVG in the middle of the canvas. */
typedef struct placement {
  float scale, x, y;
} placement;

static placement fit_into(const vs_drawing *drawing, const vs_param_spec *spec) {
  const double scale = fmin(spec->width / drawing->width, spec->height / drawing->height);
  return (placement){.scale = (float)scale,
                     .x = (float)(0.5 * (spec->width - scale * drawing->width)),
                     .y = (float)(0.5 * (spec->height - scale * drawing->height))};
}

static vs_point2 midway(vs_point2 a, vs_point2 b) {
  return (vs_point2){0.5f * (a.x + b.x), 0.5f * (a.y + b.y)};
}

/* Cuts cubics[at] in two halves (de Casteljau); those behind it move up. */
static void halve(vs_point2 (*cubics)[4], int count, int at) {
  memmove(cubics + at + 1, cubics + at, (size_t)(count - at) * sizeof *cubics);
  vs_point2 *left = cubics[at], *right = cubics[at + 1];
  const vs_point2 inner = midway(left[1], left[2]);
  right[2] = midway(left[2], left[3]);
  right[1] = midway(inner, right[2]);
  left[1] = midway(left[0], left[1]);
  left[2] = midway(left[1], inner);
  left[3] = right[0] = midway(left[2], right[1]);
}

/* A piece of a stroke as a whole stroke of theta: the cubics from `first` on, as many as a stroke
 * has; where there are fewer, the last is cut in halves until there are enough. */
static void take_piece(const vs_run *run, const vs_drawing *from, const vs_stroke *stroke,
                       int first, const placement *place, vs_stroke *out, vs_point2 *points) {
  const vs_strokes_spec *strokes = &run->stage->param.strokes;
  vs_point2 cubics[VS_STROKES_MAX_SEGMENTS][4] = {{{0}}};
  int count = 0;
  while (count < strokes->segments && first + count < stroke->segments) {
    vs_drawing_stroke_cubic(from, stroke, first + count, cubics[count]);
    count++;
  }
  for (; count < strokes->segments; count++) halve(cubics, count, count - 1);
  for (size_t p = 0; p < vs_drawing_stroke_points(strokes->segments, strokes->closed); p++) {
    const vs_point2 *at = p == 0 ? &cubics[0][0] : &cubics[(p - 1) / 3][(p - 1) % 3 + 1];
    points[p] = (vs_point2){place->scale * at->x + place->x, place->scale * at->y + place->y};
  }
  out->width = fminf(fmaxf(place->scale * stroke->width, (float)strokes->width_min),
                     (float)strokes->width_max);
  out->opacity = stroke->opacity;
  if (strokes->color != VS_STROKE_BLACK) memcpy(out->color, stroke->color, sizeof out->color);
}

vs_status vs_run_strokes_start_from_svg(vs_run *run) {
  const vs_run_spec *spec = &run->spec;
  const vs_param_spec *param = &run->stage->param;
  if (spec->start_drawing[0] == '\0' || strcmp(spec->start_drawing, "random") == 0) return VS_OK;
  vs_drawing *svg = NULL, *start = NULL;
  vs_status status = vs_svg_read(&svg, spec->start_drawing);
  if (status == VS_OK)
    status = vs_drawing_new(&start, param->width, param->height, (size_t)param->strokes.count,
                            vs_strokes_point_count(&param->strokes));
  if (status == VS_OK) {
    const placement place = fit_into(svg, param);
    size_t taken = 0;
    vs_strokes_to_drawing(param, run->theta, start);
    for (size_t s = 0; s < svg->stroke_count; s++) {
      const vs_stroke *stroke = &svg->strokes[s];
      for (int c = 0; c < stroke->segments && taken < start->stroke_count;
           c += param->strokes.segments, taken++) {
        vs_stroke *to = &start->strokes[taken];
        take_piece(run, svg, stroke, c, &place, to, start->points + to->first_point);
      }
    }
    vs_strokes_from_drawing(param, start, run->theta);
  }
  vs_drawing_free(svg);
  vs_drawing_free(start);
  return status;
}

/* --- copies --------------------------------------------------------------------------------- */

/* Copies are turned and mirrored for variety; but a channel that looks for upright lines finds none
 * in a picture that lies on its side. Those that lose more than this share of the excitation are
 * left out. */
static const double worth_share = 0.1;

vs_status vs_run_strokes_find_orientations(vs_run *run, unsigned *orientations) {
  const vs_param_spec *param = &run->stage->param;
  const vs_random_key key = vs_random_make_key(run->spec.stream, VS_RANDOM_STROKES, 0);
  double total[VS_ORIENTATIONS], best = INFINITY, excitation = 0.0;
  *orientations = 0;
  if (param->kind != VS_PARAM_STROKES) return VS_OK;
  for (int o = 0; o < VS_ORIENTATIONS; o++) {
    const vs_tiling one = {
        .rows = 1, .columns = 1, .flip = true, .turn = true, .orientations = 1u << o};
    const vs_status status =
        vs_param_enlarge(param, run->theta, &one, key, param, run->spare_theta);
    if (status != VS_OK) return status;
    const vs_score score = vs_run_score_whole(run, run->spare_theta);
    total[o] = score.exc + run->result.lambda * run->style_factor * score.style;
    if (total[o] < best) {
      best = total[o];
      excitation = fabs(score.exc);
    }
  }
  for (int o = 0; o < VS_ORIENTATIONS; o++)
    if (total[o] <= best + worth_share * excitation) *orientations |= 1u << o;
  return VS_OK;
}

/* --- pens ------------------------------------------------------------------------------------- */

/* The pens of a drawing whose colours are free: those that are given, or found in it. */
static vs_status choose_pens(vs_run *run, vs_drawing *drawing) {
  const vs_palette_spec *palette = &run->spec.palette;
  vs_status status = VS_OK;
  run->pens = palette->pens;
  if (run->pens.count == 0) {
    status = vs_palette_find(drawing, palette->colors, &run->pens, NULL);
    for (int k = 0; k < run->pens.count; k++) run->pens.pens[k].width_mm = run->spec.plot.pen_mm;
  }
  if (status == VS_OK) vs_palette_apply(drawing, &run->pens);
  return status;
}

/* The drawing as it will be plotted, in its place. */
static vs_status take_preview(const vs_run *run, vs_drawing **drawing) {
  vs_drawing *preview;
  const vs_status status =
      vs_plot_preview(&preview, *drawing, &run->pens, vs_stages_mm_per_px(&run->spec));
  if (status != VS_OK) return status;
  vs_drawing_free(*drawing);
  *drawing = preview;
  return VS_OK;
}

vs_status vs_run_strokes_reduce_to_pens(vs_run *run, const vs_stage *from) {
  const vs_strokes_spec *strokes = &from->param.strokes;
  vs_drawing *drawing = NULL;
  vs_status status = vs_drawing_new(&drawing, from->param.width, from->param.height,
                                    (size_t)strokes->count, vs_strokes_point_count(strokes));
  if (status != VS_OK) return status;
  vs_strokes_to_drawing(&from->param, run->theta, drawing);
  if (strokes->color == VS_STROKE_PALETTE)
    run->pens = strokes->pens;
  else
    status = choose_pens(run, drawing);
  for (size_t i = 0; i < drawing->stroke_count && status == VS_OK; i++)
    drawing->strokes[i].opacity = 1.0f;
  if (status == VS_OK && vs_stages_by_pen(&run->spec)) status = take_preview(run, &drawing);
  if (status == VS_OK) {
    for (size_t i = 0; i < drawing->stroke_count; i++)
      run->stroke_pens[i] = drawing->strokes[i].pen;
    vs_strokes_from_drawing(&run->stage->param, drawing, run->theta);
  }
  vs_drawing_free(drawing);
  return status;
}
