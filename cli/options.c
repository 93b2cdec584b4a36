#include "cli/options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "core/base/suggest.h"

#define MAX_OPTIONS 32

/* --- making a table --------------------------------------------------------------------------- */

vs_option vs_option_flag(const char *name, const char *help, bool *target) {
  return (vs_option){
      .kind = VS_OPTION_FLAG, .name = name, .help = help, .target = {.flag = target}};
}

vs_option vs_option_text(const char *name, const char *value, const char *help,
                         const char **target) {
  return (vs_option){.kind = VS_OPTION_TEXT,
                     .name = name,
                     .value = value,
                     .help = help,
                     .target = {.text = target}};
}

vs_option vs_option_texts(const char *name, const char *value, const char *help, vs_texts *target) {
  return (vs_option){.kind = VS_OPTION_TEXTS,
                     .name = name,
                     .value = value,
                     .help = help,
                     .target = {.texts = target}};
}

vs_option vs_option_integer(const char *name, const char *value, const char *help, int *target,
                            int least, int most) {
  return (vs_option){.kind = VS_OPTION_INTEGER,
                     .name = name,
                     .value = value,
                     .help = help,
                     .target = {.integer = target},
                     .least = least,
                     .most = most};
}

vs_option vs_option_real(const char *name, const char *value, const char *help, double *target,
                         double least, double most) {
  return (vs_option){.kind = VS_OPTION_REAL,
                     .name = name,
                     .value = value,
                     .help = help,
                     .target = {.real = target},
                     .least = least,
                     .most = most};
}

vs_option vs_option_choice(const char *name, const char *help, int *target,
                           const char *const *choices) {
  return (vs_option){.kind = VS_OPTION_CHOICE,
                     .name = name,
                     .help = help,
                     .target = {.integer = target},
                     .choices = choices};
}

/* --- values ----------------------------------------------------------------------------------- */

bool vs_option_parse_integer(const char *text, int least, int most, int *target) {
  char *end = NULL;
  errno = 0;
  long value = strtol(text, &end, 10);
  bool starts_well = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
  if (!starts_well || end == text || *end != '\0' || errno != 0) return false;
  if (value < least || value > most) return false;
  *target = (int)value;
  return true;
}

bool vs_option_parse_real(const char *text, double least, double most, double *target) {
  /* Decimal only: strtod would also take blanks, hexadecimal, "inf" and "nan". */
  if (text[0] == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0') return false;
  char *end = NULL;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) return false;
  if (value < least || value > most) return false;
  *target = value;
  return true;
}

static bool take_choice(const vs_option *option, const char *text) {
  for (int i = 0; option->choices[i] != NULL; i++)
    if (strcmp(option->choices[i], text) == 0) {
      *option->target.integer = i;
      return true;
    }
  return false;
}

/* "table, csv or json" */
static void list_choices(const vs_option *option, char *out, size_t out_size) {
  size_t used = 0;
  out[0] = '\0';
  for (int i = 0; option->choices[i] != NULL && used < out_size; i++) {
    const char *joint = i == 0 ? "" : option->choices[i + 1] == NULL ? " or " : ", ";
    int length = snprintf(out + used, out_size - used, "%s%s", joint, option->choices[i]);
    used += length > 0 ? (size_t)length : 0;
  }
}

/* What the value of an option must be, for messages: "a whole number from 1 to 64". */
static void describe_value(const vs_option *option, char *out, size_t out_size) {
  if (option->kind == VS_OPTION_CHOICE) {
    list_choices(option, out, out_size);
    return;
  }
  const char *what = option->kind == VS_OPTION_INTEGER ? "a whole number" : "a number";
  bool open_end = option->most >= (option->kind == VS_OPTION_INTEGER ? INT_MAX : HUGE_VAL);
  if (open_end)
    snprintf(out, out_size, "%s, %g or more", what, option->least);
  else
    snprintf(out, out_size, "%s from %g to %g", what, option->least, option->most);
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
    good = vs_option_parse_integer(text, (int)option->least, (int)option->most,
                                   option->target.integer);
    break;
  case VS_OPTION_REAL:
    good = vs_option_parse_real(text, option->least, option->most, option->target.real);
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

static int parse_options(const vs_command_line *line, int argc, char **argv, bool *help) {
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
      *help = true;
      return 0;
    }
    if (answer == '?' || answer == ':') return refuse_option(line, answer, argv[optind - 1]);
    int code = take_value(line, &line->options[answer - FIRST_OPTION], optarg);
    if (code != 0) return code;
  }
  return 0;
}

static int take_arguments(const vs_command_line *line, int argc, char **argv) {
  size_t given = (size_t)(argc - optind);
  if (given > line->argument_count)
    return vs_command_refuse(line->command, "unexpected argument \"%s\"",
                             argv[optind + (int)line->argument_count]);
  if (given < line->argument_count)
    return vs_command_refuse(line->command, "%s is missing", line->arguments[given].name);
  for (size_t i = 0; i < given; i++) {
    const char *text = argv[optind + (int)i];
    if (text[0] == '\0')
      return vs_command_refuse(line->command, "%s is empty", line->arguments[i].name);
    *line->arguments[i].target = text;
  }
  return 0;
}

bool vs_options_parse(const vs_command_line *line, int argc, char **argv, int *exit_code) {
  bool help = false;
  *exit_code = parse_options(line, argc, argv, &help);
  if (*exit_code != 0) return false;
  if (help) {
    vs_command_silence_other_ranks();
    vs_options_print_help(line);
    return false;
  }
  *exit_code = take_arguments(line, argc, argv);
  return *exit_code == 0;
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

static void print_option(const vs_option *option) {
  char left[64], choices[256];
  const char *value = option->value;
  if (option->kind == VS_OPTION_CHOICE) {
    list_choices(option, choices, sizeof choices);
    char help[512];
    snprintf(help, sizeof help, "%s: %s", option->help, choices);
    snprintf(left, sizeof left, "--%s WORD", option->name);
    vs_options_print_entry(left, help);
    return;
  }
  snprintf(left, sizeof left, "--%s%s%s", option->name, value != NULL ? " " : "",
           value != NULL ? value : "");
  vs_options_print_entry(left, option->help);
}

void vs_options_print_help(const vs_command_line *line) {
  printf("Usage: vggsweep %s", line->command);
  for (size_t i = 0; i < line->argument_count; i++) printf(" %s", line->arguments[i].name);
  printf(line->option_count > 0 ? " [options]\n" : "\n");
  printf("%s.\n\n", line->summary);
  for (size_t i = 0; i < line->argument_count; i++)
    vs_options_print_entry(line->arguments[i].name, line->arguments[i].help);
  for (size_t i = 0; i < line->option_count; i++) print_option(&line->options[i]);
  vs_options_print_entry("--help", "this text");
  if (line->notes != NULL) printf("\n%s", line->notes);
}
