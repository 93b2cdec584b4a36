/* What of a table is shown where not all of it has room. */
#include <stdlib.h>
#include <string.h>

#include "analysis/rank/rank_table.h"

#define LONG_TEXT 20 /* bytes of an axis' text that are always granted */

static size_t total_width(const vs_rank_table *t) {
  size_t width = 0;
  for (size_t i = 0; i < t->count; i++)
    if (t->columns[i].fate == VS_RANK_SHOWN) width += t->columns[i].width + VS_RANK_GAP;
  return width - VS_RANK_GAP;
}

/* --- texts ------------------------------------------------------------------------------------ */

typedef char axis_text[VS_AXIS_TEXT];

static int compare_texts(const void *left, const void *right) {
  return strcmp(left, right);
}

static size_t common_beginning(const char *a, const char *b) {
  size_t length = 0;
  while (a[length] != '\0' && a[length] == b[length]) length++;
  return length;
}

/* Sets how a column's texts are cut, so that those that differ still do. In sorted order the first
 * and the last share what all share, and neighbours share the most. */
static vs_status shorten(vs_rank_table *t, size_t column) {
  vs_rank_column *c = &t->columns[column];
  const vs_results *results = vs_metrics_results(t->metrics);
  size_t count = t->ranking->count, needed = 0;
  axis_text *texts = calloc(count, sizeof *texts);
  if (texts == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a table");
  for (size_t i = 0; i < count; i++) {
    vs_axis_value value;
    vs_results_axis_value(results, t->ranking->rows[i], c->axis, &value);
    memcpy(texts[i], value.text, sizeof texts[i]);
  }
  qsort(texts, count, sizeof *texts, compare_texts);
  for (size_t i = 1; i < count; i++) {
    if (strcmp(texts[i - 1], texts[i]) == 0) continue;
    size_t shared = common_beginning(texts[i - 1], texts[i]) + 1;
    if (shared > needed) needed = shared;
  }
  /* Not in the middle of a word, and only what is longer than the dots in its place. */
  size_t skip = common_beginning(texts[0], texts[count - 1]);
  while (skip > 0 && strchr(" ,/[:", texts[0][skip - 1]) == NULL) skip--;
  c->skip = skip > 3 ? skip : 0;
  c->most = needed - c->skip > LONG_TEXT ? needed - c->skip : LONG_TEXT;
  free(texts);
  return vs_rank_table_measure(t, column);
}

/* --- columns ---------------------------------------------------------------------------------- */

static void say_what_is_the_same(vs_rank_table *t, size_t width) {
  for (size_t i = t->count; i-- > 0 && total_width(t) > width;) {
    vs_rank_column *c = &t->columns[i];
    if (c->fate == VS_RANK_SHOWN && !c->varies && c->keep < VS_RANK_KEEP_ALWAYS)
      c->fate = VS_RANK_SAID;
  }
}

static vs_status shorten_texts(vs_rank_table *t, size_t width) {
  vs_status status = VS_OK;
  for (size_t i = 0; i < t->count && status == VS_OK && total_width(t) > width; i++) {
    const vs_rank_column *c = &t->columns[i];
    if (c->fate == VS_RANK_SHOWN && c->keep == VS_RANK_KEEP_AXIS && c->is_text)
      status = shorten(t, i);
  }
  return status;
}

/* The column that is missed least, of equals the last one; NULL if all have to stay. */
static vs_rank_column *find_least(vs_rank_table *t) {
  vs_rank_column *least = NULL;
  for (size_t i = 0; i < t->count; i++) {
    vs_rank_column *c = &t->columns[i];
    if (c->fate != VS_RANK_SHOWN || c->keep >= VS_RANK_KEEP_IDENTITY) continue;
    if (least == NULL || c->keep <= least->keep) least = c;
  }
  return least;
}

vs_status vs_rank_fit(vs_rank_table *table, size_t width) {
  if (width == 0 || table->ranking->count == 0) return VS_OK;
  say_what_is_the_same(table, width);
  vs_status status = shorten_texts(table, width);
  while (status == VS_OK && total_width(table) > width) {
    vs_rank_column *least = find_least(table);
    if (least == NULL) break;
    least->fate = VS_RANK_GONE;
  }
  return status;
}
