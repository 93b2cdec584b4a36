/* Chooses which drawings are written as vectors, and writes them. */
#include "analysis/report/report_drawings.h"

#include <stdlib.h>

#include "analysis/metrics/columns.h"
#include "analysis/metrics/groups.h"
#include "analysis/rank/rank.h"
#include "analysis/report/drawing_facts.h"
#include "core/base/log.h"
#include "core/svg/svg_write.h"

typedef struct writer {
  vs_report_drawings *drawings;
  const vs_results *results;
  const vs_verdicts *verdicts;
  const vs_report_folder *folder;
  bool *is_chosen; /* of each row */
  size_t chosen, limit;
} writer;

/* --- which ------------------------------------------------------------------------------------ */

static bool is_drawing(const vs_results *results, size_t row) {
  const vs_row *run = vs_results_row(results, row);
  return run->status == VS_RUN_DONE && run->parametrization == VS_PARAM_STROKES && run->strokes > 0;
}

static void choose(writer *w, size_t row) {
  if (w->chosen == w->limit || w->is_chosen[row] || !is_drawing(w->results, row)) return;
  w->is_chosen[row] = true;
  w->chosen++;
}

static void choose_pair(writer *w, size_t row) {
  size_t baseline = vs_metrics_baseline(vs_verdicts_metrics(w->verdicts), row);
  choose(w, row);
  if (baseline != SIZE_MAX) choose(w, baseline);
}

static vs_status choose_all(writer *w, const vs_headline *headlines, size_t headline_count) {
  vs_ranking ranking;
  const vs_ranking_options options = {0};
  vs_status status = vs_rank(&ranking, w->verdicts, &options);
  if (status != VS_OK) return status;
  for (size_t i = 0; i < headline_count; i++) choose_pair(w, headlines[i].row);
  for (size_t i = 0; i < ranking.count; i++) choose_pair(w, ranking.rows[i]);
  for (size_t row = 0; row < vs_results_count(w->results); row++) choose(w, row);
  vs_rank_clear(&ranking);
  return VS_OK;
}

/* --- writing ---------------------------------------------------------------------------------- */

static vs_status write_svg(writer *w, const vs_row *run, const char *ending,
                           const vs_drawing *drawing) {
  char name[64], title[256];
  uint64_t bytes = 0;
  FILE *out;
  snprintf(name, sizeof name, VS_REPORT_DRAWINGS "/%s%s.svg", run->id, ending);
  snprintf(title, sizeof title, "%s channel %d, %s %g, run %s", run->layer, run->channel,
           vs_groups_weight_name(run), vs_groups_weight(run), run->id);
  const vs_svg_options options = {.unit = "px", .title = title, .paper = true};
  vs_status status = vs_report_folder_open(w->folder, name, &out);
  if (status != VS_OK) return status;
  vs_svg_write_print(out, drawing, &options);
  status = vs_report_folder_close(w->folder, name, out, &bytes);
  w->drawings->bytes += bytes;
  return status;
}

static vs_status pass_over(writer *w, vs_status status) {
  if (status != VS_ERR_IO && status != VS_ERR_FORMAT) return status;
  if (w->drawings->unreadable++ == 0)
    vs_log(VS_LOG_WARNING, "%s; drawings that cannot be read are left out", vs_status_message());
  return VS_OK;
}

/* The drawing as it will look on paper, or NULL: it has no pens, or a spec of another program. */
static vs_status read_plotted(writer *w, size_t row, const vs_results_drawing *stored,
                              vs_drawing **plotted) {
  char *spec = NULL;
  *plotted = NULL;
  if (stored->pens.count == 0) return VS_OK;
  vs_status status = vs_results_read_spec(w->results, row, &spec);
  if (status == VS_OK) status = vs_drawing_facts_as_plotted(plotted, stored, spec);
  free(spec);
  return status == VS_ERR_USAGE ? VS_OK : pass_over(w, status);
}

static vs_status write_plotted(writer *w, size_t row, const vs_results_drawing *stored) {
  vs_drawing *plotted;
  vs_status status = read_plotted(w, row, stored, &plotted);
  if (status != VS_OK || plotted == NULL) return status;
  status = write_svg(w, vs_results_row(w->results, row), "-plotted", plotted);
  w->drawings->is_plotted[row] = status == VS_OK;
  vs_drawing_free(plotted);
  return status;
}

static vs_status write_drawing(writer *w, size_t row) {
  vs_results_drawing stored;
  vs_status status = vs_results_read_drawing(w->results, row, &stored);
  if (status != VS_OK) return pass_over(w, status);
  status = write_svg(w, vs_results_row(w->results, row), "", stored.drawing);
  if (status == VS_OK) {
    w->drawings->is_written[row] = true;
    w->drawings->count++;
    status = write_plotted(w, row, &stored);
  }
  vs_results_clear_drawing(&stored);
  return status;
}

static vs_status write_chosen(writer *w, vs_report_listener listener) {
  vs_status status = VS_OK;
  size_t done = 0;
  for (size_t row = 0; status == VS_OK && row < vs_results_count(w->results); row++) {
    if (!w->is_chosen[row]) continue;
    status = write_drawing(w, row);
    if (listener.tell != NULL) listener.tell(listener.context, "drawings", ++done, w->chosen);
  }
  return status;
}

/* --- the whole -------------------------------------------------------------------------------- */

vs_status vs_report_drawings_write(vs_report_drawings *drawings, const vs_verdicts *verdicts,
                                   const vs_headline *headlines, size_t headline_count,
                                   size_t limit, const vs_report_folder *folder,
                                   vs_report_listener listener) {
  const vs_results *results = vs_metrics_results(vs_verdicts_metrics(verdicts));
  size_t rows = vs_results_count(results);
  *drawings = (vs_report_drawings){.is_written = calloc(rows + 1, sizeof *drawings->is_written),
                                   .is_plotted = calloc(rows + 1, sizeof *drawings->is_plotted)};
  writer w = {.drawings = drawings,
              .results = results,
              .verdicts = verdicts,
              .folder = folder,
              .is_chosen = calloc(rows + 1, sizeof *w.is_chosen),
              .limit = limit};
  vs_status status = VS_OK;
  if (drawings->is_written == NULL || drawings->is_plotted == NULL || w.is_chosen == NULL)
    status = vs_fail(VS_ERR_MEMORY, "no memory to write drawings");
  if (status == VS_OK && vs_columns_tell_of_drawings(results))
    status = choose_all(&w, headlines, headline_count);
  if (status == VS_OK) status = write_chosen(&w, listener);
  free(w.is_chosen);
  if (status != VS_OK) vs_report_drawings_clear(drawings);
  return status;
}

void vs_report_drawings_clear(vs_report_drawings *drawings) {
  free(drawings->is_written);
  free(drawings->is_plotted);
  *drawings = (vs_report_drawings){0};
}
