/* main.c - finds the subcommand, and does what all of them leave to it: where the log goes, whether
 * what was printed has arrived, the exit code. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "core/base/log.h"
#include "core/base/suggest.h"
#include "core/base/version.h"
#include "mpi/comm.h"

/* In the order of the help. */
static const vs_command *const commands[] = {
    &vs_command_run,    &vs_command_plan,    &vs_command_status, &vs_command_rank,
    &vs_command_show,   &vs_command_sheet,   &vs_command_report, &vs_command_merge,
    &vs_command_export, &vs_command_plot,    &vs_command_refine, &vs_command_palette,
    &vs_command_eval,   &vs_command_weights, &vs_command_bench,  &vs_command_schema};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static const vs_command *find_command(const char *name) {
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(commands[i]->name, name) == 0) return commands[i];
  return NULL;
}

static int refuse_command(const char *name) {
  const char *names[COMMAND_COUNT];
  for (size_t i = 0; i < COMMAND_COUNT; i++) names[i] = commands[i]->name;
  const char *nearest = vs_suggest(name, names, COMMAND_COUNT);
  const char *kind = name[0] == '-' ? "option" : "command";
  if (nearest != NULL)
    fprintf(stderr, "vggsweep: unknown %s \"%s\" (did you mean \"%s\"?)\n", kind, name, nearest);
  else
    fprintf(stderr, "vggsweep: unknown %s \"%s\"\n", kind, name);
  fprintf(stderr, "See `vggsweep --help`.\n");
  return VS_EXIT_USAGE;
}

static void print_usage(FILE *out) {
  fprintf(out, "Usage: vggsweep COMMAND ...\n"
               "Sweeps of VGG16 feature visualizations with style regularization.\n\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++) {
    const vs_command *command = commands[i];
    int used = fprintf(out, "  %s", command->name);
    for (size_t k = 0; k < VS_MAX_ARGUMENTS && command->arguments[k] != NULL; k++)
      used += fprintf(out, " %s", command->arguments[k]->name);
    fprintf(out, "%*s%s\n", 26 - used, "", command->purpose);
  }
  fprintf(out,
          "\n"
          "  help COMMAND            the options of a command\n"
          "  --version               version and commit\n\n"
          "Data goes to stdout, messages and progress to stderr. Exit codes: 0 ok, 1 failure,\n"
          "2 usage or bad sweep file, 3 some runs failed, 75 stopped early with everything\n"
          "saved (the same command goes on).\n");
}

static int help(int argc, char **argv) {
  if (argc < 2) {
    print_usage(stdout);
    return VS_EXIT_OK;
  }
  const vs_command *wanted = find_command(argv[1]);
  if (wanted == NULL) return refuse_command(argv[1]);
  char option[] = "--help";
  char *line[] = {argv[1], option, NULL};
  return wanted->run(2, line);
}

/* OpenMP's threads wait for one another by spinning, and take the time for it from whoever else has
 * work on their core: a neighbour, or a rank. Asleep they cost an idle machine nothing
 * (tests/bench/README.md). Its runtimes read how to wait once, before main, so the program starts
 * anew with that said, unless somebody has said something. If that fails, they spin. */
static void wait_asleep(char **argv) {
  static const char *const said[] = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"};
  for (size_t i = 0; i < sizeof said / sizeof *said; i++)
    if (getenv(said[i]) != NULL) return;
  char program[PATH_MAX]; /* by its own path, which ps, top and pkill take its name from */
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return;
  program[length] = '\0';
  if (setenv("OMP_WAIT_POLICY", "passive", 1) == 0) execv(program, argv);
}

/* A line without a command, or with one that is none. */
static int answer(int argc, char **argv) {
  if (argc < 2) {
    print_usage(stderr);
    return VS_EXIT_USAGE;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
    return help(argc - 1, argv + 1);
  if (strcmp(name, "--version") == 0) {
    printf("vggsweep %s (commit %s)\n", vs_version(), vs_version_commit());
    return VS_EXIT_OK;
  }
  return refuse_command(name);
}

static int dispatch(int argc, char **argv) {
  const vs_command *wanted = argc < 2 ? NULL : find_command(argv[1]);
  if (wanted != NULL) {
    if (wanted->has_threads) wait_asleep(argv);
    return wanted->run(argc - 1, argv + 1);
  }
  vs_command_silence_other_ranks(); /* under mpirun all have the same to say */
  const int code = answer(argc, argv);
  if (code != VS_EXIT_OK) vs_comm_leave_together();
  return code;
}

static void log_to_stderr(vs_log_level level, const char *line) {
  fprintf(stderr, "vggsweep: %s%s\n", level == VS_LOG_WARNING ? "warning: " : "", line);
}

/* A program started with closed standard descriptors would get them for its files, and write its
 * messages into its results. /dev/null takes their places, so that writing to stdout still fails.
 */
static void occupy_standard_descriptors(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++)
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
      (void)open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
}

/* Whether stdout is a pipe whose reader has gone, as behind `| head`. */
static bool reader_has_gone(void) {
  struct pollfd state = {.fd = STDOUT_FILENO};
  return poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
}

/* The exit code once what was printed is on its way: 1 in place of 0 if it did not arrive. */
static int finish_stdout(int code) {
  errno = 0;
  bool flushed = fflush(stdout) == 0;
  int problem = errno;
  if ((flushed && !ferror(stdout)) || reader_has_gone()) return code;
  fprintf(stderr, "vggsweep: stdout: cannot write all of it%s%s\n", problem != 0 ? ": " : "",
          problem != 0 ? strerror(problem) : "");
  return code == VS_EXIT_OK ? VS_EXIT_FAILURE : code;
}

int main(int argc, char **argv) {
  occupy_standard_descriptors();
  /* Writing into a closed pipe or beyond a size limit then fails, and is reported as what it is. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  vs_log_set_sink(log_to_stderr);
  return finish_stdout(dispatch(argc, argv));
}
