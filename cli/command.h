/* command.h - the subcommands of vggsweep, and what they share.
 *
 * A subcommand is one function in a file of its own, `vs_command_<name>(argc, argv)` with argv[0]
 * its own name; it parses its line with a table of options (options.h), does its work with the
 * libraries, and returns the exit code. main.c alone knows them all and exits.
 *
 * Data goes to stdout, everything said to a person to stderr. Nobody checks his printf: main.c
 * looks at stdout once, at the end. */
#ifndef VS_CLI_COMMAND_H
#define VS_CLI_COMMAND_H

#include "cli/options.h"
#include "sweeps/spec/sweep.h"

/* What a script can tell from the exit code. */
typedef enum vs_exit {
  VS_EXIT_OK = 0,
  VS_EXIT_FAILURE = 1,     /* the world failed: files, memory, MPI */
  VS_EXIT_USAGE = 2,       /* the command line or the sweep file asks for what cannot be */
  VS_EXIT_SOME_FAILED = 3, /* the sweep is through, some runs failed or diverged */
  VS_EXIT_STOPPED = 75     /* stopped early, everything saved: the same command goes on */
} vs_exit;

int vs_command_run(int argc, char **argv);
int vs_command_plan(int argc, char **argv);
int vs_command_status(int argc, char **argv);
int vs_command_rank(int argc, char **argv);
int vs_command_show(int argc, char **argv);
int vs_command_sheet(int argc, char **argv);
int vs_command_report(int argc, char **argv);
int vs_command_merge(int argc, char **argv);
int vs_command_export(int argc, char **argv);
int vs_command_plot(int argc, char **argv);
int vs_command_refine(int argc, char **argv);
int vs_command_palette(int argc, char **argv);
int vs_command_eval(int argc, char **argv);
int vs_command_weights(int argc, char **argv);
int vs_command_bench(int argc, char **argv);
int vs_command_schema(int argc, char **argv);

/* --- saying what went wrong ------------------------------------------------------------------- */

/* Prints the recorded failure (vs_status_message) to stderr and returns the exit code that goes
 * with `status`: VS_ERR_USAGE 2, VS_ERR_STOPPED 75, any other failure 1; VS_OK prints nothing and
 * gives 0. So a command ends in `return vs_command_fail(status)`. */
int vs_command_fail(vs_status status);

/* A usage error of a command, printf style, without a newline: prints "vggsweep COMMAND: ..." and
 * where to find help; returns 2. */
int vs_command_refuse(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* To be called before all ranks of a job say the same: on all but one (vs_comm_speaks_first) what
 * is printed from here on, to stdout and stderr, leads nowhere. Without a job it does nothing. */
void vs_command_silence_other_ranks(void);

/* Warns of a sweep in which no run has lambda (or rho) 0, as half of the metrics compare with that,
 * and of snapshots that are left out. */
void vs_command_warn_of_sweep(const vs_sweep *sweep);

/* A file that was given and cannot be read for what is in it is a mistake in what was asked for: of
 * VS_ERR_FORMAT and VS_ERR_LIMIT it makes VS_ERR_USAGE. */
vs_status vs_command_input_error(vs_status status);

/* --- what several commands need --------------------------------------------------------------- */

/* The value of --threads when none is given: one, as ranks are what fills a machine. */
#define VS_DEFAULT_THREADS 1
#define VS_MAX_THREADS     1024

#define VS_SWEEP_MAX_BYTES ((size_t)16 << 20) /* larger sweep files are refused unread */

/* Reads and checks a sweep file with its --set overrides. What vs_file_read and
 * vs_sweep_parse say. */
vs_status vs_command_load_sweep(vs_sweep **out, const char *path, char *const *overrides,
                                size_t override_count);

/* Where a sweep's results go when --out does not say: results/<name>. VS_ERR_LIMIT if it does not
 * fit. */
vs_status vs_command_default_folder(char *out, size_t out_size, const vs_sweep *sweep);

/* Files that a command writes, looked at before anything is computed, so that none is written where
 * another cannot be: each is NULL, or may be replaced (it is not there, empty, or of its kind),
 * lies in a folder that is there, and is no other of them. VS_ERR_USAGE, VS_ERR_IO. */
typedef struct vs_output {
  const char *option, *path;
  enum { VS_OUTPUT_SVG, VS_OUTPUT_PNG } kind;
} vs_output;
vs_status vs_command_check_outputs(const vs_output *outputs, size_t count);

/* The number of the tap that --option names. VS_ERR_USAGE with a suggestion. */
vs_status vs_command_find_tap(const char *option, const char *name, int *tap);

/* The same for a list of --style-layer: each item one name or several with commas. */
vs_status vs_command_find_taps(const char *option, const vs_texts *names, bool taps[VS_VGG_TAPS]);

/* VS_ERR_USAGE if the tap has no such channel: the message names --option and the channels. */
vs_status vs_command_check_channel(const char *option, int tap, int channel);

/* The deepest convolution that an objective needs. */
int vs_command_last_conv(const vs_objective_spec *spec);

/* Words of --family and --conv, and the family a word means (unknown: recognize it). */
extern const char *const vs_command_families[];
extern const char *const vs_command_convs[];
vs_family vs_command_family(int choice);

#endif
