/* Which kind of job this process is in, told from what a launcher leaves in its environment; who
 * speaks before the job is joined. */
#include "mpi/comm.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mpi/comm_kind.h"

/* Ranks that start together are as far within a second; the message has been said long before. */
#define LEAVE_WITHIN_S 5
#define LET_SPEAK_S    1

/* --- the launcher ----------------------------------------------------------------------------- */

static const char *first_of(const char *const *variables, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const char *value = getenv(variables[i]);
    if (value != NULL) return value;
  }
  return NULL;
}

/* This process's rank if its launcher speaks with MPI: mpirun of Open MPI or srun --mpi=pmix, and
 * what speaks PMI alone, as mpirun of MPICH or srun --mpi=pmi2; the innermost first. */
static const char *find_mpi_rank(void) {
  static const char *const variables[] = {"PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK"};
  return first_of(variables, sizeof variables / sizeof *variables);
}

/* How many processes the launcher has started, this one among them; srun alone counts too. What
 * Slurm says of a whole job (SLURM_NTASKS) does not: the shell of a batch script is one process of
 * many tasks to come. */
static long count_launched(void) {
  static const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE",
                                          "SLURM_STEP_NUM_TASKS"};
  const char *count = first_of(variables, sizeof variables / sizeof *variables);
  return count != NULL ? strtol(count, NULL, 10) : 1;
}

bool vs_comm_speaks_first(void) {
  const char *rank = find_mpi_rank();
  if (rank == NULL) rank = getenv("SLURM_PROCID");
  return rank == NULL || strcmp(rank, "0") == 0;
}

/* --- joining ---------------------------------------------------------------------------------- */

/* Each of several processes that know nothing of one another would do the whole job. */
static vs_status refuse_unconnected(void) {
#ifdef VGGSWEEP_HAS_MPI
  return vs_fail(VS_ERR_USAGE,
                 "%ld processes were started, but none knows of the others: start them with the "
                 "mpirun of the MPI that vggsweep is built with, or with srun --mpi=pmix",
                 count_launched());
#else
  return vs_fail(VS_ERR_USAGE,
                 "built without MPI: run it without mpirun, or build with -DVGGSWEEP_MPI=ON");
#endif
}

/* Starting MPI takes a few tenths of a second, which a process alone does without. */
static vs_status open_kind(vs_comm **out) {
#ifdef VGGSWEEP_HAS_MPI
  if (find_mpi_rank() != NULL) return vs_comm_mpi_open(out);
#endif
  return vs_comm_serial_open(out);
}

vs_status vs_comm_open(vs_comm **out) {
  vs_status status = open_kind(out);
  if (status == VS_OK && (*out)->size == 1 && count_launched() > 1) {
    vs_comm_close(*out);
    *out = NULL;
    status = refuse_unconnected();
    if (!vs_comm_speaks_first()) sleep(LET_SPEAK_S); /* there is no other way to wait for it */
  }
  return status;
}

#ifdef VGGSWEEP_HAS_MPI
static void exit_usage(int signal_number) {
  (void)signal_number;
  _exit(2);
}
#endif

void vs_comm_leave_together(void) {
#ifdef VGGSWEEP_HAS_MPI
  if (find_mpi_rank() == NULL || count_launched() < 2) return;
  signal(SIGALRM, exit_usage); /* MPI's start waits for all, for ever */
  alarm(LEAVE_WITHIN_S);
  vs_comm *comm;
  if (vs_comm_mpi_open(&comm) != VS_OK) return;
  /* Of a job whose processes have different command lines, others may be about to begin. */
  vs_comm_agree(comm, vs_fail(VS_ERR_USAGE, "has refused its command line"));
  vs_comm_close(comm);
#endif
}

const char *vs_comm_advise_cores(int cores, char words[VS_COMM_ADVICE]) {
  if (getenv("OMPI_COMM_WORLD_RANK") != NULL)
    snprintf(words, VS_COMM_ADVICE, "pass --map-by slot:PE=%d to mpirun, or --bind-to none", cores);
  else if (getenv("SLURM_STEP_ID") != NULL)
    snprintf(words, VS_COMM_ADVICE, "pass --cpus-per-task=%d to srun", cores);
  else if (find_mpi_rank() != NULL)
    return "tell mpirun to bind it to more, or to none";
  else
    return "taskset, a container or a batch system allows no more";
  return words;
}

/* --- a job ------------------------------------------------------------------------------------ */

void vs_comm_close(vs_comm *comm) {
  if (comm != NULL) comm->kind->close(comm);
}

int vs_comm_rank(const vs_comm *comm) {
  return comm->rank;
}

int vs_comm_size(const vs_comm *comm) {
  return comm->size;
}

const char *vs_comm_host(const vs_comm *comm) {
  return comm->host;
}

vs_status vs_comm_agree(vs_comm *comm, vs_status status) {
  return comm->kind->agree(comm, status);
}

void vs_comm_broadcast(vs_comm *comm, void *data, size_t size) {
  comm->kind->broadcast(comm, data, size);
}

void vs_comm_gather(vs_comm *comm, const void *mine, size_t size, void *all) {
  assert(size <= VS_COMM_MAX_MESSAGE);
  comm->kind->gather(comm, mine, size, all);
}

void vs_comm_send(vs_comm *comm, int to, const void *data, size_t size) {
  assert(size <= VS_COMM_MAX_MESSAGE && to >= 0 && to < comm->size && to != comm->rank);
  comm->kind->send(comm, to, data, size);
}

bool vs_comm_receive(vs_comm *comm, void *data, size_t size, int *from) {
  assert(size <= VS_COMM_MAX_MESSAGE);
  return comm->kind->receive(comm, data, size, from);
}
