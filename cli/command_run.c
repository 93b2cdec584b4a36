/* `vggsweep run`: computes a sweep, alone or under mpirun. The work is sweep_job.c's. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"
#include "mpi/comm.h"
#include "mpi/sweep_job.h"

static const char notes[] =
    "Under mpirun or srun every rank computes, by default one thread each:\n"
    "  mpirun -n 8 vggsweep run sweep.yaml\n"
    "Run the same command again to go on after a stop, a crash or a kill; what is stored is not\n"
    "done twice. SIGINT and SIGTERM stop at the next iteration, SIGUSR1 and SIGUSR2 when the\n"
    "running runs are through.\n"
    "Exit code: 0 done, 3 some runs failed or diverged, 75 stopped early with everything saved,\n"
    "2 usage, 1 failure. On stdout: the path of the result file. After SIGINT or SIGTERM mpirun\n"
    "itself returns 1, and that of Open MPI 5 shows nothing of what its ranks say then: ask\n"
    "`vggsweep status`. SIGUSR1 it passes on, and returns 75.\n"
    "With --threads N, mpirun has to be told to give each rank N cores: --map-by slot:PE=N.\n";

/* All ranks read the same line, one says what is wrong with it: the others' stderr leads nowhere
 * for as long as parsing takes. Returns what restore_stderr needs, -1 if nothing was done. */
static int silence_stderr(void) {
  fflush(stderr);
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return -1;
  int saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (saved >= 0) dup2(nowhere, STDERR_FILENO);
  close(nowhere);
  return saved;
}

static void restore_stderr(int saved) {
  if (saved < 0) return;
  fflush(stderr);
  dup2(saved, STDERR_FILENO);
  close(saved);
}

/* The options as they stand on the line. false: it is over, with *code. */
static bool parse(int argc, char **argv, vs_sweep_job_options *job, vs_texts *overrides,
                  int *code) {
  int family = 0;
  const vs_argument arguments[] = {{"SWEEP.yaml", "the sweep file", &job->sweep_path}};
  const vs_option options[] = {
      vs_option_text("out", "DIR", "folder of the results [results/<name>]", &job->folder),
      vs_option_text("weights", "FILE", "weights instead of the sweep's", &job->weights),
      vs_option_choice("family", "how pictures are prepared for the weights [as the sweep says]",
                       &family, vs_command_families),
      vs_option_texts("set", "KEY=VALUE", "overrides a key of the sweep file; may be repeated",
                      overrides),
      vs_option_integer("threads", "N", "threads per rank [1]", &job->threads, 1, VS_MAX_THREADS),
      vs_option_flag("retry-failed", "do runs again that failed or diverged", &job->retry_failed)};
  const vs_command_line line = {"run",
                                "Computes every run of a sweep that is not stored yet",
                                notes,
                                arguments,
                                sizeof arguments / sizeof *arguments,
                                options,
                                sizeof options / sizeof *options};
  if (!vs_options_parse(&line, argc, argv, code)) return false;
  job->family = vs_command_family(family);
  job->overrides = overrides->items;
  job->override_count = overrides->count;
  return true;
}

int vs_command_run(int argc, char **argv) {
  vs_texts overrides = {.count = 0};
  vs_sweep_job_options job = {.family = VS_FAMILY_UNKNOWN, .threads = VS_DEFAULT_THREADS};
  int code = VS_EXIT_OK;
  int saved = vs_comm_speaks_first() ? -1 : silence_stderr();
  bool good = parse(argc, argv, &job, &overrides, &code);
  restore_stderr(saved);
  if (good) return (int)vs_sweep_job(&job);
  if (code != VS_EXIT_OK) vs_comm_leave_together();
  return code;
}
