/* comm.h - what we need of MPI, and the only place where it shows. A process that a launcher has
 * started joins the others (comm_mpi.c); one without a launcher, or built without MPI, is a job of
 * one rank, and starts no MPI (comm_serial.c).
 *
 * Nothing here spins. Waiting is polling, with a sleep that grows each time up to a few
 * milliseconds: runs take seconds to minutes, and ranks often share cores. Failures of MPI itself
 * end the job in MPI. Only the main thread calls. All ranks run the same binary on machines of one
 * kind, so structs travel as bytes. */
#ifndef VS_MPI_COMM_H
#define VS_MPI_COMM_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/status.h"

#define VS_COMM_HOST        64  /* a host's name, cut, with its zero */
#define VS_COMM_MAX_MESSAGE 512 /* bytes of a message between two ranks */

typedef struct vs_comm vs_comm;

/* Joins the job: starts MPI if there is a launcher, at most once in a program. Collective, as is
 * closing. VS_ERR_MEMORY; VS_ERR_USAGE where a launcher has started several processes that know
 * nothing of one another, as srun alone does, or mpirun where the program is built without MPI:
 * each would do the whole job. */
vs_status vs_comm_open(vs_comm **out);
void vs_comm_close(vs_comm *comm); /* fine on NULL */

int vs_comm_rank(const vs_comm *comm); /* 0 .. size-1 */
int vs_comm_size(const vs_comm *comm);
const char *vs_comm_host(const vs_comm *comm); /* of this rank */

/* True in exactly one process of a job, which is mostly rank 0, told from the launcher's
 * environment before anything is started: who is to say what is wrong with a command line that all
 * have. */
bool vs_comm_speaks_first(void);

/* For a process that refuses a command line that all of its job have, before vs_comm_open, and once
 * it has said why if it is the one to speak: waits until the others have come as far. A launcher
 * ends a job with the first process that fails, and what another was just saying is lost. Returns
 * at once without a launcher. If the others do not come, as they had another line, it ends the
 * program with code 2 after some seconds. */
void vs_comm_leave_together(void);

/* What to pass to this process's launcher to get so many cores for a rank, as words that follow a
 * colon. Static, or written to `words`. */
#define VS_COMM_ADVICE 128
const char *vs_comm_advise_cores(int cores, char words[VS_COMM_ADVICE]);

/* --- collective: every rank calls, in the same order ------------------------------------------ */

/* Gives all ranks one status: VS_OK if it is VS_OK on all, otherwise that of the lowest rank that
 * failed, whose message is then recorded everywhere (vs_status_message), with rank and host before
 * it unless the mistake is in what all were asked to do. To be called before anything collective
 * that cannot go on with a rank missing. */
vs_status vs_comm_agree(vs_comm *comm, vs_status status);

/* data (size bytes) on rank 0 to all. Any size; all give the same. */
void vs_comm_broadcast(vs_comm *comm, void *data, size_t size);

/* mine (size bytes) of every rank to all (rank count * size bytes, by rank) on rank 0; `all` is not
 * touched elsewhere. size is at most VS_COMM_MAX_MESSAGE. */
void vs_comm_gather(vs_comm *comm, const void *mine, size_t size, void *all);

/* --- between two ranks ------------------------------------------------------------------------ */

/* Sends a message of at most VS_COMM_MAX_MESSAGE bytes. Returns at once; data is copied. Messages
 * between two ranks arrive in the order they were sent. */
void vs_comm_send(vs_comm *comm, int to, const void *data, size_t size);

/* Takes a message of exactly `size` bytes if one has arrived. Returns at once. */
bool vs_comm_receive(vs_comm *comm, void *data, size_t size, int *from);

/* Sleeps, longer with every round in vain: start with *rounds = 0, and again after a success. */
void vs_comm_rest(int *rounds);

#endif
