/* Headlines, shares of verdicts and brackets of collapse, for people and as JSON. */
#include "analysis/rank/rank_verdicts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "analysis/metrics/figure_text.h"
#include "analysis/metrics/groups.h"
#include "analysis/rank/listing.h"

static const vs_results *results_of(const vs_verdicts *verdicts) {
  return vs_metrics_results(vs_verdicts_metrics(verdicts));
}

static const char *weight_name(const vs_verdicts *verdicts) {
  return vs_groups_weight_name_of(results_of(verdicts));
}

static vs_status write_listing(const vs_listing *listing, vs_rank_format format, FILE *out) {
  errno = 0;
  vs_status status = format == VS_RANK_CSV    ? vs_listing_write_csv(listing, out)
                     : format == VS_RANK_JSON ? vs_listing_write_json(listing, out)
                                              : vs_listing_write_text(listing, out);
  if (status == VS_OK && (fflush(out) != 0 || ferror(out)))
    status = vs_fail(VS_ERR_IO, "the table cannot be written: %s", strerror(errno));
  return status;
}

/* --- headlines -------------------------------------------------------------------------------- */

/* "win        4 runs, best 54005c63 relu3_3:7 lambda 5: exc_eval ...", cut at the width. */
static void print_headline(const vs_verdicts *verdicts, const vs_headline *headline, size_t width,
                           FILE *out) {
  char reason[VS_VERDICT_REASON], weight[VS_FIGURE_TEXT], line[VS_VERDICT_REASON + 128];
  const vs_row *run = vs_results_row(results_of(verdicts), headline->row);
  const char *name = vs_verdict_name(headline->verdict);
  vs_verdict_reason(verdicts, headline->row, reason);
  vs_figure_text(vs_groups_weight(run), weight);
  size_t runs = vs_verdicts_count_of(verdicts, headline->verdict);
  snprintf(line, sizeof line, "%-9s %5zu run%s  %.8s %s:%d %s %s: %s", name, runs,
           runs == 1 ? " " : "s", run->id, run->layer, run->channel, weight_name(verdicts), weight,
           reason + strlen(name) + 2);
  if (width != 0 && strlen(line) > width) line[width] = '\0';
  vs_listing_put_plain(line, out);
  putc('\n', out);
}

vs_status vs_rank_verdicts_print_headlines(const vs_verdicts *verdicts, size_t width, FILE *out) {
  vs_headline *list;
  size_t count;
  vs_status status = vs_verdict_summary_headlines(verdicts, 1, &list, &count);
  if (status != VS_OK) return status;
  for (size_t i = 0; i < count; i++) print_headline(verdicts, &list[i], width, out);
  if (count > 0) putc('\n', out);
  free(list);
  return VS_OK;
}

/* --- shares ----------------------------------------------------------------------------------- */

typedef struct share_table {
  const vs_share *list;
  const char *weight;
  vs_verdict shown[VS_VERDICT_COUNT]; /* a column each */
} share_table;

enum { SHARE_LAYER, SHARE_WEIGHT, SHARE_RUNS, SHARE_FIRST_VERDICT };

static const char *share_name(void *context, size_t column) {
  const share_table *table = context;
  if (column == SHARE_LAYER) return "layer";
  if (column == SHARE_WEIGHT) return table->weight;
  if (column == SHARE_RUNS) return "runs";
  return vs_verdict_name(table->shown[column - SHARE_FIRST_VERDICT]);
}

static vs_status share_cell(void *context, size_t row, size_t column, vs_cell *cell) {
  const share_table *table = context;
  const vs_share *share = &table->list[row];
  if (column == SHARE_LAYER)
    *cell = vs_listing_cell_text(share->layer);
  else if (column == SHARE_WEIGHT)
    *cell = vs_listing_cell_real(share->weight);
  else if (column == SHARE_RUNS)
    *cell = vs_listing_cell_whole(share->runs);
  else
    *cell = vs_listing_cell_whole(share->counts[table->shown[column - SHARE_FIRST_VERDICT]]);
  return VS_OK;
}

vs_status vs_rank_verdicts_print_shares(const vs_verdicts *verdicts, vs_rank_format format,
                                        FILE *out) {
  vs_share *list;
  size_t count, shown = 0;
  vs_status status = vs_verdict_summary_shares(verdicts, &list, &count);
  if (status != VS_OK) return status;
  share_table table = {.list = list, .weight = weight_name(verdicts)};
  for (int v = 0; v < VS_VERDICT_COUNT; v++)
    if (format != VS_RANK_TABLE || vs_verdicts_count_of(verdicts, (vs_verdict)v) > 0)
      table.shown[shown++] = (vs_verdict)v;
  const vs_listing listing = {.columns = SHARE_FIRST_VERDICT + shown,
                              .rows = count,
                              .context = &table,
                              .name = share_name,
                              .cell = share_cell};
  status = write_listing(&listing, format, out);
  free(list);
  return status;
}

/* --- where collapse begins -------------------------------------------------------------------- */

typedef struct bracket_table {
  const vs_results *results;
  const vs_bracket *list;
  size_t axes;
  vs_axis_value axis; /* of a cell, while it lasts */
} bracket_table;

enum { BRACKET_LAYER, BRACKET_CHANNEL, BRACKET_SEED, BRACKET_FIRST_AXIS };

static const char *bracket_name(void *context, size_t column) {
  static const char *const weights[] = {"below", "above", "estimate", "lambda", "strength"};
  const bracket_table *table = context;
  if (column == BRACKET_LAYER) return "layer";
  if (column == BRACKET_CHANNEL) return "channel";
  if (column == BRACKET_SEED) return "seed";
  size_t at = column - BRACKET_FIRST_AXIS;
  return at < table->axes ? vs_results_axis(table->results, at)->name : weights[at - table->axes];
}

static vs_status bracket_cell(void *context, size_t row, size_t column, vs_cell *cell) {
  bracket_table *table = context;
  const vs_bracket *bracket = &table->list[row];
  const vs_row *run = vs_results_row(table->results, bracket->first);
  const double weights[] = {bracket->below, bracket->above, bracket->estimate, bracket->lambda,
                            bracket->strength};
  size_t at = column - BRACKET_FIRST_AXIS; /* not used before that */
  if (column == BRACKET_LAYER) {
    *cell = vs_listing_cell_text(run->layer);
  } else if (column == BRACKET_CHANNEL) {
    *cell = vs_listing_cell_integer(run->channel);
  } else if (column == BRACKET_SEED) {
    *cell = vs_listing_cell_whole(run->seed);
  } else if (at < table->axes) {
    vs_results_axis_value(table->results, bracket->first, at, &table->axis);
    *cell = vs_results_axis(table->results, at)->is_number
                ? vs_listing_cell_real(table->axis.number)
                : vs_listing_cell_text(table->axis.text);
  } else {
    *cell = vs_listing_cell_real(weights[at - table->axes]);
  }
  return VS_OK;
}

vs_status vs_rank_verdicts_print_brackets(const vs_verdicts *verdicts, vs_rank_format format,
                                          FILE *out) {
  vs_bracket *list;
  size_t count;
  vs_status status = vs_verdict_summary_brackets(verdicts, &list, &count);
  if (status != VS_OK) return status;
  const vs_results *results = results_of(verdicts);
  bracket_table table = {.results = results, .list = list, .axes = vs_results_axis_count(results)};
  const vs_listing listing = {.columns = BRACKET_FIRST_AXIS + table.axes + 5,
                              .rows = count,
                              .context = &table,
                              .name = bracket_name,
                              .cell = bracket_cell};
  status = write_listing(&listing, format, out);
  free(list);
  return status;
}

/* --- rules ------------------------------------------------------------------------------------ */

void vs_rank_verdicts_print_rules(const vs_verdict_rules *rules, FILE *out) {
  for (int v = 0; v < VS_VERDICT_COUNT; v++) {
    char rule[VS_VERDICT_RULE];
    vs_verdict_rules_text((vs_verdict)v, rules, rule);
    fprintf(out, "# %-9s  %s: %s\n", vs_verdict_name((vs_verdict)v),
            vs_verdict_meaning((vs_verdict)v), rule);
  }
  size_t count;
  const vs_threshold *thresholds = vs_verdict_rules_thresholds(&count);
  for (size_t i = 0; i < count; i++) {
    double value = *(const double *)(const void *)((const char *)rules + thresholds[i].offset);
    char setting[64];
    snprintf(setting, sizeof setting, "%s: %g", thresholds[i].name, value);
    fprintf(out, "%-22s # %s, 0..%g\n", setting, thresholds[i].meaning, thresholds[i].max);
  }
}
