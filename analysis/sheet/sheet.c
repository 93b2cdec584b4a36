/* Measures and draws a contact sheet: headings, cells, legend. */
#include "analysis/sheet/sheet.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/figure_text.h"
#include "analysis/sheet/canvas.h"
#include "analysis/sheet/label.h"
#include "analysis/sheet/sheet_grid.h"
#include "core/image/png.h"

#define DEFAULT_CELL  256 /* px; the largest that cell = 0 chooses */
#define SHRUNKEN_CELL 48  /* px; the smallest */
#define LARGE_CELL    144 /* px; from here on labels are drawn at twice the size */
#define FIGURE        32  /* bytes of a figure with its word */

/* Greys, 0 black. The pictures are what should be seen. */
#define INK   56
#define QUIET 120
#define FRAME 204
#define HATCH 226

/* --- measures --------------------------------------------------------------------------------- */

/* Widths of the longest texts at scale 1, in px, and the largest picture. */
typedef struct measures {
  int row_heading, row_details, detail_lines;
  int column_heading, exc, style;
  bool has_exc, has_gain; /* which of the two stands below pictures */
  int side;               /* longer side of the largest picture */
  double width, height;   /* of the widest and the highest picture, their longer side being 1 */
} measures;

static int larger(int a, int b) {
  return a > b ? a : b;
}

/* The gain over the baseline; NaN where it is not known, and for the baseline, which has none. */
static double gain_of(const vs_sheet_grid *grid, size_t row) {
  double gain;
  if (vs_metrics_baseline(grid->metrics, row) == row) return NAN;
  vs_status status = vs_metrics_get(grid->metrics, vs_metric_find("exc_gain"), row, &gain);
  return status == VS_OK ? gain : NAN;
}

static void exc_text(const vs_sheet_grid *grid, size_t row, char text[FIGURE]) {
  char figure[VS_FIGURE_TEXT];
  double gain = gain_of(grid, row);
  vs_figure_text(vs_results_row(grid->results, row)->exc_eval, figure);
  if (isnan(gain))
    snprintf(text, FIGURE, "exc %s", figure);
  else
    snprintf(text, FIGURE, "gain %s", vs_figure_text_as("%+.1f%%", 100.0 * gain).text);
}

static void style_text(const vs_sheet_grid *grid, size_t row, char text[FIGURE]) {
  char figure[VS_FIGURE_TEXT];
  vs_figure_text(vs_results_row(grid->results, row)->style_eval, figure);
  snprintf(text, FIGURE, "style %s", figure);
}

static void measure_figures(measures *m, const vs_sheet_grid *grid, size_t row) {
  char text[FIGURE];
  exc_text(grid, row, text);
  m->exc = larger(m->exc, vs_label_width(text, 1));
  style_text(grid, row, text);
  m->style = larger(m->style, vs_label_width(text, 1));
  *(isnan(gain_of(grid, row)) ? &m->has_exc : &m->has_gain) = true;
}

static void measure_run(measures *m, const vs_sheet_grid *grid, size_t row) {
  const vs_row *run = vs_results_row(grid->results, row);
  if (run->status == VS_RUN_DONE) measure_figures(m, grid, row);
  int side = larger(run->height, run->width);
  if (side < 1) return;
  m->side = larger(m->side, side);
  m->width = fmax(m->width, (double)run->width / side);
  m->height = fmax(m->height, (double)run->height / side);
}

static void measure_row(measures *m, const vs_sheet_grid *grid, size_t row) {
  char text[VS_SHEET_HEADING];
  for (size_t line = 0; vs_sheet_grid_row_heading(grid, row, line, text); line++) {
    int *widest = line == 0 ? &m->row_heading : &m->row_details;
    *widest = larger(*widest, vs_label_width(text, 1));
    m->detail_lines = larger(m->detail_lines, (int)line);
  }
  size_t count;
  const size_t *members = vs_sheet_grid_members(grid, row, &count);
  for (size_t i = 0; i < count; i++)
    if (grid->chosen == NULL || grid->chosen[members[i]]) measure_run(m, grid, members[i]);
}

static measures measure(const vs_sheet_grid *grid) {
  measures m = {0};
  for (size_t column = 0; column < grid->columns; column++) {
    char text[VS_SHEET_HEADING];
    vs_sheet_grid_column_heading(grid, column, text);
    m.column_heading = larger(m.column_heading, vs_label_width(text, 1));
  }
  for (size_t row = 0; row < grid->rows; row++) measure_row(&m, grid, row);
  if (m.side == 0) { /* no run has a picture */
    m.side = SHRUNKEN_CELL;
    m.width = m.height = 1.0;
  }
  return m;
}

/* --- legend ----------------------------------------------------------------------------------- */

/* A pen that writes words from `left` on, on a new line where one does not end before `right`. */
typedef struct pen {
  vs_canvas *canvas; /* NULL to try what would be written */
  int left, right, x, y;
  int scale, lines; /* lines begun */
} pen;

static int line_height(int scale) {
  return (VS_LABEL_HEIGHT + VS_LABEL_DESCENT + 3) * scale;
}

/* Makes room for a text `gap` px after the last one, or at the left end. */
static void move_pen(pen *p, int gap, int width) {
  if (p->lines > 0 && p->x + gap + width <= p->right) {
    p->x += gap;
    return;
  }
  if (p->lines++ > 0) p->y += line_height(p->scale);
  p->x = p->left;
}

/* A phrase stays together where a line holds it, else it is broken between words. */
static void write_phrase(pen *p, const char *phrase) {
  const int blank = VS_LABEL_ADVANCE * p->scale;
  int width = vs_label_width(phrase, p->scale);
  bool whole = p->left + width <= p->right;
  move_pen(p, 4 * blank, whole ? width : p->right);
  for (const char *at = phrase; *at != '\0';) {
    char word[FIGURE];
    size_t length = strcspn(at, " ");
    assert(length < sizeof word);
    snprintf(word, sizeof word, "%.*s", (int)length, at);
    width = vs_label_width(word, p->scale);
    if (at != phrase) move_pen(p, blank, width);
    if (p->canvas != NULL) vs_label_draw(p->canvas, p->x, p->y, p->scale, QUIET, word);
    p->x += width + p->scale; /* as far as the next letter would stand */
    at += length + strspn(at + length, " ");
  }
}

/* What the figures below the pictures mean. Returns the number of lines. */
static int write_legend(pen p, const measures *m, const char *weight) {
  if (m->has_exc) write_phrase(&p, "exc: lower is more excited");
  if (m->has_gain) {
    char gain[FIGURE];
    snprintf(gain, sizeof gain, "gain: excitation over %s 0", weight);
    write_phrase(&p, gain);
  }
  if (m->style > 0) write_phrase(&p, "style: Gram distance to the style");
  return p.lines;
}

/* --- layout ----------------------------------------------------------------------------------- */

/* Everything in px. All pictures have boxes of one size, so that they stand in rows and columns;
 * one of other proportions stands in the middle of its box. */
typedef struct layout {
  int cell; /* longer side of a picture */
  int box_width, box_height;
  int left, top;         /* of the first box */
  double step_x, step_y; /* from box to box */
  int margin;
  int scale;            /* of all labels, 1 or 2 */
  bool one_line;        /* both figures beside each other */
  double width, height; /* of the sheet, not yet checked */
  pen legend;           /* without canvas and y */
  int legend_lines;
} layout;

/* Where the legend goes: under the pictures in one line or, where that is too narrow, from the
 * margin on. */
static void lay_out_legend(layout *l, const measures *m, const vs_sheet_grid *grid) {
  int right = (int)fmin(l->width, VS_PICTURE_MAX_SIDE) - l->margin;
  l->legend = (pen){.left = l->left, .right = right, .scale = l->scale};
  l->legend_lines = write_legend(l->legend, m, grid->weight_name);
  if (l->legend_lines <= 1) return;
  l->legend.left = l->margin;
  l->legend_lines = write_legend(l->legend, m, grid->weight_name);
}

static layout lay_out(const measures *m, const vs_sheet_grid *grid, int cell) {
  layout l = {.cell = cell, .scale = cell >= LARGE_CELL ? 2 : 1};
  int gap = 8 * l.scale, half_gap = 4 * l.scale;
  l.margin = 12 * l.scale;
  l.box_width = larger(1, (int)lround(m->width * cell));
  l.box_height = larger(1, (int)lround(m->height * cell));
  l.one_line = (m->exc + m->style) * l.scale + gap <= l.box_width;
  int figures = line_height(l.scale) * (l.one_line ? 1 : 2);
  int below = 5 + figures + gap;
  int details = (1 + m->detail_lines) * line_height(l.scale);
  int widest = larger(l.box_width, m->column_heading * l.scale);
  if (!l.one_line) widest = larger(widest, larger(m->exc, m->style) * l.scale);
  l.step_x = widest + gap;
  l.step_y = larger(l.box_height + below, details + gap);
  l.left = l.margin + larger(m->row_heading, m->row_details) * l.scale + gap + half_gap;
  l.top = l.margin + line_height(l.scale) + half_gap;
  l.width = l.left + l.step_x * (double)grid->columns - gap + l.margin;
  lay_out_legend(&l, m, grid);
  l.height = l.top + l.step_y * (double)grid->rows - gap + l.margin;
  if (l.legend_lines > 0) l.height += half_gap + l.legend_lines * line_height(l.scale);
  return l;
}

/* The largest number of rows that fits, for the message; 0 if not even one does. */
static size_t rows_that_fit(const measures *m, const vs_sheet_grid *grid, int cell) {
  vs_sheet_grid fewer = *grid;
  while (fewer.rows > 0) {
    layout l = lay_out(m, &fewer, cell);
    if (vs_canvas_fits(l.height, l.width)) break;
    fewer.rows--;
  }
  return fewer.rows;
}

static vs_status choose_layout(const measures *m, const vs_sheet_grid *grid, int wanted,
                               layout *out) {
  int cell = wanted != 0 ? wanted : m->side < DEFAULT_CELL ? m->side : DEFAULT_CELL;
  *out = lay_out(m, grid, cell);
  while (wanted == 0 && cell > SHRUNKEN_CELL && !vs_canvas_fits(out->height, out->width)) {
    cell = larger(cell * 7 / 8, SHRUNKEN_CELL);
    *out = lay_out(m, grid, cell);
  }
  if (vs_canvas_fits(out->height, out->width)) return VS_OK;
  size_t fit = rows_that_fit(m, grid, cell);
  char advice[96];
  if (fit > 0)
    snprintf(advice, sizeof advice, "--top %zu draws as many rows as fit", fit);
  else
    snprintf(advice, sizeof advice, "%zu columns are too many for one sheet", grid->columns);
  return vs_fail(
      VS_ERR_LIMIT, "the sheet would have %.0f x %.0f px, more than a picture may have; %s%s",
      out->width, out->height, advice, wanted > SHRUNKEN_CELL ? ", a smaller --cell more" : "");
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void draw_to_the_right(vs_canvas *canvas, int right, int y, int scale, uint8_t grey,
                              const char *text) {
  vs_label_draw(canvas, right - vs_label_width(text, scale), y, scale, grey, text);
}

static vs_box box_at(const layout *l, size_t row, size_t column) {
  return (vs_box){.x = l->left + (int)(l->step_x * (double)column),
                  .y = l->top + (int)(l->step_y * (double)row),
                  .width = l->box_width,
                  .height = l->box_height};
}

/* What stands in place of a picture. */
static void draw_word(vs_canvas *canvas, const layout *l, vs_box box, const char *word) {
  int width = vs_label_width(word, l->scale), height = VS_LABEL_HEIGHT * l->scale;
  int x = box.x + (box.width - width) / 2, y = box.y + (box.height - height) / 2;
  int around = 5 * l->scale;
  vs_canvas_hatch(canvas, box, HATCH);
  vs_canvas_frame(canvas, box, HATCH);
  vs_canvas_fill(canvas, (vs_box){x - around, y - around, width + 2 * around, height + 2 * around},
                 255);
  vs_label_draw(canvas, x, y, l->scale, QUIET, word);
}

/* The place within the box that a picture of height x width takes. */
static vs_box fit(const layout *l, vs_box box, int height, int width) {
  int side = larger(height, width);
  vs_box place = {.width = larger(1, (int)lround((double)l->cell * width / side)),
                  .height = larger(1, (int)lround((double)l->cell * height / side))};
  place.x = box.x + (box.width - place.width) / 2;
  place.y = box.y;
  return place;
}

/* Below the picture: beside each other where there is room. */
static void draw_figures(vs_canvas *canvas, const layout *l, vs_box place,
                         const vs_sheet_grid *grid, size_t row) {
  char text[FIGURE];
  int scale = l->scale, x = place.x, y = place.y + place.height + 4 + 2 * scale;
  exc_text(grid, row, text);
  vs_label_draw(canvas, x, y, scale, QUIET, text);
  style_text(grid, row, text);
  if (l->one_line)
    draw_to_the_right(canvas, x + place.width, y, scale, QUIET, text);
  else
    vs_label_draw(canvas, x, y + line_height(scale), scale, QUIET, text);
}

static vs_status draw_run(vs_canvas *canvas, const layout *l, vs_box box, const vs_sheet_grid *grid,
                          size_t row) {
  const vs_row *run = vs_results_row(grid->results, row);
  if (run->status != VS_RUN_DONE) {
    draw_word(canvas, l, box, vs_run_outcome_words[run->status]);
    return VS_OK;
  }
  uint8_t *rgb = NULL;
  vs_status status = vs_results_read_image(grid->results, row, &rgb);
  if (status == VS_OK) {
    vs_box place = fit(l, box, run->height, run->width);
    status = vs_canvas_paste_scaled(canvas, place, rgb, run->height, run->width);
    vs_canvas_frame(canvas, place, FRAME);
    draw_figures(canvas, l, place, grid, row);
  }
  free(rgb);
  return vs_status_context(status, "run %s", run->id);
}

static void draw_row_heading(vs_canvas *canvas, const layout *l, const vs_sheet_grid *grid,
                             size_t row) {
  vs_box box = box_at(l, row, 0);
  int right = box.x - 6 * l->scale, y = box.y;
  char text[VS_SHEET_HEADING];
  for (size_t line = 0; vs_sheet_grid_row_heading(grid, row, line, text); line++) {
    draw_to_the_right(canvas, right, y, l->scale, line == 0 ? INK : QUIET, text);
    y += line_height(l->scale);
  }
}

static vs_status draw_row(vs_canvas *canvas, const layout *l, const vs_sheet_grid *grid, size_t row,
                          size_t *cells) {
  draw_row_heading(canvas, l, grid, row);
  vs_sheet_grid_cells(grid, row, cells);
  for (size_t column = 0; column < grid->columns; column++) {
    vs_box box = box_at(l, row, column);
    if (cells[column] == VS_SHEET_NO_RUN) {
      draw_word(canvas, l, box, "missing");
      continue;
    }
    vs_status status = draw_run(canvas, l, box, grid, cells[column]);
    if (status != VS_OK) return status;
  }
  return VS_OK;
}

static void draw_legend(vs_canvas *canvas, const measures *m, const layout *l, const char *weight) {
  pen p = l->legend;
  p.canvas = canvas;
  p.y = canvas->height - l->margin - (l->legend_lines - 1) * line_height(l->scale) -
        VS_LABEL_HEIGHT * l->scale;
  write_legend(p, m, weight);
}

static vs_status draw_sheet(vs_canvas *canvas, const measures *m, const layout *l,
                            const vs_sheet_grid *grid, size_t *cells) {
  for (size_t column = 0; column < grid->columns; column++) {
    char text[VS_SHEET_HEADING];
    vs_sheet_grid_column_heading(grid, column, text);
    vs_label_draw(canvas, box_at(l, 0, column).x, l->margin, l->scale, INK, text);
  }
  draw_legend(canvas, m, l, grid->weight_name);
  vs_status status = VS_OK;
  for (size_t row = 0; row < grid->rows && status == VS_OK; row++)
    status = draw_row(canvas, l, grid, row, cells);
  return status;
}

vs_status vs_sheet_write(const vs_results *results, const vs_sheet_options *options,
                         const char *path) {
  assert(options->cell == 0 ||
         (options->cell >= VS_SHEET_MIN_CELL && options->cell <= VS_SHEET_MAX_CELL));
  vs_sheet_grid grid;
  vs_canvas canvas = {0};
  size_t *cells = NULL;
  vs_status status = vs_sheet_grid_init(&grid, results, options);
  if (status != VS_OK) goto done;
  cells = malloc((grid.columns + 1) * sizeof *cells);
  if (cells == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for a contact sheet");
    goto done;
  }
  measures m = measure(&grid);
  layout l;
  status = choose_layout(&m, &grid, options->cell, &l);
  if (status == VS_OK) status = vs_canvas_init(&canvas, (int)l.height, (int)l.width);
  if (status == VS_OK) status = draw_sheet(&canvas, &m, &l, &grid, cells);
  if (status == VS_OK) status = vs_png_write(path, canvas.rgb, canvas.height, canvas.width);
done:
  free(cells);
  vs_canvas_clear(&canvas);
  vs_sheet_grid_clear(&grid);
  return status;
}
