/* options.h - the command line of one subcommand, as a table: names, values, limits, help.
 *
 *   int threads = 1;
 *   bool json = false;
 *   const char *path = NULL;
 *   const vs_option options[] = {vs_common_option_threads(&threads), vs_common_option_json(&json)};
 *   const vs_command_line line = {&vs_command_report, {&path}, options, VS_COUNT(options)};
 *   int code;
 *   if (!vs_options_parse(&line, argc, argv, &code)) return code;
 *
 * The parser and the text of --help read the same table, and a target's content before parsing is
 * its option's default, in the help too. Values are taken whole or not at all: "12x" is no number,
 * and neither is nan. Long options may be written --name VALUE or --name=VALUE, and shortened as
 * long as they stay unambiguous; options and arguments may come in any order; "--" ends the
 * options.
 */
#ifndef VS_CLI_OPTIONS_H
#define VS_CLI_OPTIONS_H

#include "cli/command.h"

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
  } target;                   /* keeps its content, the default, when the option is not given */
  double min, max;            /* of a number; a default outside of it means: none */
  const char *const *choices; /* words (core/base/words.h); the target is the index, -1: none */
  const char *default_text;   /* the default in words, where the target does not tell it, or NULL */
  bool is_required;
} vs_option;

vs_option vs_option_flag(const char *name, const char *help, bool *target);
vs_option vs_option_text(const char *name, const char *value, const char *help,
                         const char **target);
vs_option vs_option_texts(const char *name, const char *value, const char *help, vs_texts *target);
vs_option vs_option_integer(const char *name, const char *value, const char *help, int *target,
                            int min, int max);
vs_option vs_option_real(const char *name, const char *value, const char *help, double *target,
                         double min, double max);
/* One word of a list that outlives the table; *target is its index. */
vs_option vs_option_choice(const char *name, const char *help, int *target,
                           const char *const *choices);

/* The same option with its default in words, "all cores". */
vs_option vs_option_default(vs_option option, const char *text);

/* The same option, without which the command is refused. */
vs_option vs_option_required(vs_option option);

typedef struct vs_command_line {
  const vs_command *command;
  const char **targets[VS_MAX_ARGUMENTS]; /* of its arguments */
  const vs_option *options;
  size_t option_count;
} vs_command_line;

#define VS_COUNT(array) (sizeof(array) / sizeof *(array))

/* Parses argv[1..]. true: all targets are filled, go on. false: the command is over and *exit_code
 * is 0 (--help was asked for and printed to stdout, by one rank of a job) or 2 (an error, said on
 * stderr: one message naming the option and `vggsweep COMMAND --help`). argv's order may change. */
bool vs_options_parse(const vs_command_line *line, int argc, char **argv, int *exit_code);

/* Prints one entry of a help as those of the options are: a word, and beside it what it means. */
void vs_options_print_entry(const char *word, const char *meaning);

/* Strict numbers: the whole text, finite, within min..max; else false and *target unchanged. */
bool vs_option_parse_integer(const char *text, int min, int max, int *target);
bool vs_option_parse_real(const char *text, double min, double max, double *target);

#endif
