/* One job over a sweep: every step that all ranks take together, and what rank 0 alone does. */
#include "mpi/sweep_job.h"

#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/cores.h"
#include "core/base/file.h"
#include "core/base/log.h"
#include "core/tensor/blas.h"
#include "mpi/coordinator.h"
#include "mpi/worker.h"
#include "sweeps/spec/cost.h"

typedef struct sweep_job {
  const vs_sweep_job_options *options;
  vs_comm *comm;
  bool leads; /* this is rank 0 */
  vs_sweep *sweep;
  vs_weights weights;
  char folder[PATH_MAX];
  vs_store *store;
  vs_workplace place;

  /* rank 0 alone */
  vs_stored stored; /* when the job begins */
  size_t task_count;
  double cost; /* of all tasks */
  vs_scheduler *scheduler;
  vs_progress *progress;
  vs_coordinator *coordinator;
} sweep_job;

/* --- before the runs -------------------------------------------------------------------------- */

/* Only rank 0 need see the file: the text goes to all. */
static vs_status read_sweep(sweep_job *job) {
  const vs_sweep_job_options *options = job->options;
  char *text = NULL;
  size_t size = 0;
  vs_status status = VS_OK;
  if (job->leads) status = vs_file_read(options->sweep_path, VS_SWEEP_MAX_BYTES, &text, &size);
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) goto done;
  vs_comm_broadcast(job->comm, &size, sizeof size);
  if (!job->leads) text = calloc(size + 1, 1);
  if (text == NULL) status = vs_fail(VS_ERR_MEMORY, "no memory for %zu bytes of a sweep", size);
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) goto done;
  vs_comm_broadcast(job->comm, text, size);
  status = vs_sweep_parse(&job->sweep, text, size, options->sweep_path, options->overrides,
                          options->override_count);
  status = vs_comm_agree(job->comm, status);
done:
  free(text);
  return status;
}

static vs_status load_weights(sweep_job *job) {
  const vs_sweep_job_options *options = job->options;
  vs_status status =
      vs_sweep_load_weights(job->sweep, options->weights, options->family, &job->weights);
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) return status;

  char first[VS_SHA256_HEX];
  memcpy(first, job->weights.digest, sizeof first);
  vs_comm_broadcast(job->comm, first, sizeof first);
  if (strcmp(first, job->weights.digest) != 0)
    status = vs_fail(VS_ERR_IO,
                     "%s: not the weights of rank 0 (digest %s here, %s there); give all nodes the "
                     "same file",
                     options->weights != NULL ? options->weights : vs_sweep_weights(job->sweep),
                     job->weights.digest, first);
  return vs_comm_agree(job->comm, status);
}

/* Runs of a folder that is gone on with are called as they were: rank 0 looks how. */
static vs_status bind_sweep(sweep_job *job) {
  vs_canonical_naming naming = VS_CANONICAL_BY_DIGEST;
  vs_status status = vs_blas_init();
  if (status == VS_OK)
    status =
        vs_sweep_name_folder(job->sweep, job->options->folder, job->folder, sizeof job->folder);
  if (status == VS_OK && job->leads) status = vs_store_naming(job->folder, &naming);
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) return status;
  vs_comm_broadcast(job->comm, &naming, sizeof naming);
  status = vs_identity_bind(job->sweep, &job->weights, naming);
  return vs_comm_agree(job->comm, status);
}

static vs_status open_folder(sweep_job *job) {
  vs_status status = VS_OK;
  if (job->leads) status = vs_store_create(&job->store, job->folder, job->sweep, &job->weights);
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) return status;
  if (!job->leads) status = vs_store_join(&job->store, job->folder, job->sweep, &job->weights);
  job->place = (vs_workplace){.sweep = job->sweep,
                              .weights = &job->weights,
                              .store = job->store,
                              .rank = vs_comm_rank(job->comm),
                              .threads = job->options->threads};
  return vs_comm_agree(job->comm, status);
}

/* Fills `tasks` with the runs that are not stored. */
static void list_tasks(sweep_job *job, vs_task *tasks) {
  for (size_t i = 0; i < vs_sweep_count(job->sweep); i++) {
    if (job->stored.holds[i]) continue;
    vs_sweep_run run;
    vs_sweep_get(job->sweep, i, &run);
    double cost = vs_cost_of_run(&run.spec, job->options->threads).macs;
    const bool waits = vs_stored_waits(&job->stored, job->sweep, i);
    tasks[job->task_count++] =
        (vs_task){.index = i,
                  .cost = cost,
                  .after = waits ? vs_sweep_baseline(job->sweep, i) : VS_TASK_READY};
    job->cost += cost;
  }
}

static vs_status schedule(sweep_job *job) {
  size_t count = vs_sweep_count(job->sweep);
  vs_task *tasks = calloc(count, sizeof *tasks);
  if (tasks == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for a list of %zu runs", count);
  vs_status status =
      vs_stored_find(&job->stored, job->folder, job->sweep, job->options->retry_failed);
  if (status == VS_OK) {
    list_tasks(job, tasks);
    status = vs_scheduler_new(&job->scheduler, tasks, job->task_count, vs_comm_size(job->comm));
  }
  free(tasks);
  return status;
}

static vs_status follow_progress(sweep_job *job, const char (*hosts)[VS_COMM_HOST]) {
  int ranks = vs_comm_size(job->comm);
  vs_progress_setup setup = {.folder = job->folder,
                             .out = stderr,
                             .columns = vs_progress_terminal_columns(),
                             .planned = vs_sweep_count(job->sweep),
                             .cost_left = job->cost,
                             .ranks = ranks,
                             .workers = vs_coordinator_workers(ranks),
                             .hosts = hosts};
  memcpy(setup.stored, job->stored.by_outcome, sizeof setup.stored);
  return vs_progress_new(&job->progress, &setup, vs_clock_unix_seconds());
}

/* Threads that share a core are slower than one alone. `cores` are those of each rank. */
static void warn_of_cores(int threads, const int *cores, size_t ranks) {
  int fewest = INT_MAX;
  for (size_t i = 0; i < ranks; i++)
    if (cores[i] < fewest) fewest = cores[i];
  if (fewest >= threads) return;
  char words[VS_COMM_ADVICE];
  vs_log(VS_LOG_WARNING, "--threads %d, but %s may use %d core%s: %s", threads,
         ranks > 1 ? "a rank" : "this process", fewest, fewest == 1 ? "" : "s",
         vs_comm_advise_cores(threads, words));
}

/* Rank 0 makes everything ready that handing out runs needs. */
static vs_status prepare(sweep_job *job) {
  size_t ranks = (size_t)vs_comm_size(job->comm);
  char(*hosts)[VS_COMM_HOST] = NULL;
  int *cores = NULL; /* that each rank may use */
  vs_status status = VS_OK;
  if (job->leads) {
    hosts = calloc(ranks, sizeof *hosts);
    cores = calloc(ranks, sizeof *cores);
    if (hosts == NULL || cores == NULL)
      status = vs_fail(VS_ERR_MEMORY, "no memory to follow %zu ranks", ranks);
  }
  status = vs_comm_agree(job->comm, status);
  if (status != VS_OK) goto done;
  vs_comm_gather(job->comm, vs_comm_host(job->comm), VS_COMM_HOST, hosts);
  const int usable = vs_cores_usable();
  vs_comm_gather(job->comm, &usable, sizeof usable, cores);
  if (job->leads) {
    assert(cores != NULL);
    warn_of_cores(job->options->threads, cores, ranks);
    status = schedule(job);
    if (status == VS_OK) status = follow_progress(job, (const char(*)[VS_COMM_HOST])hosts);
    if (status == VS_OK)
      status = vs_coordinator_new(&job->coordinator, job->comm, &job->place, job->scheduler,
                                  job->progress, job->stored.baselines);
  }
  status = vs_comm_agree(job->comm, status);
done:
  free(cores);
  free(hosts);
  return status;
}

/* --- the runs, and after ---------------------------------------------------------------------- */

static void announce(const sweep_job *job) {
  size_t planned = vs_sweep_count(job->sweep), stored = planned - job->task_count;
  vs_sweep_warn(job->sweep);
  if (job->weights.attribution != NULL)
    vs_progress_say(job->progress, "weights: %s", job->weights.attribution);
  if (job->task_count == 0)
    vs_progress_say(job->progress, "%s: all %zu runs are stored already in %s",
                    vs_sweep_name(job->sweep), planned, job->folder);
  else
    vs_progress_say(job->progress, "%s: %zu runs into %s, %zu stored, %zu to do on %d rank%s",
                    vs_sweep_name(job->sweep), planned, job->folder, stored, job->task_count,
                    vs_comm_size(job->comm), vs_comm_size(job->comm) == 1 ? "" : "s");
}

static vs_status compute(sweep_job *job) {
  vs_status status =
      job->leads ? vs_coordinator_run(job->coordinator) : vs_worker_run(job->comm, &job->place);
  return vs_comm_agree(job->comm, status);
}

/* What rank 0 says at the end. */
static void sum_up(const sweep_job *job, const vs_sweep_job_result *result) {
  size_t failed = result->stored[VS_RUN_FAILED], diverged = result->stored[VS_RUN_DIVERGED];
  size_t done = result->stored[VS_RUN_DONE], through = done + failed + diverged;
  if (through < result->planned)
    vs_progress_say(job->progress,
                    "stopped with %zu of %zu runs stored in %s; the same command goes on", through,
                    result->planned, job->folder);
  else
    vs_progress_say(job->progress, "%zu runs: %zu done, %zu failed, %zu diverged%s",
                    result->planned, done, failed, diverged,
                    failed + diverged > 0 ? "; --retry-failed does those again" : "");
}

static vs_status conclude(sweep_job *job, vs_sweep_job_result *result) {
  vs_progress_figures figures = vs_progress_get_figures(job->progress, vs_clock_unix_seconds());
  *result =
      (vs_sweep_job_result){.planned = figures.planned, .left = figures.left + figures.running};
  memcpy(result->stored, figures.stored, sizeof result->stored);
  sum_up(job, result);
  if (result->left > 0) return VS_OK;
  vs_status status = vs_store_merge(job->folder);
  if (status == VS_OK) printf("%s/sweep.h5\n", job->folder);
  return status;
}

/* The lock goes first: merging takes it for itself. */
static vs_status finish(sweep_job *job, vs_sweep_job_result *result) {
  vs_store_close(job->store);
  job->store = NULL;
  vs_status status = vs_comm_agree(job->comm, VS_OK); /* all ranks have let go of their segments */
  if (status == VS_OK && job->leads) status = conclude(job, result);
  status = vs_comm_agree(job->comm, status);
  if (status == VS_OK) vs_comm_broadcast(job->comm, result, sizeof *result);
  return status;
}

static vs_status run_job(sweep_job *job, vs_sweep_job_result *result) {
  vs_status status = read_sweep(job);
  if (status == VS_OK) status = load_weights(job);
  if (status == VS_OK) status = bind_sweep(job);
  if (status == VS_OK) status = open_folder(job);
  if (status == VS_OK) status = prepare(job);
  if (status != VS_OK) return status;
  if (job->leads) announce(job);
  status = compute(job);
  if (job->leads) {
    size_t left = vs_scheduler_count(job->scheduler).waiting;
    vs_progress_end(job->progress, left > 0 ? VS_PROGRESS_STOPPED : VS_PROGRESS_FINISHED,
                    vs_clock_unix_seconds());
  }
  return status == VS_OK ? finish(job, result) : status;
}

static void clear(sweep_job *job) {
  vs_coordinator_free(job->coordinator);
  vs_progress_free(job->progress);
  vs_scheduler_free(job->scheduler);
  vs_store_close(job->store);
  vs_stored_clear(&job->stored);
  vs_weights_clear(&job->weights);
  vs_sweep_free(job->sweep);
}

vs_status vs_sweep_job(vs_comm *comm, const vs_sweep_job_options *options,
                       vs_sweep_job_result *result) {
  *result = (vs_sweep_job_result){0};
  sweep_job job = {.options = options, .comm = comm, .leads = vs_comm_rank(comm) == 0};
  vs_status status = run_job(&job, result);
  clear(&job);
  return status;
}
