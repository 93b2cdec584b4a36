/* A process alone: a job of one rank, without MPI. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mpi/comm_kind.h"

static void close_alone(vs_comm *comm) {
  free(comm);
}

static vs_status agree_alone(vs_comm *comm, vs_status status) {
  (void)comm;
  return status;
}

static void broadcast_alone(vs_comm *comm, void *data, size_t size) {
  (void)comm;
  (void)data;
  (void)size;
}

static void gather_alone(vs_comm *comm, const void *mine, size_t size, void *all) {
  (void)comm;
  memcpy(all, mine, size);
}

static void send_alone(vs_comm *comm, int to, const void *data, size_t size) {
  (void)comm;
  (void)to;
  (void)data;
  (void)size;
  assert(false && "one rank has nobody to write to");
}

static bool receive_alone(vs_comm *comm, void *data, size_t size, int *from) {
  (void)comm;
  (void)data;
  (void)size;
  (void)from;
  return false;
}

static const vs_comm_kind alone = {.close = close_alone,
                                   .agree = agree_alone,
                                   .broadcast = broadcast_alone,
                                   .gather = gather_alone,
                                   .send = send_alone,
                                   .receive = receive_alone};

vs_status vs_comm_serial_open(vs_comm **out) {
  vs_comm *comm = calloc(1, sizeof *comm);
  *out = comm;
  if (comm == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to start a job");
  comm->kind = &alone;
  comm->size = 1;
  if (gethostname(comm->host, sizeof comm->host - 1) != 0) strcpy(comm->host, "localhost");
  return VS_OK;
}
