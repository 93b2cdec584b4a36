/* How ranks wait, with and without MPI; and who speaks before it. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mpi/comm.h"

/* 2 ms at most: 500 looks a second cost nothing, and no run is shorter by much. */
#define REST_FIRST_NS  10000L
#define REST_DOUBLINGS 8

void vs_comm_rest(int *rounds) {
  int doublings = *rounds < REST_DOUBLINGS ? *rounds : REST_DOUBLINGS;
  struct timespec pause = {.tv_sec = 0, .tv_nsec = REST_FIRST_NS << doublings};
  nanosleep(&pause, NULL); /* a signal ends it early, which is welcome */
  if (*rounds < REST_DOUBLINGS) (*rounds)++;
}

bool vs_comm_speaks_first(void) {
  /* mpirun of Open MPI, srun --mpi=pmix, srun --mpi=pmi2, and srun alone; the innermost first. */
  const char *const variables[] = {"PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
    const char *rank = getenv(variables[i]);
    if (rank != NULL) return strcmp(rank, "0") == 0;
  }
  return true;
}
