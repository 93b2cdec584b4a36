/* How ranks wait: asleep. */
#include <time.h>

#include "mpi/comm.h"

/* 2 ms at most: polling 500 times a second costs nothing, and no run is shorter by much. */
#define REST_FIRST_NS  10000L
#define REST_DOUBLINGS 8

void vs_comm_rest(int *rounds) {
  int doublings = *rounds < REST_DOUBLINGS ? *rounds : REST_DOUBLINGS;
  struct timespec pause = {.tv_sec = 0, .tv_nsec = REST_FIRST_NS << doublings};
  nanosleep(&pause, NULL); /* a signal ends it early, which is welcome */
  if (*rounds < REST_DOUBLINGS) (*rounds)++;
}
