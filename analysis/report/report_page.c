/* index.html: the bundled page with its three places filled, or a plain page where there is
 * none. */
#include "analysis/report/report_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "analysis/metrics/figure_text.h"
#include "analysis/metrics/groups.h"
#include "analysis/rank/rank.h"
#include "analysis/report/html.h"

#define TITLE    "<!--vggsweep-title-->"
#define NOSCRIPT "<!--vggsweep-noscript-->"
#define DATA     "<!--vggsweep-data-->"

static const char plain_head[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' file:\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"generator\" content=\"vggsweep report\">\n"
    "<title>" TITLE "</title>\n"
    "<style>\n"
    "body { font: 16px/1.5 sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }\n"
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums }\n"
    "th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #8886 }\n"
    "th.text, td.text { text-align: left }\n"
    "img { vertical-align: middle; background: #fff }\n"
    "figure { display: inline-block; margin: 0 1rem 1rem 0; max-width: 30rem }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n";

static const char plain_notice[] =
    "<p><strong>This is the plain page.</strong> The one with the atlas of all pictures, curves, "
    "filters and comparison is made with npm, which was not there when this vggsweep was built: "
    "install <code>nodejs</code> and <code>npm</code> (Debian's names), run <code>cmake</code> and "
    "build again, then <code>vggsweep report</code>.</p>\n";

/* --- small pieces ----------------------------------------------------------------------------- */

static void print_figure(FILE *out, double value) {
  char text[VS_FIGURE_TEXT];
  vs_figure_text(value, text);
  fputs(text, out);
}

/* "relu4_3 7, lambda 50, seed 2" */
static void print_run_name(FILE *out, const vs_report_parts *parts, size_t row) {
  const vs_row *run = vs_results_row(parts->results, row);
  vs_html_print(out, run->layer);
  fprintf(out, " %d, %s %g, seed %ju", run->channel, vs_groups_weight_name_of(parts->results),
          vs_groups_weight(run), (uintmax_t)run->seed);
  for (size_t a = 0; a < vs_results_axis_count(parts->results); a++) {
    vs_axis_value value;
    vs_results_axis_value(parts->results, row, a, &value);
    fputs(", ", out);
    vs_html_print(out, vs_axis_name_label(parts->results, a));
    putc(' ', out);
    vs_html_print(out, value.text);
  }
}

/* The run's picture, or a word where there is none. */
static void print_picture(FILE *out, const vs_report_parts *parts, size_t row, int width) {
  const vs_row *run = vs_results_row(parts->results, row);
  if (parts->layout->sheet[row] < 0) {
    fputs("no picture", out);
    return;
  }
  int height = (int)fmax(1.0, round((double)width * run->height / run->width));
  fprintf(out,
          "<a href=\"" VS_REPORT_PICTURES "/%s.jpg\"><img src=\"" VS_REPORT_PICTURES
          "/%s.jpg\" width=\"%d\" height=\"%d\" loading=\"lazy\" alt=\"",
          run->id, run->id, width, height);
  print_run_name(out, parts, row);
  fputs("\"></a>", out);
}

/* --- sections --------------------------------------------------------------------------------- */

static void print_summary(FILE *out, const vs_report_parts *parts) {
  vs_report_counts counts = vs_report_data_count(parts->results);
  fprintf(
      out,
      "<p>%zu runs planned, %zu stored: %zu done, %zu diverged, %zu failed; %zu missing.%s</p>\n",
      counts.planned, counts.stored, counts.done, counts.diverged, counts.failed, counts.missing,
      parts->live ? " The sweep is still running: this is what was stored so far." : "");
  fputs("<ul>\n", out);
  for (int v = 0; v < VS_VERDICT_COUNT; v++) {
    fprintf(out,
            "<li><strong>%zu %s</strong>: ", vs_verdicts_count_of(parts->verdicts, (vs_verdict)v),
            vs_verdict_name((vs_verdict)v));
    vs_html_print(out, vs_verdict_meaning((vs_verdict)v));
    fputs("</li>\n", out);
  }
  fputs("</ul>\n", out);
}

/* A pair of pictures, baseline and run, with the reason below. */
static void print_headline(FILE *out, const vs_report_parts *parts, size_t row) {
  enum { WIDTH = 224 };
  size_t baseline = vs_metrics_baseline(parts->metrics, row);
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(parts->verdicts, row, reason);
  fputs("<figure>\n", out);
  if (baseline < vs_results_count(parts->results) && baseline != row)
    print_picture(out, parts, baseline, WIDTH);
  putc('\n', out);
  print_picture(out, parts, row, WIDTH);
  fputs("\n<figcaption>", out);
  print_run_name(out, parts, row);
  fputs("<br>", out);
  vs_html_print(out, reason);
  fputs("</figcaption>\n</figure>\n", out);
}

static void print_headlines(FILE *out, const vs_report_parts *parts) {
  for (size_t i = 0; i < parts->headline_count; i++) {
    vs_verdict verdict = parts->headlines[i].verdict;
    if (i == 0 || parts->headlines[i - 1].verdict != verdict)
      fprintf(out, "<h2>%s</h2>\n", vs_verdict_name(verdict));
    print_headline(out, parts, parts->headlines[i].row);
  }
}

static void print_rows(FILE *out, const vs_report_parts *parts, const char *title,
                       const size_t *rows, size_t count) {
  enum { WIDTH = 160 };
  if (count == 0) return;
  fprintf(out, "<h2>%s</h2>\n", title);
  for (size_t i = 0; i < count; i++) {
    fputs("<figure>\n", out);
    print_picture(out, parts, rows[i], WIDTH);
    fputs("\n<figcaption>", out);
    print_run_name(out, parts, rows[i]);
    fputs("</figcaption>\n</figure>\n", out);
  }
}

/* Where nothing is compared. */
static void print_channels(FILE *out, const vs_report_parts *parts) {
  const vs_rank_channels *channels = parts->channels;
  print_rows(out, parts, "Most excited channels", channels->excited, channels->excited_count);
  print_rows(out, parts, "Most different channels", channels->different, channels->different_count);
}

static void print_shares(FILE *out, const vs_report_parts *parts) {
  fprintf(out,
          "<h2>Verdicts by layer and %s</h2>\n<table>\n<tr><th class=\"text\">layer</th>"
          "<th>%s</th>",
          vs_groups_weight_name_of(parts->results), vs_groups_weight_name_of(parts->results));
  for (int v = 0; v < VS_VERDICT_COUNT; v++)
    fprintf(out, "<th>%s</th>", vs_verdict_name((vs_verdict)v));
  fputs("</tr>\n", out);
  for (size_t i = 0; i < parts->share_count; i++) {
    fputs("<tr><td class=\"text\">", out);
    vs_html_print(out, parts->shares[i].layer);
    fprintf(out, "</td><td>%g</td>", parts->shares[i].weight);
    for (int v = 0; v < VS_VERDICT_COUNT; v++)
      fprintf(out, "<td>%zu</td>", parts->shares[i].counts[v]);
    fputs("</tr>\n", out);
  }
  fputs("</table>\n", out);
}

static void print_top_row(FILE *out, const vs_report_parts *parts, size_t place, size_t row,
                          double score) {
  const vs_row *run = vs_results_row(parts->results, row);
  char reason[VS_VERDICT_REASON];
  vs_verdict_reason(parts->verdicts, row, reason);
  fprintf(out, "<tr><td>%zu</td><td>", place);
  print_picture(out, parts, row, VS_REPORT_THUMBNAIL);
  fputs("</td><td class=\"text\">", out);
  print_run_name(out, parts, row);
  fputs("</td><td>", out);
  print_figure(out, score);
  fputs("</td><td>", out);
  print_figure(out, run->exc_eval);
  fputs("</td><td>", out);
  print_figure(out, run->style_eval);
  fputs("</td><td class=\"text\">", out);
  vs_html_print(out, reason);
  fputs("</td></tr>\n", out);
}

static vs_status print_top(FILE *out, const vs_report_parts *parts, size_t top) {
  vs_ranking ranking = {0};
  vs_ranking_options options = {.top = top};
  vs_status status = vs_rank(&ranking, parts->verdicts, &options);
  if (status != VS_OK) return status;
  fprintf(out,
          "<h2>The best %zu of %zu runs, by %s</h2>\n<table>\n<tr><th>place</th><th>picture</th>"
          "<th class=\"text\">run</th><th>%s</th><th>exc_eval</th><th>style_eval</th>"
          "<th class=\"text\">verdict</th></tr>\n",
          ranking.count, ranking.considered, ranking.by, ranking.by);
  for (size_t i = 0; i < ranking.count; i++)
    print_top_row(out, parts, i + 1, ranking.rows[i], ranking.score[i]);
  fputs("</table>\n", out);
  vs_rank_clear(&ranking);
  return VS_OK;
}

/* --- the whole -------------------------------------------------------------------------------- */

static vs_status print_data(FILE *out, const vs_report_parts *parts) {
  fputs("<script type=\"application/json\" id=\"report-data\">", out);
  vs_status status = vs_report_data_print(parts, out);
  fputs("</script>", out);
  return status;
}

static void print_title(FILE *out, const vs_report_parts *parts) {
  vs_html_print(out, vs_results_attribute(parts->results, "name"));
}

static void print_weights(FILE *out, const vs_report_parts *parts) {
  const char *name = vs_report_data_weights_name(parts->results);
  fputs("<p>Weights: ", out);
  vs_html_print(out, name != NULL ? name : "a file of one's own");
  fputs(", pictures prepared as ", out);
  vs_html_print(out, vs_results_attribute(parts->results, "weights_family"));
  fputs(" does.</p>\n", out);
}

static vs_status print_plain(FILE *out, const vs_report_parts *parts, size_t top) {
  const char *title = strstr(plain_head, TITLE);
  fprintf(out, "%.*s", (int)(title - plain_head), plain_head);
  print_title(out, parts);
  fprintf(out, "%s<h1>", title + strlen(TITLE));
  print_title(out, parts);
  fprintf(out, "</h1>\n%s", plain_notice);
  print_summary(out, parts);
  print_weights(out, parts);
  print_headlines(out, parts);
  print_channels(out, parts);
  print_shares(out, parts);
  vs_status status = print_top(out, parts, top);
  if (status == VS_OK) status = print_data(out, parts);
  fputs("\n</body>\n</html>\n", out);
  return status;
}

static vs_status fill_place(FILE *out, const vs_report_parts *parts, size_t top,
                            const char *place) {
  if (strcmp(place, DATA) == 0) return print_data(out, parts);
  if (strcmp(place, TITLE) == 0) {
    print_title(out, parts);
    return VS_OK;
  }
  print_summary(out, parts);
  return print_top(out, parts, top);
}

/* Prints up to the next of the places, fills it, and goes on behind it. */
static vs_status print_template(FILE *out, const vs_report_parts *parts, const char *rest,
                                size_t top) {
  static const char *const places[] = {TITLE, NOSCRIPT, DATA};
  enum { PLACES = sizeof places / sizeof places[0] };
  for (int left = PLACES; left > 0; left--) {
    const char *next = NULL, *place = NULL;
    for (int i = 0; i < PLACES; i++) {
      const char *found = strstr(rest, places[i]);
      if (found == NULL || (next != NULL && found > next)) continue;
      next = found;
      place = places[i];
    }
    if (next == NULL) return vs_fail(VS_ERR_INTERNAL, "the page's template lacks a place");
    fwrite(rest, 1, (size_t)(next - rest), out);
    vs_status status = fill_place(out, parts, top, place);
    if (status != VS_OK) return status;
    rest = next + strlen(place);
  }
  fputs(rest, out);
  return VS_OK;
}

vs_status vs_report_page_print(const vs_report_parts *parts, const char *page_template, size_t top,
                               FILE *out) {
  if (page_template == NULL) return print_plain(out, parts, top);
  return print_template(out, parts, page_template, top);
}
