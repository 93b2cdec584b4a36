/* The flag that signals raise. */
#include "mpi/signals.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_flag = VS_STOP_NONE;

static void raise_flag(int signal_number) {
  int asked = signal_number == SIGUSR1 || signal_number == SIGUSR2 ? VS_STOP_DRAIN : VS_STOP_NOW;
  if (asked > stop_flag) stop_flag = asked;
}

static void install(int signal_number, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, NULL);
}

void vs_signals_install(void) {
  /* SA_RESTART: a file being written by HDF5 is not to fail because somebody asked to stop. */
  install(SIGINT, raise_flag, SA_RESTART | (int)SA_RESETHAND);
  install(SIGTERM, raise_flag, SA_RESTART); /* mpirun and srun may send it more than once */
  struct sigaction hangup;                  /* ignored already under nohup: then it stays so */
  if (sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler != SIG_IGN)
    install(SIGHUP, raise_flag, SA_RESTART);
  install(SIGUSR1, raise_flag, SA_RESTART);
  install(SIGUSR2, raise_flag, SA_RESTART);
  install(SIGXFSZ, SIG_IGN, 0);
}

vs_stop vs_signals_stop(void) {
  return (vs_stop)stop_flag;
}
