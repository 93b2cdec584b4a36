#include "mpi/command.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis/rank.h"
#include "mpi/options.h"

static const char notes[] =
    "A metric or column alone as --by puts the best run first: the largest exc_gain, the\n"
    "smallest style_dist. An expression puts the largest value first, unless --ascending is\n"
    "given. The line below the table says which.\n"
    "\n"
    "exc_gain, effect and style_gain compare a run with its baseline, the run of lambda 0 (or\n"
    "rho 0) that is otherwise the same; they are 0 for the baselines themselves. When --by has\n"
    "one of them in it, the table leaves baselines out, unless --baselines is given or --where\n"
    "names lambda or rho. CSV and JSON always hold them: a run's place may differ there.\n"
    "\n"
    "The table is as wide as the terminal or COLUMNS say, in a pipe or file as wide as it is.\n"
    "\n"
    "Expressions join metrics, columns (layer, channel, lambda, seed, status, exc_eval,\n"
    "style_eval ...) and axes (optimizer.lr, for short lr) with + - * / == != < <= > >= && ||\n"
    "!, abs, min, max and parentheses: --where 'layer == \"relu4_3\" && exc_gain > 0'.\n";

static void print_metrics(void) {
  size_t count = 0;
  const vs_metric *metrics = vs_metric_table(&count);
  printf("\nMetrics:\n");
  for (size_t i = 0; i < count; i++) vs_options_print_entry(metrics[i].name, metrics[i].formula);
}

/* COLUMNS, the terminal's width, or 0 (no limit) where stdout is none. */
static size_t width_of_stdout(void) {
  enum { USUAL = 80, MOST = 100000 };
  const char *text = getenv("COLUMNS");
  struct winsize size;
  int columns;
  if (text != NULL && vs_parse_integer(text, 1, MOST, &columns)) return (size_t)columns;
  if (!isatty(STDOUT_FILENO)) return 0;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL;
}

static vs_status print_ranking(const char *path, const vs_ranking_options *options,
                               vs_rank_format format) {
  vs_results *results = NULL;
  vs_metrics *metrics = NULL;
  vs_ranking ranking = {0};
  vs_status status = vs_results_open(&results, path);
  if (status == VS_OK) status = vs_metrics_new(&metrics, results);
  if (status == VS_OK) status = vs_rank(&ranking, metrics, options);
  if (status == VS_OK) status = vs_rank_print(&ranking, metrics, format, width_of_stdout(), stdout);
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
      vs_option_flag("ascending", "smallest first, whatever --by is", &ranking.ascending),
      vs_option_text("where", "EXPR", "only the runs for which this is true", &ranking.where),
      vs_option_flag("baselines", "rank the runs of lambda 0 too", &ranking.baselines),
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
  if (json) format = VS_RANK_JSON;
  if (format != VS_RANK_TABLE) ranking.baselines = true;
  ranking.top = (size_t)top;
  return vs_command_fail(print_ranking(path, &ranking, (vs_rank_format)format));
}
