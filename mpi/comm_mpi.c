/* comm.h over MPI. Collective calls are the non-blocking ones, so that waiting can sleep: a
 * blocking MPI_Allreduce keeps a core busy for as long as the slowest rank loads its weights. */
#include <mpi.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mpi/comm.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

/* clang's checker takes MPI_Wait alone for waiting; we wait with MPI_Test. */
// NOLINTBEGIN(clang-analyzer-optin.mpi.MPI-Checker)

#define MESSAGE_TAG 1
#define MAX_PIECE   ((size_t)1 << 28) /* bytes of one broadcast: MPI counts in int */

/* A message on its way. MPI reads `data` until `request` is complete. */
typedef struct outgoing {
  struct outgoing *next;
  MPI_Request request;
  unsigned char data[VS_COMM_MAX_MESSAGE];
} outgoing;

struct vs_comm {
  MPI_Comm world; /* our own copy: nobody else in this program can take our messages */
  int rank, size;
  char host[VS_COMM_HOST];
  outgoing *sent; /* not complete yet; owned */
};

/* In a build with AddressSanitizer: Open MPI loses memory when it starts, in a thread of PMIx, and
 * when it ends. The first is not looked at, the second known by its library, and leaks are looked
 * for before the third, where otherwise the end of the program is the time. */
#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void);  // NOLINT(bugprone-reserved-identifier)
const char *__lsan_default_suppressions(void) { // NOLINT(bugprone-reserved-identifier)
  return "leak:libpmix\n";
}
#endif

static void ignore_leaks(bool on) {
#ifdef __SANITIZE_ADDRESS__
  if (on)
    __lsan_disable();
  else
    __lsan_enable();
#else
  (void)on;
#endif
}

static void look_for_leaks(void) {
#ifdef __SANITIZE_ADDRESS__
  __lsan_do_leak_check();
#endif
}

vs_status vs_comm_open(vs_comm **out) {
  *out = NULL;
  vs_comm *comm = calloc(1, sizeof *comm);
  if (comm == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to start a job");
  int provided;
  ignore_leaks(true);
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided); /* OpenMP threads never call MPI */
  MPI_Comm_dup(MPI_COMM_WORLD, &comm->world);
  ignore_leaks(false);
  MPI_Comm_rank(comm->world, &comm->rank);
  MPI_Comm_size(comm->world, &comm->size);
  char name[MPI_MAX_PROCESSOR_NAME];
  int length;
  MPI_Get_processor_name(name, &length);
  snprintf(comm->host, sizeof comm->host, "%.*s", length, name);
  *out = comm;
  return VS_OK;
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

/* MPI_Wait, asleep. */
static void wait_for(MPI_Request *request) {
  int complete = 0;
  for (int rounds = 0; !complete;) {
    MPI_Test(request, &complete, MPI_STATUS_IGNORE);
    if (!complete) vs_comm_rest(&rounds);
  }
}

void vs_comm_close(vs_comm *comm) {
  if (comm == NULL) return;
  while (comm->sent != NULL) {
    outgoing *first = comm->sent;
    wait_for(&first->request);
    comm->sent = first->next;
    free(first);
  }
  look_for_leaks();
  MPI_Request request;
  MPI_Ibarrier(comm->world, &request); /* MPI_Finalize waits for all too, but awake */
  wait_for(&request);
  MPI_Comm_free(&comm->world);
  MPI_Finalize();
  free(comm);
}

/* What the lowest rank that failed tells the others. */
typedef struct verdict {
  vs_status status;
  char host[VS_COMM_HOST];
  char message[16384];
} verdict;

vs_status vs_comm_agree(vs_comm *comm, vs_status status) {
  int mine = status == VS_OK ? comm->size : comm->rank, lowest = 0;
  MPI_Request request;
  MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, comm->world, &request);
  wait_for(&request);
  if (lowest == comm->size) return VS_OK;

  verdict said = {.status = status};
  if (lowest == comm->rank) {
    memcpy(said.host, comm->host, sizeof said.host);
    snprintf(said.message, sizeof said.message, "%s", vs_fail_message());
  }
  MPI_Ibcast(&said, (int)sizeof said, MPI_BYTE, lowest, comm->world, &request);
  wait_for(&request);
  if (comm->size == 1 || (lowest == 0 && said.status == VS_ERR_USAGE))
    return vs_fail(said.status, "%s", said.message);
  return vs_fail(said.status, "rank %d on %s: %s", lowest, said.host, said.message);
}

void vs_comm_broadcast(vs_comm *comm, void *data, size_t size) {
  unsigned char *bytes = data;
  for (size_t at = 0; at < size; at += MAX_PIECE) {
    size_t piece = size - at < MAX_PIECE ? size - at : MAX_PIECE;
    MPI_Request request;
    MPI_Ibcast(bytes + at, (int)piece, MPI_BYTE, 0, comm->world, &request);
    wait_for(&request);
  }
}

void vs_comm_gather(vs_comm *comm, const void *mine, size_t size, void *all) {
  assert(size <= VS_COMM_MAX_MESSAGE);
  MPI_Request request;
  MPI_Igather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, comm->world, &request);
  wait_for(&request);
}

/* Frees what has left. The list is short: a rank has a handful of messages on their way. */
static void forget_completed(vs_comm *comm) {
  for (outgoing **link = &comm->sent; *link != NULL;) {
    int complete = 0;
    MPI_Test(&(*link)->request, &complete, MPI_STATUS_IGNORE);
    if (complete) {
      outgoing *gone = *link;
      *link = gone->next;
      free(gone);
    } else {
      link = &(*link)->next;
    }
  }
}

void vs_comm_send(vs_comm *comm, int to, const void *data, size_t size) {
  assert(size <= VS_COMM_MAX_MESSAGE && to >= 0 && to < comm->size && to != comm->rank);
  forget_completed(comm);
  outgoing *message = malloc(sizeof *message);
  if (message == NULL) { /* half a kilobyte: there is no going on, and no reply without it */
    fprintf(stderr, "vggsweep: rank %d on %s: no memory for a message\n", comm->rank, comm->host);
    MPI_Abort(comm->world, 1);
    abort();
  }
  memcpy(message->data, data, size);
  MPI_Isend(message->data, (int)size, MPI_BYTE, to, MESSAGE_TAG, comm->world, &message->request);
  message->next = comm->sent;
  comm->sent = message;
}

bool vs_comm_receive(vs_comm *comm, void *data, size_t size, int *from) {
  assert(size <= VS_COMM_MAX_MESSAGE);
  forget_completed(comm);
  int arrived = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, MESSAGE_TAG, comm->world, &arrived, &status);
  if (!arrived) return false;
  *from = status.MPI_SOURCE;
  MPI_Recv(data, (int)size, MPI_BYTE, *from, MESSAGE_TAG, comm->world, MPI_STATUS_IGNORE);
  return true;
}

// NOLINTEND(clang-analyzer-optin.mpi.MPI-Checker)
