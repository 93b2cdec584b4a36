/* A report from begin to end: layout, pictures, drawings, chunks, page, and the exchange of
 * folders. */
#include "analysis/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/report/report_page.h"
#include "analysis/report/web_template.h"
#include "core/base/file.h"

/* All that is made on the way; the parts point into it. */
typedef struct making {
  vs_report_folder folder;
  vs_report_layout layout;
  vs_report_pictures pictures;
  vs_report_drawings drawings;
  vs_report_chunks chunks;
  vs_metrics *metrics;
  vs_verdicts *verdicts;
  vs_headline *headlines;
  vs_share *shares;
  vs_rank_channels channels;
  vs_report_parts parts;
} making;

static void clear(making *m) {
  free(m->shares);
  free(m->headlines);
  vs_verdicts_free(m->verdicts);
  vs_metrics_free(m->metrics);
  vs_report_chunks_clear(&m->chunks);
  vs_report_drawings_clear(&m->drawings);
  vs_report_pictures_clear(&m->pictures);
  vs_report_layout_clear(&m->layout);
  vs_report_folder_clear(&m->folder);
}

static vs_status judge(making *m, const vs_results *results, const vs_verdict_rules *rules) {
  vs_status status = vs_metrics_new(&m->metrics, results);
  if (status == VS_OK) status = vs_verdicts_new(&m->verdicts, m->metrics, rules);
  if (status == VS_OK)
    status = vs_verdict_summary_headlines(m->verdicts, VS_REPORT_HEADLINES, &m->headlines,
                                          &m->parts.headline_count);
  if (status == VS_OK)
    status = vs_verdict_summary_shares(m->verdicts, &m->shares, &m->parts.share_count);
  if (status == VS_OK) status = vs_rank_channels_find(&m->channels, m->verdicts);
  return status;
}

/* Metrics that read pictures take most of the time: they are computed here, with somebody told, and
 * found in memory when the data are written. In the order of the grid a baseline is read once. */
static vs_status compute_figures(making *m, const vs_results *results,
                                 vs_report_listener listener) {
  enum { TELL_EVERY = 64 };
  size_t metric_count, rows = vs_results_count(results);
  const vs_metric *metrics = vs_metric_table(&metric_count);
  vs_status status = VS_OK;
  for (size_t i = 0; status == VS_OK && i < metric_count; i++) {
    if (metrics[i].source != VS_METRIC_PICTURES) continue;
    for (size_t row = 0; status == VS_OK && row < rows; row++) {
      double value;
      status = vs_metrics_get(m->metrics, &metrics[i], row, &value);
      if (listener.tell != NULL && row % TELL_EVERY == 0)
        listener.tell(listener.context, "comparisons", row, rows);
    }
  }
  return status;
}

static vs_status write_licences(making *m, uint64_t *bytes) {
  const char *licences = vs_web_template_licences();
  if (licences == NULL) return VS_OK;
  size_t size = strlen(licences);
  *bytes += size;
  return vs_report_folder_write(&m->folder, VS_REPORT_LICENCES, licences, size);
}

static vs_status write_index(making *m, size_t top, uint64_t *bytes) {
  FILE *out;
  uint64_t size = 0;
  vs_status status = vs_report_folder_open(&m->folder, VS_REPORT_INDEX, &out);
  if (status != VS_OK) return status;
  status = vs_report_page_print(&m->parts, vs_web_template(), top, out);
  vs_status closed = vs_report_folder_close(&m->folder, VS_REPORT_INDEX, out, &size);
  *bytes += size;
  return status != VS_OK ? status : closed;
}

static vs_status summarize(const making *m, uint64_t bytes, vs_report_summary *summary) {
  *summary =
      (vs_report_summary){.is_plain = vs_web_template() == NULL,
                          .counts = vs_report_data_count(m->parts.results),
                          .pictures = m->pictures.final_count,
                          .snapshots = m->pictures.strip_count,
                          .drawings = m->drawings.count,
                          .sheets = m->layout.sheets,
                          .chunks = m->chunks.count,
                          .unreadable = m->pictures.unreadable + m->drawings.unreadable,
                          .bytes = bytes + m->pictures.bytes + m->drawings.bytes + m->chunks.bytes};
  return vs_file_join(summary->index, sizeof summary->index, m->folder.out, VS_REPORT_INDEX);
}

vs_status vs_report_write(const vs_results *results, const vs_report_options *options,
                          vs_report_summary *summary) {
  making *m = calloc(1, sizeof *m);
  if (m == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a report");
  uint64_t bytes = 0;
  vs_status status = vs_report_folder_begin(&m->folder, options->folder);
  if (status == VS_OK) status = judge(m, results, options->rules);
  if (status == VS_OK) status = compute_figures(m, results, options->listener);
  if (status == VS_OK) status = vs_report_layout_init(&m->layout, results);
  if (status == VS_OK)
    status = vs_report_pictures_write(&m->pictures, results, &m->layout, &m->folder,
                                      options->threads, options->listener);
  if (status == VS_OK)
    status =
        vs_report_drawings_write(&m->drawings, m->verdicts, m->headlines, m->parts.headline_count,
                                 options->drawings, &m->folder, options->listener);
  if (status == VS_OK)
    status = vs_report_chunks_write(&m->chunks, results, &m->folder, options->listener);
  m->parts.results = results;
  m->parts.metrics = m->metrics;
  m->parts.verdicts = m->verdicts;
  m->parts.layout = &m->layout;
  m->parts.pictures = &m->pictures;
  m->parts.drawings = &m->drawings;
  m->parts.chunks = &m->chunks;
  m->parts.headlines = m->headlines;
  m->parts.shares = m->shares;
  m->parts.channels = &m->channels;
  m->parts.live = options->live;
  if (status == VS_OK) status = write_licences(m, &bytes);
  if (status == VS_OK) status = write_index(m, options->top, &bytes);
  if (status == VS_OK) status = summarize(m, bytes, summary);
  if (status == VS_OK) status = vs_report_folder_publish(&m->folder);
  clear(m);
  free(m);
  return status;
}
