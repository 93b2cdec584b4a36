/* cores.h - how many processors this process may run on: fewer than the machine has where mpirun, a
 * batch system, a container or taskset has bound it. */
#ifndef VS_CORE_BASE_CORES_H
#define VS_CORE_BASE_CORES_H

/* Of the calling thread's affinity mask, at least 1; all that are online if it is not known. */
int vs_cores_usable(void);

#endif
