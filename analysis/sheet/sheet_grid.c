/* Which group has which row, which weight which column, and the texts beside them. */
#include "analysis/sheet/sheet_grid.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "core/base/order.h"
#include "core/base/suggest.h"

/* --- rows ------------------------------------------------------------------------------------- */

static const vs_row *first_of(const vs_sheet_grid *grid, size_t group) {
  return vs_results_row(grid->results, grid->groups.rows[grid->groups.first[group]]);
}

static int compare_groups(const void *left, const void *right, void *grid) {
  const vs_row *a = first_of(grid, *(const size_t *)left);
  const vs_row *b = first_of(grid, *(const size_t *)right);
  int depth_a = vs_vgg16_find_tap(a->layer), depth_b = vs_vgg16_find_tap(b->layer);
  if (depth_a != depth_b) return depth_a < depth_b ? -1 : 1;
  if (a->channel != b->channel) return a->channel < b->channel ? -1 : 1;
  return (a->index > b->index) - (a->index < b->index);
}

static vs_status fail_empty(const vs_sheet_grid *grid, const char *layer) {
  if (grid->groups.count == 0)
    return vs_fail(VS_ERR_USAGE, "these results hold no runs yet: there is nothing to draw");
  const char *names[VS_VGG_TAPS];
  size_t count = 0;
  char list[VS_VGG_TAPS * (VS_TAP_NAME + 2)] = "";
  int length = 0;
  for (int tap = 0; tap < VS_VGG_TAPS; tap++) {
    bool used = false;
    for (size_t g = 0; g < grid->groups.count && !used; g++)
      used = strcmp(first_of(grid, g)->layer, vs_vgg16_tap(tap)->name) == 0;
    if (!used) continue;
    length += snprintf(list + length, sizeof list - (size_t)length, "%s%s", count == 0 ? "" : ", ",
                       vs_vgg16_tap(tap)->name);
    names[count++] = vs_vgg16_tap(tap)->name;
  }
  const char *guess = vs_suggest(layer, names, count);
  if (guess != NULL)
    return vs_fail(VS_ERR_USAGE, "--layer: these results have no runs of %s (did you mean \"%s\"?)",
                   layer, guess);
  return vs_fail(VS_ERR_USAGE, "--layer: these results have no runs of %s, only of %s", layer,
                 list);
}

static bool is_chosen(const vs_sheet_grid *grid, size_t run) {
  return grid->chosen == NULL || grid->chosen[run];
}

static bool holds_chosen(const vs_sheet_grid *grid, size_t group) {
  bool any = false;
  for (size_t i = grid->groups.first[group]; i < grid->groups.first[group + 1] && !any; i++)
    any = is_chosen(grid, grid->groups.rows[i]);
  return any;
}

static bool is_of_layer(const vs_sheet_grid *grid, size_t group, const char *layer) {
  return layer == NULL || strcmp(first_of(grid, group)->layer, layer) == 0;
}

static vs_status choose_rows(vs_sheet_grid *grid, const vs_sheet_options *options) {
  grid->order = calloc(grid->groups.count + 1, sizeof *grid->order);
  if (grid->order == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a contact sheet");
  bool any = false;
  for (size_t g = 0; g < grid->groups.count; g++) {
    if (!is_of_layer(grid, g, options->layer)) continue;
    any = true;
    if (holds_chosen(grid, g)) grid->order[grid->rows++] = g;
  }
  if (!any) return fail_empty(grid, options->layer);
  if (grid->rows == 0)
    return vs_fail(VS_ERR_USAGE, "--where: no run%s%s meets it: there is nothing to draw",
                   options->layer != NULL ? " of " : "",
                   options->layer != NULL ? options->layer : "");
  qsort_r(grid->order, grid->rows, sizeof *grid->order, compare_groups, grid);
  if (options->top != 0 && options->top < grid->rows) grid->rows = options->top;
  return VS_OK;
}

/* --- columns ---------------------------------------------------------------------------------- */

const size_t *vs_sheet_grid_members(const vs_sheet_grid *grid, size_t row, size_t *count) {
  const size_t *first = grid->groups.first + grid->order[row];
  *count = first[1] - first[0];
  return grid->groups.rows + first[0];
}

/* The run that stands for a whole row of the sheet: all share what is written beside it. */
static size_t first_member(const vs_sheet_grid *grid, size_t row) {
  size_t count;
  return vs_sheet_grid_members(grid, row, &count)[0];
}

/* Notes the weight of every run of a row behind `count` others; returns the new count. */
static size_t note_weights(vs_sheet_grid *grid, size_t row, size_t count) {
  size_t size;
  const size_t *members = vs_sheet_grid_members(grid, row, &size);
  for (size_t i = 0; i < size; i++) {
    const vs_row *run = vs_results_row(grid->results, members[i]);
    if (!is_chosen(grid, members[i])) continue;
    double weight = vs_groups_weight(run);
    if (!isnan(weight)) grid->weights[count++] = weight;
  }
  return count;
}

static vs_status choose_columns(vs_sheet_grid *grid) {
  size_t total = grid->groups.first[grid->groups.count], count = 0;
  grid->weights = malloc((total + 1) * sizeof *grid->weights);
  if (grid->weights == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a contact sheet");
  for (size_t row = 0; row < grid->rows; row++) count = note_weights(grid, row, count);
  qsort(grid->weights, count, sizeof *grid->weights, vs_order_doubles);
  for (size_t i = 0; i < count; i++)
    if (grid->columns == 0 || grid->weights[i] != grid->weights[grid->columns - 1])
      grid->weights[grid->columns++] = grid->weights[i];
  return VS_OK;
}

void vs_sheet_grid_cells(const vs_sheet_grid *grid, size_t row, size_t *cells) {
  for (size_t column = 0; column < grid->columns; column++) cells[column] = VS_SHEET_NO_RUN;
  size_t count;
  const size_t *members = vs_sheet_grid_members(grid, row, &count);
  for (size_t i = count; i-- > 0;) { /* of two equal ones the first stays */
    double weight = vs_groups_weight(vs_results_row(grid->results, members[i]));
    if (isnan(weight) || !is_chosen(grid, members[i])) continue;
    const double *at =
        bsearch(&weight, grid->weights, grid->columns, sizeof weight, vs_order_doubles);
    if (at != NULL) cells[at - grid->weights] = members[i];
  }
}

/* --- headings --------------------------------------------------------------------------------- */

/* What differs between the rows of the sheet beside layer and channel. */
static vs_status find_what_varies(vs_sheet_grid *grid) {
  size_t axes = vs_results_axis_count(grid->results), first = first_member(grid, 0);
  grid->axis_varies = calloc(axes + 1, sizeof *grid->axis_varies);
  if (grid->axis_varies == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a contact sheet");
  for (size_t row = 1; row < grid->rows; row++) {
    size_t member = first_member(grid, row);
    if (vs_results_row(grid->results, member)->seed != vs_results_row(grid->results, first)->seed)
      grid->seed_varies = true;
    for (size_t axis = 0; axis < axes; axis++) {
      vs_axis_value ours, theirs;
      vs_results_axis_value(grid->results, member, axis, &ours);
      vs_results_axis_value(grid->results, first, axis, &theirs);
      if (strcmp(ours.text, theirs.text) != 0) grid->axis_varies[axis] = true;
    }
  }
  return VS_OK;
}

void vs_sheet_grid_column_heading(const vs_sheet_grid *grid, size_t column,
                                  char text[VS_SHEET_HEADING]) {
  snprintf(text, VS_SHEET_HEADING, "%s %.6g", grid->weight_name, grid->weights[column]);
}

bool vs_sheet_grid_row_heading(const vs_sheet_grid *grid, size_t row, size_t line,
                               char text[VS_SHEET_HEADING]) {
  size_t member = first_member(grid, row);
  const vs_row *run = vs_results_row(grid->results, member);
  if (line == 0) {
    snprintf(text, VS_SHEET_HEADING, "%s : %d", run->layer, run->channel);
    return true;
  }
  size_t left = line - 1;
  if (grid->seed_varies && left-- == 0) {
    snprintf(text, VS_SHEET_HEADING, "seed %ju", (uintmax_t)run->seed);
    return true;
  }
  for (size_t axis = 0; axis < vs_results_axis_count(grid->results); axis++) {
    if (!grid->axis_varies[axis] || left-- != 0) continue;
    vs_axis_value value;
    vs_results_axis_value(grid->results, member, axis, &value);
    snprintf(text, VS_SHEET_HEADING, "%s %s", vs_axis_name_label(grid->results, axis), value.text);
    return true;
  }
  return false;
}

/* --- the whole -------------------------------------------------------------------------------- */

vs_status vs_sheet_grid_init(vs_sheet_grid *grid, const vs_results *results,
                             const vs_sheet_options *options) {
  *grid = (vs_sheet_grid){.results = results,
                          .chosen = options->chosen,
                          .weight_name = vs_groups_weight_name_of(results)};
  vs_status status = vs_groups_init(&grid->groups, results);
  if (status == VS_OK) status = vs_metrics_new(&grid->metrics, results);
  if (status == VS_OK) status = choose_rows(grid, options);
  if (status == VS_OK) status = choose_columns(grid);
  if (status == VS_OK) status = find_what_varies(grid);
  if (status != VS_OK) vs_sheet_grid_clear(grid);
  return status;
}

void vs_sheet_grid_clear(vs_sheet_grid *grid) {
  vs_groups_clear(&grid->groups);
  vs_metrics_free(grid->metrics);
  free(grid->order);
  free(grid->weights);
  free(grid->axis_varies);
  *grid = (vs_sheet_grid){0};
}
