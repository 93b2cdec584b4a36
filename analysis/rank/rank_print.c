/* The ranking as a table for people, and the choice of a format; those for programs are in
 * rank_export.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/groups.h"
#include "analysis/rank/listing.h"
#include "analysis/rank/rank_export.h"
#include "analysis/rank/rank_table.h"

/* --- rows ------------------------------------------------------------------------------------- */

/* Adds a cell to a line. Blanks are written before the next one only, so that no line ends in any;
 * *blanks is how many that takes. */
static void put_cell(const vs_rank_column *column, const char *text, size_t *blanks, FILE *out) {
  size_t padding = column->width - strlen(text);
  fprintf(out, "%*s", (int)(*blanks + (column->is_text ? 0 : padding)), "");
  vs_listing_put_plain(text, out);
  *blanks = VS_RANK_GAP + (column->is_text ? padding : 0);
}

static void write_headings(const vs_rank_table *t, FILE *out) {
  size_t blanks = 0;
  for (size_t i = 0; i < t->count; i++)
    if (t->columns[i].fate == VS_RANK_SHOWN)
      put_cell(&t->columns[i], t->columns[i].heading, &blanks, out);
  putc('\n', out);
}

static vs_status write_row(const vs_rank_table *t, size_t place, FILE *out) {
  size_t blanks = 0;
  for (size_t i = 0; i < t->count; i++) {
    if (t->columns[i].fate != VS_RANK_SHOWN) continue;
    char text[VS_RANK_CELL];
    vs_status status = vs_rank_table_cell(t, i, place, text);
    if (status != VS_OK) return status;
    put_cell(&t->columns[i], text, &blanks, out);
  }
  putc('\n', out);
  return VS_OK;
}

/* --- what stands below ------------------------------------------------------------------------ */

/* "all: layer relu3_3, channel 7" */
static vs_status write_what_is_the_same(const vs_rank_table *t, FILE *out) {
  size_t said = 0;
  for (size_t i = 0; i < t->count; i++) {
    if (t->columns[i].fate != VS_RANK_SAID) continue;
    char text[VS_RANK_CELL];
    vs_status status = vs_rank_table_cell(t, i, 0, text);
    if (status != VS_OK) return status;
    fprintf(out, "%s %s ", said++ == 0 ? "all:" : ",", t->columns[i].heading);
    vs_listing_put_plain(text, out);
  }
  if (said > 0) putc('\n', out);
  return VS_OK;
}

/* "no room for exc_eval, coverage: a wider window or --format csv shows them" */
static void write_what_is_gone(const vs_rank_table *t, FILE *out) {
  size_t gone = 0;
  for (size_t i = 0; i < t->count; i++)
    if (t->columns[i].fate == VS_RANK_GONE)
      fprintf(out, "%s %s", gone++ == 0 ? "no room for" : ",", t->columns[i].heading);
  if (gone > 0)
    fprintf(out, ": a wider window or --format csv shows %s\n", gone > 1 ? "them" : "it");
}

/* "3 of 12 runs, by exc_gain, largest first; of 16 planned 1 failed, 2 diverged, 4 missing" */
static void write_caption(const vs_rank_table *t, FILE *out) {
  const vs_ranking *ranking = t->ranking;
  const vs_results *results = vs_metrics_results(t->metrics);
  size_t stored = vs_results_count(results), planned = vs_results_planned(results);
  size_t failed = 0, diverged = 0;
  for (size_t row = 0; row < stored; row++) {
    failed += vs_results_row(results, row)->status == VS_RUN_FAILED;
    diverged += vs_results_row(results, row)->status == VS_RUN_DIVERGED;
  }
  bool narrowed = ranking->considered + ranking->baselines_left_out < stored;
  fprintf(out, "%zu of %zu runs%s, by %s, %s first; ", ranking->count, ranking->considered,
          narrowed ? " that meet the condition" : "", ranking->by,
          ranking->smallest_first ? "smallest" : "largest");
  fprintf(out, "of %zu planned %zu failed, %zu diverged, %zu missing\n", planned, failed, diverged,
          planned > stored ? planned - stored : 0);
}

static void write_about_duplicates(const vs_rank_table *t, FILE *out) {
  size_t left_out = t->ranking->duplicates_left_out;
  if (left_out > 0)
    fprintf(out, "%zu near-duplicate%s of them left out\n", left_out, left_out > 1 ? "s" : "");
}

/* What is to be known about baselines: how many are not listed, or that there is none. */
static void write_about_baselines(const vs_rank_table *t, FILE *out) {
  const vs_results *results = vs_metrics_results(t->metrics);
  const char *weight = vs_groups_weight_name_of(results);
  size_t left_out = t->ranking->baselines_left_out;
  bool any = false, done = false;
  if (left_out > 0)
    fprintf(out, "%zu baseline%s (%s 0) left out: --baselines lists %s\n", left_out,
            left_out > 1 ? "s" : "", weight, left_out > 1 ? "them" : "it");
  for (size_t row = 0; row < vs_results_count(results); row++) {
    any = any || vs_groups_weight(vs_results_row(results, row)) == 0.0;
    done = done || vs_metrics_baseline(t->metrics, row) == row;
  }
  if (done || t->ranking->count == 0) return;
  fprintf(out, "no baseline: %s 0 is %s these runs, so exc_gain and effect are not known\n", weight,
          any ? "not done among" : "not among");
}

static vs_status write_table(const vs_ranking *ranking, const vs_verdicts *verdicts, size_t width,
                             FILE *out) {
  vs_rank_table t;
  vs_status status = vs_rank_table_init(&t, ranking, verdicts);
  if (status == VS_OK) status = vs_rank_fit(&t, width);
  if (status != VS_OK) goto done;
  write_headings(&t, out);
  for (size_t place = 0; place < ranking->count && status == VS_OK; place++)
    status = write_row(&t, place, out);
  if (status == VS_OK) status = write_what_is_the_same(&t, out);
  if (status != VS_OK) goto done;
  write_what_is_gone(&t, out);
  write_caption(&t, out);
  write_about_duplicates(&t, out);
  write_about_baselines(&t, out);
done:
  vs_rank_table_clear(&t);
  return status;
}

vs_status vs_rank_print(const vs_ranking *ranking, const vs_verdicts *verdicts,
                        vs_rank_format format, size_t width, FILE *out) {
  vs_status status = VS_OK;
  errno = 0;
  switch (format) {
  case VS_RANK_TABLE:
    status = write_table(ranking, verdicts, width, out);
    break;
  case VS_RANK_CSV:
    status = vs_rank_export_csv(ranking, verdicts, out);
    break;
  case VS_RANK_JSON:
    status = vs_rank_export_json(ranking, verdicts, out);
    break;
  }
  if (status != VS_OK) return status;
  if (fflush(out) != 0 || ferror(out))
    return vs_fail(VS_ERR_IO, "the ranking cannot be written: %s", strerror(errno));
  return VS_OK;
}
