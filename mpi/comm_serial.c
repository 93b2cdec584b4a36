/* A job of one rank, without MPI. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mpi/comm.h"

struct vs_comm {
  char host[VS_COMM_HOST];
};

/* How many processes a launcher has started beside this one, and this one: mpirun of Open MPI, that
 * of MPICH or srun --mpi=pmi2, and srun; the innermost first. What Slurm says of a whole job
 * (SLURM_NTASKS) does not count: the shell of a batch script is one process of many tasks to come.
 */
static long count_launched(void) {
  const char *const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
    const char *size = getenv(variables[i]);
    if (size != NULL) return strtol(size, NULL, 10);
  }
  return 1;
}

vs_status vs_comm_open(vs_comm **out) {
  *out = NULL;
  if (count_launched() > 1)
    return vs_fail(VS_ERR_USAGE,
                   "built without MPI: run it without mpirun, or build with -DVGGSWEEP_MPI=ON");
  vs_comm *comm = calloc(1, sizeof *comm);
  *out = comm;
  if (comm == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to start a job");
  if (gethostname(comm->host, sizeof comm->host - 1) != 0) strcpy(comm->host, "localhost");
  return VS_OK;
}

void vs_comm_close(vs_comm *comm) {
  free(comm);
}

int vs_comm_rank(const vs_comm *comm) {
  (void)comm;
  return 0;
}

int vs_comm_size(const vs_comm *comm) {
  (void)comm;
  return 1;
}

const char *vs_comm_host(const vs_comm *comm) {
  return comm->host;
}

vs_status vs_comm_agree(vs_comm *comm, vs_status status) {
  (void)comm;
  return status;
}

void vs_comm_broadcast(vs_comm *comm, void *data, size_t size) {
  (void)comm;
  (void)data;
  (void)size;
}

void vs_comm_gather(vs_comm *comm, const void *mine, size_t size, void *all) {
  (void)comm;
  memcpy(all, mine, size);
}

void vs_comm_send(vs_comm *comm, int to, const void *data, size_t size) {
  (void)comm;
  (void)to;
  (void)data;
  (void)size;
  assert(false && "one rank has nobody to write to");
}

bool vs_comm_receive(vs_comm *comm, void *data, size_t size, int *from) {
  (void)comm;
  (void)data;
  (void)size;
  (void)from;
  return false;
}
