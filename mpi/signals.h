/* signals.h - being asked to stop, by a person at a terminal, a batch system or mpirun.
 *
 *   SIGINT, SIGTERM, SIGHUP
 *                       stop now: runs in progress are abandoned and done again by the next job
 *   SIGUSR1, SIGUSR2    drain: running runs are finished, none is begun (Slurm's --signal=USR1@300)
 *
 * The handlers only raise a flag, the one global of the program that is not a log sink; it is
 * checked between iterations. SIGINT is caught once: a second one kills. Writing beyond a file
 * size limit becomes an error like a full disk, where it would be a silent death (SIGXFSZ). */
#ifndef VS_MPI_SIGNALS_H
#define VS_MPI_SIGNALS_H

/* How urgently to stop; the larger one wins. Part of the protocol between ranks (protocol.h). */
typedef enum vs_stop { VS_STOP_NONE, VS_STOP_DRAIN, VS_STOP_NOW } vs_stop;

/* Installs the handlers for the rest of the program. */
void vs_signals_install(void);

/* The most urgent stop asked of this process so far. */
vs_stop vs_signals_stop(void);

#endif
