/* cores.c - the affinity mask of the calling thread, counted. */
#include "core/base/cores.h"

#include <sched.h>
#include <stddef.h>
#include <unistd.h>

static int online_cores(void) {
  const long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count < 1 ? 1 : (int)count;
}

int vs_cores_usable(void) {
  int count = 0;
  /* The kernel refuses a mask that is shorter than its own, and does not say how long that is. */
  for (int processors = 1024; count == 0 && processors <= 1 << 20; processors *= 4) {
    cpu_set_t *mask = CPU_ALLOC((size_t)processors);
    if (mask == NULL) break;
    const size_t size = CPU_ALLOC_SIZE((size_t)processors);
    if (sched_getaffinity(0, size, mask) == 0) count = CPU_COUNT_S(size, mask);
    CPU_FREE(mask);
  }
  return count > 0 ? count : online_cores();
}
