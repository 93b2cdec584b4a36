#!/usr/bin/env bash
# A sweep under PBS (OpenPBS, PBS Pro, Torque), as many jobs as it takes:
#
#   qsub -l select=4:ncpus=16:mpiprocs=16 -l walltime=4:00:00 \
#        -v SWEEP=my.yaml,VGGSWEEP_MINUTES=235 pbs.sh
#
# PBS sends no early warning, so the job keeps its own time: VGGSWEEP_MINUTES (less than the
# walltime by what the longest run takes) after its start the ranks are asked to stop; they finish
# the runs they are at, save, and leave with code 75; then the script submits itself again and the
# next job goes on from there. A node that dies costs at most the runs in progress.
#
#PBS -N vggsweep
#PBS -l select=1:ncpus=16:mpiprocs=16
#PBS -l walltime=01:00:00
#PBS -j oe
#PBS -r y
set -euo pipefail
cd "${PBS_O_WORKDIR:-.}"

if [ -z "${SWEEP:-}" ]; then
  echo "usage: qsub -v SWEEP=my.yaml[,VGGSWEEP_MINUTES=N][,VGGSWEEP_SCRIPT=pbs.sh] pbs.sh" >&2
  exit 2
fi
minutes=${VGGSWEEP_MINUTES:-57}
program=${VGGSWEEP:-vggsweep}

# Where clusters differ: how the program and MPI come into PATH.
#   module load openmpi openblas hdf5

# mpirun passes USR1 on to the ranks; --preserve-status keeps its exit code.
code=0
timeout --preserve-status --signal=USR1 "${minutes}m" mpirun "$program" run "$SWEEP" || code=$?

if [ "$code" = 75 ]; then
  echo "pbs.sh: stopped early, everything saved; submitting the next job" >&2
  # PBS runs a copy of this file; the next job is made from the original.
  qsub -v "SWEEP=$SWEEP,VGGSWEEP_MINUTES=$minutes,VGGSWEEP=$program" "${VGGSWEEP_SCRIPT:-pbs.sh}"
fi
exit "$code"
