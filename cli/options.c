/* The parser of command lines and the printer of their help, over one table of options. */
#include "cli/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/suggest.h"
#include "core/base/words.h"

#define MAX_OPTIONS 32

/* --- making a table --------------------------------------------------------------------------- */

static vs_option option_of(vs_option_kind kind, const char *name, const char *value,
                           const char *help) {
  return (vs_option){.kind = kind, .name = name, .value = value, .help = help};
}

vs_option vs_option_flag(const char *name, const char *help, bool *target) {
  vs_option option = option_of(VS_OPTION_FLAG, name, NULL, help);
  option.target.flag = target;
  return option;
}

vs_option vs_option_text(const char *name, const char *value, const char *help,
                         const char **target) {
  vs_option option = option_of(VS_OPTION_TEXT, name, value, help);
  option.target.text = target;
  return option;
}

vs_option vs_option_texts(const char *name, const char *value, const char *help, vs_texts *target) {
  vs_option option = option_of(VS_OPTION_TEXTS, name, value, help);
  option.target.texts = target;
  return option;
}

vs_option vs_option_integer(const char *name, const char *value, const char *help, int *target,
                            int min, int max) {
  vs_option option = option_of(VS_OPTION_INTEGER, name, value, help);
  option.target.integer = target;
  option.min = min;
  option.max = max;
  return option;
}

vs_option vs_option_real(const char *name, const char *value, const char *help, double *target,
                         double min, double max) {
  vs_option option = option_of(VS_OPTION_REAL, name, value, help);
  option.target.real = target;
  option.min = min;
  option.max = max;
  return option;
}

vs_option vs_option_choice(const char *name, const char *help, int *target,
                           const char *const *choices) {
  vs_option option = option_of(VS_OPTION_CHOICE, name, "WORD", help);
  option.target.integer = target;
  option.choices = choices;
  return option;
}

vs_option vs_option_default(vs_option option, const char *text) {
  option.default_text = text;
  return option;
}

vs_option vs_option_required(vs_option option) {
  option.is_required = true;
  return option;
}

/* --- values ----------------------------------------------------------------------------------- */

bool vs_option_parse_integer(const char *text, int min, int max, int *target) {
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  bool starts_well = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
  if (!starts_well || end == text || *end != '\0' || errno != 0) return false;
  if (value < min || value > max) return false;
  *target = (int)value;
  return true;
}

bool vs_option_parse_real(const char *text, double min, double max, double *target) {
  /* Decimal only: strtod would also take blanks, hexadecimal, "inf" and "nan". */
  if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') return false;
  char *end = NULL;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) return false;
  if (value < min || value > max) return false;
  *target = value;
  return true;
}

static bool take_choice(const vs_option *option, const char *text) {
  const int choice = vs_words_find(option->choices, text);
  if (choice >= 0) *option->target.integer = choice;
  return choice >= 0;
}

static void list_choices(const vs_option *option, char *out, size_t out_size) {
  vs_words_list(option->choices, vs_words_count(option->choices), "or", out, out_size);
}

/* What the value of an option must be, for messages: "a whole number from 1 to 64". */
static void describe_value(const vs_option *option, char *out, size_t out_size) {
  if (option->kind == VS_OPTION_CHOICE) {
    list_choices(option, out, out_size);
    return;
  }
  const char *what = option->kind == VS_OPTION_INTEGER ? "a whole number" : "a number";
  bool open_end = option->max >= (option->kind == VS_OPTION_INTEGER ? INT_MAX : HUGE_VAL);
  if (open_end)
    snprintf(out, out_size, "%s, %g or more", what, option->min);
  else
    snprintf(out, out_size, "%s from %g to %g", what, option->min, option->max);
}

/* Stores the value of an option. Returns 0, or 2 after saying what is wrong with it. */
static int take_value(const vs_command_line *line, const vs_option *option, char *text) {
  bool good = true;
  switch (option->kind) {
  case VS_OPTION_FLAG:
    *option->target.flag = true;
    break;
  case VS_OPTION_TEXT:
    if (text[0] == '\0') return vs_command_refuse(line->command, "--%s: is empty", option->name);
    *option->target.text = text;
    break;
  case VS_OPTION_TEXTS:
    if (option->target.texts->count == VS_OPTION_MAX_TEXTS)
      return vs_command_refuse(line->command, "--%s: given more than %d times", option->name,
                               VS_OPTION_MAX_TEXTS);
    option->target.texts->items[option->target.texts->count++] = text;
    break;
  case VS_OPTION_INTEGER:
    good =
        vs_option_parse_integer(text, (int)option->min, (int)option->max, option->target.integer);
    break;
  case VS_OPTION_REAL:
    good = vs_option_parse_real(text, option->min, option->max, option->target.real);
    break;
  case VS_OPTION_CHOICE:
    good = take_choice(option, text);
    break;
  }
  if (good) return 0;
  char expected[256];
  describe_value(option, expected, sizeof expected);
  return vs_command_refuse(line->command, "--%s: \"%s\" is not %s", option->name, text, expected);
}

/* --- help ------------------------------------------------------------------------------------- */

enum { HELP_COLUMN = 26, HELP_WIDTH = 96 };

/* Text from HELP_COLUMN on, broken between words. */
static void print_wrapped(const char *text) {
  int column = HELP_COLUMN;
  for (const char *word = text; *word != '\0';) {
    int length = (int)strcspn(word, " ");
    if (column > HELP_COLUMN && column + 1 + length > HELP_WIDTH) {
      printf("\n%*s", HELP_COLUMN, "");
      column = HELP_COLUMN;
    }
    column += printf("%s%.*s", column > HELP_COLUMN ? " " : "", length, word);
    word += length;
    word += strspn(word, " ");
  }
  printf("\n");
}

void vs_options_print_entry(const char *word, const char *meaning) {
  int used = printf("  %s", word);
  if (used >= HELP_COLUMN - 1)
    printf("\n%*s", HELP_COLUMN, "");
  else
    printf("%*s", HELP_COLUMN - used, "");
  print_wrapped(meaning);
}

static size_t argument_count(const vs_command *command) {
  size_t count = 0;
  while (count < VS_MAX_ARGUMENTS && command->arguments[count] != NULL) count++;
  return count;
}

/* "--size N" */
static void name_option(const vs_option *option, char *out, size_t size) {
  const char *value = option->value;
  snprintf(out, size, "--%s%s%s", option->name, value != NULL ? " " : "",
           value != NULL ? value : "");
}

/* "224", or "" where there is no default. */
static void tell_default(const vs_option *option, char *out, size_t size) {
  const int *integer = option->target.integer;
  const double *real = option->target.real;
  out[0] = '\0';
  if (option->is_required) return;
  if (option->default_text != NULL)
    snprintf(out, size, "%s", option->default_text);
  else if (option->kind == VS_OPTION_TEXT && *option->target.text != NULL)
    snprintf(out, size, "%s", *option->target.text);
  else if (option->kind == VS_OPTION_INTEGER && *integer >= option->min && *integer <= option->max)
    snprintf(out, size, "%d", *integer);
  else if (option->kind == VS_OPTION_REAL && *real >= option->min && *real <= option->max)
    snprintf(out, size, "%g", *real);
  else if (option->kind == VS_OPTION_CHOICE && *integer >= 0)
    snprintf(out, size, "%s", option->choices[*integer]);
}

static void print_option(const vs_option *option) {
  char left[64], choices[256] = "", preset[256], help[1024];
  name_option(option, left, sizeof left);
  if (option->kind == VS_OPTION_CHOICE) list_choices(option, choices, sizeof choices);
  tell_default(option, preset, sizeof preset);
  snprintf(help, sizeof help, "%s%s%s%s%s%s", option->help, choices[0] != '\0' ? ": " : "", choices,
           preset[0] != '\0' ? " (default " : "", preset, preset[0] != '\0' ? ")" : "");
  vs_options_print_entry(left, help);
}

static void print_usage(const vs_command_line *line) {
  size_t left = line->option_count;
  printf("Usage: vggsweep %s", line->command->name);
  for (size_t i = 0; i < argument_count(line->command); i++)
    printf(" %s", line->command->arguments[i]->name);
  for (size_t i = 0; i < line->option_count; i++) {
    char name[64];
    if (!line->options[i].is_required) continue;
    name_option(&line->options[i], name, sizeof name);
    printf(" %s", name);
    left--;
  }
  printf("%s\n%s.\n\n", left > 0 ? " [options]" : "", line->command->purpose);
}

static void print_help(const vs_command_line *line) {
  const vs_command *command = line->command;
  print_usage(line);
  for (size_t i = 0; i < argument_count(command); i++)
    vs_options_print_entry(command->arguments[i]->name, command->arguments[i]->help);
  for (size_t i = 0; i < line->option_count; i++) print_option(&line->options[i]);
  vs_options_print_entry("--help", "this text");
  if (command->notes != NULL) printf("\n%s", command->notes);
}

/* --- parsing ---------------------------------------------------------------------------------- */

/* An option that getopt did not know, as it was written. */
static int refuse_unknown(const vs_command_line *line, const char *written) {
  if (strncmp(written, "--", 2) != 0)
    return vs_command_refuse(line->command, "unknown option %s (all options are long: --name)",
                             written);
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(written + 2, "="), written + 2);
  const char *known[MAX_OPTIONS];
  size_t matches = 0;
  for (size_t i = 0; i < line->option_count; i++) {
    known[i] = line->options[i].name;
    if (strncmp(known[i], name, strlen(name)) == 0) matches++;
  }
  if (matches > 1) return vs_command_refuse(line->command, "--%s: ambiguous, say more of it", name);
  const char *nearest = vs_suggest(name, known, line->option_count);
  if (nearest == NULL) return vs_command_refuse(line->command, "unknown option --%s", name);
  return vs_command_refuse(line->command, "unknown option --%s (did you mean --%s?)", name,
                           nearest);
}

enum { HELP = 1, FIRST_OPTION = 256 }; /* getopt's values; letters lie between */

/* getopt's answer to something wrong: an option without its value, a flag with one, or unknown. */
static int refuse_option(const vs_command_line *line, int answer, const char *written) {
  if (answer == ':') return vs_command_refuse(line->command, "%s: needs a value", written);
  if (optopt == HELP) return vs_command_refuse(line->command, "--help: takes no value");
  if (optopt >= FIRST_OPTION)
    return vs_command_refuse(line->command, "--%s: takes no value",
                             line->options[optopt - FIRST_OPTION].name);
  return refuse_unknown(line, written);
}

/* What the line gave besides values. */
typedef struct given_options {
  bool help;
  bool options[MAX_OPTIONS];
} given_options;

static int parse_options(const vs_command_line *line, int argc, char **argv, given_options *given) {
  struct option known[MAX_OPTIONS + 2] = {{"help", no_argument, NULL, HELP}};
  assert(line->option_count <= MAX_OPTIONS);
  for (size_t i = 0; i < line->option_count; i++)
    known[i + 1] =
        (struct option){line->options[i].name,
                        line->options[i].kind == VS_OPTION_FLAG ? no_argument : required_argument,
                        NULL, FIRST_OPTION + (int)i};
  opterr = 0;
  optind = 0; /* glibc: start anew */
  int answer;
  while ((answer = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
    if (answer == HELP || answer == 'h') {
      given->help = true;
      return 0;
    }
    if (answer == '?' || answer == ':') return refuse_option(line, answer, argv[optind - 1]);
    const int i = answer - FIRST_OPTION;
    int code = take_value(line, &line->options[i], optarg);
    if (code != 0) return code;
    given->options[i] = true;
  }
  return 0;
}

static int take_arguments(const vs_command_line *line, int argc, char **argv) {
  const vs_argument *const *arguments = line->command->arguments;
  const size_t given = (size_t)(argc - optind), count = argument_count(line->command);
  if (given > count)
    return vs_command_refuse(line->command, "unexpected argument \"%s\"",
                             argv[optind + (int)count]);
  if (given < count)
    return vs_command_refuse(line->command, "%s is missing", arguments[given]->name);
  for (size_t i = 0; i < given; i++) {
    const char *text = argv[optind + (int)i];
    if (text[0] == '\0') return vs_command_refuse(line->command, "%s is empty", arguments[i]->name);
    *line->targets[i] = text;
  }
  return 0;
}

static int check_required(const vs_command_line *line, const given_options *given) {
  for (size_t i = 0; i < line->option_count; i++) {
    const vs_option *option = &line->options[i];
    if (option->is_required && !given->options[i])
      return vs_command_refuse(line->command, "--%s is missing: %s", option->name, option->help);
  }
  return 0;
}

bool vs_options_parse(const vs_command_line *line, int argc, char **argv, int *exit_code) {
  given_options given = {0};
  *exit_code = parse_options(line, argc, argv, &given);
  if (*exit_code != 0) return false;
  if (given.help) {
    vs_command_silence_other_ranks();
    print_help(line);
    return false;
  }
  *exit_code = take_arguments(line, argc, argv);
  if (*exit_code == 0) *exit_code = check_required(line, &given);
  return *exit_code == 0;
}
