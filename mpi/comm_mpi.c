/* A rank of an MPI job. Collective calls are the non-blocking ones, so that waiting can sleep: a
 * blocking MPI_Allreduce keeps a core busy for as long as the slowest rank loads its weights. */
#include <mpi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/sanitizer.h"
#include "mpi/comm_kind.h"

#ifdef VS_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

/* clang's checker takes MPI_Wait alone for waiting; we wait with MPI_Test. */
// NOLINTBEGIN(clang-analyzer-optin.mpi.MPI-Checker)

#define MESSAGE_TAG 1
#define MAX_PIECE   ((size_t)1 << 28) /* bytes of one broadcast: MPI counts in int */

/* Of Open MPI, whose environment means nothing to others. Its component for the ranks of a node has
 * had two names. */
#if defined OMPI_MAJOR_VERSION && OMPI_MAJOR_VERSION < 5
#define SHARED_MEMORY "vader"
#define HAS_LOOPBACK  true
#else
#define SHARED_MEMORY "sm"
#define HAS_LOOPBACK  false
#endif

/* A message on its way. MPI reads `data` until `request` is complete. */
typedef struct outgoing {
  struct outgoing *next;
  MPI_Request request;
  unsigned char data[VS_COMM_MAX_MESSAGE];
} outgoing;

typedef struct mpi_comm {
  vs_comm base;
  MPI_Comm world; /* our own copy: nobody else in this program can take our messages */
  outgoing *sent; /* not complete yet; owned */
} mpi_comm;

static mpi_comm *of(vs_comm *base) {
  return (mpi_comm *)base;
}

/* In a build with AddressSanitizer: Open MPI loses memory when it starts, in a thread of PMIx, and
 * when it ends. The first is ignored, the second known by its library, and leaks are checked
 * before the third, where otherwise the end of the program is the time. */
#ifdef VS_ADDRESS_SANITIZER
const char *__lsan_default_suppressions(void);  // NOLINT(bugprone-reserved-identifier)
const char *__lsan_default_suppressions(void) { // NOLINT(bugprone-reserved-identifier)
  return "leak:libpmix\n";
}
#endif

static void ignore_leaks(bool on) {
#ifdef VS_ADDRESS_SANITIZER
  if (on)
    __lsan_disable();
  else
    __lsan_enable();
#else
  (void)on;
#endif
}

static void look_for_leaks(void) {
#ifdef VS_ADDRESS_SANITIZER
  __lsan_do_leak_check();
#endif
}

/* MPI_Wait, asleep. */
static void wait_for(MPI_Request *request) {
  int complete = 0;
  for (int rounds = 0; !complete;) {
    MPI_Test(request, &complete, MPI_STATUS_IGNORE);
    if (!complete) vs_comm_rest(&rounds);
  }
}

static void close_ranks(vs_comm *base) {
  mpi_comm *comm = of(base);
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
typedef struct failure {
  vs_status status;
  char host[VS_COMM_HOST];
  char message[16384];
} failure;

static vs_status agree_ranks(vs_comm *base, vs_status status) {
  mpi_comm *comm = of(base);
  int mine = status == VS_OK ? base->size : base->rank, lowest = 0;
  MPI_Request request;
  MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, comm->world, &request);
  wait_for(&request);
  if (lowest == base->size) return VS_OK;

  failure said = {.status = status};
  if (lowest == base->rank) {
    memcpy(said.host, base->host, sizeof said.host);
    snprintf(said.message, sizeof said.message, "%s", vs_status_message());
  }
  MPI_Ibcast(&said, (int)sizeof said, MPI_BYTE, lowest, comm->world, &request);
  wait_for(&request);
  if (base->size == 1 || (lowest == 0 && said.status == VS_ERR_USAGE))
    return vs_fail(said.status, "%s", said.message);
  return vs_fail(said.status, "rank %d on %s: %s", lowest, said.host, said.message);
}

static void broadcast_ranks(vs_comm *base, void *data, size_t size) {
  mpi_comm *comm = of(base);
  unsigned char *bytes = data;
  for (size_t at = 0; at < size; at += MAX_PIECE) {
    size_t piece = size - at < MAX_PIECE ? size - at : MAX_PIECE;
    MPI_Request request;
    MPI_Ibcast(bytes + at, (int)piece, MPI_BYTE, 0, comm->world, &request);
    wait_for(&request);
  }
}

static void gather_ranks(vs_comm *base, const void *mine, size_t size, void *all) {
  mpi_comm *comm = of(base);
  MPI_Request request;
  MPI_Igather(mine, (int)size, MPI_BYTE, all, (int)size, MPI_BYTE, 0, comm->world, &request);
  wait_for(&request);
}

/* Frees what has left. The list is short: a rank has a handful of messages on their way. */
static void forget_completed(mpi_comm *comm) {
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

static void send_ranks(vs_comm *base, int to, const void *data, size_t size) {
  mpi_comm *comm = of(base);
  forget_completed(comm);
  outgoing *message = malloc(sizeof *message);
  if (message == NULL) { /* half a kilobyte: there is no going on, and no reply without it */
    fprintf(stderr, "vggsweep: rank %d on %s: no memory for a message\n", base->rank, base->host);
    MPI_Abort(comm->world, 1);
    abort();
  }
  memcpy(message->data, data, size);
  MPI_Isend(message->data, (int)size, MPI_BYTE, to, MESSAGE_TAG, comm->world, &message->request);
  message->next = comm->sent;
  comm->sent = message;
}

static bool receive_ranks(vs_comm *base, void *data, size_t size, int *from) {
  mpi_comm *comm = of(base);
  forget_completed(comm);
  int arrived = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, MESSAGE_TAG, comm->world, &arrived, &status);
  if (!arrived) return false;
  *from = status.MPI_SOURCE;
  MPI_Recv(data, (int)size, MPI_BYTE, *from, MESSAGE_TAG, comm->world, MPI_STATUS_IGNORE);
  return true;
}

static const vs_comm_kind ranks = {.close = close_ranks,
                                   .agree = agree_ranks,
                                   .broadcast = broadcast_ranks,
                                   .gather = gather_ranks,
                                   .send = send_ranks,
                                   .receive = receive_ranks};

/* Whether mpirun has started all ranks on this node. srun does not say so in these words. */
static bool is_on_one_node(void) {
  const char *all = getenv("OMPI_COMM_WORLD_SIZE"), *here = getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
  return all != NULL && here != NULL && strcmp(all, here) == 0;
}

static bool is_any_set(const char *const *variables, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (getenv(variables[i]) != NULL) return true;
  return false;
}

/* Open MPI 5 leaves the loopback interface out, and then says in every job of one node that it has
 * found no way to its neighbour. What a site says of interfaces, its mpirun has put here. */
static void add_loopback(void) {
  static const char *const interfaces[] = {"OMPI_MCA_btl_tcp_if_include",
                                           "OMPI_MCA_btl_tcp_if_exclude"};
  if (is_any_set(interfaces, sizeof interfaces / sizeof *interfaces)) return;
  setenv("OMPI_MCA_btl_tcp_if_include", "127.0.0.0/8", 0);
}

/* A job on one node needs no network. Open MPI tries all kinds of them, which takes 0.2 s and
 * more: only to load the libraries of Omni-Path and InfiniPath takes 0.1 s each, device or not.
 * Whoever has chosen components for this job gets what he has chosen. */
static void look_for_no_network(void) {
  static const char *const components[] = {"OMPI_MCA_pml", "OMPI_MCA_mtl", "OMPI_MCA_btl"};
  if (is_any_set(components, sizeof components / sizeof *components)) return;
  setenv("OMPI_MCA_pml", "ob1", 0);
  setenv("OMPI_MCA_btl", "self," SHARED_MEMORY ",tcp", 0); /* TCP: memory may not be shareable */
  if (!HAS_LOOPBACK) add_loopback();
}

vs_status vs_comm_mpi_open(vs_comm **out) {
  *out = NULL;
  mpi_comm *comm = calloc(1, sizeof *comm);
  if (comm == NULL) return vs_fail(VS_ERR_MEMORY, "no memory to start a job");
  comm->base.kind = &ranks;
  if (is_on_one_node()) look_for_no_network();
  int provided;
  ignore_leaks(true);
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided); /* OpenMP threads never call MPI */
  MPI_Comm_dup(MPI_COMM_WORLD, &comm->world);
  ignore_leaks(false);
  MPI_Comm_rank(comm->world, &comm->base.rank);
  MPI_Comm_size(comm->world, &comm->base.size);
  char name[MPI_MAX_PROCESSOR_NAME];
  int length;
  MPI_Get_processor_name(name, &length);
  snprintf(comm->base.host, sizeof comm->base.host, "%.*s", length, name);
  *out = &comm->base;
  return VS_OK;
}

// NOLINTEND(clang-analyzer-optin.mpi.MPI-Checker)
