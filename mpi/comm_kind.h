/* comm_kind.h - the two kinds of a vs_comm: a rank of an MPI job (comm_mpi.c), and a program alone
 * (comm_serial.c), which starts nothing. For comm.c and these two only; everybody else sees comm.h.
 */
#ifndef VS_MPI_COMM_KIND_H
#define VS_MPI_COMM_KIND_H

#include "mpi/comm.h"

/* What a kind does for the functions of comm.h that are named alike. */
typedef struct vs_comm_kind {
  void (*close)(vs_comm *comm); /* frees it too */
  vs_status (*agree)(vs_comm *comm, vs_status status);
  void (*broadcast)(vs_comm *comm, void *data, size_t size);
  void (*gather)(vs_comm *comm, const void *mine, size_t size, void *all);
  void (*send)(vs_comm *comm, int to, const void *data, size_t size);
  bool (*receive)(vs_comm *comm, void *data, size_t size, int *from);
} vs_comm_kind;

/* Each kind's own struct begins with this one. */
struct vs_comm {
  const vs_comm_kind *kind;
  int rank, size;
  char host[VS_COMM_HOST];
};

vs_status vs_comm_serial_open(vs_comm **out); /* VS_ERR_MEMORY */
vs_status vs_comm_mpi_open(vs_comm **out);    /* starts MPI; VS_ERR_MEMORY */

#endif
