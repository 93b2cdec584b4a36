/* command_rank.c - `rank`: the runs in order of merit, with their verdicts. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "analysis/rank/rank.h"
#include "analysis/rank/rank_verdicts.h"
#include "cli/common_options.h"

static const char notes[] =
    "A metric or column alone as --by puts the best run first: the largest exc_gain, the\n"
    "smallest style_dist. An expression puts the largest value first, unless --ascending is\n"
    "given. The line below the table says which.\n"
    "\n"
    "Metrics that compare a run with its baseline, the run of lambda, rho or strength 0 that is\n"
    "otherwise the same, are 0 for the baselines themselves. When --by has one of them in it,\n"
    "the table leaves baselines out, unless --baselines is given, --where names one of these,\n"
    "or --verdict is given. CSV and JSON always hold them: a run's place may differ there.\n"
    "\n"
    "effect needs the pictures, milliseconds a run: it is known when --by or --where names it,\n"
    "or with --pictures. All other figures are read from columns.\n"
    "\n"
    "The table is as wide as the terminal or COLUMNS say, in a pipe or file as wide as it is.\n"
    "Above it stands the most telling run of each verdict; --where, --verdict and --by leave\n"
    "that out.\n"
    "\n"
    "Expressions join metrics, columns (layer, channel, lambda, seed, status, exc_eval,\n"
    "style_eval ...), verdict, figures of the case (seeds, gain_mean, gain_low ...) and axes\n"
    "(optimizer.lr, for short lr) with + - * / == != < <= > >= && || !, abs, min, max and\n"
    "parentheses: --where 'layer == \"relu4_3\" && verdict == \"win\"'.\n"
    "\n"
    "Of drawings: --by minutes is the quickest to plot, --by kept_plotted the one that loses\n"
    "least on paper, --by 'exc_gain + plot_gain' weighs excitation against time, and\n"
    "--where 'minutes < 20 && pens <= 3' --by exc_gain is the best that a short plot gives.\n";

/* --- help ------------------------------------------------------------------------------------- */

static const char *direction_text(vs_direction direction) {
  switch (direction) {
  case VS_HIGHER_IS_BETTER:
    return "higher is better";
  case VS_LOWER_IS_BETTER:
    return "lower is better";
  case VS_NO_DIRECTION:
    break;
  }
  return "no direction";
}

static void print_figure(const char *name, const char *unit, vs_direction direction,
                         const char *formula) {
  char meaning[1024];
  snprintf(meaning, sizeof meaning, "%s%s%s; %s", unit, unit[0] != '\0' ? ", " : "",
           direction_text(direction), formula);
  vs_options_print_entry(name, meaning);
}

/* Columns that are worth ranking by. */
static void print_costs(void) {
  size_t count;
  const vs_column *columns = vs_row_columns(&count);
  for (size_t i = 0; i < count; i++) {
    char meaning[256];
    snprintf(meaning, sizeof meaning, "%s%s", columns[i].of_drawings ? "of a drawing: " : "",
             columns[i].meaning);
    if (columns[i].role == VS_COLUMN_COST)
      print_figure(columns[i].name, columns[i].unit, columns[i].direction, meaning);
  }
}

static void print_metrics(void) {
  size_t count;
  const vs_metric *metrics = vs_metric_table(&count);
  printf("Metrics of a run:\n");
  for (size_t i = 0; i < count; i++)
    print_figure(metrics[i].name, metrics[i].unit, metrics[i].direction, metrics[i].formula);
  print_costs();
  const vs_case_figure *figures = vs_verdict_case_figures(&count);
  printf("\nOf a case, the runs that differ only in their seed:\n");
  for (size_t i = 0; i < count; i++)
    print_figure(figures[i].name, "", figures[i].direction, figures[i].meaning);
}

/* --- the listing ------------------------------------------------------------------------------ */

/* COLUMNS, the terminal's width, or 0 (no limit) where stdout is none. */
static size_t width_of_stdout(void) {
  enum { USUAL = 80, MAX = 100000 };
  const char *text = getenv("COLUMNS");
  struct winsize size;
  int columns;
  if (text != NULL && vs_option_parse_integer(text, 1, MAX, &columns)) return (size_t)columns;
  if (!isatty(STDOUT_FILENO)) return 0;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL;
}

typedef struct rank_request {
  const char *path;
  const char *rules; /* a file, or NULL */
  vs_ranking_options ranking;
  vs_rank_format format;
  bool shares, collapse; /* these tables in place of the ranking */
} rank_request;

static vs_status print_ranking(const rank_request *request, const vs_verdicts *verdicts) {
  const vs_ranking_options *options = &request->ranking;
  vs_ranking ranking;
  vs_status status = vs_rank(&ranking, verdicts, options);
  if (status != VS_OK) return status;
  bool chosen = options->where != NULL || options->verdict != NULL || options->by != NULL;
  if (request->format == VS_RANK_TABLE && !chosen)
    status = vs_rank_verdicts_print_headlines(verdicts, width_of_stdout(), stdout);
  if (status == VS_OK)
    status = vs_rank_print(&ranking, verdicts, request->format, width_of_stdout(), stdout);
  vs_rank_clear(&ranking);
  return status;
}

static vs_status print_all(const rank_request *request) {
  vs_results *results = NULL;
  vs_metrics *metrics = NULL;
  vs_verdicts *verdicts = NULL;
  vs_verdict_rules rules = vs_verdict_rules_default();
  vs_status status = VS_OK;
  if (request->rules != NULL) status = vs_verdict_rules_read(&rules, request->rules);
  if (status == VS_OK) status = vs_results_open(&results, request->path);
  if (status == VS_OK) status = vs_metrics_new(&metrics, results);
  if (status == VS_OK) status = vs_verdicts_new(&verdicts, metrics, &rules);
  if (status != VS_OK) goto done;
  if (request->shares)
    status = vs_rank_verdicts_print_shares(verdicts, request->format, stdout);
  else if (request->collapse)
    status = vs_rank_verdicts_print_brackets(verdicts, request->format, stdout);
  else
    status = print_ranking(request, verdicts);
  vs_metrics_keep(metrics);
  if (status != VS_OK && ferror(stdout)) status = VS_OK; /* main.c tells why: perhaps `| head` */
done:
  vs_verdicts_free(verdicts);
  vs_metrics_free(metrics);
  vs_results_close(results);
  return status;
}

/* --- the command line ------------------------------------------------------------------------- */

static bool is_asked(int argc, char **argv, const char *option) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], option) == 0) return true;
  return false;
}

static bool parse(int argc, char **argv, rank_request *request, int *code) {
  static const char *const formats[] = {
      [VS_RANK_TABLE] = "table", [VS_RANK_CSV] = "csv", [VS_RANK_JSON] = "json", NULL};
  vs_ranking_options *ranking = &request->ranking;
  int top = 0, format = VS_RANK_TABLE;
  bool json = false, help = false;
  const vs_option options[] = {
      vs_option_default(
          vs_option_text("by", "METRIC", "order by a metric or an expression", &ranking->by),
          "merit; exc_gain where ink is not known; zscore where nothing is compared"),
      vs_option_flag("ascending", "smallest first, whatever --by is", &ranking->ascending),
      vs_option_text("where", "EXPR", "only the runs for which this is true", &ranking->where),
      vs_option_text("verdict", "V", "only the runs with this verdict", &ranking->verdict),
      vs_option_flag("diverse", "only the first of pictures that are nearly the same",
                     &ranking->diverse),
      vs_option_flag("baselines", "rank the runs of lambda 0 too", &ranking->baselines),
      vs_option_integer("top", "N", "only the first N", &top, 1, INT_MAX),
      vs_option_flag("pictures", "read pictures too, for effect", &ranking->pictures),
      vs_option_flag("shares", "how often each verdict came, by layer and lambda",
                     &request->shares),
      vs_option_flag("collapse", "between which lambdas each channel collapses",
                     &request->collapse),
      vs_common_option_verdicts(&request->rules),
      vs_option_choice("format", "how it is printed", &format, formats),
      vs_common_option_json(&json),
      vs_option_flag("help-metrics", "list all metrics: unit, direction, formula", &help),
      vs_option_flag("help-verdicts", "list all verdicts: meaning, rule, and their thresholds",
                     &help)};
  const vs_command_line line = {&vs_command_rank, {&request->path}, options, VS_COUNT(options)};
  if (!vs_options_parse(&line, argc, argv, code)) return false;
  request->format = json ? VS_RANK_JSON : (vs_rank_format)format;
  if (request->format != VS_RANK_TABLE) ranking->baselines = true;
  ranking->top = (size_t)top;
  return true;
}

static int run(int argc, char **argv) {
  if (is_asked(argc, argv, "--help-metrics")) {
    print_metrics();
    return VS_EXIT_OK;
  }
  if (is_asked(argc, argv, "--help-verdicts")) {
    vs_verdict_rules rules = vs_verdict_rules_default();
    vs_rank_verdicts_print_rules(&rules, stdout);
    return VS_EXIT_OK;
  }
  rank_request request = {0};
  int code;
  return parse(argc, argv, &request, &code) ? vs_command_fail(print_all(&request)) : code;
}

const vs_command vs_command_rank = {.name = "rank",
                                    .purpose =
                                        "Lists runs in order of merit, as a table, CSV or JSON",
                                    .notes = notes,
                                    .arguments = {&vs_command_results_argument},
                                    .run = run};
