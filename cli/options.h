/* options.h - the command line of one subcommand, as a table: names, values, limits, help.
 *
 *   int threads = VS_DEFAULT_THREADS;
 *   bool json = false;
 *   const char *folder = NULL;
 *   const vs_argument arguments[] = {{"DIR", "a results folder", &folder}};
 *   const vs_option options[] = {
 *       vs_option_integer("threads", "N", "threads of this process", &threads, 1, VS_MAX_THREADS),
 *       vs_option_flag("json", "print JSON", &json)};
 *   const vs_command_line line = {"status", "how far a sweep is", NULL,
 *                                 arguments, 1, options, 2};
 *   int code;
 *   if (!vs_options_parse(&line, argc, argv, &code)) return code;
 *
 * The parser and the text of --help read the same table. Values are taken whole or not at all:
 * "12x" is no number, and neither is nan. Long options may be written --name VALUE or --name=VALUE,
 * and shortened as long as they stay unambiguous; options and arguments may come in any order; "--"
 * ends the options. */
#ifndef VS_CLI_OPTIONS_H
#define VS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/status.h"

/* Values of an option that may be given several times, in order. Not owned: they are argv's. */
#define VS_OPTION_MAX_TEXTS 256
typedef struct vs_texts {
  char *items[VS_OPTION_MAX_TEXTS];
  size_t count;
} vs_texts;

typedef enum vs_option_kind {
  VS_OPTION_FLAG,
  VS_OPTION_TEXT,
  VS_OPTION_TEXTS,
  VS_OPTION_INTEGER,
  VS_OPTION_REAL,
  VS_OPTION_CHOICE
} vs_option_kind;

/* One option. Made by the functions below, which know the type of the target. */
typedef struct vs_option {
  vs_option_kind kind;
  const char *name;  /* without dashes */
  const char *value; /* what stands for the value in the help, e.g. "FILE"; NULL for a flag */
  const char *help;  /* one sentence without its full stop */
  union {
    bool *flag;
    const char **text;
    vs_texts *texts;
    int *integer;
    double *real;
  } target;                   /* keeps its content when the option is not given */
  double least, most;         /* of a number */
  const char *const *choices; /* NULL-terminated; the target is the index */
} vs_option;

vs_option vs_option_flag(const char *name, const char *help, bool *target);
vs_option vs_option_text(const char *name, const char *value, const char *help,
                         const char **target);
vs_option vs_option_texts(const char *name, const char *value, const char *help, vs_texts *target);
vs_option vs_option_integer(const char *name, const char *value, const char *help, int *target,
                            int least, int most);
vs_option vs_option_real(const char *name, const char *value, const char *help, double *target,
                         double least, double most);
/* One word of a NULL-terminated list that outlives the table; *target is its index. */
vs_option vs_option_choice(const char *name, const char *help, int *target,
                           const char *const *choices);

/* One argument that is no option; all are required. */
typedef struct vs_argument {
  const char *name; /* as in the help, "SWEEP.yaml" */
  const char *help;
  const char **target;
} vs_argument;

typedef struct vs_command_line {
  const char *command;
  const char *summary; /* one sentence without its full stop */
  const char *notes;   /* more for --help, lines ending in '\n', or NULL */
  const vs_argument *arguments;
  size_t argument_count;
  const vs_option *options;
  size_t option_count;
} vs_command_line;

/* Parses argv[1..]. true: all targets are filled, go on. false: the command is over and *exit_code
 * is 0 (--help was asked for and printed to stdout, by one rank of a job) or 2 (an error, said on
 * stderr: one message naming the option and `vggsweep COMMAND --help`). argv's order may change. */
bool vs_options_parse(const vs_command_line *line, int argc, char **argv, int *exit_code);

/* Prints the help of a command. */
void vs_options_print_help(const vs_command_line *line);

/* Prints one entry of a help as those of the options are: a word, and beside it what it means. */
void vs_options_print_entry(const char *word, const char *meaning);

/* Strict numbers: the whole text, finite, within least..most; else false and *target unchanged. */
bool vs_option_parse_integer(const char *text, int least, int most, int *target);
bool vs_option_parse_real(const char *text, double least, double most, double *target);

#endif
