/* command_run.c - `run`: computes a sweep, alone or under mpirun. The work is sweep_job.c's; here
 * are its options, the job of ranks, and the exit code that all of them end with. */
#include "cli/common_options.h"
#include "core/base/log.h"
#include "mpi/signals.h"
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

/* The options as they stand on the line. false: it is over, with *code. */
static bool parse(int argc, char **argv, vs_sweep_job_options *job, vs_texts *overrides,
                  int *code) {
  int family = VS_FAMILY_UNKNOWN;
  const vs_option options[] = {
      vs_option_default(vs_option_text("out", "DIR", "folder of the results", &job->folder),
                        "results/<name>"),
      vs_option_default(vs_common_option_weights(&job->weights), "the sweep's"),
      vs_option_default(vs_common_option_family(&family), "the sweep's"),
      vs_common_option_set(overrides),
      vs_common_option_threads(&job->threads),
      vs_option_flag("retry-failed", "do runs again that failed or diverged", &job->retry_failed)};
  const vs_command_line line = {&vs_command_run, {&job->sweep_path}, options, VS_COUNT(options)};
  if (!vs_options_parse(&line, argc, argv, code)) return false;
  job->family = (vs_family)family;
  job->overrides = overrides->items;
  job->override_count = overrides->count;
  return true;
}

/* The exit code of every rank, once rank 0 has said what went wrong: before the job is left, which
 * a launcher ends with its first process that fails. */
static int conclude(vs_status status, const vs_sweep_job_result *result, bool leads) {
  if (status != VS_OK) return leads ? vs_command_fail(status) : (int)vs_command_exit(status);
  if (result->left > 0) return VS_EXIT_STOPPED;
  const bool some_failed = result->stored[VS_RUN_FAILED] + result->stored[VS_RUN_DIVERGED] > 0;
  return some_failed ? VS_EXIT_SOME_FAILED : VS_EXIT_OK;
}

static int compute(const vs_sweep_job_options *options) {
  vs_comm *comm;
  vs_signals_install(); /* first: a short job may be warned while MPI is still starting */
  vs_status status = vs_comm_open(&comm);
  if (status == VS_ERR_USAGE) vs_command_silence_other_ranks(); /* what all did, one says */
  if (status != VS_OK) return vs_command_fail(status);
  const bool leads = vs_comm_rank(comm) == 0;
  if (!leads) vs_log_set_sink(NULL); /* one rank speaks for all */
  vs_sweep_job_result result;
  status = vs_sweep_job(comm, options, &result);
  const int code = conclude(status, &result, leads);
  vs_comm_close(comm);
  return code;
}

static int run(int argc, char **argv) {
  vs_texts overrides = {.count = 0};
  vs_sweep_job_options job = {.threads = 1};
  int code;
  return parse(argc, argv, &job, &overrides, &code) ? compute(&job) : code;
}

const vs_command vs_command_run = {
    .name = "run",
    .purpose = "Computes a sweep, or what is left of it; under mpirun on many ranks",
    .notes = notes,
    .arguments = {&vs_command_sweep_argument},
    .has_threads = true,
    .run = run};
