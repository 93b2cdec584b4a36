/* command.h - what a subcommand of vggsweep is, how it says what went wrong, and with which code it
 * ends.
 *
 * A subcommand is a file of its own, command_<name>.c, that ends in its description, a vs_command;
 * the list in main.c names it. Its function parses the line with a table of options (options.h),
 * does its work with the libraries, and returns the exit code. main.c alone exits.
 *
 * Data goes to stdout, everything said to a person to stderr. No command checks its printf:
 * main.c checks stdout once, at the end. */
#ifndef VS_CLI_COMMAND_H
#define VS_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

/* What a script can tell from the exit code. */
typedef enum vs_exit {
  VS_EXIT_OK = 0,
  VS_EXIT_FAILURE = 1,     /* the world failed: files, memory, MPI */
  VS_EXIT_USAGE = 2,       /* the command line or the sweep file asks for what cannot be */
  VS_EXIT_SOME_FAILED = 3, /* the sweep is through, some runs failed or diverged */
  VS_EXIT_STOPPED = 75     /* stopped early, everything saved: the same command goes on */
} vs_exit;

/* An argument that is no option. */
typedef struct vs_argument {
  const char *name; /* as in the help, "SWEEP.yaml" */
  const char *help;
} vs_argument;

#define VS_MAX_ARGUMENTS 2

typedef struct vs_command {
  const char *name;
  const char *purpose; /* one sentence without its full stop */
  const char *notes;   /* more for --help, lines ending in '\n', or NULL */
  const vs_argument *arguments[VS_MAX_ARGUMENTS]; /* all required; NULL ends them early */
  bool has_threads;                               /* it computes with OpenMP */
  int (*run)(int argc, char **argv);              /* argv[0] is its name; returns the exit code */
} vs_command;

extern const vs_command vs_command_run, vs_command_plan, vs_command_status, vs_command_rank,
    vs_command_show, vs_command_sheet, vs_command_report, vs_command_merge, vs_command_export,
    vs_command_plot, vs_command_refine, vs_command_palette, vs_command_eval, vs_command_weights,
    vs_command_bench, vs_command_schema;

/* Arguments of several commands. */
extern const vs_argument vs_command_results_argument; /* a path for vs_results_open */
extern const vs_argument vs_command_folder_argument;  /* a results folder alone */
extern const vs_argument vs_command_run_argument;     /* for vs_results_find */
extern const vs_argument vs_command_sweep_argument;   /* for vs_sweep_read */

/* --- saying what went wrong ------------------------------------------------------------------- */

/* The exit code that goes with a status: VS_OK 0, VS_ERR_USAGE 2, VS_ERR_STOPPED 75, any other
 * failure 1. */
vs_exit vs_command_exit(vs_status status);

/* The same, after printing the recorded failure (vs_status_message) to stderr; VS_OK prints
 * nothing. So a command ends in `return vs_command_fail(status)`. */
int vs_command_fail(vs_status status);

/* A usage error of a command, printf style, without a newline: prints "vggsweep COMMAND: ..." and
 * where to find help; returns 2. Ranks that have the same line say it once, and wait for one
 * another (vs_comm_leave_together); not to be called once the job is joined. */
int vs_command_refuse(const vs_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* To be called before all ranks of a job say the same: on all but one (vs_comm_speaks_first) what
 * is printed from here on, to stdout and stderr, leads nowhere. Without a job it does nothing. */
void vs_command_silence_other_ranks(void);

/* A file that was given and cannot be read for what is in it is a mistake in what was asked for: of
 * VS_ERR_FORMAT and VS_ERR_LIMIT it makes VS_ERR_USAGE. */
vs_status vs_command_input_error(vs_status status);

/* --- files that are written ------------------------------------------------------------------- */

/* Files that a command writes, checked before anything is computed, so that none is written where
 * another cannot be: each is NULL, or may be replaced (it is not there, empty, or of its kind),
 * lies in a folder that is there, and is no other of them. VS_ERR_USAGE, VS_ERR_IO. */
typedef struct vs_output {
  const char *option, *path;
  enum { VS_OUTPUT_SVG, VS_OUTPUT_PNG } kind;
} vs_output;
vs_status vs_command_check_outputs(const vs_output *outputs, size_t count);

#endif
