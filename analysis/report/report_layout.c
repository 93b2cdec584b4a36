/* Places of thumbnails: rows of groups by layer, one sheet for each weight, or packed where that
 * wastes room. */
#include "analysis/report/report_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/groups.h"

/* A run that has a picture. */
typedef struct thumb {
  size_t row, layer, group; /* layer in order of appearance, group counted within it */
  double weight;
} thumb;

typedef struct census {
  thumb *thumbs; /* owned */
  size_t count;
  size_t *members; /* (layers) groups of each layer, owned */
  size_t layers;
} census;

static bool has_picture(const vs_row *row) {
  return row->status != VS_RUN_FAILED && row->height > 0 && row->width > 0;
}

/* Number of the layer among those seen so far, which are told by a row each. */
static size_t find_layer(const vs_results *results, const char *layer, size_t *seen,
                         size_t *count) {
  for (size_t i = *count; i-- > 0;) /* rows of a layer are neighbours, mostly */
    if (strcmp(vs_results_row(results, seen[i])->layer, layer) == 0) return i;
  return (*count)++;
}

/* The first row of every row's group. */
static vs_status find_first_rows(const vs_results *results, size_t *first) {
  vs_groups groups;
  vs_status status = vs_groups_init(&groups, results);
  if (status != VS_OK) return status;
  for (size_t g = 0; g < groups.count; g++)
    for (size_t i = groups.first[g]; i < groups.first[g + 1]; i++)
      first[groups.rows[i]] = groups.rows[groups.first[g]];
  vs_groups_clear(&groups);
  return VS_OK;
}

/* first[row] is the first row of its group; becomes the group's number within its layer. */
static void take_census(census *found, const vs_results *results, size_t *first, size_t *seen) {
  size_t count = vs_results_count(results);
  for (size_t row = 0; row < count; row++) {
    const vs_row *run = vs_results_row(results, row);
    size_t before = found->layers;
    size_t layer = find_layer(results, run->layer, seen, &found->layers);
    if (layer == before) seen[layer] = row;
    first[row] = first[row] == row ? found->members[layer]++ : first[first[row]];
    if (!has_picture(run)) continue;
    found->thumbs[found->count++] = (thumb){row, layer, first[row], vs_groups_weight(run)};
  }
}

static int by_place(const void *left, const void *right) {
  const thumb *a = left, *b = right;
  if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
  if (a->weight != b->weight) return a->weight < b->weight ? -1 : 1;
  if (a->group != b->group) return a->group < b->group ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* Puts a sheet for each (layer, weight). False if two runs would share a cell. */
static bool place_by_weight(vs_report_layout *layout, const census *found) {
  size_t cells = (size_t)layout->columns * (size_t)layout->rows;
  layout->sheets = 0;
  for (size_t i = 0; i < found->count; i++) {
    const thumb *now = &found->thumbs[i], *before = i > 0 ? now - 1 : NULL;
    bool same = before != NULL && before->layer == now->layer && before->weight == now->weight;
    if (same && before->group == now->group) return false;
    if (!same || before->group / cells != now->group / cells) layout->sheets++;
    layout->sheet[now->row] = (int)layout->sheets - 1;
    layout->cell[now->row] = (int)(now->group % cells);
  }
  return true;
}

static void place_densely(vs_report_layout *layout, const census *found) {
  size_t cells = (size_t)layout->columns * (size_t)layout->rows;
  for (size_t i = 0; i < found->count; i++) {
    layout->sheet[found->thumbs[i].row] = (int)(i / cells);
    layout->cell[found->thumbs[i].row] = (int)(i % cells);
  }
  layout->sheets = (found->count + cells - 1) / cells;
}

static void choose_grid(vs_report_layout *layout, const census *found) {
  size_t largest = 1;
  for (size_t i = 0; i < found->layers; i++)
    if (found->members[i] > largest) largest = found->members[i];
  double side = ceil(sqrt((double)largest));
  layout->columns = side < VS_REPORT_SHEET ? (int)side : VS_REPORT_SHEET;
  size_t columns = (size_t)layout->columns, rows = (largest + columns - 1) / columns;
  layout->rows = rows < VS_REPORT_SHEET ? (int)rows : VS_REPORT_SHEET;
}

static void place(vs_report_layout *layout, census *found) {
  enum { EMPTIEST = 8 }; /* cells to a picture, when it comes to packing */
  qsort(found->thumbs, found->count, sizeof *found->thumbs, by_place);
  choose_grid(layout, found);
  size_t cells = (size_t)layout->columns * (size_t)layout->rows;
  bool fits = place_by_weight(layout, found);
  if (!fits || layout->sheets * cells > EMPTIEST * (found->count + cells))
    place_densely(layout, found);
  for (size_t i = 0; i < found->count; i++) layout->order[i] = found->thumbs[i].row;
  layout->count = found->count;
}

vs_status vs_report_layout_init(vs_report_layout *layout, const vs_results *results) {
  size_t count = vs_results_count(results);
  *layout = (vs_report_layout){.sheet = malloc((count + 1) * sizeof *layout->sheet),
                               .cell = calloc(count + 1, sizeof *layout->cell),
                               .order = calloc(count + 1, sizeof *layout->order)};
  census found = {.thumbs = calloc(count + 1, sizeof *found.thumbs),
                  .members = calloc(count + 1, sizeof *found.members)};
  size_t *first = calloc(count + 1, sizeof *first), *seen = calloc(count + 1, sizeof *seen);
  vs_status status = VS_OK;
  if (layout->sheet == NULL || layout->cell == NULL || layout->order == NULL ||
      found.thumbs == NULL || found.members == NULL || first == NULL || seen == NULL)
    status = vs_fail(VS_ERR_MEMORY, "no memory to lay out %zu thumbnails", count);
  if (status == VS_OK) status = find_first_rows(results, first);
  if (status == VS_OK) {
    for (size_t row = 0; row < count; row++) layout->sheet[row] = -1;
    take_census(&found, results, first, seen);
    place(layout, &found);
  }
  free(seen);
  free(first);
  free(found.members);
  free(found.thumbs);
  if (status != VS_OK) vs_report_layout_clear(layout);
  return status;
}

void vs_report_layout_clear(vs_report_layout *layout) {
  free(layout->sheet);
  free(layout->cell);
  free(layout->order);
  *layout = (vs_report_layout){0};
}

vs_box vs_report_layout_box(const vs_report_layout *layout, int cell, int height, int width) {
  const int side = VS_REPORT_THUMBNAIL;
  int longer = height > width ? height : width;
  vs_box box = {.width = (int)fmax(1.0, round((double)side * width / longer)),
                .height = (int)fmax(1.0, round((double)side * height / longer))};
  box.x = cell % layout->columns * side + (side - box.width) / 2;
  box.y = cell / layout->columns * side + (side - box.height) / 2;
  return box;
}
