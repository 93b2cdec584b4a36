/* From a drawing to the sheet of a plotter: which pens, which page, what is written and told. */
#include "cli/plot_job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/log.h"
#include "core/image/color.h"
#include "core/image/png.h"
#include "core/raster/raster_draw.h"
#include "core/strokes/palette.h"
#include "core/svg/svg_color.h"
#include "core/svg/svg_write.h"
#include "sweeps/spec/pens.h"

static const char native[] = "native";

vs_plot_job vs_plot_job_default(void) {
  return (vs_plot_job){.asked = {.page = "A4", .margin_mm = 10.0},
                       .defaults = {.pen_mm = VS_DEFAULT_PEN_MM}};
}

vs_plot_job vs_plot_job_of_run(void) {
  return (vs_plot_job){.asked = {.margin_mm = -1.0}};
}

void vs_plot_job_clear(vs_plot_job *job) {
  vs_drawing_free(job->drawing);
  vs_drawing_free(job->sheet);
  job->drawing = job->sheet = NULL;
}

void vs_plot_job_options(vs_plot_job *job, vs_option out[VS_PLOT_OPTIONS]) {
  vs_plot_options *asked = &job->asked;
  char pages[VS_PAGE_LIST];
  vs_page_list(pages);
  snprintf(job->page_help, sizeof job->page_help,
           "%s; or native: one unit a pixel, strokes as they are, nothing joined or ordered",
           pages);
  const bool is_of_run = asked->page == NULL;
  const vs_option options[VS_PLOT_OPTIONS] = {
      vs_option_text("svg", "FILE",
                     "where the strokes go as SVG for a plotter, a layer for each pen",
                     &asked->svg),
      vs_option_default(vs_option_text("page", "NAME", job->page_help, &asked->page),
                        is_of_run ? "the run's plot.page" : NULL),
      vs_option_default(vs_option_real("margin", "MM", "paper that stays free on each side",
                                       &asked->margin_mm, 0.0, 1000.0),
                        is_of_run ? "the run's plot.margin" : NULL),
      vs_option_default(vs_option_text("pens", "FILE",
                                       "the pens there are: a YAML file, or an installed set such "
                                       "as stabilo-point-88",
                                       &asked->pens),
                        is_of_run ? "the run's, or one for each colour" : "one for each colour"),
      vs_option_integer("strokes", "N", "only the first N strokes", &asked->strokes, 1,
                        VS_DRAWING_MAX_STROKES),
      vs_option_text("preview", "FILE", "writes a PNG of the sheet with the way of the lifted pen",
                     &asked->preview)};
  memcpy(out, options, sizeof options);
}

vs_status vs_plot_job_prepare(vs_plot_job *job) {
  const vs_plot_options *asked = &job->asked;
  job->is_native = asked->page != NULL && strcmp(asked->page, native) == 0;
  if (job->is_native && (asked->pens != NULL || asked->preview != NULL))
    return vs_fail(VS_ERR_USAGE, "--%s: goes with a page; native strokes stay as they are",
                   asked->pens != NULL ? "pens" : "preview");
  const bool has_page = asked->page != NULL && !job->is_native;
  vs_status status = has_page ? vs_page_find(asked->page, &job->page) : VS_OK;
  if (status != VS_OK) return vs_status_context(status, "--page");
  return asked->pens != NULL ? vs_pens_read(&job->pens, asked->pens) : VS_OK;
}

/* --- pens ------------------------------------------------------------------------------------- */

static int find_color(const vs_pen_set *pens, const float color[3]) {
  for (int i = 0; i < pens->count; i++)
    if (vs_drawing_same_color(pens->pens[i].color, color)) return i;
  return -1;
}

/* A pen for each colour, in the order in which they appear. */
static vs_status pens_of_colors(vs_pen_set *pens, const vs_drawing *drawing, double width_mm) {
  *pens = (vs_pen_set){0};
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    const vs_stroke *stroke = &drawing->strokes[i];
    float color[3];
    vs_palette_blend(drawing, stroke, color);
    for (int c = 0; c < 3; c++) color[c] = roundf(255.0f * color[c]) / 255.0f;
    if (find_color(pens, color) >= 0) continue;
    if (pens->count == VS_MAX_PENS)
      return vs_fail(VS_ERR_USAGE,
                     "the strokes have more than %d colours: name the pens there are with --pens, "
                     "or reduce the colours with `vggsweep palette` (any SVG) or `vggsweep refine` "
                     "(a run)",
                     VS_MAX_PENS);
    vs_pen *pen = &pens->pens[pens->count++];
    pen->width_mm = width_mm;
    memcpy(pen->color, color, sizeof color);
  }
  vs_palette_name_pens(pens);
  return VS_OK;
}

/* Leaves out what cannot be seen on the paper: no other pen is to draw it. */
static vs_status keep_visible(vs_plot_job *job) {
  vs_drawing *drawing = job->drawing;
  size_t kept = 0;
  for (size_t i = 0; i < drawing->stroke_count; i++) {
    float color[3];
    if (!(drawing->strokes[i].opacity > 0.0f)) continue;
    vs_palette_blend(drawing, &drawing->strokes[i], color);
    if (vs_plot_is_paper(color, drawing->paper))
      job->left_out++;
    else
      drawing->strokes[kept++] = drawing->strokes[i];
  }
  drawing->stroke_count = kept;
  return kept > 0 ? VS_OK
                  : vs_fail(VS_ERR_USAGE,
                            "nothing to plot: every stroke is transparent or of the paper's "
                            "colour");
}

static bool has_pens(const vs_drawing *drawing, const vs_pen_set *own) {
  if (own == NULL || own->count == 0) return false;
  for (size_t i = 0; i < drawing->stroke_count; i++)
    if (drawing->strokes[i].pen < 0 || drawing->strokes[i].pen >= own->count) return false;
  return true;
}

/* Gives every stroke that can be seen a pen; what cannot be seen stays so. */
static vs_status choose_pens(vs_plot_job *job, const vs_pen_set *own) {
  vs_drawing *drawing = job->drawing;
  if (job->asked.pens == NULL && has_pens(drawing, own)) {
    job->pens = *own;
    return VS_OK;
  }
  vs_status status = keep_visible(job);
  if (status == VS_OK && job->asked.pens == NULL)
    status = pens_of_colors(&job->pens, drawing, job->sheet_spec.pen_mm);
  if (status == VS_OK) vs_palette_apply(drawing, &job->pens);
  return status;
}

/* --- a picture of the plan -------------------------------------------------------------------- */

static const double preview_scale = 4.0; /* pixels per mm: 100 dpi */

static void add_travel(vs_drawing *picture, vs_point2 from, vs_point2 to) {
  vs_stroke *stroke = &picture->strokes[picture->stroke_count++];
  *stroke = (vs_stroke){.first_point = picture->point_count,
                        .segments = 1,
                        .width = 0.25f,
                        .color = {0.6f, 0.7f, 0.8f},
                        .opacity = 1.0f,
                        .pen = -1};
  for (int i = 0; i < 4; i++) {
    const float t = (float)i / 3.0f;
    picture->points[picture->point_count++] =
        (vs_point2){from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)};
  }
}

/* The sheet, and under it straight lines between the strokes of a pen. */
static vs_status draw_plan(vs_drawing **out, const vs_drawing *sheet) {
  vs_status status = vs_drawing_new(out, sheet->width, sheet->height, 2 * sheet->stroke_count,
                                    sheet->point_count + 4 * sheet->stroke_count);
  if (status != VS_OK) return status;
  vs_drawing *picture = *out;
  memcpy(picture->points, sheet->points, sheet->point_count * sizeof *sheet->points);
  picture->point_count = sheet->point_count;
  picture->stroke_count = 0;
  for (size_t i = 1; i < sheet->stroke_count; i++) {
    const vs_stroke *before = &sheet->strokes[i - 1], *after = &sheet->strokes[i];
    if (before->pen != after->pen) continue;
    const size_t last = before->closed ? 0 : 3 * (size_t)before->segments;
    add_travel(picture, sheet->points[before->first_point + last],
               sheet->points[after->first_point]);
  }
  for (size_t i = 0; i < sheet->stroke_count; i++)
    picture->strokes[picture->stroke_count++] = sheet->strokes[i];
  return VS_OK;
}

static vs_status write_picture(const char *path, const vs_drawing *picture) {
  const int height = (int)ceil(preview_scale * picture->height);
  const int width = (int)ceil(preview_scale * picture->width);
  uint8_t *rgb = malloc(3 * (size_t)height * (size_t)width);
  if (rgb == NULL)
    return vs_fail(VS_ERR_MEMORY, "%s: no memory for a picture of %d x %d pixels", path, height,
                   width);
  vs_status status = vs_raster_draw(picture, preview_scale, height, width, rgb);
  if (status == VS_OK) status = vs_png_write(path, rgb, height, width);
  free(rgb);
  return status;
}

static vs_status write_preview(const char *path, const vs_drawing *sheet) {
  if (2 * sheet->stroke_count > VS_DRAWING_MAX_STROKES ||
      sheet->point_count + 4 * sheet->stroke_count > VS_DRAWING_MAX_POINTS) {
    vs_log(VS_LOG_WARNING, "%s: too many strokes to show the way of the lifted pen as well", path);
    return write_picture(path, sheet);
  }
  vs_drawing *picture = NULL;
  vs_status status = draw_plan(&picture, sheet);
  if (status == VS_OK) status = write_picture(path, picture);
  vs_drawing_free(picture);
  return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* What the command line says of the sheet, and defaults for the rest. */
static vs_status choose_sheet(vs_plot_job *job) {
  vs_plot_spec *chosen = &job->sheet_spec;
  *chosen = job->defaults;
  if (job->asked.margin_mm >= 0.0) chosen->margin_mm = job->asked.margin_mm;
  if (job->asked.page != NULL) snprintf(chosen->page, sizeof chosen->page, "%s", job->asked.page);
  return vs_page_find(chosen->page, &job->page);
}

static vs_status plan(vs_plot_job *job, const vs_pen_set *own) {
  vs_status status = choose_sheet(job);
  if (status == VS_OK) status = choose_pens(job, own);
  if (status != VS_OK) return status;
  status = vs_plot_plan(&job->sheet, job->drawing, &job->pens, &job->page,
                        job->sheet_spec.margin_mm, &job->figures, &job->mm_per_unit);
  if (status == VS_ERR_USAGE) status = vs_status_context(status, "--margin");
  job->figures.strokes_of_paper += job->left_out;
  if (status == VS_OK && job->figures.strokes == 0)
    status = vs_fail(VS_ERR_USAGE, "nothing to plot: no stroke %s",
                     job->figures.strokes_of_paper > 0 ? "on the canvas differs from the paper"
                                                       : "lies on the canvas");
  return status;
}

/* What is on the sheet otherwise than in the drawing. */
static void tell_changes(const vs_plot_job *job) {
  const vs_plot_figures *of = &job->figures;
  if (of->strokes_of_paper > 0) {
    char paper[VS_COLOR_HEX];
    vs_color_hex(job->drawing->paper, paper);
    vs_log(VS_LOG_INFO, "%s: strokes left out, of the paper's colour (%s): %d", job->asked.svg,
           paper, of->strokes_of_paper);
  }
  if (of->strokes_off_canvas + of->strokes_cut + of->strokes_joined == 0) return;
  vs_log(VS_LOG_INFO,
         "%s: strokes left out, off the canvas: %d; cut at its edge: %d; joined where ends meet: "
         "%d",
         job->asked.svg, of->strokes_off_canvas, of->strokes_cut, of->strokes_joined);
}

vs_status vs_plot_job_perform(vs_plot_job *job, const vs_drawing *drawing, const vs_pen_set *own,
                              const char *title, const char *description) {
  vs_status status = vs_drawing_copy(&job->drawing, drawing);
  if (status != VS_OK) return status;
  const size_t wanted = (size_t)job->asked.strokes;
  if (wanted > 0 && wanted < job->drawing->stroke_count) job->drawing->stroke_count = wanted;
  vs_svg_options options = {.unit = "px", .title = title, .description = description};
  if (!job->is_native) {
    status = plan(job, own);
    options.unit = "mm";
    options.pens = &job->pens;
    options.as_pens = true;
  }
  if (status == VS_OK)
    status = vs_svg_write(job->asked.svg, job->is_native ? job->drawing : job->sheet, &options);
  if (status == VS_OK && job->asked.preview != NULL)
    status = write_preview(job->asked.preview, job->sheet);
  if (status == VS_OK) tell_changes(job);
  return status;
}

/* --- telling ---------------------------------------------------------------------------------- */

static void print_pens_json(const vs_plot_job *job, vs_json *json) {
  vs_json_open(json, "pens", '[');
  for (int i = 0; i < job->pens.count; i++) {
    const vs_pen *pen = &job->pens.pens[i];
    const vs_plot_pen *drawn = &job->figures.by_pen[i];
    char color[VS_COLOR_HEX];
    if (drawn->strokes == 0) continue;
    vs_color_hex(pen->color, color);
    vs_json_open(json, NULL, '{');
    vs_json_text(json, "name", pen->name);
    vs_json_integer(json, "layer", i + 1);
    vs_json_text(json, "color", color);
    vs_json_figure(json, "width_mm", pen->width_mm);
    vs_json_integer(json, "strokes", drawn->strokes);
    vs_json_figure(json, "drawn_mm", drawn->drawn_mm);
    vs_json_figure(json, "travel_mm", drawn->travel_mm);
    vs_json_figure(json, "minutes", drawn->minutes);
    vs_json_close(json);
  }
  vs_json_close(json);
}

void vs_plot_job_print_json(const vs_plot_job *job, vs_json *json) {
  vs_json_text(json, "svg", job->asked.svg);
  vs_json_text(json, "page", job->is_native ? native : job->sheet_spec.page);
  if (job->is_native) {
    vs_json_integer(json, "strokes", (int64_t)job->drawing->stroke_count);
    return;
  }
  vs_json_open(json, "page_mm", '[');
  vs_json_figure(json, NULL, job->page.width_mm);
  vs_json_figure(json, NULL, job->page.height_mm);
  vs_json_close(json);
  vs_json_figure(json, "margin_mm", job->sheet_spec.margin_mm);
  vs_json_figure(json, "mm_per_unit", job->mm_per_unit);
  vs_json_integer(json, "strokes", job->figures.strokes);
  vs_json_integer(json, "strokes_off_canvas", job->figures.strokes_off_canvas);
  vs_json_integer(json, "strokes_of_paper", job->figures.strokes_of_paper);
  vs_json_integer(json, "strokes_cut", job->figures.strokes_cut);
  vs_json_integer(json, "strokes_joined", job->figures.strokes_joined);
  vs_json_integer(json, "lifts", job->figures.lifts);
  vs_json_figure(json, "drawn_mm", job->figures.drawn_mm);
  vs_json_figure(json, "travel_mm", job->figures.travel_mm);
  vs_json_figure(json, "minutes", job->figures.minutes);
  print_pens_json(job, json);
}

void vs_plot_job_print(const vs_plot_job *job) {
  if (job->is_native) {
    printf("%zu strokes, as they are\n", job->drawing->stroke_count);
    return;
  }
  printf("%-24s %8s %8s %9s %9s %8s\n", "pen", "width", "strokes", "drawn", "travel", "minutes");
  for (int i = 0; i < job->pens.count; i++) {
    const vs_plot_pen *drawn = &job->figures.by_pen[i];
    if (drawn->strokes == 0) continue;
    char name[VS_PEN_NAME + 8];
    snprintf(name, sizeof name, "%d %s", i + 1, job->pens.pens[i].name);
    printf("%-24s %5.2f mm %8d %7.2f m %7.2f m %8.1f\n", name, job->pens.pens[i].width_mm,
           drawn->strokes, drawn->drawn_mm / 1000.0, drawn->travel_mm / 1000.0, drawn->minutes);
  }
  const vs_plot_figures *all = &job->figures;
  printf("%-24s %8s %8d %7.2f m %7.2f m %8.1f\n", "all", "", all->strokes, all->drawn_mm / 1000.0,
         all->travel_mm / 1000.0, all->minutes);
  printf("%s, %g x %g mm; a unit of the drawing is %.3g mm\n", job->sheet_spec.page,
         job->page.width_mm, job->page.height_mm, job->mm_per_unit);
}
