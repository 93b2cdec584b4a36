#include "mpi/command.h"

#include <limits.h>
#include <stdio.h>

#include "analysis/rank.h"
#include "mpi/options.h"

static const char notes[] =
    "Expressions join metrics, columns (layer, channel, lambda, seed, status, exc_eval,\n"
    "style_eval ...) and axes (optimizer.lr) with + - * / == != < <= > >= && || !, abs, min,\n"
    "max and parentheses: --where 'layer == \"relu4_3\" && exc_gain > 0'.\n";

static void print_metrics(void) {
  size_t count = 0;
  const vs_metric *metrics = vs_metric_table(&count);
  printf("\nMetrics:\n");
  for (size_t i = 0; i < count; i++) vs_options_print_entry(metrics[i].name, metrics[i].formula);
}

static vs_status print_ranking(const char *path, const vs_ranking_options *options,
                               vs_rank_format format) {
  vs_results *results = NULL;
  vs_metrics *metrics = NULL;
  vs_ranking ranking = {0};
  vs_status status = vs_results_open(&results, path);
  if (status == VS_OK) status = vs_metrics_new(&metrics, results);
  if (status == VS_OK) status = vs_rank(&ranking, metrics, options);
  if (status == VS_OK) status = vs_rank_print(&ranking, metrics, format, stdout);
  if (status != VS_OK && ferror(stdout)) status = VS_OK; /* main.c looks why: perhaps `| head` */
  vs_ranking_clear(&ranking);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return status;
}

int vs_command_rank(int argc, char **argv) {
  static const char *const formats[] = {
      [VS_RANK_TABLE] = "table", [VS_RANK_CSV] = "csv", [VS_RANK_JSON] = "json", NULL};
  const char *path = NULL;
  vs_ranking_options ranking = {0};
  int top = 0, format = VS_RANK_TABLE;
  bool json = false;
  const vs_argument arguments[] = {{"DIR|FILE.h5", "a results folder or a file of results", &path}};
  const vs_option options[] = {
      vs_option_text("by", "METRIC", "order by a metric or an expression (default exc_gain)",
                     &ranking.by),
      vs_option_text("where", "EXPR", "only the runs for which this is true", &ranking.where),
      vs_option_integer("top", "N", "only the first N", &top, 1, INT_MAX),
      vs_option_choice("format", "how it is printed", &format, formats),
      vs_option_flag("json", "the same as --format json", &json)};
  const vs_command_line line = {.command = "rank",
                                .summary = "Lists runs in order of merit",
                                .notes = notes,
                                .arguments = arguments,
                                .argument_count = 1,
                                .options = options,
                                .option_count = sizeof options / sizeof options[0]};
  int code;
  if (!vs_options_parse(&line, argc, argv, &code)) {
    if (code == VS_EXIT_OK) print_metrics(); /* the help was asked for */
    return code;
  }
  ranking.top = (size_t)top;
  return vs_command_fail(
      print_ranking(path, &ranking, json ? VS_RANK_JSON : (vs_rank_format)format));
}
